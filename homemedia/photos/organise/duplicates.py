"""Photos a member has twice: other sizes and other encodings of one picture, found by their thumbhashes (photos §10.6).

Measured on a dozen pictures, each encoded anew at a half and a quarter of its size and at qualities from 40: copies
are at most 4 apart, different pictures at least 40.
"""

import itertools
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.media.photo_models import PhotoFacts
from homemedia.photos import likeness
from homemedia.photos.events import PhotosChanged
from homemedia.photos.organise import duplicates_store as store
from homemedia.photos.organise.duplicates_store import Look
from homemedia.photos.settle_store import Owed

SAME = 4.0
# Shapes that differ by more are other pictures, or cut-outs.
SHAPE = 0.02
LENGTH_MS = 500
_SIX, _FIVE = 63, 31


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Photos that look alike, and which of them to keep."""

    duplicate_id: str
    photo_ids: tuple[str, ...]
    keep: str


class Duplicates:
    """Finds photos that members have twice."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def groups(self, actor: Member) -> list[Group]:
        """A member's photos that look like others of his."""
        rows = await store.groups(self._db.read, actor.user_id)
        found = []
        for duplicate_id, members in itertools.groupby(rows, key=lambda row: row["duplicate_id"]):
            alike = list(members)
            if len(alike) > 1:
                best = max(alike, key=lambda row: (row["size_bytes"], row["facts"]))
                ids = tuple(row["photo_id"] for row in alike)
                found.append(Group(duplicate_id=duplicate_id, photo_ids=ids, keep=best["photo_id"]))
        return found

    async def clear(self, actor: Member, duplicate_ids: Sequence[str]) -> None:
        """Say that photos only look alike; groups that are another's, or none, are passed over."""
        async with self._db.write() as tx:
            photo_ids = await store.clear(tx, actor.user_id, duplicate_ids)
            if photo_ids:
                tx.announce(PhotosChanged(owner_id=actor.user_id, photo_ids=tuple(photo_ids)))

    async def look(self, photo: Owed, _facts: PhotoFacts) -> None:
        """See whether somebody has a photo twice now; for `Settle.after_all`."""
        new = await store.look(self._db.read, photo.photo_id)
        if new is None:
            return
        others = await store.alike(self._db.read, new, heads_around(new.thumbhash))
        same = [other for other in others if is_same(new, other)]
        if not same:
            return
        known = [one for other in same if (one := other.duplicate_id) is not None]
        duplicate_id = known[0] if known else new_uuid()
        photo_ids = [new.photo_id, *(other.photo_id for other in same)]
        async with self._db.write() as tx:
            await store.mark(tx, new.owner_id, photo_ids, duplicate_id, set(known) - {duplicate_id})
            tx.announce(PhotosChanged(owner_id=new.owner_id, photo_ids=tuple(photo_ids)))


def heads_around(thumbhash: bytes) -> Iterable[str]:
    """The first three bytes, in hex, of all thumbhashes whose averages differ by one at most. Pure."""
    head = int.from_bytes(thumbhash[:3], "little")
    parts = [(head & _SIX, _SIX), (head >> 6 & _SIX, _SIX), (head >> 12 & _SIX, _SIX), (head >> 18 & _FIVE, _FIVE)]
    around = [[near for near in (value - 1, value, value + 1) if 0 <= near <= most] for value, most in parts]
    alpha = head >> 23 << 23
    for light, yellow, rose, scale in itertools.product(*around):
        yield (light | yellow << 6 | rose << 12 | scale << 18 | alpha).to_bytes(3, "little").hex().upper()


def is_same(left: Look, right: Look) -> bool:
    """Whether two photos are one picture. Pure; those in one stack were put there as two."""
    if left.kind != right.kind or len(left.thumbhash) != len(right.thumbhash):
        return False
    if left.stack_id is not None and left.stack_id == right.stack_id:
        return False
    if abs((left.duration_ms or 0) - (right.duration_ms or 0)) > LENGTH_MS:
        return False
    if left.width and left.height and right.width and right.height:
        shapes = left.width / left.height, right.width / right.height
        if abs(shapes[0] - shapes[1]) > SHAPE * max(shapes):
            return False
    found = likeness.near(left.thumbhash, [(right.photo_id, right.thumbhash)])
    return bool(found) and found[0][0] <= SAME
