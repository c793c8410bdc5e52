"""The cutter against what a real ffmpeg writes, cut in every way bytes can arrive."""

import contextlib
import itertools
import random
import struct
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homemedia.media.hls.cuts import Cuts, Hole
from homemedia.media.hls.fmp4 import (
    NOTHING,
    PIECE_BYTES,
    Close,
    Data,
    Event,
    Fmp4Cutter,
    Init,
    NotFragmented,
    Open,
    tracks_of,
)
from homemedia.media.hls.table import SECOND_US, SegmentTable, copy_table, encode_table
from tests.support.hls import a_run, a_source, every_ffmpeg, ffmpegs, in_steps, source_times, times

S = SECOND_US
FRAME_US = 40_000
# More is left out of a run's overlap with the one before: what a player calls a hole.
HOLE_S = 0.022
Folder = Callable[..., Path]


def taken(events: Iterable[Event]) -> tuple[bytes, dict[int, bytes], list[int]]:
    """The init, the segments by number, and which were closed."""
    init, segments, closed = b"", dict[int, bytearray](), list[int]()
    now = -1
    for event in events:
        match event:
            case Init(body=found):
                init = found
            case Open(number=number):
                now = number
                segments[number] = bytearray()
            case Data(body=piece):
                assert len(piece) <= PIECE_BYTES
                segments[now] += piece
            case Close(number=number):
                closed.append(number)
    return init, {number: bytes(one) for number, one in segments.items()}, closed


def cut(
    body: bytes, table: SegmentTable, first: int, step: int = 1 << 20, frame_us: int = FRAME_US
) -> tuple[bytes, dict[int, bytes], list[int]]:
    cutter = Fmp4Cutter(table, first, frame_us=frame_us)

    def events() -> Iterable[Event]:
        for piece in in_steps(body, step):
            yield from cutter.feed(piece)
        yield from cutter.finish(is_clean=True)

    return taken(events())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cutter")


@pytest.fixture(scope="module")
def source(folder: Path) -> Path:
    return a_source(folder / "source.mkv")


@pytest.fixture(scope="module")
def whole(source: Path) -> bytes:
    return a_run(ffmpegs()[0], source)


def test_each_segment_begins_where_the_table_says(whole: bytes) -> None:
    init, segments, closed = cut(whole, encode_table(13 * S, 4 * S), 0)

    assert list(segments) == closed == [0, 1, 2, 3]
    for number, segment in segments.items():
        assert times(init + segment)[0] == number * 4


def test_segment_is_whole_when_its_last_fragment_is(whole: bytes) -> None:
    """And not only when the next has been made, which takes as long again."""
    cutter = Fmp4Cutter(encode_table(13 * S, 4 * S), 0, frame_us=FRAME_US)
    at = whole.index(b"moof", whole.index(b"moof") + 4) - 4

    _, segments, closed = taken(cutter.feed(whole[:at]))
    assert (closed, cutter.current) == ([0], 1)
    _, more, closed = taken([*cutter.feed(whole[at:]), *cutter.finish(is_clean=True)])

    assert closed == [1, 2, 3]
    assert segments | more == cut(whole, encode_table(13 * S, 4 * S), 0)[1]


def test_what_comes_too_late_for_its_segment_is_in_the_next() -> None:
    cuts = Cuts(encode_table(13 * S, 4 * S), 0, frame_us=FRAME_US, offset_us=0, nothing=NOTHING)

    events = [*cuts.at(0), *cuts.until(4 * S), *cuts.at(3 * S), *cuts.at(9 * S), *cuts.until(12 * S)]

    assert events[:3] == [Open(0), Close(0, 4 * S), Open(1)]
    assert [event.number for event in events if isinstance(event, Close)] == [0, 1, 2]
    assert (cuts.current, cuts.is_open) == (3, False)
    assert list(cuts.finish(is_clean=True)) == []


def test_segment_that_is_not_at_its_end_stays_open() -> None:
    cuts = Cuts(encode_table(13 * S, 4 * S), 0, frame_us=FRAME_US, offset_us=0, nothing=NOTHING)

    assert [*cuts.at(0), *cuts.until(2 * S)] == [Open(0)]
    assert [*cuts.at(2 * S), *cuts.until(4 * S - 20_000)] == [Close(0, 4 * S - 20_000)]


def test_nothing_is_lost_between_segments(whole: bytes) -> None:
    init, segments, _ = cut(whole, encode_table(13 * S, 4 * S), 0)

    shown = [at for segment in segments.values() for at in times(init + segment)]

    assert shown == pytest.approx([number * 0.04 for number in range(325)], abs=0.0002)


@every_ffmpeg
@pytest.mark.parametrize(
    ("container", "rate", "keep", "start_s"),
    [
        pytest.param("mkv", "24000/1001", "", 0.0, id="23.976"),
        pytest.param("mp4", "25", "", 7.3, id="25, first time stamp is 7.3 s"),
        pytest.param("ts", "25", "", 7.3, id="25, transport stream"),
        pytest.param("ts", "60000/1001", "", 0.0, id="59.94, transport stream"),
        pytest.param("mkv", "30", "not(mod(n*n,7))+mod(n,3)", 0.0, id="variable"),
    ],
)
def test_each_run_begins_each_segment_with_the_same_picture(
    folder: Path, ffmpeg: str, container: str, rate: str, keep: str, start_s: float
) -> None:
    name = f"{rate.replace('/', '-')}-{len(keep)}-{start_s}.{container}"
    film = a_source(folder / name, rate=rate, keep=keep, start_s=start_s)
    truth = source_times(film)
    fps = float(Fraction(rate))
    table = encode_table(13 * S, 4 * S)
    inits = set()

    # A picture that begins after the sound is shown from the start.
    truth[0] = 0
    shown: dict[int, list[float]] = {}

    for first in (0, 2):
        body = a_run(ffmpeg, film, start_s=first * 4, rate=fps)
        init, segments, _ = cut(body, table, first, frame_us=int(S / fps))
        inits.add(init)
        assert list(segments) == [0, 1, 2, 3][first:]
        for number, segment in segments.items():
            found = times(init + segment)
            assert -0.5 / fps < found[0] - number * 4 < (0.1 if keep else 1 / fps + 0.001)
            assert shown.setdefault(number, found) == pytest.approx(found, abs=0.0002)
    assert list(itertools.chain(*shown.values())) == pytest.approx(truth, abs=0.0006)
    assert len(inits) == 1


@every_ffmpeg
def test_runs_join_without_a_hole_in_the_sound(source: Path, ffmpeg: str) -> None:
    table = encode_table(13 * S, 4 * S)
    init, early, _ = cut(a_run(ffmpeg, source), table, 0)
    joined = early[0]
    for first in (1, 2, 3):
        _, segments, _ = cut(a_run(ffmpeg, source, start_s=first * 4), table, first)
        joined += segments[first]

    heard, seen = times(init + joined, "audio"), times(init + joined)

    frame_s = 1024 / 48000
    assert max(b - a for a, b in itertools.pairwise(heard)) - frame_s < HOLE_S
    assert seen == pytest.approx([number * 0.04 for number in range(325)], abs=0.0002)
    assert heard[0] == pytest.approx(0, abs=frame_s + 0.001)
    assert heard[-1] == pytest.approx(13, abs=2 * frame_s)


@every_ffmpeg
@pytest.mark.parametrize("container", ["mkv", "mp4", "ts"])
def test_copied_pictures_begin_where_their_keyframes_are(folder: Path, ffmpeg: str, container: str) -> None:
    keyframes = [0.0, 1.0, 5.0, 5.6, 9.2, 12.4]
    options = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0", "-g", "400"]
    forced = ["-force_key_frames", ",".join(str(at) for at in keyframes)]
    film = a_source(folder / f"uneven.{container}", video=[*options, *forced])
    truth = source_times(film)
    # Where sound begins first, all pictures stand later by as much; the keyframes with them.
    late_us = round(truth[0] * S)
    table = copy_table([round(at * S) + late_us for at in keyframes], 13 * S + late_us, 4 * S)

    for first in range(table.count):
        start_s = table.start_us(first) / S
        init, segments, closed = cut(a_run(ffmpeg, film, start_s=start_s, copy=True), table, first)
        assert closed == list(segments) == list(range(first, table.count))
        for number, segment in segments.items():
            start, end = table.start_us(number) / S, table.boundaries_us[number + 1] / S
            assert len(times(init + segment)) == len([at for at in truth if start - 0.001 <= at < end - 0.001])
            if number:
                assert times(init + segment)[0] == pytest.approx(start, abs=0.0006)


def test_a_hole_in_the_film_gives_empty_segments(folder: Path) -> None:
    film = a_source(folder / "hole.mkv", keep="lt(t,3)+gt(t,9.5)")
    table = encode_table(13 * S, 4 * S)

    init, segments, closed = cut(a_run(ffmpegs()[0], film), table, 0)

    assert list(segments) == closed == [0, 1, 2, 3]
    assert segments[1] == NOTHING
    assert times(init + segments[0])[-1] == pytest.approx(2.96)


def test_a_hole_is_refused_where_another_run_can_fill_it(folder: Path) -> None:
    film = a_source(folder / "hole.mkv", keep="lt(t,3)+gt(t,9.5)")
    cutter = Fmp4Cutter(encode_table(13 * S, 4 * S), 0, frame_us=FRAME_US, refuses_holes=True)
    seen: list[Event] = []

    with pytest.raises(Hole):
        for event in (event for piece in in_steps(a_run(ffmpegs()[0], film), 4096) for event in cutter.feed(piece)):
            seen.append(event)  # noqa: PERF402 - what came before the refusal is wanted

    assert taken(seen)[2] == [0]
    assert cutter.current == 1


@pytest.mark.parametrize("step", [1, 7, 8, 9, 4096])
def test_it_does_not_matter_how_the_bytes_arrive(whole: bytes, step: int) -> None:
    table = encode_table(13 * S, 4 * S)
    short = whole[:60_000] if step < 100 else whole

    assert cut(short, table, 0, step) == cut(short, table, 0)


def test_sound_alone_is_cut_by_its_own_time(source: Path) -> None:
    body = a_run(ffmpegs()[0], source, picture=False)

    init, segments, _ = cut(body, encode_table(13 * S, 4 * S), 0)

    assert {track.kind for track in tracks_of(init[init.index(b"moov") - 4 :]).values()} == {"soun"}
    assert list(segments) == [0, 1, 2, 3]
    for number, segment in segments.items():
        assert times(init + segment, "audio")[0] == pytest.approx(number * 4, abs=0.25)


def test_run_that_broke_off_closes_nothing(whole: bytes) -> None:
    cutter = Fmp4Cutter(encode_table(13 * S, 4 * S), 0)
    closed = [event for event in cutter.feed(whole[: len(whole) // 3]) if isinstance(event, Close)]

    assert list(cutter.finish(is_clean=False)) == []
    assert len(closed) <= 2


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\x00\x00\x00\x04moov", id="smaller than its head"),
        pytest.param(b"GIF89a..........", id="another file"),
        pytest.param(b"\xff\xff\xff\xffmoov", id="too large to hold"),
        pytest.param(b"\x00\x00\x00\x10moof\x00\x00\x00\x08abcd", id="a fragment at the start"),
        pytest.param(b"\x00\x00\x00\x18moov\x00\x00\x00\x10trak\x00\x00\x00\x08abcd", id="a stream without a head"),
    ],
)
def test_what_is_no_fragmented_file_is_refused(body: bytes) -> None:
    with pytest.raises(NotFragmented):
        list(Fmp4Cutter(encode_table(4 * S, 4 * S), 0).feed(body))


def test_damage_is_refused_or_passed_on_but_never_trips_the_cutter(whole: bytes) -> None:
    # Most of a file is pictures, which nobody looks into: aim at what is read.
    heads = [at for kind in (b"moov", b"moof", b"mdat", b"trun", b"tfhd") for at in _all(whole, kind)]

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 1 << 32))
    def check(seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 - damage that can be repeated
        body = bytearray(whole[: dice.randrange(1, len(whole))])
        for _ in range(dice.randrange(1, 9)):
            at = dice.choice(heads) + dice.randrange(-4, 40)
            body[min(at, len(body) - 1)] = dice.randrange(256)
        with contextlib.suppress(NotFragmented):
            cut(bytes(body), encode_table(13 * S, 4 * S), dice.randrange(4), dice.choice([130, 700, 65_536]))

    check()


def _all(body: bytes | bytearray, kind: bytes) -> list[int]:
    found, at = [], body.find(kind)
    while at >= 0:
        found.append(at)
        at = body.find(kind, at + 1)
    return found


def test_pictures_pass_through_without_being_held(whole: bytes) -> None:
    cutter = Fmp4Cutter(encode_table(13 * S, 4 * S), 0)
    list(cutter.feed(whole[: whole.index(b"mdat") - 4]))
    head = struct.pack(">I4s", 512 << 20, b"mdat")
    piece = bytes(1 << 20)

    seen = sum(len(event.body) for event in cutter.feed(head) if isinstance(event, Data))
    for _ in range(64):
        seen += sum(len(event.body) for event in cutter.feed(piece) if isinstance(event, Data))

    assert seen == 8 + (64 << 20)
    assert len(cutter._held) <= 8
