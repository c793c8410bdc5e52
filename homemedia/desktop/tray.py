"""The icon beside the clock: a program of its own that shows what the server tells, and asks of it what is pressed.

It ends with the server: its stdin closes, or nobody answers any more. Its main thread is the toolkit's; the server is
asked in threads. Standard library and pystray only, Python 3.9 and newer: on Linux it runs under the system's Python.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import stat
import subprocess
import sys
import threading
import webbrowser
from collections import deque
from pathlib import Path

from homemedia.desktop import autostart
from homemedia.desktop.backends import NoBackend, Shell
from homemedia.desktop.calls import Calls, Listener, Unreachable
from homemedia.desktop.facts import STARTING, Facts, picture_name, tooltip
from homemedia.desktop.hosts import LOGIN_WAIT_S, toolkits, wait_for_place
from homemedia.desktop.launch import ENDED, NO_PLACE, NO_TOOLKIT, own_command
from homemedia.desktop.menu import Entry, entries

_log = logging.getLogger(__name__)

LOOK_AGAIN_S = 3.0
# A toolkit that does not end by itself is left behind.
END_WAIT_S = 1.5
CHECK_WAIT_S = 120
SWITCH_WAIT_S = 20
CHECK_FILE = "check.txt"
# In the data folder (`core.places`).
LOG_FOLDER = "logs"
KNOWN_NOTES = 100


class Tray:
    """Between the server and the icon.

    Args:
        data_dir: where `desktop.json` lies.
        program: the command line of HomeMedia itself; words follow.
        wait_s: how long to wait for a desktop that takes icons in.
    """

    def __init__(self, data_dir: Path, program: list[str], *, wait_s: float) -> None:
        self._data_dir = data_dir
        self._program = program
        self._wait_s = wait_s
        self._calls = Calls(data_dir)
        self._facts: Facts = STARTING
        self._starts_by_itself = autostart.is_on()
        self._notes: deque[str] = deque(maxlen=KNOWN_NOTES)
        self._shell: Shell | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()

    def run(self) -> int:
        """Show the icon until the server ends; the exit status. On the main thread."""
        kinds = toolkits()
        if not kinds:
            return NO_TOOLKIT
        threading.Thread(target=self._watch_parent, name="parent", daemon=True).start()
        listener = Listener(self._calls, on_facts=self._take, on_gone=self.end)
        has_listened = False
        while not self._over.is_set():
            kind = wait_for_place(kinds, wait_s=self._wait_s, is_over=self._over.is_set)
            if self._over.is_set():
                break
            if kind is None:
                return NO_PLACE
            if kind == "gtk":
                # Windows inside a panel are X's; on Wayland GTK would not even try.
                os.environ["GDK_BACKEND"] = "x11"
            try:
                self._shell = Shell(kind, press=self._press, open_page=self._open)
            except NoBackend as err:
                _log.warning("%s", err)
                return NO_TOOLKIT
            if not has_listened:
                has_listened = True
                listener.start()
                threading.Thread(target=self._keep_inside, name="panel", daemon=True).start()
            self._shell.run(self._draw)  # ends early only when a panel took its window along
        listener.stop()
        return ENDED

    def end(self) -> None:
        """Take the icon away and end; from any thread, as often as one likes."""
        self._over.set()
        if self._shell is not None:
            self._shell.stop()
        leave = threading.Timer(END_WAIT_S, os._exit, [ENDED])
        leave.daemon = True
        leave.start()

    def _take(self, facts: Facts) -> None:
        with self._lock:
            self._facts = facts
        self._draw()
        for note in facts.notices:
            # The server tells a note again when it does not know whether its answer arrived.
            if note.id not in self._notes and self._shell is not None:
                self._notes.append(note.id)
                self._shell.notify(note.title, note.body, note.address)

    def _draw(self) -> None:
        with self._lock:
            facts = self._facts
            if self._shell is not None:
                lines = entries(facts, starts_by_itself=self._starts_by_itself)
                self._shell.show(picture_name(facts), tooltip(facts), lines)

    def _press(self, entry: Entry) -> None:
        threading.Thread(target=self._do, args=(entry,), name=f"press-{entry.what}", daemon=True).start()

    def _do(self, entry: Entry) -> None:
        what = entry.what
        try:
            if what == "open":
                self._open(entry.address)
            elif what in ("pause", "go-on"):
                self._calls.post("scanning", {"paused": what == "pause"})
            elif what == "restart":
                self._calls.post("restart", {})
            elif what == "quit":
                self._quit()
            elif what == "autostart":
                self._switch_autostart(is_on=not self._starts_by_itself)
            elif what == "check":
                self._check()
            elif what == "logs":
                show(self._data_dir / LOG_FOLDER)
        except Unreachable as err:
            _log.warning("%s: %s", what, err)
            self._say("HomeMedia does not answer", "It may be starting or stopping. Try again in a moment.")
        except (OSError, subprocess.SubprocessError, webbrowser.Error) as err:
            _log.warning("%s: %s", what, err)
            self._say("That did not work", str(err))

    def _open(self, address: str) -> None:
        page = self._facts.url + address
        if not page.startswith(("http://", "https://")) or not webbrowser.open(page):
            self._say("No browser was found", f"The page is {page}")

    def _quit(self) -> None:
        try:
            self._calls.post("stop", {})
        except Unreachable:
            # Nobody is there to be stopped.
            if self._calls.key() is None:
                self.end()
                return
            raise

    def _switch_autostart(self, *, is_on: bool) -> None:
        words = ("autostart", "on" if is_on else "off", "--data-dir", str(self._data_dir))
        self._run_program(*words, wait_s=SWITCH_WAIT_S)
        self._starts_by_itself = autostart.is_on()
        self._draw()

    def _check(self) -> None:
        """What the doctor says, as a file that the desktop shows."""
        done = self._run_program("doctor", "--data-dir", str(self._data_dir), wait_s=CHECK_WAIT_S, may_fail=True)
        file = self._data_dir / CHECK_FILE
        file.write_text(done, encoding="utf-8")
        show(file)

    def _run_program(self, *words: str, wait_s: float, may_fail: bool = False) -> str:
        # Windows would open a black window for it.
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        done = subprocess.run(
            [*self._program, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=wait_s,
            check=not may_fail,
            creationflags=flags,
        )
        return done.stdout.decode("utf-8", "replace")

    def _say(self, title: str, body: str) -> None:
        if self._shell is not None:
            self._shell.notify(title, body, "/")

    def _watch_parent(self) -> None:
        """The server holds the other end of our stdin: it closes with it, however it ends."""
        if has_parent_at_stdin():
            while os.read(0, 4096):
                pass
            self.end()

    def _keep_inside(self) -> None:
        while not self._over.wait(LOOK_AGAIN_S):
            if self._shell is not None:
                self._shell.look_again()


def has_parent_at_stdin() -> bool:
    """Whether stdin is a pipe from another program; not so where somebody starts it by hand."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def speak_alone() -> None:
    """Keep the pipe by which the server hears us from what we start.

    A browser outlives us, and the server waits for the end of that pipe: 7 s with each Quit (measured).
    """
    if os.name == "posix":
        sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)


def show(file: Path) -> None:
    """Open a file or folder in whatever the desktop opens it with."""
    if sys.platform == "win32":
        os.startfile(file)  # noqa: S606 - how Windows opens it
    else:
        subprocess.Popen(
            ["open" if sys.platform == "darwin" else "xdg-open", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def main(words: list[str]) -> int:
    """Run the icon; the exit status says why it ended (`launch`)."""
    parser = argparse.ArgumentParser(prog="homemedia tray")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--program", type=json.loads, default=None)
    parser.add_argument("--wait-s", type=float, default=LOGIN_WAIT_S)
    parser.add_argument("--log-level", default="WARNING")
    args = parser.parse_args(words)
    speak_alone()
    logging.basicConfig(level=args.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    tray = Tray(args.data_dir, args.program or own_command(), wait_s=args.wait_s)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: tray.end())
    return tray.run()
