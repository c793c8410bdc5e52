"""What is taken away from a member while he plays: time, sight, downloads, converting."""

import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.playback import limits
from tests.support.app import House, a_house
from tests.support.samples import a_film

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Home:
    """A house with one film, and a child who may be kept from it."""

    house: House
    child: TestClient[Any, Any]
    user_id: str
    file_id: int
    path: str

    async def restrict(self, **body: Any) -> None:
        await self.house.send("PUT", f"/api/users/{self.user_id}/restrictions", body)

    async def asked(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Status and code of an answer to the child."""
        async with self.child.request(method, path, **options) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, (await answer.json()).get("code", "") if is_json else ""

    @property
    def not_now(self) -> list[dict[str, Any]]:
        """A schedule that has no room for today."""
        today = datetime.fromtimestamp(self.house.server.clock.now_ms() / 1000).weekday()  # noqa: DTZ006 - the server's
        return [{"days": [DAYS[(today + 3) % 7]], "from": "10:00", "to": "11:00"}]


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    monkeypatch.setattr(limits, "LOOK_EVERY_S", 0.05)
    film = a_film(tmp_path / "media" / "Harbour Lights (2011).mp4", seconds=2)
    os.utime(film, (0, 0))
    async with a_house(tmp_path) as house:
        await house.claim()
        library = await house.add_library("Films", "movie", tmp_path / "media")
        made = await house.send("POST", "/api/users", {"username": "child", "password": "1234"}, 201)
        (item,) = (await house.get(f"/api/libraries/{library['id']}/items"))["items"]
        found = Home()
        found.house, found.user_id = house, made["user"]["id"]
        found.file_id = (await house.get(f"/api/media/{item['id']}"))["files"][0]["id"]
        found.path = f"/api/stream/{found.file_id}"
        found.child = house.stranger()
        await found.asked("POST", "/api/auth/login", json={"username": "child", "password": "1234"})
        yield found


async def test_outside_his_times_he_plays_nothing_and_lists_stay(home: Home) -> None:
    await home.restrict(schedule=home.not_now)

    for method, path in (
        ("GET", home.path),
        ("GET", f"/api/media/{home.file_id}/playback-info"),
        ("POST", f"/api/transcode/{home.file_id}"),
    ):
        assert await home.asked(method, path) == (403, "outside_schedule"), path
    assert await home.asked("GET", "/api/libraries") == (200, "")
    await home.restrict(schedule=[])
    assert await home.asked("GET", home.path) == (200, "")


async def test_downloads_may_be_taken_away(home: Home) -> None:
    await home.restrict(allowDownload=False)

    assert await home.asked("GET", f"{home.path}?download=1") == (403, "download_not_allowed")
    assert await home.asked("GET", home.path) == (200, "")


@pytest.mark.parametrize("body", [{"libraries": []}, {"maxAge": 6}, {"schedule": ()}])
async def test_what_he_plays_ends_when_it_is_taken_away(home: Home, body: dict[str, Any]) -> None:
    assert await home.asked("GET", home.path) == (200, "")
    activity = home.house.server.playback.activity
    assert activity.played()

    await home.restrict(**(body if "schedule" not in body else {"schedule": home.not_now}))

    async def has_ended() -> bool:
        return not activity.played()

    await home.house.until(has_ended)


async def test_languages_he_prefers_are_asked_for(home: Home) -> None:
    async with home.child.put("/api/home/accounts/preferences", json={"subtitleMode": "always"}) as answer:
        assert answer.status == 200

    assert await home.asked("GET", f"/api/media/{home.file_id}/playback-info") == (200, "")
