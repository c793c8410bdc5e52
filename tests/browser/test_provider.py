"""Signing in with a real OpenID provider (npm `oidc-provider`), and our pages before a stand-in for the server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Page, expect

from tests.browser.conftest import HOST, FakeHouse, Opener, on_shared_loop, problem
from tests.browser.test_household import INVITE
from tests.support.app import PASSWORD, House
from tests.support.node import node, node_package

SCRIPT = Path(__file__).parents[1] / "support" / "provider.mjs"
OFFER = {"name": "Brandt ID", "takesInvites": True, "autoLaunch": False}
SETTINGS = {
    "enabled": False,
    "issuer": "",
    "clientId": "",
    "hasSecret": False,
    "scope": "openid",
    "buttonText": "",
    "autoLaunch": False,
    "mobileRedirectUri": "",
    "signup": "none",
    "linkByEmail": False,
    "allowedDomains": [],
    "roleClaim": "",
    "redirectUris": [],
    "fixed": ["issuer"],
    "redirectUri": "http://attic/sign-in/return",
    "mobileUri": "http://attic/m",
    "logoutUri": "http://attic/l",
}


@on_shared_loop
async def provided(claimed: House) -> AsyncIterator[House]:
    """A house whose members sign in with a provider, found by name as in a network."""
    folder = node_package("oidc-provider")
    child = await asyncio.create_subprocess_exec(
        node(),
        str(SCRIPT),
        str(folder),
        f"{at(claimed)}/sign-in/return",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert child.stdout is not None
        word = issuer = ""
        async with asyncio.timeout(60):
            while word != "issuer":  # it has opinions before
                line = await child.stdout.readline()
                assert line, "the provider did not start"
                word, _, issuer = line.decode().strip().partition(" ")
        body = {"enabled": True, "issuer": issuer, "clientId": "homemedia", "clientSecret": "client-secret"}
        settings = {"signup": "invite", "buttonText": "Brandt ID"}
        await claimed.send("PUT", "/api/home/accounts/oidc", body | settings)
        yield claimed
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def at(house: House) -> str:
    """The house's address by its name: there a browser gives nothing that needs HTTPS."""
    return house.url.replace("127.0.0.1", HOST)


async def approve(page: Page, name: str) -> None:
    """What a person does at the provider the first time: say who he is, and that we may know it."""
    await page.locator("input[name=login]").fill(name)
    await page.locator("input[name=password]").fill("any")
    await page.locator("button[type=submit]").click()
    await page.get_by_role("button", name="Continue").click()


async def test_who_is_invited_joins_with_the_provider_and_comes_back_silently(provided: House, opened: Opener) -> None:
    house = provided
    invite = (await house.send("POST", "/api/invites", {}, 201))["invite"]["token"]

    page = await opened(f"{at(house)}/join/{invite}", phone=True)
    await page.get_by_role("button", name="Join with Brandt ID").click()
    await approve(page, "gran")
    await page.wait_for_url(at(house) + "/")
    members = {one["username"]: one for one in await house.get("/api/users")}
    assert members["gran"]["email"] == "gran@example.org"
    assert members["gran"]["displayName"] == "gran Brandt"
    assert not members["gran"]["hasPassword"]

    names = {cookie.get("name") for cookie in await page.context.cookies(at(house))}
    assert "immich_access_token" in names
    assert not names & {"immich_oauth_state", "immich_oauth_code_verifier"}
    await page.context.clear_cookies(name="immich_access_token")
    await page.goto(f"{at(house)}/sign-in?next=/settings/devices")
    await page.get_by_role("button", name="Continue with Brandt ID").click()

    await page.wait_for_url(at(house) + "/settings/devices")
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert len(await house.get("/api/users")) == len(members)


async def test_stranger_is_told_and_led_to_other_ways(provided: House, opened: Opener) -> None:
    page = await opened(f"{at(provided)}/sign-in")
    await page.get_by_role("button", name="Continue with Brandt ID").click()
    await approve(page, "stranger")

    await expect(page.get_by_role("heading", name="This did not work")).to_be_visible()
    await expect(page.get_by_text("This account belongs to nobody here yet.")).to_be_visible()
    assert page.url == f"{at(provided)}/sign-in/return", "what came back stays in no address"
    await page.get_by_role("link", name="Other ways to sign in").click()
    await expect(page.get_by_label("User name or e-mail")).to_be_visible()


async def test_member_links_his_account_and_unlinks_it(provided: House, opened: Opener) -> None:
    page = await opened(f"{at(provided)}/sign-in?next=/settings")
    await page.locator("input[name=username]").fill("admin")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Link my account").click()
    await approve(page, "mara")

    await page.wait_for_url(f"{at(provided)}/settings")
    await expect(page.get_by_text("Linked to mara@example.org")).to_be_visible()
    await page.get_by_role("button", name="Unlink").click()
    await expect(page.get_by_role("button", name="Link my account")).to_be_visible()


async def test_sign_in_broken_off_at_the_provider_comes_back_with_a_word(provided: House, opened: Opener) -> None:
    page = await opened(f"{at(provided)}/sign-in")
    await page.get_by_role("button", name="Continue with Brandt ID").click()
    await page.get_by_role("link", name="Cancel").click()

    await expect(page.get_by_text("The sign-in was broken off at the provider.")).to_be_visible()


def with_provider(house: FakeHouse, *, has_passwords: bool = True, is_claimed: bool = True, **offer: object) -> None:
    house.user = None
    house.answers["server"] = lambda _: {
        "name": "Attic",
        "setupRequired": not is_claimed,
        "auth": {"password": has_passwords, "cloud": True, "cloudName": "Brandt ID"},
    }
    house.answers["home/accounts/oidc/offer"] = lambda _: OFFER | offer


async def test_page_leads_to_the_provider_by_itself_unless_it_is_told_not_to(
    house_of_cards: FakeHouse, opened: Opener
) -> None:
    with_provider(house_of_cards, autoLaunch=True)
    there = house_of_cards.url("/robots.txt")
    house_of_cards.answers["home/accounts/oidc/begin"] = lambda _: {"url": there}

    page = await opened(house_of_cards.url("/sign-in"))
    await page.wait_for_url(there)
    page = await opened(house_of_cards.url("/sign-in?autoLaunch=0"))
    await expect(page.get_by_role("button", name="Continue with Brandt ID")).to_be_visible()


async def test_provider_that_is_away_is_told_beside_the_password(house_of_cards: FakeHouse, opened: Opener) -> None:
    with_provider(house_of_cards)
    away = "The sign-in provider cannot be used just now: it does not answer in time."
    house_of_cards.answers["home/accounts/oidc/begin"] = lambda _: problem(502, "cloud_unreachable", away)

    page = await opened(house_of_cards.url("/sign-in"), phone=True)
    await page.get_by_role("button", name="Continue with Brandt ID").click()

    await expect(page.get_by_text(away)).to_be_visible()


async def test_address_that_is_no_providers_is_not_gone_to(house_of_cards: FakeHouse, opened: Opener) -> None:
    with_provider(house_of_cards)
    house_of_cards.answers["home/accounts/oidc/begin"] = lambda _: {"url": "javascript:document.title='gone'"}

    page = await opened(house_of_cards.url("/sign-in"))
    await page.get_by_role("button", name="Continue with Brandt ID").click()

    await expect(page.locator("hm-notice")).to_be_visible()
    assert await page.title() != "gone"


async def test_secret_is_entered_and_never_shown(house_of_cards: FakeHouse, opened: Opener) -> None:
    state = SETTINGS
    after = state | {"hasSecret": True, "clientId": "homemedia"}
    house_of_cards.answers["home/accounts/oidc"] = lambda asked: after if asked.method == "PUT" else state
    page = await opened(house_of_cards.url("/admin/sign-in"))
    await expect(page.get_by_label("Address of the provider")).to_be_disabled()
    await page.get_by_label("Client ID").fill("homemedia")
    await page.get_by_label("Client secret").fill("hidden")
    async with page.expect_request(lambda asked: asked.method == "PUT") as put:
        await page.keyboard.press("Enter")

    await expect(page.get_by_text("One is kept.")).to_be_visible()
    assert (await put.value).post_data_json == {"clientId": "homemedia", "clientSecret": "hidden"}
    await expect(page.get_by_label("Client secret")).to_have_value("")


async def test_household_without_passwords_shows_no_form_for_them(house_of_cards: FakeHouse, opened: Opener) -> None:
    with_provider(house_of_cards, has_passwords=False)
    house_of_cards.answers["invite-info/good"] = lambda _: INVITE

    page = await opened(house_of_cards.url("/sign-in"), phone=True)
    await expect(page.get_by_role("button", name="Continue with Brandt ID")).to_be_visible()
    await expect(page.locator("input")).to_have_count(0)
    await page.goto(house_of_cards.url("/join/good"))
    await expect(page.get_by_role("button", name="Join with Brandt ID")).to_be_visible()
    await expect(page.locator("input")).to_have_count(0)
    await page.goto(house_of_cards.url("/sign-in/code"))
    await expect(page.get_by_role("link", name="Other ways to sign in")).to_be_visible()


async def test_first_run_may_begin_at_the_provider(house_of_cards: FakeHouse, opened: Opener) -> None:
    with_provider(house_of_cards, is_claimed=False)
    there = house_of_cards.url("/robots.txt")
    asked: list[Any] = []

    def begin(request: web.Request) -> Any:
        asked.append(request)
        return {"url": there} if len(asked) > 1 else problem(403, "setup_code_required", "From inside, or by code.")

    house_of_cards.answers["home/accounts/oidc/setup"] = begin
    page = await opened(house_of_cards.url("/setup"), phone=True)
    await page.get_by_label("Name of the house").fill("")
    await page.get_by_role("button", name="Set up with Brandt ID").click()
    await expect(page.get_by_text("This is needed.")).to_be_visible()
    assert not asked
    await page.get_by_label("Name of the house").fill("Attic")
    await page.get_by_role("button", name="Set up with Brandt ID").click()
    await page.get_by_label("Setup code").fill("12345678")
    async with page.expect_request(lambda one: one.url.endswith("oidc/setup")) as sent:
        await page.get_by_role("button", name="Set up with Brandt ID").click()

    assert (await sent.value).post_data_json == {
        "serverName": "Attic",
        "setupCode": "12345678",
        "next": "/setup/folders",
    }
    await page.wait_for_url(there)


async def test_passwords_are_switched_off_where_there_is_another_way(house_of_cards: FakeHouse, opened: Opener) -> None:
    cards = [{"enabled": True, "mayClose": False}, {"enabled": True, "mayClose": True}]
    house_of_cards.answers["home/accounts/oidc"] = lambda _: SETTINGS
    house_of_cards.answers["home/accounts/password-login"] = lambda asked: (
        {"enabled": False, "mayClose": True} if asked.method == "PUT" else cards.pop(0)
    )
    page = await opened(house_of_cards.url("/admin/sign-in"))
    switch = page.get_by_role("switch", name="Sign in with a password")
    await expect(switch).to_be_disabled()
    await page.reload()

    async with page.expect_request(lambda asked: asked.method == "PUT") as put:
        await switch.click()

    assert (await put.value).post_data_json == {"enabled": False}
    await expect(switch).not_to_be_checked()
