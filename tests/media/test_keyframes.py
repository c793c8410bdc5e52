"""Keyframes as the file's own index tells them, against all packets read from end to end."""

import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import av
import pytest

from homemedia.core.problems import NotFound, Unprocessable
from homemedia.media import MediaTools, keyframes
from homemedia.media.hls.index import MOST_KEYFRAMES, KeyframeIndex, thinned, widest_gap
from homemedia.media.hls.table import SECOND_US
from homemedia.media.models import KeyframesRequest
from homemedia.media.probe import opened
from tests.support.hls import a_source, ffmpegs, run
from tests.support.samples import a_film, damaged

S = SECOND_US
UNEVEN = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-b_strategy", "0", "-sc_threshold", "0", "-g", "600"]
UNEVEN += ["-force_key_frames", "0,1,5,5.6,9.2,10,10.04"]
OPEN_H264 = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-x264-params", "open-gop=1:keyint=60:min-keyint=20"]
OPEN_HEVC = ["-c:v", "libx265", "-preset", "ultrafast"]
OPEN_HEVC += ["-x265-params", "log-level=none:keyint=50:open-gop=1:bframes=4:pools=1"]
MPEG4 = ["-c:v", "mpeg4", "-g", "30"]
INTRA = ["-c:v", "mjpeg", "-q:v", "20"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keyframes")


def judged(path: Path) -> tuple[list[float], float]:
    """Keyframes and the end of the last picture in seconds, by reading everything."""
    times, end = [], 0.0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        start = (container.start_time or 0) / S
        for packet in container.demux(stream):
            if packet.pts is None or stream.time_base is None:
                continue
            at = float(packet.pts * stream.time_base) - start
            end = max(end, at + float((packet.duration or 0) * stream.time_base))
            if packet.is_keyframe:
                times.append(at)
    return times, end


def without_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_film: object) -> KeyframeIndex:
        raise AssertionError("this file has an index")

    monkeypatch.setattr(keyframes, "_by_reading", read)


@pytest.mark.parametrize("options", [UNEVEN, OPEN_H264, OPEN_HEVC], ids=["uneven", "open h264", "open hevc"])
@pytest.mark.parametrize("start_s", [0.0, 7.3])
@pytest.mark.parametrize("container", ["mkv", "mp4", "mov", "ts"])
def test_keyframes_are_those_that_reading_finds(
    folder: Path, container: str, start_s: float, options: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{options[1]}-{len(options)}-{options[-1].count('open')}-{start_s}.{container}"
    audio = ["-c:a", "aac"]
    film = a_source(folder / name, video=options, start_s=start_s, audio=audio)
    if container != "ts":
        without_reading(monkeypatch)

    index = keyframes.keyframes(KeyframesRequest(str(film)))

    times, end = judged(film)
    assert index.can_cut
    assert [at / S for at in index.times_us] == pytest.approx(times, abs=0.0005)
    assert index.end_us / S == pytest.approx(end, abs=0.0005)
    assert index.frame_rate == 25
    assert index.reorder_us == pytest.approx(0.08 * S, abs=2000)
    assert (index.codec or "").split(".")[0] == ("hvc1" if "libx265" in options else "avc1")
    assert 0 <= index.times_us[0] < 0.1 * S


@pytest.mark.parametrize(
    ("name", "options", "after"),
    [
        pytest.param("a.avi", MPEG4, [], id="avi"),
        pytest.param("a.flv", UNEVEN, [], id="flv"),
        pytest.param("a.mpg", ["-c:v", "mpeg2video", "-g", "15"], ["-c:a", "mp2"], id="mpeg"),
        pytest.param("nocues.mkv", UNEVEN, ["-live", "1"], id="matroska without cues"),
        pytest.param("fragments.mp4", UNEVEN, ["-movflags", "+frag_keyframe+empty_moov"], id="fragments"),
        pytest.param("intra.mkv", INTRA, [], id="nothing but keyframes"),
        pytest.param("intra.mov", INTRA, [], id="nothing but keyframes, no list of them"),
    ],
)
def test_other_files_are_read(folder: Path, name: str, options: Sequence[str], after: Sequence[str]) -> None:
    film = a_source(folder / name, video=options, audio=["-c:a", "mp3", *after] if name == "a.flv" else after or None)

    index = keyframes.keyframes(KeyframesRequest(str(film)))

    times, end = judged(film)
    assert index.can_cut
    assert [at / S for at in index.times_us] == pytest.approx(times, abs=0.0005)
    assert index.end_us / S == pytest.approx(end, abs=0.05)


def test_sound_that_goes_on_does_not_move_the_end(folder: Path) -> None:
    film = folder / "long-sound.mkv"
    run(ffmpegs()[0], "-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=5", "-f", "lavfi", "-i", "sine=d=30", str(film))

    assert keyframes.keyframes(KeyframesRequest(str(film))).end_us == 5 * S


def test_keyframes_far_apart_cannot_be_copied(folder: Path) -> None:
    options = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "9999", "-sc_threshold", "0"]
    film = a_source(folder / "sparse.mkv", length_s=24, rate="8", video=options)

    index = keyframes.keyframes(KeyframesRequest(str(film)))

    assert (index.times_us, index.end_us, index.obstacle, index.can_cut) == ((0,), 24 * S, "sparse", False)


def test_what_an_edit_list_cuts_away_cannot_be_copied(folder: Path) -> None:
    whole = a_source(folder / "untrimmed.mp4", video=UNEVEN)
    film = folder / "trimmed.mp4"
    run(ffmpegs()[0], "-ss", "3.3", "-i", str(whole), "-c", "copy", str(film))

    assert keyframes.keyframes(KeyframesRequest(str(film))).obstacle == "trimmed"


def test_time_that_is_up_tells_the_end_all_the_same(folder: Path) -> None:
    film = a_source(folder / "late.ts", video=UNEVEN)
    with opened(str(film), limit_s=5) as container:
        found = keyframes._by_reading(keyframes._Film(str(film), container, container.streams.video[0], 0.0))

    assert not found.is_whole
    assert not found.can_cut
    assert found.end_us / S == pytest.approx(judged(film)[1], abs=0.0005)


def test_tables_that_do_not_fit_are_not_believed(folder: Path) -> None:
    film = a_source(folder / "fits.mp4", video=UNEVEN)
    body = bytearray(film.read_bytes())
    at = body.index(b"stss") + 8
    struct.pack_into(">II", body, at + 4, 9, 40)
    lying = folder / "lies.mp4"
    lying.write_bytes(body)

    index = keyframes.keyframes(KeyframesRequest(str(lying)))

    assert [at / S for at in index.times_us] == pytest.approx(judged(lying)[0], abs=0.0005)


@pytest.mark.parametrize("kind", ["cut", "zeros", "flipped", "hole", "text"])
@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_damaged_files_are_refused_or_indexed(folder: Path, kind: str, container: str) -> None:
    whole = a_source(folder / f"whole.{container}", video=UNEVEN)
    for seed in range(4):
        broken = damaged(whole, folder / f"broken.{container}", kind, seed=seed)
        try:
            index = keyframes.keyframes(KeyframesRequest(str(broken)))
        except Unprocessable:
            continue
        assert list(index.times_us) == sorted(index.times_us)


async def test_worker_answers_for_the_server(folder: Path) -> None:
    film = a_film(folder / "film.mp4", seconds=3, rate=8)
    song = a_film(folder / "song.m4a", codec=None)
    async with MediaTools() as tools:
        index = await tools.keyframes(film)
        with pytest.raises(Unprocessable) as refused:
            await tools.keyframes(song)
        with pytest.raises((NotFound, Unprocessable)) as gone:
            await tools.keyframes(folder / "gone.mp4")

    assert (index.times_us, index.end_us, index.max_gap_us) == ((0, S, 2 * S), 3 * S, S)
    assert (refused.value.code, gone.value.code) == ("no_video", "file_missing")


@pytest.mark.parametrize(("at_s", "before_s"), [(-1, 0), (0, 0), (0.4, 0), (0.5, 0.5), (4.9, 0.5), (5, 5), (99, 5)])
def test_keyframe_before_a_moment(at_s: float, before_s: float) -> None:
    index = KeyframeIndex(times_us=(500_000, 5 * S), end_us=9 * S)

    assert index.before(int(at_s * S)) == before_s * S


def test_widest_gap_counts_the_beginning_and_the_end() -> None:
    assert widest_gap([1, 3, 4], 9) == 5
    assert widest_gap([6], 7) == 6
    assert widest_gap([], 8) == 8


def test_films_of_nothing_but_keyframes_keep_enough_of_them() -> None:
    every = [number * 40_000 for number in range(MOST_KEYFRAMES + 1)]

    kept = thinned(every)

    assert kept[0] == 0
    assert {b - a for a, b in pairwise(kept)} == {280_000}
    assert thinned(every[:9]) == tuple(every[:9])
