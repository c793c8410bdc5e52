"""The quick hash: what tells that a file seen elsewhere is the same, without reading it whole."""

# Paths are text here: a Path of each file would cost more than reading its folder.
# ruff: noqa: PTH123
import os
from collections.abc import Iterable

from homemedia.core.digests import QUICK_BYTES, quick_hash_of
from homemedia.library.scan.disks import Pulse


def quick_hash(path: str) -> str:
    """BLAKE2b of the size and of the first and last 64 KiB, 32 hex characters. Blocking: two small reads.

    Raises:
        OSError: the file cannot be read.

    Source:
        Design 7.43.
    """
    with open(path, "rb", buffering=0) as file:
        size_bytes = os.fstat(file.fileno()).st_size
        head, tail = file.read(QUICK_BYTES), b""
        if size_bytes > QUICK_BYTES:
            file.seek(max(QUICK_BYTES, size_bytes - QUICK_BYTES))
            tail = file.read(QUICK_BYTES)
    return quick_hash_of(size_bytes, head, tail)


def quick_hashes(paths: Iterable[str], pulse: Pulse | None = None) -> list[str | None]:
    """The quick hash of each, None for those that cannot be read; `pulse` is beaten at each."""
    found: list[str | None] = []
    for path in paths:
        try:
            found.append(quick_hash(path))
        except OSError:
            found.append(None)
        if pulse is not None:
            pulse.beat()
    return found
