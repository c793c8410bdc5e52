"""HTTP of the bytes of blocks' files (heaps §9.1).

Threat: uploaded files share the origin of our own pages. What could run there is shut in by the one range server, and
no type is believed because somebody said so. In a folder of the household a file may have become a link since it was
scanned: what it leads to elsewhere on this computer is not sent.
"""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Literal

from aiohttp import web

from homemedia.accounts import Member, Viewer
from homemedia.core.http.families import Family
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import FileName, Routes
from homemedia.core.http.transfers import Transfers
from homemedia.core.http.wire import Query
from homemedia.core.problems import NotFound
from homemedia.heaps.files.media import BlockMedia, absent
from homemedia.heaps.files.models import Link
from homemedia.library.files import PlaceOfFile

BYTES = "application/octet-stream"
PASSING = "private, no-cache, no-transform"
FOR_EVER = "private, max-age=31536000, immutable, no-transform"


class BytesQuery(Query, frozen=True, kw_only=True):
    """`hash`: an older version; `v`: the hash that the address is of, for caches; `token` is read by the guard."""

    hash: str | None = None
    v: str | None = None
    download: str | None = None
    token: str | None = None


class BlockMediaRoutes:
    """Files for those who see the heap.

    Attributes:
        transfers: what is being sent, to be cut when the right to it is lost.
    """

    routes = Routes("heaps", prefix="/api", family=Family.HEAPS)

    def __init__(self, media: BlockMedia) -> None:
        self._media = media
        self.transfers: Transfers | None = None

    @routes.get("/file/{key}/raw/{slug}", produces=BYTES)
    async def raw(
        self, actor: Viewer, key: str, slug: FileName, query: BytesQuery, request: web.Request  # noqa: ARG002 - for people
    ) -> web.StreamResponse:  # fmt: skip
        """Send the file of a block unchanged, whole or a part of it."""
        is_saved = query.download not in {None, "0", "false"}
        return await self._send(request, actor, key, query, "attachment" if is_saved else "inline")

    @routes.get("/stream/{key}/{slug}", produces=BYTES)
    async def stream(
        self, actor: Viewer, key: str, slug: FileName, query: BytesQuery, request: web.Request  # noqa: ARG002 - for people
    ) -> web.StreamResponse:  # fmt: skip
        """Send the file of a block to a player."""
        return await self._send(request, actor, key, query, "inline")

    async def _send(
        self,
        request: web.Request,
        actor: Member,
        key: str,
        query: BytesQuery,
        disposition: Literal["inline", "attachment"],
    ) -> web.StreamResponse:
        link = await self._media.find(actor, key, query.hash)
        place = PlaceOfFile(root=Path(link.root), path=Path(link.root, link.path), content_type=link.mime)
        with self._held(request, actor, link):
            try:
                return await send_file(
                    request,
                    place.path,
                    content_type=place.content_type,
                    disposition=disposition,
                    filename=link.name,
                    cache_control=cache_of(query.v, link),
                    admits=place.admits if link.is_scanned else None,
                )
            except NotFound as err:
                raise absent("This file is not on the disk any more.", "source_missing") from err

    def _held(self, request: web.Request, actor: Member, link: Link) -> AbstractContextManager[None]:
        """While bytes are sent: they stop when who gets them may not have them any more."""
        if self.transfers is None:
            return nullcontext()
        return self.transfers.open(request, whose=actor.user_id, still=lambda: self._media.still(actor, link))


def cache_of(version: str | None, link: Link) -> str:
    """How long an answer may be kept: for ever by an address that names the bytes."""
    return FOR_EVER if version is not None and version.lower() == link.hash else PASSING
