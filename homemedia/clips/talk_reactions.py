"""Reactions to clips: one of six a member and clip (clips §6.10)."""

from homemedia.accounts import Member
from homemedia.clips import talk_store as store
from homemedia.clips import talk_told as told
from homemedia.clips.events import ClipTalk
from homemedia.clips.models import HEART, REACTIONS
from homemedia.clips.talk_models import Tally
from homemedia.clips.talk_store import Spoken
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest, NotFound

# Makes a sign that may be text a coloured one; some keyboards leave it out.
_SELECTOR = "\ufe0f"


class Reactions:
    """Shows and toggles reactions."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()

    async def of(self, actor: Member, clip_id: str) -> list[Tally]:
        """The reactions of a clip, what was set first first.

        Raises:
            NotFound: there is no such clip.
        """
        await require(self._db, clip_id)
        return await store.tallies(self._db.read, clip_id, actor.user_id)

    async def toggle(self, actor: Member, clip_id: str, emoji: str) -> tuple[list[Tally], bool]:
        """Set a reaction in the place of any other, or take it back when it is set already; whether it is now.

        Raises:
            NotFound: there is no such clip.
        """
        async with self._db.write() as tx:
            spoken = await store.spoken(tx.rows, clip_id)
            if spoken is None:
                raise _no_clip()
            before = await store.reaction_of(tx.rows, clip_id, actor.user_id)
            is_set = before != emoji
            if is_set:
                await _put(tx, spoken, actor, emoji, before, now=self._clock.now_ms())
            else:
                await _drop(tx, clip_id, actor.user_id)
            tx.announce(ClipTalk(clip_id=clip_id, what="reaction", by=actor.user_id))
            return await store.tallies(tx.rows, clip_id, actor.user_id), is_set


async def with_favorite(tx: Write, clip_id: str, actor: Member, *, is_favorite: bool, now: int) -> None:
    """Keep the heart in step with a favourite (clips §6.9), inside the favourite's own transaction.

    A new favourite adds the heart where its member has no reaction yet, and tells who sent the clip in; one that is
    taken back takes the heart along.
    """
    before = await store.reaction_of(tx.rows, clip_id, actor.user_id)
    if is_favorite and before is None:
        spoken = await store.spoken(tx.rows, clip_id)
        if spoken is None:
            return
        await store.put_reaction(tx, clip_id, actor.user_id, HEART, now=now)
        await told.reacted(tx, spoken, actor, HEART, to=(spoken.clip.added_by,))
    elif not is_favorite and before == HEART:
        await _drop(tx, clip_id, actor.user_id)
    else:
        return
    tx.announce(ClipTalk(clip_id=clip_id, what="reaction", by=actor.user_id))


def checked_emoji(value: object) -> str:
    """A reaction as it is kept.

    Raises:
        BadRequest: it is none of the six.
    """
    if isinstance(value, str):
        for whole in (value, value + _SELECTOR):
            if whole in REACTIONS:
                return whole
    raise BadRequest(f"Invalid emoji: one of {' '.join(REACTIONS)} is needed.", field="emoji", reason="Invalid emoji")


async def require(db: Database, clip_id: str) -> None:
    """Raises NotFound where there is no such clip."""
    if not await store.is_clip(db.read, clip_id):
        raise _no_clip()


def _no_clip() -> NotFound:
    return NotFound("Clip not found.")


async def _put(tx: Write, spoken: Spoken, actor: Member, emoji: str, before: str | None, *, now: int) -> None:
    clip_id = spoken.clip.clip_id
    if before is not None:
        await told.reaction_gone(tx, clip_id, actor.user_id)
    await store.put_reaction(tx, clip_id, actor.user_id, emoji, now=now)
    await told.reacted(tx, spoken, actor, emoji)


async def _drop(tx: Write, clip_id: str, user_id: str) -> None:
    await store.drop_reaction(tx, clip_id, user_id)
    await told.reaction_gone(tx, clip_id, user_id)
