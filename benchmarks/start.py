"""Starting and resting: seconds to the first answer, memory when nobody asks.

python -m benchmarks start
"""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.house import a_server
from benchmarks.table import Row

ROUNDS = 5
REST_S = 3.0


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        with a_server(data):
            pass  # the first start writes the bytecode and makes the database
        starts = []
        for _ in range(ROUNDS):
            with a_server(data) as (_, seconds):
                starts.append(seconds)
        with a_server(data) as (remote, _):
            remote.claim()
            remote.ask("GET", "/api/home/library/home")
            time.sleep(REST_S)
            memory = remote.memory_mib()
    start = statistics.median(starts)
    return [
        Row("start to first answer", f"{start:.2f} s", "≤ 0.9 s", start <= 0.9),
        Row("memory at rest (PSS)", f"{memory:.0f} MiB", "≤ 90 MiB", memory <= 90),
    ]
