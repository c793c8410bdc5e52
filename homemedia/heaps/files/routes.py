"""HTTP of files that come in: in chunks that may be resumed, or at once (heaps §9.3)."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from aiohttp import hdrs, web

from homemedia.accounts import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.multipart import check_form, parts_of
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import AppError, BadRequest, TooLarge
from homemedia.core.uploads import Received, Staging
from homemedia.heaps.files.cards import known_card
from homemedia.heaps.files.models import LARGEST_CHUNK, MAX_DIRECT, Link
from homemedia.heaps.files.states import Sent, State, checked_hash, mismatch
from homemedia.heaps.files.uploads import Uploads
from homemedia.heaps.files.wire import (
    ChunkAnswer,
    CompleteBody,
    FileStatus,
    FileStatusAnswer,
    InitAnswer,
    InitBody,
    KeptAnswer,
    KeptStatus,
    UploadAnswer,
    init_answer,
    upload_answer,
)

OK, CREATED, ACCEPTED = 200, 201, 202
PIECE = 256 << 10
CHUNK_HASH = "X-Chunk-SHA256"
MAX_FIELD = 4096


class LengthRequiredError(AppError):
    status, default_code = 411, "length_required"


class UploadRoutes:
    """What devices send their files to."""

    routes = Routes("heaps", prefix="/api", family=Family.HEAPS)

    def __init__(self, uploads: Uploads, staging: Staging) -> None:
        self._uploads = uploads
        self._staging = staging

    @routes.post("/upload/init/{heap_id}/{block_id}", status=CREATED, also=(OK,))
    async def begin(self, actor: Caller, heap_id: str, block_id: str, body: InitBody) -> Reply[InitAnswer]:
        """Begin the upload of a block's file, or go on with it."""
        sent = Sent(
            name=body.name, modified_at=body.modified_at, chunk_size=body.chunk_size, restart=body.restart
        )  # fmt: skip
        begun = await self._uploads.begin(actor, heap_id, block_id, body.hash, body.size, sent)
        answer = init_answer(begun, heap_id, block_id, body.hash.lower())
        return Reply(answer, status=CREATED if begun.status == "created" else OK)

    @routes.get("/upload/status/{heap_id}/{block_id}/{hash}")
    async def status(self, actor: Caller, heap_id: str, block_id: str, hash: str) -> UploadAnswer:
        """Tell which chunks of a file are here."""
        state = await self._uploads.status(actor, heap_id, block_id, hash)
        return upload_answer(state, heap_id, block_id, hash.lower())

    @routes.put("/upload/chunk/{heap_id}/{block_id}/{hash}/{index}", is_paced=False)
    async def chunk(
        self, actor: Caller, heap_id: str, block_id: str, hash: str, index: str, request: web.Request
    ) -> ChunkAnswer:  # fmt: skip
        """Take in one chunk of a file."""
        if not index.isascii() or not index.isdigit() or len(index) > 9:
            raise BadRequest("The number of a chunk is a whole number from 0.", field="index")
        length = request.content_length
        if length is None:
            raise LengthRequiredError("Say how long the chunk is (Content-Length).")
        if length > LARGEST_CHUNK:
            raise TooLarge(f"A chunk may have {LARGEST_CHUNK >> 20} MiB at most.")
        is_new, count = await self._uploads.chunk(
            actor,
            (heap_id, block_id, hash),
            int(index),
            length=length,
            sha256=request.headers.get(CHUNK_HASH),
            chunks=_body(request),
        )
        return ChunkAnswer(
            status="accepted" if is_new else "duplicate", index=int(index), size=length, received_chunks=count
        )

    @routes.post("/upload/complete/{heap_id}/{block_id}/{hash}", also=(ACCEPTED,))
    async def complete(
        self, actor: Caller, heap_id: str, block_id: str, hash: str, body: CompleteBody | None = None
    ) -> Reply[KeptAnswer]:  # fmt: skip
        """Make what was uploaded the block's file."""
        wish = body or CompleteBody()
        sent = Sent(name=wish.name, modified_at=wish.modified_at)
        link = await self._uploads.complete(actor, heap_id, block_id, hash, sent)
        if link is None:
            return Reply(KeptAnswer(status="verifying"), status=ACCEPTED)
        return Reply(_kept(link, "complete"))

    @routes.post("/upload/file/{heap_id}/{block_id}")
    async def direct(self, actor: Caller, heap_id: str, block_id: str, request: web.Request) -> KeptAnswer:
        """Take in a block's file at once: a form with `hash`, `file`, and if known `name`, `modified_at`."""
        check_form(request)
        if (request.content_length or 0) > MAX_DIRECT + MAX_FIELD:
            raise _too_large()
        self._uploads.check_size((request.content_length or 0) - MAX_FIELD)
        await self._uploads.may_send(actor, heap_id, block_id, request.content_length)
        async with AsyncExitStack() as stack:
            fields, received = await self._form(request, stack)
            digest = checked_hash(fields.get("hash", ""))
            if received is None:
                raise BadRequest("The form has no file.", code="no_file", field="file", reason="is required")
            self._uploads.check_size(received.digests.size_bytes)
            if received.digests.sha256 != digest:
                raise mismatch(received.digests.sha256)
            was_here = await self._uploads.here(actor, heap_id, block_id, digest)
            sent = Sent(name=fields.get("name") or fields.get("filename"), modified_at=_time(fields.get("modified_at")))
            link = await self._uploads.direct(actor, heap_id, block_id, received, sent)
        return _kept(link, "uploaded" if was_here is None else "duplicate")

    @routes.get("/status/file/{heap_id}/{block_id}/{hash}")
    async def file_status(self, actor: Caller, heap_id: str, block_id: str, hash: str) -> FileStatusAnswer:
        """Tell whether a block's file is here."""
        state = await self._uploads.look(actor, heap_id, block_id, hash)
        here = await self._uploads.here(actor, heap_id, block_id, hash)
        link = state.link if state is not None else None
        upload = state.upload if state is not None else None
        made = "ready" if here is not None and here.has_picture else "none"
        made = "pending" if here is not None and not here.is_looked_into else made
        return FileStatusAnswer(
            status=_word(state, here),
            heap_id=heap_id,
            block_id=block_id,
            hash=hash.lower(),
            linked=link is not None,
            file_id=str(link.file_id) if link is not None else None,
            size=link.size_bytes if link is not None else upload.size_bytes if upload is not None else None,
            received_bytes=state.received_bytes if state is not None else 0,
            thumbnails=dict.fromkeys(("tiny", "small", "medium", "large"), made),
            upload=upload_answer(state, heap_id, block_id, hash.lower())
            if state is not None and upload is not None
            else None,
        )

    async def _form(self, request: web.Request, stack: AsyncExitStack) -> tuple[dict[str, str], Received | None]:
        """The fields of a form, and its first file; what it is called among the fields."""
        fields: dict[str, str] = {}
        received: Received | None = None
        async for part in parts_of(request):
            if part.name == "file" and received is None:
                received = await stack.enter_async_context(
                    self._staging.receive(part.chunks(), limit=MAX_DIRECT, refusal=_too_large())
                )
                fields["filename"] = part.filename
            elif part.name in {"hash", "name", "modified_at"}:
                fields[part.name] = (await part.text(limit=MAX_FIELD)).strip()
        return fields, received


async def _body(request: web.Request) -> AsyncIterator[bytes]:
    """A body as it arrives; one that breaks off ends early."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise BadRequest("The body must not be compressed.")
    try:
        async for piece in request.content.iter_chunked(PIECE):
            yield piece
    except (web.RequestPayloadError, ConnectionError) as err:
        raise BadRequest("The chunk did not arrive whole.", code="interrupted") from err


def _kept(link: Link, status: KeptStatus) -> KeptAnswer:
    return KeptAnswer(
        status=status,
        block_id=link.block_id,
        file_hash=link.hash,
        file_id=str(link.file_id),
        file=known_card(link),
    )


def _word(state: State | None, here: Link | None) -> FileStatus:
    if here is not None:
        return "available" if here.is_looked_into else "processing"
    if state is None:
        return "missing"
    return state.upload.status if state.upload is not None else "source_missing"


def _time(text: str | None) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise BadRequest("A time is a number of milliseconds.", field="modified_at")
    return int(text)


def _too_large() -> TooLarge:
    return TooLarge(
        f"A file of more than {MAX_DIRECT >> 20} MiB comes in chunks.", details=[{"use": "resumable"}]
    )  # fmt: skip
