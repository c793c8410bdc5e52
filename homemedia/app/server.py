"""One household's server: every part of it built once, in order, and stopped in reverse."""

import socket
from collections.abc import Sequence
from typing import Self

from aiohttp import web

from homemedia.accounts import HouseholdChanged
from homemedia.app.about import About
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.clips import Clips
from homemedia.app.desktop import Desktop
from homemedia.app.entrance import Entrance
from homemedia.app.heap_live import HeapLive
from homemedia.app.heaps import Heaps
from homemedia.app.library import Library
from homemedia.app.live import Live
from homemedia.app.network import Network
from homemedia.app.notices import Notices
from homemedia.app.photos import Photos
from homemedia.app.playback import Playback
from homemedia.app.routes import DocumentRoutes
from homemedia.app.sharing import Sharing
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.cors import Cors
from homemedia.core.http.errors import PICTURE_HOSTS, dress, edge, observers_of
from homemedia.core.http.families import Family
from homemedia.core.http.limits import FamilyPace, RateLimit
from homemedia.core.http.openfiles import keep_open_files
from homemedia.core.http.routes import Route, mount
from homemedia.core.jobs import Jobs
from homemedia.core.lifecycle import Stack
from homemedia.core.memory import give_back
from homemedia.core.places import Places
from homemedia.core.rest import Rest
from homemedia.library.events import ScanFinished
from homemedia.server.https.door import Bind
from homemedia.settings import Settings
from homemedia.web import ClientFiles, Pages

# What one login may ask of the clip routes (clips §1.2).
CLIPS_A_MINUTE = 120
# And of the heap routes (heaps §1.4).
HEAPS_A_MINUTE = 600


class Server:
    """Everything one household's server is made of. An async context manager; the database is already migrated.

    Args:
        settings: decided before the start.
        places: folders; made already.
        clock: the time; tests turn their own.

    Attributes:
        http: what answers requests.
        routes: those it answers, in the order in which they are looked through.
    """

    db: Database
    jobs: Jobs
    http: web.Application
    entrance: Entrance
    sharing: Sharing
    accounts: Accounts
    library: Library
    playback: Playback
    photos: Photos
    clips: Clips
    heaps: Heaps
    heap_live: HeapLive
    network: Network
    about: About
    desktop: Desktop
    notices: Notices
    live: Live

    def __init__(self, settings: Settings, places: Places, *, clock: Clock | None = None) -> None:
        self.base = Base(settings, places, clock or Clock())
        self.settings, self.places = settings, places
        self.clock, self.bus = self.base.clock, self.base.bus
        self.routes: list[Route] = []
        self._client = ClientFiles()
        self.is_claimed = False

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.base.stack.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.base.stack.close()

    @property
    def setup_code(self) -> str:
        """Claims the household from outside the house."""
        return self.accounts.setup_code

    async def _start(self) -> None:
        base = self.base
        await base.open()
        self.db, self.jobs = base.db, base.jobs
        owners = [DocumentRoutes(), *await self._slices()]
        base.bus.subscribe(ScanFinished, lambda _event: self._give_back())
        base.bus.subscribe(HouseholdChanged, self._household_changed)
        self.live = Live(base, self.entrance, self.accounts, self.sharing)
        self.live.start()
        self.clips.tell(self.live.channel)
        self.live.sights.append(self.heaps.sight)
        self.heaps.tell(self.live.channel)
        await self.heap_live.tell(self.live.channel)
        self.about.realtime = lambda: self.heap_live.realtime(self.live.channel)
        await base.stack.enter("sweeper", self.entrance.sweeper)
        await self.sharing.keep_up()
        await base.stack.enter("jobs", base.jobs, stop_s=6.0)
        self.http = self._application(owners)
        rest = await base.stack.enter("rest", Rest(self._give_back))
        observers_of(self.http).append(rest.stir)
        rest.stir()
        await self.sharing.note_uses(self.http)

    async def _slices(self) -> list[object]:
        """Each is handed those it stands on."""
        base = self.base
        entrance = self.entrance = Entrance(base)
        await entrance.start()
        sharing = self.sharing = Sharing(base, entrance, self._client)
        shared = await sharing.start()
        accounts = self.accounts = Accounts(base, entrance)
        members = await accounts.start()
        self.is_claimed = accounts.is_claimed
        library = self.library = Library(base, entrance, accounts, sharing)
        found = await library.start()
        playback = self.playback = Playback(base, entrance, accounts, sharing, library)
        played = await playback.start()
        photos = self.photos = Photos(base, entrance, accounts, sharing, library, playback)
        kept = await photos.start()
        self.clips = Clips(base, entrance, accounts, sharing, library, playback, photos)
        clips = await self.clips.start()
        self.heaps = Heaps(base, entrance, accounts, sharing, library, photos)
        notes = await self.heaps.start()
        self.heap_live = HeapLive(base, entrance, accounts, self.heaps)
        notes += await self.heap_live.start()
        self.network = Network(base, entrance)
        self.about = About(base, entrance, accounts, library, playback, photos, self.network)
        told = await self.about.start()
        self.notices = Notices(base, entrance, accounts)
        told += await self.notices.start()
        self.desktop = Desktop(base, entrance, library, playback, photos, self.about, lambda: self.is_claimed)
        return [*shared, *members, *found, *played, *kept, *clips, *notes, *told, *await self.desktop.start()]

    async def _give_back(self) -> None:
        """Memory that was needed for what is over now."""
        await self.db.shrink()
        give_back()

    async def _end_sockets(self, _app: web.Application) -> None:
        await self.desktop.door.close()
        await self.live.close()
        await self.heap_live.scans.close()

    async def _household_changed(self, _event: HouseholdChanged) -> None:
        household = await self.entrance.household.read()
        self.entrance.house_name = household.name
        self.is_claimed = household.is_claimed
        self.network.rename(household.name)

    def _application(self, owners: list[object]) -> web.Application:
        base, guard = self.base, self.entrance.guard
        app = web.Application(middlewares=[edge], client_max_size=1 << 20)
        observers_of(app).append(self.entrance.requests.observe)
        app.on_response_prepare.append(dress)
        app[PICTURE_HOSTS] = lambda: self.clips.talk.gifs.hosts
        app.on_response_prepare.append(guard.renew_cookie)
        app.cleanup_ctx.append(keep_open_files)
        # A page that is open somewhere would keep the stop waiting for as long as it may wait.
        app.on_shutdown.append(self._end_sockets)
        a_minute = {Family.CLIPS: CLIPS_A_MINUTE, Family.HEAPS: HEAPS_A_MINUTE}
        limits = {family: RateLimit(limit, 60.0, clock=base.clock) for family, limit in a_minute.items()}
        pace = FamilyPace(limits, self.entrance.site.address)
        self.routes = mount(app, owners, guard, pace)
        Cors(base.settings.server.cors_origins).mount(app, self.routes)
        app.router.add_get("/ws", self._socket)
        app.router.add_get("/api/ws", self.heap_live.scans.handle)
        self.live.apps.mount(app)
        Pages(self._client, lambda: self.entrance.house_name).mount(app)
        return app

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """One address for two kinds: documents as Yjs' providers speak of them, and our own client's channel."""
        if "block_id" in request.query:
            return await self.heaps.rooms.handle(request)
        return await self.live.channel.handle(request)

    async def announce(self, stack: Stack, sockets: Sequence[socket.socket], urls: Sequence[str]) -> None:
        """Tell the network where we are, unless told not to; `urls` are the addresses that are known to work."""
        await self.network.announce(stack, sockets, urls)

    async def serve_https(
        self, stack: Stack, runner: web.BaseRunner, sockets: Sequence[socket.socket], bind: Bind
    ) -> None:
        """Answer HTTPS too, where that is wanted, beside the `sockets` that answer plainly."""
        self.network.plain_port = int(sockets[0].getsockname()[1])
        await self.about.https.attach(runner, bind)
        stack.push("https listener", self.about.https.detach)
