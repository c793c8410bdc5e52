"""What the list of variants says of a stream: known before the stream says it itself, and the same."""

import re
from pathlib import Path
from typing import Any

import pytest

from homemedia.media.hls.codecs import codecs_of
from tests.support.app import House
from tests.support.samples import a_film
from tests.support.streams import Watcher, films, open_stream


def told(master: str) -> dict[str, str]:
    """Attributes of the one variant."""
    (line,) = [line for line in master.splitlines() if line.startswith("#EXT-X-STREAM-INF:")]
    pairs = re.findall(r'([A-Z-]+)=("[^"]*"|[^,]*)', line)
    return {name: value.strip('"') for name, value in pairs}


async def variant(house: House, **body: Any) -> tuple[Watcher, dict[str, str]]:
    """A stream of the only film whose segments nobody has asked for, and what its list says."""
    (file_id,) = (await films(house)).values()
    watcher = Watcher(house, await open_stream(house, file_id, **body))
    return watcher, told((await watcher.get(watcher.opened["masterUrl"])).decode())


PIECES: dict[str, Any] = {"seconds": 6, "rate": 25}


@pytest.mark.parametrize(
    ("name", "film", "body", "codecs"),
    [
        pytest.param("h264.mkv", {"codec": "h264", "audio": "ac3"}, {}, "avc1.42C00C,mp4a.40.2", id="h264"),
        pytest.param(
            "h264.mp4", {"codec": "h264", "audio": "ac3"}, {"profile": "safari", "force": "remux"}, None, id="ac3"
        ),
        pytest.param("h264.ts", {"codec": "h264", "audio": "aac"}, {}, None, id="out of a transport stream"),
        pytest.param("hevc.mkv", {"codec": "hevc", "audio": "aac"}, {"profile": "safari"}, None, id="hevc"),
        pytest.param("hdr.mkv", {"codec": "hdr10", "audio": "aac"}, {"profile": "safari"}, None, id="ten bits"),
        pytest.param(
            "vp9.webm", {"codec": "vp9", "audio": "opus"}, {"profile": "androidtv", "force": "remux"}, None, id="vp9"
        ),
        pytest.param("mpeg4.avi", {"codec": "mpeg4", "audio": "ac3"}, {}, "avc1.64002A,mp4a.40.2", id="made anew"),
        pytest.param("silent.mkv", {"codec": "h264", "audio": None}, {}, "avc1.42C00C", id="no sound"),
    ],
)
async def test_codecs_are_known_before_the_first_piece(
    claimed: House, name: str, film: dict[str, Any], body: dict[str, Any], codecs: str | None
) -> None:
    a_film(claimed.media / f"Film (2001){Path(name).suffix}", **PIECES, **film)

    watcher, said = await variant(claimed, **body)
    described = await (await watcher.start()).get(f"/api/transcode/{watcher.id}/master.m3u8?{query(watcher)}")

    assert said["CODECS"].split(",") == codecs_of(watcher.init)
    assert codecs in {None, said["CODECS"]}
    assert told(described.decode()) == said


def query(watcher: Watcher) -> str:
    return str(watcher.opened["masterUrl"]).partition("?")[2]


@pytest.mark.parametrize(
    ("preset", "body", "codecs"),
    [
        ("ultrafast", {}, "avc1.42C02A,mp4a.40.2"),
        ("superfast", {}, "avc1.64002A,mp4a.40.2"),
        ("medium", {"segmentFormat": "ts"}, "avc1.64002A,mp4a.40.2"),
    ],
)
async def test_codecs_follow_the_settings(claimed: House, preset: str, body: dict[str, Any], codecs: str) -> None:
    a_film(claimed.media / "Film (2001).avi", **PIECES, codec="mpeg4", audio="ac3")
    await claimed.send("PUT", "/api/hardware", {"preset": preset})

    watcher, said = await variant(claimed, **body)

    assert said["CODECS"] == codecs
    if not body:
        assert ",".join(codecs_of((await watcher.start()).init)) == codecs


async def test_size_rate_and_range_are_those_of_the_stream(claimed: House) -> None:
    a_film(claimed.media / "Film (2001).mkv", **PIECES, codec="hdr10", audio="aac", size="320x180")

    watcher, said = await variant(claimed, profile="safari")

    assert watcher.opened["video"]["action"] == "copy"
    assert (said["RESOLUTION"], said["FRAME-RATE"], said["VIDEO-RANGE"]) == ("320x180", "25.000", "PQ")


async def test_what_was_brought_down_to_ordinary_screens_says_nothing_of_a_range(claimed: House) -> None:
    a_film(claimed.media / "Film (2001).mkv", **PIECES, codec="hdr10", audio="aac", size="320x180")

    watcher, said = await variant(claimed)

    assert watcher.opened["video"]["toneMap"]
    assert "VIDEO-RANGE" not in said


async def test_no_segment_takes_more_of_the_line_than_was_said(claimed: House) -> None:
    a_film(claimed.media / "Film (2001).avi", seconds=20, rate=25, codec="mpeg4", audio="ac3", size="640x360")

    watcher, said = await variant(claimed, maxBitrate=300_000)
    await watcher.start()
    sizes = [len(await watcher.segment(number)) * 8 for number in range(len(watcher.list.urls))]

    rates = [size / length for size, length in zip(sizes, watcher.list.lengths, strict=True)]
    assert max(rates) <= int(said["BANDWIDTH"])
    assert sum(sizes) / sum(watcher.list.lengths) <= int(said["AVERAGE-BANDWIDTH"])
