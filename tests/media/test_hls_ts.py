"""The cutter of transport streams against what a real ffmpeg writes."""

import contextlib
import itertools
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homemedia.media.hls.cuts import PIECE_BYTES, Close, Data, Event, NotFragmented, Open
from homemedia.media.hls.recount import MOST_MISSING, Recount, divisible
from homemedia.media.hls.table import SECOND_US, SegmentTable, copy_table, encode_table
from homemedia.media.hls.ts import NULL_PACKET, PACKET_BYTES, TsCutter
from tests.support.hls import a_run, a_source, every_ffmpeg, ffmpegs, in_steps, run, source_times, times

S = SECOND_US
TABLE = encode_table(13 * S, 4 * S)
PAT, KEYFRAME = 0, 0x40
TABLES = {PAT, 0x11, 0x1000}


def cut(
    body: bytes, table: SegmentTable, first: int, step: int = 1 << 20, frame_us: int = 40_000
) -> tuple[dict[int, bytes], list[int]]:
    """The segments by number, and which were closed."""
    cutter = TsCutter(table, first, frame_us=frame_us)
    segments, closed, now = dict[int, bytearray](), list[int](), -1

    def events() -> Iterable[Event]:
        for piece in in_steps(body, step):
            yield from cutter.feed(piece)
        yield from cutter.finish(is_clean=True)

    for event in events():
        match event:
            case Open(number=number):
                now = number
                segments[number] = bytearray()
            case Data(body=piece):
                assert len(piece) <= PIECE_BYTES
                segments[now] += piece
            case Close(number=number):
                closed.append(number)
    return {number: bytes(one) for number, one in segments.items()}, closed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ts")


@pytest.fixture(scope="module")
def source(folder: Path) -> Path:
    return a_source(folder / "source.mkv")


@pytest.fixture(scope="module")
def whole(source: Path) -> bytes:
    return a_run(ffmpegs()[0], source, form="ts")


@every_ffmpeg
@pytest.mark.parametrize(
    ("container", "rate", "keep"),
    [
        pytest.param("mkv", "25", "", id="25"),
        pytest.param("mp4", "24000/1001", "", id="23.976"),
        pytest.param("mkv", "30", "not(mod(n*n,7))+mod(n,3)", id="variable"),
    ],
)
def test_each_run_begins_each_segment_with_the_same_picture(
    folder: Path, ffmpeg: str, container: str, rate: str, keep: str
) -> None:
    film = a_source(folder / f"{rate.replace('/', '-')}-{len(keep)}.{container}", rate=rate, keep=keep)
    truth = source_times(film)
    fps = float(Fraction(rate))
    shown: dict[int, list[float]] = {}

    for first in (0, 2):
        body = a_run(ffmpeg, film, start_s=first * 4, rate=fps, form="ts")
        segments, closed = cut(body, TABLE, first, frame_us=int(S / fps))
        assert list(segments) == closed == [0, 1, 2, 3][first:]
        for number, segment in segments.items():
            assert segment[:3] == b"\x47\x40\x00", "tables first"
            found = times(segment)
            assert -0.5 / fps < found[0] - number * 4 < (0.1 if keep else 1 / fps + 0.001)
            assert shown.setdefault(number, found) == pytest.approx(found, abs=0.0002)
    assert list(itertools.chain(*shown.values())) == pytest.approx(truth, abs=0.0006)


@every_ffmpeg
def test_runs_join_without_a_hole_in_the_sound(source: Path, ffmpeg: str) -> None:
    joined = b""
    for first in (0, 1, 2, 3):
        segments, _ = cut(a_run(ffmpeg, source, start_s=first * 4, form="ts"), TABLE, first)
        joined += segments[first]

    heard = times(joined, "audio")

    frame_s = 1024 / 48000
    assert max(b - a for a, b in itertools.pairwise(heard)) - frame_s < 0.022
    assert heard[-1] == pytest.approx(13, abs=0.2)
    assert times(joined) == pytest.approx([number * 0.04 for number in range(325)], abs=0.0002)


@every_ffmpeg
def test_copied_pictures_begin_where_their_keyframes_are(folder: Path, ffmpeg: str) -> None:
    keyframes = [0.0, 1.0, 5.0, 5.6, 9.2, 12.4]
    options = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0", "-g", "400"]
    film = a_source(folder / "uneven.mkv", video=[*options, "-force_key_frames", ",".join(str(at) for at in keyframes)])
    table = copy_table([round(at * S) for at in keyframes], 13 * S, 4 * S)

    for first in range(table.count):
        body = a_run(ffmpeg, film, start_s=table.start_us(first) / S, form="ts", copy=True)
        segments, closed = cut(body, table, first)
        assert closed == list(segments) == list(range(first, table.count))
        for number, segment in segments.items():
            assert times(segment)[0] == pytest.approx(table.start_us(number) / S, abs=0.0006)
            assert len(times(segment)) == round(table.duration_us(number) / 40_000)


@every_ffmpeg
def test_sound_alone_is_cut_by_its_own_time(source: Path, ffmpeg: str) -> None:
    segments, closed = cut(a_run(ffmpeg, source, picture=False, form="ts"), TABLE, 0)

    assert list(segments) == closed == [0, 1, 2, 3]
    for number, segment in segments.items():
        assert segment[:3] == b"\x47\x40\x00"
        assert times(segment, "audio")[0] == pytest.approx(number * 4, abs=0.2)
    assert len(times(b"".join(segments.values()), "audio")) == pytest.approx(13 * 48000 / 1024, abs=3)


def test_a_hole_in_the_film_gives_empty_segments(folder: Path) -> None:
    film = a_source(folder / "hole.mkv", keep="lt(t,3)+gt(t,9.5)")

    segments, closed = cut(a_run(ffmpegs()[0], film, form="ts"), TABLE, 0)

    assert list(segments) == closed == [0, 1, 2, 3]
    assert segments[1] == NULL_PACKET


@pytest.mark.parametrize("step", [1, 7, 187, 188, 189, 4096])
def test_it_does_not_matter_how_the_bytes_arrive(whole: bytes, step: int) -> None:
    short = whole[: 500 * PACKET_BYTES] if step < 100 else whole

    assert cut(short, TABLE, 0, step) == cut(short, TABLE, 0)


def test_nothing_is_lost(whole: bytes) -> None:
    segments, _ = cut(whole, TABLE, 0)
    joined = b"".join(segments[number] for number in sorted(segments))

    streams = set(packets_of(whole)) - TABLES
    assert len(streams) == 2
    for pid in streams:
        content = [b"".join(payload for payload, _ in packets_of(body)[pid]) for body in (joined, whole)]
        assert content[0] == content[1]
    assert len(joined) < len(whole) * 1.25  # a handful of packets in each segment; these are tiny


@pytest.mark.parametrize("order", [(0, 0, 0, 0), (0, 1, 2, 3), (0, 0, 2, 0)])
def test_packets_are_counted_on_wherever_segments_come_from(source: Path, order: Sequence[int]) -> None:
    bodies = {first: a_run(ffmpegs()[0], source, start_s=first * 4, form="ts") for first in set(order)}

    joined = b"".join(cut(bodies[first], TABLE, first)[0][number] for number, first in enumerate(order))

    for pid, found in packets_of(joined).items():
        counts = [count for payload, count in found if payload]
        assert counts == [number % 16 for number in range(len(counts))], hex(pid)


def packets_of(body: bytes) -> dict[int, list[tuple[bytes, int]]]:
    """(payload, number) of every packet, by stream."""
    found = dict[int, list[tuple[bytes, int]]]()
    for at in range(0, len(body), PACKET_BYTES):
        packet = body[at : at + PACKET_BYTES]
        start = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
        payload = packet[start:] if packet[3] & 0x10 else b""
        found.setdefault((packet[1] & 0x1F) << 8 | packet[2], []).append((payload, packet[3] & 0x0F))
    return found


@st.composite
def some_packets(draw: st.DrawFn) -> list[tuple[int, bytes]]:
    """Packets of two streams with payloads of any length, and without."""
    made = []
    for number in range(draw(st.integers(1, 60))):
        pid, length = draw(st.sampled_from([0x100, 0x101])), draw(st.integers(0, 184))
        starts = draw(st.booleans()) << 6
        payload = bytes(number % 256 for _ in range(length))
        room = 183 - length
        field = bytes((room,)) + (b"\x00" + b"\xff" * (room - 1) if room else b"") if room >= 0 else b""
        flags = (0x10 if length else 0) | (0x20 if field else 0)
        made.append((pid, bytes((0x47, pid >> 8 | starts, pid & 0xFF, flags)) + field + payload))
    return made


@given(some_packets())
def test_segments_of_any_packets_are_counted_to_a_whole_round(made: list[tuple[int, bytes]]) -> None:
    recount = Recount()
    before = b"".join(packet for _, packet in made)

    after = b"".join([*(recount.push(pid, packet) for pid, packet in made), recount.end()])

    assert len(after) % PACKET_BYTES == 0
    given_packets, got = packets_of(before), packets_of(after)
    for pid, found in given_packets.items():
        assert b"".join(payload for payload, _ in got[pid]) == b"".join(payload for payload, _ in found)
        counts = [count for payload, count in got[pid] if payload]
        assert counts == [number % 16 for number in range(len(counts))]
        if sum(divisible(packet) for number, packet in made if number == pid) >= MOST_MISSING:
            assert len(counts) % 16 == 0


@pytest.mark.parametrize("step", [188, 4096])
def test_run_that_broke_off_closes_nothing(whole: bytes, step: int) -> None:
    cutter = TsCutter(TABLE, 0)
    for piece in in_steps(whole[: len(whole) // 3], step):
        list(cutter.feed(piece))

    assert list(cutter.finish(is_clean=False)) == []
    assert cutter.current is None


def test_half_a_packet_at_the_end_closes_nothing(whole: bytes) -> None:
    _, closed = cut(whole[:-100], TABLE, 0)

    assert closed == [0, 1, 2]


@pytest.mark.parametrize("body", [b"RIFF" * 60, b"\x47" + bytes(187) + b"\x00" * 188], ids=["a file", "out of step"])
def test_what_is_no_transport_stream_is_refused(body: bytes) -> None:
    with pytest.raises(NotFragmented):
        list(TsCutter(TABLE, 0).feed(body))


def test_tables_alone_are_not_held(whole: bytes) -> None:
    cutter = TsCutter(TABLE, 0)
    at = whole.index(b"\x47\x40\x00")
    pat, pmt = whole[at : at + 188], whole[at + 188 : at + 376]
    for _ in range(200):
        list(cutter.feed(pat + pmt * 40))

    assert len(cutter._rest) <= 41 * PACKET_BYTES


def test_damage_is_refused_or_passed_on_but_never_trips_the_cutter(whole: bytes) -> None:
    packets = len(whole) // PACKET_BYTES

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 1 << 32))
    def check(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - damage that can be repeated
        body = bytearray(whole[: dice.randrange(1, len(whole))])
        for _ in range(dice.randrange(1, 60)):
            at = dice.randrange(min(packets, dice.choice([8, packets]))) * PACKET_BYTES + dice.randrange(1, 40)
            body[min(at, len(body) - 1)] = dice.randrange(256)
        with contextlib.suppress(NotFragmented):
            cut(bytes(body), TABLE, dice.randrange(4), dice.choice([130, 700, 65_536]))

    check()


def test_player_reads_the_segments_as_one_film(whole: bytes, folder: Path) -> None:
    segments, _ = cut(whole, TABLE, 0)
    joined = folder / "joined.ts"
    joined.write_bytes(b"".join(segments.values()))

    run(ffmpegs()[0], "-xerror", "-i", str(joined), "-f", "null", "-")
