"""How long clips stay, how large they are, and the Shortcut that sends them (clips §7.1)."""

from typing import Any

import pytest

from homemedia.accounts import HouseholdChanged
from tests.accounts.codes.bench import Bench, Client, call
from tests.accounts.porch import Porch

SHORTCUT = "https://www.icloud.com/shortcuts/0123456789abcdef0123456789abcdef"
# (path, key, what is taken, what is refused)
SETTINGS = [
    (
        "/api/group/retention",
        "retentionDays",
        [7, 14, 30, 60, 90, None],
        [5, -1, 0, "forever", "7", True, 30.5, [7], {}],
    ),
    (
        "/api/group/max-file-size",
        "maxFileSizeMb",
        [25, 50, 100, 200, 500, 750, 1000, None],
        [1, 0, -25, "500", True, 500.5, [500], 1 << 70],
    ),
    ("/api/group/shortcut", "shortcutUrl", [SHORTCUT, f"{SHORTCUT}/", None], [
        "http://www.icloud.com/shortcuts/0123456789abcdef0123456789abcdef",
        "https://www.icloud.com.evil.example/shortcuts/0123456789abcdef0123456789abcdef",
        "https://www.icloud.com/shortcuts/../x",
        "https://www.icloud.com/shortcuts/0123",
        f"{SHORTCUT}?x=1",
        f"{SHORTCUT}\nx",
        "javascript:alert(1)",
        5,
        True,
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "key", "taken", "refused"), SETTINGS, ids=[row[1] for row in SETTINGS])
async def test_setting_takes_its_choices_and_nothing_else(
    porch: Porch, bench: Bench, host: Client, path: str, key: str, taken: list[Any], refused: list[Any]
) -> None:
    for value in taken:
        assert await call(host, "PATCH", path, 200, {key: value}) == {key: value}
        assert (await call(host, "GET", "/api/auth"))["group"][key] == value
    assert any(isinstance(event, HouseholdChanged) for event in porch.events)
    await call(host, "PATCH", path, 200, {key: taken[0]})

    for body in [{key: value} for value in refused] + [{}, {"other": taken[0]}]:
        assert "invalid" in (await call(host, "PATCH", path, 400, body))["error"].lower()

    assert (await call(host, "GET", "/api/auth"))["group"][key] == taken[0]


async def test_empty_address_takes_the_shortcut_away(bench: Bench, host: Client) -> None:
    await call(host, "PATCH", "/api/group/shortcut", 200, {"shortcutUrl": SHORTCUT})

    assert await call(host, "PATCH", "/api/group/shortcut", 200, {"shortcutUrl": ""}) == {"shortcutUrl": None}


async def test_new_token_takes_the_place_of_the_old_one(bench: Bench, host: Client) -> None:
    old = (await call(host, "GET", "/api/auth"))["group"]["shortcutToken"]

    new = (await call(host, "POST", "/api/group/shortcut/regenerate-token"))["shortcutToken"]

    assert new != old
    assert len(new) == len(old) >= 32
    assert (await call(host, "GET", "/api/auth"))["group"]["shortcutToken"] == new


@pytest.mark.parametrize(("method", "path", "body"), [
    ("PATCH", "/api/group/retention", {"retentionDays": 7}),
    ("PATCH", "/api/group/max-file-size", {"maxFileSizeMb": 25}),
    ("PATCH", "/api/group/shortcut", {"shortcutUrl": SHORTCUT}),
    ("POST", "/api/group/shortcut/regenerate-token", None),
])  # fmt: skip
async def test_only_the_host_may(porch: Porch, bench: Bench, host: Client, method: str, path: str, body: Any) -> None:
    member = await bench.member()
    before = await call(host, "GET", "/api/auth")

    await call(porch.device(), method, path, 401, body)
    refused = await call(member, method, path, 403, body)

    assert "host" in refused["error"].lower()
    assert await call(host, "GET", "/api/auth") == before


@pytest.mark.parametrize("path", [row[0] for row in SETTINGS])
@pytest.mark.parametrize("raw", ["{", "null", "[]", "7"])
async def test_broken_bodies_are_told_as_json(bench: Bench, host: Client, path: str, raw: str) -> None:
    async with host.request("PATCH", path, data=raw) as answer:
        assert answer.status == 400
        assert "error" in await answer.json()
