"""Which devices are worth a trial."""

from pathlib import Path

import pytest

from homemedia.media.hardware import Candidate, candidates


def put(root: Path, path: str, text: str = "") -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def ids(found: tuple[Candidate, ...]) -> list[str]:
    return [one.id for one in found]


def test_bare_machine_has_none(tmp_path: Path) -> None:
    assert candidates(tmp_path, "linux") == ()


def test_intel_node_speaks_two_ways(tmp_path: Path) -> None:
    put(tmp_path, "dev/dri/renderD128")
    put(tmp_path, "dev/dri/card0")
    put(tmp_path, "sys/class/drm/renderD128/device/vendor", "0x8086\n")

    found = candidates(tmp_path, "linux")

    assert ids(found) == ["vaapi:/dev/dri/renderD128", "qsv:/dev/dri/renderD128"]
    assert found[0].name == "Intel (VA-API)"


def test_second_node_of_another_maker_is_told_apart(tmp_path: Path) -> None:
    for node, vendor in (("renderD128", "0x1002"), ("renderD129", "0x8086")):
        put(tmp_path, f"dev/dri/{node}")
        put(tmp_path, f"sys/class/drm/{node}/device/vendor", vendor)

    assert ids(candidates(tmp_path, "linux")) == [
        "vaapi:/dev/dri/renderD128",
        "vaapi:/dev/dri/renderD129",
        "qsv:/dev/dri/renderD129",
    ]


def test_nvidia_cards_are_counted_and_named(tmp_path: Path) -> None:
    for name in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm"):
        put(tmp_path, f"dev/{name}")
    put(tmp_path, "dev/dri/renderD128")
    put(tmp_path, "sys/class/drm/renderD128/device/vendor", "0x10de")
    put(tmp_path, "proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA H200\nIRQ: 1\n")

    found = candidates(tmp_path, "linux")

    assert ids(found) == ["nvenc:0", "nvenc:1"]
    assert [one.name for one in found] == ["NVIDIA H200", "NVIDIA nvidia1"]


@pytest.mark.parametrize(("name", "expected"), [("bcm2835-codec-encode", ["v4l2m2m"]), ("HD Webcam C270", [])])
def test_boards_encode_and_cameras_do_not(tmp_path: Path, name: str, expected: list[str]) -> None:
    put(tmp_path, "dev/video11")
    put(tmp_path, "sys/class/video4linux/video11/name", name)

    assert ids(candidates(tmp_path, "linux")) == expected


def test_other_systems_have_their_own(tmp_path: Path) -> None:
    assert ids(candidates(tmp_path, "darwin")) == ["videotoolbox"]
    assert ids(candidates(tmp_path, "win32")) == ["nvenc:0", "qsv", "amf"]
