"""What this slice asks of others without knowing them: protocols that `app/` fulfils."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from homemedia.accounts import Member


class ItemCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many things of each kind somebody sees."""

    movies: int = 0
    shows: int = 0
    episodes: int = 0
    videos: int = 0
    artists: int = 0
    albums: int = 0
    tracks: int = 0


class ActiveSession(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody watching just now. Times in ms since 1970 UTC, `position_ms` from the start, `speed` 1.0 real time."""

    session_id: str
    user_id: str
    username: str
    file_id: int
    title: str
    method: str
    encoder: str | None
    position_ms: int
    speed: float | None
    client_name: str
    address: str
    started_at: int
    last_seen_at: int


class LibraryFacts(Protocol):
    """What the library tells of itself."""

    async def count_libraries(self, actor: Member) -> int:
        """How many libraries this member sees."""

    async def count_items(self, actor: Member) -> ItemCounts:
        """How much this member sees."""

    async def is_scanning(self) -> bool:
        """Whether any scan runs or waits."""

    async def roots(self) -> Mapping[str, str]:
        """Every library's folders: absolute path to library id."""


class PlaybackFacts(Protocol):
    """What playback tells of itself."""

    async def active_sessions(self) -> Sequence[ActiveSession]:
        """Who watches what, the newest first."""

    def transcodes(self) -> tuple[int, int]:
        """How many conversions run, and how many may at most."""

    def ffmpeg_version(self) -> str | None:
        """Version of the ffmpeg in use; None when there is none."""


class NoLibrary:
    """An empty house."""

    async def count_libraries(self, actor: Member) -> int:  # noqa: ARG002 - the protocol's
        return 0

    async def count_items(self, actor: Member) -> ItemCounts:  # noqa: ARG002 - the protocol's
        return ItemCounts()

    async def is_scanning(self) -> bool:
        return False

    async def roots(self) -> Mapping[str, str]:
        return {}


class NoPlayback:
    """Nobody watches anything."""

    async def active_sessions(self) -> Sequence[ActiveSession]:
        return ()

    def transcodes(self) -> tuple[int, int]:
        return 0, 0

    def ffmpeg_version(self) -> str | None:
        return None
