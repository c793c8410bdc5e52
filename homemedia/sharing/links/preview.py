"""What a messenger shows of a link before anybody opens it (photos §6.7); nothing of one that wants a password."""

from collections.abc import Callable
from typing import Final, Literal
from urllib.parse import quote

import msgspec
from aiohttp import web

from homemedia.core.problems import NotFound, TooMany
from homemedia.sharing.links.contents import Contents
from homemedia.sharing.links.desk import Links, guest_of
from homemedia.sharing.links.slices import LinkPage
from homemedia.sharing.links.wire import BASE
from homemedia.sharing.models import Visit
from homemedia.sharing.targets import Thing

NAMELESS: Final = "Public Share"
PICTURES: Final = frozenset({"collection", "media_set"})


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a link says of it. `image` is a whole address."""

    state: Literal["open", "shut", "gone"]
    title: str = ""
    description: str = ""
    image: str | None = None


class Previews:
    """Looks at links without opening them.

    Args:
        links: the desk.
        contents: what lies behind links.
        visit: where a request comes from.
        url: scheme and host under which this request reached us.
    """

    def __init__(
        self,
        links: Links,
        contents: Contents,
        visit: Callable[[web.Request], Visit],
        url: Callable[[web.Request], str],
    ) -> None:
        self._links = links
        self._contents = contents
        self._visit = visit
        self._url = url

    async def of(self, request: web.Request, name: str) -> Preview:
        """What may be shown of a link, by token or slug."""
        try:
            share, standing, maker = await self._links.find(name, self._visit(request).address)
        except (NotFound, TooMany):
            return Preview(state="gone")
        if standing.status == "expired" or standing.thing is None:
            return Preview(state="gone")
        if self._links.is_shut(share):
            return Preview(state="shut")
        guest = guest_of(share, maker, standing.rights)
        first = await self._contents.page(guest, LinkPage(limit=1))
        picture = next((one for one in first.items if one.has_picture and not one.is_container), None)
        image = None
        if picture is not None:
            at = f"{BASE}/{quote(name, safe='')}/media/{quote(picture.item_id, safe='')}/preview"
            image = self._url(request) + at
        return Preview(
            state="open",
            title=standing.thing.title if share.target_type != "media_set" else NAMELESS,
            description=_description(standing.thing, first.total),
            image=image,
        )


def _description(thing: Thing, total: int) -> str:
    return f"{total} shared photos & videos" if thing.target_type in PICTURES else thing.title
