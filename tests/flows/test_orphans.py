"""Streams begun and left in every way there is: nothing of them stays, neither programs nor files nor tasks.

A hundred of them, two minutes: `pytest -n 0 -m long --log-cli-level INFO tests/flows/test_orphans.py`.
"""

import asyncio
import contextlib
import gc
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector

from homemedia.playback.session import Session
from tests.support.app import House
from tests.support.samples import a_film
from tests.support.streams import FAR, films, listed, set_pace

log = logging.getLogger(__name__)

HOUR_MS = 3600_000
CYCLES = 100
MOST_GROWTH_MIB = 8.0

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")


class Player:
    """A device that is not nice to its server; nothing of a request of its stays open."""

    def __init__(self, house: House, file_id: int, client: ClientSession, name: str) -> None:
        self.house = house
        self.file_id = file_id
        self.client = client
        self.name = name
        self.id = ""
        self.segments: list[str] = []

    async def open(self, at_ms: int = 0) -> None:
        """Begin a stream and fetch its first segment, as every player does."""
        body = {"clientName": self.name, "startOffset": at_ms}
        async with self.client.post(f"{self.house.url}/api/transcode/{self.file_id}", json=body) as answer:
            opened = await answer.json()
            assert answer.status == 201, opened
        self.id = opened["sessionId"]
        base = f"{self.house.url}/api/transcode/{self.id}"
        async with self.client.get(self.house.url + opened["playlistUrl"]) as answer:
            found = listed(await answer.text(), base)
        self.segments = found.urls
        await self.fetch(sum(start <= at_ms / 1000 for start in found.starts) - 1)

    async def fetch(self, number: int) -> None:
        async with self.client.get(self.segments[number]) as answer:
            assert answer.status == 200, await answer.text()
            assert await answer.read()

    @property
    def session(self) -> Session:
        return next(one for one in self.house.server.playback.sessions.living() if one.session_id == self.id)


async def told(player: Player) -> None:
    """The player says that it is over."""
    await player.open()
    async with player.client.delete(f"{player.house.url}/api/transcode/{player.id}") as answer:
        assert answer.status == 200


async def silent(player: Player) -> None:
    """The device was switched off: first the program goes, later the rest."""
    await player.open()
    session = player.session
    session.last_seen_at -= 2 * round(session.pace.idle_s) * 1000
    await player.house.server.playback.sessions.sweep()
    assert (session.pid, session.folder.exists()) == (None, True)
    session.last_seen_at -= HOUR_MS
    await player.house.server.playback.sessions.sweep()


async def cut(player: Player) -> None:
    """The line is cut while a segment far away is waited for."""
    await player.open()
    session = player.session
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.02), player.client.get(player.segments[25]) as answer:
            await answer.read()
    session.last_seen_at -= HOUR_MS
    await player.house.server.playback.sessions.sweep()


async def anew(player: Player) -> None:
    """The page is loaded again and again, the last one is closed as pages are."""
    for at_ms in (0, 40_000, 80_000):
        await player.open(at_ms)
    info = await player.house.get(f"/api/media/{player.file_id}/info")
    report = {"ratingKey": info["ratingKey"], "offset": 1, "state": "stopped", "sessionId": player.id}
    async with player.client.post(f"{player.house.url}/api/progress", json=report) as answer:
        assert answer.status == 200


async def seeking(player: Player) -> None:
    """Somebody seeks to and fro and leaves at once after the last time."""
    await player.open()
    for number in (20, 5):
        await player.fetch(number)
    leaving = asyncio.create_task(player.fetch(28))
    await told_of(player)
    await asyncio.gather(leaving, return_exceptions=True)


async def told_of(player: Player) -> None:
    async with player.client.delete(f"{player.house.url}/api/transcode/{player.id}") as answer:
        assert answer.status == 200


WAYS: tuple[Callable[[Player], Awaitable[None]], ...] = (told, silent, cut, anew, seeking)


@pytest.fixture
async def film(claimed: House) -> int:
    """Two minutes that must be encoded; a program is held a second ahead, so that each is alive when it is left."""
    a_film(claimed.media / "Harbour (2001).mkv", seconds=120, size="160x90", rate=10, codec="mpeg4")
    set_pace(claimed, **(FAR | {"least_free_bytes": 0, "max_encoding": 9, "max_per_user": 9}))
    return (await films(claimed))["Harbour"]


def programs(house: House) -> list[str]:
    """Processes that have the film on their command line, also those that were not reaped."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError):
            if not entry.name.isdigit():
                continue
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (entry / "cmdline").read_bytes()
            is_zombie = parent == os.getpid() and not words
            if is_zombie or os.fsencode(f"file:{house.media}") in words:
                found.append(f"{entry.name} {'zombie' if is_zombie else ''}")
    return found


def files(house: House) -> list[Path]:
    transcoding = house.folder / "data" / "cache" / "transcode"
    return [entry for entry in transcoding.rglob("*") if not entry.name.startswith(".")]


def open_ends() -> int:
    """Pipes, sockets and files of streams that this process holds; the database opens its own when it likes."""
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            leads_to = str(entry.readlink())
            count += leads_to.startswith(("pipe:", "socket:", "anon_inode:")) or "transcode" in leads_to
    return count


def tasks() -> list[str]:
    names = sorted(task.get_name() for task in asyncio.all_tasks())
    return [name for name in names if name.startswith(("transcode", "ffmpeg"))]


def memory_mib() -> float:
    gc.collect()
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    return int(next(line for line in rollup.splitlines() if line.startswith("Rss:")).split()[1]) / 1024


async def _leave(house: House, file_id: int, count: int) -> None:
    headers = {"Authorization": f"Bearer {house.token}"}
    async with ClientSession(connector=TCPConnector(force_close=True), headers=headers) as client:
        for number in range(count):
            await WAYS[number % len(WAYS)](Player(house, file_id, client, f"device {number}"))


async def _nothing_is_left(house: House, before: dict[str, Any]) -> None:
    async def is_gone() -> bool:
        is_empty = not (house.server.playback.sessions.living() or programs(house) or files(house))
        return is_empty and open_ends() <= before["ends"] and tasks() == before["tasks"]

    with contextlib.suppress(TimeoutError):
        await house.until(is_gone)
    assert house.server.playback.sessions.living() == []
    assert programs(house) == []
    assert files(house) == []
    assert tasks() == before["tasks"]
    assert open_ends() <= before["ends"]


def _what_is() -> dict[str, Any]:
    return {"tasks": tasks(), "ends": open_ends()}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_nothing_is_left_of_a_stream(claimed: House, film: int, way: Callable[[Player], Awaitable[None]]) -> None:
    await _leave(claimed, film, 1)
    await _nothing_is_left(claimed, _what_is() | {"ends": 1 << 20})
    before = _what_is()

    headers = {"Authorization": f"Bearer {claimed.token}"}
    async with ClientSession(connector=TCPConnector(force_close=True), headers=headers) as client:
        await way(Player(claimed, film, client, "sofa"))

    await _nothing_is_left(claimed, before)


@pytest.mark.long
async def test_nothing_is_left_of_a_hundred_streams(claimed: House, film: int) -> None:
    await _leave(claimed, film, 3 * len(WAYS))
    await _nothing_is_left(claimed, _what_is() | {"ends": 1 << 20})
    before, began_mib = _what_is(), memory_mib()

    await _leave(claimed, film, CYCLES)

    await _nothing_is_left(claimed, before)
    grown = memory_mib() - began_mib
    log.info("%d streams begun and left: memory %+.1f MiB", CYCLES, grown)
    assert grown < MOST_GROWTH_MIB
