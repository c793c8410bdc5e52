"""HTTP of small pictures of blocks' files: made here, or sent by clients (heaps §9.1, 9.4)."""

import re
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import hdrs, web

from homemedia.accounts import Caller, Viewer
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.multipart import parts_of
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import FileName, Routes
from homemedia.core.http.wire import Query
from homemedia.core.problems import BadRequest, Conflict, NotFound, TooLarge, Unprocessable
from homemedia.core.uploads import Received, Staging
from homemedia.heaps.blocks import Blocks
from homemedia.heaps.files import store, thumbnails_store
from homemedia.heaps.files.media import BlockMedia
from homemedia.heaps.files.media_routes import cache_of
from homemedia.heaps.files.models import PIXELS, Link, Size
from homemedia.heaps.files.pictures import Format, Picture, Pictures, no_thumbnail, size_of
from homemedia.heaps.files.pixels import size_in
from homemedia.heaps.files.shown import kind_shown
from homemedia.heaps.files.states import checked_hash
from homemedia.heaps.files.thumbnails_store import Drawn
from homemedia.heaps.files.wire import ThumbnailAnswer
from homemedia.media import MediaTools, OperationFailed, RenderRequest, WorkerCrashed

IMAGE = "image/*"
VARY = "Accept, Authorization"
POSITION = re.compile(r"(\d{1,7}(?:\.\d{1,6})?)(p?)", re.ASCII)
KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
TYPES = ("image", "video", "animated", "audio", "document")
MAX_BYTES = 2 << 20
MAX_SIDE = 2048
MAX_EACH = 16
MAX_FIELD = 64


class PictureQuery(Query, frozen=True, kw_only=True):
    """`fit=cover`: a square; the others as for the bytes."""

    fit: str | None = None
    hash: str | None = None
    v: str | None = None
    token: str | None = None


class BlockPictureRoutes:
    """Small pictures for those who see the heap."""

    routes = Routes("heaps", prefix="/api", family=Family.HEAPS)

    def __init__(
        self,
        db: Database,
        media: BlockMedia,
        blocks: Blocks,
        pictures: Pictures,
        tools: MediaTools,
        staging: Staging,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._db = db
        self._media = media
        self._blocks = blocks
        self._pictures = pictures
        self._tools = tools
        self._staging = staging
        self._clock = clock

    @routes.get("/file/{key}/thumbnail/{size}/{slug}", produces=IMAGE)
    async def thumbnail(
        self, actor: Viewer, key: str, size: str, slug: FileName, query: PictureQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send a small picture of a block's file."""
        wanted = size_of(size)
        if wanted is None:
            raise BadRequest("The size is tiny, small, medium, large, or from 16 to 2048.", field="size")
        link = await self._media.find(actor, key, query.hash)
        form = _format(slug, request)
        try:
            made = await self._pictures.made(link, wanted, "cover" if query.fit == "cover" else "contain", form)
        except NotFound:
            drawn = await thumbnails_store.get(self._db.read, link.block_id, link.hash, wanted, None)
            if drawn is None:
                raise
            return _drawn(request, drawn, cache_of(query.v, link))
        return await _send(request, made, link, cache_of(query.v, link))

    @routes.get("/file/{key}/video_thumbnail/{size}/{position}", produces=IMAGE)
    async def moment(
        self, actor: Viewer, key: str, size: str, position: str, query: PictureQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send the picture of a moment of a film: seconds, or `25p` percent."""
        wanted, at = size_of(size), POSITION.fullmatch(position)
        if wanted is None or at is None:
            field = "size" if wanted is None else "position"
            raise BadRequest("A position is seconds (12.5) or percent (25p), a size small or 16 to 2048.", field=field)
        link = await self._media.find(actor, key, query.hash)
        number = float(at[1])
        at_ms = None if at[2] else round(number * 1000)
        made = await self._pictures.at(link, at_ms, min(number, 100.0), wanted, _format("", request))
        return await _send(request, made, link, cache_of(query.v, link))

    @routes.get("/file/{key}/animated_thumbnail/{size}/{slug}", produces=IMAGE)
    async def moving(
        self, actor: Viewer, key: str, size: str, slug: FileName, query: PictureQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send a short moving picture of a block's film or moving picture."""
        wanted = size_of(size)
        if wanted is None:
            raise BadRequest("The size is tiny, small, medium, large, or from 16 to 2048.", field="size")
        link = await self._media.find(actor, key, query.hash)
        try:
            made = await self._pictures.moving(link, wanted, "gif" if slug.lower().endswith(".gif") else "webp")
        except NotFound:
            drawn = await thumbnails_store.get(self._db.read, link.block_id, link.hash, wanted, "animated")
            if drawn is None:
                raise
            return _drawn(request, drawn, cache_of(query.v, link))
        return await _send(request, made, link, cache_of(query.v, link))

    @routes.post("/upload/thumbnail/{block_id}/{file_hash}/{thumbnail_key}")
    async def take(
        self, actor: Caller, block_id: str, file_hash: str, thumbnail_key: str, request: web.Request
    ) -> ThumbnailAnswer:
        """Take in a small picture that a client made of a file: a form with `thumbnail`, `type` and `size`."""
        digest = checked_hash(file_hash)
        await self._blocks.require(actor, block_id, to_write=True)
        if KEY.fullmatch(thumbnail_key) is None:
            raise BadRequest("A key has 1 to 64 letters, digits, dots, - and _.", field="thumbnail_key")
        if await thumbnails_store.others(self._db.read, block_id, digest, thumbnail_key) >= MAX_EACH:
            raise Conflict(f"A file has {MAX_EACH} such pictures at most.", code="too_many")
        drawn = await self._read(request, block_id, digest, thumbnail_key)
        async with self._db.write() as tx:
            if not await thumbnails_store.put(tx, drawn):
                raise NotFound("There is no such block.")
        return ThumbnailAnswer(
            block_id=block_id,
            file_hash=digest,
            thumbnail_key=thumbnail_key,
            thumbnail={
                "type": drawn.type,
                "size": drawn.size,
                "width": drawn.width,
                "height": drawn.height,
                "format": drawn.format,
                "status": "ready",
                "source": "client",
            },
        )

    @routes.get("/download/thumbnail/{block_id}/{file_hash}/{thumbnail_type}/{thumbnail_size}", produces=IMAGE)
    async def stored(
        self, actor: Caller, block_id: str, file_hash: str, thumbnail_type: str, thumbnail_size: str,
        request: web.Request,
    ) -> web.StreamResponse:  # fmt: skip
        """Send a small picture that is there already; none is made."""
        digest, size = checked_hash(file_hash), size_of(thumbnail_size)
        await self._blocks.require(actor, block_id)
        if size is None or size != thumbnail_size or thumbnail_type not in TYPES:
            raise no_thumbnail()
        link = (await store.of_blocks(self._db.read, [block_id])).get(block_id, {}).get(digest)
        if link is not None and thumbnail_type in {"animated", kind_shown(link.mime)}:
            is_moving = thumbnail_type == "animated"
            made = await (self._pictures.moves(link, size) if is_moving else self._pictures.there(link, size))
            if made is not None:
                return await _send(request, made, link, cache_of(request.query.get("v"), link))
        drawn = await thumbnails_store.get(self._db.read, block_id, digest, size, thumbnail_type)
        if drawn is None:
            raise no_thumbnail()
        return _drawn(request, drawn, "private, no-cache")

    async def _read(self, request: web.Request, block_id: str, digest: str, key: str) -> Drawn:
        """What a form brings, decoded whole and written anew: nothing that was hidden in it stays."""
        fields: dict[str, str] = {}
        received: Received | None = None
        async with AsyncExitStack() as stack:
            async for part in parts_of(request):
                if part.name == "thumbnail" and received is None:
                    refusal = TooLarge(f"A small picture may have {MAX_BYTES >> 20} MiB at most.")
                    staged = self._staging.receive(part.chunks(), limit=MAX_BYTES, refusal=refusal)
                    received = await stack.enter_async_context(staged)
                elif part.name in {"type", "size"}:
                    fields[part.name] = (await part.text(limit=MAX_FIELD)).strip()
            kind, size = fields.get("type", ""), size_of(fields.get("size", ""))
            if kind not in TYPES:
                raise BadRequest(f"The type is one of {', '.join(TYPES)}.", field="type")
            if size is None or size != fields["size"]:
                raise BadRequest(f"The size is one of {', '.join(PIXELS)}.", field="size")
            if received is None:
                raise BadRequest("The form has no picture.", code="no_file", field="thumbnail", reason="is required")
            data, width, height = await self._anew(received.path, size, is_moving=kind == "animated")
        return Drawn(
            block_id=block_id,
            hash=digest,
            key=key,
            type=kind,
            size=size,
            width=width,
            height=height,
            format="webp",
            data=data,
            made_at=self._clock.now_ms(),
        )

    async def _anew(self, path: Path, size: Size, *, is_moving: bool) -> tuple[bytes, int, int]:
        """A WebP of what a client sent, with its width and height."""
        try:
            facts = await self._tools.facts(path)
            if max(facts.width, facts.height) > MAX_SIDE:
                raise _bad_image(f"A small picture has {MAX_SIDE} pixels a side at most.")
            if is_moving:
                body = await self._pictures.moving_anew(path, size)
                return (body, *size_in(body))
            made = await self._tools.render(
                RenderRequest(source=str(path), width=facts.width, height=facts.height, format="webp")
            )
        except OperationFailed as err:
            if err.code == "not_moving":
                raise _bad_image("This picture does not move.") from err
            raise _bad_image("This picture cannot be read.") from err
        except WorkerCrashed as err:
            raise _bad_image("This picture cannot be read.") from err
        return made.body, made.width, made.height


def _format(slug: str, request: web.Request) -> Format:
    """By the name's ending, else by what the client takes."""
    ending = slug.rpartition(".")[2].lower()
    if ending in {"jpg", "jpeg"}:
        return "jpeg"
    return "webp" if ending == "webp" or "image/webp" in request.headers.get(hdrs.ACCEPT, "") else "jpeg"


async def _send(request: web.Request, made: Picture, link: Link, cache: str) -> web.StreamResponse:
    return await send_file(
        request,
        made.path,
        content_type=made.content_type,
        filename=f"{link.name.rpartition('.')[0] or link.name}{made.path.suffix}",
        cache_control=cache,
        etag=f'"{link.hash}-{made.variant}"',
        headers={hdrs.VARY: VARY, **_pixels(made.width, made.height)},
    )


def _pixels(width: int, height: int) -> dict[str, str]:
    return {"X-Thumbnail-Width": str(width), "X-Thumbnail-Height": str(height)} if width and height else {}


def _drawn(request: web.Request, drawn: Drawn, cache: str) -> web.StreamResponse:
    tag = f'"{drawn.hash}-client-{drawn.made_at}"'
    head = {hdrs.ETAG: tag, hdrs.CACHE_CONTROL: cache, hdrs.VARY: VARY, **_pixels(drawn.width, drawn.height)}
    if tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=head)
    return web.Response(body=drawn.data, content_type=f"image/{drawn.format}", headers=head)


def _bad_image(sentence: str) -> Unprocessable:
    return Unprocessable(sentence, code="bad_image")
