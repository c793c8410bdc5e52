"""What lies behind links, whichever slice holds it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from homemedia.accounts import Guest
from homemedia.core.db import Database
from homemedia.core.problems import NotFound
from homemedia.core.zipped import Entry, unlike
from homemedia.sharing.links.slices import LinkItem, LinkItems, LinkPage, LinkSlice, Served, Size
from homemedia.sharing.shares import Shares

T = TypeVar("T")
SET = "media_set"


class Contents:
    """Asks the slices that were registered."""

    def __init__(self, db: Database, shares: Shares) -> None:
        self._db = db
        self._shares = shares
        self._slices: list[LinkSlice] = []

    def register(self, found: LinkSlice) -> None:
        """Let a slice's things be shown to guests."""
        self._slices.append(found)

    def _of(self, guest: Guest) -> list[LinkSlice]:
        return [one for one in self._slices if guest.target_type in one.kinds]

    async def page(self, guest: Guest, asked: LinkPage) -> LinkItems:
        """A part of what lies in a link.

        Raises:
            NotFound: the container that is asked for is not inside of it.
        """
        if guest.target_type == SET:
            return await self._of_set(guest, asked)
        for one in self._of(guest):
            found = await one.page(self._db.read, guest, asked)
            if found is not None:
                return found
        if asked.parent is not None:
            raise not_inside()
        return LinkItems(items=(), total=0)

    async def _of_set(self, guest: Guest, asked: LinkPage) -> LinkItems:
        """A list that was put together by hand, with things of several slices."""
        if asked.parent is not None:
            raise not_inside()
        ids = await self._shares.items_of(self._db.read, guest.share_id)
        known: dict[str, LinkItem] = {}
        for one in self._of(guest):
            known |= await one.items(self._db.read, guest, ids)
        items = [known[media_id] for media_id in ids if media_id in known]
        if asked.sort in ORDERS:
            items.sort(key=ORDERS[asked.sort])
        return LinkItems(items=items[asked.offset : asked.offset + asked.limit], total=len(items))

    async def item(self, guest: Guest, media_id: str) -> LinkItem:
        """One thing inside a link.

        Raises:
            NotFound: it is not inside of it.
        """
        for one in self._of(guest):
            found = await one.items(self._db.read, guest, [media_id])
            if media_id in found:
                return found[media_id]
        raise not_inside()

    async def picture(self, guest: Guest, media_id: str, size: Size) -> Served:
        """A picture of a thing; errors as `item`."""
        for one in self._of(guest):
            if (found := await one.picture(guest, media_id, size)) is not None:
                return found
        raise not_inside()

    async def playable(self, guest: Guest, media_id: str) -> Served:
        """What a browser shows or plays of a thing; errors as `item`."""
        for one in self._of(guest):
            if (found := await one.playable(guest, media_id)) is not None:
                return found
        raise not_inside()

    async def original(self, guest: Guest, media_id: str) -> Served:
        """The file of a thing; errors as `item`."""
        for one in self._of(guest):
            if (found := await one.original(guest, media_id)) is not None:
                return found
        raise not_inside()

    async def file_of(self, guest: Guest, media_id: str) -> int:
        """The file that a stream is made of; errors as `item`."""
        for one in self._of(guest):
            if (found := await one.file_of(guest, media_id)) is not None:
                return found
        raise not_inside()

    async def entries(self, guest: Guest, media_ids: Sequence[str] | None) -> list[Entry]:
        """The files of things, or of all, for an archive.

        Raises:
            NotFound: none of them is there.
        """
        found: list[Entry] = []
        for one in self._of(guest):
            found += await one.entries(guest, media_ids)
        if not found:
            raise not_inside()
        names = unlike(entry.name for entry in found)
        return [msgspec.structs.replace(entry, name=name) for entry, name in zip(found, names, strict=True)]

    async def take(self, guest: Guest, request: web.Request) -> LinkItem:
        """Take an upload in.

        Raises:
            NotFound: nothing can be put in here.
            BadRequest, StorageFull: it is not taken.
        """
        for one in self._of(guest):
            found = await one.take(guest, request)
            if found is not None:
                return found
        raise not_inside()


def not_inside() -> NotFound:
    return NotFound("This link holds nothing of that name.", code="share_not_found")


ORDERS: dict[str | None, Callable[[LinkItem], Any]] = {
    "name": lambda item: ((item.title or "").casefold(), item.item_id),
    "taken_at": lambda item: (item.taken_at is None, item.taken_at or 0, item.item_id),
}
