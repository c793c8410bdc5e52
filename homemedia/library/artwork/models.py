"""What a picture of an item is."""

import hashlib
import os
from typing import Literal

import msgspec

PictureKind = Literal["thumb", "art"]
PictureSource = Literal["manual", "local", "download", "embedded", "grab"]
ThumbKind = Literal["poster", "still", "cover"]
# A file that is not ours and what stands for its content.
Marked = tuple[str, str] | None

# A person's choice stands above all; else the first source that has a picture wins (watch contract §7.1).
RANK: dict[str, int] = {"manual": 0, "local": 1, "download": 2, "embedded": 3, "grab": 4}
TAG_LENGTH = 8


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `artwork`. Width and height are None until somebody looked into it.

    Attributes:
        source: `manual` is a picture that a person gave; it shows only while it is chosen.
        is_chosen: a person wants this one, whatever else there is.
        origin: the offered id (`local:poster.jpg`, `tmdb:…`) of the picture this one is a copy of.
    """

    artwork_id: int
    item_id: int
    kind: PictureKind
    source: PictureSource
    path: str
    content_hash: str
    width: int | None = None
    height: int | None = None
    tone: str | None = None
    point: str | None = None
    is_broken: bool = False
    is_selected: bool = False
    is_chosen: bool = False
    origin: str | None = None

    @property
    def tag(self) -> str:
        """What clients put behind the address; changes with the picture."""
        return self.content_hash[:TAG_LENGTH]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """The picture columns of an item."""

    thumb_tag: str | None = None
    thumb_kind: ThumbKind | None = None
    thumb_tone: str | None = None
    thumb_point: str | None = None
    art_tag: str | None = None


def content_mark(path: str, size_bytes: int, mtime_ns: int) -> str:
    """What stands for the content of a picture that is not ours, without reading it; 32 hex characters."""
    return hashlib.blake2b(f"{path}\0{size_bytes}\0{mtime_ns}".encode(errors="replace"), digest_size=16).hexdigest()


def marked(path: str | None) -> Marked:
    """A file with what stands for its content; None when it is gone or empty. Blocking."""
    if path is None:
        return None
    try:
        facts = os.stat(path)  # noqa: PTH116 - thousands of them in a row
    except OSError:
        return None
    return (path, content_mark(path, facts.st_size, facts.st_mtime_ns)) if facts.st_size else None
