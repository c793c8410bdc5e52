"""A server killed at any moment of an upload keeps every original exactly once, and nothing else."""

import asyncio
import contextlib
import hashlib
import os
import random
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar, FormData

PATIENCE_S = 60.0
AT_ONCE = 4
PERSON = {"username": "admin", "password": "correct horse", "serverName": "Attic"}


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
    session = ClientSession(
        f"http://127.0.0.1:{port}", cookie_jar=CookieJar(unsafe=True), timeout=ClientTimeout(total=PATIENCE_S)
    )
    async with session as client:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not await _answers(client):
                    await asyncio.sleep(0.02)
            yield process, client
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _answers(client: ClientSession) -> bool:
    with contextlib.suppress(ClientError):
        async with client.get("/api/server") as answer:
            return answer.status == 200
    return False


async def _enter(client: ClientSession, *, is_new: bool) -> None:
    path = "/api/auth/setup" if is_new else "/api/auth/login"
    async with client.post(path, json=PERSON) as answer:
        assert answer.status in {200, 201}, await answer.text()


async def _send(client: ClientSession, name: str, content: bytes) -> bool:
    """Upload a file; whether it was acknowledged."""
    form = FormData({"fileCreatedAt": "2024-03-05T10:00:00Z"})
    form.add_field("assetData", _halves(content), filename=name)
    try:
        async with client.post("/api/assets", data=form) as answer:
            return answer.status in {200, 201}
    except ClientError:
        return False


async def _halves(content: bytes) -> AsyncIterator[bytes]:
    yield content[: len(content) // 2]
    await asyncio.sleep(0)
    yield content[len(content) // 2 :]


async def _send_all(client: ClientSession, files: Sequence[tuple[str, bytes]]) -> set[str]:
    """The names of those that were acknowledged."""
    waiting, taken = iter(files), set()

    async def sender() -> None:
        for name, content in waiting:
            if await _send(client, name, content):
                taken.add(name)

    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    return taken


def _check(folder: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """Every original once on the disk and in the database; nothing else."""
    media = folder / "data" / "media"
    wanted = sorted(hashlib.sha1(content, usedforsecurity=False).hexdigest() for _, content in files)
    lying = [path for path in media.rglob("*") if path.is_file()]
    with closing(sqlite3.connect(folder / "data" / "homemedia.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute(
            "SELECT file.path, lower(hex(photo.checksum)) FROM photo JOIN file USING (file_id)"
        ).fetchall()
        used = connection.execute("SELECT used_bytes FROM user").fetchone()[0]
        months = connection.execute("SELECT sum(photos) FROM photo_month").fetchone()[0]
    assert sorted(checksum for _, checksum in rows) == wanted
    assert sorted(str(path.relative_to(media)) for path in lying) == sorted(path for path, _ in rows)
    for path, checksum in rows:
        assert hashlib.sha1((media / path).read_bytes(), usedforsecurity=False).hexdigest() == checksum
    assert used == sum(len(content) for _, content in files)
    assert months == len(files)


async def _swept(folder: Path) -> None:
    """Wait until the folders have been looked through."""
    with closing(sqlite3.connect(folder / "data" / "homemedia.db")) as connection:
        async with asyncio.timeout(PATIENCE_S):
            while connection.execute(
                "SELECT 1 FROM job WHERE kind IN ('photo-sweep', 'managed-tidy') AND state IN ('queued', 'running')"
            ).fetchone():
                await asyncio.sleep(0.02)


async def _killed_again_and_again(folder: Path, files: Sequence[tuple[str, bytes]], kills: int) -> None:
    chance = random.Random(7)  # noqa: S311 - moments of kills
    acknowledged: set[str] = set()
    for number in range(kills):
        async with _serving(folder) as (process, client):
            await _enter(client, is_new=number == 0)
            rest = [one for one in files if one[0] not in acknowledged]
            chance.shuffle(rest)
            sending = asyncio.create_task(_send_all(client, rest))
            await asyncio.wait([sending], timeout=chance.uniform(0.02, 0.6))
            process.kill()
            acknowledged |= await sending
    async with _serving(folder) as (_, client):
        await _enter(client, is_new=False)
        assert await _send_all(client, files) == {name for name, _ in files}
        await _swept(folder)
    async with _serving(folder):
        await _swept(folder)
    _check(folder, files)


def _files(count: int, *, most_bytes: int) -> list[tuple[str, bytes]]:
    chance = random.Random(11)  # noqa: S311 - sizes of files
    return [(f"IMG_{number % 50}.bmp", chance.randbytes(chance.randrange(1, most_bytes))) for number in range(count)]


async def test_server_killed_in_mid_upload_keeps_every_original_once(tmp_path: Path) -> None:
    files = [(f"{number}-{name}", content) for number, (name, content) in enumerate(_files(40, most_bytes=300_000))]

    await _killed_again_and_again(tmp_path, files, kills=3)


@pytest.mark.long
async def test_server_killed_fifty_times_keeps_a_thousand_originals_once(tmp_path: Path) -> None:
    files = [(f"{number}-{name}", content) for number, (name, content) in enumerate(_files(1000, most_bytes=400_000))]

    await _killed_again_and_again(tmp_path, files, kills=50)
