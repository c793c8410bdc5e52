"""The one range server (design §7.44): files as answers, whole or in part, for every slice that sends bytes.

Deciding is pure (`choose`); sending large stretches is the kernel's work (`sendfile`), which never touches our memory.
Bytes that do not lie in memory are fetched by a thread first: `sendfile` on a cold disk would stop the whole server.
"""

import asyncio
import email.utils
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

from aiohttp import ClientConnectionResetError, hdrs, web
from aiohttp.abc import AbstractStreamWriter

from homemedia.core.http.errors import REQUEST_ID, problem_response
from homemedia.core.http.families import FAMILY, Family
from homemedia.core.http.openfiles import OPEN_FILES, Admits, Handle, OpenFiles, keep_open_files
from homemedia.core.problems import AppError

__all__ = ["OPEN_FILES", "Asked", "Choice", "OpenFiles", "choose", "keep_open_files", "send_file"]

SMALL: Final = 256 * 1024  # answers up to this are one buffer: 0.72 of sendfile's median (measured, stack §4)
_FIRST_WINDOW: Final = 512 * 1024  # of a cold file: little is read for a player that only looks at the head
_WINDOW: Final = 8 * 1024 * 1024
_TURN: Final = 4 * 1024 * 1024  # most that one reader gets before the others' turn: about 1 ms of the loop
_SURE_S: Final = 1.0  # how long a window that was in memory is taken to be still there
_LOOK_EVERY_S: Final = 0.4
_COPY: Final = 256 * 1024
_ONE_RANGE: Final = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
_ETAG: Final = re.compile(r'(?:W/)?"[^"]*"')
# Another after each start: a tag made with it can be compared and not read.
_SALT: Final = secrets.token_bytes(16)
_CAN_SENDFILE: Final = hasattr(os, "sendfile")
# What can run script shares the origin of our own pages, so it is shut in or handed over as a download (heaps §9.1).
_SCRIPTABLE: Final = re.compile(r"text/html|.*[/+]xml\b.*", re.IGNORECASE)
_SANDBOX: Final = "sandbox; default-src 'none'"


class Asked(NamedTuple):
    """The request's headers that decide; None where one is absent."""

    range: str | None = None
    if_range: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_match: str | None = None
    if_unmodified_since: str | None = None


class Choice(NamedTuple):
    """The status of the answer, and which bytes it carries."""

    status: Literal[200, 206, 304, 412, 416]
    start: int = 0
    length: int = 0


def choose(asked: Asked, *, size: int, etag: str, modified_s: int) -> Choice:
    """Decide how to answer for a file.

    Args:
        asked: the deciding headers.
        size: length of the file in bytes.
        etag: the file's tag as it stands in the header, quotes included.
        modified_s: time of the last change, Unix seconds.

    Source:
        RFC 9110, 13.2.2 (order of conditions) and 14.2 (ranges).
    """
    if asked.if_match is not None:
        if not _names(asked.if_match, etag, is_strong=True):
            return Choice(412)
    elif (since := _seconds(asked.if_unmodified_since)) is not None and modified_s > since:
        return Choice(412)
    if asked.if_none_match is not None:
        if _names(asked.if_none_match, etag, is_strong=False):
            return Choice(304)
    elif (since := _seconds(asked.if_modified_since)) is not None and modified_s <= since:
        return Choice(304)
    if asked.range is None or not _still_the_same(asked.if_range, etag, modified_s):
        return Choice(200, 0, size)
    return _part(asked.range, size)


def _part(header: str, size: int) -> Choice:
    match = _ONE_RANGE.fullmatch(header)
    if match is None or match.groups() == ("", ""):
        return Choice(200, 0, size)  # several, another unit or no range at all
    # A number of 20 digits lies beyond every file; int() refuses thousands of them.
    first, last = (
        int(text[-20:] if len(text.lstrip("0")) <= 20 else "9" * 20) if text else None for text in match.groups()
    )
    if first is None:
        count = min(last or 0, size)
        return Choice(206, size - count, count) if count else Choice(416)
    if last is not None and last < first:
        return Choice(200, 0, size)
    if first >= size:
        return Choice(416)
    return Choice(206, first, (size if last is None else min(last + 1, size)) - first)


def _names(header: str, etag: str, *, is_strong: bool) -> bool:
    if header.strip() == "*":
        return True
    tags: Sequence[str] = _ETAG.findall(header)
    if is_strong:
        return etag in tags and not etag.startswith("W/")
    return etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}


def _still_the_same(if_range: str | None, etag: str, modified_s: int) -> bool:
    if if_range is None:
        return True
    if '"' in if_range:
        return if_range.strip() == etag and not etag.startswith("W/")
    return _seconds(if_range) == modified_s


def _seconds(date: str | None) -> int | None:
    """An HTTP date as Unix seconds; None for what is none."""
    if date is None:
        return None
    try:
        moment = email.utils.parsedate_to_datetime(date)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None


async def send_file(  # noqa: PLR0913 - each is one header
    request: web.Request,
    path: Path | str,
    *,
    content_type: str,
    disposition: Literal["inline", "attachment"] = "inline",
    filename: str | None = None,
    cache_control: str = "private, no-transform",
    etag: str | None = None,
    last_modified: float | None = None,
    is_timeless: bool = False,
    headers: dict[str, str] | None = None,
    admits: Admits | None = None,
    on_sent: Callable[[int], None] | None = None,
) -> web.StreamResponse:
    """Answer with a file: whole, a part, 304, 412 or 416; GET and HEAD. Returns when the last byte is handed over.

    Args:
        request: its application must run `keep_open_files`.
        path: the file.
        content_type: what the file is; types that can run script are shut in or become downloads.
        disposition: shown or saved.
        filename: the name a person sees; the file's own when left out.
        cache_control: by contract.
        etag: another tag than `"<size>-<mtime ns>"`, quotes included.
        last_modified: another time than the file's, Unix seconds.
        is_timeless: nothing in the answer tells when the file was changed: it may be when a picture was taken.
        headers: more headers for the answer.
        admits: asked in a thread with the facts of the opened file; what it refuses counts as missing.
        on_sent: told of each piece of the body as it leaves, in bytes.

    Raises:
        NotFound: `file_missing`.
        Unavailable: `storage_unavailable`: opening or the first bytes took 10 s, or the disk refuses.
    """
    files = request.config_dict[OPEN_FILES]
    handle = await files.acquire(os.fspath(path), admits)
    try:
        tag = etag or f'"{handle.size}-{handle.mtime_ns}"'
        modified_s = int(last_modified if last_modified is not None else handle.mtime_ns // 1_000_000_000)
        if is_timeless:
            tag, modified_s = f'"{hashlib.blake2b(tag.encode(), key=_SALT, digest_size=12).hexdigest()}"', 0
        choice = choose(_asked(request), size=handle.size, etag=tag, modified_s=modified_s)
        common: dict[str, str] = {
            hdrs.ETAG: tag,
            hdrs.ACCEPT_RANGES: "bytes",
            hdrs.CACHE_CONTROL: cache_control,
        }
        if not is_timeless:
            at = datetime.fromtimestamp(modified_s, UTC)
            common[hdrs.LAST_MODIFIED] = email.utils.format_datetime(at, usegmt=True)
        if _SCRIPTABLE.match(content_type):
            common["Content-Security-Policy"] = _SANDBOX
            if not content_type.lower().startswith("image/svg+xml"):
                disposition = "attachment"
        name = quote(filename or os.path.basename(handle.path), safe="!#$&+^`|", errors="replace")  # noqa: PTH119
        common |= headers or {}
        if choice.status == 304:
            return web.Response(status=304, headers=common)
        if choice.status == 412:
            return _refused(request, 412, "precondition_failed", "The file has changed since.", {hdrs.ETAG: tag})
        if choice.status == 416:
            return _refused(
                request,
                416,
                "range_not_satisfiable",
                "The file ends before the part that was asked for.",
                {hdrs.CONTENT_RANGE: f"bytes */{handle.size}", hdrs.ACCEPT_RANGES: "bytes", hdrs.ETAG: tag},
            )
        common[hdrs.CONTENT_TYPE] = content_type
        common[hdrs.CONTENT_DISPOSITION] = f"{disposition}; filename*=UTF-8''{name}"
        if choice.status == 206:
            last = choice.start + choice.length - 1
            common[hdrs.CONTENT_RANGE] = f"bytes {choice.start}-{last}/{handle.size}"
        return await _answer(request, files, handle, choice, common, on_sent or _nobody)
    finally:
        files.release(handle)


def _refused(request: web.Request, status: int, code: str, sentence: str, head: dict[str, str]) -> web.Response:
    """The error body as the family of the request's route has it."""
    family, request_id = request.get(FAMILY, Family.HOUSE), request.get(REQUEST_ID, "")
    return problem_response(status, code, sentence, None, head, family=family, request_id=request_id)


def _asked(request: web.Request) -> Asked:
    get = request.headers.get
    # Two Range headers are several ranges.
    ranges = request.headers.getall(hdrs.RANGE, ())
    return Asked(
        range=",".join(ranges) if ranges else None,
        if_range=get(hdrs.IF_RANGE),
        if_none_match=get(hdrs.IF_NONE_MATCH),
        if_modified_since=get(hdrs.IF_MODIFIED_SINCE),
        if_match=get(hdrs.IF_MATCH),
        if_unmodified_since=get(hdrs.IF_UNMODIFIED_SINCE),
    )


def _nobody(_count: int) -> None:
    """Nobody wants to know how much has left."""


async def _answer(
    request: web.Request,
    files: OpenFiles,
    handle: Handle,
    choice: Choice,
    headers: dict[str, str],
    on_sent: Callable[[int], None],
) -> web.StreamResponse:
    start, length = choice.start, choice.length
    if request.method == hdrs.METH_HEAD or not length:
        response = _FileBody(status=choice.status, headers=headers)
        response.content_length = length
        return response

    def is_gone() -> bool:
        return request.transport is None or request.transport.is_closing()

    if length <= SMALL:
        body: bytes | bytearray | None = files.read_now(handle, start, length)
        if body is None:
            body = await files.read(handle, start, length, gone=is_gone)
        if len(body) == length:
            on_sent(length)
            return web.Response(status=choice.status, headers=headers, body=body)
        # The file was cut while we looked: the way below ends the connection, as for a large one.
    first = min(length, _FIRST_WINDOW)
    if not files.is_in_memory(handle, start, first):
        # Before the headers: a disk that does not answer is still a 503 here, and a broken connection later.
        await files.fill(handle, start, first, gone=is_gone)
    response = _FileBody(status=choice.status, headers=headers)
    response.content_length = length
    writer = await response.prepare(request)
    transport = request.transport
    if writer is None or transport is None:
        raise ClientConnectionResetError("the reader left")
    await _send(response, writer, transport, files, handle, choice, on_sent)
    return response


async def _send(
    response: "_FileBody",
    writer: AbstractStreamWriter,
    transport: asyncio.Transport,
    files: OpenFiles,
    handle: Handle,
    choice: Choice,
    on_sent: Callable[[int], None],
) -> None:
    sock = transport.get_extra_info("socket")
    is_plain = sock is not None and transport.get_extra_info("ssl_object") is None
    try:
        if _CAN_SENDFILE and is_plain:
            await _flush(writer, transport)
            await _Pump(files, handle, transport, choice, on_sent).run(response, sock.fileno())
        else:
            await _copy(response, files, handle, choice, transport, on_sent)
        await response.write_eof()
    except AppError as err:
        # The status is out already; all that is left is to break off, which no player takes for the end.
        transport.abort()
        raise ClientConnectionResetError(f"broke off: {err.message}") from err


class _FileBody(web.StreamResponse):
    """A response whose body goes past aiohttp's writer; it counts those bytes itself."""

    sent = 0

    @property
    def body_length(self) -> int:
        return super().body_length + self.sent


async def _flush(writer: AbstractStreamWriter, transport: asyncio.Transport) -> None:
    """Have everything written so far in the kernel: what follows goes past the transport's buffer."""
    if transport.get_write_buffer_size():
        transport.set_write_buffer_limits(0)
        await writer.drain()
        transport.set_write_buffer_limits()


async def _copy(
    response: web.StreamResponse,
    files: OpenFiles,
    handle: Handle,
    choice: Choice,
    transport: asyncio.Transport,
    on_sent: Callable[[int], None],
) -> None:
    """Send by reading and writing: under TLS and where there is no sendfile."""
    offset, end = choice.start, choice.start + choice.length
    while offset < end:
        count = min(_COPY, end - offset)
        data: bytes | bytearray | None = files.read_now(handle, offset, count)
        if data is None:
            data = await files.read(handle, offset, count, gone=transport.is_closing)
        if not data:
            transport.abort()
            raise ClientConnectionResetError("the file became shorter while it was sent")
        await response.write(data)
        offset += len(data)
        on_sent(len(data))


class _Pump:
    """Moves a stretch of a file into a socket as fast as the socket takes it, a turn at a time.

    `loop.sendfile` does the same, but registers anew with the selector for every piece, and nobody can stop it before
    a piece that would have to come from a cold disk. This one works on a duplicate of the socket, because a loop lets
    nobody wait on a descriptor that belongs to a transport.
    """

    def __init__(
        self,
        files: OpenFiles,
        handle: Handle,
        transport: asyncio.Transport,
        choice: Choice,
        on_sent: Callable[[int], None],
    ) -> None:
        self._on_sent = on_sent
        self._files = files
        self._handle = handle
        self._transport = transport
        self._offset = choice.start
        self._end = choice.start + choice.length
        self._loop = asyncio.get_running_loop()
        self._window = _FIRST_WINDOW
        self._sure_until = choice.start
        self._sure_till = 0.0
        self._sure(min(choice.length, _FIRST_WINDOW), self._loop.time())
        self._target = -1
        self._paused: asyncio.Future[None] = self._loop.create_future()

    async def run(self, response: _FileBody, socket_fd: int) -> None:
        start = self._offset
        self._target = os.dup(socket_fd)
        try:
            while self._offset < self._end:
                if self._is_cold():
                    await self._warm()
                await self._drive()
        finally:
            os.close(self._target)
            response.sent += self._offset - start

    async def _drive(self) -> None:
        """Send until the end or the next cold window."""
        paused = self._paused = self._loop.create_future()
        self._loop.add_writer(self._target, self._turn)
        try:
            while not paused.done():
                # A reader that closed its half without a reset wakes no writer: look now and then.
                await asyncio.wait({paused}, timeout=_LOOK_EVERY_S)
                if not paused.done() and self._transport.is_closing():
                    raise ClientConnectionResetError("the reader left")
        finally:
            self._loop.remove_writer(self._target)
            if paused.done():
                paused.exception()  # heard of, also when we are being cancelled and nobody asks for the result
        paused.result()

    def _turn(self) -> None:
        if (self._offset >= self._sure_until or self._loop.time() >= self._sure_till) and self._is_cold():
            self._pause()
            return
        try:
            sent = os.sendfile(self._target, self._handle.fd, self._offset, min(self._sure_until - self._offset, _TURN))
        except (BlockingIOError, InterruptedError):
            return
        except OSError as err:
            # Whatever the socket says (reset, broken pipe, time-out), it means one thing: the reader left.
            self._pause(ClientConnectionResetError(str(err)))
            return
        if not sent:
            self._transport.abort()
            self._pause(ClientConnectionResetError("the file became shorter while it was sent"))
            return
        self._offset += sent
        self._on_sent(sent)
        if self._offset >= self._end:
            self._pause()

    def _pause(self, err: Exception | None = None) -> None:
        self._loop.remove_writer(self._target)
        if self._paused.done():
            return
        if err is None:
            self._paused.set_result(None)
        else:
            self._paused.set_exception(err)

    def _is_cold(self) -> bool:
        """Whether the next bytes must come from the disk first. A paused player's window may have been dropped."""
        now = self._loop.time()
        if self._offset < self._sure_until and now < self._sure_till:
            return False
        ahead = min(_WINDOW, self._end - self._offset)
        if not self._files.is_in_memory(self._handle, self._offset, ahead):
            return True
        self._sure(ahead, now)
        return False

    async def _warm(self) -> None:
        ahead = min(self._window, self._end - self._offset)
        self._window = min(2 * self._window, _WINDOW)
        await self._files.fill(self._handle, self._offset, ahead, gone=self._transport.is_closing)
        self._sure(ahead, self._loop.time())

    def _sure(self, ahead: int, now: float) -> None:
        self._sure_until = self._offset + ahead
        self._sure_till = now + _SURE_S
