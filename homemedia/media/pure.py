"""Deciders about media that need no file: names, sizes, kinds. Pure, and free of decoders."""

import math
from types import MappingProxyType

from homemedia.media.languages import TWO_LETTERS
from homemedia.media.models import Hdr

# Only what is media. Every ffmpeg of ours gets it as `format_whitelist`: without it a text file named .mkv may be a
# playlist that makes ffmpeg open other files and addresses (`hls`, `dash`, `concat`, `sdp`), or an ANSI drawing that
# counts as a film (`tty`).
SAFE_DEMUXERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,live_flv,ogg,rm,wtv,mxf,dv,nsv,ivf,"
    "h264,hevc,av1,obu,m4v,vc1,mp3,mp2,flac,wav,w64,aiff,ape,aac,ac3,eac3,dts,dtshd,truehd,mlp,wv,tta,amr,caf,au,"
    "mpc,mpc8,dsf,iff,tak,oma"
)

LADDER = (120, 180, 240, 320, 480, 640, 780, 960, 1280, 1920, 3840)

# ffmpeg's demuxers name a family; the brand tells its members apart (MP4 and QuickTime, Matroska and WebM).
CONTAINERS = MappingProxyType(
    {
        "asf": "wmv",
        "mpeg": "mpg",
        "mpegvideo": "mpg",
    }
)
BRANDS_3GP = ("3gp", "3g2", "3ge", "3gg", "3gr", "3gs")

SUBTITLE_FORMATS = MappingProxyType(
    {
        "subrip": "srt",
        "srt": "srt",
        "ass": "ass",
        "ssa": "ass",
        "webvtt": "vtt",
        "mov_text": "mov_text",
        "text": "txt",
        "hdmv_pgs_subtitle": "pgs",
        "hdmv_text_subtitle": "hdmv_text",
        "dvd_subtitle": "vobsub",
        "dvb_subtitle": "dvb",
        "dvb_teletext": "teletext",
        "xsub": "xsub",
    }
)
TEXT_SUBTITLES = frozenset(
    {"srt", "ass", "vtt", "mov_text", "txt", "ttml", "microdvd", "sami", "subviewer", "jacosub", "mpl2", "realtext"}
)


def video_resolution(width: int, height: int) -> str:
    """Name a picture's size as people say it: sd, 480, 576, 720, 1080, 2k, 4k.

    The larger of width/16 and height/9 counts, so a wide film without its bars keeps its name (3840 by 1600 is 4k). A
    picture that stands on end is named as if it lay.

    Args:
        width: in pixels, 0 when unknown.
        height: in pixels, 0 when unknown.

    Source:
        Watch contract, File: `sd` below 700 lines, `4k` from 2000, exact 480 and 576 by their own number.
    """
    if height > width:
        width, height = height, width
    lines = max(width * 9 / 16, height)
    if lines < 700:
        return str(height) if height in {480, 576} else "sd"
    steps = ((1000, "720"), (1300, "1080"), (2000, "2k"))
    return next((name for below, name in steps if lines < below), "4k")


def hdr_kind(
    transfer: str | None,
    *,
    dolby_vision: int | None = None,
    compatibility: int | None = None,
    has_dynamic_metadata: bool = False,
) -> Hdr:
    """Say what a screen has to understand to show the picture right.

    Args:
        transfer: ffmpeg's name of the transfer function (`smpte2084`, `arib-std-b67`, …).
        dolby_vision: Dolby Vision profile, when the file has a configuration record.
        compatibility: what the base layer is by itself, of the same record: 0 nothing, 1 HDR10, 2 SDR, 4 HLG.
        has_dynamic_metadata: HDR10+ was seen on a frame.

    Source:
        Dolby Vision Streams Within the ISO Base Media File Format, 3.2: profile 5, and 10 with compatibility 0, have no
        base layer others can show.
    """
    if dolby_vision is not None:
        if dolby_vision == 5 or (dolby_vision == 10 and not compatibility):
            return "dv5"
        return "dv7" if dolby_vision == 7 else "dv8"
    if transfer == "smpte2084":
        return "hdr10plus" if has_dynamic_metadata else "hdr10"
    return "hlg" if transfer == "arib-std-b67" else "none"


def language_tag(value: str | None) -> str | None:
    """Shorten a language code to its BCP 47 form: `eng` → `en`, `ger` and `deu` → `de`, `pt-br` → `pt-BR`.

    Returns:
        None for nothing, `und`, `mul`, `zxx`, `mis` and what is no language code at all.

    Source:
        RFC 5646, 2.2.1: the shortest code there is; 2.1.1: case by kind of part.
    """
    parts = (value or "").strip("\x00 ").replace("_", "-").split("-")
    first = parts[0].lower()
    if not (2 <= len(first) <= 3 and first.isascii() and first.isalpha()) or first in {"und", "mul", "zxx", "mis"}:
        return None
    rest = [part for part in parts[1:] if part.isascii() and part.isalnum() and len(part) <= 8]
    cased = [
        part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part.lower()
        for part in rest
    ]
    return "-".join([TWO_LETTERS.get(first, first), *cased])


def container_name(
    demuxer: str, *, brand: str | None = None, head: bytes = b"", codecs: frozenset[str] = frozenset()
) -> str:
    """Name a container as the API does (`mkv`, `mp4`, `mov`, `webm`, `ts`, …), by what the file is, not its ending.

    Args:
        demuxer: ffmpeg's name, possibly a family (`mov,mp4,m4a,3gp,3g2,mj2`).
        brand: `major_brand` of an MP4 family file.
        head: its first 200 bytes: Matroska names its kind there, and Blu-ray's stream packets are four bytes longer.
        codecs: of all streams, by canonical name; tells `ogv` from `ogg`.
    """
    names = demuxer.split(",")
    if "mov" in names:
        known = (brand or "").strip().lower()
        if known == "qt":
            return "mov"
        return "3gp" if known.startswith(BRANDS_3GP) else "mp4"
    if "matroska" in names:
        return "webm" if b"\x42\x82\x84webm" in head[:80] else "mkv"
    if names[0] == "mpegts":
        return "m2ts" if head[4:5] == b"\x47" and head[196:197] == b"\x47" else "ts"
    if names[0] == "ogg":
        return "ogv" if codecs & {"theora", "dirac", "vp8"} else "ogg"
    return CONTAINERS.get(names[0], names[0])


def ladder(wanted: int) -> int:
    """Round a wanted width or height up to a step, so that the number of renditions stays bounded.

    Source:
        Watch contract §7.2.
    """
    return next((step for step in LADDER if step >= wanted), LADDER[-1])


def fitted(
    source: tuple[int, int], width: int | None, height: int | None, *, crops: bool
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Choose the size of a rendition and the part of the source it shows; never larger than the source.

    Args:
        source: width and height, upright.
        width: wished; None follows from the height.
        height: wished; None follows from the width.
        crops: fill the wished shape and cut off what juts out (only when both are wished), else keep all.

    Returns:
        The size of the result, and the size of the part of the source that becomes it (the whole, or a crop of it).
    """
    full_w, full_h = source
    if crops and width and height:
        scale = min(full_w / width, full_h / height)
        part = (min(full_w, max(1, round(width * scale))), min(full_h, max(1, round(height * scale))))
        shrink = min(1.0, 1 / scale)
        return (max(1, round(part[0] * shrink)), max(1, round(part[1] * shrink))), part
    shrink = min(1.0, (width or math.inf) / full_w, (height or math.inf) / full_h)
    return (max(1, round(full_w * shrink)), max(1, round(full_h * shrink))), source
