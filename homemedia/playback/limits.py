"""What is taken away from a member while he plays: when he may, and that what he may not see any more ends.

A stream asks again by itself; a file that is read as it is asks once. So whoever plays is looked after here.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, Self

from homemedia.accounts import Member
from homemedia.accounts.restrictions import is_open
from homemedia.core.clock import Clock
from homemedia.core.problems import Forbidden, NotFound

log = logging.getLogger(__name__)

# What became invisible must end within 5 s, what runs beyond a schedule within 60.
LOOK_EVERY_S = 4.0


class Plays(Protocol):
    """Who plays what."""

    def played(self) -> set[tuple[Member, int]]:
        """Members, as they were when they began, and the files they play."""

    def end_for(self, member: Member, file_id: int) -> None:
        """End what a member plays of a file; its player is told why."""


class Warden:
    """Ends what somebody may not play any more. An async context manager; leaving it stops looking.

    Args:
        plays: who plays what.
        fresh: a member as the database says now; None when he may not come in any more.
        sight: raises `NotFound` when a member does not see a file.
        clock: the present.
    """

    def __init__(
        self,
        plays: Plays,
        fresh: Callable[[Member], Awaitable[Member | None]],
        sight: Callable[[Member, int], Awaitable[object]],
        clock: Clock,
    ) -> None:
        self._plays = plays
        self._fresh = fresh
        self._sight = sight
        self._clock = clock
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._looking = asyncio.create_task(self._keep_looking(), name="playback limits")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    def check(self, actor: Member) -> None:
        """Let a member play now, or refuse.

        Raises:
            Forbidden: `outside_schedule`.
        """
        if not self._is_open(actor):
            raise Forbidden("This is not a time at which you may watch.", code="outside_schedule")

    async def look(self) -> None:
        """End what may not be played any more."""
        for member, file_id in self._plays.played():
            if not await self._may_go_on(member, file_id):
                self._plays.end_for(member, file_id)

    async def _may_go_on(self, member: Member, file_id: int) -> bool:
        fresh = await self._fresh(member)
        if fresh is None or not self._is_open(fresh):
            return False
        try:
            await self._sight(fresh, file_id)
        except NotFound:
            return False
        return True

    def _is_open(self, member: Member) -> bool:
        if not member.restrictions.schedule:
            return True
        now = datetime.fromtimestamp(self._clock.now_ms() / 1000)  # noqa: DTZ006 - the server's own time is meant
        return is_open(member.restrictions.schedule, now)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except Exception:
                # Whatever it was, the next look must come: else limits would hold for nobody any more.
                log.exception("who may play what could not be looked at")
