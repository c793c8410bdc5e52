"""Sharing: what members show each other, and whoever holds a link."""

import contextlib
from typing import Any

from aiohttp import web

from homemedia.accounts import Guest, Member
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.clips.events import ClipsChanged
from homemedia.core.http.errors import observers_of
from homemedia.core.http.transfers import Still, Transfers
from homemedia.core.threads import Lane
from homemedia.heaps.events import HeapChanged
from homemedia.library.events import LibraryRemoved
from homemedia.library.shared_targets import LibraryTargets
from homemedia.photos.albums.events import AlbumGone
from homemedia.photos.events import PhotosDeleted
from homemedia.photos.shared_targets import PhotoTargets
from homemedia.sharing.activity import Activity as ShareLog
from homemedia.sharing.links.contents import Contents as BehindLinks
from homemedia.sharing.links.desk import Links
from homemedia.sharing.links.door import Door
from homemedia.sharing.links.preview import Previews
from homemedia.sharing.links.routes import SharedRoutes
from homemedia.sharing.models import Visit
from homemedia.sharing.routes import ShareRoutes
from homemedia.sharing.shares import Shares
from homemedia.sharing.targets import Targets
from homemedia.sharing.upkeep import Upkeep
from homemedia.sharing.uses import Use, Uses
from homemedia.sharing.wire import visit_of
from homemedia.web import ClientFiles
from homemedia.web.link_pages import LinkPages

ROUTES: tuple[Any, ...] = (SharedRoutes, LinkPages, ShareRoutes)

# Answers that show what may have been shared.
SHARED_USES: dict[str, Use] = {
    "/api/media/{key}": ("accessed", "media", "key"),
    "/api/stream/{file_id}": ("accessed", "media", ""),
    "/api/assets/{id}": ("accessed", "media", "id"),
    "/api/albums/{id}": ("accessed", "collection", "id"),
    "/api/assets/{id}/original": ("downloaded", "media", "id"),
}


class Sharing:
    """What members share; whose things they are registers itself with `targets`.

    Attributes:
        behind_links: what lies behind links registers itself here.
        transfers: bytes that are being sent, and end when the right to them does.
    """

    transfers: Transfers
    uses: Uses

    def __init__(self, base: Base, entrance: Entrance, client: ClientFiles) -> None:
        self._base = base
        self._client = client
        self._entrance = entrance
        self.targets = Targets()
        self.targets.register(LibraryTargets(base.clock))
        self.targets.register(PhotoTargets(base.clock))
        entrance.grants.targets = self.targets

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, rules = self._base, self._base.settings.sharing
        self._entrance.grants.is_closed = rules.default_library_access == "none"
        self.transfers = await base.stack.enter("transfers", Transfers())
        log = await base.stack.enter(
            "log of shares", ShareLog(base.db, base.clock, stays_days=rules.activity_retention_days)
        )
        self.shares = Shares(base.db, self.targets, log, self._entrance.passwords, rules, base.clock)
        return [ShareRoutes(self.shares, self._entrance.site, base.clock), *await self._public_links(log)]

    async def _public_links(self, log: ShareLog) -> tuple[object, ...]:
        base, entrance = self._base, self._entrance
        links = self.links = Links(
            base.db, self.shares, log, entrance.passwords, entrance.tokens, base.settings.sharing, base.clock
        )
        self.behind_links = BehindLinks(base.db, self.shares)
        self.link_door = Door(links, self.visit, entrance.guard.beside)
        entrance.guard.links = self.link_door
        lane = await base.stack.enter("archives of links", Lane("archives of links", 2))
        self.shared_routes = SharedRoutes(
            links, self.behind_links, self.transfers, lane, self.visit, entrance.guard.beside
        )
        previews = Previews(links, self.behind_links, self.visit, entrance.site.url)
        return self.shared_routes, LinkPages(self._client, previews.of)

    def visit(self, request: web.Request) -> Visit:
        """Where a request came from."""
        return visit_of(request, self._entrance.site)

    def held(
        self, request: web.Request, actor: Member | Guest, still: Still | None
    ) -> contextlib.AbstractContextManager[None]:
        """While bytes are sent to who holds a link, or was shown what is another's: they stop when that is over."""
        if isinstance(actor, Member):
            if still is None:
                return contextlib.nullcontext()
            return self.transfers.open(request, whose=actor.user_id, still=still)
        return self.transfers.open(request, whose=actor.whose, still=lambda: self.links.again(actor))

    async def keep_up(self) -> None:
        """Shares end with what was shared, and when their time is over."""
        upkeep = Upkeep(self._base.db, self.shares, self._base.clock)
        for gone in (PhotosDeleted, AlbumGone, LibraryRemoved, ClipsChanged, HeapChanged):
            self._base.bus.subscribe(gone, lambda _event: upkeep.look_soon())
        await self._base.stack.enter("upkeep of shares", upkeep)

    async def note_uses(self, app: web.Application) -> None:
        """Write down who looks at what others showed him."""
        base, shares = self._base, self.shares
        self.uses = Uses(base.db, shares.targets, shares.log, SHARED_USES, self._entrance.site.address, base.clock)
        observers_of(app).append((await base.stack.enter("uses of shares", self.uses)).observe)
