"""A notebook that is shared with members: who reads, who writes, and that nobody gets a link to it."""

from typing import Any

import pytest

from tests.heaps.conftest import HEAP, Notes, a_note, b64
from tests.support.household import Person, a_household

READS = {"can_download": True}
WRITES = {"can_download": True, "can_add": True, "can_edit": True, "can_remove": True}
BLOCK = "block-of-tests"


async def share(notes: Notes, person: Person, **rights: bool) -> dict[str, Any]:
    recipient = {"recipient_type": "user", "recipient_user_id": person.id}
    body = {"target_type": "heap", "target_id": HEAP, "permissions": rights, **recipient}
    made: dict[str, Any] = await notes.house.send("POST", "/api/v1/shares", body)
    return made


@pytest.fixture
async def mara(notes: Notes) -> Person:
    await notes.note(BLOCK, "Plum cake")
    return (await a_household(notes.house, "mara"))["mara"]


async def roles(person: Person) -> dict[str, str]:
    answer = await person.done("POST", "/heaps", {})
    return {heap["id"]: heap["role"] for heap in answer["heaps"]}


@pytest.mark.parametrize(
    ("rights", "role", "status"), [(READS, "viewer", 403), (WRITES, "editor", 200)], ids=["reads", "writes"]
)
async def test_member_reads_or_writes_what_is_shared_with_him(
    notes: Notes, mara: Person, rights: dict[str, bool], role: str, status: int
) -> None:
    assert await roles(mara) == {}
    made = await share(notes, mara, **rights)
    assert made["target_title"] == "Family"
    assert await roles(mara) == {HEAP: role}
    found, _ = await mara.ask("POST", f"/home/heaps/{HEAP}/trash", {"block_ids": [BLOCK]})
    assert found == status
    await notes.house.client.delete(f"/api/v1/shares/{made['id']}")
    assert await roles(mara) == {}


async def test_incoming_share_names_the_notebook_and_waits_while_it_is_deleted(notes: Notes, mara: Person) -> None:
    await share(notes, mara, **READS)
    assert [one["target_title"] for one in await mara.get("/v1/shares/incoming")] == ["Family"]
    async with notes.house.client.delete(f"/api/heap/{HEAP}") as answer:
        assert answer.status == 200
    assert await roles(mara) == {}
    await notes.house.send("POST", "/api/heap/add", {"id": HEAP})
    assert await roles(mara) == {HEAP: "viewer"}


async def test_notebook_has_no_link(notes: Notes) -> None:
    body = {
        "target_type": "heap",
        "target_id": HEAP,
        "recipient_type": "public_link",
        "permissions": {"can_view": True},
    }
    answer = await notes.house.send("POST", "/api/v1/shares", body, 400)
    assert answer["code"] == "permission_not_allowed"


async def test_administrator_shares_no_notebook_of_another(notes: Notes, mara: Person) -> None:
    heap = (await mara.done("POST", "/heap/add", {"title": "Diary"}))["heap"]["id"]
    recipient = {"recipient_type": "group", "recipient_group_id": "everyone"}
    body = {"target_type": "heap", "target_id": heap, "permissions": READS, **recipient}
    answer = await notes.house.send("POST", "/api/v1/shares", body, 400)
    assert answer["code"] == "target_not_found"
    assert (await mara.done("POST", "/sync/push", {"blocks": [pushed(heap)]}))["results"][0]["status"] == "created"


def pushed(heap: str) -> dict[str, str]:
    return {"block_id": "a-day-of-hers", "workspace_id": heap, "update": b64(a_note("Monday"))}
