"""Folds updates into documents, and keeps what they were: by minutes, by days, in the end as one (heaps §4.5, 4.8).

Nothing is deleted before the transaction that keeps it elsewhere, so a kill at any line loses nothing.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import AppError, NotFound, TimedOut, Unprocessable
from homemedia.heaps import crdt
from homemedia.heaps import history_store as store
from homemedia.heaps.documents import Documents
from homemedia.heaps.history_store import Entry, Piece

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 20.0
MANY, MUCH_BYTES, SOME = 64, 256 << 10, 8
REST_MS = 60_000
AT_ONCE = 100
MINUTE_MS = 60_000
DAY_MS = 24 * 3600 * 1000
GAP_MS, LONGEST_MS = 5 * MINUTE_MS, 30 * MINUTE_MS
BY_DAY_AFTER_MS, AS_ONE_AFTER_MS = 30 * DAY_MS, 365 * DAY_MS
NEVER = 1 << 62
# Of updates told with their bytes.
ANSWER_BYTES = 24 << 20


class History:
    """Folds in and thins out. An async context manager: while it is open it looks for what should be folded in."""

    def __init__(self, db: Database, documents: Documents, clock: Clock | None = None) -> None:
        self._db = db
        self._documents = documents
        self._clock = clock or Clock()
        self._task: asyncio.Task[None] | None = None
        self.compactions = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep(), name="compaction")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def entries(
        self, block_id: str, *, before: int | None, limit: int, with_data: bool
    ) -> tuple[list[Entry], bool]:
        """What was done to a block, newest first, with its bytes as many as one answer bears; whether there is more."""
        async with self._db.snapshot() as read:
            found = await store.entries(read, block_id, before=before or NEVER, limit=limit + 1, with_data=False)
            has_more = len(found) > limit
            found = found[:limit]
            if with_data and found:
                few = _that_fit([one.size_bytes for one in found])
                has_more = has_more or few < len(found)
                found = await store.entries(read, block_id, before=before or NEVER, limit=few, with_data=True)
        return found, has_more

    async def as_of(self, block_id: str, entry_id: int) -> bytes:
        """A block's document as it was after an entry.

        Raises:
            NotFound: that is not kept any more.
        """
        parts = await store.up_to(self._db.read, block_id, entry_id)
        if not parts:
            raise NotFound("What the block was then is not kept any more.")
        return await self._documents.mill.merged(parts)

    async def fold_ripe(self) -> int:
        """Fold in what should be; how many blocks."""
        ripe = await store.ripe(
            self._db.read,
            many=MANY,
            much=MUCH_BYTES,
            some=SOME,
            rested_at=self._clock.now_ms() - REST_MS,
            limit=AT_ONCE,
        )
        for block_id in ripe:
            try:
                await self.fold(block_id)
            except (AppError, crdt.InvalidUpdateError) as err:
                # One that cannot be folded must not keep the others waiting.
                _log.warning("updates of block %s could not be folded in: %s", block_id, err)
        return len(ripe)

    async def fold(self, block_id: str) -> None:
        """Fold a block's updates into its document."""
        async with self._documents.held([block_id]):
            document = await self._documents.one(block_id)
            tail = await store.tail(self._db.read, block_id)
            if document is None or not tail:
                return
            state = document.update
            if len(state) <= crdt.MAX_BUILT_BYTES:
                with contextlib.suppress(Unprocessable, TimedOut):  # it stays as it is
                    state = await self._documents.mill.call("shrink", state, bytes) or state
            vector = await self._documents.mill.vector_of(state)
            last = await store.last_window(self._db.read, block_id)
            pieces = [last, *tail] if last is not None and last.kind == "window" else tail
            windows = await self._joined(pieces, _are_one_sitting)
            async with self._db.write() as tx:
                is_there = await store.fold(
                    tx,
                    block_id,
                    state,
                    vector=vector,
                    has_gap=document.has_gap,
                    size_bytes=len(state),
                    last=tail[-1].id,
                )
                if is_there:
                    await store.replace(tx, block_id, [] if pieces is tail or last is None else [last.id], windows)
            # What is kept in memory is the same document in more bytes.
            self._documents.forget([block_id])
        self.compactions += 1

    async def thin(self) -> None:
        """Join what is older than a month by days, and what is older than a year to one."""
        now = self._clock.now_ms()
        after = ""
        while block_ids := await store.old(self._db.read, before=now - BY_DAY_AFTER_MS, after=after, limit=AT_ONCE):
            for block_id in block_ids:
                await self._thin(block_id, now)
            after = block_ids[-1]

    async def _thin(self, block_id: str, now: int) -> None:
        async with self._documents.held([block_id]):
            pieces = await store.windows(self._db.read, block_id, before=now - BY_DAY_AFTER_MS)
            ancient = [one for one in pieces if one.last_at < now - AS_ONE_AFTER_MS or one.kind == "base"]
            rest = [one for one in pieces if one not in ancient]
            joined = [*await self._joined(ancient, _always), *await self._joined(rest, _are_one_day)]
            made = [
                msgspec.structs.replace(one, kind="base") if ancient and one.id == ancient[-1].id else one
                for one in joined
            ]
            if made != pieces:
                async with self._db.write() as tx:
                    await store.replace(tx, block_id, [one.id for one in pieces], made)

    async def _joined(self, pieces: Sequence[Piece], are_one: Callable[[Piece, Piece], bool]) -> list[Piece]:
        """Pieces that follow each other made one, where they belong together."""
        groups: list[list[Piece]] = []
        for piece in pieces:
            if groups and are_one(groups[-1][0], piece) and are_one(groups[-1][-1], piece):
                groups[-1].append(piece)
            else:
                groups.append([piece])
        return [group[0] if len(group) == 1 else await self._join(group) for group in groups]

    async def _join(self, group: Sequence[Piece]) -> Piece:
        authors = {(one.user_id, one.device) for one in group}
        user_id, device = authors.pop() if len(authors) == 1 else (None, None)
        return Piece(
            id=group[-1].id,
            first_at=group[0].first_at,
            last_at=group[-1].last_at,
            user_id=user_id,
            device=device,
            kind="window",
            n=sum(one.n for one in group),
            data=await self._documents.mill.merged([one.data for one in group]),
        )

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.fold_ripe()
            except AppError as err:
                _log.warning("notes could not be folded together: %s", err.message)


def _that_fit(sizes: Sequence[int]) -> int:
    """How many of the first go into one answer, at least one."""
    left = ANSWER_BYTES
    for number, size in enumerate(sizes):
        left -= size
        if left < 0:
            return max(number, 1)
    return len(sizes)


def _are_one_sitting(earlier: Piece, later: Piece) -> bool:
    is_same = (earlier.user_id, earlier.device) == (later.user_id, later.device)
    return is_same and later.first_at - earlier.last_at <= GAP_MS and later.last_at - earlier.first_at <= LONGEST_MS


def _are_one_day(earlier: Piece, later: Piece) -> bool:
    is_same = (earlier.user_id, earlier.device) == (later.user_id, later.device)
    return is_same and earlier.first_at // DAY_MS == later.last_at // DAY_MS


def _always(_earlier: Piece, _later: Piece) -> bool:
    return True
