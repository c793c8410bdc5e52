"""Films whose picture tells its own time, in every form a household has: made once in a test run, copied after.

The upper half bears sixteen squares and, below each row of eight, their opposites: the number of the picture in Gray's
code, the lowest bit first, white for one. Whoever reads it compares each square with its opposite, so that neither a
lossy encoder nor tone mapping, scaling, a turned picture or other pixels can make one number into another: a picture
that cannot be trusted, because it is two in one, say, cannot be read. In Gray's code no square alternates from field to
field, which nobody could tell from a picture that stands still. The lower half tells the seconds to people.
"""

import dataclasses
import functools
import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import ffmpeg

from tests.support.samples import FORMATS, _store, run_ffmpeg
from tests.support.sup import a_sup

COLUMNS, ROWS = 8, 4
MOST_PICTURES = 2 ** (COLUMNS * ROWS // 2)
CUE_MS = 2000
Method = Literal["directPlay", "remux", "transcode"]

_X265 = "log-level=none:pools=1"
_PQ = ":hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400"
_SCREEN = ":master-display=G(8500,39850)B(6550,2300)R(35400,14600)WP(15635,16450)L(10000000,1)"
_HEVC: dict[str, Any] = {"vcodec": "libx265", "preset": "ultrafast", "x265-params": _X265}
_DEEP = {"pix_fmt": "yuv420p10le"}
_BROAD = {"color_primaries": "bt2020", "colorspace": "bt2020nc"}
_VPX = {"deadline": "realtime", "cpu-used": 8, "b:v": "1M"}
PICTURES: dict[str, dict[str, Any]] = {
    "h264": {"vcodec": "libx264", "preset": "veryfast", "crf": 26, "sc_threshold": 0},
    "h264 open": {"vcodec": "libx264", "preset": "veryfast", "crf": 26, "sc_threshold": 0, "x264-params": "open-gop=1"},
    "h264 10": {"vcodec": "libx264", "preset": "veryfast", "crf": 26, "sc_threshold": 0} | _DEEP,
    "h264 4:2:2": {"vcodec": "libx264", "preset": "veryfast", "crf": 26, "pix_fmt": "yuv422p"},
    "hevc": _HEVC,
    "hevc 10": _HEVC | _DEEP,
    "hdr10": _HEVC | _DEEP | _BROAD | {"x265-params": _X265 + _PQ + _SCREEN, "color_trc": "smpte2084"},
    "hlg": _HEVC | _DEEP | _BROAD | {"color_trc": "arib-std-b67"},
    "vp8": {"vcodec": "libvpx"} | _VPX,
    "vp9": {"vcodec": "libvpx-vp9"} | _VPX,
    "av1": {"vcodec": "libsvtav1", "preset": 12, "crf": 40},
    "av1 10": {"vcodec": "libsvtav1", "preset": 12, "crf": 40} | _DEEP,
    "mpeg2": {"vcodec": "mpeg2video", "b:v": "3M", "bf": 2},
    "mpeg4": {"vcodec": "mpeg4", "vtag": "xvid", "q:v": 5},
    "xvid": {"vcodec": "libxvid", "bf": 2, "q:v": 5},
    "wmv2": {"vcodec": "wmv2", "q:v": 5},
}
SOUNDS: dict[str, dict[str, Any]] = {
    "aac": {"acodec": "aac"},
    "ac3": {"acodec": "ac3"},
    "eac3": {"acodec": "eac3"},
    "dts": {"acodec": "dca", "strict": "-2"},
    "opus": {"acodec": "libopus"},
    "vorbis": {"acodec": "libvorbis"},
    "flac": {"acodec": "flac", "strict": "-2"},
    "mp3": {"acodec": "libmp3lame"},
    "mp2": {"acodec": "mp2"},
    "pcm": {"acodec": "pcm_s16le"},
    "wma": {"acodec": "wmav2"},
}
WRITTEN = {"srt": "srt", "ass": "ass", "pgs": "copy"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CodedFilm:
    """What a film is made of, and how it is to be played.

    Attributes:
        name: what is told of it; its ending says the container.
        method: what the decision promises the browser that the tests use.
        picture: a key of `PICTURES`.
        sound: a key of `SOUNDS`; None for a silent film.
        channels: of the sound.
        seconds: its length.
        rate: pictures a second; of an interlaced film, frames.
        group: pictures between two keyframes.
        size: of the picture as it is stored.
        aspect: width of a pixel over its height.
        steps: from which second on only each how many-th picture is kept: a variable rate.
        is_interlaced: a frame holds two fields, each with a number of its own.
        turned: degrees by which the picture has to be turned to stand upright, against the clock.
        start_s: its first time stamp.
        subtitles: inside the film, shown without being asked for: text that tells its second, or for `pgs` a bar over
            the lower half in every other two seconds.
        pieces: made as that many, which are joined without being encoded again.
        options: further ones of the output.
    """

    name: str
    method: Method
    picture: str = "h264"
    sound: str | None = "aac"
    channels: int = 2
    seconds: int = 40
    rate: str = "25"
    group: int = 50
    size: tuple[int, int] = (384, 216)
    aspect: str = "1"
    steps: tuple[tuple[int, int], ...] = ()
    is_interlaced: bool = False
    turned: int = 0
    start_s: float = 0.0
    subtitles: Literal["srt", "ass", "pgs", ""] = ""
    pieces: int = 1
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def number_s(self) -> Fraction:
        """Time between two numbers."""
        return 1 / (Fraction(self.rate) * (2 if self.is_interlaced else 1))

    def numbers(self) -> list[int]:
        """Of the pictures that are shown, in order."""
        count = round(self.seconds / self.number_s)
        if self.is_interlaced:
            return list(range(0, count, 2))
        starts = [round(start / self.number_s) for start, _ in self.steps] or [0]
        every = [step for _, step in self.steps] or [1]
        spans = zip(starts, [*starts[1:], count], every, strict=True)
        return [number for start, end, step in spans for number in range(start, end) if number % step == 0]


def a_coded_film(path: Path, film: CodedFilm) -> Path:
    """Put a copy of a film at `path`; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_made(film), path)
    return path


@functools.cache
def _made(film: CodedFilm) -> Path:
    folder = _store() / f"coded-{_made.cache_info().misses}"
    folder.mkdir()
    path = folder / f"film.{film.suffix}"
    if film.pieces > 1:
        return _joined(film, folder, path)
    return _turned(film, _encoded(film, path))


def _encoded(film: CodedFilm, path: Path, *, first: int = 0, seconds: float = 0.0) -> Path:
    seconds = seconds or film.seconds
    assert first + round(seconds / film.number_s) <= MOST_PICTURES, "a number would not fit"
    inputs = [ffmpeg.input(_picture(film, first, seconds), f="lavfi").video]
    words: dict[str, Any] = {"f": FORMATS.get(film.suffix, film.suffix), "g": film.group, "pix_fmt": "yuv420p"}
    words |= {"t": seconds, "threads": 2, "map_metadata": -1} | PICTURES[film.picture] | dict(film.options)
    if film.is_interlaced:
        words |= {"flags": "+ildct+ilme", "field_order": "tt"}
    if film.steps:
        words["fps_mode"] = "vfr"
    if film.suffix == "avi":
        # Times are whole pictures there: moved by what an encoder of sound begins early, one would be left out.
        words["avoid_negative_ts"] = "disabled"
    if film.sound is not None:
        inputs.append(ffmpeg.input(f"sine=f=440:beep_factor=2:r=48000:d={seconds}", f="lavfi").audio)
        words |= SOUNDS[film.sound] | {"ac": film.channels, "metadata:s:a:0": "language=eng"}
    if film.subtitles:
        inputs.append(ffmpeg.input(str(_subtitles(film, path.parent)))["s"])
        words |= {"scodec": WRITTEN[film.subtitles], "disposition:s:0": "default+forced"}
        words["metadata:s:s:0"] = "language=eng"
    if film.start_s:
        words |= {"output_ts_offset": film.start_s}
    return run_ffmpeg(ffmpeg.output(*inputs, str(path), **words), path)


def _picture(film: CodedFilm, first: int, seconds: float) -> str:
    """The source of the pictures; numbers begin with `first`."""
    width, height = film.size
    rate = 1 / film.number_s
    turn = {90: "transpose=clock", 270: "transpose=cclock", 180: "hflip,vflip", 0: ""}[film.turned]
    if film.turned in {90, 270}:
        width, height = height, width
    size = f"{width}:{height // 2}"
    # In the rows that count from the top one by one: squares, their opposites, squares, their opposites.
    bit = f"mod(floor((N+{first})/pow(2,1+X+{COLUMNS}*floor(Y/2))+0.5),2)"
    coded = f"color=s={COLUMNS}x{ROWS}:r={rate}:d={seconds},format=yuv444p,"
    coded += f"geq=lum='if(eq(mod(Y,2),{bit}),16,235)':cb=128:cr=128,scale={size}:flags=neighbor,format=yuv420p[code]"
    # Drawn small and made larger: drawing takes longer than encoding.
    seen = f"testsrc=s=320x90:r={rate}:d={seconds}:decimals=2,scale={size},format=yuv420p[seen]"
    last = [turn] if turn else []
    if film.is_interlaced:
        last += ["tinterlace=interleave_top", "setfield=tff"]
    if film.steps:
        step = str(film.steps[-1][1])
        for (_, every), (until, _) in reversed(list(zip(film.steps, film.steps[1:], strict=False))):
            step = f"if(lt(n,{round(until / film.number_s)}),{every},{step})"
        last.append(f"select='not(mod(n,{step}))'")
    last.append(f"setsar={film.aspect}")
    return f"{coded};{seen};[code][seen]vstack,{','.join(last)}"


def _turned(film: CodedFilm, path: Path) -> Path:
    if not film.turned:
        return path
    turned = path.with_stem("turned")
    # Told as ffmpeg tells it: by how much the picture is to be turned against the clock.
    return run_ffmpeg(ffmpeg.input(str(path), display_rotation=film.turned).output(str(turned), c="copy"), turned)


def _joined(film: CodedFilm, folder: Path, path: Path) -> Path:
    seconds = film.seconds / film.pieces
    count = round(seconds / film.number_s)
    pieces = [
        _encoded(film, folder / f"piece-{number}.{film.suffix}", first=number * count, seconds=seconds)
        for number in range(film.pieces)
    ]
    names = folder / "pieces.txt"
    names.write_text("".join(f"file '{piece.name}'\n" for piece in pieces), encoding="utf-8")
    whole = run_ffmpeg(ffmpeg.input(str(names), f="concat", safe=0).output(str(path), c="copy"), path)
    for piece in pieces:
        piece.unlink()
    return whole


# Subtitles that tell their time


def cues(film: CodedFilm) -> Sequence[tuple[int, int]]:
    """When which subtitles are shown, ms: text always, bars in every other two seconds."""
    step = CUE_MS * 2 if film.subtitles == "pgs" else CUE_MS
    return [(start, start + CUE_MS - 100) for start in range(0, film.seconds * 1000 - CUE_MS, step)]


def cue_text(start_ms: int) -> str:
    return f"Second {start_ms // 1000}"


def _subtitles(film: CodedFilm, folder: Path) -> Path:
    width, height = film.size
    if film.subtitles == "pgs":
        bar = (0, height * 3 // 4, width, height // 8)
        return a_sup(folder / "film.sup", cues(film), canvas=film.size, bar=bar)
    lines = [
        f"{number}\n{_clock(start)} --> {_clock(end)}\n{cue_text(start)}\n"
        for number, (start, end) in enumerate(cues(film), 1)
    ]
    text = folder / "film.srt"
    text.write_text("\n".join(lines), encoding="utf-8")
    if film.subtitles == "srt":
        return text
    styled = folder / "film.ass"
    return run_ffmpeg(ffmpeg.input(str(text)).output(str(styled)), styled)


def _clock(at_ms: int) -> str:
    return f"{at_ms // 3_600_000:02}:{at_ms // 60_000 % 60:02}:{at_ms // 1000 % 60:02},{at_ms % 1000:03}"
