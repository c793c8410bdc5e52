"""Films, shows and songs as who holds a link sees them (shares §6): what its maker sees, by what he may hand out."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from msgspec import UnsetType

from homemedia.accounts import Guest
from homemedia.core.db import Database, Reader
from homemedia.core.problems import AppError, NotFound, TimedOut
from homemedia.core.zipped import Entry
from homemedia.library import linked_store
from homemedia.library import shared_targets_store as shared
from homemedia.library.artwork import store as pictures
from homemedia.library.artwork.renditions import Renditions, Wanted
from homemedia.library.browse import Browse
from homemedia.library.browse_wire import ItemCard
from homemedia.library.files import FileService, PlaceOfFile
from homemedia.library.files_wire import FileWire
from homemedia.library.visible import visible_to
from homemedia.media import OperationFailed, WorkerCrashed
from homemedia.sharing.links.slices import LONG_EDGE, LinkItem, LinkItems, LinkPage, Served, Size
from homemedia.sharing.rights import Right

ONE, SET, FOLDER = "media", "media_set", "folder"
HOLDING: Final = frozenset({"show", "season", "artist", "album"})
HEARD: Final = frozenset({"track"})
JPEG = "image/jpeg"
# Of one archive.
MOST: Final = 10_000
# What no system takes in the name of a file.
UNFIT: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')


class LinkedTitles:
    """As `sharing.links.slices.LinkSlice`. What belongs to the house is handed out by administrators alone."""

    kinds = frozenset({ONE, SET, FOLDER})

    def __init__(self, db: Database, browse: Browse, files: FileService, renditions: Renditions) -> None:
        self._db = db
        self._browse = browse
        self._files = files
        self._renditions = renditions

    # What there is

    async def items(self, read: Reader, guest: Guest, media_ids: Sequence[str]) -> dict[str, LinkItem]:
        found: dict[str, LinkItem] = {}
        for media_id in media_ids:
            card = await self._inside(read, guest, media_id)
            if card is not None:
                found[media_id] = _item(card)
        return found

    async def page(self, read: Reader, guest: Guest, asked: LinkPage) -> LinkItems | None:
        if guest.target_type == FOLDER:
            return await self._in_folder(read, guest, asked)
        key = guest.target_id if asked.parent is None else asked.parent
        card = await self._inside(read, guest, key)
        if card is None:
            return None
        if card.type not in HOLDING:
            return LinkItems(items=[_item(card)], total=1) if asked.parent is None else None
        below = await self._browse.children(guest.maker, key)
        if card.type == "show" and len(below.items) == 1:
            # One season has nothing to choose from.
            below = await self._browse.children(guest.maker, below.items[0].id)
        items = [_item(one) for one in below.items]
        if asked.sort == "name":
            items.sort(key=lambda one: (one.title or "").casefold())
        return LinkItems(items=items[asked.offset : asked.offset + asked.limit], total=len(items))

    async def _in_folder(self, read: Reader, guest: Guest, asked: LinkPage) -> LinkItems | None:
        """What plays of a folder and of those inside of it, in one list."""
        if asked.parent is not None or not guest.maker.is_admin:
            return None
        keys, total = await linked_store.in_folder(
            read,
            visible_to(guest.maker),
            guest.target_id,
            inherits=guest.inherits,
            limit=asked.limit,
            offset=asked.offset,
        )
        found = await self.items(read, guest, keys)
        return LinkItems(items=[found[key] for key in keys if key in found], total=total)

    async def _inside(self, read: Reader, guest: Guest, key: str) -> ItemCard | None:
        """A title that a link leads to, or that lies below one."""
        if not guest.maker.is_admin:
            return None
        try:
            card = await self._browse.detail(guest.maker, key)
        except NotFound:
            return None
        if guest.target_type == FOLDER:
            return card if await self._lies_in(read, guest, card.id) else None
        above = {key, card.id} | {one for one in (card.parent_id, card.grandparent_id) if isinstance(one, str)}
        if guest.target_type == ONE:
            return card if guest.target_id in above else None
        return card if await linked_store.holds(read, guest.share_id, above) else None

    async def _lies_in(self, read: Reader, guest: Guest, key: str) -> bool:
        rows = await shared.items(read, [key])
        around = await shared.item_folders(read, [row["item_id"] for row in rows])
        return any(
            str(folder_id) == guest.target_id and (is_direct or guest.inherits)
            for folders in around.values()
            for folder_id, is_direct in folders
        )

    # Bytes

    async def picture(self, guest: Guest, media_id: str, size: Size) -> Served | None:
        if await self._inside(self._db.read, guest, media_id) is None:
            return None
        visible = visible_to(guest.maker)
        statement = pictures.SERVED.format(visible=visible.sql)
        rows = await self._db.read(statement, {"rating_key": media_id, "kind": "thumb", **visible.args})
        if not rows or rows[0]["path"] is None:
            return None
        wish = Wanted(
            source=rows[0]["path"],
            content_hash=rows[0]["content_hash"],
            width=LONG_EDGE[size],
            height=LONG_EDGE[size],
            fit="contain",
            format="jpeg",
        )
        try:
            await self._renditions.ready(wish)
        except (OperationFailed, TimedOut, WorkerCrashed):
            return None
        return Served(path=self._renditions.path(wish), content_type=JPEG, filename=f"{size}.jpg")

    async def playable(self, guest: Guest, media_id: str) -> Served | None:
        card = await self._inside(self._db.read, guest, media_id)
        file = _first(card)
        if card is None or file is None:
            return None
        try:
            place = await self._files.place(guest.maker, file.id)
        except AppError:
            return None
        return Served(
            path=place.path, content_type=place.content_type, filename=_name(guest, card, place), admits=place.admits
        )

    async def original(self, guest: Guest, media_id: str) -> Served | None:
        if not _may_take(guest):
            return None
        return await self.playable(guest, media_id)

    async def file_of(self, guest: Guest, media_id: str) -> int | None:
        file = _first(await self._inside(self._db.read, guest, media_id))
        return None if file is None else file.id

    async def entries(self, guest: Guest, media_ids: Sequence[str] | None) -> list[Entry]:
        if not _may_take(guest):
            return []
        wanted = await self._all(guest) if media_ids is None else list(media_ids)
        found: list[Entry] = []
        for media_id in wanted:
            card = await self._inside(self._db.read, guest, media_id)
            if card is None:
                continue
            found += await self._files_of(guest, card)
        return found

    async def _files_of(self, guest: Guest, card: ItemCard) -> list[Entry]:
        """The files of one title; none where one of them cannot be read just now: the others come all the same."""
        found: list[Entry] = []
        for file in _parts(card):
            try:
                place = await self._files.place(guest.maker, file.id)
            except AppError:
                return []
            name = _name(guest, card, place)
            found.append(Entry(name=name, path=place.path, size_bytes=file.size, changed_at=file.added_at * 1000))
        return found

    async def _all(self, guest: Guest) -> list[str]:
        """Everything that plays, below what a link leads to."""
        if guest.target_type == FOLDER:
            visible = visible_to(guest.maker)
            inside, _ = await linked_store.in_folder(
                self._db.read, visible, guest.target_id, inherits=guest.inherits, limit=MOST, offset=0
            )
            return inside if guest.maker.is_admin else []
        keys = (
            [guest.target_id] if guest.target_type == ONE else await linked_store.of_set(self._db.read, guest.share_id)
        )
        found: list[str] = []
        for key in keys:
            card = await self._inside(self._db.read, guest, key)
            if card is None:
                continue
            if card.type not in HOLDING:
                found.append(key)
                continue
            below = await self._browse.episodes(guest.maker, key)
            found += [one.id for one in below.items]
        return found

    async def take(self, _guest: Guest, _request: web.Request) -> LinkItem | None:
        """Nothing is put into a library by link."""
        return None


def _item(card: ItemCard) -> LinkItem:
    if card.type in HOLDING:
        counts = (card.season_count, card.episode_count, card.album_count, card.track_count)
        count = next((one for one in counts if isinstance(one, int)), None)
        return LinkItem(
            item_id=card.id,
            item_type="collection",
            title=card.title,
            item_count=count,
            has_picture=card.thumb is not None,
        )
    file = _first(card)
    is_heard = card.type in HEARD
    return LinkItem(
        item_id=card.id,
        item_type="audio" if is_heard else "video",
        title=_title(card),
        mime_type="audio/*" if is_heard else "video/*",
        size_bytes=sum(one.size for one in _parts(card)) or None,
        width=None if file is None else file.width,
        height=None if file is None else file.height,
        duration_ms=card.duration,
        metadata={"year": card.year, "summary": card.summary, "content_rating": card.content_rating},
        streams=not is_heard,
        has_picture=card.thumb is not None,
    )


def _title(card: ItemCard) -> str:
    """What an item is called where its show is not beside it."""
    if card.type == "episode" and isinstance(card.index, int):
        return f"{card.index}. {card.title}"
    return card.title


def _parts(card: ItemCard | None) -> list[FileWire]:
    """The files of the first version that is there."""
    if card is None or isinstance(card.files, UnsetType):
        return []
    there = [one for one in card.files if one.available]
    return [one for one in there if one.version_index == there[0].version_index]


def _first(card: ItemCard | None) -> FileWire | None:
    return next(iter(_parts(card)), None)


def _may_take(guest: Guest) -> bool:
    return bool(guest.rights & Right.DOWNLOAD) and guest.maker.restrictions.allow_download


def _name(guest: Guest, card: ItemCard, place: PlaceOfFile) -> str:
    """What a file is called: its own name is known only where the link shows what is known of things."""
    own = Path(place.path)
    if guest.rights & Right.SEE_METADATA:
        return own.name
    return (UNFIT.sub(" ", _title(card)).strip(" .") or "video") + own.suffix
