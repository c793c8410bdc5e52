"""HTTP of moving pictures (clips §7.6), and of the key to them."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from homemedia.accounts import Admin, Caller
from homemedia.clips.gifs import Gifs
from homemedia.clips.gifs_models import Gif, KeyState
from homemedia.core.http.families import Family
from homemedia.core.http.numbers import page_of
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire

USUAL_PAGE, MAX_PAGE = 20, 30
# GIPHY knows none further on.
MAX_OFFSET = 4999


class GifWire(Wire, frozen=True, kw_only=True):
    """A picture at GIPHY; `shareUrl` is what a comment holds."""

    id: str
    title: str
    url: str
    still_url: str
    share_url: str
    width: int
    height: int


class GifsAnswer(Wire, frozen=True, kw_only=True):
    gifs: list[GifWire]


class GifKeyBody(Wire, frozen=True, kw_only=True):
    """The key to GIPHY; null forgets it."""

    key: Annotated[str, Meta(max_length=1000)] | None


class GifKeyAnswer(Wire, frozen=True, kw_only=True):
    """How it stands with GIPHY, never the key. `ok` is null while the key was not tried."""

    configured: bool
    fixed: bool
    ok: bool | None


class GifRoutes:
    routes = Routes("clips", prefix="/api/gifs", family=Family.CLIPS)

    def __init__(self, gifs: Gifs) -> None:
        self._gifs = gifs

    @routes.get("/search")
    async def search(self, actor: Caller, request: web.Request) -> GifsAnswer:  # noqa: ARG002 - any member may
        """Look for moving pictures; without words, what is liked just now."""
        asked = request.query
        limit, offset = page_of(asked.get("limit"), asked.get("offset"), usual=USUAL_PAGE, most=MAX_PAGE)
        found = await self._gifs.search(asked.get("q", ""), limit=limit, offset=min(offset, MAX_OFFSET))
        return GifsAnswer(gifs=[_gif(one) for one in found])


class GifKeyRoutes:
    routes = Routes("clips", prefix="/api/home/clips/gif-key")

    def __init__(self, gifs: Gifs) -> None:
        self._gifs = gifs

    @routes.get("")
    async def get_key(self, actor: Admin) -> GifKeyAnswer:  # noqa: ARG002 - any administrator may
        """Tell whether there is a key to GIPHY and how it works, never the key."""
        return _state(self._gifs.state)

    @routes.put("")
    async def put_key(self, actor: Admin, body: GifKeyBody) -> GifKeyAnswer:
        """Enter a key to GIPHY, which is tried before it is kept, or forget it."""
        await self._gifs.enter_key(body.key, by=actor.user_id)
        return _state(self._gifs.state)


def _gif(one: Gif) -> GifWire:
    return GifWire(
        id=one.id,
        title=one.title,
        url=one.url,
        still_url=one.still_url,
        share_url=one.share_url,
        width=one.width,
        height=one.height,
    )


def _state(state: KeyState) -> GifKeyAnswer:
    return GifKeyAnswer(configured=state.is_configured, fixed=state.is_fixed, ok=state.is_ok)
