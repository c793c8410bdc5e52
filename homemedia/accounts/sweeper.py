"""The one sweeper of what is over: sign-ins, invites, challenges, refresh tokens.

A server runs for months, and anybody on the network can have challenges made; so it sweeps while it runs, not at its
start alone.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Self

from homemedia.accounts import sweeper_store as rows
from homemedia.accounts.sessions import DAY_MS, SessionService
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import AppError

_log = logging.getLogger(__name__)

SWEEP_EVERY_S = 3600.0
CHALLENGES_STAY_MS = DAY_MS
# As long as sessions that have ended: who comes with an old one is told what became of it.
REFRESH_TOKENS_STAY_MS = 30 * DAY_MS
# Lists show them for 90 days; for a year who opens the link of one hears that it is over, not that it never was.
INVITES_STAY_MS = 365 * DAY_MS


class Sweeper:
    """Sweeps at the start and every hour. An async context manager; leaving it stops.

    Attributes:
        more: further sweeps, of parts that keep something of their own.
    """

    def __init__(self, db: Database, sessions: SessionService, clock: Clock | None = None) -> None:
        self._db = db
        self._sessions = sessions
        self._clock = clock or Clock()
        self._task: asyncio.Task[None] | None = None
        self.more: list[Callable[[], Awaitable[None]]] = []

    async def sweep(self) -> int:
        """Drop what is over; how many rows."""
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            gone = await rows.forget_challenges(tx, now - CHALLENGES_STAY_MS)
            gone += await rows.forget_refresh_tokens(tx, now - REFRESH_TOKENS_STAY_MS)
            gone += await rows.forget_invites(tx, now - INVITES_STAY_MS)
        gone += await self._sessions.sweep()
        for sweep in self.more:
            await sweep()
        return gone

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_sweeping(), name="sweeper")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                await self.sweep()
            except AppError as err:
                # A disk that is full or read-only: the next hour comes.
                _log.warning("what is over could not be swept: %s", err.message)
            await asyncio.sleep(SWEEP_EVERY_S)
