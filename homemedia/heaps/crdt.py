"""Documents as bytes: merged, compared and judged without ever being built (heaps §4).

Only the stateless functions of pycrdt are used on what is stored. A live document fed with updates one by one can leave
some of them out for good, leaves out what waits for predecessors when it is written again, and cuts surrogate pairs
wrongly; merging first has none of these faults. The functions hold the interpreter's lock, so what is large goes to a
worker (`documents.py`). pycrdt is loaded when the first document comes: 2 MB that only who has notes needs.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from homemedia.heaps.lib0 import MalformedError, Take

EMPTY_UPDATE: Final = b"\x00\x00"
EMPTY_VECTOR: Final = b"\x00"
# The code by which a worker tells that bytes are no update.
INVALID: Final = "invalid_update"
# Merging thousands at once takes more than its share of time.
BATCH: Final = 256
MAX_UPDATE_BYTES: Final = 16 << 20
MAX_VECTOR_BYTES: Final = 64 << 10
# Larger ones are not built anew to become smaller (heaps §4.5).
MAX_BUILT_BYTES: Final = 8 << 20
# Characters beyond the basic plane, of which a document built anew would make two halves.
_ASTRAL = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")


class InvalidUpdateError(ValueError):
    """The bytes are no update."""


class TooLongError(InvalidUpdateError):
    """An update is longer than any may be."""


class InvalidVectorError(ValueError):
    """The bytes are no state vector."""


def merged(updates: Sequence[bytes]) -> bytes:
    """One update that holds what several do; the same whatever their order.

    Raises:
        InvalidUpdateError: one of them is none.
    """
    left = list(updates)
    if not left:
        return EMPTY_UPDATE
    import pycrdt  # noqa: PLC0415 - see above

    while True:
        with judged():
            left = [pycrdt.merge_updates(*left[at : at + BATCH]) for at in range(0, len(left), BATCH)]
        if len(left) == 1:
            return left[0]


def lacking(update: bytes, vector: bytes) -> bytes:
    """What somebody with a state vector lacks of an update. All deletions are told every time.

    Raises:
        InvalidUpdateError, InvalidVectorError: the bytes are none.
    """
    import pycrdt  # noqa: PLC0415 - see above

    decoded_vector(vector)
    with judged():
        return pycrdt.get_update(update, vector)


def vector_of(update: bytes) -> bytes:
    """The state vector of what an update holds without a gap.

    Raises:
        InvalidUpdateError: the bytes are none.
    """
    import pycrdt  # noqa: PLC0415 - see above

    with judged():
        return pycrdt.get_state(update)


def has_gap(update: bytes, vector: bytes) -> bool:
    """Whether an update holds something whose predecessors it does not."""
    return lacking(update, vector)[:1] != b"\x00"


class Grown(msgspec.Struct, frozen=True, kw_only=True):
    """A document with one more update in it.

    Attributes:
        is_news: whether the update changed it.
    """

    update: bytes
    vector: bytes
    has_gap: bool
    is_news: bool


def grown(known: bytes, known_vector: bytes, data: bytes) -> Grown:
    """A document of which `known` is all so far, with an update.

    Raises:
        InvalidUpdateError: the update is none.
    """
    update = merged([known, data])
    vector = vector_of(update)
    is_further = decoded_vector(vector) != decoded_vector(known_vector)
    return Grown(
        update=update,
        vector=vector,
        has_gap=has_gap(update, vector),
        is_news=update != known and (is_further or not is_same(known, update)),
    )


def is_same(one: bytes, other: bytes) -> bool:
    """Whether two updates without gaps say the same, however they are written down.

    A document that was built anew lists others first, and holds nothing of what was deleted; its state vector and its
    deletions are the same.

    Raises:
        InvalidUpdateError: one of them is none.
    """
    said = [(vector, lacking(update, vector)) for update, vector in ((each, vector_of(each)) for each in (one, other))]
    (vector, left), (other_vector, other_left) = said
    if left[:1] != b"\x00" or other_left[:1] != b"\x00":
        return False
    is_as_far = decoded_vector(vector) == decoded_vector(other_vector)
    return is_as_far and _deletions(left[1:]) == _deletions(other_left[1:])


def _deletions(data: bytes) -> dict[int, list[tuple[int, int]]]:
    """Client → what of his was deleted, from and to."""
    take = Take(data)
    found: dict[int, list[tuple[int, int]]] = {}
    for _ in range(take.uint()):
        ranges = found.setdefault(take.uint(), [])
        for _ in range(take.uint()):
            begin = take.uint()
            ranges.append((begin, begin + take.uint()))
    return {client: _joined(ranges) for client, ranges in found.items()}


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(ranges):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def has_astral(update: bytes) -> bool:
    """Whether a text in it holds characters that take two units in JavaScript (most emoji)."""
    return _ASTRAL.search(update) is not None


def checked_update(data: bytes) -> bytes:
    """An update, as it came (heaps §4.4).

    Raises:
        InvalidUpdateError: it is none, is too long, or is one of another encoding, which reads as an empty one.
    """
    check_length(data)
    if merged([data]) == EMPTY_UPDATE and data != EMPTY_UPDATE:
        raise InvalidUpdateError("nothing in it, and yet not the empty update")
    return data


def check_length(data: bytes) -> None:
    """Refuse what is too long or too short for an update, before it is looked at.

    Raises:
        InvalidUpdateError: it is; `TooLongError` for what is too long.
    """
    if len(data) > MAX_UPDATE_BYTES:
        raise TooLongError("an update has 16 MiB at most")
    if len(data) < 2:
        raise InvalidUpdateError("an update has 2 bytes at least")


def decoded_vector(data: bytes) -> dict[int, int]:
    """Client → clock. Vectors are compared so, never as bytes: two that say the same may differ in their order.

    Raises:
        InvalidVectorError: the bytes are none; a count they do not hold is refused before anything is made of it.
    """
    take = Take(data)
    try:
        count = take.uint()
        if 2 * count + 1 > len(data):
            raise InvalidVectorError("fewer entries than it says")
        entries = {take.uint(): take.uint() for _ in range(count)}
    except MalformedError as err:
        raise InvalidVectorError(str(err)) from err
    if not take.is_over:
        raise InvalidVectorError("more than it says")
    return entries


def checked_vector(data: bytes) -> bytes:
    """A state vector, as it came (heaps §4.3). One of our own may be longer: every visit of a client is an entry.

    Raises:
        InvalidVectorError: it is none.
    """
    if not 1 <= len(data) <= MAX_VECTOR_BYTES:
        raise InvalidVectorError("a state vector has from 1 byte to 64 KiB")
    decoded_vector(data)
    return data


@contextlib.contextmanager
def judged() -> Iterator[None]:
    """Whatever the library says of bytes it cannot read is an `InvalidUpdateError`, its panics too."""
    try:
        yield
    except (ValueError, RuntimeError) as err:
        raise InvalidUpdateError("not an update") from err
    except BaseException as err:
        # A panic of the library derives from BaseException, and its class has no address to be imported from.
        if type(err).__name__ != "PanicException":
            raise
        raise InvalidUpdateError("not an update") from err
