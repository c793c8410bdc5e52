"""The program as a desktop starts and ends it: a process of its own with an icon, told to stop, to begin anew, killed.

A stand-in takes the icon's place: it writes down its process and ends when its stdin closes.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.samples import a_film

PATIENCE_S = 60.0
STAND_IN = "import os, pathlib, sys; pathlib.Path(sys.argv[1], 'icon').write_text(str(os.getpid())); sys.stdin.read()"
DRIVER = f"""
import functools, signal, sys
from homemedia import cli, serve
from homemedia.desktop.keeper import Tray

# As a session starts it, also where these tests are run by something that ignores it.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

def commands(data_dir):
    return [[sys.executable, "-c", {STAND_IN!r}, str(data_dir)]]

serve.Tray = functools.partial(Tray, commands=commands)
sys.exit(cli.main())
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")


class Program:
    """`homemedia start` on a desktop."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process, port: int) -> None:
        self.data = folder / "data"
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    @property
    def door(self) -> dict[str, Any] | None:
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads((self.data / "desktop.json").read_text(encoding="utf-8"))
            return found
        return None

    @property
    def icon(self) -> int:
        return int((self.data / "icon").read_text(encoding="utf-8") or 0)

    async def is_up(self, *, but: str = "") -> None:
        """Wait until the door is open and the icon is there; `but`: not that door."""

        def holds() -> bool:
            door = self.door
            return door is not None and door["token"] != but and (self.data / "icon").exists() and self.icon > 0

        await until(holds)

    async def post(self, what: str) -> int:
        door = self.door
        assert door is not None
        return await asyncio.to_thread(_post, f"{self.url}/api/home/desktop/{what}", str(door["token"]))

    async def ended(self) -> tuple[int, str]:
        async with asyncio.timeout(PATIENCE_S):
            _, words = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, words.decode()


def _post(url: str, token: str) -> int:
    request = urllib.request.Request(url, method="POST", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return int(answer.status)


async def until(holds: Any) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.02)


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody took leave of does not."""
    with contextlib.suppress(OSError):
        return (Path(f"/proc/{pid}") / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def children_of(pid: int) -> dict[int, str]:
    """The processes that one has begun, and theirs: number → command line."""
    found: dict[int, str] = {}
    for folder in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            for child in map(int, (folder / "children").read_text().split()):
                words = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
                found |= {child: words.decode("utf-8", "replace")} | children_of(child)
    return found


class Household:
    """An administrator at a browser."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    async def send(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET, or POST `body`; what is answered."""
        return await asyncio.to_thread(self._send, path, None if body is None else json.dumps(body).encode())

    def _send(self, path: str, body: bytes | None) -> Any:
        request = urllib.request.Request(self._url + path, data=body, headers={"Content-Type": "application/json"})
        with self._opener.open(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)


def surroundings(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOMEMEDIA_", "XDG_"))}
    return {**kept, "HOME": str(folder), "DISPLAY": ":4242", "TMPDIR": str(folder)}


async def run(
    folder: Path, port: int, *words: str, data: str = "data", browser: str = "false"
) -> asyncio.subprocess.Process:
    driver = folder / "driver.py"
    driver.write_text(DRIVER, encoding="utf-8")
    command = [sys.executable, str(driver), *words, "--host", "127.0.0.1", "--port", str(port)]
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *command,
        "--data-dir",
        str(folder / data),
        env=surroundings(folder)
        | {"BROWSER": browser, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
    )


def page_in(folder: Path) -> str:
    (page,) = folder.glob("homemedia-*.html")
    return page.read_text(encoding="utf-8")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    port = free_port()
    process = await run(tmp_path, port, "start", "--no-browser")
    started = Program(tmp_path, process, port)
    try:
        await started.is_up()
        yield started
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_stop_takes_the_icon_and_the_door_away(program: Program) -> None:
    icon = program.icon
    assert lives(icon)

    assert await program.post("stop") == 204

    status, words = await program.ended()
    assert (status, "Traceback" in words) == (0, False)
    assert not lives(icon)
    assert program.door is None
    assert not (program.data / "homemedia.db-wal").exists()


async def test_restart_begins_anew_with_the_same_command_line(program: Program) -> None:
    before, icon = program.door, program.icon
    assert before is not None
    (program.data / "icon").unlink()

    assert await program.post("restart") == 204
    await program.is_up(but=str(before["token"]))

    after = program.door
    assert after is not None
    assert (after["url"], after["pid"]) == (before["url"], before["pid"])
    assert not lives(icon)
    assert lives(program.icon)
    assert await program.post("stop") == 204
    status, words = await program.ended()
    assert (status, "Traceback" in words) == (0, False)
    assert words.count("answers at") == 2


async def test_package_that_replaces_the_program_has_it_begin_anew(program: Program) -> None:
    before = program.door
    assert before is not None
    (program.data / "icon").unlink()

    program.process.send_signal(signal.SIGUSR1)
    await program.is_up(but=str(before["token"]))

    assert await program.post("stop") == 204
    status, words = await program.ended()
    assert (status, words.count("answers at")) == (0, 2)


async def test_end_is_heard_although_it_was_to_begin_anew(program: Program) -> None:
    program.process.send_signal(signal.SIGUSR1)
    program.process.send_signal(signal.SIGTERM)

    status, words = await program.ended()
    assert (status, words.count("answers at")) == (0, 1)


async def test_program_that_is_killed_takes_its_icon_with_it(program: Program) -> None:
    icon = program.icon
    program.process.kill()
    await program.process.wait()

    await until(lambda: not lives(icon))


async def test_program_that_is_killed_leaves_nothing_that_it_began(program: Program, tmp_path: Path) -> None:
    films = tmp_path / "films"
    a_film(films / "Harbour (2001).mkv", seconds=120, size="160x90", rate=10, codec="mpeg4")
    house = Household(program.url)
    await house.send("/api/auth/setup", {"username": "admin", "password": "a good one", "serverName": "Attic"})
    library = (await house.send("/api/libraries", {"name": "Films", "type": "movie", "paths": [str(films)]}))["library"]
    items: list[Any] = []
    async with asyncio.timeout(PATIENCE_S):
        while not items:
            await asyncio.sleep(0.05)
            items = (await house.send(f"/api/libraries/{library['id']}/items"))["items"]
    file_id = (await house.send(f"/api/media/{items[0]['id']}"))["files"][0]["id"]
    await house.send(f"/api/libraries/{library['id']}/scan", {"force": True})
    await house.send(f"/api/transcode/{file_id}", {"force": "transcode"})

    begun: dict[int, str] = {}

    def all_run() -> bool:
        begun.clear()
        begun.update(children_of(program.process.pid))
        return {program.icon} <= begun.keys() and all(
            any(word in words for words in begun.values()) for word in ("ffmpeg", " worker ")
        )

    await until(all_run)
    program.process.kill()
    await program.process.wait()

    await until(lambda: not any(lives(pid) for pid in begun))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
async def test_end_of_the_session_stops_it_cleanly(program: Program, number: signal.Signals) -> None:
    icon = program.icon
    program.process.send_signal(number)

    status, words = await program.ended()

    assert (status, "Traceback" in words, "stopping" in words) == (0, False, True)
    assert not lives(icon)
    assert program.door is None
    assert not (program.data / "homemedia.db-wal").exists()


async def test_second_start_leads_to_the_first(program: Program, tmp_path: Path) -> None:
    second = await run(tmp_path, program.port, "start", "--no-browser")
    out, words = await second.communicate()

    assert (second.returncode, words) == (0, b"")
    assert out.decode() == f"HomeMedia is already running: {program.url}\n"


async def test_start_leads_to_a_server_of_somebody_else_on_the_port(program: Program, tmp_path: Path) -> None:
    second = await run(tmp_path, program.port, "start", "--no-browser", data="mine")
    out, words = await second.communicate()
    third = await run(tmp_path, program.port, "serve", data="mine")
    _, refusal = await third.communicate()

    assert (second.returncode, words) == (0, b"")
    assert out.decode().startswith("HomeMedia (")
    assert out.decode().endswith(f") is already running on this machine: {program.url}\n")
    assert (third.returncode, program.url in refusal.decode()) == (1, True)


async def test_two_starts_at_once_are_one_server(tmp_path: Path) -> None:
    port = free_port()
    both = [await run(tmp_path, port, "start", "--no-browser") for _ in range(2)]
    try:
        done, _ = await asyncio.wait(
            [asyncio.create_task(one.communicate()) for one in both],
            timeout=PATIENCE_S,
            return_when=asyncio.FIRST_COMPLETED,
        )
        ((out, _words),) = [task.result() for task in done]
        assert out.decode().startswith("HomeMedia is already running: ")
    finally:
        for one in both:
            if one.returncode is None:
                one.terminate()
                await one.wait()


async def test_other_program_on_the_port_is_no_server_of_ours(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        process = await run(tmp_path, int(other.getsockname()[1]), "start", "--no-browser")
        _, words = await process.communicate()

    assert process.returncode == 1
    assert "is taken by another program" in words.decode()


async def test_who_clicks_on_it_is_shown_why_it_does_not_start(tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho $1 > {shown}\n", encoding="utf-8")
    browser.chmod(0o755)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "homemedia.db").write_bytes(b"this is <not> a database " * 300)
    process = await run(tmp_path, free_port(), "start", browser=str(browser))
    _, words = await process.communicate()

    assert process.returncode == 1
    text = page_in(tmp_path)
    assert shown.read_text(encoding="utf-8").startswith("file:///")
    assert "HomeMedia could not start" in text
    assert "It was left as it is." in text
    assert "left as it is" in words.decode()


async def test_no_icon_is_shown_where_none_is_wished(tmp_path: Path) -> None:
    port = free_port()
    process = await run(tmp_path, port, "start", "--no-browser", "--no-tray")
    started = Program(tmp_path, process, port)
    await until(lambda: started.door is not None)
    assert await started.post("stop") == 204
    status, _ = await started.ended()

    assert (status, (started.data / "icon").exists()) == (0, False)
