"""Small valid media made with the ffmpeg that comes along, each kind encoded once in a test run and copied after.

Nothing here is random: the same call makes the same pictures. Not fixtures themselves, so that any test may call them.
"""

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg
from PIL import Image, ImageDraw

from homemedia.media.ffmpeg import find_ffmpeg

ENCODE_LIMIT_S = 60

# What a codec's name in our models needs on ffmpeg's command line. 8 frames a second keep a second of film cheap.
_QUIET_X265 = {"x265-params": "log-level=none:pools=1"}
_HEVC_10: dict[str, Any] = {"vcodec": "libx265", "preset": "ultrafast", "pix_fmt": "yuv420p10le"} | _QUIET_X265
VIDEO: dict[str, dict[str, Any]] = {
    "h264": {"vcodec": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p"},
    # Pictures that are decoded before they are shown.
    "h264_b": {"vcodec": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p", "bf": 2, "b_strategy": 0},
    "h264_10": {"vcodec": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p10le"},
    "hevc": {"vcodec": "libx265", "preset": "ultrafast", "pix_fmt": "yuv420p"} | _QUIET_X265,
    "hdr10": _HEVC_10 | {"vf": "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"},
    "hlg": _HEVC_10 | {"vf": "setparams=color_primaries=bt2020:color_trc=arib-std-b67:colorspace=bt2020nc"},
    "mpeg4": {"vcodec": "mpeg4", "vtag": "xvid"},
    "mpeg2video": {"vcodec": "mpeg2video"},
    "vp8": {"vcodec": "libvpx", "deadline": "realtime", "cpu-used": 8},
    "vp9": {"vcodec": "libvpx-vp9", "deadline": "realtime", "cpu-used": 8},
}
AUDIO: dict[str, dict[str, Any]] = {
    "aac": {"acodec": "aac", "b:a": "32k"},
    "ac3": {"acodec": "ac3"},
    "mp3": {"acodec": "libmp3lame"},
    "opus": {"acodec": "libopus"},
    "flac": {"acodec": "flac"},
    "mp2": {"acodec": "mp2"},
}
FORMATS = {
    "mkv": "matroska",
    "ts": "mpegts",
    "m2ts": "mpegts",
    "m4v": "mp4",
    "wmv": "asf",
    "mpg": "mpeg",
    "ogv": "ogg",
    "m4a": "mp4",
}


@functools.cache
def ffmpeg_path() -> str:
    found = find_ffmpeg()
    assert found is not None, "no ffmpeg: pip install imageio-ffmpeg"
    return found.path


@functools.cache
def _store() -> Path:
    # Kept by the interpreter and removed with it; one folder per test process.
    holder = tempfile.TemporaryDirectory(prefix="homemedia-samples-")
    _kept.append(holder)
    return Path(holder.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def run_ffmpeg(node: Any, path: Path) -> Path:
    """Run what ffmpeg-python describes; `path` must be what it writes."""
    command = ffmpeg.compile(node, cmd=ffmpeg_path(), overwrite_output=True)
    quiet = [command[0], "-hide_banner", "-loglevel", "error", "-nostdin", *command[1:]]
    done = subprocess.run(
        quiet, capture_output=True, check=False, timeout=ENCODE_LIMIT_S, env={**os.environ, "SVT_LOG": "1"}
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return path


def a_film(
    path: Path,
    *,
    seconds: float = 1,
    size: str = "320x180",
    rate: int = 8,
    codec: str | None = "h264",
    audio: str | None = "aac",
    container: str | None = None,
    title: str | None = None,
    language: str | None = None,
    channels: int = 1,
    picture: str = "testsrc2",
    subtitles: Sequence[str] = (),
    chapters: Sequence[str] = (),
    font: str | None = None,
    is_silent: bool = False,
    tags: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
) -> Path:
    """Make a film (or with `codec=None` a sound file) at `path`; the container follows from its suffix.

    Args:
        path: where; the folder is made.
        seconds: its length.
        size: of the picture.
        rate: frames a second.
        codec: a key of `VIDEO`.
        audio: a key of `AUDIO`, None for a silent film.
        container: overrides what the suffix says, for mislabelled files.
        title: the container's title tag.
        language: of sound, three letters.
        channels: of sound.
        picture: name of ffmpeg's source (`testsrc2`, `color`, `smptebars`, …), with options after `=`.
        subtitles: languages (three letters) of text subtitles inside.
        chapters: titles, spread evenly.
        font: name of an attached file, Matroska only.
        is_silent: sound without a tone, at a low rate: encodes ten times faster.
        tags: further tags of the container.
        options: further options of the output.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    key = (
        *(seconds, size, rate, codec, audio, container or path.suffix[1:].lower(), title, language, channels, picture),
        *(tuple(subtitles), tuple(chapters), font, is_silent, tuple(sorted((tags or {}).items()))),
        tuple(sorted((options or {}).items())),
    )
    shutil.copyfile(_film(key), path)
    return path


@functools.cache
def _film(key: tuple[Any, ...]) -> Path:
    seconds, size, rate, codec, audio, container, title, language, channels, picture, *rest = key
    subs, chapters, font, is_silent, tags, more = rest
    path = _store() / f"film-{len(list(_store().iterdir()))}.{container}"
    inputs: list[Any] = []
    words: dict[str, Any] = {"t": seconds, "f": FORMATS.get(container, container), "map_metadata": -1, "threads": 1}
    if codec is not None:
        join = ":" if "=" in picture else "="
        inputs.append(ffmpeg.input(f"{picture}{join}size={size}:rate={rate}", f="lavfi"))
        words |= {"g": max(1, rate)} | VIDEO[codec]
    if audio is not None:
        layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
        sound = "sine=frequency=440:sample_rate=48000"
        if channels > 1 or is_silent:
            sound = f"anullsrc=channel_layout={layout}:sample_rate={8000 if is_silent else 48000}"
        inputs.append(ffmpeg.input(sound, f="lavfi").audio)
        words |= AUDIO[audio] | ({"strict": "-2"} if audio == "opus" else {})
        if language is not None:
            words["metadata:s:a:0"] = f"language={language}"
    for index, code in enumerate(subs):
        text = path.with_suffix(f".{index}.srt")
        text.write_text(f"1\n00:00:00,000 --> 00:00:00,900\nHello in {code}\n", encoding="utf-8")
        inputs.append(ffmpeg.input(str(text)))
        words[f"metadata:s:s:{index}"] = f"language={code}"
        words["scodec"] = (
            "mov_text" if container in {"mp4", "mov", "m4v"} else "webvtt" if container == "webm" else "srt"
        )
    if chapters:
        inputs.append(ffmpeg.input(str(_chapter_file(path, chapters, seconds)), f="ffmetadata"))
        words["map_chapters"] = len(inputs) - 1
        words["map_metadata"] = len(inputs) - 1
    # ffmpeg-python cannot repeat an option; ffmpeg reads `g`, for global, and ignores the number after it.
    pairs = ((("title", title),) if title else ()) + tags
    words |= {f"metadata:g{index}": f"{name}={value}" for index, (name, value) in enumerate(pairs)}
    if font is not None:
        attached = path.with_name(font)
        attached.write_bytes(b"\x00\x01\x00\x00" + b"font" * 64)
        words |= {"attach": str(attached), "metadata:s:t": "mimetype=font/ttf"}
    streams = [node for node in inputs if not chapters or node is not inputs[-1]]
    return run_ffmpeg(_output(streams, inputs, str(path), words | dict(more)), path)


def _output(streams: Sequence[Any], inputs: Sequence[Any], path: str, words: dict[str, Any]) -> Any:
    if len(streams) == len(inputs):
        return ffmpeg.output(*streams, path, **words)
    # The chapter file has no stream of its own, yet must be an input: take its (absent) sound optionally.
    return ffmpeg.output(*streams, inputs[-1]["a?"], path, **words)


def _chapter_file(path: Path, titles: Sequence[str], seconds: float) -> Path:
    step = int(seconds * 1000 / len(titles))
    parts = [
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={index * step}\nEND={(index + 1) * step}\ntitle={title}\n"
        for index, title in enumerate(titles)
    ]
    file = path.with_suffix(".ffmeta")
    file.write_text(";FFMETADATA1\n" + "".join(parts), encoding="utf-8")
    return file


def a_long_film(path: Path, *, minutes: float = 5) -> Path:
    """Make a film long enough for seeking and segments that still encodes in well under a second."""
    return a_film(path, seconds=minutes * 60, size="64x36", rate=2, is_silent=True, options={"g": 8})


def many_films(folder: Path, count: int, *, name: str = "Film {n:04d} (2001).mkv") -> list[Path]:
    """Fill a folder with films that differ in their last bytes, so that each has a hash of its own.

    One file is encoded, the rest are copies with an empty Matroska element (or MP4 box) of their own at the end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    first = a_film(_store() / f"many{Path(name).suffix}", size="64x36", rate=2)
    body = first.read_bytes()
    is_matroska = first.suffix in {".mkv", ".webm"}
    made = []
    for n in range(count):
        mark = n.to_bytes(8, "big")
        path = folder / name.format(n=n)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body + (b"\xec\x88" + mark if is_matroska else b"\x00\x00\x00\x10free" + mark))
        made.append(path)
    return made


def a_poster(path: Path, *, size: tuple[int, int] = (400, 600), color: str = "#7a3b2e", **save: Any) -> Path:
    """Save a picture with a bright patch in its upper right; the format follows from the suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, color)
    width, height = size
    draw = ImageDraw.Draw(image)
    draw.rectangle((width * 0.6, height * 0.1, width * 0.9, height * 0.3), fill="#f4e9c8")
    draw.line((0, height - 1, width, height * 0.8), fill="#201008", width=max(1, width // 100))
    if path.suffix.lower() in {".heic", ".heif"}:
        import pillow_heif  # noqa: PLC0415 - 25 ms for the few who need it

        pillow_heif.register_heif_opener()
    image.save(path, **save)
    return path


def a_film_with_cover(path: Path, *, codec: str | None = "h264") -> Path:
    """Make a film (`codec=None`: a song) with an embedded picture: MP4, M4A, MP3 or Matroska by the suffix."""
    cover = a_poster(_store() / "cover.jpg")
    plain = a_film(_store() / f"plain{path.suffix}", codec=codec, audio="mp3" if path.suffix == ".mp3" else "aac")
    path.parent.mkdir(parents=True, exist_ok=True)
    film, picture = ffmpeg.input(str(plain)), ffmpeg.input(str(cover))
    words: dict[str, Any] = {"c": "copy"}
    if path.suffix == ".mkv":
        words |= {"attach": str(cover), "metadata:s:t": "mimetype=image/jpeg", "map": 0}
        return run_ffmpeg(ffmpeg.output(film, str(path), **words), path)
    words[f"disposition:v:{0 if codec is None else 1}"] = "attached_pic"
    return run_ffmpeg(ffmpeg.output(film, picture, str(path), **words), path)


SONG_CODECS: dict[str, dict[str, Any]] = {
    "mp3": {"acodec": "libmp3lame", "b:a": "32k"},
    "flac": {"acodec": "flac"},
    "m4a": {"acodec": "aac", "b:a": "24k"},
    "aac": {"acodec": "aac", "b:a": "24k"},
    "opus": {"acodec": "libopus", "b:a": "12k"},
    "ogg": {"acodec": "libvorbis"},
    "wv": {"acodec": "wavpack"},
    "wav": {"acodec": "pcm_s16le"},
    "aiff": {"acodec": "pcm_s16be", "write_id3v2": 1},
    "wma": {"acodec": "wmav2", "f": "asf"},
    "mka": {"acodec": "flac", "f": "matroska"},
}


def a_song(
    path: Path, *, tags: dict[str, str] | None = None, seconds: float = 0.5, tone: int = 440, has_cover: bool = False
) -> Path:
    """Make a short song at `path`; its format follows from the suffix, a key of `SONG_CODECS`.

    Args:
        path: where; the folder is made.
        tags: by ffmpeg's names (`title`, `artist`, `album`, `album_artist`, `date`, `track`, `disc`, …).
        seconds: its length.
        tone: in Hz, so that two songs differ.
        has_cover: with a picture inside (mp3, flac, m4a).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_song((path.suffix[1:], seconds, tone, has_cover, tuple((tags or {}).items()))), path)
    return path


@functools.cache
def _song(key: tuple[Any, ...]) -> Path:
    suffix, seconds, tone, has_cover, tags = key
    path = _store() / f"song-{len(list(_store().iterdir()))}.{suffix}"
    words: dict[str, Any] = {"t": seconds, "map_metadata": -1, "threads": 1, "ac": 1} | SONG_CODECS[suffix]
    words |= {f"metadata:g{index}": f"{name}={value}" for index, (name, value) in enumerate(tags)}
    inputs = [ffmpeg.input(f"sine=frequency={tone}:sample_rate=16000", f="lavfi").audio]
    if has_cover:
        inputs.append(ffmpeg.input(str(a_poster(_store() / "song-cover.jpg", size=(300, 300)))).video)
        words |= {"vcodec": "copy", "disposition:v": "attached_pic"}
    return run_ffmpeg(ffmpeg.output(*inputs, str(path), **words), path)


def damaged(source: Path, target: Path, kind: str, *, seed: int = 1) -> Path:
    """Write a broken copy of a file.

    Args:
        source: a whole file.
        target: where the broken one goes.
        kind: `cut` (half of it), `head` (first 100 bytes), `zeros`, `random`, `flipped` (1 byte in 200), `hole`
            (zeros in the middle), `text`, `empty`.
        seed: another seed, another damage.
    """
    import random  # noqa: PLC0415 - beside its only use

    body = bytearray(source.read_bytes())
    dice = random.Random(seed)  # noqa: S311 - damage that can be repeated, no secret
    match kind:
        case "cut":
            body = body[: max(1, dice.randrange(len(body)))]
        case "head":
            body = body[:100]
        case "zeros":
            body = bytearray(len(body))
        case "random":
            body = bytearray(dice.randbytes(len(body)))
        case "flipped":
            for _ in range(len(body) // 200):
                body[dice.randrange(len(body))] = dice.randrange(256)
        case "hole":
            start = dice.randrange(len(body))
            body[start : start + len(body) // 3] = bytes(len(body[start : start + len(body) // 3]))
        case "text":
            body = bytearray(b"These are only words, whatever the name says.\n" * 100)
        case "empty":
            body = bytearray()
        case _:
            raise ValueError(kind)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
    return target


def a_clock(
    path: Path,
    *,
    seconds: int = 60,
    size: str = "256x144",
    codec: str = "h264",
    audio: str = "aac",
    languages: Sequence[str] = ("eng",),
) -> Path:
    """Make a film whose picture tells its second: eight columns, the lowest bit left, white for one.

    Args:
        path: where; the folder is made.
        seconds: its length, below 256; eight frames a second, a keyframe every two seconds.
        size: of the picture.
        codec: a key of `VIDEO`.
        audio: a key of `AUDIO`.
        languages: one sound for each, a fifth higher every time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    bits = "if(mod(floor(T/pow(2,floor(X/8))),2),235,16)"
    picture = ffmpeg.input(f"color=s=64x36:r=8:d={seconds},geq=lum='{bits}':cb=128:cr=128,scale={size}", f="lavfi")
    sounds = [
        ffmpeg.input(f"sine=f={220 * 1.5**number:.0f}:d={seconds}", f="lavfi") for number in range(len(languages))
    ]
    words = VIDEO[codec] | AUDIO[audio] | {"g": 16, "f": FORMATS.get(path.suffix[1:], path.suffix[1:])}
    words |= {f"metadata:s:a:{number}": f"language={language}" for number, language in enumerate(languages)}
    return run_ffmpeg(ffmpeg.output(picture, *sounds, str(path), **words), path)
