"""What players are told of a stream before it begins."""

from typing import Any

import msgspec
import pytest

from homemedia.media import AudioStream, Probe, VideoStream
from homemedia.media.commands import SOFTWARE, EncoderChoice
from homemedia.media.plans import AudioPlan, VideoPlan
from homemedia.playback.decide import Decision
from homemedia.playback.naming import Rates, names, rates, video_range

PICTURE = VideoStream(track=0, codec="vp9", profile="Profile 0", width=1280, height=720, frame_rate=25.0, bit_depth=8)
SOUND = AudioStream(track=1, codec="aac", profile="HE-AAC", channels=2, sample_rate=48000, bitrate=64_000)
FILM = Probe(container="mkv", duration_ms=60_000, size_bytes=1, bitrate=2_064_000, video=(PICTURE,), audio=(SOUND,))
COPY = VideoPlan(action="copy", track=0, codec_from="vp9", codec="vp9", width=1280, height=720)
MADE = msgspec.structs.replace(COPY, action="transcode", codec="h264", bitrate=2_000_000)
HEARD = AudioPlan(action="copy", track=1, codec_from="aac", codec="aac", channels=2, bitrate=64_000)
AAC = msgspec.structs.replace(HEARD, action="transcode", bitrate=160_000)
DEVICE = EncoderChoice(family="vaapi", name="h264_vaapi")


def called(video: VideoPlan | None, audio: AudioPlan | None, **changes: Any) -> str:
    way: dict[str, Any] = {"form": "fmp4", "encoder": SOFTWARE, "preset": "veryfast", "probe": FILM} | changes
    decision = Decision(method="remux", video=video, audio=audio)
    return ",".join(names(decision, way.pop("probe"), way.pop("form"), way.pop("encoder"), **way))


def mp3(**changes: Any) -> AudioPlan:
    return msgspec.structs.replace(HEARD, codec_from="mp3", codec="mp3", **changes)


@pytest.mark.parametrize(
    ("video", "audio", "way", "expected"),
    [
        pytest.param(COPY, HEARD, {}, "vp09.00.31.08,mp4a.40.5", id="a picture whose level follows from its size"),
        pytest.param(COPY, HEARD, {"copied": "av01.0.08M.08"}, "av01.0.08M.08,mp4a.40.5", id="as its index says"),
        pytest.param(COPY, None, {"probe": None}, "", id="nothing is known"),
        pytest.param(MADE, AAC, {}, "avc1.64002A,mp4a.40.2", id="made anew"),
        pytest.param(msgspec.structs.replace(MADE, width=3840, height=2160), None, {}, "avc1.640033", id="made large"),
        pytest.param(MADE, None, {"preset": "ultrafast"}, "avc1.42C02A", id="made in haste"),
        pytest.param(MADE, AAC, {"encoder": DEVICE}, "", id="a device chooses its level"),
        pytest.param(msgspec.structs.replace(COPY, dolby_vision=5), HEARD, {"copied": "hvc1"}, "", id="Dolby Vision"),
        pytest.param(None, mp3(), {}, "mp4a.6B", id="sound alone"),
        pytest.param(None, mp3(), {"form": "ts"}, "mp4a.40.34", id="sound in a transport stream"),
        pytest.param(None, msgspec.structs.replace(HEARD, codec="dts"), {}, "", id="sound nobody has named"),
    ],
)
def test_codecs(video: VideoPlan | None, audio: AudioPlan | None, way: dict[str, Any], expected: str) -> None:
    assert called(video, audio, **way) == expected


@pytest.mark.parametrize(
    ("video", "audio", "expected"),
    [
        pytest.param(COPY, HEARD, Rates(4_120_640, 2_100_640), id="a copy takes what the file takes"),
        pytest.param(COPY, AAC, Rates(4_217_600, 2_197_600), id="but for sound that is made anew"),
        pytest.param(msgspec.structs.replace(COPY, bitrate=1_000_000), None, Rates(2_036_000, 1_026_000), id="told"),
        pytest.param(MADE, AAC, Rates(3_207_600, 2_197_600), id="made to a rate, with its buffer"),
        pytest.param(None, AAC, Rates(177_600, 177_600), id="sound alone"),
    ],
)
def test_rates(video: VideoPlan | None, audio: AudioPlan | None, expected: Rates) -> None:
    assert rates(Decision(method="remux", video=video, audio=audio), FILM, "fmp4", 4.0) == expected


def test_transport_streams_take_more_of_a_line() -> None:
    decision = Decision(method="transcode", video=MADE, audio=AAC)

    assert rates(decision, FILM, "ts", 4.0).mean > rates(decision, FILM, "fmp4", 4.0).mean


@pytest.mark.parametrize(
    ("hdr", "transfer", "expected"),
    [("none", "bt709", "SDR"), ("hdr10", "smpte2084", "PQ"), ("hlg", None, "HLG"), ("dv8", "arib-std-b67", "HLG")],
)
def test_range(hdr: str, transfer: str | None, expected: str) -> None:
    stream = msgspec.structs.replace(PICTURE, color_transfer=transfer)

    assert video_range(msgspec.structs.replace(COPY, hdr=hdr), stream) == expected
