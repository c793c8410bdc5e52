"""Speaking to the server's door."""

import os
import queue
import subprocess
import sys
import time
from pathlib import Path

import pytest

from homemedia.desktop.calls import Calls, Listener, Unreachable, is_running, read_key
from homemedia.desktop.facts import Facts
from tests.support.desktop_door import StandIn, a_state

SOON_S = 10.0


class Heard:
    """What a listener tells, in its order."""

    def __init__(self, folder: Path, *, gone_s: float = 0.2) -> None:
        self.facts: queue.Queue[Facts] = queue.Queue()
        self.gone: queue.Queue[float] = queue.Queue()
        self.listener = Listener(
            Calls(folder), on_facts=self.facts.put, on_gone=lambda: self.gone.put(time.monotonic()), gone_s=gone_s
        )
        self.listener.start()

    def next(self) -> Facts:
        return self.facts.get(timeout=SOON_S)

    def until(self, state: str) -> None:
        """Pass over what is told before that state."""
        while self.next().state != state:
            pass


def ended_pid() -> int:
    """The number of a process that was, and is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_state_is_told_at_once_and_again_when_it_changes(tmp_path: Path) -> None:
    with StandIn(tmp_path) as server:
        heard = Heard(tmp_path)
        first = heard.next()
        server.set(a_state("scanning"))
        second = heard.next()
        heard.listener.stop()

    assert (first.state, second.state) == ("ready", "scanning")
    assert first.url == server.url
    assert server.seen[:2] == ["", first.revision]


def test_what_is_asked_for_arrives(tmp_path: Path) -> None:
    with StandIn(tmp_path) as server:
        Calls(tmp_path).post("scanning", {"paused": True})
        Calls(tmp_path).post("stop", {})

    assert server.posts == [("scanning", {"paused": True}), ("stop", {})]


def test_no_proxy_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with StandIn(tmp_path):
        assert Calls(tmp_path).state("", wait_s=0).state == "ready"


def test_a_door_that_does_not_open_is_told_as_such(tmp_path: Path) -> None:
    calls = Calls(tmp_path)
    with pytest.raises(Unreachable):
        calls.state("", wait_s=0)
    with StandIn(tmp_path) as server:
        server.token = "another start's"
        with pytest.raises(Unreachable):
            calls.post("stop", {})
    assert server.posts == []


def test_a_server_that_restarts_is_found_again(tmp_path: Path) -> None:
    with StandIn(tmp_path):
        heard = Heard(tmp_path, gone_s=SOON_S)
        assert heard.next().state == "ready"
    # Its last answer may come before its end does.
    heard.until("starting")

    with StandIn(tmp_path) as server:
        server.set(a_state("streaming"))
        heard.until("streaming")
        heard.listener.stop()

    assert heard.gone.empty()


def test_a_server_that_is_gone_is_not_waited_for(tmp_path: Path) -> None:
    with StandIn(tmp_path):
        heard = Heard(tmp_path)
        heard.next()
    # Its file may stay when it was killed.
    (tmp_path / "desktop.json").write_text(f'{{"url": "{"http://127.0.0.1:9"}", "token": "x", "pid": {ended_pid()}}}')

    assert heard.gone.get(timeout=SOON_S)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"url": "http://127.0.0.1:1"}', '{"url": "u", "token": "t", "pid": "none"}', "\xff"]
)
def test_half_a_key_is_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "desktop.json"
    file.write_bytes(content.encode("latin-1"))

    assert read_key(file) is None


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/"])
def test_a_key_leads_to_nothing_but_a_server(tmp_path: Path, url: str) -> None:
    (tmp_path / "desktop.json").write_text(f'{{"url": "{url}", "token": "t", "pid": 1}}')

    with pytest.raises(Unreachable):
        Calls(tmp_path).state("", wait_s=0)


def test_the_token_stands_in_no_log(tmp_path: Path) -> None:
    with StandIn(tmp_path) as server:
        key = Calls(tmp_path).key()

    assert key is not None
    assert server.token not in repr(key)


def test_processes_are_told_apart_by_whether_they_run() -> None:
    assert is_running(os.getpid())
    assert not is_running(ended_pid())
