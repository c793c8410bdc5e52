"""Names of codecs as players want to hear them (RFC 6381), from what describes a stream. Pure.

Source:
    RFC 6381; ISO/IEC 14496-15 Annex E (H.264, H.265); AV1 Codec ISO Media File Format Binding, 5; VP Codec ISO Media
    File Format Binding; ISO/IEC 14496-1, 7.2.6 (descriptors in `esds`); ISO/IEC 14496-3, 1.6.2.1 (AudioSpecificConfig).
"""

import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType

from homemedia.media.hls.cuts import NotFragmented
from homemedia.media.hls.fmp4 import boxes, find

# What stands in a sample entry before its boxes.
VISUAL_BYTES, SOUND_BYTES = 78, 28
PLAIN = frozenset({"ac-3", "ec-3", "ac-4", "alac", "dtsc", "dtse", "dtsh", "dtsl", "mlpa", "Opus", "fLaC"})
MPEG4_AUDIO, MPEG_AUDIO = 0x40, (0x69, 0x6B)
ESCAPE = 31
# What copied sound is called in MP4, by ffmpeg's names of codec and profile.
SOUND: Mapping[str, str] = MappingProxyType(
    {"ac3": "ac-3", "eac3": "ec-3", "opus": "Opus", "flac": "fLaC", "alac": "alac", "mp3": "mp4a.6B", "mp2": "mp4a.6B"}
)
AAC_OF_PROFILE: Mapping[str, int] = MappingProxyType({"Main": 1, "SSR": 3, "LTP": 4, "HE-AAC": 5, "HE-AACv2": 29})
START_CODE = b"\x00\x00\x01"
H264_SPS, HEVC_SPS = 7, 33


def codecs_of(init: bytes) -> list[str]:
    """The codecs of a description (`ftyp`, `moov`) in the order of its tracks; one that is not known is left out.

    Raises:
        NotFragmented: it is damaged.
    """
    found: list[str] = []
    try:
        for start, _ in find(init, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"):
            for kind, inner, end in boxes(init, start + 8):
                name = _entry(kind.decode("latin-1"), init, inner, end)
                if name is not None:
                    found.append(name)
                break
    except (struct.error, IndexError) as err:
        raise NotFragmented("the description of the streams is damaged") from err
    return found


def of_extradata(codec: str, extradata: bytes | None) -> str | None:
    """The codec of a picture that is copied, by the decoder's own description in its file; None when it has none.

    Args:
        codec: ffmpeg's name.
        extradata: a record as in MP4 and Matroska, or parameter sets between start codes as in transport streams.
    """
    if not extradata:
        return None
    try:
        if codec == "h264":
            sps = _parameter_set(extradata, lambda head: head & 0x1F == H264_SPS)
            return avc(extradata) if extradata[0] == 1 else avc(sps) if sps else None
        if codec == "hevc":
            sps = _parameter_set(extradata, lambda head: head >> 1 & 0x3F == HEVC_SPS)
            return hevc(extradata) if extradata[0] == 1 else hevc(sps[2:]) if sps else None
        if codec == "av1" and extradata[0] == 0x81:
            return av1(extradata)
    except IndexError:
        return None
    return None


def sound(codec: str, profile: str | None) -> str | None:
    """The codec of copied sound by ffmpeg's names; None when it is not known."""
    if codec == "aac":
        return f"mp4a.40.{AAC_OF_PROFILE.get(profile or '', 2)}"
    return SOUND.get(codec)


def avc(record: bytes, entry: str = "avc1") -> str:
    """H.264 by its configuration record, or a parameter set: both have profile, constraints, level in bytes 1 to 3."""
    return f"{entry}.{record[1]:02X}{record[2]:02X}{record[3]:02X}"


def hevc(record: bytes, entry: str = "hvc1") -> str:
    """H.265 by its configuration record, or a parameter set without its head: profile, tier, level from byte 1 on."""
    space = ("", "A", "B", "C")[record[1] >> 6]
    tier = "H" if record[1] & 0x20 else "L"
    flags = int(f"{int.from_bytes(record[2:6], 'big'):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\x00")
    parts = [entry, f"{space}{record[1] & 0x1F}", f"{flags:X}", f"{tier}{record[12]}"]
    return ".".join([*parts, *(f"{byte:X}" for byte in constraints)])


def av1(record: bytes, colour: tuple[int, int, int, int] | None = None) -> str:
    """AV1 by its configuration record; `colour`: primaries, transfer, matrix, full range."""
    tier = "H" if record[2] & 0x80 else "M"
    depth = 8 if not record[2] & 0x40 else 12 if record[2] & 0x20 else 10
    name = f"av01.{record[1] >> 5}.{record[1] & 0x1F:02d}{tier}.{depth:02d}"
    if colour is None or colour == (1, 1, 1, 0):
        return name
    mono, chroma = record[2] >> 4 & 1, f"{record[2] >> 3 & 1}{record[2] >> 2 & 1}"
    position = record[2] & 3 if chroma == "11" else 0
    primaries, transfer, matrix, full = colour
    return f"{name}.{mono}.{chroma}{position}.{primaries:02d}.{transfer:02d}.{matrix:02d}.{full}"


def vp9(record: bytes) -> str:
    """VP9 by its configuration record, version and flags in front."""
    profile, level, bits, primaries, transfer, matrix = record[4:10]
    name = f"vp09.{profile:02d}.{level:02d}.{bits >> 4:02d}"
    chroma, full = bits >> 1 & 7, bits & 1
    if (primaries, transfer, matrix, full) in {(1, 1, 1, 0), (2, 2, 2, 0)} and chroma <= 1:
        return name
    return f"{name}.{chroma:02d}.{primaries:02d}.{transfer:02d}.{matrix:02d}.{full:02d}"


def _entry(kind: str, body: bytes, start: int, end: int) -> str | None:  # noqa: PLR0911 - one kind, one name
    if kind in PLAIN:
        return kind
    if kind == "mp4a":
        place = next(find(body, b"esds", start=start + SOUND_BYTES, end=end), None)
        return None if place is None else _mpeg4_audio(body[place[0] + 4 : place[1]])
    if kind in {".mp3", "mp3 "}:
        return "mp3"
    inside = {name: body[a:b] for name, a, b in boxes(body, start + VISUAL_BYTES, end)}
    if kind in {"dvh1", "dvhe"}:
        record = inside.get(b"dvcC", b"") or inside.get(b"dvvC", b"")
        bits = int.from_bytes(record[2:4], "big")
        return f"{kind}.{bits >> 9:02d}.{bits >> 3 & 0x3F:02d}" if record else None
    if kind in {"avc1", "avc3"} and b"avcC" in inside:
        return avc(inside[b"avcC"], kind)
    if kind in {"hvc1", "hev1"} and b"hvcC" in inside:
        return hevc(inside[b"hvcC"], kind)
    if kind == "av01" and b"av1C" in inside:
        return av1(inside[b"av1C"], _colour(inside.get(b"colr", b"")))
    return vp9(inside[b"vpcC"]) if kind == "vp09" and b"vpcC" in inside else None


def _colour(colr: bytes) -> tuple[int, int, int, int] | None:
    if colr[:4] != b"nclx" or len(colr) < 11:
        return None
    primaries, transfer, matrix = struct.unpack_from(">3H", colr, 4)
    return primaries, transfer, matrix, colr[10] >> 7


def _mpeg4_audio(body: bytes) -> str | None:
    """By the descriptors of an `esds`."""
    stream = _descriptor(body, 0, 3)
    if stream is None:
        return None
    flags = body[stream + 2]
    at = stream + 3 + (2 if flags & 0x80 else 0) + (1 + body[stream + 3] if flags & 0x40 else 0) + (flags >> 4 & 2)
    config = _descriptor(body, at, 4)
    if config is None:
        return None
    kind = body[config]
    if kind != MPEG4_AUDIO:
        return f"mp4a.{kind:02X}"
    special = _descriptor(body, config + 13, 5)
    if special is None:
        return "mp4a.40.2"
    bits = int.from_bytes(body[special : special + 2], "big")
    sort = bits >> 11
    return f"mp4a.40.{32 + (bits >> 5 & 0x3F) if sort == ESCAPE else sort}"


def _descriptor(body: bytes, at: int, tag: int) -> int | None:
    """Where the content of the descriptor at a place begins; None when it is another one."""
    if at >= len(body) or body[at] != tag:
        return None
    at += 1
    while body[at] & 0x80:
        at += 1
    return at + 1


def _parameter_set(body: bytes, is_wanted: Callable[[int], bool]) -> bytes | None:
    """The first parameter set of a kind between start codes, its escapes undone."""
    at = body.find(START_CODE)
    while at >= 0 and at + 3 < len(body):
        following = body.find(START_CODE, at + 3)
        unit = body[at + 3 : following if following >= 0 else len(body)]
        if is_wanted(unit[0]):
            return unit.replace(b"\x00\x00\x03", b"\x00\x00")
        at = following
    return None
