"""Sessions made from a session, for a second program on the same device or a television (photos §9.12)."""

import msgspec

from homemedia.accounts.device import MAX_CHARS
from homemedia.accounts.models import Device, Member, Session
from homemedia.accounts.photo_account import store
from homemedia.accounts.sessions import SessionService, SignedIn
from homemedia.accounts.store import add_session
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest, NotFound

WAY = "session"


class FurtherSessions:
    def __init__(self, db: Database, sessions: SessionService, clock: Clock | None = None) -> None:
        self._db = db
        self._sessions = sessions
        self._clock = clock or Clock()

    async def open(self, actor: Member, device: Device, *, lasts_ms: int | None) -> tuple[SignedIn, Session]:
        """A session that ends with the one it is made from, or earlier.

        Raises:
            BadRequest: the caller came with an API key.
            Forbidden: he came by a link.
        """
        if actor.is_by_key:
            raise BadRequest("This endpoint can only be used with a session token")
        await self._sessions.refuse_link(actor)
        session_id, now = new_uuid(), self._clock.now_ms()
        ends_at = None if lasts_ms is None else now + lasts_ms
        device = msgspec.structs.replace(
            device, device_type=device.device_type[:MAX_CHARS], device_os=device.device_os[:MAX_CHARS]
        )
        async with self._db.write(durable=True) as tx:
            await add_session(
                tx, session_id=session_id, user_id=actor.user_id, way=WAY, device=device, expires_at=ends_at, now=now
            )
            await store.set_parent(tx, session_id, actor.session_id)
        token = self._sessions.token_for(actor.user_id, session_id)
        session = Session(
            session_id=session_id,
            way=WAY,
            device_type=device.device_type,
            device_os=device.device_os,
            app_version=device.app_version,
            address=device.address,
            expires_at=ends_at,
            created_at=now,
            last_used_at=now,
        )
        return SignedIn(token, msgspec.structs.replace(actor, session_id=session_id)), session

    async def ask_for_reset(self, actor: Member, session_id: str, *, needs_reset: bool | None) -> Session:
        """Say whether what a device has synchronised is to begin anew; None leaves it.

        Raises:
            NotFound: he has no such session.
        """
        if needs_reset is not None:
            async with self._db.write() as tx:
                await store.set_sync_reset(tx, session_id, actor.user_id, needs_reset=needs_reset)
        for one in await self._sessions.of(actor):
            if one.session_id == session_id:
                return one
        raise NotFound("Not found or no session.update access")
