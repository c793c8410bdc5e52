"""Pictures over HTTP. Visibility is asked first, so that not even an ETag tells of what one may not see."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from aiohttp import hdrs, web

from homemedia.accounts import Viewer
from homemedia.core.db import Database
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.core.problems import NotFound
from homemedia.library.artwork import store
from homemedia.library.artwork.models import TAG_LENGTH, PictureKind, content_mark
from homemedia.library.artwork.renditions import Fit, Format, Renditions, Wanted, wanted
from homemedia.library.visible import visible_to
from homemedia.media import OperationFailed

Side = Annotated[int, msgspec.Meta(ge=1, le=3840)]
PERSON, CANDIDATE, REMOTE = "p-", "c-", "t-"
CATALOGUE = "tmdb:"  # in place of a path: a picture that is fetched when somebody looks at it
A_DAY = "private, max-age=86400"
FOR_EVER = "private, max-age=31536000, immutable"


class PictureQuery(Query, frozen=True):
    """How large, and in which form; `v` is the tag the client knows, which makes the address last."""

    w: Side | None = None
    h: Side | None = None
    fit: Fit = "cover"
    format: Format | None = None
    v: str | None = None


class Found(msgspec.Struct, frozen=True):
    path: str
    content_hash: str
    point: str | None = None


class ArtworkRoutes:
    """`remote` finds pictures of catalogues that are only offered yet (`t-…`); set by who knows them."""

    routes = Routes("library", prefix="/api/artwork")

    def __init__(self, db: Database, renditions: Renditions) -> None:
        self._db = db
        self._renditions = renditions
        self.remote: Callable[[str], Awaitable[Found | None]] | None = None

    @routes.get("/{rating_key}/thumb", produces="image/*")
    async def thumb(
        self, actor: Viewer, rating_key: str, query: PictureQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send the poster, still or cover of an item, or the portrait of a person (`p-` and a number)."""
        if rating_key.startswith(PERSON):
            found = await self._portrait(actor, rating_key.removeprefix(PERSON))
        else:
            found = await self._offered(actor, rating_key) or await self._picture(actor, rating_key, "thumb")
        return await self._send(request, query, found)

    @routes.get("/{rating_key}/art", produces="image/*")
    async def art(
        self, actor: Viewer, rating_key: str, query: PictureQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send the background of an item, or of the season or show it belongs to."""
        found = await self._offered(actor, rating_key) or await self._picture(actor, rating_key, "art")
        return await self._send(request, query, found)

    async def _offered(self, actor: Viewer, key: str) -> Found | None:
        """A picture that is only on offer: `c-` and a row's id, `t-` and what its catalogue calls it.

        None when the key is that of an item.

        Raises:
            NotFound: there is none, or the caller is not one who may choose.
        """
        if not key.startswith((CANDIDATE, REMOTE)):
            return None
        if not actor.is_admin:
            raise NotFound("There is no such item.")
        if key.startswith(REMOTE):
            found = await self.remote(key.removeprefix(REMOTE)) if self.remote is not None else None
            if found is None:
                raise _no_artwork()
            return found
        number = key.removeprefix(CANDIDATE)
        rows = []
        if number.isascii() and number.isdigit() and len(number) < 19:
            rows = await self._db.read(store.OFFERED, {"artwork_id": int(number)})
        if not rows:
            raise _no_artwork()
        return Found(rows[0]["path"], rows[0]["content_hash"], rows[0]["point"])

    async def _picture(self, actor: Viewer, rating_key: str, kind: PictureKind) -> Found:
        visible = visible_to(actor).opened
        statement = store.SERVED.format(visible=visible.sql)
        rows = await self._db.read(statement, {"rating_key": rating_key, "kind": kind, **visible.args})
        if not rows:
            raise NotFound("There is no such item.")
        if rows[0]["path"] is None:
            raise _no_artwork()
        return Found(rows[0]["path"], rows[0]["content_hash"], rows[0]["point"])

    async def _portrait(self, actor: Viewer, number: str) -> Found:
        # A number of 19 digits is beyond every id; more would not fit the database.
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise NotFound("There is no such person.")
        visible = visible_to(actor).opened
        statement = store.PORTRAIT.format(visible=visible.sql)
        rows = await self._db.read(statement, {"performer_id": int(number), **visible.args})
        if not rows or rows[0]["path"] is None:
            raise _no_artwork()
        path: str = rows[0]["path"]
        if path.startswith(CATALOGUE):
            found = await self.remote(path.removeprefix(CATALOGUE)) if self.remote is not None else None
            if found is None:
                raise _no_artwork()
            return found
        try:
            facts = await self._renditions.stat(path)
        except OSError:
            raise _no_artwork() from None
        return Found(path, content_mark(path, facts.st_size, facts.st_mtime_ns))

    async def _send(self, request: web.Request, query: PictureQuery, found: Found) -> web.StreamResponse:
        form: Format = query.format or ("webp" if takes_webp(request.headers.get(hdrs.ACCEPT, "")) else "jpeg")
        wish = wanted(found.path, found.content_hash, (query.w, query.h), query.fit, form, found.point)
        etag = f'"{wish.name}"'
        lasts = FOR_EVER if query.v == found.content_hash[:TAG_LENGTH] else A_DAY
        headers = {"ETag": etag, "Cache-Control": lasts}
        if query.format is None:
            headers["Vary"] = "Accept"
        if is_known(request, etag):
            return web.Response(status=304, headers=headers)
        try:
            response = await send_file(
                request,
                self._renditions.path(wish),
                content_type=f"image/{form}",
                filename=f"picture.{form}",
                etag=etag,
                cache_control=lasts,
                headers=headers,
            )
        except NotFound:
            return await self._make(request, wish, headers)
        self._renditions.touch(wish)
        return response

    async def _make(self, request: web.Request, wish: Wanted, headers: dict[str, str]) -> web.StreamResponse:
        response: web.StreamResponse
        if request.method == hdrs.METH_HEAD:
            # Asking about a picture never makes one, so its length is not known.
            response = web.StreamResponse(headers=headers)
            response.enable_chunked_encoding()
        else:
            try:
                response = web.Response(body=await self._renditions.make(wish), headers=headers)
            except OperationFailed:
                raise _no_artwork() from None
        response.content_type = f"image/{wish.format}"
        return response


def takes_webp(accept: str) -> bool:
    """Whether an Accept header names WebP itself; `image/*` says nothing of what a browser can show."""
    for part in accept.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if kind == "image/webp":
            return not any(parameter in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for parameter in parameters)
    return False


def is_known(request: web.Request, etag: str) -> bool:
    """Whether the client has this very picture already."""
    given = [tag.strip().removeprefix("W/") for tag in request.headers.get(hdrs.IF_NONE_MATCH, "").split(",")]
    return etag in given or "*" in given


def _no_artwork() -> NotFound:
    return NotFound("There is no picture.", code="no_artwork")
