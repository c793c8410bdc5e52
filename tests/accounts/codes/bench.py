"""What the tests of codes and of the clip API's household are made with: the parts over the small house."""

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

from homemedia.accounts import Member
from homemedia.accounts.codes.desk import SenderDesk
from homemedia.accounts.codes.gateways import GatewayClient
from homemedia.accounts.codes.routes import SenderRoutes
from homemedia.accounts.codes.senders import CodeShown
from homemedia.accounts.codes.service import CodeService
from homemedia.accounts.family.coming_in import ComingIn
from homemedia.accounts.family.group import GroupService
from homemedia.accounts.family.profile import ProfileService
from homemedia.accounts.family.routes import ClipAuthRoutes, ClipProfileRoutes, GroupRoutes, PhoneRoutes
from homemedia.accounts.site import Site
from homemedia.core.threads import Lane
from tests.accounts.porch import Porch

Client = TestClient[Any, Any]
PHONE = "+15550000001"


class Bench:
    """The parts. `shown` holds the codes that went to the log."""

    def __init__(self, porch: Porch) -> None:
        self.porch = porch
        self.shown: list[CodeShown] = []
        self.gateways = GatewayClient()
        self.lane = Lane("mail", 1)
        self.desk = SenderDesk(porch.db, self.gateways, self.lane, self._publish, porch.clock)

        async def house() -> str:
            return (await porch.household.read()).name

        self.codes = CodeService(porch.db, self.desk, house, porch.clock)
        self.group = GroupService(
            porch.db, porch.household, porch.members, porch.invites, self.codes, porch.clock, country_code="49"
        )
        self.coming_in = ComingIn(porch.db, self.codes, porch.invites, porch.sessions, porch.access, porch.clock)
        site = Site()
        porch.more_owners += [
            SenderRoutes(self.desk, porch.household),
            ClipAuthRoutes(self.coming_in, self.group, self._pending, site),
            GroupRoutes(self.group),
            ClipProfileRoutes(ProfileService(porch.db, porch.clock)),
            PhoneRoutes(self.coming_in),
        ]

    async def _pending(self, request: web.Request) -> Member:
        return await self.porch.guard.pending(request)

    def _publish(self, event: object) -> None:
        assert isinstance(event, CodeShown)
        self.shown.append(event)

    @property
    def code(self) -> str:
        """The code that was shown last."""
        return self.shown[-1].code

    @property
    def wrong_code(self) -> str:
        return "111111" if self.code != "111111" else "222222"

    async def close(self) -> None:
        await self.gateways.close()
        await self.lane.close()

    async def act(self, client: Client, action: str, status: int = 200, **body: Any) -> Any:
        """One action of `POST /api/auth`; the address is never the reason for a refusal."""
        self.coming_in._asks.clear("127.0.0.1")
        self.coming_in._joins.clear("127.0.0.1")
        answer = await client.post("/api/auth", json={"action": action} | body)
        found = await answer.json()
        assert answer.status == status, found
        return found

    async def invite_code(self) -> str:
        return (await self.group.read()).invite_code

    async def joined(self) -> Client:
        """Somebody who has begun to join."""
        client = self.porch.device()
        await self.act(client, "join", inviteCode=await self.invite_code())
        return client

    async def prove(self, client: Client, phone: str = PHONE) -> None:
        await self.act(client, "send-code", phone=phone)
        await self.act(client, "verify-code", phone=phone, code=self.code)

    async def member(self, username: str = "ann", phone: str = PHONE) -> Client:
        """Somebody who has joined by the clip API."""
        client = await self.joined()
        await self.prove(client, phone)
        await self.act(client, "onboard", username=username, phone=phone)
        return client


async def call(client: Client, method: str, path: str, status: int = 200, body: Any = None) -> Any:
    answer = await client.request(method, path, json=body) if body is not None else await client.request(method, path)
    found = await answer.json()
    assert answer.status == status, found
    return found
