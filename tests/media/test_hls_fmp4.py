"""The cutter against what a real ffmpeg writes, cut in every way bytes can arrive."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from homemedia.media.ffmpeg import find_ffmpeg
from homemedia.media.hls.fmp4 import (
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
from homemedia.media.hls.table import SECOND_US, SegmentTable, encode_table

S = SECOND_US
FRAME_US = 40_000


def fragmented(folder: Path, *, start_s: float = 0.0, length_s: float = 13.0, picture: bool = True) -> bytes:
    """What ffmpeg writes for a run that begins at `start_s`, as the contract's command line asks it to (9.4)."""
    ffmpeg = find_ffmpeg()
    if ffmpeg is None:
        pytest.skip("there is no ffmpeg")
    source = folder / "source.mkv"
    if not source.exists():
        made = ["-f", "lavfi", "-i", f"testsrc2=s=160x90:r=25:d={length_s}", "-f", "lavfi", "-i", f"sine=d={length_s}"]
        plain = [*made, "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "flac", str(source)]
        subprocess.run([ffmpeg.path, "-nostdin", "-loglevel", "error", "-y", *plain], check=True)
    before = max(0.0, start_s - 0.5)
    forced = f"expr:gte(t,max(0,{start_s - before}+(n_forced-1)*4))" if start_s else "expr:gte(t,n_forced*4)"
    encode = ["-map", "0:v:0", "-c:v", "libx264", "-preset", "ultrafast", "-sc_threshold", "0", "-g", "200"]
    encode += ["-force_key_frames", forced, "-bf", "2"]
    command = [ffmpeg.path, "-nostdin", "-loglevel", "error", "-ss", str(before), "-i", str(source)]
    command += encode if picture else ["-vn"]
    command += ["-map", "0:a:0", "-c:a", "aac", "-avoid_negative_ts", "disabled"]
    command += ["-output_ts_offset", str(10 + before)]
    if not picture:
        command += ["-frag_duration", "1000000"]
    command += ["-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont+negative_cts_offsets"]
    return subprocess.run([*command, "-f", "mp4", "pipe:1"], check=True, capture_output=True).stdout


def cut(body: bytes, table: SegmentTable, first: int, step: int = 1 << 20) -> tuple[bytes, dict[int, bytes], list[int]]:
    """The init, the segments by number, and which were closed."""
    cutter = Fmp4Cutter(table, first, frame_us=FRAME_US)
    init, segments, closed = b"", dict[int, bytearray](), list[int]()
    now = -1

    def take(events: Iterator[Event]) -> None:
        nonlocal init, now
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

    for at in range(0, len(body), step):
        take(cutter.feed(body[at : at + step]))
    take(cutter.finish(is_clean=True))
    return init, {number: bytes(one) for number, one in segments.items()}, closed


def first_pictures(init: bytes, segment: bytes, folder: Path) -> list[float]:
    """When the pictures of a segment are shown, in seconds of the film."""
    path = folder / "segment.mp4"
    path.write_bytes(init + segment)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return sorted(
            float(packet.pts * packet.time_base) - 10
            for packet in container.demux(stream)
            if packet.pts is not None and packet.time_base is not None
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cutter")


@pytest.fixture(scope="module")
def whole(folder: Path) -> bytes:
    return fragmented(folder)


def test_each_segment_begins_where_the_table_says(whole: bytes, folder: Path) -> None:
    init, segments, closed = cut(whole, encode_table(13 * S, 4 * S), 0)

    assert list(segments) == closed == [0, 1, 2, 3]
    for number, segment in segments.items():
        assert first_pictures(init, segment, folder)[0] == pytest.approx(number * 4, abs=0.02)


def test_nothing_is_lost_between_segments(whole: bytes, folder: Path) -> None:
    init, segments, _ = cut(whole, encode_table(13 * S, 4 * S), 0)

    shown = [at for segment in segments.values() for at in first_pictures(init, segment, folder)]

    assert shown == pytest.approx([number * 0.04 for number in range(325)], abs=0.002)


@pytest.mark.parametrize("step", [1, 7, 8, 9, 4096])
def test_it_does_not_matter_how_the_bytes_arrive(whole: bytes, step: int) -> None:
    table = encode_table(13 * S, 4 * S)
    short = whole[:60_000] if step < 100 else whole

    assert cut(short, table, 0, step) == cut(short, table, 0)


def test_run_that_begins_later_leaves_out_what_lies_before(folder: Path, whole: bytes) -> None:
    body = fragmented(folder, start_s=8.0)

    init, segments, closed = cut(body, encode_table(13 * S, 4 * S), 2)

    assert list(segments) == closed == [2, 3]
    assert first_pictures(init, segments[2], folder)[0] == pytest.approx(8.0, abs=0.02)
    assert init == cut(whole, encode_table(13 * S, 4 * S), 0)[0]


def test_sound_alone_is_cut_by_its_own_time(folder: Path) -> None:
    fragmented(folder)
    body = fragmented(folder, picture=False)

    init, segments, _ = cut(body, encode_table(13 * S, 4 * S), 0)

    assert {track.kind for track in tracks_of(init[init.index(b"moov") - 4 :]).values()} == {"soun"}
    assert list(segments) == [0, 1, 2, 3]


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
