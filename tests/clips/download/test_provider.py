"""The household's downloader: agreed to, brought up to date, switched on and off; over the routes of the clip API."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.clips.download.order import Looked
from homemedia.clips.download.provider import Provider
from tests.support.app import House, a_house
from tests.support.video_site import VideoSite

URL = "/api/group/provider"
YTDLP = {"providerId": "ytdlp"}
RUNTIMES = """
class supported_js_runtimes: value = {}
"""
OUTSIDE = """
class ExternalFD: pass
class FFmpegFD(ExternalFD): pass
"""


def a_wheel(version: str, *, outside: str = OUTSIDE) -> bytes:
    """A downloader that has the form of one and downloads nothing."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as out:
        out.writestr("yt_dlp/__init__.py", "")
        out.writestr("yt_dlp/utils.py", "class YoutubeDLError(Exception): pass\n")
        out.writestr("yt_dlp/globals.py", RUNTIMES)
        out.writestr("yt_dlp/version.py", f"__version__ = {version!r}\n")
        out.writestr("yt_dlp/networking/__init__.py", "")
        out.writestr("yt_dlp/networking/exceptions.py", "class RequestError(Exception): pass\n")
        out.writestr("yt_dlp/downloader/__init__.py", "PROTOCOL_MAP = {}\n")
        out.writestr("yt_dlp/downloader/external.py", outside)
        out.writestr("yt_dlp/downloader/fragment.py", "")
    return body.getvalue()


@pytest.fixture
async def housed(tmp_path: Path, site: VideoSite) -> AsyncIterator[House]:
    more = {"provider_index_url": site.url("/pypi/yt-dlp/json"), "allowed_private_hosts": (site.host,)}
    async with a_house(tmp_path, clips=more) as house:
        await house.claim()
        yield house


async def card(house: House) -> dict[str, Any]:
    (one,) = (await house.get(URL))["providers"]
    assert isinstance(one, dict)
    return one


def copies(house: House) -> list[str]:
    folder = house.folder / "data" / "providers" / "ytdlp"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def test_at_first_nobody_has_agreed_to_the_one_that_comes_along(housed: House) -> None:
    one = await card(housed)

    assert (one["id"], one["installed"], one["active"], one["version"]) == ("ytdlp", False, False, None)
    assert one["capabilities"] == ["video", "music"]
    assert one["license"] == "Unlicense"
    assert one["dependencies"][0] == "ffmpeg"
    assert one["bundledVersion"] >= "2026.10"


async def test_one_that_did_not_run_once_is_asked_again_and_one_that_runs_is_not(housed: House, tmp_path: Path) -> None:
    answers = [None, Looked("2026.10.26")]

    async def look_at(_copy: str | None) -> Looked | None:
        return answers.pop(0)

    async with Provider(housed.server.db, tmp_path / "none", "http://127.0.0.1:9", look_at=look_at) as provider:
        assert [(await provider.state()).bundled_version for _ in range(3)] == [None, "2026.10.26", "2026.10.26"]


async def test_install_without_a_net_keeps_the_one_that_comes_along(housed: House) -> None:
    told = await housed.send("POST", f"{URL}/install", YTDLP, 201)

    one = await card(housed)
    assert told == {"installed": True, "version": one["bundledVersion"]}
    assert (one["installed"], one["active"], one["version"]) == (True, False, one["bundledVersion"])
    assert copies(housed) == []


async def test_switching_on_is_a_second_step(housed: House) -> None:
    refused = await housed.send("PATCH", URL, YTDLP, 400)
    assert "not installed" in refused["error"]
    await housed.send("POST", f"{URL}/install", YTDLP, 201)

    assert await housed.send("PATCH", URL, YTDLP) == {"downloadProvider": "ytdlp"}

    assert (await card(housed))["active"] is True
    assert (await housed.get("/api/auth"))["group"]["downloadProvider"] == "ytdlp"
    assert await housed.send("PATCH", URL, {"providerId": None}) == {"downloadProvider": None}
    assert (await card(housed))["active"] is False


async def test_newer_one_is_fetched_and_runs(housed: House, site: VideoSite) -> None:
    site.wheel = a_wheel("2099.01.01")

    told = await housed.send("POST", f"{URL}/install", YTDLP, 201)

    assert told == {"installed": True, "version": "2099.01.01"}
    assert (await card(housed))["version"] == "2099.01.01"
    assert copies(housed) == ["2099.01.01"]


async def test_install_again_brings_the_next_one_and_drops_the_last(housed: House, site: VideoSite) -> None:
    site.wheel = a_wheel("2099.01.01")
    await housed.send("POST", f"{URL}/install", YTDLP, 201)
    site.wheel, site.wheel_version = a_wheel("2099.02.01"), "2099.02.01"

    assert (await housed.send("POST", f"{URL}/install", YTDLP, 201))["version"] == "2099.02.01"

    assert copies(housed) == ["2099.02.01"]


async def test_older_one_is_not_fetched(housed: House, site: VideoSite) -> None:
    site.wheel, site.wheel_version = a_wheel("2020.01.01"), "2020.01.01"

    told = await housed.send("POST", f"{URL}/install", YTDLP, 201)

    assert told["version"] > "2026"
    assert site.requests["/pypi/yt_dlp-2020.01.01-py3-none-any.whl"] == 0


@pytest.mark.parametrize(
    ("outside", "digest"),
    [("raise ImportError", None), ("class ExternalFD: pass", None), (OUTSIDE, "0" * 64)],
    ids=["does not run", "cannot be guarded", "another digest"],
)
async def test_newer_one_that_is_no_good_is_not_kept(
    housed: House, site: VideoSite, outside: str, digest: str | None
) -> None:
    site.wheel, site.wheel_digest = a_wheel("2099.01.01", outside=outside), digest

    told = await housed.send("POST", f"{URL}/install", YTDLP, 201)

    assert told["version"] == (await card(housed))["bundledVersion"]
    assert copies(housed) == []


async def test_second_install_waits_for_the_first(housed: House, site: VideoSite) -> None:
    site.wheel = a_wheel("2099.01.01")

    told = await asyncio.gather(*(housed.send("POST", f"{URL}/install", YTDLP, 201) for _ in range(3)))

    assert {one["version"] for one in told} == {"2099.01.01"}
    assert site.requests["/pypi/yt-dlp/json"] == 1


async def test_removal_takes_everything_back(housed: House, site: VideoSite) -> None:
    site.wheel = a_wheel("2099.01.01")
    await housed.send("POST", f"{URL}/install", YTDLP, 201)
    await housed.send("PATCH", URL, YTDLP)

    assert await housed.send("DELETE", f"{URL}/install", YTDLP) == {"installed": False}

    one = await card(housed)
    assert (one["installed"], one["active"], one["version"]) == (False, False, None)
    assert (await housed.get("/api/auth"))["group"]["downloadProvider"] is None
    assert copies(housed) == []
    assert await housed.send("DELETE", f"{URL}/install", YTDLP) == {"installed": False}


@pytest.mark.parametrize(("method", "path"), [("PATCH", URL), ("POST", f"{URL}/install"), ("DELETE", f"{URL}/install")])
async def test_no_other_provider_is_known(housed: House, method: str, path: str) -> None:
    for body in ({}, {"providerId": "other"}, {"providerId": 5}, {"providerId": ["ytdlp"]}):
        told = await housed.send(method, path, body, 400)
        assert isinstance(told["error"], str)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_nothing_is_not_installed(housed: House, method: str) -> None:
    await housed.send(method, f"{URL}/install", {"providerId": None}, 400)


async def test_clips_need_a_provider_that_is_on(housed: House, site: VideoSite) -> None:
    link = {"url": site.url("/watch/a-cat")}
    assert "provider" in (await housed.send("POST", "/api/clips", link, 400))["error"].lower()
    await housed.send("POST", f"{URL}/install", YTDLP, 201)
    assert "provider" in (await housed.send("POST", "/api/clips", link, 400))["error"].lower()
    await housed.send("PATCH", URL, YTDLP)

    clip_id = (await housed.send("POST", "/api/clips", link, 201))["clip"]["id"]

    async with asyncio.timeout(30):
        while (clip := await housed.get(f"/api/clips/{clip_id}"))["status"] == "downloading":
            await asyncio.sleep(0.1)
    assert (clip["status"], clip["videoPath"]) == ("ready", f"{clip_id}.mp4"), clip


async def test_copy_that_is_dropped_stays_while_it_is_used(housed: House, site: VideoSite) -> None:
    site.wheel = a_wheel("2099.01.01")
    await housed.send("POST", f"{URL}/install", YTDLP, 201)
    await housed.send("PATCH", URL, YTDLP)
    provider = housed.server.clips.provider

    async with provider.using() as copy:
        await housed.send("DELETE", f"{URL}/install", YTDLP)
        assert copy is not None
        assert (copy / "yt_dlp" / "__init__.py").is_file()

    assert copies(housed) == []
