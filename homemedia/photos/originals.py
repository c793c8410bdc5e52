"""HTTP of the bytes of photos as they came: downloads, and videos to be played."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from aiohttp import web

from homemedia.accounts.models import AnyViewer, Guest, Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.http.transfers import Transfers
from homemedia.core.problems import BadRequest, NotFound
from homemedia.library.rendition import KeptRenditions
from homemedia.library.rendition_video import ENDING, MIME
from homemedia.photos import originals_store as store
from homemedia.photos.kinds import mime_of
from homemedia.photos.models import PhotoKind, Todo
from homemedia.photos.visible import Sight, downloadable, knows_facts, permitted, readable, untold

_log = logging.getLogger(__name__)

CACHE = "private, max-age=86400, no-transform"
# While another file is to stand in its place, pieces of this one must not be kept.
PASSING = "private, no-cache, no-transform"
BYTES = "application/octet-stream"


class OriginalRoutes:
    """Files for those who may see the photo.

    Attributes:
        ask: told which video somebody waits for that is not playable yet.
        transfers: what is being sent, to be cut when the right to it is lost.
        again: whether what was opened by a link may go on.
    """

    routes = Routes("photos", prefix="/api/assets", family=Family.PHOTOS)

    def __init__(self, db: Database, kept: KeptRenditions, clock: Clock) -> None:
        self._db = db
        self._kept = kept
        self._clock = clock
        self.ask: Callable[[str], None] = _nobody
        self.transfers: Transfers | None = None
        self.again: Callable[[Guest], Awaitable[bool]] | None = None

    @routes.get("/{id}/original", permission="asset.download", produces=BYTES)
    async def original(self, actor: AnyViewer, id: str, request: web.Request) -> web.StreamResponse:
        """Send the file of a photo unchanged, whole or a part of it."""
        row = await self._row(id, downloadable(actor, self._clock.now_ms()))
        if not knows_facts(actor):
            # It would tell what its camera wrote.
            raise _no_file()
        with self._held(request, actor, row["photo_id"], lambda: downloadable(actor, self._clock.now_ms())):
            return await _send(request, row)

    @routes.get("/{id}/video/playback", permission="asset.view", produces=BYTES)
    async def playback(self, actor: AnyViewer, id: str, request: web.Request) -> web.StreamResponse:
        """Send a video for playing, whole or a part of it: the one that every browser plays, where it was made."""
        row = await self._row(id, self._viewable(actor))
        if row["kind"] != PhotoKind.VIDEO.value:
            raise BadRequest("Asset is not a video", code="not_a_video")
        with self._held(request, actor, row["photo_id"], lambda: self._viewable(actor)):
            return await self._played(request, actor, row)

    async def _played(self, request: web.Request, actor: Member | Guest, row: sqlite3.Row) -> web.StreamResponse:
        is_told = await self._knows_facts(actor, row["photo_id"])
        if row["playable"] is not None:
            try:
                return await self._playable(request, actor, row, is_told=is_told)
            except NotFound:
                _log.warning("the playable video of file %d is gone from the disk", row["file_id"])
        if row["has_place"] and not is_told:
            # Where it was taken is written into it.
            raise _no_file()
        if row["todo"] & (Todo.FACTS | Todo.PLAYABLE):
            self.ask(row["photo_id"])
            return await _send(request, row, PASSING, is_told=is_told)
        return await _send(request, row, is_told=is_told)

    async def _knows_facts(self, actor: Member | Guest, photo_id: str) -> bool:
        if isinstance(actor, Guest):
            return knows_facts(actor)
        return not await untold(self._db.read, actor, self._clock.now_ms(), [photo_id])

    async def _playable(
        self, request: web.Request, actor: Member | Guest, row: sqlite3.Row, *, is_told: bool
    ) -> web.StreamResponse:
        is_own = row["owner_id"] == actor.user_id and is_told
        stem = Path(row["original_name"]).stem if is_own else row["photo_id"]
        return await send_file(
            request,
            self._kept.absolute(row["playable"]),
            content_type=MIME,
            filename=stem + ENDING,
            cache_control=CACHE,
            is_timeless=not is_told,
        )

    def _held(
        self, request: web.Request, actor: Member | Guest, photo_id: str, sight: Callable[[], Sight]
    ) -> AbstractContextManager[None]:
        """While bytes are sent: they stop when who gets them may not have them any more."""
        if self.transfers is None:
            return nullcontext()

        async def still() -> bool:
            if isinstance(actor, Guest) and (self.again is None or not await self.again(actor)):
                return False
            return photo_id in await permitted(self._db.read, sight(), [photo_id])

        whose = actor.whose if isinstance(actor, Guest) else actor.user_id
        return self.transfers.open(request, whose=whose, still=still)

    def _viewable(self, actor: Member | Guest) -> Sight:
        return readable(actor, self._clock.now_ms(), word="asset.view")

    async def _row(self, photo_id: str, sight: Sight) -> sqlite3.Row:
        row = await store.original(self._db.read, checked_uuid(photo_id), sight.sql, sight.args)
        if row is None:
            raise _no_file()
        return row


async def _send(
    request: web.Request, row: sqlite3.Row, cache_control: str = CACHE, *, is_told: bool = True
) -> web.StreamResponse:
    """Send the file; who may know nothing of it hears neither its name nor when it was changed."""
    name = row["original_name"]
    return await send_file(
        request,
        Path(row["root"], row["path"]),
        content_type=mime_of(name),
        filename=name if is_told else row["photo_id"] + Path(name).suffix,
        cache_control=cache_control,
        is_timeless=not is_told,
    )


def _no_file() -> NotFound:
    # A code of its own: of bytes the photo API says 404 (photos §3).
    return NotFound("Asset media not found", code="no_such_asset")


def _nobody(_photo_id: str) -> None:
    """Nobody is told."""
