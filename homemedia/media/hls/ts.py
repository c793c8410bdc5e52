"""Cuts the one transport stream that ffmpeg writes into the segments of a table, as the bytes arrive.

A cut lies at the tables of contents (PAT, PMT) in front of a packet of the picture that is marked as one to begin
with. Where there is no picture, every packet of sound will do; tables are put in front where none stand.

Source:
    ISO/IEC 13818-1, 2.4.3 (packets), 2.4.4 (PAT, PMT), 2.4.3.7 (PTS); watch contract 9.4.
"""

from collections.abc import Iterator

from homemedia.media.hls.cuts import OFFSET_US, Cuts, Event, NotFragmented, pieces
from homemedia.media.hls.table import SegmentTable

PACKET_BYTES = 188
SYNC = 0x47
NULL_PACKET = b"\x47\x1f\xff\x10" + b"\xff" * (PACKET_BYTES - 4)
PAT_PID = 0
# Between tables and picture stand the tables' own packets, no more.
MOST_BEFORE = 32 * PACKET_BYTES
# Kinds of streams that are pictures: MPEG-1, 2 and 4, H.264, H.265, H.266, VC-1.
PICTURES = frozenset({0x01, 0x02, 0x10, 0x1B, 0x24, 0x33, 0xEA})


class TsCutter:
    """Takes bytes, gives the events of `cuts`, without `Init`. Make a new one for each run of ffmpeg.

    Args:
        table: where segments begin.
        first: the segment the run was started for; what comes earlier is thrown away.
        frame_us: length of one picture, for what is close enough to a boundary.
        offset_us: what was added to all times.
    """

    def __init__(self, table: SegmentTable, first: int, *, frame_us: int = 40_000, offset_us: int = OFFSET_US) -> None:
        self._cuts = Cuts(table, first, frame_us=frame_us, offset_us=offset_us, nothing=NULL_PACKET)
        self._rest = b""
        self._pat = b""
        self._pmt = b""
        self._pmt_pid = -1
        self._leading = -1
        self._has_picture = False

    @property
    def current(self) -> int | None:
        """The open segment."""
        return self._cuts.current

    def feed(self, body: bytes) -> Iterator[Event]:
        """Go on with these bytes.

        Raises:
            NotFragmented: they are not what was asked for.
        """
        body = self._rest + body
        end = len(body) - len(body) % PACKET_BYTES
        sent = 0
        tables = -1
        for at in range(0, end, PACKET_BYTES):
            if body[at] != SYNC:
                raise NotFragmented(f"a packet begins with {body[at]:#04x}")
            pid = (body[at + 1] & 0x1F) << 8 | body[at + 2]
            if pid == self._leading:
                time_us = self._begins(body, at) if body[at + 1] & 0x40 else None
                if time_us is not None:
                    cut_at = tables if tables >= 0 else at
                    yield from self._passed(body, sent, cut_at)
                    sent = cut_at
                    yield from self._turned(time_us, has_tables=tables >= 0)
                tables = -1
            elif pid == PAT_PID:
                self._read_pat(body[at : at + PACKET_BYTES])
                tables = at
            elif pid == self._pmt_pid:
                self._read_pmt(body[at : at + PACKET_BYTES])
                if at - tables > MOST_BEFORE:
                    tables = -1
            else:
                tables = -1
        kept = tables if tables >= 0 else end
        yield from self._passed(body, sent, kept)
        self._rest = body[kept:]

    def finish(self, *, is_clean: bool) -> Iterator[Event]:
        """The run has ended; `is_clean` when it came to the end of the film."""
        whole = len(self._rest) % PACKET_BYTES == 0
        if is_clean and whole:
            yield from self._passed(self._rest, 0, len(self._rest))
        self._rest = b""
        yield from self._cuts.finish(is_clean=is_clean and whole)

    def _passed(self, body: bytes, start: int, end: int) -> Iterator[Event]:
        if self._cuts.is_open and end > start:
            yield from pieces(memoryview(body)[start:end])

    def _turned(self, time_us: int, *, has_tables: bool) -> Iterator[Event]:
        before = self._cuts.current
        yield from self._cuts.at(time_us)
        if self._cuts.current != before and not has_tables:
            yield from pieces(self._pat + self._pmt)

    def _begins(self, body: bytes, at: int) -> int | None:
        """When what begins in this packet is shown, in microseconds; None when nobody can begin to watch here."""
        has_adaptation = body[at + 3] & 0x20
        payload = at + 4 + (1 + body[at + 4] if has_adaptation else 0)
        if self._has_picture and not (has_adaptation and body[at + 4] and body[at + 5] & 0x40):
            return None
        head = body[payload : min(payload + 14, at + PACKET_BYTES)]
        if len(head) < 14 or head[:3] != b"\x00\x00\x01" or not head[7] & 0x80:
            return None
        ticks = (head[9] >> 1 & 7) << 30 | head[10] << 22 | head[11] >> 1 << 15 | head[12] << 7 | head[13] >> 1
        return ticks * 100 // 9

    def _read_pat(self, packet: bytes) -> None:
        """Learn where the table of the first programme is."""
        if packet[4:] == self._pat[4:]:
            return
        section = _section(packet)
        for at in range(8, len(section) - 7, 4):
            if section[at : at + 2] != b"\x00\x00":
                self._pmt_pid = int.from_bytes(section[at + 2 : at + 4], "big") & 0x1FFF
                self._pat = packet
                return

    def _read_pmt(self, packet: bytes) -> None:
        """Learn which stream leads: the first picture, else the first sound."""
        if packet[4:] == self._pmt[4:]:
            return
        section = _section(packet)
        if len(section) < 16:
            return
        at = 12 + (int.from_bytes(section[10:12], "big") & 0x0FFF)
        streams = list[tuple[int, int]]()
        while at + 5 <= len(section) - 4:
            streams.append((section[at], int.from_bytes(section[at + 1 : at + 3], "big") & 0x1FFF))
            at += 5 + (int.from_bytes(section[at + 3 : at + 5], "big") & 0x0FFF)
        if not streams:
            return
        pictures = [pid for kind, pid in streams if kind in PICTURES]
        self._has_picture = bool(pictures)
        self._leading = pictures[0] if pictures else streams[0][1]
        self._pmt = packet


def _section(packet: bytes) -> bytes:
    """The table in a packet, its checksum included; empty when there is none or it does not fit in."""
    start = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
    if not packet[1] & 0x40 or start >= PACKET_BYTES:
        return b""
    start += 1 + packet[start]
    if start + 3 > PACKET_BYTES:
        return b""
    end = start + 3 + (int.from_bytes(packet[start + 1 : start + 3], "big") & 0x0FFF)
    return packet[start:end] if end <= PACKET_BYTES else b""
