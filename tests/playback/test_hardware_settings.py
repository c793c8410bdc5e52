"""Which encoder is chosen, and what follows for decisions and limits."""

import msgspec
import pytest

from homemedia.media.commands import SOFTWARE
from homemedia.media.hardware import Abilities, Candidate, DeviceTrial, Tried
from homemedia.playback.hardware_settings import (
    HardwareSettings,
    best,
    choice_of,
    estimated_fps,
    hevc_choice_of,
    machine_of,
    most_sessions,
    pace_of,
    problems_of,
    struck_out_until,
)

NODE = "/dev/dri/renderD128"
PROGRAM = Abilities(path="/usr/bin/ffmpeg", version="5.1.9")
USUAL = HardwareSettings()


def a_trial(
    api: str = "vaapi",
    device: str = NODE,
    *,
    fps: float = 400.0,
    ok: bool = True,
    ffmpeg: str = "/usr/bin/ffmpeg",
    **changes: object,
) -> DeviceTrial:
    tried = Tried(name=f"h264_{api}", ok=ok, fps=fps if ok else None, error=None if ok else "It refuses.")
    candidate = msgspec.convert({"api": api, "device": device, "name": api}, Candidate)
    trial = DeviceTrial(candidate=candidate, ffmpeg=ffmpeg, ffmpeg_version="5.1.9", encoders=(tried,))
    return msgspec.structs.replace(trial, **changes)


VAAPI, NVENC, QSV = a_trial(), a_trial("nvenc", "0", fps=600.0), a_trial("qsv", fps=400.0)
BOTH = a_trial(encoders=(Tried(name="h264_vaapi", ok=True, fps=400.0), Tried(name="hevc_vaapi", ok=True, fps=300.0)))
REFUSING = a_trial("nvenc", "1", ok=False)


def settings(**changes: object) -> HardwareSettings:
    return msgspec.structs.replace(USUAL, **changes)


@pytest.mark.parametrize(
    ("trials", "chosen", "expected"),
    [
        pytest.param([], USUAL, None, id="no device"),
        pytest.param([REFUSING], USUAL, None, id="one that refuses"),
        pytest.param([VAAPI, REFUSING], USUAL, VAAPI, id="the one that works"),
        pytest.param([VAAPI, NVENC], USUAL, NVENC, id="the fastest"),
        pytest.param([a_trial("nvenc", "0"), VAAPI], USUAL, VAAPI, id="a tie goes to the machine's own graphics"),
        pytest.param([VAAPI, NVENC], settings(acceleration="none"), None, id="none wanted"),
        pytest.param([VAAPI, NVENC], settings(acceleration="vaapi"), VAAPI, id="a kind wanted"),
        pytest.param([VAAPI, QSV], settings(device=f"qsv:{NODE}"), QSV, id="a device wanted"),
        pytest.param([VAAPI], settings(acceleration="qsv"), None, id="a kind wanted that is not there"),
    ],
)
def test_device_is_chosen(trials: list[DeviceTrial], chosen: HardwareSettings, expected: DeviceTrial | None) -> None:
    assert best(trials, chosen) == expected


def test_same_device_is_driven_by_the_program_it_is_fastest_with() -> None:
    quicker = a_trial(fps=500.0, ffmpeg="/opt/ffmpeg")

    assert best([VAAPI, quicker], USUAL) == quicker
    assert choice_of(quicker, "/usr/bin/ffmpeg").ffmpeg == "/opt/ffmpeg"
    assert choice_of(VAAPI, "/usr/bin/ffmpeg").ffmpeg == ""


def test_device_that_failed_of_late_is_passed_over() -> None:
    assert best([VAAPI, NVENC], USUAL, struck_out={"nvenc:0"}) == VAAPI


def test_slow_device_is_worse_than_a_quick_processor() -> None:
    slow = a_trial("v4l2m2m", "", fps=50.0)

    assert best([slow], USUAL, software_fps=60.0) is None
    assert best([slow], USUAL, software_fps=10.0) == slow
    assert best([slow], settings(acceleration="v4l2m2m"), software_fps=60.0) == slow
    assert best([VAAPI], USUAL, software_fps=900.0) == VAAPI


def test_choice_carries_what_was_found_out() -> None:
    trial = a_trial(decoders=("h264", "hevc10"), maps_tone=True, is_quicker_alone=True)

    choice = choice_of(trial, "/usr/bin/ffmpeg")

    assert (choice.family, choice.name, choice.device) == ("vaapi", "h264_vaapi", NODE)
    assert (choice.decodes, choice.reads, choice.maps_tone) == (True, ("h264", "hevc10"), True)
    assert choice_of(None, "") == SOFTWARE


@pytest.mark.parametrize(
    ("trial", "chosen", "name"),
    [
        pytest.param(VAAPI, settings(allow_hevc=True), "", id="a device that was not seen to make it"),
        pytest.param(BOTH, USUAL, "", id="not allowed"),
        pytest.param(BOTH, settings(allow_hevc=True), "hevc_vaapi", id="allowed"),
        pytest.param(None, settings(allow_hevc=True), "", id="never by the processor"),
    ],
)
def test_hevc_is_made_by_devices_that_may(trial: DeviceTrial | None, chosen: HardwareSettings, name: str) -> None:
    choice = hevc_choice_of(trial, chosen, "/usr/bin/ffmpeg")

    assert (choice.name if choice is not None else "") == name
    assert machine_of(PROGRAM, trial, chosen, 61.0).hevc_encoder == name


def test_machine_without_a_device_is_software() -> None:
    machine = machine_of(PROGRAM, None, USUAL, 61.0)

    assert (machine.encoder, machine.is_software, machine.fps_1080) == ("libx264", True, 61.0)
    assert machine.cap == 1080
    assert machine.can_tone_map
    assert not machine.can_map_dolby


def test_machine_with_a_device_counts_in_1080_lines() -> None:
    machine = machine_of(PROGRAM, VAAPI, settings(max_height=2160), 61.0)

    assert (machine.encoder, machine.is_software, machine.cap) == ("h264_vaapi", False, 2160)
    assert machine.fps_1080 == pytest.approx(177.8)


@pytest.mark.parametrize(
    ("program", "has_ffmpeg", "maps"),
    [
        pytest.param(None, False, False, id="none"),
        pytest.param(msgspec.structs.replace(PROGRAM, is_old=True), False, False, id="old"),
        pytest.param(msgspec.structs.replace(PROGRAM, missing=("libx264",)), False, False, id="no encoder"),
        pytest.param(
            msgspec.structs.replace(PROGRAM, missing=("zscale",), can_tone_map=False), True, False, id="no zscale"
        ),
        pytest.param(PROGRAM, True, True, id="whole"),
    ],
)
def test_program_decides_what_may_be_promised(program: Abilities | None, has_ffmpeg: bool, maps: bool) -> None:  # noqa: FBT001 - columns of the table
    machine = machine_of(program, None, USUAL, 30.0)

    assert (machine.has_ffmpeg, machine.can_tone_map) == (has_ffmpeg, maps)


def test_tone_mapping_can_be_switched_off() -> None:
    assert not machine_of(PROGRAM, VAAPI, settings(tone_mapping="off"), 30.0, maps_dolby=True).can_tone_map


@pytest.mark.parametrize(
    ("chosen", "trial", "fps", "expected"),
    [
        (USUAL, None, 61.0, 2),
        (USUAL, None, 12.0, 1),
        (USUAL, VAAPI, 12.0, 6),
        (settings(max_sessions=4), None, 12.0, 4),
    ],
)
def test_limit_of_sessions_follows_from_speed(
    chosen: HardwareSettings, trial: DeviceTrial | None, fps: float, expected: int
) -> None:
    assert most_sessions(chosen, trial, fps) == expected
    assert pace_of(chosen, expected).max_encoding == expected


def test_settings_become_the_pace_of_sessions() -> None:
    pace = pace_of(settings(segment_seconds=6, ahead_seconds=30, temp_limit_mb=512), 2)

    assert (pace.segment_s, pace.ahead_s, pace.temp_limit_bytes) == (6.0, 30.0, 512 << 20)


def test_processor_is_guessed_by_its_cores_until_measured() -> None:
    assert estimated_fps(2) == 50.0
    assert estimated_fps(64) == 200.0
    assert estimated_fps(None) == 25.0


@pytest.mark.parametrize(
    ("failures_ms", "until_ms"),
    [
        ([], None),
        ([0, 1], None),
        ([0, 100_000, 600_000], 4_200_000),
        ([0, 100_000, 600_001], None),
        ([0, 500_000, 1_000_000, 1_050_000], 4_650_000),
    ],
)
def test_three_failures_in_ten_minutes_cost_an_hour(failures_ms: list[int], until_ms: int | None) -> None:
    assert struck_out_until(failures_ms) == until_ms


def test_missing_parts_are_told_in_sentences() -> None:
    lacking = msgspec.structs.replace(PROGRAM, missing=("zscale", "subtitles"))

    assert ["HDR" in problems_of(lacking)[0], "subtitles" in problems_of(lacking)[1]] == [True, True]
    assert problems_of(PROGRAM) == []
    assert "too old" in problems_of(msgspec.structs.replace(PROGRAM, is_old=True))[0]
    assert "No ffmpeg" in problems_of(None)[0]
