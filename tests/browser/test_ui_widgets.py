"""The widgets as they are drawn: measures of the look, keys, and what the page of widgets shows."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

Opener = Callable[..., Awaitable[Page]]

# Widget (by CSS selector on the page of widgets), what inside it is measured, width and height (None: as it comes).
MEASURES = [
    ("hm-button:not([size=small], [size=large])", ".it", None, 40),
    ("hm-button[size=small]", ".it", None, 32),
    ("hm-button[size=large]", ".it", None, 48),
    ("hm-icon-button[square]:not([size=large])", ".it", 40, 40),
    ("hm-chip", ".chip", None, 32),
    ("hm-tabs", ".tab", None, 36),
    ("hm-switch", "button", 40, 24),
    ("hm-checkbox", "button", 20, 20),
    ("hm-badge", None, None, 20),
    ("hm-avatar[size='32']", None, 32, 32),
    ("hm-progress", ".track", None, 4),
    ("hm-progress[bare]", ".counted", None, 8),
    ("hm-field .field-input", None, None, 44),
    ("hm-icon", None, 20, 20),
]


async def box(page: Page, selector: str, inner: str | None) -> dict[str, float]:
    found: dict[str, float] = await page.evaluate(
        """([selector, inner]) => {
            const host = document.querySelector('widgets-side').shadowRoot.querySelector(selector);
            const it = inner ? host.shadowRoot.querySelector(inner) : host;
            const { width, height } = it.getBoundingClientRect();
            return { width, height };
        }""",
        [selector, inner],
    )
    return found


async def shown(opened: Opener, house: Any, **how: Any) -> Page:
    page = await opened(house.url("/settings/widgets"), **how)
    await page.wait_for_selector("widgets-side hm-virtual-grid, widgets-side hm-icon", state="attached")
    return page


async def test_widgets_keep_the_measures_of_the_look(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    wrong = []
    for selector, inner, width, height in MEASURES:
        is_ = await box(page, selector, inner)
        if is_["height"] != pytest.approx(height, abs=0.5) or (width and is_["width"] != pytest.approx(width, abs=0.5)):
            wrong.append((selector, is_))
    assert wrong == []


async def test_what_is_touched_on_a_phone_is_44_high(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards, phone=True)
    for selector, inner in (
        ("hm-button", ".it"),
        ("hm-icon-button", ".it"),
        ("hm-tabs", ".tab"),
        ("hm-button[size=small]", ".it"),
    ):
        assert (await box(page, selector, inner))["height"] >= 44, selector


async def test_page_of_widgets_never_scrolls_sideways(opened: Opener, house_of_cards: Any) -> None:
    for phone in (False, True):
        page = await shown(opened, house_of_cards, phone=phone)
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


async def test_themes_differ_and_follow_the_device(opened: Opener, house_of_cards: Any) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = await (await shown(opened, house_of_cards)).evaluate(ground)
    page = await shown(opened, house_of_cards, dark=True)
    assert await page.evaluate(ground) != light
    await house_of_cards.inside(page, "ui/theme.js", "m.theme.set('light')")
    assert await page.evaluate(ground) == light


async def test_menu_opens_by_key_moves_by_arrows_and_gives_the_focus_back(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    opener = page.get_by_role("button", name="Open the menu").first
    await opener.focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Play next").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Mark as watched").first).to_be_focused()
    await page.keyboard.press("s")
    await expect(page.get_by_role("menuitem", name="Share").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menuitem", name="Share").first).to_be_hidden()
    await expect(opener).to_be_focused()


async def test_menu_tells_what_was_chosen(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    await page.evaluate("addEventListener('hm-select', (event) => { window.chosen = event.detail.id; })")
    await page.get_by_role("button", name="Open the menu").first.click()
    await page.get_by_role("menuitem", name="Delete").first.click()
    assert await page.evaluate("window.chosen") == "delete"


async def test_dialog_closes_by_escape_and_answers_no(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    asked = "{ heading: 'Remove Ben?', text: 'For good.', action: 'Remove' }"
    answer = f"void m.confirmDialog({asked}).then((yes) => {{ window.answer = yes; }})"
    await house_of_cards.inside(page, "ui/dialog.js", answer)
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.wait_for_function("() => window.answer === false")


async def test_toast_undoes_once_and_leaves(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    await page.get_by_role("button", name="Show a toast").first.click()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("They are back")).to_be_visible()
    await expect(page.get_by_text("3 photos moved to the bin")).to_have_count(0)


async def test_toast_leaves_after_eight_seconds_unless_hovered(opened: Opener, house_of_cards: Any) -> None:
    page = await opened("about:blank")
    await page.clock.install()
    await page.goto(house_of_cards.url("/settings/widgets"))
    await page.get_by_role("button", name="Show a toast").first.click()
    words = page.get_by_text("3 photos moved to the bin")
    await expect(words).to_be_visible()
    await words.hover()
    await page.clock.run_for(20_000)
    await expect(words).to_be_visible()
    await page.mouse.move(5, 5)
    await page.clock.run_for(8_500)
    await expect(words).to_have_count(0)


async def test_field_submits_its_form_on_enter_and_shows_a_password_when_asked(
    opened: Opener, house_of_cards: Any
) -> None:
    page = await shown(opened, house_of_cards)
    await page.evaluate(
        """() => {
            const form = document.createElement('form');
            const add = (name, what) => form.append(Object.assign(document.createElement(name), what));
            add('hm-field', { label: 'Secret', type: 'password', name: 'secret' });
            add('hm-field', { label: 'Other', name: 'other' });
            add('hm-button', { type: 'submit', textContent: 'Send it' });
            form.addEventListener('submit', (event) => {
                event.preventDefault();
                window.sent = (window.sent ?? 0) + 1;
                window.form = Object.fromEntries(new FormData(form));
            });
            document.body.prepend(form);
        }"""
    )
    field = page.get_by_label("Secret", exact=True)
    await field.fill("horse")
    await field.press("Enter")
    await page.get_by_role("button", name="Send it").click()
    assert await page.evaluate("[window.sent, window.form]") == [2, {"secret": "horse", "other": ""}]
    await page.get_by_role("button", name="Show the password").first.click()
    assert await field.get_attribute("type") == "text"


async def test_busy_button_cannot_be_pressed_twice(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    pressed = await page.evaluate(
        """async () => {
            const button = Object.assign(document.createElement('hm-button'), { busy: true, textContent: 'Saving' });
            let count = 0;
            button.addEventListener('click', () => { count += 1; });
            document.body.append(button);
            await button.updateComplete;
            button.shadowRoot.querySelector('button').click();
            button.busy = false;
            await button.updateComplete;
            button.shadowRoot.querySelector('button').click();
            return count;
        }"""
    )
    assert pressed == 1


async def test_switch_and_checkbox_tell_their_state(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    switch = page.get_by_role("switch", name="Watch folders").first
    await expect(switch).to_be_checked()
    await switch.click()
    await expect(switch).not_to_be_checked()
    box_ = page.get_by_role("checkbox", name="Not").first
    await box_.focus()
    await page.keyboard.press("Space")
    await expect(box_).to_be_checked()


async def test_copying_works_without_a_clipboard(opened: Opener, house_of_cards: Any) -> None:
    page = await shown(opened, house_of_cards)
    copied = await page.evaluate(
        f"""async () => {{
            Object.defineProperty(navigator, 'clipboard', {{ value: undefined }});
            let text = null;
            document.addEventListener('copy', () => {{ text = document.activeElement.value; }});
            const {{ copyText }} = await import('{house_of_cards.assets}/ui/platform.js');
            const done = await copyText('http://attic.local:8420/join/abc');
            return [done, text];
        }}"""
    )
    assert copied == [True, "http://attic.local:8420/join/abc"]
