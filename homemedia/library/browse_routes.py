"""What the pages ask for: libraries, items, what is new, search."""

import re
from typing import Annotated, Literal

from msgspec import Meta

from homemedia.accounts import Admin, Caller
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.core.problems import BadRequest
from homemedia.library.browse import Browse, Wish
from homemedia.library.browse_wire import (
    Cast,
    Changes,
    Children,
    Genres,
    ItemDetail,
    ItemPage,
    Items,
    LibraryItems,
    LibraryList,
    SearchResults,
)

MOST = 200
MOST_FOUND = 100
YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")

Offset = Annotated[int, Meta(ge=0, le=2**62)]
# Larger values are reduced to the most that is allowed, and the answer says how many it is.
Limit = Annotated[int, Meta(ge=1)]
ItemKind = Literal["movie", "show", "season", "episode", "video", "artist", "album", "track"]


class ItemsQuery(Query, frozen=True, kw_only=True):
    """How a library is listed; `year` is one (2010) or from-to (2010-2019), `type` is for music (else artists)."""

    offset: Offset = 0
    limit: Limit = 50
    sort: Literal["title", "added", "year", "rating", "released", "watched", "random", "duration"] = "title"
    order: Literal["asc", "desc"] | None = None
    genre: str | None = None
    year: str | None = None
    label: str | None = None
    collection: str | None = None
    resolution: Literal["4k", "1080", "720", "sd"] | None = None
    content_rating: str | None = None
    unwatched: Annotated[int, Meta(ge=0, le=1)] = 0
    letter: Annotated[str, Meta(pattern="^([A-Z]|#)$")] | None = None
    type: Literal["artist", "album", "track"] | None = None
    q: Annotated[str, Meta(max_length=200)] | None = None


class RecentQuery(Query, frozen=True, kw_only=True):
    limit: Limit = 20


class RecentEverywhereQuery(Query, frozen=True, kw_only=True):
    limit: Limit = 30
    type: ItemKind | None = None


class SearchQuery(Query, frozen=True, kw_only=True):
    q: str = ""
    type: ItemKind | None = None
    library_id: str | None = None
    limit: Limit = 30


class GenresQuery(Query, frozen=True, kw_only=True):
    library: str | None = None


class ChangesQuery(Query, frozen=True, kw_only=True):
    library: str
    since: Annotated[int, Meta(ge=0, le=2**62)] = 0


class BrowseRoutes:
    routes = Routes("library", prefix="/api")

    def __init__(self, browse: Browse) -> None:
        self._browse = browse

    @routes.get("/libraries")
    async def libraries(self, actor: Caller) -> LibraryList:
        """List the libraries the caller sees."""
        return await self._browse.libraries(actor)

    @routes.get("/libraries/{library_id}/items")
    async def items(self, actor: Caller, library_id: str, query: ItemsQuery) -> ItemPage:
        """List a stretch of a library."""
        return await self._browse.page(actor, library_id, _wish(query))

    @routes.get("/libraries/{library_id}/recent")
    async def recent(self, actor: Caller, library_id: str, query: RecentQuery) -> LibraryItems:
        """List what came last into a library."""
        return await self._browse.recent(actor, library_id, min(query.limit, MOST))

    @routes.get("/discover/recent")
    async def recent_everywhere(self, actor: Caller, query: RecentEverywhereQuery) -> Items:
        """List what came last into any library."""
        return await self._browse.recent_everywhere(actor, min(query.limit, MOST), query.type)

    @routes.get("/media/{key}")
    async def detail(self, actor: Caller, key: str) -> ItemDetail:
        """Show one item with everything about it."""
        return await self._browse.detail(actor, key)

    @routes.get("/media/{key}/children")
    async def children(self, actor: Caller, key: str) -> Children:
        """List the seasons of a show or the episodes of a season."""
        return await self._browse.children(actor, key)

    @routes.get("/media/{key}/episodes")
    async def episodes(self, actor: Caller, key: str) -> Children:
        """List all episodes of a show or season with their files."""
        return await self._browse.episodes(actor, key)

    @routes.get("/cast/{key}")
    async def cast(self, actor: Caller, key: str) -> Cast:
        """List who plays in it and who made it."""
        return await self._browse.cast(actor, key)

    @routes.get("/search")
    async def search(self, actor: Caller, query: SearchQuery) -> SearchResults:
        """Find titles by words."""
        return await self._browse.search(
            actor, query.q, kind=query.type, library_id=query.library_id, limit=min(query.limit, MOST_FOUND)
        )

    @routes.get("/genres")
    async def genres(self, actor: Admin) -> Genres:
        """List all genres and how many titles of each type have them."""
        return await self._browse.genres(actor, None)

    @routes.get("/home/library/genres")
    async def genres_of_library(self, actor: Caller, query: GenresQuery) -> Genres:
        """List the genres of what the caller sees, of one library or of all."""
        return await self._browse.genres(actor, query.library)

    @routes.get("/home/library/changes")
    async def changes(self, actor: Caller, query: ChangesQuery) -> Changes:
        """Tell what changed in a library since a cursor."""
        return await self._browse.changes(actor, query.library, query.since)


def _wish(query: ItemsQuery) -> Wish:
    text = query.q.strip() if query.q else None
    return Wish(
        offset=query.offset,
        limit=min(query.limit, MOST),
        sort=query.sort,
        order=query.order,
        genre=query.genre,
        label=query.label,
        collection=query.collection,
        resolution=query.resolution,
        years=_years(query.year),
        content_rating=query.content_rating,
        letter=query.letter,
        is_unwatched=bool(query.unwatched),
        text=text or None,
        music_kind=query.type or "artist",
    )


def _years(text: str | None) -> tuple[int, int] | None:
    """`2010` and `2010-2019` as first and last year.

    Raises:
        BadRequest: it is neither.
    """
    if text is None:
        return None
    match = YEARS.fullmatch(text)
    if match is None:
        raise BadRequest("The year is written 2010 or 2010-2019.", field="year", reason="must be 2010 or 2010-2019")
    first = int(match[1])
    return first, int(match[2]) if match[2] else first
