"""All parts together: watcher, desk, scanner, and once the real media worker."""

import asyncio
import os
import time
from pathlib import Path

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.jobs import Jobs
from homemedia.core.threads import Lane
from homemedia.library.events import ItemsChanged
from homemedia.library.jobs import ScanDesk
from homemedia.library.watcher import Watcher
from homemedia.media import MediaTools, Probe
from tests.library.scan.conftest import World
from tests.support.samples import a_film


async def test_real_files_are_probed_and_broken_ones_told(world: World) -> None:
    (world.disk / "films").mkdir()
    good = a_film(world.disk / "films" / "Harbour Lights (2011).mkv")
    os.utime(good, (1_600_000_000, 1_600_000_000))
    content = good.read_bytes()
    world.file("films/Truncated (2012).mp4", content[:200])
    world.file("films/Random (2013).mkv", bytes(range(256)) * 50)
    world.file("films/Mislabelled (2014).avi", content)
    library = await world.library("movie", "films")
    async with MediaTools() as tools:
        world.scanner._parts.tools = tools

        result = await world.scan(library)

    assert result.result == "ok"
    assert result.counts.failed == 2
    assert result.counts.total == 4
    assert await world.titles() == ["Harbour Lights", "Mislabelled", "Random", "Truncated"]
    row = (await world.rows("SELECT probe, width, duration_ms FROM file WHERE path LIKE 'Harbour%'"))[0]
    probe = msgspec.msgpack.decode(row["probe"], type=Probe)
    assert probe.main_video is not None
    assert row["width"] == probe.main_video.width
    assert row["duration_ms"] == probe.duration_ms


async def test_copied_file_is_listed_within_half_a_second_and_never_half_written(world: World) -> None:
    library = await world.library("movie", "films")
    jobs = Jobs(world.db)
    jobs.lane("scan", 2)
    world.db.on_jobs = jobs.wake
    desk = ScanDesk(world.db, jobs, world.scanner, Clock(), looks_by_itself=False)
    desk.register()
    watcher = Watcher(world.db, world.bus, lambda library_id, scopes: desk.scan(library_id, scopes=scopes))
    listed = asyncio.Event()

    def hear(event: object) -> None:
        if isinstance(event, ItemsChanged):
            listed.set()

    world.db.on_events = hear
    async with watcher, desk, jobs, Lane("copy", 1) as lane:
        world.scanner.reports = watcher.reports
        await watcher.is_settled.wait()
        took: list[float] = []
        for number in range(3):
            listed.clear()
            path = world.disk / "films" / f"Film {number} (2001).mkv"
            closed = await lane.run(copy, path)
            async with asyncio.timeout(60):
                await listed.wait()
            took.append(time.monotonic() - closed)
        async with asyncio.timeout(60):
            while await desk.open():
                await asyncio.sleep(0.01)
        result = await world.result(library)

    assert await world.titles() == ["Film 0", "Film 1", "Film 2"]
    sizes = await world.rows("SELECT size_bytes FROM file")
    assert {row["size_bytes"] for row in sizes} == {40_000}
    assert result.counts.failed == 0
    # 0.3 s of waiting for quiet; the rest is room for a busy machine.
    assert min(took) < 2


def copy(path: Path) -> float:
    """Write a file in four pieces; when it was closed."""
    with path.open("wb") as file:
        for _ in range(4):
            file.write(b"x" * 10_000)
            file.flush()
            os.fsync(file.fileno())
    return time.monotonic()
