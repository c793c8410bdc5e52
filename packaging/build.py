"""Build the frozen program: one folder with all it needs, for people without Python. One command on Debian 12.

    apt install python3-venv binutils
    python3 packaging/build.py

It makes `dist/homemedia/`, whose `homemedia` runs on every Linux of the same processor with glibc 2.36 or newer; all
else it makes lies in `build/`. On Windows and macOS it is the same command; a program is built on its own system.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import licences

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
DIST = ROOT / "dist" / "homemedia"
MB = 1_000_000
# What the program may weigh without ffmpeg.
LIMIT_BYTES = 310 * MB
# How a program is brought to people when no packager says anything else; packagers write their own word.
KINDS = {"linux": "tarball", "win32": "windows", "darwin": "macos"}
# Never in a program for people: names of files or folders.
STRAY = {
    "IPython",
    "ensurepip",
    "gi",
    "idlelib",
    "mypy",
    "numpy",
    "pip",
    "pkg_resources",
    "playwright",
    "pytest",
    "setuptools",
    "test",
    "tests",
    "tkinter",
    "wheel",
}
# Sources and headers beside compiled modules: nobody compiles against this program.
NOT_RUN = {".pyi", ".pyx", ".pxd", ".pxi", ".c", ".h", ".hpp", ".typed"}
# What pip notes of what it installed, the folder it was built in among it.
OF_PIP = {"direct_url.json", "INSTALLER", "RECORD", "REQUESTED"}
# A module of Python in machine code, as Linux names it.
MODULE = re.compile(r"\.(cpython-\w+-[\w-]+|abi3)\.so$")


def main() -> int:
    """Make it; 1 when what came out must not be given to anybody."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", action="store_true", help="throw the environment of the last build away")
    parser.add_argument("--offline", action="store_true", help="install nothing but HomeMedia itself")
    parser.add_argument("--kind", default=KINDS.get(sys.platform, "tarball"), help="what install.txt says")
    parser.add_argument(
        "--packages", type=Path, help="packages.txt of a program whose packages to take, to make it again"
    )
    wishes = parser.parse_args()
    if not sys.version_info >= (3, 11):
        print("HomeMedia needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    if sys.platform != "win32":
        os.nice(10)
    BUILD.mkdir(exist_ok=True)
    python = environment(is_fresh=wishes.fresh, is_offline=wishes.offline, packages=wishes.packages)
    made = freeze(python)
    trim(made)
    if sys.platform == "linux":
        strip(made, python)
    if sys.platform != "linux":  # there the packages have a place of their own for them
        for problem in licences.collect(made / "_internal" / "licences", payload=made, environment=BUILD / "venv"):
            print(f"licences: {problem}", file=sys.stderr)
    (made / "_internal" / "packages.txt").write_text(packages_in(python), encoding="ascii")
    (made / "_internal" / "install.txt").write_text(f"{wishes.kind}\n", encoding="ascii")
    report(made)
    faults = list(faults_of(made))
    for fault in faults:
        print(f"not good: {fault}", file=sys.stderr)
    if faults:
        return 1
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.parent.mkdir(exist_ok=True)
    if sys.platform == "darwin":
        bundle(made)
    made.rename(DIST)
    print(f"{DIST.relative_to(ROOT)} is ready")
    return 0


def environment(*, is_fresh: bool, is_offline: bool, packages: Path | None) -> Path:
    """An environment of its own with HomeMedia, what it needs, and PyInstaller; its Python."""
    home = BUILD / "venv"
    if is_fresh:
        shutil.rmtree(home, ignore_errors=True)
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(home, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if is_offline:
        run([*pip, "--no-deps", "--force-reinstall", str(ROOT)])
    else:
        held = ["--constraint", str(packages.absolute())] if packages else []
        run([*pip, "--upgrade", *held, f"{ROOT}[desktop]", "pyinstaller>=6.22"])
    return python


def packages_in(python: Path) -> str:
    """What is installed there, in which version; a line each, as pip reads it."""
    words = ["-m", "pip", "--disable-pip-version-check", "freeze", "--exclude", "homemedia"]
    said = subprocess.run([str(python), *words], capture_output=True, text=True, check=True, env=bare())
    return said.stdout


def freeze(python: Path) -> Path:
    """Run PyInstaller where nothing of this machine's user is seen; the folder it made."""
    out = BUILD / "frozen"
    shutil.rmtree(out, ignore_errors=True)
    words = ["--noconfirm", "--log-level", "WARN", "--distpath", str(out), "--workpath", str(BUILD / "work")]
    surroundings = {
        "PYINSTALLER_CONFIG_DIR": str(BUILD / "pyinstaller"),
        # Two builds of one state are alike: the order of sets, and the time that stands in archives.
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": committed_at(),
    }
    run([str(python), "-P", "-m", "PyInstaller", *words, str(ROOT / "build.spec")], env=surroundings)
    return out / "homemedia"


def bundle(made: Path) -> None:
    """On a Mac: what people open, as PyInstaller made it, with what was written into the folder since; into `dist`."""
    app = made.with_name("HomeMedia.app")
    inside = app / "Contents" / "Resources"
    for name in ("licences", "install.txt"):
        there = made / "_internal" / name
        if there.is_dir():
            shutil.copytree(there, inside / name)
        else:
            shutil.copy2(there, inside / name)
        # The program looks where its modules lie.
        (app / "Contents" / "Frameworks" / name).symlink_to(Path("..") / "Resources" / name)
    target = DIST.with_name(app.name)
    shutil.rmtree(target, ignore_errors=True)
    app.rename(target)


def committed_at() -> str:
    """When the last change was made, in seconds since 1970; the changelog's time where this is no checkout."""
    said = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or str(int((ROOT / "CHANGELOG.md").stat().st_mtime))


def run(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
    """Run a step with a bare environment, at low priority; what it says goes to the terminal."""
    subprocess.run(command, check=True, env={**bare(), **(env or {})}, cwd=BUILD)


def bare() -> dict[str, str]:
    """The variables that a program cannot do without, and those that say where packages come from."""
    kept = {"PATH", "HOME", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "TMPDIR", "APPDATA", "LOCALAPPDATA", "COMSPEC"}
    found = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in kept or name.upper().startswith("PIP_") or name.lower().endswith("_proxy")
    }
    return {**found, "LANG": "C.UTF-8", "PYTHONNOUSERSITE": "1"}


def trim(made: Path) -> None:
    """Take out what hooks of packages put in and nobody reads."""
    for file in sorted(made.rglob("*"), reverse=True):
        if file.is_dir() and not file.is_symlink():
            if not any(file.iterdir()):
                file.rmdir()
        elif file.suffix in NOT_RUN or file.name in OF_PIP:
            file.unlink()


def strip(made: Path, python: Path) -> None:
    """Take out of Python's modules what only debuggers read: a tenth of everything.

    Their symbols stay, and so do the libraries beside them (`*.libs`), which wheels' makers have changed in ways that
    not every `strip` understands. Each module is loaded afterwards.

    Raises:
        CalledProcessError: one does not load any more.
    """
    modules = [str(file) for file in files_in(made) if MODULE.search(file.name)]
    subprocess.run(["strip", "--strip-debug", *modules], check=True)
    words = "import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]"
    subprocess.run([str(python), "-c", words, *modules], check=True)


def report(made: Path) -> None:
    """Print what weighs how much, the heaviest first."""
    sizes: Counter[str] = Counter()
    for file in files_in(made):
        sizes[part_of(file.relative_to(made))] += file.stat().st_size
    for part, size in sizes.most_common(25):
        print(f"{size / MB:8.1f} MB  {part}")
    whole = sizes.total()
    print(f"{whole / MB:8.1f} MB  together, {(whole - sizes['ffmpeg']) / MB:.1f} MB without ffmpeg")


def part_of(path: Path) -> str:
    """Which part of the program a file belongs to, named as its package."""
    parts = path.parts[1:] if path.parts[0] == "_internal" else path.parts
    if parts[0] == "imageio_ffmpeg" and path.name.startswith("ffmpeg-"):
        return "ffmpeg"
    return parts[0].removesuffix(".libs") if len(parts) > 1 else f"({path.suffix or path.name})"


def files_in(made: Path) -> Iterator[Path]:
    """Every file that takes room, in order; links take none."""
    return (file for file in sorted(made.rglob("*")) if file.is_file() and not file.is_symlink())


def faults_of(made: Path) -> Iterator[str]:
    """Why what was made must not be given to anybody; nothing when all is well."""
    size = sum(file.stat().st_size for file in files_in(made) if part_of(file.relative_to(made)) != "ffmpeg")
    if size > LIMIT_BYTES:
        yield f"it weighs {size / MB:.0f} MB without ffmpeg, {LIMIT_BYTES / MB:.0f} are the limit"
    for file in made.rglob("*"):
        if file.name in STRAY and "client" not in file.parts:
            yield f"{file.relative_to(made)} does not belong to the program"
    yield from leaks(made)
    program = made / ("homemedia.exe" if sys.platform == "win32" else "homemedia")
    with tempfile.TemporaryDirectory() as folder:
        for words in (["--version"], ["openapi"], ["doctor", "--data-dir", folder]):
            said = subprocess.run(
                [str(program), *words], capture_output=True, env={"SYSTEMROOT": os.environ.get("SYSTEMROOT", "")},
                cwd=folder, timeout=120, check=False,
            )  # fmt: skip
            if said.returncode:
                yield f"homemedia {words[0]} ends with {said.returncode}: {said.stderr.decode(errors='replace')[-500:]}"


def leaks(made: Path) -> Iterator[str]:
    """Files that tell where they were made. What wheels tell of their own makers is theirs to tell."""
    for file in files_in(made):
        if str(ROOT).encode() in file.read_bytes():
            yield f"{file.relative_to(made)} tells of {ROOT}"


if __name__ == "__main__":
    sys.exit(main())
