"""Streams as other players read them, from end to end: no complaint, the right length, sound and picture in step.

The whole series, over containers, codecs and forms, takes a quarter of an hour:
`pytest -n 0 -m long tests/flows/test_transcode_readers.py`.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.app import House
from tests.support.hls import ffmpegs
from tests.support.readers import a_click_track, read_by_ffmpeg, read_by_vlc, vlc
from tests.support.streams import Watcher, films, watch

SECONDS = 30
IN_STEP_S = 0.04
H264 = ("-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "60", "-pix_fmt", "yuv420p")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=60:bframes=3:pools=1")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "60")
FIELDS = ("-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-g", "15")
AAC, AC3, MP3, OPUS = ("-c:a", "aac"), ("-c:a", "ac3"), ("-c:a", "libmp3lame"), ("-c:a", "libopus")
LATE = ("-output_ts_offset", "7")
UNEVEN = ("-vf", "select='not(eq(mod(n,50),13)+eq(mod(n,50),29))'", "-fps_mode", "vfr")

SOURCES: dict[str, tuple[str, Sequence[str], Sequence[str]]] = {
    "mkv h264 ac3": ("mkv", H264, AC3),
    "mkv h264 flac": ("mkv", H264, ("-c:a", "flac")),
    "mkv h264 aac, late": ("mkv", H264, (*AAC, *LATE)),
    "mkv h264 aac, uneven": ("mkv", (*UNEVEN, *H264), AAC),
    "mp4 h264 aac": ("mp4", H264, AAC),
    "mov h264 ac3": ("mov", H264, AC3),
    "ts h264 ac3": ("ts", H264, AC3),
    "ts h264 aac, late": ("ts", H264, (*AAC, *LATE)),
    "mkv hevc eac3": ("mkv", HEVC, ("-c:a", "eac3")),
    "mp4 hevc aac": ("mp4", (*HEVC, "-tag:v", "hvc1"), AAC),
    "webm vp9 opus": ("webm", VP9, OPUS),
    "avi mpeg4 mp3": ("avi", ("-c:v", "mpeg4", "-vtag", "xvid"), MP3),
    "ts mpeg2 mp2": ("ts", (*FIELDS, "-bf", "2"), ("-c:a", "mp2")),
    # A grainy picture: of smaller ones several share a packet, and only one has a time that readers do not guess.
    "mpg mpeg2 mp2": ("mpg", ("-vf", "noise=alls=30:allf=t", *FIELDS, "-b:v", "3M"), ("-c:a", "mp2")),
}
COPIED_INTO_TS = {name for name in SOURCES if "h264" in name}
FEW = [("mkv h264 ac3", "remux", "fmp4", SECONDS // 2), ("avi mpeg4 mp3", "transcode", "ts", 0)]
ALL = [
    (name, way, form, begins)
    for name in SOURCES
    for way in ("remux", "transcode")
    for form in ("fmp4", "ts")
    for begins in (0, SECONDS // 2)
    if way == "transcode" or (name in COPIED_INTO_TS or form == "fmp4")
    if way == "transcode" or name.split()[1] not in {"mpeg4", "mpeg2"}
]


def rows(chosen: Sequence[tuple[str, str, str, int]]) -> pytest.MarkDecorator:
    ids = [f"{name}, {way}, {form}, from {begins}" for name, way, form, begins in chosen]
    return pytest.mark.parametrize(("name", "way", "form", "begins"), chosen, ids=ids)


async def stream(house: House, name: str, way: str, form: str, begins: int) -> Watcher:
    """A stream that was begun and sought in, so that several runs made it."""
    suffix, video, audio = SOURCES[name]
    a_click_track(house.media / f"Clicks (2001).{suffix}", video=video, audio=audio, seconds=SECONDS)
    (file_id,) = (await films(house)).values()
    wish: dict[str, Any] = {"force": way, "segmentFormat": form, "startOffset": begins * 1000}
    watcher = await watch(house, file_id, profile="androidtv", **wish)
    assert (watcher.opened["method"], watcher.opened["segmentFormat"]) == (way, form)
    await watcher.segment(next(n for n, at in enumerate(watcher.list.starts) if at + 4 > begins))
    return watcher


async def in_order(house: House, watcher: Watcher) -> None:
    """What ffmpeg reads is whole, and sound and picture are in step."""
    url = f"{house.url}{watcher.opened['playlistUrl']}"
    for ffmpeg in ffmpegs():
        read = await read_by_ffmpeg(ffmpeg, url)
        assert read.complaints == []
        assert abs(read.ends - read.begins - SECONDS) <= 0.1
        assert abs(sum(watcher.list.lengths) - SECONDS) <= 0.1
        shifts = read.shifts()
        assert len(shifts) == SECONDS // 2 - 1
        assert max(map(abs, shifts)) <= IN_STEP_S, shifts


@rows(FEW)
async def test_ffmpeg_reads_a_stream_in_step(claimed: House, name: str, way: str, form: str, begins: int) -> None:
    await in_order(claimed, await stream(claimed, name, way, form, begins))


async def read_to_the_end_by_vlc(house: House, watcher: Watcher) -> None:
    complaints, said = await read_by_vlc(f"{house.url}{watcher.opened['playlistUrl']}")

    assert complaints == []
    last = len(watcher.list.urls) - 1
    assert f"Segment #{last} url=" in said


@pytest.mark.skipif(vlc() is None, reason="VLC is not installed: apt-get install vlc-bin vlc-plugin-base")
@rows(FEW)
async def test_vlc_reads_a_stream_without_a_word_about_times(
    claimed: House, name: str, way: str, form: str, begins: int
) -> None:
    await read_to_the_end_by_vlc(claimed, await stream(claimed, name, way, form, begins))


@pytest.mark.long
@rows([row for row in ALL if row not in FEW])
async def test_every_stream_is_read_without_a_word(claimed: House, name: str, way: str, form: str, begins: int) -> None:
    watcher = await stream(claimed, name, way, form, begins)

    await in_order(claimed, watcher)
    if vlc() is not None:
        await read_to_the_end_by_vlc(claimed, watcher)
