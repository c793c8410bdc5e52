"""Push, pull and delta over HTTP, as a client uses them that was away."""

import base64
from typing import Any

import pycrdt
import pytest

from homemedia.heaps import crdt
from homemedia.heaps.building import MetaWish, built, edit_meta
from tests.heaps.conftest import HEAP, Notes, a_note, b64

BLOCK = "block-of-tests"


def edit(update: bytes, **fields: Any) -> bytes:
    return edit_meta(MetaWish(update=update, fields=fields))


async def test_new_block_is_made_by_its_first_update_and_repeating_it_changes_nothing(notes: Notes) -> None:
    update = a_note("Shopping")

    first = await notes.push(BLOCK, update)
    again = await notes.push(BLOCK, update)

    assert (first["status"], again["status"]) == ("created", "unchanged")
    assert first["state_vector"] == again["state_vector"] == b64(crdt.vector_of(update))
    assert first["updated_at"] == again["updated_at"]


async def test_two_devices_end_up_with_the_same(notes: Notes) -> None:
    ours = a_note("Shopping")
    await notes.push(BLOCK, ours)
    theirs = edit(crdt.EMPTY_UPDATE, icon="🛒")

    result = await notes.push(BLOCK, theirs, state_vector=b64(crdt.vector_of(theirs)))
    pulled = await notes.pull(BLOCK, crdt.vector_of(ours))

    assert result["status"] == "applied"
    mine = crdt.merged([ours, base64.b64decode(pulled["update"])])
    other = crdt.merged([theirs, base64.b64decode(result["update"])])
    assert mine == other
    assert (await notes.pull(BLOCK, crdt.vector_of(mine)))["status"] == "up_to_date"


async def test_update_that_came_before_its_predecessor_waits_for_it(notes: Notes) -> None:
    one = edit(crdt.EMPTY_UPDATE, a=1)
    doc = built(one)
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    fields = doc.get("meta", type=pycrdt.Map)
    fields["b"], fields["c"] = 2, 3
    await notes.push(BLOCK, one)

    early = await notes.push(BLOCK, told[1])
    late = await notes.push(BLOCK, told[0])

    assert (early["status"], late["status"]) == ("pending", "applied")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"update": "AQID"}, "invalid_update"),
        ({"update": "%%%"}, "invalid_encoding"),
        ({"update": b64(a_note("x")), "state_vector": "/////w=="}, "invalid_encoding"),
        ({"update": b64(a_note("x")), "workspace_id": "no-such-heap"}, "not_found"),
        ({"update": "AAA="}, "not_found"),
    ],
)
async def test_wrong_block_is_refused_by_itself(notes: Notes, sent: dict[str, Any], status: str) -> None:
    good = {"block_id": "another-block", "workspace_id": HEAP, "update": b64(a_note("fine"))}
    body = {"blocks": [{"block_id": BLOCK, "workspace_id": HEAP, **sent}, good]}

    answer = await notes.house.send("POST", "/api/sync/push", body)

    assert [one["status"] for one in answer["results"]] == [status, "created"]
    assert [one["success"] for one in answer["results"]] == [False, True]


@pytest.mark.parametrize("body", [{}, {"blocks": []}, {"blocks": [{}]}, {"blocks": "x"}, {"blocks": [{"block_id": 5}]}])
async def test_push_without_blocks_is_refused(notes: Notes, body: dict[str, Any]) -> None:
    answer = await notes.house.send("POST", "/api/sync/push", body, 400)

    assert answer["success"] is False


async def test_delta_tells_each_change_once_in_order(notes: Notes) -> None:
    await notes.settle()
    begin = (await notes.delta())["server_time"]
    for number in range(5):
        await notes.note(f"block-{number:04}", f"Note {number}")
    await notes.settle()

    first = await notes.delta(begin, limit=3)
    second = await notes.delta(first["server_time"], limit=3)
    third = await notes.delta(second["server_time"])

    told = [one["block_id"] for one in first["changed_blocks"] + second["changed_blocks"]]
    assert sorted(told) == [f"block-{number:04}" for number in range(5)]
    assert (first["has_more"], second["has_more"], third["changed_blocks"]) == (True, False, [])
    assert (first["total_changed"], second["total_changed"]) == (5, 2)
    assert {one["title"] for one in first["changed_blocks"]} <= {f"Note {number}" for number in range(5)}


@pytest.mark.parametrize("query", [{"since": 9_000_000_000_000_000}, {"epoch": "another"}])
async def test_delta_of_another_database_begins_anew(notes: Notes, query: dict[str, Any]) -> None:
    await notes.note(BLOCK, "Shopping")

    told = await notes.delta(query.pop("since", 0), **query)

    assert told["reset"] is True
    assert BLOCK in [one["block_id"] for one in told["changed_blocks"]]


async def test_heap_of_another_is_as_if_it_were_not_there(notes: Notes) -> None:
    update = b64(a_note("x"))
    asked = [
        ("GET", "/api/sync/delta?workspace_id=no-such-heap", None),
        ("POST", "/api/heap", {"heap_id": "no-such-heap"}),
        ("DELETE", "/api/heap/no-such-heap", None),
        ("GET", "/api/trash/no-such-heap", None),
        ("POST", "/api/block/no-such-block", {}),
    ]

    for method, path, body in asked:
        assert (await notes.house.send(method, path, body, 404))["code"] == "not_found"
    sent = {"blocks": [{"block_id": BLOCK, "workspace_id": "no-such-heap", "update": update}]}
    assert (await notes.house.send("POST", "/api/sync/push", sent))["results"][0]["status"] == "not_found"


async def test_older_generation_gets_the_whole_and_a_newer_one_is_taken_over(notes: Notes) -> None:
    update = await notes.note(BLOCK, "Shopping")

    newer = await notes.push(BLOCK, edit(update, icon="x"), sync_version=4)
    older = await notes.push(BLOCK, edit(update, icon="y"), sync_version=2)
    pulled = await notes.pull(BLOCK, crdt.vector_of(update), sync_version=2)

    assert (newer["status"], newer["sync_version"]) == ("applied", 4)
    assert (older["status"], older["success"]) == ("version_mismatch", False)
    assert pulled["status"] == "full"
    assert pulled["full_state"] == older["full_state"]
