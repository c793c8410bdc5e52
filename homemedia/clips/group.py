"""What administrators decide for all: of which sites links are taken, and which clips go (clips §7.1, 7.4)."""

from typing import Literal

import msgspec

from homemedia.accounts.family.group import GroupService
from homemedia.clips import group_store as store
from homemedia.clips.group_store import Stored, Totals
from homemedia.clips.platforms import KEYS, PLATFORMS
from homemedia.clips.removal import Removal
from homemedia.core.db import Database
from homemedia.core.problems import BadRequest, NotFound

MODES = ("all", "allow", "block")
Mode = Literal["all", "allow", "block"]
MAX_AT_ONCE = 1000


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Clips by the room they take, with what there is in all."""

    clips: list[Stored]
    totals: Totals
    has_more: bool


class ClipGroup:
    """Serves administrators alone."""

    def __init__(self, db: Database, group: GroupService, removal: Removal) -> None:
        self._db = db
        self._group = group
        self._removal = removal

    async def filter_platforms(self, mode: object, platforms: object) -> tuple[Mode, list[str] | None]:
        """Say of which sites links are taken from now on.

        Raises:
            BadRequest: there is no such way, none was named, or one that nobody knows.
        """
        word, listed = checked_filter(mode, platforms)
        await self._group.filter_platforms(word, listed)
        return word, listed

    async def clips(self, *, newest_first: bool, limit: int, offset: int) -> Page:
        """Clips that are not over, in every state, the largest first unless said otherwise."""
        async with self._db.snapshot() as read:
            find = store.newest if newest_first else store.largest
            found = await find(read, limit=limit + 1, offset=offset)
            return Page(clips=found[:limit], totals=await store.totals(read), has_more=len(found) > limit)

    async def totals(self) -> Totals:
        """How many clips there are, and what they take."""
        return await store.totals(self._db.read)

    async def remove(self, clip_ids: object) -> int:
        """Remove clips for good, watched or not; how many there were.

        Raises:
            BadRequest: none was named.
            NotFound: none of them is a clip.
        """
        wanted = clip_ids if isinstance(clip_ids, list) else []
        ids = [one for one in wanted if isinstance(one, str)]
        if not ids or len(ids) > MAX_AT_ONCE:
            raise BadRequest(f"Clip IDs required: a list of 1 to {MAX_AT_ONCE}.", field="clipIds")
        async with self._db.write() as tx:
            known = await store.known(tx, ids)
            if not known:
                raise NotFound("Clip not found.")
            return await self._removal.remove(tx, known)


def checked_filter(mode: object, platforms: object) -> tuple[Mode, list[str] | None]:
    """A filter of sites as it is kept: the list in the order of the table, each once; `all` has none.

    Raises:
        BadRequest: there is no such way, none was named, or one that nobody knows.
    """
    if not isinstance(mode, str) or mode not in MODES:
        raise BadRequest(f"Invalid mode: one of {', '.join(MODES)} is needed.", field="mode")
    if mode == "all":
        return "all", None
    if not isinstance(platforms, list) or not platforms:
        raise BadRequest("Invalid platforms: name at least one.", field="platforms", reason="is empty")
    unknown = [str(one)[:50] for one in platforms if not isinstance(one, str) or one not in KEYS]
    if unknown:
        raise BadRequest(f"Invalid platforms: {', '.join(unknown[:20])}.", field="platforms", reason="are unknown")
    return ("allow" if mode == "allow" else "block"), [one.key for one in PLATFORMS if one.key in platforms]
