"""How apps are kept up to date: what they lack is streamed, what they have is written down (photos §9.14)."""

from collections.abc import AsyncIterator, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.accounts.photo_account import store as accounts
from homemedia.accounts.photo_account.preferences import PhotoPreferenceService
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import BadRequest, Forbidden
from homemedia.photos.sync import store, wire
from homemedia.photos.sync.cursor import cursor_of
from homemedia.photos.sync.kinds import Entity, Request
from homemedia.photos.sync.stream import Stream, line

# An app that was away for longer begins anew: what is gone is remembered for a day more.
AWAY_MS = 30 * 24 * 3600 * 1000
ENTITIES = {entity.value: entity for entity in Entity}
MOST_PARTS = 3


class Ack(msgspec.Struct, frozen=True):
    """How far an app has the lines of a kind."""

    kind: str
    ack: str


class Sync:
    """Serves the apps of members, each sign-in by itself."""

    def __init__(self, db: Database, preferences: PhotoPreferenceService, clock: Clock | None = None) -> None:
        self._db = db
        self._preferences = preferences
        self._clock = clock or Clock()

    async def stream(self, actor: Member, requests: Sequence[Request], *, is_anew: bool) -> AsyncIterator[bytes]:
        """The lines an app lacks, many at a time.

        Args:
            actor: who asks, by an app's session.
            requests: what the app wants to be told of.
            is_anew: it knows nothing, whatever it acknowledged.
        """
        if is_anew:
            async with self._db.write() as tx:
                await store.begin_anew(tx, actor.session_id)
        acks = await store.acks(self._db.read, actor.session_id)
        now = self._clock.now_ms()
        complete = acks.get(Entity.COMPLETE.value)
        is_too_old = complete is not None and complete["acked_at"] < now - AWAY_MS
        if is_too_old or await store.needs_reset(self._db.read, actor.session_id):
            yield line(Entity.RESET, wire.Nothing(), "reset")
            return

        async def note(entity: Entity, ack: str) -> None:
            async with self._db.write() as tx:
                await store.set_ack(tx, actor.session_id, entity.value, ack, now=now)

        stream = Stream(
            self._db.read,
            actor,
            {kind: row["ack"] for kind, row in acks.items()},
            now,
            note=note,
            documents={"preferences": self._preferences.of, "onboarding": self._onboarding},
        )
        async for lines in stream.lines(requests):
            yield lines

    async def acks(self, actor: Member) -> list[Ack]:
        """What an app acknowledged."""
        refuse_keys(actor)
        rows = await store.acks(self._db.read, actor.session_id)
        return [Ack(kind, row["ack"]) for kind, row in rows.items()]

    async def acknowledge(self, actor: Member, acks: Sequence[str]) -> None:
        """Write down what an app has; the last of a kind counts.

        Raises:
            BadRequest: there is no such kind, or it is none of ours.
        """
        refuse_keys(actor)
        kept = {kind: ack for ack in acks for kind in [_kind_of(ack)]}
        async with self._db.write() as tx:
            if Entity.RESET.value in kept:
                await store.begin_anew(tx, actor.session_id)
                return
            for kind, ack in kept.items():
                await store.set_ack(tx, actor.session_id, kind, ack, now=self._clock.now_ms())

    async def forget(self, actor: Member, entities: Sequence[Entity] | None) -> None:
        """Forget what an app acknowledged, of these kinds or of all."""
        refuse_keys(actor)
        kinds = None if entities is None else msgspec.json.encode([one.value for one in entities]).decode()
        async with self._db.write() as tx:
            await store.drop_acks(tx, actor.session_id, kinds)

    async def _onboarding(self, user_id: str) -> wire.Onboarded:
        account = await accounts.account(self._db.read, user_id)
        return wire.Onboarded(is_onboarded=account is not None and account.member.is_onboarded)


def refuse_keys(actor: Member) -> None:
    """What an app has is known by its session, and an API key has none.

    Raises:
        Forbidden: a key asks.
    """
    if actor.is_by_key:
        raise Forbidden("Sync endpoints cannot be used with API keys")


def _kind_of(ack: str) -> str:
    kind, *ids = ack.split("|")
    if kind not in ENTITIES:
        raise BadRequest(f"Invalid ack type: {kind}")
    if kind != Entity.RESET.value and (not ids or len(ids) >= MOST_PARTS or cursor_of(ids[0]) is None):
        raise BadRequest(f"Invalid ack: {ack}")
    return kind
