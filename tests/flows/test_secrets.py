"""What opens something stands in no log, no page about requests, no error and no referrer."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from homemedia.core.log import REQUEST_LOGGER, Logging
from tests.support.app import PASSWORD, House, a_house

SEEN = 6  # of what stands in a path so many characters are shown, to tell one link from another


@contextlib.contextmanager
def logs(tmp_path: Path) -> Iterator[Path]:
    """The logs as the server writes them; they are whole when it is left."""
    folder = tmp_path / "logs"
    folder.mkdir()
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)  # the test's own server; ours writes none
    loggers = [logging.getLogger(), logging.getLogger(REQUEST_LOGGER)]
    before = [(one.level, one.propagate) for one in loggers]
    written = Logging("debug", folder)
    try:
        yield folder
    finally:
        written.close()
    for one, (level, propagates) in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.propagate = propagates


async def _ask(house: House, method: str, path: str, **options: object) -> str:
    """Ask as a stranger; headers and text of the answer."""
    device = house.stranger()
    async with device.request(method, path, allow_redirects=False, **options) as answer:  # type: ignore[arg-type]
        return f"{answer.headers} {await answer.text(errors='replace')}"


async def _use_secrets(folder: Path) -> tuple[dict[str, str], list[str], str]:
    """Send every secret wherever it may stand; secrets by name, all answers, and the page of requests."""
    async with a_house(folder) as house:
        await house.claim()
        me = (await house.get("/api/auth/me"))["id"]
        link = (await house.get(f"/api/users/{me}/share-link"))["token"]
        invite = (await house.send("POST", "/api/invites", {}, 201))["invite"]["token"]
        code = (await house.get("/api/home/accounts/standing-invite"))["code"]
        key = (await house.send("POST", "/api/api-keys", {"permissions": ["all"]}, 201))["secret"]
        pairing = (await house.send("POST", "/api/home/accounts/pairing", {}, 201))["secret"]
        secrets = {
            "token": house.token,
            "link": link,
            "invite": invite,
            "standing code": code,
            "API key": key,
            "pairing": pairing,
            "password": PASSWORD,
            "wrong password": "hunter2-hunter2",
        }
        told: list[str] = []
        for secret in secrets.values():
            escaped = quote(secret, safe="")
            for query in (
                "token",
                "apiKey",
                "sessionKey",
                "password",
                "key",
                "slug",
                "access",
                "%74oken",
                "TOKEN",
                "code",
            ):
                asked = [
                    f"{path}?a=1&{query}={escaped}&b=2" for path in ("/api/libraries", "/api/stream/1", "/settings")
                ]
                told += [await _ask(house, "GET", path) for path in asked]
            for path in ("/join", "/share", "/s", "/api/invite-info", "/api/invites"):
                for rest in ("", "/accept", "?x=1"):
                    await _ask(house, "GET", f"{path}/{escaped}{rest}")
            for headers in (
                {"Authorization": f"Bearer {secret}"},
                {"Authorization": secret},
                {"x-api-key": secret},
                {"x-immich-user-token": secret},
                {"Cookie": f"immich_access_token={secret}"},
            ):
                told.append(await _ask(house, "GET", "/api/libraries?limit=x", headers=headers))
                told.append(await _ask(house, "POST", "/api/progress", headers=headers, data=b"{"))
            bodies = ({"username": "admin", "password": [secret]}, {"username": secret, "password": secret}, secret)
            told += [await _ask(house, "POST", "/api/auth/login", json=body) for body in bodies]
            told.append(await _ask(house, "POST", "/api/home/accounts/pairing/session", json={"secret": secret + "x"}))
            # What is a warning stands in the other log as well.
            await _ask(house, "POST", f"/api/auth/cloud-login?token={escaped}", json={"token": secret})
            logging.getLogger("homemedia").warning("GET %s failed", f"/join/{secret}?apiKey={secret}")
        shown = await house.get("/api/logs?limit=1000")
    return secrets, told, str(shown)


async def test_no_secret_reaches_a_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with logs(tmp_path) as folder:
        secrets, told, shown = await _use_secrets(tmp_path)
    places = {name: (folder / name).read_text(encoding="utf-8") for name in ("homemedia.log", "requests.log")}
    places |= {
        "the page of requests": shown,
        "answers": "\n".join(told),
        "the terminal": "".join(capfd.readouterr()),
    }

    assert all(places.values())
    found = [
        f"{name} in {place}"
        for name, secret in secrets.items()
        for place, text in places.items()
        # Of a JWT what counts is its signature.
        if secret.rpartition(".")[2][SEEN:] in text and not (place == "answers" and name == "standing code")
    ]
    assert found == []


@pytest.mark.parametrize("path", ["/join/abcdefgh", "/share/abcdefgh", "/s/abcdefgh"])
async def test_pages_whose_address_is_a_secret_send_no_referrer(claimed: House, path: str) -> None:
    async with claimed.stranger().get(path, headers={"Accept": "text/html"}) as answer:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "abcdefgh" not in await answer.text()
