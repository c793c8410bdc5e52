"""Scanning a large house: 100,000 films and episodes, and with `--tracks` music, as small valid files on a disk.

    python benchmarks/scan_large.py [--films 50000] [--episodes 50000] [--tracks 0] [--keep FOLDER]

Two fifths of the films lie in a folder each, the others fifty to a folder; episodes twenty to a season. `--keep` makes
the files once. The rescan is held against a bare walk of the same trees in the same run; memory is that of the
server and its media workers together.
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import table
from benchmarks.house import Remote, a_server
from benchmarks.hundred import memory_mib
from benchmarks.scan import PageProbe, age, bare_walk
from benchmarks.words import titles
from homemedia.core.rest import QUIET_S
from tests.support.samples import a_film

PORT = 18421
ROUNDS = 3
POLL_S = 0.1
IN_A_FOLDER, EPISODES, SEASONS = 50, 20, 5


class Tree:
    """Writes copies of one small film, each with bytes of its own at the end."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        sample = folder / f"sample{suffix}"
        if suffix == ".mkv":
            a_film(sample, size="64x36", rate=2, seconds=0.5, audio=None)
        else:
            a_film(sample, codec=None, audio="mp3", seconds=0.5, is_silent=True)
        self._body = sample.read_bytes()
        sample.unlink()
        self._count = 0
        self._made: set[Path] = set()

    def put(self, path: Path) -> None:
        self._count += 1
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        mark = self._count.to_bytes(8, "big")
        path.write_bytes(self._body + (b"\xec\x88" + mark if path.suffix == ".mkv" else mark))


def make(folder: Path, films: int, episodes: int, tracks: int) -> None:
    """The trees `films`, `shows` and `music` in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    video = Tree(folder, ".mkv")
    for number, title in enumerate(titles(films)):
        name = f"{title} ({1930 + number % 95})"
        where = name if number % 5 < 2 else f"{number // IN_A_FOLDER:05d}"
        video.put(folder / "films" / where / f"{name} {number}.mkv")
    for number, title in enumerate(titles(max(1, episodes // (EPISODES * SEASONS)), seed=9)):
        for season in range(1, SEASONS + 1):
            for episode in range(1, EPISODES + 1):
                place = folder / "shows" / f"{title} {number}" / f"Season {season:02d}"
                video.put(place / f"{title} {number} S{season:02d}E{episode:02d}.mkv")
    if tracks:
        sound = Tree(folder, ".mp3")
        for number in range(tracks):
            place = folder / "music" / f"Artist {number // 40}" / f"Album {number // 10}"
            sound.put(place / f"{number % 10 + 1:02d} Track {number}.mp3")
    age(folder)


class Phases:
    """When each scan of a library was in which phase."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote
        self.began: dict[str, dict[str, float]] = {}
        self.listed: dict[str, float] = {}
        self.peak = 0.0

    def watch(self, library_id: str, before: str | None, count: int = 0) -> str:
        """Until a scan of the library has ended that is not `before`; notes when so many files were listed."""
        while True:
            status = self._remote.ask("GET", "/api/scan-status")
            now = time.perf_counter()
            for scan in status["scans"]:
                self.began.setdefault(scan["libraryId"], {}).setdefault(scan["phase"], now)
                if scan["phase"] == "discover" and scan["done"] >= count:
                    self.listed.setdefault(scan["libraryId"], now)
            self.peak = max(self.peak, memory_mib(self._remote.pid))
            ended = last_of(status, library_id)
            if ended is not None and ended["scanId"] != before and not status["scanning"]:
                return str(ended["scanId"])
            time.sleep(POLL_S)


def last_of(status: Any, library_id: str) -> Any:
    """The last scan of a library that has ended; None when there was none."""
    return next((one for one in status["last"] if one["libraryId"] == library_id and one["kind"] == "scan"), None)


def run(folder: Path, films: int, episodes: int, tracks: int) -> list[table.Row]:
    rows: list[table.Row] = []

    def add(task: str, figure: str, aim: str, *, is_met: bool) -> None:
        rows.append(table.Row(task, figure, aim, is_met))
        print(f"{task:60} {figure:60} {aim:14} {'met' if is_met else 'MISSED'}", flush=True)

    kinds = [("Films", "movie", "films", films), ("Shows", "show", "shows", episodes)]
    kinds += [("Music", "music", "music", tracks)] if tracks else []
    with tempfile.TemporaryDirectory() as place, a_server(Path(place) / "data", port=PORT) as (remote, _):
        remote.claim()
        ids: dict[str, str] = {}
        pages: PageProbe | None = None
        listed = probed = 0.0
        for name, kind, below, count in kinds:
            began = time.perf_counter()
            ids[name] = _add(remote, name, kind, folder / below)
            pages = pages or _asking(remote, ids[name])
            phases = Phases(remote)
            phases.watch(ids[name], None, count)
            ended = time.perf_counter()
            found = phases.began[ids[name]]
            at = [*found.items(), ("end", ended)]
            told = {phase: later[1] - since for (phase, since), later in itertools.pairwise(at)}
            print(f"    {name}: " + ", ".join(f"{phase} {took:.1f} s" for phase, took in told.items()))
            first = next((since for phase, since in at if phase != "discover"), ended)
            first = phases.listed.get(ids[name], first)
            listed += first - began
            probe_s = told.get("probe", 0.05)
            probed += probe_s
            add(
                f"first scan, {name.lower()}: listed, probed, all",
                f"{count / (first - began):,.0f}, {count / probe_s:,.0f}, {count / (ended - began):,.0f} files/s",
                "",
                is_met=True,
            )
            add(
                f"memory of server and workers during it, peak, {name.lower()}",
                f"{phases.peak:.0f} MiB",
                "≤ 200 MiB",
                is_met=phases.peak <= 200,
            )
        total = films + episodes + tracks
        add(f"{total:,} files listed", f"{listed:.1f} s", "≤ 15 s", is_met=listed * 100_000 / total <= 15)
        assert pages is not None
        busy = pages.finish()
        calm_pages = _asking(remote, ids["Films"])
        time.sleep(5)
        calm = calm_pages.finish()
        add(
            "50-item page p99 while scanning : at rest",
            f"{busy / calm:.1f} : 1 ({busy:.1f} ms : {calm:.1f} ms)",
            "≤ 3",
            is_met=busy <= 3 * calm,
        )
        add_rescans(remote, ids, folder, kinds, add)
        time.sleep(QUIET_S + 5)
        rest = memory_mib(remote.pid)
        alone = remote.memory_mib()
        figure = f"{alone:.0f} MiB, with workers {rest:.0f} MiB"
        add("memory at rest after it all", figure, "≤ 90 MiB", is_met=alone <= 90)
    return rows


def _add(remote: Remote, name: str, kind: str, folder: Path) -> str:
    """A library without stills: pictures of 100,000 films would be made beside everything that is measured here."""
    body = {"name": name, "type": kind, "paths": [str(folder)], "options": {"extractThumbs": False}}
    return str(remote.ask("POST", "/api/libraries", body)["library"]["id"])


def _asking(remote: Remote, library_id: str) -> PageProbe:
    probe = PageProbe(remote, library_id)
    probe.start()
    return probe


def add_rescans(remote: Remote, ids: dict[str, str], folder: Path, kinds: list[Any], add: Any) -> None:
    walks, rescans = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _, _, below, _ in kinds:
            bare_walk(folder / below)
        walks.append((time.perf_counter() - began) * 1000)
        took = 0
        for library_id in ids.values():
            before = last_of(remote.ask("GET", "/api/scan-status"), library_id)["scanId"]
            remote.ask("POST", f"/api/libraries/{library_id}/scan", {})
            Phases(remote).watch(library_id, before)
            took += last_of(remote.ask("GET", "/api/scan-status"), library_id)["durationMs"]
        rescans.append(took)
    walk, rescan = statistics.median(walks), statistics.median(rescans)
    figure = f"{rescan / walk:.1f} : 1 ({rescan:.0f} ms : {walk:.0f} ms)"
    add("rescan without change : bare walk", figure, "≤ 3", is_met=rescan <= 3 * walk)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--films", type=int, default=50_000)
    parser.add_argument("--episodes", type=int, default=50_000)
    parser.add_argument("--tracks", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where the files are made, or lie from the last time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder: Path = options.keep or Path(place)
        if not (folder / "films").exists():
            began = time.perf_counter()
            make(folder, options.films, options.episodes, options.tracks)
            print(f"files made in {time.perf_counter() - began:.0f} s")
        print(table.markdown(run(folder, options.films, options.episodes, options.tracks)))


if __name__ == "__main__":
    main()
