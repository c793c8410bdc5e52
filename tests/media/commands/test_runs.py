"""The command lines, run: with the ffmpeg that comes along and with the system's, on seconds of made-up film."""

import contextlib
import io
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import msgspec
import pytest
from av.video.frame import VideoFrame

from homemedia.media import VideoStream
from homemedia.media.commands import RunPlan, begin, command, lead
from homemedia.media.hls.table import encode_table
from homemedia.media.plans import AudioPlan, VideoPlan
from tests.support.pgs import a_sup
from tests.support.samples import ffmpeg_path

RATE = Fraction(24000, 1001)
SECONDS = 6
SEGMENT_US = 2_000_000
SYSTEM = shutil.which("ffmpeg") or ""
HDR10 = "hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
MASTERED = "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
PICTURE = ("-f", "lavfi", "-i", f"testsrc2=size=320x180:rate={RATE}:duration={SECONDS}")
SOUND = ("-f", "lavfi", "-i", f"sine=f=440:r=48000:duration={SECONDS}")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "36", "-bf", "2")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le")
QUIET = "log-level=none:keyint=36"

VIDEO = VideoPlan(
    action="transcode",
    track=0,
    codec_from="h264",
    codec="h264",
    width=320,
    height=180,
    bitrate=1_000_000,
    frame_rate=float(RATE),
)
# Each subtitle begins a pack of 2 KiB.
INDEX = f"""# VobSub index file, v7 (do not modify this line!)
size: 320x180
palette: {", ".join(["000000", "ffffff"] * 8)}
langidx: 0
id: en, index: 0
timestamp: 00:00:01:000, filepos: 000000000
timestamp: 00:00:06:000, filepos: 000000800
"""
COPIED = msgspec.structs.replace(VIDEO, action="copy", bitrate=None)
AUDIO = AudioPlan(action="transcode", track=1, codec_from="ac3", codec="aac", channels=2, bitrate=160_000)


def made(path: Path, *words: str) -> Path:
    quiet = [ffmpeg_path(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *words, str(path)]
    done = subprocess.run(quiet, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return path


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    made(folder / "plain.mkv", *PICTURE, *SOUND, *X264, "-c:a", "ac3", "-ac", "6")
    made(folder / "plain.ts", "-i", str(folder / "plain.mkv"), "-c:v", "copy", "-c:a", "aac", "-output_ts_offset", "90")
    made(folder / "mute.mp4", "-i", str(folder / "plain.mkv"), "-map", "0:v", "-c", "copy")
    made(folder / "turned.mp4", "-display_rotation", "90", "-i", str(folder / "mute.mp4"), "-c", "copy")
    made(folder / "wide.mkv", *PICTURE, "-vf", "setsar=16/15", *X264)
    made(folder / "fields.mkv", *PICTURE, "-vf", "interlace", "-flags", "+ilme+ildct", "-c:v", "mpeg2video", "-r", "25")
    made(folder / "ten.mkv", *PICTURE, *X265, "-x265-params", QUIET)
    colours = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")
    made(folder / "hdr.mkv", *PICTURE, *X265, *colours, "-x265-params", f"{QUIET}:{HDR10}:{MASTERED}")
    made(folder / "rgb.mkv", *PICTURE, "-c:v", "libx264rgb", "-preset", "ultrafast", "-pix_fmt", "rgb24")
    made(folder / "sound.flac", *SOUND)
    black = ("-f", "lavfi", "-i", f"color=black:size=320x180:rate=24:duration={SECONDS}")
    sup = a_sup(folder / "cue.sup", [(0.0, 0.2), (1.0, 5.0)])
    a_sup(folder / "beside.sup", [(1.0, 5.0), (6.0, 6.5)])
    made(folder / "beside.sub", "-i", str(folder / "beside.sup"), "-c:s", "dvdsub", "-s", "320x180", "-f", "vob")
    (folder / "beside.idx").write_text(INDEX)
    made(folder / "bitmaps.mkv", *black, "-i", str(sup), "-map", "0", "-map", "1", *X264, "-c:s", "copy")
    made(folder / "black.mkv", *black, *X264)
    return folder


@pytest.fixture(params=["bundled", "system"])
def program(request: pytest.FixtureRequest) -> str:
    path = ffmpeg_path() if request.param == "bundled" else SYSTEM
    if not path:
        pytest.skip("no ffmpeg on the path")
    return path


class Made(msgspec.Struct, frozen=True):
    """What a run wrote, and its complaints."""

    body: bytes
    words: str

    @contextlib.contextmanager
    def opened(self) -> Iterator[Any]:
        with av.open(io.BytesIO(self.body)) as container:
            yield container

    @property
    def first_frame(self) -> VideoFrame:
        with self.opened() as container:
            found: VideoFrame = next(container.decode(video=0))
            return found

    def frame_at(self, second: float) -> VideoFrame:
        with self.opened() as container:
            found: VideoFrame = min(container.decode(video=0), key=lambda frame: abs(frame.time - 10 - second))
            return found

    def times(self, kind: str = "video", *, keys: bool = False) -> list[float]:
        with self.opened() as container:
            stream = next(iter(getattr(container.streams, kind)))
            packets = [packet for packet in container.demux(stream) if packet.pts is not None]
            return sorted(float(one.pts * one.time_base) for one in packets if one.is_keyframe or not keys)


def run(program: str, film: Path, *, start_us: int = 0, cwd: Path | None = None, **changes: Any) -> Made:
    ss_us, p_us = begin(start_us)
    plan = RunPlan(
        ffmpeg=program,
        path=str(film),
        ss_us=ss_us,
        p_us=p_us,
        lead_us=lead(film.suffix[1:], max_gap_us=1_600_000),
        first=start_us // SEGMENT_US,
        segment_us=SEGMENT_US,
        preset="ultrafast",
        video=VIDEO,
    )
    words = command(msgspec.structs.replace(plan, **changes))
    done = subprocess.run(
        words, capture_output=True, check=False, timeout=60, cwd=cwd, env={**os.environ, "LC_ALL": "C"}
    )
    complaints = done.stderr.decode(errors="replace")
    assert done.returncode == 0, complaints
    return Made(done.stdout, complaints)


@pytest.mark.parametrize("start_us", [0, 8_000_000])
def test_where_the_film_has_no_picture_the_one_before_is_shown_again(
    program: str, tmp_path: Path, start_us: int
) -> None:
    grey = "color=black:size=320x180:rate=1/6:duration=18,geq=lum=60+60*N:cb=128:cr=128"
    slides = made(tmp_path / "slides.mkv", "-f", "lavfi", "-i", grey, *X264)
    table = encode_table(18_000_000, SEGMENT_US)

    # Without a limit of its rate: an encoder wonders at pictures that last for seconds.
    video = msgspec.structs.replace(VIDEO, bitrate=None)
    got = run(program, slides, start_us=start_us, table=table, video=video, lead_us=6_000_000, fills_holes=True)

    assert not got.words
    begins_s = max(0.0, start_us / 1e6 - 0.5)
    assert got.times()[0] == pytest.approx(10 + begins_s, abs=0.01)
    assert got.times()[-1] == pytest.approx(10 + 17.5, abs=0.01)
    assert max(after - before for before, after in itertools.pairwise(got.times())) <= 0.51
    # Each segment begins with a keyframe of its own, and shows what stood there.
    numbers = {table.index_at(round((at - 10) * 1e6)) for at in got.times(keys=True)}
    assert numbers >= set(range(start_us // SEGMENT_US, table.count))
    assert bytes(got.frame_at(9.0).planes[0])[0] == pytest.approx(120, abs=4)


def luma(frame: VideoFrame, *, at: float) -> float:
    """Mean brightness of the line at a part of the height."""
    plane = frame.planes[0]
    line = int(frame.height * at)
    row = bytes(plane)[line * plane.line_size : line * plane.line_size + frame.width]
    return sum(row) / len(row)


def test_encoded_run_from_the_middle_shows_the_same_pictures_at_the_same_times(program: str, films: Path) -> None:
    whole = run(program, films / "plain.mkv", audio=AUDIO)
    later = run(program, films / "plain.mkv", audio=AUDIO, start_us=4_000_000)

    end = later.times()
    assert end[0] == pytest.approx(13.5, abs=0.0001)  # stamped with the beginning of the run
    assert end[1:] == pytest.approx(whole.times()[-len(end) + 1 :], abs=0.0001)
    assert later.times(keys=True)[-1] == pytest.approx(whole.times(keys=True)[-1], abs=0.0001)
    assert len(whole.times(keys=True)) == 3
    assert later.times("audio")[0] == pytest.approx(13.5 - 1024 / 48000, abs=0.001)


def test_description_is_the_same_in_every_run(program: str, films: Path) -> None:
    first, later = (
        run(program, films / "plain.mkv", audio=AUDIO, start_us=start_us).body for start_us in (0, 4_000_000)
    )

    assert first[: first.index(b"moof") - 4] == later[: later.index(b"moof") - 4]


def test_copied_run_begins_at_the_keyframe_before(program: str, films: Path) -> None:
    whole = run(program, films / "plain.mkv", video=COPIED, audio=AUDIO)
    later = run(program, films / "plain.mkv", video=COPIED, audio=AUDIO, start_us=3_100_000)

    assert later.times()[0] < 13.1
    assert set(later.times(keys=True)) <= set(whole.times(keys=True))
    assert len(whole.times()) == 144


def test_copied_ac3_gets_its_description(program: str, films: Path) -> None:
    copied = msgspec.structs.replace(AUDIO, action="copy", codec="ac3")

    for start_us in (0, 4_000_000):
        with run(program, films / "plain.mkv", video=COPIED, audio=copied, start_us=start_us).opened() as container:
            (stream,) = container.streams.audio
            assert (stream.codec_context.name, stream.channels, stream.rate) == ("ac3", 6, 48000)


def test_transport_stream_with_a_late_clock_is_copied(program: str, films: Path) -> None:
    copied = msgspec.structs.replace(AUDIO, action="copy", codec="aac")
    made = run(program, films / "plain.ts", video=COPIED, audio=copied)

    with made.opened() as container:
        assert container.streams.audio[0].codec_context.extradata
    assert made.times()[0] == pytest.approx(10, abs=0.2)
    assert len(made.times()) == 144


def test_transport_stream_has_pictures_from_the_wanted_moment_on(program: str, films: Path) -> None:
    made = run(program, films / "plain.ts", audio=AUDIO, start_us=2_000_000)

    assert made.times()[0] == pytest.approx(11.5, abs=0.2)
    assert any(abs(at - 12.1) < 0.12 for at in made.times(keys=True))


def test_transport_stream_is_written(program: str, films: Path) -> None:
    made = run(program, films / "plain.mkv", audio=AUDIO, format="ts")

    assert made.body[0] == 0x47
    assert made.times()[0] == pytest.approx(10, abs=0.02)
    assert len(made.times(keys=True)) == 3


def test_hdr_becomes_plain_colours_without_a_word_of_the_old_ones(program: str, films: Path) -> None:
    made = run(program, films / "hdr.mkv", video=msgspec.structs.replace(VIDEO, codec_from="hevc", tone_map=True))

    frame = made.first_frame
    assert (frame.format.name, frame.color_trc, frame.color_primaries, frame.colorspace) == ("yuv420p", 1, 1, 1)
    side_data: Any = frame.side_data
    assert {str(data.type.name) for data in side_data} <= {"SEI_UNREGISTERED"}


def test_hdr_is_mapped_where_only_the_container_knows_of_it(program: str, films: Path) -> None:
    stream = VideoStream(track=0, codec="hevc", width=320, height=180, color_transfer="smpte2084", bit_depth=10)
    video = msgspec.structs.replace(VIDEO, codec_from="hevc", tone_map=True)

    made = run(program, films / "ten.mkv", video=video, stream=stream)

    assert made.first_frame.color_trc == 1


def test_ten_bits_become_eight(program: str, films: Path) -> None:
    made = run(program, films / "ten.mkv", video=msgspec.structs.replace(VIDEO, codec_from="hevc"))

    assert made.first_frame.format.name == "yuv420p"
    assert len(made.times()) == 144


def test_fields_become_frames(program: str, films: Path) -> None:
    video = msgspec.structs.replace(VIDEO, deinterlace=True, frame_rate=25.0)

    made = run(program, films / "fields.mkv", video=video)

    assert not made.first_frame.interlaced_frame
    assert len(made.times()) == pytest.approx(SECONDS * 25, abs=2)


def test_turned_picture_stands_upright(program: str, films: Path) -> None:
    frame = run(
        program, films / "turned.mp4", video=msgspec.structs.replace(VIDEO, width=180, height=320, rotation=270)
    ).first_frame

    assert (frame.width, frame.height, frame.rotation) == (180, 320, 0)


def test_odd_pixels_become_square(program: str, films: Path) -> None:
    frame = run(program, films / "wide.mkv", video=msgspec.structs.replace(VIDEO, width=340)).first_frame

    assert (frame.width, frame.height) == (340, 180)


def test_colours_of_a_screen_recording_become_those_of_film(program: str, films: Path) -> None:
    stream = VideoStream(track=0, codec="h264", width=320, height=180, pixel_format="gbrp")
    frame = run(program, films / "rgb.mkv", stream=stream).first_frame

    assert frame.format.name == "yuv420p"


def test_film_without_sound_is_made(program: str, films: Path) -> None:
    with run(program, films / "mute.mp4").opened() as container:
        assert not container.streams.audio


@pytest.mark.parametrize(("channels", "layout"), [(1, "mono"), (2, "stereo"), (6, "5.1")])
def test_sound_gets_the_channels_it_shall_have(program: str, films: Path, channels: int, layout: str) -> None:
    audio = msgspec.structs.replace(AUDIO, channels=channels)

    with run(program, films / "plain.mkv", video=COPIED, audio=audio).opened() as container:
        (stream,) = container.streams.audio
        assert (stream.layout.name, stream.rate) == (layout, 48000)


def test_sound_alone_comes_in_short_fragments(program: str, films: Path) -> None:
    made = run(program, films / "sound.flac", video=None, audio=msgspec.structs.replace(AUDIO, track=0))

    assert made.body.count(b"moof") == pytest.approx(SECONDS * 4, abs=2)


def test_lossless_sound_is_copied(program: str, films: Path) -> None:
    audio = msgspec.structs.replace(AUDIO, track=0, action="copy", codec="flac")

    with run(program, films / "sound.flac", video=None, audio=audio).opened() as container:
        assert container.streams.audio[0].codec_context.name == "flac"


def test_text_is_drawn_at_its_time_in_every_run(program: str, films: Path, tmp_path: Path) -> None:
    text = "1\n00:00:04,500 --> 00:00:05,500\nMMMMMMMMMMMM\n\n"
    (tmp_path / "burn.srt").write_text(text, "utf-8")
    video = msgspec.structs.replace(VIDEO, burns_text=True, frame_rate=24.0)

    for start_us in (0, 4_000_000):
        made = run(program, films / "black.mkv", video=video, text_file="burn.srt", cwd=tmp_path, start_us=start_us)
        brightest = {at: max(bytes(made.frame_at(at).planes[0])) for at in (4.2, 5.0, 5.8)}
        assert brightest[5.0] > 150
        assert max(brightest[4.2], brightest[5.8]) < 40


def test_bitmap_put_up_before_the_run_is_still_seen(program: str, films: Path) -> None:
    video = msgspec.structs.replace(VIDEO, burn=1, frame_rate=24.0)

    for start_us in (0, 4_000_000):
        made = run(program, films / "bitmaps.mkv", video=video, start_us=start_us)
        assert luma(made.frame_at(4.5), at=0.8) > 200
        assert luma(made.frame_at(4.5), at=0.2) < 40
        assert luma(made.frame_at(5.5), at=0.8) < 40


@pytest.mark.parametrize("name", ["beside.sup", "beside.idx"])
def test_bitmaps_beside_the_film_are_drawn_at_their_time(program: str, films: Path, name: str) -> None:
    video = msgspec.structs.replace(VIDEO, burns_beside=True, frame_rate=24.0)

    for start_us in (0, 4_000_000):
        beside = str(films / name)
        made = run(program, films / "black.mkv", video=video, bitmap_file=beside, start_us=start_us)
        assert luma(made.frame_at(4.5), at=0.8) > 150
        # The end of a subtitle is lost on its way from one format to the other.
        assert name.endswith("idx") or luma(made.frame_at(5.5), at=0.8) < 40
        if not start_us:
            assert luma(made.frame_at(0.5), at=0.8) < 40


def test_playlist_named_like_a_film_is_not_opened(program: str, films: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap.mkv"
    trap.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{films / 'plain.ts'}\n#EXT-X-ENDLIST\n", "utf-8")

    with pytest.raises(AssertionError):
        run(program, trap)
