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
# Where playing begins a first picture is waited for: pieces there are so short, and grow as more is there to play.
FIRST_US = SECOND_US
LEAST_US = SECOND_US // 2


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


def encode_table(end_us: int, segment_us: int, begin_us: int | None = None) -> SegmentTable:
    """Segments of equal length, for pictures that are made anew and so may begin anywhere.

    Args:
        end_us: end of the last picture.
        segment_us: the length wished for.
        begin_us: where playing begins; a few shorter ones lie there. None where nobody can cut so.

    Raises:
        ValueError: there is nothing to cut.
    """
    if end_us <= 0 or segment_us <= 0:
        raise ValueError("a film has a length, and so have its segments")
    starts = list(range(0, end_us, segment_us))
    if begin_us is not None:
        starts = _eased(starts, min(begin_us, end_us), segment_us)
    while len(starts) > 1 and end_us - starts[-1] < LEAST_LAST_US:
        starts.pop()
    return SegmentTable((*starts, end_us))


def _eased(starts: list[int], begin_us: int, segment_us: int) -> list[int]:
    """Put short segments where playing begins, and go on with the usual ones."""
    before_us = starts[bisect_right(starts, begin_us) - 1]
    at_us = begin_us if begin_us - before_us >= LEAST_US else before_us
    short = [at_us]
    for length_us in _short_lengths(segment_us):
        short.append(short[-1] + length_us)
    return [
        *(start for start in starts if start <= at_us - LEAST_US),
        *short,
        *(start for start in starts if start >= short[-1] + LEAST_LAST_US),
    ]


def _short_lengths(segment_us: int) -> list[int]:
    """Two of each length, each twice the one before, up to the usual."""
    lengths, length_us = list[int](), FIRST_US
    while length_us < segment_us:
        lengths += [length_us, length_us]
        length_us *= 2
    return lengths


def copy_table(keyframes_us: Sequence[int], end_us: int, segment_us: int, begin_us: int | None = None) -> SegmentTable:
    """Segments that begin at keyframes, each at least `segment_us` long but the last.

    Args:
        keyframes_us: ascending; they may be sparse, a segment then holds several groups of pictures.
        end_us: end of the last picture.
        segment_us: the length wished for.
        begin_us: where playing begins; a few may be shorter there. None where it does not matter.

    Raises:
        ValueError: there is nothing to cut.
    """
    if end_us <= 0 or segment_us <= 0:
        raise ValueError("a film has a length, and so have its segments")
    starts = [0]
    before = 0 if begin_us is None else bisect_right(keyframes_us, begin_us)
    at_us = end_us if begin_us is None else keyframes_us[before - 1] if before else 0
    short = _short_lengths(segment_us)
    for keyframe_us in keyframes_us:
        if keyframe_us >= end_us:
            break
        wanted_us = segment_us
        if keyframe_us == at_us:
            wanted_us = min(LEAST_US, segment_us)
        elif keyframe_us > at_us and short:
            wanted_us = short[0]
        if keyframe_us < starts[-1] + wanted_us:
            continue
        starts.append(keyframe_us)
        if keyframe_us > at_us and short:
            short.pop(0)
    if len(starts) > 1 and end_us - starts[-1] < LEAST_LAST_US:
        starts.pop()
    return SegmentTable((*starts, end_us))
