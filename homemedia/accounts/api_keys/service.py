"""Makes, changes and ends API keys (photos §2.3, 9.12).

Threat: a key is a way in that outlives passwords. Its secret is shown once and kept as a hash; no key, and no session
that came by a link, can make one that opens more than itself; what is taken from a key is gone at its next request.
"""

import secrets
from collections.abc import Sequence

import msgspec

from homemedia.accounts.api_keys import store
from homemedia.accounts.api_keys.store import ApiKey
from homemedia.accounts.api_keys.words import MAX_WORDS, covers, is_word
from homemedia.accounts.events import SessionEnded
from homemedia.accounts.guard import secret_hash
from homemedia.accounts.models import Member
from homemedia.accounts.names import checked_title
from homemedia.accounts.sessions import SessionService
from homemedia.accounts.store import KEY_PREFIX
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest, Forbidden, NotFound

SECRET_BYTES = 32
USUAL_NAME = "API Key"
MAX_KEYS = 100


class Made(msgspec.Struct, frozen=True):
    """A key and its secret, which nobody can be told again."""

    key: ApiKey
    secret: str


class ApiKeyService:
    def __init__(self, db: Database, sessions: SessionService, clock: Clock | None = None) -> None:
        self._db = db
        self._sessions = sessions
        self._clock = clock or Clock()

    async def of(self, actor: Member) -> list[ApiKey]:
        """The caller's keys, the newest first."""
        return await store.keys(self._db.read, actor.user_id)

    async def get(self, actor: Member, api_key_id: str) -> ApiKey:
        """One of the caller's keys.

        Raises:
            NotFound: he has no such key.
        """
        return _there(await store.key(self._db.read, api_key_id, actor.user_id))

    async def own(self, actor: Member) -> ApiKey:
        """The key the caller came with.

        Raises:
            Forbidden: he came with a session.
        """
        if not actor.is_by_key:
            raise Forbidden("Not authenticated with an API Key")
        return await self.get(actor, actor.session_id.removeprefix(KEY_PREFIX))

    async def add(self, actor: Member, name: str | None, words: Sequence[str]) -> Made:
        """Make a key.

        Raises:
            BadRequest: a name or word breaks a rule; more is granted than the caller has; there are too many.
            Forbidden: the caller came by a link.
        """
        await self._sessions.refuse_link(actor)
        checked = _checked(actor, words)
        now = self._clock.now_ms()
        made = ApiKey(
            api_key_id=new_uuid(),
            user_id=actor.user_id,
            name=_named(name),
            permissions=checked,
            created_at=now,
            updated_at=now,
            last_used_at=None,
        )
        secret = secrets.token_urlsafe(SECRET_BYTES)
        async with self._db.write(durable=True) as tx:
            if await store.count(tx.rows, actor.user_id) >= MAX_KEYS:
                raise BadRequest(f"There may be {MAX_KEYS} API keys at most. Delete one that is not used any more.")
            await store.add(tx, made, secret_hash(secret))
        return Made(made, secret)

    async def change(
        self, actor: Member, api_key_id: str, *, name: str | None = None, words: Sequence[str] | None = None
    ) -> ApiKey:
        """Give a key another name or other words; None leaves them.

        Raises:
            NotFound: he has no such key.
            BadRequest, Forbidden: as `add`.
        """
        await self._sessions.refuse_link(actor)
        given: dict[str, object] = {"updated_at": self._clock.now_ms()}
        if name is not None:
            given["name"] = _named(name)
        if words is not None:
            given["permissions"] = _checked(actor, words)
        async with self._db.write(durable=True) as tx:
            before = _there(await store.key(tx.rows, api_key_id, actor.user_id))
            _check_reach(actor, before)
            after = msgspec.structs.replace(before, **given)
            await store.change(tx, after)
            if after.permissions != before.permissions:
                tx.announce(SessionEnded(KEY_PREFIX + api_key_id))
        return after

    async def rotate(self, actor: Member, api_key_id: str) -> Made:
        """Give a key another secret; the one before opens nothing any more.

        Raises:
            NotFound: he has no such key.
            BadRequest: the key may do more than the one he came with.
            Forbidden: he came by a link.
        """
        await self._sessions.refuse_link(actor)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        async with self._db.write(durable=True) as tx:
            before = _there(await store.key(tx.rows, api_key_id, actor.user_id))
            _check_reach(actor, before)
            after = msgspec.structs.replace(before, updated_at=self._clock.now_ms(), last_used_at=None)
            await store.rotate(tx, after, secret_hash(secret))
            tx.announce(SessionEnded(KEY_PREFIX + api_key_id))
        return Made(after, secret)

    async def remove(self, actor: Member, api_key_id: str) -> None:
        """End a key.

        Raises:
            NotFound: he has no such key.
        """
        async with self._db.write(durable=True) as tx:
            if not await store.remove(tx, api_key_id, actor.user_id):
                raise _nothing()
            tx.announce(SessionEnded(KEY_PREFIX + api_key_id))


def _there(found: ApiKey | None) -> ApiKey:
    if found is None:
        raise _nothing()
    return found


def _nothing() -> NotFound:
    return NotFound("API Key not found")


def _named(name: str | None) -> str:
    return checked_title(name, "name") if name and name.strip() else USUAL_NAME


def _checked(actor: Member, words: Sequence[str]) -> tuple[str, ...]:
    for place, word in enumerate(words[:MAX_WORDS]):
        if not is_word(word):
            raise BadRequest(
                f"There is no permission “{word[:80]}”.", field=f"permissions.{place}", reason="Invalid option"
            )
    if not covers(actor.permissions, words):
        raise _beyond()
    return tuple(dict.fromkeys(words))


def _check_reach(actor: Member, one: ApiKey) -> None:
    """No key lays hands on another that may do more."""
    if not covers(actor.permissions, one.permissions):
        raise _beyond()


def _beyond() -> BadRequest:
    return BadRequest("Cannot grant permissions you do not have")
