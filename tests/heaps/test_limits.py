"""What a member may keep of notes: so many heaps, files so large, no more documents than his quota."""

import pytest

from homemedia.app.heap_files import limits_of
from homemedia.heaps import crdt
from homemedia.settings import HeapsSettings, Settings
from tests.heaps.conftest import HEAP, Notes, a_note
from tests.heaps.test_sync import edit
from tests.heaps.test_uploads import BLOCK, Sender, sha

LONG = "plum " * 2000


@pytest.fixture
def sender(notes: Notes) -> Sender:
    return Sender(notes)


async def give(notes: Notes, quota_bytes: int | None) -> None:
    async with notes.house.server.db.write() as tx:
        await tx.run("UPDATE user SET quota_bytes = :bytes", {"bytes": quota_bytes})
    notes.house.server.heaps.room._known.clear()


async def test_member_makes_as_many_heaps_as_he_may(notes: Notes) -> None:
    house = notes.house
    house.server.heaps.heaps.max_heaps = 2
    await house.send("POST", "/api/heap/add", {"id": "second-heap"}, 201)

    refused = await house.send("POST", "/api/heap/add", {"id": "third-heap"}, 507)
    again = await house.send("POST", "/api/heap/add", {"id": "second-heap"})
    await house.send("DELETE", "/api/heap/second-heap")
    await house.send("POST", "/api/heap/add", {"id": "third-heap"}, 201)
    back = await house.send("POST", "/api/heap/add", {"id": "second-heap"}, 507)

    assert (refused["code"], refused["success"], back["code"]) == ("quota_exceeded", False, "quota_exceeded")
    assert again["heap"]["id"] == "second-heap"


async def test_file_is_as_large_as_it_may_be(sender: Sender) -> None:
    house, data = sender.house, b"p" * 1001
    house.server.heaps.files.uploads.max_bytes = 1000

    refused = await sender.begin(data, 413)
    head = {"Content-Type": "multipart/form-data; boundary=b"}
    form = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
    body = form % (b"hash", sha(data).encode()) + form % (b"file", data) + b"--b--\r\n"
    async with house.client.post(f"/api/upload/file/{HEAP}/{BLOCK}", data=body, headers=head) as answer:
        at_once = await answer.json()
        assert answer.status == 413
    await sender.begin(data[:1000])

    assert refused["code"] == at_once["code"] == "file_too_large"


async def test_member_is_told_what_he_may_keep(notes: Notes) -> None:
    settings = Settings(heaps=HeapsSettings(max_heaps=5, max_file_mb=2))
    notes.house.server.accounts.key_login.limits = limits_of(settings)

    limits = (await notes.house.send("POST", "/api/me", {}))["limits"]

    assert (limits["max_heaps"], limits["max_file_bytes"], limits["storage_bytes"]) == (5, 2 << 20, None)
    assert limits_of(Settings()).max_heaps is limits_of(Settings()).max_file_bytes is None


async def test_documents_stop_where_the_quota_is_full_and_tidying_up_goes_on(notes: Notes) -> None:
    known = await notes.note(BLOCK, "Plums")
    await give(notes, 10)

    long = await notes.push(BLOCK, crdt.merged([known, a_note("More", LONG)]))
    new = await notes.push("another-block", a_note("New"))
    thrown = await notes.push(BLOCK, edit(known, deleted_at=5))
    heap = await notes.house.send("POST", "/api/heap/add", {"id": "another-heap"}, 507)
    await give(notes, None)
    taken = await notes.push(BLOCK, crdt.merged([known, a_note("More", LONG)]))

    assert (long["status"], long["success"]) == ("quota_exceeded", False)
    assert (new["status"], thrown["status"], heap["code"]) == ("quota_exceeded", "applied", "quota_exceeded")
    assert taken["status"] == "applied"


async def test_what_is_known_already_needs_no_room(notes: Notes) -> None:
    update = a_note("Plums", LONG)
    await notes.push(BLOCK, update)
    await give(notes, 10)

    assert (await notes.push(BLOCK, update))["status"] == "unchanged"


async def test_guest_fills_the_owners_room(notes: Notes) -> None:
    await give(notes, 1 << 20)
    room = notes.house.server.heaps.room

    assert await room.full([HEAP, "no-heap-of-ours"]) == frozenset()
    await give(notes, 1)
    assert await room.full([HEAP]) == {HEAP}
