"""The feed: what there is to watch, one clip, its caption, its end (clips §6.1, 6.4 to 6.7)."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from homemedia.accounts import Member
from homemedia.clips import feed_store as store
from homemedia.clips.events import ClipsChanged
from homemedia.clips.feed_store import Filter, Shown, Sort
from homemedia.clips.models import caption_of
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest, Forbidden, NotFound

# The order of each list where none is asked for.
USUAL: Final[dict[Filter, Sort]] = {
    "all": "newest",
    "unwatched": "oldest",
    "watched": "latest",
    "favorites": "latest",
    "uploads": "newest",
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a list; without `sort` in its own order."""

    which: Filter = "all"
    sort: Sort | None = None
    limit: int
    offset: int = 0


class Feed:
    """Shows clips to members, and lets who sent one in change it while nobody else has seen it.

    Attributes:
        remove: takes clips away for good, inside of a transaction.
        is_moderated: whether administrators may change and delete what others sent in.
    """

    def __init__(self, db: Database, remove: Callable[[Write, Sequence[str]], Awaitable[object]]) -> None:
        self._db = db
        self._remove = remove
        self.is_moderated = False

    async def listed(self, actor: Member, asked: Asked) -> tuple[list[Shown], bool]:
        """Rows of a part of a list, and whether there is more."""
        sort = asked.sort or USUAL[asked.which]
        rows = await store.page(
            self._db.read, actor.user_id, asked.which, sort, limit=asked.limit + 1, offset=asked.offset
        )
        return rows[: asked.limit], len(rows) > asked.limit

    async def one(self, actor: Member, clip_id: str) -> Shown:
        """The row of a clip, in any state.

        Raises:
            NotFound: there is none.
        """
        row = await store.one(self._db.read, actor.user_id, clip_id)
        if row is None:
            raise no_clip()
        return row

    async def unwatched(self, actor: Member) -> int:
        """How many clips a member has still to watch."""
        return await store.unwatched(self._db.read, actor.user_id)

    def moderates(self, actor: Member) -> bool:
        """Whether a member may change and delete any clip."""
        return self.is_moderated and actor.is_admin

    async def check_caption(self, actor: Member, clip_id: str) -> None:
        """Say whether a member may write another caption now.

        Raises:
            NotFound, Forbidden: as `write_caption`.
        """
        self._check(actor, await store.standing(self._db.read, clip_id), "edit it")

    async def write_caption(self, actor: Member, clip_id: str, given: object) -> str | None:
        """Give a clip another caption; the caption as it is kept.

        Raises:
            NotFound: there is no such clip.
            Forbidden: somebody else sent it in, or somebody else has seen it.
            BadRequest: what is given is no text.
        """
        if given is not None and not isinstance(given, str):
            raise BadRequest("The caption must be a text or null.", field="title", reason="must be a text or null")
        caption = caption_of(given)
        async with self._db.write() as tx:
            self._check(actor, await store.standing(tx.rows, clip_id), "edit it")
            await store.set_caption(tx, clip_id, caption)
            tx.announce(ClipsChanged(clip_ids=(clip_id,), what="changed"))
        return caption

    async def delete(self, actor: Member, clip_id: str) -> None:
        """Delete a clip for good, with all that was said of it.

        Raises:
            NotFound: there is no such clip.
            Forbidden: somebody else sent it in, or somebody else has seen it.
        """
        async with self._db.write() as tx:
            self._check(actor, await store.standing(tx.rows, clip_id), "delete it")
            await self._remove(tx, [clip_id])

    def _check(self, actor: Member, standing: sqlite3.Row | None, what: str) -> None:
        if standing is None:
            raise no_clip()
        if self.moderates(actor):
            return
        if standing["added_by"] != actor.user_id:
            raise Forbidden(f"Only the uploader of a clip can {what}.", code="not_uploader")
        if standing["is_seen"]:
            raise Forbidden(f"Too late to {what}: somebody has watched this clip.", code="already_watched")


def no_clip() -> NotFound:
    return NotFound("Clip not found.")
