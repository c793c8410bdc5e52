"""A code on a television: who confirms it lets that device in as himself, and nobody else gets anything from it."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts.device import device_of
from homemedia.accounts.pairing.service import MAX_OPEN, plain, shown
from tests.accounts.porch import PASSWORD, Porch
from tests.support.fakes import FakeClock

Client = TestClient[Any, Any]
PAIRING = "/api/home/accounts/pairing"
SAMSUNG = "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/7.0 TV Safari/537.36"


@pytest.fixture(autouse=True)
async def _boss(porch: Porch, client: Client) -> None:
    """`client` is the administrator's."""
    await porch.claim(client, username="Ann", serverName="Attic")


async def member(porch: Porch, name: str = "ben") -> Client:
    await porch.add_member(name)
    phone = porch.device()
    answer = await phone.post("/api/auth/login", json={"username": name, "password": PASSWORD})
    assert answer.status == 200
    return phone


async def say(client: Client, path: str, status: int, **body: Any) -> Any:
    answer = await client.post(f"{PAIRING}{path}", json=body)
    found = await answer.json() if answer.status != 204 else None
    assert answer.status == status, found
    return found


async def begin(tv: Client, status: int = 201, **body: Any) -> Any:
    return await say(tv, "", status, **body)


async def collect(tv: Client, begun: Any, status: int = 200) -> Any:
    return await say(tv, "/session", status, secret=begun["secret"])


async def me(client: Client) -> Any:
    answer = await client.get("/api/auth/me")
    return await answer.json() if answer.status == 200 else None


async def test_television_gets_the_session_of_who_confirmed_its_code(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()

    begun = await begin(tv)
    before = await collect(tv, begun)
    card = await say(phone, "/confirm", 200, code=begun["code"])
    after = await collect(tv, begun)

    assert re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{3}-[B-DF-HJ-NP-TV-XZ]{3}", begun["code"])
    assert begun["url"].endswith(f"/settings/pair?code={begun['code']}")
    assert begun["qr"].startswith("<svg")
    assert before == {"state": "waiting", "expiresAt": begun["expiresAt"], "login": None}
    assert (card["atHome"], card["expiresAt"]) == (True, begun["expiresAt"])
    assert after["state"] == "done"
    assert after["login"]["user"]["username"] == "ben"
    assert (await me(tv))["username"] == "ben"


async def test_session_is_the_televisions_own_and_ends_alone(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv, name="Living room")
    await say(phone, "/confirm", 200, code=begun["code"])
    await collect(tv, begun)

    listed = await (await phone.get("/api/sessions")).json()
    (other,) = [one for one in listed if not one["current"]]
    await phone.delete(f"/api/sessions/{other['id']}")

    assert other["deviceType"] == "Living room"
    assert await me(tv) is None
    assert await me(phone) is not None


async def test_code_is_taken_as_people_type_it(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)

    typed = f" {begun['code'].replace('-', ' ').lower()} "

    await say(phone, "/confirm", 200, code=typed)


async def test_code_and_secret_are_kept_as_hashes(porch: Porch) -> None:
    begun = await begin(porch.device())

    (row,) = await porch.db.read("SELECT hex(challenge_hash) || subject || data AS kept FROM challenge")

    assert begun["secret"] not in row["kept"]
    assert plain(begun["code"]) not in row["kept"]


async def test_session_is_handed_out_once(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)
    await say(phone, "/confirm", 200, code=begun["code"])

    answers = await asyncio.gather(
        *(porch.device().post(f"{PAIRING}/session", json={"secret": begun["secret"]}) for _ in range(8))
    )

    assert sorted(answer.status for answer in answers) == [200] + [404] * 7


async def test_code_alone_opens_nothing(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)
    await say(phone, "/confirm", 200, code=begun["code"])

    for guess in (begun["code"], "", begun["secret"][:-1]):
        refusal = await say(porch.device(), "/session", 404, secret=guess)
        assert refusal["code"] == "pairing_not_found"


async def test_of_two_who_decide_one_wins(porch: Porch, client: Client) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)

    answers = await asyncio.gather(
        client.post(f"{PAIRING}/confirm", json={"code": begun["code"]}),
        phone.post(f"{PAIRING}/confirm", json={"code": begun["code"]}),
    )

    assert sorted(answer.status for answer in answers) == [200, 409]
    assert (await say(phone, "/confirm", 409, code=begun["code"]))["code"] == "pairing_decided"
    await collect(tv, begun)


async def test_refused_television_is_told_so(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)

    await say(phone, "/refuse", 204, code=begun["code"])

    assert (await collect(tv, begun, 403))["code"] == "pairing_refused"
    assert (await collect(tv, begun, 404))["code"] == "pairing_not_found"


async def test_code_ends_after_ten_minutes(porch: Porch, clock: FakeClock) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)

    clock.pass_ms(600_000)

    assert (await say(phone, "/confirm", 404, code=begun["code"]))["code"] == "code_not_found"
    assert (await collect(tv, begun, 410))["code"] == "pairing_expired"
    clock.pass_ms(3601_000)
    await begin(tv)
    assert (await collect(tv, begun, 404))["code"] == "pairing_not_found"


async def test_confirmed_code_must_be_fetched_before_its_end(porch: Porch, clock: FakeClock) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)
    await say(phone, "/confirm", 200, code=begun["code"])

    clock.pass_ms(600_000)

    assert (await collect(tv, begun, 403))["code"] == "pairing_refused"


async def test_who_was_signed_out_meanwhile_lets_nobody_in(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)
    await say(phone, "/confirm", 200, code=begun["code"])

    await phone.post("/api/auth/logout")

    assert (await collect(tv, begun, 403))["code"] == "pairing_refused"


async def test_who_was_switched_off_meanwhile_lets_nobody_in(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)
    await say(phone, "/confirm", 200, code=begun["code"])

    await porch.set("user", "username = 'ben'", state="disabled")

    assert (await collect(tv, begun, 403))["code"] == "pairing_refused"


async def test_television_of_an_administrator_administers_nothing_unless_he_says_so(
    porch: Porch, client: Client
) -> None:
    plain_tv, trusted = porch.device(), porch.device()
    for tv, is_admin in ((plain_tv, False), (trusted, True)):
        begun = await begin(tv)
        await say(client, "/confirm", 200, code=begun["code"], isAdmin=is_admin)
        await collect(tv, begun)

    assert (await plain_tv.get("/api/home/doors/admin")).status == 403
    assert (await trusted.get("/api/home/doors/admin")).status == 200
    assert (await me(plain_tv))["isAdmin"] is False


async def test_member_gives_no_rights_that_are_not_his(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)

    assert (await say(phone, "/confirm", 403, code=begun["code"], isAdmin=True))["code"] == "admin_required"


async def test_television_without_rights_lets_in_none_with_more(porch: Porch, client: Client) -> None:
    first, second = porch.device(), porch.device()
    begun = await begin(first)
    await say(client, "/confirm", 200, code=begun["code"])
    await collect(first, begun)

    begun = await begin(second)
    await say(first, "/confirm", 403, code=begun["code"], isAdmin=True)
    await say(first, "/confirm", 200, code=begun["code"])
    await collect(second, begun)

    assert (await second.get("/api/home/doors/admin")).status == 403


async def test_sign_in_link_lets_no_device_in(porch: Porch, client: Client) -> None:
    user_id = await porch.add_member("ben")
    link = await (await client.get(f"/api/users/{user_id}/share-link")).json()
    begun = await begin(porch.device())

    answer = await porch.device().post(
        f"{PAIRING}/confirm", json={"code": begun["code"]}, headers={"Authorization": f"Bearer {link['token']}"}
    )

    assert answer.status == 403
    assert link["qr"].startswith("<svg")


async def test_who_looks_is_told_what_asks_and_from_where(porch: Porch) -> None:
    phone = await member(porch)
    answer = await porch.device().post(PAIRING, headers={"User-Agent": SAMSUNG})
    begun = await answer.json()

    card = await (await phone.get(PAIRING, params={"code": begun["code"]})).json()

    assert (card["deviceType"], card["deviceOS"], card["atHome"]) == ("Samsung TV", "Tizen", True)
    assert card["address"] == "127.0.0.1"


async def test_device_from_afar_is_told_apart(porch: Porch) -> None:
    client = await porch.open(proxies=("127.0.0.1",))
    await client.post("/api/auth/login", json={"username": "Ann", "password": PASSWORD})
    answer = await porch.device().post(PAIRING, headers={"X-Forwarded-For": "203.0.113.9"})
    begun = await answer.json()

    card = await (await client.get(PAIRING, params={"code": begun["code"]})).json()

    assert (card["address"], card["atHome"]) == ("203.0.113.9", False)


async def test_wrong_codes_are_counted_and_right_ones_are_not(porch: Porch, clock: FakeClock) -> None:
    phone = await member(porch)
    begun = await begin(porch.device())
    for _ in range(12):
        assert (await phone.get(PAIRING, params={"code": begun["code"]})).status == 200

    for _ in range(10):
        assert (await say(phone, "/confirm", 404, code="BBB-BBB"))["code"] == "code_not_found"
    answer = await phone.post(f"{PAIRING}/confirm", json={"code": begun["code"]})

    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    clock.pass_ms(901_000)
    await say(phone, "/confirm", 200, code=(await begin(porch.device()))["code"])


async def test_one_address_begins_and_asks_only_so_often(porch: Porch) -> None:
    tv = porch.device()
    for _ in range(20):
        begun = await begin(tv)
    assert (await begin(tv, 429))["code"] == "rate_limited"

    for _ in range(120):
        await collect(tv, begun)
    assert (await collect(tv, begun, 429))["code"] == "rate_limited"


async def test_so_many_devices_wait_and_no_more(porch: Porch) -> None:
    now = porch.clock.now_ms()
    async with porch.db.write() as tx:
        await tx.many(
            "INSERT INTO challenge (challenge_hash, kind, subject, created_at, expires_at)"
            " VALUES (:hash, 'pairing', '-', :now, :end)",
            ({"hash": str(number).encode(), "now": now, "end": now + 1000} for number in range(MAX_OPEN)),
        )

    refusal = await begin(porch.device(), 503)

    assert refusal["code"] == "too_many_waiting"


async def test_house_that_nobody_claimed_pairs_nothing(porch: Porch) -> None:
    await porch.set("user", "is_admin = 1", is_admin=0)

    assert (await begin(porch.device(), 403))["code"] == "setup_required"


async def test_who_is_not_signed_in_decides_nothing(porch: Porch) -> None:
    begun = await begin(porch.device())

    for path in ("/confirm", "/refuse"):
        await say(porch.device(), path, 401, code=begun["code"])
    assert (await porch.device().get(PAIRING, params={"code": begun["code"]})).status == 401


@pytest.mark.parametrize("code", ["", "é" * 6, "ÀÀÀÀÀÀ", "BCDFGH\x00", "%", "💥" * 6], ids=repr)
async def test_what_is_no_code_is_an_unknown_one(porch: Porch, code: str) -> None:
    phone = await member(porch)

    assert (await say(phone, "/confirm", 404, code=code))["code"] == "code_not_found"


async def test_overlong_texts_are_refused(porch: Porch) -> None:
    phone = await member(porch)

    await say(phone, "/confirm", 400, code="B" * 33)
    await collect(porch.device(), {"secret": "s" * 129}, 400)
    await begin(porch.device(), 400, name="n" * 81)


async def test_another_sites_page_gets_no_cookie_and_confirms_nothing(porch: Porch) -> None:
    phone, tv = await member(porch), porch.device()
    begun = await begin(tv)
    strange = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}

    by_cookie = await phone.post(f"{PAIRING}/confirm", json={"code": begun["code"]}, headers=strange)
    await say(phone, "/confirm", 200, code=begun["code"])
    taken = await tv.post(f"{PAIRING}/session", json={"secret": begun["secret"]}, headers=strange)

    assert by_cookie.status == 403
    assert "Set-Cookie" not in taken.headers


def test_shown_code_is_the_plain_one_in_two_halves() -> None:
    assert shown("BCDFGH") == "BCD-FGH"
    assert plain(" bcd\u2013fgh ") == "BCDFGH"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (SAMSUNG, "Samsung TV"),
        (
            "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0 Safari/537.36",
            "LG TV",
        ),
        ("Mozilla/5.0 (Linux; Android 9; AFTMM Build/PS7285) AppleWebKit/537.36 Chrome/100.0 Safari/537.36", "Fire TV"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome"),
    ],
    ids=["samsung", "lg", "fire", "computer"],
)
def test_televisions_are_known_by_their_names(agent: str, kind: str) -> None:
    assert device_of({"User-Agent": agent}, "").device_type == kind


async def test_api_key_lets_no_device_in(porch: Porch, client: Client) -> None:
    made = await (await client.post("/api/api-keys", json={"permissions": ["all"]})).json()
    begun = await begin(porch.device())

    answer = await porch.device().post(
        f"{PAIRING}/confirm", json={"code": begun["code"], "isAdmin": True}, headers={"x-api-key": made["secret"]}
    )

    assert answer.status == 403
