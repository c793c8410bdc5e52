"""How fast a page of 50 items and a title search are answered, beside bare sqlite3 and json.

    python benchmarks/pages.py [--items 10000] [--rounds 5] [--json]

The real server runs in a process of its own and is asked over the loopback address, as a signed-in member, by one
connection that waits for each answer (p50 and p99) and by four (pages a second). Bare is one function in this process:
the same rows of the same file by one statement, the count by another, `json.dumps`; no HTTP, no sign-in, no rights.
CPU is the server process' own time, which a busy machine changes least. Rounds alternate, so that whatever else runs on
the machine meets both; the ratio is the median of the rounds'.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[1]))

from aiohttp import web

from benchmarks.line import Line, percentile, timed
from benchmarks.words import queries, titles, words
from homemedia.app import Server
from homemedia.core.db import Database
from homemedia.core.places import Places
from homemedia.library.browse_store import ORDERS, PAGE, CardSql
from homemedia.library.visible import ITEM_SQL, LIBRARY_SQL, Visible
from homemedia.playback.store import WATCH_SQL
from homemedia.schema import migrate
from homemedia.settings import LibrarySettings, ServerSettings, Settings
from tests.support.builders import Builders

PAGES = 400


async def fill(folder: Path, count: int) -> str:
    places = Places(data_dir=folder, transcode_dir=folder / "transcode")
    places.make()
    migrate(places.database, places.backup_dir)
    db = await Database.open(places.database)
    house = Builders(db)
    films = await house.a_library("Films", root="/made-up")
    people = [f"{a.title()} {b.title()}" for a, b in zip(words(900), reversed(words(900)), strict=True)]
    started = time.perf_counter()
    shelf = titles(count)
    for at in range(0, count, 2000):
        await house.many_films(films, shelf[at : at + 2000], people=people)
    took = time.perf_counter() - started
    print(f"{count} items made and indexed in {took:.1f} s", file=sys.stderr)
    await db.close()
    return films.library_id


async def serve(folder: Path) -> None:
    """The child: the real server on a free port, which it prints."""
    settings = Settings(
        data_dir=str(folder),
        server=ServerSettings(announce=False),
        library=LibrarySettings(watch=False),
    )
    places = Places(data_dir=folder, transcode_dir=folder / "transcode")
    async with Server(settings, places) as server:
        runner = web.AppRunner(server.http, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(runner.addresses[0][1], flush=True)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await stop.wait()
        await runner.cleanup()


def bare(database: Path, library_id: str) -> Callable[[int], int]:
    """The page by sqlite3 and json alone: offset -> bytes of JSON."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA cache_size = -16384")
    visible = Visible(ITEM_SQL, LIBRARY_SQL, {})
    cards = CardSql(WATCH_SQL)
    page = cards.fill(PAGE, visible, order=ORDERS["title"]["asc"], filters="", filter_joins="")
    count = f"SELECT count(*) FROM item WHERE library_id = :library_id AND kind = :kind AND {ITEM_SQL}"

    def ask(offset: int) -> int:
        args = {
            "library_id": library_id,
            "kind": "movie",
            "missing_after": 0,
            "actor_id": "x",
            "limit": 50,
            "offset": offset,
        }
        rows = [dict(row) for row in connection.execute(page, args)]
        total = connection.execute(count, args).fetchone()[0]
        return len(json.dumps({"items": rows, "totalCount": total, "offset": offset, "limit": 50}).encode())

    return ask


def cpu_s(pid: int) -> float:
    """What a process has used of the processor so far; 0 where the system does not tell (it does on Linux)."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


async def measure(folder: Path, library_id: str, items: int, rounds: int, port: int, pid: int) -> dict[str, float]:
    opener = await Line(port, "").open()
    claim = {"username": "admin", "password": "correct horse", "serverName": "Bench"}
    token = json.loads(await opener.get("/api/auth/setup", json.dumps(claim).encode()))["token"]
    line = await Line(port, token).open()
    ask_bare = bare(folder / "homemedia.db", library_id)
    chance = random.Random(5)
    texts = queries(titles(items))
    base = f"/api/libraries/{library_id}/items?limit=50&offset="
    rows: list[dict[str, float]] = []
    for round_number in range(rounds + 1):
        # Half of the pages are first ones, which also count the letters.
        offsets = [0 if chance.random() < 0.5 else chance.randrange(0, items, 50) for _ in range(PAGES)]
        spent = [cpu_s(pid)]
        page = await timed(line, [base + str(offset) for offset in offsets])
        spent.append(cpu_s(pid))
        plain = []
        plain_from = time.process_time()
        for offset in offsets:
            started = time.perf_counter()
            ask_bare(offset)
            plain.append(time.perf_counter() - started)
        plain_cpu = time.process_time() - plain_from
        found = await timed(line, [f"/api/search?q={quote(text)}" for text in texts])
        spent.append(cpu_s(pid))
        lines = [await Line(port, token).open() for _ in range(4)]
        started = time.perf_counter()
        await asyncio.gather(*(timed(one, [base + str(offset) for offset in offsets]) for one in lines))
        rate = 4 * PAGES / (time.perf_counter() - started)
        for one in lines:
            one.close()
        if round_number:  # the first warms the caches
            rows.append(
                {
                    "page p50 ms": percentile(page, 0.5),
                    "page p99 ms": percentile(page, 0.99),
                    "bare p50 ms": percentile(plain, 0.5),
                    "bare p99 ms": percentile(plain, 0.99),
                    "page : bare p50": percentile(page, 0.5) / percentile(plain, 0.5),
                    "pages/s on 4 connections": rate,
                    "search p50 ms": percentile(found, 0.5),
                    "search p99 ms": percentile(found, 0.99),
                    "search max ms": max(found) * 1000,
                    "CPU ms a page": (spent[1] - spent[0]) / PAGES * 1000,
                    "CPU ms a bare page": plain_cpu / PAGES * 1000,
                    "CPU ms a search": (spent[2] - spent[1]) / len(texts) * 1000,
                }
            )
    line.close()
    opener.close()
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        await serve(options.serve)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        library_id = await fill(folder, options.items)
        command = [sys.executable, __file__, "--serve", str(folder)]
        child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        try:
            assert child.stdout is not None
            port = int(await child.stdout.readline())
            if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
                os.sched_setaffinity(child.pid, {cores[0]})
                os.sched_setaffinity(0, {cores[1]})
            figures: dict[str, Any] = await measure(folder, library_id, options.items, options.rounds, port, child.pid)
        finally:
            child.terminate()
            await child.wait()
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:28}{value:10.2f}")


if __name__ == "__main__":
    asyncio.run(main())
