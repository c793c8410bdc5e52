"""HTTP of the bytes of photos as they came: downloads, and videos to be played."""

import sqlite3
from pathlib import Path

from aiohttp import web

from homemedia.accounts.models import Member, Viewer
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.problems import BadRequest, NotFound
from homemedia.photos import originals_store as store
from homemedia.photos.kinds import mime_of
from homemedia.photos.models import PhotoKind
from homemedia.photos.visible import Sight, downloadable, readable

CACHE = "private, max-age=86400, no-transform"
BYTES = "application/octet-stream"


class OriginalRoutes:
    """Files for those who may see the photo."""

    routes = Routes("photos", prefix="/api/assets", family=Family.PHOTOS)

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    @routes.get("/{id}/original", permission="asset.download", produces=BYTES)
    async def original(self, actor: Viewer, id: str, request: web.Request) -> web.StreamResponse:
        """Send the file of a photo unchanged, whole or a part of it."""
        return await _send(request, await self._row(id, downloadable(actor, self._clock.now_ms())))

    @routes.get("/{id}/video/playback", permission="asset.view", produces=BYTES)
    async def playback(self, actor: Viewer, id: str, request: web.Request) -> web.StreamResponse:
        """Send a video for playing, whole or a part of it."""
        row = await self._row(id, self._viewable(actor))
        if row["kind"] != PhotoKind.VIDEO.value:
            raise BadRequest("Asset is not a video", code="not_a_video")
        return await _send(request, row)

    def _viewable(self, actor: Member) -> Sight:
        return readable(actor, self._clock.now_ms(), word="asset.view")

    async def _row(self, photo_id: str, sight: Sight) -> sqlite3.Row:
        row = await store.original(self._db.read, checked_uuid(photo_id), sight.sql, sight.args)
        if row is None:
            # A code of its own: of bytes the photo API says 404 (photos §3).
            raise NotFound("Asset media not found", code="no_such_asset")
        return row


async def _send(request: web.Request, row: sqlite3.Row) -> web.StreamResponse:
    return await send_file(
        request,
        Path(row["root"], row["path"]),
        content_type=mime_of(row["original_name"]),
        filename=row["original_name"],
        cache_control=CACHE,
    )
