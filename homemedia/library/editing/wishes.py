"""What somebody wants changed, in the words of the database: which fields a kind of item has, cleaned values. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.problems import BadRequest
from homemedia.library.editing.wire import BulkChanges, FieldChanges, IdChanges, ItemChanges, PictureUrl
from homemedia.library.metadata.labels import genre_key, label_key

# The contract's name of each field, and ours.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "sortTitle": "sort_title",
        "originalTitle": "original_title",
        "year": "year",
        "releaseDate": "release_date",
        "summary": "summary",
        "tagline": "tagline",
        "contentRating": "content_rating",
        "rating": "rating",
        "studio": "studio",
        "genres": "genres",
        "labels": "labels",
        "directors": "directors",
        "writers": "writers",
        "collection": "collection",
        "index": "number",
        "parentIndex": "parent_number",
        "airDate": "air_date",
        "status": "status",
    }
)
WIRE_NAMES: Mapping[str, str] = MappingProxyType({field: name for name, field in NAMES.items()})
LISTS = frozenset({"genres", "labels", "directors", "writers"})
DATES = frozenset({"release_date", "air_date"})
PICTURES = ("thumb", "art")
ID_FIELDS: Mapping[str, str] = MappingProxyType({"tmdb": "tmdb_id", "imdb": "imdb_id", "tvdb": "tvdb_id"})

_COMMON = ("title", "sortTitle", "summary", "labels")
_FILM = (
    *("title", "sortTitle", "originalTitle", "year", "releaseDate", "summary", "tagline", "contentRating", "rating"),
    *("studio", "genres", "labels", "directors", "writers", "collection"),
)
# Which fields an item of a kind has, in the contract's names and order. Others are ignored, as unknown ones are.
FIELDS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "movie": _FILM,
        "show": (*_FILM, "status"),
        "season": ("title", "year", "releaseDate", "summary", "contentRating", "labels", "index"),
        "episode": (
            *("title", "sortTitle", "originalTitle", "year", "releaseDate", "summary", "tagline", "contentRating"),
            *("rating", "studio", "genres", "labels", "directors", "writers", "index", "parentIndex", "airDate"),
        ),
        "video": _FILM,
        "artist": (*_COMMON, "year", "genres"),
        "album": (*_COMMON, "originalTitle", "year", "releaseDate", "contentRating", "rating", "studio", "genres"),
        "track": (*_COMMON, "year", "contentRating", "rating", "genres", "index", "parentIndex"),
    }
)
# What an item is found again by at the next scan follows from its file; a person cannot talk it out of that.
PLACES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("season", "number"): (
            "The number of a season follows from the names of its files. Rename the files or their folder to move it."
        ),
        ("episode", "parent_number"): (
            "The season of an episode follows from the name of its file. Rename the file to move it to another season."
        ),
        ("track", "parent_number"): (
            "The disc of a song follows from its file. Change the file's tags or name to move it to another disc."
        ),
    }
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted of any item.

    Attributes:
        fields: by our name; None or an empty list empties.
        ids: by column.
        lock, unlock: our names of fields, `thumb` and `art` among them.
        pictures: by kind; None leaves the choice to the sources.
        add, remove: of `labels` and `genres`.
    """

    fields: Mapping[str, Any] = {}
    ids: Mapping[str, int | str | None] = {}
    lock: frozenset[str] = frozenset()
    unlock: frozenset[str] = frozenset()
    pictures: Mapping[str, str | PictureUrl | None] = {}
    add: Mapping[str, tuple[str, ...]] = {}
    remove: Mapping[str, tuple[str, ...]] = {}


def wish_of(body: ItemChanges) -> Wish:
    """What a body asks for.

    Raises:
        BadRequest: with an entry in `details` for each field that cannot be so.
    """
    bad: list[dict[str, object]] = []
    fields = _fields(body, "", bad)
    if body.fields is not UNSET:
        fields = _fields(body.fields, "fields.", bad) | fields
    wish = Wish(
        fields=fields,
        ids=_ids(body.ids) if body.ids is not UNSET else {},
        lock=_names(body.locked, "locked", bad),
        unlock=_names(body.unlock, "unlock", bad),
        pictures={kind: wanted for kind in PICTURES if (wanted := getattr(body, kind)) is not UNSET},
    )
    _refuse(bad)
    return wish


def bulk_wish_of(body: BulkChanges) -> Wish:
    """The same for many items.

    Raises:
        BadRequest: likewise; one item's own title or number cannot be that of many.
    """
    bad: list[dict[str, object]] = []
    fields = _fields(body.set, "set.", bad) if body.set is not UNSET else {}
    if len(set(body.rating_keys)) > 1:
        bad += [
            {"field": f"set.{WIRE_NAMES[field]}", "reason": "cannot be the same of several items"}
            for field in ("number", "parent_number")
            if field in fields
        ]
    wish = Wish(
        fields=fields,
        lock=_names(body.lock, "lock", bad),
        unlock=_names(body.unlock, "unlock", bad),
        add={"labels": tuple(entries(body.add_labels)), "genres": tuple(entries(body.add_genres))},
        remove={"labels": tuple(entries(body.remove_labels)), "genres": tuple(entries(body.remove_genres))},
    )
    _refuse(bad)
    return wish


def _fields(given: FieldChanges, where: str, bad: list[dict[str, object]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in NAMES.items():
        value = getattr(given, _attribute(field))
        if value is UNSET:
            continue
        clean = _clean(field, value)
        if field == "title" and clean is None:
            bad.append({"field": where + name, "reason": "an item needs a title"})
        elif field in DATES and clean is not None and not _is_day(clean):
            bad.append({"field": where + name, "reason": "is no day between 1870 and 2100"})
        else:
            found[field] = clean
    return found


def _attribute(field: str) -> str:
    return {"number": "index", "parent_number": "parent_index"}.get(field, field)


def _clean(field: str, value: Any) -> Any:  # noqa: ANN401 - as the fields are
    if field in LISTS:
        return entries(value or ())
    if not isinstance(value, str):
        return value
    text = _CONTROLS.sub("", unicodedata.normalize("NFC", value))
    if field == "summary":
        return text.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    return " ".join(text.split()) or None


def entries(values: Iterable[str]) -> list[str]:
    """A list as it is kept: one line each, none empty, none twice."""
    found: dict[str, str] = {}
    for value in values:
        line = " ".join(_CONTROLS.sub("", unicodedata.normalize("NFC", value)).split())
        if line:
            found.setdefault(line.casefold(), line)
    return list(found.values())


def _is_day(text: str) -> bool:
    try:
        return 1870 <= date.fromisoformat(text).year <= 2100
    except ValueError:
        return False


def _ids(given: IdChanges) -> dict[str, int | str | None]:
    found: dict[str, int | str | None] = {}
    for name, column in ID_FIELDS.items():
        value = getattr(given, name)
        if value is UNSET:
            continue
        text = str(value).strip() if value is not None else ""
        if name == "imdb":
            found[column] = text or None
        else:
            found[column] = int(text) if text and 0 < int(text) <= (1 << 31) - 1 else None
    return found


def _names(given: tuple[str, ...] | UnsetType, where: str, bad: list[dict[str, object]]) -> frozenset[str]:
    names = () if given is UNSET else given
    bad += [
        {"field": f"{where}[{at}]", "reason": "is no field of an item"}
        for at, name in enumerate(names)
        if name not in NAMES and name not in PICTURES and name != "ids"
    ]
    return frozenset(NAMES.get(name, name) for name in names)


def _refuse(bad: list[dict[str, object]]) -> None:
    if bad:
        raise BadRequest(f"The field {bad[0]['field']} is not valid: {bad[0]['reason']}.", details=bad)


class Present(msgspec.Struct, frozen=True, kw_only=True):
    """What an item is like: its kind, the value of every field it has, and which ones a person has in hand."""

    kind: str
    values: Mapping[str, Any]
    manual: Mapping[str, Any]
    """What a person said, by our name."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What to write of one item: `put` what a person says now, `drop` what goes back to its source."""

    put: Mapping[str, Any] = {}
    drop: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.put or self.drop)


def step_of(wish: Wish, item: Present, *, strict: bool) -> Step:
    """What a wish means for one item.

    A value that stands there already is no edit; locking holds on to the value of this moment.

    Args:
        wish: what is wanted.
        item: what it is like.
        strict: refuse what an item of this kind cannot change; else leave it as it is.

    Raises:
        BadRequest: what follows from the file was to be changed.
    """
    own = {NAMES[name] for name in FIELDS_OF[item.kind]}
    put: dict[str, Any] = {}
    for field, value in _wanted(wish, item).items():
        if field not in own or same(value, item.values.get(field)):
            continue
        sentence = PLACES.get((item.kind, field))
        if sentence is None:
            put[field] = value
        elif strict:
            raise BadRequest(sentence, field=WIRE_NAMES[field], reason=sentence)
    for field in wish.lock & own:
        if field not in item.manual and (item.kind, field) not in PLACES:
            put.setdefault(field, item.values.get(field))
    drop = {field for field in wish.unlock if field in item.manual and field not in put}
    if "ids" in wish.unlock:
        drop |= {column for column in ID_FIELDS.values() if column in item.manual and column not in wish.ids}
    put |= {column: value for column, value in wish.ids.items() if value != item.values.get(column)}
    return Step(put=put, drop=frozenset(drop))


def _wanted(wish: Wish, item: Present) -> dict[str, Any]:
    wanted = dict(wish.fields)
    for field, key_of in (("labels", label_key), ("genres", genre_key)):
        added, removed = wish.add.get(field, ()), {key_of(value) for value in wish.remove.get(field, ())}
        if not added and not removed:
            continue
        there = wanted.get(field, item.values.get(field)) or []
        kept = {key_of(value): value for value in there if key_of(value) not in removed}
        for value in added:
            kept.setdefault(key_of(value), value)
        wanted[field] = list(kept.values())[:100]
    return wanted


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - as the fields are
    """Whether two values are one; None, '' and no entries are all nothing."""
    is_nothing = [value is None or value in ("", [], ()) for value in (one, other)]
    return all(is_nothing) or (one == other and not any(is_nothing))
