"""Sign-in links: an address that an administrator hands to a television (watch §3.10).

Threat: such an address lies in a browser's history. So it has an end and no administrator's
rights, and it changes no account.
"""

import msgspec

from homemedia.accounts import store
from homemedia.accounts.models import Device, Member, MemberState
from homemedia.accounts.sessions import LINK_WAY, SHARE_WAY, SessionService, SignedIn, caller_of, is_current
from homemedia.accounts.tokens import Tokens, TokenType
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.core.problems import Conflict, NotFound, Unauthorized


class Link(msgspec.Struct, frozen=True):
    """A token of typ `share` and its end, in ms since 1970 UTC."""

    token: str
    expires_at: int


class LinkService:
    """Makes sign-in links and takes them."""

    def __init__(self, db: Database, tokens: Tokens, sessions: SessionService, clock: Clock | None = None) -> None:
        self._db = db
        self._tokens = tokens
        self._sessions = sessions
        self._clock = clock or Clock()

    async def make(self, user_id: str, *, lifetime_s: int, by: Member) -> Link:
        """A link by which somebody comes in as this member until it ends, or his sessions are ended.

        Raises:
            NotFound: there is no such account.
            Conflict: `account_not_active`.
        """
        now = self._clock.now_ms()
        session_id = new_uuid()
        device = Device(device_type="Sign-in link", device_os=f"made by {by.display_name}"[:80])
        async with self._db.write(durable=True) as tx:
            known = await store.known_by_id(tx.rows, user_id)
            if known is None:
                raise NotFound("There is no such account.")
            if known.member.state is not MemberState.ACTIVE:
                raise Conflict("This account is switched off.", code="account_not_active")
            expires_at = now + lifetime_s * 1000
            await store.add_session(
                tx, session_id=session_id, user_id=user_id, way=SHARE_WAY, device=device, expires_at=expires_at, now=now
            )
        token = self._tokens.issue(TokenType.SHARE, user_id=user_id, session_id=session_id, lifetime_s=lifetime_s)
        return Link(token, expires_at)

    async def exchange(self, token: str, device: Device) -> SignedIn:
        """A session of a device's own for a link that still holds.

        Raises:
            Unauthorized: `bad_credentials`, whatever is wrong with the link.
        """
        try:
            claims = self._tokens.read(token, frozenset({TokenType.SHARE}))
        except Unauthorized:
            raise _not_valid() from None
        now = self._clock.now_ms()
        async with self._db.write(durable=True) as tx:
            asking = await store.asking(tx.rows, claims.sid)
            if asking is None or asking.revoked_at is not None or asking.member.user_id != claims.sub:
                raise _not_valid()
            member = caller_of(asking)
            if asking.way != SHARE_WAY or not is_current(asking, now) or not member.may_enter(now):
                raise _not_valid()
            return await self._sessions.open(
                tx, msgspec.structs.replace(member, is_by_link=False), way=LINK_WAY, device=device
            )


def _not_valid() -> Unauthorized:
    return Unauthorized("This sign-in link is not valid any more.", code="bad_credentials")
