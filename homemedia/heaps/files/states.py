"""How uploads are spoken of: what is said of a file that comes, how it stands, why it cannot be taken."""

from typing import Literal

import msgspec

from homemedia.core.problems import AppError, BadRequest, StorageFull, TooLarge, Unprocessable
from homemedia.heaps.files.models import HASH, MAX_NAME, Link, Upload, chunk_size_for

LATEST_MS = 7_258_118_400_000


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a file that is to come. Times in ms."""

    name: str | None = None
    modified_at: int | None = None
    chunk_size: int | None = None
    restart: bool = False


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How a file stands: on its way, or here.

    Attributes:
        indexes: chunks that are here, rising.
        verified_bytes: how much was hashed since this server runs.
        link: exactly of what is here.
    """

    upload: Upload | None
    indexes: list[int] = []
    received_bytes: int = 0
    verified_bytes: int = 0
    link: Link | None = None


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    state: State
    status: Literal["created", "resumed", "exists"]


def checked_hash(text: str) -> str:
    """A SHA-256 in hex, in small letters.

    Raises:
        BadRequest: it is none.
    """
    if HASH.fullmatch(text) is None:
        raise BadRequest("This is not a SHA-256 in hex.", field="hash")
    return text.lower()


def clean_name(name: str) -> str:
    """A file's name as it is shown: of a path the last part, without control characters, 255 at most."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(char for char in last if char.isprintable()).strip()
    return clean[:MAX_NAME] or "file"


def clean_time(moment_ms: int) -> int:
    """When a file was changed, as disks can keep it: what lies before 1970 or after 2200 is the nearest."""
    return min(max(moment_ms, 0), LATEST_MS)


def whole(link: Link) -> State:
    """How a file stands that is here."""
    return State(upload=None, received_bytes=link.size_bytes, verified_bytes=link.size_bytes, link=link)


def count_of(link: Link) -> int:
    """How many chunks a file that is here would have."""
    size = chunk_size_for(link.size_bytes, None)
    return -(-link.size_bytes // size)


def mismatch(actual: str) -> Unprocessable:
    """What arrived is another file than the one that was told."""
    return Unprocessable(
        "The file that arrived is not the one that was told.", code="hash_mismatch", details=[{"actual": actual}]
    )


def file_too_large(most_bytes: int) -> TooLarge:
    """A file is larger than any may be here."""
    return TooLarge(f"A file may have {most_bytes >> 20} MiB at most here.", code="file_too_large")


def failure(upload: Upload) -> AppError:
    """Why an upload has failed, told again."""
    if upload.error == "hash_mismatch":
        return Unprocessable("The file that arrived is not the one that was told. Begin it again.", code=upload.error)
    return StorageFull("There was no room for this file. Begin it again.", code=upload.error)
