"""The cutter of transport streams against what a real ffmpeg writes."""

import contextlib
import itertools
import random
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homemedia.media.hls.cuts import PIECE_BYTES, Close, Data, Event, NotFragmented, Open
from homemedia.media.hls.table import SECOND_US, SegmentTable, copy_table, encode_table
from homemedia.media.hls.ts import NULL_PACKET, PACKET_BYTES, TsCutter
from tests.support.hls import a_run, a_source, every_ffmpeg, ffmpegs, in_steps, run, source_times, times

S = SECOND_US
TABLE = encode_table(13 * S, 4 * S)
PAT, KEYFRAME = 0, 0x40


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

    assert joined == whole[len(whole) - len(joined) :]
    assert len(whole) - len(joined) <= 2 * PACKET_BYTES  # the name of the service, in front of the first tables


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
