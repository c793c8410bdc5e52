"""Hashes of a file while its bytes go by: SHA-1, SHA-256 and the quick hash, of one reading."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

QUICK_BYTES = 64 * 1024
_PIECE = 1 << 20


class Digests(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies a file's bytes. `sha256` and `quick_hash` are hex."""

    size_bytes: int
    sha1: bytes
    sha256: str
    quick_hash: str


def quick_hash_of(size_bytes: int, head: bytes, tail: bytes) -> str:
    """BLAKE2b of a size and of the first and last 64 KiB, 32 hex characters.

    Args:
        size_bytes: of the whole file.
        head: its first 64 KiB, or all of a smaller one.
        tail: its last bytes behind the head, 64 KiB at most; empty where the head is all.

    Source:
        Design 7.43.
    """
    digest = hashlib.blake2b(str(size_bytes).encode(), digest_size=16)
    digest.update(head)
    digest.update(tail)
    return digest.hexdigest()


class Meter:
    """Takes bytes in order and tells the hashes of all of them. For one thread at a time."""

    def __init__(self) -> None:
        self.size_bytes = 0
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._sha256 = hashlib.sha256()
        self._head = b""
        self._tail = b""

    def update(self, piece: bytes | memoryview) -> None:
        self._sha1.update(piece)
        self._sha256.update(piece)
        self.size_bytes += len(piece)
        missing = QUICK_BYTES - len(self._head)
        if missing > 0:
            self._head += bytes(piece[:missing])
            piece = piece[missing:]
        if piece:
            # Of a long piece nothing but its end can still count.
            self._tail = (self._tail + bytes(piece[-QUICK_BYTES:]))[-QUICK_BYTES:]

    def digests(self) -> Digests:
        return Digests(
            size_bytes=self.size_bytes,
            sha1=self._sha1.digest(),
            sha256=self._sha256.hexdigest(),
            quick_hash=quick_hash_of(self.size_bytes, self._head, self._tail),
        )


def digests_of(path: Path, is_over: Callable[[], bool] = lambda: False) -> Digests:
    """The hashes of a file. Blocking: reads all of it.

    Args:
        path: the file.
        is_over: asked at each MiB whether nobody wants to know any more.

    Raises:
        OSError: the file cannot be read.
        InterruptedError: it is over.
    """
    with path.open("rb", buffering=0) as file:
        return _of(iter(lambda: file.read(_PIECE), b""), is_over)


def _of(pieces: Iterable[bytes], is_over: Callable[[], bool]) -> Digests:
    meter = Meter()
    for piece in pieces:
        if is_over():
            raise InterruptedError
        meter.update(piece)
    return meter.digests()
