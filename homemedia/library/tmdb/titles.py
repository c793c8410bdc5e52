"""Items as matching sees them, read together; and what TMDb said of them, written down."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.library.events import ItemsChanged
from homemedia.library.metadata import store as metadata_store
from homemedia.library.metadata.models import Facts
from homemedia.library.metadata.settle import CATALOGUES, Change, write
from homemedia.library.metadata.store import ItemRow, Known
from homemedia.library.naming.titles import Ids
from homemedia.library.search import index_items
from homemedia.library.tmdb import store
from homemedia.library.tmdb.asking import Asking, Named, asking, named
from homemedia.library.tmdb.pictures import IN_PERFORMER, LETTERS
from homemedia.library.tmdb.store import Match

# As in `metadata.reader`: what one transaction may hold others up for.
WRITE_BATCH = 12
# Told by names, people and files beside the film; TMDb's own words are no reason to ask TMDb.
SOURCES = ("manual", "nfo", "embedded", "filename")
Before = Callable[[Write, Sequence[int]], Awaitable[None]]


class Title(msgspec.Struct, frozen=True, kw_only=True):
    """A film or show with all that a match depends on."""

    item: ItemRow
    known: Known
    names: Named
    asking: Asking
    match: Match

    @property
    def by_hand(self) -> Ids:
        """Ids that a person gave."""
        return ids_of(self.known.fields.get("manual", {}))

    @property
    def name(self) -> str:
        """What people call it now."""
        return str(self.item.columns["title"])


async def load(read: Reader, item_id: int) -> Title | None:
    """A film or show; None when it is gone, or is neither."""
    item = await row_of(read, item_id)
    if item is None or item.kind not in {"movie", "show"}:
        return None
    if item.kind == "show":
        of_show = await metadata_store.show_files(read, [item_id])
        paths = [path for _, _, path in of_show.get(item_id, ())]
    else:
        paths = [file.path for file in (await metadata_store.files(read, [item_id])).get(item_id, ())]
    known = (await metadata_store.known(read, [item_id]))[item_id]
    names = named(item.kind, told(known, "title", "filename") or "", paths)
    return Title(
        item=item,
        known=known,
        names=names,
        asking=asking(
            item.kind,
            title=told(known, "title") or str(item.columns["title"]),
            year=told(known, "year"),
            names=names,
            stated=ids_of(known.fields.get("manual", {})).over(ids_of(known.fields.get("nfo", {}))),
            original=told(known, "original_title"),
            language=item.language,
        ),
        match=await store.match(read, item_id),
    )


async def row_of(read: Reader, item_id: int) -> ItemRow | None:
    """One item alone, without those above it."""
    return next((row for row in await metadata_store.items(read, [item_id]) if row.item_id == item_id), None)


async def rows_of(read: Reader, item_ids: Sequence[int]) -> dict[int, ItemRow]:
    wanted = set(item_ids)
    return {row.item_id: row for row in await metadata_store.items(read, item_ids) if row.item_id in wanted}


def told(known: Known, field: str, *sources: str) -> Any:  # noqa: ANN401 - as in the table
    """What somebody other than TMDb says of a field, the strongest first."""
    for source in sources or SOURCES:
        value = known.fields.get(source, {}).get(field)  # type: ignore[call-overload]
        if value not in (None, "", []):
            return value
    return None


def ids_of(facts: Facts) -> Ids:
    return Ids(**{name: facts.get(f"{name}_id") for name in CATALOGUES})


async def write_down(
    db: Database,
    clock: Clock,
    changes: Sequence[Change],
    *,
    portraits: Mapping[str, str] | None = None,
    before: Before | None = None,
    also: Callable[[sqlite3.Connection], None] | None = None,
) -> set[int]:
    """Write what TMDb says of items, a few in a transaction; the ids of those that look different now.

    Args:
        db: the database.
        clock: the time.
        changes: with `online` set.
        portraits: names of people's pictures by the person's name.
        before: called first in each transaction with the ids that will change in it.
        also: written in the first transaction, before the items are settled.
    """
    told_of: set[int] = set()
    faces = {name: f"{IN_PERFORMER}{LETTERS['face']}.{picture}" for name, picture in (portraits or {}).items()}
    for start in range(0, max(1, len(changes)), WRITE_BATCH):
        some = changes[start : start + WRITE_BATCH]
        now = clock.now_ms()
        async with db.write() as tx:
            if before is not None and some:
                await before(tx, [change.item.item_id for change in some])
            stamp = await tx.stamp()

            def work(
                connection: sqlite3.Connection,
                some: Sequence[Change] = some,
                stamp: int = stamp,
                now: int = now,
                is_first: bool = start == 0,  # noqa: FBT001 - bound for the closure
            ) -> set[int]:
                if is_first and also is not None:
                    also(connection)
                changed = {one.item.item_id for one in some if write(connection, one, stamp=stamp, now=now)}
                metadata_store.set_portraits(connection, faces if is_first else {})
                return changed

            changed = await tx.call(work)
            if changed:
                await index_items(tx, sorted(changed))
                for library_id in {one.item.library_id for one in some}:
                    tx.announce(ItemsChanged(library_id, stamp))
        told_of |= changed
    return told_of
