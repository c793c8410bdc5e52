"""A screen of its own with a panel for icons: Xvfb, trayer, a session bus; a mouse that xdotool moves.

Debian: xvfb xauth trayer xdotool dbus imagemagick python3-gi gir1.2-gtk-3.0 gir1.2-ayatanaappindicator3-0.1.
"""

import contextlib
import io
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.support.programs import program

NAME = "tray"  # in HOMEMEDIA_TESTS_REQUIRE
WIDTH, HEIGHT = 900, 600
PANEL_HEIGHT = 24
SLACK = 6
SOON_S = 15.0
LOOK_S = 0.05
GI = """
import gi
gi.require_version("Gtk", "3.0")
gi.require_version("AyatanaAppIndicator3", "0.1")
"""


def needs_a_screen() -> None:
    """Skip the running test, or let it fail, where one of the programs is missing."""
    for name in ("Xvfb", "trayer", "xdotool", "import", "dbus-daemon"):
        program(name, required_as=NAME)
    python = program("/usr/bin/python3", required_as=NAME)
    if subprocess.run([python, "-I", "-c", GI], capture_output=True, check=False).returncode:
        reason = "the system's Python has no GTK (python3-gi, gir1.2-gtk-3.0, gir1.2-ayatanaappindicator3-0.1)"
        if NAME in os.environ.get("HOMEMEDIA_TESTS_REQUIRE", ""):
            pytest.fail(reason)
        pytest.skip(reason)


def until(look: Callable[[], object], *, within_s: float = SOON_S) -> None:
    """Wait until what `look` says is true."""
    over = time.monotonic() + within_s
    while not look():
        if time.monotonic() > over:
            raise AssertionError(f"not within {within_s} s: {look.__qualname__}")
        time.sleep(LOOK_S)


@contextlib.contextmanager
def running(*command: str, env: dict[str, str] | None = None, **more: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


class Screen:
    """`env` is what programs on this screen need; their browser and their settings are of this test alone."""

    def __init__(self, display: str, bus: str, folder: Path) -> None:
        self._xdotool = program("xdotool", required_as=NAME)
        tools = folder / "tools"
        tools.mkdir()
        self._opened = folder / "opened.txt"
        for name in ("browser", "xdg-open"):
            script = tools / name
            script.write_text(f'#!/bin/sh\necho "{name} $*" >> {self._opened}\n')
            script.chmod(0o755)
        config = folder / "config"
        self.autostart = config / "autostart" / "homemedia.desktop"
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "HOME") if name in os.environ}
        self.env = {
            **kept,
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "BROWSER": f"{tools / 'browser'} %s",
            "XDG_CONFIG_HOME": str(config),
            "NO_AT_BRIDGE": "1",
        }

    def opened(self) -> list[str]:
        """What browsers and desktops were asked to show, in order."""
        return self._opened.read_text().splitlines() if self._opened.exists() else []

    def do(self, *words: str) -> None:
        """Have xdotool do it."""
        subprocess.run([self._xdotool, *words], env=self.env, check=True)

    def picture(self, *, crop: str | None = None) -> Image.Image:
        """What is to be seen, or "WxH+X+Y" of it."""
        where = ["-crop", crop] if crop else []
        command = ["import", "-window", "root", *where, "png:-"]
        done = subprocess.run(command, env=self.env, capture_output=True, check=True)
        return Image.open(io.BytesIO(done.stdout)).convert("RGB")

    def icon(self) -> Image.Image:
        """The corner in which the only icon is, with a few pixels on its left."""
        return self.picture(crop=f"{PANEL_HEIGHT + SLACK}x{PANEL_HEIGHT}+{WIDTH - PANEL_HEIGHT - SLACK}+0")

    def press_icon(self, button: int) -> None:
        self.do("mousemove", str(WIDTH - PANEL_HEIGHT // 2), str(PANEL_HEIGHT // 2), "click", str(button))

    @contextlib.contextmanager
    def panel(self) -> Iterator[None]:
        look = ("--edge", "top", "--align", "right", "--widthtype", "request", "--height", str(PANEL_HEIGHT))
        with running("trayer", *look, env=self.env):
            yield


@contextlib.contextmanager
def a_screen(folder: Path) -> Iterator[Screen]:
    """An empty screen, without a panel."""
    needs_a_screen()
    # Each says on its output where it is to be found.
    with contextlib.ExitStack() as stack:
        size = f"{WIDTH}x{HEIGHT}x24"
        server = stack.enter_context(
            running("Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp", stdout=subprocess.PIPE)
        )
        assert server.stdout is not None
        display = f":{server.stdout.readline().decode().strip()}"
        bus = stack.enter_context(
            running("dbus-daemon", "--session", "--nofork", "--print-address", stdout=subprocess.PIPE)
        )
        assert bus.stdout is not None
        yield Screen(display, bus.stdout.readline().decode().strip(), folder)
