"""Which photos are meant: what a search asks for, as conditions on table `photo` (photos §10.2). Pure.

found = conditions(Wanted(city="Rome", is_favorite=True), scope)
PAGE.format(photo_source=found.source, photo_filters=found.where, …)
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.db import as_json
from homemedia.library.naming.normal import fold
from homemedia.photos.models import PhotoKind, Visibility
from homemedia.photos.visible import STANDING_SQL, Sight

OneOrNone = str | UnsetType | None
LISTED: Final = (Visibility.TIMELINE, Visibility.ARCHIVE)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for; what is UNSET is not. Times in ms, both ends included; None asks for what has no value."""

    photo_id: str | UnsetType = UNSET
    library_id: OneOrNone = UNSET
    checksum: bytes | UnsetType = UNSET
    kind: PhotoKind | UnsetType = UNSET
    is_favorite: bool | UnsetType = UNSET
    is_offline: bool | UnsetType = UNSET
    is_encoded: bool | UnsetType = UNSET
    is_motion: bool | UnsetType = UNSET
    is_not_in_album: bool | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    created_after: int | UnsetType = UNSET
    created_before: int | UnsetType = UNSET
    updated_after: int | UnsetType = UNSET
    updated_before: int | UnsetType = UNSET
    taken_after: int | UnsetType = UNSET
    taken_before: int | UnsetType = UNSET
    trashed_after: int | UnsetType = UNSET
    trashed_before: int | UnsetType = UNSET
    with_deleted: bool = False
    city: OneOrNone = UNSET
    state: OneOrNone = UNSET
    country: OneOrNone = UNSET
    make: OneOrNone = UNSET
    model: OneOrNone = UNSET
    lens_model: OneOrNone = UNSET
    rating: int | UnsetType | None = UNSET
    original_name: str | UnsetType = UNSET
    original_path: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    ocr: str | UnsetType = UNSET
    person_ids: Sequence[str] = ()
    tag_ids: Sequence[str] | None = ()
    album_ids: Sequence[str] = ()
    is_unstacked: bool = False
    min_size_bytes: int | UnsetType = UNSET
    bounds: tuple[float, float, float, float] | UnsetType = UNSET  # west, south, east, north
    more: Sequence["Condition"] = ()

    @property
    def is_of_trash(self) -> bool:
        """Whether only what lies in the trash is meant."""
        return self.trashed_after is not UNSET or self.trashed_before is not UNSET

    @property
    def asks_facts(self) -> bool:
        """Whether it asks for what cameras wrote, where photos were taken, or what their files are called."""
        names = (*SAID, *CONTAINS, "bounds", "library_id", "checksum", "min_size_bytes")
        return any(getattr(self, name) is not UNSET for name in names)

    @property
    def is_private(self) -> bool:
        """Whether it asks for what only an owner says of his photos."""
        return (
            self.is_favorite is not UNSET
            or bool(self.person_ids)
            or self.tag_ids is None
            or bool(self.tag_ids)
            or any(one.is_private for one in self.more)
        )


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A condition with the values it binds and the tables beside `photo` it speaks of: "exif", "text"."""

    sql: str
    args: Mapping[str, object]
    needs: frozenset[str] = frozenset()
    is_private: bool = False


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Whose photos are looked through.

    Attributes:
        viewer_id: who asks.
        partner_ids: whose timelines he sees among his own.
        is_shared: albums are looked through, whoever owns what lies in them; which, `Wanted.album_ids` says.
        at_ms: the time, by which grants stand or are over.
        told: of which photos what the camera said may be known; None for all.
    """

    viewer_id: str
    partner_ids: Sequence[str] = ()
    is_shared: bool = False
    at_ms: int = 0
    told: Sight | None = None


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into a statement: the tables, the conditions, the values."""

    source: str
    where: str
    args: Mapping[str, object]
    needs: frozenset[str]


# Each is set in where its field is asked for.
EQUAL: Final[Mapping[str, str]] = {
    "photo_id": "photo.photo_id = :photo_id",
    "checksum": "photo.checksum = :checksum",
    "kind": "photo.kind = :kind",
    "is_favorite": "photo.is_favorite = :is_favorite AND photo.owner_id = :viewer_id",
    "is_offline": "photo.is_offline = :is_offline",
    "is_motion": "(photo.live_video_id IS NOT NULL) = :is_motion",
    "is_encoded": (
        "EXISTS (SELECT 1 FROM rendition WHERE rendition.file_id = photo.file_id AND rendition.variant = 'video')"
        " = :is_encoded"
    ),
    "is_not_in_album": (
        "NOT EXISTS (SELECT 1 FROM album_photo WHERE album_photo.photo_id = photo.photo_id) = :is_not_in_album"
    ),
    "created_after": "photo.created_at >= :created_after",
    "created_before": "photo.created_at <= :created_before",
    "updated_after": "photo.updated_at >= :updated_after",
    "updated_before": "photo.updated_at <= :updated_before",
    "taken_after": "photo.taken_at >= :taken_after",
    "taken_before": "photo.taken_at <= :taken_before",
    "trashed_after": "photo.deleted_at >= :trashed_after",
    "trashed_before": "photo.deleted_at <= :trashed_before",
    "min_size_bytes": "photo.size_bytes >= :min_size_bytes",
}
# Said by the camera or a person; None asks for photos of which it is not said.
SAID: Final[Mapping[str, str]] = {
    "city": "photo_exif.city",
    "state": "photo_exif.state",
    "country": "photo_exif.country",
    "make": "photo_exif.make",
    "model": "photo_exif.model",
    "lens_model": "photo_exif.lens_model",
    "rating": "photo_exif.rating",
}
CONTAINS: Final[Mapping[str, str]] = {
    "original_name": "instr(photo_text.name, :original_name) > 0",
    "original_path": "instr(photo_text.path, :original_path) > 0",
    "description": "instr(photo_text.description, :description) > 0",
    "ocr": "0",
}
PEOPLE_SQL: Final = """
    photo.owner_id = :viewer_id AND photo.photo_id IN (
        SELECT face.photo_id FROM json_each(:person_ids) AS wanted
         CROSS JOIN face ON face.person_id = wanted.value
         GROUP BY face.photo_id HAVING count(DISTINCT face.person_id) = :people)
"""
TAGS_SQL: Final = """
    photo.owner_id = :viewer_id AND photo.photo_id IN (
        SELECT photo_tag.photo_id FROM json_each(:tag_ids) AS wanted
         CROSS JOIN tag AS top ON top.tag_id = wanted.value AND top.owner_id = :viewer_id
         CROSS JOIN tag AS below ON below.owner_id = top.owner_id
                AND (below.tag_id = top.tag_id OR substr(below.value, 1, length(top.value) + 1) = top.value || '/')
         CROSS JOIN photo_tag ON photo_tag.tag_id = below.tag_id
         GROUP BY photo_tag.photo_id HAVING count(DISTINCT top.tag_id) = :tags)
"""
UNTAGGED_SQL: Final = """
    photo.owner_id = :viewer_id
    AND NOT EXISTS (SELECT 1 FROM photo_tag WHERE photo_tag.photo_id = photo.photo_id)
"""
ALBUMS_SQL: Final = f"""
    photo.photo_id IN (SELECT album_photo.photo_id FROM json_each(:album_ids) AS wanted
                        CROSS JOIN album_photo ON album_photo.album_id = wanted.value
                        CROSS JOIN photo AS member ON member.photo_id = album_photo.photo_id
                        WHERE {STANDING_SQL.format(photo="member")})
"""  # noqa: S608 - constants of our own
BOUNDS_SQL: Final = "photo_exif.latitude BETWEEN :south AND :north AND photo_exif.longitude BETWEEN :west AND :east"
# East of the date line begins the west.
BOUNDS_ROUND_SQL: Final = """
    photo_exif.latitude BETWEEN :south AND :north AND (photo_exif.longitude >= :west OR photo_exif.longitude <= :east)
"""
OF_OTHERS: Final = "photo.visibility IN ('timeline', 'archive') AND photo.deleted_at IS NULL"
PARTNERS_SQL: Final = """
    photo.owner_id IN (SELECT value FROM json_each(:partner_ids)) AND photo.visibility = 'timeline'
    AND photo.deleted_at IS NULL
"""
JOINS: Final[Mapping[str, str]] = {
    "exif": "LEFT JOIN photo_exif ON photo_exif.photo_id = photo.photo_id",
    "text": "LEFT JOIN photo_text ON photo_text.photo_id = photo.photo_id",
}
# Begins with what few photos have.
EXIF_FIRST: Final = "photo_exif CROSS JOIN photo ON photo.photo_id = photo_exif.photo_id"
# Reads all texts one after the other: 15 times as quick as looking each up.
TEXT_FIRST: Final = "photo_text CROSS JOIN photo ON photo.photo_id = photo_text.photo_id"


def conditions(
    wanted: Wanted,
    scope: Scope,
    *,
    needs: frozenset[str] = frozenset(),
    begins_with_exif: bool = False,
    asks_facts: bool = False,
) -> Chosen:
    """The conditions under which a photo is meant.

    Args:
        wanted: what is asked for.
        scope: whose photos.
        needs: tables beside `photo` that the statement itself speaks of.
        begins_with_exif: few photos have what is asked for of the camera or the place.
        asks_facts: the statement itself tells, or asks, what cameras wrote.
    """
    args: dict[str, object] = {"viewer_id": scope.viewer_id, "granted_at": scope.at_ms}
    parts = _said(wanted, args)
    needed = set(needs) | _needed(wanted)
    if scope.told is not None and (wanted.asks_facts or asks_facts):
        parts.append(scope.told.sql)
        args |= scope.told.args
    if wanted.bounds is not UNSET:
        west, south, east, north = wanted.bounds
        parts.append(BOUNDS_SQL if west <= east else BOUNDS_ROUND_SQL)
        args |= {"west": west, "south": south, "east": east, "north": north}
    for one in wanted.more:
        parts.append(one.sql)
        args |= one.args
    parts += _kept_together(wanted, args)
    parts.append(_whose(wanted, scope, args))
    first, source = ("exif", EXIF_FIRST) if begins_with_exif else ("", "photo")
    if not begins_with_exif and _is_in_text(wanted):
        first, source = "text", TEXT_FIRST
    joins = [JOINS[name] for name in sorted(needed - {first})]
    return Chosen(
        source=" ".join([source, *joins]),
        where=" AND ".join(f"({one})" for one in parts),
        args=args,
        needs=frozenset(needed),
    )


def _said(wanted: Wanted, args: dict[str, object]) -> list[str]:
    """Conditions on single fields."""
    parts: list[str] = []
    for name, sql in EQUAL.items():
        if (value := getattr(wanted, name)) is not UNSET:
            parts.append(sql)
            args[name] = _bound(value)
    if wanted.library_id is not UNSET:
        parts.append("photo.library_id IS :library_id")
        args["library_id"] = wanted.library_id
    for name, column in SAID.items():
        if (value := getattr(wanted, name)) is not UNSET:
            parts.append(f"{column} IS NULL" if value is None else f"{column} = :{name}")
            if value is not None:
                args[name] = value
    for name, sql in CONTAINS.items():
        if (value := getattr(wanted, name)) is not UNSET:
            parts.append(sql)
            args[name] = fold(value)
    return parts


def _needed(wanted: Wanted) -> set[str]:
    """The tables beside `photo` that are asked."""
    found = {name for one in wanted.more for name in one.needs}
    if wanted.bounds is not UNSET or any(getattr(wanted, name) is not UNSET for name in SAID):
        found.add("exif")
    if _is_in_text(wanted):
        found.add("text")
    return found


def _is_in_text(wanted: Wanted) -> bool:
    return any(getattr(wanted, name) is not UNSET for name in CONTAINS)


def _kept_together(wanted: Wanted, args: dict[str, object]) -> list[str]:
    """Conditions on people, tags, albums and stacks."""
    parts: list[str] = []
    if wanted.person_ids:
        parts.append(PEOPLE_SQL)
        args |= {"person_ids": as_json(wanted.person_ids), "people": len(set(wanted.person_ids))}
    if wanted.tag_ids is None:
        parts.append(UNTAGGED_SQL)
    elif wanted.tag_ids:
        parts.append(TAGS_SQL)
        args |= {"tag_ids": as_json(wanted.tag_ids), "tags": len(set(wanted.tag_ids))}
    if wanted.album_ids:
        parts.append(ALBUMS_SQL)
        args["album_ids"] = as_json(wanted.album_ids)
    if wanted.is_unstacked:
        parts.append("photo.stack_id IS NULL")
    return parts


def _whose(wanted: Wanted, scope: Scope, args: dict[str, object]) -> str:
    kinds = LISTED if isinstance(wanted.visibility, UnsetType) else (wanted.visibility,)
    seen = ", ".join(f"'{one.value}'" for one in kinds)
    of_kind = f"photo.visibility IN ({seen})"
    if wanted.is_of_trash:
        of_kind += " AND photo.deleted_at IS NOT NULL"
    elif not (wanted.with_deleted or wanted.is_offline is not UNSET):
        of_kind += " AND photo.deleted_at IS NULL"
    if scope.is_shared:
        return f"{of_kind} AND (photo.owner_id = :viewer_id OR {OF_OTHERS})"
    own = f"photo.owner_id = :viewer_id AND {of_kind}"
    if not scope.partner_ids or wanted.is_private or wanted.is_of_trash or Visibility.TIMELINE not in kinds:
        return own
    args["partner_ids"] = as_json(scope.partner_ids)
    return f"({own}) OR ({PARTNERS_SQL})"


def _bound(value: object) -> object:
    if isinstance(value, PhotoKind | Visibility):
        return value.value
    return int(value) if isinstance(value, bool) else value
