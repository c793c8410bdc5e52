"""Why a clip could not be fetched, in words for the family (clips §4.3). Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MEBIBYTE: Final = 1 << 20
OTHER: Final = "other"
# What nobody can do anything about by asking otherwise is said in few words: they stand where the title would.
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "too_large": "Exceeds the size limit",
        "too_long": "Too long for the size limit",
        "unavailable": "Unavailable or private",
        "login_needed": "Only visible when signed in at the source",
        "timed_out": "The download took too long",
        "no_provider": "No download provider is active",
        "forbidden_address": "The link leads to an address that is not allowed",
        "unsupported": "There is nothing at this link that can be played",
        "disk_full": "The server's disk is full",
        "interrupted": "The download was interrupted too often",
        OTHER: "The download failed",
    }
)


def reason_of(code: str, max_bytes: int | None) -> str:
    """The sentence of a failure.

    Args:
        code: as the table of clips keeps it.
        max_bytes: what one clip may weigh.
    """
    if code in {"too_large", "too_long"} and max_bytes is not None:
        return f"Exceeds {max_bytes // MEBIBYTE} MB limit"
    return REASONS.get(code, REASONS[OTHER])
