"""HTTP of downloads of many photos at once (photos §9.6)."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated

import msgspec
from aiohttp import hdrs, web

from homemedia.accounts.models import Anybody, Guest, Member
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.transfers import Still
from homemedia.core.http.wire import Wire
from homemedia.core.zipped import ZIP, send_archive
from homemedia.photos.assets_wire import checked_ids
from homemedia.photos.downloads import Downloads

CREATED = 201
BODY_BYTES = 32 << 20
# (request, who asks, whether a member still may): entered while bytes are sent, which it may cut.
Held = Callable[[web.Request, Member | Guest, Still | None], AbstractContextManager[None]]
Ids = Annotated[list[str], msgspec.Meta(max_length=500_000)]


class InfoBody(Wire, frozen=True, kw_only=True):
    """What is wanted: these, an album's, or all of a member's. `archiveSize` in bytes."""

    asset_ids: Ids | None = None
    album_id: str | None = None
    user_id: str | None = None
    archive_size: Annotated[int, msgspec.Meta(ge=1, le=1 << 60)] | None = None


class ArchiveBody(Wire, frozen=True, kw_only=True):
    asset_ids: Ids
    archive_name: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    edited: bool | None = None


class ArchivePlan(Wire, frozen=True, kw_only=True):
    size: int
    asset_ids: list[str]


class InfoAnswer(Wire, frozen=True, kw_only=True):
    total_size: int
    archives: list[ArchivePlan]


def _nobody(_request: web.Request, _actor: Member | Guest, _still: Still | None) -> AbstractContextManager[None]:
    """Nobody looks after what is sent."""
    return nullcontext()


class DownloadRoutes:
    """Archives of photos.

    Attributes:
        held: entered while an archive is sent.
    """

    routes = Routes("photos", prefix="/api/download", family=Family.PHOTOS)

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads
        self.held: Held = _nobody

    @routes.post("/info", status=CREATED, permission="asset.download", max_body=BODY_BYTES)
    async def plan(self, actor: Anybody, body: InfoBody) -> InfoAnswer:
        """Say which archives what is wanted makes, and how large they are."""
        parts = await self._downloads.plan(
            actor,
            photo_ids=None if body.asset_ids is None else checked_ids(body.asset_ids, "assetIds"),
            album_id=None if body.album_id is None else checked_uuid(body.album_id, "albumId"),
            user_id=None if body.user_id is None else checked_uuid(body.user_id, "userId"),
            archive_bytes=body.archive_size,
        )
        archives = [ArchivePlan(size=part.size_bytes, asset_ids=list(part.photo_ids)) for part in parts]
        return InfoAnswer(total_size=sum(part.size for part in archives), archives=archives)

    @routes.post("/archive", permission="asset.download", produces=ZIP, max_body=BODY_BYTES)
    async def send(self, actor: Anybody, request: web.Request, body: ArchiveBody) -> web.StreamResponse:
        """Send photos as one archive, while it is made."""
        photo_ids = checked_ids(body.asset_ids, "assetIds")
        entries = await self._downloads.entries(actor, photo_ids)
        response = web.StreamResponse(headers={hdrs.CACHE_CONTROL: "no-store"})
        response.headers[hdrs.CONTENT_DISPOSITION] = "attachment"
        with self.held(request, actor, await self._still(actor, photo_ids)):
            return await send_archive(request, response, entries, self._downloads.lane)

    async def _still(self, actor: Member | Guest, photo_ids: Sequence[str]) -> Still | None:
        """How to ask again whether a member may have an archive; None where all in it is his."""
        if isinstance(actor, Guest):
            return None
        others = await self._downloads.of_others(actor, photo_ids)
        return (lambda: self._downloads.may_go_on(actor, others)) if others else None
