"""The photo API's queues: what they tell, and that a queue that is held does nothing."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from homemedia.photos.queues.names import QUEUES
from tests.support.app import PASSWORD, House, a_house
from tests.support.uploads import uploaded


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


def a_picture(shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 60, 30)).save(out, "JPEG")
    return out.getvalue()


async def command(house: House, name: str, word: str, **more: Any) -> Any:
    return await house.send("PUT", f"/api/jobs/{name}", {"command": word, **more})


async def test_every_queue_is_told(house: House) -> None:
    await house.idle()
    queues = await house.get("/api/jobs")

    assert len(queues) == 19
    assert queues.keys() == QUEUES.keys()
    assert queues["thumbnailGeneration"]["queueStatus"] == {"isActive": False, "isPaused": False}
    assert set(queues["library"]["jobCounts"]) == {"active", "completed", "failed", "delayed", "waiting", "paused"}


async def test_held_queue_makes_no_pictures_until_it_is_let_go(house: House) -> None:
    for name in ("thumbnailGeneration", "metadataExtraction"):
        assert (await command(house, name, "pause"))["queueStatus"]["isPaused"] is True
    photo_id = await uploaded(house.client, a_picture())

    queues = await house.get("/api/jobs")
    assert queues["thumbnailGeneration"]["jobCounts"]["paused"] == 1
    assert house.server.jobs.running("photo.settle") == []

    for name in ("thumbnailGeneration", "metadataExtraction"):
        await command(house, name, "resume")
    await house.idle()
    shown = await house.get(f"/api/assets/{photo_id}")
    assert shown["resized"] is True
    assert (await house.get("/api/jobs"))["thumbnailGeneration"]["jobCounts"]["waiting"] == 0


async def test_what_is_held_stays_held_over_a_restart(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.claim()
        await command(house, "library", "pause")
    async with a_house(tmp_path) as house:
        assert "scan" in house.server.jobs.held


async def test_pictures_are_made_anew_when_all_are_asked_for(house: House) -> None:
    photo_id = await uploaded(house.client, a_picture())
    await house.idle()
    before = (await house.get(f"/api/assets/{photo_id}"))["updatedAt"]

    await command(house, "thumbnailGeneration", "start", force=True)
    await house.idle()

    assert (await house.get(f"/api/assets/{photo_id}"))["updatedAt"] > before


async def test_what_has_not_begun_can_be_forgotten(house: House) -> None:
    for name in ("thumbnailGeneration", "metadataExtraction"):
        await command(house, name, "pause")
    await uploaded(house.client, a_picture())

    for name in ("thumbnailGeneration", "metadataExtraction"):
        assert (await command(house, name, "empty"))["jobCounts"]["paused"] == 0
        await command(house, name, "clear-failed")
        await command(house, name, "resume")
    await house.idle()


async def test_chores_are_done(house: House) -> None:
    async with house.client.post("/api/jobs", json={"name": "user-cleanup"}) as answer:
        assert answer.status == 204


async def test_wrong_words_are_refused(house: House) -> None:
    assert (await house.send("PUT", "/api/jobs/dishes", {"command": "pause"}, 400))["message"] == "Validation failed"
    await house.send("PUT", "/api/jobs/library", {"command": "burn"}, 400)
    await house.send("POST", "/api/jobs", {"name": "dishes"}, 400)


async def test_members_have_no_say(house: House) -> None:
    body = {"email": "ben@example.org", "password": PASSWORD, "name": "Ben"}
    await house.send("POST", "/api/admin/users", body, 201)
    ben = house.stranger()
    async with ben.post("/api/auth/login", json=body) as answer:
        assert answer.status == 201
    async with ben.get("/api/jobs") as answer:
        assert (answer.status, (await answer.json())["message"]) == (403, "Forbidden")
