"""Which part of which photo shows whom (photos §9.3).

No program looks for faces here: they are marked by hand, or come from what other programs wrote into the files.
"""

import contextlib
from collections.abc import Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.photo_words import NOT_VALID
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest
from homemedia.library.naming.normal import fold
from homemedia.media.photo_models import PhotoFacts
from homemedia.photos import visible
from homemedia.photos.organise import people_store as store
from homemedia.photos.organise.events import PeopleChanged
from homemedia.photos.organise.people import look_again, said
from homemedia.photos.organise.people_store import Face, Person
from homemedia.photos.settle_store import Owed
from homemedia.photos.visible import refused

MANUAL = "manual"
FROM_FILE = "exif"
# Of a photo whose size nobody knows, shares of it are kept as if it were so large.
UNKNOWN_SIZE = (10_000, 10_000)


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a picture, in pixels of a picture of that size."""

    image_width: int
    image_height: int
    x: int
    y: int
    width: int
    height: int


class Faces:
    """The faces on members' photos."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def listed(self, actor: Member, photo_id: str) -> list[tuple[Face, Person | None]]:
        """The faces on a photo, from left to right; of another's photo none is told.

        Raises:
            NotFound: the photo is not there, or not his to see.
        """
        now = self._clock.now_ms()
        await visible.require(self._db.read, visible.readable(actor, now), [photo_id])
        if not await visible.permitted(self._db.read, visible.own(actor, now), [photo_id]):
            return []
        faces = await store.faces_of_photo(self._db.read, photo_id)
        people = await store.own(self._db.read, actor.user_id, [one.person_id for one in faces if one.person_id])
        return [(one, people.get(one.person_id or "")) for one in faces]

    async def mark(self, actor: Member, photo_id: str, person_id: str, box: Box) -> None:
        """Say that a part of a photo shows somebody.

        Raises:
            NotFound: the photo or the person is not there, or not his.
            BadRequest: the part lies outside of the picture.
        """
        now = self._clock.now_ms()
        await visible.require(self._db.read, visible.own(actor, now), [photo_id])
        await self._person(actor, person_id, "person.read")
        async with self._db.write() as tx:
            await store.add_face(tx, _face(photo_id, person_id, box, MANUAL))
            await look_again(tx, actor.user_id, [person_id], now=self._clock.now_ms())
            await said(tx, actor.user_id, [person_id], [photo_id])

    async def give(self, actor: Member, face_id: str, person_id: str) -> Person:
        """Say of a face whose it is.

        Raises:
            NotFound: there is no such face or person, or one is another's.
        """
        await self._person(actor, person_id, "person.reassign")
        async with self._db.write() as tx:
            face = await self._own_face(tx, actor, face_id, "face.update")
            before = [face.person_id] if face.person_id else []
            await store.give_faces(tx, [face_id], person_id)
            await look_again(tx, actor.user_id, [person_id, *before], now=self._clock.now_ms())
            await said(tx, actor.user_id, [person_id, *before], [face.photo_id])
        return await self._person(actor, person_id, "person.reassign")

    async def unmark(self, actor: Member, face_id: str) -> None:
        """Say that a part of a photo shows nobody.

        Raises:
            NotFound: there is no such face, or it is on another's photo.
        """
        async with self._db.write() as tx:
            face = await self._own_face(tx, actor, face_id, "face.delete")
            await store.drop_face(tx, face_id)
            before = [face.person_id] if face.person_id else []
            await look_again(tx, actor.user_id, before, now=self._clock.now_ms())
            await said(tx, actor.user_id, before, [face.photo_id])

    async def take_faces(self, tx: Write, photo: Owed, facts: PhotoFacts) -> None:
        """Know whom a photo's file says it shows; for `Settle.after_facts`."""
        named = [one for one in facts.faces if one.name.strip()]
        if not named:
            return
        known = {fold(one.name): one.person_id for one in await store.named(tx.rows, photo.owner_id, with_hidden=True)}
        there = {(one.person_id, one.source) for one in await store.faces_of_photo(tx.rows, photo.photo_id)}
        size = await store.size_of(tx.rows, photo.photo_id) or UNKNOWN_SIZE
        touched: list[str] = []
        for one in named:
            name = " ".join(one.name.split())
            person_id = known.get(fold(name)) or await self._new(tx, photo.owner_id, name)
            known[fold(name)] = person_id
            # Read again, the file says the same.
            if (person_id, FROM_FILE) not in there:
                box = box_of(one.x, one.y, one.width, one.height, size)
                with contextlib.suppress(BadRequest):  # a region outside of the picture
                    await store.add_face(tx, _face(photo.photo_id, person_id, box, FROM_FILE))
                    touched.append(person_id)
        if touched:
            await look_again(tx, photo.owner_id, touched, now=self._clock.now_ms())
            tx.announce(PeopleChanged(owner_id=photo.owner_id))

    async def leaving(self, tx: Write, photo_ids: Sequence[str]) -> None:
        """Photos go for good: whoever was shown by a face on them is shown by another; for `Removal.before`."""
        now = self._clock.now_ms()
        for person_id in await store.drop_faces_of(tx, photo_ids):
            await store.show_another(tx, person_id, now=now)

    async def _person(self, actor: Member, person_id: str, word: str) -> Person:
        found = (await store.own(self._db.read, actor.user_id, [person_id])).get(person_id)
        if found is None:
            raise refused(word)
        return found

    async def _new(self, tx: Write, owner_id: str, name: str) -> str:
        now = self._clock.now_ms()
        person = Person(
            person_id=new_uuid(),
            owner_id=owner_id,
            name=name,
            birth_date=None,
            color=None,
            is_hidden=False,
            is_favorite=False,
            face_id=None,
            created_at=now,
            updated_at=now,
        )
        await store.add(tx, person)
        return person.person_id

    async def _own_face(self, tx: Write, actor: Member, face_id: str, word: str) -> Face:
        found = await store.face(tx.rows, face_id)
        if found is None or found[1] != actor.user_id:
            raise refused(word)
        return found[0]


def box_of(x: float, y: float, width: float, height: float, size: tuple[int, int]) -> Box:
    """A part of a picture in its pixels, of its middle and size as shares of it; never outside. Pure."""
    left, right = max(0.0, x - width / 2), min(1.0, x + width / 2)
    top, bottom = max(0.0, y - height / 2), min(1.0, y + height / 2)
    return Box(
        image_width=size[0],
        image_height=size[1],
        x=round(left * size[0]),
        y=round(top * size[1]),
        width=max(1, round((right - left) * size[0])),
        height=max(1, round((bottom - top) * size[1])),
    )


def _face(photo_id: str, person_id: str, box: Box, source: str) -> Face:
    x1, y1 = max(0, box.x), max(0, box.y)
    x2, y2 = min(box.image_width, box.x + box.width), min(box.image_height, box.y + box.height)
    if x2 <= x1 or y2 <= y1:
        raise BadRequest(NOT_VALID, field="x", reason="lies outside of the picture")
    return Face(
        face_id=new_uuid(),
        photo_id=photo_id,
        person_id=person_id,
        image_width=box.image_width,
        image_height=box.image_height,
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        source=source,
    )
