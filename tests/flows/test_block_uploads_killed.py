"""A large file of a note arrives whole, though the server is killed on the way and the client forgets everything."""

import asyncio
import contextlib
import hashlib
import io
import os
import random
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar

PATIENCE_S = 120.0
AT_ONCE = 4
PERSON = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
HEAP, BLOCK = "heap-of-tests", "block-of-tests"
MIB = 1 << 20


class Film:
    """A file that need not be kept: each chunk can be made again."""

    def __init__(self, chunks: int, chunk_size: int) -> None:
        self.chunks, self.chunk_size = chunks, chunk_size
        self.size = chunks * chunk_size - 7
        whole = hashlib.sha256()
        for index in range(chunks):
            whole.update(self.chunk(index))
        self.hash = whole.hexdigest()

    def chunk(self, index: int) -> bytes:
        data = random.Random(index).randbytes(self.chunk_size)  # noqa: S311 - any bytes will do
        return data[:-7] if index == self.chunks - 1 else data

    @property
    def at(self) -> str:
        return f"{HEAP}/{BLOCK}/{self.hash}"


@contextlib.asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "homemedia.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEMEDIA_")}
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, "--data-dir", str(folder / "data"), env={**kept, "HOME": str(folder)}, stdout=quiet, stderr=quiet
    )
    try:
        async with asyncio.timeout(PATIENCE_S), ClientSession(f"http://127.0.0.1:{port}") as client:
            while not await _answers(client):
                await asyncio.sleep(0.02)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _answers(client: ClientSession) -> bool:
    with contextlib.suppress(ClientError):
        async with client.get("/api/server") as answer:
            return answer.status == 200
    return False


@contextlib.asynccontextmanager
async def _device(address: str, *, is_new: bool = False) -> AsyncIterator[ClientSession]:
    """A client that remembers nothing."""
    jar = CookieJar(unsafe=True)
    async with ClientSession(address, cookie_jar=jar, timeout=ClientTimeout(total=PATIENCE_S)) as client:
        path = "/api/auth/setup" if is_new else "/api/auth/login"
        async with client.post(path, json=PERSON) as answer:
            assert answer.status in {200, 201}, await answer.text()
        yield client


async def _begin(client: ClientSession, film: Film) -> list[int]:
    """Which chunks lack, in the order in which they are to be sent: from the end."""
    body = {"hash": film.hash, "size": film.size, "chunk_size": film.chunk_size, "name": "Summer.mp4"}
    async with client.post(f"/api/upload/init/{HEAP}/{BLOCK}", json=body) as answer:
        told = await answer.json()
        assert answer.status in {200, 201}, told
    there = {index for first, last in told["received"] for index in range(first, last + 1)}
    return [index for index in reversed(range(film.chunks)) if index not in there]


async def _send(client: ClientSession, film: Film, indexes: list[int]) -> set[int]:
    """Send chunks, four at a time; those that were acknowledged."""
    waiting, sent = list(reversed(indexes)), set[int]()

    async def stream() -> None:
        while waiting:
            index = waiting.pop()
            with contextlib.suppress(ClientError):
                async with client.put(
                    f"/api/upload/chunk/{film.at}/{index}", data=io.BytesIO(film.chunk(index))
                ) as answer:
                    assert answer.status == 200, await answer.text()
                    sent.add(index)

    await asyncio.gather(*(stream() for _ in range(AT_ONCE)))
    return sent


def _written(folder: Path) -> int:
    """Bytes of what is half received."""
    return sum(path.stat().st_blocks for path in folder.glob("data/media/staging/resumed/*")) * 512


async def _killed_after(
    process: asyncio.subprocess.Process, count: int, sent: "asyncio.Task[set[int]]", folder: Path
) -> None:
    """Kill the server when about so many bytes are on the disk."""
    while not sent.done() and _written(folder) < count:
        await asyncio.sleep(0.005)
    process.kill()
    await process.wait()


async def _complete(client: ClientSession, film: Film) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with client.post(f"/api/upload/complete/{film.at}", json={}) as answer:
                told = await answer.json()
                assert answer.status in {200, 202}, told
                if answer.status == 200:
                    return told
            await asyncio.sleep(0.2)


async def _survives(folder: Path, film: Film) -> None:
    async with _serving(folder) as (process, address), _device(address, is_new=True) as client:
        async with client.post("/api/heap/add", json={"id": HEAP, "title": "Films"}) as answer:
            assert answer.status == 201
        sending = asyncio.create_task(_send(client, film, await _begin(client, film)))
        await _killed_after(process, film.size // 3, sending, folder)
        first = await sending
    async with _serving(folder) as (process, address):
        async with _device(address) as client:
            lacking = await _begin(client, film)
            # Nothing that was acknowledged must be sent again.
            assert lacking
            assert not first & set(lacking)
            second = await _send(client, film, lacking[: len(lacking) // 2])
        async with _device(address) as client:
            lacking = await _begin(client, film)
            assert not (first | second) & set(lacking)
            await _send(client, film, lacking)
            ending = asyncio.create_task(_complete(client, film))
            await asyncio.sleep(0)
            process.kill()
            await asyncio.wait([ending])
            ending.exception()
    async with _serving(folder) as (_, address), _device(address) as client:
        assert await _begin(client, film) in ([], list(reversed(range(film.chunks))))
        kept = await _complete(client, film)
        assert kept["file_hash"] == film.hash
        digest = hashlib.sha256()
        async with client.get(f"/api/file/{kept['file_id']}/raw/x") as answer:
            assert answer.status == 404  # its note has not come yet
    with (folder / "data" / "media" / "objects" / film.hash).open("rb") as file:
        while piece := file.read(MIB):
            digest.update(piece)
    assert digest.hexdigest() == film.hash
    assert not _written(folder)


async def test_upload_survives_a_killed_server_and_a_forgetful_client(tmp_path: Path) -> None:
    await _survives(tmp_path, Film(24, MIB))


@pytest.mark.long
async def test_upload_of_two_gibibytes_survives_a_killed_server_and_a_forgetful_client(tmp_path: Path) -> None:
    """`pytest -n 0 -m long tests/flows/test_block_uploads_killed.py`; needs 5 GiB of disk."""
    await _survives(tmp_path, Film(256, 8 * MIB))
