"""Whom what is said and done at clips is told, once each, and when it is taken back (clips §8.2)."""

from homemedia.clips import intake_store
from homemedia.clips.talk import came
from homemedia.core.ids import new_uuid
from tests.clips.conftest import Feed
from tests.support.clips import a_clip


async def test_reaction_is_told_to_everybody_else_and_taken_back_with_it(feed: Feed) -> None:
    await feed.react(feed.ben, "😂")
    assert await feed.told(feed.ann) == await feed.told(feed.cleo) == [("reaction", "😂")]
    assert await feed.told(feed.ben) == []

    await feed.react(feed.ben, "👍")
    assert await feed.told(feed.ann) == [("reaction", "👍")]

    await feed.react(feed.ben, "👍")
    assert await feed.told(feed.ann) == await feed.told(feed.cleo) == []


async def test_reaction_of_another_member_stays(feed: Feed) -> None:
    await feed.react(feed.ben, "😂")
    await feed.react(feed.cleo, "😂")
    await feed.react(feed.ben, "😂")

    assert await feed.told(feed.ann) == [("reaction", "😂")]
    (notice,) = (await feed.ann.get("/notifications"))["notifications"]
    assert notice["actorUsername"] != ""
    assert (notice["clipId"], notice["clipTitle"], notice["clipContentType"]) == (feed.clip_id, "Cat", "video")
    assert (notice["isYourClip"], notice["clipOwnerUsername"]) == (True, None)
    (other,) = (await feed.ben.get("/notifications"))["notifications"]
    assert (other["isYourClip"], other["clipOwnerUsername"] is not None) == (False, True)


async def test_named_members_are_told_that_alone(feed: Feed) -> None:
    name = (await feed.cleo.get("/auth"))["user"]["username"]
    comment = await feed.say(feed.ben, f"look @{name.upper()} and @{name}")

    assert await feed.told(feed.cleo) == [("mention", f"look @{name.upper()} and @{name}")]
    assert [type_ for type_, _ in await feed.told(feed.ann)] == ["comment"]
    await feed.say(feed.ann, f"so @{name}, yes", parentId=comment["id"])
    assert [type_ for type_, _ in await feed.told(feed.cleo)] == ["mention", "mention"]
    assert [type_ for type_, _ in await feed.told(feed.ben)] == ["reply"]


async def test_nobody_is_told_what_he_said_himself(feed: Feed) -> None:
    name = (await feed.ben.get("/auth"))["user"]["username"]

    await feed.say(feed.ben, f"I, @{name}")

    assert await feed.told(feed.ben) == []


async def test_preview_is_short_and_of_a_picture_says_that_it_is_one(feed: Feed) -> None:
    await feed.say(feed.ben, "x" * 40 + "\n\n" + "y" * 400)
    await feed.say(feed.ben, "", gifUrl="https://media.giphy.com/x.gif")

    assert await feed.told(feed.ann) == [("comment", "[GIF]"), ("comment", "x" * 40 + " " + "y" * 39)]


async def test_removed_members_are_told_nothing(feed: Feed) -> None:
    name = (await feed.cleo.get("/auth"))["user"]["username"]
    await feed.house.send("DELETE", f"/api/group/members/{feed.cleo.id}")

    await feed.say(feed.ben, f"bye @{name}")
    await feed.react(feed.ben, "👎")
    await feed.ann.get("/notifications")

    assert await feed.rows("SELECT count(*) FROM notification WHERE user_id = :id", id=feed.cleo.id) == [(0,)]


async def test_seen_comments_leave_the_inbox_of_who_saw_them(feed: Feed) -> None:
    await feed.say(feed.ben, "one")
    await feed.react(feed.ben, "😂")

    await feed.ann.done("POST", f"{feed.at}/comments/viewed")

    assert await feed.told(feed.ann) == [("reaction", "😂")]
    assert [type_ for type_, _ in await feed.told(feed.cleo)] == ["reaction", "comment"]
    assert await feed.ann.get("/notifications/unread-count") == {"count": 1}


async def test_deleted_comment_leaves_every_inbox_with_its_answers(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "one")
    await feed.say(feed.ann, "answer", parentId=comment["id"])
    await feed.say(feed.ben, "two")

    await feed.ben.done("DELETE", f"{feed.at}/comments", {"commentId": comment["id"]})

    assert await feed.told(feed.cleo) == [("comment", "two")]
    assert await feed.told(feed.ben) == []


async def test_changed_comment_is_told_as_it_is_now(feed: Feed) -> None:
    name = (await feed.cleo.get("/auth"))["user"]["username"]
    comment = await feed.say(feed.ben, "helo")

    await feed.ben.done("PATCH", f"{feed.at}/comments", {"commentId": comment["id"], "text": f"hello @{name}"})

    assert await feed.told(feed.ann) == [("comment", f"hello @{name}")]
    assert await feed.told(feed.cleo) == [("mention", f"hello @{name}")]


async def test_hearts_are_told_nobody(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "one")
    await feed.ann.done("POST", f"{feed.at}/comments/{comment['id']}/heart")

    assert await feed.told(feed.ben) == []


async def test_what_is_dismissed_is_gone_for_its_reader_alone(feed: Feed) -> None:
    await feed.react(feed.ben, "😂")
    (notice,) = (await feed.ann.get("/notifications"))["notifications"]

    assert (await feed.cleo.ask("DELETE", f"/notifications/{notice['id']}"))[1] == {"ok": True}
    assert await feed.told(feed.ann) == [("reaction", "😂")]
    assert await feed.ann.done("DELETE", f"/notifications/{notice['id']}") == {"ok": True}
    assert await feed.told(feed.ann) == []
    assert await feed.told(feed.cleo) == [("reaction", "😂")]
    assert await feed.ann.done("DELETE", "/notifications/unknown") == {"ok": True}


async def test_inbox_says_it_in_a_sentence_and_leads_to_the_comments(feed: Feed) -> None:
    await feed.say(feed.ben, "so good")
    await feed.react(feed.ben, "😂")

    notices = (await feed.ann.get("/home/notifications"))["notices"]

    assert [(one["message"], one["path"]) for one in notices] == [
        ('Ben reacted 😂 to "Cat"', f"/feed?clip={feed.clip_id}"),
        ('Ben commented on "Cat": so good', f"/feed?clip={feed.clip_id}&comments=true"),
    ]


async def test_first_words_tell_whom_they_name_once_the_clip_can_be_watched(feed: Feed) -> None:
    name = (await feed.cleo.get("/auth"))["user"]["username"]
    db, now = feed.house.server.db, feed.clock.now_ms()
    clip_id = await a_clip(db, feed.ben.id, caption="Dog", created_at=now, status="downloading")
    async with db.write() as tx:
        await intake_store.comment(tx, new_uuid(), clip_id, feed.ben.id, f"for @{name} and all", now)
    assert await feed.told(feed.cleo) == []
    feed.clock.pass_ms(5000)

    async with db.write() as tx:
        await came(tx, clip_id, now=feed.clock.now_ms())

    assert await feed.told(feed.cleo) == [("mention", f"for @{name} and all")]
    assert await feed.told(feed.ann) == await feed.told(feed.ben) == []
