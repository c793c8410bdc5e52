"""The texts a player reads: the list of segments, the list of variants, the list of subtitles.

Source:
    RFC 8216; watch contract 9.3. Addresses are relative, so that they hold behind any proxy, and carry the token, since
    native players send no headers.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from homemedia.media.hls.table import SECOND_US, SegmentTable

Format = Literal["fmp4", "ts"]
CONTENT_TYPE = "application/vnd.apple.mpegurl"
SUFFIX = {"fmp4": "m4s", "ts": "ts"}
# The cutters' constant offset (10 s) on the 90 kHz clock that subtitles are mapped to.
MPEGTS_OFFSET = 900_000


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """The one variant of a stream. Rates in bits/s; `codecs` exact, as RFC 6381 writes them."""

    bandwidth: int
    average_bandwidth: int
    codecs: Sequence[str] = ()
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    video_range: Literal["SDR", "PQ", "HLG"] = "SDR"


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """Subtitles beside the picture; `index` as the API counts them."""

    index: int
    name: str
    language: str | None = None
    is_default: bool = False
    is_forced: bool = False


def media_playlist(
    table: SegmentTable,
    *,
    token: str,
    form: Format = "fmp4",
    is_independent: bool = True,
    start_offset_us: int = 0,
) -> str:
    """All segments of a film, those that are not made yet too: the same text at every request.

    Args:
        table: the segments.
        token: media token that each address carries.
        form: of the segments.
        is_independent: whether every segment can be decoded alone, which copied open groups of pictures cannot.
        start_offset_us: where playing begins.
    """
    query = f"?token={token}"
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{7 if form == 'fmp4' else 3}",
        f"#EXT-X-TARGETDURATION:{max(1, _rounded_s(table.longest_us))}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
    ]
    if is_independent:
        lines.append("#EXT-X-INDEPENDENT-SEGMENTS")
    if start_offset_us > 0:
        lines.append(f"#EXT-X-START:TIME-OFFSET={start_offset_us / SECOND_US:.3f},PRECISE=YES")
    if form == "fmp4":
        lines.append(f'#EXT-X-MAP:URI="init.mp4{query}"')
    suffix = SUFFIX[form]
    for number in range(table.count):
        lines.append(f"#EXTINF:{table.duration_us(number) / SECOND_US:.6f},")
        lines.append(f"{number}.{suffix}{query}")
    lines.append("#EXT-X-ENDLIST\n")
    return "\n".join(lines)


def master_playlist(variant: Variant, renditions: Iterable[Rendition], *, token: str) -> str:
    """The stream and the subtitles that go with it."""
    query = f"?token={token}"
    lines = ["#EXTM3U", "#EXT-X-VERSION:7"]
    has_subtitles = False
    for one in renditions:
        has_subtitles = True
        attributes = ["TYPE=SUBTITLES", 'GROUP-ID="subs"', f'NAME="{_quoted(one.name)}"']
        if one.language:
            attributes.append(f'LANGUAGE="{_quoted(one.language)}"')
        attributes += [
            f"DEFAULT={_yes(one.is_default)}",
            f"AUTOSELECT={_yes(one.is_default or one.is_forced or one.language is not None)}",
            f"FORCED={_yes(one.is_forced)}",
            f'URI="sub-{one.index}.m3u8{query}"',
        ]
        lines.append(f"#EXT-X-MEDIA:{','.join(attributes)}")
    attributes = [f"BANDWIDTH={variant.bandwidth}", f"AVERAGE-BANDWIDTH={variant.average_bandwidth}"]
    if variant.codecs:
        attributes.append(f'CODECS="{",".join(variant.codecs)}"')
    if variant.width and variant.height:
        attributes.append(f"RESOLUTION={variant.width}x{variant.height}")
    if variant.frame_rate:
        attributes.append(f"FRAME-RATE={variant.frame_rate:.3f}")
    if variant.video_range != "SDR":
        attributes.append(f"VIDEO-RANGE={variant.video_range}")
    attributes.append("CLOSED-CAPTIONS=NONE")
    if has_subtitles:
        attributes.append('SUBTITLES="subs"')
    return "\n".join([*lines, f"#EXT-X-STREAM-INF:{','.join(attributes)}", f"stream.m3u8{query}", ""])


def subtitle_playlist(index: int, end_us: int, *, token: str) -> str:
    """Subtitles of a whole film in one piece."""
    seconds = max(end_us, SECOND_US) / SECOND_US
    return "\n".join(
        [
            "#EXTM3U",
            "#EXT-X-VERSION:7",
            f"#EXT-X-TARGETDURATION:{_rounded_s(max(end_us, SECOND_US))}",
            "#EXT-X-MEDIA-SEQUENCE:0",
            "#EXT-X-PLAYLIST-TYPE:VOD",
            f"#EXTINF:{seconds:.6f},",
            f"sub-{index}.vtt?token={token}",
            "#EXT-X-ENDLIST\n",
        ]
    )


def _rounded_s(us: int) -> int:
    """To the nearest second, halves up: no EXTINF may round above the target (RFC 8216, 4.3.3.1)."""
    return (us + SECOND_US // 2) // SECOND_US


def _yes(is_so: bool) -> str:  # noqa: FBT001 - reads as what it writes
    return "YES" if is_so else "NO"


def _quoted(text: str) -> str:
    """Text for a quoted string, which knows neither quotes nor line breaks."""
    return "".join(char for char in text.replace('"', "'") if char >= " ")
