"""One file out of a form, as it arrives: counted, and never whole in memory.

Threat: a form may hold anything, in any number and without an end. What was not asked for is read past within the same
limit, and who sends slower on purpose is cut off.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
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
    if not request.content_type.startswith("multipart/"):
        raise BadRequest("Send the file as a form (multipart/form-data).", code="not_a_form")
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Unsupported("The body must not be compressed.")
    if (request.content_length or 0) > limit + BESIDE_BYTES:
        raise _too_large(limit)
    ends_at = time.monotonic() + ARRIVES_S
    try:
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
    except TimeoutError:
        raise TooSlow("The file did not arrive in time.") from None
    # aiohttp tells damage apart no further: a boundary that is missing or comes twice, headers that are none.
    except (ValueError, AssertionError, RuntimeError, LookupError, BadHttpMessage, web.RequestPayloadError) as err:
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
