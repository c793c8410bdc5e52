"""What the pages of collections and people ask for, and the menus that narrow a list."""

from typing import Annotated

from msgspec import Meta

from homemedia.accounts import Caller
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.core.problems import NotFound
from homemedia.library.shelf import Shelf
from homemedia.library.shelf_wire import CollectionList, CollectionPage, Filters, Person


class FiltersQuery(Query, frozen=True, kw_only=True):
    library: str


class CollectionsQuery(Query, frozen=True, kw_only=True):
    library: str | None = None


class CollectionQuery(Query, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    library: str | None = None


class ShelfRoutes:
    routes = Routes("library", prefix="/api/home/library")

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @routes.get("/filters")
    async def filters(self, actor: Caller, query: FiltersQuery) -> Filters:
        """List what a library can be narrowed by, with counts."""
        return await self._shelf.filters(actor, query.library)

    @routes.get("/collections")
    async def collections(self, actor: Caller, query: CollectionsQuery) -> CollectionList:
        """List the collections of a library, or of all."""
        return await self._shelf.collections(actor, query.library)

    @routes.get("/collection")
    async def collection(self, actor: Caller, query: CollectionQuery) -> CollectionPage:
        """Show a collection with its titles in the order they came out."""
        return await self._shelf.collection(actor, query.name, query.library)

    @routes.get("/people/{performer_id}")
    async def person(self, actor: Caller, performer_id: str) -> Person:
        """Show somebody with everything he took part in."""
        # A number of 19 digits is beyond every id; more would not fit the database.
        if not (performer_id.isascii() and performer_id.isdigit() and len(performer_id) < 19):
            raise NotFound("There is no such person.")
        return await self._shelf.person(actor, int(performer_id))
