"""The bytes of clips: which names open them, which parts of them are sent, and the video that was made playable."""

import os
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, hdrs
from yarl import URL

from homemedia.library.rendition import Rendition
from tests.clips.conftest import Feed
from tests.support.clips import a_clip, a_clip_file

FILM = bytes(range(256)) * 4
SIZE = len(FILM)


@pytest.fixture
async def film(feed: Feed) -> str:
    """The address of the clip's video."""
    return f"/api/videos/{await a_clip_file(feed.house, feed.clip_id, FILM, '.mp4')}"


async def ask(feed: Feed, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Any]:
    async with feed.ben.device.request(method, URL(path, encoded=True), headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=0-9", 206, (0, 9)),
        ("bytes=500-", 206, (500, SIZE - 1)),
        ("bytes=-500", 206, (SIZE - 500, SIZE - 1)),
        ("bytes=1000-99999", 206, (1000, SIZE - 1)),
        (f"bytes={SIZE}-", 416, None),
        ("bytes=99999-100000", 416, None),
        ("bytes=20-10", 200, None),
        ("bytes=0-1,5-6", 200, None),
        ("items=0-9", 200, None),
        ("bytes=x-y", 200, None),
        ("bytes=-0", 416, None),
        ("", 200, None),
    ],
)
async def test_part_that_is_asked_for_is_sent(
    feed: Feed, film: str, wanted: str, status: int, part: tuple[int, int] | None
) -> None:
    for method in ("GET", "HEAD"):
        got, body, headers = await ask(feed, film, method, Range=wanted)

        assert got == status
        if status == 416:
            assert headers[hdrs.CONTENT_RANGE] == f"bytes */{SIZE}"
            continue
        first, last = part or (0, SIZE - 1)
        assert headers[hdrs.CONTENT_LENGTH] == str(last - first + 1)
        assert headers[hdrs.ACCEPT_RANGES] == "bytes"
        assert headers.get(hdrs.CONTENT_RANGE) == (f"bytes {first}-{last}/{SIZE}" if part else None)
        assert body == (FILM[first : last + 1] if method == "GET" else b"")


async def test_what_is_sent_says_what_it_is_and_is_not_sent_twice(feed: Feed, film: str) -> None:
    song = await a_clip(feed.house.server.db, feed.ann.id, content_type="music")
    sound = await a_clip_file(feed.house, song, b"song", ".mp3", of="audio")
    picture = await a_clip_file(feed.house, song, b"jpeg", ".jpg", of="thumbnail")

    _, _, video = await ask(feed, film)
    status, body, audio = await ask(feed, f"/api/videos/{sound}")
    _, _, small = await ask(feed, f"/api/thumbnails/{picture}")

    assert (video["Content-Type"], audio["Content-Type"], small["Content-Type"]) == (
        "video/mp4",
        "audio/mpeg",
        "image/jpeg",
    )
    assert (status, body) == (200, b"song")
    assert small["Cache-Control"] == "private, max-age=86400"
    assert (await ask(feed, film, **{"If-None-Match": video["ETag"]}))[0] == 304
    assert (await ask(feed, film, Range="bytes=0-1", **{"If-Range": '"other"'}))[0] == 200
    assert (await feed.ben.get(f"/clips/{song}"))["audioPath"] == sound


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2f..%2fetc%2fpasswd", "..%2fvideos-x%2fs.txt", "%2fetc%2fpasswd", "a%00.mp4", "x..mp4",
        "..%5c..%5cboot.ini", "%2e%2e%2fhomemedia.db",
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["videos", "thumbnails"])
async def test_what_is_no_name_is_forbidden(feed: Feed, where: str, name: str) -> None:
    status, body, headers = await ask(feed, f"/api/{where}/{name}")

    assert status == 403
    assert headers["Content-Type"].startswith("application/json")
    assert b"root:" not in body


async def test_file_opens_by_the_name_its_clip_shows_and_by_no_other(feed: Feed, film: str) -> None:
    picture = await a_clip_file(feed.house, feed.clip_id, b"jpeg", ".jpg", of="thumbnail")
    folder = feed.house.server.places.media_dir / "clips"
    (folder / f"{feed.clip_id}.info.json").write_text("{}")
    (folder / f"{feed.clip_id}.webm").symlink_to("/etc/passwd")

    for path in (
        f"/api/videos/{feed.clip_id}.info.json",
        f"/api/videos/{feed.clip_id}.webm",
        f"/api/videos/{feed.clip_id}",
        f"/api/videos/{picture}",
        f"/api/thumbnails/{feed.clip_id}.mp4",
        f"/api/videos/{feed.clip_id.upper()}.mp4",
        "/api/videos/00000000-0000-4000-8000-000000000000.mp4",
        "/api/videos/x.mp4",
    ):
        assert (await ask(feed, path))[0] == 404, path
    assert (await ask(feed, f"/api/thumbnails/{picture}"))[0] == 200


async def test_strangers_get_nothing_and_a_media_token_opens_it(feed: Feed, film: str) -> None:
    stranger = feed.house.stranger()

    async with stranger.get(film) as answer:
        assert answer.status == 401
    async with stranger.get("/api/videos/..%2fx") as answer:
        assert answer.status == 401
    async with stranger.get(f"{film}?token={feed.house.token}") as answer:
        assert (answer.status, await answer.read()) == (200, FILM)


async def test_film_whose_file_is_gone_is_missing(feed: Feed, film: str) -> None:
    (feed.house.server.places.media_dir / "clips" / Path(film).name).unlink()

    assert (await ask(feed, film))[0] == 404


async def test_video_that_was_made_playable_is_sent_in_its_place(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, b"old codec", ".mov")
    ((file_id,),) = await feed.rows("SELECT video_file_id FROM clip")
    kept = feed.house.server.photos.kept
    path = kept.path_for(file_id, "video", ".mp4")
    (await kept.begin(path)).write_bytes(FILM)
    await kept.keep(path)
    async with feed.house.server.db.write() as tx:
        made = Rendition(
            file_id=file_id,
            variant="video",
            pipeline=1,
            path=path,
            mime="video/mp4",
            width=1,
            height=1,
            size_bytes=SIZE,
            made_at=1,
        )
        await kept.enter(tx, made)

    shown = (await feed.ben.get(feed.at))["videoPath"]

    assert (name, shown) == (f"{feed.clip_id}.mov", f"{feed.clip_id}.mp4")
    for known in (name, shown):
        status, body, headers = await ask(feed, f"/api/videos/{known}")
        assert (status, body, headers["Content-Type"]) == (200, FILM, "video/mp4")

    kept.absolute(path).unlink()

    async def is_first() -> bool:
        # A file that was just sent stays open for a moment.
        status, body, headers = await ask(feed, f"/api/videos/{shown}")
        return (status, body, headers["Content-Type"]) == (200, b"old codec", "video/quicktime")

    await feed.house.until(is_first)


async def test_sending_ends_when_the_clip_is_gone(feed: Feed) -> None:
    name = await a_clip_file(feed.house, feed.clip_id, os.urandom(64 << 20), ".mp4")
    async with feed.ben.device.get(f"/api/videos/{name}") as answer:
        await answer.content.readexactly(1000)
        await feed.ann.done("DELETE", feed.at)
        with pytest.raises(ClientError):
            await answer.read()


async def test_bytes_are_not_counted_but_words_are(feed: Feed, film: str) -> None:
    picture = await a_clip_file(feed.house, feed.clip_id, b"jpeg", ".jpg", of="thumbnail")
    for path in (film, f"/api/thumbnails/{picture}", f"/api/profile/avatar/{feed.ann.id}.jpg") * 45:
        assert (await ask(feed, path, "HEAD"))[0] in {200, 404}

    answers = [await ask(feed, "/api/clips/unwatched-count") for _ in range(121)]

    assert [status for status, _, _ in answers] == [200] * 120 + [429]
    assert int(answers[-1][2]["Retry-After"]) > 0
    # Another login is counted by itself.
    assert (await feed.cleo.get("/clips/unwatched-count"))["count"] == 1
