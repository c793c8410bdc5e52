"""Indexes of keyframes are found once, kept per file, and built in the background where that takes long."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.core.clock import Clock
from homemedia.core.jobs import Jobs
from homemedia.core.problems import AppError, TimedOut
from homemedia.media import OperationFailed, Probe
from homemedia.media.hls.index import KeyframeIndex
from homemedia.playback.keyframes import BUILD, LANE, Keyframes
from tests.support.builders import Builders, a_database, a_probe

S = 1_000_000
WHOLE = KeyframeIndex(times_us=(0, 4 * S, 8 * S), end_us=10 * S, frame_rate=25.0)
PART = KeyframeIndex(times_us=(0, 4 * S), end_us=9000 * S, is_whole=False)
SPARSE = KeyframeIndex(times_us=(0,), end_us=60 * S, obstacle="sparse")


class Film(msgspec.Struct, frozen=True):
    file_id: int
    path: Path = Path("/films/heat.ts")
    size_bytes: int = 1000
    mtime_ns: int = 5
    probe: Probe | None = None


class Finder:
    """Answers what it is given, in order; a number of seconds to look means that somebody waits."""

    def __init__(self) -> None:
        self.answers: list[KeyframeIndex | AppError] = []
        self.asked: list[tuple[int | None, float]] = []
        self.gate: asyncio.Event | None = None

    async def keyframes(self, path: Path, *, track: int | None = None, limit_s: float = 8.0) -> KeyframeIndex:
        assert path == Path("/films/heat.ts")
        self.asked.append((track, limit_s))
        if self.gate is not None:
            await self.gate.wait()
        answer = self.answers.pop(0)
        if isinstance(answer, AppError):
            raise answer
        return answer


class Desk:
    film: Film

    def __init__(self, db: Any) -> None:
        self.finder = Finder()
        self.jobs = Jobs(db)
        self.jobs.lane(LANE, 1)
        db.on_jobs = self.jobs.wake
        self.keyframes = Keyframes(db, self.finder, self.jobs, Clock())
        self.keyframes.register()

    async def state(self) -> str:
        return await self.keyframes.state(self.film.file_id, self.film.size_bytes, self.film.mtime_ns)

    async def until_built(self) -> None:
        async with asyncio.timeout(5), self.jobs:
            while await self.jobs.open(BUILD):
                await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[Desk]:
    async with a_database(folder) as db:
        house = Builders(db)
        library = await house.a_library()
        item = await house.a_film(library, "Heat")
        rows = await db.read("SELECT file_id FROM item_file WHERE item_id = :id", {"id": item.item_id})
        desk = Desk(db)
        desk.film = Film(rows[0]["file_id"], probe=a_probe())
        async with desk.keyframes:
            yield desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as made:
        yield made


async def test_index_is_looked_for_once(desk: Desk) -> None:
    desk.finder.answers = [WHOLE]

    assert await desk.state() == "none"
    assert await desk.keyframes.of(desk.film) == WHOLE
    assert await desk.keyframes.of(desk.film) == WHOLE
    assert desk.finder.asked == [(0, 8.0)]
    assert await desk.state() == "ready"


async def test_changed_file_is_looked_into_again(desk: Desk) -> None:
    desk.finder.answers = [WHOLE, SPARSE]
    changed = msgspec.structs.replace(desk.film, mtime_ns=6)

    await desk.keyframes.of(desk.film)

    assert await desk.keyframes.of(changed) is None
    assert await desk.keyframes.outline(changed) == SPARSE
    assert len(desk.finder.asked) == 2


async def test_those_who_ask_at_once_share_one_search_and_may_give_up(desk: Desk) -> None:
    desk.finder.answers, desk.finder.gate = [WHOLE], asyncio.Event()
    first, second = (asyncio.create_task(desk.keyframes.of(desk.film)) for _ in range(2))
    while not desk.finder.asked:
        await asyncio.sleep(0)

    first.cancel()
    assert await desk.state() == "building"
    desk.finder.gate.set()

    assert await second == WHOLE
    assert len(desk.finder.asked) == 1


async def test_what_takes_too_long_is_built_in_the_background(desk: Desk) -> None:
    desk.finder.answers = [PART, WHOLE]

    assert await desk.keyframes.of(desk.film) is None
    outline = await desk.keyframes.outline(desk.film)
    assert outline is not None
    assert outline.end_us == 9000 * S
    assert len(desk.finder.asked) == 1
    await desk.until_built()

    assert await desk.keyframes.of(desk.film) == WHOLE
    assert [limit for _, limit in desk.finder.asked] == [8.0, 6 * 3600]


async def test_disk_that_does_not_answer_is_tried_again_later(desk: Desk) -> None:
    desk.finder.answers = [TimedOut("slow", code="timeout"), WHOLE]

    assert await desk.keyframes.of(desk.film) is None
    await desk.until_built()

    assert await desk.keyframes.of(desk.film) == WHOLE


async def test_file_that_cannot_be_read_is_not_tried_each_time(desk: Desk) -> None:
    desk.finder.answers = [OperationFailed("damaged", code="probe_failed")]

    assert await desk.keyframes.of(desk.film) is None
    assert await desk.keyframes.of(desk.film) is None

    assert len(desk.finder.asked) == 1
    assert await desk.state() == "none"


async def test_file_that_is_away_may_come_back(desk: Desk) -> None:
    desk.finder.answers = [OperationFailed("gone", code="file_missing"), WHOLE]

    assert await desk.keyframes.of(desk.film) is None
    assert await desk.keyframes.of(desk.film) == WHOLE


async def test_forgotten_file_leaves_nothing_behind(desk: Desk) -> None:
    desk.finder.answers = [WHOLE]
    stranger = msgspec.structs.replace(desk.film, file_id=desk.film.file_id + 99)

    assert await desk.keyframes.of(stranger) == WHOLE
    assert await desk.keyframes.state(stranger.file_id, 1000, 5) == "none"
