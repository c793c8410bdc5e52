"""What lists, pages, history and the trash show of blocks."""

import base64
from typing import Any

import pytest

from homemedia.heaps import crdt
from homemedia.heaps.history import DAY_MS, History
from tests.heaps.conftest import HEAP, Notes, a_note
from tests.heaps.test_sync import edit

BLOCK, TAG, OTHER = "block-of-tests", "tag-of-tests", "other-block"


async def listed(notes: Notes, **wish: Any) -> list[str]:
    await notes.settle()
    answer = await notes.house.send("POST", "/api/heap", {"heap_id": HEAP, **wish})
    assert answer["total"] == len(answer["blocks"])
    return [block["title"] for block in answer["blocks"]]


@pytest.fixture
async def shelf(notes: Notes) -> Notes:
    await notes.note(TAG, "Recipes", type="tag")
    await notes.note(BLOCK, "Plum cake", "Half a pound of plums", tags=(TAG,))
    await notes.note(OTHER, "Shopping", "Plums, flour", mentions=(BLOCK,), pinned=True)
    await notes.settle()
    return notes


@pytest.mark.parametrize(
    ("wish", "titles"),
    [
        ({"sort": "title", "order": "asc"}, ["Family", "Plum cake", "Recipes", "Shopping"]),
        ({"sort": "title", "order": "desc"}, ["Shopping", "Recipes", "Plum cake", "Family"]),
        ({"type": "tag"}, ["Recipes"]),
        ({"type": ["tag", "index"], "sort": "title", "order": "asc"}, ["Family", "Recipes"]),
        ({"tag": TAG}, ["Plum cake"]),
        ({"query": "plum", "sort": "title", "order": "asc"}, ["Plum cake", "Shopping"]),
        ({"query": "plums flour"}, ["Shopping"]),
        ({"query": "%"}, []),
        ({"filter": "pinned"}, ["Shopping"]),
        ({"filter": "unlinked"}, ["Family"]),
        ({"filter": "content"}, ["Recipes"]),
        ({"filter": "files"}, []),
        ({"filter": "roots", "sort": "title", "order": "asc"}, ["Recipes", "Shopping"]),
        ({"filter": "notes", "sort": "title", "order": "asc"}, ["Plum cake", "Shopping"]),
    ],
)
async def test_list_is_of_what_was_asked_for(shelf: Notes, wish: dict[str, Any], titles: list[str]) -> None:
    assert await listed(shelf, **wish) == titles


async def test_block_is_shown_with_what_hangs_on_it(shelf: Notes) -> None:
    page = await shelf.house.send("POST", f"/api/block/{BLOCK}", {})

    assert page["block"]["title"] == "Plum cake"
    assert [one["title"] for one in page["relations"]["tags"]] == ["Recipes"]
    assert [one["title"] for one in page["relations"]["backlinks"]] == ["Shopping"]
    assert page["relations"]["totals"] == {"tags": 1, "children": 0, "mentions": 0, "backlinks": 1}
    assert page["content"]["text"] == "Half a pound of plums"
    assert page["content"]["xml"] == "<paragraph>Half a pound of plums</paragraph>"
    assert "ydoc" not in page
    with_document = await shelf.house.send("POST", f"/api/block/{BLOCK}", {"include": ["ydoc"]})
    assert with_document["ydoc"]


async def test_counts_and_figures_agree(shelf: Notes) -> None:
    counts = await shelf.house.send("POST", "/api/heap_count", {"heap_id": HEAP, "type": "tag"})
    figures = await shelf.house.get(f"/api/heap/stats/{HEAP}")

    assert (counts["count"], counts["total"], counts["unlinked"], counts["trashed"]) == (1, 4, 1, 0)
    assert (
        figures["blocks"]["by_type"]
        == counts["by_type"]
        == {
            "document": 2,
            "file": 0,
            "folder": 0,
            "tag": 1,
            "index": 1,
        }
    )
    assert figures["relations"] == {"tags": 1, "mentions": 1}


async def test_heap_is_called_as_its_first_page(notes: Notes) -> None:
    heap = (await notes.house.send("POST", "/api/heaps", {}))["heaps"][0]
    whole = await notes.pull(heap["block_id"])
    update = base64.b64decode(whole["update"])
    await notes.push(heap["block_id"], edit(update, title="Household"))
    await notes.settle()

    assert (await notes.house.send("POST", "/api/heaps", {}))["heaps"][0]["title"] == "Household"


async def test_trashed_block_leaves_the_lists_and_comes_back_with_its_relations(shelf: Notes) -> None:
    house = shelf.house
    before = (await shelf.delta())["server_time"]

    made = await house.send("POST", f"/api/home/heaps/{HEAP}/trash", {"block_ids": [BLOCK, "not-there"]})

    assert (made["trashed"], made["not_found"]) == ([BLOCK], ["not-there"])
    assert await listed(shelf, query="plum") == ["Shopping"]
    trash = await house.get(f"/api/trash/{HEAP}")
    assert [(one["title"], one["affected"]) for one in trash["blocks"]] == [
        ("Plum cake", {"mentions": 1, "children": 0})
    ]
    told = (await shelf.delta(before))["deleted_blocks"]
    assert [(one["block_id"], one["permanent"]) for one in told] == [(BLOCK, False)]
    assert (await shelf.pull(BLOCK))["status"] == "deleted"

    back = await house.send("POST", f"/api/trash/{HEAP}/restore", {"block_ids": [BLOCK]})

    assert back["restored"] == [BLOCK]
    assert await listed(shelf, tag=TAG) == ["Plum cake"]


async def test_purged_block_never_comes_back(shelf: Notes) -> None:
    house = shelf.house
    await house.send("POST", f"/api/home/heaps/{HEAP}/trash", {"block_ids": [BLOCK]})

    gone = await house.send("DELETE", f"/api/trash/{HEAP}")

    assert (gone["purged"], gone["block_ids"]) == (1, [BLOCK])
    assert (await shelf.push(BLOCK, a_note("Again")))["status"] == "deleted"
    pulled = await shelf.pull(BLOCK)
    assert (pulled["status"], pulled["permanent"]) == ("deleted", True)
    await house.send("POST", f"/api/block/{BLOCK}", {}, 404)
    assert (await house.send("DELETE", f"/api/trash/{HEAP}"))["purged"] == 0


async def test_first_page_of_a_heap_cannot_be_trashed(notes: Notes) -> None:
    heap = (await notes.house.send("POST", "/api/heaps", {}))["heaps"][0]

    await notes.house.send("POST", f"/api/home/heaps/{HEAP}/trash", {"block_ids": [heap["block_id"]]}, 400)


async def test_updates_are_folded_in_and_kept_as_history(notes: Notes) -> None:
    update = await notes.note(BLOCK, "Draft 0")
    for number in range(1, 80):
        change = edit(update, title=f"Draft {number}")
        await notes.push(BLOCK, change)
        update = crdt.merged([update, change])
    server = notes.house.server
    history = History(server.db, server.heaps.documents, server.clock)

    assert await history.fold_ripe() == 1
    assert await history.fold_ripe() == 0

    await notes.push(BLOCK, edit(update, title="Final"))
    told = await notes.house.send("POST", f"/api/block_updates/{BLOCK}", {"include_updates": True})
    assert [(one["kind"], one["count"]) for one in told["updates"]] == [("update", 1), ("window", 80)]
    assert told["updates"][1]["user_name"] == "admin"
    then = await notes.house.send("POST", f"/api/block_updates/{BLOCK}", {"as_of": told["updates"][1]["id"]})
    assert crdt.decoded_vector(crdt.vector_of(update)) == crdt.decoded_vector(_bytes(then["state_vector"]))
    await notes.house.send("POST", f"/api/block_updates/{BLOCK}", {"as_of": 999_999}, 404)
    # What was folded in is the document all the same, for who has nothing and for who has some of it.
    assert (await notes.push(BLOCK, update))["status"] == "unchanged"


async def test_old_history_is_joined_by_days_and_then_to_one(notes: Notes) -> None:
    server = notes.house.server
    history = History(server.db, server.heaps.documents, server.clock)
    update = await notes.note(BLOCK, "Draft")
    await history.fold(BLOCK)
    for number in range(3):
        change = edit(update, icon=str(number))
        await notes.push(BLOCK, change)
        update = crdt.merged([update, change])
        await history.fold(BLOCK)
        async with server.db.write() as tx:
            await tx.run(
                "UPDATE block_history SET first_at = first_at - :age, last_at = last_at - :age",
                {"age": 200 * DAY_MS},
            )

    await history.thin()

    told = (await notes.house.send("POST", f"/api/block_updates/{BLOCK}", {}))["updates"]
    assert [one["kind"] for one in told] == ["window", "base"]
    assert sum(one["count"] for one in told) == 4


async def test_heap_that_is_deleted_comes_back_within_its_grace(shelf: Notes) -> None:
    house = shelf.house
    first = await house.send("DELETE", f"/api/heap/{HEAP}")
    again = await house.send("DELETE", f"/api/heap/{HEAP}")

    assert first["purge_at"] == again["purge_at"]
    assert (await house.send("POST", "/api/heaps", {}))["heaps"] == []
    assert (await house.send("GET", f"/api/sync/delta?workspace_id={HEAP}", None, 410))["code"] == "heap_deleted"

    await house.send("POST", "/api/heap/add", {"id": HEAP}, 200)

    assert "Shopping" in await listed(shelf)


async def test_heap_that_is_purged_leaves_nothing(shelf: Notes) -> None:
    house = shelf.house

    await house.send("DELETE", f"/api/heap/{HEAP}?permanent=true")
    await house.idle()

    for table in ("heap", "block", "block_doc", "block_update", "block_fact", "block_relation", "block_tombstone"):
        assert await house.server.db.read(f"SELECT 1 FROM {table}") == []  # noqa: S608
    await house.send("GET", f"/api/sync/delta?workspace_id={HEAP}", None, 404)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
