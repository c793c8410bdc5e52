"""What files of blocks are thought of in. No SQL, no HTTP; times are ms since 1970 UTC."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, Literal

import msgspec

HASH: Final = re.compile(r"[0-9a-fA-F]{64}")
EMPTY_HASH: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
KIB, MIB = 1 << 10, 1 << 20
CHUNK_STEP: Final = 64 * KIB
SMALLEST_CHUNK: Final = 256 * KIB
USUAL_CHUNK: Final = 8 * MIB
LARGEST_CHUNK: Final = 64 * MIB
MAX_CHUNKS: Final = 100_000
MAX_SIZE: Final = MAX_CHUNKS * LARGEST_CHUNK
MAX_DIRECT: Final = 256 * MIB
MAX_NAME: Final = 255
LIFE_MS: Final = 7 * 24 * 3600 * 1000
FAILED_LIFE_MS: Final = 3600 * 1000
MAX_OPEN: Final = 100
AT_ONCE, AT_ONCE_ALL = 4, 16
MAX_TOLD: Final = 1000

UploadStatus = Literal["uploading", "verifying", "failed"]
Size = Literal["tiny", "small", "medium", "large"]
PIXELS: Final[dict[Size, int]] = {"tiny": 64, "small": 256, "medium": 720, "large": 1440}


PDF: Final = "application/pdf"


def is_looked_into(mime: str) -> bool:
    """Whether something is to be found inside such a file, a picture at least."""
    return mime == PDF or mime.partition("/")[0] in {"image", "video", "audio"}


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file on its way to a block.

    Attributes:
        part: its file in the staging folder.
        error: `hash_mismatch`, `disk_full`, `quota_exceeded`, exactly of what failed.
    """

    heap_id: str
    block_id: str
    hash: str
    user_id: str
    size_bytes: int
    chunk_size: int
    name: str
    modified_at: int
    status: UploadStatus
    part: str
    error: str | None
    touched_at: int

    @property
    def total_chunks(self) -> int:
        return -(-self.size_bytes // self.chunk_size)

    def length_of(self, index: int) -> int:
        """How long a chunk is; all but the last are alike."""
        return min(self.chunk_size, self.size_bytes - index * self.chunk_size)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a block, as it lies here; the pixels as they are shown.

    Attributes:
        path: below `root`.
        is_scanned: it lies in a folder of the household.
        is_there: its bytes are on the disk, as far as is known.
        is_looked_into: what was found inside it is told here.
    """

    block_id: str
    heap_id: str
    hash: str
    file_id: int
    name: str
    mime: str
    size_bytes: int
    root: str
    path: str
    is_scanned: bool
    is_there: bool
    added_at: int
    width: int | None
    height: int | None
    duration_ms: int | None
    orientation: int | None
    taken_at: int | None
    has_picture: bool
    is_looked_into: bool
    failure: str | None


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Whose file comes to which block, and what it is called there."""

    heap_id: str
    block_id: str
    hash: str
    user_id: str
    name: str
    modified_at: int


def chunk_size_for(size_bytes: int, wished: int | None) -> int:
    """The chunk size that a file gets, near to the wished one (heaps §9.3)."""
    size = (wished if wished is not None else USUAL_CHUNK) // CHUNK_STEP * CHUNK_STEP
    least = -(-size_bytes // MAX_CHUNKS)
    size = max(size, SMALLEST_CHUNK, -(-least // CHUNK_STEP) * CHUNK_STEP)
    return min(size, LARGEST_CHUNK)


def ranges_of(indexes: Iterable[int]) -> list[tuple[int, int]]:
    """Rising numbers as ranges, both ends included."""
    found: list[tuple[int, int]] = []
    for _, group in groupby(enumerate(indexes), lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        found.append((run[0], run[-1]))
    return found


def missing_of(indexes: Iterable[int], total: int) -> Iterator[int]:
    """What lacks of 0 to `total`, rising."""
    there = set(indexes)
    return (index for index in range(total) if index not in there)


def contiguous(indexes: Iterable[int]) -> int:
    """How many chunks are there from the beginning on, without a gap; of rising numbers."""
    count = 0
    for index in indexes:
        if index != count:
            break
        count += 1
    return count
