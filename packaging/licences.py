"""Collects the licences of everything that comes along in a frozen program.

    python packaging/licences.py FOLDER [--payload dist/homemedia] [--from build/venv]

Writes into FOLDER the texts that each Python package brings, and `README.md`: what there is, in which version, under
which licence, and where its source is. Standard library only. Says on standard error what it does not know.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from linux import PAYLOAD, ROOT, version

# Files of that name, and all in the folder that packages keep such texts in.
TEXTS = re.compile(r"\.dist-info/licenses/|(licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)
# Told by itself, and by the system that it runs on.
NOT_OURS = {"homemedia"}
FROZEN_BY = "pyinstaller"
# Switches of ffmpeg's build that bring no foreign code along.
OWN_PARTS = {"gpl", "version3", "lzma", "static", "pthreads", "cross-compile", "runtime-cpudetect"}
WORDS = """\
# What HomeMedia {version} is made of

HomeMedia itself is free software under the GNU General Public License, version 3 or later. This program holds parts of
others, GPL ones among them, so it is given on as a whole under the terms of that licence. Each part keeps its own as
well; the texts lie in this folder.

The source of every part is at the address beside it, in the version named. Who cannot get one there gets it from
whoever made this package, for three years after the package was made, for no more than what sending it costs: write to
the maintainer named in the package.

## Python and its packages

| part | version | licence | source |
|---|---|---|---|
{packages}

## Libraries in machine code

Files of their own, or inside of the packages above and of ffmpeg.

| library | licence | source |
|---|---|---|
{libraries}

{ffmpeg}
## The web client

See [web-client.txt](web-client.txt).
"""


class Part(NamedTuple):
    """A Python package."""

    name: str
    version: str
    licence: str
    source: str
    texts: list[Path]


def collect(target: Path, *, payload: Path, environment: Path | None) -> list[str]:
    """Write everything into `target`; what is not known, as sentences."""
    target.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    parts = list(parts_of(environment))
    for part in parts:
        if part.texts:
            (target / f"{part.name}.txt").write_text(_together(part.texts), "utf-8")
        if not part.texts:
            problems.append(f"{part.name} brings no licence text")
        if not part.licence:
            problems.append(f"{part.name} names no licence")
    known = {
        name.lower(): row
        for name, row in tomllib.loads((ROOT / "packaging" / "native.toml").read_text("utf-8"))["libraries"].items()
    }
    ffmpeg = next(iter(sorted(payload.rglob("ffmpeg-*"))), None)
    banner = _banner(ffmpeg)
    names = sorted({*libraries(payload), *_enabled(banner)})
    problems += [f"packaging/native.toml does not know {name}" for name in names if name.lower() not in known]
    shutil.copyfile(ROOT / "homemedia" / "web" / "client" / "vendor" / "LICENSES.txt", target / "web-client.txt")
    shutil.copyfile(ROOT / "LICENSE", target / "homemedia.txt")
    python = sys.version_info
    rows = [f"| Python | {python.major}.{python.minor} | PSF-2.0 | https://www.python.org |"]
    rows += [f"| [{part.name}]({part.name}.txt) | {part.version} | {part.licence} | {part.source} |" for part in parts]
    (target / "README.md").write_text(
        WORDS.format(
            version=version(),
            packages="\n".join(rows),
            libraries="\n".join(
                f"| {name} | {known[name.lower()][0]} | {known[name.lower()][1]} |"
                for name in names
                if name.lower() in known
            ),
            ffmpeg=_of_ffmpeg(banner),
        ),
        "utf-8",
    )
    return problems


def _together(texts: Sequence[Path]) -> str:
    """One text of all, each under the name of its file where there are several."""
    read = [(path.name, path.read_text("utf-8", errors="replace")) for path in texts]
    return read[0][1] if len(read) == 1 else "\n".join(f"===== {name} =====\n\n{text}" for name, text in read)


def parts_of(environment: Path | None) -> Iterator[Part]:
    """The packages that the program needs, as they are installed in `environment` (or here), by name."""
    where = [str(path) for path in environment.glob("lib*/**/site-packages")] if environment else sys.path
    found = {_key(one.metadata["Name"]): one for one in metadata.distributions(path=where) if one.metadata["Name"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [*project["dependencies"], *project["optional-dependencies"]["desktop"], FROZEN_BY]
    seen: set[str] = set(NOT_OURS)
    parts: list[Part] = []
    while waiting:
        named = re.match(r"[\w.-]+", waiting.pop())
        key = _key(named[0]) if named else ""
        if key in seen or key not in found:
            continue
        seen.add(key)
        one = found[key]
        if key != FROZEN_BY:
            waiting += [wish for wish in one.requires or [] if "extra ==" not in wish]
        parts.append(_part(one))
    return iter(sorted(parts, key=lambda part: part.name.lower()))


def _said(about: metadata.PackageMetadata, field: str) -> str:
    """What a package says of itself in one line; nothing where it does not."""
    return str((about.get_all(field) or [""])[0])


def _part(one: metadata.Distribution) -> Part:
    about = one.metadata
    licence = _said(about, "License-Expression")
    if not licence:
        licence = next(
            (
                line.rpartition(":: ")[2]
                for line in about.get_all("Classifier") or []
                if line.startswith("License :: ") and line.count("::") > 1
            ),
            "",
        )
    if not licence:
        licence = _said(about, "License").strip().partition("\n")[0][:60]
    texts = [
        Path(str(file.locate()))
        for file in one.files or []
        if ".dist-info/" in str(file) and TEXTS.search(str(file)) and file.suffix not in {".py", ".pyc"}
    ]
    name = about["Name"]
    return Part(
        name,
        one.version,
        licence.replace("|", "or"),
        f"https://pypi.org/project/{name}/{one.version}/",
        [text for text in texts if text.is_file()],
    )


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def libraries(payload: Path) -> set[str]:
    """Names of the shared libraries in the program: `libx264-d6533a8d.so.165` is `x264`."""
    found = set()
    for path in payload.rglob("lib*.so*"):
        named = re.match(r"lib(.+?)(-[0-9a-f]{8})*(-\d[\d.]*)?\.so", path.name)
        if named and not path.is_symlink():
            found.add(re.sub(r"(?<=^db)-?[\d.]+$", "", named[1]))
    return found


def _banner(ffmpeg: Path | None) -> str:
    if ffmpeg is None:
        return ""
    try:
        return subprocess.run([str(ffmpeg), "-version"], capture_output=True, text=True, check=False, timeout=60).stdout
    except OSError:  # made for another processor
        return ""


def _enabled(banner: str) -> set[str]:
    return {re.sub("^lib", "", name) for name in re.findall(r"--enable-([\w-]+)", banner)} - OWN_PARTS


def _of_ffmpeg(banner: str) -> str:
    if not banner:
        return ""
    release = re.search(r"^ffmpeg version (\S+)", banner)
    built = re.search(r"^ *configuration: (.+)$", banner, re.MULTILINE)
    return (
        f"## ffmpeg\n\nA program of its own, version {release[1] if release else 'unknown'}, GPL-3.0-or-later, as the "
        "package imageio-ffmpeg brings it. Source: https://ffmpeg.org, and the releases of "
        "https://github.com/imageio/imageio-binaries. Built with:\n\n"
        f"    {(built[1] if built else '').replace(' --', chr(10) + '    --')}\n"
    )


def main() -> int:
    """Collect them; 0 also when something is not known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--payload", type=Path, default=PAYLOAD)
    parser.add_argument("--from", dest="environment", type=Path, help="environment that it was frozen from")
    wishes = parser.parse_args()
    for problem in collect(wishes.folder, payload=wishes.payload, environment=wishes.environment):
        print(problem, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
