"""Progress, marks and watch states."""

from typing import Annotated

from msgspec import Meta

from homemedia.accounts import Caller
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.core.problems import BadRequest
from homemedia.playback.hubs import Hubs
from homemedia.playback.progress import ProgressService
from homemedia.playback.wire import Continue, Home, KeyBody, Marked, Progress, ProgressBody, Recommended, States

MOST_KEYS = 500
MOST = 200
Limit = Annotated[int, Meta(ge=1)]


class KeysQuery(Query, frozen=True, kw_only=True):
    """`keys` are rating keys with commas between."""

    keys: str = ""


class LimitQuery(Query, frozen=True, kw_only=True):
    limit: Limit = 20


class ProgressRoutes:
    routes = Routes("playback", prefix="/api")

    def __init__(self, progress: ProgressService) -> None:
        self._progress = progress

    @routes.post("/progress")
    async def report(self, actor: Caller, body: ProgressBody) -> Progress:
        """Take in where a player is."""
        return await self._progress.report(actor, body)

    @routes.post("/progress/watched")
    async def watched(self, actor: Caller, body: KeyBody) -> Marked:
        """Mark a title, or everything below it, as watched."""
        return await self._progress.mark(actor, body.rating_key, is_watched=True)

    @routes.delete("/progress/{key}")
    async def forget(self, actor: Caller, key: str) -> Marked:
        """Mark a title, or everything below it, as not watched."""
        return await self._progress.mark(actor, key, is_watched=False)

    @routes.post("/mark-watched/{key}")
    async def mark_watched(self, actor: Caller, key: str) -> Marked:
        """Mark a title, or everything below it, as watched."""
        return await self._progress.mark(actor, key, is_watched=True)

    @routes.post("/mark-unwatched/{key}")
    async def mark_unwatched(self, actor: Caller, key: str) -> Marked:
        """Mark a title, or everything below it, as not watched."""
        return await self._progress.mark(actor, key, is_watched=False)

    @routes.get("/watch-state")
    async def states(self, actor: Caller, query: KeysQuery) -> States:
        """Tell what the caller has seen of some titles."""
        keys = [key for key in query.keys.split(",") if key]
        if not 1 <= len(keys) <= MOST_KEYS:
            reason = f"must be 1 to {MOST_KEYS} keys with commas between"
            raise BadRequest(f"Name 1 to {MOST_KEYS} titles.", field="keys", reason=reason)
        return States(states=await self._progress.states(actor, keys))


class HubRoutes:
    routes = Routes("playback", prefix="/api")

    def __init__(self, hubs: Hubs) -> None:
        self._hubs = hubs

    @routes.get("/continue-watching")
    async def continue_watching(self, actor: Caller, query: LimitQuery) -> Continue:
        """List what the caller has begun, and the episodes that come next."""
        return await self._hubs.continue_watching(actor, min(query.limit, MOST))

    @routes.get("/libraries/{library_id}/recommended")
    async def recommended(self, actor: Caller, library_id: str, query: LimitQuery) -> Recommended:
        """List what may please the caller in a library."""
        return await self._hubs.recommended(actor, library_id, min(query.limit, MOST))

    @routes.get("/home/library/home")
    async def home(self, actor: Caller) -> Home:
        """Show what belongs on the home page, in one answer."""
        return await self._hubs.home(actor)
