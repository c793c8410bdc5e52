"""Reads what lies beside items and settles, field by field, what they are called.

What did not change since the last look is not read again; a broken file is told of once.
"""

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.library.artwork.settle import settle as settle_pictures
from homemedia.library.events import ItemsChanged
from homemedia.library.metadata import embedded, store
from homemedia.library.metadata.look import Place, Seen, look, place_of
from homemedia.library.metadata.models import Facts, Problem, RefreshResult
from homemedia.library.metadata.settle import Change, change_of, write
from homemedia.library.metadata.store import FileRow, ItemRow
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.library.search import index_items
from homemedia.media import MediaTools, Probe

READ_BATCH = 100
# A film with a cast of twenty and its search words takes about 2 ms, and a transaction may hold others up for 50 ms.
WRITE_BATCH = 12


class MetadataReader:
    """Reads what lies beside items.

    Args:
        db: where items stand.
        tools: look into media files.
        clock: the time.
        disks: who asks the disks.

    Attributes:
        on_read: called in a transaction with the items that were read; whoever asks online sets it. The items above
            them, which were read as well, are not named.
    """

    def __init__(self, db: Database, tools: MediaTools, clock: Clock, disks: Disks | None = None) -> None:
        self._db = db
        self._tools = tools
        self._clock = clock
        self._disks = disks or Disks()
        self.on_read: Sequence[Callable[[Write, Sequence[int]], Awaitable[None]]] = ()

    async def refresh(self, item_ids: Sequence[int], *, mode: Literal["all", "missing"] = "all") -> RefreshResult:
        """Read NFO, tags and artwork names of these items and of the seasons and shows above them.

        Args:
            item_ids: of any kind; those without a place on the disk are left as they are.
            mode: `missing` looks only at items without a summary or a picture.

        Returns:
            How many items look different now, and the files that were found broken for the first time.
        """
        updated = 0
        problems: list[Problem] = []
        for start in range(0, len(item_ids), READ_BATCH):
            changes, found = await self._read(item_ids[start : start + READ_BATCH], mode)
            problems += found
            for first in range(0, len(changes), WRITE_BATCH):
                updated += await self._write(changes[first : first + WRITE_BATCH])
            if self.on_read:
                async with self._db.write() as tx:
                    for follow in self.on_read:
                        await follow(tx, item_ids[start : start + READ_BATCH])
        return RefreshResult(updated=updated, problems=tuple(problems))

    async def _read(self, item_ids: Sequence[int], mode: str) -> tuple[list[Change], list[Problem]]:
        read = self._db.read
        items = [item for item in await store.items(read, item_ids) if mode == "all" or item.lacks]
        ids = [item.item_id for item in items]
        files = await store.files(read, ids)
        known = await store.known(read, ids)
        show_of = {item.item_id: item.item_id if item.kind == "show" else item.parent_id or 0 for item in items}
        shows = {show_of[item.item_id] for item in items if item.kind in {"show", "season"}}
        of_show = await store.show_files(read, shows)
        places: list[Place] = [
            place_of(
                item,
                files.get(item.item_id, ()),
                of_show.get(show_of[item.item_id], ()) if item.kind in {"show", "season"} else (),
                known[item.item_id].marks.get("nfo"),
            )
            for item in items
        ]
        seen = {one.item_id: one for one in await self._look(places, of_show)}
        changes = [
            change
            for item in items
            if (
                change := change_of(
                    item,
                    seen.get(item.item_id),
                    _tags(item, files.get(item.item_id, ())),
                    known[item.item_id],
                )
            )
        ]
        return changes, [one.nfo.problem for one in seen.values() if one.nfo and one.nfo.problem]

    async def _look(
        self, places: Sequence[Place], of_show: Mapping[int, Sequence[tuple[int | None, str, str]]]
    ) -> list[Seen]:
        """What lies beside items, root by root; nothing of those on a disk that does not answer."""
        by_root: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            below = of_show.get(place.item.item_id) or of_show.get(place.item.parent_id or 0) or ()
            root = place.files[0].root if place.files else below[0][1] if below else ""
            by_root[root].append(place)
        seen: list[Seen] = []
        for root, some in by_root.items():
            with contextlib.suppress(DiskSilent):
                seen += await self._disks.ask(root, look, some)
        return seen

    async def _write(self, changes: Sequence[Change]) -> int:
        """Settle a few items in one transaction; how many look different now."""
        now = self._clock.now_ms()
        portraits = {
            name: path for one in changes if one.seen and one.seen.nfo for name, path in one.seen.nfo.portraits.items()
        }
        async with self._db.write() as tx:
            stamp = await tx.stamp()

            def work(connection: sqlite3.Connection) -> tuple[set[int], set[int]]:
                told = {one.item.item_id for one in changes if write(connection, one, stamp=stamp, now=now)}
                store.set_portraits(connection, portraits)
                # Episodes that are new take the background of their show even where no file of their own changed.
                ids = [one.item.item_id for one in changes]
                return told, settle_pictures(connection, ids, stamp=stamp, now=now)

            told, shown = await tx.call(work)
            if told:
                await index_items(tx, sorted(told))
            if told or shown:
                for library_id in {one.item.library_id for one in changes}:
                    tx.announce(ItemsChanged(library_id, stamp))
        return len(told | shown)


def _tags(item: ItemRow, files: Sequence[FileRow]) -> Facts:
    """What the tags of an item's first file say; nothing where they do not count."""
    probe = files[0].probe if files else None
    if probe is None or item.metadata_source == "none":
        return {}
    return embedded.facts_of(item.library_kind, msgspec.msgpack.decode(probe, type=Probe).tags)
