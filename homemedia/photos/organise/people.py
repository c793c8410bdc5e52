"""Who is on photos: people, each member's own (photos §9.3). Which part of a photo shows them: `faces`."""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.photo_words import NOT_VALID
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest, NotFound
from homemedia.library.naming.normal import fold
from homemedia.photos.bulk import BulkResult, Fault, results
from homemedia.photos.events import PhotosChanged
from homemedia.photos.organise import people_store as store
from homemedia.photos.organise.events import PeopleChanged
from homemedia.photos.organise.people_store import Person
from homemedia.photos.organise.tags import checked_color
from homemedia.photos.visible import refused


class PersonChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to say of somebody; what is UNSET stays. `face_photo_id`: a photo whose face is to stand for him."""

    name: str | UnsetType = UNSET
    birth_date: str | UnsetType | None = UNSET
    color: str | UnsetType | None = UNSET
    is_hidden: bool | UnsetType = UNSET
    is_favorite: bool | UnsetType = UNSET
    face_photo_id: str | UnsetType = UNSET


class PeoplePage(msgspec.Struct, frozen=True, kw_only=True):
    people: list[Person]
    has_more: bool
    total: int
    hidden: int


class People:
    """Members' people.

    Args:
        db: where they are kept.
        least_faces: on how many photos somebody without a name must be seen to be listed, as a member prefers.
        clock: the time.
    """

    def __init__(self, db: Database, least_faces: Callable[[str], Awaitable[int]], clock: Clock) -> None:
        self._db = db
        self._least_faces = least_faces
        self._clock = clock

    async def page(self, actor: Member, *, page: int, size: int, with_hidden: bool) -> PeoplePage:
        """Some of a member's people; `page` counts from 1."""
        least = await self._least_faces(actor.user_id)
        found = await store.page(
            self._db.read,
            actor.user_id,
            least=least,
            with_hidden=with_hidden,
            limit=size + 1,
            skipped=(page - 1) * size,
        )
        total, hidden = await store.counts(self._db.read, actor.user_id, least=least)
        return PeoplePage(people=found[:size], has_more=len(found) > size, total=total, hidden=hidden)

    async def search(self, actor: Member, name: str, *, with_hidden: bool) -> list[Person]:
        """Those of a member's people one word of whose name begins so."""
        wanted = fold(name.strip())
        found = await store.named(self._db.read, actor.user_id, with_hidden=with_hidden)
        return [one for one in found if wanted and _begins(fold(one.name), wanted)]

    async def get(self, actor: Member, person_id: str, word: str = "person.read") -> Person:
        """Somebody of a member's own.

        Raises:
            NotFound: there is nobody, or he is another's.
        """
        found = (await store.own(self._db.read, actor.user_id, [person_id])).get(person_id)
        if found is None:
            raise refused(word)
        return found

    async def photos(self, actor: Member, person_id: str) -> int:
        """On how many photos somebody is seen.

        Raises:
            NotFound: there is nobody, or he is another's.
        """
        await self.get(actor, person_id, "person.statistics")
        return await store.photos(self._db.read, person_id)

    async def create(self, actor: Member, change: PersonChange) -> Person:
        """Make somebody who is on no photo yet.

        Raises:
            BadRequest: he is not born yet; his colour is none.
        """
        now = self._clock.now_ms()
        nobody = Person(
            person_id=new_uuid(),
            owner_id=actor.user_id,
            name="",
            birth_date=None,
            color=None,
            is_hidden=False,
            is_favorite=False,
            face_id=None,
            created_at=now,
            updated_at=now,
        )
        person = self._changed(nobody, change)
        async with self._db.write() as tx:
            await store.add(tx, person)
            tx.announce(PeopleChanged(owner_id=actor.user_id))
        return person

    async def change(self, actor: Member, person_id: str, change: PersonChange) -> Person:
        """Say something else of somebody.

        Raises:
            NotFound: there is nobody, or he is another's.
            BadRequest: he is not born yet; his colour is none; he is not on the photo that is to show him.
        """
        person = self._changed(await self.get(actor, person_id, "person.update"), change)
        faced: tuple[str, ...] = ()
        async with self._db.write() as tx:
            if isinstance(change.face_photo_id, str):
                faces = await store.faces_on(tx.rows, change.face_photo_id, person_id)
                if not faces:
                    raise BadRequest("Invalid assetId for feature face", field="featureFaceAssetId")
                person = msgspec.structs.replace(person, face_id=faces[0].face_id)
                faced = (person_id,)
            await store.change(tx, person)
            await said(tx, actor.user_id, [person_id], faced=faced)
        return person

    async def change_many(self, actor: Member, changes: Sequence[tuple[str, PersonChange]]) -> list[BulkResult]:
        """Say something else of several; what became of each."""
        lines: list[BulkResult] = []
        for person_id, change in changes:
            try:
                await self.change(actor, person_id, change)
            except BadRequest:
                lines.append(BulkResult(id=person_id, success=False, error="validation"))
            except NotFound:
                lines.append(BulkResult(id=person_id, success=False, error="not_found"))
            else:
                lines.append(BulkResult(id=person_id, success=True))
        return lines

    async def remove(self, actor: Member, person_ids: Sequence[str]) -> None:
        """Forget people; the photos stay. All of them, or none when one is not his.

        Raises:
            NotFound: one is not there, or another's.
        """
        async with self._db.write() as tx:
            if set(person_ids) - set(await store.own(tx.rows, actor.user_id, person_ids)):
                raise refused("person.delete")
            seen = await store.photos_of(tx.rows, person_ids)
            await store.drop(tx, person_ids)
            tx.announce(PeopleChanged(owner_id=actor.user_id))
            photos_said(tx, actor.user_id, seen)

    async def merge(self, actor: Member, person_id: str, others: Sequence[str]) -> list[BulkResult]:
        """Say that others are the same person; what became of each.

        Raises:
            NotFound: there is nobody to stay, or he is another's.
            BadRequest: he is among the others.
        """
        if person_id in others:
            raise BadRequest("Cannot merge a person into themselves")
        stays = await self.get(actor, person_id, "person.merge")
        async with self._db.write() as tx:
            own = await store.own(tx.rows, actor.user_id, others)
            strange = await store.there(tx.rows, others) - set(own)
            merged = list(own.values())
            await store.give_faces(tx, [one.face_id for one in await store.faces_of_people(tx.rows, own)], person_id)
            stays = msgspec.structs.replace(
                stays,
                name=stays.name or next((one.name for one in merged if one.name), ""),
                birth_date=stays.birth_date or next((one.birth_date for one in merged if one.birth_date), None),
                is_favorite=stays.is_favorite or any(one.is_favorite for one in merged),
                updated_at=self._clock.now_ms(),
            )
            await store.change(tx, stays)
            await store.drop(tx, own)
            await look_again(tx, actor.user_id, [person_id], now=self._clock.now_ms())
            await said(tx, actor.user_id, [person_id])
        faults: dict[str, Fault] = dict.fromkeys(strange, "no_permission")
        return results(others, faults, done=set(own))

    async def reassign(self, actor: Member, person_id: str, data: Sequence[tuple[str, str]]) -> list[Person]:
        """Say that faces are somebody's: (photo, who it was taken for).

        Raises:
            NotFound: there is nobody, or somebody is another's.
        """
        person = await self.get(actor, person_id, "person.reassign")
        own = await store.own(self._db.read, actor.user_id, [before for _photo_id, before in data])
        if any(before not in own for _photo_id, before in data):
            raise refused("person.reassign")
        async with self._db.write() as tx:
            for photo_id, before in data:
                faces = await store.faces_on(tx.rows, photo_id, before)
                await store.give_faces(tx, [one.face_id for one in faces], person_id)
            await look_again(tx, actor.user_id, [person_id, *own], now=self._clock.now_ms())
            await said(tx, actor.user_id, [person_id, *own])
        return [await self.get(actor, person.person_id)]

    async def forget(self, tx: Write, user_id: str) -> None:
        """Drop the people of a member who is purged."""
        await store.forget(tx, user_id)

    def _changed(self, person: Person, change: PersonChange) -> Person:
        given: dict[str, object] = {"updated_at": self._clock.now_ms()}
        if isinstance(change.name, str):
            given["name"] = " ".join(change.name.split())
        if not isinstance(change.birth_date, UnsetType):
            given["birth_date"] = self._birth_date(change.birth_date)
        if not isinstance(change.color, UnsetType):
            given["color"] = checked_color(change.color)
        for name in ("is_hidden", "is_favorite"):
            if (value := getattr(change, name)) is not UNSET:
                given[name] = value
        return msgspec.structs.replace(person, **given)

    def _birth_date(self, text: str | None) -> str | None:
        if not text:
            return None
        try:
            born = dt.date.fromisoformat(text[:10])
        except ValueError:
            reason = "Invalid input: expected date, received string"
            raise BadRequest(NOT_VALID, field="birthDate", reason=reason) from None
        if born > dt.datetime.fromtimestamp(self._clock.now_ms() / 1000, dt.UTC).date():
            raise BadRequest(NOT_VALID, field="birthDate", reason="Birth date cannot be in the future")
        return born.isoformat()


def _begins(name: str, wanted: str) -> bool:
    return name.startswith(wanted) or any(word.startswith(wanted) for word in name.split())


async def look_again(tx: Write, owner_id: str, person_ids: Iterable[str], *, now: int) -> None:
    """Have people shown by faces that are theirs; call it when faces changed hands."""
    faced = [one for one in dict.fromkeys(person_ids) if await store.show_another(tx, one, now=now)]
    if faced:
        tx.announce(PeopleChanged(owner_id=owner_id, faced=tuple(faced)))


async def said(
    tx: Write,
    owner_id: str,
    person_ids: Iterable[str],
    photo_ids: Iterable[str] = (),
    *,
    faced: tuple[str, ...] = (),
) -> None:
    """Announce that something else is said of people, and with it of the photos that show them."""
    tx.announce(PeopleChanged(owner_id=owner_id, faced=faced))
    photos_said(tx, owner_id, [*await store.photos_of(tx.rows, person_ids), *photo_ids])


def photos_said(tx: Write, owner_id: str, photo_ids: Iterable[str]) -> None:
    """Announce that something else is said of photos."""
    if ids := tuple(dict.fromkeys(photo_ids)):
        tx.announce(PhotosChanged(owner_id=owner_id, photo_ids=ids))
