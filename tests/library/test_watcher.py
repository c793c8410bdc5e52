"""Changes on the disk become scans: what is waited for, what is told, and what happens when the system is overrun."""

import asyncio
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.library import libraries_store
from homemedia.library.events import LibrariesChanged
from homemedia.library.models import Library, LibraryKind, LibraryOptions
from homemedia.library.quiet import AT_MOST_S, KEEP_REPORTS_S, QUIET_S, UNTOLD_S, Quiet, WatchedRoot
from homemedia.library.scan.context import Scope
from homemedia.library.watcher import Watcher
from homemedia.schema import migrate

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify")
ROOT = WatchedRoot(root_id=1, library_id="films", kind="movie", path="/films")
NS = 1_000_000_000


def due(quiet: Quiet, now_s: float) -> list[tuple[str, bool]]:
    return [(scope.path, scope.deep) for scopes in quiet.take_due(now_s).values() for scope in scopes]


# Waiting, with time in hand


def test_closed_file_is_due_after_a_moment() -> None:
    quiet = Quiet()

    quiet.created(ROOT, "/films/a/x.mkv", 19.0, is_folder=False)
    quiet.closed(ROOT, "/films/a/x.mkv", 20.0, 20 * NS)

    assert due(quiet, 20.0 + QUIET_S / 2) == []
    assert due(quiet, 20.0 + QUIET_S) == [("a", False)]
    assert quiet.next_due() is None


def test_file_that_nobody_closes_is_due_after_five_seconds_and_still_busy() -> None:
    quiet = Quiet()

    quiet.created(ROOT, "/films/x.mkv", 10.0, is_folder=False)

    assert due(quiet, 10.0 + UNTOLD_S - 0.1) == []
    assert due(quiet, 10.0 + UNTOLD_S) == [("", False)]
    assert quiet.reports.is_busy("/films/x.mkv")


def test_many_files_of_one_folder_are_one_visit() -> None:
    quiet = Quiet()

    for number in range(1000):
        quiet.closed(ROOT, f"/films/a/{number}.mkv", 10 + number / 1000, 10 * NS)

    assert due(quiet, 11.0) == []
    assert due(quiet, 11.5) == [("a", False)]


def test_folder_that_never_gets_quiet_is_visited_all_the_same() -> None:
    quiet = Quiet()
    visits = 0

    for tenth in range(1000):
        quiet.closed(ROOT, "/films/a/x.mkv", tenth / 10, tenth * NS // 10)
        visits += len(due(quiet, tenth / 10))

    assert AT_MOST_S <= 60
    assert visits == pytest.approx(100 / AT_MOST_S, abs=1)


def test_file_written_again_after_its_close_is_not_steady() -> None:
    quiet = Quiet()

    quiet.closed(ROOT, "/films/x.mkv", 10.0, 1_000 * NS)

    assert quiet.reports.is_closed("/films/x.mkv", 1_000 * NS)
    assert not quiet.reports.is_closed("/films/x.mkv", 1_001 * NS)
    assert not quiet.reports.is_closed("/films/y.mkv", 1_000 * NS)


def test_renamed_file_tells_both_folders() -> None:
    quiet = Quiet()

    quiet.moved(ROOT, "/films/a/x.mkv.part", "/films/b/x.mkv", 10.0, 10 * NS, is_folder=False)
    quiet.moved(ROOT, "/films/c/y.mkv", "/films/d/y.mkv", 10.0, 10 * NS, is_folder=False)

    assert due(quiet, 11.0) == [("b", False), ("c", False), ("d", False)]
    assert quiet.reports.is_closed("/films/b/x.mkv", 10 * NS)


def test_new_folder_is_visited_with_all_below_it() -> None:
    quiet = Quiet()

    quiet.created(ROOT, "/films/a", 10.0, is_folder=True)
    quiet.created(ROOT, "/films/a/x.mkv", 10.0, is_folder=False)

    assert due(quiet, 10.3) == [("a", True)]
    assert not quiet.reports.is_busy("/films/a/x.mkv")


def test_files_of_no_use_to_the_library_are_not_waited_for() -> None:
    quiet = Quiet()

    quiet.closed(ROOT, "/films/notes.txt", 10.0, 10 * NS)
    quiet.closed(ROOT, "/films/x.mkv.part", 10.0, 10 * NS)
    quiet.closed(ROOT, "/films/.plexignore", 10.0, 10 * NS)

    assert due(quiet, 11.0) == [("", False)]


def test_lost_events_mean_the_whole_root() -> None:
    quiet = Quiet()

    quiet.lost(ROOT, 10.0)

    assert due(quiet, 11.0) == [("", True)]


def test_lost_events_leave_no_file_waiting_for_a_close_that_nobody_tells() -> None:
    quiet = Quiet()
    quiet.created(ROOT, "/films/x.mkv", 10.0, is_folder=False)

    quiet.lost(ROOT, 11.0)

    assert not quiet.reports.is_busy("/films/x.mkv")


def test_file_that_is_held_open_for_ever_is_not_waited_for_for_ever() -> None:
    quiet = Quiet()
    quiet.created(ROOT, "/films/x.mkv", 10.0, is_folder=False)
    due(quiet, 16.0)
    assert quiet.reports.is_busy("/films/x.mkv")

    at_s = quiet.next_due()
    assert at_s == 10.0 + KEEP_REPORTS_S
    assert due(quiet, at_s) == []

    assert not quiet.reports.is_busy("/films/x.mkv")
    assert quiet.next_due() is None


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/films/a/x.mkv", "a/x.mkv"),
        ("/films", ""),
        ("/films/caf\udce9", ""),
        ("/films/a/caf\udce9/b/x.mkv", "a"),
        ("/films/caf\u00e9/x.mkv", "caf\u00e9/x.mkv"),
    ],
)
def test_names_that_cannot_be_written_down_stand_for_the_folder_around_them(path: str, below: str) -> None:
    assert ROOT.below(path) == below


# The real thing


class Household:
    """A library on the disk, a watcher, and what it asked for."""

    def __init__(self, db: Database, disk: Path) -> None:
        self.db = db
        self.disk = disk
        self.bus = EventBus()
        self.asked: list[Scope] = []
        self.has_asked = asyncio.Event()
        self.watcher = Watcher(db, self.bus, self.ask)

    async def ask(self, _library_id: str, scopes: Sequence[Scope]) -> None:
        self.asked += scopes
        self.has_asked.set()

    async def next(self) -> list[tuple[str, bool]]:
        async with asyncio.timeout(60):
            await self.has_asked.wait()
        self.has_asked.clear()
        asked, self.asked = self.asked, []
        return [(scope.path, scope.deep) for scope in asked]

    async def root(self) -> dict[str, object]:
        return dict((await self.db.read("SELECT watching, watching_why FROM root"))[0])


async def a_household(folder: Path) -> Household:
    migrate(folder / "h.db", folder / "backups")
    db = await Database.open(folder / "h.db")
    disk = folder / "films"
    disk.mkdir()
    made = Library(
        library_id="films",
        kind=LibraryKind.MOVIE,
        name="Films",
        owner_id=None,
        language="en",
        position=1,
        options=LibraryOptions(),
        is_available=True,
        created_at=1,
        last_scan_at=None,
    )
    async with db.write() as tx:
        await libraries_store.insert(tx, made, "films", [str(disk)])
    return Household(db, disk)


@on_linux
async def test_new_file_is_asked_for_soon_after_it_is_closed(tmp_path: Path) -> None:
    house = await a_household(tmp_path)
    (house.disk / "a").mkdir()
    async with house.watcher:
        await house.watcher.is_settled.wait()
        asked, took_s, closed = [], [], []
        for number in range(3):  # a busy machine may be late once
            path = house.disk / "a" / f"{number}.mkv"
            with path.open("wb") as file:
                file.write(b"half")
                file.flush()
                file.write(b"whole")
            began = time.monotonic()
            asked += await house.next()
            took_s.append(time.monotonic() - began)
            closed.append(house.watcher.reports.is_closed(str(path), path.stat().st_mtime_ns))
    await house.db.close()

    assert asked == [("a", False)] * 3
    assert QUIET_S <= min(took_s) < 2
    assert closed == [True] * 3


@on_linux
async def test_renamed_in_moved_in_and_deleted_files_are_asked_for(tmp_path: Path) -> None:
    house = await a_household(tmp_path)
    outside = tmp_path / "outside.mkv"
    outside.write_bytes(b"x")
    inside = house.disk / "inside.mkv"
    inside.write_bytes(b"x")
    async with house.watcher:
        await house.watcher.is_settled.wait()
        outside.rename(house.disk / "y.mkv")
        moved_in = await house.next()
        inside.unlink()
        deleted = await house.next()
        (house.disk / "new").mkdir()
        made = await house.next()
    await house.db.close()

    assert moved_in == deleted == [("", False)]
    assert made == [("new", True)]


@on_linux
async def test_closing_leaves_no_thread_and_takes_no_time(tmp_path: Path) -> None:
    house = await a_household(tmp_path)
    before = set(threading.enumerate())
    took_s = []
    for _ in range(3):  # a busy machine may be late once
        house.watcher = Watcher(house.db, house.bus, house.ask)
        async with house.watcher:
            await house.watcher.is_settled.wait()
            state = await house.root()
            began = time.monotonic()
        took_s.append(time.monotonic() - began)
    left = [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    await house.db.close()

    assert state == {"watching": "on", "watching_why": None}
    assert min(took_s) < 2
    assert left == []


@on_linux
async def test_disk_that_goes_and_comes_back_is_asked_for_and_watched_again(tmp_path: Path) -> None:
    house = await a_household(tmp_path)
    async with house.watcher:
        await house.watcher.is_settled.wait()
        await house.watcher.look()
        await house.watcher.look()
        unasked = list(house.asked)
        house.watcher.is_settled.clear()
        house.disk.rename(tmp_path / "away")
        await house.watcher.look()
        gone = await house.next()
        await house.watcher.is_settled.wait()
        while_gone = await house.root()
        house.watcher.is_settled.clear()
        house.disk.mkdir()
        await house.watcher.look()
        back = await house.next()
        await house.watcher.is_settled.wait()
        (house.disk / "x.mkv").write_bytes(b"x")
        heard = await house.next()
        when_back = await house.root()
    await house.db.close()

    assert unasked == []
    assert gone == back == [("", True)]
    assert heard == [("", False)]
    assert (while_gone["watching"], when_back["watching"]) == ("polling", "on")


async def test_disk_pulled_out_before_it_was_first_looked_at_is_asked_for(tmp_path: Path) -> None:
    house = await a_household(tmp_path)
    house.disk.rename(tmp_path / "away")

    await house.watcher.look()
    await house.watcher.look()
    await house.db.close()

    assert [(scope.path, scope.deep) for scope in house.asked] == [("", True)]


@on_linux
async def test_library_that_wants_no_watching_is_left_alone(tmp_path: Path) -> None:
    house = await a_household(tmp_path)
    async with house.watcher:
        await house.watcher.is_settled.wait()
        async with house.db.write() as tx:
            await tx.run("UPDATE library SET options = '{\"watchFolders\": false}'")
        house.watcher.is_settled.clear()
        house.bus.publish(LibrariesChanged())
        await house.watcher.is_settled.wait()
        state = await house.root()
    await house.db.close()

    assert state["watching"] == "off"


@on_linux
async def test_full_list_of_watches_falls_back_to_looking_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.inotify_c import InotifyFD  # noqa: PLC0415 - only where there is inotify

    house = await a_household(tmp_path)
    (house.disk / "below").mkdir()
    real = InotifyFD.add_callback

    def refuse(self: object, path: bytes, *args: object) -> object:
        if path.endswith(b"below"):
            raise OSError(28, "No space left on device")
        return real(self, path, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(InotifyFD, "add_callback", refuse)
    async with house.watcher:
        await house.watcher.is_settled.wait()
        state = await house.root()
    await house.db.close()

    assert state["watching"] == "polling"
    assert "max_user_watches" in str(state["watching_why"])


OVERRUN = textwrap.dedent(
    """
    import os, signal, sys, threading, time
    from homemedia.library.watching import Ears
    folder = sys.argv[1]
    lost, after = threading.Event(), threading.Event()
    def tell(heard):
        if heard.what == "lost":
            lost.set()
        if heard.path.endswith("after.mkv"):
            after.set()
    ears = Ears(tell)
    ears.listen(1, folder)
    print("listening", flush=True)
    sys.stdin.readline()
    assert lost.wait(30), "no word of the overflow"
    open(os.path.join(folder, "sub", "after.mkv"), "w").close()
    assert after.wait(30), "deaf after the overflow"
    began = time.process_time()
    time.sleep(0.5)
    busy = time.process_time() - began
    ears.close()
    print("recovered", round(busy, 2), flush=True)
    """
)


@on_linux
def test_overrun_queue_is_told_once_and_watching_goes_on(tmp_path: Path) -> None:
    """Fails when a new watchdog no longer calls the hook that we replace."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if limit > 100_000:
        pytest.skip("this system's queue is too long to overrun in a test")
    folder = tmp_path / "films"
    (folder / "sub").mkdir(parents=True)
    child = subprocess.Popen(
        [sys.executable, "-c", OVERRUN, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "listening\n"
        child.send_signal(19)  # SIGSTOP: nobody reads the queue
        for number in range(limit // 2 + 1000):
            (folder / f"{number}.mkv").touch()
        child.send_signal(18)
        out, err = child.communicate("\n", timeout=90)
    finally:
        child.kill()
        child.wait()

    assert out.startswith("recovered"), err
    assert float(out.split()[1]) < 0.4, "it is busy for ever"
