"""Brings what slices left as jobs into inboxes, folds repeats, and hands on what is to be pushed."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.kept import kept
from homemedia.core.notices import KIND, LANE, Notice, NoticeJob, Withdrawal
from homemedia.notifications import store
from homemedia.notifications.events import InboxChanged, NoticeTold
from homemedia.notifications.kinds import kind_of
from homemedia.notifications.models import NO_WISHES, Kept, Person, Wishes
from homemedia.notifications.pushing import Pushing
from homemedia.notifications.quiet import is_pushed

_log = logging.getLogger(__name__)

MAX_KEPT = 1000
MAX_GROWN = 100
# Who reads an inbox waits so long for notices on their way; the lane needs milliseconds.
SETTLE_S = 2.0
_IDS = uuid.UUID("8f0a3a3e-0c0e-4d0e-9d0b-6b1f3f6a2d11")


class Deliverer:
    """Body of the jobs `notify`."""

    def __init__(self, db: Database, pushing: Pushing) -> None:
        self._db = db
        self._pushing = pushing
        self._last = 0
        self._newest_at = 0
        self._moved = asyncio.Event()
        self._held: Callable[[], frozenset[str]] = frozenset

    def register(self, jobs: Jobs) -> None:
        jobs.lane(LANE, 1)
        jobs.register(KIND, LANE, self.run)
        self._held = lambda: jobs.held

    async def settle(self) -> None:
        """Wait until every notice that was left before now has arrived, though not for long."""
        if KIND in self._held():
            return
        newest = await store.on_the_way(self._db.read)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_S):
                while self._last < newest:
                    await self._moved.wait()

    async def run(self, run: JobRun) -> None:
        """Deliver one notice, or take some back."""
        job = run.payload(NoticeJob)
        try:
            async with self._db.write() as tx:
                if job.notice is not None:
                    await self._tell(tx, job.notice, run.key, self._told_at(run))
                if job.withdrawal is not None:
                    await self._withdraw(tx, job.withdrawal)
        finally:
            self._last = max(self._last, run.job_id)
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()

    def _told_at(self, run: JobRun) -> int:
        """When it was told; no two at the same time, so that lists keep the order in which things happened."""
        self._newest_at = max(run.created_at, self._newest_at + 1)
        return self._newest_at

    async def _tell(self, tx: Write, notice: Notice, key: str, now: int) -> None:
        share_id = notice.share_id
        people = await store.people(tx.rows, notice.to, actor_id=notice.actor_id, share_id=share_id, now=now)
        if not people:
            return
        if share_id is not None and not await store.is_share(tx.rows, share_id):
            share_id = None
        details = dict(notice.details)
        if notice.actor_id is not None and "actor_name" not in details:
            details["actor_name"] = await store.name_of(tx.rows, notice.actor_id)
        for person in people:
            fresh = Kept(
                notification_id=str(uuid.uuid5(_IDS, f"{key}/{person.user_id}")),
                user_id=person.user_id,
                family=notice.family,
                type=notice.type,
                share_id=share_id,
                subject_id=notice.subject_id,
                actor_id=notice.actor_id,
                details=details,
                fold_key=notice.fold_key,
                told_by=key,
                created_at=now,
                updated_at=now,
                read_at=None,
            )
            told = await self._keep(tx, fresh, notice.grows) if notice.is_kept else fresh
            if told is not None:
                await self._hand_on(tx, person, told)

    async def _keep(self, tx: Write, fresh: Kept, grows: tuple[str, ...]) -> Kept | None:
        """Write a notice into an inbox; None when this job did so already."""
        before = None
        if fresh.fold_key is not None:
            before = await store.unread_fold(tx.rows, fresh.user_id, fresh.family, fresh.type, fresh.fold_key)
        if before is not None and before.told_by == fresh.told_by:
            return None
        if before is not None:
            told = folded(before, fresh, grows)
            await store.refresh(tx, told)
        else:
            told = fresh
            if not await store.add(tx, told):
                return None
            await store.trim(tx, told.user_id, told.family, MAX_KEPT)
        tx.announce(NoticeTold(told))
        return told

    async def _hand_on(self, tx: Write, person: Person, told: Kept) -> None:
        unread = sum((await store.unread(tx.rows, person.user_id)).values())
        tx.announce(InboxChanged(person.user_id, unread))
        if not person.subscriptions:
            return
        wishes = kept(person.wishes, Wishes, NO_WISHES)
        if is_pushed(wishes, kind_of(told.family, told.type)):
            await self._pushing.push(tx, person, wishes, told, unread)

    async def _withdraw(self, tx: Write, withdrawal: Withdrawal) -> None:
        found = await store.withdrawn(
            tx.rows,
            withdrawal.family,
            withdrawal.subject_id,
            types=withdrawal.types,
            actor_id=withdrawal.actor_id,
            of_user=withdrawal.of_user,
        )
        gone = [one for one in found if _holds(one.details, withdrawal.details)]
        if not gone:
            return
        await store.delete_some(tx, [one.notification_id for one in gone])
        for user_id in sorted({one.user_id for one in gone}):
            tx.announce(InboxChanged(user_id, sum((await store.unread(tx.rows, user_id)).values())))


def folded(before: Kept, fresh: Kept, grows: tuple[str, ...]) -> Kept:
    """An unread notice that its repeat has come into; pure.

    `count` adds up: a repeat counts as many as it says, 1 when it says nothing. Lists in `grows` become one.
    """
    details = {**before.details, **fresh.details}
    details["count"] = _times(before.details) + _times(fresh.details)
    for name in grows:
        together = [*_listed(before.details, name), *_listed(fresh.details, name)]
        details[name] = list(dict.fromkeys(together))[-MAX_GROWN:]
    return msgspec.structs.replace(
        before,
        details=details,
        actor_id=fresh.actor_id,
        share_id=fresh.share_id,
        told_by=fresh.told_by,
        updated_at=max(fresh.updated_at, before.updated_at),
    )


def _times(details: Mapping[str, Any]) -> int:
    count = details.get("count", 1)
    return count if isinstance(count, int) and not isinstance(count, bool) else 1


def _listed(details: Mapping[str, Any], name: str) -> list[str]:
    found = details.get(name)
    return [str(one) for one in found] if isinstance(found, list) else []


def _holds(details: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(details.get(name) == value for name, value in wanted.items())
