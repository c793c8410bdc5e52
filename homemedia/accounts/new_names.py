"""User names for who brings none: made from what he did bring, numbered where somebody has it (design, "names")."""

from collections.abc import Iterable

from homemedia.accounts.names import MAX_NAME, checked_username, name_key
from homemedia.core.db import Reader
from homemedia.core.problems import BadRequest

IS_TAKEN = """
    SELECT EXISTS (SELECT 1 FROM user WHERE username_key = :username_key AND state <> 'removed') AS is_taken
"""
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
    while (await read(IS_TAKEN, {"username_key": name_key(name)}))[0]["is_taken"]:
        number += 1
        name = f"{wished}{number}"
    return name
