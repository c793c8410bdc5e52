"""Every figure of docs/performance.md: `python -m benchmarks`, or some of them: `python -m benchmarks scan start`."""

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks import scan, start, table

HERE = Path(__file__).parent
# Those that have a table of their own are run as programs.
PROGRAMS = (
    "pages",
    "grants",
    "ranges",
    "playing",
    "hundred",
    "scan_large",
    "photo_browse",
    "uploads",
    "block_uploads",
    "thumbnails",
    "feed",
    "heaps",
    "frozen",
)
# A word for several of them.
GROUPS = {"photos": ("uploads", "thumbnails", "photo_browse")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", choices=["scan", "start", *PROGRAMS, *GROUPS, []], default=[])
    parser.add_argument("--films", type=int, default=10_000)
    args = parser.parse_args()
    wanted = args.which or ["start", "scan", *PROGRAMS]
    which = [name for word in wanted for name in GROUPS.get(word, (word,))]
    rows: list[table.Row] = []
    if "start" in which:
        rows += start.run()
    if "scan" in which:
        rows += scan.run(args.films)
    if rows:
        print(table.markdown(rows), flush=True)
    for name in PROGRAMS:
        if name in which:
            print(f"\n{name}\n", flush=True)
            subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
