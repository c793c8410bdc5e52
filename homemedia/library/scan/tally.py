"""Counts in which state each file of a scan ended; a file is in one state at a time, so the sum is always the total."""

from collections import Counter

from homemedia.library.models import Counts

State = str
STATES = ("added", "unchanged", "updated", "moved", "duplicate", "ignored", "failed", "deferred")


class Tally:
    """The states of a running scan. Files that changed are kept by id, all others only counted."""

    def __init__(self) -> None:
        self._counted: Counter[State] = Counter()
        self._state_of: dict[int, State] = {}
        self.removed = 0
        self.skipped = 0

    def count(self, state: State, files: int = 1) -> None:
        """So many files more are in a state for good."""
        self._counted[state] += files

    def put(self, file_id: int, state: State) -> None:
        """This file is in that state now, wherever it was before."""
        before = self._state_of.get(file_id)
        if before is not None:
            self._counted[before] -= 1
        self._state_of[file_id] = state
        self._counted[state] += 1

    def holds(self, file_id: int) -> bool:
        """Whether this file changed in this scan."""
        return file_id in self._state_of

    def is_moved(self, file_id: int) -> bool:
        return self._state_of.get(file_id) == "moved"

    def fail(self, file_id: int) -> None:
        """This file could not be read; one that did not change in this scan was counted as unchanged."""
        if file_id not in self._state_of and self._counted["unchanged"] > 0:
            self._counted["unchanged"] -= 1
        self.put(file_id, "failed")

    def is_new(self, file_id: int) -> bool:
        return self._state_of.get(file_id) == "added"

    def counts(self) -> Counts:
        return Counts(
            removed=self.removed,
            skipped=self.skipped,
            **{state: self._counted[state] for state in STATES},
        )
