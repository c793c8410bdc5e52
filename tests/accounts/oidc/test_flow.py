"""The code flow with PKCE, by our own pages' routes and by the photo contract's (6.2, 9.7)."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp.test_utils import TestClient
from yarl import URL

from homemedia.accounts import SessionEnded
from homemedia.accounts.oidc.flow import s256
from tests.accounts.oidc.conftest import House
from tests.accounts.porch import PASSWORD

Client = TestClient[Any, Any]
Json = dict[str, Any]
VERIFIER = "v" * 64
APP = "app.immich:///oauth-callback"


def told(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def changed(url: str, **parts: str | None) -> str:
    query = {name: value for name, value in (told(url) | parts).items() if value is not None}
    return f"{url.partition('?')[0]}?{urlencode(query)}"


def own(client: Client, path: str = "/auth/login") -> str:
    return f"http://127.0.0.1:{client.port}{path}"


async def authorize(client: Client, **body: Any) -> str:
    answer = await client.post("/api/oauth/authorize", json={"redirectUri": own(client)} | body)
    assert answer.status == 201, await answer.text()
    return str((await answer.json())["url"])


async def callback(client: Client, url: str, **body: Any) -> tuple[int, Json]:
    answer = await client.post("/api/oauth/callback", json={"url": url} | body)
    return answer.status, await answer.json()


async def who(client: Client) -> str | None:
    answer = await client.get("/api/auth/me")
    return (await answer.json())["username"] if answer.status == 200 else None


# Our own pages


async def test_browser_comes_in_and_goes_on_to_where_it_was(house: House) -> None:
    client = await house.open(signup="auto")

    url = await house.begin(client, next="/films?view=2")
    status, body = await house.finish(client, url)

    assert (status, body) == (200, {"did": "signed-in", "next": "/films?view=2"})
    assert url.startswith(own(client, "/sign-in/return?"))
    assert await who(client) == "anna"
    cookies = {cookie.key: cookie.value for cookie in client.session.cookie_jar}
    assert cookies["immich_auth_type"] == "oauth"
    assert not {"immich_oauth_state", "immich_oauth_code_verifier"} & set(cookies)


async def test_what_is_sent_to_the_provider_is_new_each_time(house: House) -> None:
    client = await house.open()

    asked = []
    for _ in range(2):
        answer = await client.post("/api/home/accounts/oidc/begin", json={})
        asked.append(told((await answer.json())["url"]))
        lines = answer.headers.getall("Set-Cookie")
        assert len(lines) == 2
        assert all("HttpOnly" in line and "SameSite=Lax" in line and "Max-Age=600" in line for line in lines)

    assert set(asked[0]) == {
        *("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge"),
        "code_challenge_method",
    }
    assert asked[0]["scope"] == "openid email profile"
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name]) >= 43


async def test_nothing_of_a_beginning_lies_readable_in_the_database(house: House) -> None:
    client = await house.open()
    answer = await client.post("/api/home/accounts/oidc/begin", json={})
    state = told((await answer.json())["url"])["state"]
    verifier = next(c.value for c in client.session.cookie_jar if c.key == "immich_oauth_code_verifier")

    rows = await house.porch.db.read("SELECT hex(challenge_hash), subject, address, data FROM challenge")

    text = "".join(str(part) for row in rows for part in row)
    assert len(rows) == 1
    assert state not in text
    assert verifier not in text


async def test_invite_given_at_the_beginning_makes_a_member_at_the_end(house: House) -> None:
    client = await house.open(signup="invite")
    url = await house.begin(client, inviteToken=await house.invite(libraries=["shows"]))

    assert (await house.finish(client, url))[0] == 200

    assert (await house.members())["anna"]["libraries"] == ["shows"]
    other = house.porch.device()
    assert (await house.finish(other, await house.begin(other)))[0] == 200, "the second time without"


async def test_bad_invite_is_told_before_one_is_sent_away(house: House) -> None:
    client = await house.open(signup="invite")

    answer = await client.post("/api/home/accounts/oidc/begin", json={"inviteToken": "nonsense"})

    assert (answer.status, (await answer.json())["code"]) == (404, "invite_not_found")


async def test_invite_used_up_meanwhile_lets_nobody_in(house: House) -> None:
    client = await house.open(signup="invite")
    invite = await house.invite()
    url = await house.begin(client, inviteToken=invite)
    joined = {"username": "quicker", "password": PASSWORD}
    assert (await house.porch.device().post(f"/api/invites/{invite}/accept", json=joined)).status == 201

    status, body = await house.finish(client, url)

    assert (status, body["code"]) == (410, "invite_used")


async def test_stranger_is_told_so(house: House) -> None:
    client = await house.open(signup="invite")

    status, body = await house.finish(client, await house.begin(client))

    assert (status, body["code"]) == (403, "cloud_user_unknown")
    assert "invite" in body["message"]
    assert await who(client) is None


async def test_sign_in_that_was_broken_off_is_said_so(house: House) -> None:
    client = await house.open()
    url = changed(await house.begin(client), code=None, error="access_denied", error_description="<script>")

    status, body = await house.finish(client, url)

    assert (status, body["code"]) == (400, "oidc_not_finished")
    assert body["message"] == "The sign-in was broken off at the provider."


async def test_where_a_public_address_is_set_one_begins_there(house: House) -> None:
    client = await house.open(public_url="https://home.example.org/", signup="invite")
    invite = await house.invite()

    for body, expected in (({}, "/sign-in"), ({"inviteToken": invite}, f"/join/{invite}")):
        answer = await client.post("/api/home/accounts/oidc/begin", json=body)
        assert (await answer.json())["url"] == f"https://home.example.org{expected}"
    answer = await client.post(
        "/api/home/accounts/oidc/begin", json={}, headers={"Host": "home.example.org", "X-Forwarded-Proto": "https"}
    )
    assert "home.example.org" in (await answer.json())["url"]


# Attacks on the end of a flow


async def finishes(house: House, client: Client, url: str) -> tuple[int, str]:
    status, body = await house.finish(client, url)
    assert await who(client) is None
    return status, body.get("code", "")


REFUSED = (400, "oidc_not_finished")


async def test_end_of_another_browsers_beginning_lets_nobody_in(house: House) -> None:
    """Somebody sends his own way back to a victim, who would be signed in as him, and would store with him."""
    attacker = await house.open(signup="auto")
    url = await house.begin(attacker)
    victim = house.porch.device()

    assert await finishes(house, victim, url) == REFUSED
    await house.begin(victim)
    assert await finishes(house, victim, url) == REFUSED
    assert (await house.finish(attacker, url))[0] == 200, "and what failed elsewhere has used nothing up"


async def test_state_is_used_once(house: House) -> None:
    client = await house.open(signup="auto")
    url = await house.begin(client)
    cookies = {cookie.key: cookie.value for cookie in client.session.cookie_jar}
    answers = await asyncio.gather(
        *(
            house.porch.device().post("/api/home/accounts/oidc/finish", json={"url": url}, cookies=cookies)
            for _ in range(5)
        )
    )

    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400]


async def test_state_of_eleven_minutes_ago_is_over(house: House) -> None:
    client = await house.open(signup="auto")
    url = await house.begin(client)
    house.porch.clock.pass_ms(11 * 60_000)

    assert await finishes(house, client, url) == REFUSED


@pytest.mark.parametrize(
    "parts",
    [
        {"state": "another"},
        {"state": None},
        {"code": None},
        {"code": "guessed"},
        {"iss": "https://elsewhere.example"},
        {"error": "server_error"},
    ],
)
async def test_way_back_that_was_changed_lets_nobody_in(house: House, parts: dict[str, str | None]) -> None:
    client = await house.open(signup="auto")
    url = await house.begin(client)

    assert await finishes(house, client, changed(url, **parts)) == REFUSED


@pytest.mark.parametrize("url", ["x", "http://[", "?" + "a=b&" * 5000, "x" * 9000])
async def test_way_back_that_is_no_address_lets_nobody_in(house: House, url: str) -> None:
    client = await house.open(signup="auto")
    await house.begin(client)

    assert await finishes(house, client, url) == REFUSED


async def test_state_named_twice_counts_as_none(house: House) -> None:
    client = await house.open(signup="auto")
    url = await house.begin(client)

    assert await finishes(house, client, f"{url}&state=another") == REFUSED


@pytest.mark.parametrize("verifier", ["w" * 64, "short", "v" * 200, "~" * 43])
async def test_verifier_that_is_another_one_lets_nobody_in(house: House, verifier: str) -> None:
    client = await house.open(signup="auto")
    url = await house.begin(client)
    cookies = f"immich_oauth_state={told(url)['state']}; immich_oauth_code_verifier={verifier}"

    answer = await house.porch.device().post(
        "/api/home/accounts/oidc/finish", json={"url": url}, headers={"Cookie": cookies}
    )

    assert (answer.status, (await answer.json())["code"]) == REFUSED
    assert house.there.forms == [], "the provider is not even asked"


@pytest.mark.parametrize(
    "forged",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"sub": None},
    ],
)
async def test_token_for_another_sign_in_lets_nobody_in(house: House, forged: Json) -> None:
    client = await house.open(signup="auto")
    house.there.forged = forged

    assert await finishes(house, client, await house.begin(client)) == (401, "cloud_token_invalid")


async def test_token_that_was_used_is_not_used_again_by_a_flow(house: House) -> None:
    client = await house.open(signup="auto")
    house.there.forged = {"jti": "the-same"}
    assert (await house.finish(client, await house.begin(client)))[0] == 200

    other = house.porch.device()
    assert await finishes(house, other, await house.begin(other)) == (401, "cloud_token_invalid")


async def test_sign_in_is_a_session_of_its_own(house: House) -> None:
    """Session fixation: whatever session a browser was given before, the one after signing in is new."""
    client = await house.open(signup="auto")
    planted = await house.porch.claim(house.porch.device()) if not house.admin else house.admin
    client.session.cookie_jar.update_cookies({"immich_access_token": planted})

    assert (await house.finish(client, await house.begin(client)))[0] == 200

    now = {cookie.key: cookie.value for cookie in client.session.cookie_jar}["immich_access_token"]
    assert now != planted
    assert await who(client) == "anna"


async def test_cookies_do_not_count_for_another_sites_page(house: House) -> None:
    client = await house.open(signup="auto")
    url = await house.begin(client)

    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await client.post("/api/home/accounts/oidc/finish", json={"url": url}, headers=headers)
        assert answer.status == 400
        assert "Set-Cookie" not in answer.headers
    answer = await client.post("/api/home/accounts/oidc/begin", json={}, headers={"Origin": "https://evil.example"})
    assert "Set-Cookie" not in answer.headers


async def test_page_to_go_on_to_is_one_of_ours(house: House) -> None:
    client = await house.open(signup="auto")

    _, body = await house.finish(client, await house.begin(client, next="//evil.example/x"))

    assert body["next"] == "/"


async def test_beginning_too_often_is_slowed_down(house: House) -> None:
    client = await house.open()
    for _ in range(30):
        await house.begin(client)

    answer = await client.post("/api/home/accounts/oidc/begin", json={})

    assert (answer.status, (await answer.json())["code"]) == (429, "rate_limited")


async def test_claims_come_from_userinfo_where_the_token_says_little(house: House) -> None:
    client = await house.open(signup="auto")
    house.there.told_by_token = set()

    assert (await house.finish(client, await house.begin(client)))[0] == 200

    assert (await house.members())["anna"]["email"] == "anna@example.org"


async def test_userinfo_of_somebody_else_is_not_believed(house: House) -> None:
    client = await house.open(signup="auto")
    house.there.told_by_token = set()
    house.there.forged = {"sub": "ben-1"}

    assert (await house.finish(client, await house.begin(client)))[0] == 200

    assert (await house.members())["member"]["email"] is None


@pytest.mark.parametrize(
    ("supported", "in_form"), [(["client_secret_basic"], False), (["client_secret_post"], True), (None, False)]
)
async def test_secret_is_shown_as_the_provider_wants(
    house: House, supported: list[str] | None, *, in_form: bool
) -> None:
    client = await house.open(signup="auto")
    house.there.document = {"token_endpoint_auth_methods_supported": supported}

    assert (await house.finish(client, await house.begin(client)))[0] == 200

    assert ("client_secret" in house.there.forms[0]) is in_form


# Linking


async def test_new_server_is_claimed_by_who_comes_from_the_provider(house: House) -> None:
    client = await house.open(is_claimed=False)
    answer = await client.post("/api/home/accounts/oidc/setup", json={"serverName": "Attic", "next": "/setup/folders"})
    assert answer.status == 200, await answer.text()

    status, found = await house.finish(client, house.there.approve((await answer.json())["url"]))

    assert (status, found) == (200, {"did": "set-up", "next": "/setup/folders"})
    me = await (await client.get("/api/auth/me")).json()
    assert (me["isAdmin"], me["username"], me["email"]) == (True, "anna", "anna@example.org")
    assert (await house.porch.household.read()).name == "Attic"
    again = await client.post("/api/home/accounts/oidc/setup", json={})
    assert (again.status, (await again.json())["code"]) == (403, "setup_closed")


async def test_two_who_claim_at_once_are_one_and_a_stranger(house: House) -> None:
    one = await house.open(is_claimed=False)
    other = house.porch.device()
    ways = []
    for client in (one, other):
        answer = await client.post("/api/home/accounts/oidc/setup", json={})
        ways.append((client, house.there.approve((await answer.json())["url"])))
    assert (await house.finish(*ways[0]))[0] == 200

    status, found = await house.finish(*ways[1])

    assert (status, found["code"]) == (403, "setup_closed")


async def test_who_is_not_at_home_claims_by_the_code_alone(house: House) -> None:
    client = await house.open(is_claimed=False)
    from_afar = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for body, code in (({}, "setup_code_required"), ({"setupCode": "12345678x"}, "setup_code_wrong")):
        answer = await client.post("/api/home/accounts/oidc/setup", json=body, headers=from_afar)
        assert (answer.status, (await answer.json())["code"]) == (403, code)


async def test_setup_that_was_begun_is_no_sign_in_and_no_link_of_the_photo_api(house: House) -> None:
    client = await house.open(is_claimed=False)
    answer = await client.post("/api/home/accounts/oidc/setup", json={})
    url = house.there.approve((await answer.json())["url"])

    refused = await client.post("/api/oauth/callback", json={"url": url})

    assert refused.status == 500, await refused.text()
    assert await house.identities() == []


async def test_member_links_his_account_and_comes_in_by_it(house: House) -> None:
    client = await house.open()
    await house.porch.add_member("annie")
    await house.login(client, "annie")
    answer = await client.post("/api/home/accounts/oidc/link", json={"next": "/settings"})
    url = house.there.approve((await answer.json())["url"])

    assert await house.finish(client, url) == (200, {"did": "linked", "next": "/settings"})

    told_now = await (await client.get("/api/home/accounts/oidc/accounts")).json()
    assert told_now["canUnlink"] is True
    assert [one["email"] for one in told_now["accounts"]] == ["anna@example.org"]
    other = house.porch.device()
    assert (await house.finish(other, await house.begin(other)))[0] == 200
    assert await who(other) == "annie"


async def test_link_is_finished_by_the_session_that_began_it(house: House) -> None:
    client = await house.open()
    for name in ("annie", "bea"):
        await house.porch.add_member(name)
    await house.login(client, "annie")
    answer = await client.post("/api/home/accounts/oidc/link", json={})
    url = house.there.approve((await answer.json())["url"])
    await house.login(client, "bea")

    status, body = await house.finish(client, url)

    assert (status, body["code"]) == REFUSED
    assert await house.identities() == []


async def test_link_that_was_begun_lets_nobody_in(house: House) -> None:
    client = await house.open(signup="auto")
    await house.porch.add_member("annie")
    await house.login(client, "annie")
    answer = await client.post("/api/home/accounts/oidc/link", json={})
    url = house.there.approve((await answer.json())["url"])

    status, body = await callback(client, url)

    assert (status, body["message"]) == (500, "Failed to finish oauth")
    assert "anna" not in await house.members()


async def test_account_of_somebody_else_cannot_be_linked(house: House) -> None:
    client = await house.open(signup="auto")
    assert (await house.finish(client, await house.begin(client)))[0] == 200
    await house.porch.add_member("bea")
    other = house.porch.device()
    await house.login(other, "bea")
    answer = await other.post("/api/home/accounts/oidc/link", json={})
    url = house.there.approve((await answer.json())["url"])

    status, body = await house.finish(other, url)

    assert (status, body["code"]) == (409, "cloud_account_conflict")
    assert await house.identities() == [("anna-1", "anna")]


async def test_only_way_in_is_not_unlinked(house: House) -> None:
    client = await house.open(signup="auto")
    await house.finish(client, await house.begin(client))

    answer = await client.delete("/api/home/accounts/oidc/accounts")
    assert (answer.status, (await answer.json())["code"]) == (409, "last_way_in")

    assert (await client.post("/api/auth/change-password", json={"newPassword": PASSWORD})).status == 200
    assert (await client.delete("/api/home/accounts/oidc/accounts")).status == 204
    assert await house.identities() == []
    assert await who(client) == "anna"


async def test_sign_in_link_links_and_unlinks_nothing(house: House) -> None:
    client = await house.open()
    user_id = await house.porch.add_member("annie")
    made = await client.get(f"/api/users/{user_id}/share-link", headers=house.bearer(house.admin))
    token = str((await made.json())["token"])

    for method, path in (("POST", "/link"), ("DELETE", "/accounts")):
        answer = await client.request(method, f"/api/home/accounts/oidc{path}", json={}, headers=house.bearer(token))
        assert answer.status == 403, path


# The photo contract


async def test_config_tells_how_things_stand(house: House) -> None:
    client = await house.open(signup="auto", button_text="Login with SSO", auto_launch=True)

    assert await (await client.get("/api/oauth/config")).json() == {
        "enabled": True,
        "autoRegister": True,
        "autoLaunch": True,
        "buttonText": "Login with SSO",
        "passwordLoginEnabled": True,
    }


async def test_config_of_a_house_without_a_provider_is_no_error(house: House) -> None:
    client = await house.open(enabled=False, issuer="", client_id="", client_secret="")

    body = await (await client.get("/api/oauth/config")).json()

    assert (body["enabled"], body["buttonText"]) == (False, "Login with OAuth")


async def test_phone_comes_in_with_state_and_verifier_of_its_own(house: House) -> None:
    client = await house.open(signup="auto")

    asked = {"redirectUri": APP, "state": "its-own", "codeChallenge": s256(VERIFIER), "codeChallengeMethod": "S256"}
    url = await authorize(client, **asked)
    assert list(client.session.cookie_jar) == []
    assert (told(url)["state"], told(url)["redirect_uri"]) == ("its-own", APP)
    status, body = await callback(client, house.there.approve(url), state="its-own", codeVerifier=VERIFIER)

    assert status == 201
    assert (body["userEmail"], body["name"], body["isAdmin"]) == ("anna@example.org", "Anna Brandt", False)
    assert await who(client) == "anna"


async def test_browser_of_the_photo_api_comes_in_by_cookies(house: House) -> None:
    client = await house.open(signup="auto")

    status, body = await callback(client, house.there.approve(await authorize(client)))

    assert status == 201
    assert body["accessToken"] == body["token"]
    assert {c.key: c.value for c in client.session.cookie_jar}["immich_auth_type"] == "oauth"


async def test_first_clients_send_no_state(house: House) -> None:
    client = await house.open(signup="auto")
    asked = {"redirectUri": "app://oauth-callback", "codeChallenge": s256(VERIFIER), "codeChallengeMethod": "S256"}
    url = house.there.approve(await authorize(client, **asked))
    client.session.cookie_jar.clear()

    status, _ = await callback(client, url, codeVerifier=VERIFIER)
    assert status == 201

    status, body = await callback(house.porch.device(), url, codeVerifier=VERIFIER)
    assert (status, body["message"]) == (400, "OAuth state is missing")


async def test_mobile_address_is_replaced_in_both_requests(house: House) -> None:
    there = "https://photos.example.org/api/oauth/mobile-redirect"
    client = await house.open(signup="auto", mobile_redirect_uri=there)

    url = await authorize(client, redirectUri=APP, state="its-own", codeChallenge=s256(VERIFIER))
    assert told(url)["redirect_uri"] == there
    back = house.there.approve(url).replace(there, APP)
    assert (await callback(client, back, state="its-own", codeVerifier=VERIFIER))[0] == 201

    answer = await client.get(
        URL(f"/api/oauth/mobile-redirect?{urlsplit(back).query}", encoded=True), allow_redirects=False
    )
    assert answer.status == 307
    assert answer.headers["Location"] == back


@pytest.mark.parametrize("path", ["", "?", "?code=a%0d%0aSet-Cookie:x=1&state=b"])
async def test_mobile_redirect_leads_to_the_app_and_nowhere_else(house: House, path: str) -> None:
    client = await house.open()

    answer = await client.get(f"/api/oauth/mobile-redirect{path}", allow_redirects=False)

    assert answer.status == 307
    assert answer.headers["Location"].startswith("app.immich:///oauth-callback")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "redirectUri"),
        ({"redirectUri": "https://evil.example/"}, "redirectUri"),
        ({"redirectUri": APP, "codeChallenge": "x" * 43, "codeChallengeMethod": "plain"}, "codeChallengeMethod"),
        ({"redirectUri": APP, "codeChallenge": "short"}, "codeChallenge"),
        ({"redirectUri": APP, "state": "x" * 513}, "state"),
    ],
)
async def test_beginning_with_something_wrong_is_refused(house: House, body: Json, field: str) -> None:
    client = await house.open()

    answer = await client.post("/api/oauth/authorize", json=body)

    problem = await answer.json()
    assert (answer.status, problem["statusCode"], problem["errors"][0]["path"]) == (400, 400, [field])
    assert problem["correlationId"]


async def test_state_that_is_in_use_is_refused(house: House) -> None:
    client = await house.open()
    await authorize(client, state="its-own", codeChallenge=s256(VERIFIER))

    answer = await client.post("/api/oauth/authorize", json={"redirectUri": APP, "state": "its-own"})

    assert answer.status == 400


async def test_photo_routes_say_what_is_missing(house: House) -> None:
    client = await house.open(signup="auto")
    url = house.there.approve(await authorize(client, state="its-own", codeChallenge=s256(VERIFIER)))
    bare = house.porch.device()

    for body, expected in (
        ({"url": own(client)}, (400, "OAuth state is missing")),
        ({"url": changed(url, state="unknown"), "codeVerifier": VERIFIER}, (400, "OAuth state is missing")),
        ({"url": url, "state": "its-own"}, (400, "OAuth code verifier is missing")),
        ({"url": url, "state": "another", "codeVerifier": VERIFIER}, (500, "Failed to finish oauth")),
        ({"url": url, "state": "its-own", "codeVerifier": "w" * 64}, (500, "Failed to finish oauth")),
    ):
        status, problem = await callback(bare, **body)
        assert (status, problem["message"]) == expected, body
    answer = await bare.post("/api/oauth/callback", json={"url": ""})
    assert answer.status == 400


async def test_code_the_provider_refuses_fails_to_finish(house: House) -> None:
    client = await house.open(signup="auto")
    url = house.there.approve(await authorize(client))

    status, body = await callback(client, changed(url, code="guessed"))

    assert (status, body["message"], body["error"]) == (500, "Failed to finish oauth", "Internal Server Error")


@pytest.mark.parametrize("only", ["/token", "/jwks"])
async def test_provider_that_is_away_fails_to_finish(house: House, only: str) -> None:
    client = await house.open(signup="auto")
    url = house.there.approve(await authorize(client))
    house.there.fault("hang", only=only)

    status, body = await callback(client, url)

    assert (status, body["message"]) == (500, "Failed to finish oauth")


async def test_person_without_an_address_cannot_use_the_photo_api(house: House) -> None:
    client = await house.open(signup="auto")
    house.there.claims = {"sub": "kim-1"}

    status, body = await callback(client, house.there.approve(await authorize(client)))

    assert (status, body["message"]) == (400, "OAuth profile does not have an email address")


async def test_unknown_person_and_taken_address_get_one_answer(house: House) -> None:
    await house.open()
    await house.porch.add_member("annie", email="anna@example.org")
    for settings in ({}, {"signup": "auto"}):
        house.give(**settings)
        house.porch.makers[:] = [house.owners]
        client = await house.porch.open()
        status, body = await callback(client, house.there.approve(await authorize(client)))
        assert (status, body["message"]) == (400, "OAuth authentication failed")


async def test_photo_routes_of_a_house_without_a_provider_say_so(house: House) -> None:
    client = await house.open(enabled=False)
    token = house.bearer(house.admin)

    for path, body in (
        ("/authorize", {"redirectUri": APP}),
        ("/callback", {"url": f"{APP}?code=a&state=b"}),
        ("/link", {"url": f"{APP}?code=a&state=b"}),
    ):
        answer = await client.post(f"/api/oauth{path}", json=body, headers=token)
        assert (answer.status, (await answer.json())["message"]) == (400, "OAuth is not enabled"), path


async def test_photo_client_links_and_unlinks(house: House) -> None:
    client = await house.open()
    await house.porch.add_member("annie")
    token = house.bearer(await house.login(house.porch.device(), "annie"))
    url = house.there.approve(await authorize(client, state="its-own", codeChallenge=s256(VERIFIER)))

    answer = await client.post(
        "/api/oauth/link", json={"url": url, "state": "its-own", "codeVerifier": VERIFIER}, headers=token
    )
    assert answer.status == 200
    assert (await answer.json())["oauthId"] == "anna-1"

    await house.porch.add_member("bea")
    other = house.bearer(await house.login(house.porch.device(), "bea"))
    url = house.there.approve(await authorize(client, state="again", codeChallenge=s256(VERIFIER)))
    answer = await client.post(
        "/api/oauth/link", json={"url": url, "state": "again", "codeVerifier": VERIFIER}, headers=other
    )
    assert (answer.status, (await answer.json())["message"]) == (
        400,
        "This OAuth account has already been linked to another user.",
    )

    answer = await client.post("/api/oauth/unlink", headers=token)
    assert (answer.status, (await answer.json())["oauthId"]) == (200, "")


async def test_linking_needs_a_sign_in(house: House) -> None:
    client = await house.open()

    for path in ("/api/oauth/link", "/api/oauth/unlink", "/api/home/accounts/oidc/link"):
        assert (await client.post(path, json={"url": "x"})).status == 401


# Signed out at the provider


async def end(client: Client, token: str) -> int:
    answer = await client.post("/api/oauth/backchannel-logout", data={"logout_token": token})
    return answer.status


async def test_provider_ends_the_sessions_of_an_account(house: House) -> None:
    client = await house.open(signup="auto")
    await house.finish(client, await house.begin(client))
    by_password = house.porch.device()
    await house.porch.set("user", "username = 'anna'", password_hash=await house.porch.passwords.hash(PASSWORD))
    await house.login(by_password, "anna")

    assert await end(house.porch.device(), house.there.logout_token()) == 200

    assert await who(client) is None
    assert await who(by_password) == "anna"
    assert sum(isinstance(event, SessionEnded) for event in house.porch.events) == 1


async def test_provider_ends_one_sign_in(house: House) -> None:
    one = await house.open(signup="auto")
    other = house.porch.device()
    for client, sid in ((one, "sid-1"), (other, "sid-2")):
        house.there.forged = {"sid": sid}
        assert (await house.finish(client, await house.begin(client)))[0] == 200

    assert await end(house.porch.device(), house.there.logout_token(sub=None, sid="sid-1")) == 200

    assert (await who(one), await who(other)) == (None, "anna")


async def test_logout_token_that_is_not_good_ends_nothing(house: House) -> None:
    client = await house.open(signup="auto")
    await house.finish(client, await house.begin(client))
    there = house.there
    good = there.logout_token()
    bad = [
        "",
        "a.b.c",
        there.token(),
        there.logout_token(nonce="x"),
        there.logout_token(events={}),
        there.logout_token(events=None),
        there.logout_token(jti=None),
        there.logout_token(aud="another"),
        there.logout_token(iss="https://elsewhere.example"),
        there.logout_token(iat=there.now_s() - 3600),
        there.logout_token(exp=1),
        there.logout_token(sub=None),
    ]

    for token in bad:
        assert await end(house.porch.device(), token) == 400
    assert await who(client) == "anna"

    assert await end(house.porch.device(), good) == 200
    assert await end(house.porch.device(), good) == 400, "nor is one taken twice"


async def test_logout_form_that_is_none_is_refused(house: House) -> None:
    client = await house.open()

    for data in (b"", b"logout_token=a&logout_token=b", b"\xff\xfe", b"logout_token=" + b"x" * 20_000):
        assert (await client.post("/api/oauth/backchannel-logout", data=data)).status == 400
