"""Where requests come in: from where, who asks, what he was shown. Every other slice stands behind it."""

import platform
from collections.abc import Callable

from homemedia.accounts.guard import Guard
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.keys import Keys
from homemedia.accounts.passwords import Passwords
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.site import Site
from homemedia.accounts.sweeper import Sweeper
from homemedia.accounts.tokens import Tokens
from homemedia.app.base import Base
from homemedia.core.http.limits import parse_proxies
from homemedia.library.access import Access
from homemedia.server.requests import RequestLog
from homemedia.sharing import Grants


class Entrance:
    """What recognises those who ask.

    Attributes:
        house_name: what the household is called just now.
        public_url: answers the address at which others reach us, where somebody has told.
    """

    house_name: str
    sessions: SessionService

    def __init__(self, base: Base) -> None:
        self._base = base
        self.public_url: Callable[[], str | None] = lambda: None
        self.site = Site(parse_proxies(base.settings.server.trusted_proxies), self._public_url)
        self.requests = RequestLog(self.site.address, base.clock)
        base.stack.push("log of requests", self.requests.close)
        self.keys = Keys.load(base.places.keys_dir)
        self.tokens = Tokens(self.keys, base.clock)
        self.passwords = Passwords()
        base.stack.push("passwords", self.passwords.close)
        self.household = HouseholdService(base.db, base.clock)
        self.grants = Grants(base.db, base.clock)
        self.access = Access(base.db, self.grants)

    async def start(self) -> None:
        """Let members in who signed in before."""
        base = self._base
        self.house_name = (await self.household.ensure(platform.node() or "HomeMedia")).name
        self.sessions = await base.stack.enter("sessions", SessionService(base.db, self.tokens, base.clock))
        self.sweeper = Sweeper(base.db, self.sessions, base.clock)
        self.guard = Guard(base.db, self.tokens, self.sessions, self.site, base.clock)

    def _public_url(self) -> str | None:
        return self.public_url()
