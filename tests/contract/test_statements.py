"""Every statement of every store prepares on the migrated schema, and none walks a whole table that grows with a house.

A statement is an UPPER_CASE constant in a module named `store` or `…_store`, or in `core`. What stands in its braces is
set in from `FRAGMENTS`; exceptions are listed below, each with its reason.
"""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import homemedia
from homemedia.clips.feed_store import ORDERS as CLIP_ORDERS
from homemedia.clips.feed_store import PAGES as CLIP_PAGES
from homemedia.library.browse_store import CARD_COLUMNS, CARD_JOINS, FILTERS, LETTERS, LETTERS_WATCHED, ORDERS, PAGE
from homemedia.library.visible import (
    GRANTED_LIBRARY_SQL,
    GRANTED_LIMITED_SQL,
    GRANTED_SQL,
    ITEM_SQL,
    LIBRARY_SQL,
)
from homemedia.photos.filters import Scope, Wanted, conditions
from homemedia.photos.linked_store import ORDERS as LINK_ORDERS
from homemedia.photos.timeline_store import CREATED_MONTH
from homemedia.photos.timeline_store import IN_MONTH as PHOTOS_IN_MONTH
from homemedia.photos.visible import ALBUMS_SQL, READ_SQL
from homemedia.playback.hubs_store import UNTOUCHED
from homemedia.playback.store import WATCH_SQL, in_progress_sql
from homemedia.schema import migrate

GROWING = ("item", "file", "watch_state")
VERBS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE)\b")

# Statements that may walk a whole table, or all of an index of it.
MAY_SCAN = {
    "homemedia.library.totals_store.ITEMS": "counts everything there is, from an index alone",
}
# Stores whose statements go down from shows to seasons and episodes.
BELOW_SHOWS = ("homemedia.library.browse_store", "homemedia.playback")
# Constants that begin like a statement and are the beginning of several.
NO_STATEMENTS = {"homemedia.library.metadata.store.WITH_PARENTS"}
# Whole modules whose statements read items for nobody to look at: they keep the library, or serve administrators alone.
KEEPERS = {
    "homemedia.library.scan.": "what lies on the disks, whoever may see it",
    "homemedia.library.metadata.": "reads and writes what sources say of items",
    "homemedia.library.artwork.music_store.": "finds and makes the pictures of artists and albums",
    "homemedia.library.tmdb.": "asks for and writes what TMDb says of items; its routes are for administrators",
    "homemedia.library.editing.": "administrators change items, and are never restricted",
    "homemedia.library.audience_store.": "decides what can be seen at all",
}
# Statements that read items and need not ask who looks, each with its reason.
FOR_NOBODY = {
    "homemedia.library.browse_store.ART_OF": "pictures of items that another statement chose as visible",
    "homemedia.library.browse_store.LAST_ITEM": "a number to begin with, of no item",
    "homemedia.library.artwork.store.BORROWING": "gives shows the pictures of their episodes",
    "homemedia.library.artwork.store.CHILDREN": "hands a picture down",
    "homemedia.library.artwork.store.SHOWN": "what is written of pictures",
    "homemedia.library.artwork.store.SOURCE_FILE": "makes pictures",
    "homemedia.library.artwork.store.UNSEEN": "makes pictures",
    "homemedia.library.artwork.store.WANTING": "makes pictures",
    "homemedia.library.artwork.store.WANTING_FIRST_EPISODES": "makes pictures",
    "homemedia.library.libraries_store.ITEMS": "removes a library",
    "homemedia.library.libraries_store.RATING_KEYS": "removes a library",
    "homemedia.library.search_store.TEXTS": "builds the index",
    "homemedia.library.shared_targets_store.ITEMS": "what sharing tells to who gave or was given it",
    "homemedia.playback.store.SHARING": "who watched a file has seen all that it holds",
    "homemedia.playback.store.TRACKS": "the member's own choice, for an item he was shown",
}
READS_ITEMS = re.compile(r"\b(?:FROM|JOIN)\s+item\b")
# Orders no index can give.
SORTED_IN_MEMORY = {
    "watched": "the order is the member's own: it lies in watch_state, which most items have no row in",
    "watched_show": "as watched, over the episodes of each show",
    "random": "another order every day cannot be kept",
}

WATCH = {
    "watch_join": WATCH_SQL.join,
    "is_watched": WATCH_SQL.is_watched,
    "is_started": WATCH_SQL.is_started,
    "is_hidden": WATCH_SQL.is_hidden,
    "offset_ms": WATCH_SQL.offset_ms,
    "view_count": WATCH_SQL.view_count,
    "last_viewed_at": WATCH_SQL.last_viewed_at,
    "is_listed": WATCH_SQL.is_listed,
    "watched_items": WATCH_SQL.watched_items,
}
PHOTOS = conditions(
    Wanted(is_favorite=True, city="", description="", tag_ids=[""], person_ids=[""], bounds=(0, 0, 1, 1)),
    Scope(viewer_id="", partner_ids=[""]),
)
# What a placeholder may stand for; a new one is entered here with real fragments of our own code.
FRAGMENTS = {
    **WATCH,
    "visible": ITEM_SQL,
    "library_visible": LIBRARY_SQL,
    "card": CARD_COLUMNS.format(**WATCH),
    "card_joins": CARD_JOINS.format(**WATCH),
    "order": ORDERS["title"]["asc"],
    "filters": "",
    "filter_joins": "",
    "in_progress": in_progress_sql(),
    "untouched": UNTOUCHED.format(**WATCH),
    "photo_visible": READ_SQL,
    "photo_source": PHOTOS.source,
    "photo_filters": PHOTOS.where,
    "photo_order": "photo.taken_at DESC, photo.photo_id",
    "link_order": LINK_ORDERS["added_at"],
    "album_grants": ALBUMS_SQL,
    "column": "photo_exif.city",
    "said": "photo_exif.city = :city",
    "month": CREATED_MONTH,
    "in_month": PHOTOS_IN_MONTH["createdAt"],
    "clip_page": CLIP_PAGES["unwatched", "round-robin"],
    "clip_order": CLIP_ORDERS["round-robin"],
}


class Anything(dict[str, Any]):
    """Binds NULL to whatever a statement names."""

    def __missing__(self, key: str) -> None:
        return None


def constants() -> Iterator[tuple[str, str]]:
    """(dotted name, SQL) of every statement in the package."""
    for module in pkgutil.walk_packages(homemedia.__path__, "homemedia."):
        last = module.name.rsplit(".", 1)[-1]
        if not (last == "store" or last.endswith("_store") or module.name.startswith("homemedia.core.")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            # What begins with an underscore is a part of others, and proved with them.
            if name.isupper() and name[0] != "_" and isinstance(value, str) and VERBS.match(value):
                yield f"{module.name}.{name}", value


STATEMENTS = {name: sql for name, sql in constants() if name not in NO_STATEMENTS}


def placeholders(sql: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sql) if name}


def filled(sql: str, **more: str) -> str:
    unknown = placeholders(sql) - set(FRAGMENTS)
    assert not unknown, f"say in FRAGMENTS what {sorted(unknown)} may stand for"
    return sql.format(**(FRAGMENTS | more))


GRANTED = {"visible": GRANTED_SQL, "library_visible": GRANTED_LIBRARY_SQL}
LIMITED = {"visible": GRANTED_LIMITED_SQL, "library_visible": GRANTED_LIBRARY_SQL}
SOMEBODY = {"nobody in particular": {}, "a member": GRANTED, "a member with limits": LIMITED}


def names_of(table: str, sql: str) -> set[str]:
    """What a table is called in a statement's plan."""
    called = re.findall(rf"\b(?:FROM|JOIN|UPDATE|INTO)\s+{table}\b(?:\s+AS\s+(\w+))?", sql)
    return {alias or table for alias in called}


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder: Path = tmp_path_factory.mktemp("schema")
    migrate(folder / "homemedia.db", folder / "backups")
    with closing(sqlite3.connect(folder / "homemedia.db")) as connection:
        yield connection


def plan(schema: sqlite3.Connection, sql: str) -> list[str]:
    return [str(row[3]) for row in schema.execute(f"EXPLAIN QUERY PLAN {sql}", Anything())]


def scans(schema: sqlite3.Connection, sql: str) -> list[str]:
    """Lines of the plan that walk all of a growing table."""
    growing = {name for table in GROWING for name in names_of(table, sql)}
    return [
        line
        for line in plan(schema, sql)
        if (match := re.match(r"SCAN (\w+)", line)) is not None and match[1] in growing
    ]


def test_statements_were_found() -> None:
    assert len(STATEMENTS) > 50


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_statement_prepares_and_walks_no_growing_table(schema: sqlite3.Connection, name: str) -> None:
    sql = filled(STATEMENTS[name])

    found = scans(schema, sql)

    assert bool(found) is (name in MAY_SCAN), f"{name}: {found or 'no longer scans: take it off MAY_SCAN'}"


@pytest.mark.parametrize("who", ["a member", "a member with limits"])
@pytest.mark.parametrize("name", sorted(name for name, sql in STATEMENTS.items() if "visible}" in sql))
def test_statement_prepares_for_a_member(schema: sqlite3.Connection, name: str, who: str) -> None:
    found = scans(schema, filled(STATEMENTS[name], **SOMEBODY[who]))

    assert not found or name in MAY_SCAN, f"{name}: {found}"


def test_whatever_reads_items_asks_who_may_see_them() -> None:
    unasked = {
        name
        for name, sql in STATEMENTS.items()
        if sql.lstrip().startswith(("SELECT", "WITH")) and READS_ITEMS.search(sql) and "{visible}" not in sql
    }

    for_nobody = {name for name in unasked if not name.startswith(tuple(KEEPERS))}

    assert for_nobody == set(FOR_NOBODY), "set {visible} in, or say why nobody looks"


def test_statistics_of_a_house_with_films_alone_mislead_nobody(tmp_path: Path) -> None:
    migrate(tmp_path / "homemedia.db", tmp_path / "backups")
    with closing(sqlite3.connect(tmp_path / "homemedia.db")) as films:
        films.execute(
            "INSERT INTO library (library_id, kind, name, name_key, language, position, options, created_at)"
            " VALUES ('l', 'movie', 'Films', 'films', 'en', 0, '{}', 0)"
        )
        films.executemany(
            "INSERT INTO item (rating_key, library_id, kind, identity_key, title, sort_title, letter, added_at,"
            " updated_at) VALUES (:key, 'l', 'movie', :key, :key, :key, 'A', 0, 0)",
            [{"key": str(number)} for number in range(1000)],
        )
        films.execute("ANALYZE")
        misled = {
            name: lines
            for name, sql in STATEMENTS.items()
            if name.startswith(BELOW_SHOWS)
            and (lines := [line for line in plan(films, filled(sql)) if re.search(r"AUTOMATIC|^SCAN season", line)])
        }

        assert misled == {}


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_every_offered_order_has_an_index(schema: sqlite3.Connection, sort: str, order: str) -> None:
    by = ORDERS[sort][order].format(**WATCH)
    joins = WATCH_SQL.join if sort == "watched" else ""

    steps = plan(schema, filled(PAGE, card="item.item_id", card_joins="", order=by, filter_joins=joins))

    sorts = [line for line in steps if "TEMP B-TREE" in line]
    assert bool(sorts) is (sort in SORTED_IN_MEMORY), (sorts, steps)
    assert not [line for line in steps if line.startswith("SCAN item")], steps


def test_counting_reads_an_index_alone(schema: sqlite3.Connection) -> None:
    steps = plan(schema, filled(LETTERS))

    assert all("COVERING INDEX" in line for line in steps if "item" in line), steps
    assert not [line for line in steps if "TEMP B-TREE" in line], steps


@pytest.mark.parametrize("who", sorted(SOMEBODY))
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", sorted(ORDERS))
@pytest.mark.parametrize("name", [*sorted(FILTERS), "all together"])
def test_every_filter_goes_with_every_order(
    schema: sqlite3.Connection, name: str, sort: str, order: str, who: str
) -> None:
    conditions = " ".join(FILTERS.values()) if name == "all together" else FILTERS[name]

    steps = plan(
        schema,
        filled(
            PAGE,
            **SOMEBODY[who],
            order=ORDERS[sort][order].format(**WATCH),
            filters=conditions.format(**WATCH),
            filter_joins=WATCH_SQL.join,
        ),
    )

    assert not [line for line in steps if re.match(r"SCAN (item|leaf|branch|file|watch)\b", line)], steps
    assert not [line for line in steps if "AUTOMATIC" in line], steps


@pytest.mark.parametrize("counting", [LETTERS, LETTERS_WATCHED], ids=["all", "watched"])
@pytest.mark.parametrize("name", sorted(set(FILTERS) - {"unwatched"}))
def test_every_filter_counts_without_sorting(schema: sqlite3.Connection, name: str, counting: str) -> None:
    for more in SOMEBODY.values():
        steps = plan(schema, filled(counting, **more, filters=FILTERS[name].format(**WATCH)))

        assert not [line for line in steps if re.match(r"SCAN (item|leaf|branch|file|watch)\b", line)], steps


@pytest.mark.parametrize("who", sorted(SOMEBODY))
@pytest.mark.parametrize("sort", sorted(set(ORDERS) - set(SORTED_IN_MEMORY)))
def test_page_is_chosen_from_an_index_alone(schema: sqlite3.Connection, sort: str, who: str) -> None:
    steps = plan(
        schema,
        filled(PAGE, **SOMEBODY[who], card="item.item_id", card_joins="", order=ORDERS[sort]["asc"].format(**WATCH)),
    )

    assert any("item USING COVERING INDEX" in line for line in steps), steps
