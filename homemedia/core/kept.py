"""Reading back what was kept as JSON."""

from typing import TypeVar

import msgspec

T = TypeVar("T")
D = TypeVar("D")


def kept(text: str | None, kind: type[T], otherwise: D) -> T | D:
    """A document as it was kept; `otherwise` where there is none, or a newer program wrote one that we cannot read."""
    if text is None:
        return otherwise
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError:
        return otherwise
