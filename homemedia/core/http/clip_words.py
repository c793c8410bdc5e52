"""How the clip API reads what stands in an address (clips §1). Pure."""

from typing import Final

MAX_OFFSET: Final = 1 << 31
# No number of an address is longer.
_MAX_DIGITS: Final = 18


def number(text: str | None, usual: int) -> int:
    """A number of an address; what is none, and what is below nought, is the usual one."""
    if text is None or not text.isascii() or not text.isdigit():
        return usual
    return int(text[:_MAX_DIGITS])


def page_of(limit: str | None, offset: str | None, *, usual: int, most: int) -> tuple[int, int]:
    """Which part of a list is asked for: how much, at least one and `most` at most, and how much comes before."""
    return max(1, min(number(limit, usual), most)), min(number(offset, 0), MAX_OFFSET)
