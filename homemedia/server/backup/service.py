"""One backup job: every night at two, and whenever an administrator wishes; seven are kept (design §7.57)."""

import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Self

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.notices import ADMINS, Notice, Withdrawal, notify, withdraw
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.server.backup import copying
from homemedia.server.backup.copying import Copy

_log = logging.getLogger(__name__)

KIND: Final = "backup"
LANE: Final = "upkeep"
FAMILY: Final = "server"
FAILED: Final = "backup_failed"
KEPT: Final = 7
AT: Final = dt.time(2, 0)
_DAILY: Final = re.compile(r"(\d{1,2})\s+(\d{1,2})\s+\*\s+\*\s+\*")


class Backups:
    """An async context manager; it owns a thread. Call `register` before jobs start.

    Args:
        db: what is copied.
        folder: where copies lie.
        began_at: since when there is anything to be lost, in ms: a house of today needs no copy of last night.
        clock: the time.

    Attributes:
        kept: how many copies are kept; None: none are made by themselves.
        failed: why the last one could not be made since the start; None when it was.
        at: the time of day at which one is made, by the clock of this machine.
    """

    def __init__(
        self, db: Database, folder: Path, began_at: Callable[[], Awaitable[int | None]], clock: Clock | None = None
    ) -> None:
        self._db = db
        self._folder = folder
        self._began_at = began_at
        self._clock = clock or Clock()
        self._lane = Lane("backup", 1)
        self._jobs: Jobs | None = None
        self.failed: str | None = None
        self.kept: Callable[[], int | None] = lambda: KEPT
        self.at: Callable[[], dt.time] = lambda: AT

    def register(self, jobs: Jobs) -> None:
        self._jobs = jobs
        jobs.register(KIND, LANE, self._work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def wish(self, tx: Write) -> None:
        """Have a copy made now."""
        await tx.enqueue(KIND, "database")

    async def start(self) -> None:
        async with self._db.write() as tx:
            await self.wish(tx)

    async def sweep(self) -> None:
        """Have a copy made if the hour has come, also one that was slept through; asked every hour."""
        began_at = await self._began_at()
        if self.kept() is None or began_at is None:
            return
        found = await self.listed()
        last_at = max((one.made_at for one in found if one.name.startswith(copying.PREFIX)), default=began_at)
        if last_at < last_due(self._clock.now_ms(), self.at()):
            await self.start()

    async def listed(self) -> list[Copy]:
        """All copies that there are, the newest first."""
        return await self._lane.run(copying.copies, self._folder)

    async def is_running(self) -> bool:
        """Whether a copy is being made, or will be in a moment."""
        return self._jobs is not None and bool(await self._jobs.open(KIND))

    async def _work(self, _run: JobRun) -> None:
        try:
            made = await self._lane.run(copying.copy, self._db.path, self._folder, now_ms=self._clock.now_ms())
        except AppError as err:
            self.failed = err.message
            await self._tell(err.message)
            raise
        if self.failed is not None:
            self.failed = None
            async with self._db.write() as tx:
                await withdraw(tx, Withdrawal(family=FAMILY, subject_id=KIND, types=(FAILED,)))
        gone = await self._lane.run(copying.prune, self._folder, kept=self.kept() or KEPT)
        _log.info("the database is copied to %s, %d older copies went", made.name, len(gone))

    async def _tell(self, why: str) -> None:
        details = {"why": why, "path": "/admin/backups"}
        async with self._db.write() as tx:
            await notify(
                tx, Notice(family=FAMILY, type=FAILED, to=ADMINS, subject_id=KIND, details=details, fold_key=KIND)
            )


def last_due(now_ms: int, at: dt.time, zone: dt.tzinfo | None = None) -> int:
    """When a copy was due last, in ms.

    Args:
        now_ms: the time.
        at: the time of day.
        zone: of that clock; None for this machine's.
    """
    now = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC).astimezone(zone)
    due = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    if due > now:
        # By the calendar, so that it is the same hour also where a clock was put forward since.
        due = (due.replace(tzinfo=None) - dt.timedelta(days=1)).replace(tzinfo=zone).astimezone(zone)
    return int(due.timestamp() * 1000)


def daily(text: str) -> dt.time | None:
    """The time of day of "0 02 * * *", as the settings document writes it; None for anything but once a day."""
    found = _DAILY.fullmatch(text.strip())
    if found is None or int(found[1]) > 59 or int(found[2]) > 23:
        return None
    return dt.time(int(found[2]), int(found[1]))
