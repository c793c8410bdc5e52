"""What is to be written into an XMP file; apart from who writes it, since the server loads no XML until then."""

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

MOST_BYTES: Final = 8 << 20


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of a photo; of what is UNSET nothing was said.

    Attributes:
        rating: None for none.
        taken: ISO 8601, with its offset where that is known.
        position: degrees north and east; None for none.
        tags: levels divided by '/'.
    """

    description: str | UnsetType = UNSET
    rating: int | UnsetType | None = UNSET
    taken: str | UnsetType = UNSET
    position: tuple[float, float] | UnsetType | None = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET


class BrokenXmp(ValueError):  # noqa: N818 - it says what is wrong with the file
    """A file that is no XMP, and had better be left as it is."""
