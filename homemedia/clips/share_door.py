"""Who sends a link from a phone's share sheet (clips §6.3, §9): by the household's token and a number, or by his own.

Threat: everybody in the house knows the household's token, and a number only claims who sends. So a token opens this
one door: it sends links in, and never signs anybody in.
"""

import hashlib
import hmac
from collections.abc import Iterable

from homemedia.accounts.family import store as family
from homemedia.accounts.family.names import loose_phone
from homemedia.accounts.family.store import Person
from homemedia.clips import share_door_store as store
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_hex
from homemedia.core.problems import BadRequest, Unauthorized

TOKEN_BYTES = 16
MAX_TOKEN = 256
MAX_PHONES = 20


class ShareDoor:
    """Tells who sends, and keeps members' own tokens.

    Args:
        db: where tokens and numbers stand.
        country_code: of numbers of ten digits.
        clock: the time.
    """

    def __init__(self, db: Database, country_code: str = "1", clock: Clock | None = None) -> None:
        self._db = db
        self._country_code = country_code
        self._clock = clock or Clock()

    async def sender(self, token: str) -> str | None:
        """Whose a token is; None for the household's, where a number has to say who sends.

        Raises:
            Unauthorized: nobody knows it.
        """
        if token and len(token) <= MAX_TOKEN:
            group = await family.group(self._db.read)
            kept = group.shortcut_token if group is not None else None
            if kept and hmac.compare_digest(kept.encode(), token.encode()):
                return None
            user_id = await store.sender(self._db.read, _hash(token))
            person = await family.person(self._db.read, user_id) if user_id is not None else None
            if person is not None and person.may_enter(self._clock.now_ms()):
                return person.user_id
        raise Unauthorized("The share token is missing or not valid.", code="invalid_share_token")

    async def member_of(self, phones: Iterable[object]) -> str:
        """The active member whom one of some numbers belongs to.

        Raises:
            Unauthorized: none does.
        """
        for phone in list(phones)[:MAX_PHONES]:
            person = await self._by_phone(phone)
            if person is not None and person.may_enter(self._clock.now_ms()):
                return person.user_id
        raise Unauthorized("No member has this phone number.", code="unknown_phone")

    async def _by_phone(self, phone: object) -> Person | None:
        try:
            number = loose_phone(phone, self._country_code)
        except BadRequest:
            return None
        return await family.by_phone(self._db.read, number)

    async def made_at(self, user_id: str) -> int | None:
        """Since when a member has a token of his own, in ms; None when he has none."""
        return await store.made_at(self._db.read, user_id)

    async def give(self, user_id: str) -> str:
        """A new token of a member's own, shown this once; one that he had is over."""
        token = new_hex(TOKEN_BYTES)
        async with self._db.write(durable=True) as tx:
            await store.give(tx, user_id, _hash(token), self._clock.now_ms())
        return token

    async def take(self, user_id: str) -> None:
        """End a member's own token."""
        async with self._db.write(durable=True) as tx:
            await store.take(tx, user_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
