"""What lies in the folder of clips and belongs to none goes; and how often what is done."""

import asyncio
from pathlib import Path

import pytest

from homemedia.clips.sweep import YOUNG_MS
from homemedia.clips.sweep_rounds import Round, Rounds
from homemedia.core.problems import StorageFull
from tests.clips.conftest import Feed
from tests.support.clips import a_clip_file


def folder(feed: Feed) -> Path:
    return feed.house.server.places.media_dir / "clips"


async def sweep(feed: Feed) -> int:
    gone = await feed.house.server.clips.talk.sweep.sweep()
    await feed.house.idle()
    return gone


async def test_file_without_a_row_goes_and_a_clips_stays(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, b"bytes", ".mp4")
    (folder(feed) / "left.mp4").write_bytes(b"left")
    (folder(feed) / "below").mkdir()
    (folder(feed) / "below" / "left.jpg").write_bytes(b"left")
    beside = feed.house.server.places.media_dir / "photos.txt"
    beside.write_text("not ours")

    assert await sweep(feed) == 2

    assert [one.name for one in folder(feed).iterdir() if one.is_file()] == [name]
    assert beside.exists()
    assert await sweep(feed) == 0


async def test_row_that_no_clip_refers_to_goes_once_it_is_old(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, b"bytes", ".mp4")
    async with feed.house.server.db.write() as tx:
        await tx.run("UPDATE clip SET video_file_id = NULL")
    assert await sweep(feed) == 0

    feed.clock.pass_ms(YOUNG_MS + 1)
    assert await sweep(feed) == 1

    assert not (folder(feed) / name).exists()
    assert await feed.rows("SELECT count(*) FROM file WHERE path LIKE 'clips/%'") == [(0,)]


async def test_missing_file_is_noted_and_its_clip_stays(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, b"bytes", ".mp4")
    (folder(feed) / name).unlink()

    assert await sweep(feed) == 0

    assert (await feed.ann.get(feed.at))["status"] == "ready"
    assert await feed.rows("SELECT missing_since_at IS NOT NULL FROM file WHERE path LIKE 'clips/%'") == [(1,)]


# Rounds


async def test_each_work_has_its_own_pace_and_one_that_fails_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []
    enough = asyncio.Event()

    async def works() -> None:
        done.append("works")

    async def waits() -> None:
        done.append("waits")

    async def fails() -> None:
        done.append("fails")
        if done.count("fails") == 3:
            enough.set()
        raise StorageFull("full") if done.count("fails") == 1 else RuntimeError("broken")

    rounds = (Round("a", works, 0, 0.001), Round("b", waits, 3600, 0), Round("c", fails, 0.001, 0.001))
    async with Rounds(rounds), asyncio.timeout(10):
        await enough.wait()

    assert done.count("works") >= 2
    assert "waits" not in done
    assert "the c has to wait: full" in caplog.text
    assert "the c failed" in caplog.text
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("clips ")]


async def test_server_makes_its_rounds(feed: Feed) -> None:
    names = {task.get_name() for task in asyncio.all_tasks()}

    assert {"clips retention", "clips reminder", "clips sweep"} <= names
