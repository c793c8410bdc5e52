"""The icon is kept as long as the server runs, and no longer; whatever it does, the server goes on."""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from pathlib import Path

import pytest

from homemedia.desktop import session
from homemedia.desktop.keeper import STARTED_AGAIN, Tray

PAGE = "http://localhost:8420"
STAYS = "import pathlib, sys; pathlib.Path(sys.argv[1], 'up').write_text('x'); sys.stdin.read(); pathlib.Path(sys.argv[1], 'went').touch()"  # noqa: E501 - one command line
DEAF = "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path(sys.argv[1], 'up').write_text('x'); time.sleep(600)"  # noqa: E501 - likewise
COUNTS = "import pathlib, sys; file = pathlib.Path(sys.argv[1], 'runs'); file.open('a').write('x'); sys.stderr.write('first\\nno such thing\\n'); sys.exit({status})"  # noqa: E501 - likewise


# Finds no place twice.
LATE = "import pathlib, sys; file = pathlib.Path(sys.argv[1], 'runs'); file.open('a').write('x'); (pathlib.Path(sys.argv[1], 'up').write_text('x'), sys.stdin.read()) if len(file.read_text()) > 2 else sys.exit(4)"  # noqa: E501 - likewise


def tray(
    folder: Path,
    *scripts: str,
    is_over: tuple[bool, ...] = (False,),
    later_s: tuple[float, ...] = (),
    look_s: float = 3600.0,
) -> Tray:
    """`is_over`: whether the session is, each time that it is asked; the last word stays."""
    answers = list(is_over)

    def commands(data_dir: Path) -> list[list[str]]:
        return [[sys.executable, "-c", script, str(data_dir)] for script in scripts]

    return Tray(
        folder,
        PAGE,
        commands=commands,
        again_after_s=0.0,
        later_s=later_s,
        look_s=look_s,
        is_session_over=lambda: answers.pop(0) if len(answers) > 1 else answers[0],
    )


async def until_there(file: Path) -> None:
    async with asyncio.timeout(30):
        while not file.exists():  # noqa: ASYNC240 - another process makes it
            await asyncio.sleep(0.01)


async def ended(kept: Tray) -> None:
    """Wait until nothing is tried any more."""
    async with asyncio.timeout(60):
        await kept.over()


def lives(pid: int | None) -> bool:
    """Whether there is such a process, or what nobody took leave of."""
    assert pid is not None
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def runs(folder: Path) -> int:
    file = folder / "runs"
    return len(file.read_text(encoding="utf-8")) if file.exists() else 0


async def test_icon_ends_by_itself_when_the_server_does(tmp_path: Path) -> None:
    async with tray(tmp_path, STAYS) as kept:
        await until_there(tmp_path / "up")
        pid = kept.pid

    assert (tmp_path / "went").exists(), "it was not killed"
    assert not lives(pid)


async def test_icon_that_does_not_listen_is_ended_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homemedia.desktop.keeper.GRACE_S", 0.1)
    async with tray(tmp_path, DEAF) as kept:
        await until_there(tmp_path / "up")
        pid = kept.pid

    assert not lives(pid)


async def test_icon_that_crashes_is_started_again_but_not_for_ever(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with tray(tmp_path, COUNTS.format(status=1)) as kept:
        await ended(kept)

    assert runs(tmp_path) == 1 + STARTED_AGAIN
    assert "ended with 1: no such thing" in caplog.text
    assert f"it is not started again; the page is {PAGE}" in caplog.text


async def test_icon_without_a_toolkit_is_tried_another_way(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with tray(tmp_path, COUNTS.format(status=3), STAYS) as kept:
        await until_there(tmp_path / "up")
        assert kept.pid is not None

    assert runs(tmp_path) == 1
    assert caplog.text == ""


async def test_desktop_without_any_toolkit_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with tray(tmp_path, COUNTS.format(status=3), COUNTS.format(status=3)) as kept:
        await ended(kept)

    assert runs(tmp_path) == 2
    assert [record.message for record in caplog.records] == [
        f"nothing here can show an icon beside the clock; the page is {PAGE}"
    ]


async def test_desktop_without_a_place_for_icons_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with tray(tmp_path, COUNTS.format(status=4), STAYS) as kept:
        await ended(kept)

    assert runs(tmp_path) == 1
    assert [record.message for record in caplog.records] == [
        f"no place for an icon on this desktop; the page is {PAGE}"
    ]


async def test_panel_that_comes_late_is_found(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with tray(tmp_path, LATE, later_s=(0.0,)) as kept:
        await until_there(tmp_path / "up")
        assert kept.pid is not None

    assert runs(tmp_path) == 3
    assert [record.message for record in caplog.records] == [
        f"no place for an icon on this desktop; the page is {PAGE}"
    ]


async def test_icon_that_a_person_took_away_stays_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with tray(tmp_path, COUNTS.format(status=0)) as kept:
        await ended(kept)

    assert runs(tmp_path) == 1
    assert caplog.text == ""


async def test_icon_is_told_which_settings_the_server_has(tmp_path: Path) -> None:
    told = "import os, pathlib, sys; pathlib.Path(sys.argv[1], 'told').write_text(os.environ['HOMEMEDIA_CONFIG'])"
    command = [sys.executable, "-c", told, str(tmp_path)]
    settings = Path("own.toml")
    async with Tray(tmp_path, PAGE, config_file=settings, commands=lambda _folder: [command]) as kept:
        await ended(kept)

    assert (tmp_path / "told").read_text() == f"{os.getcwd()}/own.toml"  # noqa: PTH109 - asks no disk


async def test_program_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    async with Tray(tmp_path, PAGE, commands=lambda _folder: [["/nowhere/python3"]]) as kept:
        await ended(kept)

    assert kept.pid is None


@pytest.mark.parametrize("status", [0, 1])
async def test_session_that_is_over_ends_what_was_started_in_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.INFO)
    told: list[bool] = []
    kept = tray(tmp_path, COUNTS.format(status=status), is_over=(False, True))
    kept.on_session_over = lambda: told.append(True)
    async with kept:
        await ended(kept)

    assert (runs(tmp_path), told) == (1, [True])
    assert [record.message for record in caplog.records] == ["the session of the desktop is over"]


@pytest.mark.parametrize("status", [3, 4], ids=["no toolkit", "no place"])
async def test_end_of_a_session_is_seen_without_an_icon(tmp_path: Path, status: int) -> None:
    over = asyncio.Event()
    kept = tray(tmp_path, COUNTS.format(status=status), is_over=(False, False, True), look_s=0.01, later_s=(3600.0,))
    kept.on_session_over = over.set
    async with kept, asyncio.timeout(30):
        await over.wait()


@pytest.mark.parametrize(("statuses", "is_over"), [((3, 4), (False, True)), ((1,), (True,))], ids=["none", "never"])
async def test_desktop_without_icons_ends_nothing(
    tmp_path: Path, statuses: tuple[int, ...], is_over: tuple[bool, ...]
) -> None:
    told: list[bool] = []
    kept = tray(tmp_path, *(COUNTS.format(status=status) for status in statuses), is_over=is_over)
    kept.on_session_over = lambda: told.append(True)
    async with kept:
        await ended(kept)

    assert told == []


def test_session_is_over_when_its_display_is_gone(tmp_path: Path) -> None:
    surroundings = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as display:
        display.bind(str(tmp_path / "wayland-7"))
        display.listen()
        assert not session.is_over(surroundings)
        # The one for old programs may come and go.
        assert not session.is_over(surroundings | {"DISPLAY": ":64242"})

    assert session.is_over(surroundings)
    assert session.is_over(surroundings | {"DISPLAY": ":64242"})


def test_display_that_is_too_busy_to_answer_is_there(tmp_path: Path) -> None:
    surroundings = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as display, contextlib.ExitStack() as callers:
        display.bind(str(tmp_path / "wayland-7"))
        display.listen(0)
        with contextlib.suppress(BlockingIOError):
            for _ in range(10):
                caller = callers.enter_context(socket.socket(socket.AF_UNIX))
                caller.setblocking(False)
                caller.connect(str(tmp_path / "wayland-7"))

        assert not session.is_over(surroundings)


@pytest.mark.parametrize("display", ["", "localhost:10.0", "there:0", ":0;rm"])
def test_display_elsewhere_says_nothing_of_the_session(display: str) -> None:
    assert session.displays({"DISPLAY": display}) is None
    assert not session.is_over({"DISPLAY": display})


def test_display_is_found_by_its_number() -> None:
    assert session.displays({"DISPLAY": ":1.0"}) == [session.X_SOCKETS / "X1"]
    assert session.displays({"DISPLAY": "unix:12"}) == [session.X_SOCKETS / "X12"]
    assert session.displays({"WAYLAND_DISPLAY": "wayland-0"}) is None
