"""How collections, people and filters look on the wire."""

from homemedia.core.http.wire import Wire
from homemedia.library.browse_wire import ItemCard, LibraryName


class Choice(Wire, frozen=True, kw_only=True):
    """One value a list can be narrowed to, and how many titles have it."""

    name: str
    count: int


class Decade(Wire, frozen=True, kw_only=True):
    """Ten years from a round one, and how many titles are of them."""

    first: int
    count: int


class Filters(Wire, frozen=True, kw_only=True):
    """What a library can be narrowed by. Lists are empty where nothing is known; `years` is null then.

    Genres, labels and collections come with the most frequent first, ratings and decades in their order; `resolutions`
    are 4k, 1080, 720 and sd.
    """

    library: LibraryName
    genres: list[Choice]
    labels: list[Choice]
    collections: list[Choice]
    content_ratings: list[Choice]
    resolutions: list[Choice]
    decades: list[Decade]
    years: tuple[int, int] | None


class CollectionCard(Wire, frozen=True, kw_only=True):
    """A collection in the list: up to four posters, the oldest first; of a single title its wide picture, if any."""

    name: str
    count: int
    thumbs: list[str]
    years: tuple[int, int] | None


class CollectionList(Wire, frozen=True, kw_only=True):
    collections: list[CollectionCard]


class CollectionPage(Wire, frozen=True, kw_only=True):
    """A collection with its titles in the order they came out; `watched` counts those the caller has seen."""

    name: str
    count: int
    watched: int
    years: tuple[int, int] | None
    items: list[ItemCard]


class PersonItem(ItemCard, frozen=True, kw_only=True):
    """A title somebody took part in: the jobs as in `credit` (actor, director, …), and the role where one is known."""

    jobs: list[str]
    role: str | None


class Person(Wire, frozen=True, kw_only=True):
    """Somebody with everything he took part in, the newest first."""

    id: int
    name: str
    thumb: str | None
    items: list[PersonItem]
