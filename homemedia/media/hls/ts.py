"""Cuts the one transport stream that ffmpeg writes into the segments of a table, as the bytes arrive.

A cut lies at the tables of contents (PAT, PMT) in front of a packet of the picture that is marked as one to begin
with. Where there is no picture, every packet of sound will do; tables are put in front where none stand.

Source:
    ISO/IEC 13818-1, 2.4.3 (packets), 2.4.4 (PAT, PMT), 2.4.3.7 (PTS); watch contract 9.4.
"""

from collections.abc import Iterator

from homemedia.media.hls.cuts import OFFSET_US, Cuts, Event, NotFragmented, pieces
from homemedia.media.hls.recount import PACKET_BYTES, Recount
from homemedia.media.hls.table import SegmentTable

__all__ = ["NULL_PACKET", "PACKET_BYTES", "TsCutter"]

SYNC = 0x47
NULL_PACKET = b"\x47\x1f\xff\x10" + b"\xff" * (PACKET_BYTES - 4)
PAT_PID, NULL_PID = 0, 0x1FFF
LEAST_STREAM_PID = 0x20  # below it are tables of broadcasters, which nobody needs
# Between tables and picture stand the tables' own packets, no more.
MOST_BEFORE = 32
# Kinds of streams that are pictures: MPEG-1, 2 and 4, H.264, H.265, H.266, VC-1.
PICTURES = frozenset({0x01, 0x02, 0x10, 0x1B, 0x24, 0x33, 0xEA})


class TsCutter:
    """Takes bytes, gives the events of `cuts`, without `Init`. Make a new one for each run of ffmpeg.

    Args:
        table: where segments begin.
        first: the segment the run was started for; what comes earlier is thrown away.
        frame_us: length of one picture, for what is close enough to a boundary.
        offset_us: what was added to all times.
        refuses_holes: raise `Hole` instead of an empty segment.
    """

    def __init__(
        self,
        table: SegmentTable,
        first: int,
        *,
        frame_us: int = 40_000,
        offset_us: int = OFFSET_US,
        refuses_holes: bool = False,
    ) -> None:
        self._cuts = Cuts(
            table, first, frame_us=frame_us, offset_us=offset_us, nothing=NULL_PACKET, refuses_holes=refuses_holes
        )
        self._rest = b""
        self._pat = b""
        self._pmt = b""
        self._pmt_pid = -1
        self._leading = -1
        self._has_picture = False
        self._tables: list[tuple[int, bytes]] = []
        self._recount = Recount()
        self._made = b""

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
        self._rest = body[end:]
        for at in range(0, end, PACKET_BYTES):
            packet = body[at : at + PACKET_BYTES]
            if packet[0] != SYNC:
                raise NotFragmented(f"a packet begins with {packet[0]:#04x}")
            pid = (packet[1] & 0x1F) << 8 | packet[2]
            if pid == NULL_PID or PAT_PID < pid < LEAST_STREAM_PID:
                continue
            if pid in {PAT_PID, self._pmt_pid}:
                self._read(pid, packet)
                self._tables.append((pid, packet))
                if len(self._tables) > MOST_BEFORE:
                    self._put_tables()
                continue
            time_us = self._begins(packet) if pid == self._leading and packet[1] & 0x40 else None
            if time_us is not None:
                yield from self._turned(time_us)
            self._put_tables()
            if self._cuts.is_open:
                self._made += self._recount.push(pid, packet)
        yield from self._given()

    def finish(self, *, is_clean: bool) -> Iterator[Event]:
        """The run has ended; `is_clean` when it came to the end of the film."""
        whole = not self._rest
        if is_clean and whole and self._cuts.is_open:
            self._put_tables()
            self._made += self._recount.end()
            yield from self._given()
        self._rest = b""
        yield from self._cuts.finish(is_clean=is_clean and whole)

    def _put_tables(self) -> None:
        """Tables belong to what follows them."""
        if self._cuts.is_open:
            self._made += b"".join(self._recount.table(pid, packet) for pid, packet in self._tables)
        self._tables = []

    def _given(self) -> Iterator[Event]:
        made, self._made = self._made, b""
        if made:
            yield from pieces(made)

    def _turned(self, time_us: int) -> Iterator[Event]:
        """Somebody could begin to watch here: another segment may begin."""
        was_open = self._cuts.is_open
        turns = self._cuts.at(time_us)
        first = next(turns, None)
        if first is None:
            return
        if was_open:
            self._made += self._recount.end()
            yield from self._given()
        yield first
        yield from turns
        if not self._tables and self._pat:
            self._tables = [(PAT_PID, self._pat), (self._pmt_pid, self._pmt)]

    def _begins(self, packet: bytes) -> int | None:
        """When what begins in this packet is shown, in microseconds; None when nobody can begin to watch here."""
        has_adaptation = packet[3] & 0x20
        payload = 4 + (1 + packet[4] if has_adaptation else 0)
        if self._has_picture and not (has_adaptation and packet[4] and packet[5] & 0x40):
            return None
        head = packet[payload : payload + 14]
        if len(head) < 14 or head[:3] != b"\x00\x00\x01" or not head[7] & 0x80:
            return None
        ticks = (head[9] >> 1 & 7) << 30 | head[10] << 22 | head[11] >> 1 << 15 | head[12] << 7 | head[13] >> 1
        return ticks * 100 // 9

    def _read(self, pid: int, packet: bytes) -> None:
        if pid == PAT_PID:
            self._read_pat(packet)
        elif pid == self._pmt_pid:
            self._read_pmt(packet)

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
