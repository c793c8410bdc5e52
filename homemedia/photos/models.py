"""What this slice thinks in. No SQL, no HTTP; times are ms since 1970 UTC unless said otherwise."""

import datetime as dt
import enum

import msgspec

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Visibility(enum.Enum):
    """Where a photo is seen: photos §4."""

    TIMELINE = "timeline"
    ARCHIVE = "archive"
    HIDDEN = "hidden"  # the moving part of a live photo
    LOCKED = "locked"  # behind the PIN


class PhotoKind(enum.Enum):
    """Decided by the ending of the file's name alone."""

    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    AUDIO = "AUDIO"
    OTHER = "OTHER"


class Todo(enum.IntFlag):
    """What is still owed to a photo since it came in."""

    FACTS = 1
    PICTURES = 2
    PLAYABLE = 4


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """One picture or video of a member.

    Attributes:
        checksum: SHA-1 of the bytes; of a scanned file, of its path.
        local_taken_at: the clock on the wall where it was taken, written as if it were UTC.
        width: upright, as `height`; None while unknown.
        live_video_id: the moving part of a live photo.
        library_id: of a scanned file; None for what was uploaded.
        deleted_at: in the trash since.
        stamp: the change clock's at its last change.
    """

    photo_id: str
    owner_id: str
    file_id: int
    library_id: str | None
    kind: PhotoKind
    checksum: bytes
    original_name: str
    size_bytes: int
    taken_at: int
    local_taken_at: int
    modified_at: int
    duration_ms: int | None
    width: int | None
    height: int | None
    thumbhash: bytes | None
    is_favorite: bool
    visibility: Visibility
    live_video_id: str | None
    stack_id: str | None
    duplicate_id: str | None
    device_asset_id: str
    device_id: str
    is_offline: bool
    todo: Todo
    created_at: int
    updated_at: int
    deleted_at: int | None
    stamp: int


def month_of(local_taken_at: int) -> int:
    """Which month a clock on the wall stands in, as year * 12 + month - 1: a number that grows with time.

    Args:
        local_taken_at: ms since 1970, within the years 1 to 9999.
    """
    moment = EPOCH + dt.timedelta(milliseconds=local_taken_at)
    return moment.year * 12 + moment.month - 1


def month_text(month: int) -> str:
    """The first day of a month, as the photo API names it: "2024-01-01"."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}-01"
