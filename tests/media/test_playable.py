"""Which videos every browser plays as they are, and what is made of the others."""

from typing import Any

import pytest

from homemedia.media.models import AudioStream, Probe, VideoStream
from homemedia.media.playable import Policy, all_made, conversion_of, size_of

USUAL = Policy()


def a_picture(**changes: Any) -> VideoStream:
    facts: dict[str, Any] = {"track": 0, "codec": "h264", "width": 1920, "height": 1080, "bit_depth": 8}
    return VideoStream(**(facts | changes))


def a_sound(**changes: Any) -> AudioStream:
    facts: dict[str, Any] = {"track": 1, "codec": "aac", "channels": 2, "sample_rate": 48000}
    return AudioStream(**(facts | changes))


def a_probe(container: str = "mp4", sound: AudioStream | None = None, **picture: Any) -> Probe:
    return Probe(
        container=container,
        duration_ms=10_000,
        bitrate=8_000_000,
        size_bytes=10_000_000,
        video=(a_picture(**picture),),
        audio=(a_sound() if sound is None else sound,),
    )


@pytest.mark.parametrize(
    ("probe", "policy"),
    [
        pytest.param(a_probe(), USUAL, id="h264 and aac in mp4"),
        pytest.param(a_probe("mov"), USUAL, id="the same in mov"),
        pytest.param(a_probe(sound=a_sound(codec="mp3")), USUAL, id="mp3"),
        pytest.param(a_probe(sound=a_sound(codec="opus")), USUAL, id="opus"),
        pytest.param(a_probe(width=3840, height=2160), USUAL, id="4K where size is no matter"),
        pytest.param(a_probe(rotation=90), USUAL, id="turned"),
        pytest.param(a_probe(codec="hevc"), Policy(when="disabled"), id="nothing is wanted"),
        pytest.param(a_probe(codec="hevc"), Policy(video_codecs=("h264", "hevc")), id="hevc is accepted"),
        pytest.param(a_probe(width=1280, height=720), Policy(when="optimal"), id="small enough"),
        pytest.param(a_probe(), Policy(when="bitrate", max_bitrate=9_000_000), id="few enough bits"),
        pytest.param(a_probe("mkv"), Policy(containers=("mov", "matroska")), id="matroska is accepted"),
    ],
)
def test_what_plays_everywhere_stays_as_it_is(probe: Probe, policy: Policy) -> None:
    assert conversion_of(probe, policy) is None


@pytest.mark.parametrize(
    ("probe", "policy", "picture", "sound"),
    [
        pytest.param(a_probe(codec="hevc"), USUAL, "transcode", "copy", id="hevc"),
        pytest.param(a_probe("avi", a_sound(codec="mp3"), codec="mpeg4"), USUAL, "transcode", "transcode", id="xvid"),
        pytest.param(a_probe(bit_depth=10), USUAL, "transcode", "copy", id="ten bits"),
        pytest.param(a_probe(chroma="4:2:2"), USUAL, "transcode", "copy", id="finer colours"),
        pytest.param(a_probe(hdr="hlg"), USUAL, "transcode", "copy", id="HDR"),
        pytest.param(a_probe("mkv"), USUAL, "copy", "copy", id="another container"),
        pytest.param(a_probe("ts", interlaced=True), USUAL, "transcode", "copy", id="fields in a container to leave"),
        pytest.param(a_probe(sound=a_sound(codec="pcm_s16le")), USUAL, "copy", "transcode", id="sound of old cameras"),
        pytest.param(a_probe(), Policy(when="all"), "transcode", "transcode", id="all"),
        pytest.param(a_probe(), Policy(when="optimal"), "transcode", "copy", id="more lines than wanted"),
        pytest.param(a_probe(), Policy(when="bitrate", max_bitrate=4_000_000), "transcode", "copy", id="many bits"),
    ],
)
def test_of_the_others_only_what_is_in_the_way_is_made_anew(
    probe: Probe, policy: Policy, picture: str, sound: str
) -> None:
    found = conversion_of(probe, policy)

    assert found is not None
    assert found.audio is not None
    assert (found.video.action, found.audio.action) == (picture, sound)


def test_a_file_without_a_picture_is_left_alone_and_one_without_sound_stays_silent() -> None:
    assert (
        conversion_of(Probe(container="mp4", duration_ms=1, bitrate=1, size_bytes=1, audio=(a_sound(),)), USUAL) is None
    )
    silent = conversion_of(
        Probe(container="mp4", duration_ms=1, bitrate=1, size_bytes=1, video=(a_picture(codec="hevc"),)), USUAL
    )
    assert silent is not None
    assert silent.audio is None


def test_many_channels_become_two_and_copies_can_be_made_after_all() -> None:
    found = conversion_of(a_probe("mkv", a_sound(channels=6)), USUAL)
    assert found is not None
    assert found.audio is not None
    assert (found.video.action, found.audio.channels) == ("copy", 6)

    made = all_made(found, USUAL)

    assert made.audio is not None
    assert (made.video.action, made.audio.action, made.audio.channels) == ("transcode", "transcode", 2)


def test_hdr_is_brought_down_unless_nobody_wants_it() -> None:
    found = conversion_of(a_probe(codec="hevc", hdr="hdr10"), USUAL)
    plain = conversion_of(a_probe(codec="hevc", hdr="hdr10"), Policy(maps_tone=False))
    assert found is not None
    assert plain is not None
    assert (found.video.tone_map, plain.video.tone_map) == (True, False)


@pytest.mark.parametrize(
    ("picture", "lines", "size"),
    [
        pytest.param(a_picture(), 720, (1280, 720), id="smaller"),
        pytest.param(a_picture(width=640, height=360), 720, (640, 360), id="never larger"),
        pytest.param(a_picture(rotation=90), 720, (720, 1280), id="upright"),
        pytest.param(a_picture(width=720, height=576, sar="16:15"), 720, (768, 576), id="square pixels"),
        pytest.param(a_picture(width=719, height=405), None, (720, 404), id="even sides"),
        pytest.param(a_picture(width=3840, height=2160), None, (3840, 2160), id="as large as it is"),
    ],
)
def test_the_shorter_side_has_so_many_lines(picture: VideoStream, lines: int | None, size: tuple[int, int]) -> None:
    assert size_of(picture, lines) == size
