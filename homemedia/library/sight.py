"""Which libraries those who listen see, kept at hand: whether an event is told is decided at once, without asking.

Threat: that something moves in a library, and its id, is nothing for a member who was not granted it. Who was never
learned is told nothing.
"""

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.library.sight_store import seen
from homemedia.library.visible import visible_to


class LibrarySight:
    """Knows the libraries of members by their id and session: one who came by a link has no administrator's rights."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self._libraries: dict[str, frozenset[str]] = {}
        self._turn = 0
        self._learned: dict[str, int] = {}

    async def learn(self, member: Member) -> None:
        """Look what a member sees by now; of several that look at once the last to begin is right."""
        self._turn += 1
        turn = self._turn
        found = await seen(self._db.read, visible_to(member, self._clock.now_ms()))
        if turn > self._learned.get(member.session_id, 0):
            self._learned[member.session_id] = turn
            self._libraries[member.session_id] = found

    def forget(self, session_id: str) -> None:
        """A session has ended."""
        self._libraries.pop(session_id, None)
        self._learned.pop(session_id, None)

    def sees(self, member: Member, library_id: str) -> bool:
        """Whether a member who was learned sees a library."""
        return library_id in self._libraries.get(member.session_id, frozenset())
