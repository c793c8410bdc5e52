"""How members want to hear of things: switches, quiet hours, the digest."""

from typing import Any

from tests.notifications.conftest import Post
from tests.notifications.test_inbox import a_reaction, a_share
from tests.support.mail import MailServer

HOUR_MS = 3_600_000
WISHES = "/home/notifications/preferences"


async def test_switches_are_kept_one_at_a_time(post: Post) -> None:
    ann = post.people["ann"]

    await ann.done("PATCH", WISHES, {"push": {"albums": False}})
    await ann.done("PATCH", WISHES, {"mail": {"visits": True}, "digest": "weekly"})
    await ann.done("PATCH", WISHES, {"quiet": {"from": "22:00", "to": "06:30", "timeZone": "Europe/Berlin"}})
    found = await ann.get(WISHES)

    switches = {one["kind"]: (one["push"], one["mail"]) for one in found["kinds"]}
    assert switches["albums"] == (False, True)
    assert switches["visits"] == (True, True)
    assert found["quiet"] == {"from": "22:00", "to": "06:30", "timeZone": "Europe/Berlin"}
    assert (found["digest"], found["canMail"], found["email"]) == ("weekly", False, "ann@example.org")
    assert "server" not in switches
    assert "server" in {one["kind"] for one in (await post.house.get(f"/api{WISHES}"))["kinds"]}
    assert (await ann.done("PATCH", WISHES, {"quiet": None}))["quiet"] is None


async def test_wish_that_cannot_be_is_refused_with_a_sentence(post: Post) -> None:
    ann = post.people["ann"]
    before = await ann.get(WISHES)
    bodies: list[Any] = [
        {"push": {"nothing": True}},
        {"push": {"albums": "yes"}},
        {"quiet": {"from": "25:00", "to": "06:00"}},
        {"quiet": {"from": "22:00"}},
        {"quiet": {"from": "22:00", "to": "06:00", "timeZone": "Mars/Olympus"}},
        {"digest": "hourly"},
    ]

    for body in bodies:
        status, answer = await ann.ask("PATCH", WISHES, body)
        assert status == 400, body
        assert answer["message"]
    assert await ann.get(WISHES) == before


async def test_clip_preferences_without_anything_usable_are_refused(post: Post) -> None:
    bodies: list[Any] = [{}, {"comments": "no"}, {"unknown": True}, {"shares": False}, {"comments": None}]

    for body in bodies:
        assert (await post.people["ann"].ask("PATCH", "/notifications/preferences", body))[0] == 400, body


async def test_clip_preferences_pass_over_what_they_do_not_know(post: Post) -> None:
    ann = post.people["ann"]

    found = await ann.done("PATCH", "/notifications/preferences", {"dailyReminder": True, "x": 1, "comments": 0})

    assert (found["dailyReminder"], found["comments"]) == (True, True)
    assert await ann.get("/notifications/preferences") == found


async def test_digest_tells_in_the_evening_what_was_not_read(post: Post) -> None:
    ann, ben = post.people["ann"], post.people["ben"]
    async with MailServer() as mail:
        smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "attic@example.org"}
        await post.house.send("PUT", "/api/home/accounts/senders", {"smtp": smtp})
        assert (await ann.get(WISHES))["canMail"] is True
        quiet = {"from": "23:00", "to": "06:00", "timeZone": "UTC"}
        await ann.done("PATCH", WISHES, {"digest": "daily", "quiet": quiet})
        await post.tell(a_share((ann.id, ben.id), actor_id=ben.id), a_reaction((ann.id,), actor_id=ben.id))

        async def letters_at(hours: int) -> int:
            await post.wake()
            post.clock.pass_ms(hours * HOUR_MS)
            await post.house.server.entrance.sweeper.sweep()
            await post.wake()
            return len(mail.letters)

        assert await letters_at(16) == 0
        assert await letters_at(1) == 1
        assert await letters_at(1) == 1
        assert await letters_at(24) == 1
        post.clock.pass_ms(1)
        await post.tell(a_share((ann.id,), details={"target_title": "Winter"}, actor_id=ben.id))
        assert await letters_at(24) == 2

    first, second = mail.letters
    assert first["To"] == "ann@example.org"
    assert first["Subject"] == "1 notice for you in Attic"
    assert 'Ben shared "Summer" with you' in first.get_content()
    assert "Cat" not in first.get_content()
    assert '"Winter"' in second.get_content()
    assert '"Summer"' not in second.get_content()


async def test_digest_that_the_mail_server_refuses_is_tried_again(post: Post) -> None:
    ann = post.people["ann"]
    async with MailServer() as mail:
        smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "attic@example.org"}
        await post.house.send("PUT", "/api/home/accounts/senders", {"smtp": smtp})
        await ann.done("PATCH", WISHES, {"digest": "weekly"} | QUIET)
        await post.tell(a_share((ann.id,)))
        await post.wake()
        post.clock.pass_ms(18 * HOUR_MS)
        mail.refuse_recipient = b"450 later"
        await post.house.server.entrance.sweeper.sweep()
        await post.wake()
        assert mail.letters == []

        mail.refuse_recipient = b""
        post.clock.pass_ms(HOUR_MS)
        await post.wake()

    assert len(mail.letters) == 1


QUIET = {"quiet": {"from": "01:00", "to": "02:00", "timeZone": "UTC"}}
