"""Starting with a machine that has no desktop: a systemd unit of this user. Linux alone."""

import os
import shutil
import subprocess
from pathlib import Path

from homemedia.core.problems import StartRefused
from homemedia.desktop.autostart import config_home

UNIT = "homemedia.service"
# Where a package may have left one already.
PACKAGED = (Path("/usr/lib/systemd/user"), Path("/lib/systemd/user"), Path("/etc/systemd/user"))
LIMIT_S = 20.0
TEXT = """\
[Unit]
Description=HomeMedia, of this user

[Service]
Type=exec
ExecStart={command}
Restart=on-failure
RestartSec=5
KillMode=mixed
TimeoutStopSec=40

[Install]
WantedBy=default.target
"""


class UserService:
    """The unit, in the folder where systemd looks for those of this user."""

    def __init__(self, folder: Path | None = None, packaged: tuple[Path, ...] = PACKAGED) -> None:
        self._file = (folder or config_home() / "systemd" / "user") / UNIT
        self._packaged = packaged
        self.where = str(self._file)

    def is_on(self) -> bool:
        """Whether it starts with the user's systemd."""
        return (self._file.parent / "default.target.wants" / UNIT).is_symlink()

    def switch_on(self, command: list[str]) -> None:
        """Have the server started with the machine.

        Raises:
            StartRefused: systemd is not here, or refuses.
        """
        is_ours = not any((folder / UNIT).exists() for folder in self._packaged)
        if is_ours:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(TEXT.format(command=" ".join(quoted(word) for word in command)), encoding="utf-8")
        try:
            _systemctl("daemon-reload")
            _systemctl("enable", UNIT)
        except StartRefused:
            if is_ours and not self.is_on():
                self._file.unlink(missing_ok=True)
            raise

    def switch_off(self) -> None:
        """Have it started no more; a unit of our own writing goes.

        Raises:
            As `switch_on`.
        """
        if self.is_on():
            _systemctl("disable", UNIT)
        self._file.unlink(missing_ok=True)


def lingers() -> bool:
    """Whether this user's units start with the machine, not only when he signs in."""
    return (Path("/var/lib/systemd/linger") / os.environ.get("USER", "")).is_file()


def quoted(word: str) -> str:
    """A word of ExecStart.

    Source:
        systemd.service(5), "Command lines": `%` and `$` mean something, quotes and backslashes as in C.
    """
    text = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    # A line that ends within a word would begin another setting of the unit.
    text = text.replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"' if not text or set(text) & set(" \t'\";") else text


def _systemctl(*words: str) -> None:
    program = shutil.which("systemctl")
    if program is None:
        raise StartRefused(
            "There is no systemd here. Start `homemedia serve` by what this system starts services with."
        )
    try:
        done = subprocess.run(
            [program, "--user", *words], capture_output=True, text=True, timeout=LIMIT_S, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        raise StartRefused(f"systemctl --user {words[0]} does not answer: {err}") from err
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2] or f"it ended with {done.returncode}"
        raise StartRefused(f"systemctl --user {words[0]} refuses: {said}")
