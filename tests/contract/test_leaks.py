"""After a stop nothing is left: no task, thread, child process or open file."""

import asyncio
import gc
import os
import threading
from pathlib import Path

import pytest

from tests.support.app import a_house
from tests.support.samples import a_film


def _open_files() -> set[str]:
    folder = Path("/proc/self/fd")
    found = set()
    for entry in folder.iterdir():
        try:
            found.add(str(entry.readlink()))
        except OSError:
            continue
    return {name for name in found if name.startswith("/") and not name.startswith(("/proc", "/dev"))}


def _children() -> set[int]:
    mine = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    return {int(pid) for pid in mine.read_text(encoding="ascii").split()} if mine.exists() else set()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to look at itself")
async def test_stopped_server_leaves_nothing_behind(tmp_path: Path) -> None:
    film = a_film(tmp_path / "media" / "Harbour Lights (2011).mp4", seconds=1)
    os.utime(film, (0, 0))
    gc.collect()
    tasks, threads, files, children = set(asyncio.all_tasks()), set(threading.enumerate()), _open_files(), _children()

    async with a_house(tmp_path, watch=True) as house:
        await house.claim()
        library = await house.add_library("Films", "movie", tmp_path / "media")
        (item,) = (await house.get(f"/api/libraries/{library['id']}/items"))["items"]
        detail = await house.get(f"/api/media/{item['id']}")
        async with house.client.get(detail["files"][0]["streamUrl"]) as answer:
            assert await answer.read() == film.read_bytes()
        async with house.client.ws_connect("/ws") as socket:
            await socket.send_json({"type": "hello"})
            await socket.receive_json()
    gc.collect()

    assert {task.get_name() for task in asyncio.all_tasks() - tasks} == set()
    assert {thread.name for thread in threading.enumerate() if thread not in threads and thread.is_alive()} == set()
    assert _open_files() - files == set()
    assert _children() - children == set()
