"""Notes found by words, whatever notebook they are in."""

import base64

import pytest

from tests.heaps.conftest import HEAP, Notes, a_note
from tests.support.household import Person, a_household

FOUND = "/api/home/heaps/found"
OTHER = "heap-of-others"


@pytest.fixture
async def shelves(notes: Notes) -> Notes:
    """Two notebooks of the administrator, with plums in both."""
    await notes.house.send("POST", "/api/heap/add", {"id": OTHER, "title": "Garden"}, 201)
    await notes.note("plum-cake", "Plum cake", "Flour and eggs")
    tree = {"block_id": "plum-tree", "workspace_id": OTHER}
    update = base64.b64encode(a_note("The old tree", "bears plums")).decode()
    await notes.house.send("POST", "/api/sync/push", {"blocks": [{**tree, "update": update}]})
    await notes.settle()
    return notes


async def titles(notes: Notes, query: str) -> list[str]:
    found = await notes.house.get(f"{FOUND}?q={query}")
    assert set(found["heaps"]) == {one["heap_id"] for one in found["blocks"]}
    return [one["title"] for one in found["blocks"]]


async def test_words_are_found_in_all_notebooks_last_changed_first(shelves: Notes) -> None:
    assert await titles(shelves, "plum") == ["The old tree", "Plum cake"]
    assert await titles(shelves, "flour") == ["Plum cake"]
    assert (await shelves.house.get(f"{FOUND}?q=plum&limit=1"))["heaps"] == {OTHER: "Garden"}


@pytest.mark.parametrize("query", ["pears", "%25", "+", "%22"])
async def test_nothing_is_found_of_what_stands_nowhere(shelves: Notes, query: str) -> None:
    assert await titles(shelves, query) == []


async def test_others_find_what_they_may_see_and_nobody_what_was_thrown_away(shelves: Notes) -> None:
    house = shelves.house
    mara: Person = (await a_household(house, "mara"))["mara"]
    assert (await mara.done("GET", "/home/heaps/found?q=plum"))["blocks"] == []
    body = {"target_type": "heap", "target_id": OTHER, "recipient_type": "user", "recipient_user_id": mara.id}
    await house.send("POST", "/api/v1/shares", body)
    found = await mara.done("GET", "/home/heaps/found?q=plum")
    assert [one["title"] for one in found["blocks"]] == ["The old tree"]

    await house.send("POST", f"/api/home/heaps/{HEAP}/trash", {"block_ids": ["plum-cake"]})
    await shelves.settle()
    assert await titles(shelves, "plum") == ["The old tree"]
    await house.send("DELETE", f"/api/heap/{OTHER}")
    assert await titles(shelves, "plum") == []
