"""The composition root: builds every part of one household's server once, in order, and stops them in reverse.

Nothing else builds services. Siblings that must know of each other meet here, through a protocol or an event.
"""

import ipaddress
import logging
import platform
import socket
from typing import Any, Self

import msgspec
from aiohttp import web

from homemedia import __version__
from homemedia.accounts import HouseholdChanged, SessionEnded
from homemedia.accounts.claim import ClaimService
from homemedia.accounts.guard import Guard
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.keys import Keys
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.routes import AccountRoutes, HouseholdRoutes, SignInRoutes
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.sign_in import SignInService
from homemedia.accounts.site import Site
from homemedia.accounts.tokens import Tokens
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.limits import parse_proxies
from homemedia.core.http.live import LiveChannel
from homemedia.core.http.openapi import document
from homemedia.core.http.routes import Route, Routes, mount
from homemedia.core.jobs import Jobs
from homemedia.core.lifecycle import Stack
from homemedia.core.places import Places
from homemedia.settings import Settings
from homemedia.web import ClientFiles, Pages

_log = logging.getLogger(__name__)

# Jobs at once, by lane.
LANES = {"scan": 2, "image": 1, "upkeep": 1}


class DocumentRoutes:
    """The document of all routes, from the server itself."""

    routes = Routes("server", prefix="/api")

    def __init__(self) -> None:
        self._encoded = b""

    @routes.get("/openapi.json", public=True)
    async def get_document(self) -> web.Response:
        """Describe every route of this server (OpenAPI 3.1)."""
        if not self._encoded:
            self._encoded = api_document().encode()
        return web.Response(body=self._encoded, content_type="application/json", headers={"Cache-Control": "no-cache"})


ROUTE_CLASSES: tuple[Any, ...] = (
    DocumentRoutes,
    SignInRoutes,
    AccountRoutes,
    HouseholdRoutes,
)


def declared_routes() -> list[Route]:
    """Every route of the program, without starting anything."""
    return [route for owner in ROUTE_CLASSES for route, _ in owner.routes.declared]


def api_document() -> str:
    """The OpenAPI document as it is committed: indented JSON with a line break at the end."""
    made = document(declared_routes(), version=__version__)
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"


class Server:
    """Everything one household's server is made of. An async context manager; the database is already migrated.

    Args:
        settings: decided before the start.
        places: folders; made already.
        clock: the time; tests turn their own.
    """

    http: web.Application
    db: Database
    jobs: Jobs
    live: LiveChannel

    def __init__(self, settings: Settings, places: Places, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.places = places
        self.clock = clock or Clock()
        self.bus = EventBus()
        self.routes: list[Route] = []
        self.is_claimed = False
        self.setup_code = ""
        self._household_name = ""
        self._stack = Stack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.close()

    async def _start(self) -> None:
        self.db = await Database.open(self.places.database, clock=self.clock)
        self._stack.push("database", self.db.close)
        self.db.on_events = self.bus.publish
        self._stack.push("events", self.bus.close)
        self.jobs = Jobs(self.db, self.clock)
        for name, limit in LANES.items():
            self.jobs.lane(name, limit)
        self.db.on_jobs = self.jobs.wake

        owners = [DocumentRoutes(), *await self._accounts()]
        self.live = LiveChannel(self.bus, self._who_listens, self.clock)
        self._wire_events()
        self._stack.push("live channel", self.live.close)
        await self._stack.enter("jobs", self.jobs, stop_s=6.0)
        self.http = self._application(owners)

    async def _accounts(self) -> list[object]:
        self._site = Site(
            parse_proxies(self.settings.server.trusted_proxies), lambda: self.settings.server.public_url or None
        )
        tokens = Tokens(Keys.load(self.places.keys_dir), self.clock)
        passwords = Passwords()
        self._stack.push("passwords", passwords.close)
        self.household = HouseholdService(self.db, self.clock)
        self._household_name = (await self.household.ensure(platform.node() or "HomeMedia")).name
        sessions = await self._stack.enter("sessions", SessionService(self.db, tokens, self.clock))
        claims = ClaimService(self.db, sessions, passwords, self.clock)
        sign_in = SignInService(self.db, sessions, passwords, self.clock)
        self.guard = Guard(self.db, tokens, sessions, self._site, self.clock)
        self.setup_code = claims.setup_code
        self.is_claimed = not await claims.is_open()
        return [
            SignInRoutes(claims, sign_in, self._site),
            AccountRoutes(sign_in, sessions, self._site, self.clock),
            HouseholdRoutes(self.household),
        ]

    async def _who_listens(self, request: web.Request, token: str | None) -> Any:  # noqa: ANN401 - the live channel knows no members
        if token is None:
            return await self.guard.of_socket(request)
        return await self.guard._admit(request, token)  # noqa: SLF001

    def _wire_events(self) -> None:
        self.bus.subscribe(HouseholdChanged, self._household_changed)
        self.bus.subscribe(
            SessionEnded, lambda event: self.live.end(lambda actor: actor.session_id == event.session_id)
        )
        self.live.forward(HouseholdChanged, "household.changed", "system", lambda _event: {})

    async def _household_changed(self, _event: HouseholdChanged) -> None:
        household = await self.household.read()
        self._household_name = household.name
        self.is_claimed = household.is_claimed

    def _application(self, owners: list[object]) -> web.Application:
        app = web.Application(middlewares=[edge], client_max_size=1 << 20)
        app.on_response_prepare.append(dress)
        app.on_response_prepare.append(self.guard.renew_cookie)
        self.routes = mount(app, owners, self.guard)
        app.router.add_get("/ws", self.live.handle)
        Pages(ClientFiles(), lambda: self._household_name).mount(app)
        return app

    async def announce(self, stack: Stack, sockets: list[socket.socket]) -> None:
        """Tell the network where we are, unless told not to or listening on loopback only."""
        if not self.settings.server.announce or all(_is_loopback(listener) for listener in sockets):
            return
        del stack


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(str(listener.getsockname()[0]).split("%")[0]).is_loopback


async def reset_password(settings: Settings, places: Places, name: str, password: str) -> None:
    """Set a member's password without a running server; ends all sessions of the member.

    Raises:
        AppError: there is no such member, or the password breaks a rule.
    """
    del settings
    clock = Clock()
    db = await Database.open(places.database, clock=clock)
    passwords = Passwords()
    try:
        sessions = SessionService(db, Tokens(Keys.load(places.keys_dir), clock), clock)
        await SignInService(db, sessions, passwords, clock).reset_password(name, password)
    finally:
        await passwords.close()
        await db.close()
