"""Requests and answers about watching."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from homemedia.core.http.wire import Wire
from homemedia.library.browse_wire import ItemCard, LibraryName
from homemedia.playback.rules import PlayerState

# More than 1,000 years: what lies beyond is no offset, and sums of it still fit into 64 bits.
Milliseconds = Annotated[int, Meta(ge=0, le=2**45)]


class ProgressBody(Wire, frozen=True, kw_only=True):
    """What a player reports. With `fileId` the offset counts within that part of the item."""

    rating_key: str
    offset: Milliseconds
    duration: Milliseconds | None = None
    file_id: int | None = None
    state: PlayerState | None = None
    session_id: str | None = None
    audio_track: int | None = None
    subtitle_track: int | Literal["none"] | None = None
    hidden: bool = False
    at: Annotated[float, Meta(ge=0, le=2**40)] | None = None


class KeyBody(Wire, frozen=True, kw_only=True):
    rating_key: str


class Progress(Wire, frozen=True, kw_only=True):
    rating_key: str
    offset: int
    duration: int | None
    percent: float
    watched: bool
    view_count: int


class Marked(Wire, frozen=True, kw_only=True):
    """`changed` counts the items whose state is another now."""

    rating_key: str
    watched: bool
    changed: int


class StateWire(Wire, frozen=True, kw_only=True):
    watched: bool
    offset: int
    duration: int | None
    percent: float
    view_count: int
    last_viewed_at: int | None
    unwatched_count: int | UnsetType = UNSET


class States(Wire, frozen=True, kw_only=True):
    states: dict[str, StateWire]


class Continue(Wire, frozen=True, kw_only=True):
    """A show stands once over both lists. `reason` of `nextUp` is next, rewatch or new, `fileId` the version."""

    items: list[ItemCard]
    next_up: list[ItemCard]


class Watchlist(Wire, frozen=True, kw_only=True):
    """What a member wants to see, each with `watchlistedAt`, the newest first. What is gone is not `available`."""

    items: list[ItemCard]
    total_count: int
    offset: int
    limit: int


class Watchlisted(Wire, frozen=True, kw_only=True):
    """`ratingKey` is the show's for seasons and episodes."""

    rating_key: str
    watchlisted: bool


class Hub(Wire, frozen=True, kw_only=True):
    """A row. The `reason` of its items is continue, nextUp, new, because, topRated, rediscover, genre or random."""

    id: str
    title: str
    items: list[ItemCard]


class Recommended(Wire, frozen=True, kw_only=True):
    """`items` are those of all hubs, each once, with the reason it stands there, and `reasonText` as a sentence."""

    library: LibraryName
    items: list[ItemCard]
    hubs: list[Hub]


class HomeLibrary(Wire, frozen=True, kw_only=True):
    library: LibraryName
    items: list[ItemCard]


class Home(Wire, frozen=True, kw_only=True):
    """Everything of the home page that concerns watching."""

    continue_watching: list[ItemCard]
    next_up: list[ItemCard]
    watchlist: list[ItemCard]
    recent: list[ItemCard]
    libraries: list[HomeLibrary]
