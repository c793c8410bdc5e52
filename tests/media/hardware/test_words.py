"""What ffmpeg and the drivers say, and what a person is told."""

import pytest

from homemedia.media.hardware.words import NOTHING, meaning

SAID = [
    pytest.param(
        "[h264_nvenc @ 0x55] Driver does not support the required nvenc API version. Required: 13.1 Found: 13.0\n"
        "[h264_nvenc @ 0x55] The minimum required Nvidia driver for nvenc is 610.00 or newer\n"
        "Error while opening encoder",
        "update the driver to 610.00 or newer, or install your system's ffmpeg",
        id="old driver, new ffmpeg",
    ),
    pytest.param(
        "[h264_nvenc @ 0x5] OpenEncodeSessionEx failed: unsupported device (2): (no details)",
        "no encoder",
        id="data-centre card",
    ),
    pytest.param(
        "[h264_nvenc @ 0x5] No capable devices found",
        "No capable devices found: this card has no encoder",
        id="no capable device",
    ),
    pytest.param("[h264_nvenc @ 0x5] Cannot load libcuda.so.1", "NVIDIA driver is not installed", id="no driver"),
    pytest.param(
        "[AVHWDeviceContext @ 0x5] No VA display found for device /dev/dri/renderD128.", "VA-API", id="no VA-API"
    ),
    pytest.param("Failed to open /dev/dri/renderD128: Permission denied", "in the group that owns it", id="group"),
    pytest.param("[h264_v4l2m2m @ 0x5] Could not find a valid device", "No encoder of this kind", id="no board"),
    pytest.param("Unknown encoder 'h264_amf'", "built without it", id="not built in"),
    pytest.param("[h264_amf @ 0x5] DLL libamfrt64.so.1 failed to open", "AMD's driver", id="no AMF"),
    pytest.param("Device creation failed: -542398533.", "does not answer", id="silent device"),
]


@pytest.mark.parametrize(("said", "expected"), SAID)
def test_reason_is_told_in_words_that_help(said: str, expected: str) -> None:
    assert expected in meaning(said)


def test_unknown_reason_is_ffmpegs_last_line_without_paths() -> None:
    said = "something\n[h264_x @ 0x5] [y @ 0x6] Odd thing in /home/anna/films/a.mkv: 7\nConversion failed!\n"

    assert meaning(said) == "Odd thing in …: 7"


def test_silence_is_told_too() -> None:
    assert meaning("") == NOTHING
