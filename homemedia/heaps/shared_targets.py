"""What members share of their notes: whole heaps, with members alone (shares §2.1, heaps §11.5).

Who may change a shared heap writes in it (`Right.EDIT`: editor), whoever else sees it reads (viewer). A heap has no
link: what is written in it is in step with devices that are signed in.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.heaps import heaps_store
from homemedia.heaps import shared_targets_store as store
from homemedia.heaps.models import UNTITLED
from homemedia.sharing.targets import Cover, Thing

HEAP: Final = "heap"
NOTEBOOK: Final = "notebook"


class HeapTargets:
    """Implements `sharing.targets.Target`."""

    kinds = frozenset({HEAP})

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()

    async def look(self, read: Reader, target_type: str, target_ids: Sequence[str]) -> Mapping[str, Thing]:  # noqa: ARG002 - there is one kind
        return {row["heap_id"]: _heap(row) for row in await store.heaps(read, target_ids)}

    async def seen(self, read: Reader, member: Member, target_type: str, target_ids: Sequence[str]) -> set[str]:  # noqa: ARG002 - there is one kind
        found = await heaps_store.among(read, member.user_id, target_ids, now=self._clock.now_ms())
        return {heap_id for heap_id, heap in found.items() if heap.deleted_at is None}


def _heap(row: sqlite3.Row) -> Thing:
    return Thing(
        target_type=HEAP,
        target_id=row["heap_id"],
        title=row["title"] or UNTITLED,
        kind=NOTEBOOK,
        owner_id=row["owner_id"],
        state="there" if row["deleted_at"] is None else "trashed",
        count=row["blocks"],
        covers=(Cover(HEAP, row["heap_id"]),),
    )
