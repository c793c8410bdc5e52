"""Long lists as answers, sent while they are made: memory stays flat and nobody else waits."""

from collections.abc import AsyncIterable, Iterable, Mapping
from http import HTTPStatus

import msgspec
from aiohttp import web

_encode = msgspec.json.Encoder().encode


async def send_list(
    request: web.Request,
    batches: AsyncIterable[Iterable[object]],
    *,
    before: bytes = b"[",
    after: bytes = b"]",
    headers: Mapping[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> web.StreamResponse:
    """A JSON list, a batch at a time.

    Args:
        request: who asked.
        batches: what stands in the list.
        before: what is sent first, the opening bracket included: an object whose last field the list is begins here.
        after: what is sent last.
        headers: further ones.
        status: of the answer.
    """
    response = web.StreamResponse(status=status, headers={"Cache-Control": "no-store", **(headers or {})})
    response.content_type, response.charset = "application/json", "utf-8"
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    await response.write(before)
    is_first = True
    async for batch in batches:
        encoded = b",".join(_encode(one) for one in batch)
        if encoded:
            await response.write(encoded if is_first else b"," + encoded)
            is_first = False
    await response.write(after)
    await response.write_eof()
    return response
