"""HTTP of people on photos and their faces."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.photos.bulk import BODY_BYTES, BulkResult, Ids, IdsBody
from homemedia.photos.ids import checked_uuids
from homemedia.photos.organise.faces import Box, Faces
from homemedia.photos.organise.people import People, PersonChange
from homemedia.photos.organise.people_store import Face, Person
from homemedia.photos.organise.portraits import Portraits
from homemedia.photos.times import iso
from homemedia.photos.wire import PersonCard

CREATED = 201
NO_CONTENT = 204
IMAGE = "image/*"
MOST_AT_ONCE = 1000
_Name = Annotated[str, msgspec.Meta(max_length=1000)]
_Pixels = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
_Size = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class PeopleQuery(Query, frozen=True, kw_only=True):
    with_hidden: bool = False
    page: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    size: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 500


class PersonQuery(Query, frozen=True, kw_only=True):
    name: str
    with_hidden: bool = False


class PhotoQuery(Query, frozen=True, kw_only=True):
    id: str


class PeopleAnswer(Wire, frozen=True, kw_only=True):
    """`total` counts hidden ones too."""

    people: list[PersonCard]
    has_next_page: bool
    total: int
    hidden: int


class NewPersonBody(Wire, frozen=True, kw_only=True):
    """`birthDate`: YYYY-MM-DD."""

    name: _Name = ""
    birth_date: str | None = None
    color: str | None = None
    is_hidden: bool = False
    is_favorite: bool = False


class PersonBody(Wire, frozen=True, kw_only=True):
    """What to say of somebody; what is left out stays."""

    name: _Name | UnsetType = UNSET
    birth_date: str | UnsetType | None = UNSET
    color: str | UnsetType | None = UNSET
    is_hidden: bool | UnsetType = UNSET
    is_favorite: bool | UnsetType = UNSET
    feature_face_asset_id: str | UnsetType = UNSET

    @property
    def change(self) -> PersonChange:
        photo_id = self.feature_face_asset_id
        return PersonChange(
            name=self.name,
            birth_date=self.birth_date,
            color=self.color,
            is_hidden=self.is_hidden,
            is_favorite=self.is_favorite,
            face_photo_id=checked_uuid(photo_id, "featureFaceAssetId") if isinstance(photo_id, str) else UNSET,
        )


class OneOfPeople(PersonBody, frozen=True, kw_only=True):
    id: str


class PeopleBody(Wire, frozen=True, kw_only=True):
    people: Annotated[list[OneOfPeople], msgspec.Meta(max_length=MOST_AT_ONCE)]


class MergeBody(Wire, frozen=True, kw_only=True):
    """The first of them stays."""

    ids: Annotated[Ids, msgspec.Meta(min_length=1)]


class OneFace(Wire, frozen=True, kw_only=True):
    """The face that was taken for somebody on a photo."""

    asset_id: str
    person_id: str


class ReassignBody(Wire, frozen=True, kw_only=True):
    data: Annotated[list[OneFace], msgspec.Meta(max_length=MOST_AT_ONCE)]


class PersonCounts(Wire, frozen=True, kw_only=True):
    assets: int


class FaceAnswer(Wire, frozen=True, kw_only=True):
    """A part of a picture, in pixels of a picture of that size."""

    id: str
    image_width: int
    image_height: int
    bounding_box_x1: int = msgspec.field(name="boundingBoxX1")
    bounding_box_y1: int = msgspec.field(name="boundingBoxY1")
    bounding_box_x2: int = msgspec.field(name="boundingBoxX2")
    bounding_box_y2: int = msgspec.field(name="boundingBoxY2")
    source_type: Literal["machine-learning", "exif", "manual"]
    person: PersonCard | None


class NewFaceBody(Wire, frozen=True, kw_only=True):
    asset_id: str
    person_id: str
    image_width: _Size
    image_height: _Size
    x: _Pixels
    y: _Pixels
    width: _Size
    height: _Size


class FaceBody(Wire, frozen=True, kw_only=True):
    """Which face."""

    id: str


class ForceBody(Wire, frozen=True, kw_only=True):
    """`force` is read and makes no difference: a face that is marked no more is gone."""

    force: bool = False


class PeopleRoutes:
    """People, each member's own."""

    routes = Routes("photos", prefix="/api", family=Family.PHOTOS)

    def __init__(self, people: People, faces: Faces, portraits: Portraits) -> None:
        self._people = people
        self._faces = faces
        self._portraits = portraits

    @routes.get("/people", permission="person.read")
    async def listed(self, actor: Caller, query: PeopleQuery) -> PeopleAnswer:
        """List the people on the caller's photos."""
        page = await self._people.page(actor, page=query.page, size=query.size, with_hidden=query.with_hidden)
        return PeopleAnswer(
            people=[card(one) for one in page.people],
            has_next_page=page.has_more,
            total=page.total,
            hidden=page.hidden,
        )

    @routes.post("/people", status=CREATED, permission="person.create")
    async def create(self, actor: Caller, body: NewPersonBody) -> PersonCard:
        """Make somebody."""
        change = PersonChange(
            name=body.name,
            birth_date=body.birth_date,
            color=body.color,
            is_hidden=body.is_hidden,
            is_favorite=body.is_favorite,
        )
        return card(await self._people.create(actor, change))

    @routes.put("/people", permission="person.update")
    async def change_many(self, actor: Caller, body: PeopleBody) -> list[BulkResult]:
        """Say something else of several people."""
        changes = [(checked_uuid(one.id, f"people[{number}].id"), one.change) for number, one in enumerate(body.people)]
        return await self._people.change_many(actor, changes)

    @routes.delete("/people", status=NO_CONTENT, permission="person.delete", max_body=BODY_BYTES)
    async def remove_many(self, actor: Caller, body: IdsBody) -> web.Response:
        """Forget several people."""
        await self._people.remove(actor, checked_uuids(body.ids))
        return web.Response(status=NO_CONTENT)

    @routes.post("/people/merge", permission="person.merge")
    async def merge_all(self, actor: Caller, body: MergeBody) -> list[BulkResult]:
        """Say that these are one person; the first stays."""
        first, *others = checked_uuids(body.ids)
        return await self._people.merge(actor, first, others)

    @routes.get("/search/person", permission="person.read")
    async def search(self, actor: Caller, query: PersonQuery) -> list[PersonCard]:
        """Find people by the beginning of a name."""
        found = await self._people.search(actor, query.name, with_hidden=query.with_hidden)
        return [card(one) for one in found]

    @routes.get("/people/{id}", permission="person.read")
    async def get(self, actor: Caller, id: str) -> PersonCard:
        """Show somebody."""
        return card(await self._people.get(actor, checked_uuid(id)))

    @routes.put("/people/{id}", permission="person.update")
    async def change(self, actor: Caller, id: str, body: PersonBody) -> PersonCard:
        """Say something else of somebody."""
        return card(await self._people.change(actor, checked_uuid(id), body.change))

    @routes.delete("/people/{id}", status=NO_CONTENT, permission="person.delete")
    async def remove(self, actor: Caller, id: str) -> web.Response:
        """Forget somebody."""
        await self._people.remove(actor, [checked_uuid(id)])
        return web.Response(status=NO_CONTENT)

    @routes.post("/people/{id}/merge", permission="person.merge")
    async def merge(self, actor: Caller, id: str, body: IdsBody) -> list[BulkResult]:
        """Say that others are the same person."""
        return await self._people.merge(actor, checked_uuid(id), checked_uuids(body.ids))

    @routes.put("/people/{id}/reassign", permission="person.reassign")
    async def reassign(self, actor: Caller, id: str, body: ReassignBody) -> list[PersonCard]:
        """Say that faces are somebody's."""
        data = [
            (checked_uuid(one.asset_id, f"data[{number}].assetId"), checked_uuid(one.person_id, "personId"))
            for number, one in enumerate(body.data)
        ]
        return [card(one) for one in await self._people.reassign(actor, checked_uuid(id), data)]

    @routes.get("/people/{id}/statistics", permission="person.statistics")
    async def statistics(self, actor: Caller, id: str) -> PersonCounts:
        """Count the photos that show somebody."""
        return PersonCounts(assets=await self._people.photos(actor, checked_uuid(id)))

    @routes.get("/people/{id}/thumbnail", permission="person.read", produces=IMAGE)
    async def thumbnail(self, actor: Caller, id: str, request: web.Request) -> web.StreamResponse:
        """Send a picture of somebody's face."""
        person = await self._people.get(actor, checked_uuid(id))
        return await self._portraits.send(request, person)

    @routes.get("/faces", permission="face.read")
    async def faces(self, actor: Caller, query: PhotoQuery) -> list[FaceAnswer]:
        """List the faces on a photo."""
        return [_face(face, person) for face, person in await self._faces.listed(actor, checked_uuid(query.id))]

    @routes.post("/faces", status=CREATED, permission="face.create")
    async def mark(self, actor: Caller, body: NewFaceBody) -> web.Response:
        """Say that a part of a photo shows somebody."""
        box = Box(
            image_width=body.image_width,
            image_height=body.image_height,
            x=body.x,
            y=body.y,
            width=body.width,
            height=body.height,
        )
        photo_id, person_id = checked_uuid(body.asset_id, "assetId"), checked_uuid(body.person_id, "personId")
        await self._faces.mark(actor, photo_id, person_id, box)
        return web.Response(status=CREATED)

    @routes.put("/faces/{id}", permission="face.update")
    async def give(self, actor: Caller, id: str, body: FaceBody) -> PersonCard:
        """Say of a face that it is the person's of this address."""
        return card(await self._faces.give(actor, checked_uuid(body.id), checked_uuid(id)))

    @routes.delete("/faces/{id}", status=NO_CONTENT, permission="face.delete")
    async def unmark(self, actor: Caller, id: str, body: ForceBody = ForceBody()) -> web.Response:  # noqa: B008 - frozen
        """Say that a part of a photo shows nobody."""
        del body
        await self._faces.unmark(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)


def card(person: Person) -> PersonCard:
    return PersonCard(
        id=person.person_id,
        name=person.name,
        birth_date=person.birth_date,
        thumbnail_path=f"people/{person.person_id}.jpeg" if person.face_id else "",
        is_hidden=person.is_hidden,
        is_favorite=person.is_favorite,
        color=person.color or UNSET,
        updated_at=iso(person.updated_at),
    )


def _face(face: Face, person: Person | None) -> FaceAnswer:
    source = face.source
    return FaceAnswer(
        id=face.face_id,
        image_width=face.image_width,
        image_height=face.image_height,
        bounding_box_x1=face.x1,
        bounding_box_y1=face.y1,
        bounding_box_x2=face.x2,
        bounding_box_y2=face.y2,
        source_type="exif" if source == "exif" else "manual" if source == "manual" else "machine-learning",
        person=None if person is None else card(person),
    )
