"""Collections, people, and what a library can be narrowed by: through the service, a real database and the routes."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.core.events import EventBus
from homemedia.core.problems import NotFound
from homemedia.library.browse import Browse, Wish
from homemedia.library.events import ItemsChanged
from homemedia.library.shelf import Shelf
from homemedia.library.shelf_wire import Choice, CollectionCard, Decade
from homemedia.playback import WATCH_SQL
from tests.support.builders import DAY_MS, Builders, Item, Library, a_database, a_probe
from tests.support.fakes import FakeClock


class House(Builders):
    browse: Browse
    shelf: Shelf
    bus: EventBus
    clock: FakeClock

    async def a_credit(self, item: Item, name: str, job: str, role: str = "", position: int = 0) -> int:
        """Somebody who took part; his id."""
        async with self.db.write() as tx:
            key = {"name": name, "name_key": name.casefold()}
            await tx.run("INSERT OR IGNORE INTO performer (name, name_key) VALUES (:name, :name_key)", key)
            found = await tx.rows("SELECT performer_id FROM performer WHERE name_key = :name_key", key)
            number = int(found[0]["performer_id"])
            await tx.run(
                "INSERT INTO credit (item_id, performer_id, job, role, position)"
                " VALUES (:item_id, :performer_id, :job, :role, :position)",
                {"item_id": item.item_id, "performer_id": number, "job": job, "role": role, "position": position},
            )
            return number


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    async with a_database(folder) as db:
        house = House(db)
        house.clock = FakeClock(house.at_ms)
        house.bus = EventBus()
        house.browse = Browse(db, WATCH_SQL, house.clock, bus=house.bus)
        house.shelf = Shelf(db, house.browse)
        try:
            yield house
        finally:
            await house.bus.close()


async def a_saga(house: House, films: Library) -> list[Item]:
    return [
        await house.a_film(films, title, year=year, collection="Saga", thumb_tag=f"{year:08x}", **more)
        for title, year, more in (
            ("Third", 1983, {}),
            ("First", 1977, {"release_date": "1977-05-25"}),
            ("Second", 1980, {"release_date": "1980-05-21"}),
        )
    ]


# Collections


async def test_collections_tell_how_many_since_when_and_four_pictures(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        third, first, second = await a_saga(house, films)
        await house.a_film(films, "Alone", collection="a set of one", year=2001, thumb_tag="aa", art_tag="bb")
        await house.a_film(films, "Nowhere")

        answer = await house.shelf.collections(alice, films.library_id)

        assert answer.collections[1] == CollectionCard(
            name="Saga",
            count=3,
            years=(1977, 1983),
            thumbs=[f"/api/artwork/{one.key}/thumb?v={year:08x}" for one, year in ((first, 1977), (second, 1980))]
            + [f"/api/artwork/{third.key}/thumb?v={1983:08x}"],
        )
        alone = answer.collections[0]
        assert (alone.name, alone.count, alone.years) == ("a set of one", 1, (2001, 2001))
        assert [address.split("/")[-1] for address in alone.thumbs] == ["art?v=bb"]


async def test_spellings_of_a_collection_are_one_and_pictures_come_first(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for number in range(6):
            picture = {"thumb_tag": "aa"} if number in {1, 5} else {}
            await house.a_film(
                films, year=2000 + number, collection="The Saga" if number % 2 else "the saga", **picture
            )

        [saga] = (await house.shelf.collections(alice, films.library_id)).collections

        assert (saga.count, saga.years, len(saga.thumbs)) == (6, (2000, 2005), 2)


async def test_collections_of_the_whole_house_and_of_one_library(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films, shows = await house.a_member(), await house.a_library(), await house.a_library("S", kind="show")
        await house.a_film(films, "Film", collection="Both")
        await house.a_show(shows, "Show", collection="Both")
        await house.a_film(films, "Other", collection="Films alone")

        everywhere = await house.shelf.collections(alice, None)
        of_shows = await house.shelf.collections(alice, shows.library_id)

        assert [(one.name, one.count) for one in everywhere.collections] == [("Both", 2), ("Films alone", 1)]
        assert [(one.name, one.count) for one in of_shows.collections] == [("Both", 1)]
        with pytest.raises(NotFound):
            await house.shelf.collections(alice, "nonsense")


async def test_what_is_not_seen_counts_in_no_collection(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        gone = house.at_ms - 40 * DAY_MS
        await house.a_film(films, "Here", collection="Half", genres=["Drama"], year=1999)
        await house.a_film(
            films, "Gone", collection="Half", genres=["Drama"], year=1950, content_rating="R", missing_since_at=gone
        )
        lost = await house.a_film(films, "Lost", collection="Lost", labels=["x"], missing_since_at=gone)
        number = await house.a_credit(lost, "Nobody", "actor")

        collections = await house.shelf.collections(alice, films.library_id)
        filters = await house.shelf.filters(alice, films.library_id)

        assert [(one.name, one.count, one.years) for one in collections.collections] == [("Half", 1, (1999, 1999))]
        assert filters.genres == [Choice(name="Drama", count=1)]
        assert (filters.labels, filters.content_ratings, filters.years) == ([], [], (1999, 1999))
        with pytest.raises(NotFound):
            await house.shelf.collection(alice, "Lost", None)
        with pytest.raises(NotFound):
            await house.shelf.person(alice, number)


async def test_collection_shows_its_films_in_the_order_they_came_out(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        _, first, _ = await a_saga(house, films)
        await house.a_film(films, "Undated", collection="Saga")
        await house.a_watch_state(alice, first, is_watched=1, view_count=1)

        page = await house.shelf.collection(alice, "saga", films.library_id)

        assert [item.title for item in page.items] == ["First", "Second", "Third", "Undated"]
        assert (page.name, page.count, page.watched, page.years) == ("Saga", 4, 1, (1977, 1983))


async def test_collections_take_one_statement_however_many_there_are(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        counts = []
        for number in (1, 20):
            for _ in range(number):
                await house.a_film(films, collection=f"Saga {next(house._numbers)}", genres=[f"G{number}"], year=2000)
            said: list[str] = []
            for reader in house.db._readers:
                await reader.set_trace_callback(said.append)
            await house.shelf.collections(alice, films.library_id)
            await house.shelf.filters(alice, films.library_id)
            house.bus.publish(ItemsChanged(films.library_id, 1))
            counts.append(len(said))

        assert counts[0] == counts[1] <= 4


# People


async def test_person_has_everything_he_took_part_in_the_newest_first(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        shows = await house.a_library("Shows", kind="show")
        old = await house.a_film(films, "Old", year=1990)
        new = await house.a_film(films, "New", year=2020)
        fargo, episodes = await house.a_series(shows, "Fargo", {1: 2})
        number = await house.a_credit(old, "Di Rust", "actor", "Keeper")
        await house.a_credit(new, "Di Rust", "actor", "Twin A")
        await house.a_credit(new, "Di Rust", "actor", "Twin B")
        await house.a_credit(new, "Di Rust", "director")
        for episode in episodes:
            await house.a_credit(episode, "Di Rust", "actor", "Guest")

        person = await house.shelf.person(alice, number)

        assert (person.name, person.thumb) == ("Di Rust", None)
        assert [(item.title, item.type, item.jobs, item.role) for item in person.items] == [
            ("New", "movie", ["actor", "director"], "Twin A, Twin B"),
            ("Old", "movie", ["actor"], "Keeper"),
            ("Fargo", "show", ["actor"], "Guest"),
        ]
        assert person.items[2].id == fargo.key


async def test_person_nobody_knows_is_not_found(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()

        with pytest.raises(NotFound):
            await house.shelf.person(alice, 99)


# Filters


async def test_filters_tell_what_there_is_to_choose_with_counts(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for title, year, rating, genres, labels, width in (
            ("A", 1994, "PG-13", ["Drama", "Sci-Fi"], ["kids"], 3840),
            ("B", 1999, "pg-13", ["Science Fiction"], ["kids", "rainy day"], 1920),
            ("C", 2004, "R", ["Drama"], [], 640),
            ("D", 2004, None, [], [], 1920),
        ):
            film = await house.an_item(
                films, title=title, year=year, content_rating=rating, genres=genres, labels=labels, collection="Saga"
            )
            probe = a_probe(width=width, height=width * 9 // 16)
            await house.a_file(films, film, path=f"{title}.mkv", probe=probe)

        filters = await house.shelf.filters(alice, films.library_id)

        assert {choice.name: choice.count for choice in filters.genres} == {"Drama": 2, "Science Fiction": 2}
        assert filters.labels == [Choice(name="kids", count=2), Choice(name="rainy day", count=1)]
        assert filters.collections == [Choice(name="Saga", count=4)]
        assert filters.content_ratings == [Choice(name="PG-13", count=2), Choice(name="R", count=1)]
        assert filters.resolutions == [Choice(name=n, count=c) for n, c in (("4k", 1), ("1080", 2), ("sd", 1))]
        assert filters.decades == [Decade(first=1990, count=2), Decade(first=2000, count=2)]
        assert filters.years == (1994, 2004)


async def test_every_choice_finds_as_many_as_it_says(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for number in range(12):
            film = await house.an_item(
                films,
                title=f"Film {number}",
                year=1990 + number * 2,
                content_rating=("G", "PG", None)[number % 3],
                genres=[("Sci-Fi", "Science Fiction", "Drama")[number % 3]],
                labels=["kids"] if number % 2 else [],
                collection="Saga" if number % 4 else None,
            )
            probe = a_probe(width=(640, 1280, 1920, 3840)[number % 4], height=(360, 720, 1080, 2160)[number % 4])
            await house.a_file(films, film, path=f"{number}.mkv", probe=probe)
        filters = await house.shelf.filters(alice, films.library_id)
        wishes = [
            *((choice.count, Wish(genre=choice.name)) for choice in filters.genres),
            *((choice.count, Wish(label=choice.name)) for choice in filters.labels),
            *((choice.count, Wish(collection=choice.name)) for choice in filters.collections),
            *((choice.count, Wish(content_rating=choice.name)) for choice in filters.content_ratings),
            *((choice.count, Wish(resolution=choice.name)) for choice in filters.resolutions),
            *((decade.count, Wish(years=(decade.first, decade.first + 9))) for decade in filters.decades),
        ]

        pages = [(count, await house.browse.page(alice, films.library_id, wish)) for count, wish in wishes]

        assert len(pages) == 2 + 1 + 1 + 2 + 4 + 3
        assert [(page.total_count, len(page.items)) for _, page in pages] == [(count, count) for count, _ in pages]


@pytest.mark.parametrize("spelling", ["Sci-Fi", "Science Fiction", "scifi", "SF"])
async def test_genre_is_found_by_any_of_its_spellings(tmp_path: Path, spelling: str) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for title, genre in (("A", "Sci-Fi"), ("B", "Science Fiction"), ("C", "Drama")):
            await house.a_film(films, title, genres=[genre])

        page = await house.browse.page(alice, films.library_id, Wish(genre=spelling))
        genres = await house.browse.genres(alice, films.library_id)

        assert [item.title for item in page.items] == ["A", "B"]
        assert [(genre.name, genre.count) for genre in genres.genres] == [("Drama", 1), ("Science Fiction", 2)]


async def test_filters_are_remembered_until_the_library_changes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        await house.a_film(films, genres=["Drama"])
        first = await house.shelf.filters(alice, films.library_id)
        await house.a_film(films, genres=["Crime"])

        kept = await house.shelf.filters(alice, films.library_id)
        house.bus.publish(ItemsChanged(films.library_id, 1))
        fresh = await house.shelf.filters(alice, films.library_id)

        assert kept is first
        assert sorted(genre.name for genre in fresh.genres) == ["Crime", "Drama"]


async def test_filters_of_music_are_those_of_its_albums(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, music = await house.a_member(), await house.a_library("Music", kind="music")
        artist = await house.an_item(music, title="Nils", kind="artist")
        await house.an_item(music, title="Spaces", kind="album", parent=artist, genres=["Jazz"], year=2013)

        filters = await house.shelf.filters(alice, music.library_id)

        assert filters.genres == [Choice(name="Jazz", count=1)]
        assert filters.decades == [Decade(first=2010, count=1)]


async def test_letters_tell_what_stands_behind_z(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for title in ("12 Angry Men", "Alien", "Zorro", "Сталкер", "七人の侍"):
            await house.a_film(films, title)

        page = await house.browse.page(alice, films.library_id, Wish())
        rest = await house.browse.page(alice, films.library_id, Wish(offset=2))
        plain = await house.browse.page(alice, films.library_id, Wish(letter="A"))

        assert [item.title for item in page.items] == ["12 Angry Men", "Alien", "Zorro", "Сталкер", "七人の侍"]
        assert (page.letters, page.letters_behind) == ({"#": 3, "A": 1, "Z": 1}, 2)
        assert not isinstance(rest.letters, dict)
        assert (plain.letters, plain.letters_behind) == ({"A": 1}, 0)


async def test_genres_and_collections_of_all_libraries_are_remembered_until_one_changes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        await house.a_film(films, "First", collection="Saga", genres=["Drama"])
        await house.browse.genres(alice, None)
        await house.shelf.collections(alice, None)
        await house.a_film(films, "Second", collection="Saga", genres=["Drama"])

        kept = (await house.browse.genres(alice, None), await house.shelf.collections(alice, None))
        house.bus.publish(ItemsChanged(films.library_id, 1))
        fresh = (await house.browse.genres(alice, None), await house.shelf.collections(alice, None))

        assert [kept[0].genres[0].count, kept[1].collections[0].count] == [1, 1]
        assert [fresh[0].genres[0].count, fresh[1].collections[0].count] == [2, 2]
