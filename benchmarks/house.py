"""A real server as a process of its own, for measuring from outside: start, claim, add libraries, ask, stop."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PATIENCE_S = 600.0
PROGRAM = (sys.executable, "-m", "homemedia.cli")


class Remote:
    """The server at `url`, asked as its administrator."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid
        self.token = ""

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=60) as answer:
            return json.loads(answer.read())

    def claim(self) -> None:
        body = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
        self.token = self.ask("POST", "/api/auth/setup", body)["token"]

    def add_library(self, name: str, kind: str, folder: Path) -> str:
        library = self.ask("POST", "/api/libraries", {"name": name, "type": kind, "paths": [str(folder)]})
        return str(library["library"]["id"])

    def memory_mib(self, field: str = "Pss") -> float:
        """Proportional set size of the server process alone, in MiB."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii")
        line = next(line for line in rollup.splitlines() if line.startswith(f"{field}:"))
        return int(line.split()[1]) / 1024


@contextlib.contextmanager
def a_server(data: Path, *, port: int = 18420, program: Sequence[str] = PROGRAM) -> Iterator[tuple[Remote, float]]:
    """A running server and the seconds from its start to its first answer."""
    command = [*program, "serve", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "HOMEMEDIA_SERVER_LOG_LEVEL": "warning", "HOMEMEDIA_PLAYBACK_PREVIEWS": "false"}
    # Installed programs have their bytecode; without it every start compiles half a million bytes of source.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    process = subprocess.Popen([*command, "--data-dir", str(data)], env=environment)
    try:
        remote = Remote(f"http://127.0.0.1:{port}", process.pid)
        while True:
            try:
                remote.ask("GET", "/api/server")
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - started > PATIENCE_S:
                    raise
                time.sleep(0.005)
        yield remote, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)
