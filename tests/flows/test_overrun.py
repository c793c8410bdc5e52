"""A server that is stopped while very much happens on its disk: it hears that it missed something, and finds it all."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.keepsakes import a_copy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


class Program:
    """The program itself, in a process of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        command = [sys.executable, "-m", "homemedia.cli", "serve", "--port", str(port), "--host", "127.0.0.1"]
        self.log = folder / "log"
        alone = {**os.environ, "HOMEMEDIA_SERVER_ANNOUNCE": "false"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--data-dir", str(folder / "data")], stdout=log, stderr=log, env=alone
            )
        self.url = f"http://127.0.0.1:{port}"

    def busy_s(self) -> float:
        """Processor time it took so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _until(holds: Any, patience_s: float) -> None:
    async with asyncio.timeout(patience_s):
        while not await holds():
            await asyncio.sleep(0.2)


async def _overrun(tmp_path: Path, port: int, *, folders: int, files: int) -> float:
    """Start, watch so many folders, miss so many files; processor seconds in two seconds of rest afterwards."""
    films = tmp_path / "Films"
    a_copy(films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", 1)
    for number in range(folders):
        (films / f"Group {number % 100}" / f"Film {number} (2001)").mkdir(parents=True)
    heap = films / "Heap"
    heap.mkdir()
    program = Program(tmp_path, port)
    try:
        async with aiohttp.ClientSession(program.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:

            async def answers() -> bool:
                try:
                    async with client.get("/api/server") as answer:
                        return answer.status == 200
                except aiohttp.ClientConnectionError:
                    return False

            async def get(path: str) -> Any:
                async with client.get(path) as answer:
                    return await answer.json()

            await _until(answers, 30)
            body = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
            async with client.post("/api/auth/setup", json=body) as answer:
                assert answer.status == 200, await answer.text()
            made = {"name": "Films", "type": "movie", "paths": [str(films)]}
            async with client.post("/api/libraries", json=made) as answer:
                assert answer.status == 201, await answer.text()
                library = (await answer.json())["library"]["id"]

            async def is_quiet() -> bool:
                (found,) = (await get("/api/libraries"))["libraries"]
                return found["lastScanAt"] is not None and not (await get("/api/scan-status"))["scans"]

            await _until(is_quiet, 120)
            # It listens once it hears of a file by itself.
            a_copy(films / "Salt Road (2015)" / "Salt Road (2015).mp4", 2)

            async def lists(number: int) -> bool:
                return bool((await get(f"/api/libraries/{library}/items?limit=1"))["totalCount"] >= number)

            await _until(lambda: lists(2), 120)
            await _until(is_quiet, 60)
            program.process.send_signal(signal.SIGSTOP)
            then = time.time() - 86_400
            for number in range(files):
                file = heap / f"Recording {number} (2002).mp4"
                file.write_bytes(b"%d" % number)
                os.utime(file, (then, then))
            a_copy(films / "Group 0" / "Ember (1988)" / "Ember (1988).mp4", 3)
            program.process.send_signal(signal.SIGCONT)
            await _until(lambda: lists(3 + files), 240)
            await _until(is_quiet, 400)
            began = program.busy_s()
            await asyncio.sleep(2)
            return program.busy_s() - began
    finally:
        program.process.send_signal(signal.SIGCONT)
        program.process.terminate()
        program.process.wait(30)


@pytest.mark.long
async def test_20_000_files_missed_with_50_000_folders_watched_are_all_found(
    tmp_path: Path, unused_tcp_port_factory: Any
) -> None:
    """`pytest -n 0 -m long tests/flows/test_overrun.py`: five minutes; needs max_user_watches above 50,000."""
    busy_s = await _overrun(tmp_path, unused_tcp_port_factory(), folders=50_000, files=20_000)

    assert "came too fast" in (tmp_path / "log").read_text()
    assert busy_s < 0.3, "it is busy for ever"
