"""The packed program: what it weighs, how soon it answers, what it takes at rest, beside the same from sources.

python -m benchmarks frozen, after `python3 packaging/build.py`; `python benchmarks/frozen.py FOLDER` for another. On a
machine that others use too: `chrt -r 1 python benchmarks/frozen.py` as root.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.house import PROGRAM, a_server
from benchmarks.table import Row, markdown

FOLDER = Path(__file__).resolve().parents[1] / "dist" / "homemedia"
ROUNDS, REST_S, PORT = 5, 60.0, 18430
MB = 1_000_000


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    program = [str(folder / "homemedia")]
    if not Path(program[0]).exists():
        print(f"{folder} holds no packed program; packaging/build.py makes one")
        return
    whole, ffmpeg = sizes(folder)
    weight = f"{whole - ffmpeg:.0f}; {whole:.0f} MB"
    rows = [Row("unpacked without ffmpeg; with it", weight, "≤ 310 MB", whole - ffmpeg <= 310)]
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        forget(folder)
        with a_server(data, port=PORT, program=program) as (_, seconds):
            rows.append(answered("first answer of the very first start, nothing of it read yet", [seconds]))
        cold, warm, sources = [], [], []
        for _ in range(ROUNDS):
            forget(folder)
            cold.append(started(data, program))
            warm.append(started(data, program))
            sources.append(started(data, PROGRAM))
        rows.append(answered("first answer, nothing of it read yet", cold))
        rows.append(answered("first answer", warm))
        rows.append(answered("from sources", sources))
        told = [timed([*program, "--version"]) for _ in range(ROUNDS)]
        rows.append(answered("`homemedia --version`", told))
        for name, words in (("memory at rest (PSS), after a minute", program), ("the same from sources", PROGRAM)):
            with a_server(Path(place) / name, port=PORT, program=words) as (remote, _):
                remote.claim()
                remote.ask("GET", "/api/home/library/home")
                time.sleep(REST_S)
                memory, own = remote.memory_mib(), remote.memory_mib("Anonymous")
            rows.append(Row(name, f"{memory:.0f} MiB, {own:.0f} of them its own", "≤ 90 MiB", memory <= 90))
    print(markdown(rows))


def sizes(folder: Path) -> tuple[float, float]:
    """All of it, and ffmpeg in it, in MB."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    ffmpeg = [file for file in files if file.parent.name == "binaries" and file.name.startswith("ffmpeg-")]
    return sum(file.stat().st_size for file in files) / MB, sum(file.stat().st_size for file in ffmpeg) / MB


def forget(folder: Path) -> None:
    """Have the system forget what it has read of these files; of no others."""
    for file in folder.rglob("*"):
        if file.is_file():
            number = os.open(file, os.O_RDONLY)
            os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(number)


def started(data: Path, program: Sequence[str]) -> float:
    with a_server(data, port=PORT, program=program) as (_, seconds):
        return seconds


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def answered(task: str, seconds: list[float]) -> Row:
    median = statistics.median(seconds)
    return Row(task, f"{median:.2f} s", "≤ 2.5 s", median <= 2.5)


if __name__ == "__main__":
    main()
