"""Ids that clients name, checked before anything is asked with them (photos §1.4)."""

from collections.abc import Iterable

from homemedia.core.http.photo_words import checked_uuid


def checked_uuids(texts: Iterable[str], field: str = "ids") -> list[str]:
    """Ids as they are kept, in this order.

    Raises:
        BadRequest: one is no UUID; it is named.
    """
    return [checked_uuid(text, f"{field}[{number}]") for number, text in enumerate(texts)]


def maybe_uuid(text: str | None, field: str) -> str | None:
    """An id as it is kept, or None for none.

    Raises:
        BadRequest: it is no UUID.
    """
    return None if text is None else checked_uuid(text, field)
