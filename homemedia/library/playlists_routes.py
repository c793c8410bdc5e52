"""Playlists over HTTP."""

from homemedia.accounts import Caller
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.library.playlists import PlaylistDetail, PlaylistList, Playlists


class PlaylistsQuery(Query, frozen=True, kw_only=True):
    library_id: str | None = None


class PlaylistRoutes:
    routes = Routes("library", prefix="/api/home/library/playlists")

    def __init__(self, playlists: Playlists) -> None:
        self._playlists = playlists

    @routes.get("")
    async def list_playlists(self, actor: Caller, query: PlaylistsQuery) -> PlaylistList:
        """List the playlists of a music library, or of all."""
        return await self._playlists.all_of(actor, query.library_id)

    @routes.get("/{playlist_id}")
    async def detail(self, actor: Caller, playlist_id: int) -> PlaylistDetail:
        """Show a playlist with its tracks in order."""
        return await self._playlists.detail(actor, playlist_id)
