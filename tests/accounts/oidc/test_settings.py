"""What administrators set of the provider: kept, never told again, fixed where it is given from outside."""

import logging
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts.oidc.config import ConfigDesk, checked_issuer, is_usable_address
from homemedia.core.problems import BadRequest, StartRefused
from homemedia.settings import OidcSettings
from tests.accounts.oidc.conftest import House
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET

Client = TestClient[Any, Any]
Json = dict[str, Any]
PATH = "/api/home/accounts/oidc"
NOTHING: Json = {"enabled": None, "issuer": "", "client_id": "", "client_secret": ""}


async def put(house: House, client: Client, **body: Any) -> tuple[int, Json]:
    answer = await client.put(PATH, json=body, headers=house.bearer(house.admin))
    return answer.status, await answer.json()


async def get(house: House, client: Client) -> Json:
    answer = await client.get(PATH, headers=house.bearer(house.admin))
    return dict(await answer.json())


def whole(house: House, **more: Any) -> Json:
    return {
        "enabled": True,
        "issuer": house.there.issuer,
        "clientId": CLIENT_ID,
        "clientSecret": CLIENT_SECRET,
    } | more


async def test_nothing_is_set_at_first(house: House) -> None:
    client = await house.open(**NOTHING)

    card = await get(house, client)

    own = f"http://127.0.0.1:{client.port}"
    assert card == {
        "enabled": False,
        "issuer": "",
        "clientId": "",
        "hasSecret": False,
        "scope": "openid email profile",
        "buttonText": "",
        "autoLaunch": False,
        "mobileRedirectUri": "",
        "signup": "none",
        "linkByEmail": False,
        "allowedDomains": [],
        "roleClaim": "",
        "redirectUris": ["app://oauth-callback"],
        "fixed": [],
        "redirectUri": f"{own}/sign-in/return",
        "mobileUri": f"{own}/api/oauth/mobile-redirect",
        "logoutUri": f"{own}/api/oauth/backchannel-logout",
    }


async def test_provider_that_was_entered_lets_in_at_once(house: House) -> None:
    client = await house.open(**NOTHING)

    status, card = await put(house, client, **whole(house, signup="auto"))

    assert (status, card["enabled"], card["hasSecret"]) == (200, True, True)
    assert (await house.finish(client, await house.begin(client)))[0] == 200


async def test_secret_is_never_told_and_survives_other_changes(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="homemedia")
    client = await house.open(**NOTHING)
    answers = [await put(house, client, **whole(house)), await put(house, client, buttonText="SSO")]
    answers.append((200, await get(house, client)))

    assert CLIENT_SECRET not in str(answers)
    assert CLIENT_SECRET not in repr(house.config.current)
    assert house.config.current.client_secret == CLIENT_SECRET
    await house.finish(client, await house.begin(client))
    assert CLIENT_SECRET not in caplog.text

    _, card = await put(house, client, clientSecret=None)
    assert card["hasSecret"] is False


async def test_what_was_entered_is_there_after_a_restart(house: House) -> None:
    client = await house.open(**NOTHING)
    await put(house, client, **whole(house, signup="invite", allowedDomains=["@Brandt.example", "brandt.example"]))

    again = ConfigDesk(house.porch.db, house.porch.clock)
    await again.load()

    assert (again.current.issuer, again.current.signup) == (house.there.issuer, "invite")
    assert again.current.allowed_domains == ("brandt.example",)


async def test_what_is_given_from_outside_wins_and_is_fixed(house: House) -> None:
    client = await house.open(enabled=None, client_secret="", signup="invite")

    card = await get(house, client)
    assert card["fixed"] == ["clientId", "issuer", "signup"]
    status, body = await put(house, client, signup="auto")
    assert (status, body["code"]) == (409, "oidc_fixed")
    status, body = await put(house, client, signup="invite", enabled=True)
    assert (status, body["enabled"]) == (200, True), "to say again what is so changes nothing"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"enabled": True}, "oidc_incomplete"),
        ({"enabled": True, "issuer": "https://id.example.org"}, "oidc_incomplete"),
        ({"issuer": "http://id.example.org"}, "oidc_issuer_invalid"),
        ({"issuer": "id.example.org"}, "oidc_issuer_invalid"),
        ({"issuer": "https://user:pass@id.example.org"}, "oidc_issuer_invalid"),
        ({"issuer": "https://id.example.org/?x"}, "oidc_issuer_invalid"),
        ({"issuer": "x" * 501}, "invalid_request"),
        ({"signup": "all"}, "invalid_request"),
        ({"allowedDomains": ["a@b"]}, "invalid_request"),
        ({"mobileRedirectUri": "app.immich:///x"}, "invalid_request"),
        ({"redirectUris": ["javascript:alert(1)"]}, "invalid_request"),
        ({"buttonText": "x" * 65}, "invalid_request"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(house: House, body: Json, code: str) -> None:
    client = await house.open(**NOTHING)
    before = await get(house, client)

    status, problem = await put(house, client, **body)

    assert (status, problem["code"]) == (400, code)
    assert await get(house, client) == before


async def test_provider_that_does_not_answer_is_not_switched_on(house: House) -> None:
    client = await house.open(**NOTHING)
    house.there.fault("garbage")

    status, problem = await put(house, client, **whole(house))
    assert (status, problem["code"]) == (502, "cloud_unreachable")
    assert (await get(house, client))["enabled"] is False

    status, card = await put(house, client, **whole(house, enabled=False))
    assert (status, card["issuer"]) == (200, house.there.issuer), "but it may be entered for later"


async def test_provider_that_is_away_can_be_switched_off_and_changed(house: House) -> None:
    client = await house.open(**NOTHING)
    await put(house, client, **whole(house))
    house.there.fault("broken")

    assert (await put(house, client, buttonText="SSO"))[0] == 200
    assert (await put(house, client, enabled=False))[0] == 200


async def test_checking_tells_what_is_wrong(house: House) -> None:
    client = await house.open(**NOTHING)

    async def check() -> Json:
        answer = await client.post(f"{PATH}/check", headers=house.bearer(house.admin))
        return dict(await answer.json())

    assert await check() == {"ok": False, "problem": "There is no address of a provider yet."}
    await put(house, client, **whole(house))
    assert await check() == {"ok": True, "problem": None}
    for fault, word in (("hang", "in time"), ("broken", "500"), ("not-ours", "another address")):
        house.there.fault(fault, only="/.well-known")  # type: ignore[arg-type]
        answer = await check()
        assert answer["ok"] is False
        assert word in answer["problem"]


async def test_settings_are_for_administrators(house: House) -> None:
    client = await house.open()
    await house.porch.add_member("annie")
    token = house.bearer(await house.login(house.porch.device(), "annie"))

    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/check")):
        answer = await client.request(method, PATH + path, json={}, headers=token)
        assert (answer.status, (await answer.json())["code"]) == (403, "admin_required")


async def test_scope_always_asks_for_an_id_token(house: House) -> None:
    client = await house.open(**NOTHING)

    assert (await put(house, client, scope="email  groups"))[1]["scope"] == "openid email groups"
    assert (await put(house, client, scope=""))[1]["scope"] == "openid email profile"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" https://id.example.org/realms/home ", "https://id.example.org/realms/home"),
        ("https://id.example.org/.well-known/openid-configuration", "https://id.example.org"),
        ("https://id.example.org/o/app/.well-known/openid-configuration", "https://id.example.org/o/app"),
        ("http://192.168.1.5:9000", "http://192.168.1.5:9000"),
        ("http://[fd00::1]:9000", "http://[fd00::1]:9000"),
        ("http://keycloak:8080/realms/home", "http://keycloak:8080/realms/home"),
        ("http://id.lan", "http://id.lan"),
        ("", ""),
    ],
)
def test_address_of_a_provider_is_kept_as_it_calls_itself(text: str, expected: str) -> None:
    assert checked_issuer(text) == expected


@pytest.mark.parametrize(
    "text", ["http://8.8.8.8", "ftp://id.lan", "https://", "https://a b", "https://x:y", "//id.lan"]
)
def test_address_that_is_none_or_not_safe_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        checked_issuer(text)


def test_provider_on_https_names_https_addresses_alone() -> None:
    assert is_usable_address("https://keys.example.org/jwks?v=1", like="https://id.example.org")
    assert not is_usable_address("http://192.168.1.5/jwks", like="https://id.example.org")
    assert is_usable_address("http://192.168.1.5/jwks", like="http://192.168.1.5")


def test_settings_from_outside_that_are_wrong_stop_the_start(house: House) -> None:
    with pytest.raises(StartRefused, match="provider's address"):
        ConfigDesk(house.porch.db, house.porch.clock, OidcSettings(issuer="http://id.example.org"))
