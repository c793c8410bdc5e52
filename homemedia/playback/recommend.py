"""Chooses what a member may like in a library, in rows that each say why.

Source: watch contract 13.2.
"""

import sqlite3
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from homemedia.accounts import Member
from homemedia.core.db import Reader
from homemedia.library.browse_wire import LibraryName
from homemedia.library.visible import Visible
from homemedia.playback import hubs_store as store
from homemedia.playback import reasons

YEAR_MS = 365 * reasons.DAY_MS
LAST_WATCHED = 3
LEAST_IN_HUB = 3
ENOUGH = 600  # of the best this many are asked whether they were watched
GENRE_HUBS = 3
TITLES = {
    "continue": "Continue watching",
    "nextUp": "Next up",
    "new": "Recently added",
    "topRated": "Top rated",
    "rediscover": "Rediscover",
    "random": "Picked for today",
}
CALLED_IN_MUSIC = {"rediscover": "Listen again"}


class Row(msgspec.Struct, frozen=True):
    """A hub before its cards are made: `why` holds (item id, sentence), best first."""

    hub_id: str
    title: str
    reason: str
    why: Sequence[tuple[int, str]]


class Recommender:
    """Reads the rows of one library for one member at one moment.

    Args:
        read: one snapshot.
        visible: what the member sees.
        actor: the member.
        library: the library.
        limit: the most of each row.
        now_ms: the present.
    """

    def __init__(
        self, read: Reader, visible: Visible, actor: Member, library: LibraryName, limit: int, now_ms: int
    ) -> None:
        self._read, self._visible, self._now = read, visible, now_ms
        self._is_music = library.type == "music"
        self._verb = "played" if self._is_music else "watched"
        day = datetime.fromtimestamp(now_ms / 1000, UTC).date().isoformat()
        self._args: dict[str, object] = {
            "actor_id": actor.user_id,
            "library_id": library.id,
            "kind": "album" if self._is_music else library.type,
            "limit": limit,
            "enough": ENOUGH,
            "long_ago": now_ms - YEAR_MS,
            "seed": zlib.crc32(f"{actor.user_id} {day}".encode()),
        }

    async def rows(self, begun: Sequence[tuple[int, str]], following: Sequence[tuple[int, str]]) -> list[Row]:
        """The rows that have enough in them, in their order.

        Args:
            begun: what the member is in the middle of, with why.
            following: the next episodes, with why.
        """
        now = self._now
        made = [
            self._row("continue", begun),
            self._row("nextUp", following),
            await self._chosen("new", lambda row: reasons.new(row["added_at"], now, self._verb)),
            *await self._because(),
            await self._chosen("topRated", lambda row: reasons.top_rated(row["rating"])),
            await self._chosen(
                "rediscover", lambda row: reasons.rediscover(row["last_at"], now, row["genre"], self._verb)
            ),
            *(await self._of_genres() if self._is_music else []),
            await self._chosen("random", lambda _row: reasons.RANDOM),
        ]
        return [row for row in made if len(row.why) >= LEAST_IN_HUB]

    def _row(self, name: str, why: Sequence[tuple[int, str]]) -> Row:
        title = CALLED_IN_MUSIC.get(name, TITLES[name]) if self._is_music else TITLES[name]
        return Row(name, title, name, why)

    async def _chosen(self, name: str, say: Callable[[sqlite3.Row], str]) -> Row:
        rows = await store.chosen(self._read, self._visible, name, self._args)
        return self._row(name, [(row["item_id"], say(row)) for row in rows])

    async def _because(self) -> list[Row]:
        """A row for each of the last three things watched."""
        last = await store.watched_last(self._read, self._visible, self._args | {"limit": LAST_WATCHED})
        alike = {
            mine["item_id"]: [
                row["item_id"]
                for row in await store.chosen(
                    self._read, self._visible, "because", self._args | {"item_id": mine["item_id"]}
                )
            ]
            for mine in last
        }
        pairs = [(mine, other) for mine, others in alike.items() for other in others]
        shared: dict[tuple[int, int], dict[str, list[str]]] = {}
        for row in await store.shared(self._read, pairs):
            of_pair = shared.setdefault((row["item_id"], row["other_id"]), {})
            of_pair.setdefault(row["what"], []).append(row["name"])
        return [
            Row(
                f"because:{mine['rating_key']}",
                f"Because you {self._verb} {mine['title']}",
                "because",
                [
                    (other, reasons.because(mine["title"], shared.get((mine["item_id"], other), {}), self._verb))
                    for other in alike[mine["item_id"]]
                ],
            )
            for mine in last
        ]

    async def _of_genres(self) -> list[Row]:
        """Of music: albums of the genres the house has most of."""
        genres = await store.genres_of_library(self._read, self._visible, self._args | {"most": GENRE_HUBS})
        made = []
        for genre in genres:
            rows = await store.chosen(self._read, self._visible, "ofGenre", self._args | {"genre": genre["value_key"]})
            why = [(row["item_id"], reasons.of_genre(genre["name"])) for row in rows]
            made.append(Row(f"genre:{genre['value_key']}", genre["name"], "genre", why))
        return made
