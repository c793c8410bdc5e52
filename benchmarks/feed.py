"""The feed of a family that has kept it for years: `python benchmarks/feed.py [clips …]`.

Asked over HTTP on loopback as one of its members, on kept-alive connections; every clip has its files' rows, most were
watched by most. The limit a minute is set aside: what is asked here in a second is a day of a household.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1]))

from aiohttp import web

from benchmarks.line import Line, percentile, timed
from benchmarks.pages import cpu_s
from benchmarks.table import Row, markdown
from homemedia.app import Server
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.core.places import Places
from homemedia.schema import migrate
from homemedia.settings import LibrarySettings, ServerSettings, Settings
from tests.support.builders import Builders

PAGE = "/api/clips?filter=unwatched&limit=20"
UNWATCHED = "a page of what is unwatched"
PATHS = {
    UNWATCHED: PAGE,
    "… one of each contributor in turn": PAGE + "&sort=round-robin",
    "… the best first": PAGE + "&sort=best",
    "all, newest first": "/api/clips",
    "watched, the last first": "/api/clips?filter=watched",
    "favourites": "/api/clips?filter=favorites",
    "how many are unwatched": "/api/clips/unwatched-count",
}
REACTIONS = ("❤️", "👍", "👎", "😂", "‼️", "❓")
WARM, ROUNDS, EACH = 60, 600, 500
P50_MS, P99_MS, FEEDS_S, GROWS = 1.2, 4.0, 600, 1.2

ROOT = "SELECT root_id FROM root ORDER BY root_id LIMIT 1"
FOLDER = "INSERT INTO folder (root_id, path) VALUES (:root_id, 'clips') RETURNING folder_id"
FILE = """
    INSERT INTO file (file_id, root_id, folder_id, path, size_bytes, mtime_ns, inode, kind, added_at)
    VALUES (:file_id, :root_id, :folder_id, :path, 4000000, 1, 1, :kind, 1)
"""
CLIP = """
    INSERT INTO clip (clip_id, added_by, original_url, platform, content_type, status, source_title, video_file_id,
                      thumbnail_file_id, width, height, duration_ms, size_bytes, creator_name, source_view_count,
                      created_at, ready_at)
    VALUES (:clip_id, :added_by, :url, 'tiktok', 'video', 'ready', :title, :video, :thumbnail, 1080, 1920, 14000,
            4000000, 'somebody', 1200, :at, :at)
"""
WATCH = "INSERT INTO clip_watch (clip_id, user_id, percent, watched_at) VALUES (:clip_id, :user_id, 90, :at)"
LIKE = "INSERT INTO clip_favorite (clip_id, user_id, created_at) VALUES (:clip_id, :user_id, :at)"
REACT = "INSERT INTO clip_reaction (clip_id, user_id, emoji, created_at) VALUES (:clip_id, :user_id, :emoji, :at)"
COMMENT = """
    INSERT INTO clip_comment (clip_comment_id, clip_id, user_id, text, created_at)
    VALUES (:comment_id, :clip_id, :user_id, 'I laughed so much at this one', :at)
"""
BEGIN, HOUR_MS = 1_600_000_000_000, 3_600_000


class Size(NamedTuple):
    """How large a feed is: clips, members, and how much is said at each clip."""

    clips: int
    members: int
    comments: int

    def __str__(self) -> str:
        return f"{self.clips:,} clips, {self.members} members"


SIZES = [Size(2_000, 6, 1), Size(20_000, 6, 1), Size(10_000, 20, 5)]


def told(size: Size, members: list[str], chance: random.Random) -> Iterable[tuple[str, dict[str, Any]]]:
    """Statements and values of a feed: the last fifty clips are new to nearly everybody."""
    for number in range(size.clips):
        clip_id, at = new_uuid(), BEGIN + number * HOUR_MS
        sender = chance.choice(members)
        video, thumbnail = 10_000_000 + 2 * number, 10_000_001 + 2 * number
        yield FILE, {"file_id": video, "path": f"clips/{clip_id}.mp4", "kind": "video"}
        yield FILE, {"file_id": thumbnail, "path": f"clips/{clip_id}.jpg", "kind": "image"}
        common = {"clip_id": clip_id, "at": at}
        files = {"video": video, "thumbnail": thumbnail}
        url, title = f"https://www.tiktok.com/@somebody/video/{number}", f"What cats do at night, part {number}"
        yield CLIP, {**common, **files, "added_by": sender, "url": url, "title": title}
        for user_id in members:
            named = {**common, "user_id": user_id, "emoji": chance.choice(REACTIONS)}
            if user_id == sender or number < size.clips - 50 or chance.random() < 0.1:
                yield WATCH, named
            if chance.random() < 0.4:
                yield REACT, named
            if chance.random() < 0.05:
                yield LIKE, named
        for _ in range(size.comments):
            yield COMMENT, {**common, "user_id": chance.choice(members), "comment_id": new_uuid()}


async def fill(db: Database, size: Size) -> None:
    chance, builders = random.Random(7), Builders(db)
    members = [row["user_id"] for row in await db.read("SELECT user_id FROM user")]
    while len(members) < size.members:
        members.append((await builders.a_member(f"member{len(members)}")).user_id)
    async with db.write() as tx:
        root_id = (await tx.rows(ROOT))[0]["root_id"]
        folder_id = (await tx.rows(FOLDER, {"root_id": root_id}))[0]["folder_id"]
        place = {"root_id": root_id, "folder_id": folder_id}
        grouped: dict[str, list[dict[str, Any]]] = {}
        for statement, values in told(size, members, chance):
            grouped.setdefault(statement, []).append(place | values)
        # Files before the clips that have them.
        for statement in (FILE, CLIP, WATCH, REACT, LIKE, COMMENT):
            await tx.many(statement, grouped.get(statement, []))


async def serve(folder: Path) -> None:
    """The child: the real server on a free port, which it prints."""
    places = Places(data_dir=folder, transcode_dir=folder / "transcode")
    places.make()
    migrate(places.database, places.backup_dir)
    settings = Settings(
        data_dir=str(folder), server=ServerSettings(announce=False), library=LibrarySettings(watch=False)
    )
    with mock.patch("homemedia.app.server.CLIPS_A_MINUTE", 1 << 40):
        async with Server(settings, places) as server:
            runner = web.AppRunner(server.http, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            print(runner.addresses[0][1], flush=True)
            stop = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
            await stop.wait()
            await runner.cleanup()


class Figures(NamedTuple):
    """Of one path: ms, answers a second on four connections, and ms of the server's processor time for an answer."""

    p50: float
    p99: float
    rate: float
    cpu: float


async def measure(port: int, pid: int, token: str, path: str) -> Figures:
    line = await Line(port, token).open()
    await timed(line, [path] * WARM)
    spent = cpu_s(pid)
    took = await timed(line, [path] * ROUNDS)
    spent = cpu_s(pid) - spent
    line.close()
    lines = [await Line(port, token).open() for _ in range(4)]
    began = time.perf_counter()
    await asyncio.gather(*(timed(one, [path] * EACH) for one in lines))
    rate = 4 * EACH / (time.perf_counter() - began)
    for one in lines:
        one.close()
    return Figures(percentile(took, 0.5), percentile(took, 0.99), rate, spent / ROUNDS * 1000)


async def run(size: Size) -> dict[str, Figures]:
    """Every path of a feed of this size."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        child = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--serve", str(folder), stdout=subprocess.PIPE
        )
        try:
            assert child.stdout is not None
            port = int(await child.stdout.readline())
            opener = await Line(port, "").open()
            claim = {"username": "admin", "password": "correct horse", "serverName": "Bench"}
            token = json.loads(await opener.get("/api/auth/setup", json.dumps(claim).encode()))["token"]
            opener.close()
            db = await Database.open(folder / "homemedia.db")
            await fill(db, size)
            await db.close()
            if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
                os.sched_setaffinity(child.pid, {cores[0]})
                os.sched_setaffinity(0, {cores[1]})
            return {name: await measure(port, child.pid, token, path) for name, path in PATHS.items()}
        finally:
            child.terminate()
            await child.wait()


def rows(found: dict[Size, dict[str, Figures]]) -> Iterable[Row]:
    for size, figures in found.items():
        for name, one in figures.items():
            is_met = one.p50 <= P50_MS and one.p99 <= P99_MS
            yield Row(
                f"{name}: {size}",
                f"p50 {one.p50:.2f} ms, p99 {one.p99:.2f} ms; processor {one.cpu:.2f} ms; {one.rate:.0f}/s",
                f"{P50_MS} ms, {P99_MS:.0f} ms",
                is_met,
            )
    small, *larger = found
    for size in larger:
        large, base = found[size][UNWATCHED], found[small][UNWATCHED]
        growth = large.p50 / base.p50
        figure = f"{growth:.2f} : 1; of processor time {large.cpu / base.cpu:.2f} : 1"
        yield Row(f"{UNWATCHED}: {size} : {small}", figure, f"≤ {GROWS}", growth <= GROWS)
    rate = found[small][UNWATCHED].rate
    yield Row(f"{UNWATCHED}, four at once", f"{rate:.0f}/s", f"≥ {FEEDS_S}/s", rate >= FEEDS_S)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("clips", nargs="*", type=int, help="how many; six members; three sizes when left out")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        await serve(options.serve)
        return
    sizes = [Size(clips, 6, 1) for clips in options.clips] or SIZES
    print(markdown(rows({size: await run(size) for size in sizes})))


if __name__ == "__main__":
    asyncio.run(main())
