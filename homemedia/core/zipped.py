"""ZIP archives sent while they are read: stored, not packed, of any size, nothing in memory (APPNOTE 6.3.10).

Sizes are known before, checksums only after a file has gone out; so each file is followed by a descriptor, and the
whole length of the archive can be told at once.
"""

import asyncio
import contextlib
import datetime as dt
import os
import struct
import zlib
from collections.abc import AsyncGenerator, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
from aiohttp import web

from homemedia.core.problems import Gone
from homemedia.core.threads import Lane

ZIP: Final = "application/zip"
_CHUNK: Final = 1 << 20
_LARGE: Final = 0xFFFFFFFF
_MANY: Final = 0xFFFF
# Sizes follow the file; the name is UTF-8.
_FLAGS: Final = 0x0008 | 0x0800
_PLAIN, _BIG = 20, 45  # the version a reader must know
_UNIX: Final = 3 << 8
_EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - a clock on the wall
_FIRST_YEAR, _LAST_YEAR = 1980, 2107
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_END64_PLACE: Final = struct.Struct("<4sLQL")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an archive.

    Attributes:
        name: in the archive, unlike any other there.
        changed_at: what the clock on the wall said, in ms as if it were UTC.
    """

    name: str
    path: Path
    size_bytes: int
    changed_at: int

    @property
    def is_large(self) -> bool:
        return self.size_bytes >= _LARGE


def unlike(names: Iterable[str]) -> list[str]:
    """File names for one archive: a name that is there already gets a number, "beach+1.jpg"."""
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        plain = name.replace("/", "_").replace("\\", "_").lstrip(".") or "file"
        stem, dot, ending = plain.rpartition(".")
        if not stem:
            stem, dot, ending = plain, "", ""
        wished, number = plain, 0
        while wished.casefold() in taken:
            number += 1
            wished = f"{stem}+{number}{dot}{ending}"
        taken.add(wished.casefold())
        found.append(wished)
    return found


def length(entries: Sequence[Entry]) -> int:
    """How many bytes an archive of these files has."""
    at = 0
    central = 0
    for entry in entries:
        central += len(_central(entry, 0, at))
        at += len(_local(entry)) + entry.size_bytes + len(_descriptor(entry, 0))
    return at + central + len(_end(len(entries), central, at))


async def archive(entries: Sequence[Entry], lane: Lane) -> AsyncGenerator[bytes]:
    """The bytes of an archive, a mebibyte at a time.

    Raises:
        Gone: a file is away, or of another length than was told; what has gone out by then is no archive.
    """
    at = 0
    places: list[tuple[int, int]] = []
    for entry in entries:
        head = _local(entry)
        yield head
        checksum = 0
        left = entry.size_bytes
        file = await _open(entry.path, lane)
        try:
            while left:
                chunk, checksum = await lane.run(_read, file, min(left, _CHUNK), checksum)
                if not chunk:
                    raise Gone("A file has become shorter while it was read.")
                left -= len(chunk)
                yield chunk
        finally:
            await asyncio.shield(lane.run(file.close))
        tail = _descriptor(entry, checksum)
        yield tail
        places.append((at, checksum))
        at += len(head) + entry.size_bytes + len(tail)
    central = b"".join(
        _central(entry, checksum, place) for entry, (place, checksum) in zip(entries, places, strict=True)
    )
    yield central + _end(len(entries), len(central), at)


def there(entries: Sequence[Entry]) -> list[Entry]:
    """Those whose files are there, and as long as was known. Blocking."""
    found: list[Entry] = []
    for entry in entries:
        try:
            if entry.path.stat().st_size == entry.size_bytes:
                found.append(entry)
        except OSError:
            continue
    return found


async def send_archive(
    request: web.Request, response: web.StreamResponse, entries: Sequence[Entry], lane: Lane
) -> web.StreamResponse:
    """Send an archive as the body of a response.

    A file that goes while it is read ends the connection: nothing else can tell who takes it that it is not whole.
    """
    response.content_type = ZIP
    response.content_length = length(entries)
    await response.prepare(request)
    try:
        # Who leaves in the middle leaves no file open.
        async with contextlib.aclosing(archive(entries, lane)) as chunks:
            async for chunk in chunks:
                await response.write(chunk)
    except Gone:
        if request.transport is not None:
            request.transport.abort()
        return response
    await response.write_eof()
    return response


async def _open(path: Path, lane: Lane) -> BinaryIO:
    """A file; one that is opened while nobody wants it any more is closed again."""
    opening = asyncio.ensure_future(lane.run(_opened, path))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        with contextlib.suppress(Gone):
            (await opening).close()
        raise


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as err:
        raise Gone("A file cannot be read.") from err


def _read(file: BinaryIO, size: int, checksum: int) -> tuple[bytes, int]:
    try:
        chunk = file.read(size)
        if hasattr(os, "posix_fadvise"):
            # A large archive must not push everything else out of the system's memory.
            os.posix_fadvise(file.fileno(), 0, file.tell(), os.POSIX_FADV_DONTNEED)
    except OSError as err:
        raise Gone("A file cannot be read.") from err
    return chunk, zlib.crc32(chunk, checksum)


def _time(entry: Entry) -> tuple[int, int]:
    """Time and date as MS-DOS had them, in steps of two seconds."""
    try:
        at = _EPOCH + dt.timedelta(milliseconds=entry.changed_at)
    except OverflowError:
        at = _EPOCH
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        return 0, 1 << 5 | 1
    return at.hour << 11 | at.minute << 5 | at.second // 2, (at.year - _FIRST_YEAR) << 9 | at.month << 5 | at.day


def _local(entry: Entry) -> bytes:
    name = entry.name.encode()
    # Sizes of files beyond 4 GiB have eight bytes in the descriptor only where this field is there.
    extra = struct.pack("<2H2Q", 1, 16, 0, 0) if entry.is_large else b""
    sizes = _LARGE if entry.is_large else 0
    version = _BIG if entry.is_large else _PLAIN
    head = _LOCAL.pack(b"PK\3\4", version, _FLAGS, 0, *_time(entry), 0, sizes, sizes, len(name), len(extra))
    return head + name + extra


def _descriptor(entry: Entry, checksum: int) -> bytes:
    form = "<4sL2Q" if entry.is_large else "<4s3L"
    return struct.pack(form, b"PK\7\x08", checksum, entry.size_bytes, entry.size_bytes)


def _central(entry: Entry, checksum: int, place: int) -> bytes:
    name = entry.name.encode()
    big = ([entry.size_bytes] * 2 if entry.is_large else []) + ([place] if place >= _LARGE else [])
    extra = struct.pack(f"<2H{len(big)}Q", 1, 8 * len(big), *big) if big else b""
    size = _LARGE if entry.is_large else entry.size_bytes
    version = _BIG if big else _PLAIN
    head = _CENTRAL.pack(
        b"PK\1\2",
        _UNIX | version,
        version,
        _FLAGS,
        0,
        *_time(entry),
        checksum,
        size,
        size,
        len(name),
        len(extra),
        0,
        0,
        0,
        0o100644 << 16,
        min(place, _LARGE),
    )
    return head + name + extra


def _end(count: int, size: int, place: int) -> bytes:
    plain = _END.pack(b"PK\5\6", 0, 0, min(count, _MANY), min(count, _MANY), min(size, _LARGE), min(place, _LARGE), 0)
    if count < _MANY and size < _LARGE and place < _LARGE:
        return plain
    end = _END64.pack(b"PK\6\6", _END64.size - 12, _UNIX | _BIG, _BIG, 0, 0, count, count, size, place)
    return end + _END64_PLACE.pack(b"PK\6\7", 0, place + size, 1) + plain
