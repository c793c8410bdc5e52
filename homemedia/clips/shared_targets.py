"""What members share of the feed: single clips, with people outside of the house (shares §2.1)."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from homemedia.accounts import Member
from homemedia.clips import media_store as store
from homemedia.clips.models import title_of
from homemedia.core.db import Reader
from homemedia.sharing.targets import Cover, Thing, ThingState

CLIP: Final = "clip"
UNTITLED: Final = "Clip"
WORDS: Final = {"video": "video", "music": "song"}
STATES: Final[dict[str, ThingState]] = {"ready": "there", "deleted": "trashed"}


class ClipTargets:
    """Implements `sharing.targets.Target`."""

    kinds = frozenset({CLIP})

    async def look(self, read: Reader, target_type: str, target_ids: Sequence[str]) -> Mapping[str, Thing]:  # noqa: ARG002 - there is one kind
        return {row["clip_id"]: _clip(row) for row in await store.clips(read, target_ids)}

    async def seen(self, read: Reader, member: Member, target_type: str, target_ids: Sequence[str]) -> set[str]:  # noqa: ARG002 - every member sees all
        return {row["clip_id"] for row in await store.clips(read, target_ids) if row["status"] != "deleted"}


def owner_of(row: sqlite3.Row) -> str | None:
    """Whose a clip is: who sent it in; the house's, when he is no member any more."""
    return str(row["added_by"]) if row["owner_state"] == "active" else None


def _clip(row: sqlite3.Row) -> Thing:
    return Thing(
        target_type=CLIP,
        target_id=row["clip_id"],
        title=title_of(row) or UNTITLED,
        kind=WORDS[row["content_type"]],
        owner_id=owner_of(row),
        state=STATES.get(row["status"], "offline"),
        count=1,
        covers=(Cover(CLIP, row["clip_id"]),),
    )
