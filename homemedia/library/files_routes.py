"""Bytes and facts of single files."""

from typing import Annotated

import msgspec
from aiohttp import web

from homemedia.accounts import Caller, Viewer
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.library.files import FileService
from homemedia.library.files_wire import FileInfo


class StreamQuery(Query, frozen=True, kw_only=True):
    """`download=1` has the browser save the file instead of playing it."""

    download: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0


class FileRoutes:
    routes = Routes("library", prefix="/api")

    def __init__(self, files: FileService) -> None:
        self._files = files

    @routes.get("/stream/{file_id}", produces="video/*")
    async def stream(self, actor: Viewer, file_id: int, query: StreamQuery, request: web.Request) -> web.StreamResponse:
        """Send the file as it is, whole or a range of it."""
        place = await self._files.place(actor, file_id)
        return await send_file(
            request,
            place.path,
            content_type=place.content_type,
            disposition="attachment" if query.download else "inline",
            admits=place.admits,
        )

    @routes.get("/media/{file_id}/info")
    async def info(self, actor: Caller, file_id: int) -> FileInfo:
        """Tell everything the probe found in a file."""
        return await self._files.info(actor, file_id)
