"""A server killed in the middle of a conversion leaves no program behind, and the next one no files."""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, CookieJar

from tests.support.samples import a_film

PATIENCE_S = 60.0
DAY_S = 86_400


@contextlib.asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, ClientSession]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "homemedia.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEMEDIA_")}
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, "--data-dir", str(folder / "data"), env={**kept, "HOME": str(folder)}, stdout=quiet, stderr=quiet
    )
    async with ClientSession(f"http://127.0.0.1:{port}", cookie_jar=CookieJar(unsafe=True)) as client:
        try:
            await _until(lambda: _answers(client))
            yield process, client
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _answers(client: ClientSession) -> bool:
    with contextlib.suppress(ClientConnectionError):
        async with client.get("/api/server") as answer:
            return answer.status == 200
    return False


async def _until(holds: Any) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():
            await asyncio.sleep(0.02)


def _converting(film: Path) -> list[int]:
    """Programs that read this film."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and os.fsencode(f"file:{film}") in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_killed_server_leaves_no_program_and_no_files(tmp_path: Path) -> None:
    film = a_film(tmp_path / "media" / "Harbour (2001).mkv", seconds=120, size="160x90", rate=10, codec="mpeg4")
    os.utime(film, (time.time() - DAY_S,) * 2)
    async with _serving(tmp_path) as (process, client):
        person = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
        async with client.post("/api/auth/setup", json=person) as answer:
            assert answer.status == 200
        library = {"name": "Films", "type": "movie", "paths": [str(film.parent)]}
        async with client.post("/api/libraries", json=library) as answer:
            assert answer.status == 201

        async def is_open() -> bool:
            async with client.post("/api/transcode/1") as answer:
                return answer.status == 201

        await _until(is_open)

        async def runs() -> bool:
            return len(_converting(film)) > 0

        await _until(runs)
        transcoding = tmp_path / "data" / "cache" / "transcode"
        process.kill()
        await process.wait()

        async def is_quiet() -> bool:
            return not _converting(film)

        await _until(is_quiet)
        assert [entry for entry in transcoding.iterdir() if entry.is_dir()]
    async with _serving(tmp_path):
        assert not [entry for entry in transcoding.iterdir() if entry.is_dir()]
