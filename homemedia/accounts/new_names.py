"""User names for who brings none: made from what he did bring, numbered where somebody has it (design, "names")."""

from collections.abc import Iterable

from homemedia.accounts.members_store import is_name_taken
from homemedia.accounts.names import MAX_NAME, checked_username, name_key
from homemedia.core.db import Reader
from homemedia.core.problems import BadRequest

ROOM_FOR_NUMBER = 4


def usable_name(candidates: Iterable[str], otherwise: str) -> str:
    """The first of the candidates that can be a user name; of an e-mail address the part before the @ is meant."""
    for candidate in candidates:
        try:
            return checked_username(candidate.partition("@")[0][: MAX_NAME - ROOM_FOR_NUMBER])
        except BadRequest:
            continue
    return otherwise


async def free_username(read: Reader, wished: str) -> str:
    """The wished name, or the first of "anna2", "anna3"… that nobody has."""
    name, number = wished, 1
    while await is_name_taken(read, name_key(name)):
        number += 1
        name = f"{wished}{number}"
    return name
