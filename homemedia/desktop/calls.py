"""Talking to the server through its door: `desktop.json` in the data folder says where it is and what opens it.

Standard library only, Python 3.9 and newer. Everything here blocks: it belongs into threads of its own.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homemedia.desktop.facts import STARTING, Facts, facts_of

_log = logging.getLogger(__name__)

FILE = "desktop.json"
STATE = "/api/home/desktop/state"
WAIT_S = 25
# The server answers after WAIT_S at the latest; one that took longer is hanging.
PATIENCE_S = WAIT_S + 15.0
SHORT_S = 5.0
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 5.0
# A file that is gone, or whose process is gone, for this long: nobody comes back. A restart takes about two seconds.
GONE_AFTER_S = 15.0
LARGEST_ANSWER = 1 << 20


class Unreachable(Exception):  # noqa: N818 - says what is, not that something is wrong
    """Nobody opens, or not to us: the server is starting, stopping, or another one than a moment ago."""


@dataclass(frozen=True)
class Key:
    """What `desktop.json` holds."""

    url: str
    token: str = field(repr=False)
    pid: int


def read_key(file: Path) -> Key | None:
    """The key to a running server; None when there is no such file, or when it is being written."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Key(url=str(told["url"]).rstrip("/"), token=str(told["token"]), pid=int(told["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Calls:
    """Requests to the server whose key lies in `folder`. No proxy is asked: it is on this machine."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def key(self) -> Key | None:
        return read_key(self._file)

    def state(self, seen: str, *, wait_s: int) -> Facts:
        """What the server tells, once it is otherwise than `seen` or after `wait_s`.

        Raises:
            Unreachable: no answer, or none that is ours.
        """
        query = urllib.parse.urlencode({"seen": seen, "waitS": wait_s})
        told = self._ask(f"{STATE}?{query}", body=None, timeout_s=wait_s + PATIENCE_S - WAIT_S)
        if not isinstance(told, Mapping):
            raise Unreachable("the answer is of another kind")
        return facts_of(told)

    def post(self, what: str, body: Mapping[str, Any]) -> None:
        """Ask for something to be done: "scanning", "stop", "restart".

        Raises:
            Unreachable: it was not done.
        """
        self._ask(f"/api/home/desktop/{what}", body=json.dumps(body).encode(), timeout_s=SHORT_S)

    def _ask(self, address: str, *, body: bytes | None, timeout_s: float) -> Any:  # noqa: ANN401 - JSON
        key = self.key()
        if key is None or not key.url.startswith("http://"):
            raise Unreachable("there is no door")
        headers = {"Authorization": f"Bearer {key.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(key.url + address, data=body, headers=headers)  # noqa: S310 - http, above
        try:
            with self._opener.open(request, timeout=timeout_s) as answer:
                content = answer.read(LARGEST_ANSWER)
            return json.loads(content) if content else None
        except (OSError, http.client.HTTPException, ValueError) as err:  # URLError and HTTPError are OSErrors
            raise Unreachable(str(err)) from err


class Listener:
    """Asks again and again, in a thread of its own, until the server is gone for good.

    Args:
        calls: how to ask.
        on_facts: told what changed; "starting" while nobody answers.
        on_gone: told once when nobody will answer any more.
    """

    def __init__(
        self,
        calls: Calls,
        *,
        on_facts: Callable[[Facts], None],
        on_gone: Callable[[], None],
        gone_s: float = GONE_AFTER_S,
    ) -> None:
        self._calls = calls
        self._on_facts = on_facts
        self._on_gone = on_gone
        self._gone_s = gone_s
        self._over = threading.Event()

    def start(self) -> None:
        # A thread that waits for an answer must not keep the program from ending.
        threading.Thread(target=self._run, name="door", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def _run(self) -> None:
        seen, pause_s, heard_at = "", FIRST_PAUSE_S, time.monotonic()
        while not self._over.is_set():
            try:
                facts = self._calls.state(seen, wait_s=WAIT_S if seen else 0)
            except Unreachable as err:
                _log.debug("no answer: %s", err)
                if seen:
                    seen = ""
                    self._tell(STARTING)
                if self._is_there():
                    heard_at = time.monotonic()
                elif time.monotonic() - heard_at > self._gone_s:
                    self._on_gone()
                    return
                self._over.wait(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            else:
                is_news = facts.revision != seen or bool(facts.notices)
                seen, pause_s, heard_at = facts.revision, FIRST_PAUSE_S, time.monotonic()
                if is_news:
                    self._tell(facts)
                elif not seen:
                    self._over.wait(LONGEST_PAUSE_S)  # one that names no revision is not asked in circles

    def _tell(self, facts: Facts) -> None:
        try:
            self._on_facts(facts)
        except Exception:  # noqa: BLE001 - the edge of this thread: what cannot be drawn once must not freeze the icon for good
            _log.exception("cannot be shown")

    def _is_there(self) -> bool:
        """Whether the server that wrote the key runs still; it may be busy with its start or its end."""
        key = self._calls.key()
        return key is not None and is_running(key.pid)


def is_running(pid: int) -> bool:
    """Whether a process has this number; on Windows, where asking would end it, always."""
    if os.name == "nt":
        return True
    with contextlib.suppress(PermissionError):  # somebody else's, but there
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
    return True
