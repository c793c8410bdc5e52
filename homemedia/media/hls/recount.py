"""Counts the packets of a transport stream anew, so that segments of several runs fit together in any order. Pure.

Every stream counts its packets modulo 16, and players take a gap for loss. Each run of ffmpeg begins at 0, and nobody
knows how many packets the run before has left out. So each segment begins at 0 and holds a multiple of 16 packets of
each stream: a packet near its end is divided into as many as are missing, tables are repeated. What a player gets out
of them is the same.

Source:
    ISO/IEC 13818-1, 2.4.3.2 to 2.4.3.5 (packets, continuity counter, adaptation field).
"""

PACKET_BYTES = 188
HEAD_BYTES = 4
COUNTS = 16
HAS_PAYLOAD, HAS_FIELD, STARTS = 0x10, 0x20, 0x40
# What begins in a packet keeps its head in one piece, whatever the packet is divided into.
KEPT_OF_A_BEGINNING = 24
MOST_MISSING = COUNTS - 1


class Recount:
    """Takes the packets of one segment after the other; of each stream they come out in their order, some later."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._tables: dict[int, bytes] = {}
        # Of each stream the last packets, as many as are needed to make any number of them.
        self._held: dict[int, list[bytes]] = {}

    def table(self, pid: int, packet: bytes) -> bytes:
        """A packet that holds tables; it goes out at once."""
        self._tables[pid] = packet
        return self._counted(pid, packet)

    def push(self, pid: int, packet: bytes) -> bytes:
        """Any other packet; what can go out now."""
        held = self._held.setdefault(pid, [])
        held.append(packet)
        room = divisible(packet)
        if room >= MOST_MISSING:
            gone, self._held[pid] = held[:-1], held[-1:]
        else:
            gone = []
            room = sum(map(divisible, held))
            while room - divisible(held[0]) >= MOST_MISSING:
                room -= divisible(held[0])
                gone.append(held.pop(0))
        return b"".join(self._counted(pid, one) for one in gone)

    def end(self) -> bytes:
        """The rest of the segment."""
        found = b"".join(self._last(pid, held) for pid, held in self._held.items())
        for pid, packet in self._tables.items():
            found += b"".join(self._counted(pid, packet) for _ in range(-self._counts[pid] % COUNTS))
        self._counts, self._tables, self._held = {}, {}, {}
        return found

    def _last(self, pid: int, held: list[bytes]) -> bytes:
        missing = -(self._counts.get(pid, 0) + sum(bool(one[3] & HAS_PAYLOAD) for one in held)) % COUNTS
        made: list[bytes] = []
        for packet in held:
            more = min(missing, divisible(packet))
            missing -= more
            made += _divided(packet, 1 + more)
        return b"".join(self._counted(pid, one) for one in made)

    def _counted(self, pid: int, packet: bytes) -> bytes:
        """The packet with its number; one without content has that of the one before it."""
        count = self._counts.get(pid, 0)
        if packet[3] & HAS_PAYLOAD:
            self._counts[pid] = count + 1
        else:
            count -= 1
        return packet[:3] + bytes((packet[3] & 0xF0 | count % COUNTS,)) + packet[HEAD_BYTES:]


def divisible(packet: bytes) -> int:
    """How many more packets one can be made into."""
    kept = KEPT_OF_A_BEGINNING if packet[1] & STARTS else 1
    return max(0, len(_payload(packet)) - kept)


def _payload(packet: bytes) -> bytes:
    if not packet[3] & HAS_PAYLOAD:
        return b""
    return packet[HEAD_BYTES + (1 + packet[HEAD_BYTES] if packet[3] & HAS_FIELD else 0) :]


def _divided(packet: bytes, number: int) -> list[bytes]:
    """A packet as so many packets: all but the first hold one byte."""
    payload = _payload(packet)
    if number == 1:
        return [packet]
    field = packet[HEAD_BYTES + 1 : PACKET_BYTES - len(payload)] if packet[3] & HAS_FIELD else b""
    cut = len(payload) - number + 1
    following = bytes((packet[0], packet[1] & ~STARTS, packet[2], packet[3]))
    return [
        _filled(packet[:HEAD_BYTES], field, payload[:cut]),
        *(_filled(following, b"", payload[at : at + 1]) for at in range(cut, len(payload))),
    ]


def _filled(head: bytes, field: bytes, payload: bytes) -> bytes:
    """A packet whose adaptation field takes what the payload leaves."""
    room = PACKET_BYTES - HEAD_BYTES - 1 - len(payload)
    # A field that is there at all begins with its flags.
    body = field or (b"\x00" if room else b"")
    return head[:3] + bytes((head[3] | HAS_FIELD, room)) + body + b"\xff" * (room - len(body)) + payload
