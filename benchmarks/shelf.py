"""A large house made in the database alone: films, shows, music, people, ratings, labels, what was watched.

It stands for a library that was scanned and described long ago; nothing on a disk lies behind it.
"""

import random
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.words import titles, words
from homemedia.accounts.passwords import Passwords
from homemedia.core.db import Database
from homemedia.core.ids import new_rating_key
from homemedia.core.places import Places
from homemedia.library.audience import keep_audiences
from homemedia.library.naming.normal import normalise
from homemedia.library.naming.sorting import letter, sort_title
from homemedia.library.search import index_items
from homemedia.schema import migrate
from tests.support.builders import Builders, Library

PASSWORD = "correct horse"
RATINGS = (None, "G", "PG", "PG-13", "R", "NC-17", "TV-MA", "TV-Y7", "FSK-16", "NR")
LABELS = ("Kids", "Horror", "Favourite", "Seen in the cinema", "4K")
EPISODES_IN_SEASON, SEASONS = 20, 5
TRACKS_ON_ALBUM, ALBUMS = 10, 4
BATCH = 2000
ITEM = (
    *("item_id", "rating_key", "library_id", "parent_id", "kind", "identity_key", "title", "sort_title", "letter"),
    *("year", "number", "parent_number", "summary", "duration_ms", "content_rating", "thumb_tag", "thumb_kind"),
    *("added_at", "updated_at"),
)


class Shelf(msgspec.Struct, frozen=True):
    """What was made: ids of the libraries, and the titles in them."""

    films: str
    shows: str
    music: str
    titles: tuple[str, ...]


class Maker:
    def __init__(self, house: Builders) -> None:
        self._house = house
        self._next = 900_000_000  # beyond the films, which count in millions
        self._chance = random.Random(7)
        self._rows: list[dict[str, Any]] = []

    def item(self, library: Library, kind: str, title: str, parent: int | None, **more: Any) -> int:
        self._next += 1
        by = sort_title(title, "en")
        row = dict.fromkeys(ITEM) | {
            "item_id": self._next,
            "rating_key": new_rating_key(),
            "library_id": library.library_id,
            "parent_id": parent,
            "kind": kind,
            "identity_key": f"{kind}:{self._next}",
            "title": title,
            "sort_title": by,
            "letter": letter(by),
            "added_at": self._house.at_ms - self._chance.randrange(10**10),
            "updated_at": self._house.at_ms,
        }
        self._rows.append(row | more)
        return self._next

    async def write(self, library: Library) -> None:
        rows, self._rows = self._rows, []
        names, marks = ", ".join(ITEM), ", ".join(f":{name}" for name in ITEM)
        probe = msgspec.msgpack.encode(None)
        for at in range(0, len(rows), BATCH):
            some = rows[at : at + BATCH]
            leaves = [
                {**row, "root_id": library.root_id, "folder_id": library.folder_id, "probe": probe}
                for row in some
                if row["kind"] in {"episode", "track"}
            ]
            async with self._house.db.write() as tx:
                await tx.many(f"INSERT INTO item ({names}) VALUES ({marks})", some)
                await tx.many(
                    "INSERT INTO file (file_id, root_id, folder_id, path, size_bytes, mtime_ns, inode, kind,"
                    " container, duration_ms, probed_at, added_at) VALUES (:item_id, :root_id, :folder_id, :rating_key,"
                    " 1, 1, :item_id, 'video', 'mkv', :duration_ms, 1, :added_at)",
                    leaves,
                )
                await tx.many("INSERT INTO item_file (item_id, file_id) VALUES (:item_id, :item_id)", leaves)
                await index_items(tx, [row["item_id"] for row in some])


async def fill(folder: Path, *, films: int, episodes: int, tracks: int) -> Shelf:
    """Make a house in `folder`, with an administrator `admin` and a member `child`."""
    places = Places(data_dir=folder, transcode_dir=folder / "transcode")
    places.make()
    migrate(places.database, places.backup_dir)
    db = await Database.open(places.database)
    keep_audiences(db)
    house = Builders(db)
    try:
        return await _fill(house, films, episodes, tracks)
    finally:
        await db.close()


async def _fill(house: Builders, films: int, episodes: int, tracks: int) -> Shelf:
    libraries = [
        await house.a_library(name, kind=kind, root=f"/made-up/{kind}")
        for name, kind in (("Films", "movie"), ("Shows", "show"), ("Music", "music"))
    ]
    film_shelf, show_shelf, music_shelf = libraries
    people = [f"{a.title()} {b.title()}" for a, b in zip(words(9000), reversed(words(9000)), strict=True)]
    shelf = titles(films)
    for at in range(0, films, BATCH):
        await house.many_films(film_shelf, shelf[at : at + BATCH], people=people)
    maker = Maker(house)
    names = iter(titles(episodes + tracks + 20_000, seed=11))
    for _ in range(episodes // (EPISODES_IN_SEASON * SEASONS)):
        show = maker.item(show_shelf, "show", next(names), None, year=2001, thumb_tag="x", thumb_kind="poster")
        for number in range(1, SEASONS + 1):
            season = maker.item(show_shelf, "season", f"Season {number}", show, number=number)
            for episode in range(1, EPISODES_IN_SEASON + 1):
                maker.item(
                    show_shelf,
                    "episode",
                    next(names),
                    season,
                    number=episode,
                    parent_number=number,
                    duration_ms=2_700_000,
                    summary="What happens in it. " * 10,
                )
    await maker.write(show_shelf)
    for _ in range(tracks // (TRACKS_ON_ALBUM * ALBUMS)):
        artist = maker.item(music_shelf, "artist", next(names), None)
        for number in range(ALBUMS):
            album = maker.item(music_shelf, "album", next(names), artist, year=1990 + number)
            for track in range(1, TRACKS_ON_ALBUM + 1):
                maker.item(music_shelf, "track", next(names), album, number=track, duration_ms=200_000)
    await maker.write(music_shelf)
    await _describe(house, film_shelf)
    passwords = Passwords()
    hashed = await passwords.hash(PASSWORD)
    await passwords.close()
    for name, is_admin in (("admin", True), ("child", False)):
        member = await house.a_member(name, is_admin=is_admin, password_hash=hashed)
        async with house.db.write() as tx:
            await tx.run(
                "INSERT INTO watch_state (user_id, identity_key, offset_ms, duration_ms, is_watched, view_count,"
                " last_viewed_at) SELECT :user, identity_key, item_id % 3 * 600000, duration_ms, item_id % 3 = 0, 1,"
                " :now - item_id % 1000003 * 1000 FROM item"
                " WHERE kind IN ('movie', 'episode', 'track') AND item_id % 40 = 0",
                {"user": member.user_id, "now": house.at_ms},
            )
    return Shelf(film_shelf.library_id, show_shelf.library_id, music_shelf.library_id, tuple(shelf))


async def _describe(house: Builders, films: Library) -> None:
    """Ratings and labels over everything, as people and NFO files leave them: a show's for its episodes."""
    cases = " ".join(f"WHEN {at} THEN {_quoted(rating)}" for at, rating in enumerate(RATINGS))
    async with house.db.write() as tx:
        await tx.run(
            "UPDATE item SET art_tag = 'x', collection = 'Set ' || (item_id / 12 % 900),"
            f" content_rating = CASE item_id / 7 % {len(RATINGS)} {cases} END"
            " WHERE kind IN ('movie', 'show')"
        )
    async with house.db.write() as tx:
        for at, label in enumerate(LABELS):
            await tx.run(
                "INSERT INTO item_label (item_id, kind, value_key, value)"
                " SELECT item_id, 'label', :key, :label FROM item"
                " WHERE kind IN ('movie', 'show') AND item_id % 19 = :at",
                {"key": normalise(label), "label": label, "at": at},
            )
        await tx.run(
            "INSERT INTO item_label (item_id, kind, value_key, value) SELECT item_id, 'collection',"
            " lower(collection), collection FROM item WHERE library_id = :id AND kind = 'movie'",
            {"id": films.library_id},
        )


def _quoted(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def one(database: Path, sql: str, args: Mapping[str, object] | None = None) -> Iterable[Any]:
    """The first row of a query, asked beside the server."""
    with sqlite3.connect(database) as connection:
        row: Iterable[Any] = connection.execute(sql, args or {}).fetchone()
        return row
