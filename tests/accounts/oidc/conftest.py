import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.accounts.guard import Guard
from homemedia.accounts.oidc.config import ConfigDesk
from homemedia.accounts.oidc.desk import Desk
from homemedia.accounts.oidc.flow import Flow
from homemedia.accounts.oidc.people import People
from homemedia.accounts.oidc.photo_routes import OauthRoutes
from homemedia.accounts.oidc.provider import Provider
from homemedia.accounts.oidc.routes import CloudRoutes, OidcRoutes
from homemedia.accounts.site import Site
from homemedia.settings import OidcSettings
from tests.accounts.porch import PASSWORD, Porch
from tests.support.fakes import FakeClock
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, StandIn

Json = dict[str, Any]


class House:
    """A small house with a provider beside it, and what a test asks of both."""

    def __init__(self, porch: Porch, there: StandIn) -> None:
        self.porch = porch
        self.there = there
        self.config = ConfigDesk(porch.db, porch.clock)
        self.provider = Provider(porch.clock, limit_s=0.5)
        self.people = People(
            porch.db, self.config, porch.members, porch.sessions, porch.invites, porch.claims, porch.clock
        )
        self.admin = ""

    def owners(self, site: Site, guard: Guard) -> Iterable[object]:
        porch = self.porch
        desk = Desk(self.config, self.provider)
        flow = self.flow = Flow(porch.db, self.config, self.provider, porch.clock)
        people, members, invites = self.people, porch.members, porch.invites
        return (
            CloudRoutes(flow, people, desk, invites, members, porch.household, site),
            OidcRoutes(flow, people, desk, invites, site, guard),
            OauthRoutes(flow, people, desk, invites, members, site, porch.photo_accounts.get),
        )

    def give(self, **settings: Any) -> None:
        """Settings from outside: the provider switched on, changed by `settings`."""
        given: Json = {
            "enabled": True,
            "issuer": self.there.issuer,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }
        self.config = ConfigDesk(self.porch.db, self.porch.clock, OidcSettings(**(given | settings)))
        self.people._desk = self.config

    async def open(
        self, *, is_claimed: bool = True, public_url: str | None = None, **settings: Any
    ) -> TestClient[Any, Any]:
        self.give(**settings)
        self.porch.makers.append(self.owners)
        client = await self.porch.open(public_url=public_url)
        if is_claimed:
            self.admin = await self.porch.claim(self.porch.device())
        return client

    async def invite(self, **body: Any) -> str:
        answer = await self.porch.device().post("/api/invites", json=body, headers=self.bearer(self.admin))
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["invite"]["token"])

    async def login(self, client: TestClient[Any, Any], username: str) -> str:
        answer = await client.post("/api/auth/login", json={"username": username, "password": PASSWORD})
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["token"])

    async def members(self) -> dict[str, Json]:
        answer = await self.porch.device().get("/api/users", headers=self.bearer(self.admin))
        return {one["username"]: one for one in await answer.json()}

    async def identities(self) -> list[tuple[str, str]]:
        rows = await self.porch.db.read(
            "SELECT subject, user.username FROM user_identity JOIN user USING (user_id) ORDER BY subject"
        )
        return [(row[0], row[1]) for row in rows]

    @staticmethod
    def bearer(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    # The flow, as a browser goes it

    async def begin(self, client: TestClient[Any, Any], **body: Any) -> str:
        """Begin on our own page and let the provider approve: the address it leads back to."""
        answer = await client.post("/api/home/accounts/oidc/begin", json=body)
        assert answer.status == 200, await answer.text()
        return self.there.approve((await answer.json())["url"])

    async def finish(self, client: TestClient[Any, Any], url: str) -> tuple[int, Json]:
        answer = await client.post("/api/home/accounts/oidc/finish", json={"url": url})
        return answer.status, await answer.json()


@pytest.fixture
async def there(clock: FakeClock) -> AsyncIterator[StandIn]:
    async with StandIn(now_s=lambda: clock.now_ms() // 1000) as provider:
        yield provider


@pytest.fixture
async def house(porch: Porch, there: StandIn) -> AsyncIterator[House]:
    async with contextlib.AsyncExitStack() as stack:
        made = House(porch, there)
        stack.push_async_callback(made.provider.close)
        yield made
