"""HTTP: editing, for administrators (watch contract §3.12; what stands below /api/home is our own)."""

from collections.abc import AsyncIterator
from typing import cast

from aiohttp import hdrs, web

from homemedia.accounts import Admin
from homemedia.core.http.routes import Routes
from homemedia.core.problems import BadRequest, NotFound, TooLarge, Unsupported
from homemedia.library.artwork.models import PictureKind
from homemedia.library.editing.pictures import MAX_BYTES
from homemedia.library.editing.service import EditService
from homemedia.library.editing.wire import (
    BulkAnswer,
    BulkChanges,
    EditList,
    EditsQuery,
    ItemChanges,
    MediaItem,
    Restored,
)
from homemedia.library.editing.wishes import bulk_wish_of, wish_of

CHUNK = 256 << 10


class EditRoutes:
    routes = Routes("library", prefix="/api")

    def __init__(self, editing: EditService) -> None:
        self._editing = editing

    @routes.get("/media-item/{rating_key}")
    async def get_item(self, actor: Admin, rating_key: str) -> MediaItem:
        """Tell everything about an item that can be edited, and where each thing comes from."""
        return await self._editing.describe(actor, rating_key)

    @routes.put("/media-item/{rating_key}")
    async def change_item(self, actor: Admin, rating_key: str, body: ItemChanges) -> MediaItem:
        """Change fields, ids, locks and pictures of an item; what is changed stays so until it is unlocked."""
        return await self._editing.change(actor, rating_key, wish_of(body))

    @routes.post("/home/library/artwork/{rating_key}/{kind}")
    async def add_picture(self, actor: Admin, rating_key: str, kind: str, request: web.Request) -> MediaItem:
        """Show a picture from one's own machine: the body is the picture, 20 MiB at most."""
        return await self._editing.add_picture(actor, rating_key, _kind(kind), _body(request))

    @routes.post("/home/library/edits")
    async def change_many(self, actor: Admin, body: BulkChanges) -> BulkAnswer:
        """Change many items at once, as one edit."""
        return await self._editing.bulk(actor, body.rating_keys, bulk_wish_of(body))

    @routes.get("/home/library/edits")
    async def list_edits(self, actor: Admin, query: EditsQuery) -> EditList:
        """List what was edited in the last thirty days, newest first."""
        del actor
        return await self._editing.edits(query.limit)

    @routes.post("/home/library/edits/{id}/undo")
    async def undo_edit(self, actor: Admin, id: str) -> Restored:
        """Take an edit back, except for what was changed again since."""
        return await self._editing.undo(actor, id)


def _kind(text: str) -> PictureKind:
    if text not in {"thumb", "art"}:
        raise NotFound("Items have a thumb and an art, no other pictures.")
    return cast("PictureKind", text)


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    """The bytes of a request as they arrive."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Unsupported("The body must not be compressed.")
    if (request.content_length or 0) > MAX_BYTES:
        raise TooLarge("A picture may have 20 MiB at most.")
    try:
        async for chunk in request.content.iter_chunked(CHUNK):
            yield chunk
    except web.RequestPayloadError:
        raise BadRequest("The picture did not arrive whole.", code="not_a_picture") from None
