"""A library on a real disk in a real database, with a fake media worker: what every scan test stands on."""

import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.events import EventBus
from homemedia.core.jobs import JobRow, JobRun
from homemedia.core.threads import Lane
from homemedia.library import libraries_store
from homemedia.library.metadata import RefreshResult
from homemedia.library.models import Counts, Library, LibraryKind, LibraryOptions, ScanResult
from homemedia.library.scan import results_store
from homemedia.library.scan.scanner import Parts, RefreshWish, Scanner, ScanWish
from homemedia.media import AudioResult, AudioTags, Probe, ProbeRequest, ProbeResult, VideoStream
from tests.support.ready import migrated

LONG_AGO_S = 1_600_000_000


class FakeTools:
    """Probes by what the file holds: `bad…` cannot be read, `4k…` is large, all others are plain."""

    def __init__(self) -> None:
        self.probed: list[str] = []
        self.before: Any = None

    async def probe(self, requests: Sequence[ProbeRequest]) -> list[ProbeResult]:
        if self.before is not None:
            await self.before()
        return [self._one(request.path) for request in requests]

    async def read_audio(self, requests: Sequence[ProbeRequest]) -> list[AudioResult]:
        """Tags as the file holds them, as JSON; any other content has none."""
        if self.before is not None:
            await self.before()
        return [self._song(request.path) for request in requests]

    def _song(self, path: str) -> AudioResult:
        seen = self._one(path)
        if seen.probe is None:
            return AudioResult(path=path, code=seen.code, error=seen.error)
        try:
            tags = msgspec.json.decode(Path(path).read_bytes(), type=AudioTags)
        except msgspec.DecodeError:
            tags = AudioTags()
        probe = Probe(container="mp3", duration_ms=1000 * seen.probe.size_bytes, bitrate=None, size_bytes=1)
        return AudioResult(path=path, tags=tags, probe=probe)

    def _one(self, path: str) -> ProbeResult:
        self.probed.append(path)
        try:
            content = Path(path).read_bytes()
        except OSError:
            return ProbeResult(path=path, code="file_missing", error="The file is gone.")
        if content.startswith(b"bad"):
            return ProbeResult(path=path, code="not_media", error="This is no video.")
        height = 2160 if content.startswith(b"4k") else 1080
        video = VideoStream(track=0, codec="h264", width=height * 16 // 9, height=height)
        return ProbeResult(
            path=path,
            probe=Probe(container="mkv", duration_ms=60_000, bitrate=None, size_bytes=len(content), video=(video,)),
        )


class FakeReader:
    def __init__(self) -> None:
        self.asked: list[int] = []

    async def refresh(self, item_ids: Sequence[int], *, mode: Literal["all", "missing"] = "all") -> RefreshResult:
        self.asked += item_ids
        return RefreshResult(updated=len(item_ids))


class FakeArtist:
    def __init__(self) -> None:
        self.wished: list[str] = []

    async def wish(self, tx: Write, library_id: str) -> None:
        self.wished.append(library_id)


class World:
    """A household's disk and database, and a scanner between them."""

    def __init__(self, db: Database, disk: Path, lane: Lane) -> None:
        self.db = db
        self.disk = disk
        self.tools = FakeTools()
        self.reader = FakeReader()
        self.artist = FakeArtist()
        self.bus = EventBus()
        self.indexed: list[int] = []
        self.events: list[object] = []
        db.on_events = self.events.append
        self.scanner = Scanner(
            Parts(
                db=db,
                clock=Clock(),
                lane=lane,
                tools=self.tools,
                reader=self.reader,
                artist=self.artist,
                index_items=self._index,
                publish=self.events.append,
                owned=(disk / "data",),
            )
        )
        self._jobs = 0

    async def _index(self, tx: Write, item_ids: Sequence[int]) -> None:
        self.indexed += item_ids

    def file(self, path: str, content: bytes | None = None, *, at_s: float = LONG_AGO_S) -> Path:
        """A file on the disk, last written long ago; its content is its own name when left out."""
        target = self.disk / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.encode() if content is None else content)
        os.utime(target, (at_s, at_s))
        return target

    async def library(self, kind: str, *roots: str, options: LibraryOptions | None = None, name: str = "") -> Library:
        """A library of these folders below the disk."""
        library_id = f"{kind}-{roots[0]}-{name}"
        made = Library(
            library_id=library_id,
            kind=LibraryKind(kind),
            name=library_id,
            owner_id=None,
            language="en",
            position=0,
            options=options or LibraryOptions(),
            is_available=True,
            created_at=1,
            last_scan_at=None,
        )
        for root in roots:
            (self.disk / root).mkdir(parents=True, exist_ok=True)
        async with self.db.write() as tx:
            await libraries_store.insert(tx, made, library_id, [str(self.disk / root) for root in roots])
        found = await libraries_store.library(self.db.read, library_id)
        assert found is not None
        return found

    def run_of(self, library: Library, kind: str = "scan") -> JobRun:
        self._jobs += 1
        return JobRun(
            JobRow(
                job_id=self._jobs,
                kind=kind,
                key=library.library_id,
                payload=b"{}",
                state="running",
                tries=1,
                created_at=0,
                started_at=0,
            )
        )

    async def scan(self, library: Library, wish: ScanWish | None = None) -> ScanResult:
        await self.scanner.scan(self.run_of(library), wish or ScanWish())
        return await self.result(library)

    async def refresh(self, library: Library, wish: RefreshWish | None = None) -> ScanResult:
        await self.scanner.refresh(self.run_of(library, "refresh"), wish or RefreshWish())
        return await self.result(library, "refresh")

    async def result(self, library: Library, kind: str = "scan") -> ScanResult:
        found = await results_store.results(self.db.read)
        return next(one for one in found if one.library_id == library.library_id and one.kind == kind)

    async def rows(self, sql: str, **args: object) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.db.read(sql, args)]

    async def titles(self, kind: str = "movie", *, missing: bool = False) -> list[str]:
        rows = await self.rows(
            "SELECT title FROM item WHERE kind = :kind AND (missing_since_at IS NOT NULL) = :missing"
            " ORDER BY sort_title",
            kind=kind,
            missing=int(missing),
        )
        return [row["title"] for row in rows]

    async def item(self, title: str) -> dict[str, Any]:
        rows = await self.rows("SELECT * FROM item WHERE title = :title", title=title)
        assert len(rows) == 1, rows
        return rows[0]

    async def problems(self, library: Library) -> dict[str, str]:
        found = await results_store.problems(self.db.read, library.library_id, offset=0, limit=100)
        return {Path(one.path).name: one.code for one in found}


def states(counts: Counts) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: value for name, value in msgspec.structs.asdict(counts).items() if value}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    path = migrated(tmp_path / "homemedia.db")
    disk = tmp_path / "disk"
    disk.mkdir()
    db = await Database.open(path)
    async with Lane("scan", 2) as lane:
        yield World(db, disk, lane)
    await db.close()


__all__ = ["World", "states"]
