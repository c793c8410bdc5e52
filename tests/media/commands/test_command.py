"""Command lines as they were last looked at; `python -m tests.media.commands.test_command` writes them anew."""

from pathlib import Path

import msgspec
import pytest

from homemedia.media import VideoStream
from homemedia.media.commands import SOFTWARE, EncoderChoice, RunPlan, begin, command, lead
from homemedia.media.hls.table import SegmentTable
from homemedia.media.plans import AudioPlan, VideoPlan
from homemedia.media.pure import SAFE_DEMUXERS

EXPECTED = Path(__file__).parent / "expected.txt"

PICTURE = VideoPlan(
    action="transcode",
    track=0,
    codec_from="hevc",
    codec="h264",
    width=1280,
    height=720,
    bitrate=4_000_000,
    frame_rate=25.0,
)
SOUND = AudioPlan(action="transcode", track=1, codec_from="ac3", codec="aac", channels=2, bitrate=160_000)
TEN_BITS = VideoStream(track=0, codec="hevc", width=3840, height=2160, bit_depth=10, color_transfer="smpte2084")
READS = ("h264", "hevc", "hevc10", "vp9", "av1")


def a_plan(**changes: object) -> RunPlan:
    plan = RunPlan(ffmpeg="ffmpeg", path="/films/A film.mkv", video=PICTURE, audio=SOUND)
    return msgspec.structs.replace(plan, **changes)


def a_picture(**changes: object) -> VideoPlan:
    return msgspec.structs.replace(PICTURE, **changes)


def an_encoder(family: str, device: str = "", **changes: object) -> EncoderChoice:
    whole = {"family": family, "name": f"h264_{family}", "device": device, "reads": READS} | changes
    return msgspec.convert(whole, EncoderChoice)


COPIED = a_picture(action="copy", codec="hevc", bitrate=None)
NODE = "/dev/dri/renderD128"
HDR = a_picture(tone_map=True)
FIELDS = a_picture(deinterlace=True, codec_from="mpeg2video")

# Options whose value looks like an option.
NEGATIVE = {"-map_metadata", "-map_chapters", "-strict"}

PLANS = {
    "copy": a_plan(video=COPIED, audio=msgspec.structs.replace(SOUND, action="copy", codec="aac"), reorder_us=83_000),
    "copy from the middle, AC-3": a_plan(
        video=COPIED,
        audio=msgspec.structs.replace(SOUND, action="copy", codec="ac3"),
        ss_us=11_500_000,
        p_us=500_000,
        first=3,
    ),
    "copy into a transport stream": a_plan(video=a_picture(action="copy", codec="h264"), format="ts"),
    "copy Dolby Vision 5": a_plan(video=msgspec.structs.replace(COPIED, dolby_vision=5)),
    "software": a_plan(),
    "software from the middle": a_plan(ss_us=11_500_000, p_us=500_000, first=3),
    "software, filling holes": a_plan(
        ss_us=11_500_000,
        p_us=500_000,
        first=3,
        lead_us=8_000_000,
        table=SegmentTable((0, 4_000_000, 8_000_000, 12_000_000, 15_000_000)),
        fills_holes=True,
    ),
    "software out of a transport stream": a_plan(ss_us=11_500_000, p_us=500_000, first=3, lead_us=2_000_000),
    "software into a transport stream": a_plan(format="ts"),
    "software, short first segments": a_plan(
        table=SegmentTable((0, 1_000_000, 3_000_000, 7_000_000, 11_000_000, 12_500_000))
    ),
    "software, above 1080": a_plan(video=a_picture(width=2560, height=1440)),
    "software, fields": a_plan(video=FIELDS),
    "software, HDR": a_plan(video=HDR, stream=TEN_BITS),
    "software, Dolby Vision 5": a_plan(
        video=a_picture(tone_map=True, dolby_vision=5), encoder=an_encoder("vaapi", NODE)
    ),
    "software, text": a_plan(
        video=a_picture(burns_text=True),
        text_file="burn.ass",
        fonts_dir="fonts",
        ss_us=11_500_000,
        p_us=500_000,
        first=3,
    ),
    "software, bitmaps": a_plan(video=a_picture(burn=4), ss_us=11_500_000, p_us=500_000, first=3),
    "software, six channels": a_plan(audio=msgspec.structs.replace(SOUND, channels=6, bitrate=384_000)),
    "software, voices raised": a_plan(dialogue_boost=True),
    "software, silent": a_plan(audio=None),
    "sound alone": a_plan(video=None),
    "sound alone, FLAC": a_plan(video=None, audio=msgspec.structs.replace(SOUND, action="copy", codec="flac")),
    "vaapi": a_plan(encoder=an_encoder("vaapi", NODE)),
    "vaapi alone": a_plan(encoder=an_encoder("vaapi", NODE, decodes=True)),
    "vaapi alone, HDR": a_plan(video=HDR, encoder=an_encoder("vaapi", NODE, decodes=True, maps_tone=True)),
    "vaapi, HDR": a_plan(video=HDR, encoder=an_encoder("vaapi", NODE, decodes=True)),
    "vaapi alone, fields": a_plan(video=FIELDS, encoder=an_encoder("vaapi", NODE, decodes=True, reads=("mpeg2video",))),
    "vaapi, bitmaps": a_plan(video=a_picture(burn=4), encoder=an_encoder("vaapi", NODE, decodes=True)),
    "vaapi, turned": a_plan(video=a_picture(rotation=90), encoder=an_encoder("vaapi", NODE, decodes=True)),
    "vaapi, HEVC": a_plan(
        video=a_picture(codec="hevc"), encoder=an_encoder("vaapi", NODE, name="hevc_vaapi", decodes=True)
    ),
    "qsv": a_plan(encoder=an_encoder("qsv", NODE)),
    "qsv alone": a_plan(encoder=an_encoder("qsv", decodes=True)),
    "qsv alone, HDR": a_plan(video=HDR, encoder=an_encoder("qsv", NODE, decodes=True, maps_tone=True)),
    "nvenc": a_plan(encoder=an_encoder("nvenc", "1")),
    "nvenc alone": a_plan(encoder=an_encoder("nvenc", "1", decodes=True)),
    "nvenc alone, AV1": a_plan(video=a_picture(codec_from="av1"), encoder=an_encoder("nvenc", decodes=True)),
    "nvenc, HDR": a_plan(video=HDR, encoder=an_encoder("nvenc", "1", decodes=True)),
    "videotoolbox": a_plan(encoder=an_encoder("videotoolbox", decodes=True)),
    "amf": a_plan(encoder=an_encoder("amf", decodes=True)),
    "v4l2m2m": a_plan(encoder=an_encoder("v4l2m2m")),
    "v4l2m2m, whole groups": a_plan(encoder=an_encoder("v4l2m2m", forces_keyframes=False)),
}


def written(plan: RunPlan) -> str:
    """One option with its value a line; the list of demuxers, long and always the same, by its name."""
    lines: list[str] = []
    for word in command(plan):
        shown = "SAFE_DEMUXERS" if word == SAFE_DEMUXERS else word
        takes_more = lines and " " not in lines[-1] and lines[-1].startswith("-")
        if takes_more and (not word.startswith("-") or lines[-1] in NEGATIVE):
            lines[-1] += f" {shown}"
        else:
            lines.append(shown)
    return "\n".join(lines)


def expected() -> dict[str, str]:
    chapters = EXPECTED.read_text("utf-8").split("\n# ")
    return {name: body.strip() for name, _, body in (chapter.partition("\n") for chapter in chapters) if name}


@pytest.mark.parametrize("name", PLANS)
def test_command_line_is_the_one_that_was_looked_at(name: str) -> None:
    assert written(PLANS[name]) == expected()[name]


def test_every_kept_command_line_belongs_to_a_plan() -> None:
    assert set(expected()) == set(PLANS)


@pytest.mark.parametrize("name", PLANS)
def test_every_input_is_bound_to_media_on_disk(name: str) -> None:
    words = command(PLANS[name])
    before = words[: words.index("-i")]

    assert words[words.index("-i") + 1].startswith("file:")
    assert before[before.index("-protocol_whitelist") + 1] == "file,pipe"
    assert before[before.index("-format_whitelist") + 1] == SAFE_DEMUXERS


@pytest.mark.parametrize("name", PLANS)
def test_output_is_the_last_word(name: str) -> None:
    words = command(PLANS[name])

    assert words[-1] == "pipe:1"
    assert words.count("-i") == (2 if PLANS[name].fills_holes else 1)
    assert words[0] == "ffmpeg"


def test_path_that_looks_like_an_option_stays_a_path() -> None:
    words = command(a_plan(path="-y"))

    assert words[words.index("-i") + 1] == "file:-y"


def test_filter_argument_with_every_special_character_is_escaped() -> None:
    line = written(a_plan(video=a_picture(burns_text=True), text_file="it's [a]:b,c;d.ass"))

    assert r"it\\\'s \[a\]\\:b\,c\;d.ass" in line


def test_plan_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="picture or a sound"):
        command(a_plan(video=None, audio=None))


def test_other_program_of_a_device_is_used() -> None:
    choice = an_encoder("vaapi", NODE, ffmpeg="/usr/bin/ffmpeg")

    assert command(a_plan(encoder=choice))[0] == "/usr/bin/ffmpeg"


@pytest.mark.parametrize(
    ("start_us", "expected_us"),
    [
        pytest.param(0, (0, 0), id="the beginning"),
        pytest.param(4_000_000, (3_500_000, 500_000), id="half a second before"),
        pytest.param(200_000, (0, 200_000), id="not before the film"),
    ],
)
def test_run_begins_before_its_segment(start_us: int, expected_us: tuple[int, int]) -> None:
    assert begin(start_us) == expected_us


@pytest.mark.parametrize(
    ("rate", "start_us", "begun_us"),
    [
        pytest.param(25.0, 8_000_000, 7_480_000, id="the picture before"),
        pytest.param(23.976, 8_000_000, 7_465_792, id="of a film"),
        pytest.param(29.97, 7_200_000_000, 7_199_492_300, id="far into a broadcast"),
        pytest.param(25.0, 0, 0, id="the beginning"),
    ],
)
def test_run_begins_with_a_picture(rate: float, start_us: int, begun_us: int) -> None:
    assert begin(start_us, rate) == (begun_us, start_us - begun_us)


def test_bitmaps_are_read_from_ten_seconds_before_and_not_encoded() -> None:
    words = command(a_plan(video=a_picture(burn=4), ss_us=31_500_000))

    assert [words[at + 1] for at, word in enumerate(words) if word == "-ss"] == ["21.5", "10"]


def test_containers_without_an_index_are_opened_earlier() -> None:
    assert lead("mkv", max_gap_us=5_000_000) == 0
    assert lead("ts", max_gap_us=2_000_000) == 2_000_000
    assert lead("mpg", max_gap_us=None) == 10_000_000
    assert lead("ts", max_gap_us=90_000_000) == 20_000_000


@pytest.mark.parametrize(
    ("codec", "stream", "kind"),
    [
        ("h264", None, "h264"),
        ("hevc", VideoStream(track=0, codec="hevc", width=1, height=1, bit_depth=10), "hevc10"),
        ("hevc", VideoStream(track=0, codec="hevc", width=1, height=1, bit_depth=8, chroma="4:2:0"), "hevc"),
        ("hevc", VideoStream(track=0, codec="hevc", width=1, height=1, bit_depth=10, chroma="4:2:2"), ""),
        ("hevc", VideoStream(track=0, codec="hevc", width=1, height=1, bit_depth=12), ""),
        ("h264", VideoStream(track=0, codec="h264", width=1, height=1, bit_depth=10), ""),
        ("av1", VideoStream(track=0, codec="av1", width=1, height=1, bit_depth=10), "av1"),
    ],
)
def test_devices_are_asked_only_for_usual_pictures(codec: str, stream: VideoStream | None, kind: str) -> None:
    assert a_plan(video=a_picture(codec_from=codec), stream=stream).kind_read == kind


def test_software_is_the_choice_when_nothing_is_said() -> None:
    assert a_plan().encoder == SOFTWARE


if __name__ == "__main__":
    EXPECTED.write_text("".join(f"\n# {name}\n{written(plan)}\n" for name, plan in PLANS.items()), "utf-8")
