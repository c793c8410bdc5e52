"""Where the segments of a stream begin and end, decided before the first of them is made.

Source:
    Watch contract 9.2. Times are whole microseconds from the beginning of the film.
"""

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

SECOND_US = 1_000_000
# A last piece shorter than this joins the one before it.
LEAST_LAST_US = SECOND_US


class SegmentTable(msgspec.Struct, frozen=True):
    """`boundaries_us`: the start of each segment in order, the first 0, and the end of the film last."""

    boundaries_us: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.boundaries_us) - 1

    @property
    def end_us(self) -> int:
        return self.boundaries_us[-1]

    def start_us(self, number: int) -> int:
        return self.boundaries_us[number]

    def duration_us(self, number: int) -> int:
        return self.boundaries_us[number + 1] - self.boundaries_us[number]

    @property
    def longest_us(self) -> int:
        return max(self.duration_us(number) for number in range(self.count))

    def index_at(self, at_us: int) -> int:
        """The segment that holds a moment; the first or last one for moments outside."""
        return min(max(bisect_right(self.boundaries_us, at_us) - 1, 0), self.count - 1)


def encode_table(end_us: int, segment_us: int) -> SegmentTable:
    """Segments of equal length, for pictures that are made anew and so may begin anywhere.

    Raises:
        ValueError: there is nothing to cut.
    """
    if end_us <= 0 or segment_us <= 0:
        raise ValueError("a film has a length, and so have its segments")
    starts = list(range(0, end_us, segment_us))
    if len(starts) > 1 and end_us - starts[-1] < LEAST_LAST_US:
        starts.pop()
    return SegmentTable((*starts, end_us))


def copy_table(keyframes_us: Sequence[int], end_us: int, segment_us: int) -> SegmentTable:
    """Segments that begin at keyframes, each at least `segment_us` long but the last.

    Args:
        keyframes_us: ascending; they may be sparse, a segment then holds several groups of pictures.
        end_us: end of the last picture.
        segment_us: the length wished for.

    Raises:
        ValueError: there is nothing to cut.
    """
    if end_us <= 0 or segment_us <= 0:
        raise ValueError("a film has a length, and so have its segments")
    starts = [0]
    for keyframe_us in keyframes_us:
        if keyframe_us >= end_us:
            break
        if keyframe_us >= starts[-1] + segment_us:
            starts.append(keyframe_us)
    if len(starts) > 1 and end_us - starts[-1] < LEAST_LAST_US:
        starts.pop()
    return SegmentTable((*starts, end_us))
