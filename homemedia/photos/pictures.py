"""HTTP of photos' pictures: thumbnail, preview, full size (photos §6.3, 8.3, 8.4)."""

import sqlite3
from pathlib import Path

from aiohttp import web

from homemedia.accounts.models import AnyViewer, Guest, Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.core.problems import BadRequest, NotFound, TimedOut
from homemedia.library.artwork.renditions import Renditions, Wanted
from homemedia.library.rendition import KeptRenditions
from homemedia.media import OperationFailed, WorkerCrashed
from homemedia.photos import originals_store as store
from homemedia.photos.kinds import WEB_IMAGES, mime_of
from homemedia.photos.models import PhotoKind
from homemedia.photos.visible import knows_facts, readable, untold
from homemedia.sharing.rights import Right

CACHE = "private, max-age=86400, no-transform"
IMAGE = "image/*"
FULL = "fullsize"
# What the maker of pictures for screens takes; above, the preview has to do.
FULL_PIXELS = 64_000_000
SIZES = ("original", "fullsize", "preview", "thumbnail")
# While a size is missing the next one there is.
INSTEAD = {
    "thumbnail": ("thumbnail", "preview"),
    "preview": ("preview", "fullsize", "original"),
    "fullsize": ("original", "fullsize", "preview"),
}


class PictureQuery(Query, frozen=True):
    """`c` is there to get past caches, and is not read; there are no edited pictures apart from the others yet."""

    size: str = "thumbnail"
    c: str | None = None
    edited: str | None = None


class PictureRoutes:
    """Pictures for those who may see the photo."""

    routes = Routes("photos", prefix="/api/assets", family=Family.PHOTOS)

    def __init__(self, db: Database, kept: KeptRenditions, cache: Renditions, clock: Clock) -> None:
        self._db = db
        self._kept = kept
        self._cache = cache
        self._clock = clock

    @routes.get("/{id}/thumbnail", permission="asset.view", produces=IMAGE)
    async def thumbnail(
        self, actor: AnyViewer, id: str, query: PictureQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send a picture of a photo: `thumbnail`, `preview` or `fullsize`."""
        if query.size not in INSTEAD:
            raise refused_size(query.size)
        if (query.edited or "false").lower() not in {"true", "false"}:
            raise BadRequest("Validation failed", field="edited", reason="Invalid input: expected boolean")
        sight = readable(actor, self._clock.now_ms(), word="asset.view")
        row = await store.original(self._db.read, checked_uuid(id), sight.sql, sight.args)
        if row is None:
            raise no_picture()
        kept = await self._kept.of(self._db.read, row["file_id"])
        mime = mime_of(row["original_name"])
        # What its file is called is not for everybody who sees it.
        stem = Path(row["original_name"]).stem if row["owner_id"] == actor.user_id else row["photo_id"]
        # What we could make nothing of may be too much for a browser too: a small file of a billion pixels.
        is_whole = mime in WEB_IMAGES and row["missing_since_at"] is None and row["failure"] is None
        for size in INSTEAD[query.size]:
            if size == "original" and is_whole and await self._may_take(actor, row["photo_id"]):
                name = row["original_name"]
                return await self._send(request, Path(row["root"], row["path"]), mime, name)
            if size == FULL and FULL not in kept and query.size == FULL and row["kind"] == PhotoKind.IMAGE.value:
                made = await self._full(request, row, f"{stem}_{FULL}.jpg")
                if made is not None:
                    return made
            if size in kept:
                found = kept[size]
                path = self._kept.absolute(found.path)
                return await self._send(request, path, found.mime, f"{stem}_{size}{path.suffix}")
        raise no_picture()

    async def _may_take(self, actor: Member | Guest, photo_id: str) -> bool:
        """Whether a file may be handed out as it is: its camera wrote into it where and by what it was taken."""
        if isinstance(actor, Guest):
            return bool(actor.rights & Right.DOWNLOAD and knows_facts(actor))
        return not await untold(self._db.read, actor, self._clock.now_ms(), [photo_id])

    async def _full(self, request: web.Request, row: sqlite3.Row, name: str) -> web.StreamResponse | None:
        """A picture that browsers cannot show, as a JPEG of its own size, made when somebody looks closely."""
        if not row["width"] or row["width"] * row["height"] > FULL_PIXELS or row["missing_since_at"] is not None:
            return None
        wish = Wanted(
            source=str(Path(row["root"], row["path"])),
            content_hash=row["checksum"].hex(),
            width=row["width"],
            height=row["height"],
            fit="contain",
            format="jpeg",
        )
        try:
            await self._cache.ready(wish)
            path = self._cache.path(wish)
            return await send_file(request, path, content_type="image/jpeg", filename=name, cache_control=CACHE)
        except (OperationFailed, TimedOut, WorkerCrashed, NotFound):
            return None

    async def _send(self, request: web.Request, path: Path, mime: str, name: str) -> web.StreamResponse:
        try:
            return await send_file(request, path, content_type=mime, filename=name, cache_control=CACHE)
        except NotFound as err:
            raise no_picture() from err


def refused_size(size: str) -> BadRequest:
    if size == "original":
        return BadRequest("May not request original file")
    options = "|".join(f'"{one}"' for one in SIZES)
    reason = f"Invalid option: expected one of {options}"
    return BadRequest("Validation failed", field="size", reason=reason)


def no_picture() -> NotFound:
    # A code of its own: of bytes the photo API says 404 (photos §3).
    return NotFound("Asset media not found", code="no_such_asset")
