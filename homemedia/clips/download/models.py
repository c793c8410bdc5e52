"""What a download is asked for, what it tells on its way, and what it brings.

No SQL, no HTTP, no yt-dlp: the server and the child program speak these structs with each other.
"""

from pathlib import Path
from typing import Literal

import msgspec

ContentType = Literal["video", "music"]
Stage = Literal["waiting", "fetching", "converting"]
RefusalCode = Literal[
    "too_large",
    "too_long",
    "unavailable",
    "login_needed",
    "timed_out",
    "no_provider",
    "forbidden_address",
    "unsupported",
    "disk_full",
    "stopped",
    "other",
]


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the source says of itself; None where it says nothing. Texts are as the source wrote them, uncut."""

    title: str | None = None
    description: str | None = None
    creator_name: str | None = None
    creator_url: str | None = None
    view_count: int | None = None
    duration_s: float | None = None
    artist: str | None = None
    album_art_url: str | None = None
    spotify_url: str | None = None
    apple_music_url: str | None = None
    youtube_music_url: str | None = None


class Wish(msgspec.Struct, frozen=True):
    """One download.

    Args:
        clip_id: also the stem of the files' names.
        url: with http or https; a short link is followed here.
        content_type: a song is looked for, and comes as MP3.
        folder: work folder of this download alone; made when missing, emptied when it fails.
        max_bytes: what film and picture may weigh together; None: no limit.
        title: of the song, where it is known already (a second try).
        artist: likewise.
    """

    clip_id: str
    url: str
    content_type: ContentType
    folder: Path
    max_bytes: int | None = None
    title: str | None = None
    artist: str | None = None


class Progress(msgspec.Struct, frozen=True):
    """How far a download is; a few a second at most.

    Args:
        stage: what is being done.
        percent: 0 to 100; None while nobody can tell.
        bytes_done: of all files so far.
        bytes_total: None while nobody can tell.
        facts: set once or twice, as soon as they are known; None says nothing new.
    """

    stage: Stage
    percent: int | None = None
    bytes_done: int = 0
    bytes_total: int | None = None
    facts: Facts | None = None


class Fetched(msgspec.Struct, frozen=True):
    """What lies in the work folder now, and what is known of it.

    Args:
        media: `<clip id>.mp4` as a rule (other containers where nothing could be joined), `.mp3` for a song.
        thumbnail: the source's picture as it came (JPEG, PNG, WebP, AVIF, GIF); None: it has none.
        facts: all that was learnt.
    """

    media: Path
    thumbnail: Path | None
    facts: Facts


class DownloadRefused(Exception):  # noqa: N818 - named for what the caller is told
    """There will be no file.

    Args:
        code: stable name of the cause.
        reason: a sentence for the family.
    """

    def __init__(self, code: RefusalCode, reason: str) -> None:
        super().__init__(reason)
        self.code: RefusalCode = code
        self.reason = reason
