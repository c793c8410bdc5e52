"""What macOS is told of the program. Nothing here needs a Mac; the image itself is made and looked at on one."""

import os
import plistlib
import re
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest

from homemedia import __version__

MACOS = Path(__file__).parents[2] / "packaging" / "macos"
MDNS = Path(__file__).parents[2] / "homemedia" / "discovery"


@pytest.fixture
def told() -> dict[str, Any]:
    found: dict[str, Any] = runpy.run_path(str(MACOS / "info.py"))["info"](__version__)
    return found


def test_values_survive_being_written_as_a_property_list(told: dict[str, Any]) -> None:
    assert plistlib.loads(plistlib.dumps(told)) == told


def test_every_announced_service_is_asked_for(told: dict[str, Any]) -> None:
    announced = {
        f"_{name}._tcp" for path in MDNS.glob("*.py") for name in re.findall(r"_(\w+)\._tcp", path.read_text())
    }

    assert announced
    assert set(told["NSBonjourServices"]) == announced


@pytest.mark.parametrize(
    "kind", ["DesktopFolder", "DocumentsFolder", "DownloadsFolder", "RemovableVolumes", "LocalNetwork"]
)
def test_every_question_has_a_sentence(told: dict[str, Any], kind: str) -> None:
    assert told[f"NS{kind}UsageDescription"].endswith(".")


def test_it_lives_beside_the_clock_alone(told: dict[str, Any]) -> None:
    assert told["LSUIElement"]
    assert not told["LSBackgroundOnly"]


def test_version_is_three_numbers_whatever_the_program_calls_itself() -> None:
    info = runpy.run_path(str(MACOS / "info.py"))["info"]

    assert info("1.2.0rc3")["CFBundleVersion"] == "1.2.0"
    assert info("2.0")["CFBundleShortVersionString"] == "2.0"


def test_entitlements_can_be_read() -> None:
    assert all(plistlib.loads((MACOS / "entitlements.plist").read_bytes()).values())


@pytest.mark.skipif(os.uname().sysname == "Darwin", reason="here it would make an image")
def test_script_says_that_it_needs_a_mac() -> None:
    said = subprocess.run([MACOS / "make_dmg.sh"], capture_output=True, text=True, check=False, timeout=30)

    assert said.returncode == 1
    assert "macOS only" in said.stderr
