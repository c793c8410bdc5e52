"""Whether members come in by a password: the switch that closes it, and who keeps it all the same (design, "login").

Threat: a house whose only door is closed. Passwords are closed only while some administrator can come in otherwise;
when the last such way goes, by whatever road, administrators' passwords open again by themselves.
"""

from collections.abc import Callable

import msgspec

from homemedia.accounts.models import Member
from homemedia.accounts.ways_store import is_run_without_passwords
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import Conflict
from homemedia.core.setting_store import put_setting, setting

KEY = "accounts.password_login"


class OtherWays(msgspec.Struct, frozen=True, kw_only=True):
    """What works beside passwords and keys.

    Attributes:
        issuer: of the provider that is on; "" while there is none.
        by_phone, by_mail: codes go out by SMS, by e-mail.
    """

    issuer: str = ""
    by_phone: bool = False
    by_mail: bool = False


class PasswordLogin:
    """Holds the switch. Call `load` before use.

    Attributes:
        ways: what works just now; told by who has the settings of it.
        is_on: what administrators have set.
    """

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self.ways: Callable[[], OtherWays] = OtherWays
        self.is_on = True

    async def load(self) -> bool:
        """Read what is set; another process may have changed it."""
        self.is_on = await setting(self._db.read, KEY) != "false"
        return self.is_on

    async def is_closed(self) -> bool:
        """Whether nobody at all comes in by a password."""
        return not await self.load() and await self.may_close()

    def lets_in(self, member: Member) -> bool:
        """Whether somebody whose password was right comes in by it, while it is not closed to all."""
        return self.is_on or member.is_admin

    async def may_close(self, ways: OtherWays | None = None) -> bool:
        """Whether an administrator who stays can come in without a password, as things are or would be."""
        ways = ways or self.ways()
        return await is_run_without_passwords(
            self._db.read, issuer=ways.issuer, by_phone=ways.by_phone, by_mail=ways.by_mail
        )

    async def change(self, *, is_on: bool, by: str | None) -> None:
        """Open or close it; `by` is None for whoever sits at the machine.

        Raises:
            Conflict: `no_other_way`: closed, and no administrator could come in any more.
        """
        if not is_on and not await self.may_close():
            raise Conflict(
                "No administrator could come in without a password. Link your own account to the provider first.",
                code="no_other_way",
            )
        async with self._db.write(durable=True) as tx:
            await put_setting(tx, KEY, "true" if is_on else "false", by=by, now=self._clock.now_ms())
        self.is_on = is_on
