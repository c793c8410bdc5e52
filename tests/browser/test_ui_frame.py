"""The frame: addresses, Back, focus, who may see what, and what happens when the server is away."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.async_api import Page, expect

Opener = Callable[..., Awaitable[Page]]

TRY_PAGES = (Path(__file__).parent / "try_pages.js").read_text()


async def tried(opened: Opener, house: Any, **how: Any) -> Page:
    """A window that shows 100,000 numbers."""
    house.answers["numbers"] = lambda _: {"total": 100_000}
    page = await opened(house.url("/settings/widgets"), **how)
    await page.wait_for_selector("widgets-page", state="attached")
    await page.evaluate(TRY_PAGES, house.assets)
    await expect(page.get_by_role("link", name="Film 0,")).to_be_visible()
    return page


async def test_navigation_keeps_the_page_names_it_and_focuses_its_heading(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    await page.evaluate("window.same = true")
    await page.get_by_role("link", name="Film 3,").click()
    await expect(page.get_by_role("heading", name="Number 3")).to_be_focused()
    assert page.url.endswith("/try/3")
    assert await page.title() == "One · Attic"
    assert await page.evaluate("window.same"), "the document was loaded anew"


async def test_back_restores_where_the_list_was_scrolled_to(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    await page.evaluate("scrollTo(0, 500000)")
    link = page.get_by_role("link", name="Film 11039,")
    await expect(link).to_be_attached()
    await house_of_cards.inside(page, "router.js", "m.go('/try/11039')")
    await expect(page.get_by_role("heading", name="Number 11039")).to_be_visible()
    assert await page.evaluate("scrollY") == 0
    await page.go_back()
    await page.wait_for_function("() => Math.abs(scrollY - 500000) < 2")
    await expect(link).to_be_attached()


async def test_filters_live_in_the_address_and_the_page_stays(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    await page.evaluate("window.first = document.querySelector('try-list')")
    await house_of_cards.inside(page, "router.js", "m.setSearch({ sort: 'year', empty: null })")
    await expect(page.get_by_text("by year")).to_be_visible()
    assert page.url.endswith("/try?sort=year")
    assert await page.evaluate("window.first === document.querySelector('try-list')")


async def test_grid_of_a_hundred_thousand_keeps_only_what_is_seen(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    grid = "document.querySelector('try-list').shadowRoot.querySelector('hm-virtual-grid')"
    count = f"{grid}.shadowRoot.querySelectorAll('.cell').length"
    assert await page.evaluate(count) < 100
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await expect(page.get_by_role("link", name="Film 99999,")).to_be_visible()
    assert await page.evaluate(count) < 100


async def test_arrows_walk_over_the_grid(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    await page.get_by_role("link", name="Film 0,").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("link", name="Film 1,")).to_be_focused()
    for row in range(1, 5):
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_role("link", name=f"Film {1 + 7 * row},")).to_be_focused()
    await page.keyboard.press("End")
    await expect(page.get_by_role("link", name="Film 99999,")).to_be_focused()


async def test_places_without_content_are_not_shown(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    places = page.get_by_role("navigation", name="Places")
    await expect(places.get_by_role("link", name="Tried")).to_have_attribute("aria-current", "page")
    await expect(places.get_by_role("link", name="Never")).to_have_count(0)


async def test_rail_becomes_a_bar_of_72_on_a_phone(opened: Opener, house_of_cards: Any) -> None:
    desktop = await (await tried(opened, house_of_cards)).get_by_role("navigation", name="Places").bounding_box()
    phone = (
        await (await tried(opened, house_of_cards, phone=True)).get_by_role("navigation", name="Places").bounding_box()
    )
    assert desktop == {"x": 0, "y": 0, "width": 84, "height": 900}
    assert phone == {"x": 0, "y": 844 - 72, "width": 390, "height": 72}


async def test_unknown_address_says_so_inside_the_frame(opened: Opener, house_of_cards: Any) -> None:
    page = await opened(house_of_cards.url("/no/such/place"))
    await expect(page.get_by_role("heading", name="There is nothing at this address").last).to_be_visible()
    await expect(page.get_by_role("navigation", name="Places")).to_be_visible()


async def test_page_for_administrators_is_told_from_an_unknown_one(opened: Opener, house_of_cards: Any) -> None:
    house_of_cards.user["isAdmin"] = False
    page = await opened(house_of_cards.url("/settings/widgets"))
    await expect(page.get_by_role("heading", name="This page is for administrators").last).to_be_visible()


async def test_stranger_is_led_to_sign_in_and_knows_the_way_back(opened: Opener, house_of_cards: Any) -> None:
    house_of_cards.user = None
    page = await opened(house_of_cards.url("/films?sort=year"))
    await page.wait_for_url("**/sign-in?next=%2Ffilms%3Fsort%3Dyear")


async def test_ended_session_leads_to_sign_in(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    house_of_cards.user = None
    house_of_cards.answers.clear()
    await house_of_cards.inside(page, "api.js", "m.api.get('/api/libraries').catch(() => {})")
    await page.wait_for_url("**/sign-in?next=%2Ftry")


async def test_error_carries_its_code_and_sentence(opened: Opener, house_of_cards: Any) -> None:
    body = {
        "message": "Another library has this name.",
        "code": "name_taken",
        "details": [{"field": "name", "reason": "taken"}],
    }
    house_of_cards.answers["taken"] = lambda _: web.json_response(body, status=409)
    page = await tried(opened, house_of_cards)
    what = "[e.status, e.code, e.message, e.field('name')]"
    told = await house_of_cards.inside(page, "api.js", f"m.api.post('/api/taken', {{}}).catch((e) => {what})")
    assert told == [409, "name_taken", "Another library has this name.", "taken"]


async def test_server_that_is_away_is_told_of_and_waited_for(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    await page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    await house_of_cards.inside(page, "api.js", "void m.api.get('/api/numbers').then((n) => { window.numbers = n; })")
    banner = page.get_by_text("The server is not answering")
    await expect(banner).to_be_visible()
    refused = await house_of_cards.inside(page, "api.js", "m.api.post('/api/numbers', {}).catch((e) => e.code)")
    assert refused == "offline"
    await page.unroute_all()
    await expect(banner).to_have_count(0)
    await page.wait_for_function("() => window.numbers?.total === 100000")


async def test_change_of_a_library_reads_what_is_on_screen_again(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    await house_of_cards.inside(
        page, "api.js", "(window.query = m.query('/api/libraries/films/items')).subscribe(() => {}) && null"
    )
    house_of_cards.answers["libraries/films/items"] = lambda _: {"totalCount": 7}
    await page.wait_for_function("() => window.query.data || window.query.error")
    await house_of_cards.tell({"event": "library.changed", "library_id": "films", "cursor": 8})
    await page.wait_for_function("() => window.query.data?.totalCount === 7")


async def test_server_that_fails_at_the_start_is_quoted_instead_of_a_blank_page(
    opened: Opener, house_of_cards: Any
) -> None:
    body = {"message": "The database is being restored.", "code": "busy", "details": []}
    house_of_cards.answers["auth/me"] = lambda _: web.json_response(body, status=503)
    page = await opened(house_of_cards.url("/"))
    await expect(page.get_by_text("The database is being restored.")).to_be_visible()
    await expect(page.get_by_role("button", name="Load again")).to_be_visible()


async def test_avatar_menu_changes_the_theme_and_signs_out(opened: Opener, house_of_cards: Any) -> None:
    page = await tried(opened, house_of_cards)
    ended = []

    def out(_: web.Request) -> dict[str, bool]:
        ended.append(True)
        house_of_cards.user = None
        return {"successful": True}

    house_of_cards.answers["auth/logout"] = out
    await page.get_by_role("button", name="Lina").click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await page.get_by_role("button", name="Lina").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.wait_for_url("**/sign-in")
    assert ended == [True]
