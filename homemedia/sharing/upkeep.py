"""What becomes of grants by itself (shares §8): ends that come, things that go to the trash and come back, old rows.

Nothing here opens or shuts anything: each request asks by itself whether a grant stands. Here it is told and logged,
and streams are looked at again.
"""

import asyncio
import contextlib
import logging
from typing import Final, Self

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.notices import HOUSEHOLD, Notice, notify
from homemedia.core.problems import AppError
from homemedia.sharing import shares_store as store
from homemedia.sharing.models import ShareRow
from homemedia.sharing.shares import Shares
from homemedia.sharing.showing import things_of
from homemedia.sharing.telling import announce, details_of

_log = logging.getLogger(__name__)

SWEEP_EVERY_S: Final = 60.0
SETTLES_S: Final = 0.5
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
# Whoever shares for shorter is not warned of the end.
WARNED_FROM_MS: Final = 48 * HOUR_MS
REVOKED_STAY_MS: Final = 30 * DAY_MS
AT_ONCE: Final = 200
WARNED, OVER = 1, 2


class Upkeep:
    """Looks every minute, and when it is told to. An async context manager; leaving it stops."""

    def __init__(self, db: Database, shares: Shares, clock: Clock | None = None) -> None:
        self._db = db
        self._shares = shares
        self._clock = clock or Clock()
        self._task: asyncio.Task[None] | None = None
        self._swept_at = 0
        self._soon = asyncio.Event()

    def look_soon(self) -> None:
        """Something was deleted for good: what was granted of it is over."""
        self._soon.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_sweeping(), name="upkeep of shares")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def sweep(self) -> None:
        """Handle everything that has come by itself since the last time."""
        await self._end_what_is_over()
        await self._warn()
        await self._look_at_things()
        now = self._clock.now_ms()
        if now - self._swept_at >= HOUR_MS:
            self._swept_at = now
            await self._shares.log.sweep()
            async with self._db.write() as tx:
                await store.forget(tx, until=now - REVOKED_STAY_MS)

    async def _end_what_is_over(self) -> None:
        while over := await store.over(self._db.read, now=self._clock.now_ms()):
            async with self._db.write() as tx:
                await store.stage(tx, [one.share_id for one in over], OVER, is_over=True)
                for share in over:
                    await self._shares.log.write(tx, "expired", share.share_id, details={"cause": "expires_at"})
                    await self._tell(tx, "share_expired", share)
                    announce(tx, [share])

    async def _warn(self) -> None:
        now = self._clock.now_ms()
        soon = now + self._shares.rules.expiring_notice_hours * HOUR_MS
        while ending := await store.ending(self._db.read, now=now, soon=soon, least=WARNED_FROM_MS):
            async with self._db.write() as tx:
                await store.stage(tx, [one.share_id for one in ending], WARNED, is_over=False)
                for share in ending:
                    await self._tell(tx, "share_expiring", share)

    async def _look_at_things(self) -> None:
        """Tell of what went to the trash or came back, and end what was granted of what is gone for good."""
        after = ""
        while page := await store.watched(self._db.read, after, AT_ONCE):
            after = page[-1][0].share_id
            standings = await self._shares.standings(self._db.read, [share for share, _ in page])
            gone = [share for share, _ in page if standings[share.share_id].thing is None]
            turned = {
                share.share_id: share
                for share, was in page
                if standings[share.share_id].thing is not None
                and (standings[share.share_id].status == "suspended") != was
            }
            called = {
                share.share_id: thing.title
                for share, _ in page
                if (thing := standings[share.share_id].thing) is not None and thing.title != share.last_title
            }
            if not gone and not turned and not called:
                continue
            async with self._db.write() as tx:
                await store.call(tx, called)
                await self._shares.end(tx, [share.share_id for share in gone], reason="target_deleted")
                for share_id, share in turned.items():
                    thing = standings[share_id].thing
                    is_suspended = standings[share_id].status == "suspended"
                    await store.suspend(tx, [share_id], is_suspended=is_suspended)
                    cause = "not_given" if thing is None or thing.state == "there" else thing.state
                    word = "suspended" if is_suspended else "resumed"
                    await self._shares.log.write(tx, word, share_id, details={"cause": cause})
                    announce(tx, [share])

    async def _tell(self, tx: Write, what: str, share: ShareRow) -> None:
        """Tell recipients and who made a grant."""
        if share.origin == "system":
            return
        thing = (await things_of(tx.rows, self._shares.targets, [share])).get(share.share_id)
        details = details_of(share, thing) | {"expires_at": share.expires_at}
        members = (
            (share.created_by,) if share.recipient_type != "user" else (share.created_by, share.recipient_id or "")
        )
        notice = Notice(
            family="share",
            type=what,
            to=HOUSEHOLD if share.recipient_type == "group" else members,
            share_id=share.share_id,
            subject_id=share.target_id,
            details=details,
        )
        await notify(tx, notice)

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                await self.sweep()
            except AppError as err:
                _log.warning("shares could not be looked after: %s", err.message)
            except Exception:  # noqa: BLE001 - the edge of a task
                # Whatever it was, the next look must come.
                _log.exception("shares could not be looked after")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_EVERY_S):
                    await self._soon.wait()
                    # Much that goes at once is looked at once.
                    await asyncio.sleep(SETTLES_S)
            self._soon.clear()
