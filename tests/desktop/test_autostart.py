"""Starting with the computer, as each system keeps it; by fakes of what only that system has."""

import json
import os
import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest

from homemedia.cli import main
from homemedia.core.problems import StartRefused
from homemedia.core.process import worker_command
from homemedia.desktop import autostart, service
from homemedia.desktop.autostart import APPROVED_KEY, NAME, RUN_KEY, DesktopFile, Entry, LaunchAgent, RunKey
from homemedia.desktop.launch import own_command, person_command, source_folders, tray_commands

COMMANDS = [
    ["/usr/bin/homemedia", "start", "--no-browser"],
    ["/opt/My Programs/homemedia", "start", "--data-dir", "/media/Müller's disk"],
    ["/opt/a", "100 %", "%u", "$HOME", 'say "hi"', "back\\slash", "tab\there", "two\nlines", "`id`", "a;b&c", ""],
]


class FakeKey:
    """An open key of the registry."""

    def __init__(self, values: dict[str, object]) -> None:
        self.values = values

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Closed."""


class FakeRegistry:
    """As much of the module `winreg` as is used."""

    HKEY_CURRENT_USER = object()
    REG_SZ, REG_BINARY = 1, 3
    KEY_SET_VALUE = 2

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, object]] = {}

    def OpenKey(self, _root: object, path: str, _reserved: int = 0, _access: int = 0) -> FakeKey:  # noqa: N802 - its name
        if path not in self.keys:
            raise FileNotFoundError(2, "no such key")
        return FakeKey(self.keys[path])

    def CreateKey(self, _root: object, path: str) -> FakeKey:  # noqa: N802 - its name
        return FakeKey(self.keys.setdefault(path, {}))

    def QueryValueEx(self, key: FakeKey, name: str) -> tuple[object, int]:  # noqa: N802 - its name
        if name not in key.values:
            raise FileNotFoundError(2, "no such value")
        return key.values[name], self.REG_SZ

    def SetValueEx(self, key: FakeKey, name: str, _reserved: int, _kind: int, value: object) -> None:  # noqa: N802
        key.values[name] = value

    def DeleteValue(self, key: FakeKey, name: str) -> None:  # noqa: N802 - its name
        if name not in key.values:
            raise FileNotFoundError(2, "no such value")
        del key.values[name]


@pytest.fixture(params=["linux", "macos", "windows"])
def entry(request: pytest.FixtureRequest, tmp_path: Path) -> Entry:
    found: dict[str, Entry] = {
        "linux": DesktopFile(tmp_path / "autostart"),
        "macos": LaunchAgent(tmp_path / "LaunchAgents"),
        "windows": RunKey(FakeRegistry()),
    }
    return found[str(request.param)]


def test_nothing_starts_before_it_is_told_to(entry: Entry) -> None:
    assert entry.command() is None
    entry.remove()
    assert entry.command() is None


def test_switched_on_and_off_again_leaves_nothing(entry: Entry) -> None:
    for _ in range(2):
        entry.write(COMMANDS[0])
        assert entry.command() == COMMANDS[0]
    entry.remove()
    assert entry.command() is None


@pytest.mark.parametrize("command", COMMANDS, ids=["plain", "blanks", "odd"])
def test_desktop_file_starts_exactly_these_words(tmp_path: Path, command: list[str]) -> None:
    entry = DesktopFile(tmp_path)

    entry.write(command)

    assert entry.command() == command


def test_desktop_file_is_read_by_the_desktop_as_we_mean_it(tmp_path: Path) -> None:
    """GLib is what GNOME, Xfce and Cinnamon start it by."""
    out = tmp_path / "out.json"
    script = tmp_path / "show.py"
    script.write_text(f"import json,sys; open({str(out)!r},'w').write(json.dumps(sys.argv[1:]))", encoding="utf-8")
    os.mkfifo(out)
    probe = (
        "import gi, sys\nfrom gi.repository import Gio\n"
        "Gio.DesktopAppInfo.new_from_filename(sys.argv[1]).launch([], None)"
    )
    if subprocess.run(["/usr/bin/python3", "-c", "import gi"], capture_output=True, check=False).returncode:
        pytest.skip("the system's Python has no gi")
    words = ["start", "two words", "100 %", 'say "hi"', "back\\slash", "$HOME", "`id`"]
    entry = DesktopFile(tmp_path)
    entry.write([sys.executable, str(script), *words])

    # Its pipes would stay open in what it starts.
    command = ["/usr/bin/python3", "-I", "-c", probe, entry.where]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=60)

    assert json.loads(out.read_text(encoding="utf-8")) == words


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_what_the_desktop_s_own_settings_switched_off_is_off(tmp_path: Path, line: str) -> None:
    entry = DesktopFile(tmp_path)
    entry.write(COMMANDS[0])
    with Path(entry.where).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")

    assert entry.command() is None
    entry.write(COMMANDS[0])
    assert entry.command() == COMMANDS[0]


def test_launch_agent_runs_in_the_session_of_the_screen(tmp_path: Path) -> None:
    entry = LaunchAgent(tmp_path)
    entry.write(COMMANDS[1])

    found = plistlib.loads((tmp_path / "org.homemedia.HomeMedia.plist").read_bytes())

    assert found["ProgramArguments"] == COMMANDS[1]
    assert (found["RunAtLoad"], found["LimitLoadToSessionType"], "KeepAlive" in found) == (True, "Aqua", False)


@pytest.mark.parametrize(
    "found", [b"not a plist", plistlib.dumps([1]), plistlib.dumps({"Disabled": True, "RunAtLoad": True})]
)
def test_launch_agent_that_starts_nothing_is_off(tmp_path: Path, found: bytes) -> None:
    (tmp_path / "org.homemedia.HomeMedia.plist").write_bytes(found)

    assert LaunchAgent(tmp_path).command() is None


def test_run_key_holds_a_command_line_and_task_manager_s_word_counts() -> None:
    registry = FakeRegistry()
    entry = RunKey(registry)
    entry.write([r"C:\Program Files\HomeMedia\homemedia.exe", "start", "--no-browser"])

    assert registry.keys[RUN_KEY][NAME] == r'"C:\Program Files\HomeMedia\homemedia.exe" start --no-browser'
    assert entry.command() == [r"C:\Program Files\HomeMedia\homemedia.exe", "start", "--no-browser"]

    registry.keys[APPROVED_KEY] = {NAME: bytes([3, 0, 0, 0])}
    assert entry.command() is None
    entry.write(COMMANDS[0])
    assert entry.command() == COMMANDS[0]
    assert registry.keys[APPROVED_KEY] == {}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in [name for name in os.environ if name.startswith("HOMEMEDIA_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="the way of this system")
def test_command_line_switches_it_and_tells_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["autostart", "status"]) == 0
    assert main(["autostart", "on", "--data-dir", str(home / "my data")]) == 0
    assert autostart.is_on()
    assert main(["autostart", "status"]) == 0
    assert main(["autostart", "off"]) == 0
    assert not autostart.is_on()

    told = capsys.readouterr().out.splitlines()
    file = home / "config" / "autostart" / "homemedia.desktop"
    assert told == [
        "HomeMedia does not start with this computer.",
        f"HomeMedia starts with this computer: {file}",
        "HomeMedia starts with this computer.",
        "HomeMedia does not start with this computer any more.",
    ]
    assert not file.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the way of this system")
def test_command_line_writes_what_it_was_told(home: Path) -> None:
    main(["autostart", "on", "--data-dir", str(home / "my data")])

    command = autostart.of_this_system().command()

    assert command == [*person_command(), "start", "--no-browser", "--data-dir", str(home / "my data")]


@pytest.mark.skipif(sys.platform != "linux", reason="the way of this system")
def test_settings_of_the_server_that_shows_the_icon_are_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, usual = home / "own.toml", home / "config" / "homemedia" / "homemedia.toml"
    usual.parent.mkdir(parents=True)
    for file, words in ((own, ["--config", str(own)]), (usual, [])):
        file.touch()
        monkeypatch.setenv("HOMEMEDIA_CONFIG", str(file))
        main(["autostart", "on"])

        assert autostart.of_this_system().command() == [*person_command(), "start", "--no-browser", *words]


@pytest.mark.skipif(sys.platform != "linux", reason="the way of this system")
def test_usual_data_folder_is_not_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "share"))
    main(["autostart", "on", "--data-dir", str(home / "share" / "homemedia")])

    assert autostart.of_this_system().command() == [*person_command(), "start", "--no-browser"]


@pytest.mark.skipif(sys.platform != "linux", reason="the way of this system")
def test_folder_that_cannot_be_written_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "config").write_text("", encoding="utf-8")

    assert main(["autostart", "on"]) == 1
    assert "homemedia.desktop" in capsys.readouterr().err


# By systemd


class Systemctl:
    """A stand-in on PATH that writes down what it is told, and links units as the real one does."""

    def __init__(self, folder: Path, units: Path) -> None:
        self._told = folder / "told"
        wants = units / "default.target.wants"
        script = folder / "systemctl"
        script.write_text(
            "#!/bin/sh\n"
            f'echo "$@" >> {self._told}\n'
            f'case "$2" in enable) mkdir -p {wants}; ln -sf ../$3 {wants}/$3;; disable) rm {wants}/$3;; esac\n',
            encoding="utf-8",
        )
        script.chmod(0o755)

    @property
    def told(self) -> list[str]:
        return self._told.read_text(encoding="utf-8").splitlines() if self._told.exists() else []


@pytest.fixture
def systemctl(home: Path, monkeypatch: pytest.MonkeyPatch) -> Systemctl:
    folder = home / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return Systemctl(folder, home / "config" / "systemd" / "user")


@pytest.mark.skipif(sys.platform != "linux", reason="systemd")
def test_unit_of_this_user_is_written_enabled_and_taken_away(home: Path, systemctl: Systemctl) -> None:
    unit = home / "config" / "systemd" / "user" / "homemedia.service"
    assert main(["autostart", "on", "--service", "--data-dir", str(home / "my data")]) == 0
    text = unit.read_text(encoding="utf-8")
    assert main(["autostart", "off", "--service"]) == 0

    assert f'"{home}/my data"' in text
    assert " serve " in text
    verbs = [line.removeprefix("--user ") for line in systemctl.told]
    assert verbs == ["daemon-reload", "enable homemedia.service", "disable homemedia.service"]
    assert not unit.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="systemd")
def test_unit_of_a_package_is_not_written_over(home: Path, systemctl: Systemctl) -> None:
    packaged = home / "packaged"
    packaged.mkdir()
    (packaged / "homemedia.service").write_text("[Unit]\n", encoding="utf-8")
    unit = service.UserService(home / "config" / "systemd" / "user", packaged=(packaged,))

    unit.switch_on(["/usr/bin/homemedia", "serve"])

    assert unit.is_on()
    assert not Path(unit.where).exists()
    assert systemctl.told[-1] == "--user enable homemedia.service"


@pytest.mark.skipif(sys.platform != "linux", reason="systemd")
def test_systemd_that_refuses_leaves_nothing_behind(home: Path, systemctl: Systemctl) -> None:
    _ = systemctl
    (home / "bin" / "systemctl").write_text("#!/bin/sh\necho no medium found >&2\nexit 1\n", encoding="utf-8")
    unit = service.UserService(home / "units", packaged=())

    with pytest.raises(StartRefused, match="no medium found"):
        unit.switch_on(["/usr/bin/homemedia", "serve"])

    assert not Path(unit.where).exists()


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("serve", "serve"),
        ("two words", '"two words"'),
        ("100%", "100%%"),
        ("$HOME", "$$HOME"),
        ('a"b', '"a\\"b"'),
        ("a\nb", "a\\nb"),
    ],
)
def test_word_of_a_unit_means_itself(word: str, written: str) -> None:
    assert service.quoted(word) == written


# Command lines


def test_icon_is_tried_by_the_system_s_python_first_and_by_ours_last(tmp_path: Path) -> None:
    commands = tray_commands(tmp_path)

    assert commands[-1] == [*own_command(), "tray", "--data-dir", str(tmp_path)]
    if Path("/usr/bin/python3").exists() and sys.platform == "linux":
        assert commands[0][0] == "/usr/bin/python3"


def test_workers_and_the_icon_s_program_are_started_in_one_way() -> None:
    # Written twice, since the icon's process can load nothing of the server.
    assert [*own_command(), "worker", "media"] == worker_command("media")


def test_sources_for_another_python_hold_the_package_and_the_icon_s(tmp_path: Path) -> None:
    _ = tmp_path
    found = source_folders()

    for name in ("homemedia/desktop/launch.py", "pystray/__init__.py"):
        assert any((folder / name).is_file() for folder in found), name


def test_packed_program_names_its_own_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    assert source_folders() == [tmp_path / "tray"]
    assert person_command() == own_command() == [sys.executable]
