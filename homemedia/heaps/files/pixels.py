"""How many pixels a picture of ours has, by its first bytes. Pure: no decoder is loaded for it."""

from typing import Final

# A profile of colours may stand before what is looked for.
HEAD_BYTES: Final = 160 << 10
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3})


def size_in(head: bytes) -> tuple[int, int]:
    """Width and height of a WebP, JPEG or GIF; 0, 0 for what does not say."""
    if head[:3] == b"GIF":
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if head[8:12] == b"WEBP":
        return _of_webp(head)
    return _of_jpeg(head) if head[:2] == b"\xff\xd8" else (0, 0)


def _of_webp(head: bytes) -> tuple[int, int]:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return 0, 0


def _of_jpeg(head: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        if head[at + 1] in _FRAMES:
            return int.from_bytes(head[at + 7 : at + 9], "big"), int.from_bytes(head[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return 0, 0
