"""What the icon beside the clock is told of the other parts of the server."""

from collections.abc import Callable, Sequence
from typing import Any

from homemedia.accounts import HouseholdChanged
from homemedia.app.about import About
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.library import Library
from homemedia.app.photos import Photos
from homemedia.app.playback import Playback
from homemedia.core.jobs import JobLeft, JobRow
from homemedia.library import libraries_store
from homemedia.library.events import LibrariesChanged, ScanFinished, ScanProgressed, ScanStarted
from homemedia.library.jobs import REFRESH, SCAN
from homemedia.library.models import Library as LibraryModel
from homemedia.library.models import LibraryKind
from homemedia.notifications import words
from homemedia.notifications.events import NoticeTold
from homemedia.photos.queues.names import SCANS
from homemedia.playback.events import ActivityChanged
from homemedia.server.desktop.door import Door, House
from homemedia.server.desktop.routes import DesktopRoutes
from homemedia.server.desktop.wire import Note, Scanned, Trouble, Watched

ROUTES: tuple[Any, ...] = (DesktopRoutes,)
# What changes the picture, each looked at once somebody asks.
STIRRING = (ActivityChanged, HouseholdChanged, LibrariesChanged, ScanFinished, ScanProgressed, ScanStarted)
# What administrators are told that a person at the machine should hear of as well.
NOTED_FAMILIES = {"server"}
NOTED_TYPES = {"member_waiting"}
IDLE = {"paused", "idle"}
BACKUPS = "/admin/backups"


class DesktopSights:
    """The library's and playback's part of the picture."""

    def __init__(self, base: Base, library: Library, playback: Playback, photos: Photos, about: About) -> None:
        self._base = base
        self._library = library
        self._playback = playback
        self._photos = photos
        self._about = about

    def watching(self) -> Sequence[Watched]:
        return [
            Watched(
                who=one.member.display_name or one.member.username,
                what=one.thing.title,
                device=one.client_name,
                percent=min(100, one.position_ms * 100 // one.duration_ms) if one.duration_ms else None,
                is_playing=one.state not in IDLE,
            )
            for one in self._playback.activity.watching()
        ]

    async def scans(self) -> Sequence[Scanned]:
        rows = [row for row in await self._library.desk.open() if row.state == "running"]
        if not rows:
            return []
        names = {one.library_id: name_of(one) for one in await libraries_store.libraries(self._base.db.read)}
        return [_scanned(row, names.get(row.key, "")) for row in rows]

    async def troubles(self) -> Sequence[Trouble]:
        return [*await self._lost(), *self._tight(), *self._not_copied()]

    def _tight(self) -> list[Trouble]:
        return [
            Trouble(code="disk_full", message=f"{capital(name)}: the disk is almost full", address="/admin")
            for name in self._about.room.tight
        ]

    def _not_copied(self) -> list[Trouble]:
        why = self._about.backups.failed
        if why is None:
            return []
        return [Trouble(code="backup_failed", message=f"The database could not be copied: {why}", address=BACKUPS)]

    async def _lost(self) -> list[Trouble]:
        found = [one for one in await libraries_store.libraries(self._base.db.read) if not one.is_available]
        return [
            Trouble(
                code="library_offline",
                message=f"{name_of(one)}: the disk is not there",
                address="/admin" if one.kind is LibraryKind.FOLDER else f"/admin/libraries/{one.library_id}/problems",
            )
            for one in found
        ]

    def is_paused(self) -> bool:
        return self._library.desk.is_paused

    async def pause(self, *, is_paused: bool) -> None:
        """The same queue that administrators hold; it stays held over a restart."""
        queues = self._photos.queues
        await (queues.pause if is_paused else queues.resume)(SCANS, None)

    def update(self) -> str | None:
        return self._about.updates.newer


class Desktop:
    """The door, and what makes whoever stands at it look again."""

    door: Door

    def __init__(
        self,
        base: Base,
        entrance: Entrance,
        library: Library,
        playback: Playback,
        photos: Photos,
        about: About,
        is_claimed: Callable[[], bool],
    ) -> None:
        self._base = base
        self._entrance = entrance
        self._sights = DesktopSights(base, library, playback, photos, about)
        self._about = about
        self._is_claimed = is_claimed
        self._new: set[str] = set()

    async def start(self) -> list[object]:
        """Build it; its routes."""
        door = self.door = Door(self._sights, self._house)
        self._base.stack.push("desktop door", door.close)
        for event in STIRRING:
            self._base.bus.subscribe(event, door.stir)
        self._base.bus.subscribe(JobLeft, self._scan_left)
        self._base.bus.subscribe(NoticeTold, self._note)
        self._base.bus.subscribe(ScanStarted, self._scan_began)
        self._base.bus.subscribe(ScanFinished, self._scan_ended)
        self._about.updates.on_found = door.stir
        return [DesktopRoutes(door)]

    def _scan_left(self, event: JobLeft) -> None:
        """Only now it counts among those that run no more: what it announces itself comes earlier."""
        if event.kind in (SCAN, REFRESH):
            self.door.stir()

    async def _scan_began(self, event: ScanStarted) -> None:
        library = await libraries_store.library(self._base.db.read, event.library_id)
        if library is not None and library.last_scan_at is None and library.kind is not LibraryKind.FOLDER:
            self._new.add(event.library_id)

    async def _scan_ended(self, event: ScanFinished) -> None:
        """A library that was looked through for the first time is ready."""
        if event.library_id not in self._new:
            return
        library = await libraries_store.library(self._base.db.read, event.library_id)
        if library is None or library.last_scan_at is None:
            return
        self._new.discard(event.library_id)
        self.door.note(
            Note(
                id=f"ready-{event.library_id}",
                title=self._entrance.house_name,
                body=f'"{library.name}" is ready: everything in it was looked at',
                address="/",
            )
        )

    def _house(self) -> House:
        return House(name=self._entrance.house_name, is_claimed=self._is_claimed())

    def _note(self, event: NoticeTold) -> None:
        """Every administrator is told the same; here it is one."""
        notice = event.notice
        if notice.family in NOTED_FAMILIES or notice.type in NOTED_TYPES:
            self.door.note(
                Note(
                    id=notice.told_by,
                    title=self._entrance.house_name,
                    body=words.message(notice.type, notice.details),
                    address=words.path(notice),
                )
            )


def name_of(library: LibraryModel) -> str:
    """What a library is called here; what lies in a member's notebook is told to nobody else."""
    return "A folder of a notebook" if library.kind is LibraryKind.FOLDER else library.name


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _scanned(row: JobRow, name: str) -> Scanned:
    done, total = row.progress.get("done", 0), row.progress.get("total", 0)
    return Scanned(
        library=name,
        phase=row.progress.get("phase", "discover"),
        percent=min(100, done * 100 // total) if total else None,
    )
