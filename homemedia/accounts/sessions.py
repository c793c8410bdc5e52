"""Sessions: one row for every sign-in, whatever the way in; listed, used, ended (design, "sessions")."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import Self

import msgspec

from homemedia.accounts import store, told
from homemedia.accounts.events import SessionEnded, SessionsChanged
from homemedia.accounts.models import Device, Member, Session
from homemedia.accounts.tokens import Tokens, TokenType
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.core.problems import AppError, Forbidden, NotFound

_log = logging.getLogger(__name__)

DAY_MS = 86_400_000
UNUSED_LIMIT_MS = 400 * DAY_MS
# How long an ended session stays in the table, so that its tokens are told "revoked".
REMEMBERED_MS = 30 * DAY_MS
# Uses are written at most this often for one session, and all of them together.
USE_GRAIN_MS = 60_000
FLUSH_S = 60.0
# What a PIN opens stays open for as long as it is used: within the last minutes each use adds to them, not every one
# of many at once.
ELEVATED_MORE_MS = 5 * 60_000
# A sign-in link itself, and what it was exchanged for: neither ever has an administrator's rights.
SHARE_WAY, LINK_WAY = "share", "link"
# By the household's provider.
OIDC_WAY = "oidc"
LINK_WAYS = frozenset({SHARE_WAY, LINK_WAY})


def is_current(asking: store.Asking, now: int) -> bool:
    """Whether a session that nobody ended is neither past its end nor unused for too long; an API key has no end."""
    if asking.way == store.KEY_WAY:
        return True
    is_before_end = asking.session_expires_at is None or asking.session_expires_at > now
    return is_before_end and now - asking.last_used_at <= UNUSED_LIMIT_MS


def caller_of(asking: store.Asking) -> Member:
    """The member with the rights his session gives him.

    By the session, not by the token: what a session of a link makes has no more rights than itself.
    """
    if asking.way not in LINK_WAYS:
        return asking.member
    return msgspec.structs.replace(asking.member, is_admin=False, is_by_link=asking.way == SHARE_WAY)


class SignedIn(msgspec.Struct, frozen=True):
    """A fresh sign-in: the token to hand out and whose it is."""

    token: str
    member: Member


class SessionService:
    """Opens, lists and ends sessions. Enter it to have uses written down while it runs."""

    def __init__(self, db: Database, tokens: Tokens, clock: Clock | None = None) -> None:
        self._db = db
        self._tokens = tokens
        self._clock = clock or Clock()
        self._uses: dict[str, store.Use] = {}
        self._writer: asyncio.Task[None] | None = None

    async def open(self, tx: Write, member: Member, *, way: str, device: Device) -> SignedIn:
        """Add a session inside the transaction that admits the member, and make its token."""
        session_id, now = new_uuid(), self._clock.now_ms()
        await told.signed_in(tx, member.user_id, session_id, device)
        await store.add_session(
            tx, session_id=session_id, user_id=member.user_id, way=way, device=device, expires_at=None, now=now
        )
        await store.note_uses(tx, [store.Use(session_id, member.user_id, now)])
        tx.announce(SessionsChanged(member.user_id))
        member = msgspec.structs.replace(member, session_id=session_id, last_seen_at=now)
        return SignedIn(self.token_for(member.user_id, session_id), member)

    def token_for(self, user_id: str, session_id: str) -> str:
        """An access token that lives as long as its session: the clients it is for know no renewal."""
        return self._tokens.issue(TokenType.ACCESS, user_id=user_id, session_id=session_id)

    async def of(self, member: Member) -> list[Session]:
        """The open sessions of a member, the one used last first."""
        now = self._clock.now_ms()
        return await store.sessions(self._db.read, member.user_id, used_since=now - UNUSED_LIMIT_MS, now=now)

    async def end(self, member: Member, session_id: str) -> None:
        """End one of the member's own sessions.

        Raises:
            NotFound: he has no such open session.
        """
        async with self._db.write(durable=True) as tx:
            if not await self.end_one(tx, member.user_id, session_id):
                raise NotFound("There is no such sign-in.")

    async def end_one(self, tx: Write, user_id: str, session_id: str) -> bool:
        """End a member's session inside the transaction that makes it necessary; whether it was open."""
        ended = await store.end_session(tx, session_id, user_id=user_id, now=self._clock.now_ms())
        for one in ended:
            tx.announce(SessionEnded(one))
        if ended:
            tx.announce(SessionsChanged(user_id))
        return session_id in ended

    async def end_others(self, member: Member) -> None:
        """End every session of the member but the one he asks with."""
        async with self._db.write(durable=True) as tx:
            await self.end_all(tx, member.user_id, kept=member.session_id)

    async def end_all(self, tx: Write, user_id: str, *, kept: str = "") -> None:
        """End the sessions of a member inside the transaction that makes it necessary."""
        ended = await store.end_sessions(tx, user_id, kept=kept, now=self._clock.now_ms())
        for session_id in ended:
            tx.announce(SessionEnded(session_id))
        if ended:
            tx.announce(SessionsChanged(user_id))

    async def refuse_link(self, member: Member) -> None:
        """Let nobody pass who came by a sign-in link: what he asks for would outlive it, with more rights.

        Raises:
            Forbidden: he did.
        """
        if member.is_by_link or await self.way_of(member) in LINK_WAYS:
            raise Forbidden("This cannot be done by a sign-in link.")

    async def way_of(self, member: Member) -> str:
        """How the session was made that somebody asks with; "" when it is gone."""
        asking = await store.asking(self._db.read, member.session_id)
        return "" if asking is None else asking.way

    def note_use(self, session_id: str, user_id: str, *, last_used_at: int) -> None:
        """Remember that a session was used just now; `flush` writes it."""
        now = self._clock.now_ms()
        if now - last_used_at >= USE_GRAIN_MS:
            self._uses[session_id] = store.Use(session_id, user_id, now)

    async def note_app(self, session_id: str, device: Device) -> None:
        """An app was updated: its session tells the version that it has now."""
        with _quietly("which app a session has"):
            async with self._db.write() as tx:
                await store.update_app(tx, session_id, device)

    async def keep_elevated(self, member: Member) -> None:
        """What the member's PIN opened stays open while he uses his session."""
        now, until = self._clock.now_ms(), member.elevated_until_at
        if until is not None and now < until < now + ELEVATED_MORE_MS - USE_GRAIN_MS:
            with _quietly("how long a session stays unlocked"):
                async with self._db.write() as tx:
                    await store.elevate(tx, member.session_id, until=now + ELEVATED_MORE_MS)

    async def flush(self) -> None:
        """Write the uses gathered so far, in one transaction."""
        if not self._uses:
            return
        uses, self._uses = list(self._uses.values()), {}
        async with self._db.write() as tx:
            await store.note_uses(tx, uses)

    async def sweep(self) -> int:
        """Drop rows of sessions that ended long ago; how many."""
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            return await store.forget_sessions(tx, ended_before=now - REMEMBERED_MS, unused_since=now - UNUSED_LIMIT_MS)

    async def __aenter__(self) -> Self:
        await self.sweep()
        self._writer = asyncio.create_task(self._keep_writing(), name="session uses")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writer
            self._writer = None
        await self._flush_quietly()

    async def _keep_writing(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            await self._flush_quietly()

    async def _flush_quietly(self) -> None:
        with _quietly("when sessions were last used"):
            await self.flush()


@contextlib.contextmanager
def _quietly(what: str) -> Iterator[None]:
    """What is noted beside a request is not worth more than a line: the disk may be full or read-only."""
    try:
        yield
    except AppError as err:
        _log.warning("not written: %s: %s", what, err.message)
