"""A clip as who holds a link to it sees it (shares §6): the clip and nothing of who said or did what at it."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web

from homemedia.accounts import Guest
from homemedia.clips import media_store as store
from homemedia.clips.media import JPEG, ClipFile, Media
from homemedia.clips.models import title_of
from homemedia.clips.shared_targets import CLIP, UNTITLED, owner_of
from homemedia.core.db import Database, Reader
from homemedia.core.problems import TimedOut
from homemedia.core.threads import Lane
from homemedia.core.zipped import Entry
from homemedia.library.artwork.renditions import Renditions, Wanted
from homemedia.library.managed import safe_name
from homemedia.media import OperationFailed, WorkerCrashed
from homemedia.sharing.links.slices import LONG_EDGE, LinkItem, LinkItems, LinkPage, Served, Size
from homemedia.sharing.rights import Right

KINDS: Final = {"video": ("video", "video/mp4"), "music": ("audio", "audio/mpeg")}


class LinkedClips:
    """As `sharing.links.slices.LinkSlice`: a clip is handed out by who sent it in; by the host, when he has left."""

    kinds = frozenset({CLIP})

    def __init__(self, db: Database, media: Media, renditions: Renditions, lane: Lane) -> None:
        self._db = db
        self._media = media
        self._renditions = renditions
        self._lane = lane

    # What there is

    async def items(self, read: Reader, guest: Guest, media_ids: Sequence[str]) -> dict[str, LinkItem]:
        found: dict[str, LinkItem] = {}
        for media_id in media_ids:
            row = await self._row(read, guest, media_id)
            if row is not None:
                found[media_id] = await self._item(row, guest)
        return found

    async def page(self, read: Reader, guest: Guest, asked: LinkPage) -> LinkItems | None:
        if asked.parent is not None:
            return None
        found = await self.items(read, guest, [guest.target_id])
        return LinkItems(items=list(found.values())[asked.offset :], total=len(found))

    async def _item(self, row: sqlite3.Row, guest: Guest) -> LinkItem:
        file = await self._media.played(row["clip_id"])
        item_type, mime = KINDS[row["content_type"]]
        return LinkItem(
            item_id=row["clip_id"],
            item_type=item_type,
            title=title_of(row),
            mime_type=mime if file is None else file.content_type,
            size_bytes=row["size_bytes"],
            width=row["width"],
            height=row["height"],
            duration_ms=row["duration_ms"],
            metadata=_facts(row) if guest.rights & Right.SEE_METADATA else None,
            has_picture=bool(row["has_picture"]),
        )

    # Bytes

    async def picture(self, guest: Guest, media_id: str, size: Size) -> Served | None:
        if await self._row(self._db.read, guest, media_id) is None:
            return None
        file = await self._media.picture(media_id)
        if file is None:
            return None
        wish = Wanted(
            source=str(file.path),
            # A clip that comes again has another file.
            content_hash=f"clip{file.file_id:012x}",
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
        row = await self._row(self._db.read, guest, media_id)
        file = None if row is None else await self._file(media_id)
        if row is None or file is None:
            return None
        name = safe_name((title_of(row) or UNTITLED) + Path(file.name).suffix)
        return Served(path=file.path, content_type=file.content_type, filename=name)

    async def original(self, guest: Guest, media_id: str) -> Served | None:
        return await self.playable(guest, media_id) if guest.rights & Right.DOWNLOAD else None

    async def file_of(self, _guest: Guest, _media_id: str) -> int | None:
        """Clips are made playable once and kept, never converted while they play."""
        return None

    async def entries(self, guest: Guest, media_ids: Sequence[str] | None) -> list[Entry]:
        found: list[Entry] = []
        for media_id in [guest.target_id] if media_ids is None else media_ids:
            served = await self.original(guest, media_id)
            row = await self._row(self._db.read, guest, media_id)
            size = None if served is None else await self._lane.run(_size, served.path)
            if served is not None and row is not None and size is not None:
                found.append(
                    Entry(name=served.filename, path=served.path, size_bytes=size, changed_at=row["created_at"])
                )
        return found

    async def take(self, _guest: Guest, _request: web.Request) -> LinkItem | None:
        return None

    async def _row(self, read: Reader, guest: Guest, media_id: str) -> sqlite3.Row | None:
        """The clip that a link leads to, while its maker may hand it out and it plays."""
        if guest.target_type != CLIP or media_id != guest.target_id or not guest.rights & Right.VIEW:
            return None
        for row in await store.clips(read, [media_id]):
            owner_id = owner_of(row)
            is_his = owner_id == guest.maker.user_id or (owner_id is None and guest.maker.is_admin)
            return row if is_his and row["status"] == "ready" else None
        return None

    async def _file(self, clip_id: str) -> ClipFile | None:
        """What plays; of one whose playable video is gone from the disk the first."""
        file = await self._media.played(clip_id)
        if file is None or file.otherwise is None or await self._lane.run(file.path.is_file):
            return file
        return msgspec.structs.replace(file, path=file.otherwise, name=file.otherwise.name)


def _facts(row: sqlite3.Row) -> dict[str, object]:
    """Where a clip comes from, without what is not known."""
    names = {"artist": "artist", "creator": "creator_name", "source": "original_url"}
    return {said: row[name] for said, name in names.items() if row[name]}


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
