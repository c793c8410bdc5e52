"""Clips whose time is over: their files go, what was said stays (clips §10)."""

import pytest

from homemedia.clips.retention import AT_ONCE, DAY_MS
from tests.clips.conftest import Feed
from tests.support.clips import a_clip, a_clip_file


async def keep(feed: Feed, days: int | None) -> None:
    await feed.house.send("PATCH", "/api/group/retention", {"retentionDays": days})


async def sweep(feed: Feed) -> int:
    return await feed.house.server.clips.talk.retention.sweep()


async def test_old_clip_leaves_lists_and_keeps_what_was_said(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, b"bytes", ".mp4")
    path = feed.house.server.places.media_dir / "clips" / name
    await feed.say(feed.ben, "hello")
    await feed.react(feed.ben, "😂")
    await keep(feed, 7)
    feed.clock.pass_ms(7 * DAY_MS - 1000)
    assert await sweep(feed) == 0

    feed.clock.pass_ms(1001)
    assert await sweep(feed) == 1

    await feed.house.idle()
    assert not path.exists()
    shown = await feed.ben.get(feed.at)
    assert (shown["status"], shown["videoPath"], shown["fileSizeBytes"], shown["commentCount"]) == (
        "deleted",
        None,
        None,
        1,
    )
    assert shown["originalUrl"].startswith("https://www.tiktok.com/")
    assert shown["reactions"] == {"😂": {"count": 1, "reacted": True}}
    assert (await feed.ben.get("/clips"))["clips"] == []
    assert await feed.ben.get("/clips/unwatched-count") == {"count": 0}
    assert (await feed.house.get("/api/group/clips"))["totalClips"] == 0
    assert (await feed.house.get("/api/group/stats"))["clipCount"] == 0
    assert await sweep(feed) == 0


async def test_without_a_limit_nothing_goes(feed: Feed) -> None:
    await keep(feed, 7)
    await keep(feed, None)
    feed.clock.pass_ms(1000 * DAY_MS)

    assert await sweep(feed) == 0


async def test_failed_ones_go_and_those_on_their_way_stay(feed: Feed) -> None:
    db, at = feed.house.server.db, feed.clock.now_ms()
    failed = await a_clip(db, feed.ann.id, status="failed", created_at=at)
    coming = await a_clip(db, feed.ann.id, status="downloading", created_at=at)
    await keep(feed, 7)
    feed.clock.pass_ms(8 * DAY_MS)
    young = await a_clip(db, feed.ann.id, created_at=feed.clock.now_ms())

    assert await sweep(feed) == 2

    assert {(await feed.ann.get(f"/clips/{one}"))["status"] for one in (failed, feed.clip_id)} == {"deleted"}
    assert (await feed.ann.get(f"/clips/{coming}"))["status"] == "downloading"
    assert (await feed.ann.get(f"/clips/{young}"))["status"] == "ready"


@pytest.mark.parametrize("keeps", [True, False])
async def test_favourites_stay_where_the_house_says_so(feed: Feed, keeps: bool) -> None:  # noqa: FBT001 - a parameter
    feed.house.server.clips.talk.retention._keeps_favorites = keeps
    await feed.ben.done("POST", f"{feed.at}/favorite")
    await keep(feed, 7)
    feed.clock.pass_ms(8 * DAY_MS)

    assert await sweep(feed) == int(not keeps)
    await feed.ben.done("POST", f"{feed.at}/favorite")
    assert await sweep(feed) == int(keeps)


async def test_years_of_clips_go_in_many_short_steps(feed: Feed) -> None:
    for _ in range(2 * AT_ONCE):
        await a_clip(feed.house.server.db, feed.ann.id, created_at=1)
    await keep(feed, 90)
    feed.clock.pass_ms(91 * DAY_MS)

    assert await sweep(feed) == 2 * AT_ONCE + 1
