"""What the icon beside the clock is told of the other parts of the server."""

from collections.abc import Callable, Sequence
from typing import Any

from homemedia.accounts import HouseholdChanged
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.library import Library
from homemedia.app.photos import Photos
from homemedia.app.playback import Playback
from homemedia.core.jobs import JobRow
from homemedia.library import libraries_store
from homemedia.library.events import LibrariesChanged, ScanFinished, ScanProgressed, ScanStarted
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


class DesktopSights:
    """The library's and playback's part of the picture."""

    def __init__(self, base: Base, library: Library, playback: Playback, photos: Photos) -> None:
        self._base = base
        self._library = library
        self._playback = playback
        self._photos = photos

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
        names = {one.library_id: one.name for one in await libraries_store.libraries(self._base.db.read)}
        return [_scanned(row, names.get(row.key, "")) for row in rows]

    async def troubles(self) -> Sequence[Trouble]:
        return [
            Trouble(
                code="library_offline",
                message=f"{one.name}: its disk is not there",
                address=f"/admin/libraries/{one.library_id}/problems",
            )
            for one in await libraries_store.libraries(self._base.db.read)
            if not one.is_available
        ]

    def is_paused(self) -> bool:
        return self._library.desk.is_paused

    async def pause(self, *, is_paused: bool) -> None:
        """The same queue that administrators hold; it stays held over a restart."""
        queues = self._photos.queues
        await (queues.pause if is_paused else queues.resume)(SCANS, None)

    def update(self) -> str | None:
        return None


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
        is_claimed: Callable[[], bool],
    ) -> None:
        self._base = base
        self._entrance = entrance
        self._sights = DesktopSights(base, library, playback, photos)
        self._is_claimed = is_claimed

    async def start(self) -> list[object]:
        """Build it; its routes."""
        door = self.door = Door(self._sights, self._house)
        self._base.stack.push("desktop door", door.close)
        for event in STIRRING:
            self._base.bus.subscribe(event, door.stir)
        self._base.bus.subscribe(NoticeTold, self._note)
        return [DesktopRoutes(door)]

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


def _scanned(row: JobRow, name: str) -> Scanned:
    done, total = row.progress.get("done", 0), row.progress.get("total", 0)
    return Scanned(
        library=name,
        phase=row.progress.get("phase", "discover"),
        percent=min(100, done * 100 // total) if total else None,
    )
