"""HTTP of the bytes of clips (clips §7.7)."""

import logging
from contextlib import AbstractContextManager, nullcontext

import msgspec
from aiohttp import web

from homemedia.accounts.models import Member, Viewer
from homemedia.clips.media import BYTES, JPEG, ClipFile, Media
from homemedia.core.http.families import Family
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import FileName, Routes
from homemedia.core.http.transfers import Transfers
from homemedia.core.problems import NotFound

_log = logging.getLogger(__name__)

CACHE = "private, max-age=86400, no-transform"
PICTURE_CACHE = "private, max-age=86400"


class MediaRoutes:
    """Videos, songs and their pictures.

    Attributes:
        transfers: what is being sent, to be cut when the clip is gone.
    """

    routes = Routes("clips", prefix="/api", family=Family.CLIPS)

    def __init__(self, media: Media) -> None:
        self._media = media
        self.transfers: Transfers | None = None

    @routes.get("/videos/{filename}", produces=BYTES)
    async def get_video(self, actor: Viewer, filename: FileName, request: web.Request) -> web.StreamResponse:
        """Send the video or song of a clip, whole or a part of it."""
        file = await self._media.named(filename, is_picture=False)
        with self._held(request, actor, file):
            try:
                return await _send(request, file)
            except NotFound:
                if file.otherwise is None:
                    raise
                _log.warning("the playable video of file %d is gone from the disk", file.file_id)
                return await _send(
                    request, msgspec.structs.replace(file, path=file.otherwise, name=file.otherwise.name)
                )

    @routes.get("/thumbnails/{filename}", produces=JPEG)
    async def get_thumbnail(self, actor: Viewer, filename: FileName, request: web.Request) -> web.StreamResponse:  # noqa: ARG002 - every member may
        """Send the small picture of a clip."""
        file = await self._media.named(filename, is_picture=True)
        return await send_file(request, file.path, content_type=JPEG, filename=file.name, cache_control=PICTURE_CACHE)

    def _held(self, request: web.Request, actor: Member, file: ClipFile) -> AbstractContextManager[None]:
        """While bytes are sent: they stop when the clip is gone."""
        if self.transfers is None:
            return nullcontext()
        return self.transfers.open(request, whose=actor.user_id, still=lambda: self._media.is_there(file))


async def _send(request: web.Request, file: ClipFile) -> web.StreamResponse:
    return await send_file(request, file.path, content_type=file.content_type, filename=file.name, cache_control=CACHE)
