"""A server killed while notes are written loses nothing it has acknowledged.

`pytest -m long tests/flows/test_notes_killed.py`
"""

import asyncio
import contextlib
import os
import random
import shutil
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from tests.support.node import node, node_package

HEAP, BLOCK = "heap-of-tests", "block-of-tests"
SCRIPT = Path(__file__).parents[1] / "support" / "notes_clients.mjs"
PERSON = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
PATIENCE_S = 300.0
EDITS, KILLS = 2000, 4


@contextlib.asynccontextmanager
async def serving(folder: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """A server in a process of its own that answers."""
    command = [sys.executable, "-m", "homemedia.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEMEDIA_")}
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, "--data-dir", str(folder / "data"), env={**kept, "HOME": str(folder)}, stdout=quiet, stderr=quiet
    )
    try:
        async with ClientSession() as client:
            while True:
                with contextlib.suppress(ClientError):
                    async with client.get(f"http://127.0.0.1:{port}/api/server") as answer:
                        if answer.status == 200:
                            break
                await asyncio.sleep(0.02)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def claimed(url: str) -> str:
    async with ClientSession(url) as client:
        async with client.post("/api/auth/setup", json=PERSON) as answer:
            token = str((await answer.json())["token"])
        headers = {"Authorization": f"Bearer {token}"}
        async with client.post("/api/heap/add", json={"id": HEAP, "title": "x"}, headers=headers) as answer:
            assert answer.status == 201
    return token


@pytest.mark.long
async def test_server_killed_while_notes_are_written_loses_nothing_acknowledged(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(node_package("y-websocket").parent)
    script = str(shutil.copy(SCRIPT, tmp_path))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    chance = random.Random(4)  # noqa: S311 - the same every time
    async with asyncio.timeout(PATIENCE_S), contextlib.AsyncExitStack() as stack:
        server = contextlib.AsyncExitStack()
        process = await server.enter_async_context(serving(tmp_path, port))
        stack.push_async_callback(server.aclose)
        child = await asyncio.create_subprocess_exec(
            node(), script, "killed", url, await claimed(url), BLOCK, HEAP, str(EDITS),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        stack.callback(lambda: child.kill() if child.returncode is None else None)
        assert child.stdout is not None
        killed, told = 0, ""
        async for line in child.stdout:
            told += line.decode()
            if killed < KILLS and line.strip().isdigit():
                await asyncio.sleep(chance.random() / 10)
                process.kill()
                await server.aclose()
                process = await server.enter_async_context(serving(tmp_path, port))
                killed += 1
        assert await child.wait() == 0, told
        assert told.endswith("done\n"), told
        assert killed == KILLS
    with closing(sqlite3.connect(tmp_path / "data" / "homemedia.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
