"""Stock Yjs clients in Node.js edit a block, each story whole: `tests/support/notes_clients.mjs` tells them.

The idle pause as long as it is in life: `pytest -m long tests/flows/test_notes_clients.py`.
"""

import json
import shutil
from pathlib import Path

import pytest

from homemedia.heaps import connection
from tests.support.app import PASSWORD, House
from tests.support.household import a_household
from tests.support.node import node, node_package, run_program

HEAP, BLOCK = "heap-of-tests", "block-of-tests"
SCRIPT = Path(__file__).parents[1] / "support" / "notes_clients.mjs"
GIVE = """
    INSERT INTO share (share_id, origin, owner_id, created_by, target_type, target_id, recipient_type, recipient_id,
                       permissions, created_at, updated_at)
    SELECT 'look-only', 'share', owner_id, owner_id, 'heap', heap_id, 'user', user.user_id, 1, 0, 0 FROM heap, user
     WHERE heap_id = :heap_id AND NOT user.is_admin
"""


async def told(house: House, folder: Path, story: str, other: str = "", *, patience_s: float = 60.0) -> list[str]:
    """What a story prints that comes out as it should."""
    packages = node_package("y-websocket").parent
    (folder / "node_modules").symlink_to(packages)
    script = shutil.copy(SCRIPT, folder)
    text = await run_program(
        node(), str(script), story, house.url, house.token, BLOCK, HEAP, other, patience_s=patience_s
    )
    lines = text.splitlines()
    assert lines[-1] == "done", text
    return lines


@pytest.fixture
async def notes(claimed: House) -> House:
    await claimed.send("POST", "/api/heap/add", {"id": HEAP, "title": "Family"}, 201)
    claimed.server.heaps.facts.rest_s = 0.0
    return claimed


@pytest.mark.parametrize("story", ["together", "offline", "halves", "presence", "large", "purged", "generations"])
async def test_stock_clients_get_along(notes: House, tmp_path: Path, story: str) -> None:
    await told(notes, tmp_path, story)

    assert notes.server.heaps.rooms.figures.slow_consumers_dropped == 0


async def test_message_that_is_too_large_ends_the_connection_once(notes: House, tmp_path: Path) -> None:
    await told(notes, tmp_path, "tooLarge")


async def test_client_that_has_nothing_to_say_stays(
    notes: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "KEEPALIVE_S", 0.2)

    await told(notes, tmp_path, "idle", "1")


@pytest.mark.long
async def test_client_that_has_nothing_to_say_for_long_stays(notes: House, tmp_path: Path) -> None:
    await told(notes, tmp_path, "idle", "75", patience_s=120.0)


async def test_ended_session_ends_the_connection_and_a_new_one_goes_on(notes: House, tmp_path: Path) -> None:
    async with notes.stranger().post("/api/auth/login", json={"username": "admin", "password": PASSWORD}) as answer:
        other = (await answer.json())["token"]

    await told(notes, tmp_path, "revoked", other)


async def test_who_may_only_look_is_told_so_once_and_reads_on(notes: House, tmp_path: Path) -> None:
    await a_household(notes, "ben")
    async with notes.server.db.write() as tx:
        await tx.run(GIVE, {"heap_id": HEAP})
    body = {"email": "ben@example.org", "password": PASSWORD}
    async with notes.stranger().post("/api/auth/login", json=body) as answer:
        other = (await answer.json())["accessToken"]

    await told(notes, tmp_path, "viewer", other)


async def test_who_does_not_read_is_let_go_and_has_it_all_when_he_comes_back(notes: House, tmp_path: Path) -> None:
    lines = await told(notes, tmp_path, "slow")

    assert json.loads(lines[-2]) == [connection.CLOSE_SLOW]
    assert notes.server.heaps.rooms.figures.slow_consumers_dropped == 1
