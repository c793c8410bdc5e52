"""Asks once a day whether there is a newer version, if an administrator wishes it; nothing leaves the house before.

What is asked is an index of packages, and what it learns is our version and address, as of every visitor of a page.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

import msgspec

from homemedia import __version__
from homemedia.core import setting_store
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.outbound import Outbound
from homemedia.core.kept import kept
from homemedia.core.notices import ADMINS, Notice, notify
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.server.backup import copying
from homemedia.server.updates import store
from homemedia.server.updates.how import How, how_installed
from homemedia.server.updates.versions import Found, is_newer, newest

_log = logging.getLogger(__name__)

CHECK, LAST = "updates.check", "updates.last"
FAMILY, FOUND = "server", "update_found"
DAY_MS: Final = 24 * 3600 * 1000
MAX_BYTES: Final = 16 << 20
LIMIT_S: Final = 15.0


class Last(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the last look found; the time in ms. `told`: the version administrators were told of."""

    checked_at: int | None = None
    found: Found | None = None
    problem: str | None = None
    told: str = ""


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """The copy of the database that was made before this version changed it; the time in ms."""

    name: str
    made_at: int


class Known(msgspec.Struct, frozen=True, kw_only=True):
    is_checking: bool
    last: Last
    how: How
    backup: Copied | None
    previous: str | None


class Updates:
    """An async context manager.

    Args:
        db: where the wish and the last answer are kept.
        url: what is asked.
        backups: the folder of copies.
        clock: the time.
        version: that of this program.

    Attributes:
        on_found: told when there is a newer version than before.
    """

    def __init__(
        self, db: Database, url: str, backups: Path, clock: Clock, *, version: str = __version__, how: How | None = None
    ) -> None:
        self._db = db
        self._url = url
        self._backups = backups
        self._clock = clock
        self._version = version
        self._how = how or how_installed()
        # Whoever names an address of numbers inside of the house in the settings file means it.
        self._outbound = Outbound(trusted=[urlsplit(url).hostname or ""], limit_s=LIMIT_S, max_bytes=MAX_BYTES)
        self._lane = Lane("updates", 1)
        self._last = Last()
        # Two that ask at once would tell the same news twice.
        self._asking = asyncio.Lock()
        self.on_found: Callable[[], None] = lambda: None

    async def __aenter__(self) -> Self:
        text = await setting_store.setting(self._db.read, LAST)
        self._last = kept(text, Last, Last()) if text else Last()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._outbound.close()
        await self._lane.close()

    @property
    def newer(self) -> str | None:
        """A newer version that is known of; None while there is none."""
        found = self._last.found
        return found.version if found is not None and is_newer(found.version, self._version) else None

    async def is_checking(self) -> bool:
        return await setting_store.setting(self._db.read, CHECK) == "1"

    async def known(self) -> Known:
        """All that there is to say, without asking anybody."""
        used = await store.last_versions(self._db.read)
        copies = {one.name: one for one in await self._lane.run(copying.copies, self._backups)}
        copy = next((copies[one.copy] for one in used if one.copy in copies), None)
        return Known(
            is_checking=await self.is_checking(),
            last=self._last,
            how=self._how,
            backup=None if copy is None else Copied(name=copy.name, made_at=copy.made_at),
            previous=used[1].version if len(used) > 1 else None,
        )

    async def switch(self, *, is_checking: bool, by: str) -> None:
        """Ask from now on, or no more; who switches it on has it asked at once."""
        async with self._asking:
            was_checking = await self.is_checking()
            async with self._db.write() as tx:
                value = "1" if is_checking else None
                await setting_store.put_setting(tx, CHECK, value, by=by, now=self._clock.now_ms())
            if is_checking and not was_checking:
                await self._ask()

    async def sweep(self) -> None:
        """Ask if it is wished and due; called every hour."""
        async with self._asking:
            now, before = self._clock.now_ms(), self._last.checked_at
            # A clock that was put back does not keep it from being asked.
            if await self.is_checking() and (before is None or not before <= now < before + DAY_MS):
                await self._ask()

    async def check(self) -> None:
        """Ask now. What keeps it from being answered is kept as a sentence."""
        async with self._asking:
            await self._ask()

    async def _ask(self) -> None:
        now, last = self._clock.now_ms(), self._last
        try:
            found = newest(await self._outbound.fetch_document(self._url))
        except AppError as err:
            _log.info("whether there is a newer version could not be learnt: %s", err.message)
            await self._keep(msgspec.structs.replace(last, checked_at=now, problem=err.message))
            return
        is_news = is_newer(found.version, self._version) and found.version != last.told
        told = found.version if is_news else last.told
        await self._keep(Last(checked_at=now, found=found, told=told), news=found.version if is_news else None)
        if is_news:
            _log.info("there is a newer version, %s; this is %s", found.version, self._version)
            self.on_found()

    async def _keep(self, last: Last, *, news: str | None = None) -> None:
        async with self._db.write() as tx:
            text = msgspec.json.encode(last).decode()
            await setting_store.put_setting(tx, LAST, text, by=None, now=self._clock.now_ms())
            if news is not None:
                details = {"target_title": news, "path": "/admin/updates"}
                await notify(
                    tx, Notice(family=FAMILY, type=FOUND, to=ADMINS, subject_id=news, details=details, fold_key=FOUND)
                )
        self._last = last
