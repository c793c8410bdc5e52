"""The feed over HTTP: clips as they are shown, captions, deleting, watching, favourites, catching up (clips §6)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from homemedia.clips.events import ClipsChanged, ClipTalk, UnwatchedChanged
from homemedia.clips.watching import percent_of
from tests.clips.conftest import Feed
from tests.support.app import a_house
from tests.support.clips import a_clip, a_clip_file
from tests.support.household import Person, a_household

UNKNOWN = "/clips/00000000-0000-4000-8000-000000000000"
FIELDS = {
    "id", "groupId", "addedBy", "originalUrl", "platform", "contentType", "status", "title", "videoPath", "audioPath",
    "thumbnailPath", "durationSeconds", "artist", "albumArt", "spotifyUrl", "appleMusicUrl", "youtubeMusicUrl",
    "creatorName", "creatorUrl", "sourceViewCount", "fileSizeBytes", "trimDeadline", "failureReason", "createdAt",
    "addedByUsername", "addedByAvatar", "watched", "favorited", "reactions", "commentCount", "unreadCommentCount",
    "viewCount", "favoriteCount", "seenByOthers", "canEditCaption",
}  # fmt: skip
EXTRA = {"width", "height"}


async def ids(who: Person, query: str = "") -> list[str]:
    return [clip["id"] for clip in (await who.get(f"/clips{query}"))["clips"]]


async def count(who: Person) -> int:
    """How many clips wait for somebody, asked in both ways."""
    counted = (await who.get("/clips/unwatched-count"))["count"]
    assert len(await ids(who, "?filter=unwatched&limit=50")) == counted
    return int(counted)


# A clip as it is shown


async def test_clip_is_shown_whole_in_lists_and_alone(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, b"film", ".mp4")
    picture = await a_clip_file(feed.house, feed.clip_id, b"jpeg", ".jpg", of="thumbnail")
    await feed.react(feed.ben, "😂")
    await feed.say(feed.ben, "ha")
    await feed.say(feed.ann, "yes")
    await feed.cleo.done("POST", f"{feed.at}/watched")

    clip = await feed.ben.get(feed.at)

    assert set(clip) == FIELDS | EXTRA
    assert clip == (await feed.ben.get("/clips"))["clips"][0]
    expected = {
        "id": feed.clip_id,
        "addedBy": feed.ann.id,
        "addedByAvatar": None,
        "platform": "tiktok",
        "contentType": "video",
        "status": "ready",
        "title": "Cat",
        "videoPath": name,
        "thumbnailPath": picture,
        "audioPath": None,
        "durationSeconds": 13,
        "fileSizeBytes": 8,
        "trimDeadline": None,
        "failureReason": None,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "watched": False,
        "favorited": False,
        "reactions": {"😂": {"count": 1, "reacted": True}},
        "commentCount": 2,
        "unreadCommentCount": 1,
        "viewCount": 2,
        "favoriteCount": 0,
        "seenByOthers": True,
        "canEditCaption": False,
    }
    assert {key: clip[key] for key in expected} == expected
    assert name == f"{feed.clip_id}.mp4"
    by_ann = await feed.ann.get(feed.at)
    assert (by_ann["watched"], by_ann["reactions"]) == (True, {"😂": {"count": 1, "reacted": False}})


async def test_comments_that_were_looked_at_are_not_unread(feed: Feed) -> None:
    await feed.say(feed.ann, "one")
    feed.clock.pass_ms(10)
    await feed.ben.done("POST", f"{feed.at}/comments/viewed")
    assert (await feed.ben.get(feed.at))["unreadCommentCount"] == 0

    await feed.say(feed.ann, "two")

    assert (await feed.ben.get(feed.at))["unreadCommentCount"] == 1
    assert (await feed.cleo.get(feed.at))["unreadCommentCount"] == 2


async def test_failed_clip_without_a_caption_says_why_in_its_title(feed: Feed) -> None:
    db = feed.house.server.db
    plain = await a_clip(db, feed.ann.id, status="failed")
    named = await a_clip(db, feed.ann.id, status="failed", caption="mine")

    first, second = await feed.ben.get(f"/clips/{plain}"), await feed.ben.get(f"/clips/{named}")

    assert first["title"] == first["failureReason"] == "This clip is not available."
    assert (second["title"], second["failureReason"]) == ("mine", "This clip is not available.")


async def test_clip_whose_time_is_over_is_shown_alone_without_files(feed: Feed) -> None:
    over = await a_clip(feed.house.server.db, feed.ann.id, status="deleted")

    assert over not in await ids(feed.ben)
    assert over not in await ids(feed.ann, "?filter=uploads")
    assert (await feed.ben.get(f"/clips/{over}"))["videoPath"] is None


@pytest.mark.parametrize(
    ("query", "shown", "more"),
    [
        ("limit=1e9", 20, True),
        ("limit=-1", 20, True),
        ("limit=abc", 20, True),
        ("limit=0", 1, True),
        ("limit=51", 50, True),
        ("limit=99999999999999999999999", 50, True),
        ("limit=50&offset=10", 45, False),
        ("offset=99999999999999999999999999", 0, False),
        ("offset=-3&limit=2", 2, True),
        ("filter=&sort=", 20, True),
        ("limit=55&offset=5", 50, False),
    ],
)
async def test_any_part_of_the_list_can_be_asked_for(feed: Feed, query: str, shown: int, more: bool) -> None:  # noqa: FBT001
    for _ in range(54):
        await a_clip(feed.house.server.db, feed.ben.id)

    answer = await feed.ann.get(f"/clips?{query}")

    assert (len(answer["clips"]), answer["hasMore"]) == (shown, more)


@pytest.mark.parametrize("query", ["filter=all", "filter=Watched", "sort=random", "sort=latest"])
async def test_lists_that_there_are_not_are_refused(feed: Feed, query: str) -> None:
    status, answer = await feed.ann.ask("GET", f"/clips?{query}")

    assert status == 400
    assert query.partition("=")[0] in answer["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/watched"), ("PATCH", "/watched"), ("DELETE", "/watched"),
        ("GET", "/views"), ("POST", "/favorite"),
    ],
)  # fmt: skip
async def test_clip_that_is_not_there_is_told_before_anything_else(feed: Feed, method: str, path: str) -> None:
    status, answer = await feed.ben.ask(method, UNKNOWN + path)

    assert (status, "clip not found" in answer["error"].lower()) == (404, True)


# Captions and deleting


async def test_caption_is_its_senders_to_change_until_somebody_has_watched(feed: Feed) -> None:
    assert (await feed.ann.get(feed.at))["canEditCaption"]
    assert await feed.ann.done("PATCH", feed.at, {"title": "  Dog  "}) == {"title": "Dog"}
    refused = await feed.ben.ask("PATCH", feed.at, {"title": "mine"})
    await feed.ben.done("POST", f"{feed.at}/watched")
    late = await feed.ann.ask("PATCH", feed.at, {"title": "Fox"})
    gone = await feed.ann.ask("DELETE", feed.at)
    await feed.ben.done("DELETE", f"{feed.at}/watched")

    assert (refused[0], "uploader" in refused[1]["error"]) == (403, True)
    assert (late[0], gone[0]) == (403, 403)
    assert (await feed.ann.get(feed.at))["title"] == "Dog"
    assert await feed.ann.done("PATCH", feed.at, {"title": None}) == {"title": None}
    assert (await feed.ann.get(feed.at))["title"].startswith("Clip ")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("\u202eabc", "\u202eabc"),
        ("x" * 10_000, "x" * 500),
        ("a\0b", "a\0b"),
        ("   ", None),
        ("👨‍👩‍👧" * 3, "👨‍👩‍👧" * 3),
    ],
)
async def test_caption_is_kept_as_text(feed: Feed, given: str, kept: str | None) -> None:
    assert await feed.ann.done("PATCH", feed.at, {"title": given}) == {"title": kept}

    clip = await feed.ben.get(feed.at)
    assert clip["title"] == kept or (kept is None and clip["title"])


@pytest.mark.parametrize("body", [{}, {"caption": "x"}, {"title": 5}, {"title": ["x"]}, {"title": True}, [], None])
async def test_caption_of_another_kind_is_refused(feed: Feed, body: Any) -> None:
    status, answer = await feed.ann.ask("PATCH", feed.at, body)

    assert (status, bool(answer["error"])) == (400, True)
    assert (await feed.ann.get(feed.at))["title"] == "Cat"


async def test_deleted_clip_leaves_nothing_behind(feed: Feed) -> None:
    await feed.react(feed.ben, "😂")
    comment = await feed.say(feed.ben, "ha")
    await feed.cleo.done("POST", f"{feed.at}/comments/{comment['id']}/heart")
    await feed.cleo.done("POST", f"{feed.at}/comments/viewed")
    await feed.cleo.done("POST", f"{feed.at}/favorite")
    await feed.ben.done("POST", "/clips/dismiss", {"keepIds": []})
    await a_clip_file(feed.house, feed.clip_id, b"film", ".mp4")
    assert (await feed.ben.ask("DELETE", feed.at))[0] == 403

    assert await feed.ann.done("DELETE", feed.at) == {"success": True}

    for table in ("clip", "clip_watch", "clip_reaction", "clip_comment", "clip_comment_heart", "clip_comment_view",
                  "clip_favorite", "clip_dismissal", "clip_unwatched"):  # fmt: skip
        assert await feed.rows(f"SELECT count(*) FROM {table}") == [(0,)], table  # noqa: S608 - names above
    await feed.house.idle()
    assert not list((feed.house.server.places.media_dir / "clips").rglob("*.mp4"))
    assert await feed.told(feed.ann) == []


async def test_clip_is_never_changed_after_somebody_has_watched_it(feed: Feed) -> None:
    for number in range(10):
        clip_id = await a_clip(feed.house.server.db, feed.ann.id)
        changing = [feed.ann.ask("DELETE", f"/clips/{clip_id}"), feed.ben.ask("POST", f"/clips/{clip_id}/watched")]
        (deleted, _), (watched, _) = await asyncio.gather(*(changing if number % 2 else reversed(changing)))
        if not number % 2:
            deleted, watched = watched, deleted

        assert (deleted, watched) in {(200, 404), (403, 200)}
        feed.clock.pass_ms(61_000)


# Watching


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (0, 0), (100, 100), (49.5, 50), (50.4, 50), (-3, 0), (1e300, 100), (250, 100), (True, None), ("50", None),
        (None, None), ([50], None), (float("nan"), None), (10**400, 100),
    ],
)  # fmt: skip
def test_how_far_somebody_watched_is_a_whole_number_to_a_hundred(given: object, kept: int | None) -> None:
    assert percent_of(given) == kept


async def test_watching_takes_a_clip_off_what_waits_and_only_ever_rises(feed: Feed) -> None:
    assert (await count(feed.ben), await count(feed.ann)) == (1, 0)

    assert await feed.ben.done("POST", f"{feed.at}/watched", {"watchPercent": 40.4}) == {"watched": True}
    await feed.ben.done("POST", f"{feed.at}/watched", {"watchPercent": 30})
    await feed.ben.done("POST", f"{feed.at}/watched")

    assert await count(feed.ben) == 0
    assert (await feed.ben.get(feed.at))["watched"]
    assert await feed.rows("SELECT percent FROM clip_watch WHERE user_id = :who", who=feed.ben.id) == [(40,)]
    assert await feed.ben.done("PATCH", f"{feed.at}/watched", {"watchPercent": 80}) == {"updated": True}
    assert await feed.ben.done("PATCH", f"{feed.at}/watched", {"watchPercent": 80}) == {"updated": False}
    assert await feed.cleo.done("PATCH", f"{feed.at}/watched", {"watchPercent": 80}) == {"updated": False}
    assert await count(feed.cleo) == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[]", b'"50"', b'{"watchPercent":"x"}', b"\xff", b'{"a":1}'])
async def test_leaving_player_may_send_anything(feed: Feed, raw: bytes) -> None:
    for kind in ("text/plain;charset=UTF-8", "application/json"):
        async with feed.ben.device.post(f"/api{feed.at}/watched", data=raw, headers={"Content-Type": kind}) as answer:
            assert (answer.status, await answer.json()) == (200, {"watched": True})
    assert await feed.rows("SELECT percent FROM clip_watch WHERE user_id = :who", who=feed.ben.id) == [(None,)]


async def test_who_watched_is_listed_with_those_who_saw_half_of_it_first(feed: Feed) -> None:
    feed.clock.pass_ms(1000)
    await feed.cleo.done("POST", f"{feed.at}/watched", {"watchPercent": 50})
    feed.clock.pass_ms(1000)
    await feed.ben.done("POST", f"{feed.at}/watched", {"watchPercent": 49})

    views = (await feed.ann.get(f"{feed.at}/views"))["views"]

    assert [(one["userId"], one["watchPercent"], one["status"]) for one in views] == [
        (feed.cleo.id, 50, "viewed"),
        (feed.ann.id, 100, "viewed"),
        (feed.ben.id, 49, "skipped"),
    ]
    assert set(views[0]) == {"userId", "username", "avatarPath", "watchPercent", "status", "watchedAt"}
    assert views[0]["watchedAt"] == "2026-01-01T00:00:01.000Z"
    await feed.ben.done("DELETE", f"{feed.at}/watched")
    assert await feed.ben.done("DELETE", f"{feed.at}/watched") == {"watched": False}
    assert len((await feed.ann.get(f"{feed.at}/views"))["views"]) == 2
    assert await count(feed.ben) == 1


async def test_lists_hold_what_their_names_say(feed: Feed) -> None:
    db = feed.house.server.db
    loading = await a_clip(db, feed.ben.id, status="downloading")
    failed = await a_clip(db, feed.ben.id, status="failed")
    second = await a_clip(db, feed.ben.id)
    feed.clock.pass_ms(10)
    for clip_id in (second, feed.clip_id):
        await feed.cleo.done("POST", f"/clips/{clip_id}/watched")
        await feed.cleo.done("POST", f"/clips/{clip_id}/favorite")
        feed.clock.pass_ms(10)

    assert await ids(feed.cleo) == [second, failed, loading, feed.clip_id]
    assert await ids(feed.cleo, "?filter=unwatched") == []
    assert await ids(feed.ann, "?filter=unwatched") == [second]
    assert await ids(feed.cleo, "?filter=watched") == [feed.clip_id, second]
    assert await ids(feed.cleo, "?filter=favorites") == [feed.clip_id, second]
    assert await ids(feed.cleo, "?filter=favorites&sort=newest") == [second, feed.clip_id]
    assert await ids(feed.ben, "?filter=uploads") == [second, failed, loading]


async def test_member_who_comes_later_has_everything_before_him(feed: Feed) -> None:
    body = {"email": "dora@example.org", "password": "correct horse", "name": "Dora"}
    await feed.house.send("POST", "/api/admin/users", body, 201)
    device = feed.house.stranger()
    async with device.post("/api/auth/login", json=body) as answer:
        assert answer.status == 201
    assert await count(Person("dora", "", device)) == 1


# Favourites


async def test_favourite_is_counted_for_all_and_known_to_its_member(feed: Feed) -> None:
    assert await feed.ben.done("POST", f"{feed.at}/favorite") == {"favorited": True}

    clip, by_cleo = await feed.ben.get(feed.at), await feed.cleo.get(feed.at)

    assert (clip["favorited"], clip["favoriteCount"], list(clip["reactions"])) == (True, 1, ["❤️"])
    assert (by_cleo["favorited"], by_cleo["favoriteCount"]) == (False, 1)
    assert await feed.ben.done("POST", f"{feed.at}/favorite") == {"favorited": False}
    assert (await feed.ben.get(feed.at))["reactions"] == {}


# Catching up


async def test_what_is_put_aside_waits_no_more_until_it_is_taken_back(feed: Feed) -> None:
    db = feed.house.server.db
    others = [await a_clip(db, feed.ann.id) for _ in range(3)]

    assert await feed.ben.done("POST", "/clips/dismiss", {"keepIds": [others[1], "x"]}) == {"dismissed": 3}

    assert await ids(feed.ben, "?filter=unwatched") == [others[1]]
    assert await count(feed.cleo) == 4
    aside = await feed.ben.get("/clips/dismissed")
    assert (aside["count"], {clip["id"] for clip in aside["clips"]}) == (3, {feed.clip_id, others[0], others[2]})
    assert len((await feed.ben.get("/clips/dismissed?limit=2"))["clips"]) == 2
    assert await feed.ben.done("DELETE", "/clips/dismiss", {"clipIds": [others[0]]}) == {"restored": 1}
    assert await count(feed.ben) == 2
    assert await feed.ben.done("DELETE", "/clips/dismiss", {"all": True}) == {"restored": 2}
    assert await count(feed.ben) == 4


@pytest.mark.parametrize(
    ("method", "body"),
    [("POST", {}), ("POST", {"keepIds": "x"}), ("POST", {"keepIds": [5]}), ("DELETE", {}), ("DELETE", {"all": 1})],
)
async def test_catching_up_wants_to_know_what(feed: Feed, method: str, body: Any) -> None:
    status, answer = await feed.ben.ask(method, "/clips/dismiss", body)

    assert (status, "must be a list of ids" in answer["error"]) == (400, True)
    assert await count(feed.ben) == 1


async def test_own_numbers_count_what_was_sent_liked_and_watched(feed: Feed) -> None:
    long = await a_clip(feed.house.server.db, feed.ann.id, duration_ms=600_000)
    await feed.ben.done("POST", f"/clips/{long}/watched", {"watchPercent": 50})
    await feed.ben.done("POST", f"/clips/{long}/favorite")

    assert await feed.ben.get("/profile/stats") == {"uploads": 0, "saves": 1, "minutesWatched": 5}
    assert await feed.ann.get("/profile/stats") == {"uploads": 2, "saves": 0, "minutesWatched": 0}


# The host, and who hears of what


async def test_host_may_change_and_delete_anything_where_the_house_says_so(feed: Feed, tmp_path: Path) -> None:
    host = feed.house
    await feed.ben.done("POST", f"{feed.at}/watched")
    assert (await host.send("PATCH", f"/api{feed.at}", {"title": "x"}, 403))["code"] == "not_uploader"

    async with a_house(tmp_path / "other", clips={"host_moderation": True}) as other:
        await other.claim()
        people = await a_household(other, "ann", "ben")
        clip_id = await a_clip(other.server.db, people["ann"].id)
        await people["ben"].done("POST", f"/clips/{clip_id}/watched")

        assert (await other.get(f"/api/clips/{clip_id}"))["canEditCaption"]
        assert await other.send("PATCH", f"/api/clips/{clip_id}", {"title": "Better"}) == {"title": "Better"}
        assert (await people["ben"].ask("PATCH", f"/clips/{clip_id}", {"title": "x"}))[0] == 403
        assert (await people["ann"].ask("DELETE", f"/clips/{clip_id}"))[0] == 403
        assert await other.send("DELETE", f"/api/clips/{clip_id}") == {"success": True}


async def test_what_is_done_is_told_once(feed: Feed) -> None:
    heard: list[object] = []
    for kind in (ClipsChanged, ClipTalk, UnwatchedChanged):
        feed.house.server.bus.subscribe(kind, heard.append)
    watched = ClipTalk(clip_id=feed.clip_id, what="watch", by=feed.ben.id)
    taken_back = ClipTalk(clip_id=feed.clip_id, what="unwatch", by=feed.ben.id)
    counted = UnwatchedChanged(user_ids=(feed.ben.id,))

    await feed.ann.done("PATCH", feed.at, {"title": "Dog"})
    await feed.ben.done("POST", f"{feed.at}/watched")
    await feed.ben.done("POST", f"{feed.at}/watched", {"watchPercent": 50})
    await feed.ben.done("PATCH", f"{feed.at}/watched", {"watchPercent": 70})
    await feed.ben.done("DELETE", f"{feed.at}/watched")
    await feed.ben.done("DELETE", f"{feed.at}/watched")
    await feed.ben.done("DELETE", "/clips/dismiss", {"all": True})
    await feed.ben.done("POST", "/clips/dismiss", {"keepIds": []})

    changed = ClipsChanged(clip_ids=(feed.clip_id,), what="changed")
    assert heard == [changed, watched, counted, taken_back, counted, counted]
