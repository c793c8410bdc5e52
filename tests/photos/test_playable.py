"""Videos that not every browser plays get one that they all do, in a whole house."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from homemedia.core.jobs import Jobs
from homemedia.media.playable import Policy
from homemedia.media.probe import probe
from homemedia.photos.playable import policy_of
from tests.support.app import House, a_house
from tests.support.samples import a_film

OLD_S = 1_600_000_000  # a file this old is no longer written to


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


async def upload(house: House, path: Path, **fields: str) -> str:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("assetData", path.read_bytes(), filename=path.name)  # noqa: ASYNC240 - a small file
    async with house.client.post("/api/assets", data=form) as answer:
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def played(house: House, photo_id: str, headers: dict[str, str] | None = None) -> tuple[Any, bytes]:
    async with house.client.get(f"/api/assets/{photo_id}/video/playback", headers=headers) as answer:
        assert answer.status in {200, 206}, await answer.text()
        return answer.headers, await answer.read()


async def look_of(house: House) -> tuple[Any, ...]:
    rows = await house.server.db.read("SELECT outcome, code, problem FROM video_look")
    return tuple(rows[0]) if rows else ()


@pytest.mark.parametrize(
    ("name", "codec", "audio"),
    [
        ("clip.mov", "hevc", "aac"),
        ("clip.avi", "mpeg4", "mp3"),
        ("clip.mpg", "mpeg2video", "mp2"),
        ("clip.mkv", "hlg", None),
        ("clip.mts", "h264", "ac3"),
    ],
)
async def test_a_video_that_browsers_do_not_play_is_played_as_one_that_they_do(
    house: House, tmp_path: Path, name: str, codec: str, audio: str | None
) -> None:
    path = a_film(tmp_path / name, codec=codec, audio=audio, container="ts" if name.endswith("mts") else None)
    original = path.read_bytes()
    photo_id = await upload(house, path)
    await house.idle()

    headers, body = await played(house, photo_id)

    assert await look_of(house) == ("made", None, None)
    assert (headers["Content-Type"], headers["Content-Disposition"]) == (
        "video/mp4",
        "inline; filename*=UTF-8''clip.mp4",
    )
    assert body.index(b"moov") < body.index(b"mdat")
    made = tmp_path / "made.mp4"
    made.write_bytes(body)
    found = probe(str(made), limit_s=10)
    assert found.main_video is not None
    assert (found.main_video.codec, found.main_video.pixel_format, found.main_video.hdr) == ("h264", "yuv420p", "none")
    assert [one.codec for one in found.audio] == (["aac"] if audio else [])
    assert abs((found.duration_ms or 0) - 1000) < 300
    part, piece = await played(house, photo_id, {"Range": "bytes=0-9"})
    assert (piece, part["Content-Range"]) == (body[:10], f"bytes 0-9/{len(body)}")
    async with house.client.get(f"/api/assets/{photo_id}/original") as answer:
        assert await answer.read() == original


async def test_a_video_that_plays_is_left_as_it_is(house: House, tmp_path: Path) -> None:
    path = a_film(tmp_path / "clip.mp4")
    photo_id = await upload(house, path)
    await house.idle()

    headers, body = await played(house, photo_id)

    assert body == path.read_bytes()
    assert "max-age" in headers["Cache-Control"]
    assert await look_of(house) == ("as_is", None, None)
    assert [row["todo"] for row in await house.server.db.read("SELECT todo FROM photo")] == [0]


async def test_what_is_no_video_is_remembered_and_tried_again_only_when_wished(house: House, tmp_path: Path) -> None:
    path = tmp_path / "noise.mp4"
    path.write_bytes(bytes(range(256)) * 100)
    photo_id = await upload(house, path)
    await house.idle()
    assert (await look_of(house))[:2] == ("failed", "not_media")
    assert (await played(house, photo_id))[1] == path.read_bytes()
    async with house.server.db.write() as tx:
        await tx.run("UPDATE video_look SET looked_at = 0")

    for name, is_later in (("refresh-metadata", False), ("transcode-video", True)):
        async with house.client.post("/api/assets/jobs", json={"assetIds": [photo_id], "name": name}) as answer:
            assert answer.status == 204
        await house.idle()
        rows = await house.server.db.read("SELECT looked_at FROM video_look")
        assert bool(rows[0]["looked_at"]) is is_later


@pytest.mark.parametrize(("codec", "is_forced"), [(None, False), ("hevc", True)], ids=["what failed", "everything"])
async def test_administrators_have_videos_tried_again(
    house: House, tmp_path: Path, *, codec: str | None, is_forced: bool
) -> None:
    path = tmp_path / "clip.mov"
    if codec is None:
        path.write_bytes(bytes(range(256)) * 100)
    else:
        a_film(path, codec=codec)
    await upload(house, path)
    await house.idle()
    async with house.server.db.write() as tx:
        await tx.run("UPDATE video_look SET looked_at = 0")

    body = {"command": "start", "force": is_forced}
    queue = await house.send("PUT", "/api/jobs/videoConversion", body)
    assert queue["jobCounts"]["failed"] == 0
    await house.idle()

    rows = await house.server.db.read("SELECT looked_at FROM video_look")
    assert rows[0]["looked_at"] > 0


async def test_the_moving_part_of_a_photo_plays_too_and_goes_with_it(house: House, tmp_path: Path) -> None:
    part = await upload(house, a_film(tmp_path / "part.mov", codec="hevc"), visibility="hidden")
    await house.idle()
    kept = house.folder / "data" / "renditions"
    assert [path.name for path in kept.rglob("*-video.mp4")]
    assert (await played(house, part))[0]["Content-Type"] == "video/mp4"

    async with house.client.delete("/api/assets", json={"ids": [part], "force": True}) as answer:
        assert answer.status == 204
    await house.idle()
    assert not [path for path in kept.rglob("*") if path.is_file()]


async def test_videos_in_scanned_folders_play_too_and_follow_their_files(house: House) -> None:
    folder = house.media / "pictures"
    path = a_film(folder / "clip.avi", codec="mpeg4", audio="mp3")
    os.utime(path, (OLD_S, OLD_S))
    library = await house.add_library("Pictures", "photo", folder)
    photo_id = (await house.server.db.read("SELECT photo_id FROM photo"))[0]["photo_id"]
    headers, first = await played(house, photo_id)
    assert headers["Content-Type"] == "video/mp4"

    a_film(path, codec="mpeg4", audio="mp3", seconds=2)
    os.utime(path, (OLD_S + 1, OLD_S + 1))
    await house.scan(library["id"])

    async def is_another() -> bool:
        return (await played(house, photo_id))[1] != first

    await house.until(is_another)  # what a scan saw is noticed a moment later
    a_film(path, container="mp4")
    os.utime(path, (OLD_S + 2, OLD_S + 2))
    await house.scan(library["id"])
    kept = house.folder / "data" / "renditions"

    async def is_as_it_is() -> bool:
        return (await played(house, photo_id))[1] == path.read_bytes() and not list(kept.rglob("*-video*"))

    await house.until(is_as_it_is)


async def test_nothing_is_made_while_administrators_want_none(house: House, tmp_path: Path) -> None:
    config = await house.get("/api/system-config")
    config["ffmpeg"]["transcode"] = "disabled"
    await house.send("PUT", "/api/system-config", config)
    photo_id = await upload(house, a_film(tmp_path / "clip.mov", codec="hevc"))
    await house.idle()
    headers, _ = await played(house, photo_id)
    assert headers["Content-Type"] == "video/quicktime"
    assert "no-cache" in headers["Cache-Control"]

    config["ffmpeg"] |= {"transcode": "required", "targetResolution": "90"}
    await house.send("PUT", "/api/system-config", config)
    await house.until(lambda: _is_made(house))

    rows = await house.server.db.read("SELECT width, height FROM rendition WHERE variant = 'video'")
    assert tuple(rows[0]) == (160, 90)
    await house.idle()


async def _is_made(house: House) -> bool:
    return bool(await house.server.db.read("SELECT 1 FROM rendition WHERE variant = 'video'"))


async def test_a_conversion_rests_while_somebody_plays(house: House, tmp_path: Path) -> None:
    is_busy = True
    stillness = house.server.photos.video_stillness
    stillness._is_busy = lambda: is_busy
    await upload(house, a_film(tmp_path / "clip.mov", codec="hevc"))
    await house.until(lambda: _runs(house.server.jobs))
    assert not await _is_made(house)

    is_busy = False
    stillness.look()
    await house.idle()

    assert await _is_made(house)


async def _runs(jobs: Jobs) -> bool:
    return bool(jobs.running("photo.playable"))


async def test_a_server_that_was_stopped_goes_on(tmp_path: Path) -> None:
    async with a_house(tmp_path) as first:
        await first.claim()
        first.server.photos.video_stillness._is_busy = lambda: True
        photo_id = await upload(first, a_film(tmp_path / "clip.mov", codec="hevc"))
        await first.until(lambda: _runs(first.server.jobs))
        left = first.folder / "data" / "renditions" / "01" / "1-video.mp4.part"
    async with a_house(tmp_path) as second:
        await second.idle()
        headers = {"Authorization": f"Bearer {first.token}"}
        assert (await played(second, photo_id, headers))[0]["Content-Type"] == "video/mp4"
    assert not left.exists()


@pytest.mark.parametrize(
    ("section", "policy"),
    [
        ({}, Policy()),
        ({"transcode": "never", "preset": "rm -rf", "crf": 99, "threads": -1}, Policy(crf=51)),
        (
            {"transcode": "bitrate", "maxBitrate": "2600k", "targetResolution": "original", "tonemap": "disabled"},
            Policy(when="bitrate", max_bitrate=2_600_000, lines=None, maps_tone=False),
        ),
        ({"maxBitrate": "4M", "preset": "slow", "threads": 2}, Policy(max_bitrate=4_000_000, preset="slow", threads=2)),
        ({"acceptedVideoCodecs": ["h264", "hevc"]}, Policy(video_codecs=("h264", "hevc"))),
    ],
    ids=["nothing", "nonsense", "bits", "slow", "codecs"],
)
def test_settings_are_read_as_administrators_write_them(section: dict[str, Any], policy: Policy) -> None:
    assert policy_of(section) == policy
