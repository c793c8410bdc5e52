"""HTTP: matching by hand (watch contract 3.12), and the key to TMDb."""

from homemedia.accounts import Admin, Caller
from homemedia.core.http.routes import Routes
from homemedia.library.browse import Browse
from homemedia.library.tmdb.keys import KeyRing
from homemedia.library.tmdb.matcher import Matcher
from homemedia.library.tmdb.service import TmdbService
from homemedia.library.tmdb.wire import (
    ApplyAnswer,
    ApplyRequest,
    KeyAnswer,
    KeyRequest,
    RefreshAnswer,
    RefreshRequest,
    SearchAnswer,
    SearchRequest,
    SourcesAnswer,
    key_answer,
    search_answer,
)

# What a request without a body asks for.
BY_ITSELF, GENTLY = SearchRequest(), RefreshRequest()


class MatchRoutes:
    routes = Routes("library", prefix="/api")

    def __init__(self, tmdb: TmdbService, matcher: Matcher, keys: KeyRing, browse: Browse) -> None:
        self._tmdb = tmdb
        self._matcher = matcher
        self._keys = keys
        self._browse = browse

    @routes.post("/match/{rating_key}/search")
    async def search(self, actor: Admin, rating_key: str, body: SearchRequest = BY_ITSELF) -> SearchAnswer:
        """Look on TMDb for what an item may be."""
        _ = actor
        return search_answer(await self._tmdb.search(rating_key, body.wish()))

    @routes.post("/match/{rating_key}/apply")
    async def apply(self, actor: Admin, rating_key: str, body: ApplyRequest) -> ApplyAnswer:
        """Say which film or show an item is, and take over what TMDb knows of it."""
        edit_id = await self._tmdb.apply(rating_key, body.tmdb_id, force=body.force, actor=actor)
        return ApplyAnswer(item=await self._browse.detail(actor, rating_key), edit_id=edit_id)

    @routes.post("/match/{rating_key}/refresh")
    async def refresh(self, actor: Admin, rating_key: str, body: RefreshRequest = GENTLY) -> RefreshAnswer:
        """Ask TMDb again about an item that is matched."""
        updated = await self._tmdb.refresh(rating_key, force=body.force, actor=actor)
        return RefreshAnswer(item=await self._browse.detail(actor, rating_key), updated_fields=updated)

    @routes.get("/home/library/tmdb")
    async def get_key(self, actor: Admin) -> KeyAnswer:
        """Tell whether there is a key to TMDb and how it works, never the key."""
        _ = actor
        return await self._state()

    @routes.put("/home/library/tmdb")
    async def put_key(self, actor: Admin, body: KeyRequest) -> KeyAnswer:
        """Enter a key to TMDb, which is tried before it is kept, or forget it."""
        await self._tmdb.enter_key(body.key, actor)
        return await self._state()

    @routes.get("/home/library/sources")
    async def sources(self, actor: Caller) -> SourcesAnswer:
        """Tell which catalogues of others are in use, so that they can be named."""
        _ = actor
        return SourcesAnswer(tmdb=self._tmdb.is_configured)

    async def _state(self) -> KeyAnswer:
        return key_answer(self._keys.state, await self._matcher.waiting())
