"""How large a JPEG XL picture is, before it is decoded: its decoder tells only afterwards."""

import struct
from typing import Final

CODESTREAM: Final = b"\xff\x0a"
CONTAINER: Final = b"\0\0\0\x0cJXL \r\n\x87\n"
# Numbers of pixels stand in 9, 13, 18 or 30 bits.
WIDTHS: Final = (9, 13, 18, 30)
RATIOS: Final = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def is_jxl(head: bytes) -> bool:
    """Whether a file that begins so is a JPEG XL."""
    return head.startswith((CODESTREAM, CONTAINER))


def jxl_size(head: bytes) -> tuple[int, int] | None:
    """Width and height as they are coded; None where the head does not tell.

    Args:
        head: the file's first kilobytes.

    Source:
        ISO/IEC 18181-1, SizeHeader; 18181-2, boxes.
    """
    stream = head if head.startswith(CODESTREAM) else _stream(head)
    if not stream.startswith(CODESTREAM) or len(stream) < 16:
        return None
    bits = _Bits(stream[2:16])
    is_small = bits.take(1)
    height = (bits.take(5) + 1) * 8 if is_small else bits.take(WIDTHS[bits.take(2)]) + 1
    ratio = bits.take(3)
    if ratio:
        across, down = RATIOS[ratio - 1]
        return height * across // down, height
    width = (bits.take(5) + 1) * 8 if is_small else bits.take(WIDTHS[bits.take(2)]) + 1
    return width, height


def _stream(head: bytes) -> bytes:
    """The picture itself, out of the box around it."""
    place = 0
    while place + 8 <= len(head):
        size, kind = struct.unpack_from(">I4s", head, place)
        begin = place + (16 if size == 1 else 8)
        if kind == b"jxlc":
            return head[begin:]
        if kind == b"jxlp":
            return head[begin + 4 :]
        if size == 1 and place + 16 <= len(head):
            (size,) = struct.unpack_from(">Q", head, place + 8)
        if size < 8:
            break
        place += size
    return b""


class _Bits:
    """Reads numbers from the lowest bit on."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._left & ((1 << count) - 1)
        self._left >>= count
        return value
