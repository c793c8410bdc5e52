"""Statements on people and their faces."""

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from homemedia.core.db import Reader, Write, as_json

_PERSON = """person.person_id, person.owner_id, person.name, person.birth_date, person.color, person.is_hidden,
           person.is_favorite, person.face_id, person.created_at, person.updated_at"""
_FACES = """(SELECT count(DISTINCT face.photo_id) FROM face JOIN photo ON photo.photo_id = face.photo_id
              WHERE face.person_id = person.person_id AND photo.deleted_at IS NULL
                AND photo.visibility = 'timeline')"""
_FACE = """face.face_id, face.photo_id, face.person_id, face.image_width, face.image_height, face.x1, face.y1, face.x2,
           face.y2, face.source"""
_KNOWN = "(listed.name <> '' OR listed.faces >= :least)"
PAGE = f"""
    SELECT * FROM (SELECT {_PERSON}, {_FACES} AS faces FROM person WHERE person.owner_id = :owner_id) AS listed
     WHERE {_KNOWN} AND (:with_hidden OR NOT listed.is_hidden)
     ORDER BY listed.is_hidden, listed.is_favorite DESC, listed.name = '', listed.faces DESC,
              listed.name COLLATE NOCASE, listed.created_at, listed.person_id
     LIMIT :limit OFFSET :skipped
"""  # noqa: S608 - constants of our own
COUNTS = f"""
    SELECT count(*) AS people, coalesce(sum(listed.is_hidden), 0) AS hidden
      FROM (SELECT {_PERSON}, {_FACES} AS faces FROM person WHERE person.owner_id = :owner_id) AS listed
     WHERE {_KNOWN}
"""  # noqa: S608 - constants of our own
NAMED = f"""
    SELECT {_PERSON}
      FROM person
     WHERE person.owner_id = :owner_id AND person.name <> '' AND (:with_hidden OR NOT person.is_hidden)
     ORDER BY person.name COLLATE NOCASE, person.created_at, person.person_id
"""  # noqa: S608 - constants of our own
OWN = f"""
    SELECT {_PERSON}
      FROM json_each(:person_ids) AS wanted
     CROSS JOIN person ON person.person_id = wanted.value
     WHERE person.owner_id = :owner_id
"""  # noqa: S608 - constants of our own
THERE = """
    SELECT person.person_id
      FROM json_each(:person_ids) AS wanted
     CROSS JOIN person ON person.person_id = wanted.value
"""
PHOTOS = """
    SELECT count(DISTINCT face.photo_id) AS photos
      FROM face JOIN photo ON photo.photo_id = face.photo_id
     WHERE face.person_id = :person_id AND photo.deleted_at IS NULL AND photo.visibility = 'timeline'
"""
ADD = """
    INSERT INTO person (person_id, owner_id, name, birth_date, color, is_hidden, is_favorite, created_at, updated_at,
                        stamp)
    VALUES (:person_id, :owner_id, :name, :birth_date, :color, :is_hidden, :is_favorite, :now, :now, :stamp)
"""
CHANGE = """
    UPDATE person SET name = :name, birth_date = :birth_date, color = :color, is_hidden = :is_hidden,
                      is_favorite = :is_favorite, face_id = :face_id, updated_at = :now, stamp = :stamp
     WHERE person_id = :person_id
"""
# The photo that shows somebody, and what of it: the face that was chosen, else any.
PICTURE = f"""
    SELECT {_FACE}, photo.file_id, photo.width, photo.height
      FROM person
      JOIN face ON face.person_id = person.person_id
      JOIN photo ON photo.photo_id = face.photo_id
     WHERE person.person_id = :person_id AND photo.deleted_at IS NULL AND photo.visibility IN ('timeline', 'archive')
     ORDER BY face.face_id = person.face_id DESC, photo.taken_at DESC, face.face_id
     LIMIT 1
"""  # noqa: S608 - constants of our own
PHOTOS_OF = """
    SELECT DISTINCT face.photo_id
      FROM json_each(:person_ids) AS wanted
     CROSS JOIN face ON face.person_id = wanted.value
"""
DROP = "DELETE FROM person WHERE person_id IN (SELECT value FROM json_each(:person_ids))"
FORGET = "DELETE FROM person WHERE owner_id = :owner_id"

FACES_OF_PHOTO = f"""
    SELECT {_FACE} FROM face WHERE face.photo_id = :photo_id ORDER BY face.x1, face.face_id
"""  # noqa: S608 - constants of our own
FACE = f"""
    SELECT {_FACE}, photo.owner_id
      FROM face JOIN photo ON photo.photo_id = face.photo_id
     WHERE face.face_id = :face_id
"""  # noqa: S608 - constants of our own
FACES_ON = f"""
    SELECT {_FACE} FROM face WHERE face.photo_id = :photo_id AND face.person_id = :person_id ORDER BY face.face_id
"""  # noqa: S608 - constants of our own
FACES_OF_PEOPLE = f"""
    SELECT {_FACE}
      FROM json_each(:person_ids) AS wanted
     CROSS JOIN face ON face.person_id = wanted.value
"""  # noqa: S608 - constants of our own
ADD_FACE = """
    INSERT INTO face (face_id, photo_id, person_id, image_width, image_height, x1, y1, x2, y2, source, stamp)
    VALUES (:face_id, :photo_id, :person_id, :image_width, :image_height, :x1, :y1, :x2, :y2, :source, :stamp)
"""
GIVE_FACE = "UPDATE face SET person_id = :person_id, stamp = :stamp WHERE face_id = :face_id"
DROP_FACE = "DELETE FROM face WHERE face_id = :face_id"
DROP_FACES_OF = """
    DELETE FROM face WHERE photo_id IN (SELECT value FROM json_each(:photo_ids)) RETURNING person_id
"""
# Who is shown by a face that is no longer his is shown by another of his.
SHOW_ANOTHER = """
    UPDATE person
       SET face_id = (SELECT face.face_id FROM face WHERE face.person_id = person.person_id
                       ORDER BY face.face_id LIMIT 1),
           updated_at = :now, stamp = :stamp
     WHERE person_id = :person_id
       AND CASE WHEN face_id IS NULL
                THEN EXISTS (SELECT 1 FROM face WHERE face.person_id = person.person_id)
                ELSE NOT EXISTS (SELECT 1 FROM face
                                  WHERE face.face_id = person.face_id AND face.person_id = person.person_id)
           END
"""
SIZE_OF = "SELECT photo.width, photo.height FROM photo WHERE photo.photo_id = :photo_id"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table. `birth_date`: YYYY-MM-DD; `face_id`: of the face that stands for him."""

    person_id: str
    owner_id: str
    name: str
    birth_date: str | None
    color: str | None
    is_hidden: bool
    is_favorite: bool
    face_id: str | None
    created_at: int
    updated_at: int


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a photo that shows somebody, in pixels of a picture of a given size."""

    face_id: str
    photo_id: str
    person_id: str | None
    image_width: int
    image_height: int
    x1: int
    y1: int
    x2: int
    y2: int
    source: str


async def page(read: Reader, owner_id: str, *, least: int, with_hidden: bool, limit: int, skipped: int) -> list[Person]:
    """A member's people: those who have a name or are seen often enough."""
    args = {"owner_id": owner_id, "least": least, "with_hidden": int(with_hidden), "limit": limit, "skipped": skipped}
    return [_person(row) for row in await read(PAGE, args)]


async def counts(read: Reader, owner_id: str, *, least: int) -> tuple[int, int]:
    """How many people there are, and how many of them are hidden."""
    row = (await read(COUNTS, {"owner_id": owner_id, "least": least}))[0]
    return row["people"], row["hidden"]


async def named(read: Reader, owner_id: str, *, with_hidden: bool) -> list[Person]:
    """Those of a member's people who have a name."""
    return [_person(row) for row in await read(NAMED, {"owner_id": owner_id, "with_hidden": int(with_hidden)})]


async def own(read: Reader, owner_id: str, person_ids: Iterable[str]) -> dict[str, Person]:
    """Those of the people who are a member's."""
    rows = await read(OWN, {"owner_id": owner_id, "person_ids": as_json(person_ids)})
    return {row["person_id"]: _person(row) for row in rows}


async def there(read: Reader, person_ids: Iterable[str]) -> set[str]:
    """Those of the people who are anybody's."""
    return {row["person_id"] for row in await read(THERE, {"person_ids": as_json(person_ids)})}


async def photos(read: Reader, person_id: str) -> int:
    """On how many photos of the timeline somebody is seen."""
    return int((await read(PHOTOS, {"person_id": person_id}))[0]["photos"])


async def photos_of(read: Reader, person_ids: Iterable[str]) -> list[str]:
    """The photos that show any of these people."""
    return [row["photo_id"] for row in await read(PHOTOS_OF, {"person_ids": as_json(person_ids)})]


async def picture(read: Reader, person_id: str) -> sqlite3.Row | None:
    """The photo that shows somebody, and which part of it."""
    rows = await read(PICTURE, {"person_id": person_id})
    return rows[0] if rows else None


async def add(tx: Write, person: Person) -> None:
    await tx.run(ADD, {**_args(person), "now": person.created_at, "stamp": await tx.stamp()})


async def change(tx: Write, person: Person) -> None:
    await tx.run(CHANGE, {**_args(person), "now": person.updated_at, "stamp": await tx.stamp()})


async def drop(tx: Write, person_ids: Iterable[str]) -> None:
    """Remove people; their faces belong to nobody then."""
    await tx.run(DROP, {"person_ids": as_json(person_ids)})


async def forget(tx: Write, owner_id: str) -> None:
    await tx.run(FORGET, {"owner_id": owner_id})


async def faces_of_photo(read: Reader, photo_id: str) -> list[Face]:
    """The faces on a photo, from left to right."""
    return [_face(row) for row in await read(FACES_OF_PHOTO, {"photo_id": photo_id})]


async def face(read: Reader, face_id: str) -> tuple[Face, str] | None:
    """A face, and whose photo it is on."""
    rows = await read(FACE, {"face_id": face_id})
    return (_face(rows[0]), rows[0]["owner_id"]) if rows else None


async def faces_on(read: Reader, photo_id: str, person_id: str) -> list[Face]:
    """The faces of somebody on a photo."""
    return [_face(row) for row in await read(FACES_ON, {"photo_id": photo_id, "person_id": person_id})]


async def faces_of_people(read: Reader, person_ids: Iterable[str]) -> list[Face]:
    return [_face(row) for row in await read(FACES_OF_PEOPLE, {"person_ids": as_json(person_ids)})]


async def add_face(tx: Write, new: Face) -> None:
    await tx.run(ADD_FACE, {**msgspec.structs.asdict(new), "stamp": await tx.stamp()})


async def give_faces(tx: Write, face_ids: Iterable[str], person_id: str) -> None:
    """Say of faces whose they are."""
    wanted = list(face_ids)
    if wanted:
        stamps = await tx.stamps(len(wanted))
        rows = [
            {"face_id": one, "person_id": person_id, "stamp": stamp} for one, stamp in zip(wanted, stamps, strict=True)
        ]
        await tx.many(GIVE_FACE, rows)


async def drop_face(tx: Write, face_id: str) -> None:
    await tx.run(DROP_FACE, {"face_id": face_id})


async def drop_faces_of(tx: Write, photo_ids: Iterable[str]) -> set[str]:
    """Drop the faces on photos; whose they were."""
    rows = await tx.rows(DROP_FACES_OF, {"photo_ids": as_json(photo_ids)})
    return {row["person_id"] for row in rows} - {None}


async def show_another(tx: Write, person_id: str, *, now: int) -> bool:
    """Have somebody shown by a face of his own; whether that is another one than before."""
    return bool(await tx.run(SHOW_ANOTHER, {"person_id": person_id, "now": now, "stamp": await tx.stamp()}))


async def size_of(read: Reader, photo_id: str) -> tuple[int, int] | None:
    """A photo's size upright; None while nobody knows."""
    rows = await read(SIZE_OF, {"photo_id": photo_id})
    return (rows[0]["width"], rows[0]["height"]) if rows and rows[0]["width"] and rows[0]["height"] else None


def _args(person: Person) -> Mapping[str, object]:
    fields = msgspec.structs.asdict(person)
    return fields | {"is_hidden": int(person.is_hidden), "is_favorite": int(person.is_favorite)}


def _person(row: sqlite3.Row) -> Person:
    fields = {name: row[name] for name in Person.__struct_fields__}
    return Person(**fields | {"is_hidden": bool(row["is_hidden"]), "is_favorite": bool(row["is_favorite"])})


def _face(row: sqlite3.Row) -> Face:
    return Face(**{name: row[name] for name in Face.__struct_fields__})
