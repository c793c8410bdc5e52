"""HTTP: what a member wants to see (watch contract 3.8)."""

from typing import Annotated

from msgspec import Meta

from homemedia.accounts import Caller
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.library.browse_routes import ItemKind
from homemedia.playback.watchlist import WatchlistService
from homemedia.playback.wire import Watchlist, Watchlisted

MOST = 200


class WatchlistQuery(Query, frozen=True, kw_only=True):
    offset: Annotated[int, Meta(ge=0, le=2**62)] = 0
    limit: Annotated[int, Meta(ge=1)] = 50
    type: ItemKind | None = None


class WatchlistRoutes:
    routes = Routes("playback", prefix="/api/watchlist")

    def __init__(self, watchlist: WatchlistService) -> None:
        self._watchlist = watchlist

    @routes.get("")
    async def list_entries(self, actor: Caller, query: WatchlistQuery) -> Watchlist:
        """List what the caller wants to see, the newest first."""
        limit = min(query.limit, MOST)
        return await self._watchlist.page(actor, kind=query.type, offset=query.offset, limit=limit)

    @routes.post("/{key}")
    async def add(self, actor: Caller, key: str) -> Watchlisted:
        """Put a title on the caller's list, for a season or an episode its show."""
        return await self._watchlist.put(actor, key, is_listed=True)

    @routes.delete("/{key}")
    async def remove(self, actor: Caller, key: str) -> Watchlisted:
        """Take a title off the caller's list."""
        return await self._watchlist.put(actor, key, is_listed=False)
