"""What the packages for Linux have in common: the frozen program as it lies in a package, and what belongs beside it.

A part of make_deb.py and make_tarball.py; standard library only.
"""

import email.utils
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEBIAN = ROOT / "packaging" / "debian"
PAYLOAD = ROOT / "dist" / "homemedia"
TARGET = ROOT / "dist"
PROGRAM = "homemedia"
# Numbers of processors in ELF headers, by the names Debian and everybody else give them.
PROCESSORS = {0x3E: ("amd64", "x86_64"), 0xB7: ("arm64", "aarch64"), 0x28: ("armhf", "armv7l"), 0xF3: ("riscv64",) * 2}
ELF = b"\x7fELF"
# The oldest system that is promised anything: Debian 12.
OLDEST_GLIBC = (2, 36)


class Refused(SystemExit):
    """The package cannot be made; the text says why."""


def end_tidily() -> None:
    """Have this script take its temporary files away also when it is asked to end, as Ctrl+C does."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


def version() -> str:
    """The program's own, as it tells it: looked for, not imported, so that nothing of it has to be installed."""
    found = re.search(
        r'^__version__ = "([^"]+)"', (ROOT / "homemedia" / "__init__.py").read_text("utf-8"), re.MULTILINE
    )
    if found is None:
        raise Refused("homemedia/__init__.py tells no version")
    return found[1]


def changed_at() -> int:
    """Seconds of 1970: when the newest entry of the changelog was made. Everything in a package is as old as that."""
    set_outside = os.environ.get("SOURCE_DATE_EPOCH")
    if set_outside:
        return int(set_outside)
    signature = re.search(r"^ -- .*>  (.+)$", (DEBIAN / "changelog").read_text("utf-8"), re.MULTILINE)
    if signature is None:
        raise Refused("packaging/debian/changelog has no date")
    return int(email.utils.parsedate_to_datetime(signature[1]).timestamp())


def processor(payload: Path) -> tuple[str, str]:
    """The processor that the program is for, as Debian calls it and as `uname -m` does.

    A program that is none (a script, in tests) is for this machine.
    """
    head = (payload / PROGRAM).open("rb").read(20)
    if head[:4] == ELF:
        number = struct.unpack("<H", head[18:20])[0]
        if number not in PROCESSORS:
            raise Refused(f"{payload / PROGRAM} is for a processor that no package is made for ({number:#x})")
        return PROCESSORS[number]
    own = os.uname().machine
    return next((names for names in PROCESSORS.values() if names[1] == own), (own, own))


def put_program(payload: Path, target: Path, *, kind: str) -> None:
    """Copy the frozen program to `target` with the rights of a package, and note by what it came.

    Raises:
        Refused: the payload is no frozen program.
    """
    program = payload / PROGRAM
    if not program.is_file() or not os.access(program, os.X_OK):
        raise Refused(f"There is no program {program}. Make it first: python3 packaging/build.py")
    shutil.copytree(payload, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    internal = target / "_internal"
    internal.mkdir(exist_ok=True)
    (internal / "install.txt").write_text(f"{kind}\n", "ascii")
    level(target)


def level(folder: Path) -> None:
    """Give everything below the rights that programs of a system have: readable by all, written by its owner."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            continue
        is_run = path.is_dir() or bool(path.stat().st_mode & stat.S_IXUSR and ".so" not in path.suffixes)
        path.chmod(0o755 if is_run else 0o644)


def glibc(folder: Path) -> str:
    """The oldest glibc on which everything below `folder` can be loaded, never below Debian 12's."""
    newest = OLDEST_GLIBC
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            if file.read(4) != ELF:
                continue
            for found in re.finditer(rb"\0GLIBC_2\.(\d+)(?:\.\d+)?(?=\0)", file.read()):
                newest = max(newest, (2, int(found[1])))
    return f"{newest[0]}.{newest[1]}"


def run(*command: str, cwd: Path | None = None) -> None:
    """Run a tool.

    Raises:
        Refused: it is not there, or says no.
    """
    try:
        subprocess.run(command, check=True, cwd=cwd, env={**os.environ, "SOURCE_DATE_EPOCH": str(changed_at())})
    except FileNotFoundError:
        raise Refused(f"{command[0]} is not installed") from None
    except subprocess.CalledProcessError as err:
        raise Refused(f"{command[0]} ended with {err.returncode}") from None
