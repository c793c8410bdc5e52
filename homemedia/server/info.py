"""What this server is, how it is, what it does just now."""

import asyncio
import logging
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from homemedia.accounts import Household, Member
from homemedia.accounts.household import HouseholdService
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.places import Places
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.server.facts import ActiveSession, ItemCounts, LibraryFacts, PlaybackFacts

_log = logging.getLogger(__name__)

PING = "SELECT 1 AS one"
PING_LIMIT_S = 2.0
DISK_LIMIT_S = 2.0
PLATFORMS = ("linux", "windows", "darwin", "freebsd")


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`latency_ms` is None when the database did not answer."""

    is_ok: bool
    latency_ms: float | None
    name: str
    uptime_s: int


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """Space of the disk below a folder, in bytes; None where it does not answer."""

    free: int | None
    total: int | None


def space_of(folder: Path) -> Disk:
    """Free and whole space of the disk a folder lies on, or would lie on once it is made."""
    for place in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(place)
        except FileNotFoundError:
            continue
        except OSError:
            break
        return Disk(free=usage.free, total=usage.total)
    return Disk(free=None, total=None)


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """What the server does. The last three are for administrators, None for all others."""

    name: str
    uptime_s: int
    libraries: int
    members: int
    items: ItemCounts
    is_scanning: bool
    sessions: int
    transcodes: int
    max_transcodes: int
    active_sessions: Sequence[ActiveSession] | None
    disks: tuple[Disk, Disk] | None
    ffmpeg_version: str | None


class ServerInfo:
    """Answers who we are and how we are.

    Args:
        db: the database whose health counts.
        household: its name is the server's.
        library: what the library tells.
        playback: what playback tells.
        places: whose disks are shown to administrators.
        lane: threads for disks that may not answer.
        clock: the time.
    """

    def __init__(
        self,
        db: Database,
        household: HouseholdService,
        library: LibraryFacts,
        playback: PlaybackFacts,
        places: Places,
        lane: Lane,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._household = household
        self._library = library
        self._playback = playback
        self._places = places
        self._lane = lane
        self._clock = clock or Clock()
        self._started_s = self._clock.monotonic_s()
        # What the house was called when the database last answered: a sick server still says its name.
        self._last_name = ""

    @property
    def platform(self) -> str:
        """One of four words; strangers learn no more."""
        system = "windows" if sys.platform == "win32" else sys.platform.rstrip("0123456789")
        return system if system in PLATFORMS else "linux"

    async def household(self) -> Household:
        found = await self._household.read()
        self._last_name = found.name
        return found

    async def health(self) -> Health:
        """Ask the database for one row; it has two seconds."""
        latency_ms: float | None = None
        try:
            async with asyncio.timeout(PING_LIMIT_S):
                began = self._clock.monotonic_s()
                await self._db.read(PING)
                latency_ms = round((self._clock.monotonic_s() - began) * 1000, 2)
                await self.household()
        except (TimeoutError, sqlite3.Error, ValueError, AppError) as err:
            # ValueError is what a closed connection says.
            _log.warning("the database does not answer: %s", err)
            latency_ms = None
        return Health(
            is_ok=latency_ms is not None, latency_ms=latency_ms, name=self._last_name, uptime_s=self._uptime_s()
        )

    async def activity(self, actor: Member) -> Activity:
        """What goes on, as far as this member may know."""
        sessions = await self._playback.active_sessions()
        running, most = self._playback.transcodes()
        return Activity(
            name=(await self.household()).name,
            uptime_s=self._uptime_s(),
            libraries=await self._library.count_libraries(actor),
            members=await self._household.count_members(),
            items=await self._library.count_items(actor),
            is_scanning=await self._library.is_scanning(),
            sessions=len(sessions),
            transcodes=running,
            max_transcodes=most,
            active_sessions=sessions if actor.is_admin else None,
            disks=await self._disks() if actor.is_admin else None,
            ffmpeg_version=self._playback.ffmpeg_version() if actor.is_admin else None,
        )

    async def _disks(self) -> tuple[Disk, Disk]:
        return await self._disk(self._places.data_dir), await self._disk(self._places.transcode_dir)

    async def _disk(self, folder: Path) -> Disk:
        try:
            async with asyncio.timeout(DISK_LIMIT_S):
                return await self._lane.run(space_of, folder)
        except TimeoutError:
            return Disk(free=None, total=None)

    def _uptime_s(self) -> int:
        return int(self._clock.monotonic_s() - self._started_s)
