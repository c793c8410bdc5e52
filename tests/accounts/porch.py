"""A small house: the real edge, routes and guard over a real database, without anything above accounts."""

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.accounts import Admin, Caller, Viewer
from homemedia.accounts.api_keys.routes import ApiKeyRoutes
from homemedia.accounts.api_keys.service import ApiKeyService
from homemedia.accounts.claim import ClaimService
from homemedia.accounts.guard import Guard
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.invites import InviteService
from homemedia.accounts.invites_routes import InviteRoutes, StandingInviteRoutes
from homemedia.accounts.key_login.pairs import Pairs
from homemedia.accounts.key_login.routes import KeyLoginRoutes, OwnKeyRoutes
from homemedia.accounts.key_login.service import KeyLogin
from homemedia.accounts.keys import Keys
from homemedia.accounts.links import LinkService
from homemedia.accounts.members import MemberService
from homemedia.accounts.members_routes import MemberRoutes, OwnMemberRoutes
from homemedia.accounts.pairing.routes import PairingRoutes
from homemedia.accounts.pairing.service import PairingService
from homemedia.accounts.password_login import PasswordLogin
from homemedia.accounts.password_login_routes import PasswordLoginRoutes
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.photo_account.accounts import PhotoAccountService
from homemedia.accounts.photo_account.admin_routes import PhotoAdminRoutes
from homemedia.accounts.photo_account.further import FurtherSessions
from homemedia.accounts.photo_account.pin import PinService
from homemedia.accounts.photo_account.preferences import PhotoPreferenceService
from homemedia.accounts.photo_account.routes import (
    FurtherSessionRoutes,
    PhotoAuthRoutes,
    PhotoUserRoutes,
    WellKnownRoutes,
)
from homemedia.accounts.preferences import PreferenceService
from homemedia.accounts.protocols import Libraries
from homemedia.accounts.routes import AccountRoutes, HouseholdRoutes, SignInRoutes
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.sign_in import SignInService
from homemedia.accounts.site import Site
from homemedia.accounts.tokens import Tokens
from homemedia.core.db import Database, Write
from homemedia.core.http.cors import Cors
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.limits import parse_proxies
from homemedia.core.http.routes import Routes, mount
from homemedia.core.http.wire import Wire
from homemedia.core.ids import new_uuid
from homemedia.core.jobs import Jobs
from homemedia.core.problems import BadRequest
from tests.support.fakes import FakeClock

PASSWORD = "correct horse"
Ask = Callable[[str], Awaitable[tuple[int, str]]]


class Seen(Wire, frozen=True, kw_only=True):
    user_id: str


class Doors:
    """One route of each level, on a watch path and on one of our own."""

    routes = Routes("doors", prefix="/api")

    @routes.get("/libraries")
    async def watch_user(self, actor: Caller) -> Seen:
        return Seen(user_id=actor.user_id)

    @routes.post("/progress")
    async def watch_write(self, actor: Caller) -> Seen:
        return Seen(user_id=actor.user_id)

    @routes.get("/home/doors/user")
    async def own_user(self, actor: Caller) -> Seen:
        return Seen(user_id=actor.user_id)

    @routes.get("/home/doors/media")
    async def own_media(self, actor: Viewer) -> Seen:
        return Seen(user_id=actor.user_id)

    @routes.get("/home/doors/admin")
    async def own_admin(self, actor: Admin) -> Seen:
        return Seen(user_id=actor.user_id)


class Shelves:
    """Libraries that are nothing but names: what the accounts ask of the floors above."""

    def __init__(self) -> None:
        self.known = {"films": ("Films", "movie"), "shows": ("Shows", "show")}
        self.named: dict[str, list[str]] = {}
        self.lost: dict[str, list[str]] = {}

    async def check(self, libraries: Libraries) -> None:
        if not isinstance(libraries, str) and set(libraries) - set(self.known):
            raise BadRequest("There is no such library.", code="unknown_library", field="libraries")

    async def check_ratings(self, ratings: Iterable[str]) -> None:
        if set(ratings) - {"PG", "R", "FSK-16"}:
            raise BadRequest("Nobody knows this rating.", code="unknown_rating")

    async def of(self, user_ids: Iterable[str]) -> dict[str, list[str]]:
        return {user_id: self.named.get(user_id, []) for user_id in user_ids}

    async def names(self, libraries: Libraries) -> list[tuple[str, str]]:
        return [found for name, found in self.known.items() if libraries == "all" or name in libraries]

    async def set(self, tx: Write, user_id: str, libraries: Libraries, *, by: str, origin: str) -> None:
        del tx, by, origin
        self.named[user_id] = [] if isinstance(libraries, str) else list(libraries)

    async def end(self, tx: Write, user_id: str, *, by: str) -> None:
        del tx, by
        if user_id in self.named:
            self.lost[user_id] = self.named.pop(user_id)

    async def give_back(self, tx: Write, user_id: str, *, gone_at: int) -> None:
        del tx, gone_at
        self.named[user_id] = self.lost.pop(user_id, [])


class Porch:
    """The running house and what a test asks of it."""

    def __init__(self, folder: Path, db: Database, clock: FakeClock) -> None:
        self.folder = folder
        self.db = db
        self.clock = clock
        self.events: list[object] = []
        self.slept: list[float] = []
        self.more_owners: list[object] = []
        # Make owners that need to know the way in: site and guard stand only once the house is open.
        self.makers: list[Callable[[Site, Guard], Iterable[object]]] = []
        self.keys = Keys.load(folder / "keys")
        self.tokens = Tokens(self.keys, clock)
        self.passwords = Passwords()
        self.household = HouseholdService(db, clock)
        self.sessions = SessionService(db, self.tokens, clock)
        self.claims = ClaimService(db, self.sessions, self.passwords, clock)
        self.password_login = PasswordLogin(db, clock)
        self.sign_in = SignInService(
            db, self.sessions, self.passwords, clock, switch=self.password_login, sleep=self._sleep
        )
        self.access = Shelves()
        self.members = MemberService(db, self.sessions, self.passwords, self.access, clock)
        self.jobs = Jobs(db, clock)
        self.jobs.lane("upkeep", 1)
        self.members.register(self.jobs)
        self.pairs = Pairs(db, self.tokens, clock)
        self.key_login = KeyLogin(db, self.keys.identity, self.claims, self.sessions, self.pairs, clock)
        self.links = LinkService(db, self.tokens, self.sessions, clock)
        self.invites = InviteService(db, self.members, self.sessions, self.passwords, self.access, clock)
        self.preferences = PreferenceService(db)
        self.photo_accounts = PhotoAccountService(db, self.members, self.sessions, self.passwords, self.claims, clock)
        db.on_events = self.events.append
        self._clients: list[TestClient[Any, Any]] = []
        self._servers: list[TestServer] = []

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def open(
        self, *, proxies: tuple[str, ...] = (), public_url: str | None = None, origins: tuple[str, ...] = ()
    ) -> TestClient[Any, Any]:
        """Serve, and answer a client without cookies."""
        site = Site(parse_proxies(proxies), lambda: public_url)
        self.guard = Guard(self.db, self.tokens, self.sessions, site, self.clock)
        app = web.Application(middlewares=[edge])
        app.on_response_prepare.append(dress)
        app.on_response_prepare.append(self.guard.renew_cookie)
        pins = PinService(self.db, self.sessions, self.passwords, self.clock, sleep=self._sleep)
        photo_preferences = PhotoPreferenceService(self.db, self.preferences)
        owners: list[object] = [
            SignInRoutes(self.claims, self.sign_in, self.links, self.members, site),
            AccountRoutes(self.sessions, self.members, self.preferences),
            PasswordLoginRoutes(self.password_login),
            ApiKeyRoutes(ApiKeyService(self.db, self.sessions, self.clock)),
            WellKnownRoutes(),
            PhotoUserRoutes(self.photo_accounts, photo_preferences),
            PhotoAuthRoutes(self.photo_accounts, self.sign_in, pins, site),
            FurtherSessionRoutes(FurtherSessions(self.db, self.sessions, self.clock), pins, site),
            PhotoAdminRoutes(self.photo_accounts, photo_preferences, self.members),
            HouseholdRoutes(self.household),
            MemberRoutes(self.members, self.links, site),
            OwnMemberRoutes(self.members, self.preferences),
            InviteRoutes(self.invites, self.members, self.household, site, self.clock),
            StandingInviteRoutes(self.invites, site),
            PairingRoutes(PairingService(self.db, self.sessions, self.clock), self.members, site),
            KeyLoginRoutes(self.key_login, self.pairs, self.household, self.guard, site, lambda: public_url),
            OwnKeyRoutes(self.key_login, self.members),
            Doors(),
            *self.more_owners,
            *(owner for make in self.makers for owner in make(site, self.guard)),
        ]
        Cors(origins).mount(app, mount(app, owners, self.guard))
        server = TestServer(app)
        await server.start_server()
        self._servers.append(server)
        return self.device()

    def device(self) -> TestClient[Any, Any]:
        """Another device: no cookies yet."""
        client = TestClient(self._servers[-1], cookie_jar=CookieJar(unsafe=True))
        self._clients.append(client)
        return client

    async def claim(self, client: TestClient[Any, Any], **body: Any) -> str:
        answer = await client.post("/api/auth/setup", json={"password": PASSWORD} | body)
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["token"])

    async def add_member(
        self, username: str, password: str | None = PASSWORD, *, is_admin: bool = False, **columns: Any
    ) -> str:
        """A member as a later door would make him."""
        row = {
            "user_id": new_uuid(),
            "username": username,
            "username_key": columns.pop("username_key", username.casefold()),
            "display_name": username,
            "password_hash": await self.passwords.hash(password) if password is not None else None,
            "is_admin": int(is_admin),
            "created_at": self.clock.now_ms(),
        } | columns
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        async with self.db.write() as tx:
            await tx.run(f"INSERT INTO user ({names}) VALUES ({values})", row)  # noqa: S608 - names of ours
        return str(row["user_id"])

    async def set(self, table: str, where: str, **columns: Any) -> None:
        sets = ", ".join(f"{name} = :{name}" for name in columns)
        async with self.db.write() as tx:
            assert await tx.run(f"UPDATE {table} SET {sets} WHERE {where}", columns)  # noqa: S608 - names of ours

    async def close(self) -> None:
        for client in self._clients:
            await client.close()
        for server in self._servers:
            await server.close()
        await self.passwords.close()
