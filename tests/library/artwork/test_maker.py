"""Pictures made in the background for items that have none."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.core.db import Database
from homemedia.core.jobs import JobRow, JobRun, Jobs
from homemedia.core.places import Places
from homemedia.library.artwork import ArtworkMaker
from homemedia.library.artwork.settle import record_local, settle
from homemedia.library.events import ItemsChanged
from tests.library.artwork.fake_imaging import FakeImaging
from tests.support.builders import Builders, Item, Library, a_database, a_probe
from tests.support.fakes import FakeClock
from tests.support.music import a_music_shelf, an_audio_probe


class Studio:
    """A maker with everything around it."""

    def __init__(self, db: Database, folder: Path, imaging: FakeImaging) -> None:
        self.db = db
        self.house = Builders(db)
        self.imaging = imaging
        self.places = Places(folder / "data", folder / "transcode")
        self.events: list[object] = []
        db.on_events = self.events.append
        jobs = Jobs(db)
        jobs.lane("image", 1)
        self.maker = ArtworkMaker(db, imaging.tools(), jobs, self.places, FakeClock())
        self.maker.register()

    async def work(self, library: Library) -> None:
        row = JobRow(1, "artwork", library.library_id, b"{}", "running", 1, 0, None)
        await self.maker._work(JobRun(row))

    async def shown(self, item: Item) -> dict[str, Any]:
        rows = await self.db.read(
            "SELECT thumb_tag, thumb_kind, thumb_tone, thumb_point, art_tag FROM item WHERE item_id = :id",
            {"id": item.item_id},
        )
        return dict(rows[0])

    async def local(self, item: Item, kind: str, path: str, mark: str = "a" * 32) -> None:
        def write(connection: sqlite3.Connection) -> None:
            record_local(connection, item.item_id, kind, path, mark)  # type: ignore[arg-type]
            settle(connection, [item.item_id], stamp=1, now=1)

        async with self.db.write() as tx:
            await tx.call(write)

    def stills(self) -> list[str]:
        return [name for operation, name in self.imaging.asked if operation == "still"]


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with a_database(tmp_path) as db:
        studio = Studio(db, tmp_path, FakeImaging())
        studio.places.make()
        async with studio.maker:
            yield studio


async def test_film_without_a_poster_shows_a_frame_of_itself_as_thumb_and_background(studio: Studio) -> None:
    films = await studio.house.a_library()
    heat = await studio.house.a_film(films, "Heat")

    await studio.work(films)

    shown = await studio.shown(heat)
    assert shown["thumb_kind"] == "still"
    assert shown["thumb_tone"] == "#223344"
    assert shown["thumb_point"] == "0.400,0.600"
    assert shown["thumb_tag"] is not None
    assert shown["thumb_tag"] == shown["art_tag"]
    assert any(isinstance(event, ItemsChanged) and event.library_id == films.library_id for event in studio.events)
    kept = [path for path in studio.places.artwork_dir.rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [b"still of Heat.mkv"]


async def test_film_with_a_poster_keeps_it_and_gets_a_frame_as_background(studio: Studio) -> None:
    films = await studio.house.a_library()
    heat = await studio.house.a_film(films, "Heat")
    await studio.local(heat, "thumb", "/films/poster.jpg")

    await studio.work(films)

    assert studio.stills() == ["Heat.mkv"]
    shown = await studio.shown(heat)
    assert shown["thumb_kind"] == "still"  # looked into: the picture turned out to be wide
    assert shown["thumb_tag"] != shown["art_tag"] is not None


async def test_second_run_makes_nothing_again(studio: Studio) -> None:
    films = await studio.house.a_library()
    await studio.house.a_film(films, "Heat")
    await studio.work(films)

    await studio.work(films)

    assert studio.stills() == ["Heat.mkv"]


async def test_broken_film_is_tried_once_and_again_when_it_changed(studio: Studio) -> None:
    films = await studio.house.a_library()
    await studio.house.a_film(films, "Heat")
    studio.imaging.fails["Heat.mkv"] = "still_failed"
    await studio.work(films)
    await studio.work(films)
    assert studio.stills() == ["Heat.mkv"]

    async with studio.db.write() as tx:
        await tx.run("UPDATE file SET size_bytes = 2")
    del studio.imaging.fails["Heat.mkv"]
    await studio.work(films)

    assert studio.stills() == ["Heat.mkv", "Heat.mkv"]


async def test_film_on_a_disk_that_is_away_is_not_remembered_as_broken(studio: Studio) -> None:
    films = await studio.house.a_library()
    heat = await studio.house.a_film(films, "Heat")
    studio.imaging.fails["Heat.mkv"] = "file_missing"
    await studio.work(films)
    del studio.imaging.fails["Heat.mkv"]

    await studio.work(films)

    assert (await studio.shown(heat))["thumb_kind"] == "still"


async def test_newest_film_comes_first(studio: Studio) -> None:
    films = await studio.house.a_library()
    for title in ("old", "new"):
        await studio.house.a_film(films, title)

    await studio.work(films)

    assert studio.stills() == ["new.mkv", "old.mkv"]


async def test_album_follows_the_cover_inside_its_songs(studio: Studio) -> None:
    shelf = await a_music_shelf(studio.house)
    felt = await shelf.album(await shelf.artist("Nils Frahm"), "Felt")
    keep = await shelf.track(felt, "Keep", number=1, has_file=False)
    probe = msgspec.structs.replace(an_audio_probe(), cover_track=1)
    file = await studio.house.a_file(shelf.library, keep, path="keep.flac", kind="audio", probe=probe)
    tags = {"file_id": file.file_id, "has_cover": 1, "tags": msgspec.msgpack.encode({"title": "Keep"})}
    await studio.house.insert("audio_tags", tags)

    await studio.work(shelf.library)
    first = (await studio.shown(felt))["thumb_tag"]
    await studio.work(shelf.library)
    async with studio.db.write() as tx:
        await tx.run(
            "UPDATE file SET path = 'keep again.flac', size_bytes = 7 WHERE file_id = :id", {"id": file.file_id}
        )
    await studio.work(shelf.library)
    second = (await studio.shown(felt))["thumb_tag"]

    assert [name for operation, name in studio.imaging.asked if operation == "cover"] == [
        "keep.flac",
        "keep again.flac",
    ]
    assert first
    assert second not in {first, None}
    rows = await studio.db.read("SELECT source FROM artwork WHERE item_id = :id", {"id": felt.item_id})
    assert [row["source"] for row in rows] == ["embedded"]


async def test_embedded_cover_comes_before_a_frame(studio: Studio) -> None:
    films = await studio.house.a_library()
    heat = await studio.house.an_item(films, title="Heat")
    await studio.house.a_file(films, heat, path="Heat.mp4", probe=a_probe(cover_track=3))
    studio.imaging.sizes["Heat.mp4"] = (600, 900)

    await studio.work(films)

    assert studio.imaging.asked == [("cover", "Heat.mp4"), ("still", "Heat.mp4")]
    shown = await studio.shown(heat)
    assert shown["thumb_kind"] == "poster"


async def test_library_without_frame_grabs_gets_them_once_they_are_switched_on(studio: Studio) -> None:
    films = await studio.house.a_library(options='{"extractThumbs": false}')
    await studio.house.a_film(films, "Heat")
    await studio.work(films)
    assert studio.stills() == []

    async with studio.db.write() as tx:
        await tx.run("UPDATE library SET options = '{}'")
    await studio.work(films)

    assert studio.stills() == ["Heat.mkv"]


async def test_show_without_a_poster_borrows_the_frame_of_its_first_episode(studio: Studio) -> None:
    shows = await studio.house.a_library("Shows", kind="show")
    show, episodes = await studio.house.a_series(shows, "Harbor", {0: 1, 1: 2, 2: 1})

    await studio.work(shows)

    first = await studio.shown(episodes[1])
    shown = await studio.shown(show)
    assert first["thumb_kind"] == "still"
    assert shown["thumb_tag"] == shown["art_tag"] == first["thumb_tag"]
    assert studio.stills()[0] == f"{episodes[1].key}.mkv"
    assert len(studio.stills()) == 4
    assert {(await studio.shown(episode))["art_tag"] for episode in episodes} == {first["thumb_tag"]}


async def test_seasons_show_the_poster_of_their_show(studio: Studio) -> None:
    shows = await studio.house.a_library("Shows", kind="show")
    show = await studio.house.a_show(shows, "Harbor")
    season = await studio.house.a_season(shows, show, 1)
    await studio.house.an_episode(shows, season, 1)
    studio.imaging.sizes["poster.jpg"] = (1000, 1500)
    await studio.local(show, "thumb", "/shows/Harbor/poster.jpg")

    await studio.work(shows)

    assert (await studio.shown(season))["thumb_tag"] == (await studio.shown(show))["thumb_tag"] == "a" * 8
    assert (await studio.shown(season))["thumb_kind"] == "poster"


async def test_poster_that_cannot_be_decoded_gives_way_to_a_frame(studio: Studio) -> None:
    films = await studio.house.a_library()
    heat = await studio.house.a_film(films, "Heat")
    await studio.local(heat, "thumb", "/films/poster.jpg")
    studio.imaging.fails["poster.jpg"] = "image_unreadable"

    await studio.work(films)

    # The first for the background; the second when the poster turned out to be unusable.
    assert studio.stills() == ["Heat.mkv", "Heat.mkv"]
    assert (await studio.shown(heat))["thumb_tag"] != "a" * 8


async def test_picture_that_was_deleted_is_made_again(studio: Studio) -> None:
    films = await studio.house.a_library()
    heat = await studio.house.a_film(films, "Heat")
    await studio.work(films)
    before = await studio.shown(heat)
    for path in list(studio.places.artwork_dir.rglob("*.jpeg")):
        path.unlink()

    await studio.work(films)

    assert studio.stills() == ["Heat.mkv", "Heat.mkv"]
    assert await studio.shown(heat) == before


async def test_wish_is_one_job_for_a_library(studio: Studio) -> None:
    films = await studio.house.a_library()

    async with studio.db.write() as tx:
        await studio.maker.wish(tx, films.library_id)
        await studio.maker.wish(tx, films.library_id)

    rows = await studio.db.read("SELECT kind, key, lane FROM job", {})
    assert [tuple(row) for row in rows] == [("artwork", films.library_id, "image")]
