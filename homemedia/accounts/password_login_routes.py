"""HTTP of the switch for passwords."""

from homemedia.accounts.models import Admin
from homemedia.accounts.password_login import PasswordLogin
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire


class PasswordLoginCard(Wire, frozen=True, kw_only=True):
    """Whether members come in by a password. `mayClose`: an administrator could come in without one."""

    enabled: bool
    may_close: bool


class PasswordLoginBody(Wire, frozen=True, kw_only=True):
    enabled: bool


class PasswordLoginRoutes:
    """What administrators do about passwords."""

    routes = Routes("accounts", prefix="/api/home/accounts")

    def __init__(self, passwords: PasswordLogin) -> None:
        self._passwords = passwords

    @routes.get("/password-login")
    async def get_password_login(self, actor: Admin) -> PasswordLoginCard:  # noqa: ARG002 - any administrator may
        """Say whether members come in by a password."""
        return await self._card()

    @routes.put("/password-login")
    async def put_password_login(self, actor: Admin, body: PasswordLoginBody) -> PasswordLoginCard:
        """Let members come in by a password, or not any more."""
        await self._passwords.change(is_on=body.enabled, by=actor.user_id)
        return await self._card()

    async def _card(self) -> PasswordLoginCard:
        return PasswordLoginCard(enabled=await self._passwords.load(), may_close=await self._passwords.may_close())
