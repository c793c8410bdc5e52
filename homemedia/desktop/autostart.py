"""Starting with the computer: read, switched on and off, as each system has it. Standard library alone.

Linux has the XDG autostart folder (`service.py` has systemd, for machines without a desktop), macOS a launch agent,
Windows the Run key. All begin when this user signs in, and need no administrator.
"""

from __future__ import annotations

import contextlib
import errno
import os
import plistlib
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

NAME = "HomeMedia"
BUNDLE = "org.homemedia.HomeMedia"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
# Where the task manager writes down what a person switched off there.
APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
# What the desktop entry specification wants quoted, and within quotes escaped.
RESERVED = set(" \t\n\"'\\><~|&;$*?#()`")
ESCAPED = ("\\", '"', "`", "$")


class Entry(Protocol):
    """Where one system keeps what starts with it.

    Attributes:
        where: what a person finds it by.
    """

    where: str

    def command(self) -> list[str] | None:
        """What would be started, as words; None while nothing is."""

    def write(self, command: list[str]) -> None:
        """Have it started.

        Raises:
            OSError: the system refuses.
        """

    def remove(self) -> None:
        """Have it started no more."""


def is_on() -> bool:
    """Whether HomeMedia starts with this computer."""
    with contextlib.suppress(OSError):
        return of_this_system().command() is not None
    return False


def switch(*, on: bool, command: list[str]) -> None:
    """Have HomeMedia started with this computer, by this command line, or no more.

    Raises:
        OSError: the system refuses.
    """
    entry = of_this_system()
    if on:
        entry.write(command)
    else:
        entry.remove()


def of_this_system() -> Entry:
    """Where this system keeps it."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - Windows alone has it

        return RunKey(winreg)
    if sys.platform == "darwin":
        return LaunchAgent(home() / "Library" / "LaunchAgents")
    return DesktopFile(config_home() / "autostart")


def config_home() -> Path:
    """The user's folder of settings, by the XDG base directory specification: relative ones do not count."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(named) if named.startswith("/") else home() / ".config"


def home() -> Path:
    """The user's home.

    Raises:
        OSError: nobody knows one, as with users that containers make up.
    """
    try:
        return Path.home()
    except RuntimeError as err:
        raise FileNotFoundError(errno.ENOENT, "this user has no home folder") from err


class DesktopFile:
    """`~/.config/autostart/homemedia.desktop`.

    Source:
        Desktop Application Autostart Specification 0.5; Desktop Entry Specification 1.5, "The Exec key".
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "homemedia.desktop"
        self.where = str(self._file)

    def command(self) -> list[str] | None:
        try:
            text = self._file.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        found = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
        values = {name.strip(): value.strip() for name, value in found.items()}
        # Desktops' own settings switch it off by these, and leave the file.
        if values.get("Hidden") == "true" or values.get("X-GNOME-Autostart-enabled") == "false":
            return None
        return _words(values.get("Exec", "")) or None

    def write(self, command: list[str]) -> None:
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            f"Name={NAME}",
            "Comment=The films, photos and notes of your household",
            f"Exec={' '.join(_quoted(word) for word in command)}",
            "Icon=homemedia",
            "Terminal=false",
            # Places for icons are made while the session begins.
            "X-GNOME-Autostart-Delay=3",
            "",
        )
        self._file.parent.mkdir(parents=True, exist_ok=True)
        _write(self._file, "\n".join(lines).encode())

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)


class LaunchAgent:
    """`~/Library/LaunchAgents/org.homemedia.HomeMedia.plist`.

    Source:
        launchd.plist(5).
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{BUNDLE}.plist"
        self.where = str(self._file)

    def command(self) -> list[str] | None:
        try:
            found = plistlib.loads(self._file.read_bytes())
        except FileNotFoundError:
            return None
        except (plistlib.InvalidFileException, ValueError):
            return None
        if not isinstance(found, dict) or found.get("Disabled") is True or not found.get("RunAtLoad"):
            return None
        return [str(word) for word in found.get("ProgramArguments", [])] or None

    def write(self, command: list[str]) -> None:
        wish = {
            "Label": BUNDLE,
            "ProgramArguments": command,
            "RunAtLoad": True,
            # A person looks at what it shows: it is not slowed down as what runs behind is.
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        _write(self._file, plistlib.dumps(wish))

    def remove(self) -> None:
        self._file.unlink(missing_ok=True)


class RunKey:
    """The value `HomeMedia` of the user's Run key; `registry` is the module `winreg`."""

    where = f"HKEY_CURRENT_USER\\{RUN_KEY}\\{NAME}"

    def __init__(self, registry: Any) -> None:  # noqa: ANN401 - a module that only Windows has
        self._registry = registry

    def command(self) -> list[str] | None:
        line = self._value(RUN_KEY)
        if not isinstance(line, str) or not line.strip():
            return None
        approved = self._value(APPROVED_KEY)
        # An odd first byte: switched off in the task manager.
        if isinstance(approved, bytes) and approved and approved[0] & 1:
            return None
        return _windows_words(line)

    def write(self, command: list[str]) -> None:
        with self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, RUN_KEY) as key:
            line = subprocess.list2cmdline(command)
            self._registry.SetValueEx(key, NAME, 0, self._registry.REG_SZ, line)
        self._drop(APPROVED_KEY)

    def remove(self) -> None:
        self._drop(RUN_KEY)
        self._drop(APPROVED_KEY)

    def _value(self, path: str) -> object:
        try:
            with self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, path) as key:
                return self._registry.QueryValueEx(key, NAME)[0]
        except FileNotFoundError:
            return None

    def _drop(self, path: str) -> None:
        access = self._registry.KEY_SET_VALUE
        with (
            contextlib.suppress(FileNotFoundError),
            self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, path, 0, access) as key,
        ):
            self._registry.DeleteValue(key, NAME)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all: a half file would be read at the next start of the session."""
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


def _quoted(word: str) -> str:
    """A word of an Exec line; `%` begins a field code there, and the whole value is unescaped once before."""
    text = word.replace("%", "%%")
    if not text or RESERVED & set(text):
        for sign in ESCAPED:
            text = text.replace(sign, "\\" + sign)
        text = f'"{text}"'
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _words(line: str) -> list[str]:
    """The words of an Exec line: the other way round."""
    for written, meant in (("\\\\", "\0"), ("\\n", "\n"), ("\\t", "\t"), ("\\s", " "), ("\0", "\\")):
        line = line.replace(written, meant)
    words: list[str] = []
    word, is_quoted, is_open, signs = "", False, False, iter(line)
    for sign in signs:
        if is_quoted and sign == "\\":
            word += next(signs, "")
        elif sign == '"':
            is_quoted, is_open = not is_quoted, True
        elif sign == " " and not is_quoted:
            words, word, is_open = [*words, word] if word or is_open else words, "", False
        else:
            word += sign
    if word or is_open:
        words.append(word)
    return [one.replace("%%", "%") for one in words]


def _windows_words(line: str) -> list[str]:
    """The words of a command line as `list2cmdline` writes it, well enough to see which program it is."""
    line = line.strip()
    if line.startswith('"'):
        program, _, rest = line[1:].partition('"')
        return [program, *rest.split()]
    return line.split()
