"""The state that the icon beside the clock shows, and waiting for it to change.

Nothing is looked at while nobody asks, and nobody who waits costs anything until something happens.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from homemedia import __version__
from homemedia.core.fs import write_whole
from homemedia.core.problems import AppError
from homemedia.server.desktop.wire import DesktopState, Doing, NewVersion, Note, Scanned, Trouble, Watched

_log = logging.getLogger(__name__)

# Changes within this time are told as one: a scan alone reports four times a second.
CALM_S = 1.0
KEPT_NOTES = 50
DATABASE = Trouble(
    code="database", message="The database does not answer. The log tells more.", address="/admin/backups"
)
Ending = Literal["stop", "restart"]


class Sights(Protocol):
    """What the other parts of the server tell. Each is asked anew for every answer."""

    def watching(self) -> Sequence[Watched]: ...

    async def scans(self) -> Sequence[Scanned]: ...

    async def troubles(self) -> Sequence[Trouble]: ...

    def is_paused(self) -> bool: ...

    async def pause(self, *, is_paused: bool) -> None: ...

    def update(self) -> str | None: ...


class House(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    is_claimed: bool


class Door:
    """One for each start of the server, with a token that nobody knows but who may read the data folder.

    Args:
        sights: what is told.
        house: what this server is called.

    Attributes:
        url: the page, as a person opens it; "" before anybody listens.
        on_end: told when a person wishes the server to end.
    """

    def __init__(self, sights: Sights, house: Callable[[], House]) -> None:
        self.sights = sights
        self.url = ""
        self.on_end: Callable[[Ending], None] = lambda _ending: None
        self._house = house
        self._token = secrets.token_urlsafe(32)
        self._start = secrets.token_hex(4)
        self._number = 0
        self._told: DesktopState | None = None
        self._notes: deque[Note] = deque(maxlen=KEPT_NOTES)
        self._handed: tuple[str, int] = ("", 0)
        self._noted = 0
        self._changed = asyncio.Event()
        self._over = asyncio.Event()

    def admits(self, token: str) -> bool:
        """Whether this is the word that stands in the file."""
        return secrets.compare_digest(token.encode("utf-8", "replace"), self._token.encode())

    def open(self, file: Path, *, url: str, page: str) -> None:
        """Write down where we are asked; for this user's eyes alone. Blocking.

        Args:
            file: in the data folder.
            url: where this machine reaches us.
            page: what a person opens.
        """
        self.url = page
        found = {"url": url, "token": self._token, "pid": os.getpid()}
        write_whole(file, msgspec.json.encode(found), mode=0o600)
        self.stir()

    async def close(self) -> None:
        """Answer everybody who waits: nobody shall keep the stop waiting."""
        self._over.set()
        self._changed.set()

    def stir(self, *_: object) -> None:
        """Something may be otherwise than it was; takes whatever its caller tells, and costs nothing."""
        self._changed.set()

    def note(self, note: Note) -> None:
        """Something happened that a person shall hear of."""
        if all(note.id != known.id for known in self._notes):
            self._notes.append(note)
            self._noted += 1
            self.stir()

    async def state(self, seen: str, wait_s: float) -> DesktopState:
        """How it is, as soon as it is otherwise than `seen`, there is something to tell, or the time is over."""
        self._drop_told(seen)
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_s
        while True:
            self._changed.clear()
            found = await self._look()
            if found.revision != seen or self._notes or self._over.is_set() or loop.time() >= until:
                self._handed = (found.revision, len(self._notes))
                return msgspec.structs.replace(found, notices=list(self._notes))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    await self._changed.wait()
            if loop.time() < until:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CALM_S):
                        await self._over.wait()

    def _drop_told(self, seen: str) -> None:
        """Who names the revision of the last answer has got it, with the notices in it."""
        revision, count = self._handed
        if revision and seen == revision:
            for _ in range(min(count, len(self._notes))):
                self._notes.popleft()
        self._handed = ("", 0)

    async def _look(self) -> DesktopState:
        told = self._told
        found = await self._gather()
        if told is None or msgspec.structs.replace(found, revision=told.revision) != told:
            self._number += 1
            told = self._told = msgspec.structs.replace(found, revision=f"{self._start}-{self._number}")
        return told

    async def _gather(self) -> DesktopState:
        sights, house = self.sights, self._house()
        watching = list(sights.watching())
        try:
            scans, troubles = list(await sights.scans()), list(await sights.troubles())
        except (sqlite3.Error, ValueError, AppError) as err:
            # ValueError is what a closed connection says.
            _log.debug("the database does not answer: %s", err)
            scans, troubles = [], [DATABASE]
        streams = sum(one.is_playing for one in watching)
        version = sights.update()
        return DesktopState(
            revision="",
            name=house.name,
            version=__version__,
            url=self.url,
            is_claimed=house.is_claimed,
            state=doing(is_open=bool(self.url), troubles=len(troubles), streams=streams, scans=len(scans)),
            percent=overall(scans),
            streams=streams,
            watching=watching,
            scans=scans,
            is_scanning_paused=sights.is_paused(),
            attention=troubles,
            notices=[],
            update=None if version is None else NewVersion(version=version),
        )


def doing(*, is_open: bool, troubles: int, streams: int, scans: int) -> Doing:
    """The one word for all of it: what a person must see to, else who watches, else what is looked through."""
    if not is_open:
        return "starting"
    if troubles:
        return "attention"
    if streams:
        return "streaming"
    return "scanning" if scans else "ready"


def overall(scans: Sequence[Scanned]) -> int | None:
    """How far all scans are together, in percent; None while nobody knows."""
    known = [scan.percent for scan in scans if scan.percent is not None]
    return sum(known) // len(known) if known else None
