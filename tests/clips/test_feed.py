"""Which clips a page holds, in which order, held against a plain reckoning; and that no page walks over all clips."""

import itertools
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from homemedia.clips import feed_store
from homemedia.clips.feed_store import FEED, ORDERS, PAGES
from homemedia.core.db import Database
from homemedia.schema import migrate
from tests.support.builders import Builders, a_database
from tests.support.clips import a_clip

WATCH = "INSERT INTO clip_watch (clip_id, user_id, percent, watched_at) VALUES (:clip_id, :user_id, 5, :at)"
LIKE = "INSERT INTO clip_favorite (clip_id, user_id, created_at) VALUES (:clip_id, :user_id, :at)"
REACT = "INSERT INTO clip_reaction (clip_id, user_id, emoji, created_at) VALUES (:clip_id, :user_id, '👍', :at)"
ASIDE = "INSERT INTO clip_dismissal (clip_id, user_id, dismissed_at) VALUES (:clip_id, :user_id, :at)"
COMMENT = """
    INSERT INTO clip_comment (clip_comment_id, clip_id, user_id, text, created_at)
    VALUES (:comment_id, :clip_id, :user_id, 'so', :at)
"""
# Pages that cannot come from an index alone, each with its reason.
SORTED = {
    ("unwatched", "best"): "how warm a clip is changes with every word that is said of it; few are unwatched",
    **dict.fromkeys([("favorites", sort) for sort in ORDERS if sort != "latest"], "what somebody likes best is little"),
    ("uploads", "best"): "what one member sent in is little",
}

Row = dict[str, Any]
Key = Callable[[Row], Any]


class Shelf:
    """Clips as a plain list knows them, as one member sees them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def page(self, which: str, sort: str, viewer_id: str) -> list[str]:
        return [row["clip_id"] for row in self._sorted(self._chosen(which, viewer_id), sort)]

    def _chosen(self, which: str, viewer_id: str) -> list[Row]:
        ready = [row for row in self.rows if row["status"] == "ready"]
        match which:
            case "all":
                return [row for row in self.rows if row["status"] != "deleted"]
            case "uploads":
                return [row for row in self.rows if row["status"] != "deleted" and row["added_by"] == viewer_id]
            case "unwatched":
                return [row for row in ready if row["watched_at"] is None and not row["is_aside"]]
            case "watched":
                return [row | {"latest": row["watched_at"]} for row in ready if row["watched_at"] is not None]
            case _:
                return [row | {"latest": row["liked_at"]} for row in ready if row["liked_at"] is not None]

    def _sorted(self, rows: list[Row], sort: str) -> list[Row]:
        rows = sorted(rows, key=lambda row: (row["created_at"], row["clip_id"]))
        match sort:
            case "newest":
                rows.reverse()
            case "latest":
                rows.sort(key=lambda row: (row["latest"], row["clip_id"]), reverse=True)
            case "best":
                rows.sort(key=_warmth, reverse=True)
            case "round-robin":
                counts: dict[str, Iterator[int]] = {}
                turns = [next(counts.setdefault(row["added_by"], itertools.count())) for row in rows]
                order = sorted(range(len(rows)), key=lambda place: turns[place])
                rows = [rows[place] for place in order]
        return rows


def _warmth(row: Row) -> Any:
    views = -1 if row["source_view_count"] is None else row["source_view_count"]
    return row["heat"], views, row["created_at"], row["clip_id"]


async def a_full_shelf(db: Database, chance: random.Random) -> tuple[Shelf, str]:
    """Seventy clips of three members, as the first of them sees them."""
    house = Builders(db)
    members = [(await house.a_member(name)).user_id for name in ("ann", "ben", "cas")]
    viewer, shelf = members[0], Shelf()
    for number in range(70):
        row: Row = {
            "added_by": chance.choice([members[0], members[1], members[1], members[1], members[2]]),
            "status": chance.choices(["ready", "downloading", "failed", "deleted"], [8, 1, 1, 1])[0],
            # Some at the very same time.
            "created_at": chance.randrange(1, 60),
            "source_view_count": chance.choice([None, None, 5, 7]),
        }
        clip_id = await a_clip(db, **row)
        known: Row = {"clip_id": clip_id, "watched_at": None, "liked_at": None, "is_aside": False, "heat": 1}
        if row["added_by"] == viewer:
            known["watched_at"] = row["created_at"]
        async with db.write() as tx:
            for user_id in members:
                args: Row = {
                    "clip_id": clip_id,
                    "user_id": user_id,
                    "at": 1000 - number,
                    "comment_id": f"{number}{user_id}",
                }
                if user_id != row["added_by"] and chance.random() < 0.5:
                    await tx.run(WATCH, args)
                    known["heat"] += 1
                    if user_id == viewer:
                        known["watched_at"] = args["at"]
                for statement in (REACT, COMMENT):
                    if chance.random() < 0.3:
                        await tx.run(statement, args)
                        known["heat"] += 1
            args = {"clip_id": clip_id, "user_id": viewer, "at": 1000 - number}
            if chance.random() < 0.3:
                await tx.run(LIKE, args)
                known["liked_at"] = args["at"]
            if chance.random() < 0.1:
                await tx.run(ASIDE, args)
                known["is_aside"] = True
        shelf.rows.append(row | known)
    return shelf, viewer


@pytest.mark.parametrize("seed", range(3))
async def test_every_page_of_every_list_is_as_a_plain_reckoning_says(tmp_path: Path, seed: int) -> None:
    async with a_database(tmp_path) as db:
        shelf, viewer = await a_full_shelf(db, random.Random(seed))  # noqa: S311 - a story that can be told again
        for which, sort in PAGES:
            found: list[str] = []
            for offset in range(0, 80, 7):
                rows = await feed_store.page(db.read, viewer, which, sort, limit=7, offset=offset)
                found += [row.clip_id for row in rows]
            expected = "oldest" if (which, sort) == ("uploads", "round-robin") else sort
            assert found == shelf.page(which, expected, viewer), (which, sort)


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("schema")
    migrate(folder / "homemedia.db", folder / "backups")
    with closing(sqlite3.connect(folder / "homemedia.db")) as connection:
        yield connection


@pytest.mark.parametrize("which", PAGES, ids=str)
def test_page_comes_from_an_index_in_its_order(schema: sqlite3.Connection, which: tuple[Any, Any]) -> None:
    sql = FEED.format(clip_page=PAGES[which], clip_order=ORDERS[which[1]])
    args = {"viewer_id": "", "limit": 1, "offset": 0, "needed": 1}
    plan = [str(row[3]) for row in schema.execute(f"EXPLAIN QUERY PLAN {sql}", args)]
    page = plan[: next(place for place, line in enumerate(plan) if re.match(r"(SCAN|SEARCH) page\b", line))]

    walked = [line for line in page if re.match(r"SCAN clip(?!.* USING (COVERING )?INDEX)", line)]
    sorts = [line for line in page if "TEMP B-TREE" in line]

    assert not walked, plan
    # Whose turn it is, is reckoned for the few clips of each contributor that the page needs.
    assert bool(sorts) is (which in SORTED or (which[1] == "round-robin" and which[0] != "uploads")), plan
