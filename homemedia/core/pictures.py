"""What kind of picture a file is by its first bytes. Pure."""

from typing import Final

HEAD_BYTES: Final = 16
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis", b"mif1"})


def picture_type(head: bytes) -> str | None:
    """What kind of picture begins with these bytes (`HEAD_BYTES` are enough); None for anything else, SVG included."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[4:8] == b"ftyp" and head[8:12] in _AVIF_BRANDS:
        return "image/avif"
    return None
