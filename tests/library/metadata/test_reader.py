"""What lies beside items, read and settled in a real database."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.core.db import Database
from homemedia.library.events import ItemsChanged
from homemedia.library.metadata import MetadataReader
from homemedia.media import Tags
from tests.library.artwork.fake_imaging import FakeImaging
from tests.support.builders import Builders, Item, Library, a_database, a_probe
from tests.support.fakes import FakeClock


class Desk:
    """A reader with a database and a folder of films."""

    def __init__(self, db: Database, reader: MetadataReader, folder: Path) -> None:
        self.db = db
        self.house = Builders(db)
        self.reader = reader
        self.folder = folder
        self.events: list[object] = []
        db.on_events = self.events.append

    async def a_library(self, kind: str = "movie", **more: Any) -> Library:
        return await self.house.a_library(kind.title(), kind=kind, root=self.folder, **more)

    async def named(self, item: Item, **facts: object) -> None:
        """What the scan read from the file's name."""
        for field, value in {"title": item.title, **facts}.items():
            row = {"item_id": item.item_id, "field": field, "source": "filename"}
            await self.house.insert("item_field", row | {"value": msgspec.json.encode(value).decode()})

    async def a_film(self, library: Library, path: str, title: str = "heat", **more: Any) -> Item:
        item = await self.house.an_item(library, title=title, **more)
        await self.named(item)
        folder, _, _ = path.rpartition("/")
        rows = await self.db.read("SELECT folder_id FROM folder WHERE path = :path", {"path": folder})
        folder_id = (
            rows[0][0] if rows else await self.house.insert("folder", {"root_id": library.root_id, "path": folder})
        )
        await self.house.a_file(library, item, path=path, folder_id=folder_id)
        (self.folder / folder).mkdir(parents=True, exist_ok=True)
        return item

    def put(self, path: str, text: str = "x") -> Path:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return place

    async def item(self, item: Item) -> dict[str, Any]:
        rows = await self.db.read("SELECT * FROM item WHERE item_id = :id", {"id": item.item_id})
        return dict(rows[0])

    async def column(self, sql: str, item: Item) -> list[Any]:
        return [row[0] for row in await self.db.read(sql, {"id": item.item_id})]


LABELS = "SELECT kind || ':' || value FROM item_label WHERE item_id = :id ORDER BY kind, position"
CREDITS = """
    SELECT job || ':' || name || ':' || role FROM credit JOIN performer USING (performer_id)
     WHERE item_id = :id ORDER BY position
"""
IDENTITIES = "SELECT identity_key FROM item_identity WHERE item_id = :id ORDER BY identity_key"
NFO = """<movie><title>The Grey Harbour</title><year>2019</year><plot>Ships.</plot><genre>Drama</genre>
<genre>Sci-Fi</genre><genre>Science Fiction</genre><tag>rain</tag><set><name>Saga</name></set>
<uniqueid type="tmdb">5</uniqueid><director>Cy Quill</director>
<actor><name>Di Rust</name><role>Keeper</role></actor></movie>"""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    folder = tmp_path / "films"
    folder.mkdir()
    async with a_database(tmp_path) as db:
        yield Desk(db, MetadataReader(db, FakeImaging().tools(), FakeClock()), folder)


async def test_nfo_wins_over_the_name_of_the_file(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/heat.nfo", NFO)

    result = await desk.reader.refresh([film.item_id])

    row = await desk.item(film)
    assert (result.updated, result.problems) == (1, ())
    assert (row["title"], row["sort_title"], row["letter"]) == ("The Grey Harbour", "grey harbour", "G")
    assert (row["year"], row["summary"], row["tmdb_id"], row["is_matched"]) == (2019, "Ships.", 5, 1)
    assert await desk.column(LABELS, film) == ["collection:Saga", "genre:Drama", "genre:Sci-Fi", "label:rain"]
    assert await desk.column(CREDITS, film) == ["actor:Di Rust:Keeper", "director:Cy Quill:"]
    assert await desk.column(IDENTITIES, film) == ["movie/tmdb/5"]
    assert row["identity_key"] == film.identity_key
    assert ItemsChanged(films.library_id, row["stamp"]) in desk.events


async def test_film_is_found_by_its_new_title(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/heat.nfo", NFO)

    await desk.reader.refresh([film.item_id])

    rows = await desk.db.read("SELECT rowid FROM item_search WHERE item_search MATCH 'harbour AND rust'", {})
    assert [row[0] for row in rows] == [film.item_id]


async def test_second_look_changes_nothing(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/heat.nfo", NFO)
    desk.put("Heat/poster.jpg")
    await desk.reader.refresh([film.item_id])
    before, desk.events[:] = await desk.item(film), []

    result = await desk.reader.refresh([film.item_id])

    assert result.updated == 0
    assert desk.events == []
    assert await desk.item(film) == before


async def test_nfo_that_is_gone_gives_the_film_its_name_back(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    nfo = desk.put("Heat/heat.nfo", NFO)
    await desk.reader.refresh([film.item_id])
    nfo.unlink()

    await desk.reader.refresh([film.item_id])

    row = await desk.item(film)
    assert (row["title"], row["summary"], row["sort_title"]) == ("heat", None, "heat")
    assert await desk.column(LABELS, film) == []
    assert await desk.column(CREDITS, film) == []


async def test_manual_edit_survives_an_nfo(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    row = {"item_id": film.item_id, "field": "title", "value": '"Mine"', "source": "manual", "is_locked": 1}
    await desk.house.insert("item_field", row)
    desk.put("Heat/heat.nfo", NFO)

    await desk.reader.refresh([film.item_id])

    assert (await desk.item(film))["title"] == "Mine"
    assert (await desk.item(film))["summary"] == "Ships."


async def test_broken_nfo_is_told_once_and_keeps_what_was_read_before(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/heat.nfo", NFO)
    await desk.reader.refresh([film.item_id])
    path = desk.put("Heat/heat.nfo", "<movie><title>cut")

    first = await desk.reader.refresh([film.item_id])
    second = await desk.reader.refresh([film.item_id])

    assert [(problem.path, problem.code) for problem in first.problems] == [(str(path), "nfo_broken")]
    assert second.problems == ()
    assert (await desk.item(film))["title"] == "The Grey Harbour"


async def test_library_of_names_alone_reads_no_nfo(desk: Desk) -> None:
    films = await desk.a_library(options='{"metadataSource": "none"}')
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/heat.nfo", NFO)

    await desk.reader.refresh([film.item_id])

    assert (await desk.item(film))["title"] == "heat"


async def test_movie_nfo_counts_only_where_the_folder_holds_one_film(desk: Desk) -> None:
    films = await desk.a_library()
    alone = await desk.a_film(films, "Heat/heat.mkv")
    first = await desk.a_film(films, "Box/one.mkv", title="one")
    second = await desk.a_film(films, "Box/two.mkv", title="two")
    desk.put("Heat/movie.nfo", NFO)
    desk.put("Box/movie.nfo", NFO)
    desk.put("Box/poster.jpg")

    await desk.reader.refresh([alone.item_id, first.item_id, second.item_id])

    assert (await desk.item(alone))["title"] == "The Grey Harbour"
    assert (await desk.item(first))["title"] == "one"
    assert (await desk.item(second))["thumb_tag"] is None


async def test_disc_is_described_by_the_nfo_inside_it(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/VIDEO_TS/VTS_01_1.VOB")
    desk.put("Heat/VIDEO_TS/VIDEO_TS.nfo", NFO)
    desk.put("Heat/folder.jpg")

    await desk.reader.refresh([film.item_id])

    row = await desk.item(film)
    assert row["title"] == "The Grey Harbour"
    assert row["thumb_kind"] == "poster"


async def test_pictures_beside_a_film_are_noted_without_being_opened(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/poster.jpg", "no picture at all")
    desk.put("Heat/fanart.jpg")

    result = await desk.reader.refresh([film.item_id])

    row = await desk.item(film)
    assert result.updated == 1
    assert row["thumb_kind"] == "poster"
    assert len(row["thumb_tag"]) == len(row["art_tag"]) == 8


async def test_other_picture_changes_the_tag_and_a_removed_one_takes_it_away(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    poster = desk.put("Heat/poster.jpg")
    tags = []
    for change in (lambda: None, lambda: poster.write_text("other one"), poster.unlink):
        change()
        await desk.reader.refresh([film.item_id])
        tags.append((await desk.item(film))["thumb_tag"])

    assert tags[0] != tags[1]
    assert tags[2] is None


async def test_folder_that_is_away_forgets_nothing(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/heat.nfo", NFO)
    desk.put("Heat/poster.jpg")
    await desk.reader.refresh([film.item_id])
    before = await desk.item(film)
    (desk.folder / "Heat").rename(desk.folder / "Away")

    await desk.reader.refresh([film.item_id])

    assert await desk.item(film) == before


async def test_missing_mode_looks_only_at_what_lacks_something(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv", summary="There.", thumb_tag="12345678")
    desk.put("Heat/heat.nfo", NFO)

    result = await desk.reader.refresh([film.item_id], mode="missing")

    assert result.updated == 0


async def test_show_season_and_episode_are_read_through_one_episode(desk: Desk) -> None:
    shows = await desk.a_library("show")
    show = await desk.house.a_show(shows, "tidewater")
    season = await desk.house.a_season(shows, show, 1)
    episode = await desk.house.an_episode(shows, season, 1, has_file=False)
    await desk.house.a_file(shows, episode, path="Tide/Season 1/e1.mkv")
    for item, key in ((show, "show/name/tidewater/-"), (episode, "show/name/tidewater/-/s1/e1")):
        row = {"library_kind": "show", "identity_key": key, "item_id": item.item_id}
        await desk.house.insert("item_identity", row)
    await desk.named(episode, number=1)
    desk.put("Tide/tvshow.nfo", "<tvshow><title>Tidewater</title><tmdbid>7</tmdbid><status>Ended</status></tvshow>")
    desk.put("Tide/fanart.jpg")
    desk.put("Tide/season01-poster.jpg")
    desk.put("Tide/Season 1/season.nfo", "<season><plot>The first.</plot></season>")
    desk.put(
        "Tide/Season 1/e1.nfo",
        "<episodedetails><title>A</title><season>1</season><episode>1</episode></episodedetails>"
        "<episodedetails><title>B</title><season>1</season><episode>2</episode></episodedetails>",
    )

    await desk.reader.refresh([episode.item_id])

    assert ((await desk.item(show))["title"], (await desk.item(show))["status"]) == ("Tidewater", "ended")
    assert (await desk.item(season))["summary"] == "The first."
    assert (await desk.item(season))["thumb_kind"] == "poster"
    row = await desk.item(episode)
    assert (row["title"], row["number"], row["number_end"]) == ("A / B", 1, 2)
    assert row["art_tag"] == (await desk.item(show))["art_tag"] is not None
    assert await desk.column(IDENTITIES, episode) == ["show/name/tidewater/-/s1/e1", "show/tmdb/7/s1/e1"]


async def test_new_episode_takes_the_background_of_its_show(desk: Desk) -> None:
    shows = await desk.a_library("show")
    show = await desk.house.a_show(shows, "tidewater")
    season = await desk.house.a_season(shows, show, 1)
    first = await desk.house.an_episode(shows, season, 1, has_file=False)
    await desk.house.a_file(shows, first, path="Tide/e1.mkv")
    desk.put("Tide/fanart.jpg")
    await desk.reader.refresh([first.item_id])
    second = await desk.house.an_episode(shows, season, 2, has_file=False)
    await desk.house.a_file(shows, second, path="Tide/e2.mkv")

    await desk.reader.refresh([second.item_id])

    assert (await desk.item(second))["art_tag"] == (await desk.item(show))["art_tag"] is not None


async def test_home_video_takes_its_tags_and_keeps_the_labels_of_its_folders(desk: Desk) -> None:
    videos = await desk.a_library("video")
    clip = await desk.house.an_item(videos, title="MVI 1", labels=["Summer"])
    await desk.named(clip)
    probe = a_probe(tags=Tags(title="Anna swims", date="2015-06-07", artist="Mum"))
    await desk.house.a_file(videos, clip, path="Summer/MVI_1.mp4", probe=probe)
    desk.put("Summer/MVI_1-thumb.jpg")
    desk.put("Summer/MVI_1.nfo", "<movie><tag>Sea</tag></movie>")

    await desk.reader.refresh([clip.item_id])

    row = await desk.item(clip)
    assert (row["title"], row["release_date"], row["year"]) == ("Anna swims", "2015-06-07", 2015)
    assert row["thumb_kind"] == "still"
    assert sorted(await desk.column(LABELS, clip)) == ["label:Sea", "label:Summer"]
    assert await desk.column(CREDITS, clip) == ["director:Mum:"]


async def test_portraits_beside_the_nfo_are_given_to_the_cast(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    desk.put("Heat/heat.nfo", NFO)
    portrait = desk.put("Heat/.actors/Di_Rust.jpg")

    await desk.reader.refresh([film.item_id])

    rows = await desk.db.read("SELECT name, image FROM performer ORDER BY name", {})
    assert [tuple(row) for row in rows] == [("Cy Quill", None), ("Di Rust", str(portrait))]


async def test_new_name_of_a_file_reaches_the_item(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Heat/heat.mkv")
    async with desk.db.write() as tx:
        await tx.run("UPDATE item_field SET value = '\"Cold\"' WHERE field = 'title'")

    result = await desk.reader.refresh([film.item_id])

    assert result.updated == 1
    assert (await desk.item(film))["sort_title"] == "cold"
