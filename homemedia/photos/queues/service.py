"""Administrators look at the queues of the photo API, hold them and start them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Self

import msgspec

from homemedia.core import setting_store
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write, as_json
from homemedia.core.jobs import Jobs
from homemedia.photos.models import Todo
from homemedia.photos.queues import store
from homemedia.photos.queues.names import OWED, QUEUES

SETTING = "photos.paused_queues"


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's jobs, by how they stand."""

    active: int
    completed: int
    failed: int
    delayed: int
    waiting: int
    paused: int


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """A queue in this moment."""

    counts: Counts
    is_active: bool
    is_paused: bool


class Queues:
    """The queues. An async context manager: what was held stays held over a restart.

    Attributes:
        wake: told in the transaction that owes photos something who has something to do now.
        on_paused: what follows for work that is under way when a queue is held, by its name; else it is finished.
        starts: what queues are begun by whose work is nothing that photos are owed, by their names.
        sweep: drops what is over in all parts of the house, and makes what is due: each chore is part of it.
    """

    def __init__(self, db: Database, jobs: Jobs, clock: Clock | None = None) -> None:
        self._db = db
        self._jobs = jobs
        self._clock = clock or Clock()
        self._paused: frozenset[str] = frozenset()
        self.wake: Callable[[Write], Awaitable[None]] = _nobody
        self.on_paused: dict[str, Callable[[], Awaitable[object]]] = {}
        self.starts: dict[str, Callable[[Write], Awaitable[object]]] = {}
        self.sweep: Callable[[], Awaitable[object]] = _nothing

    async def __aenter__(self) -> Self:
        kept = await setting_store.setting(self._db.read, SETTING)
        self._hold(frozenset(msgspec.json.decode(kept, type=list[str])) if kept else frozenset())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing of its own is left behind."""

    async def all(self) -> dict[str, Queue]:
        """Every queue by its name."""
        jobs = await self._jobs.counts()
        facts, pictures, playable = await store.owed(self._db.read)
        owed = {Todo.FACTS: facts, Todo.PICTURES: pictures, Todo.PLAYABLE: playable}
        return {name: self._queue(name, jobs, owed.get(OWED[name], 0) if name in OWED else None) for name in QUEUES}

    async def one(self, name: str) -> Queue:
        return (await self.all())[name]

    async def pause(self, name: str, by: str | None) -> None:
        """Begin nothing of a queue until it is let go on; `by` is None for whoever sits at the machine."""
        await self._keep(self._paused | {name}, by)
        if name in self.on_paused:
            await self.on_paused[name]()

    async def resume(self, name: str, by: str | None) -> None:
        await self._keep(self._paused - {name}, by)
        await self._jobs.hurry(QUEUES[name])

    async def start(self, name: str, *, is_forced: bool) -> None:
        """Do a queue's work for what it failed with, or for everything."""
        async with self._db.write() as tx:
            if name in OWED:
                await store.owe(tx, int(OWED[name]), all_photos=is_forced)
            if name in self.starts:
                await self.starts[name](tx)
            await self.wake(tx)
        await self._jobs.hurry(QUEUES[name])

    async def empty(self, name: str) -> None:
        """Forget what a queue has not begun."""
        if name in OWED:
            async with self._db.write() as tx:
                await store.forgive(tx, int(OWED[name]))
            return
        await self._jobs.drop_queued(QUEUES[name])

    async def clear_failed(self, name: str) -> None:
        await self._jobs.drop_failed(QUEUES[name])

    def _queue(self, name: str, jobs: Mapping[tuple[str, str], int], owed: int | None) -> Queue:
        def count(state: str) -> int:
            return sum(jobs.get((kind, state), 0) for kind in QUEUES[name])

        is_paused = name in self._paused
        running = count("running")
        # What photos are owed is one job for all of them, counted by the photos it is for.
        waiting = count("queued") if owed is None else max(owed - running, 0)
        counts = Counts(
            active=running if owed is None else min(running, owed),
            completed=count("done"),
            failed=count("failed"),
            delayed=0,
            waiting=0 if is_paused else waiting,
            paused=waiting if is_paused else 0,
        )
        return Queue(counts=counts, is_active=counts.active > 0, is_paused=is_paused)

    async def _keep(self, paused: frozenset[str], by: str | None) -> None:
        async with self._db.write() as tx:
            text = as_json(sorted(paused))
            await setting_store.put_setting(tx, SETTING, text, by=by, now=self._clock.now_ms())
        self._hold(paused)

    def _hold(self, paused: frozenset[str]) -> None:
        self._paused = paused & QUEUES.keys()
        self._jobs.hold(kind for name in self._paused for kind in QUEUES[name])


async def _nobody(_tx: Write) -> None:
    return None


async def _nothing() -> None:
    return None
