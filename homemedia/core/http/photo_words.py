"""What the photo API's clients expect of words and ids in refusals (photos §1.4, §3). Pure."""

import re

from homemedia.core.problems import BadRequest

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def checked_uuid(text: str, field: str = "id") -> str:
    """An id of the photo API as it is kept: lower case.

    Raises:
        BadRequest: it is none.
    """
    if _UUID.fullmatch(text) is None:
        raise BadRequest("Invalid UUID", field=field, reason="Invalid UUID")
    return text.lower()
