"""What somebody is given who opened a link, so that he is not asked and counted again: `access` (shares §6.3)."""

from typing import Final

import msgspec

from homemedia.accounts.guard import VISIT
from homemedia.accounts.tokens import Tokens, TokenType
from homemedia.core.clock import Clock
from homemedia.core.ids import new_hex
from homemedia.core.problems import Unauthorized
from homemedia.sharing.models import ShareRow

HOUR_S: Final = 3600


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """A visit under way. `expires_at` in ms; `visit` tells it from others, and names it where streams are opened."""

    token: str
    visit: str
    expires_at: int


def of_share(share_id: str) -> str:
    """What the names of all visits to a link begin with."""
    return f"{VISIT}{share_id}:"


def share_of(visit: str) -> str:
    """Which link a visit is to; "" for what names none."""
    return visit.removeprefix(VISIT).partition(":")[0] if visit.startswith(VISIT) else ""


class Visits:
    """Writes and reads them."""

    def __init__(self, tokens: Tokens, ttl_hours: int, clock: Clock) -> None:
        self._tokens = tokens
        self._ttl_s = ttl_hours * HOUR_S
        self._clock = clock

    def begin(self, share: ShareRow) -> Access:
        """A visit that lasts some hours, and never longer than its link."""
        now = self._clock.now_ms()
        life_s = self._ttl_s
        if share.expires_at is not None:
            life_s = min(life_s, max(1, (share.expires_at - now) // 1000))
        visit = f"{of_share(share.share_id)}{share.epoch}:{new_hex(8)}"
        token = self._tokens.issue(
            TokenType.GUEST, user_id=share.share_id, session_id=visit, lifetime_s=life_s, resource=str(share.epoch)
        )
        return Access(token=token, visit=visit, expires_at=(now // 1000 + life_s) * 1000)

    def read(self, text: str | None, share: ShareRow) -> Access | None:
        """A visit to this link under way; None for what is over, forged or of another link."""
        if not text:
            return None
        try:
            claims = self._tokens.read(text, {TokenType.GUEST})
        except Unauthorized:
            return None
        if claims.sub != share.share_id or claims.res != str(share.epoch) or claims.exp is None:
            return None
        return Access(token=text, visit=claims.sid, expires_at=claims.exp * 1000)
