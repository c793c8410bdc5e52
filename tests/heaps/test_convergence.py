"""Clients end up with the same, and the server with them, whatever becomes of their messages on the way.

Yjs itself in Node.js: `tests/support/notes_storm.mjs` lets messages come shuffled, twice, split, merged or not at all,
and cuts emoji in two. All thousand runs: `pytest -m long tests/heaps/test_convergence.py`.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.app import server as app_server
from homemedia.heaps import history
from homemedia.heaps.history import History
from tests.heaps.conftest import HEAP
from tests.support.app import House, a_house
from tests.support.node import node, node_package

SUPPORT = Path(__file__).parents[1] / "support"
PATIENCE_S = 120.0


@contextlib.asynccontextmanager
async def folding(house: House) -> AsyncIterator[History]:
    """Documents are folded every few updates meanwhile."""
    server = house.server
    folder = History(server.db, server.heaps.documents, server.clock)

    async def keep() -> None:
        while True:
            await folder.fold_ripe()
            await asyncio.sleep(0.01)

    task = asyncio.create_task(keep())
    try:
        yield folder
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def storm(folder: Path, seed: int, runs: int) -> str:
    """The last word of so many runs; the server is started anew in the middle of them."""
    packages = folder / "node_modules"
    packages.symlink_to(node_package("y-websocket").parent)
    script = shutil.copy(SUPPORT / "notes_storm.mjs", folder)
    async with contextlib.AsyncExitStack() as stack:
        async with a_house(folder) as house:
            await house.claim()
            await house.send("POST", "/api/heap/add", {"id": HEAP, "title": "Family"}, 201)
            child = await asyncio.create_subprocess_exec(
                node(), str(script), house.url, house.token, HEAP, str(seed), str(runs),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            stack.callback(lambda: child.kill() if child.returncode is None else None)
            assert child.stdin is not None
            assert child.stdout is not None
            async with asyncio.timeout(PATIENCE_S), folding(house) as folded:
                first = (await child.stdout.readline()).decode()
                assert first == "half\n", first + (await child.stdout.read()).decode()
            assert folded.compactions
        async with a_house(folder) as house, asyncio.timeout(PATIENCE_S), folding(house):
            told, _ = await child.communicate(f"{house.url}\n".encode())
            rows = await house.server.db.read("SELECT count(*) AS n FROM block_doc WHERE gap")
            assert rows[0]["n"] == 0
    assert child.returncode == 0, told.decode()
    return told.decode()


@pytest.fixture(autouse=True)
def without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """More is asked here in a minute than anybody may."""
    monkeypatch.setattr(app_server, "HEAPS_A_MINUTE", 1_000_000)
    monkeypatch.setattr(history, "MANY", 8)


async def test_clients_end_up_with_the_same_whatever_becomes_of_messages(tmp_path: Path) -> None:
    told = await storm(tmp_path, 1, 20)

    assert told == "apart 0 of 20\n"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 22))
async def test_clients_end_up_with_the_same_a_thousand_times(tmp_path: Path, seed: int) -> None:
    told = await storm(tmp_path, seed, 50)

    assert told == "apart 0 of 50\n"
