"""What systems say of themselves, and what the doctor makes of it."""

from pathlib import Path

import pytest

from homemedia import doctor
from homemedia.desktop import checks
from homemedia.desktop.checks import Starts, Toolkit, Wall, of_firewalld, of_mac, of_ufw, of_windows
from homemedia.settings import ServerSettings, Settings

WINDOWS_ON = """
Private Profile Settings:
----------------------------------------------------------------------
State                                 ON
Ok.
"""
MAC_APPS = """Total number of apps = 2
1 : /System/Library/CoreServices/UniversalControl.app
             (Allow incoming connections)
2 : /Applications/HomeMedia.app
             (Block incoming connections)
"""


def lets_in(walls: list[Wall]) -> list[bool | None]:
    return [wall.lets_in for wall in walls]


def test_windows_firewall() -> None:
    rule = "Rule Name:                            HomeMedia\nEnabled: Yes\n"
    assert of_windows((0, WINDOWS_ON.replace("ON", "OFF")), (1, "")) == []
    assert lets_in(of_windows((0, WINDOWS_ON), (1, "No rules match the specified criteria."))) == [None]
    assert lets_in(of_windows((0, WINDOWS_ON), (0, rule))) == [True]
    assert of_windows((127, ""), (127, "")) == []


def test_mac_firewall() -> None:
    on = (0, "Firewall is enabled. (State = 1)\n")
    assert of_mac((0, "Firewall is disabled. (State = 0)\n"), (0, MAC_APPS)) == []
    assert lets_in(of_mac(on, (0, MAC_APPS))) == [False]
    assert lets_in(of_mac(on, (0, MAC_APPS.replace("Block", "Allow")))) == [True]
    assert lets_in(of_mac(on, (0, "Total number of apps = 0\n"))) == [None]


def test_ufw() -> None:
    assert of_ufw("", 8420) == []
    assert of_ufw("# ENABLED=yes\nENABLED=no\nLOGLEVEL=low\n", 8420) == []
    (wall,) = of_ufw("# /etc/ufw/ufw.conf\nENABLED=yes\nLOGLEVEL=low\n", 9000)
    assert (wall.lets_in, "ufw allow 9000/tcp" in wall.advice) == (None, True)


@pytest.mark.parametrize(
    ("statuses", "is_in"), [([0, 1], True), ([1, 0], True), ([1, 1], False), ([1, 101], None), ([127, 127], None)]
)
def test_firewalld(statuses: list[int], is_in: bool | None) -> None:  # noqa: FBT001 - a table
    (wall,) = of_firewalld([(status, "") for status in statuses], 8420)

    assert wall.lets_in is is_in


def test_machine_without_a_display_has_no_place_for_an_icon() -> None:
    if checks.toolkit({"DISPLAY": ":0"}) == "own":
        pytest.skip("this system has one of its own")

    assert checks.toolkit({}) == "no desktop"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    facts: dict[str, object] = {"toolkit": "menu", "starts": Starts(ways=("there",)), "walls": []}
    monkeypatch.setattr(checks, "toolkit", lambda: facts["toolkit"])
    monkeypatch.setattr(checks, "starts", lambda: facts["starts"])
    monkeypatch.setattr(checks, "walls", lambda _port: facts["walls"])
    return facts


def told(host: str = "") -> list[tuple[str, str, str]]:
    settings = Settings(server=ServerSettings(host=host))
    return [(one.state, one.what, one.advice) for one in doctor.of_desktop(settings)]


@pytest.mark.parametrize(
    ("toolkit", "state", "words"),
    [
        ("menu", "ok", "with its menu"),
        ("own", "ok", "with its menu"),
        ("gtk", "note", "on some desktops not"),
        ("none", "note", "no menu here"),
        ("no desktop", "ok", "no desktop here"),
    ],
)
def test_doctor_tells_what_shows_the_icon(found: dict[str, object], toolkit: Toolkit, state: str, words: str) -> None:
    found["toolkit"] = toolkit

    first = told()[0]

    assert (first[0], words in first[1]) == (state, True)


def test_doctor_tells_what_starts_with_the_computer(found: dict[str, object]) -> None:
    assert told()[1] == ("ok", "starts with this computer: there", "")
    found["starts"] = Starts(ways=())
    assert told()[1][0] == "note"
    found["starts"] = Starts(ways=("there",), missing="/opt/gone")
    assert told()[1][:2] == ("bad", "/opt/gone shall start with this computer and is not there")


def test_doctor_tells_what_keeps_other_devices_out(found: dict[str, object]) -> None:
    walls = [
        Wall(name=f"wall {number}", lets_in=is_in, advice="do") for number, is_in in enumerate((True, False, None))
    ]
    found["walls"] = walls

    assert told()[2:] == [
        ("ok", "wall 0 lets other devices in", ""),
        ("note", "wall 1 keeps other devices out", "do"),
        ("note", "wall 2 may keep other devices out", "do"),
    ]
    assert [what for _, what, _ in told("127.0.0.1")[2:]] == ["only this machine is let in: server.host is 127.0.0.1"]


def test_packed_program_misses_the_sources_of_its_icon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.packed() is None
    monkeypatch.setattr("homemedia.desktop.checks.is_frozen", lambda: True)
    monkeypatch.setattr("homemedia.desktop.checks.source_folders", lambda: [tmp_path])

    assert "has no menu" in (checks.packed() or "")
    (tmp_path / "homemedia" / "desktop").mkdir(parents=True)
    (tmp_path / "homemedia" / "desktop" / "tray.py").touch()
    assert checks.packed() is None
