"""Photos and albums as who holds a link sees them (shares §6).

Threat: a photo tells where somebody lives. Unless a link shows what is known of its photos, nothing leaves that a
camera wrote: pictures are made anew, films are those made for players, names are numbers.
"""

import re
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from aiohttp import web

from homemedia.accounts import Guest
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader
from homemedia.core.http.multipart import check_form
from homemedia.core.problems import BadRequest, TimedOut
from homemedia.core.threads import Lane
from homemedia.core.uploads import Staging
from homemedia.core.zipped import Entry
from homemedia.library.artwork.renditions import Renditions, Wanted
from homemedia.library.rendition import KeptRenditions
from homemedia.media import OperationFailed, WorkerCrashed
from homemedia.photos import linked_store, store, visible
from homemedia.photos.albums import store as albums
from homemedia.photos.intake import Intake, Kept
from homemedia.photos.kinds import WEB_IMAGES, mime_of
from homemedia.photos.models import PhotoKind
from homemedia.photos.upload_form import guest_wish, read_form
from homemedia.photos.wire import maybe_base64
from homemedia.sharing.links.slices import LONG_EDGE, LinkItem, LinkItems, LinkPage, Served, Size
from homemedia.sharing.rights import Right

ALBUM, SET = "collection", "media_set"
# Of one link to single photos.
MOST: Final = 500
TYPES: Final = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio"}
JPEG, MP4 = "image/jpeg", "video/mp4"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A guest's photo goes where his link leads: (guest, photo).
Put = Callable[[Guest, str], Awaitable[None]]


class LinkedPhotos:
    """As `sharing.links.slices.LinkSlice`."""

    kinds = frozenset({"media", SET, ALBUM})

    def __init__(
        self,
        db: Database,
        kept: KeptRenditions,
        cache: Renditions,
        intake: Intake,
        staging: Staging,
        lane: Lane,
        put: Put,
        clock: Clock,
    ) -> None:
        self._db = db
        self._kept = kept
        self._cache = cache
        self._intake = intake
        self._staging = staging
        self._lane = lane
        self._put = put
        self._clock = clock

    # What there is

    async def items(self, read: Reader, guest: Guest, media_ids: Sequence[str]) -> dict[str, LinkItem]:
        wanted = [one for one in media_ids if _ID.fullmatch(one)]
        if not wanted:
            return {}
        seen = await visible.permitted(read, visible.linked(guest, self._clock.now_ms()), wanted)
        rows = await store.shown(read, [one for one in wanted if one in seen])
        knows = visible.knows_facts(guest)
        return {row["photo_id"]: _item(row, knows_facts=knows) for row in rows}

    async def page(self, read: Reader, guest: Guest, asked: LinkPage) -> LinkItems | None:
        if asked.parent is not None:
            return None
        if guest.target_type != ALBUM:
            found = await self.items(read, guest, [guest.target_id])
            return LinkItems(items=list(found.values()), total=len(found)) if found else None
        ids, total = await self._in_album(read, guest, asked)
        found = await self.items(read, guest, ids)
        return LinkItems(items=[found[one] for one in ids if one in found], total=total)

    async def _in_album(self, read: Reader, guest: Guest, asked: LinkPage) -> tuple[list[str], int]:
        album = await albums.one(read, guest.target_id)
        if album is None or album.owner_id != guest.maker.user_id:
            return [], 0
        args = {
            "granted_at": self._clock.now_ms(),
            "is_descending": int(album.sort_order == "desc"),
            "limit": asked.limit,
            "offset": asked.offset,
        }
        return await linked_store.page(read, album.album_id, asked.sort, args)

    # Bytes

    async def picture(self, guest: Guest, media_id: str, size: Size) -> Served | None:
        row = await self._row(guest, media_id)
        return None if row is None else await self._picture(row, LONG_EDGE[size], size)

    async def playable(self, guest: Guest, media_id: str) -> Served | None:
        row = await self._row(guest, media_id)
        if row is None:
            return None
        if row["kind"] == PhotoKind.IMAGE.value:
            is_whole = bool(guest.rights & Right.DOWNLOAD) and visible.knows_facts(guest)
            if is_whole and mime_of(row["original_name"]) in WEB_IMAGES:
                return _whole(row)
            return await self._picture(row, LONG_EDGE["large"], "large")
        return self._film(row, knows_facts=visible.knows_facts(guest))

    async def original(self, guest: Guest, media_id: str) -> Served | None:
        row = await self._row(guest, media_id, Right.DOWNLOAD)
        return None if row is None else await self._taken_home(row, guest, 1)

    async def file_of(self, _guest: Guest, _media_id: str) -> int | None:
        """Films of photos are made playable once and kept, never converted while they play."""
        return None

    async def entries(self, guest: Guest, media_ids: Sequence[str] | None) -> list[Entry]:
        ids = media_ids if media_ids is not None else await self._all(guest)
        rows = await self._rows(guest, ids, Right.DOWNLOAD)
        found = [(row, await self._taken_home(row, guest, number)) for number, row in enumerate(rows, start=1)]
        served = [(row, one) for row, one in found if one is not None]
        sizes = await self._lane.run(_sizes, [one.path for _, one in served])
        knows = visible.knows_facts(guest)
        return [
            # When a photo was taken is known of it too.
            Entry(name=one.filename, path=one.path, size_bytes=size, changed_at=row["local_taken_at"] if knows else 0)
            for (row, one), size in zip(served, sizes, strict=True)
            if size is not None
        ]

    async def _all(self, guest: Guest) -> Sequence[str]:
        if guest.target_type == ALBUM:
            ids, _ = await self._in_album(self._db.read, guest, LinkPage(limit=1 << 30))
            return ids
        if guest.target_type == SET:
            return await linked_store.of_set(self._db.read, guest.share_id)
        return [guest.target_id]

    async def _row(self, guest: Guest, media_id: str, right: Right = Right.VIEW) -> sqlite3.Row | None:
        rows = await self._rows(guest, [media_id], right)
        return rows[0] if rows else None

    async def _rows(self, guest: Guest, media_ids: Sequence[str], right: Right) -> list[sqlite3.Row]:
        wanted = [one for one in media_ids if _ID.fullmatch(one)]
        if not wanted:
            return []
        sight = visible.linked(guest, self._clock.now_ms(), right=right)
        return await linked_store.files(self._db.read, wanted, sight.sql, sight.args)

    async def _picture(self, row: sqlite3.Row, long_edge: int, name: str) -> Served | None:
        """A picture made anew: with nothing in it that a camera wrote."""
        kept = await self._kept.of(self._db.read, row["file_id"])
        found = kept.get("preview") or kept.get("thumbnail")
        if found is not None:
            source = self._kept.absolute(found.path)
        elif row["kind"] == PhotoKind.IMAGE.value and row["missing_since_at"] is None:
            source = Path(row["root"], row["path"])
        else:
            return None
        wish = Wanted(
            source=str(source),
            content_hash=row["checksum"].hex(),
            width=long_edge,
            height=long_edge,
            fit="contain",
            format="jpeg",
        )
        try:
            await self._cache.ready(wish)
        except (OperationFailed, TimedOut, WorkerCrashed):
            return None
        return Served(path=self._cache.path(wish), content_type=JPEG, filename=f"{name}.jpg")

    def _film(self, row: sqlite3.Row, *, knows_facts: bool) -> Served | None:
        """A film to be played: the one made for players where there is one."""
        name = Path(row["original_name"]).stem if knows_facts else "video"
        if row["playable"] is not None:
            path = self._kept.absolute(row["playable"])
            return Served(path=path, content_type=MP4, filename=f"{name}.mp4")
        # What has no place written into it gives none away.
        if not knows_facts and row["has_place"]:
            return None
        ending = Path(row["original_name"]).suffix
        return Served(
            path=Path(row["root"], row["path"]), content_type=mime_of(row["original_name"]), filename=name + ending
        )

    async def _taken_home(self, row: sqlite3.Row, guest: Guest, number: int) -> Served | None:
        if visible.knows_facts(guest):
            return _whole(row)
        if row["kind"] != PhotoKind.IMAGE.value:
            film = self._film(row, knows_facts=False)
            return None if film is None else _named(film, f"Item {number}")
        kept = await self._kept.of(self._db.read, row["file_id"])
        found = kept.get("fullsize") or kept.get("preview")
        if found is None:
            made = await self._picture(row, LONG_EDGE["large"], "large")
            return None if made is None else _named(made, f"Item {number}")
        path = self._kept.absolute(found.path)
        return Served(path=path, content_type=found.mime, filename=f"Item {number}{path.suffix}")

    # What comes in

    async def take(self, guest: Guest, request: web.Request) -> LinkItem | None:
        if guest.target_type not in {ALBUM, SET} or not guest.rights & Right.ADD:
            return None
        kept = await self.receive(guest, request)
        found = await self.items(self._db.read, guest, [kept.photo_id])
        return found.get(kept.photo_id)

    async def receive(self, guest: Guest, request: web.Request) -> Kept:
        """Make an upload a photo of the link's maker, and put it where the link leads.

        Raises:
            BadRequest, StorageFull, Unavailable: as for every upload.
        """
        check_form(request)
        if guest.target_type == SET and len(await linked_store.of_set(self._db.read, guest.share_id)) >= MOST:
            raise BadRequest(f"This link holds {MOST} things already.", code="too_many_ids")
        owner_id = guest.maker.user_id
        room = await self._intake.room(owner_id)
        if request.content_length is not None:
            await self._staging.check_room(request.content_length)
        async with AsyncExitStack() as stack:
            form = await read_form(request, self._staging, stack, room=room, clock=self._clock)
            kept = await self._intake.keep(owner_id, form.file, guest_wish(form.wish))
        await self._put(guest, kept.photo_id)
        return kept


def _whole(row: sqlite3.Row) -> Served:
    name = row["original_name"]
    return Served(path=Path(row["root"], row["path"]), content_type=mime_of(name), filename=name)


def _named(served: Served, name: str) -> Served:
    return Served(path=served.path, content_type=served.content_type, filename=name + Path(served.filename).suffix)


def _item(row: sqlite3.Row, *, knows_facts: bool) -> LinkItem:
    kind = TYPES.get(row["kind"], "other")
    return LinkItem(
        item_id=row["photo_id"],
        item_type=kind,
        title=row["original_name"] if knows_facts else None,
        mime_type=mime_of(row["original_name"]),
        size_bytes=row["size_bytes"],
        width=row["width"] or None,
        height=row["height"] or None,
        duration_ms=row["duration_ms"],
        taken_at=row["taken_at"] if knows_facts else None,
        metadata=_facts(row) if knows_facts else None,
        thumbhash=maybe_base64(row["thumbhash"]),
    )


def _facts(row: sqlite3.Row) -> dict[str, object]:
    """What is known of a photo, without what is not."""
    names = ("make", "model", "lens_model", "f_number", "focal_length", "iso", "exposure_time")
    places = ("latitude", "longitude", "city", "state", "country", "description")
    return {name: row[name] for name in (*names, *places) if row[name] not in {None, ""}}


def _sizes(paths: Sequence[Path]) -> list[int | None]:
    """Of files that are away, None."""
    found: list[int | None] = []
    for path in paths:
        try:
            found.append(path.stat().st_size)
        except OSError:
            found.append(None)
    return found
