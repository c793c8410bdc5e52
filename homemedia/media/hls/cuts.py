"""What cutters have in common: the events they give, and which segment a stretch of a stream belongs to. Pure."""

from collections.abc import Iterator

import msgspec

from homemedia.media.hls.table import SECOND_US, SegmentTable

# ffmpeg is told to add this to all times, so that decode times before 0 stay positive.
OFFSET_US = 10 * SECOND_US
PIECE_BYTES = 256 << 10


class Init(msgspec.Struct, frozen=True):
    """`ftyp` and `moov`: what a player reads once."""

    body: bytes


class Open(msgspec.Struct, frozen=True):
    """A segment begins."""

    number: int


class Data(msgspec.Struct, frozen=True):
    """Bytes of the open segment, at most `PIECE_BYTES`."""

    body: bytes


class Close(msgspec.Struct, frozen=True):
    """The open segment is whole. `end_us`: where what follows it begins, None at the end of the film."""

    number: int
    end_us: int | None = None


Event = Init | Open | Data | Close


class NotFragmented(Exception):  # noqa: N818 - what it is
    """What came is no stream that can be cut; the text says where."""


class Hole(NotFragmented):
    """A segment would hold nothing, and whoever reads has said that another run can help."""


def pieces(body: bytes | memoryview) -> Iterator[Data]:
    """Bytes in pieces of a size that may be written at once."""
    for at in range(0, len(body), PIECE_BYTES):
        yield Data(bytes(body[at : at + PIECE_BYTES]))


class Cuts:
    """Opens and closes segments as time goes on.

    A segment in which nothing begins (a hole in the film, a damaged stretch) is opened and closed all the same, with
    `nothing` in it, so that nobody waits for it, unless such holes are refused.

    Args:
        table: where segments begin.
        first: the segment the run was started for; what comes earlier is thrown away.
        frame_us: length of one picture; half of it is close enough to a boundary.
        offset_us: what was added to all times.
        nothing: what an empty segment holds.
        refuses_holes: stop at a segment in which nothing begins.

    Attributes:
        current: the segment that is open or comes next; None before the first and after the end.
        is_open: whether it is open.
    """

    def __init__(
        self,
        table: SegmentTable,
        first: int,
        *,
        frame_us: int,
        offset_us: int,
        nothing: bytes,
        refuses_holes: bool = False,
    ) -> None:
        self._table = table
        self._refuses_holes = refuses_holes
        self._first = first
        self._slack_us = frame_us // 2
        self._offset_us = offset_us
        self._nothing = nothing
        self.is_open = False
        self.current: int | None = None

    def at(self, time_us: int) -> Iterator[Event]:
        """A stretch begins that can be decoded by itself; `time_us` is when its first picture is shown.

        Raises:
            Hole: a segment was left out, where that is refused.
        """
        start_us = time_us - self._offset_us
        number = self._table.index_at(start_us + self._slack_us)
        if self.current is None:
            if number < self._first:
                return
            expected = self._first
        elif self.is_open:
            if number <= self.current:
                return
            yield Close(self.current, start_us)
            expected = self.current + 1
        else:
            # Closed before this came: what should have been in it after all is in the next.
            expected = self.current
        if self._refuses_holes and number > expected:
            self.current, self.is_open = expected, False
            raise Hole(f"nothing begins in segment {expected}")
        for missing in range(expected, number):
            yield from (Open(missing), Data(self._nothing), Close(missing, start_us))
        number = max(number, expected)
        self.current, self.is_open = number, True
        yield Open(number)

    def until(self, time_us: int) -> Iterator[Event]:
        """All there is so far is shown before `time_us`: closes the open segment where that is its end.

        What follows begins with the next keyframe, which comes as late as the next segment is long.
        """
        if self.current is None or not self.is_open or self.current + 1 >= self._table.count:
            return
        end_us = time_us - self._offset_us
        if end_us + self._slack_us >= self._table.start_us(self.current + 1):
            yield Close(self.current, end_us)
            self.current, self.is_open = self.current + 1, False

    def finish(self, *, is_clean: bool) -> Iterator[Event]:
        """The stream has ended; `is_clean` when it came to the end of the film."""
        if is_clean and self.current is not None and self.is_open:
            yield Close(self.current)
        self.current, self.is_open = None, False
