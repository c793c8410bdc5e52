"""Where an app stands in rows that are ordered by the change clock. Pure.

The photo API names each state of a row by a UUID v7, and apps say by it what they have. Ours is made of the row's stamp
and, since several rows may have one stamp, of the first 74 bits of the row's own id.
"""

import uuid

import msgspec

from homemedia.core.ids import uuid7_of

TAIL_BITS = 74
REST_BITS = 128 - TAIL_BITS
LAST_TAIL = (1 << TAIL_BITS) - 1
VERSION = 7


class Cursor(msgspec.Struct, frozen=True):
    """Everything up to here is known.

    Attributes:
        stamp: of the change clock.
        key: of the rows with this stamp, those whose id is not greater.
        text: the whole as UUID v7.
    """

    stamp: int
    key: str
    text: str

    def args(self, name: str) -> dict[str, object]:
        """What statements bind: `from_stamp`, `from_key` and `from_id` for the name `from`."""
        return {f"{name}_stamp": self.stamp, f"{name}_key": self.key, f"{name}_id": self.text}


START = Cursor(0, "", "")


def update_id(stamp: int, key: str) -> str:
    """The name of a row's state: in the order of (stamp, key)."""
    return uuid7_of(stamp, uuid.UUID(key).int >> REST_BITS)


def end_of(stamp: int) -> Cursor:
    """Everything up to a stamp, all of its rows included."""
    return Cursor(stamp, "g", uuid7_of(stamp, LAST_TAIL))


def cursor_of(text: str) -> Cursor | None:
    """Where somebody stands who has the row's state of this name; None for what is none of ours."""
    try:
        number = uuid.UUID(text)
    except ValueError:
        return None
    if number.version != VERSION:
        return None
    tail = (number.int >> 64 & 0xFFF) << 62 | number.int & (1 << 62) - 1
    # Of the row's id the rest is not known, so all that begin alike count as known.
    key = str(uuid.UUID(int=tail << REST_BITS | (1 << REST_BITS) - 1))
    return Cursor(number.int >> 80, key, str(number))
