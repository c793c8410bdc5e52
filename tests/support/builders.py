"""Valid things in a migrated database, one line each; a test names only what matters to it.

    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice = await house.a_member("alice")
        films = await house.a_library("Films")
        heat = await house.an_item(films, title="Heat", year=1995, genres=["Crime"])
        await house.a_file(films, heat, path="Heat (1995).mkv", duration_ms=10_200_000)

What a builder makes is indexed for search, as the scanner does it. Titles, names and files are made up where not given.
"""

import contextlib
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from homemedia.accounts import Member, MemberState
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_rating_key, new_uuid
from homemedia.library.audience import keep_audiences
from homemedia.library.naming.normal import normalise
from homemedia.library.naming.sorting import letter, sort_title
from homemedia.library.search import index_items
from homemedia.media import AudioStream, Probe, SubtitleStream, VideoStream
from tests.support.ready import migrated

NEW_YEAR = 1_767_225_600_000  # 2026-01-01 00:00 UTC in ms, where a FakeClock starts
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class Library(msgspec.Struct, frozen=True):
    library_id: str
    kind: str
    name: str
    root_id: int
    folder_id: int
    root: str


class Item(msgspec.Struct, frozen=True):
    item_id: int
    key: str
    library_id: str
    kind: str
    title: str
    identity_key: str


class File(msgspec.Struct, frozen=True):
    file_id: int
    path: str


@contextlib.asynccontextmanager
async def a_database(folder: Path, *, clock: Clock | None = None) -> AsyncIterator[Database]:
    """A real database file in `folder`, migrated and open."""
    path = migrated(folder / "homemedia.db")
    db = await Database.open(path, clock=clock)
    keep_audiences(db)
    try:
        yield db
    finally:
        await db.close()


def a_probe(
    *,
    container: str = "mkv",
    codec: str = "h264",
    audio_codec: str = "aac",
    width: int = 1920,
    height: int = 1080,
    duration_ms: int | None = 7_200_000,
    **more: Any,
) -> Probe:
    """What the media worker would say of an ordinary film."""
    facts: dict[str, Any] = {
        "container": container,
        "duration_ms": duration_ms,
        "bitrate": 9_000_000,
        "size_bytes": 1_000_000,
        "video": (VideoStream(track=0, codec=codec, width=width, height=height, default=True),),
        "audio": (AudioStream(track=1, codec=audio_codec, channels=2, sample_rate=48000, language="en", default=True),),
        "subtitles": (SubtitleStream(track=2, format="srt", text=True, language="en"),),
    }
    return Probe(**(facts | more))


A_HOUSEHOLD = """
    INSERT OR IGNORE INTO household (only, household_id, name, machine_id, created_at)
    VALUES (1, 'house', 'House', 'machine', 0)
"""

# What a new library is granted to; put in by hand, so that no event of it comes among those a test looks at.
OPENED = """
    INSERT INTO share (share_id, origin, owner_id, created_by, target_type, target_id, recipient_type, recipient_id,
                       permissions, created_at, updated_at)
    VALUES ('open-' || :library_id, 'system', 'house', 'house', 'library', :library_id, 'group',
            (SELECT household_id FROM household), 163, :at_ms, :at_ms)
"""


class Builders:
    """Makes things in one database; everything is committed when the call returns."""

    def __init__(self, db: Database, *, at_ms: int = NEW_YEAR) -> None:
        self.db = db
        self.at_ms = at_ms
        self._numbers = itertools.count(1)
        self._kinds: dict[str, str] = {}

    async def insert(self, table: str, values: Mapping[str, object]) -> int:
        """A row of any table; its rowid."""
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        async with self.db.write() as tx:
            await tx.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608 - names from tests
            rows = await tx.rows("SELECT last_insert_rowid() AS id")
            return int(rows[0]["id"])

    async def a_member(self, username: str | None = None, *, is_admin: bool = False, **more: Any) -> Member:
        """An active member, as the guard would hand him in."""
        username = username or f"member{next(self._numbers)}"
        facts: dict[str, Any] = {
            "user_id": new_uuid(),
            "username": username,
            "username_key": username.casefold(),
            "display_name": username.title(),
            "email": None,
            "is_admin": int(is_admin),
            "created_at": self.at_ms,
        } | more
        await self.insert("user", facts)
        return Member(
            user_id=facts["user_id"],
            username=username,
            display_name=facts["display_name"],
            email=facts["email"],
            is_admin=is_admin,
            state=MemberState(facts.get("state", "active")),
            sees_all_libraries=bool(facts.get("sees_all_libraries", 1)),
            session_id="",
            created_at=facts["created_at"],
            last_seen_at=None,
            expires_at=None,
            has_password=False,
        )

    async def a_library(
        self, name: str = "Films", *, kind: str = "movie", root: str | Path | None = None, **more: Any
    ) -> Library:
        """A library with one folder; `root` need not exist unless the test reads from it."""
        number = next(self._numbers)
        library_id = new_uuid()
        path = str(root) if root is not None else f"/made-up/{number}"
        facts = {
            "library_id": library_id,
            "kind": kind,
            "name": name,
            "name_key": name.casefold(),
            "language": "en",
            "position": number,
            "options": "{}",
            "created_at": self.at_ms,
        }
        await self.insert("library", facts | more)
        async with self.db.write() as tx:
            await tx.run(A_HOUSEHOLD)
            await tx.run(OPENED, {"library_id": library_id, "at_ms": self.at_ms})
        root_id = await self.insert("root", {"library_id": library_id, "path": path})
        folder_id = await self.insert("folder", {"root_id": root_id, "path": ""})
        self._kinds[library_id] = kind
        return Library(library_id, kind, name, root_id, folder_id, path)

    async def an_item(
        self,
        library: Library,
        *,
        title: str | None = None,
        kind: str | None = None,
        parent: Item | None = None,
        genres: Sequence[str] = (),
        labels: Sequence[str] = (),
        cast: Sequence[str] = (),
        directors: Sequence[str] = (),
        **more: Any,
    ) -> Item:
        """An item without a file; `more` are columns of `item`. The kind is the library's own unless given."""
        number = next(self._numbers)
        kind = kind or library.kind
        title = title if title is not None else f"{kind.title()} {number}"
        sorted_by = sort_title(title, "en")
        facts: dict[str, Any] = {
            "rating_key": new_rating_key(),
            "library_id": library.library_id,
            "parent_id": parent.item_id if parent else None,
            "kind": kind,
            "identity_key": ":".join(
                (kind, normalise(title), str(more.get("year", "")), parent.identity_key if parent else "")
            ),
            "title": title,
            "sort_title": sorted_by,
            "letter": letter(sorted_by),
            "added_at": self.at_ms - DAY_MS + number,
            "updated_at": self.at_ms,
        } | more
        async with self.db.write() as tx:
            facts.setdefault("stamp", await tx.stamp())
            names, marks = ", ".join(facts), ", ".join(f":{name}" for name in facts)
            rows = await tx.rows(f"INSERT INTO item ({names}) VALUES ({marks}) RETURNING item_id", facts)  # noqa: S608 - names from tests
            item_id = int(rows[0]["item_id"])
            await tx.run("INSERT OR IGNORE INTO audience_due (item_id) VALUES (:item_id)", {"item_id": item_id})
            collections = [facts["collection"]] if facts.get("collection") else []
            for what, values in (("genre", genres), ("label", labels), ("collection", collections)):
                for position, value in enumerate(values):
                    await tx.run(
                        "INSERT INTO item_label (item_id, kind, value, value_key, position)"
                        " VALUES (:item_id, :kind, :value, :value_key, :position)",
                        {
                            "item_id": item_id,
                            "kind": what,
                            "value": value,
                            "value_key": normalise(value),
                            "position": position,
                        },
                    )
            for job, names_of in (("actor", cast), ("director", directors)):
                for position, name in enumerate(names_of):
                    person = {"name": name, "name_key": normalise(name)}
                    await tx.run(
                        "INSERT INTO performer (name, name_key) VALUES (:name, :name_key)"
                        " ON CONFLICT (name_key) DO NOTHING",
                        person,
                    )
                    await tx.run(
                        "INSERT INTO credit (item_id, performer_id, job, position)"
                        " SELECT :item_id, performer_id, :job, :position FROM performer WHERE name_key = :name_key",
                        {"item_id": item_id, "job": job, "position": position, "name_key": person["name_key"]},
                    )
            await index_items(tx, [item_id])
        return Item(item_id, facts["rating_key"], library.library_id, kind, title, facts["identity_key"])

    async def a_file(
        self,
        library: Library,
        *items: Item,
        path: str | None = None,
        probe: Probe | None = None,
        version: str | None = None,
        version_index: int = 0,
        part: int = 1,
        part_count: int = 1,
        **more: Any,
    ) -> File:
        """A probed video file; of several items when it holds several episodes. `more` are columns of `file`."""
        number = next(self._numbers)
        path = path or f"file-{number}.mkv"
        if probe is None and "probe_error" not in more and "probed_at" not in more:
            probe = a_probe(duration_ms=more.get("duration_ms", 7_200_000))
        facts: dict[str, Any] = {
            "root_id": library.root_id,
            "folder_id": library.folder_id,
            "path": path,
            "size_bytes": 1_000_000,
            "mtime_ns": self.at_ms * 1_000_000,
            "inode": number,
            "kind": "video",
            "added_at": self.at_ms,
        }
        if probe is not None:
            video = probe.main_video
            facts |= {
                "container": probe.container,
                "width": video.width if video else None,
                "height": video.height if video else None,
                "duration_ms": probe.duration_ms,
                "probe": msgspec.msgpack.encode(probe),
                "probed_at": self.at_ms,
            }
        file_id = await self.insert("file", facts | more)
        for item in items:
            await self.insert_link(item, file_id, version, version_index, part, part_count)
        return File(file_id, f"{library.root}/{path}")

    async def insert_link(
        self, item: Item, file_id: int, version: str | None, version_index: int, part: int, part_count: int
    ) -> None:
        values = {
            "item_id": item.item_id,
            "file_id": file_id,
            "version": version,
            "version_index": version_index,
            "part": part,
            "part_count": part_count,
        }
        async with self.db.write() as tx:
            await tx.run(
                "INSERT INTO item_file (item_id, file_id, version, version_index, part, part_count)"
                " VALUES (:item_id, :file_id, :version, :version_index, :part, :part_count)",
                values,
            )
            # As the scanner does it: the item is as long as the parts of its first version.
            await tx.run(
                "UPDATE item SET duration_ms = coalesce(duration_ms, 0) +"
                " coalesce((SELECT duration_ms FROM file WHERE file_id = :file_id), 0)"
                " WHERE item_id = :item_id AND :version_index = 0",
                values,
            )

    async def many_films(self, library: Library, titles: Sequence[str], *, people: Sequence[str] = ()) -> None:
        """A film for each title, with a file, two genres and three people: thousands in a few seconds."""
        first = next(self._numbers) * 1_000_000
        probe = msgspec.msgpack.encode(a_probe())
        genres = ("Drama", "Comedy", "Crime", "Science Fiction", "Documentary", "Family", "Thriller")
        films: list[dict[str, Any]] = []
        for number, title in enumerate(titles, start=first):
            by = sort_title(title, "en")
            films.append(
                {
                    "item_id": number,
                    "library_id": library.library_id,
                    "rating_key": new_rating_key(),
                    "identity_key": f"{library.kind}:{normalise(title)}:{number}",
                    "kind": library.kind,
                    "title": title,
                    "sort_title": by,
                    "letter": letter(by),
                    "year": 1950 + number % 75,
                    "rating": 4 + number % 50 / 10,
                    "summary": f"{title}. " * 8,
                    "duration_ms": 5_400_000 + number % 3_000_000,
                    "thumb_tag": f"{number:08x}",
                    "thumb_kind": "poster",
                    "content_rating": "PG-13",
                    "release_date": f"{1950 + number % 75}-03-01",
                    "added_at": self.at_ms - number * 1000,
                    "updated_at": self.at_ms,
                    "root_id": library.root_id,
                    "folder_id": library.folder_id,
                    "probe": probe,
                    "genres": [genres[number % 7], genres[number % 6]],
                    "people": [people[(number * 7 + step) % len(people)] for step in range(3)] if people else [],
                }
            )
        columns = [name for name in films[0] if name not in {"root_id", "folder_id", "probe", "genres", "people"}]
        async with self.db.write() as tx:
            names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
            await tx.many(f"INSERT INTO item ({names}) VALUES ({marks})", films)  # noqa: S608 - names from above
            await tx.many("INSERT OR IGNORE INTO audience_due (item_id) VALUES (:item_id)", films)
            await tx.many(
                "INSERT INTO file (file_id, root_id, folder_id, path, size_bytes, mtime_ns, inode, kind, container,"
                " width, height, duration_ms, probe, probed_at, added_at)"
                " VALUES (:item_id, :root_id, :folder_id, :rating_key, 1, 1, :item_id, 'video', 'mkv', 1920, 1080,"
                " :duration_ms, :probe, 1, :added_at)",
                films,
            )
            await tx.many("INSERT INTO item_file (item_id, file_id) VALUES (:item_id, :item_id)", films)
            await tx.many(
                "INSERT OR IGNORE INTO item_label (item_id, kind, value, value_key, position)"
                " VALUES (:item_id, 'genre', :value, lower(:value), :position)",
                (
                    {"item_id": film["item_id"], "value": value, "position": position}
                    for film in films
                    for position, value in enumerate(film["genres"])
                ),
            )
            await tx.many(
                "INSERT OR IGNORE INTO performer (name, name_key) VALUES (:name, :key)",
                ({"name": name, "key": normalise(name)} for name in people),
            )
            await tx.many(
                "INSERT OR IGNORE INTO credit (item_id, performer_id, job, position)"
                " SELECT :item_id, performer_id, 'actor', :position FROM performer WHERE name_key = :key",
                (
                    {"item_id": film["item_id"], "key": normalise(name), "position": position}
                    for film in films
                    for position, name in enumerate(film["people"])
                ),
            )
            await index_items(tx, [film["item_id"] for film in films])

    async def a_film(self, library: Library, title: str | None = None, **more: Any) -> Item:
        """A film of two hours with one file."""
        item = await self.an_item(library, title=title, **more)
        await self.a_file(library, item, path=f"{item.title}.mkv")
        return item

    async def a_show(self, library: Library, title: str | None = None, **more: Any) -> Item:
        return await self.an_item(library, title=title, kind="show", **more)

    async def a_season(self, library: Library, show: Item, number: int, **more: Any) -> Item:
        title = more.pop("title", "Specials" if number == 0 else f"Season {number}")
        return await self.an_item(library, title=title, kind="season", parent=show, number=number, **more)

    async def an_episode(
        self, library: Library, season: Item, number: int, *, season_number: int = 1, has_file: bool = True, **more: Any
    ) -> Item:
        """An episode of 45 minutes, with a file unless told otherwise."""
        title = more.pop("title", f"Episode {number}")
        item = await self.an_item(
            library, title=title, kind="episode", parent=season, number=number, parent_number=season_number, **more
        )
        if has_file:
            await self.a_file(library, item, path=f"{item.key}.mkv", duration_ms=2_700_000)
        return item

    async def a_series(self, library: Library, title: str, seasons: Mapping[int, int]) -> tuple[Item, list[Item]]:
        """A show with so many episodes per season number; the show and its episodes in order."""
        show = await self.a_show(library, title)
        episodes = []
        for season_number, count in seasons.items():
            season = await self.a_season(library, show, season_number)
            episodes += [
                await self.an_episode(library, season, number, season_number=season_number)
                for number in range(1, count + 1)
            ]
        return show, episodes

    async def a_watch_state(self, member: Member, item: Item, **more: Any) -> None:
        """What a member has seen of an item: `offset_ms`, `is_watched`, `view_count`, `last_viewed_at`, …"""
        facts = {"user_id": member.user_id, "identity_key": item.identity_key, "last_viewed_at": self.at_ms}
        await self.insert("watch_state", facts | more)
