"""What this slice thinks in. No SQL, no HTTP; times are ms since 1970 UTC unless said otherwise."""

import sqlite3
from typing import Literal

import msgspec

Status = Literal["downloading", "ready", "failed", "deleted"]
ContentType = Literal["video", "music"]

HEART = "❤️"
REACTIONS = (HEART, "👍", "👎", "😂", "‼️", "❓")
MAX_CAPTION = 500
MAX_COMMENT = 500
MAX_URL = 2048

DEFAULT_PAGE = 20
MAX_PAGE = 50


class ClipRow(msgspec.Struct, frozen=True, kw_only=True):
    """One clip as its row is.

    Attributes:
        original_url: normalised; no two clips have one.
        platform: key of the table of platforms.
        caption: the member's own words.
        source_title: what the source calls it.
        size_bytes: of all its files.
        failure_code: exactly while it has failed, as `failure_reason`, the sentence that goes with it.
        starts: how often its download was begun.
    """

    clip_id: str
    added_by: str
    original_url: str
    platform: str
    content_type: ContentType
    status: Status
    caption: str | None
    source_title: str | None
    video_file_id: int | None
    audio_file_id: int | None
    thumbnail_file_id: int | None
    width: int | None
    height: int | None
    duration_ms: int | None
    size_bytes: int | None
    artist: str | None
    album_art_url: str | None
    spotify_url: str | None
    apple_music_url: str | None
    youtube_music_url: str | None
    creator_name: str | None
    creator_url: str | None
    source_view_count: int | None
    failure_code: str | None
    failure_reason: str | None
    starts: int
    created_at: int
    ready_at: int | None


# The columns of a `ClipRow`, for statements that read one: `SELECT {CLIP_COLUMNS} FROM clip`.
CLIP_COLUMNS = ", ".join(ClipRow.__struct_fields__)


def clip_of(row: sqlite3.Row) -> ClipRow:
    """A row of `CLIP_COLUMNS` as the struct."""
    return ClipRow(**{name: row[name] for name in ClipRow.__struct_fields__})


def caption_of(text: str | None) -> str | None:
    """A caption, or a first comment, as it is kept: trimmed, cut; None where nothing is left."""
    return (text or "").strip()[:MAX_CAPTION].rstrip() or None


def shown_title(clip: ClipRow) -> str | None:
    """The caption that is shown: the member's own; of one that failed the reason; else the source's."""
    failure = clip.failure_reason if clip.status == "failed" else None
    return clip.caption if clip.caption is not None else failure or clip.source_title


def title_of(row: sqlite3.Row) -> str | None:
    """What a clip that plays is called: by its member's own words, else by the source's."""
    caption: str | None = row["caption"]
    source_title: str | None = row["source_title"]
    return caption if caption is not None else source_title
