"""A second start finds the first, and a restart finds its own command line."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from homemedia.desktop import again
from homemedia.desktop.already import household_at, name_in

HEALTH = {
    "status": "ok",
    "version": "0.1.0",
    "uptime": 1,
    "server": {"status": "ok"},
    "database": {"status": "ok", "latency_ms": 0.1},
    "name": "Attic",
    "public_url": None,
    "public_key": "BpfnkJHV",
    "diagnostics": {},
}


class Other(BaseHTTPRequestHandler):
    """A program that answers whatever the test says."""

    status = 200
    body = b""

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def other() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Other)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("status", [200, 503])
def test_household_tells_its_name_also_when_it_is_sick(
    other: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Other, "status", status)
    monkeypatch.setattr(Other, "body", json.dumps(HEALTH).encode())
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert household_at(other) == "Attic"


def test_nobody_there_is_nobody() -> None:
    assert household_at("http://127.0.0.1:9") is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<html>a router</html>",
        b"[]",
        b"\xff\xfe",
        b'{"status": "ok", "name": "another"}',
        json.dumps(HEALTH | {"name": 3}).encode(),
    ],
)
def test_other_programs_are_no_household(text: bytes) -> None:
    assert name_in(text) is None


def test_household_without_a_name_is_one_all_the_same() -> None:
    assert name_in(json.dumps(HEALTH | {"name": ""}).encode()) == "HomeMedia"


def test_restart_takes_the_command_line_it_was_started_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python3", "-P", "-m", "homemedia.cli", "start", "--port", "9000"])

    assert again.command_line() == [sys.executable, "-P", "-m", "homemedia.cli", "start", "--port", "9000"]


def test_restart_of_the_packed_program_has_no_words_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "argv", ["homemedia", "start", "--no-browser"])

    assert again.command_line() == [sys.executable, "start", "--no-browser"]


class BecameError(Exception):
    """In place of another program."""


def test_where_a_thread_hangs_another_process_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def became(*_: object) -> None:
        done.append("became")
        raise BecameError

    def left(_status: int) -> None:
        done.append("left")
        raise BecameError

    monkeypatch.setattr(os, "execv", became)
    monkeypatch.setattr(os, "_exit", left)
    monkeypatch.setattr("subprocess.Popen", lambda *_a, **_k: done.append("started"))
    for is_stuck in (False, True):
        monkeypatch.setattr(again, "has_stuck_threads", lambda is_stuck=is_stuck: is_stuck)
        with pytest.raises(BecameError):
            again.start_again()

    assert done == (["became", "started", "left"] if sys.platform != "win32" else ["started", "left"] * 2)


@pytest.mark.skipif(sys.platform == "win32", reason="systemd")
@pytest.mark.parametrize(
    ("word", "is_own", "ways"),
    [("serve", True, [1]), ("serve", False, ["started", 0]), ("start", True, ["started", 0])],
)
def test_service_whose_thread_hangs_is_begun_again_by_systemd(
    monkeypatch: pytest.MonkeyPatch, word: str, *, is_own: bool, ways: list[object]
) -> None:
    done: list[object] = []

    def left(status: int) -> None:
        done.append(status)
        raise BecameError

    monkeypatch.setattr(sys, "argv", ["homemedia", word])
    monkeypatch.setenv("SYSTEMD_EXEC_PID", str(os.getpid() if is_own else 1))
    monkeypatch.setattr(os, "_exit", left)
    monkeypatch.setattr("subprocess.Popen", lambda *_a, **_k: done.append("started"))
    monkeypatch.setattr(again, "has_stuck_threads", lambda: True)

    with pytest.raises(BecameError):
        again.start_again()

    assert done == ways
