"""The parts of a form as they arrive: counted, and never whole in memory.

Threat: a form may hold anything, in any number and without an end. What was not asked for is read past within the same
limit, and who sends slower on purpose is cut off.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import TypeVar

from aiohttp import BodyPartReader, MultipartReader, hdrs, web
from aiohttp.http_exceptions import BadHttpMessage

from homemedia.core.problems import BadRequest, TooLarge, TooSlow, Unsupported

T = TypeVar("T")

CHUNK = 64 << 10
# What the boundaries, headers and small fields beside the file may take.
BESIDE_BYTES = 64 << 10
MAX_PARTS = 32
# 50 MiB take 420 s at a megabit a second.
ARRIVES_S = 420.0
# A phone that loses its network for a moment comes back within this; longer is gone.
SILENT_S = 120.0


class Part:
    """One part of a form: a field or a file. Read it before the next is asked for; what is left is read past."""

    def __init__(self, part: BodyPartReader) -> None:
        self._part = part
        self.name = part.name or ""
        # Browsers and their kin write a quote in a name as %22 and leave every other per cent sign alone.
        self.filename = (part.filename or "").replace("%22", '"').encode(errors="replace").decode(errors="replace")

    async def chunks(self) -> AsyncIterator[bytes]:
        """Its bytes.

        Raises:
            BadRequest: `not_a_form`: the body broke off or is damaged.
            TooSlow: nothing arrived for two minutes.
        """
        with _told():
            while chunk := await _before(time.monotonic() + SILENT_S, self._part.read_chunk(CHUNK)):
                yield bytes(chunk)

    async def text(self, *, limit: int = BESIDE_BYTES) -> str:
        """A field's value.

        Raises:
            BadRequest: as `chunks`; it is no UTF-8.
            TooLarge: more than `limit` bytes.
        """
        raw = bytearray()
        async for chunk in self.chunks():
            raw += chunk
            if len(raw) > limit:
                raise TooLarge(f"The field {self.name} is too long.")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise BadRequest(f"The field {self.name} is no text.", field=self.name, reason="is no UTF-8") from None


async def parts_of(request: web.Request, *, max_parts: int = MAX_PARTS) -> AsyncIterator[Part]:
    """The parts of a form in the order in which they come; of any length.

    Raises:
        BadRequest: `not_a_form`: the body is no multipart form, a damaged one, or one of more than `max_parts`.
        TooSlow: nothing arrived for two minutes.
        Unsupported: the body is compressed.
    """
    check_form(request)
    with _told():
        form = await request.multipart()
        for _ in range(max_parts):
            part = await _before(time.monotonic() + SILENT_S, form.next())
            if part is None:
                return
            if not isinstance(part, BodyPartReader):
                raise BadRequest("Forms within forms are not read.", code="not_a_form")
            yield Part(part)
    raise BadRequest("The form has too many parts.", code="not_a_form")


def check_form(request: web.Request) -> None:
    """Let a request pass whose body may be a form.

    Raises:
        BadRequest: `not_a_form`.
        Unsupported: it is compressed.
    """
    if not request.content_type.startswith("multipart/"):
        raise BadRequest("Send the file as a form (multipart/form-data).", code="not_a_form")
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Unsupported("The body must not be compressed.")


async def file_of(request: web.Request, field: str, *, limit: int) -> AsyncIterator[bytes]:
    """The bytes of the file in `field` of a form; the first field of that name counts.

    Args:
        request: its body is not read yet.
        field: the name the client's form gives the file.
        limit: bytes the file may have.

    Raises:
        BadRequest: `not_a_form`: the body is no multipart form, or a damaged one; `no_file`: it has no such file.
        TooLarge: more than `limit`.
        TooSlow: it did not arrive in time.
        Unsupported: the body is compressed.
    """
    check_form(request)
    if (request.content_length or 0) > limit + BESIDE_BYTES:
        raise _too_large(limit)
    ends_at = time.monotonic() + ARRIVES_S
    with _told():
        part = await _before(ends_at, _find(await request.multipart(), field))
        if part is None:
            raise BadRequest(f"The form has no file “{field}”.", code="no_file", field=field, reason="is required")
        size = 0
        while chunk := await _before(ends_at, part.read_chunk(CHUNK)):
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            yield bytes(chunk)
        if not size:
            raise BadRequest("The file is empty.", code="no_file", field=field, reason="is empty")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What is wrong with a form, or with the way it came."""
    try:
        yield
    except TimeoutError:
        raise TooSlow("The file did not arrive in time.") from None
    # aiohttp tells damage apart no further: a boundary that is missing or comes twice, headers that are none.
    except (
        ValueError,
        AssertionError,
        RuntimeError,
        LookupError,
        BadHttpMessage,
        ConnectionError,
        web.RequestPayloadError,
    ) as err:
        raise BadRequest("The form did not arrive whole.", code="not_a_form") from err


async def _find(form: MultipartReader, field: str) -> BodyPartReader | None:
    """The part of that name; what stands before it is read past."""
    left = BESIDE_BYTES
    for _ in range(MAX_PARTS):
        part = await form.next()
        if part is None:
            return None
        if not isinstance(part, BodyPartReader):
            raise BadRequest("Forms within forms are not read.", code="not_a_form")
        if part.name == field:
            return part
        while chunk := await part.read_chunk(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooLarge("The form holds more than the file that was asked for.")
    return None


async def _before(ends_at: float, work: Awaitable[T]) -> T:
    async with asyncio.timeout(max(0.0, ends_at - time.monotonic())):
        return await work


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The file may have {limit >> 20} MiB at most.")
