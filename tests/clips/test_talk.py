"""Comments, answers, hearts and reactions, as the clip API has them (clips §6.10, 6.11)."""

import asyncio
from typing import Any

import pytest

from tests.clips.conftest import Feed
from tests.support.clips import a_clip

NO_CLIP = "/clips/00000000-0000-4000-8000-000000000000"
GIF = "https://media2.giphy.com/media/abc/giphy-downsized.gif"


# Reactions


async def test_reaction_is_set_replaced_and_taken_back(feed: Feed) -> None:
    first = await feed.react(feed.ben, "😂")
    second = await feed.react(feed.ben, "👍")
    by_ann = await feed.react(feed.ann, "👍")
    third = await feed.react(feed.ben, "👍")

    assert first == {"reactions": {"😂": {"count": 1, "reacted": True}}, "toggled": True}
    assert second == {"reactions": {"👍": {"count": 1, "reacted": True}}, "toggled": True}
    assert by_ann["reactions"] == {"👍": {"count": 2, "reacted": True}}
    assert third == {"reactions": {"👍": {"count": 1, "reacted": False}}, "toggled": False}
    assert await feed.cleo.get(f"{feed.at}/reactions") == {"reactions": {"👍": {"count": 1, "reacted": False}}}


@pytest.mark.parametrize("emoji", ["❤️", "👍", "👎", "😂", "‼️", "❓", "❤", "‼"])
async def test_six_signs_are_reactions_also_without_their_selector(feed: Feed, emoji: str) -> None:
    found = await feed.react(feed.ben, emoji)

    assert list(found["reactions"]) == [emoji if emoji in "👍👎😂❓" else emoji.rstrip("\ufe0f") + "\ufe0f"]


@pytest.mark.parametrize("body", [{"emoji": "🤡"}, {"emoji": "🔥"}, {"emoji": ""}, {}, {"emoji": 5}, {"emoji": None}])
async def test_nothing_else_is_a_reaction(feed: Feed, body: Any) -> None:
    status, answer = await feed.ben.ask("POST", f"{feed.at}/reactions", body)

    assert status == 400
    assert "invalid emoji" in answer["error"].lower()
    assert await feed.rows("SELECT count(*) FROM clip_reaction") == [(0,)]


async def test_twenty_toggles_at_once_leave_one_row_at_most(feed: Feed) -> None:
    signs = ["😂", "👍"] * 10

    answers = await asyncio.gather(
        *(feed.ben.ask("POST", f"{feed.at}/reactions", {"emoji": sign}) for sign in signs),
        *(feed.ben.ask("POST", f"{feed.at}/favorite") for _ in range(9)),
    )

    assert {status for status, _ in answers} == {200}
    assert (await feed.rows("SELECT count(*) FROM clip_reaction"))[0][0] <= 1


async def test_favourite_brings_the_heart_where_there_is_no_reaction_yet(feed: Feed) -> None:
    await feed.ben.done("POST", f"{feed.at}/favorite")
    await feed.react(feed.cleo, "👎")
    await feed.cleo.done("POST", f"{feed.at}/favorite")

    found = (await feed.ben.get(f"{feed.at}/reactions"))["reactions"]
    assert found == {"❤️": {"count": 1, "reacted": True}, "👎": {"count": 1, "reacted": False}}
    assert await feed.told(feed.ann) == [("reaction", "👎"), ("reaction", "❤️")]
    assert await feed.told(feed.cleo) == []

    await feed.ben.done("POST", f"{feed.at}/favorite")
    await feed.cleo.done("POST", f"{feed.at}/favorite")

    assert list((await feed.ben.get(f"{feed.at}/reactions"))["reactions"]) == ["👎"]
    assert await feed.told(feed.ann) == [("reaction", "👎")]


# Comments


async def test_comment_is_answered_as_the_document_says(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "  hello  ")
    reply = await feed.say(feed.ann, "you", parentId=comment["id"])
    await feed.react(feed.cleo, "😂")

    assert comment == {
        "id": comment["id"],
        "text": "hello",
        "gifUrl": None,
        "userId": feed.ben.id,
        "username": comment["username"],
        "avatarPath": None,
        "parentId": None,
        "heartCount": 0,
        "hearted": False,
        "heartUsers": [],
        "canEdit": True,
        "createdAt": "2026-01-01T00:00:00.010Z",
        "replyCount": 0,
        "replies": [],
    }
    thread = await feed.cleo.get(f"{feed.at}/comments")
    (top,) = thread["comments"]
    assert (top["replyCount"], [one["id"] for one in top["replies"]]) == (1, [reply["id"]])
    assert top["replies"][0]["parentId"] == comment["id"]
    assert "replies" not in top["replies"][0]
    assert not top["canEdit"]
    assert thread["reactionEvents"] == [
        {"emoji": "😂", "username": thread["reactionEvents"][0]["username"], "createdAt": "2026-01-01T00:00:00.030Z"}
    ]


async def test_most_hearted_stand_first_and_answers_in_their_order(feed: Feed) -> None:
    first, second, third = [await feed.say(feed.ben, text) for text in ("1", "2", "3")]
    answers = [await feed.say(feed.cleo, text, parentId=second["id"]) for text in ("a", "b")]
    for who in (feed.ann, feed.cleo):
        await who.done("POST", f"{feed.at}/comments/{third['id']}/heart")
    await feed.ben.done("POST", f"{feed.at}/comments/{answers[1]['id']}/heart")

    found = (await feed.ann.get(f"{feed.at}/comments"))["comments"]

    assert [one["id"] for one in found] == [third["id"], first["id"], second["id"]]
    assert (found[0]["heartCount"], found[0]["hearted"], len(found[0]["heartUsers"])) == (2, True, 2)
    assert [one["text"] for one in found[2]["replies"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 400),
        ({"text": "   "}, 400),
        ({}, 400),
        ({"text": None}, 400),
        ({"text": 5}, 400),
        ({"text": ["x"]}, 400),
        ({"text": "x" * 500}, 201),
        ({"text": f"  {'x' * 500}  "}, 201),
        ({"text": "x" * 501}, 400),
        ({"text": "  ", "gifUrl": GIF}, 201),
        ({"gifUrl": GIF}, 201),
        ({"text": "x", "gifUrl": "https://giphy.com/x"}, 201),
        ({"text": "x", "gifUrl": None}, 201),
        ({"text": "x", "gifUrl": "https://evil.example/x.gif"}, 400),
        ({"text": "x", "gifUrl": "https://evilgiphy.com/x"}, 400),
        ({"text": "x", "gifUrl": "https://giphy.com.evil.example/x"}, 400),
        ({"text": "x", "gifUrl": "javascript://giphy.com/%0aalert(1)"}, 400),
        ({"text": "x", "gifUrl": "http://media.giphy.com/x"}, 400),
        ({"text": "x", "gifUrl": "https://me@giphy.com/x"}, 400),
        ({"text": "x", "gifUrl": "https://evil.example\\@giphy.com/x"}, 400),
        ({"text": "x", "gifUrl": "https://giphy.com:8443/x"}, 400),
        ({"text": "x", "gifUrl": "https://giphy.com/x y"}, 400),
        ({"text": "x", "gifUrl": "https://giphy.com/" + "x" * 2048}, 400),
        ({"text": "x", "gifUrl": "//giphy.com/x"}, 400),
        ({"text": "x", "gifUrl": 5}, 400),
    ],
)
async def test_what_is_a_comment_and_what_is_none(feed: Feed, body: Any, status: int) -> None:
    found, answer = await feed.ben.ask("POST", f"{feed.at}/comments", body)

    assert found == status, answer
    assert await feed.rows("SELECT count(*) FROM clip_comment") == [(int(status == 201),)]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202eevil", "NUL \0 here", "'; DROP TABLE clip; --"])
async def test_odd_text_stays_text(feed: Feed, text: str) -> None:
    await feed.say(feed.ben, text)

    assert (await feed.ann.get(f"{feed.at}/comments"))["comments"][0]["text"] == text


async def test_answers_go_one_deep_and_stay_on_their_clip(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "top")
    reply = await feed.say(feed.ann, "reply", parentId=comment["id"])

    for parent_id, status in ((reply["id"], 400), ("unknown", 404), (5, 404)):
        found, answer = await feed.ann.ask("POST", f"{feed.at}/comments", {"text": "x", "parentId": parent_id})
        assert found == status, answer
    other = await _another(feed)
    assert (await feed.ann.ask("POST", f"{other}/comments", {"text": "x", "parentId": comment["id"]}))[0] == 404


async def test_hearts_are_for_others_comments_of_this_clip(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "top")
    heart = f"{feed.at}/comments/{comment['id']}/heart"

    assert await feed.ann.done("POST", heart) == {"heartCount": 1, "hearted": True}
    assert await feed.cleo.done("POST", heart) == {"heartCount": 2, "hearted": True}
    assert await feed.ann.done("POST", heart) == {"heartCount": 1, "hearted": False}
    assert (await feed.ben.ask("POST", heart))[0] == 403
    assert (await feed.ann.ask("POST", f"{await _another(feed)}/comments/{comment['id']}/heart"))[0] == 404
    assert (await feed.ann.ask("POST", f"{feed.at}/comments/unknown/heart"))[0] == 404
    answers = await asyncio.gather(*(feed.ann.ask("POST", heart) for _ in range(21)))
    assert {status for status, _ in answers} == {200}
    assert await feed.rows("SELECT count(*) FROM clip_comment_heart") == [(2,)]


async def test_own_comment_goes_with_its_answers(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "top")
    reply = await feed.say(feed.ann, "reply", parentId=comment["id"])
    await feed.ann.done("POST", f"{feed.at}/comments/{comment['id']}/heart")

    gone = await feed.ben.done("DELETE", f"{feed.at}/comments", {"commentId": comment["id"]})

    assert gone == {"deleted": True, "deletedIds": [comment["id"], reply["id"]]}
    assert await feed.ann.get(f"{feed.at}/comments") == {"comments": [], "reactionEvents": []}
    assert await feed.rows("SELECT count(*) FROM clip_comment_heart") == [(0,)]


async def test_comment_to_delete_may_stand_in_the_address(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "top")

    gone = await feed.ben.done("DELETE", f"{feed.at}/comments?commentId={comment['id']}")

    assert gone["deletedIds"] == [comment["id"]]


async def test_only_ones_own_comment_of_this_clip_goes(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "top")
    other = await _another(feed)

    for who, at, body, status in (
        (feed.ann, feed.at, {"commentId": comment["id"]}, 404),
        (feed.ben, other, {"commentId": comment["id"]}, 404),
        (feed.ben, feed.at, {"commentId": "unknown"}, 404),
        (feed.ben, feed.at, {}, 400),
        (feed.ben, feed.at, None, 400),
        (feed.ben, feed.at, {"commentId": 5}, 400),
    ):
        found, answer = await who.ask("DELETE", f"{at}/comments", body)
        assert found == status, answer
    assert await feed.rows("SELECT count(*) FROM clip_comment") == [(1,)]


async def test_what_somebody_has_seen_stays(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "top")
    other = await _another(feed)
    await feed.ben.done("POST", f"{feed.at}/comments/viewed")
    assert (await feed.ben.get(f"{feed.at}/comments"))["comments"][0]["canEdit"]

    feed.clock.pass_ms(1)
    assert await feed.cleo.done("POST", f"{feed.at}/comments/viewed") == {"ok": True}

    assert not (await feed.ben.get(f"{feed.at}/comments"))["comments"][0]["canEdit"]
    body = {"commentId": comment["id"], "text": "no"}
    assert (await feed.ben.ask("DELETE", f"{feed.at}/comments", body))[0] == 403
    assert (await feed.ben.ask("PATCH", f"{feed.at}/comments", body))[0] == 403
    # Not by the door of another clip either, whose comments nobody has seen.
    assert (await feed.ben.ask("DELETE", f"{other}/comments", body))[0] == 404
    later = await feed.say(feed.ben, "later")
    assert (await feed.ben.ask("DELETE", f"{feed.at}/comments", {"commentId": later["id"]}))[0] == 200


async def test_unseen_comment_is_changed(feed: Feed) -> None:
    comment = await feed.say(feed.ben, "helo")

    changed = await feed.ben.done("PATCH", f"{feed.at}/comments", {"commentId": comment["id"], "text": " hello @cleo"})

    assert changed == {"comment": {"id": comment["id"], "text": "hello @cleo", "gifUrl": None}}
    found = (await feed.ann.get(f"{feed.at}/comments"))["comments"]
    assert [(one["text"], one["createdAt"]) for one in found] == [("hello @cleo", comment["createdAt"])]
    for body, status in (
        ({"commentId": comment["id"], "text": ""}, 400),
        ({"commentId": comment["id"], "text": "x" * 501}, 400),
        ({"text": "x"}, 400),
    ):
        assert (await feed.ben.ask("PATCH", f"{feed.at}/comments", body))[0] == status
    assert (await feed.ann.ask("PATCH", f"{feed.at}/comments", {"commentId": comment["id"], "text": "x"}))[0] == 404


async def test_looking_at_comments_makes_them_read(feed: Feed) -> None:
    await feed.say(feed.ben, "one")
    await feed.say(feed.ann, "mine")
    assert (await feed.ann.get(feed.at))["unreadCommentCount"] == 1

    await feed.ann.done("POST", f"{feed.at}/comments/viewed")

    assert (await feed.ann.get(feed.at))["unreadCommentCount"] == 0
    assert (await feed.ann.get(feed.at))["commentCount"] == 2


# All of it


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/reactions"),
        ("POST", "/reactions"),
        ("GET", "/comments"),
        ("POST", "/comments"),
        ("PATCH", "/comments"),
        ("DELETE", "/comments"),
        ("POST", "/comments/viewed"),
        ("POST", "/comments/x/heart"),
    ],
)
async def test_unknown_clip_is_asked_before_what_was_sent(feed: Feed, method: str, path: str) -> None:
    status, answer = await feed.ann.ask(method, NO_CLIP + path, {"nothing": "good"} if method != "GET" else None)

    assert (status, answer["error"]) == (404, "Clip not found.")
    async with feed.house.stranger().request(method, f"/api{NO_CLIP}{path}") as refused:
        assert refused.status == 401


@pytest.mark.parametrize("raw", ["{", "null", "[]", '"text"', "5"])
@pytest.mark.parametrize(("method", "path"), [("POST", "reactions"), ("POST", "comments"), ("DELETE", "comments")])
async def test_broken_bodies_are_told_as_json(feed: Feed, method: str, path: str, raw: str) -> None:
    async with feed.ann.device.request(method, f"/api{feed.at}/{path}", data=raw) as answer:
        assert answer.status == 400
        assert "Invalid JSON" in (await answer.json())["error"]


async def _another(feed: Feed) -> str:
    return f"/clips/{await a_clip(feed.house.server.db, feed.ann.id)}"
