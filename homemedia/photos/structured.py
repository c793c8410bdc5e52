"""The structured form of a search's filter: {field: {operator: value}}, with `or` one of several (photos §10.2)."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from homemedia.core.db import as_json
from homemedia.core.problems import BadRequest
from homemedia.library.naming.normal import fold
from homemedia.photos.filters import Condition
from homemedia.photos.times import read_time

OR: Final = "or"
MOST: Final = 100
_EXIF, _TEXT, _PHOTO = frozenset({"exif"}), frozenset({"text"}), frozenset[str]()
COMPARED: Final[Mapping[str, str]] = {"eq": "IS", "ne": "IS NOT", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
LISTED: Final[Mapping[str, str]] = {"in": "IN", "notIn": "NOT IN"}


class Field(msgspec.Struct, frozen=True):
    """A column, what it holds ("text", "number", "time", "flag", "folded"), and the table it stands in."""

    column: str
    kind: str
    needs: frozenset[str] = frozenset()


FIELDS: Final[Mapping[str, Field]] = {
    "id": Field("photo.photo_id", "text"),
    "ownerId": Field("photo.owner_id", "text"),
    "libraryId": Field("photo.library_id", "text"),
    "type": Field("photo.kind", "text"),
    "visibility": Field("photo.visibility", "text"),
    "isOffline": Field("photo.is_offline", "flag"),
    "isMotion": Field("(photo.live_video_id IS NOT NULL)", "flag"),
    "createdAt": Field("photo.created_at", "time"),
    "updatedAt": Field("photo.updated_at", "time"),
    "takenAt": Field("photo.taken_at", "time"),
    "fileCreatedAt": Field("photo.taken_at", "time"),
    "localDateTime": Field("photo.local_taken_at", "time"),
    "trashedAt": Field("photo.deleted_at", "time"),
    "width": Field("photo.width", "number"),
    "height": Field("photo.height", "number"),
    "duration": Field("photo.duration_ms", "number"),
    "fileSizeInBytes": Field("photo.size_bytes", "number"),
    "city": Field("photo_exif.city", "text", _EXIF),
    "state": Field("photo_exif.state", "text", _EXIF),
    "country": Field("photo_exif.country", "text", _EXIF),
    "make": Field("photo_exif.make", "text", _EXIF),
    "model": Field("photo_exif.model", "text", _EXIF),
    "lensModel": Field("photo_exif.lens_model", "text", _EXIF),
    "rating": Field("photo_exif.rating", "number", _EXIF),
    "iso": Field("photo_exif.iso", "number", _EXIF),
    "fNumber": Field("photo_exif.f_number", "number", _EXIF),
    "focalLength": Field("photo_exif.focal_length", "number", _EXIF),
    "originalFileName": Field("photo_text.name", "folded", _TEXT),
    "originalPath": Field("photo_text.path", "folded", _TEXT),
    "description": Field("photo_text.description", "folded", _TEXT),
}
# Of an owner alone: which ids a photo has. `{0}` is the list asked for.
_FACES = "SELECT face.person_id AS id FROM face WHERE face.photo_id = photo.photo_id AND photo.owner_id = :viewer_id"
_TAGS = (
    "SELECT photo_tag.tag_id AS id FROM photo_tag WHERE photo_tag.photo_id = photo.photo_id"
    " AND photo.owner_id = :viewer_id"
)
_ALBUMS = (
    "SELECT album_photo.album_id AS id FROM album_photo JOIN album ON album.album_id = album_photo.album_id"
    " WHERE album_photo.photo_id = photo.photo_id AND album.owner_id = :viewer_id"
)
SETS: Final[Mapping[str, str]] = {"personIds": _FACES, "tagIds": _TAGS, "albumIds": _ALBUMS}
WISHED: Final = "(SELECT value FROM json_each(:{key}))"
KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "text": str,
    "folded": str,
    "time": str,
    "number": (int, float),
    "flag": bool,
}


def read_filter(document: Mapping[str, object]) -> Condition | None:
    """The condition that a structured filter stands for; None for an empty one.

    Raises:
        BadRequest: a field or an operator is unknown, a value of the wrong kind.
    """
    return _all_of(document, itertools.count(), 0)


def _all_of(document: Mapping[str, object], numbers: Iterator[int], depth: int) -> Condition | None:
    parts: list[Condition] = []
    for name, wanted in document.items():
        if name == OR:
            parts += _any_of(wanted, numbers, depth)
            continue
        if name == "isFavorite":
            parts += [_favorite(one) for one in _operators(name, wanted).items()]
        elif name in SETS:
            parts += [_of_set(name, operator, value, numbers) for operator, value in _operators(name, wanted).items()]
        elif name in FIELDS:
            parts += [_of_field(name, operator, value, numbers) for operator, value in _operators(name, wanted).items()]
        else:
            raise _wrong(name, "is no field")
    return _joined(parts, " AND ") if parts else None


def _any_of(wanted: object, numbers: Iterator[int], depth: int) -> list[Condition]:
    if not isinstance(wanted, list) or depth or len(wanted) > MOST:
        raise _wrong(OR, "is no list of filters")
    found = [_all_of(one, numbers, depth + 1) for one in wanted if isinstance(one, dict)]
    if len(found) != len(wanted):
        raise _wrong(OR, "is no list of filters")
    parts = [one for one in found if one is not None]
    return [_joined(parts, " OR ")] if parts else []


def _operators(name: str, wanted: object) -> Mapping[str, object]:
    if not isinstance(wanted, dict):
        raise _wrong(name, "is no object of operators")
    return wanted


def _favorite(pair: tuple[str, object]) -> Condition:
    operator, value = pair
    if operator not in {"eq", "ne"} or not isinstance(value, bool):
        raise _wrong("isFavorite", "takes eq or ne and true or false")
    is_wanted = value is (operator == "eq")
    sql = f"photo.owner_id = :viewer_id AND photo.is_favorite = {int(is_wanted)}"
    return Condition(sql=sql, args={}, is_private=True)


def _of_set(name: str, operator: str, value: object, numbers: Iterator[int]) -> Condition:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(name, "takes a list of ids")
    key = f"f{next(numbers)}"
    held = SETS[name]
    ids = WISHED.format(key=key)
    match operator:
        case "any" | "in":
            sql = f"EXISTS ({held} AND id IN {ids})"
        case "all":
            sql = f"(SELECT count(DISTINCT id) FROM ({held}) WHERE id IN {ids}) = {len(set(value))}"  # noqa: S608 - our own
        case "none" | "notIn":
            sql = f"NOT EXISTS ({held} AND id IN {ids})"
        case _:
            raise _wrong(name, f"{operator} is no operator of it")
    return Condition(sql=sql, args={key: as_json(one.lower() for one in value)}, is_private=True)


def _of_field(name: str, operator: str, value: object, numbers: Iterator[int]) -> Condition:
    field = FIELDS[name]
    key = f"f{next(numbers)}"
    if operator in COMPARED:
        bound = _value(name, field, value, is_nullable=operator in {"eq", "ne"})
        return Condition(sql=f"{field.column} {COMPARED[operator]} :{key}", args={key: bound}, needs=field.needs)
    if operator in LISTED:
        if not isinstance(value, list) or len(value) > MOST:
            raise _wrong(name, "takes a list")
        bound = as_json(_value(name, field, one) for one in value)
        sql = f"{field.column} {LISTED[operator]} {WISHED.format(key=key)}"
        return Condition(sql=sql, args={key: bound}, needs=field.needs)
    if operator in {"like", "startsWith"} and isinstance(value, str) and field.kind in {"text", "folded"}:
        needle = fold(value).replace("%", "") if operator == "like" else fold(value)
        column = field.column if field.kind == "folded" else f"lower({field.column})"
        place = "> 0" if operator == "like" else "= 1"
        return Condition(sql=f"instr({column}, :{key}) {place}", args={key: needle}, needs=field.needs)
    raise _wrong(name, f"{operator} is no operator of it")


def _value(name: str, field: Field, value: object, *, is_nullable: bool = False) -> object:
    if value is None and is_nullable:
        return None
    if not isinstance(value, KINDS[field.kind]) or (field.kind == "number" and isinstance(value, bool)):
        raise _wrong(name, f"takes a {field.kind}")
    if field.kind == "time":
        return read_time(str(value), f"filter.{name}")
    if field.kind == "folded":
        return fold(str(value))
    return int(value) if isinstance(value, bool) else value


def _joined(parts: list[Condition], word: str) -> Condition:
    return Condition(
        sql=word.join(f"({one.sql})" for one in parts),
        args={key: value for one in parts for key, value in one.args.items()},
        needs=frozenset[str]().union(*(one.needs for one in parts)),
        is_private=any(one.is_private for one in parts),
    )


def _wrong(name: str, reason: str) -> BadRequest:
    return BadRequest("Validation failed", field=f"filter.{name}", reason=reason)
