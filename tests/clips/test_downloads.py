"""What becomes of a link: it is fetched, made playable, given a picture; or it fails, and says why."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from homemedia.clips.download.models import Facts, Progress, RefusalCode
from homemedia.clips.downloads import KIND, Downloads
from homemedia.clips.events import ClipProgress, ClipsChanged
from homemedia.core.digests import digests_of
from homemedia.core.problems import StorageFull
from homemedia.media.probe import probe
from tests.support.app import House, a_house
from tests.support.clip_source import LINK, SONG, Plan, StandIn, clip_files, clip_row, stand_in, submitted
from tests.support.household import a_household
from tests.support.samples import a_film

FACTS = Facts(
    title="Title", description="What its maker says", creator_name="@ann", creator_url="https://x.com/ann", view_count=7
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


@pytest.fixture
def sites(house: House) -> StandIn:
    return stand_in(house)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return a_film(tmp_path / "source" / "film.mp4", seconds=2, options={"movflags": "+faststart"})


def a_picture(path: Path, size: tuple[int, int] = (320, 180)) -> Path:
    Image.new("RGB", size, (200, 30, 90)).save(path)
    return path


async def the_file(house: House, file_id: int) -> tuple[Path, Any]:
    rows = await house.server.db.read("SELECT * FROM file WHERE file_id = :id", {"id": file_id})
    return house.server.photos.managed.folder / rows[0]["path"], rows[0]


async def limit(house: House, megabytes: int | None) -> None:
    async with house.server.db.write() as tx:
        await tx.run("UPDATE household SET max_file_mb = :mb", {"mb": megabytes})


async def test_film_is_ready_with_its_files_and_what_its_source_says(
    house: House, sites: StandIn, film: Path, tmp_path: Path
) -> None:
    sites.usual = Plan(media=film, thumbnail=a_picture(tmp_path / "thumb.png", (2560, 1440)), facts=FACTS)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    row = await clip_row(house, clip_id)
    assert (row["status"], row["failure_code"], row["starts"]) == ("ready", None, 1)
    assert (row["source_title"], row["caption"]) == ("What its maker says", None)
    assert (row["creator_name"], row["creator_url"], row["source_view_count"]) == ("ann", "https://x.com/ann", 7)
    assert (row["width"], row["height"], round(row["duration_ms"], -2)) == (320, 180, 2000)
    video, known = await the_file(house, row["video_file_id"])
    picture, shown = await the_file(house, row["thumbnail_file_id"])
    assert clip_files(house) == [f"clips/{clip_id}.jpg", f"clips/{clip_id}.mp4"]
    assert video.read_bytes() == film.read_bytes()  # noqa: ASYNC240 - small files
    found = digests_of(video)
    assert (known["sha1"], known["sha256"], known["quick_hash"]) == (found.sha1.hex(), found.sha256, found.quick_hash)
    assert (known["kind"], known["mime"], shown["kind"], shown["mime"]) == (
        "video",
        "video/mp4",
        "image",
        "image/jpeg",
    )
    with Image.open(picture) as opened:
        assert (opened.format, opened.size) == ("JPEG", (1280, 720))
    assert row["size_bytes"] == video.stat().st_size + picture.stat().st_size
    assert row["audio_file_id"] is None


async def test_members_own_words_stay_the_title(house: House, sites: StandIn, film: Path) -> None:
    sites.usual = Plan(media=film, facts=FACTS)
    clip_id = await submitted(house, LINK.format(1), title="mine")
    await house.idle()
    assert (await house.get(f"/api/clips/{clip_id}"))["title"] == "mine"


async def test_film_without_a_picture_gets_one_of_its_own(house: House, sites: StandIn, film: Path) -> None:
    sites.usual = Plan(media=film)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    path, _ = await the_file(house, (await clip_row(house, clip_id))["thumbnail_file_id"])
    with Image.open(path) as opened:
        assert (opened.format, opened.size) == ("JPEG", (320, 180))


async def test_picture_that_is_none_does_not_cost_the_clip(
    house: House, sites: StandIn, film: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.webp"
    broken.write_bytes(b"no picture")
    sites.usual = Plan(media=film, thumbnail=broken)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    row = await clip_row(house, clip_id)
    assert (row["status"], row["thumbnail_file_id"] is not None) == ("ready", True)


@pytest.mark.parametrize(
    ("name", "codec", "audio"), [("a.mkv", "h264", "aac"), ("a.webm", "vp9", "opus"), ("a.mp4", "hevc", None)]
)
async def test_film_that_browsers_do_not_play_is_made_one_that_they_do(
    house: House, sites: StandIn, tmp_path: Path, name: str, codec: str, audio: str | None
) -> None:
    sites.usual = Plan(media=a_film(tmp_path / name, codec=codec, audio=audio))
    told: list[ClipProgress] = []
    house.server.bus.subscribe(ClipProgress, told.append)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    row = await clip_row(house, clip_id)
    assert row["status"] == "ready"
    path, _ = await the_file(house, row["video_file_id"])
    assert path.name == f"{clip_id}.mp4"
    body = path.read_bytes()
    assert body.index(b"moov") < body.index(b"mdat")
    made = probe(str(path), limit_s=10)
    assert made.main_video is not None
    assert (made.container, made.main_video.codec) == ("mp4", "h264")
    assert [one.codec for one in made.audio] == (["aac"] if audio else [])
    assert "converting" in {one.stage for one in told}
    assert clip_files(house) == [f"clips/{clip_id}.jpg", f"clips/{clip_id}.mp4"]


async def test_film_whose_index_comes_last_is_packed_anew_as_it_is(
    house: House, sites: StandIn, tmp_path: Path
) -> None:
    film = a_film(tmp_path / "a.mp4")
    before = probe(str(film), limit_s=10)
    sites.usual = Plan(media=film)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    path, _ = await the_file(house, (await clip_row(house, clip_id))["video_file_id"])
    body = path.read_bytes()
    assert body.index(b"moov") < body.index(b"mdat")
    after = probe(str(path), limit_s=10)
    assert before.main_video is not None
    assert after.main_video is not None
    assert after.main_video.codec == before.main_video.codec
    assert after.main_video.bitrate == before.main_video.bitrate
    assert [one.codec for one in after.audio] == [one.codec for one in before.audio]


@pytest.mark.parametrize(("name", "status"), [("a.mkv", "failed"), ("a.mp4", "ready")])
async def test_without_ffmpeg_what_plays_as_it_is_is_taken(
    house: House, sites: StandIn, tmp_path: Path, name: str, status: str
) -> None:
    async def none() -> None:
        return None

    house.server.clips.finishing.program = none
    sites.usual = Plan(media=a_film(tmp_path / name))
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    assert (await clip_row(house, clip_id))["status"] == status


async def test_full_disk_fails_a_clip_and_leaves_nothing(
    house: House, sites: StandIn, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites.usual = Plan(media=film)

    async def full(_size: int) -> None:
        raise StorageFull("full")

    async def no_more(*_: Any) -> int:
        raise StorageFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(house.server.photos.managed.staging, "check_room", full)
        clip_id = await submitted(house, LINK.format(1))
        await house.idle()
    row = await clip_row(house, clip_id)
    assert (row["failure_code"], row["failure_reason"]) == ("disk_full", "The server's disk is full")
    assert not sites.wishes
    with monkeypatch.context() as patch:
        patch.setattr(house.server.photos.managed, "enter", no_more)
        await house.send("POST", f"/api/clips/{clip_id}/retry")
        await house.idle()
    assert (await clip_row(house, clip_id))["failure_code"] == "disk_full"
    assert clip_files(house) == []
    await house.send("POST", f"/api/clips/{clip_id}/retry")
    await house.idle()
    assert (await clip_row(house, clip_id))["status"] == "ready"


async def test_nobody_waits_for_a_quiet_house(house: House, sites: StandIn, tmp_path: Path) -> None:
    house.server.photos.video_stillness.calm_s = 3600
    sites.usual = Plan(media=a_film(tmp_path / "a.mkv"))
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    assert (await clip_row(house, clip_id))["status"] == "ready"


async def test_song_is_shown_before_it_is_there_and_played_after(house: House, sites: StandIn, tmp_path: Path) -> None:
    gate = asyncio.Event()
    early = Facts(title="Song", artist="Band", album_art_url="https://i.example/a.jpg", spotify_url=SONG.format(1))
    media = a_film(tmp_path / "song.mp3", codec=None, audio="mp3", seconds=3)
    sites.usual = Plan(
        media=media, early=early, gate=gate, facts=early, thumbnail=a_picture(tmp_path / "art.jpg", (64, 64))
    )
    clip_id = await submitted(house, SONG.format(1))

    async def is_shown() -> bool:
        return bool((await clip_row(house, clip_id))["artist"] == "Band")

    await house.until(is_shown)
    row = await clip_row(house, clip_id)
    assert (row["status"], row["source_title"], row["album_art_url"]) == ("downloading", "Song", early.album_art_url)
    gate.set()
    await house.idle()
    row = await clip_row(house, clip_id)
    assert (row["status"], row["video_file_id"], row["width"]) == ("ready", None, None)
    path, known = await the_file(house, row["audio_file_id"])
    assert (path.name, known["mime"], known["kind"]) == (f"{clip_id}.mp3", "audio/mpeg", "audio")
    assert row["thumbnail_file_id"] is not None
    assert round(row["duration_ms"], -3) == 3000


async def test_song_that_is_nowhere_keeps_what_is_known_of_it(house: House, sites: StandIn) -> None:
    sites.usual = Plan(refusal="unavailable", early=Facts(title="Song", artist="Band"))
    clip_id = await submitted(house, SONG.format(1))
    await house.idle()
    row = await clip_row(house, clip_id)
    assert (row["status"], row["artist"], row["source_title"]) == ("failed", "Band", "Song")
    sites.usual = Plan(refusal="unavailable")
    await house.send("POST", f"/api/clips/{clip_id}/retry")
    await house.idle()
    assert (sites.wishes[-1].title, sites.wishes[-1].artist) == ("Song", "Band")


FAILURES: tuple[tuple[RefusalCode, str], ...] = (
    ("too_large", "Exceeds 500 MB limit"),
    ("too_long", "Exceeds 500 MB limit"),
    ("unavailable", "Unavailable or private"),
    ("login_needed", "Only visible when signed in at the source"),
    ("timed_out", "The download took too long"),
    ("no_provider", "No download provider is active"),
    ("disk_full", "The server's disk is full"),
    ("other", "The download failed"),
)


async def test_failure_says_why_and_leaves_no_file(house: House, sites: StandIn) -> None:
    gate = asyncio.Event()
    gate.set()
    for refusal, reason in FAILURES:
        sites.usual = Plan(refusal=refusal, gate=gate)
        clip_id = await submitted(house, LINK.format(refusal))
        await house.idle()
        shown = await house.get(f"/api/clips/{clip_id}")
        assert (shown["status"], shown["failureReason"], shown["title"]) == ("failed", reason, reason)
        assert (shown["videoPath"], shown["thumbnailPath"]) == (None, None)
        row = await clip_row(house, clip_id)
        assert (row["failure_code"], row["source_title"], row["caption"]) == (refusal, None, None)
    assert clip_files(house) == []


async def test_too_large_clip_is_ready_with_its_own_title_once_the_limit_is_raised(
    house: House, sites: StandIn, film: Path, tmp_path: Path
) -> None:
    large = a_film(tmp_path / "large.mp4", seconds=3, size="640x360", rate=24)
    with large.open("ab") as file:
        file.truncate(2 << 20)
    sites.usual = Plan(media=large, facts=FACTS)
    await limit(house, 1)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    assert sites.wishes[0].max_bytes == 1 << 20
    assert (await house.get(f"/api/clips/{clip_id}"))["title"] == "Exceeds 1 MB limit"
    assert clip_files(house) == []
    await limit(house, None)
    await house.send("POST", f"/api/clips/{clip_id}/retry")
    await house.idle()
    assert sites.wishes[1].max_bytes is None
    shown = await house.get(f"/api/clips/{clip_id}")
    assert (shown["status"], shown["title"], shown["failureReason"]) == ("ready", "What its maker says", None)
    await limit(house, 1)
    assert (await house.get(f"/api/clips/{clip_id}"))["status"] == "ready"


@pytest.mark.parametrize("what", ["words", "sound", "nothing"])
async def test_what_is_no_film_fails(house: House, sites: StandIn, tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.mp4"
    if what == "sound":
        a_film(path, codec=None)
    else:
        path.write_bytes(b"hello" * 999 if what == "words" else b"")
    sites.usual = Plan(media=path)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    assert (await clip_row(house, clip_id))["failure_code"] == "unsupported"
    assert clip_files(house) == []


async def test_downloader_that_stumbles_leaves_a_failed_clip(
    house: House, sites: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(*_: Any) -> Any:
        raise KeyError("format")

    monkeypatch.setattr(sites, "fetch", stumble)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    assert (await clip_row(house, clip_id))["failure_code"] == "other"


async def test_two_are_fetched_at_once_and_the_others_wait(house: House, sites: StandIn, film: Path) -> None:
    gate = asyncio.Event()
    sites.usual = Plan(media=film, gate=gate)
    ids = [await submitted(house, LINK.format(number)) for number in range(4)]

    async def is_full() -> bool:
        return len(sites.running) == 2

    await house.until(is_full)
    assert [(await clip_row(house, one))["status"] for one in ids] == ["downloading"] * 4
    gate.set()
    await house.idle()
    assert sites.most == 2
    assert [(await clip_row(house, one))["status"] for one in ids] == ["ready"] * 4


async def test_clip_that_is_removed_is_not_fetched_any_more(house: House, sites: StandIn, film: Path) -> None:
    sites.usual = Plan(media=film, gate=asyncio.Event())
    clip_id = await submitted(house, LINK.format(1))

    async def runs() -> bool:
        return bool(sites.running)

    await house.until(runs)
    async with house.server.db.write() as tx:
        assert await house.server.clips.removal.remove(tx, [clip_id, "nobody"]) == 1
    await house.idle()
    assert not sites.running
    assert clip_files(house) == []
    assert not await house.server.db.read("SELECT 1 FROM clip")


async def test_what_comes_after_the_clip_was_removed_is_not_kept(
    house: House, sites: StandIn, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.server.jobs, "running", lambda _kind: [])
    gate = asyncio.Event()
    sites.usual = Plan(media=film, gate=gate)
    clip_id = await submitted(house, LINK.format(1))

    async def runs() -> bool:
        return bool(sites.running)

    await house.until(runs)
    async with house.server.db.write() as tx:
        await house.server.clips.removal.remove(tx, [clip_id])
    gate.set()
    await house.idle()
    assert clip_files(house) == []
    assert not await house.server.db.read("SELECT 1 FROM file")


async def test_everybody_but_the_sender_hears_of_a_clip_that_is_ready(house: House, sites: StandIn, film: Path) -> None:
    told: list[Any] = []
    sites.usual = Plan(media=film, facts=FACTS)
    ann = (await a_household(house, "ann"))["ann"]
    house.server.bus.subscribe(ClipsChanged, told.append)
    clip_id = await submitted(house, LINK.format(1))
    await house.idle()
    rows = await house.server.db.read("SELECT payload FROM job WHERE kind = 'notify'")
    (notice,) = [msgspec.json.decode(row["payload"])["notice"] for row in rows]
    me = (await house.get("/api/auth"))["user"]
    assert (notice["type"], notice["to"], notice["actor_id"], notice["is_kept"]) == (
        "new_clip",
        "household",
        me["id"],
        False,
    )
    assert notice["details"]["clipTitle"] == "What its maker says"
    assert notice["details"]["clipThumbnail"] == f"{clip_id}.jpg"
    assert [(one.what, one.clip_ids) for one in told] == [("added", (clip_id,)), ("status", (clip_id,))]
    assert (await ann.get("/clips/unwatched-count"))["count"] == 1
    assert (await house.get("/api/clips/unwatched-count"))["count"] == 0


async def test_open_pages_hear_how_far_it_is(house: House, sites: StandIn, film: Path) -> None:
    sites.usual = Plan(media=film, progress=tuple(Progress("fetching", number, number, 100) for number in range(100)))
    frames: list[dict[str, Any]] = []
    async with house.client.ws_connect("/ws") as socket:
        await socket.send_json({"type": "hello", "events": ["clips"]})
        clip_id = await submitted(house, LINK.format(1))
        async with asyncio.timeout(20):
            while {"event": "clips.changed", "what": "status"}.items() - (frames[-1:] or [{}])[0].items():
                frame = await socket.receive_json()
                if frame["type"] == "event":
                    frames.append(
                        {name: value for name, value in frame.items() if not isinstance(value, list)}
                        | ({"ids": tuple(frame["ids"])} if "ids" in frame else {})
                    )
    progress = [frame for frame in frames if frame["event"] == "clips.progress"]
    assert 1 <= len(progress) <= 4
    assert {frame["id"] for frame in progress} == {clip_id}
    assert {"stage", "percent", "bytesDone", "bytesTotal"} <= progress[0].keys()
    assert {"clips.changed", "clips.unwatched"} <= {frame["event"] for frame in frames}


async def test_clip_that_was_begun_too_often_fails(house: House, sites: StandIn) -> None:
    sites.usual = Plan(gate=asyncio.Event())
    clip_id = await submitted(house, LINK.format(1))

    async def runs() -> bool:
        return bool(sites.running)

    await house.until(runs)
    async with house.server.db.write() as tx:
        await tx.run("UPDATE clip SET starts = 3")
        await house.server.clips.downloads.wish(tx, clip_id)

    async def is_failed() -> bool:
        return bool((await clip_row(house, clip_id))["status"] == "failed")

    await house.until(is_failed)
    assert (await clip_row(house, clip_id))["failure_code"] == "interrupted"


async def test_server_that_comes_back_fetches_what_was_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, film: Path
) -> None:
    async with a_house(tmp_path) as house:
        await house.claim()
        sites = stand_in(house)
        sites.usual = Plan(gate=asyncio.Event())
        ids = [await submitted(house, LINK.format(number)) for number in range(3)]

        async def runs() -> bool:
            return len(sites.running) == 2

        await house.until(runs)
        # As if somebody had dropped what waits.
        await house.server.jobs.drop_queued([KIND])
    stray = tmp_path / "data" / "media" / "staging" / "clip-old"
    stray.mkdir()
    (stray / "half.part").write_bytes(b"half")
    is_standing = asyncio.Event()
    made = Downloads._made

    async def wait(downloads: Downloads, *args: Any) -> None:
        await is_standing.wait()
        await made(downloads, *args)

    monkeypatch.setattr(Downloads, "_made", wait)
    async with a_house(tmp_path) as house:
        stand_in(house).usual = Plan(media=film)
        is_standing.set()
        await house.idle()
        rows = [await clip_row(house, one) for one in ids]
        assert [(row["status"], row["starts"]) for row in rows] == [("ready", 2), ("ready", 2), ("ready", 1)]
        assert not stray.exists()
        assert not [name for name in clip_files(house) if name.startswith("staging")]


async def test_what_the_source_says_now_is_read_anew_without_the_film(house: House, sites: StandIn, film: Path) -> None:
    sites.usual = Plan(media=film, facts=FACTS)
    clip_id = await submitted(house, LINK.format(1))
    path = f"/api/clips/{clip_id}/refetch"
    ann = (await a_household(house, "ann"))["ann"]
    await house.idle()
    before = clip_files(house)
    sites.usual = Plan(early=Facts(description="Said since", view_count=9), gate=asyncio.Event())
    assert await house.send("POST", path) == {
        "title": "Said since",
        "creatorName": "ann",
        "creatorUrl": "https://x.com/ann",
        "sourceViewCount": 9,
    }
    assert not sites.running
    assert clip_files(house) == before
    sites.usual = Plan(refusal="unavailable")
    assert (await house.send("POST", path, status=502))["code"] == "unavailable"
    assert (await ann.ask("POST", f"/clips/{clip_id}/refetch"))[0] == 403
    await house.send("POST", "/api/clips/nobody/refetch", status=404)
    async with house.server.db.write() as tx:
        await house.server.clips.removal.expire(tx, [clip_id])
    await house.send("POST", path, status=400)
