"""What travels when something is edited: bodies with their limits, and answers (watch contract §3.12)."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from homemedia.core.http.wire import Query, Wire

MOST_ITEMS = 500
MOST_ENTRIES = 100
MOST_EDITS = 200

Title = Annotated[str, Meta(min_length=1, max_length=500)]
Line = Annotated[str, Meta(max_length=500)]
Summary = Annotated[str, Meta(max_length=20_000)]
Short = Annotated[str, Meta(max_length=100)]
Year = Annotated[int, Meta(ge=1870, le=2100)]
Rating = Annotated[float, Meta(ge=0, le=10)]
Number = Annotated[int, Meta(ge=0, le=99_999)]
# '' empties a field, as null does.
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
Entries = Annotated[tuple[Short, ...], Meta(max_length=MOST_ENTRIES)]
FieldNames = Annotated[tuple[Short, ...], Meta(max_length=MOST_ENTRIES)]
CatalogueNumber = Annotated[int, Meta(ge=1, le=(1 << 31) - 1)]
ImdbId = Annotated[str, Meta(pattern=r"^(tt\d{7,10})?$")]
# Pages take it out of a text field.
NumberText = Annotated[str, Meta(pattern=r"^\d{0,10}$")]
PictureWish = Annotated[str, Meta(min_length=1, max_length=500)]


class FieldChanges(Wire, frozen=True):
    """What can be said of an item; left out stays, null or empty empties."""

    title: Title | UnsetType | None = UNSET
    sort_title: Line | UnsetType | None = UNSET
    original_title: Line | UnsetType | None = UNSET
    year: Year | UnsetType | None = UNSET
    release_date: Day | UnsetType | None = UNSET
    summary: Summary | UnsetType | None = UNSET
    tagline: Line | UnsetType | None = UNSET
    content_rating: Short | UnsetType | None = UNSET
    rating: Rating | UnsetType | None = UNSET
    studio: Short | UnsetType | None = UNSET
    genres: Entries | UnsetType | None = UNSET
    labels: Entries | UnsetType | None = UNSET
    directors: Entries | UnsetType | None = UNSET
    writers: Entries | UnsetType | None = UNSET
    collection: Short | UnsetType | None = UNSET
    index: Number | UnsetType | None = UNSET
    parent_index: Number | UnsetType | None = UNSET
    air_date: Day | UnsetType | None = UNSET
    status: Literal["continuing", "ended"] | UnsetType | None = UNSET


class IdChanges(Wire, frozen=True):
    """Numbers of catalogues; null forgets one."""

    tmdb: CatalogueNumber | NumberText | UnsetType | None = UNSET
    imdb: ImdbId | UnsetType | None = UNSET
    tvdb: CatalogueNumber | NumberText | UnsetType | None = UNSET


class PictureUrl(Wire, frozen=True):
    """An address to fetch a picture from."""

    url: Annotated[str, Meta(min_length=1, max_length=2000)]


class ItemChanges(FieldChanges, frozen=True):
    """Fields at the top or inside `fields`; `thumb` and `art` an offered id, an address, or null for automatic."""

    fields: FieldChanges | UnsetType = UNSET
    ids: IdChanges | UnsetType = UNSET
    locked: FieldNames | UnsetType = UNSET
    unlock: FieldNames | UnsetType = UNSET
    thumb: PictureWish | PictureUrl | UnsetType | None = UNSET
    art: PictureWish | PictureUrl | UnsetType | None = UNSET


class BulkChanges(Wire, frozen=True):
    """The same for many items at once; labels and genres can be added and taken away."""

    rating_keys: Annotated[list[Short], Meta(min_length=1, max_length=MOST_ITEMS)]
    set: FieldChanges | UnsetType = UNSET
    add_labels: Entries = ()
    remove_labels: Entries = ()
    add_genres: Entries = ()
    remove_genres: Entries = ()
    lock: FieldNames = ()
    unlock: FieldNames = ()


class PictureOffer(Wire, frozen=True):
    """A picture an item can show. `manual`: a person gave or chose it."""

    id: str
    selected: bool
    url: str
    source: str
    width: int | None = None
    height: int | None = None
    manual: bool = False


class Artwork(Wire, frozen=True):
    thumb: list[PictureOffer]
    art: list[PictureOffer]


class IdsAnswer(Wire, frozen=True):
    tmdb: int | None
    imdb: str | None
    tvdb: int | None


class MediaItem(Wire, frozen=True):
    """Everything about an item that can be edited, and where each thing comes from.

    `matchScore`, 0 to 1, is how sure a match by itself was. `editId` is there when something was changed; null when
    nothing was.
    """

    rating_key: str
    type: str
    fields: dict[str, Any]
    locked: list[str]
    sources: dict[str, str]
    ids: IdsAnswer
    match_state: str
    match_score: float | None
    paths: list[str]
    artwork: Artwork
    edit_id: str | UnsetType | None = UNSET


class BulkAnswer(Wire, frozen=True):
    """How many items look different now; `editId` null when none does."""

    changed: int
    edit_id: str | None


class EditEntry(Wire, frozen=True):
    """One edit in the list; `title` of its first item, `what`: edit, bulk, artwork, match, refresh."""

    id: str
    at: int
    by: str
    what: str
    count: int
    title: str | None
    undone: bool


class EditList(Wire, frozen=True):
    edits: list[EditEntry]


class EditsQuery(Query, frozen=True, kw_only=True):
    limit: Annotated[int, Meta(ge=1)] = 50


class Restored(Wire, frozen=True):
    """How many items an undo changed."""

    restored: int
