"""Numbers of an address, as the clip contract reads them (clips §1): nothing that stands there is an error."""

from typing import Final

MAX_OFFSET: Final = 1 << 31


def number(text: str | None, usual: int) -> int:
    """A number of an address; what is none, and what is below nought, is the usual one."""
    if text is None or not text.isascii() or not text.isdigit():
        return usual
    return int(text[:18])


def page_of(limit: str | None, offset: str | None, *, usual: int, most: int) -> tuple[int, int]:
    """Which part of a list is asked for: how much, at least one and `most` at most, and how much comes before."""
    return max(1, min(number(limit, usual), most)), min(number(offset, 0), MAX_OFFSET)
