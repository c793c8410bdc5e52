"""A server's door as the icon sees it: long polls answered from a state that the test sets, and what was asked kept.

By hand: `python -m tests.support.desktop_door FOLDER STATE` writes the key into FOLDER and serves until it is stopped.
"""

import contextlib
import json
import os
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

TOKEN = "a-word-of-this-start"
STATES: dict[str, dict[str, Any]] = {
    "starting": {"state": "starting"},
    "ready": {"state": "ready"},
    "scanning": {
        "state": "scanning",
        "percent": 42,
        "scans": [{"library": "Films", "phase": "reading", "percent": 42}],
    },
    "streaming": {
        "state": "streaming",
        "streams": 2,
        "watching": [
            {"who": "Anna", "what": "Heat", "device": "Living room", "percent": 12, "isPlaying": True},
            {"who": "Ben & Tom", "what": "The Wire", "device": "", "percent": None, "isPlaying": True},
        ],
    },
    "attention": {
        "state": "attention",
        "attention": [{"code": "disk_gone", "message": "The disk of Films is gone.", "address": "/admin/libraries"}],
    },
}


def a_state(name: str, **changes: Any) -> dict[str, Any]:
    """An answer in the state `name` without its revision."""
    return {
        "name": "Attic",
        "version": "0.1.0",
        "url": "http://127.0.0.1:8420",
        "isClaimed": True,
        "percent": None,
        "streams": 0,
        "watching": [],
        "scans": [],
        "isScanningPaused": False,
        "attention": [],
        "notices": [],
        "update": None,
        **STATES[name],
        **changes,
    }


class StandIn:
    """Serves on a free port of the loopback address; `posts` holds (path, body) of what was asked."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.posts: list[tuple[str, Any]] = []
        self.seen: list[str] = []
        self.token = TOKEN
        self._state = a_state("ready")
        self._revision = 1
        self._told = threading.Condition()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                where = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(where.query))
                if self._is_let_in() and where.path == "/api/home/desktop/state":
                    self._answer(200, stand_in.wait(query.get("seen", ""), float(query["waitS"])))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self._is_let_in():
                    stand_in.posts.append((self.path.rpartition("/")[2], json.loads(body) if body else None))
                    self._answer(204, None)

            def _is_let_in(self) -> bool:
                if self.headers.get("Authorization") == f"Bearer {stand_in.token}":
                    return True
                self._answer(401, {"message": "no"})
                return False

            def _answer(self, status: int, body: Any) -> None:
                content = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                if content:
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                with contextlib.suppress(ConnectionError):  # who asked has ended meanwhile
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.write_key()
        return self

    def __exit__(self, *_: object) -> None:
        self.set(self._state)  # whoever waits is answered
        (self.folder / "desktop.json").unlink(missing_ok=True)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def write_key(self, *, pid: int | None = None) -> None:
        key = {"url": self.url, "token": self.token, "pid": os.getpid() if pid is None else pid}
        (self.folder / "desktop.json").write_text(json.dumps(key))

    def set(self, state: dict[str, Any]) -> None:
        with self._told:
            self._state = state
            self._revision += 1
            self._told.notify_all()

    def wait(self, seen: str, wait_s: float) -> dict[str, Any]:
        with self._told:
            self.seen.append(seen)
            self._told.wait_for(lambda: seen != f"r{self._revision}", timeout=wait_s)
            return {**self._state, "url": self.url, "revision": f"r{self._revision}"}


if __name__ == "__main__":
    with StandIn(Path(sys.argv[1])) as by_hand:
        names = sys.argv[2:] or list(STATES)
        while True:
            for each in names:
                by_hand.set(a_state(each))
                time.sleep(5)
