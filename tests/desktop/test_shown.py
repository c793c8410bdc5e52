"""The icon on a real screen, shown and pressed (needs the packages that tests/support/screen.py names)."""

import contextlib
import functools
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from homemedia.desktop.facts import STATES, STEPS, facts_of
from homemedia.desktop.launch import ENDED, NO_PLACE, tray_commands
from homemedia.desktop.menu import entries
from homemedia.desktop.picture import Picture
from tests.support.desktop_door import StandIn, a_state
from tests.support.screen import PANEL_HEIGHT, SOON_S, Screen, a_screen, running, until

# While nobody knows how much there is, a quarter is shown, as at two eighths.
NAMES = [*(state for state in STATES if state != "scanning"), *(f"scanning-{step}" for step in range(STEPS + 1))]
# Of 255, the mean over the icon: scaling and the panel's own ground stay below, another picture does not.
ALIKE = 4
LEFT, RIGHT = 1, 3
PAUSE = "Pause scanning"
# A menu takes the keyboard a moment after it is seen.
MENU_S = 0.4
SERVICES = str(Path(__file__).parents[1] / "support" / "desktop_services.py")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with a_screen(tmp_path) as screen:
        yield screen


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StandIn]:
    data = tmp_path / "data"
    data.mkdir()
    with StandIn(data) as server:
        yield server


@contextlib.contextmanager
def an_icon(
    screen: Screen, server: StandIn, *, way: int = 0, wait_s: float = 10.0, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The icon's program, as the server starts it: its stdin is a pipe from here."""
    command = [*tray_commands(server.folder)[way], "--wait-s", str(wait_s)]
    if way:  # the command line of HomeMedia itself takes no such word
        command = command[:-2]
    process = subprocess.Popen(
        command, env={**screen.env, **(env or {})}, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stderr):
            if pipe is not None:
                pipe.close()


def shown(screen: Screen) -> str:
    """The name of the picture in the panel; "" where none of ours is."""
    corner = screen.icon()
    # A panel that just began may be a few pixels wider than what it holds.
    places = [
        corner.crop((left, 0, left + PANEL_HEIGHT, PANEL_HEIGHT)) for left in range(corner.width - PANEL_HEIGHT + 1)
    ]
    best, name = min((difference(place, each), each) for place in places for each in NAMES)
    return name if best < ALIKE else ""


def difference(seen: Image.Image, name: str) -> float:
    expected = Image.new("RGB", seen.size, seen.getpixel((seen.width - 1, seen.height - 1)))
    drawn = drawing(name)
    expected.paste(drawn, ((seen.width - drawn.width) // 2, (seen.height - drawn.height) // 2), drawn)
    return sum(ImageStat.Stat(ImageChops.difference(seen, expected)).mean)


@functools.cache
def drawing(name: str) -> Image.Image:
    with Image.open(Picture(name).path(22)) as drawn:
        return drawn.convert("RGBA")


def seen_as(screen: Screen, name: str) -> None:
    def is_shown() -> bool:
        return shown(screen) == name

    until(is_shown)


def end(process: subprocess.Popen[bytes]) -> int:
    """The server ends: the other end of the pipe closes."""
    assert process.stdin is not None
    process.stdin.close()
    return process.wait(timeout=10)


def press(screen: Screen, number: int) -> None:
    """Open the menu and press its entry `number`, counting from 0 those that can be pressed."""
    screen.press_icon(RIGHT)
    time.sleep(MENU_S)
    screen.do("key", "--delay", "30", *["Down"] * (number + 1), "Return")


def is_opened(screen: Screen, line: str) -> None:
    def is_last() -> bool:
        return screen.opened()[-1:] == [line]

    until(is_last)


def said(service: subprocess.Popen[bytes]) -> Any:
    """The next line that a stand-in tells."""
    assert service.stdout is not None
    give_up = threading.Timer(SOON_S, service.kill)
    give_up.start()
    line = service.stdout.readline()
    give_up.cancel()
    assert line, "it said nothing"
    return json.loads(line)


def test_every_state_is_shown(screen: Screen, server: StandIn) -> None:
    with screen.panel(), an_icon(screen, server) as process:
        for state in ("ready", "scanning", "streaming", "attention", "starting"):
            server.set(a_state(state))
            seen_as(screen, "scanning-3" if state == "scanning" else state)
        for percent in (0, 50, 100):
            server.set(a_state("scanning", percent=percent))
            seen_as(screen, f"scanning-{percent * STEPS // 100}")

        assert end(process) == ENDED
        seen_as(screen, "")


def test_every_entry_does_what_it_says(screen: Screen, server: StandIn) -> None:
    with screen.panel(), an_icon(screen, server):
        seen_as(screen, "ready")
        menu = entries(facts_of(a_state("ready")), starts_by_itself=False)
        names = [entry.text for entry in menu if entry.what or entry.children]

        for name in names:
            number = names.index(name)
            if name == "Who is watching":
                continue
            press(screen, number)
            entry = next(entry for entry in menu if entry.text == name)
            if entry.what == "open":
                is_opened(screen, f"browser {server.url}{entry.address}")
            elif entry.what == "autostart":
                until(screen.autostart.is_file)
                assert str(server.folder) in screen.autostart.read_text()
                time.sleep(MENU_S)  # it is drawn anew with its mark
                press(screen, number)
                until(lambda: not screen.autostart.exists())
            elif entry.what == "check":
                is_opened(screen, f"xdg-open {server.folder / 'check.txt'}")
                assert "ffmpeg" in (server.folder / "check.txt").read_text()
            else:
                until(lambda: len(server.posts) > 0)
                wish = {"pause": ("scanning", {"paused": True}), "restart": ("restart", {}), "quit": ("stop", {})}
                assert server.posts.pop() == wish[entry.what or ""]


def test_logs_are_shown_as_files_while_no_page_answers(screen: Screen, server: StandIn) -> None:
    with screen.panel(), an_icon(screen, server):
        seen_as(screen, "ready")
        server.token = "of another start"
        server.set(a_state("ready"))
        seen_as(screen, "starting")
        time.sleep(MENU_S)

        press(screen, 0)

        is_opened(screen, f"xdg-open {server.folder / 'logs'}")


def test_a_click_opens_the_page(screen: Screen, server: StandIn) -> None:
    with screen.panel(), an_icon(screen, server):
        seen_as(screen, "ready")

        screen.press_icon(LEFT)

        is_opened(screen, f"browser {server.url}/")


def test_an_open_menu_stays_while_things_happen(screen: Screen, server: StandIn) -> None:
    with screen.panel(), an_icon(screen, server):
        seen_as(screen, "ready")
        screen.press_icon(RIGHT)
        screen.do("mousemove", "10", "500")  # or the icon's words cover the menu
        time.sleep(MENU_S)
        before = screen.picture(crop="400x300+400+40")

        server.set(a_state("attention", isScanningPaused=True))
        seen_as(screen, "attention")
        during = screen.picture(crop="400x300+400+40")
        screen.do("key", "Escape")
        time.sleep(MENU_S)
        press(screen, 0)

        assert ImageChops.difference(before, during).getbbox() is None
        is_opened(screen, f"browser {server.url}/admin/libraries")


def test_without_a_panel_it_says_so_and_ends(screen: Screen, server: StandIn) -> None:
    with an_icon(screen, server, wait_s=0.2) as process:
        assert process.wait(timeout=10) == NO_PLACE


def test_without_a_screen_it_says_so_and_ends(screen: Screen, server: StandIn) -> None:
    with an_icon(screen, server, wait_s=0.2, env={"DISPLAY": ":987"}) as process:
        assert process.wait(timeout=10) == NO_PLACE


def test_a_panel_that_comes_after_the_icon_is_waited_for(screen: Screen, server: StandIn) -> None:
    with an_icon(screen, server), screen.panel():
        seen_as(screen, "ready")


def test_a_panel_that_goes_and_comes_back_shows_it_again(screen: Screen, server: StandIn) -> None:
    with an_icon(screen, server) as process:
        with screen.panel():
            seen_as(screen, "ready")
        server.set(a_state("streaming"))
        with screen.panel():
            seen_as(screen, "streaming")

        assert process.poll() is None


def test_it_ends_when_the_desktop_asks(screen: Screen, server: StandIn) -> None:
    with screen.panel(), an_icon(screen, server) as process:
        seen_as(screen, "ready")

        process.terminate()

        assert process.wait(timeout=10) == ENDED


@pytest.mark.parametrize("bus", ["", "unix:path=/nowhere/at/all"], ids=["nobody for notes", "no bus"])
def test_notes_that_nobody_takes_do_no_harm(screen: Screen, server: StandIn, bus: str) -> None:
    more = {"DBUS_SESSION_BUS_ADDRESS": bus} if bus else {}
    with screen.panel(), an_icon(screen, server, env=more) as process:
        seen_as(screen, "ready")
        server.set(a_state("streaming", notices=[{"id": "1", "title": "Lena waits", "body": "", "address": "/"}]))
        seen_as(screen, "streaming")
        server.set(a_state("ready"))
        seen_as(screen, "ready")

        assert end(process) == ENDED


def test_each_note_is_shown_once_and_leads_to_its_page(screen: Screen, server: StandIn) -> None:
    notes = [
        {"id": "1", "title": "Lena waits", "body": "She wants <b>in</b>.", "address": "/admin/members"},
        {"id": "2", "title": "The first scan is done", "body": "", "address": "/films"},
    ]
    with (
        running("/usr/bin/python3", SERVICES, "notes", env=screen.env, stdout=subprocess.PIPE) as service,
        screen.panel(),
        an_icon(screen, server),
    ):
        assert said(service) == {"ready": True}
        server.set(a_state("ready", notices=notes[:1]))
        first = said(service)
        is_opened(screen, f"browser {server.url}/admin/members")
        server.set(a_state("ready", notices=notes))
        second = said(service)
        is_opened(screen, f"browser {server.url}/films")

    assert (first["title"], first["body"]) == ("Lena waits", "She wants &lt;b&gt;in&lt;/b&gt;.")
    assert second["title"] == "The first scan is done"
    assert Path(first["picture"]).is_file()


def test_a_newer_desktop_takes_it_in_by_its_bus(screen: Screen, server: StandIn) -> None:
    with (
        running(
            "/usr/bin/python3", SERVICES, "panel", "Pause scanning", env=screen.env, stdout=subprocess.PIPE
        ) as panel,
        an_icon(screen, server) as process,
    ):
        assert said(panel) == {"ready": True}
        found = said(panel)
        until(lambda: server.posts)

        assert found["title"].startswith("HomeMedia")
        assert Path(found["picture"]).name == "ready-44.png"
        assert found["lines"][1:5] == ["Open", "Invite somebody…", "Who is watching", PAUSE]
        assert server.posts == [("scanning", {"paused": True})]
        assert end(process) == ENDED


def test_without_a_toolkit_a_click_opens_the_page(screen: Screen, server: StandIn) -> None:
    def is_there() -> bool:
        part = screen.icon().crop((10, 3, 13, 6))
        return sum(ImageStat.Stat(ImageChops.difference(part, Image.new("RGB", part.size, "#00757a"))).mean) < ALIKE

    with an_icon(screen, server, way=1) as process:
        with screen.panel():
            until(is_there)
        with screen.panel():
            until(is_there)
            time.sleep(MENU_S)
            screen.press_icon(LEFT)
            is_opened(screen, f"browser {server.url}/")

            assert end(process) == ENDED
