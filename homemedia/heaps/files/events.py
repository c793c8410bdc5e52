"""What is announced of files, after the commit."""

from typing import Literal

import msgspec


class UploadMoved(msgspec.Struct, frozen=True, kw_only=True):
    """How a file's upload stands; `progress` is told a few times a second at most."""

    what: Literal["progress", "completed", "failed"]
    heap_id: str
    block_id: str
    hash: str
    received_bytes: int
    size_bytes: int
    file_id: int | None = None
    error: str | None = None


class FileKnown(msgspec.Struct, frozen=True, kw_only=True):
    """It is known what is inside a block's file, and pictures can be made of it, or not."""

    heap_id: str
    block_id: str
    file_id: int
    hash: str
    has_picture: bool
