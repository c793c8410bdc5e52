"""The Windows installer, compiled here and run silently under Wine against a stand-in of the program.

Wine takes a minute: `pytest -n 0 -m long tests/packaging/test_windows_installer.py`.
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.programs import program

WINDOWS = Path(__file__).parents[2] / "packaging" / "windows"
IN_USE, NEWER, NOT_OURS = 3, 4, 6
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\HomeMedia"
RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"


def compiled(script: str, **defines: str | Path) -> None:
    makensis = program("makensis", required_as="nsis")
    given = [f"-D{name}={value}" for name, value in defines.items()]
    subprocess.run([makensis, "-V2", "-WX", *given, WINDOWS / script], check=True, timeout=120)


@pytest.fixture(scope="module")
def installers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An installer of each of two versions; the older one has a file that the newer one lacks."""
    folder = tmp_path_factory.mktemp("installers")
    made = {}
    for version in ("0.1.0", "0.2.0"):
        inside = folder / version / "_internal"
        inside.mkdir(parents=True)
        (inside / f"only-in-{version}.txt").write_text(version)
        compiled("stand-in.nsi", OUT=folder / version / "homemedia.exe")
        made[version] = folder / f"setup-{version}.exe"
        compiled("homemedia.nsi", QUICK="1", VERSION=version, PAYLOAD=folder / version, OUT=made[version])
    return made


class Windows:
    """A user's Windows, as Wine plays it: each its own, without a display."""

    def __init__(self, folder: Path) -> None:
        self._wine = program("wine64", "/usr/lib/wine/wine64", required_as="wine")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "USER": "mara",
            "WINEPREFIX": str(folder / "wine"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
        }
        assert self.run("wineboot", "-i") == 0
        # Otherwise Wine plays Windows 7.
        assert self.run("reg", "add", r"HKCU\Software\Wine", "/v", "Version", "/d", "win10", "/f") == 0
        (self.local,) = (folder / "wine" / "drive_c" / "users").glob("*/AppData/Local")
        self.program = self.local / "Programs" / "HomeMedia"
        self.data = self.local / "homemedia"

    def run(self, *command: str | Path) -> int:
        return subprocess.run([self._wine, *command], env=self._environment, timeout=180, check=False).returncode

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([self._wine, *command], env=self._environment)

    def value(self, key: str, name: str) -> str | None:
        """A value of the registry, or None."""
        said = subprocess.run(
            [self._wine, "reg", "query", key, "/v", name],
            env=self._environment,
            timeout=60,
            check=False,
            capture_output=True,
            text=True,
        )
        lines = [line for line in said.stdout.splitlines() if line.strip().startswith(name)]
        return lines[0].split(maxsplit=2)[2] if lines else None

    def uninstall(self, *more: str) -> None:
        """Take it away. The uninstaller goes on as a copy of itself, since it deletes its own file."""
        assert self.run(self.program / "uninstall.exe", "/S", *more) == 0
        until(lambda: self.value(UNINSTALL_KEY, "DisplayName") is None)

    def close(self) -> None:
        subprocess.run([Path(self._wine).with_name("wineserver"), "-k"], env=self._environment, timeout=30, check=False)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    made = Windows(tmp_path_factory.mktemp("windows"))
    yield made
    made.close()


@pytest.fixture
def empty(windows: Windows) -> Iterator[Windows]:
    """A Windows without HomeMedia, before and after."""
    yield windows
    if windows.program.exists():
        windows.uninstall("/DELETEDATA")


def until(is_so: Callable[[], bool]) -> None:
    """Wait for what another process does; there is nothing to hear it by."""
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def running(windows: Windows) -> subprocess.Popen[bytes]:
    started = windows.start(windows.program / "homemedia.exe", "start")
    until((windows.program / "started").exists)
    return started


def test_script_compiles_without_a_warning(installers: dict[str, Path]) -> None:
    assert all(made.read_bytes().startswith(b"MZ") for made in installers.values())


@pytest.mark.long
def test_silent_installer_needs_nobody_and_registers_itself(empty: Windows, installers: dict[str, Path]) -> None:
    assert empty.run(installers["0.1.0"], "/S", "/AUTOSTART") == 0

    assert (empty.program / "_internal" / "install.txt").read_text() == "windows"
    assert empty.value(UNINSTALL_KEY, "DisplayVersion") == "0.1.0"
    assert int(empty.value(UNINSTALL_KEY, "EstimatedSize") or "0", 16) > 50
    assert (empty.value(RUN_KEY, "HomeMedia") or "").endswith('homemedia.exe" start --no-browser')
    assert list(empty.local.parent.glob("Roaming/Microsoft/Windows/Start Menu/Programs/HomeMedia.lnk"))


@pytest.mark.long
def test_newer_installer_stops_the_older_program_and_leaves_nothing_of_it(
    empty: Windows, installers: dict[str, Path]
) -> None:
    empty.run(installers["0.1.0"], "/S")
    old = running(empty)

    assert empty.run(installers["0.2.0"], "/S") == 0

    assert old.wait(30) == 0
    assert {path.name for path in (empty.program / "_internal").iterdir()} == {"only-in-0.2.0.txt", "install.txt"}
    assert empty.value(UNINSTALL_KEY, "DisplayVersion") == "0.2.0"
    # It ran before, so it runs again.
    until((empty.program / "started").exists)
    assert (empty.program / "started").read_text() == "start --no-browser"


@pytest.mark.long
def test_older_installer_refuses_unless_told(empty: Windows, installers: dict[str, Path]) -> None:
    empty.run(installers["0.2.0"], "/S")

    assert empty.run(installers["0.1.0"], "/S") == NEWER
    assert empty.value(UNINSTALL_KEY, "DisplayVersion") == "0.2.0"
    assert empty.run(installers["0.1.0"], "/S", "/DOWNGRADE") == 0
    assert empty.value(UNINSTALL_KEY, "DisplayVersion") == "0.1.0"


@pytest.mark.long
def test_folder_with_other_things_is_refused(empty: Windows, installers: dict[str, Path]) -> None:
    films = empty.local / "Films"
    films.mkdir()
    (films / "heat.mkv").write_bytes(b"film")

    assert empty.run(installers["0.1.0"], "/S", rf"/D=C:\users\{empty.local.parts[-3]}\AppData\Local\Films") == NOT_OURS
    assert [path.name for path in films.iterdir()] == ["heat.mkv"]


@pytest.mark.long
def test_uninstaller_takes_the_program_and_keeps_the_household(empty: Windows, installers: dict[str, Path]) -> None:
    empty.run(installers["0.1.0"], "/S", "/AUTOSTART")
    empty.data.mkdir(exist_ok=True)
    (empty.data / "homemedia.db").write_bytes(b"household")
    (empty.program / "mine.txt").write_text("somebody put it there")
    was = running(empty)

    empty.uninstall()

    assert was.wait(30) == 0
    assert (empty.data / "homemedia.db").read_bytes() == b"household"
    assert [path.name for path in empty.program.iterdir()] == ["mine.txt"]
    assert empty.value(RUN_KEY, "HomeMedia") is None
    assert not list(empty.local.parent.glob("Roaming/Microsoft/Windows/Start Menu/Programs/HomeMedia.lnk"))
    (empty.program / "mine.txt").unlink()
    empty.program.rmdir()


@pytest.mark.long
def test_uninstaller_deletes_the_household_only_when_told(empty: Windows, installers: dict[str, Path]) -> None:
    empty.run(installers["0.1.0"], "/S")
    empty.data.mkdir(exist_ok=True)
    (empty.data / "homemedia.db").write_bytes(b"household")

    empty.uninstall("/DELETEDATA")

    until(lambda: not empty.data.exists())
    assert not empty.program.exists()
