"""Lists and pages of items, through the service and a real database."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.core.events import EventBus
from homemedia.core.problems import NotFound
from homemedia.library.browse import Browse, Wish
from homemedia.library.browse_store import ORDERS
from homemedia.library.events import ItemsChanged, LibrariesChanged
from homemedia.library.watched import UNWATCHED
from homemedia.playback import WATCH_SQL
from tests.support.builders import DAY_MS, HOUR_MS, Builders, a_database, a_probe
from tests.support.fakes import FakeClock


class House(Builders):
    browse: Browse
    clock: FakeClock


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    async with a_database(folder) as db:
        house = House(db)
        house.clock = FakeClock(house.at_ms)
        house.browse = Browse(db, WATCH_SQL, house.clock)
        yield house


def titles(answer: Any) -> list[str]:
    return [item.title for item in answer.items]


async def test_libraries_come_in_order_with_what_is_in_them(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show", position=1)
        films = await house.a_library("Films", position=0)
        await house.a_film(films, "Heat", art_tag="abcd")
        await house.a_series(shows, "Fargo", {1: 3})

        answer = await house.browse.libraries(alice)

        assert [(one.name, one.type, one.item_count) for one in answer.libraries] == [
            ("Films", "movie", 1),
            ("Shows", "show", 1),
        ]
        assert answer.libraries[0].thumb is not None
        assert answer.libraries[0].thumb.endswith("/art")
        assert answer.libraries[1].thumb is None
        assert b"paths" not in msgspec.json.encode(answer)


async def test_folders_of_a_library_are_told_to_administrators_only(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        boss = await house.a_member(is_admin=True)
        await house.a_library(root="/films")

        answer = await house.browse.libraries(boss)

        assert answer.libraries[0].paths == ["/films"]
        assert answer.libraries[0].available is True


@pytest.mark.parametrize("watch", [UNWATCHED, WATCH_SQL], ids=["without playback", "with playback"])
async def test_page_shows_every_key_of_a_summary(tmp_path: Path, watch: Any) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        await house.a_film(
            films,
            "Heat",
            year=1995,
            genres=["Crime", "Action"],
            thumb_tag="aa",
            thumb_kind="still",
            thumb_tone="#102030",
        )
        browse = Browse(house.db, watch, house.clock)

        page = msgspec.to_builtins(await browse.page(alice, films.library_id, Wish()))

        item = page["items"][0]
        assert (
            item.items()
            >= {
                "type": "movie",
                "title": "Heat",
                "thumb": f"/api/artwork/{item['id']}/thumb",
                "art": None,
                "thumbKind": "still",
                "thumbTone": "#102030",
                "thumbPoint": None,
                "genres": ["Crime", "Action"],
                "duration": 7_200_000,
                "watched": False,
                "viewOffset": 0,
                "lastViewedAt": None,
                "available": True,
                "videoResolution": "1080",
                "watchlisted": False,
                "matched": False,
                "addedAt": item["addedAt"],
            }.items()
        )
        assert page["totalCount"] == 1
        assert page["letters"] == {"H": 1}
        assert "episodeCount" not in item


@pytest.mark.parametrize("sort", sorted(set(ORDERS) - {"watched_show"}))
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_neither_repeat_nor_skip(tmp_path: Path, sort: str, order: str) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        for number in range(23):
            await house.an_item(
                films,
                title=f"Film {number // 5}",
                year=None if number % 3 == 0 else 2000 + number % 4,
                rating=number % 5 or None,
                added_at=1000 * (number // 2),
                release_date=None if number % 4 == 0 else f"2001-01-{number % 7 + 1:02}",
                duration_ms=number % 3 or None,
            )

        seen = []
        for offset in range(0, 30, 4):
            page = await house.browse.page(
                alice, films.library_id, Wish(offset=offset, limit=4, sort=sort, order=order)
            )
            assert page.total_count == 23
            seen += [item.id for item in page.items]

        assert len(seen) == len(set(seen)) == 23


async def test_unknown_years_stand_at_the_end_in_both_directions(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        for title, year in (("A", None), ("B", 2001), ("C", 1990)):
            await house.an_item(films, title=title, year=year)

        up = await house.browse.page(alice, films.library_id, Wish(sort="year"))
        down = await house.browse.page(alice, films.library_id, Wish(sort="year", order="desc"))

        assert titles(up) == ["C", "B", "A"]
        assert titles(down) == ["B", "C", "A"]


async def test_random_order_stays_for_a_day_and_changes_with_the_next(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        for _ in range(30):
            await house.an_item(films)
        wish = Wish(sort="random")

        today = titles(await house.browse.page(alice, films.library_id, wish))
        later = titles(await house.browse.page(alice, films.library_id, wish))
        house.clock.pass_ms(DAY_MS)
        tomorrow = titles(await house.browse.page(alice, films.library_id, wish))

        assert today == later != tomorrow
        assert sorted(today) == sorted(tomorrow)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(genre="crime"), ["Heat"]),
        (Wish(genre="Sci-Fi"), ["Alien"]),
        (Wish(label="kids"), ["Up"]),
        (Wish(years=(1979, 1995)), ["Alien", "Heat"]),
        (Wish(content_rating="pg"), ["Up"]),
        (Wish(letter="H"), ["Heat"]),
        (Wish(letter="#"), ["2001"]),
        (Wish(is_unwatched=True), ["2001", "Heat", "Up"]),
        (Wish(text="alie"), ["Alien"]),
        (Wish(text="nothing like it"), []),
        (Wish(genre="crime", letter="A"), []),
    ],
    ids=str,
)
async def test_filters_narrow_a_page(tmp_path: Path, wish: Wish, expected: list[str]) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        await house.an_item(films, title="Heat", year=1995, genres=["Crime"])
        alien = await house.an_item(films, title="Alien", year=1979, genres=["Sci-Fi"])
        await house.an_item(films, title="Up", year=2009, labels=["Kids"], content_rating="PG")
        await house.an_item(films, title="2001", year=1968)
        await house.a_watch_state(alice, alien, is_watched=1, view_count=1)

        page = await house.browse.page(alice, films.library_id, wish)

        assert titles(page) == expected
        assert page.total_count == len(expected)


async def test_letters_of_what_is_unwatched_are_those_that_are_left(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, bob = await house.a_member(), await house.a_member()
        films, other = await house.a_library("Films"), await house.a_library("More")
        for title in ("Alien", "Heat", "Hud", "2001", "Ömer", "愛"):
            film = await house.an_item(films, title=title, genres=["Crime"] if title.startswith("H") else [])
            if title in {"Alien", "Hud", "愛"}:
                await house.a_watch_state(alice, film, is_watched=1, view_count=1)
        elsewhere = await house.an_item(other, title="Hugo")
        await house.a_watch_state(alice, elsewhere, is_watched=1, view_count=1)

        all_films = await house.browse.page(alice, films.library_id, Wish())
        left = await house.browse.page(alice, films.library_id, Wish(is_unwatched=True))
        of_genre = await house.browse.page(alice, films.library_id, Wish(is_unwatched=True, genre="Crime"))
        of_bob = await house.browse.page(bob, films.library_id, Wish(is_unwatched=True))

        assert (left.total_count, left.letters, left.letters_behind) == (3, {"#": 1, "H": 1, "O": 1}, 0)
        assert (of_genre.total_count, of_genre.letters) == (1, {"H": 1})
        assert (of_bob.total_count, of_bob.letters) == (6, all_films.letters)
        assert of_bob.letters_behind == all_films.letters_behind == 1


async def test_what_one_member_watched_another_has_not(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, bob = await house.a_member(), await house.a_member()
        films = await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.a_watch_state(alice, heat, is_watched=1, view_count=2, offset_ms=5000)

        hers = (await house.browse.page(alice, films.library_id, Wish())).items[0]
        his = (await house.browse.page(bob, films.library_id, Wish())).items[0]

        assert (hers.watched, hers.view_count, hers.view_offset) == (True, 2, 5000)
        assert hers.last_viewed_at == house.at_ms // 1000
        assert (his.watched, his.view_count, his.last_viewed_at) == (False, 0, None)


async def test_watched_sort_puts_the_last_viewed_first(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films, shows = await house.a_library(), await house.a_library("Shows", kind="show")
        for title, at in (("Old", 1000), ("New", 9000), ("Never", None)):
            film = await house.a_film(films, title)
            _, episodes = await house.a_series(shows, f"{title} show", {1: 2})
            if at is not None:
                await house.a_watch_state(alice, film, is_watched=1, last_viewed_at=at)
                await house.a_watch_state(alice, episodes[0], is_watched=1, last_viewed_at=at)

        assert titles(await house.browse.page(alice, films.library_id, Wish(sort="watched"))) == ["New", "Old", "Never"]
        assert titles(await house.browse.page(alice, shows.library_id, Wish(sort="watched"))) == [
            "New show",
            "Old show",
            "Never show",
        ]


async def test_show_counts_what_is_left_to_watch(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show")
        _, fargo = await house.a_series(shows, "Fargo", {1: 3, 2: 2})
        _, lost = await house.a_series(shows, "Lost", {1: 1})
        for episode in (fargo[0], fargo[1], lost[0]):
            await house.a_watch_state(alice, episode, is_watched=1)

        page = await house.browse.page(alice, shows.library_id, Wish())
        unwatched = await house.browse.page(alice, shows.library_id, Wish(is_unwatched=True))

        first, second = page.items
        assert (first.season_count, first.episode_count, first.unwatched_count, first.watched) == (2, 5, 3, False)
        assert (second.unwatched_count, second.watched) == (0, True)
        assert titles(unwatched) == ["Fargo"]


async def test_item_missing_for_a_month_leaves_lists_and_is_gone(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        old = await house.a_film(films, "Old", missing_since_at=house.at_ms - 31 * DAY_MS)
        await house.a_film(films, "New", missing_since_at=house.at_ms - 29 * DAY_MS)

        page = await house.browse.page(alice, films.library_id, Wish())

        assert titles(page) == ["New"]
        assert (await house.browse.libraries(alice)).libraries[0].item_count == 1
        with pytest.raises(NotFound):
            await house.browse.detail(alice, old.key)


@pytest.mark.parametrize(
    "facts",
    [{"missing_since_at": 1}, {"probe_error": "moov atom not found"}],
    ids=["file gone", "file broken"],
)
async def test_item_without_a_good_file_is_not_available(tmp_path: Path, facts: dict[str, Any]) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        item = await house.an_item(films, title="Heat")
        await house.a_file(films, item, **facts)

        page = await house.browse.page(alice, films.library_id, Wish())

        assert page.items[0].available is False


async def test_nothing_is_available_while_the_disk_is_away(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library(is_available=0)
        await house.a_film(films)

        page = await house.browse.page(alice, films.library_id, Wish())

        assert [item.available for item in page.items] == [False]


async def test_unknown_library_does_not_exist(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        folder = await house.a_library("Notes", kind="folder")

        for library_id in ("nonsense", folder.library_id):
            with pytest.raises(NotFound):
                await house.browse.page(alice, library_id, Wish())


async def test_episodes_added_together_are_one_entry(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows, films = await house.a_library("Shows", kind="show"), await house.a_library()
        show = await house.a_show(shows, "Fargo")
        season = await house.a_season(shows, show, 1)
        for number in range(1, 4):
            await house.an_episode(shows, season, number, added_at=house.at_ms + number * HOUR_MS)
        await house.an_episode(shows, season, 9, title="Late", added_at=house.at_ms + 9 * DAY_MS)
        await house.a_film(films, "Heat", added_at=house.at_ms + 5 * DAY_MS)

        of_library = await house.browse.recent(alice, shows.library_id, 20)
        everywhere = await house.browse.recent_everywhere(alice, 20, None)

        assert [(item.title, item.new_count) for item in of_library.items] == [("Late", msgspec.UNSET), ("Season 1", 3)]
        assert of_library.items[1].parent_title == "Fargo"
        assert titles(everywhere) == ["Late", "Heat", "Season 1"]


async def test_genres_merge_their_spellings(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        await house.an_item(films, genres=["Sci-Fi", "drama"])
        await house.an_item(films, genres=["Science Fiction", "Drama"])

        answer = await house.browse.genres(alice, None)

        assert [(one.name.lower(), one.count, one.types) for one in answer.genres] == [
            ("drama", 2, {"movie": 2}),
            ("science fiction", 2, {"movie": 2}),
        ]


async def test_changes_tell_what_became_different_since_a_cursor(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        await house.an_item(films)
        start = await house.browse.changes(alice, films.library_id, 0)
        heat = await house.an_item(films, title="Heat")

        after = await house.browse.changes(alice, films.library_id, start.cursor)
        again = await house.browse.changes(alice, films.library_id, after.cursor)

        assert after.changed == [heat.key]
        assert (again.changed, again.cursor, again.reset) == ([], after.cursor, False)


async def test_counts_are_remembered_until_the_library_changes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        await house.an_item(films, title="Heat")
        bus = EventBus()
        browse = Browse(house.db, WATCH_SQL, house.clock, bus=bus)
        totals = []

        for event in (None, None, ItemsChanged("another", 1), ItemsChanged(films.library_id, 1), LibrariesChanged()):
            bus.publish(event)
            totals.append((await browse.page(alice, films.library_id, Wish())).total_count)
            await house.an_item(films)

        assert totals == [1, 1, 1, 4, 5]


async def test_counting_that_was_overtaken_by_a_change_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        bus = EventBus()
        browse = Browse(house.db, WATCH_SQL, house.clock, bus=bus)
        count = browse._store.letters

        async def overtaken(*args: Any) -> dict[str, int]:
            letters = await count(*args)
            await house.an_item(films)
            bus.publish(ItemsChanged(films.library_id, 1))
            return letters

        with monkeypatch.context() as patched:
            patched.setattr(browse._store, "letters", overtaken)
            await browse.page(alice, films.library_id, Wish())

        assert (await browse.page(alice, films.library_id, Wish())).total_count == 1


async def test_too_many_changes_ask_for_a_fresh_start(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        async with house.db.write() as tx:
            await tx.many(
                "INSERT INTO item (rating_key, library_id, kind, identity_key, title, sort_title, letter, added_at,"
                " updated_at, stamp) VALUES (:key, :library, 'movie', :key, 'x', 'x', 'X', 0, 0, :stamp)",
                [{"key": f"k{n}", "library": films.library_id, "stamp": n + 1} for n in range(501)],
            )

        answer = await house.browse.changes(alice, films.library_id, 0)

        assert (answer.changed, answer.reset) == ([], True)


async def test_resolution_comes_from_the_best_file(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        item = await house.an_item(films)
        await house.a_file(films, item, probe=a_probe(width=720, height=576))
        await house.a_file(films, item, probe=a_probe(width=3840, height=1600), version="4K", version_index=1)

        page = await house.browse.page(alice, films.library_id, Wish())

        assert page.items[0].video_resolution == "4k"


async def test_folder_that_cannot_be_watched_is_told_to_administrators_with_its_reason(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        boss = await house.a_member(is_admin=True)
        await house.a_library(root="/films")
        async with house.db.write() as tx:
            await tx.run("UPDATE root SET watching = 'polling', watching_why = 'Its disk is on the network.'")

        (told,) = (await house.browse.libraries(boss)).libraries

        assert msgspec.to_builtins(told)["watching"] == [{"path": "/films", "why": "Its disk is on the network."}]


async def test_file_that_cannot_be_read_is_told_from_one_that_is_gone(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films = await house.a_library()
        await house.a_film(films, "Broken")
        await house.a_film(films, "Gone")
        async with house.db.write() as tx:
            await tx.run("UPDATE file SET probe_error = 'It ends too early.' WHERE path LIKE 'Broken%'")
            await tx.run("UPDATE file SET missing_since_at = 1 WHERE path LIKE 'Gone%'")

        page = await house.browse.page(alice, films.library_id, Wish())

        assert [(item.title, item.available, item.unreadable) for item in page.items] == [
            ("Broken", False, True),
            ("Gone", False, False),
        ]
