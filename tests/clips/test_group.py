"""What administrators decide for all: sites, and which clips go (clips §7.1, 7.4)."""

from typing import Any

import pytest

from homemedia.clips.platforms import KEYS
from homemedia.core.ids import new_uuid
from tests.clips.conftest import Feed
from tests.support.clips import a_clip, a_clip_file

MIB = 1 << 20


async def group(feed: Feed) -> Any:
    return (await feed.house.get("/api/auth"))["group"]


async def test_sites_are_chosen(feed: Feed) -> None:
    allowed = await feed.house.send(
        "PATCH", "/api/group/platforms", {"mode": "allow", "platforms": ["spotify", "tiktok", "tiktok"]}
    )

    assert allowed == {"platformFilterMode": "allow", "platformFilterList": ["tiktok", "spotify"]}
    found = await group(feed)
    assert (found["platformFilterMode"], found["platformFilterList"]) == ("allow", '["tiktok","spotify"]')
    everything = {"mode": "block", "platforms": sorted(KEYS)}
    blocked = await feed.house.send("PATCH", "/api/group/platforms", everything)
    assert len(blocked["platformFilterList"]) == 20
    all_again = await feed.house.send("PATCH", "/api/group/platforms", {"mode": "all", "platforms": ["nonsense"]})
    assert all_again == {"platformFilterMode": "all", "platformFilterList": None}
    assert (await group(feed))["platformFilterList"] is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "mode"),
        ({"mode": "some", "platforms": ["tiktok"]}, "mode"),
        ({"mode": ["all"]}, "mode"),
        ({"mode": "allow"}, "platforms"),
        ({"mode": "allow", "platforms": []}, "platforms"),
        ({"mode": "block", "platforms": "tiktok"}, "platforms"),
        ({"mode": "block", "platforms": ["tiktok", "myspace"]}, "myspace"),
        ({"mode": "block", "platforms": [5, None, {}]}, "platforms"),
        ({"mode": "allow", "platforms": ["__proto__"]}, "__proto__"),
    ],
)
async def test_wrong_sites_are_named(feed: Feed, body: Any, said: str) -> None:
    answer = await feed.house.send("PATCH", "/api/group/platforms", body, 400)

    assert said in answer["error"]
    assert (await group(feed))["platformFilterMode"] == "all"


async def test_room_is_shown_the_largest_first(feed: Feed) -> None:
    db = feed.house.server.db
    large = await a_clip(db, feed.ben.id, caption="large", created_at=1000)
    await a_clip_file(feed.house, large, b"x" * (3 * MIB), ".mp4")
    thumbnail = await a_clip_file(feed.house, large, b"x", ".jpg", of="thumbnail")
    failed = await a_clip(db, feed.ben.id, status="failed", created_at=2000)
    over = await a_clip(db, feed.ben.id, status="deleted")

    found = await feed.house.get("/api/group/clips?limit=1")
    newest = (await feed.house.get("/api/group/clips?sort=newest"))["clips"]

    assert found == {
        "clips": [
            {
                "id": large,
                "title": "large",
                "platform": "tiktok",
                "contentType": "video",
                "addedBy": feed.ben.id,
                "addedByUsername": (await feed.ben.get("/auth"))["user"]["username"],
                "createdAt": "1970-01-01T00:00:01.000Z",
                "sizeMb": 3.0,
                "thumbnailPath": thumbnail,
                "status": "ready",
            }
        ],
        "totalClips": 3,
        "totalSizeMb": 3.0,
        "hasMore": True,
    }
    assert [one["id"] for one in newest] == [feed.clip_id, failed, large]
    assert over not in {one["id"] for one in newest}
    assert await feed.house.get("/api/group/stats") == {
        "clipCount": 3,
        "memberCount": 4,
        "storageMb": 3.0,
        "maxStorageMb": None,
    }


@pytest.mark.parametrize("query", ["limit=1e9", "limit=-1", "limit=abc", "limit=0", "offset=-5", "sort=strange"])
async def test_odd_numbers_are_the_usual_ones(feed: Feed, query: str) -> None:
    assert len((await feed.house.get(f"/api/group/clips?{query}"))["clips"]) == 1


async def test_huge_offset_is_an_empty_page(feed: Feed) -> None:
    found = await feed.house.get(f"/api/group/clips?offset={1 << 80}")

    assert (found["clips"], found["hasMore"], found["totalClips"]) == ([], False, 1)


async def test_limit_of_all_clips_is_shown_and_lifted(feed: Feed) -> None:
    assert await feed.house.send("PATCH", "/api/home/clips/storage", {"maxStorageMb": 2000}) == {"maxStorageMb": 2000}

    assert (await feed.house.get("/api/group/stats"))["maxStorageMb"] == 2000
    assert (await group(feed))["maxStorageMb"] == 2000
    for value in (0, -1, True, "5", 2.5, 1 << 60):
        await feed.house.send("PATCH", "/api/home/clips/storage", {"maxStorageMb": value}, 400)
    await feed.house.send("PATCH", "/api/home/clips/storage", {}, 400)
    await feed.house.send("PATCH", "/api/home/clips/storage", {"maxStorageMb": None})
    assert (await group(feed))["maxStorageMb"] is None


async def test_clips_go_with_all_that_was_said_and_done(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, b"bytes", ".mp4")
    path = feed.house.server.places.media_dir / "clips" / name
    assert path.is_file()
    kept = await a_clip(feed.house.server.db, feed.ben.id)
    comment = await feed.say(feed.ben, "hello")
    await feed.say(feed.cleo, "you", parentId=comment["id"])
    await feed.ann.done("POST", f"{feed.at}/comments/{comment['id']}/heart")
    await feed.ann.done("POST", f"{feed.at}/comments/viewed")
    await feed.ben.done("POST", f"{feed.at}/favorite")
    await feed.ben.done("POST", f"{feed.at}/watched", {"watchPercent": 80})
    await feed.cleo.done("POST", "/clips/dismiss", {"keepIds": []})

    gone = await feed.house.send("DELETE", "/api/group/clips", {"clipIds": [feed.clip_id, new_uuid(), 5]})

    assert gone == {"deleted": 1}
    await feed.house.idle()
    assert not path.exists()
    assert (await feed.ann.ask("GET", feed.at))[0] == 404
    assert (await feed.ann.ask("GET", f"/clips/{kept}"))[0] == 200
    for who in (feed.ann, feed.ben, feed.cleo):
        assert await feed.told(who) == []
    for table in ("comment", "comment_heart", "comment_view", "favorite", "reaction"):
        assert await feed.rows(f"SELECT count(*) FROM clip_{table}") == [(0,)], table  # noqa: S608 - names of our own
    assert await feed.rows("SELECT count(*) FROM clip_dismissal WHERE clip_id = :id", id=feed.clip_id) == [(0,)]
    assert await feed.rows("SELECT count(*) FROM file WHERE path LIKE 'clips/%'") == [(0,)]
    await feed.house.send("DELETE", "/api/group/clips", {"clipIds": [feed.clip_id]}, 404)


@pytest.mark.parametrize("body", [{}, {"clipIds": []}, {"clipIds": "x"}, {"clipIds": None}, {"clipIds": [5, {}]}])
async def test_clips_to_delete_must_be_named(feed: Feed, body: Any) -> None:
    await feed.house.send("DELETE", "/api/group/clips", body, 400)

    assert (await feed.house.get("/api/group/stats"))["clipCount"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/group/platforms", {"mode": "all"}),
        ("GET", "/group/clips", None),
        ("DELETE", "/group/clips", {"clipIds": ["x"]}),
        ("GET", "/group/stats", None),
        ("PATCH", "/home/clips/storage", {"maxStorageMb": 5}),
        ("GET", "/home/clips/gif-key", None),
        ("PUT", "/home/clips/gif-key", {"key": None}),
    ],
)
async def test_only_the_host_may(feed: Feed, method: str, path: str, body: Any) -> None:
    status, refused = await feed.ann.ask(method, path, body)

    assert status == 403
    assert "host" in refused["message"].lower() or path.startswith("/home/")
    async with feed.house.stranger().request(method, f"/api{path}", json=body) as answer:
        assert answer.status == 401
