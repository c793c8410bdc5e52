"""Small pictures are made when nobody is disturbed, once for each file, and within their room."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.jobs import Jobs
from homemedia.core.problems import AppError, NotFound, TimedOut
from homemedia.core.stillness import Disturbed, Stillness
from homemedia.library.files import FileService
from homemedia.media import OperationFailed, WorkerCrashed
from homemedia.media.trickplay import Sheet, SheetRequest
from homemedia.playback.trickplay import KIND, LANE, Trickplay
from tests.support.builders import Builders, Library, a_database, a_probe
from tests.support.fakes import FakeClock

PATIENCE_S = 30.0
SHEET_BYTES = 1000
HOUR_MS = 3_600_000


class Maker:
    """Writes sheets of a thousand bytes, unless there are `answers` for a film to raise, and the `gate` is shut."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.answers: dict[str, list[AppError]] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_working = False
        self.pictures = 100

    async def sheet(self, request: SheetRequest) -> Sheet:
        self.asked.append((Path(request.source).name, request.sheet))
        self.is_working = True
        try:
            await self.gate.wait()
        finally:
            self.is_working = False
        if answers := self.answers.get(Path(request.source).name):
            raise answers.pop(0)
        Path(request.target).write_bytes(bytes(SHEET_BYTES))  # noqa: ASYNC240 - a thousand bytes
        return Sheet(size_bytes=SHEET_BYTES, pictures=self.pictures)


class Desk:
    """A house with films of two hours, eight sheets each, and who makes them."""

    alice: Member
    library: Library

    def __init__(self, db: Database, folder: Path, *, limit_bytes: int) -> None:
        self.db = db
        self.folder = folder
        self.clock = FakeClock()
        self.house = Builders(db)
        self.maker = Maker()
        self.is_busy = False
        self.jobs = Jobs(db, self.clock)
        self.jobs.lane(LANE, 1)
        db.on_jobs = self.jobs.wake
        self.stillness = Stillness(lambda: self.is_busy, calm_s=0, look_s=PATIENCE_S)
        self.trickplay = self.another(self.jobs, limit_bytes=limit_bytes)
        self.trickplay.register()

    def another(self, jobs: Jobs, *, limit_bytes: int) -> Trickplay:
        """One more over the same house, as after a restart."""
        return Trickplay(
            self.db,
            FileService(self.db),
            self.maker,
            jobs,
            self.folder,
            self.stillness,
            self.clock,
            limit_bytes=limit_bytes,
            least_free_bytes=0,
        )

    async def a_film(self, name: str, **more: Any) -> int:
        library = self.library
        item = await self.house.an_item(library, title=name)
        return (await self.house.a_file(library, item, path=f"{name}.mkv", **more)).file_id

    def busy(self, *, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.stillness.look()

    async def state(self, file_id: int) -> str:
        return (await self.trickplay.of(self.alice, file_id)).state

    async def work(self) -> None:
        """Do all there is to do, then stop."""
        await self.trickplay.wish("test")
        async with self.jobs:
            await self.until(self._is_done)

    async def _is_done(self) -> bool:
        return not await self.jobs.open(KIND)

    async def until(self, holds: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not await holds():
                await asyncio.sleep(0)

    async def until_working(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.maker.is_working:
                await asyncio.sleep(0)

    @property
    def folders(self) -> list[str]:
        return sorted(entry.name.partition("-")[0] for entry in self.folder.iterdir())


@contextlib.asynccontextmanager
async def a_desk(folder: Path, *, limit_bytes: int = 1 << 30) -> AsyncIterator[Desk]:
    async with a_database(folder) as db:
        desk = Desk(db, folder / "sheets", limit_bytes=limit_bytes)
        desk.alice = await desk.house.a_member("alice", is_admin=True)
        desk.library = await desk.house.a_library("Films")
        async with desk.trickplay:
            async with desk.jobs:
                await desk.until(desk._is_done)  # each start looks what is owed
            yield desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as made:
        yield made


# Making


async def test_every_film_gets_its_sheets_the_newest_first(desk: Desk) -> None:
    old = await desk.a_film("old", added_at=1)
    new = await desk.a_film("new", added_at=2)

    await desk.work()

    assert desk.maker.asked == [(f"{name}.mkv", sheet) for name in ("new", "old") for sheet in range(8)]
    assert [await desk.state(file_id) for file_id in (old, new)] == ["ready", "ready"]
    found = await desk.trickplay.of(desk.alice, new)
    assert found.layout is not None
    assert (found.layout.count, found.layout.sheets) == (720, 8)


async def test_what_is_made_is_not_made_again(desk: Desk) -> None:
    await desk.a_film("heat")
    await desk.work()
    desk.maker.asked.clear()

    await desk.work()

    assert desk.maker.asked == []


async def test_each_start_looks_for_what_is_owed(desk: Desk) -> None:
    async with desk.another(desk.jobs, limit_bytes=1):
        assert [row.key for row in await desk.jobs.open(KIND)] == ["start"]


async def test_film_that_came_meanwhile_is_made_as_well(desk: Desk) -> None:
    await desk.a_film("heat")
    desk.maker.gate.clear()
    await desk.trickplay.wish("test")

    async with desk.jobs:
        await desk.until_working()
        await desk.a_film("late")
        desk.maker.gate.set()
        await desk.until(desk._is_done)

    assert {name for name, _ in desk.maker.asked} == {"heat.mkv", "late.mkv"}


async def test_replaced_file_is_made_anew_and_the_old_pictures_go(desk: Desk) -> None:
    film = await desk.a_film("heat")
    await desk.work()
    before = await desk.trickplay.of(desk.alice, film)
    desk.maker.asked.clear()

    async with desk.db.write() as tx:
        await tx.run("UPDATE file SET mtime_ns = mtime_ns + 1 WHERE file_id = :id", {"id": film})
    waiting = await desk.state(film)
    await desk.work()

    after = await desk.trickplay.of(desk.alice, film)
    assert waiting == "waiting"
    assert len(desk.maker.asked) == 8
    assert (after.state, after.tag != before.tag) == ("ready", True)
    assert len(desk.folders) == 1


async def test_pictures_of_a_film_that_is_gone_are_removed(desk: Desk) -> None:
    film, other = await desk.a_film("gone"), await desk.a_film("kept")
    await desk.work()

    async with desk.db.write() as tx:
        await tx.run(
            "UPDATE file SET missing_since_at = :now WHERE file_id = :id", {"now": desk.clock.now_ms(), "id": film}
        )
    await desk.work()
    at_first = desk.folders
    desk.clock.pass_ms(25 * HOUR_MS)
    _age(desk.folder)
    await desk.work()

    assert at_first == sorted([str(film), str(other)])
    assert desk.folders == [str(other)]


async def test_pictures_of_a_forgotten_file_are_swept(desk: Desk) -> None:
    film = await desk.a_film("gone")
    await desk.work()

    async with desk.db.write() as tx:
        await tx.run("DELETE FROM file WHERE file_id = :id", {"id": film})
    _age(desk.folder)
    await desk.work()

    assert desk.folders == []


def _age(folder: Path) -> None:
    """What was made is two hours old."""
    for entry in folder.iterdir():
        os.utime(entry, (entry.stat().st_atime - 7200, entry.stat().st_mtime - 7200))


async def test_folder_that_somebody_emptied_is_filled_again(desk: Desk) -> None:
    film = await desk.a_film("heat")
    await desk.work()
    shutil.rmtree(desk.folder)

    assert await desk.state(film) == "waiting"
    await desk.work()
    assert await desk.state(film) == "ready"


# Giving way


async def test_nothing_is_made_while_somebody_is_busy(desk: Desk) -> None:
    film = await desk.a_film("heat")
    desk.busy(is_busy=True)
    await desk.trickplay.wish("test")

    async with desk.jobs:
        await desk.until(lambda: _running(desk))
        standing = await desk.trickplay.standing()
        asked = list(desk.maker.asked)
        desk.busy(is_busy=False)
        await desk.until(desk._is_done)

    assert asked == []
    assert standing.is_resting
    assert await desk.state(film) == "ready"


async def _running(desk: Desk) -> bool:
    return bool(desk.jobs.running(KIND))


async def test_work_stops_at_once_when_somebody_wants_to_watch_and_goes_on_where_it_was(desk: Desk) -> None:
    film = await desk.a_film("heat")
    await desk.trickplay.wish("test")

    async with desk.jobs:
        await desk.until(lambda: _has(desk, 3))
        desk.maker.gate.clear()
        await desk.until_working()
        desk.busy(is_busy=True)
        async with asyncio.timeout(PATIENCE_S):
            while desk.maker.is_working:
                await asyncio.sleep(0)
        broken_off = desk.maker.asked[-1]
        desk.maker.gate.set()
        desk.busy(is_busy=False)
        await desk.until(desk._is_done)

    sheets = [sheet for _, sheet in desk.maker.asked]
    assert await desk.state(film) == "ready"
    assert set(sheets) == set(range(8))
    assert [sheet for sheet in sheets if sheets.count(sheet) > 1] == [broken_off[1]] * 2


async def _has(desk: Desk, count: int) -> bool:
    return len(desk.maker.asked) >= count


async def test_restart_goes_on_with_the_next_sheet(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        film = await desk.a_film("heat")
        await desk.trickplay.wish("test")
        async with desk.jobs:
            await desk.until(lambda: _has(desk, 3))
            desk.maker.gate.clear()
            await desk.until_working()
        made = [sheet for _, sheet in desk.maker.asked][:-1]
        desk.maker.asked.clear()
        desk.maker.gate.set()

        again = Jobs(desk.db, desk.clock)
        again.lane(LANE, 1)
        desk.db.on_jobs = again.wake
        trickplay = desk.another(again, limit_bytes=1 << 30)
        trickplay.register()
        async with trickplay, again, asyncio.timeout(PATIENCE_S):
            while await again.open(KIND):
                await asyncio.sleep(0)
            state = (await trickplay.of(desk.alice, film)).state

        assert state == "ready"
        assert [sheet for _, sheet in desk.maker.asked] == [sheet for sheet in range(8) if sheet not in made]


async def test_stillness_lasts_a_while_before_work_begins() -> None:
    stillness = Stillness(lambda: False, calm_s=PATIENCE_S, look_s=0.001)
    waiting = asyncio.create_task(stillness.wait())

    for _ in range(20):
        await asyncio.sleep(0)
    assert not waiting.done()
    stillness.calm_s = 0
    stillness.look()
    async with asyncio.timeout(PATIENCE_S):
        await waiting


async def test_work_ends_as_it_ends_when_nobody_disturbs_it() -> None:
    stillness = Stillness(lambda: False, calm_s=0)

    async def fails() -> None:
        raise NotFound("Nothing.")

    async def answers() -> int:
        await asyncio.sleep(0)
        return 5

    assert await stillness.during(answers()) == 5
    with pytest.raises(NotFound):
        await stillness.during(fails())


async def test_busy_house_lets_no_work_begin() -> None:
    begun = []

    async def work() -> None:
        begun.append(True)

    with pytest.raises(Disturbed):
        await Stillness(lambda: True, calm_s=0).during(work())
    assert begun == []


# Failing


@pytest.mark.parametrize(
    "problem",
    [
        OperationFailed("This file is damaged.", code="probe_failed"),
        OperationFailed("This file has no picture.", code="no_video"),
    ],
    ids=lambda problem: problem.code,
)
async def test_what_cannot_be_made_is_remembered_with_the_reason_until_the_file_changes(
    desk: Desk, problem: AppError
) -> None:
    film, other = await desk.a_film("bad", added_at=2), await desk.a_film("good", added_at=1)
    desk.maker.answers = {"bad.mkv": [problem]}

    await desk.work()
    found = await desk.trickplay.of(desk.alice, film)
    tries = len(desk.maker.asked)
    await desk.work()

    assert (found.state, found.why) == ("none", problem.message)
    assert len(desk.maker.asked) == tries
    assert await desk.state(other) == "ready"
    assert (await desk.trickplay.standing()).failed == 1

    async with desk.db.write() as tx:
        await tx.run("UPDATE file SET size_bytes = size_bytes + 1 WHERE file_id = :id", {"id": film})
    await desk.work()
    assert await desk.state(film) == "ready"


@pytest.mark.parametrize(
    "problem", [WorkerCrashed("It died."), TimedOut("Too slow.", code="timeout")], ids=["crash", "time"]
)
async def test_second_crash_over_a_film_ends_the_tries(desk: Desk, problem: AppError) -> None:
    once, twice = await desk.a_film("once", added_at=2), await desk.a_film("twice", added_at=1)
    desk.maker.answers = {"once.mkv": [problem], "twice.mkv": [problem, problem]}

    await desk.work()

    assert [await desk.state(file_id) for file_id in (once, twice)] == ["ready", "none"]


@pytest.mark.parametrize("code", ["file_missing", "timeout"])
async def test_disk_that_is_away_is_not_held_against_a_film(desk: Desk, code: str) -> None:
    film = await desk.a_film("heat")
    desk.maker.answers = {"heat.mkv": [OperationFailed("Not now.", code=code)]}

    await desk.work()
    assert await desk.state(film) == "waiting"

    await desk.work()
    assert await desk.state(film) == "ready"


async def test_full_disk_puts_the_work_off_for_an_hour(desk: Desk) -> None:
    await desk.a_film("heat")
    desk.maker.answers = {"heat.mkv": [OperationFailed("The picture could not be saved.", code="not_written")]}
    await desk.trickplay.wish("test")

    async with desk.jobs:
        await desk.until(lambda: _has(desk, 1))
        await desk.until(lambda: _is_queued(desk))

    assert len(desk.maker.asked) == 1


async def _is_queued(desk: Desk) -> bool:
    return [row.state for row in await desk.jobs.open(KIND)] == ["queued"]


async def test_film_of_which_no_picture_can_be_decoded_has_none(desk: Desk) -> None:
    film = await desk.a_film("black")
    desk.maker.pictures = 0

    await desk.work()

    assert await desk.state(film) == "none"
    assert desk.folders == []


async def test_sound_and_what_is_over_at_once_want_no_pictures(desk: Desk) -> None:
    short = await desk.a_film("short", duration_ms=3000)
    sound = await desk.a_film("sound", probe=a_probe(video=()))

    await desk.work()

    assert desk.maker.asked == []
    assert [await desk.state(file_id) for file_id in (short, sound)] == ["none", "none"]


# Room


async def test_work_ends_where_the_room_does_and_asking_makes_room(tmp_path: Path) -> None:
    async with a_desk(tmp_path, limit_bytes=20 * SHEET_BYTES) as desk:
        films = [await desk.a_film(f"film {n}", added_at=10 - n) for n in range(4)]

        await desk.work()
        # Three films of eight sheets are above nine tenths of the room; the fourth has to wait until somebody asks.
        first = [await desk.trickplay.of(desk.alice, file_id) for file_id in films[:3]]
        desk.maker.asked.clear()
        desk.clock.pass_ms(2 * HOUR_MS)
        await desk.state(films[0])
        last = await desk.state(films[3])
        await desk.work()

        assert [found.state for found in first] == ["ready"] * 3
        assert last == "waiting"
        assert {name for name, _ in desk.maker.asked} == {"film 3.mkv"}
        assert desk.folders == sorted(str(films[n]) for n in (0, 2, 3))
        # What was thrown out is not made by itself, or the two would throw each other out for ever.
        desk.maker.asked.clear()
        await desk.work()
        assert desk.maker.asked == []
        assert await desk.state(films[1]) == "waiting"


async def test_who_asks_comes_before_the_others(desk: Desk) -> None:
    films = [await desk.a_film(f"film {n}", added_at=10 - n) for n in range(3)]
    desk.maker.gate.clear()
    await desk.trickplay.wish("test")

    async with desk.jobs:
        await desk.until_working()
        await desk.state(films[2])
        desk.maker.gate.set()
        await desk.until(desk._is_done)

    assert list(dict.fromkeys(name for name, _ in desk.maker.asked)) == ["film 0.mkv", "film 2.mkv", "film 1.mkv"]


async def test_switched_off_nothing_is_made_and_what_there_was_goes(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        film = await desk.a_film("heat")
        await desk.work()

        off = desk.another(desk.jobs, limit_bytes=0)
        async with off:
            await off.wish("test")

            assert (await off.of(desk.alice, film)).state == "off"
            assert await desk.jobs.open(KIND) == []
            assert not desk.folder.exists()
            assert (await off.standing()).made == 0


# Seeing


async def test_only_who_sees_the_film_sees_its_pictures(desk: Desk) -> None:
    film = await desk.a_film("heat")
    await desk.work()
    path, tag = await desk.trickplay.sheet(desk.alice, film, 7)

    assert path.read_bytes() == bytes(SHEET_BYTES)
    assert tag == (await desk.trickplay.of(desk.alice, film)).tag
    for number in (8, 1 << 40):
        with pytest.raises(NotFound):
            await desk.trickplay.sheet(desk.alice, film, number)
    for asking in (desk.trickplay.of(desk.alice, 999), desk.trickplay.sheet(desk.alice, 999, 0)):
        with pytest.raises(NotFound):
            await asking
