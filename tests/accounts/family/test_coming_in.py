"""Joining, proving a number, saying who one is, signing in by a code: the actions of the clip API (clips §5, §12)."""

import asyncio
from typing import Any

import pytest

from homemedia.accounts.cookies import TOKEN_COOKIE
from tests.accounts.codes.bench import PHONE, Bench, Client, call
from tests.accounts.porch import PASSWORD, Porch

OTHER = "+15550000002"
MINUTE_MS = 60_000
DAY_MS = 86_400_000


def has_cookie(client: Client) -> bool:
    return any(cookie.key == TOKEN_COOKIE and cookie.value for cookie in client.session.cookie_jar)


async def state_of(porch: Porch, username: str) -> Any:
    rows = await porch.db.read("SELECT state, phone, display_name FROM user WHERE username = :name", {"name": username})
    return [tuple(row) for row in rows]


async def test_join_prove_and_onboard_make_a_member(porch: Porch, bench: Bench, host: Client) -> None:
    client = porch.device()
    invite_code = await bench.invite_code()

    joined = await bench.act(client, "join", inviteCode=invite_code)
    sent = await bench.act(client, "send-code", phone=PHONE)
    verified = await bench.act(client, "verify-code", phone=PHONE, code=bench.code)
    onboarded = await bench.act(client, "onboard", username=" José ", phone=PHONE)

    assert set(joined) == {"userId", "group", "needsOnboarding"}
    assert joined["needsOnboarding"] is True
    # Nothing here that opens anything: who holds the invite is no member yet.
    assert set(joined["group"]) == {"id", "name", "inviteCode", "accentColor", "retentionDays"}
    assert joined["group"]["inviteCode"] == invite_code
    assert (sent, verified) == ({"sent": True}, {"verified": True})
    assert onboarded["user"]["id"] == joined["userId"]
    assert (onboarded["user"]["username"], onboarded["user"]["phone"]) == ("José", PHONE)
    assert (await call(client, "GET", "/api/auth"))["user"] == onboarded["user"]
    assert await state_of(porch, "José") == [("active", PHONE, "José")]


async def test_own_account_and_group_have_every_field_of_the_document(bench: Bench, host: Client) -> None:
    found = await call(host, "GET", "/api/auth")

    user, group = found["user"], found["group"]
    assert user == {
        "id": user["id"],
        "username": "Gran",
        "phone": None,
        "groupId": group["id"],
        "themePreference": "system",
        "autoScroll": False,
        "mutedByDefault": True,
        "feedSortOrder": "oldest",
        "avatarPath": None,
        "lastLegacyShareAt": None,
        "usedNewShareFlow": False,
        "cloutTier": None,
        "cloutChangeShownAt": None,
        "cloutTierChangedAt": None,
        "removedAt": None,
        "createdAt": "2026-01-01T00:00:00.000Z",
    }
    assert group == {
        "id": group["id"],
        "name": "Attic",
        "inviteCode": await bench.invite_code(),
        "retentionDays": None,
        "maxStorageMb": None,
        "maxFileSizeMb": 500,
        "accentColor": "coral",
        "downloadProvider": None,
        "platformFilterMode": "all",
        "platformFilterList": None,
        "dailyShareLimit": None,
        "sharePacingMode": "off",
        "shareBurst": 2,
        "shareCooldownMinutes": 120,
        "cloutEnabled": False,
        "shortcutToken": group["shortcutToken"],
        "shortcutUrl": None,
        "createdBy": user["id"],
        "createdAt": "2026-01-01T00:00:00.000Z",
    }
    assert (len(group["inviteCode"]), len(group["shortcutToken"])) == (16, 32)
    assert (found["vapidPublicKey"], found["gifEnabled"]) == (None, False)
    assert (await call(host, "GET", "/api/auth")) == found


async def test_pending_account_opens_nothing_but_its_onboarding(porch: Porch, bench: Bench, host: Client) -> None:
    client = await bench.joined()

    for method, path in (
        ("GET", "/api/auth"),
        ("GET", "/api/group/members"),
        ("GET", "/api/auth/me"),
        ("GET", "/api/libraries"),
        ("POST", "/api/profile/preferences"),
        ("PUT", "/api/home/accounts/phone"),
        ("GET", "/api/home/accounts/phone"),
    ):
        found = await call(client, method, path, 401, {} if method != "GET" else None)
        assert found["statusCode"] == 401, path

    assert [one["username"] for one in await call(host, "GET", "/api/group/members")] == ["Gran"]


@pytest.mark.parametrize("action", ["send-code", "verify-code", "onboard"])
async def test_onboarding_asks_who_one_is(porch: Porch, bench: Bench, host: Client, action: str) -> None:
    found = await bench.act(porch.device(), action, 401, phone=PHONE, code="123456", username="ann")

    assert "not authenticated" in found["error"].lower()


@pytest.mark.parametrize("action", [None, 5, "", "Join", ["join"]])
async def test_action_that_is_none_is_refused(bench: Bench, host: Client, action: Any) -> None:
    found = await call(host, "POST", "/api/auth", 400, {"action": action})

    assert "invalid action" in found["error"].lower()


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[]", b"5", b'"join"', b"\xff\xfe"])
async def test_body_that_is_no_object_is_invalid_json(bench: Bench, host: Client, raw: bytes) -> None:
    answer = await host.post("/api/auth", data=raw)

    found = await answer.json()
    assert (answer.status, found["code"]) == (400, "invalid_json")
    assert "invalid json" in found["error"].lower()


async def test_body_is_read_whatever_its_type_says(porch: Porch, bench: Bench, host: Client) -> None:
    raw = f'{{"action":"join","inviteCode":"{await bench.invite_code()}"}}'
    answer = await porch.device().post("/api/auth", data=raw.encode(), headers={"Content-Type": "text/plain"})

    assert answer.status == 200


@pytest.mark.parametrize(("code", "status", "words"), [
    (None, 400, "invite code required"),
    ("  ", 400, "invite code required"),
    (17, 400, "invite code required"),
    ("0123456789abcdef", 404, "invalid invite code"),
    ("x" * 20_000, 404, "invalid invite code"),
])  # fmt: skip
async def test_code_that_opens_nothing_is_refused(
    porch: Porch, bench: Bench, host: Client, code: Any, status: int, words: str
) -> None:
    client = porch.device()

    found = await bench.act(client, "join", status, inviteCode=code)

    assert words in found["error"].lower()
    assert not has_cookie(client)


async def test_household_nobody_has_claimed_lets_nobody_in(porch: Porch, bench: Bench) -> None:
    client = await porch.open()

    for action in ("join", "login-send-code", "login-verify-code"):
        found = await bench.act(client, action, 403, inviteCode="0" * 16, phone=PHONE, code="123456")
        assert found["code"] == "setup_required"


async def test_link_of_an_invite_is_taken_too_with_what_it_opens(porch: Porch, bench: Bench, host: Client) -> None:
    made = await call(
        host, "POST", "/api/invites", 201, {"libraries": ["films"], "restrictions": {"maxAge": 12}, "expiresIn": 600}
    )
    token = made["invite"]["token"]
    client = porch.device()
    joined = await bench.act(client, "join", inviteCode=token)
    await bench.prove(client)
    await bench.act(client, "onboard", username="kid", phone=PHONE)

    mine = await call(client, "GET", "/api/auth/me")
    used = await bench.act(porch.device(), "join", 404, inviteCode=token)

    assert joined["group"]["inviteCode"] == token
    assert (mine["libraries"], mine["restrictions"]["maxAge"]) == (["films"], 12)
    assert "invalid invite code" in used["error"].lower()


async def test_one_use_lets_one_of_many_at_once_begin_to_join(porch: Porch, bench: Bench, host: Client) -> None:
    token = (await call(host, "POST", "/api/invites", 201, {}))["invite"]["token"]
    bench.coming_in._asks._limit = bench.coming_in._joins._limit = 100

    async def join(client: Client) -> int:
        return (await client.post("/api/auth", json={"action": "join", "inviteCode": token})).status

    answers = await asyncio.gather(*(join(porch.device()) for _ in range(20)))

    assert sorted(answers) == [200] + [404] * 19


async def test_who_never_says_who_he_is_is_forgotten_after_a_day(porch: Porch, bench: Bench, host: Client) -> None:
    token = (await call(host, "POST", "/api/invites", 201, {"expiresIn": None}))["invite"]["token"]
    client = porch.device()
    await bench.act(client, "join", inviteCode=token)
    await bench.prove(client)
    kept = await bench.member("bob", OTHER)

    porch.clock.pass_ms(DAY_MS)
    await bench.coming_in.sweep()
    early = await porch.db.read("SELECT count(*) AS n FROM user WHERE state = 'pending'")
    porch.clock.pass_ms(MINUTE_MS)
    await bench.coming_in.sweep()
    late = await porch.db.read("SELECT count(*) AS n FROM user WHERE state = 'pending'")

    assert (early[0]["n"], late[0]["n"]) == (1, 0)
    await bench.act(client, "send-code", 401, phone=PHONE)
    await call(kept, "GET", "/api/auth")
    # The place he took is free again.
    await bench.act(porch.device(), "join", inviteCode=token)


@pytest.mark.parametrize(("phone", "words"), [
    (None, "phone"),
    ("", "phone"),
    ("5550000001", "e.164"),
    ("+05550000001", "e.164"),
    ("+1555000000123456", "e.164"),
    ("+1 555 0000001", "e.164"),
    ("+1555000000\u0661", "e.164"),
    (15550000001, "e.164"),
    (["+15550000001"], "e.164"),
])  # fmt: skip
async def test_number_that_is_none_is_refused(porch: Porch, bench: Bench, host: Client, phone: Any, words: str) -> None:
    client = await bench.joined()

    proving = await bench.act(client, "send-code", 400, phone=phone)
    signing = await bench.act(porch.device(), "login-send-code", 400, phone=phone)

    assert words in proving["error"].lower()
    assert words in signing["error"].lower()


async def test_number_of_somebody_else_gets_no_code(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.member("ann", PHONE)
    client = await bench.joined()
    sent = len(bench.shown)

    found = await bench.act(client, "send-code", 409, phone=PHONE)

    assert found["code"] == "phone_taken"
    assert len(bench.shown) == sent


async def test_onboarding_needs_a_number_this_account_has_proved(porch: Porch, bench: Bench, host: Client) -> None:
    client = await bench.joined()
    unproved = await bench.act(client, "onboard", 403, username="ann", phone=PHONE)
    await bench.prove(client)
    another = await bench.act(client, "onboard", 403, username="ann", phone=OTHER)
    somebody = await bench.act(await bench.joined(), "onboard", 403, username="ann", phone=PHONE)

    assert {one["code"] for one in (unproved, another, somebody)} == {"phone_not_verified"}
    await bench.act(client, "onboard", username="ann", phone=PHONE)
    # The proof is used up.
    await bench.act(client, "onboard", 403, username="ann", phone=PHONE)


async def test_proof_lasts_half_an_hour(porch: Porch, bench: Bench, host: Client) -> None:
    late, early = await bench.joined(), await bench.joined()
    await bench.prove(late, PHONE)
    await bench.prove(early, OTHER)

    porch.clock.pass_ms(30 * MINUTE_MS - 1)
    await bench.act(early, "onboard", username="ann", phone=OTHER)
    porch.clock.pass_ms(1)
    await bench.act(late, "onboard", 403, username="bob", phone=PHONE)


async def test_name_or_number_taken_meanwhile_is_told(porch: Porch, bench: Bench, host: Client) -> None:
    first, second = await bench.joined(), await bench.joined()
    await bench.prove(first)
    porch.clock.pass_ms(MINUTE_MS)
    await bench.prove(second)

    name = await bench.act(first, "onboard", 409, username="gRAN", phone=PHONE)
    await bench.act(first, "onboard", username="ann", phone=PHONE)
    number = await bench.act(second, "onboard", 409, username="bob", phone=PHONE)

    assert (name["code"], number["code"]) == ("username_taken", "phone_taken")


@pytest.mark.parametrize("name", [None, "", "  ", "x" * 31, "a b", "a/b", "<b>", 17, "\u0301a", "a\u202eb", "a\n"])
async def test_name_the_clip_api_does_not_take_is_refused(porch: Porch, bench: Bench, host: Client, name: Any) -> None:
    client = await bench.joined()

    found = await bench.act(client, "onboard", 400 if name != "a\n" else 403, username=name, phone=PHONE)

    assert found["code"] in {"invalid_request", "phone_not_verified"}


async def test_member_may_onboard_again_and_keeps_the_name_he_is_shown_by(
    porch: Porch, bench: Bench, host: Client
) -> None:
    await call(host, "PUT", "/api/home/accounts/profile", 200, {"displayName": "Granny"})
    await bench.prove(host)

    found = await bench.act(host, "onboard", username="Oma", phone=PHONE)

    assert found["user"]["username"] == "Oma"
    assert await state_of(porch, "Oma") == [("active", PHONE, "Granny")]


# By a code alone


async def test_code_signs_a_member_in_by_number_and_by_address(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.member("ann", PHONE)
    await porch.set("user", "username = 'ann'", email="ann@example.org")
    ways: list[dict[str, Any]] = [{"phone": PHONE}, {"email": "Ann@Example.org"}]
    for who in ways:
        porch.clock.pass_ms(MINUTE_MS)
        client = porch.device()
        assert await bench.act(client, "login-send-code", **who) == {"sent": True}
        found = await bench.act(client, "login-verify-code", **who, code=f" {bench.code[:3]} {bench.code[3:]} ")

        assert set(found) == {"userId", "user", "group"}
        assert found["userId"] == found["user"]["id"]
        assert found["group"]["shortcutToken"]
        assert (await call(client, "GET", "/api/auth/me"))["username"] == "ann"
        assert (await call(client, "GET", "/api/sessions"))[0]["current"] is True


@pytest.mark.parametrize("by_mail", [True, False])
async def test_code_that_came_by_mail_vouches_for_the_address_and_one_read_out_does_not(
    porch: Porch, bench: Bench, host: Client, monkeypatch: pytest.MonkeyPatch, *, by_mail: bool
) -> None:
    await porch.add_member("ann", email="ann@example.org")
    if by_mail:
        monkeypatch.setattr(bench.desk.console, "reaches", "email")
    client = porch.device()
    await bench.act(client, "login-send-code", email="ann@example.org")

    await bench.act(client, "login-verify-code", email="ann@example.org", code=bench.code)

    rows = await porch.db.read("SELECT is_email_verified FROM user WHERE username = 'ann'")
    assert bool(rows[0][0]) is by_mail


async def test_stranger_gets_no_code(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.member("ann", PHONE)

    by_phone = await bench.act(porch.device(), "login-send-code", 404, phone=OTHER)
    by_email = await bench.act(porch.device(), "login-send-code", 404, email="nobody@example.org")
    verifying = await bench.act(porch.device(), "login-verify-code", 404, phone=OTHER, code="123456")

    assert "no account found with this phone number" in by_phone["error"].lower()
    assert "no account found" in by_email["error"].lower()
    assert "no account found" in verifying["error"].lower()


@pytest.mark.parametrize("change", [{"state": "disabled"}, {"state": "removed"}, {"expires_at": 5}])
async def test_who_may_not_come_in_gets_no_code_and_none_sent_before_helps(
    porch: Porch, bench: Bench, host: Client, change: dict[str, Any]
) -> None:
    await bench.member("ann", PHONE)
    porch.clock.pass_ms(MINUTE_MS)
    client = porch.device()
    await bench.act(client, "login-send-code", phone=PHONE)
    await porch.set("user", "username = 'ann'", **change)

    await bench.act(client, "login-verify-code", 404, phone=PHONE, code=bench.code)
    await bench.act(client, "login-send-code", 404, phone=PHONE)

    assert not has_cookie(client)


@pytest.mark.parametrize("body", [{}, {"phone": PHONE}, {"code": "123456"}, {"phone": "", "code": ""}])
async def test_number_and_code_are_both_needed(porch: Porch, bench: Bench, host: Client, body: dict[str, Any]) -> None:
    found = await bench.act(porch.device(), "login-verify-code", 400, **body)
    proving = await bench.act(await bench.joined(), "verify-code", 400, **body)

    assert "phone and code are required" in found["error"].lower()
    assert "phone and code are required" in proving["error"].lower()


async def test_sixth_try_second_use_other_number_and_late_code_open_nothing(
    porch: Porch, bench: Bench, host: Client
) -> None:
    await bench.member("ann", PHONE)
    await bench.member("bob", OTHER)
    porch.clock.pass_ms(MINUTE_MS)
    client = porch.device()

    await bench.act(client, "login-send-code", phone=PHONE)
    found = await bench.act(client, "login-verify-code", 400, phone=OTHER, code=bench.code)
    assert found["code"] == "no_code"
    for _ in range(5):
        found = await bench.act(client, "login-verify-code", 400, phone=PHONE, code=bench.wrong_code)
        assert found["code"] == "wrong_code"
    # Also the right one is not looked at any more.
    found = await bench.act(client, "login-verify-code", 429, phone=PHONE, code=bench.code)
    assert found["code"] == "code_dead"

    porch.clock.pass_ms(MINUTE_MS)
    await bench.act(client, "login-send-code", phone=PHONE)
    await bench.act(client, "login-verify-code", phone=PHONE, code=bench.code)
    found = await bench.act(client, "login-verify-code", 400, phone=PHONE, code=bench.code)
    assert found["code"] == "no_code"

    porch.clock.pass_ms(MINUTE_MS)
    await bench.act(client, "login-send-code", phone=PHONE)
    porch.clock.pass_ms(10 * MINUTE_MS)
    found = await bench.act(client, "login-verify-code", 400, phone=PHONE, code=bench.code)
    assert found["code"] == "no_code"


async def test_code_to_prove_a_number_signs_nobody_in(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.prove(host)
    await call(host, "PUT", "/api/home/accounts/phone", 200, {"phone": PHONE})
    porch.clock.pass_ms(MINUTE_MS)
    await bench.act(host, "send-code", phone=PHONE)

    found = await bench.act(porch.device(), "login-verify-code", 400, phone=PHONE, code=bench.code)

    assert found["code"] == "no_code"


async def test_of_many_at_once_with_the_right_code_one_is_let_in(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.member("ann", PHONE)
    porch.clock.pass_ms(MINUTE_MS)
    await bench.act(porch.device(), "login-send-code", phone=PHONE)
    bench.coming_in._asks._limit = 100
    body = {"action": "login-verify-code", "phone": PHONE, "code": bench.code}

    answers = await asyncio.gather(*(porch.device().post("/api/auth", json=body) for _ in range(5)))

    assert sorted(one.status for one in answers) == [200, 400, 400, 400, 400]


async def test_address_that_asks_too_often_is_told_when_to_come_again(porch: Porch, bench: Bench, host: Client) -> None:
    client = porch.device()
    for _ in range(10):
        assert (await client.post("/api/auth", json={"action": "x"})).status == 400
    over = await client.post("/api/auth", json={"action": "x"})
    assert (over.status, over.headers["Retry-After"]) == (429, "900")
    assert (await over.json())["error"]

    porch.clock.pass_ms(900_000)
    for _ in range(5):
        assert (await client.post("/api/auth", json={"action": "join", "inviteCode": "0" * 16})).status == 404
    assert (await client.post("/api/auth", json={"action": "join", "inviteCode": "0" * 16})).status == 429


async def test_page_of_another_site_gets_no_cookie_and_uses_none(porch: Porch, bench: Bench, host: Client) -> None:
    foreign = {"Origin": "https://evil.example"}
    client = porch.device()
    answer = await client.post(
        "/api/auth", json={"action": "join", "inviteCode": await bench.invite_code()}, headers=foreign
    )
    mine = await host.post("/api/auth", json={"action": "send-code", "phone": PHONE}, headers=foreign)

    assert (answer.status, has_cookie(client)) == (200, False)
    assert mine.status == 403


async def test_sign_in_link_changes_no_account(porch: Porch, bench: Bench, host: Client) -> None:
    me = await call(host, "GET", "/api/auth/me")
    link = await call(host, "GET", f"/api/users/{me['id']}/share-link")
    headers = {"Authorization": f"Bearer {link['token']}"}

    for action in ("send-code", "verify-code", "onboard"):
        answer = await porch.device().post(
            "/api/auth", json={"action": action, "phone": PHONE, "code": "123456", "username": "x"}, headers=headers
        )
        assert answer.status == 403, action


# One's own number, by our own client


async def test_member_takes_a_proved_number_and_gives_it_up(porch: Porch, bench: Bench, host: Client) -> None:
    path = "/api/home/accounts/phone"
    await call(host, "PUT", path, 403, {"phone": PHONE})
    await bench.prove(host)

    assert await call(host, "PUT", path, 200, {"phone": PHONE}) == {"phone": PHONE}
    assert await call(host, "GET", path) == {"phone": PHONE}
    assert await call(host, "PUT", path, 200, {"phone": None}) == {"phone": None}
    await call(host, "PUT", path, 400, {"phone": "0151 1234567"})


async def test_member_with_a_password_may_sign_in_either_way(porch: Porch, bench: Bench, host: Client) -> None:
    await bench.prove(host)
    await call(host, "PUT", "/api/home/accounts/phone", 200, {"phone": PHONE})
    porch.clock.pass_ms(MINUTE_MS)
    client = porch.device()
    await bench.act(client, "login-send-code", phone=PHONE)
    await bench.act(client, "login-verify-code", phone=PHONE, code=bench.code)

    await call(client, "POST", "/api/auth/login", 200, {"username": "gran", "password": PASSWORD})


async def test_who_has_no_name_yet_cannot_be_let_in_by_hand(porch: Porch, bench: Bench, host: Client) -> None:
    client = await bench.joined()
    (waiting,) = [one for one in await call(host, "GET", "/api/users") if one["state"] == "pending"]
    path = f"/api/users/{waiting['id']}"

    assert (await call(host, "PUT", path, 409, {"enabled": True}))["code"] == "not_onboarded"
    await call(host, "PUT", path, 200, {"enabled": True, "username": "ann"})
    assert (await call(client, "GET", "/api/auth"))["user"]["username"] == "ann"
