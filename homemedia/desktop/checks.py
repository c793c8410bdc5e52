"""What `homemedia doctor` asks of this machine: what shows the icon, what starts with it, what keeps devices out.

Looks only. What systems say is judged by pure functions.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from homemedia.desktop import autostart
from homemedia.desktop.launch import SYSTEM_PYTHON, is_frozen, source_folders
from homemedia.desktop.service import UserService

LIMIT_S = 10.0
Toolkit = Literal["own", "menu", "gtk", "none", "no desktop"]
UFW = Path("/etc/ufw/ufw.conf")
MAC_FIREWALL = "/usr/libexec/ApplicationFirewall/socketfilterfw"
SYSTEM_UNIT = Path("/etc/systemd/system/multi-user.target.wants/homemedia.service")
RULE = "HomeMedia"
PROBE = """
import gi
gi.require_version("Gtk", "3.0")
found = "gtk"
for name in ("AyatanaAppIndicator3", "AppIndicator3"):
    try:
        gi.require_version(name, "0.1")
        found = "menu"
        break
    except ValueError:
        pass
print(found)
"""


class Starts(msgspec.Struct, frozen=True, kw_only=True):
    """What begins with the machine. `missing`: a program that is to be started and is not there any more."""

    ways: tuple[str, ...]
    missing: str | None = None


class Wall(msgspec.Struct, frozen=True, kw_only=True):
    """A firewall that is on. `lets_in`: whether it lets other devices in; None where that cannot be seen."""

    name: str
    lets_in: bool | None
    advice: str


def toolkit(environment: Mapping[str, str] = os.environ) -> Toolkit:
    """What would show the icon beside the clock."""
    if sys.platform in ("win32", "darwin"):
        return "own"
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return "no desktop"
    status, said = _said([str(SYSTEM_PYTHON), "-I", "-c", PROBE]) if SYSTEM_PYTHON.exists() else (1, "")
    if status != 0:
        return "none"
    return "menu" if said.strip() == "menu" else "gtk"


def starts() -> Starts:
    """What begins with this machine, or when this user signs in."""
    ways: list[str] = []
    missing = None
    entry = autostart.of_this_system()
    command = entry.command()
    if command is not None:
        ways.append(entry.where)
        if not (shutil.which(command[0]) or Path(command[0]).exists()):
            missing = command[0]
    if sys.platform == "linux":
        unit = UserService()
        if unit.is_on():
            ways.append(unit.where)
        if SYSTEM_UNIT.is_symlink():
            ways.append(str(SYSTEM_UNIT))
    return Starts(ways=tuple(ways), missing=missing)


def walls(port: int) -> list[Wall]:
    """Firewalls of this machine that are on."""
    if sys.platform == "win32":
        netsh = ["netsh", "advfirewall"]
        profile = _said([*netsh, "show", "currentprofile", "state"])
        return of_windows(profile, _said([*netsh, "firewall", "show", "rule", f"name={RULE}"]))
    if sys.platform == "darwin":
        return of_mac(_said([MAC_FIREWALL, "--getglobalstate"]), _said([MAC_FIREWALL, "--listapps"]))
    found = of_ufw(_text(UFW), port)
    if shutil.which("firewall-cmd") and _said(["firewall-cmd", "--state"])[0] == 0:
        asked = [f"--query-port={port}/tcp", "--query-service=homemedia"]
        found += of_firewalld([_said(["firewall-cmd", one]) for one in asked], port)
    return found


def packed() -> str | None:
    """What is wrong with the packed program; None where nothing is, or this is none."""
    if not is_frozen() or sys.platform in ("win32", "darwin"):
        return None
    source = source_folders()[0] / "homemedia" / "desktop" / "tray.py"
    return None if source.is_file() else f"{source} is missing: the icon beside the clock has no menu"


def of_windows(profile: tuple[int, str], rule: tuple[int, str]) -> list[Wall]:
    """What `netsh advfirewall` says of the network we are in, and of our own rule.

    Its words are in the language of the system, but for the rule's name; the status of asking for a rule tells.
    """
    if profile[0] != 0 or "OFF" in profile[1].upper().split():
        return []
    is_there = rule[0] == 0 and RULE in rule[1]
    return [
        Wall(
            name="the Windows firewall",
            lets_in=True if is_there else None,
            advice="Let it in for private networks when Windows asks, or under Windows Security, Allow an app.",
        )
    ]


def of_mac(state: tuple[int, str], apps: tuple[int, str]) -> list[Wall]:
    """What macOS' application firewall says."""
    if state[0] != 0 or "disabled" in state[1].lower() or "State = 0" in state[1]:
        return []
    lines = apps[1].splitlines()
    at = next((index for index, line in enumerate(lines) if "homemedia" in line.lower()), None)
    lets_in = None if at is None else "allow" in " ".join(lines[at : at + 2]).lower()
    advice = "Let HomeMedia in under System Settings, Network, Firewall, Options."
    return [Wall(name="the macOS firewall", lets_in=lets_in, advice=advice)]


def of_ufw(config: str, port: int) -> list[Wall]:
    """What stands in ufw's own file; its rules can be read by the administrator alone."""
    values = dict(line.split("=", 1) for line in config.splitlines() if "=" in line and not line.startswith("#"))
    if values.get("ENABLED", "").strip().strip('"').lower() != "yes":
        return []
    return [Wall(name="the firewall ufw", lets_in=None, advice=f"If other devices find nothing: ufw allow {port}/tcp")]


def of_firewalld(answers: Sequence[tuple[int, str]], port: int) -> list[Wall]:
    """What firewalld says of our port and our service: 0 yes, 1 no, anything else that it was not told."""
    statuses = [status for status, _ in answers]
    lets_in = True if 0 in statuses else False if all(status == 1 for status in statuses) else None
    advice = f"To let other devices in: firewall-cmd --permanent --add-port={port}/tcp, then firewall-cmd --reload"
    return [Wall(name="the firewall firewalld", lets_in=lets_in, advice=advice)]


def _said(command: list[str]) -> tuple[int, str]:
    """Exit status and words of a program; 127 where it is not there or does not answer."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT_S,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired):
        return 127, ""
    return done.returncode, done.stdout


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
