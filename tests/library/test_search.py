"""Finding titles by words, against a real database."""

from pathlib import Path

import pytest

from homemedia.library.search import document, find, forget_items, index_items, read_query
from homemedia.library.search_store import Texts
from homemedia.library.visible import visible_to
from tests.support.builders import Builders, a_database


async def _titles(house: Builders, query: str, **more: str) -> list[str]:
    member = await house.a_member()
    hits = await find(house.db.read, visible_to(member, house.at_ms), query, **more)  # type: ignore[arg-type]
    rows = await house.db.read("SELECT item_id, title FROM item")
    names = {row["item_id"]: row["title"] for row in rows}
    return [names[item_id] for item_id, _ in hits.found]


FOUND = [
    ("heat", "Heat"),
    ("HEAT", "Heat"),
    ("spider man", "Spider-Man"),
    ("spider-man", "Spider-Man"),
    ("spiderman", "Spider-Man"),
    ("amazing spider man", "The Amazing Spiderman"),
    ("the matrix", "Matrix"),
    ("matrix", "Matrix"),
    ("dark knight", "The Dark Knight"),
    ("leon", "Léon"),
    ("léon", "Leon the Pig Farmer"),
    ("amelie", "Le Fabuleux Destin d'Amélie Poulain"),
    ("fabuleux amelie", "Le Fabuleux Destin d'Amélie Poulain"),
    ("grosse freiheit", "Große Freiheit"),
    ("große freiheit", "Große Freiheit"),
    ("interstelar", "Interstellar"),
    ("intersteler", "Interstellar"),
    ("alein", "Alien"),
    ("godfathr", "The Godfather"),
    ("千尋", "千と千尋の神隠し"),
    ("千", "千と千尋の神隠し"),
    ("heat 1995", "Heat"),
    ("blade runner 2049", "Blade Runner 2049"),
    ("blade runner 2017", "Blade Runner 2049"),
    ("ＨＥＡＴ", "Heat"),  # noqa: RUF001 - full-width letters are the case
    ("fast & furious", "Fast and Furious"),
    ("pacino", "Heat"),
    ("inter", "Interstellar"),
    ("mib", "MIB: Men in Black"),
    ("øre", "Øre"),
]
SHELF: list[tuple[str, int | None, list[str]]] = [
    ("Heat", 1995, ["Al Pacino"]),
    ("Spider-Man", 2002, []),
    ("The Amazing Spiderman", 2012, []),
    ("Matrix", 1999, []),
    ("The Dark Knight", 2008, []),
    ("Léon", 1994, []),
    ("Leon the Pig Farmer", 1992, []),
    ("Le Fabuleux Destin d'Amélie Poulain", 2001, []),
    ("Große Freiheit", 2021, []),
    ("Interstellar", 2014, []),
    ("Alien", 1979, []),
    ("The Godfather", 1972, []),
    ("千と千尋の神隠し", 2001, []),
    ("Blade Runner 2049", 2017, []),
    ("Blade Runner", 1982, []),
    ("Fast and Furious", 2009, []),
    ("MIB: Men in Black", 1997, []),
    ("Øre", 2010, []),
]


async def _shelf(house: Builders) -> None:
    films = await house.a_library()
    for title, year, cast in SHELF:
        await house.an_item(films, title=title, year=year, cast=cast)


async def test_titles_are_found_by_what_people_type(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        await _shelf(house)

        missed = [(query, title) for query, title in FOUND if title not in await _titles(house, query)]

        assert missed == []


@pytest.mark.parametrize(
    ("query", "first"),
    [("heat", "Heat"), ("leon", "Léon"), ("blade runner", "Blade Runner"), ("heat 1995", "Heat"), ("alien", "Alien")],
)
async def test_exact_title_comes_first(tmp_path: Path, query: str, first: str) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        await _shelf(house)
        films = await house.a_library("More")
        await house.an_item(films, title="Heather in the Heat", year=1995, rating=9.9)
        await house.an_item(films, title="Aliens", rating=9.9)

        assert (await _titles(house, query))[0] == first


async def test_whole_words_come_before_beginnings_and_those_before_mistakes(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library()
        for title in ("The Aliem", "My Aliens", "Our Alien", "Alien Nation", "Alien"):
            await house.an_item(films, title=title)

        assert await _titles(house, "alien") == ["Alien", "Alien Nation", "Our Alien", "My Aliens", "The Aliem"]


async def test_shows_come_before_episodes_of_the_same_name(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        shows = await house.a_library("Shows", kind="show")
        other, _ = await house.a_series(shows, "Elsewhere", {})
        season = await house.a_season(shows, other, 1)
        await house.an_episode(shows, season, 1, title="Lost", rating=9.9)
        await house.a_show(shows, "Lost")
        kinds = {row["item_id"]: row["kind"] for row in await db.read("SELECT item_id, kind FROM item")}
        member = await house.a_member()

        hits = await find(db.read, visible_to(member, house.at_ms), "lost")

        assert [kinds[item_id] for item_id, _ in hits.found] == ["show", "episode"]
        assert hits.total == 2


async def test_year_at_the_end_leaves_other_years_out(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library()
        await house.an_item(films, title="Dune", year=1984)
        await house.an_item(films, title="Dune", year=2021)

        assert len(await _titles(house, "dune")) == 2
        assert len(await _titles(house, "dune 2021")) == 1


async def test_item_that_is_gone_or_forgotten_is_not_found(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library()
        await house.an_item(films, title="Gone")
        kept = await house.an_item(films, title="Kept")
        async with db.write() as tx:
            await tx.run("DELETE FROM item WHERE title = 'Gone'")
            await forget_items(tx, [kept.item_id])

        assert await _titles(house, "gone") == []
        assert await _titles(house, "kept") == []


async def test_renamed_item_is_found_by_its_new_title_only(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library()
        item = await house.an_item(films, title="Working title")
        async with db.write() as tx:
            await tx.run("UPDATE item SET title = 'Sunrise' WHERE item_id = :id", {"id": item.item_id})
            await index_items(tx, [item.item_id])

        assert await _titles(house, "sunrise") == ["Sunrise"]
        assert await _titles(house, "working") == []


@pytest.mark.parametrize(
    "query", ['"', "AND", "heat OR", "NEAR(", "*", "-", "title:heat", "(((", "'; DROP", "\x00x", "NOT"]
)
async def test_no_query_is_taken_for_search_syntax(tmp_path: Path, query: str) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        await _shelf(house)

        assert isinstance(await _titles(house, query), list)


@pytest.mark.parametrize(
    "title",
    [
        "ต้มยำกุ้ง",
        "हिन्दी मीडियम",
        "பொன்னியின் செல்வன்",
        "ഭ്രമയുഗം",
        "မြန်မာ",
        "Шрек",
        "الرسالة",
        "기생충",
        "𞤀𞤣𞤤𞤢𞤥 🎬",
        "ꟊ\U0001e920x",
    ],
)
async def test_titles_of_every_script_are_found_whole_and_begun(tmp_path: Path, title: str) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films = await house.a_library()
        await house.an_item(films, title=title)

        assert await _titles(house, title) == [title]
        assert await _titles(house, title.split(maxsplit=1)[0][:3]) == [title]


async def test_kind_and_library_narrow_the_search(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        films, shows = await house.a_library(), await house.a_library("Shows", kind="show")
        await house.an_item(films, title="Fargo")
        await house.a_show(shows, "Fargo")

        assert len(await _titles(house, "fargo")) == 2
        assert len(await _titles(house, "fargo", kind="show")) == 1
        assert len(await _titles(house, "fargo", library_id=films.library_id)) == 1


def test_query_without_a_word_means_nothing() -> None:
    assert read_query("?! …") == []


def test_document_holds_the_title_with_and_without_its_article() -> None:
    known = document(Texts(1, "The Spider-Man", None, None, ()))

    assert known.keys == ("spiderman", "thespiderman")
    assert "spiderman" in known.other_titles
