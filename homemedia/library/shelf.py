"""What puts titles side by side: collections, people, and the values a library can be narrowed by.

Speaks for one member at a time; what he may not see counts nowhere.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.problems import NotFound
from homemedia.library import shelf_store as store
from homemedia.library.browse import Browse
from homemedia.library.browse_store import RESOLUTIONS
from homemedia.library.browse_wire import ItemCard, LibraryName, picture
from homemedia.library.metadata.labels import genre_key, label_key
from homemedia.library.remembered import seen_by
from homemedia.library.shelf_wire import (
    Choice,
    CollectionCard,
    CollectionList,
    CollectionPage,
    Decade,
    Filters,
    Person,
    PersonItem,
)
from homemedia.library.visible import Visible

MOST_IN_COLLECTION = 500
MOST_CHOICES = 200  # of genres, of labels, of collections: beyond that nobody chooses from a menu


class Shelf:
    """Reads collections, people and filters.

    Args:
        db: read from only.
        browse: makes the cards, and remembers what is counted.
    """

    def __init__(self, db: Database, browse: Browse) -> None:
        self._db = db
        self._browse = browse

    async def filters(self, actor: Member, library_id: str) -> Filters:
        """What a library can be narrowed by, each value with how many titles have it; remembered until it changes.

        Raises:
            NotFound: the member sees no such library.
        """
        visible = self._browse.visible(actor)
        library = await self._browse.library_name(self._db.read, visible, library_id)
        question = ("filters", seen_by(visible))
        return await self._browse.remembered.get(library_id, question, lambda: self._filters(visible, library))

    async def _filters(self, visible: Visible, library: LibraryName) -> Filters:
        kind = "album" if library.type == "music" else library.type
        found: dict[str, list[sqlite3.Row]] = {}
        for row in await store.facets(self._db.read, visible, library.id, kind):
            found.setdefault(row["facet"], []).append(row)
        years = sorted((int(row["key"]), int(row["many"])) for row in found.get("year", []))
        by_lines = {row["key"]: row["many"] for row in found.get("lines", [])}
        decades = groupby(years, key=lambda year: year[0] // 10 * 10)
        return Filters(
            library=library,
            genres=_choices(_merged(found.get("genre", []))),
            labels=_choices((row["name"], row["many"]) for row in found.get("label", [])),
            collections=_choices((row["name"], row["many"]) for row in found.get("collection", [])),
            content_ratings=sorted(
                (Choice(name=row["name"], count=row["many"]) for row in found.get("contentRating", [])),
                key=lambda choice: choice.name.casefold(),
            ),
            resolutions=[Choice(name=name, count=by_lines[name]) for name in RESOLUTIONS if name in by_lines],
            decades=[Decade(first=first, count=sum(many for _, many in ten)) for first, ten in decades],
            years=(years[0][0], years[-1][0]) if years else None,
        )

    async def collections(self, actor: Member, library_id: str | None) -> CollectionList:
        """The collections of a library or of all, by name; remembered until one changes.

        Raises:
            NotFound: the member sees no such library.
        """
        read, visible = self._db.read, self._browse.visible(actor)
        if library_id is not None:
            await self._browse.library_name(read, visible, library_id)
        question = ("collections", seen_by(visible))
        return await self._browse.remembered.get(library_id, question, lambda: self._collections(visible, library_id))

    async def _collections(self, visible: Visible, library_id: str | None) -> CollectionList:
        rows = await store.collections(self._db.read, visible, library_id)
        found = [_collection(list(group)) for _, group in groupby(rows, key=lambda row: row["key"])]
        return CollectionList(collections=sorted(found, key=lambda one: one.name.casefold()))

    async def collection(self, actor: Member, name: str, library_id: str | None) -> CollectionPage:
        """One collection with its titles.

        Raises:
            NotFound: the member sees no such library, or nothing of such a collection.
        """
        visible = self._browse.visible(actor)
        async with self._db.snapshot() as read:
            if library_id is not None:
                await self._browse.library_name(read, visible, library_id)
            rows = await store.in_collection(read, visible, label_key(name), library_id, MOST_IN_COLLECTION)
            ids = [row["item_id"] for row in rows]
            cards = await self._browse.cards(read, visible, actor, ids)
        items = [cards[item_id] for item_id in ids if item_id in cards]
        if not items:
            raise NotFound("There is no such collection.")
        years = [item.year for item in items if item.year is not None]
        return CollectionPage(
            name=rows[0]["name"],
            count=len(items),
            watched=sum(item.watched for item in items),
            years=(min(years), max(years)) if years else None,
            items=items,
        )

    async def person(self, actor: Member, performer_id: int) -> Person:
        """Somebody with everything of his that the member sees.

        Raises:
            NotFound: nobody has this id, or nothing the member sees names him.
        """
        visible = self._browse.visible(actor)
        async with self._db.snapshot() as read:
            row = await store.person(read, performer_id)
            rows = [] if row is None else await store.credited(read, visible, performer_id)
            cards = await self._browse.cards(read, visible, actor, list(dict.fromkeys(one["item_id"] for one in rows)))
        if row is None or not cards:
            raise NotFound("There is no such person.")
        parts = {item_id: list(group) for item_id, group in groupby(rows, key=lambda one: one["item_id"])}
        items = [_part(cards[item_id], part) for item_id, part in parts.items() if item_id in cards]
        return Person(
            id=row["performer_id"],
            name=row["name"],
            thumb=f"/api/artwork/p-{row['performer_id']}/thumb" if row["has_image"] else None,
            items=sorted(items, key=lambda item: (-(item.year or 0), item.sort_title, item.id)),
        )


def _merged(rows: Sequence[sqlite3.Row]) -> list[tuple[str, int]]:
    """Genres with their spellings counted together, under the spelling that is used most."""
    by_key: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        by_key.setdefault(genre_key(row["name"]), []).append((row["many"], row["name"]))
    return [(max(spelled)[1], sum(many for many, _ in spelled)) for spelled in by_key.values()]


def _choices(values: Iterable[tuple[str, int]]) -> list[Choice]:
    most_first = sorted(values, key=lambda value: (-value[1], value[0].casefold()))
    return [Choice(name=name, count=many) for name, many in most_first[:MOST_CHOICES]]


def _collection(rows: Sequence[sqlite3.Row]) -> CollectionCard:
    first = rows[0]
    thumbs = [_address(row["rating_key"], row["thumb_tag"]) for row in rows if row["thumb_tag"]]
    if first["many"] == 1 and first["art_tag"]:
        thumbs = [_address(first["rating_key"], first["art_tag"], "art")]
    years = (first["first_year"], first["last_year"]) if first["first_year"] is not None else None
    return CollectionCard(name=first["name"], count=first["many"], thumbs=thumbs, years=years)


def _address(key: str, tag: str, kind: str = "thumb") -> str:
    return f"{picture(key, tag, kind)}?v={tag}"


def _part(card: ItemCard, rows: Sequence[sqlite3.Row]) -> PersonItem:
    roles = dict.fromkeys(row["role"] for row in rows if row["role"])
    fields = {name: getattr(card, name) for name in card.__struct_fields__}
    return PersonItem(**fields, jobs=list(dict.fromkeys(row["job"] for row in rows)), role=", ".join(roles) or None)
