"""Scanning: how fast 10,000 small valid videos are listed and probed, rescanned, and how soon a new one shows.

    python -m benchmarks scan [--films N]

Fifty films lie in a folder. The rescan is held against a bare walk (scandir and stat of every entry) of the same
tree in the same run.
"""

import os
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.house import Remote, a_server
from benchmarks.table import Row
from tests.support.samples import a_film, many_films

ROUNDS = 5
IN_A_FOLDER = 50


def bare_walk(folder: Path) -> int:
    """What a rescan cannot do without: every entry seen and stat'ed."""
    count = 0
    stack = [str(folder)]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                else:
                    count += 1
    return count


def _last(remote: Remote, library_id: str) -> Any:
    last = remote.ask("GET", "/api/scan-status")["last"]
    return next((one for one in last if one["libraryId"] == library_id and one["kind"] == "scan"), None)


def _until_listed(remote: Remote, library_id: str, number: int, *, every_s: float = 0.01) -> float:
    """Seconds until the library lists `number` items. Who asks too often measures his own asking."""
    began = time.perf_counter()
    while remote.ask("GET", f"/api/libraries/{library_id}/items?limit=1")["totalCount"] < number:
        time.sleep(every_s)
    return time.perf_counter() - began


def _until_scanned(remote: Remote) -> None:
    time.sleep(0.15)
    while remote.ask("GET", "/api/scan-status")["scanning"]:
        time.sleep(0.1)


class PageProbe(threading.Thread):
    """Asks for a page again and again, and keeps how long each took."""

    def __init__(self, remote: Remote, library_id: str) -> None:
        super().__init__(daemon=True)
        self._path = f"/api/libraries/{library_id}/items?limit=50"
        self._remote = remote
        self._is_over = threading.Event()
        self.times_ms: list[float] = []

    def run(self) -> None:
        while not self._is_over.is_set():
            began = time.perf_counter()
            self._remote.ask("GET", self._path)
            self.times_ms.append((time.perf_counter() - began) * 1000)
            self._is_over.wait(0.02)

    def finish(self) -> float:
        """The 99th percentile in ms."""
        self._is_over.set()
        self.join()
        return statistics.quantiles(self.times_ms, n=100)[98] if len(self.times_ms) > 1 else float("nan")


def run(films: int = 10_000) -> list[Row]:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "films"
        for number, film in enumerate(many_films(folder, films)):
            home = folder / f"{number // IN_A_FOLDER:04d}"
            home.mkdir(exist_ok=True)
            film.rename(home / film.name)
        age(folder)
        with a_server(Path(place) / "data") as (remote, _):
            remote.claim()
            began = time.perf_counter()
            library_id = remote.add_library("Films", "movie", folder)
            listed_s = _until_listed(remote, library_id, films, every_s=0.05)
            pages = PageProbe(remote, library_id)
            pages.start()
            peak = remote.memory_mib()
            phases: dict[str, list[float]] = {}
            while (status := remote.ask("GET", "/api/scan-status"))["scanning"]:
                peak = max(peak, remote.memory_mib())
                for scan in status["scans"]:
                    phases.setdefault(scan["phase"], []).append(time.perf_counter())
                time.sleep(0.05)
            total_s = time.perf_counter() - began
            probing = phases.get("probe", [0.0])
            probe_s = max(probing[-1] - probing[0], 0.05)
            busy_p99 = pages.finish()
            calm = PageProbe(remote, library_id)
            calm.start()
            time.sleep(3)
            calm_p99 = calm.finish()
            rows += [
                Row(
                    "first scan: listed by name",
                    f"{films / listed_s:,.0f} files/s",
                    "≥ 8,000",
                    films / listed_s >= 8000,
                ),
                Row(
                    "first scan: probed",
                    f"{films / probe_s:,.0f} files/s; the whole scan {films / total_s:,.0f} files/s",
                    "≥ 1,500",
                    films / probe_s >= 1500,
                ),
                Row("memory of the server during the scan, peak", f"{peak:.0f} MiB", "≤ 200", peak <= 200),
                Row(
                    "50-item page p99 while scanning : at rest",
                    f"{busy_p99 / calm_p99:.1f} : 1 ({busy_p99:.1f} ms : {calm_p99:.1f} ms)",
                    "≤ 3",
                    busy_p99 <= 3 * calm_p99,
                ),
            ]
            rows += _rescan(remote, library_id, folder)
            rows += _new_file(remote, library_id, folder, films)
    return rows


def _rescan(remote: Remote, library_id: str, folder: Path) -> list[Row]:
    walks, rescans = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        bare_walk(folder)
        walks.append((time.perf_counter() - began) * 1000)
        remote.ask("POST", f"/api/libraries/{library_id}/scan", {})
        _until_scanned(remote)
        rescans.append(_last(remote, library_id)["durationMs"])
    walk, rescan = statistics.median(walks), statistics.median(rescans)
    return [
        Row(
            "rescan without change : bare walk",
            f"{rescan / walk:.1f} : 1 ({rescan:.0f} ms : {walk:.0f} ms)",
            "≤ 3",
            rescan <= 3 * walk,
        )
    ]


def _new_file(remote: Remote, library_id: str, folder: Path, films: int) -> list[Row]:
    source = a_film(folder.parent / "new.mkv", seconds=1).read_bytes()
    times = []
    for number in range(ROUNDS):
        (folder / "0000" / f"Brand New {number} (2020).mkv").write_bytes(source + bytes([number]))
        times.append(_until_listed(remote, library_id, films + number + 1))
    worst = max(times)
    return [
        Row(
            "new file listed after its close",
            f"{statistics.median(times):.2f} s, worst {worst:.2f} s",
            "≤ 0.5 s",
            worst <= 0.5,
        )
    ]


def age(folder: Path) -> None:
    """Make everything a day old, so that no file looks as if it were still written."""
    then = time.time() - 86_400
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (then, then))
