"""Where a film can be cut without making its pictures anew. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from homemedia.media.hls.table import SECOND_US

# Farther apart than this, seeking in a copied film is no fun (watch contract 8.2).
WIDEST_GAP_US = 20 * SECOND_US
# Films of nothing but keyframes have more of them than anybody needs.
MOST_KEYFRAMES = 30_000
THINNED_TO_US = SECOND_US // 4

Obstacle = Literal["", "sparse", "times", "trimmed"]


class KeyframeIndex(msgspec.Struct, frozen=True, kw_only=True):
    """Keyframes of the picture, in microseconds from the file's own start time.

    Attributes:
        times_us: when they are shown, ascending; not all of them need be named.
        end_us: where the last picture ends.
        start_time_us: what the file calls its beginning.
        frame_rate: pictures a second, None when unknown.
        track: number of the stream.
        reorder_us: how much earlier the first keyframe is decoded than shown: B-frames. 0 when that is not known.
        codec: what players call the codec (RFC 6381) when it is copied, None when the file does not tell.
        is_whole: False when the time was up before the end; then there are keyframes behind the last of `times_us`.
        obstacle: why the pictures cannot be copied, as far as the file has told: `sparse` (keyframes lie too far
            apart), `times` (pictures without time stamps, or stamps that go back), `trimmed` (pictures that must not
            be shown come first).
    """

    times_us: tuple[int, ...]
    end_us: int
    start_time_us: int = 0
    frame_rate: float | None = None
    track: int = 0
    is_whole: bool = True
    obstacle: Obstacle = ""
    codec: str | None = None
    reorder_us: int = 0

    @property
    def can_cut(self) -> bool:
        return self.is_whole and not self.obstacle

    @property
    def max_gap_us(self) -> int:
        return widest_gap(self.times_us, self.end_us)

    def before(self, at_us: int) -> int:
        """The last keyframe at a moment or before it; 0 before the first."""
        number = bisect_right(self.times_us, at_us)
        return self.times_us[number - 1] if number else 0


def widest_gap(times_us: Sequence[int], end_us: int) -> int:
    """The longest stretch without a keyframe, from the beginning to the end."""
    return max((b - a for a, b in pairwise((0, *times_us, max(end_us, 0)))), default=0)


def thinned(times_us: Sequence[int]) -> tuple[int, ...]:
    """As many of these as are worth keeping."""
    if len(times_us) <= MOST_KEYFRAMES:
        return tuple(times_us)
    kept = [times_us[0]]
    for at_us in times_us:
        if at_us >= kept[-1] + THINNED_TO_US:
            kept.append(at_us)
    return tuple(kept)
