"""The watch contract's cloud sign-in: an ID token that a client brings (watch §3.2, 15.3)."""

import asyncio
import base64
import hmac
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from joserfc.jwk import RSAKey

from tests.accounts.oidc.conftest import House
from tests.accounts.porch import PASSWORD
from tests.support.oidc import Fault, StandIn, signed, unsigned

Client = TestClient[Any, Any]


async def login(client: Client, token: str, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = await client.post("/api/auth/cloud-login", json={"token": token} | more)
    return answer.status, await answer.json()


async def code_of(client: Client, token: str, **more: Any) -> tuple[int, str]:
    status, body = await login(client, token, **more)
    return status, body.get("code", "")


async def test_first_time_makes_a_member_where_everybody_may(house: House) -> None:
    client = await house.open(signup="auto")

    status, body = await login(client, house.there.token())

    assert status == 200
    assert body["linked"] is True
    assert {name: body["user"][name] for name in ("username", "displayName", "email", "isAdmin", "hasPassword")} == {
        "username": "anna",
        "displayName": "Anna Brandt",
        "email": "anna@example.org",
        "isAdmin": False,
        "hasPassword": False,
    }
    me = await client.get("/api/auth/me", headers=house.bearer(body["token"]))
    assert (await me.json())["username"] == "anna"


async def test_second_time_is_the_same_member(house: House) -> None:
    client = await house.open(signup="auto")
    _, first = await login(client, house.there.token())
    house.there.claims |= {"email": "other@example.org", "name": "Somebody Else", "preferred_username": "else"}

    _, second = await login(client, house.there.token())

    assert second["user"]["id"] == first["user"]["id"]
    assert second["user"]["username"] == "anna"


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
async def test_each_taken_algorithm_lets_in(house: House, alg: str) -> None:
    client = await house.open(signup="auto")

    assert (await login(client, house.there.token(alg=alg)))[0] == 200


async def test_switched_off_answers_without_reading_the_body(house: House) -> None:
    client = await house.open(enabled=False)

    for path in ("/api/auth/cloud-login", "/api/auth/setup-from-cloud"):
        answer = await client.post(path, data=b"{ this is no JSON")
        assert (answer.status, (await answer.json())["code"]) == (503, "cloud_disabled")
        assert (await answer.json())["message"] == "Sign-in through an external account is not set up on this server."


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": "x" * 8193}, {"token": 7}])
async def test_body_of_the_wrong_form_is_a_bad_request(house: House, body: dict[str, Any]) -> None:
    client = await house.open()

    answer = await client.post("/api/auth/cloud-login", json=body)

    assert (answer.status, (await answer.json())["code"]) == (400, "invalid_request")


def none(there: StandIn) -> str:
    return unsigned({"alg": "none", "typ": "JWT"}, there.claims_of())


def none_with_signature(there: StandIn) -> str:
    return unsigned({"alg": "None", "kid": there.keys["RS256"].kid}, there.claims_of(), b"x" * 256)


def public_key_as_secret(there: StandIn) -> str:
    key = there.keys["RS256"]
    assert isinstance(key, RSAKey)
    said = unsigned({"alg": "HS256", "kid": key.kid}, there.claims_of()).rpartition(".")[0]
    proof = hmac.digest(key.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"


def other_key(there: StandIn) -> str:
    return there.token(key=RSAKey.generate_key(2048), kid=there.keys["RS256"].kid)


def other_kid(there: StandIn) -> str:
    return there.token(key=RSAKey.generate_key(2048, {"kid": "nobody"}))


def key_in_the_header(there: StandIn) -> str:
    own = RSAKey.generate_key(2048)
    return signed({"alg": "RS256", "jwk": own.as_dict(private=False)}, there.claims_of(), own)


def other_kind_of_key(there: StandIn) -> str:
    return unsigned({"alg": "ES256", "kid": there.keys["RS256"].kid}, there.claims_of(), b"x" * 64)


def changed_after_signing(there: StandIn) -> str:
    head, _, tail = there.token().split(".")
    forged = unsigned({"alg": "RS256"}, there.claims_of(sub="admin-1"))
    return f"{head}.{forged.split('.')[1]}.{tail}"


def critical(there: StandIn) -> str:
    key = there.keys["RS256"]
    return unsigned({"alg": "RS256", "kid": key.kid, "crit": ["exp"]}, there.claims_of(), b"x" * 256)


@pytest.mark.parametrize(
    "make",
    [
        none,
        none_with_signature,
        public_key_as_secret,
        other_key,
        other_kid,
        key_in_the_header,
        other_kind_of_key,
        changed_after_signing,
        critical,
        lambda there: "a.b.c",
        lambda there: "no token",
        lambda there: there.token() + "A",
        lambda there: there.token(aud="another-client"),
        lambda there: there.token(aud=None),
        lambda there: there.token(aud=["homemedia", "another-client"]),
        lambda there: there.token(azp="another-client"),
        lambda there: there.token(iss="https://elsewhere.example"),
        lambda there: there.token(iss=there.issuer + "/"),
        lambda there: there.token(exp=None),
        lambda there: there.token(exp="tomorrow"),
        lambda there: there.token(exp=there.now_s() - 61),
        lambda there: there.token(iat=there.now_s() + 120),
        lambda there: there.token(iat=None),
        lambda there: there.token(nbf=there.now_s() + 120),
        lambda there: there.token(sub=None),
        lambda there: there.token(sub=7),
        lambda there: there.token(sub="x" * 256),
        lambda there: there.logout_token(),
    ],
)
async def test_token_that_is_not_good_lets_nobody_in(house: House, make: Any) -> None:
    client = await house.open(signup="auto")

    answer = await client.post("/api/auth/cloud-login", json={"token": make(house.there)})

    assert (answer.status, (await answer.json())["code"]) == (401, "cloud_token_invalid")
    assert "Set-Cookie" not in answer.headers
    assert set(await house.members()) == {"admin"}


@pytest.mark.parametrize(
    "make",
    [
        lambda there: there.token(exp=there.now_s() - 30),
        lambda there: there.token(iat=there.now_s() + 30),
        lambda there: there.token(aud=["homemedia"]),
        lambda there: there.token(aud=["homemedia", "another"], azp="homemedia"),
        lambda there: there.token(kid=None),
    ],
)
async def test_token_that_is_good_enough_lets_in(house: House, make: Any) -> None:
    client = await house.open(signup="auto")

    assert (await login(client, make(house.there)))[0] == 200


async def test_token_is_taken_once(house: House) -> None:
    client = await house.open(signup="auto")
    token = house.there.token()
    assert (await login(client, token))[0] == 200

    assert await code_of(client, token) == (401, "cloud_token_invalid")
    assert await code_of(house.porch.device(), token) == (401, "cloud_token_invalid")


async def test_token_without_a_name_is_taken_once(house: House) -> None:
    client = await house.open(signup="auto")
    token = house.there.token(jti=None)

    answers = await asyncio.gather(*(code_of(house.porch.device(), token) for _ in range(5)))

    assert sorted(answers) == [(200, "")] + [(401, "cloud_token_invalid")] * 4
    assert await code_of(client, house.there.token(jti=None, sub="anna-1", iat=house.there.now_s() - 1)) == (200, "")


async def test_refused_stranger_may_come_back_with_an_invite_and_the_same_token(house: House) -> None:
    client = await house.open(signup="invite")
    token = house.there.token()
    assert await code_of(client, token) == (403, "cloud_user_unknown")

    status, body = await login(client, token, inviteToken=await house.invite(libraries=["films"]))

    assert status == 200
    assert body["user"]["libraries"] == ["films"]


async def test_invite_is_used_up_by_coming_in(house: House) -> None:
    client = await house.open(signup="invite")
    invite = await house.invite()
    assert (await login(client, house.there.token(), inviteToken=invite))[0] == 200

    assert (await login(client, house.there.token(), inviteToken=invite))[0] == 200, "a member needs no invite"
    house.there.claims = {"sub": "ben-1", "preferred_username": "ben"}
    assert await code_of(client, house.there.token(), inviteToken=invite) == (410, "invite_used")
    assert await code_of(client, house.there.token(), inviteToken="nonsense") == (404, "invite_not_found")


async def test_of_many_at_once_one_uses_the_invite(house: House) -> None:
    await house.open(signup="invite")
    invite = await house.invite()
    tokens = [house.there.token(sub=f"person-{n}", preferred_username=f"p{n}", email=None) for n in range(6)]

    answers = await asyncio.gather(*(code_of(house.porch.device(), token, inviteToken=invite) for token in tokens))

    assert sorted(answers) == [(200, "")] + [(410, "invite_used")] * 5


async def test_nobody_signs_up_unless_it_is_allowed(house: House) -> None:
    client = await house.open()

    assert await code_of(client, house.there.token()) == (403, "cloud_user_unknown")
    assert await code_of(client, house.there.token(), inviteToken=await house.invite()) == (403, "cloud_user_unknown")


async def test_address_that_somebody_has_is_a_conflict_and_links_nothing(house: House) -> None:
    client = await house.open(signup="auto")
    await house.porch.add_member("anna", email="anna@example.org")

    assert await code_of(client, house.there.token()) == (409, "cloud_account_conflict")
    assert await house.identities() == []


async def test_verified_address_links_where_it_is_allowed(house: House) -> None:
    client = await house.open(link_by_email=True)
    await house.porch.add_member("annie", email="anna@example.org", is_email_verified=1)

    status, body = await login(client, house.there.token())

    assert (status, body["user"]["username"]) == (200, "annie")
    assert await house.identities() == [("anna-1", "annie")]


async def test_address_that_a_member_entered_himself_links_nobody(house: House) -> None:
    client = await house.open(link_by_email=True)
    await house.porch.add_member("mallory")
    token = await house.login(client, "mallory")
    own = {"email": "anna@example.org"}
    assert (await client.put("/api/users/me", json=own, headers=house.bearer(token))).status == 200

    assert await code_of(client, house.there.token()) == (409, "cloud_account_conflict")
    assert await house.identities() == []


async def test_address_that_somebody_joined_with_links_nobody_until_an_administrator_sets_it(house: House) -> None:
    client = await house.open(link_by_email=True)
    joins = {"username": "annie", "password": PASSWORD, "email": "anna@example.org"}
    path = f"/api/invites/{await house.invite()}/accept"
    user_id = (await (await client.post(path, json=joins)).json())["user"]["id"]
    assert await code_of(client, house.there.token()) == (409, "cloud_account_conflict")

    for email in (None, "anna@example.org"):
        answer = await client.put(f"/api/users/{user_id}", json={"email": email}, headers=house.bearer(house.admin))
        assert answer.status == 200, await answer.text()

    assert (await login(client, house.there.token()))[0] == 200
    assert await house.identities() == [("anna-1", "annie")]


@pytest.mark.parametrize("told", [False, None, "false", 1, "yes", ["true"]])
async def test_address_that_is_not_verified_links_nobody(house: House, told: object) -> None:
    client = await house.open(link_by_email=True)
    await house.porch.add_member("annie", email="anna@example.org", is_email_verified=1)

    assert await code_of(client, house.there.token(email_verified=told)) == (403, "cloud_user_unknown")
    assert await house.identities() == []


async def test_address_that_is_not_verified_is_not_kept(house: House) -> None:
    client = await house.open(signup="auto")

    _, body = await login(client, house.there.token(email_verified=False))

    assert body["user"]["email"] is None


async def test_member_linked_to_another_account_there_is_a_conflict(house: House) -> None:
    client = await house.open(link_by_email=True)
    await house.porch.add_member("annie", email="anna@example.org", is_email_verified=1)
    assert (await login(client, house.there.token()))[0] == 200

    assert await code_of(client, house.there.token(sub="another-1")) == (409, "cloud_account_conflict")


async def test_domains_hold_back_strangers_and_no_members(house: House) -> None:
    client = await house.open(signup="auto", allowed_domains=("brandt.example",))
    assert await code_of(client, house.there.token()) == (403, "cloud_user_unknown")
    assert await code_of(client, house.there.token(email="a@brandt.example.evil.example")) == (
        403,
        "cloud_user_unknown",
    )
    assert await code_of(client, house.there.token(email="a@Brandt.Example", email_verified=False)) == (
        403,
        "cloud_user_unknown",
    )

    assert (await login(client, house.there.token(email="A@Brandt.Example")))[0] == 200
    assert (await login(client, house.there.token()))[0] == 200, "who is a member already is known by his subject"


@pytest.mark.parametrize("change", [{"state": "disabled"}, {"expires_at": 1}, {"state": "removed"}])
async def test_member_who_may_not_come_in_is_told_what_strangers_are(house: House, change: dict[str, Any]) -> None:
    client = await house.open(signup="auto")
    _, body = await login(client, house.there.token())
    await house.porch.set("user", f"user_id = '{body['user']['id']}'", **change)
    house.give(signup="none")
    house.porch.makers.clear()
    house.porch.makers.append(house.owners)
    client = await house.porch.open()

    status, answer = await login(client, house.there.token())

    assert (status, answer["code"]) == (403, "cloud_user_unknown")
    assert answer["message"] == "This account belongs to nobody here. Ask whoever looks after the server."


async def test_removed_member_may_be_invited_anew(house: House) -> None:
    client = await house.open(signup="invite")
    _, first = await login(client, house.there.token(), inviteToken=await house.invite())
    await house.porch.set("user", f"user_id = '{first['user']['id']}'", state="removed")

    status, second = await login(client, house.there.token(), inviteToken=await house.invite())

    assert status == 200
    assert second["user"]["id"] != first["user"]["id"]


async def test_name_somebody_has_is_numbered(house: House) -> None:
    client = await house.open(signup="auto")
    await house.porch.add_member("Anna")

    _, body = await login(client, house.there.token())

    assert body["user"]["username"] == "anna2"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"preferred_username": None, "email": "kim@example.org", "name": None}, ("kim", "kim")),
        ({"preferred_username": "a/b", "name": "Ann  O'Hara"}, ("anna", "Ann O'Hara")),
        ({"preferred_username": "\u202eadmin", "email": None, "name": None}, ("member", "member")),
        ({"preferred_username": "x" * 200, "name": "y" * 200}, ("x" * 60, "y" * 64)),
        ({"name": None, "given_name": "Anna", "family_name": "Brandt"}, ("anna", "Anna Brandt")),
        ({"preferred_username": ["anna"], "email": 7, "name": {}}, ("member", "member")),
    ],
)
async def test_names_are_made_of_what_the_provider_tells(
    house: House, claims: dict[str, Any], expected: tuple[str, str]
) -> None:
    client = await house.open(signup="auto")

    status, body = await login(client, house.there.token(**claims))

    assert status == 200, body
    assert (body["user"]["username"], body["user"]["displayName"]) == expected


async def test_no_claim_makes_an_administrator_unless_one_is_set(house: House) -> None:
    client = await house.open(signup="auto")

    _, body = await login(client, house.there.token(role="admin", immich_role="admin", is_admin=True, groups=["admin"]))

    assert body["user"]["isAdmin"] is False


async def test_role_is_played_at_each_sign_in(house: House) -> None:
    client = await house.open(signup="auto", role_claim="role")

    for claims, is_admin in (
        ({"role": "admin"}, True),
        ({}, True),
        ({"role": "user"}, False),
        ({"role": ["admin"]}, True),
    ):
        _, body = await login(client, house.there.token(**claims))
        assert body["user"]["isAdmin"] is is_admin, claims


async def test_role_never_takes_away_the_last_administrator(house: House) -> None:
    client = await house.open(link_by_email=True, role_claim="role")
    await house.porch.set("user", "is_admin = 1", email="anna@example.org", is_email_verified=1)

    _, body = await login(client, house.there.token(role="user"))

    assert body["user"]["isAdmin"] is True


async def test_quota_and_label_come_with_a_new_member(house: House) -> None:
    client = await house.open(signup="auto")

    await login(client, house.there.token(immich_quota=2))

    rows = await house.porch.db.read("SELECT quota_bytes, storage_label FROM user WHERE username = 'anna'")
    assert tuple(rows[0]) == (2 << 30, "anna")


@pytest.mark.parametrize("quota", ["5", -1, True, 1e40, [3], 0])
async def test_quota_that_is_none_is_left_out(house: House, quota: object) -> None:
    client = await house.open(signup="auto")

    assert (await login(client, house.there.token(immich_quota=quota)))[0] == 200

    rows = await house.porch.db.read("SELECT quota_bytes FROM user WHERE username = 'anna'")
    assert rows[0]["quota_bytes"] is None


async def test_house_that_is_not_set_up_says_so(house: House) -> None:
    client = await house.open(is_claimed=False, signup="auto")

    assert await code_of(client, house.there.token()) == (403, "setup_required")


# Setting up


async def test_first_administrator_may_come_from_the_provider(house: House) -> None:
    client = await house.open(is_claimed=False)

    answer = await client.post(
        "/api/auth/setup-from-cloud", json={"token": house.there.token(), "serverName": "The Brandts"}
    )

    body = await answer.json()
    assert answer.status == 200, body
    assert body["server"]["name"] == "The Brandts"
    assert (body["user"]["username"], body["user"]["isAdmin"], body["user"]["hasPassword"]) == ("anna", True, False)
    assert (await login(client, house.there.token()))[1]["user"]["id"] == body["user"]["id"]


async def test_setting_up_is_over_once_somebody_has_claimed(house: House) -> None:
    client = await house.open()

    answer = await client.post("/api/auth/setup-from-cloud", json={"token": house.there.token()})

    assert (answer.status, (await answer.json())["code"]) == (403, "setup_closed")


async def test_of_two_who_set_up_one_wins(house: House) -> None:
    await house.open(is_claimed=False)
    tokens = [house.there.token(), house.there.token(sub="ben-1", preferred_username="ben", email=None)]

    async def claim(token: str) -> tuple[int, str]:
        answer = await house.porch.device().post("/api/auth/setup-from-cloud", json={"token": token})
        return answer.status, (await answer.json()).get("code", "")

    assert sorted(await asyncio.gather(*map(claim, tokens))) == [(200, ""), (403, "setup_closed")]


async def test_stranger_from_afar_needs_the_setup_code(house: House) -> None:
    client = await house.open(is_claimed=False)
    afar = {"X-Forwarded-For": "198.51.100.7"}
    token = house.there.token()

    async def claim(**body: Any) -> tuple[int, str]:
        answer = await client.post("/api/auth/setup-from-cloud", json={"token": token} | body, headers=afar)
        return answer.status, (await answer.json()).get("code", "")

    assert await claim() == (403, "setup_code_required")
    assert await claim(setupCode="12345") == (403, "setup_code_wrong")
    assert await claim(setupCode=house.porch.claims.setup_code) == (200, "")


async def test_token_that_is_not_good_sets_up_nothing(house: House) -> None:
    client = await house.open(is_claimed=False)

    answer = await client.post("/api/auth/setup-from-cloud", json={"token": none(house.there)})

    assert (answer.status, (await answer.json())["code"]) == (401, "cloud_token_invalid")
    assert await house.porch.claims.is_open()


# The provider


@pytest.mark.parametrize("fault", ["broken", "hang", "garbage", "huge", "redirect", "drop", "not-ours"])
@pytest.mark.parametrize("only", ["", "/jwks"])
async def test_provider_that_does_not_answer_as_one_is_a_bad_gateway(house: House, fault: Fault, only: str) -> None:
    client = await house.open(signup="auto")
    house.there.fault(fault, only=only)
    if (fault, only) == ("not-ours", "/jwks"):
        return

    answer = await client.post("/api/auth/cloud-login", json={"token": house.there.token()})

    body = await answer.json()
    assert (answer.status, body["code"]) == (502, "cloud_unreachable")
    assert "127.0.0.1" not in body["message"]


async def test_provider_that_is_gone_is_a_bad_gateway(house: House) -> None:
    client = await house.open(signup="auto", issuer="http://127.0.0.1:9")

    assert await code_of(client, house.there.token()) == (502, "cloud_unreachable")


async def test_provider_comes_back_without_a_restart(house: House) -> None:
    client = await house.open(signup="auto")
    house.there.fault("broken")
    assert await code_of(client, house.there.token()) == (502, "cloud_unreachable")
    house.there.fault("none")

    assert (await login(client, house.there.token()))[0] == 200


@pytest.mark.parametrize(
    "document",
    [
        {"jwks_uri": None},
        {"jwks_uri": 7},
        {"token_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "http://keys.elsewhere.example/jwks"},
        {"userinfo_endpoint": "http://user:pass@127.0.0.1/me"},
    ],
)
async def test_document_with_addresses_that_cannot_be_used_is_refused(house: House, document: dict[str, Any]) -> None:
    client = await house.open(signup="auto")
    house.there.document = document

    assert await code_of(client, house.there.token()) == (502, "cloud_unreachable")


async def test_keys_are_asked_for_once_an_hour_and_anew_for_one_nobody_knows(house: House) -> None:
    client = await house.open(signup="auto")
    for _ in range(3):
        assert (await login(client, house.there.token()))[0] == 200
    assert (house.there.requests["/jwks"], house.there.requests["/.well-known/openid-configuration"]) == (1, 1)

    house.porch.clock.pass_ms(60_000)
    house.there.rotate()
    assert (await login(client, house.there.token()))[0] == 200
    assert house.there.requests["/jwks"] == 2

    for _ in range(5):
        assert (await code_of(client, other_kid(house.there)))[0] == 401
    assert house.there.requests["/jwks"] == 2, "forged tokens make nobody ask"

    house.porch.clock.pass_ms(3_600_000)
    assert (await login(client, house.there.token()))[0] == 200
    assert (house.there.requests["/jwks"], house.there.requests["/.well-known/openid-configuration"]) == (3, 2)


async def test_old_key_is_not_believed_once_the_provider_has_dropped_it(house: House) -> None:
    client = await house.open(signup="auto")
    assert (await login(client, house.there.token()))[0] == 200
    old = house.there.token()
    house.there.rotate()
    house.porch.clock.pass_ms(60_000)
    assert (await login(client, house.there.token()))[0] == 200

    assert await code_of(client, old) == (401, "cloud_token_invalid")


async def test_damaged_keys_beside_a_good_one_do_no_harm(house: House) -> None:
    client = await house.open(signup="auto")
    good = house.there.keys["RS256"]
    house.there.document = {"jwks_uri": f"{house.there.issuer}/jwks"}

    class Damaged:
        def as_dict(self, **_: object) -> dict[str, Any]:
            return {"kty": "RSA", "kid": good.kid, "n": "!!", "e": "AQAB"}

    house.there.keys = {"0": Damaged(), "RS256": good}  # type: ignore[dict-item]

    assert (await login(client, house.there.token()))[0] == 200


async def test_who_fails_too_often_is_not_heard_any_more(house: House) -> None:
    client = await house.open(signup="auto")
    for _ in range(20):
        assert (await code_of(client, "a.b.c"))[0] == 401

    answer = await client.post("/api/auth/cloud-login", json={"token": house.there.token()})
    assert (answer.status, (await answer.json())["code"]) == (429, "rate_limited")
    assert int(answer.headers["Retry-After"]) > 0

    house.porch.clock.pass_ms(900_000)
    assert (await login(client, house.there.token()))[0] == 200
