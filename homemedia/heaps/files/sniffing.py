"""What a file is, by its first bytes: what a sender says of it is only a hint. Pure.

Threat: a page called `cat.jpg`. What looks like text that a browser would run is told as such, whatever its name is.
"""

import mimetypes
from typing import Final

HEAD_BYTES: Final = 4096
UNKNOWN: Final = "application/octet-stream"
_MAGIC: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (257, b"ustar", "application/x-tar"),
    (0, b"PK\x03\x04", "application/zip"),
)
_BRANDS: Final = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
}
# Names say which kind of container it is.
_INSIDE: Final = {
    "application/zip": ("application/vnd.", "application/epub", "application/java-archive"),
    "video/x-matroska": ("video/webm", "audio/webm"),
    "audio/ogg": ("video/ogg", "audio/opus"),
}
_PAGE: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")
_OURS: Final = frozenset({"text/javascript", "text/css"})
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def sniffed(head: bytes, name: str) -> str:
    """The type of a file.

    Args:
        head: its first 4 KiB, or all of a smaller one.
        name: decides among kinds of the same look, and of text.
    """
    named = mimetypes.guess_type(name, strict=False)[0] or ""
    found = _by_magic(head)
    if found is not None:
        return named if named.startswith(_INSIDE.get(found, ())) and found in _INSIDE else found
    if not _CONTROLS.isdisjoint(head):
        # Nothing that shows itself; a name must not make it something that a browser runs.
        return UNKNOWN
    return _text(head, named)


def _by_magic(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    for at, magic, mime in _MAGIC:
        if head[at : at + len(magic)] == magic and (at != 8 or head[:4] == b"RIFF"):
            return mime
    return None


def _text(head: bytes, named: str) -> str:
    low = head.lstrip(b"\xef\xbb\xbf \t\r\n\f").lower()
    if low.startswith((b"<?xml", b"<svg", b"<!doctype svg")):
        return "image/svg+xml" if b"<svg" in low else "text/xml"
    if low.startswith(_PAGE) or any(mark in low for mark in _PAGE):
        return "text/html"
    if not head and not named.startswith("text/"):
        return UNKNOWN
    # Scripts and style sheets of our own origin would count as ours.
    if (named.startswith("text/") and named not in _OURS) or named in {"application/json", "application/rtf"}:
        return named
    return "text/plain"
