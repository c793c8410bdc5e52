"""Documents too large to be worked on here, and a worker that does not live for ever."""

import base64
from typing import Any

import pycrdt
import pytest

from homemedia.core.workers import OperationFailed, WorkerCrashed
from homemedia.heaps import crdt, mill
from homemedia.heaps.mill import Mill
from tests.heaps.conftest import Notes, a_note, b64

BLOCK = "block-of-tests"


class Dying:
    """A pool whose worker dies over the first requests."""

    def __init__(self, deaths: int, code: str = "") -> None:
        self.left = deaths
        self.code = code
        self.calls = 0

    async def call(self, _operation: str, _argument: object, _answer: type[Any], *, limit_s: float) -> Any:
        assert limit_s > 0
        self.calls += 1
        self.left -= 1
        if self.left >= 0:
            raise WorkerCrashed("died")
        if self.code:
            raise OperationFailed("no", code=self.code)
        return crdt.EMPTY_UPDATE


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document is large."""
    monkeypatch.setattr(mill, "INLINE_BYTES", 0)


@pytest.mark.usefixtures("tiny")
async def test_large_document_is_told_as_a_small_one_is(notes: Notes) -> None:
    update = a_note("Trip", "words")

    assert (await notes.push(BLOCK, update))["status"] == "created"
    assert (await notes.push(BLOCK, update))["status"] == "unchanged"
    assert (await notes.push(BLOCK, b"\x01\x02\x03"))["status"] == "invalid_update"
    assert (await notes.push(BLOCK, b"\x00\x00\x00"))["status"] == "invalid_update"
    pulled = await notes.pull(BLOCK)
    assert crdt.is_same(base64.b64decode(pulled["update"]), update)
    assert (await notes.pull(BLOCK, crdt.vector_of(update)))["status"] == "up_to_date"


@pytest.mark.usefixtures("tiny")
async def test_worker_that_was_ended_by_another_is_asked_again() -> None:
    pool: Any = Dying(1)

    assert await Mill(pool).merged([b"x"]) == crdt.EMPTY_UPDATE
    assert pool.calls == 2


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("pool", [Dying(2), Dying(0, crdt.INVALID)])
async def test_update_that_kills_or_is_refused_by_the_worker_is_none(pool: Any) -> None:
    with pytest.raises(crdt.InvalidUpdateError):
        await Mill(pool).merged([b"x"])


async def test_document_of_more_visits_than_a_client_may_list_still_grows(notes: Notes) -> None:
    many: list[bytes] = []
    for client in range(1 << 40, (1 << 40) + 10_000):
        doc = pycrdt.Doc[Any](client_id=client)
        doc.get("meta", type=pycrdt.Map)["title"] = "T"
        many.append(doc.get_update())
    update = crdt.merged(many)
    assert len(crdt.vector_of(update)) > crdt.MAX_VECTOR_BYTES

    assert (await notes.push(BLOCK, update))["status"] == "created"
    assert (await notes.push(BLOCK, a_note("More")))["status"] == "applied"
    assert (await notes.pull(BLOCK))["status"] == "update"


async def test_large_push_is_written_in_groups(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homemedia.heaps.sync.AT_ONCE_BYTES", 1)
    monkeypatch.setattr("homemedia.heaps.sync.READ_BYTES", 1)
    blocks = [
        {"block_id": f"block-of-{number % 3:04}", "workspace_id": "heap-of-tests", "update": b64(a_note(str(number)))}
        for number in range(6)
    ]

    pushed = await notes.house.send("POST", "/api/sync/push", {"blocks": blocks})
    pulled = await notes.house.send("POST", "/api/sync/pull", {"blocks": [{"block_id": b["block_id"]} for b in blocks]})

    assert [one["status"] for one in pushed["results"]] == ["created"] * 3 + ["applied"] * 3
    assert {one["status"] for one in pulled["blocks"]} == {"update"}


async def test_history_with_its_bytes_comes_in_answers_that_can_be_borne(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("homemedia.heaps.history.ANSWER_BYTES", 1)
    await notes.push(BLOCK, a_note("One"))
    await notes.push(BLOCK, a_note("Two"))
    ask = {"include_updates": True}

    newest = await notes.house.send("POST", f"/api/block_updates/{BLOCK}", ask)
    oldest = await notes.house.send("POST", f"/api/block_updates/{BLOCK}", {**ask, "before": newest["next_before"]})
    without = await notes.house.send("POST", f"/api/block_updates/{BLOCK}")

    assert [len(one["updates"]) for one in (newest, oldest, without)] == [1, 1, 2]
    assert [one["has_more"] for one in (newest, oldest, without)] == [True, False, False]
    assert newest["updates"][0]["update"]
