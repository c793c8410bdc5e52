"""Notices as members read them: by our own inbox, by the share routes, by the clip routes."""

import asyncio
from typing import Any

import msgspec
import pytest
from aiohttp import WSMsgType

from homemedia.core.notices import Notice, Recipients, Withdrawal, notify
from homemedia.notifications.deliver import MAX_KEPT
from tests.notifications.conftest import Post

DAY_MS = 24 * 3600 * 1000
OURS = "/home/notifications"
SHARES = "/v1/notifications/shares"


def a_share(to: Recipients, **more: Any) -> Notice:
    details = {"target_type": "collection", "target_id": "a1", "target_title": "Summer"} | more.pop("details", {})
    return Notice(family="share", type=more.pop("type", "share_created"), to=to, details=details, **more)


def a_reaction(to: Recipients, **more: Any) -> Notice:
    details = {"emoji": "😂", "clipTitle": "Cat", "clipContentType": "video", "clipThumbnail": "c1.jpg"}
    details |= more.pop("details", {})
    return Notice(family="clip", type=more.pop("type", "reaction"), to=to, subject_id="c1", details=details, **more)


async def test_inbox_of_somebody_new_is_empty(post: Post) -> None:
    ann = post.people["ann"]

    assert await ann.get(OURS) == {"notices": [], "next": None, "unread": 0}
    assert await ann.get(f"{OURS}/count") == {"unread": 0, "families": {}}
    assert await ann.get(SHARES) == []
    assert await ann.get("/notifications") == {"notifications": [], "hasMore": False}
    assert await ann.get("/notifications/unread-count") == {"count": 0}


async def test_who_is_told_finds_it_at_the_next_request(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]

    await post.tell(a_share((ann.id,), actor_id=ben.id))
    found = await ann.get(SHARES)

    assert [one["message"] for one in found] == ['Ben shared "Summer" with you']
    assert {
        name: found[0][name]
        for name in ("notification_type", "actor_id", "actor_name", "target_type", "target_title", "is_read", "read_at")
    } == {
        "notification_type": "share_created",
        "actor_id": ben.id,
        "actor_name": "Ben",
        "target_type": "collection",
        "target_title": "Summer",
        "is_read": False,
        "read_at": None,
    }
    assert found[0]["details"] == {}
    assert found[0]["created_at"] == "2026-01-01T00:00:00.000Z"
    assert await ben.get(SHARES) == []


async def test_household_and_administrators_are_told_but_for_who_did_it(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]

    await post.tell(
        a_share("household", actor_id=ann.id),
        Notice(family="server", type="library_offline", to="admins", details={"target_title": "Films"}),
    )

    assert (await ann.get(f"{OURS}/count"))["families"] == {}
    assert (await ben.get(f"{OURS}/count"))["families"] == {"share": 1}
    assert (await post.house.get(f"/api{OURS}/count"))["families"] == {"share": 1, "server": 1}


async def test_removed_and_disabled_members_are_told_nothing(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await post.house.send("PUT", f"/api/users/{ben.id}", {"enabled": False})

    await post.tell(a_share((ann.id, ben.id, "nobody")))

    await post.house.idle()
    rows = await post.house.server.db.read("SELECT user_id FROM notification")
    assert [row["user_id"] for row in rows] == [ann.id]


async def test_repeats_fold_into_the_unread_notice_and_begin_anew_once_it_is_read(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    again = a_share((ann.id,), type="share_accessed", fold_key="s1")
    other = a_share((ann.id,), type="share_accessed", fold_key="s2")

    await post.tell(again, again, other)
    post.clock.pass_ms(1000)
    await post.tell(msgspec.structs.replace(again, actor_id=ben.id, details=again.details | {"count": 3}))
    first, second = await ann.get(SHARES)

    folded = first if first["details"].get("count") else second
    assert folded["details"] == {"count": 5}
    assert folded["message"] == '"Summer", which you shared, was opened 5 times'
    assert (folded["created_at"], folded["updated_at"]) == ("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z")
    assert folded["actor_name"] == "Ben"
    await ann.done("POST", f"{SHARES}/{folded['id']}/read")
    await post.tell(again)
    assert len(await ann.get(SHARES)) == 2


async def test_lists_grow_together_without_doubles(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]

    for ids in (["a", "b"], ["b", "c"]):
        details = {"target_title": "Summer", "count": 2, "photoIds": ids}
        await post.tell(
            Notice(
                family="photo",
                type="album_photos",
                to=(ann.id,),
                actor_id=ben.id,
                details=details,
                fold_key="x",
                grows=("photoIds",),
            )
        )
    found = (await ann.get(OURS))["notices"][0]

    assert found["details"]["photoIds"] == ["a", "b", "c"]
    assert (found["count"], found["message"]) == (4, 'Ben added 4 photos to "Summer"')


async def test_job_that_runs_twice_tells_once(post: Post) -> None:
    ann = post.people["ann"]
    await post.tell(a_share((ann.id,)), a_share((ann.id,), type="share_updated", fold_key="s1"))
    await post.house.idle()

    async with post.house.server.db.write() as tx:
        await tx.run("UPDATE job SET state = 'queued' WHERE kind = 'notify'")
    post.house.server.jobs.wake({"notify"})
    await post.house.idle()

    found = await ann.get(SHARES)
    assert sorted((one["notification_type"], one["details"]) for one in found) == [
        ("share_created", {}),
        ("share_updated", {}),
    ]


async def test_share_routes_mark_only_what_is_theirs_and_the_callers(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await post.tell(*[a_share((ann.id, ben.id)) for _ in range(3)], a_reaction((ann.id,)))
    ids = [one["id"] for one in await ann.get(SHARES)]
    foreign = (await ben.get(SHARES))[0]["id"]

    assert await ann.done("POST", f"{SHARES}/{ids[0]}/read") == {"id": ids[0], "marked": 1}
    assert await ann.done("POST", f"/notifications/shares/{ids[0]}/read") == {"id": ids[0], "marked": 0}
    assert await ann.done("POST", f"{SHARES}/{foreign}/read") == {"id": foreign, "marked": 0}
    assert await ann.done("POST", f"{SHARES}/not-a-uuid/read") == {"id": "not-a-uuid", "marked": 0}
    assert len(await ben.get(SHARES)) == 3
    assert await ann.done("POST", f"{SHARES}/read-all") == {"marked": 2}
    assert await ann.done("POST", f"{SHARES}/read-all") == {"marked": 0}
    assert await ann.get("/notifications/unread-count") == {"count": 1}


async def test_share_list_pages_and_counts_the_unread(post: Post) -> None:
    ann = post.people["ann"]
    for number in range(5):
        await post.tell(a_share((ann.id,), details={"target_title": f"Album {number}"}))
        post.clock.pass_ms(1)

    async with ann.device.get("/api/v1/notifications/shares?offset=1&limit=2") as answer:
        titles = [one["target_title"] for one in await answer.json()]
        headers = answer.headers

    assert titles == ["Album 3", "Album 2"]
    assert [headers[f"X-{name}"] for name in ("Total-Count", "Offset", "Limit")] == ["5", "1", "2"]
    assert len(await ann.get("/notifications/shares?limit=100000")) == 5
    assert await ann.get("/notifications/shares?offset=99") == []
    assert (await ann.ask("GET", "/notifications/shares?limit=x"))[0] == 400
    assert (await ann.ask("GET", "/notifications/shares?offset=-3"))[0] == 200


async def test_clip_feed_shows_clips_alone_with_what_was_copied(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await post.tell(a_share((ann.id,)), a_reaction((ann.id,), actor_id=ben.id, details={"clipOwnerId": ann.id}))

    feed = await ann.get("/notifications")

    assert feed["hasMore"] is False
    shown = feed["notifications"][0]
    assert shown.pop("id")
    assert shown == {
        "type": "reaction",
        "clipId": "c1",
        "emoji": "😂",
        "commentPreview": None,
        "actorUsername": "Ben",
        "actorAvatar": None,
        "clipThumbnail": "c1.jpg",
        "clipTitle": "Cat",
        "clipContentType": "video",
        "isYourClip": True,
        "clipOwnerUsername": None,
        "read": False,
        "createdAt": "2026-01-01T00:00:00.001Z",
    }
    assert await ann.get("/notifications/unread-count") == {"count": 1}


async def test_clip_feed_clamps_what_it_is_asked(post: Post) -> None:
    ann = post.people["ann"]
    await post.tell(*[a_reaction((ann.id,)) for _ in range(55)])
    asked = {
        "": (30, True),
        "?limit=1e9": (30, True),
        "?limit=0": (1, True),
        "?limit=-1": (30, True),
        "?limit=500": (50, True),
        "?offset=50": (5, False),
        "?offset=999999999999999999999": (0, False),
        "?limit=abc&offset=abc": (30, True),
    }

    found = {query: await ann.get(f"/notifications{query}") for query in asked}

    assert {query: (len(feed["notifications"]), feed["hasMore"]) for query, feed in found.items()} == asked


async def test_clip_notices_are_marked_by_clip_and_type_or_all(post: Post) -> None:
    ann = post.people["ann"]
    await post.tell(a_share((ann.id,)), a_reaction((ann.id,)), a_reaction((ann.id,), type="comment"))

    assert await ann.done("POST", "/notifications/mark-read", {"clipId": "c1", "type": "comment"}) == {"ok": True}
    assert await ann.get("/notifications/unread-count") == {"count": 1}
    assert await ann.done("POST", "/notifications/mark-read", {"clipId": "unknown", "type": "x"}) == {"ok": True}
    assert await ann.done("POST", "/notifications/mark-read", {"all": True}) == {"ok": True}
    assert await ann.get("/notifications/unread-count") == {"count": 0}
    assert len(await ann.get(SHARES)) == 1
    refused: list[Any] = [{}, {"all": False}, {"all": "yes"}, {"clipId": "c1"}, {"clipId": 1, "type": 2}, []]
    for body in refused:
        status, answer = await ann.ask("POST", "/notifications/mark-read", body)
        assert status == 400, body
        assert answer["error"] == answer["message"]


async def test_withdrawn_notices_leave_every_inbox(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await post.tell(
        a_reaction((ann.id, ben.id), actor_id="x"),
        a_reaction((ann.id,), actor_id="y", type="comment"),
        a_reaction((ann.id,), actor_id="x", details={"emoji": "❤️"}),
    )

    await post.take_back(Withdrawal(family="clip", subject_id="c1", types=("reaction",), details={"emoji": "😂"}))

    left = (await ann.get("/notifications"))["notifications"]
    assert sorted((one["type"], one["emoji"]) for one in left) == [("comment", "😂"), ("reaction", "❤️")]
    assert await ben.get("/notifications/unread-count") == {"count": 0}


async def test_who_hid_a_share_hears_nothing_of_it(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    album = await ben.done("POST", "/albums", {"albumName": "Summer"})
    await ben.done("PUT", f"/albums/{album['id']}/users", {"albumUsers": [{"userId": ann.id}]})
    share_id = (await ann.get(SHARES))[0]["share_id"]
    async with post.house.server.db.write() as tx:
        hide = "INSERT INTO share_member_state (share_id, user_id, hidden) VALUES (:s, :u, 1)"
        await tx.run(hide, {"s": share_id, "u": ann.id})

    await post.tell(a_share((ann.id,), share_id=share_id))

    assert len(await ann.get(SHARES)) == 1


async def test_own_inbox_pages_over_every_family_what_changed_last_first(post: Post) -> None:
    ann = post.people["ann"]
    for number in range(5):
        await post.tell((a_share if number % 2 else a_reaction)((ann.id,), details={"number": number}))
        post.clock.pass_ms(1)

    first = await ann.get(f"{OURS}?limit=3")
    second = await ann.get(f"{OURS}?limit=3&cursor={first['next']}")

    assert [one["details"]["number"] for one in first["notices"] + second["notices"]] == [4, 3, 2, 1, 0]
    assert (first["unread"], second["next"]) == (5, None)
    assert first["notices"][0]["path"] == "/feed?clip=c1"
    assert first["notices"][1]["path"] == "/photos/albums/a1"
    assert len((await ann.get(f"{OURS}?cursor=nonsense"))["notices"]) == 5


async def test_reading_unreading_and_dropping_count_at_once(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await post.tell(*[a_share((ann.id, ben.id)) for _ in range(3)])
    ids = [one["id"] for one in (await ann.get(OURS))["notices"]]

    async def unread() -> int:
        return int((await ann.get(f"{OURS}/count"))["unread"])

    assert await ann.done("POST", f"{OURS}/{ids[0]}/read") == {"marked": 1}
    assert await unread() == 2
    assert await ann.done("POST", f"{OURS}/unread", {"ids": ids[:2]}) == {"marked": 1}
    assert await unread() == 3
    assert await ann.done("DELETE", f"{OURS}/{ids[1]}") == {"removed": 1}
    assert await ann.done("DELETE", f"{OURS}/{ids[1]}") == {"removed": 0}
    assert await unread() == 2
    assert await ann.done("POST", f"{OURS}/read", {"all": True, "until": post.clock.now_ms() - 1}) == {"marked": 0}
    assert await ann.done("POST", f"{OURS}/read", {"all": True}) == {"marked": 2}
    assert await ann.done("DELETE", OURS) == {"removed": 2}
    assert await ben.done("POST", f"{OURS}/read", {"ids": ids}) == {"marked": 0}
    assert (await ann.ask("POST", f"{OURS}/read", {}))[0] == 400
    assert (await ben.get(f"{OURS}/count"))["unread"] == 3


async def test_notice_whose_place_a_newer_took_stays_read(post: Post) -> None:
    ann = post.people["ann"]
    folding = a_share((ann.id,), type="share_updated", fold_key="s1")
    await post.tell(folding)
    old = (await ann.get(OURS))["notices"][0]["id"]
    await ann.done("POST", f"{OURS}/{old}/read")
    await post.tell(folding)

    assert await ann.done("POST", f"{OURS}/unread", {"ids": [old]}) == {"marked": 0}
    assert (await ann.get(f"{OURS}/count"))["unread"] == 1


async def test_oldest_go_beyond_a_thousand_of_a_family(post: Post) -> None:
    ann = post.people["ann"]
    await post.tell(a_reaction((ann.id,)))
    for number in range(MAX_KEPT + 5):
        post.clock.pass_ms(1)
        await post.tell(a_share((ann.id,), details={"target_title": str(number)}))
    await post.house.idle()

    rows = await post.house.server.db.read("SELECT family, kept, unread FROM notification_count ORDER BY family")

    assert [tuple(row) for row in rows if row["family"] != "member"] == [("clip", 1, 1), ("share", MAX_KEPT, MAX_KEPT)]
    newest = (await ann.get(f"{SHARES}?limit=1"))[0]["target_title"]
    assert newest == str(MAX_KEPT + 4)


async def test_read_ones_go_after_90_days_and_unread_ones_after_a_year(post: Post) -> None:
    ann = post.people["ann"]
    await post.tell(a_share((ann.id,)), a_share((ann.id,)))
    await ann.done("POST", f"{OURS}/{(await ann.get(OURS))['notices'][0]['id']}/read")

    async def kept_after(days: int) -> int:
        post.clock.pass_ms(days * DAY_MS)
        await post.house.server.entrance.sweeper.sweep()
        rows = await post.house.server.db.read(
            "SELECT count(*) AS n FROM notification WHERE user_id = :user_id", {"user_id": ann.id}
        )
        return int(rows[0]["n"])

    assert await kept_after(89) == 2
    assert await kept_after(2) == 1
    assert await kept_after(270) == 1
    assert await kept_after(10) == 0


async def test_purged_member_leaves_nothing(post: Post) -> None:
    ann = post.people["ann"]
    await post.tell(a_share((ann.id,)))
    await post.house.idle()

    await post.house.send("DELETE", f"/api/admin/users/{ann.id}", {"force": True})
    await post.house.idle()

    rows = await post.house.server.db.read(
        "SELECT (SELECT count(*) FROM notification WHERE user_id = :u) AS notices,"
        " (SELECT count(*) FROM notification_count WHERE user_id = :u) AS counts",
        {"u": ann.id},
    )
    assert tuple(rows[0]) == (0, 0)


async def test_open_tabs_hear_of_their_own_notices_alone(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    sockets = [await person.device.ws_connect("/ws") for person in (ann, ann, ben)]
    for socket in sockets:
        await socket.send_json({"type": "hello", "id": "1", "events": ["notifications"]})
        assert (await socket.receive_json())["type"] == "ready"

    await post.tell(a_share((ann.id,), actor_id=ben.id))

    for socket in sockets[:2]:
        frames = {frame["event"]: frame for frame in [await socket.receive_json() for _ in range(2)]}
        assert frames["notifications.changed"]["unread"] == 1
        assert frames["share.notification"]["message"] == 'Ben shared "Summer" with you'
    await ann.done("POST", f"{SHARES}/read-all")
    assert (await sockets[0].receive_json())["unread"] == 0
    await sockets[2].send_json({"type": "ping", "id": "2"})
    async with asyncio.timeout(10):
        first = await sockets[2].receive()
    assert first.type is WSMsgType.TEXT
    assert first.json()["type"] == "pong"
    for socket in sockets:
        await socket.close()


async def test_nobody_hears_of_what_was_rolled_back(post: Post) -> None:
    ann = post.people["ann"]

    with pytest.raises(ZeroDivisionError):
        async with post.house.server.db.write() as tx:
            await notify(tx, a_share((ann.id,)))
            raise ZeroDivisionError

    assert await ann.get(SHARES) == []
