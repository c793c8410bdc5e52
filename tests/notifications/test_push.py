"""Pushes through the whole house: from what a slice tells to what a browser opens."""

import json
from typing import Any
from unittest.mock import ANY

import pytest

from homemedia.core.notices import Notice
from homemedia.notifications.browsers import is_public
from tests.notifications.conftest import Post
from tests.notifications.test_inbox import a_reaction, a_share
from tests.support.household import Person
from tests.support.push import PushedBrowser, claims_of

HOUR_MS = 3_600_000
WISHES = "/home/notifications/preferences"


async def subscribed(post: Post, person: Person, name: str = "one") -> PushedBrowser:
    browser = PushedBrowser()
    body = {"endpoint": post.service.address(name), "keys": browser.keys}
    status, answer = await person.ask("POST", "/push/subscribe", body)
    assert status == 201, answer
    return browser


def opened(post: Post, browser: PushedBrowser) -> list[Any]:
    return [json.loads(browser.opened(body)) for _, body in post.service.taken]


async def test_notice_reaches_the_browser_as_the_documents_json(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    browser = await subscribed(post, ann)

    await post.tell(a_reaction((ann.id,), actor_id=ben.id))
    await post.wake()

    assert opened(post, browser) == [
        {
            "title": "Attic",
            "body": 'Ben reacted 😂 to "Cat"',
            "url": "/feed?clip=c1",
            "tag": f"reaction-c1-{ben.id}",
            # Of clips it is what waits to be watched, and nothing does.
            "badgeCount": 0,
        }
    ]
    headers, _ = post.service.taken[0]
    key = (await ann.get("/auth"))["vapidPublicKey"]
    assert claims_of(headers["Authorization"], key)["aud"] == post.service.origin
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "normal")
    assert 0 < int(headers["TTL"]) <= 7 * 24 * 3600
    assert len(headers["Topic"]) <= 32


async def test_share_leads_to_its_page_and_security_is_urgent(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    browser = await subscribed(post, ann)

    await post.tell(
        a_share((ann.id,), actor_id=ben.id),
        Notice(family="member", type="signed_in", to=(ann.id,), details={"device": "Chrome · Linux"}),
    )
    await post.wake()

    shown = {one["url"]: one["body"] for one in opened(post, browser)}
    assert shown["/photos/albums/a1"] == 'Ben shared "Summer" with you'
    assert shown["/inbox"] == "Somebody signed in to your account with Chrome · Linux"
    assert sorted(headers["Urgency"] for headers, _ in post.service.taken) == ["high", "normal"]


async def test_word_to_try_it_comes_after_ten_seconds(post: Post) -> None:
    ann = post.people["ann"]
    status, answer = await ann.ask("POST", "/push/test")
    assert (status, answer["code"]) == (400, "no_subscription")
    browser = await subscribed(post, ann)

    answer = await ann.done("POST", "/push/test")

    assert answer == {"sent": 1, "sentAt": "2026-01-01T00:00:10.000Z"}
    post.clock.pass_ms(9_999)
    await post.wake()
    assert opened(post, browser) == []
    post.clock.pass_ms(1)
    await post.wake()
    assert [one["tag"] for one in opened(post, browser)] == ["test"]


async def test_gone_browser_is_forgotten(post: Post) -> None:
    ann = post.people["ann"]
    await subscribed(post, ann)
    post.service.status = 410

    await post.tell(a_share((ann.id,)))
    await post.wake()

    assert (await ann.get("/home/notifications/push"))["browsers"] == []
    await post.tell(a_share((ann.id,)))
    await post.wake()
    assert len(post.service.taken) == 1


@pytest.mark.parametrize(("status", "retry_after", "wait_ms"), [(429, "90", 90_000), (503, None, 30_000)])
async def test_busy_push_service_is_asked_when_it_says(
    post: Post, status: int, retry_after: str | None, wait_ms: int
) -> None:
    ann = post.people["ann"]
    browser = await subscribed(post, ann)
    post.service.status, post.service.retry_after = status, retry_after
    await post.tell(a_share((ann.id,)))
    await post.wake()
    post.service.status = 201

    post.clock.pass_ms(wait_ms - 1)
    await post.wake()
    assert len(post.service.taken) == 1
    post.clock.pass_ms(1)
    await post.wake()

    assert len(opened(post, browser)) == 2


async def test_push_that_is_no_news_any_more_is_not_sent(post: Post) -> None:
    ann = post.people["ann"]
    await subscribed(post, ann)
    post.service.status = 500
    await post.tell(a_share((ann.id,)))
    await post.wake()

    post.clock.pass_ms(3 * 24 * HOUR_MS)
    await post.wake()

    assert len(post.service.taken) == 1


async def test_refused_push_harms_nobody(post: Post) -> None:
    ann = post.people["ann"]
    await subscribed(post, ann)
    post.service.status = 403

    await post.tell(a_share((ann.id,)))
    await post.wake()

    assert len((await ann.get("/home/notifications/push"))["browsers"]) == 1
    assert (await ann.get("/home/notifications/count"))["unread"] == 1


async def test_switched_off_kind_stands_in_the_inbox_and_is_not_pushed(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    browser = await subscribed(post, ann)
    assert await ann.done("PATCH", "/notifications/preferences", {"comments": False}) == {
        "newAdds": True,
        "reactions": True,
        "comments": False,
        "mentions": True,
        "dailyReminder": False,
    }

    await post.tell(
        a_reaction((ann.id,), type="comment", actor_id=ben.id, details={"commentPreview": "so good"}),
        a_reaction((ann.id,), type="mention", actor_id=ben.id, details={"commentPreview": "@ann"}),
    )
    await post.wake()

    assert [one["url"] for one in opened(post, browser)] == ["/feed?clip=c1&comments=true"]
    assert await ann.get("/notifications/unread-count") == {"count": 2}


async def test_push_without_a_row_is_for_devices_alone(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    browser = await subscribed(post, ann)

    await post.tell(a_reaction("household", type="new_clip", actor_id=ben.id, is_kept=False))
    await post.wake()

    assert [(one["tag"], one["body"]) for one in opened(post, browser)] == [("new-clip-c1", 'Ben added "Cat"')]
    assert await ann.get("/notifications") == {"notifications": [], "hasMore": False}


async def test_quiet_hours_end_with_one_push_for_all_that_came(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    browser = await subscribed(post, ann)
    await ann.done("PATCH", WISHES, {"quiet": {"from": "23:00", "to": "07:00", "timeZone": "UTC"}})

    for _ in range(3):
        await post.tell(a_share((ann.id,), actor_id=ben.id))
    await post.wake()
    assert post.service.taken == []
    post.clock.pass_ms(7 * HOUR_MS)
    await post.wake()

    assert opened(post, browser) == [
        {"title": "Attic", "body": "3 notices while it was quiet", "url": "/inbox", "tag": "missed", "badgeCount": 3}
    ]


async def test_what_was_read_in_quiet_hours_is_not_told_once_more(post: Post) -> None:
    ann = post.people["ann"]
    await subscribed(post, ann)
    await ann.done("PATCH", WISHES, {"quiet": {"from": "23:00", "to": "07:00", "timeZone": "UTC"}})
    await post.tell(a_share((ann.id,)))
    await ann.done("POST", "/home/notifications/read", {"all": True})

    post.clock.pass_ms(8 * HOUR_MS)
    await post.wake()

    assert post.service.taken == []


async def test_removed_member_and_ended_sign_in_are_pushed_to_no_more(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await subscribed(post, ann, "ann")
    await subscribed(post, ben, "ben")

    await ann.done("POST", "/auth/logout")
    await post.house.send("DELETE", f"/api/group/members/{ben.id}")
    await post.tell(a_share((ann.id, ben.id)))
    await post.wake()

    assert post.service.taken == []
    rows = await post.house.server.db.read("SELECT user_id FROM push_subscription")
    assert [row["user_id"] for row in rows] == [ann.id]
    await post.house.server.entrance.sweeper.sweep()
    assert not await post.house.server.db.read("SELECT user_id FROM push_subscription")


async def test_browser_belongs_to_who_subscribed_it_last(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await subscribed(post, ann, "tablet")
    browser = PushedBrowser()
    body = {"endpoint": post.service.address("tablet"), "keys": browser.keys}

    first, made = await ben.ask("POST", "/push/subscribe", body)
    second, again = await ben.ask("POST", "/push/subscribe", body)
    await post.tell(a_share((ann.id, ben.id)))
    await post.wake()

    assert (first, second) == (201, 200)
    assert made == again
    assert len(opened(post, browser)) == 1


async def test_rotated_subscription_takes_the_place_of_the_old_one(post: Post) -> None:
    ann = post.people["ann"]
    await subscribed(post, ann, "old")
    body = {"endpoint": post.service.address("new"), "keys": PushedBrowser().keys}

    await ann.done("POST", "/push/subscribe", body | {"oldEndpoint": post.service.address("old")})

    browsers = (await ann.get("/home/notifications/push"))["browsers"]
    assert [one["endpointEnd"] for one in browsers] == [post.service.address("new")[-24:]]


async def test_unsubscribing_answers_the_same_whether_there_was_one(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await subscribed(post, ann)
    body = {"endpoint": post.service.address()}

    assert await ben.ask("DELETE", "/push/subscribe", body) == (200, {"deleted": True})
    assert len((await ann.get("/home/notifications/push"))["browsers"]) == 1
    assert await ann.ask("DELETE", "/push/subscribe", body) == (200, {"deleted": True})
    assert await ann.ask("DELETE", "/push/subscribe", body) == (200, {"deleted": True})
    assert (await ann.ask("DELETE", "/push/subscribe", {}))[0] == 400
    assert (await ann.get("/home/notifications/push"))["browsers"] == []


KEYS = PushedBrowser().keys


ADDRESSES = (
    "http://push.example.org/x",
    "http://127.0.0.2/x",
    "https://127.0.0.2/x",
    "https://192.168.1.1/x",
    "https://[::1]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://169.254.169.254/latest",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://router/x",
    "https://nas.local/x",
    "https://localhost/x",
    "https://user@push.example.org/x",
    "ftp://push.example.org/x",
    "javascript:alert(1)",
    "https://push.example.org/" + "x" * 3000,
)
THERE = {"endpoint": "https://push.example.org/x"}


async def test_subscription_that_leads_nowhere_safe_is_refused(post: Post) -> None:
    bodies: list[Any] = [
        {},
        THERE,
        THERE | {"keys": {"auth": KEYS["auth"]}},
        THERE | {"keys": {"p256dh": "x", "auth": "y"}},
        THERE | {"keys": "x"},
        {"endpoint": 5, "keys": KEYS},
        *({"endpoint": address, "keys": KEYS} for address in ADDRESSES),
    ]

    for body in bodies:
        status, answer = await post.people["ann"].ask("POST", "/push/subscribe", body)
        assert status == 400, body
        assert answer["error"] == answer["message"]
    assert await post.people["ann"].ask("POST", "/push/subscribe", THERE | {"keys": KEYS}) == (201, ANY)


def test_push_services_of_browsers_are_taken() -> None:
    for host in ("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com", "8.8.8.8"):
        assert is_public("https", host)


async def test_name_that_resolves_into_the_house_is_not_pushed_to(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = post.people["ann"]
    body = {"endpoint": "https://push.example.org/one", "keys": KEYS}
    monkeypatch.setattr(
        "homemedia.core.http.outbound.socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.2", 443))]
    )

    await ann.done("POST", "/push/subscribe", body)
    await post.tell(a_share((ann.id,)))
    await post.wake()

    assert post.service.taken == []


async def test_test_push_comes_whatever_is_wished(post: Post) -> None:
    ann = post.people["ann"]
    assert (await ann.ask("POST", "/home/notifications/push/test"))[0] == 400
    browser = await subscribed(post, ann)
    await ann.done("PATCH", WISHES, {"push": {"security": False}, "quiet": {"from": "00:00", "to": "24:00"}})

    assert await ann.done("POST", "/home/notifications/push/test") == {"sent": 1}
    await post.wake()

    assert opened(post, browser)[0]["tag"] == "test"


async def test_own_browsers_are_listed_and_taken_away(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    await subscribed(post, ann)
    one = (await ann.get("/home/notifications/push"))["browsers"][0]

    assert await ben.done("DELETE", f"/home/notifications/push/{one['id']}") == {"removed": 0}
    assert await ann.done("DELETE", f"/home/notifications/push/{one['id']}") == {"removed": 1}
    assert (await ann.get("/home/notifications/push"))["browsers"] == []
