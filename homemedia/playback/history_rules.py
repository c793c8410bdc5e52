"""What makes a sitting: the bounds, and what of a report is written into it. Pure."""

import msgspec

from homemedia.playback.rules import PlayerState

# Music is heard all day, and trailers are not watched: neither is told of.
KINDS = frozenset({"movie", "episode", "video"})
# After so much silence the same title is a new sitting.
SILENT_MS = 30 * 60 * 1000
# Players report every 10 s while pictures come; of a longer gap no more than this was surely watched.
STEP_MS = 30_000


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it is written down. `at` in ms since 1970 UTC, the others within the whole title."""

    user_id: str
    sign_in_id: str
    identity_key: str
    title: str
    at: int
    is_playing: bool
    offset_ms: int
    duration_ms: int | None
    is_finished: bool


def counts(kind: str, state: PlayerState | None, *, is_hiding: bool) -> bool:
    """Whether a report is about watching: one without a state, or one that only dismisses, is not."""
    return kind in KINDS and state is not None and not is_hiding
