"""A program to pack that is none: as small as can be, of the shape of the frozen one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"
# Answers at once, and does what a test of the package wants to see done.
STAND_IN = """\
#!/bin/sh
case "$1" in
--version) echo "HomeMedia 0" ;;
*) echo "$(id -un) $XDG_DATA_HOME $XDG_CONFIG_HOME $*" ;;
esac
"""


@pytest.fixture(scope="session")
def payload(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for dist/homemedia, with rights as careless as those of somebody's checkout."""
    folder = tmp_path_factory.mktemp("payload") / "homemedia"
    inner = folder / "_internal"
    inner.mkdir(parents=True, mode=0o700)
    (folder / "homemedia").write_text(STAND_IN)
    (folder / "homemedia").chmod(0o700)
    (inner / "install.txt").write_text("tarball\n")
    (inner / "libpart.so.1").write_bytes(b"\x7fELF" + b"\0" * 16 + b"\0GLIBC_2.34\0GLIBC_2.4\0")
    (inner / "libpart.so.1").chmod(0o777)
    (inner / "libpart.so").symlink_to("libpart.so.1")
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Runs a script of packaging/ with some words and answers the file it says it has made."""
    # What it leaves when these tests are killed goes with their own folders.
    surroundings = {**os.environ, "TMPDIR": str(tmp_path_factory.mktemp("scratch"))}

    def run(script: str, *words: object) -> Path:
        command = [sys.executable, str(PACKAGING / script), *map(str, words)]
        done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.splitlines()[-1].rpartition("  ")[0])

    return run
