"""Clips that go, for good or when their time is over."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.app import House, a_house
from tests.support.clip_source import LINK, Plan, StandIn, clip_files, clip_row, stand_in, submitted
from tests.support.household import Person, a_household
from tests.support.samples import a_film

TABLES = (
    "clip",
    "clip_watch",
    "clip_favorite",
    "clip_reaction",
    "clip_comment",
    "clip_comment_heart",
    "clip_comment_view",
    "clip_dismissal",
    "clip_unwatched",
    "notification",
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


@pytest.fixture
def sites(house: House, tmp_path: Path) -> StandIn:
    found = stand_in(house)
    found.usual = Plan(media=a_film(tmp_path / "source" / "film.mp4"))
    return found


async def count(house: House, table: str) -> int:
    rows = await house.server.db.read(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - a name of our own
    return int(rows[0]["n"])


async def talked_over(house: House, clip_id: str, ann: Person) -> None:
    """All that can be done at a clip is done."""
    said = (await house.send("POST", f"/api/clips/{clip_id}/comments", {"text": "hello @ann"}, 201))["comment"]
    await ann.done("POST", f"/clips/{clip_id}/comments", {"text": "hello", "parentId": said["id"]})
    await ann.done("POST", f"/clips/{clip_id}/comments/{said['id']}/heart")
    await ann.done("POST", f"/clips/{clip_id}/reactions", {"emoji": "👍"})
    await house.send("POST", f"/api/clips/{clip_id}/favorite")
    await ann.done("POST", f"/clips/{clip_id}/comments/viewed")
    await ann.done("POST", "/clips/dismiss", {"keepIds": []})
    await house.idle()


async def test_nothing_is_left_of_a_clip_that_was_removed(house: House, sites: StandIn) -> None:
    ann = (await a_household(house, "ann"))["ann"]
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    await talked_over(house, clip_id, ann)
    assert await count(house, "clip_dismissal") == 1
    assert await count(house, "notification") > 0
    async with house.server.db.write() as tx:
        assert await house.server.clips.removal.remove(tx, [clip_id]) == 1
    await house.idle()
    assert {table: await count(house, table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    assert await count(house, "file") == 0
    assert clip_files(house) == []
    # The link is free again.
    assert await submitted(house, LINK.format(1)) != clip_id
    await house.idle()
    assert len(sites.wishes) == 2


async def test_clip_whose_time_is_over_keeps_what_was_said(house: House, sites: StandIn) -> None:
    ann = (await a_household(house, "ann"))["ann"]
    clip_id = await submitted(house, LINK.format(1), title="mine")
    await house.idle()
    await talked_over(house, clip_id, ann)
    async with house.server.db.write() as tx:
        assert await house.server.clips.removal.expire(tx, [clip_id, "nobody"]) == 1
    await house.idle()
    row = await clip_row(house, clip_id)
    assert (row["status"], row["video_file_id"], row["thumbnail_file_id"], row["size_bytes"]) == (
        "deleted",
        None,
        None,
        None,
    )
    assert clip_files(house) == []
    assert await count(house, "clip_comment") == 2
    assert await count(house, "file") == 0
    assert (await house.get(f"/api/clips/{clip_id}"))["videoPath"] is None
    assert await submitted(house, LINK.format(1)) == clip_id
    await house.idle()
    assert clip_files(house) == [f"clips/{clip_id}.jpg", f"clips/{clip_id}.mp4"]
    assert (await ann.get("/clips/unwatched-count"))["count"] == 1
    assert len(sites.wishes) == 2


async def test_of_a_watch_and_a_removal_at_once_one_wins(house: House, sites: StandIn) -> None:
    ann = (await a_household(house, "ann"))["ann"]
    sites.usual = Plan(refusal="unavailable")
    for number in range(8):
        clip_id = await submitted(house, LINK.format(number), ann.device)
        await house.idle()
        asked = {
            "gone": ann.ask("DELETE", f"/clips/{clip_id}"),
            "edited": ann.ask("PATCH", f"/clips/{clip_id}", {"title": "later"}),
            "watched": Person("admin", "", house.client).ask("POST", f"/clips/{clip_id}/watched"),
        }
        order = sorted(asked, reverse=bool(number % 2))
        found = dict(zip(order, await asyncio.gather(*(asked[name] for name in order)), strict=True))
        gone, edited, watched = (found[name][0] for name in ("gone", "edited", "watched"))
        assert (gone, watched) in {(200, 404), (403, 200)}
        assert edited in {200, 403, 404}


async def test_what_is_still_fetched_does_not_run_out_of_time(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    clip_id = await submitted(house, LINK.format(1))
    async with house.server.db.write() as tx:
        assert await house.server.clips.removal.expire(tx, [clip_id]) == 0
    assert (await clip_row(house, clip_id))["status"] == "downloading"
