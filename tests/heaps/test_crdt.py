"""Documents as bytes: what is merged, compared and refused."""

import random
from typing import Any

import pycrdt
import pytest

from homemedia.heaps import crdt
from homemedia.heaps.building import MetaWish, built, edit_meta, shrink
from homemedia.heaps.lib0 import var_uint


def texts(seed: int, edits: int = 60) -> list[bytes]:
    """Updates of three clients that type into one text, delete, and hear of each other now and then."""
    chance = random.Random(seed)  # noqa: S311 - the same every time
    updates: list[bytes] = []
    docs = [pycrdt.Doc[Any](client_id=number + 1) for number in range(3)]
    for doc in docs:
        doc.observe(lambda event: updates.append(event.update))
        doc.get("t", type=pycrdt.Text)
    for _ in range(edits):
        doc = chance.choice(docs)
        text = doc.get("t", type=pycrdt.Text)
        if chance.random() < 0.25 and len(text) > 1:
            del text[0:1]
        else:
            text.insert(chance.randrange(len(text) + 1), chance.choice(["a", "bc", "def"]))
        if chance.random() < 0.2:
            chance.choice(docs).apply_update(doc.get_update())
    return updates


def text_of(update: bytes) -> str:
    return str(built(update).get("t", type=pycrdt.Text))


@pytest.mark.parametrize("seed", range(8))
def test_order_and_repetition_of_updates_do_not_matter(seed: int) -> None:
    updates = texts(seed)
    whole = crdt.merged(updates)
    chance = random.Random(seed)  # noqa: S311
    shuffled = updates * 2
    chance.shuffle(shuffled)
    one_by_one = crdt.EMPTY_UPDATE
    for update in shuffled:
        one_by_one = crdt.merged([one_by_one, update])

    assert text_of(crdt.merged(shuffled)) == text_of(one_by_one) == text_of(whole)
    assert crdt.decoded_vector(crdt.vector_of(one_by_one)) == crdt.decoded_vector(crdt.vector_of(whole))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_in_it_already_changes_nothing(seed: int) -> None:
    updates = texts(seed)
    whole = crdt.merged(updates)

    assert all(crdt.merged([whole, update]) == whole for update in updates)


def test_more_than_a_batch_is_merged_in_batches() -> None:
    updates = texts(1, edits=700)
    assert len(updates) > crdt.BATCH

    assert crdt.decoded_vector(crdt.vector_of(crdt.merged(updates))) == crdt.decoded_vector(
        crdt.vector_of(crdt.merged([crdt.merged(updates[:100]), crdt.merged(updates[100:])]))
    )


def test_who_has_some_gets_the_rest() -> None:
    updates = texts(3)
    whole, some = crdt.merged(updates), crdt.merged(updates[:20])

    rest = crdt.lacking(whole, crdt.vector_of(some))

    assert text_of(crdt.merged([some, rest])) == text_of(whole)
    assert len(rest) < len(whole)


def test_what_waits_for_its_predecessor_is_a_gap_until_it_comes() -> None:
    one = edit_meta(MetaWish(update=crdt.EMPTY_UPDATE, fields={"a": 1}))
    doc = built(one)
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    doc.get("meta", type=pycrdt.Map)["b"] = 2
    doc.get("meta", type=pycrdt.Map)["c"] = 3
    later = told[1]

    lonely = crdt.merged([one, later])
    assert crdt.has_gap(lonely, crdt.vector_of(lonely))
    whole = crdt.merged([lonely, told[0]])
    assert not crdt.has_gap(whole, crdt.vector_of(whole))


@pytest.mark.parametrize("data", [b"", b"\x01", b"\xff" * 12, b"\x01\x02\x03", b"\x00" * 40, b"\x80" * 9])
def test_bytes_that_are_no_update_are_refused(data: bytes) -> None:
    with pytest.raises(crdt.InvalidUpdateError):
        crdt.checked_update(data)


def test_update_of_the_second_encoding_is_refused() -> None:
    # Yjs' V2 form of {"a": 1} in a map: read as the first form it would be an empty update.
    with pytest.raises(crdt.InvalidUpdateError):
        crdt.checked_update(bytes.fromhex("000001010100000100010101280200016d0161017d010100"))


def test_longest_update_is_16_mib() -> None:
    with pytest.raises(crdt.InvalidUpdateError, match="16 MiB"):
        crdt.checked_update(b"\x00" * (crdt.MAX_UPDATE_BYTES + 1))


@pytest.mark.parametrize(
    ("data", "entries"), [(b"\x00", {}), (b"\x01\x05\x07", {5: 7}), (b"\x02\x05\x07\x01\x80\x01", {5: 7, 1: 128})]
)
def test_state_vector_is_read(data: bytes, entries: dict[int, int]) -> None:
    assert crdt.decoded_vector(data) == entries


@pytest.mark.parametrize(
    "data",
    [b"", b"\x01", b"\x01\x05", b"\x00\x00", var_uint(1 << 40) + b"\x01\x01", b"\x01\xff" * 20, bytes(65 << 10)],
    ids=["nothing", "no entry", "half an entry", "more behind", "a hostile count", "too large", "too long"],
)
def test_bytes_that_are_no_state_vector_are_refused(data: bytes) -> None:
    with pytest.raises(crdt.InvalidVectorError):
        crdt.decoded_vector(data)


def test_document_is_shrunk_by_what_was_deleted() -> None:
    # A number of which no four bytes look like an astral character, as one in a hundred does.
    doc = pycrdt.Doc[Any](client_id=7)
    text = doc.get("t", type=pycrdt.Text)
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    for _ in range(50):
        text += "many words "
    del text[5 : len(text)]
    whole = crdt.merged(updates)

    small = shrink(whole)

    assert 0 < len(small) < len(whole)
    assert text_of(small) == text_of(whole) == "many "
    assert crdt.merged([small, updates[3]]) == crdt.merged([small])


def test_document_with_emoji_or_a_gap_is_never_built_anew() -> None:
    with_emoji = edit_meta(MetaWish(update=crdt.EMPTY_UPDATE, fields={"title": "😀" * 10}))
    without = edit_meta(MetaWish(update=with_emoji, fields={"title": None}))

    assert shrink(crdt.merged([with_emoji, without])) == b""


def test_edit_of_ours_holds_nothing_but_itself() -> None:
    whole = crdt.merged(texts(2))

    edit = edit_meta(MetaWish(update=whole, fields={"deleted_at": 5}))

    assert len(edit) < 60
    after = crdt.merged([whole, edit])
    assert built(after).get("meta", type=pycrdt.Map).to_py() == {"deleted_at": 5.0}
    assert text_of(after) == text_of(whole)


@pytest.mark.parametrize("seed", range(4))
def test_document_is_the_same_however_it_is_written_down(seed: int) -> None:
    updates = texts(seed)
    whole = crdt.merged(updates)
    anew = bytes(built(whole).get_update())

    assert crdt.is_same(whole, anew)
    assert crdt.is_same(whole, crdt.merged([anew, crdt.merged(updates[:20])]))
    assert not crdt.is_same(whole, crdt.merged(updates[:-1]))


def test_deletion_alone_makes_another_document() -> None:
    doc = pycrdt.Doc[Any]()
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    text = doc.get("t", type=pycrdt.Text)
    text += "abc"
    before = crdt.merged(updates)
    del text[1:2]

    assert not crdt.is_same(before, crdt.merged(updates))
