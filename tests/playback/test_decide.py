"""The decision table of the watch contract (8.2) row by row, and what follows from its rules."""

from typing import Any

import msgspec
import pytest

from homemedia.core.problems import BadRequest
from homemedia.media import AudioStream, Probe, SubtitleStream, VideoStream
from homemedia.playback.decide import Decision, Machine, Source, Wish, decide
from homemedia.playback.profiles import PROFILES, HlsRule, Profile, named
from homemedia.playback.tracks import Subtitle

WEB, SAFARI = PROFILES["web"], PROFILES["safari"]


def video(codec: str = "h264", **facts: Any) -> VideoStream:
    usual: dict[str, Any] = {"width": 1920, "height": 1080, "frame_rate": 24.0, "bit_depth": 8, "chroma": "4:2:0"}
    if codec == "h264":
        usual |= {"profile": "High", "level": 40}
    usual |= {"track": 0, "codec": codec} | facts
    return VideoStream(**usual)


def main10(**facts: Any) -> VideoStream:
    return video("hevc", **({"profile": "Main 10", "level": 150, "bit_depth": 10} | facts))


def sound(codec: str = "aac", channels: int = 2, track: int = 1, **facts: Any) -> AudioStream:
    usual: dict[str, Any] = {"track": track, "codec": codec, "channels": channels, "sample_rate": 48000}
    return AudioStream(**(usual | facts))


def source(container: str, *streams: VideoStream | AudioStream | Subtitle, **facts: Any) -> Source:
    probe = Probe(
        container=container,
        duration_ms=7_200_000,
        bitrate=facts.pop("bitrate", 8_000_000),
        size_bytes=7_200_000_000,
        video=tuple(one for one in streams if isinstance(one, VideoStream)),
        audio=tuple(one for one in streams if isinstance(one, AudioStream)),
    )
    return Source(probe=probe, subtitles=tuple(one for one in streams if isinstance(one, Subtitle)), **facts)


SRT = Subtitle(index=0, format="srt", is_text=True, path="film.srt", language="en")
PGS = Subtitle(index=0, format="pgs", is_text=False, track=2, language="en")
DV5 = main10(hdr="dv5", dolby_vision=5, width=3840, height=2160)
WITH_AV1 = msgspec.structs.replace(WEB, hls=HlsRule(video_codecs=("h264", "av1")))

# (row, source, profile, wish, method, reasons)
ROWS: list[tuple[str, Source, Profile, Wish, str, set[str]]] = [
    ("P01", source("mp4", video(), sound()), WEB, Wish(), "directPlay", set()),
    ("P02", source("mkv", video(), sound()), WEB, Wish(), "remux", {"ContainerNotSupported"}),
    (
        "P03",
        source("mkv", video(), sound("ac3", 6)),
        WEB,
        Wish(),
        "remux",
        {"ContainerNotSupported", "AudioCodecNotSupported"},
    ),
    (
        "P04",
        source("mkv", main10(), sound("eac3", 6)),
        WEB,
        Wish(),
        "transcode",
        {"ContainerNotSupported", "VideoCodecNotSupported", "AudioCodecNotSupported"},
    ),
    ("P05", source("mkv", main10(), sound("eac3", 6)), SAFARI, Wish(), "remux", {"ContainerNotSupported"}),
    (
        "P06",
        source("mp4", video(profile="High 10", bit_depth=10), sound()),
        WEB,
        Wish(),
        "transcode",
        {"VideoProfileNotSupported"},
    ),
    (
        "P07",
        source("mkv", main10(hdr="hdr10", width=3840, height=2160), sound()),
        WEB,
        Wish(),
        "transcode",
        {"ContainerNotSupported", "VideoCodecNotSupported", "VideoRangeNotSupported"},
    ),
    ("P08", source("mp4", main10(hdr="hdr10"), sound()), SAFARI, Wish(), "directPlay", set()),
    (
        "P09",
        source("mkv", DV5, sound()),
        WEB,
        Wish(),
        "impossible",
        {"ContainerNotSupported", "VideoCodecNotSupported", "VideoRangeNotSupported", "ToneMappingUnavailable"},
    ),
    (
        "P10",
        source("ts", video("mpeg2video", interlaced=True), sound("ac3")),
        WEB,
        Wish(),
        "transcode",
        {
            "ContainerNotSupported",
            "VideoCodecNotSupported",
            "InterlacedVideoNotSupported",
            "AudioCodecNotSupported",
        },
    ),
    ("P11", source("mp4", video(), sound(), SRT), WEB, Wish(subtitle_track=0), "directPlay", set()),
    (
        "P12",
        source("mkv", video(), sound(), PGS),
        WEB,
        Wish(subtitle_track=0),
        "transcode",
        {"ContainerNotSupported", "SubtitleBurnIn"},
    ),
    (
        "P13",
        source("mkv", video(), sound(), PGS),
        WEB,
        Wish(subtitle_track="none"),
        "remux",
        {"ContainerNotSupported"},
    ),
    ("P14", source("mp4", video(), sound()), WEB, Wish(max_bitrate=4_000_000), "transcode", {"BitrateExceedsLimit"}),
    ("P15-web", source("webm", video("vp9"), sound("opus")), WEB, Wish(), "directPlay", set()),
    (
        "P15-safari",
        source("webm", video("vp9"), sound("opus")),
        SAFARI,
        Wish(),
        "transcode",
        {"ContainerNotSupported", "VideoCodecNotSupported", "AudioCodecNotSupported"},
    ),
    (
        "P16",
        source("mkv", video("av1", profile="Main", bit_depth=10), sound("opus")),
        WEB,
        Wish(),
        "transcode",
        {"ContainerNotSupported", "VideoCodecNotSupported"},
    ),
    (
        "P16-listed",
        source("mkv", video("av1", profile="Main", bit_depth=10), sound("opus")),
        WITH_AV1,
        Wish(),
        "remux",
        {"ContainerNotSupported"},
    ),
    (
        "P17",
        source("avi", video("mpeg4"), sound("mp3")),
        WEB,
        Wish(),
        "transcode",
        {"ContainerNotSupported", "VideoCodecNotSupported"},
    ),
    (
        "P18",
        source("mkv", video(), sound("dts", 6, 1, language="en"), sound("aac", 6, 2, language="en")),
        WEB,
        Wish(),
        "remux",
        {"ContainerNotSupported", "SecondaryAudioSelected"},
    ),
    ("P19", source("mp4", video()), WEB, Wish(), "directPlay", set()),
    ("P20", source("avi", DV5, sound("truehd", 8), PGS), PROFILES["all"], Wish(subtitle_track=0), "directPlay", set()),
]


@pytest.mark.parametrize(
    ("given", "profile", "wish", "method", "reasons"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_table(given: Source, profile: Profile, wish: Wish, method: str, reasons: set[str]) -> None:
    answer = decide(given, profile, wish)

    assert (answer.method, set(answer.reasons)) == (method, reasons)


def test_p22_member_without_the_right_gets_no_conversion() -> None:
    answer = decide(source("mkv", main10(), sound("eac3", 6)), WEB, may_transcode=False)

    assert answer.method == "impossible"
    assert "TranscodingNotAllowed" in answer.reasons


def actions(answer: Decision) -> tuple[str | None, str | None]:
    return (answer.video.action if answer.video else None, answer.audio.action if answer.audio else None)


@pytest.mark.parametrize(
    ("given", "profile", "wanted"),
    [
        pytest.param(source("mkv", video(), sound()), WEB, ("copy", "copy"), id="P02"),
        pytest.param(source("mkv", video(), sound("ac3", 6)), WEB, ("copy", "transcode"), id="P03"),
        pytest.param(source("mkv", main10(), sound("eac3", 6)), SAFARI, ("copy", "copy"), id="P05"),
        pytest.param(source("avi", video("mpeg4"), sound("mp3")), WEB, ("transcode", "copy"), id="P17"),
    ],
)
def test_only_what_objects_is_converted(given: Source, profile: Profile, wanted: tuple[str, str]) -> None:
    assert actions(decide(given, profile)) == wanted


def test_p03_six_channels_stay_six() -> None:
    audio = decide(source("mkv", video(), sound("ac3", 6)), WEB).audio

    assert audio is not None
    assert (audio.codec, audio.channels, audio.bitrate) == ("aac", 6, 384_000)


def test_p07_hdr_is_brought_down_to_full_hd_and_sdr() -> None:
    picture = decide(source("mkv", main10(hdr="hdr10", width=3840, height=2160), sound()), WEB).video

    assert picture is not None
    assert (picture.width, picture.height, picture.tone_map, picture.hdr) == (1920, 1080, True, "none")


def test_p09_profile_five_plays_where_its_reshaping_can_be_done() -> None:
    answer = decide(source("mkv", DV5, sound()), WEB, Wish(), Machine(can_map_dolby=True))

    assert answer.method == "transcode"


@pytest.mark.parametrize(
    ("container", "profile", "method"),
    [
        pytest.param("webm", WEB, "remux", id="browsers count it from zero"),
        pytest.param("mp4", WEB, "directPlay", id="an edit list sets it right"),
        pytest.param("webm", named("all"), "directPlay", id="players that know"),
    ],
)
def test_film_that_begins_late_is_counted_from_its_beginning(container: str, profile: Profile, method: str) -> None:
    given = source(container, video(), sound())
    assert given.probe is not None
    late = msgspec.structs.replace(given, probe=msgspec.structs.replace(given.probe, start_ms=7300))

    assert decide(late, profile).method == method


def test_p10_fields_are_joined() -> None:
    picture = decide(source("ts", video("mpeg2video", interlaced=True), sound("ac3")), WEB).video

    assert picture is not None
    assert picture.deinterlace


def test_p12_bitmap_subtitles_are_drawn_into_the_picture() -> None:
    answer = decide(source("mkv", video(), sound(), PGS), WEB, Wish(subtitle_track=0))

    assert answer.subtitle.action == "burn"
    assert answer.video is not None
    assert answer.video.burn == 2


def test_p14_limit_leaves_a_smaller_picture_that_keeps_to_it() -> None:
    answer = decide(source("mp4", video(), sound()), WEB, Wish(max_bitrate=4_000_000))

    assert answer.video is not None
    assert answer.video.height == 720
    assert answer.video.bitrate == 3_840_000


def test_p18_twin_that_need_not_be_converted_is_taken() -> None:
    given = source("mkv", video(), sound("dts", 6, 1, language="en"), sound("aac", 6, 2, language="en"))

    audio = decide(given, WEB).audio

    assert audio is not None
    assert (audio.track, audio.action) == (2, "copy")


@pytest.mark.parametrize(
    ("picture", "wish", "reason"),
    [
        pytest.param(video(level=62), Wish(), "VideoLevelNotSupported", id="level"),
        pytest.param(video(profile="High 4:2:2", chroma="4:2:2"), Wish(), "VideoProfileNotSupported", id="4:2:2"),
        pytest.param(video("vp9", bit_depth=10), Wish(), "VideoBitDepthNotSupported", id="depth"),
        pytest.param(video(profile=None, chroma="4:4:4"), Wish(), "VideoProfileNotSupported", id="chroma"),
        pytest.param(video(height=4320, width=7680), Wish(), "VideoResolutionNotSupported", id="too large"),
        pytest.param(video(), Wish(max_height=720), "VideoResolutionNotSupported", id="wished smaller"),
        pytest.param(video(interlaced=True), Wish(), "InterlacedVideoNotSupported", id="interlaced"),
    ],
)
def test_each_bound_of_a_codec_has_its_reason(picture: VideoStream, wish: Wish, reason: str) -> None:
    answer = decide(source("mp4", picture, sound()), WEB, wish)

    assert answer.method == "transcode"
    assert answer.reasons == (reason,)


@pytest.mark.parametrize("profile", ["Constrained Baseline", "Baseline", "Main", "High", "Progressive High", None])
def test_profiles_every_browser_knows_play_as_they_are(profile: str | None) -> None:
    assert decide(source("mp4", video(profile=profile), sound()), WEB).method == "directPlay"


def test_pixels_that_are_not_square_object_only_where_the_player_says_so() -> None:
    wide = source("mp4", video(width=1440, sar="4:3"), sound())
    strict = msgspec.structs.replace(WEB, anamorphic=False)

    assert decide(wide, WEB).method == "directPlay"
    assert decide(wide, strict).reasons == ("AnamorphicVideoNotSupported",)


def test_converted_picture_has_square_pixels() -> None:
    picture = decide(source("mkv", video("mpeg4", width=1440, sar="4:3"), sound()), WEB).video

    assert picture is not None
    assert (picture.width, picture.height) == (1920, 1080)


def test_turned_picture_plays_directly_and_is_made_anew_for_a_stream() -> None:
    turned = video(rotation=90)

    assert decide(source("mp4", turned, sound()), WEB).method == "directPlay"
    answer = decide(source("mkv", turned, sound()), WEB)
    assert "VideoRotationNotSupported" in answer.reasons
    assert answer.video is not None
    assert (answer.video.width, answer.video.height) == (1080, 1920)


def test_file_without_keyframes_is_converted_instead_of_copied() -> None:
    answer = decide(source("mkv", video(), sound(), can_cut=False), WEB)

    assert (answer.method, set(answer.reasons)) == ("transcode", {"ContainerNotSupported", "KeyframeIndexUnavailable"})


@pytest.mark.parametrize(
    ("profile", "reasons"),
    [("safari", set()), ("androidtv", set()), ("web", {"VideoCodecNotSupported", "VideoRangeNotSupported"})],
)
@pytest.mark.parametrize("kind", ["dv7", "dv8", "hdr10plus"])
def test_base_layer_of_richer_hdr_passes_as_hdr10(kind: str, profile: str, reasons: set[str]) -> None:
    answer = decide(source("mp4", main10(hdr=kind), sound()), PROFILES[profile])

    assert set(answer.reasons) == reasons


def test_profile_five_does_not_pass_as_hdr10() -> None:
    assert "VideoRangeNotSupported" in decide(source("mp4", DV5, sound()), PROFILES["androidtv"]).reasons


def test_sound_alone_over_the_limit_is_all_that_is_converted() -> None:
    given = source("mp4", video(bitrate=1_000_000), sound("flac", bitrate=4_000_000), bitrate=5_000_000)

    answer = decide(given, WEB, Wish(max_bitrate=2_000_000))

    assert actions(answer) == ("copy", "transcode")
    assert answer.reasons == ("BitrateExceedsLimit",)


def test_slack_of_five_percent_is_granted() -> None:
    given = source("mp4", video(), sound(), bitrate=4_200_000)

    assert decide(given, WEB, Wish(max_bitrate=4_000_000)).method == "directPlay"


@pytest.mark.parametrize(("channels", "most", "made"), [(8, 6, 6), (8, 2, 2), (6, 2, 2), (3, 6, 6), (1, 6, 1)])
def test_sound_is_mixed_down_to_what_the_player_takes(channels: int, most: int, made: int) -> None:
    profile = msgspec.structs.replace(WEB, max_audio_channels=most)

    audio = decide(source("mkv", video(), sound("dts", channels)), profile).audio

    assert audio is not None
    assert audio.channels == made


def test_more_channels_than_the_player_takes_object() -> None:
    profile = msgspec.structs.replace(WEB, max_audio_channels=2)

    answer = decide(source("mp4", video(), sound(channels=6)), profile)

    assert (answer.method, answer.reasons) == ("remux", ("AudioChannelsNotSupported",))


def test_slow_machine_makes_a_smaller_picture_and_says_how_fast() -> None:
    answer = decide(source("mkv", main10(), sound()), WEB, Wish(), Machine(fps_1080=20.0))

    assert answer.video is not None
    assert answer.video.height == 720
    assert answer.expected_speed == pytest.approx(1.88, abs=0.01)


def test_no_machine_is_too_slow_for_the_smallest_step() -> None:
    answer = decide(source("mkv", main10(), sound()), WEB, Wish(), Machine(fps_1080=0.5))

    assert answer.video is not None
    assert answer.video.height == 480


def test_converted_picture_is_never_larger_than_its_source() -> None:
    answer = decide(source("avi", video("mpeg4", width=352, height=288), sound("mp3")), WEB)

    assert answer.video is not None
    assert (answer.video.width, answer.video.height) == (352, 288)


def test_dense_codecs_get_half_as_much_again() -> None:
    dense = decide(source("mkv", main10(bitrate=2_000_000), sound()), WEB).video
    plain = decide(source("mkv", video("mpeg4", bitrate=2_000_000), sound()), WEB).video

    assert dense is not None
    assert plain is not None
    assert (dense.bitrate, plain.bitrate) == (3_000_000, 2_000_000)


def test_without_a_converter_only_what_plays_as_it_is_plays() -> None:
    machine = Machine(has_ffmpeg=False)

    assert decide(source("mp4", video(), sound()), WEB, Wish(), machine).method == "directPlay"
    answer = decide(source("mkv", video(), sound()), WEB, Wish(), machine)
    assert answer.method == "impossible"
    assert "ConverterMissing" in answer.reasons


@pytest.mark.parametrize("probe", [None, Probe(container="mkv", duration_ms=None, bitrate=None, size_bytes=1)])
def test_file_that_cannot_be_read_plays_nowhere(probe: Probe | None) -> None:
    answer = decide(Source(probe=probe), PROFILES["all"])

    assert (answer.method, answer.reasons) == ("impossible", ("FileUnreadable",))


@pytest.mark.parametrize(
    ("container", "codec"), [("mp3", "mp3"), ("flac", "flac"), ("ogg", "vorbis"), ("ogg", "opus"), ("mp4", "aac")]
)
def test_music_plays_as_it_is(container: str, codec: str) -> None:
    assert decide(source(container, sound(codec)), WEB).method == "directPlay"


def test_music_no_browser_knows_is_converted() -> None:
    answer = decide(source("wma", sound("wmav2")), WEB)

    assert answer.method == "remux"
    assert actions(answer) == (None, "transcode")


@pytest.mark.parametrize(("force", "method"), [("remux", "remux"), ("transcode", "transcode")])
def test_what_is_asked_for_is_done_and_named(force: Any, method: str) -> None:
    answer = decide(source("mp4", video(), sound()), WEB, Wish(force=force))

    assert answer.method == method
    assert answer.reasons


@pytest.mark.parametrize(
    ("subtitle", "mode", "action"),
    [
        pytest.param(SRT, "auto", "external", id="text"),
        pytest.param(SRT, "burn", "burn", id="text burnt"),
        pytest.param(SRT, "none", "none", id="none"),
        pytest.param(PGS, "external", "none", id="bitmap cannot be sent"),
        pytest.param(PGS, "auto", "burn", id="bitmap"),
    ],
)
def test_subtitles_go_the_way_that_was_asked_for(subtitle: Subtitle, mode: Any, action: str) -> None:
    answer = decide(source("mp4", video(), sound(), subtitle), WEB, Wish(subtitle_track=0, subtitle_mode=mode))

    assert answer.subtitle.action == action


def test_transport_stream_carries_h264_alone() -> None:
    wish = Wish(format="ts")

    assert decide(source("mkv", video(), sound()), WEB, wish).method == "remux"
    assert decide(source("mkv", main10(), sound()), SAFARI, wish).method == "transcode"


def test_unknown_profile_is_refused_with_its_code() -> None:
    with pytest.raises(BadRequest) as caught:
        named("toaster")

    assert caught.value.code == "unknown_profile"


def test_description_takes_what_it_leaves_out_from_the_web_profile() -> None:
    told = msgspec.json.decode(b'{"name": "mine", "maxHeight": 720, "video": {"h264": {}}}', type=Profile)

    assert (told.max_height, told.containers, list(told.video)) == (720, WEB.containers, ["h264"])


def test_subtitle_stream_of_a_probe_is_no_choice_by_itself() -> None:
    given = source("mp4", video(), sound())
    assert given.probe is not None
    probe = msgspec.structs.replace(given.probe, subtitles=(SubtitleStream(track=2, format="mov_text", text=True),))

    assert decide(Source(probe=probe), WEB).subtitle.action == "none"


MADE_BY = Machine(encoder="h264_vaapi", hevc_encoder="hevc_vaapi", is_software=False, fps_1080=200.0)


@pytest.mark.parametrize(
    ("given", "profile", "wish", "expected"),
    [
        pytest.param(
            source("mkv", video(), sound("mp3")), WEB, Wish(), ("copy", "copy", "ts"), id="MP3 is not taken in MP4"
        ),
        pytest.param(
            source("avi", video("mpeg4"), sound("mp3")), WEB, Wish(), ("transcode", "copy", "ts"), id="P17, of segments"
        ),
        pytest.param(
            source("mkv", video(), sound("mp3")),
            WEB,
            Wish(format="fmp4"),
            ("copy", "transcode", "fmp4"),
            id="MP4 was asked for",
        ),
        pytest.param(
            source("mkv", video("av1", profile="Main"), sound("mp3")),
            WITH_AV1,
            Wish(),
            ("copy", "transcode", "fmp4"),
            id="the picture needs MP4",
        ),
        pytest.param(
            source("mkv", video(), sound("mp3"), PGS),
            PROFILES["androidtv"],
            Wish(subtitle_track=0, force="remux"),
            ("transcode", "copy", "fmp4"),
            id="a player that takes it in MP4",
        ),
        pytest.param(source("mkv", video(), sound()), WEB, Wish(format="ts"), ("copy", "copy", "ts"), id="asked for"),
    ],
)
def test_form_of_segments_follows_the_sound_that_is_copied(
    given: Source, profile: Profile, wish: Wish, expected: tuple[str, str, str]
) -> None:
    answer = decide(given, profile, wish)

    assert (*actions(answer), answer.form) == expected


@pytest.mark.parametrize(
    ("profile", "wish", "machine", "expected"),
    [
        pytest.param(SAFARI, Wish(), MADE_BY, ("hevc", "hevc_vaapi"), id="a player that takes it"),
        pytest.param(WEB, Wish(), MADE_BY, ("h264", "h264_vaapi"), id="a player that does not"),
        pytest.param(SAFARI, Wish(format="ts"), MADE_BY, ("h264", "h264_vaapi"), id="not in transport streams"),
        pytest.param(SAFARI, Wish(), Machine(), ("h264", "libx264"), id="not by the processor"),
    ],
)
def test_hevc_is_made_where_it_may_and_is_taken(
    profile: Profile, wish: Wish, machine: Machine, expected: tuple[str, str]
) -> None:
    answer = decide(source("mkv", video("vp9"), sound()), profile, wish, machine)

    assert answer.video is not None
    assert (answer.video.codec, answer.encoder) == expected


def test_hevc_gets_less_of_the_line() -> None:
    made = [decide(source("mkv", video("vp9"), sound()), SAFARI, Wish(), one).video for one in (MADE_BY, Machine())]

    assert [one.bitrate for one in made if one is not None] == [5_333_333, 8_000_000]
