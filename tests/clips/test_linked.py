"""A clip behind a link: a guest sees and plays just this one; members and what they said stay inside."""

import io
from typing import Any

import pytest
from PIL import Image

from tests.clips.conftest import Feed
from tests.support.clips import a_clip, a_clip_file
from tests.support.household import Person

FILM = b"film" * 1000


def a_picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (640, 1138), "teal").save(target, "JPEG")
    return target.getvalue()


@pytest.fixture
async def whole(feed: Feed) -> Feed:
    """The clip has its files."""
    await a_clip_file(feed.house, feed.clip_id, FILM, ".mp4")
    await a_clip_file(feed.house, feed.clip_id, a_picture(), ".jpg", of="thumbnail")
    return feed


async def link(who: Person, clip_id: str, **more: Any) -> str:
    body = {"target_type": "clip", "target_id": clip_id, "recipient_type": "public_link", **more}
    made = await who.done("POST", "/v1/shares", body)
    return str(made["public_token"])


async def opened(feed: Feed, token: str) -> tuple[int, Any]:
    async with feed.house.stranger().get(f"/api/v1/shared/{token}") as answer:
        return answer.status, await answer.json()


async def test_guest_sees_and_plays_just_the_clip(whole: Feed) -> None:
    other = await a_clip(whole.house.server.db, whole.ann.id)
    name = await a_clip_file(whole.house, other, b"other", ".mp4")
    await whole.say(whole.ben, "a secret")

    status, shown = await opened(whole, await link(whole.ann, whole.clip_id))

    assert (status, shown["target_type"], shown["title"], shown["total"]) == (200, "clip", "Cat", 1)
    (item,) = shown["items"]
    assert (item["id"], item["type"], item["mime_type"], item["title"]) == (
        whole.clip_id,
        "video",
        "video/mp4",
        "Cat",
    )
    assert "secret" not in str(shown)
    stranger = whole.house.stranger()
    async with stranger.get(item["stream_url"], headers={"Range": "bytes=0-9"}) as answer:
        assert (answer.status, await answer.read()) == (206, FILM[:10])
    async with stranger.get(item["thumbnail_url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
    async with stranger.get(item["download_url"]) as answer:
        assert (answer.status, answer.headers["Content-Disposition"]) == (200, "attachment; filename*=UTF-8''Cat.mp4")
    async with stranger.get(item["stream_url"].replace(whole.clip_id, other)) as answer:
        assert answer.status == 404
    for inside in (f"/api/clips/{whole.clip_id}", "/api/clips", f"/api/videos/{name}"):
        async with stranger.get(inside) as answer:
            assert answer.status == 401


async def test_link_gives_no_file_where_it_lets_nobody_take_it_home(whole: Feed) -> None:
    token = await link(whole.ann, whole.clip_id, permissions={"can_view": True, "can_download": False})

    _, shown = await opened(whole, token)

    assert shown["items"][0]["download_url"] is None
    async with whole.house.stranger().get(f"/api/v1/shared/{token}/media/{whole.clip_id}/download") as answer:
        assert answer.status in {403, 404}


async def test_link_ends_with_its_clip(whole: Feed) -> None:
    token = await link(whole.ann, whole.clip_id)

    await whole.ann.done("DELETE", whole.at)

    assert (await opened(whole, token))[0] in {404, 410}


async def test_clip_of_another_is_not_ones_own_to_hand_out(whole: Feed) -> None:
    body = {"target_type": "clip", "target_id": whole.clip_id, "recipient_type": "public_link"}

    status, answer = await whole.ben.ask("POST", "/v1/shares", body)

    assert (status, answer["code"]) == (400, "target_not_shareable")


async def test_song_behind_a_link_is_audio(whole: Feed) -> None:
    song = await a_clip(whole.house.server.db, whole.ann.id, content_type="music", caption="Tune", artist="Somebody")
    await a_clip_file(whole.house, song, b"song", ".mp3", of="audio")

    _, shown = await opened(whole, await link(whole.ann, song, permissions={"can_see_metadata": True}))

    (item,) = shown["items"]
    assert (item["type"], item["mime_type"], item["title"]) == ("audio", "audio/mpeg", "Tune")
    assert item["metadata"]["artist"] == "Somebody"


async def test_clip_that_does_not_play_yet_shows_nothing(feed: Feed) -> None:
    waiting = await a_clip(feed.house.server.db, feed.ann.id, status="downloading")
    body = {"target_type": "clip", "target_id": waiting, "recipient_type": "public_link"}

    status, made = await feed.ann.ask("POST", "/v1/shares", body)

    if status == 200:
        assert (await opened(feed, made["public_token"]))[1].get("items", []) == []
