"""Links of every kind come in, are fetched by the real downloader from a site on loopback, and end as they should."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, CookieJar

from homemedia.clips.downloads import KIND
from homemedia.clips.intake_store import NewClip, add
from homemedia.core.ids import new_uuid
from homemedia.media.probe import probe
from tests.support.app import House, a_house
from tests.support.clip_source import clip_files, clip_row, submitted
from tests.support.video_site import VideoSite

INSTALL, PROVIDER = "/api/group/provider/install", "/api/group/provider"
PERSON = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
PATIENCE_S = 60.0


@pytest.fixture
async def site() -> AsyncIterator[VideoSite]:
    async with VideoSite() as running:
        yield running


@pytest.fixture
async def house(tmp_path: Path, site: VideoSite) -> AsyncIterator[House]:
    async with a_house(tmp_path, clips={"allowed_private_hosts": (site.host,)}) as running:
        await running.claim()
        await running.send("POST", INSTALL, {"providerId": "ytdlp"}, 201)
        await running.send("PATCH", PROVIDER, {"providerId": "ytdlp"})
        yield running


async def ended(house: House, clip_id: str) -> Any:
    """The clip, as soon as nobody waits for it any more."""

    async def has_ended() -> bool:
        return bool((await clip_row(house, clip_id))["status"] != "downloading")

    await house.until(has_ended)
    return await house.get(f"/api/clips/{clip_id}")


async def bytes_of(house: House, path: str) -> bytes:
    async with house.client.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.read()


FILMS = ("watch/harbour", "v/harbour.mp4", "hevc/harbour.mp4", "hls/harbour/index.m3u8")


async def test_film_of_any_form_becomes_a_clip_that_plays(house: House, site: VideoSite, tmp_path: Path) -> None:
    ids = {path: await submitted(house, site.url(path)) for path in FILMS}
    for path, clip_id in ids.items():
        clip = await ended(house, clip_id)
        assert (clip["status"], clip["failureReason"], clip["platform"]) == ("ready", None, "local"), path
        assert (clip["videoPath"], clip["thumbnailPath"]) == (f"{clip_id}.mp4", f"{clip_id}.jpg")
        assert clip["durationSeconds"] >= 1
        body = await bytes_of(house, f"/api/videos/{clip['videoPath']}")
        assert body.index(b"moov") < body.index(b"mdat")
        played = tmp_path / "played.mp4"
        played.write_bytes(body)
        found = probe(str(played), limit_s=10)
        assert found.main_video is not None
        assert (found.container, found.main_video.codec) == ("mp4", "h264")
        assert (await bytes_of(house, f"/api/thumbnails/{clip['thumbnailPath']}")).startswith(b"\xff\xd8")
        assert clip["fileSizeBytes"] > len(body)
    clip = await house.get(f"/api/clips/{ids['watch/harbour']}")
    assert clip["title"]
    assert clip["creatorName"]
    await house.idle()
    assert clip_files(house) == sorted(f"clips/{one}.{kind}" for one in ids.values() for kind in ("jpg", "mp4"))


FAILING = {
    "gone": "unavailable",
    "broken": "other",
    "refused": "unavailable",
    "promise.mp4": "too_large",
    "endless.mp4": "too_large",
    "long/film": "too_long",
    "disguised.mp4": "unsupported",
    "inside/mp4": "forbidden_address",
    "inside/hls": "forbidden_address",
    "inside/page": "forbidden_address",
}


async def test_link_that_leads_to_no_film_fails_and_leaves_nothing(house: House, site: VideoSite) -> None:
    await house.send("PATCH", "/api/group/max-file-size", {"maxFileSizeMb": 25})
    ids = {path: await submitted(house, site.url(path)) for path in FAILING}
    clips = {path: await ended(house, clip_id) for path, clip_id in ids.items()}
    assert {clip["status"] for clip in clips.values()} == {"failed"}
    assert {path: (await clip_row(house, clip_id))["failure_code"] for path, clip_id in ids.items()} == FAILING
    assert all(clip["title"] == clip["failureReason"] for clip in clips.values())
    assert site.visitors == []
    await house.idle()
    assert clip_files(house) == []


async def test_song_becomes_a_clip_that_plays(house: House, site: VideoSite, tmp_path: Path) -> None:
    me = (await house.get("/api/auth"))["user"]["id"]
    new = NewClip(
        clip_id=new_uuid(),
        added_by=me,
        url=site.url("sound/says.m4a"),
        platform="soundcloud",
        content_type="music",
        caption="listen",
    )
    # Of the sites that songs come from none is on loopback, so that this one is not sent in.
    async with house.server.db.write() as tx:
        await add(tx, new, house.server.clock.now_ms())
        await house.server.clips.downloads.wish(tx, new.clip_id)
    clip = await ended(house, new.clip_id)
    assert (clip["status"], clip["title"], clip["failureReason"]) == ("ready", "listen", None)
    assert (clip["videoPath"], clip["audioPath"]) == (None, f"{new.clip_id}.mp3")
    played = tmp_path / "played.mp3"
    played.write_bytes(await bytes_of(house, f"/api/videos/{clip['audioPath']}"))
    assert [one.codec for one in probe(str(played), limit_s=10).audio] == ["mp3"]


async def test_clip_that_is_removed_takes_its_download_along(house: House, site: VideoSite) -> None:
    clip_id = await submitted(house, site.url("slow/film.mp4?kbps=50"))

    async def comes() -> bool:
        return any(name.startswith("staging/") for name in clip_files(house))

    await house.until(comes)
    await house.send("DELETE", f"/api/clips/{clip_id}")
    await house.idle()
    assert clip_files(house) == []
    assert house.server.jobs.running(KIND) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_server_that_is_killed_goes_on_where_it_was(tmp_path: Path, site: VideoSite) -> None:
    staging = tmp_path / "data" / "media" / "staging"
    async with serving(tmp_path, site) as (process, client):
        async with client.post("/api/auth/setup", json=PERSON) as answer:
            assert answer.status == 200
        for method in ("POST", "PATCH"):
            path = INSTALL if method == "POST" else PROVIDER
            async with client.request(method, path, json={"providerId": "ytdlp"}) as answer:
                assert answer.status in {200, 201}
        async with client.post("/api/clips", json={"url": site.url("slow/film.mp4?kbps=500")}) as answer:
            clip_id = (await answer.json())["clip"]["id"]

        async def comes() -> bool:
            return any(path.is_file() and path.stat().st_size for path in staging.rglob(f"*{clip_id}*"))

        await until(comes)
        process.kill()
        await process.wait()
        await until(lambda: _is_quiet(staging))
    assert list(staging.rglob(f"*{clip_id}*"))
    async with serving(tmp_path, site) as (_, client):
        async with client.post("/api/auth/login", json=PERSON) as answer:
            assert answer.status < 300

        async def is_there() -> bool:
            return (staging.parent / "clips" / f"{clip_id}.jpg").is_file()

        async def is_ready() -> bool:
            async with client.get(f"/api/clips/{clip_id}") as answer:
                return bool((await answer.json())["status"] == "ready")

        await until(is_there)
        await until(is_ready)
        async with client.get(f"/api/videos/{clip_id}.mp4") as answer:
            assert answer.status == 200
    assert not [path for path in staging.rglob("*") if path.is_file()]
    assert site.requests["/slow/film.mp4"] >= 2


async def _is_quiet(folder: Path) -> bool:
    """Whether no program has a file in a folder open any more."""
    links = [place / "fd" for place in Path("/proc").iterdir() if place.name.isdigit()]  # noqa: ASYNC240 - no disk
    for place in links:
        with contextlib.suppress(OSError):
            if any(one.readlink().is_relative_to(folder) for one in list(place.iterdir())):
                return False
    return True


@contextlib.asynccontextmanager
async def serving(folder: Path, site: VideoSite) -> AsyncIterator[tuple[asyncio.subprocess.Process, ClientSession]]:
    """A server of its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "homemedia.cli", "serve", "--host", "127.0.0.1", "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMEMEDIA_")}
    said = {
        "HOMEMEDIA_CLIPS_ALLOWED_PRIVATE_HOSTS": site.host,
        "HOMEMEDIA_CLIPS_PROVIDER_INDEX_URL": "http://127.0.0.1:9",
        "HOME": str(folder),
    }
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, "--data-dir", str(folder / "data"), env=kept | said, stdout=quiet, stderr=quiet
    )
    async with ClientSession(f"http://127.0.0.1:{port}", cookie_jar=CookieJar(unsafe=True)) as client:
        try:
            await until(lambda: _answers(client))
            yield process, client
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _answers(client: ClientSession) -> bool:
    with contextlib.suppress(ClientConnectionError):
        async with client.get("/api/server") as answer:
            return answer.status == 200
    return False


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():
            await asyncio.sleep(0.02)
