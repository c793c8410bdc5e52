"""Runs of a real ffmpeg as streams need them, and a judge of what came of it that shares no line with the cutters."""

import functools
import io
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import pytest

from homemedia.media.ffmpeg import find_ffmpeg

LENGTH_S = 13.0
SEGMENT_S = 4
OFFSET_S = 10
BEFORE_S = 0.5
Form = Literal["fmp4", "ts"]


@functools.cache
def ffmpegs() -> list[str]:
    """The ffmpeg that comes along and the system's, as far as they are there."""
    bundled, system = find_ffmpeg(), shutil.which("ffmpeg")
    found = [bundled.path] if bundled else []
    return found + [system for _ in [0] if system and system not in found]


every_ffmpeg = pytest.mark.parametrize("ffmpeg", ffmpegs(), ids=lambda path: Path(path).name[:10])


def run(ffmpeg: str, *options: str) -> bytes:
    done = subprocess.run(
        [ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *options],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-600:]
    return done.stdout


def a_source(
    path: Path,
    *,
    rate: str = "25",
    length_s: float = LENGTH_S,
    start_s: float = 0.0,
    keep: str = "",
    video: Sequence[str] = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60"),
    audio: Sequence[str] | None = None,
) -> Path:
    """Make a film of moving picture and tone at `path`, once.

    Args:
        path: its ending says the container.
        rate: pictures a second.
        length_s: of picture and sound.
        start_s: what its first time stamp shall be.
        keep: an expression of pictures to keep (variable rate).
        video: how the picture is encoded; empty for none.
        audio: how the sound is; empty for none. By default what the container takes without a delay that ffmpeg 5 and
            its successors disagree upon.
    """
    if audio is None:
        audio = ("-c:a", "flac" if path.suffix == ".mkv" else "aac")
    if path.exists():
        return path
    inputs: list[str] = []
    if video:
        inputs += ["-f", "lavfi", "-i", f"testsrc2=s=160x90:r={rate}:d={length_s}"]
    if audio:
        inputs += ["-f", "lavfi", "-i", f"sine=f=440:r=48000:d={length_s}"]
    picked = ["-vf", f"select='{keep}'", "-fps_mode", "vfr"] if keep else []
    moved = ["-output_ts_offset", str(start_s)] if start_s else []
    run(ffmpegs()[0], *inputs, *picked, *video, *audio, *moved, str(path))
    return path


def a_run(
    ffmpeg: str,
    source: Path,
    *,
    start_s: float = 0.0,
    rate: float = 25.0,
    form: Form = "fmp4",
    copy: bool = False,
    picture: bool = True,
) -> bytes:
    """What ffmpeg writes for a run that begins with the segment at `start_s` of `source`."""
    begins = max(0.0, start_s - BEFORE_S)
    # What has no index is entered somewhere between two keyframes: all up to the next would be missing.
    opens = max(0.0, begins - 10) if source.suffix == ".ts" and not copy else begins
    skipped = begins - opens
    before = start_s - begins
    command = ["-ss", str(opens), *(["-noaccurate_seek"] if copy else []), "-i", f"file:{source}"]
    if picture and copy:
        command += ["-map", "0:v:0", "-c:v", "copy", "-video_track_timescale", "90000"]
    elif picture:
        due = f"max(0,{before}+(n_forced-1)*{SEGMENT_S})" if start_s else f"n_forced*{SEGMENT_S}"
        first = f"gte(T,{skipped})*not(gte(PREV_INPTS,{skipped}/TB))"
        command += ["-map", "0:v:0", "-vf", f"setpts='if({first},{skipped}/TB,PTS)'"]
        command += ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0"]
        command += ["-g", str(int(2 * SEGMENT_S * rate)), "-force_key_frames", f"expr:gte(t,{due})"]
        command += ["-fps_mode", "vfr", "-enc_time_base:v", "1:90000", "-video_track_timescale", "90000"]
    command += ["-ss", str(skipped)] if skipped else []
    command += ["-map", "0:a:0?", "-c:a", "aac", "-ac", "2", "-ar", "48000", "-af", "aresample=async=1"]
    command += ["-map_metadata", "-1", "-max_muxing_queue_size", "2048", "-avoid_negative_ts", "disabled"]
    command += ["-output_ts_offset", str(OFFSET_S + begins)]
    if form == "ts":
        flags = "+resend_headers+pat_pmt_at_frames"
        command += ["-f", "mpegts", "-mpegts_flags", flags, "-muxdelay", "0", "-muxpreload", "0"]
    else:
        command += [] if picture else ["-frag_duration", "250000"]
        flags = "+frag_keyframe+empty_moov+default_base_moof+frag_discont"
        command += ["-f", "mp4", "-use_editlist", "0", "-movflags", flags]
    return run(ffmpeg, *command, "pipe:1")


def times(body: bytes, kind: Literal["video", "audio"] = "video", *, offset_s: float = OFFSET_S) -> list[float]:
    """When the packets of a stream are shown, ascending, in seconds of the film, as PyAV reads them."""
    with tempfile.TemporaryDirectory(prefix="homemedia-hls-") as folder:
        path = Path(folder, "segment")
        path.write_bytes(body)
        return [round(at - offset_s, 4) for at in sorted(_stamps(path, kind))]


def source_times(path: Path, kind: Literal["video", "audio"] = "video") -> list[float]:
    """When the packets of a source are shown, counted from its start time."""
    with av.open(str(path)) as container:
        start_s = (container.start_time or 0) / 1_000_000
    return [at - start_s for at in sorted(_stamps(path, kind))]


def _stamps(path: Path, kind: str) -> Iterator[float]:
    with av.open(str(path)) as container:
        for packet in container.demux([stream for stream in container.streams if stream.type == kind][:1]):
            if packet.pts is not None and packet.time_base is not None:
                yield float(packet.pts * Fraction(packet.time_base))


def in_steps(body: bytes, step: int) -> Iterator[bytes]:
    stream = io.BytesIO(body)
    while piece := stream.read(step):
        yield piece
