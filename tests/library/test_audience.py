"""Every item's audience follows its rating, its labels and those above it, whoever writes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from homemedia.library.audience import catch_up
from homemedia.library.scan import items_store
from homemedia.library.scan.wanted import Wanted
from tests.support.builders import Builders, Item, a_database


async def audience(house: Builders, item: Item) -> tuple[str, int | None, list[str]]:
    """Rating, age and labels that count for an item."""
    rows = await house.db.read(
        "SELECT audience.rating, audience.age, (SELECT json_group_array(label) FROM"
        " (SELECT label FROM audience_label WHERE audience_label.audience_id = audience.audience_id ORDER BY label))"
        "  AS labels FROM item JOIN audience USING (audience_id) WHERE item_id = :id",
        {"id": item.item_id},
    )
    return rows[0]["rating"], rows[0]["age"], json.loads(rows[0]["labels"])


async def run(house: Builders, sql: str, **args: Any) -> None:
    async with house.db.write() as tx:
        await tx.run(sql, args)


async def test_film_has_its_own_rating_and_labels(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library("Films")
        plain = await house.an_item(films)
        rated = await house.an_item(films, content_rating="PG-13", labels=["Kids", "HORROR "])

        assert await audience(house, plain) == ("", None, [])
        assert await audience(house, rated) == ("pg-13", 13, ["horror", "kids"])


async def test_episode_inherits_from_season_and_show_and_its_own_rating_wins(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        shows = await house.a_library("Shows", kind="show")
        show = await house.a_show(shows, "Dark", content_rating="TV-MA", labels=["noir"])
        season = await house.a_season(shows, show, 1, labels=["winter"])
        episode = await house.an_episode(shows, season, 1)
        mild = await house.an_episode(shows, season, 2, content_rating="TV-PG", labels=["mild"])
        extra = await house.an_item(shows, kind="extra", parent=show)

        assert await audience(house, episode) == ("tv-ma", 17, ["noir", "winter"])
        assert await audience(house, mild) == ("tv-pg", 10, ["mild", "noir", "winter"])
        assert await audience(house, extra) == ("tv-ma", 17, ["noir"])


async def test_label_of_a_show_reaches_its_episodes_in_the_same_transaction(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        shows = await house.a_library("Shows", kind="show")
        show, (episode,) = await house.a_series(shows, "Dark", {1: 1})
        put = (
            "INSERT INTO item_label (item_id, kind, value_key, value) VALUES (:id, :kind, :value, :value)"
            " ON CONFLICT DO NOTHING"
        )

        await run(house, put, id=show.item_id, kind="label", value="Horror")
        labelled = await audience(house, episode)
        await run(house, put, id=show.item_id, kind="genre", value="Western")
        genre = await audience(house, episode)
        await run(house, "UPDATE item_label SET value = 'Gore' WHERE item_id = :id AND kind = 'label'", id=show.item_id)
        renamed = await audience(house, episode)
        await run(house, "DELETE FROM item_label WHERE item_id = :id", id=show.item_id)

        assert labelled == genre == ("", None, ["horror"])
        assert renamed == ("", None, ["gore"])
        assert await audience(house, episode) == ("", None, [])


async def test_rating_given_taken_and_inherited_again(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        shows = await house.a_library("Shows", kind="show")
        show, (episode,) = await house.a_series(shows, "Dark", {1: 1})
        rate = "UPDATE item SET content_rating = :rating WHERE item_id = :id"

        await run(house, rate, id=show.item_id, rating="R")
        inherited = await audience(house, episode)
        await run(house, rate, id=episode.item_id, rating="unheard of")
        own = await audience(house, episode)
        await run(house, rate, id=episode.item_id, rating=None)
        again = await audience(house, episode)
        await run(house, rate, id=show.item_id, rating=None)

        assert inherited == again == ("r", 17, [])
        assert own == ("unheard of", None, [])
        assert await audience(house, episode) == ("", None, [])


async def test_season_that_moves_to_another_show_takes_its_episodes_along(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        shows = await house.a_library("Shows", kind="show")
        mild = await house.a_show(shows, "Mild", content_rating="TV-Y")
        harsh = await house.a_show(shows, "Harsh", content_rating="TV-MA", labels=["gore"])
        season = await house.a_season(shows, mild, 1)
        episode = await house.an_episode(shows, season, 1)

        await run(house, "UPDATE item SET parent_id = :to WHERE item_id = :id", id=season.item_id, to=harsh.item_id)

        assert await audience(house, episode) == ("tv-ma", 17, ["gore"])


async def test_rating_is_read_in_the_country_of_the_library_it_lies_in(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library("Films", options='{"country": "GB"}')
        others = await house.a_library("Others", options='{"country": "AU"}')
        film = await house.an_item(films, content_rating="PG")

        british = await audience(house, film)
        await run(
            house, """UPDATE library SET options = '{"country": "CA"}' WHERE library_id = :id""", id=films.library_id
        )
        rows = await db.read("SELECT country FROM audience JOIN item USING (audience_id)")
        canadian = await audience(house, film)
        await run(house, "UPDATE item SET library_id = :to WHERE item_id = :id", id=film.item_id, to=others.library_id)

        assert (british, canadian) == (("pg", 8, []), ("pg", 8, []))
        assert [row["country"] for row in rows] == ["ca"]
        assert await audience(house, film) == ("pg", 15, [])


async def test_deleted_items_leave_nothing_to_settle(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library("Films")
        film = await house.an_item(films, content_rating="R", labels=["gone"])

        await run(house, "DELETE FROM item WHERE item_id = :id", id=film.item_id)

        assert await db.read("SELECT item_id FROM audience_due") == []


async def test_transaction_that_fails_leaves_audiences_as_they_were(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library("Films")
        film = await house.an_item(films, content_rating="G")

        with pytest.raises(ValueError, match="no"):
            async with db.write() as tx:
                await tx.run("UPDATE item SET content_rating = 'X' WHERE item_id = :id", {"id": film.item_id})
                raise ValueError("no")

        assert await audience(house, film) == ("g", 0, [])
        assert await db.read("SELECT item_id FROM audience_due") == []


async def test_ages_are_read_anew_at_the_start(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library("Films")
        film = await house.an_item(films, content_rating="PG-13")
        await run(house, "UPDATE audience SET age = NULL")

        await catch_up(db)

        assert await audience(house, film) == ("pg-13", 13, [])


async def test_items_of_one_audience_share_it(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library("Films")
        for _ in range(3):
            await house.an_item(films, content_rating="R", labels=["b", "A"])

        assert len(await db.read("SELECT DISTINCT audience_id FROM item")) == 1
        assert len(await db.read("SELECT audience_id FROM audience")) == 2, "theirs, and that of what says nothing"


async def test_new_episode_of_a_labelled_show_inherits_when_a_scan_makes_it(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        shows = await house.a_library("Shows", kind="show")
        show = await house.a_show(shows, "Dark", content_rating="TV-MA", labels=["gore"])
        season = await house.a_season(shows, show, 1)
        setting = items_store.Setting(
            library_id=shows.library_id, library_kind="show", language="en", now=house.at_ms, stamp=1
        )
        wanted = Wanted(kind="episode", keys=("show/dark/s1/e9",), title="New", parent=0, number=9, files=())
        births = [items_store.Birth(wanted=wanted, place=1, added_at=house.at_ms)]
        places = {0: season.item_id}

        async with db.write() as tx:
            await tx.call(lambda connection: items_store.apply(connection, setting, births, [], places))

        made = Item(places[1], "", shows.library_id, "episode", "New", "")
        assert await audience(house, made) == ("tv-ma", 17, ["gore"])
