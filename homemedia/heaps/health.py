"""Whether syncing works, by counters alone (heaps §7.3)."""

from typing import Literal

import msgspec

from homemedia.core.clock import Clock
from homemedia.heaps.facts import FactKeeper
from homemedia.heaps.rooms import Rooms

# What is written in an open block is on disk within a tenth of a second; a disk that needs this long is stuck.
STALLED_S = 5.0


class SyncHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Times in ms."""

    status: Literal["ok", "error"]
    server_time: int
    connections: int
    rooms: int
    pending_commit: int
    pending_derive: int
    last_commit_ms: float
    writer: Literal["ok", "stalled"]
    worker: Literal["ok", "failing"]


def look(rooms: Rooms, facts: FactKeeper, clock: Clock) -> SyncHealth:
    """How syncing is at this moment. A worker that fails costs titles and search, not syncing."""
    is_stalled = rooms.writer.waits_s > STALLED_S
    return SyncHealth(
        status="error" if is_stalled else "ok",
        server_time=clock.now_ms(),
        connections=rooms.connections,
        rooms=rooms.count,
        pending_commit=rooms.writer.pending,
        pending_derive=facts.waiting,
        last_commit_ms=rooms.writer.last_commit_ms,
        writer="stalled" if is_stalled else "ok",
        worker="failing" if facts.is_failing else "ok",
    )
