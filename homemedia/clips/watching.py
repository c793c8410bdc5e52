"""Watching: who saw a clip and how far, favourites, what is put aside to catch up (clips §6.8, 6.9, 11)."""

import math
import sqlite3
from collections.abc import Sequence
from typing import Final

import msgspec

from homemedia.accounts import Member
from homemedia.clips import feed_store, unwatched
from homemedia.clips import watching_store as store
from homemedia.clips.events import ClipTalk, UnwatchedChanged
from homemedia.clips.feed import no_clip
from homemedia.clips.feed_store import Shown
from homemedia.clips.talk_reactions import with_favorite
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader

WHOLE: Final = 100
# From here on a clip counts as seen, below as skipped.
HALF: Final = 50
MINUTE_MS: Final = 60_000


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """What a member did: clips sent in, favourites, minutes watched of what others sent in."""

    uploads: int
    saves: int
    minutes: int


class Watching:
    """What members do with clips but talking."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()

    async def watch(self, actor: Member, clip_id: str, percent: int | None) -> None:
        """A member has watched a clip, so far at least where `percent` says how far.

        Raises:
            NotFound: there is no such clip.
        """
        async with self._db.write() as tx:
            clip = await self._clip(tx.rows, clip_id, actor)
            await store.watch(tx, clip_id, actor.user_id, percent=percent, now=self._clock.now_ms())
            if not clip["is_watched"]:
                await unwatched.seen(tx, clip_id, [actor.user_id])

    async def progress(self, actor: Member, clip_id: str, percent: int | None) -> bool:
        """Of a clip that counts as watched more was seen; whether that is news.

        Raises:
            NotFound: there is no such clip.
        """
        async with self._db.write() as tx:
            await self._clip(tx.rows, clip_id, actor)
            return percent is not None and await store.progress(tx, clip_id, actor.user_id, percent)

    async def unwatch(self, actor: Member, clip_id: str) -> None:
        """A clip counts as not watched by a member, also when he never did.

        Raises:
            NotFound: there is no such clip.
        """
        async with self._db.write() as tx:
            await self._clip(tx.rows, clip_id, actor)
            if await store.unwatch(tx, clip_id, actor.user_id):
                await unwatched.unseen(tx, clip_id, actor.user_id)

    async def views(self, actor: Member, clip_id: str) -> list[sqlite3.Row]:
        """Who watched a clip: those who saw half of it first, then the last first.

        Raises:
            NotFound: there is no such clip.
        """
        await self._clip(self._db.read, clip_id, actor)
        return await store.views(self._db.read, clip_id, half=HALF)

    async def toggle_favorite(self, actor: Member, clip_id: str) -> bool:
        """Make a clip a favourite of a member, or none any more; whether it is one now. His heart goes with it.

        Raises:
            NotFound: there is no such clip.
        """
        async with self._db.write() as tx:
            clip = await self._clip(tx.rows, clip_id, actor)
            is_favorite, now = not clip["is_favorite"], self._clock.now_ms()
            if is_favorite:
                await store.like(tx, clip_id, actor.user_id, now=now)
            else:
                await store.unlike(tx, clip_id, actor.user_id)
            await with_favorite(tx, clip_id, actor, is_favorite=is_favorite, now=now)
            tx.announce(ClipTalk(clip_id=clip_id, what="favorite", by=actor.user_id))
        return is_favorite

    async def put_aside(self, actor: Member, keep_ids: Sequence[str]) -> int:
        """Put aside all that a member has still to watch but these; how much that was."""
        async with self._db.write() as tx:
            count = await store.put_aside(tx, actor.user_id, keep_ids, now=self._clock.now_ms())
            if count:
                tx.announce(UnwatchedChanged(user_ids=(actor.user_id,)))
        return count

    async def restore(self, actor: Member, clip_ids: Sequence[str] | None) -> int:
        """Have clips that were put aside wait again, all of them for None; how many those were."""
        async with self._db.write() as tx:
            if clip_ids is None:
                count = await store.restore_all(tx, actor.user_id)
            else:
                count = await store.restore(tx, actor.user_id, clip_ids)
            if count:
                tx.announce(UnwatchedChanged(user_ids=(actor.user_id,)))
        return count

    async def aside(self, actor: Member, *, limit: int, offset: int) -> tuple[list[Shown], int]:
        """A part of what a member has put aside, the last first, as rows of the feed; and how much there is."""
        rows = await feed_store.aside(self._db.read, actor.user_id, limit=limit, offset=offset)
        return rows, await feed_store.aside_count(self._db.read, actor.user_id)

    async def stats(self, actor: Member) -> Stats:
        row = await store.stats(self._db.read, actor.user_id)
        return Stats(uploads=row["uploads"], saves=row["saves"], minutes=round(row["watched"] / WHOLE / MINUTE_MS))

    async def _clip(self, read: Reader, clip_id: str, actor: Member) -> sqlite3.Row:
        clip = await store.clip(read, clip_id, actor.user_id)
        if clip is None:
            raise no_clip()
        return clip


def percent_of(given: object) -> int | None:
    """How far somebody has watched, as it is kept: a whole number from 0 to 100; None for what is no number."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    if isinstance(given, float) and math.isnan(given):
        return None
    return math.floor(max(0, min(given, WHOLE)) + 0.5)
