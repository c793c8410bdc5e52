"""The icon is kept as long as the server runs, and no longer; whatever it does, the server goes on."""

import asyncio
import contextlib
import logging
import os
import sys
from pathlib import Path

import pytest

from homemedia.desktop.keeper import STARTED_AGAIN, Tray

PAGE = "http://localhost:8420"
STAYS = "import pathlib, sys; pathlib.Path(sys.argv[1], 'up').write_text('x'); sys.stdin.read(); pathlib.Path(sys.argv[1], 'went').touch()"  # noqa: E501 - one command line
DEAF = "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path(sys.argv[1], 'up').write_text('x'); time.sleep(600)"  # noqa: E501 - likewise
COUNTS = "import pathlib, sys; file = pathlib.Path(sys.argv[1], 'runs'); file.open('a').write('x'); sys.stderr.write('first\\nno such thing\\n'); sys.exit({status})"  # noqa: E501 - likewise


def tray(folder: Path, *scripts: str) -> Tray:
    def commands(data_dir: Path) -> list[list[str]]:
        return [[sys.executable, "-c", script, str(data_dir)] for script in scripts]

    return Tray(folder, PAGE, commands=commands, again_after_s=0.0)


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


async def test_icon_that_a_person_took_away_stays_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with tray(tmp_path, COUNTS.format(status=0)) as kept:
        await ended(kept)

    assert runs(tmp_path) == 1
    assert caplog.text == ""


async def test_program_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    async with Tray(tmp_path, PAGE, commands=lambda _folder: [["/nowhere/python3"]]) as kept:
        await ended(kept)

    assert kept.pid is None
