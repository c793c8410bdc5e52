"""What a person sees when something goes wrong in the middle of a film that is converted."""

import os
import sys

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener
from tests.browser.test_player import STAGE, Cinema, holds
from tests.support.app import House
from tests.support.samples import a_film
from tests.support.streams import FAR, set_pace

FAR_ON_MS = 200_000


@pytest.fixture
async def cinema(claimed: House, opened: Opener) -> Cinema:
    """With a film of four minutes of which nothing is made that nobody asked for."""
    a_film(claimed.media / "Harbour (2001).mkv", seconds=240, size="160x90", rate=10, codec="mpeg4")
    set_pace(claimed, **(FAR | {"least_free_bytes": 0}))
    return Cinema(claimed, opened)


async def test_a_film_pulled_away_is_said_to_be_gone_and_plays_when_it_is_back(cinema: Cinema) -> None:
    key = (await cinema.films())["Harbour"]
    page = await cinema.plays(key)
    path = cinema.house.media / "Harbour (2001).mkv"
    path.rename(path.with_suffix(".away"))

    await page.evaluate(f"{STAGE}.seek({FAR_ON_MS})")

    await expect(page.get_by_role("heading", name="This file is no longer where it was")).to_be_visible()
    assert not cinema.house.server.playback.sessions.living()
    path.with_suffix(".away").rename(path)
    await page.get_by_role("button", name="Try again").click()
    await holds(page, f"s.isShowing && s.time >= {FAR_ON_MS}")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
async def test_a_converter_that_dies_is_not_noticed(cinema: Cinema) -> None:
    key = (await cinema.films())["Harbour"]
    page = await cinema.plays(key)
    (session,) = cinema.house.server.playback.sessions.living()

    async def runs() -> bool:
        return session.pid is not None

    await cinema.house.until(runs)
    assert session.pid is not None
    os.kill(session.pid, 9)
    await page.evaluate(f"{STAGE}.seek({FAR_ON_MS})")

    await holds(page, f"s.isShowing && s.time >= {FAR_ON_MS}")
    assert await page.evaluate("document.querySelector('player-page').playing.trouble") is None
    assert cinema.house.server.playback.sessions.living() == [session]
