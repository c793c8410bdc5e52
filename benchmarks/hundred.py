"""A hundred thousand films and episodes, twenty thousand tracks: what a large house answers, beside bare SQLite.

    python benchmarks/hundred.py [--films 60000] [--episodes 40000] [--tracks 20000] [--keep FOLDER] [--only WORD ...]

The real server runs in a process of its own. `--keep` makes the house once and uses it again. Bare is one function in
this process: the same rows of the same file by the same statement, the count by another, `json.dumps`; no HTTP, no
sign-in. The child may see what is for thirteen and younger, nothing unrated and no horror.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from aiohttp import web

from benchmarks import shelf, table
from benchmarks.line import Line, percentile, timed
from benchmarks.words import queries
from homemedia.accounts import Member
from homemedia.app import Server
from homemedia.core.clock import now_ms
from homemedia.core.places import Places
from homemedia.core.rest import QUIET_S
from homemedia.library import visible as rights
from homemedia.library.browse_store import LETTERS, ORDERS, PAGE, CardSql
from homemedia.library.visible import NO_LIMITS, Limits, Visible, within
from homemedia.playback.store import WATCH_SQL
from homemedia.settings import LibrarySettings, ServerSettings, Settings

CHILD = Limits(max_age=13, block_unrated=True, blocked_labels=("horror",))
ROUNDS, LIMIT = 15, 50
SORTS = ("title", "added", "year", "rating", "released", "duration", "watched", "random")
AIM_MS = {"search": 6.0}


async def serve(folder: Path) -> None:
    """The child process: the real server on a free port, which it prints."""
    rights.limits_of = _limits_of
    settings = Settings(
        data_dir=str(folder), server=ServerSettings(announce=False), library=LibrarySettings(watch=False)
    )
    places = Places(data_dir=folder, transcode_dir=folder / "transcode")
    async with Server(settings, places) as server:
        runner = web.AppRunner(server.http, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(runner.addresses[0][1], flush=True)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await stop.wait()
        await runner.cleanup()


def _limits_of(member: Member) -> Limits:
    return CHILD if member.username == "child" else NO_LIMITS


@contextlib.asynccontextmanager
async def a_child(folder: Path) -> AsyncIterator[tuple[int, int]]:
    """Port and process id of a server over a house."""
    command = [sys.executable, __file__, "--serve", str(folder)]
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert child.stdout is not None
        yield int(await child.stdout.readline()), child.pid
    finally:
        child.terminate()
        await child.wait()


class Bare:
    """Pages by sqlite3 and json alone."""

    def __init__(self, database: Path) -> None:
        self._connection = sqlite3.connect(database)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA cache_size = -16384")
        self._cards = CardSql(WATCH_SQL)

    def page(self, visible: Visible, kind: str, sort: str, args: Mapping[str, object]) -> Callable[[], int]:
        order = "desc" if sort in {"added", "rating", "watched"} else "asc"
        joins = "{watch_join}" if sort == "watched" else ""
        sql = self._cards.fill(PAGE, visible, order=ORDERS[sort][order], filters="", filter_joins=joins)
        count = self._cards.fill(LETTERS, visible, filters="")
        bound = {**visible.args, "kind": kind, "seed": 5, "limit": LIMIT, **args}

        def ask() -> int:
            rows = [dict(row) for row in self._connection.execute(sql, bound)]
            letters = {row[0]: row[1] for row in self._connection.execute(count, bound)}
            return len(json.dumps({"items": rows, "letters": letters, "limit": LIMIT}).encode())

        return ask


class Figures:
    """What was measured, as it comes."""

    def __init__(self) -> None:
        self.rows: list[table.Row] = []

    def add(self, task: str, figure: str, aim: str, *, is_met: bool) -> None:
        self.rows.append(table.Row(task, figure, aim, is_met))
        print(f"{task:66} {figure:38} {aim:10} {'met' if is_met else 'MISSED'}", flush=True)


async def pages(found: Figures, lines: Mapping[str, Line], bare: Bare, house: shelf.Shelf, total: int) -> None:
    """50 items by every order, at the start, in the middle and at the end, for both members."""
    for who, line in lines.items():
        visible = within(CHILD if who == "child" else NO_LIMITS, now_ms())
        base = f"/api/libraries/{house.films}/items?limit={LIMIT}"
        count = json.loads(await line.get(base))["totalCount"]
        print(f"\n{who} sees {count} films of {total}")
        worst, first = 0.0, 0.0
        for sort in SORTS:
            told = []
            for offset in (0, count // 2 // LIMIT * LIMIT, max(0, count - LIMIT)):
                ask_bare = bare.page(
                    visible, "movie", sort, {"library_id": house.films, "actor_id": "x", "offset": offset}
                )
                ours: list[float] = []
                plain: list[float] = []
                for _ in range(ROUNDS):
                    ours += await timed(line, [f"{base}&sort={sort}&offset={offset}"])
                    began = time.perf_counter()
                    ask_bare()
                    plain.append(time.perf_counter() - began)
                mine, theirs = percentile(ours, 0.5), percentile(plain, 0.5)
                told.append(f"{mine:.1f}:{theirs:.1f}")
                worst = max(worst, mine / theirs)
                first = max(first, mine)
            print(f"    {sort:10} {'  '.join(told)} ms (ours:bare at the start, middle, end)", flush=True)
        found.add(
            f"page of 50, p50 : bare SQLite + JSON, {who}, worst of orders and places",
            f"{worst:.2f} : 1 (slowest {first:.1f} ms)",
            "≤ 2",
            is_met=worst <= 2,
        )


async def searches(found: Figures, lines: Mapping[str, Line], house: shelf.Shelf) -> None:
    texts = queries(house.titles)
    for who, line in lines.items():
        await timed(line, [f"/api/search?q={quote(text)}" for text in texts[:100]])
        took = await timed(line, [f"/api/search?q={quote(text)}" for text in texts])
        slowest = sorted(zip(took, texts, strict=True), reverse=True)[:6]
        print("    slowest:", ", ".join(f"{text!r} {seconds * 1000:.1f}" for seconds, text in slowest))
        p99 = percentile(took, 0.99)
        figure = f"p50 {percentile(took, 0.5):.1f} ms, p99 {p99:.1f} ms"
        found.add(f"search, {who}", figure, "p99 ≤ 6 ms", is_met=p99 <= AIM_MS["search"])


async def others(found: Figures, lines: Mapping[str, Line], house: shelf.Shelf) -> None:
    """Everything else that the pages of the client ask for first."""
    for who, line in lines.items():
        for path in (
            "/api/home/library/home",
            "/api/libraries",
            f"/api/libraries/{house.films}/recommended",
            f"/api/libraries/{house.shows}/recommended",
            f"/api/libraries/{house.shows}/items?limit=50",
            f"/api/libraries/{house.shows}/items?limit=50&sort=watched",
            f"/api/libraries/{house.films}/items?limit=50&genre=Drama",
            f"/api/libraries/{house.films}/items?limit=50&unwatched=1",
            f"/api/libraries/{house.music}/items?limit=50",
            f"/api/libraries/{house.music}/items?limit=50&type=track",
            f"/api/home/library/genres?library={house.films}",
            f"/api/home/library/collections?library={house.films}",
            f"/api/home/library/filters?library={house.films}",
            "/api/continue-watching",
            "/api/discover/recent",
            "/api/status",
        ):
            took = []
            try:
                for _ in range(ROUNDS):
                    took += await timed(line, [path])
            except RuntimeError as err:
                print(f"    {path}: {str(err)[:100]}")
                continue
            name = path.replace(house.films, "films").replace(house.shows, "shows").replace(house.music, "music")
            p50 = percentile(took, 0.5)
            found.add(f"{name}, {who}", f"first {took[0] * 1000:.1f} ms, p50 {p50:.1f} ms", "≤ 50 ms", is_met=p50 <= 50)


def memory_mib(pid: int) -> float:
    """Proportional set size of a process and its children, in MiB."""
    total = 0.0
    for process in (pid, *_children(pid)):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / 1024
    return total


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [one for child in text.split() for one in (int(child), *_children(int(child)))]
    return []


async def measure(folder: Path, house: shelf.Shelf, only: Sequence[str]) -> None:
    found = Figures()
    total = json.loads(json.dumps(list(shelf.one(folder / "homemedia.db", "SELECT count(*) FROM item"))))[0]
    began = time.perf_counter()
    async with a_child(folder) as (port, pid):
        print(f"start with {total} items: {time.perf_counter() - began:.2f} s")
        if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
            os.sched_setaffinity(pid, {cores[0]})
            os.sched_setaffinity(0, {cores[1]})
        await asyncio.sleep(2)
        rest = memory_mib(pid)
        lines = {}
        for name in ("admin", "child"):
            door = await Line(port, "").open()
            answer = await door.get(
                "/api/auth/login", json.dumps({"username": name, "password": shelf.PASSWORD}).encode()
            )
            lines[name] = await Line(port, json.loads(answer)["token"]).open()
            door.close()
        found.add("memory at rest after the start", f"{rest:.0f} MiB", "≤ 90 MiB", is_met=rest <= 90)
        if not only or "pages" in only:
            await pages(found, lines, Bare(folder / "homemedia.db"), house, total)
        if not only or "search" in only:
            await searches(found, lines, house)
        if not only or "others" in only:
            await others(found, lines, house)
        busy = memory_mib(pid)
        await asyncio.sleep(QUIET_S + 5)
        rest = memory_mib(pid)
        print(f"    memory before it came to rest: {busy:.0f} MiB")
        found.add("memory at rest after all this", f"{rest:.0f} MiB", "≤ 90 MiB", is_met=rest <= 90)
        for line in lines.values():
            line.close()
    print(table.markdown(found.rows))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--films", type=int, default=60_000)
    parser.add_argument("--episodes", type=int, default=40_000)
    parser.add_argument("--tracks", type=int, default=20_000)
    parser.add_argument("--keep", type=Path, help="where the house is made, or lies from the last time")
    parser.add_argument("--only", nargs="*", choices=["pages", "search", "others"], default=[])
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        await serve(options.serve)
        return
    with tempfile.TemporaryDirectory() as place:
        folder: Path = options.keep or Path(place)
        told = folder / "shelf.json"
        if told.exists():
            house = msgspec.json.decode(told.read_bytes(), type=shelf.Shelf)
        else:
            began = time.perf_counter()
            house = await shelf.fill(folder, films=options.films, episodes=options.episodes, tracks=options.tracks)
            told.write_bytes(msgspec.json.encode(house))
            size = (folder / "homemedia.db").stat().st_size / 2**20
            print(f"made and indexed in {time.perf_counter() - began:.0f} s; database {size:.0f} MiB")
        await measure(folder, house, options.only)


if __name__ == "__main__":
    asyncio.run(main())
