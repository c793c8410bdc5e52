"""What the server and its child program for downloads say to each other: JSON, one message a line.

The server writes one order and keeps the pipe open; the child answers with news, and with an outcome at the end.
"""

from typing import Literal

import msgspec

from homemedia.clips.download.models import ContentType, Facts, RefusalCode, Stage

SEARCH = "ytsearch1:{words}"
MAX_LINE_BYTES = 256 << 10


class Order(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the child shall do.

    Args:
        what: `look` only tells about the downloader.
        copy: folder of a downloader newer than the one that comes along.
        folder: where to work, and nowhere else.
        allowed: the one `host:port` inside of the house that may be asked; such a link is taken as it is.
        own: networks this machine is part of.
        ffmpeg: its path; without it nothing can be joined or turned into sound.
        resolver_url: of the song-link service; None asks nobody.
        search: where a song is looked for by its `{words}`.
    """

    what: Literal["download", "look"]
    copy: str | None = None
    folder: str = ""
    clip_id: str = ""
    url: str = ""
    content_type: ContentType = "video"
    max_bytes: int | None = None
    title: str | None = None
    artist: str | None = None
    allowed: str | None = None
    own: tuple[str, ...] = ()
    ffmpeg: str | None = None
    resolver_url: str | None = None
    search: str = SEARCH


class News(msgspec.Struct, frozen=True, omit_defaults=True, tag="news"):
    """As `models.Progress`."""

    stage: Stage
    percent: int | None = None
    bytes_done: int = 0
    bytes_total: int | None = None
    facts: Facts | None = None


class Brought(msgspec.Struct, frozen=True, tag="brought"):
    """Names of files in the folder, and all that was learnt."""

    media: str
    thumbnail: str | None
    facts: Facts


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """`detail` is for the log alone: it may name addresses."""

    code: RefusalCode
    detail: str = ""


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """The downloader that runs: its version, and which runtimes for scripts it could use."""

    version: str
    runtimes: tuple[str, ...] = ()


Message = News | Brought | Refused | Looked
