"""Bytes and facts of single files."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Literal

import msgspec
from aiohttp import hdrs, web

from homemedia.accounts import Caller, Member, Viewer
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.http.transfers import THING, Transfers
from homemedia.core.http.wire import Query
from homemedia.core.problems import AppError, Forbidden, NotFound
from homemedia.library.files import FileService, PlaceOfFile, file_gone
from homemedia.library.files_wire import FileInfo


class StreamQuery(Query, frozen=True, kw_only=True):
    """`download=1` has the browser save the file instead of playing it."""

    download: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0


Sent = Callable[[int], None]
# (who, file, where it lies, request): entered while its bytes are sent to be played, told of each piece that leaves.
Reading = Callable[[Member, int, PlaceOfFile, web.Request], AbstractContextManager[Sent | None]]


def unwatched(
    _actor: Member, _file_id: int, _place: PlaceOfFile, _request: web.Request
) -> AbstractContextManager[Sent | None]:
    """Nobody wants to know who plays what."""
    return nullcontext(None)


async def _gone(_place: PlaceOfFile) -> AppError:
    return file_gone()


class FileRoutes:
    routes = Routes("library", prefix="/api")

    def __init__(self, files: FileService, transfers: Transfers | None = None) -> None:
        self._files = files
        self._transfers = transfers or Transfers()
        self.reading: Reading = unwatched
        # What it means that a file is not there, asked when it is not.
        self.absence: Callable[[PlaceOfFile], Awaitable[AppError]] = _gone

    @routes.get("/stream/{file_id}", produces="video/*")
    async def stream(self, actor: Viewer, file_id: int, query: StreamQuery, request: web.Request) -> web.StreamResponse:
        """Send the file as it is, whole or a range of it."""
        place = await self._files.place(actor, file_id)
        if query.download and not actor.restrictions.allow_download:
            raise _only_watched()
        if query.download and not await self._files.may_download(actor, file_id):
            raise _only_watched()
        request[THING] = ("media", place.rating_key)
        if query.download:
            with self._transfers.open(request, whose=actor.user_id, still=lambda: self._may_go_on(actor, file_id)):
                return await self._send(request, place, disposition="attachment")
        is_played = request.method != hdrs.METH_HEAD
        with (self.reading if is_played else unwatched)(actor, file_id, place, request) as on_sent:
            return await self._send(request, place, on_sent=on_sent)

    async def _send(
        self,
        request: web.Request,
        place: PlaceOfFile,
        *,
        disposition: Literal["inline", "attachment"] = "inline",
        on_sent: Sent | None = None,
    ) -> web.StreamResponse:
        try:
            return await send_file(
                request,
                place.path,
                content_type=place.content_type,
                disposition=disposition,
                admits=place.admits,
                on_sent=on_sent,
            )
        except NotFound:
            raise await self.absence(place) from None

    async def _may_go_on(self, actor: Member, file_id: int) -> bool:
        """Whether who began to save a file may still: as he was when he began, by what he was granted by now."""
        return await self._files.may_download(actor, file_id)

    @routes.get("/media/{file_id}/info")
    async def info(self, actor: Caller, file_id: int) -> FileInfo:
        """Tell everything the probe found in a file."""
        return await self._files.info(actor, file_id)


def _only_watched() -> Forbidden:
    return Forbidden("You may watch this, and not download it.", code="download_not_allowed")
