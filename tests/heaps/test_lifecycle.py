"""Heaps that go, blocks that go, and what happens to them at that very moment."""

import pycrdt
import pytest

from homemedia.core.problems import Conflict
from homemedia.heaps import crdt, heaps_store
from homemedia.heaps.building import MetaWish, edit_meta
from homemedia.heaps.documents import Author, Entry
from homemedia.heaps.heaps_store import NewHeap
from tests.heaps.conftest import HEAP, Notes, a_note, b64

BLOCK = "block-of-tests"
DAY_MS = 24 * 3600 * 1000


async def run(notes: Notes, sql: str, **args: object) -> None:
    async with notes.house.server.db.write() as tx:
        await tx.run(sql, args)


async def test_update_for_a_heap_that_was_deleted_meanwhile_is_not_written(notes: Notes) -> None:
    update = await notes.note(BLOCK, "Trip")
    more = edit_meta(MetaWish(update=update, fields={"icon": "x"}))
    await notes.house.send("DELETE", f"/api/heap/{HEAP}")
    entries = [
        Entry(block_id=block_id, heap_id=HEAP, data=data, by=Author(user_id=None))
        for block_id, data in ((BLOCK, more), ("block-of-nobody", a_note("New")), (BLOCK, update))
    ]

    taken = await notes.house.server.heaps.documents.take(entries)

    assert [one.status for one in taken[:2]] == ["not_found", "not_found"]
    assert await notes.house.server.heaps.documents.one("block-of-nobody") is None


async def test_heap_whose_grace_is_over_does_not_come_back_half(notes: Notes) -> None:
    await notes.house.send("DELETE", f"/api/heap/{HEAP}?permanent=true")

    answer = await notes.house.send("POST", "/api/heap/add", {"id": HEAP}, 410)

    assert answer["code"] == "heap_deleted"


async def test_heap_that_was_brought_back_is_not_purged(notes: Notes) -> None:
    await notes.note(BLOCK, "Trip")
    await notes.house.send("DELETE", f"/api/heap/{HEAP}")
    await notes.house.send("POST", "/api/heap/add", {"id": HEAP})

    async with notes.house.server.db.write() as tx:
        assert await heaps_store.drop_some(tx, HEAP, 10, now=1 << 50) == []
        await heaps_store.drop(tx, HEAP, now=1 << 50)

    assert (await notes.pull(BLOCK))["status"] == "update"


async def test_of_two_heaps_of_one_id_the_second_is_refused(notes: Notes) -> None:
    new = NewHeap(heap_id=HEAP, block_id="b", owner_id="u", type="server", title="T", icon=None)

    async with notes.house.server.db.write() as tx:
        with pytest.raises(Conflict, match="id already"):
            await heaps_store.add(tx, new, now=1)


async def test_first_page_that_is_missing_is_made_when_the_heap_is_asked_for_again(notes: Notes) -> None:
    await run(notes, "DELETE FROM block WHERE heap_id = :heap_id", heap_id=HEAP)

    answer = await notes.house.send("POST", "/api/heap/add", {"id": HEAP})

    assert (await notes.pull(answer["block_id"]))["status"] == "update"


async def test_first_page_of_a_heap_cannot_be_thrown_away_by_its_document(notes: Notes) -> None:
    (heap,) = (await notes.house.send("POST", "/api/heaps", {}))["heaps"]
    trashed = edit_meta(MetaWish(update=crdt.EMPTY_UPDATE, fields={"deleted_at": 5}))
    assert (await notes.push(heap["block_id"], trashed))["status"] == "applied"
    await notes.settle()

    purged = await notes.house.send("DELETE", f"/api/trash/{HEAP}")

    assert purged["purged"] == 0
    assert (await notes.pull(heap["block_id"]))["status"] == "update"


async def test_block_that_a_device_brought_back_a_moment_ago_is_not_purged(notes: Notes) -> None:
    update = await notes.note(BLOCK, "Trip", deleted_at=5)
    await notes.settle()
    notes.house.server.heaps.facts.rest_s = 3600.0
    await notes.push(BLOCK, edit_meta(MetaWish(update=update, fields={"deleted_at": None})))

    purged = await notes.house.send("DELETE", f"/api/trash/{HEAP}")

    assert purged["purged"] == 0
    assert (await notes.pull(BLOCK))["status"] == "update"


async def test_what_lies_in_the_trash_already_keeps_its_day(notes: Notes) -> None:
    await notes.note(BLOCK, "Trip", deleted_at=5)
    await notes.settle()

    made = await notes.house.send("POST", f"/api/home/heaps/{HEAP}/trash", {"block_ids": [BLOCK, "block-of-nobody"]})

    assert (made["trashed"], made["not_found"]) == ([BLOCK], ["block-of-nobody"])
    assert (await notes.house.get(f"/api/trash/{HEAP}"))["blocks"][0]["deleted_at"] == 5


async def test_purged_block_of_another_heap_is_told_to_nobody(notes: Notes) -> None:
    await notes.note(BLOCK, "Trip", deleted_at=5)
    await notes.settle()
    await notes.house.send("DELETE", f"/api/trash/{HEAP}")
    await notes.house.send("POST", "/api/heap/add", {"id": "heap-of-others"}, 201)

    assert (await notes.push(BLOCK, a_note("Mine")))["status"] == "deleted"
    assert (await notes.push(BLOCK, a_note("Mine"), workspace_id="heap-of-others"))["status"] == "not_found"


async def test_relation_to_a_block_of_another_heap_counts_for_nobody(notes: Notes) -> None:
    await notes.note(BLOCK, "Trip")
    await notes.house.send("POST", "/api/heap/add", {"id": "heap-of-others"}, 201)
    other = a_note("Other", tags=(BLOCK,), mentions=(BLOCK,))
    await notes.push("block-of-others", other, workspace_id="heap-of-others")
    await notes.settle()

    (block,) = (await notes.house.send("POST", "/api/heap", {"heap_id": HEAP, "filter": "notes"}))["blocks"]
    page = await notes.house.send("POST", "/api/heap", {"heap_id": "heap-of-others", "filter": "unlinked"})

    assert set(block["counts"].values()) == {0}
    assert "block-of-others" in {one["block_id"] for one in page["blocks"]}


async def test_delta_from_before_what_is_forgotten_begins_anew(notes: Notes) -> None:
    since = (await notes.delta())["server_time"]
    await notes.note(BLOCK, "Trip", deleted_at=5)
    await notes.settle()
    await notes.house.send("DELETE", f"/api/trash/{HEAP}")
    later = (await notes.delta())["server_time"]
    await run(notes, "UPDATE block_tombstone SET deleted_at = 1")

    await notes.house.server.heaps.trash.sweep()

    assert (await notes.delta(since))["reset"] is True
    assert (await notes.delta(later))["reset"] is False
    assert (await notes.delta(0))["reset"] is False


async def test_heaps_of_a_member_who_is_gone_for_good_go(notes: Notes) -> None:
    (heap,) = (await notes.house.send("POST", "/api/heaps", {}))["heaps"]
    async with notes.house.server.db.write() as tx:
        await notes.house.server.heaps.heaps.forget_owner(tx, heap["owner_id"])

    await notes.house.server.heaps.heaps.sweep()

    await notes.house.idle()
    assert await notes.house.server.db.read("SELECT heap_id FROM heap") == []


async def test_older_facts_never_win_over_newer_ones(notes: Notes) -> None:
    update = await notes.note(BLOCK, "Trip")
    await notes.settle()
    facts, documents = notes.house.server.heaps.facts, notes.house.server.heaps.documents
    facts.rest_s = 3600.0
    await notes.push(BLOCK, edit_meta(MetaWish(update=update, fields={"title": "Journey"})))
    one = documents.one

    async def slow(block_id: str) -> object:
        document = await one(block_id)
        documents.one = one  # type: ignore[method-assign]
        await notes.push(BLOCK, edit_meta(MetaWish(update=update, fields={"icon": "x"})))
        await facts.derive([block_id])
        return document

    documents.one = slow  # type: ignore[method-assign, assignment]
    await facts.derive([BLOCK])

    (block,) = (await notes.house.send("POST", "/api/heap", {"heap_id": HEAP, "filter": "notes"}))["blocks"]
    assert block["icon"] == "x"


async def test_answer_to_a_push_says_the_generation_only_where_all_of_it_would_be_too_much(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("homemedia.heaps.sync.PULL_BYTES", 100)
    await notes.note(BLOCK, "x" * 500)

    result = await notes.push(
        BLOCK, edit_meta(MetaWish(update=crdt.EMPTY_UPDATE, fields={"a": 1})), state_vector="AA=="
    )

    assert result["status"] == "applied"
    assert "update" not in result
    assert result["state_vector"]


@pytest.mark.parametrize("large", [1 << 70, -(1 << 70)])
async def test_number_beyond_its_limits_counts_as_the_nearest(notes: Notes, large: int) -> None:
    house = notes.house
    for field in ("limit", "offset", "since", "until"):
        await house.send("POST", "/api/heap", {"heap_id": HEAP, field: large})
    await house.send("POST", "/api/heaps", {"offset": large})
    await house.send("POST", "/api/heap/changed_blocks", {"id": HEAP, "since": large})
    await notes.note(BLOCK, "Trip")
    await house.send("POST", f"/api/block_updates/{BLOCK}", {"before": large})
    await house.send("POST", f"/api/block_updates/{BLOCK}", {"as_of": large}, 404)
    await house.send("POST", f"/api/block/{BLOCK}", {"offset": large})
    push = {"block_id": BLOCK, "workspace_id": HEAP, "update": b64(a_note("T")), "sync_version": large}
    await house.send("POST", "/api/sync/push", {"blocks": [push]}, 400)


async def test_delta_names_the_newest_file_of_a_block(notes: Notes) -> None:
    doc = pycrdt.Doc[pycrdt.Map[object]]()
    doc.get("files", type=pycrdt.Map)["a" * 64] = {"name": "x.jpg", "size": 3, "mime": "image/jpeg", "added_at": 7}
    await notes.push(BLOCK, doc.get_update())
    await notes.settle()

    found = {one["block_id"]: one["file_hash"] for one in (await notes.delta())["changed_blocks"]}

    assert found[BLOCK] == "a" * 64


async def test_member_is_told_what_his_heaps_hold(notes: Notes) -> None:
    await notes.note(BLOCK, "Trip")

    usage = (await notes.house.send("POST", "/api/me"))["usage"]

    assert (usage["heaps"], usage["blocks"], usage["files"]) == (1, 2, 0)
    assert usage["document_bytes"] > 0
