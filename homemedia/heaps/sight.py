"""Which heaps those who listen see, kept at hand: whether an event is told is decided at once, without asking.

Threat: that something is written in a heap, and its id, is nothing for a member it is not shared with. Who was never
learned is told nothing.
"""

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.heaps import heaps_store
from homemedia.heaps.events import HeapChanged


class HeapSight:
    """Knows the heaps of members by their session."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self._heaps: dict[str, tuple[str, frozenset[str]]] = {}
        self._turn = 0
        self._learned: dict[str, int] = {}

    async def learn(self, member: Member) -> None:
        """Look what a member sees by now; of several that look at once the last to begin is right."""
        self._turn += 1
        turn = self._turn
        found = await heaps_store.seen(self._db.read, member.user_id, now=self._clock.now_ms())
        if turn > self._learned.get(member.session_id, 0):
            self._learned[member.session_id] = turn
            self._heaps[member.session_id] = (member.user_id, found)

    def forget(self, session_id: str) -> None:
        """A session has ended."""
        self._heaps.pop(session_id, None)
        self._learned.pop(session_id, None)

    def changed(self, event: HeapChanged) -> None:
        """Whoever made a heap sees it at once."""
        if event.what == "created":
            for session_id, (user_id, heaps) in self._heaps.items():
                if user_id in event.members:
                    self._heaps[session_id] = (user_id, heaps | {event.heap_id})

    def sees(self, member: Member, heap_id: str) -> bool:
        """Whether a member who was learned sees a heap."""
        return heap_id in self._heaps.get(member.session_id, ("", frozenset[str]()))[1]
