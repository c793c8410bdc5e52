"""What clips announce after a commit: ids, never contents. Live channels, pushes and jobs hear them."""

from typing import Literal

import msgspec

Change = Literal["added", "status", "changed", "removed"]
Stage = Literal["waiting", "fetching", "converting"]
Talk = Literal["comment", "reaction", "watch", "unwatch", "favorite", "hearts"]


class ClipsChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Clips came in, went on (downloading, ready, failed, deleted), were edited, or are gone for good."""

    clip_ids: tuple[str, ...]
    what: Change


class ClipProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a download is.

    Attributes:
        percent: None while nobody knows how much there is.
    """

    clip_id: str
    stage: Stage
    percent: int | None = None
    bytes_done: int = 0
    bytes_total: int | None = None


class ClipTalk(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, `by` a user id, said or did something at a clip."""

    clip_id: str
    what: Talk
    by: str


class UnwatchedChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What these members have still to watch is another; nobody named: everybody's."""

    user_ids: tuple[str, ...] = ()
