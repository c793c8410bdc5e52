"""HTTP of the senders of codes: for administrators, and what a sign-in page must know."""

from homemedia.accounts.codes.desk import SenderDesk
from homemedia.accounts.codes.wire import (
    SendersAnswer,
    SendersBody,
    TestAnswer,
    TestBody,
    WaysAnswer,
    change_of,
    senders_answer,
    ways_answer,
)
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.models import Admin
from homemedia.core.http.routes import Routes


class SenderRoutes:
    """Who brings codes to members."""

    routes = Routes("accounts", prefix="/api/home/accounts")

    def __init__(self, desk: SenderDesk, household: HouseholdService) -> None:
        self._desk = desk
        self._household = household

    @routes.get("/codes", public=True)
    async def get_ways(self) -> WaysAnswer:
        """Say how one-time codes come to whoever asks for one."""
        return ways_answer(self._desk.senders())

    @routes.get("/senders")
    async def get_senders(self, actor: Admin) -> SendersAnswer:  # noqa: ARG002 - any administrator may
        """Show the senders without their secrets, and the codes that wait to be read out."""
        return self._answer()

    @routes.put("/senders")
    async def put_senders(self, actor: Admin, body: SendersBody) -> SendersAnswer:
        """Set senders up or take them away; what is left out stays."""
        await self._desk.change(change_of(body), by=actor)
        return self._answer()

    @routes.post("/senders/test")
    async def test_sender(self, actor: Admin, body: TestBody) -> TestAnswer:
        """Send a message that opens nothing."""
        await self._desk.test(body.by, body.to, house=(await self._household.read()).name, by=actor)
        return TestAnswer(sent=True, by=body.by)

    def _answer(self) -> SendersAnswer:
        return senders_answer(self._desk.config, self._desk.senders(), self._desk.console.shown())
