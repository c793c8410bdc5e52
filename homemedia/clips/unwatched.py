"""What each member has still to watch.

The table `clip_unwatched` is kept by triggers, so that it is true after every statement, whoever wrote it: a row for
each ready clip and active member who has neither watched it nor put it aside. What is left to do here is telling.
"""

from collections.abc import Sequence

from homemedia.clips.events import ClipTalk, UnwatchedChanged
from homemedia.core.db import Write


async def came(tx: Write, clip_id: str) -> None:  # noqa: ARG001 - told alike of every clip
    """A clip is ready since just now."""
    tx.announce(UnwatchedChanged())


async def left(tx: Write, clip_ids: Sequence[str]) -> None:
    """Clips are not ready any more, or gone."""
    if clip_ids:
        tx.announce(UnwatchedChanged())


async def seen(tx: Write, clip_id: str, user_ids: Sequence[str]) -> None:
    """Members watched a clip for the first time."""
    for user_id in user_ids:
        tx.announce(ClipTalk(clip_id=clip_id, what="watch", by=user_id))
    tx.announce(UnwatchedChanged(user_ids=tuple(user_ids)))


async def unseen(tx: Write, clip_id: str, user_id: str) -> None:
    """A member wants a clip to count as not watched."""
    tx.announce(ClipTalk(clip_id=clip_id, what="unwatch", by=user_id))
    tx.announce(UnwatchedChanged(user_ids=(user_id,)))
