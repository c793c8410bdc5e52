"""Finds the pictures that lie beside albums and in artists' folders. Only names, sizes and times are read."""

import contextlib
import functools
import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, as_json
from homemedia.library.artwork import local, music_store
from homemedia.library.artwork.beside import join
from homemedia.library.artwork.local import Pictures
from homemedia.library.artwork.models import Marked, marked
from homemedia.library.artwork.music_store import Place
from homemedia.library.artwork.settle import record_local, settle
from homemedia.library.events import ItemsChanged
from homemedia.library.metadata import RefreshResult
from homemedia.library.naming.music import disc_of_folder, name_key
from homemedia.library.scan.disks import Disks, DiskSilent

BATCH = 100


class Seen(msgspec.Struct, frozen=True):
    """What lies beside one album or artist: path and mark of each picture."""

    item_id: int
    thumb: Marked
    art: Marked


class MusicPictures:
    """Looks for pictures of artists and albums, in the place where films have their NFO files read.

    Args:
        db: where items stand.
        clock: the time.
        disks: who asks the disks.
        library_id: whose items they are.
    """

    def __init__(self, db: Database, clock: Clock, disks: Disks, library_id: str) -> None:
        self._db = db
        self._clock = clock
        self._disks = disks
        self._library_id = library_id

    async def refresh(self, item_ids: Sequence[int], *, mode: Literal["all", "missing"] = "all") -> RefreshResult:
        """Look beside these items; tracks have no picture of their own.

        Args:
            item_ids: of any kind.
            mode: `missing` looks only for those that show none.
        """
        updated = 0
        for start in range(0, len(item_ids), BATCH):
            ids = as_json(item_ids[start : start + BATCH])
            places = await music_store.places(self._db.read, ids)
            wanted = {at: found for at, found in places.items() if mode == "all" or found[0].lacks}
            if not wanted:
                continue
            known = await music_store.local_pictures(self._db.read, list(wanted))
            seen = [
                one
                for one in await self._look(wanted.values())
                if {"thumb": one.thumb, "art": one.art} != {"thumb": None, "art": None, **known.get(one.item_id, {})}
            ]
            if seen:
                updated += await self._write(seen)
        return RefreshResult(updated=updated)

    async def _look(self, items: Iterable[Sequence[Place]]) -> list[Seen]:
        """What lies beside items, root by root; nothing of those on a disk that does not answer."""
        by_root: dict[str, list[Sequence[Place]]] = {}
        for places in items:
            by_root.setdefault(places[0].root, []).append(places)
        seen: list[Seen] = []
        for root, some in by_root.items():
            with contextlib.suppress(DiskSilent):
                seen += await self._disks.ask(root, look, some)
        return seen

    async def _write(self, seen: Sequence[Seen]) -> int:
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            stamp = await tx.stamp()
            shown = await tx.call(functools.partial(_record, seen=seen, stamp=stamp, now=now))
            if shown:
                tx.announce(ItemsChanged(self._library_id, stamp))
        return len(shown)


def _record(connection: sqlite3.Connection, seen: Sequence[Seen], stamp: int, now: int) -> set[int]:
    for one in seen:
        record_local(connection, one.item_id, "thumb", *(one.thumb or (None, None)))
        record_local(connection, one.item_id, "art", *(one.art or (None, None)))
    return settle(connection, [one.item_id for one in seen], stamp=stamp, now=now)


def look(places: Iterable[Sequence[Place]]) -> list[Seen]:
    """What lies beside these albums and artists; those whose folders cannot be read are left out. Blocking."""
    listings: dict[str, Mapping[str, str] | None] = {}

    def listed(folder: str) -> Mapping[str, str] | None:
        if folder not in listings:
            try:
                listings[folder] = {name.lower(): name for name in os.listdir(folder)}  # noqa: PTH208 - names alone
            except OSError:
                listings[folder] = None
        return listings[folder]

    found = []
    for item in places:
        folders = folders_of(item)
        inside = {folder: names for folder in folders if (names := listed(folder)) is not None}
        if len(inside) < len(folders):
            continue
        pictures: Pictures = (local.of_artist if item[0].kind == "artist" else local.of_album)(folders, inside)
        found.append(Seen(item[0].item_id, marked(pictures.thumb), marked(pictures.art)))
    return found


def folders_of(places: Sequence[Place]) -> list[str]:
    """The folders whose pictures are an item's, absolute, the nearest first. Pure.

    An album's are those that hold it alone, and the one around folders of its discs. An artist's is the folder around
    the albums when it bears the artist's name. The library's own folder is nobody's.
    """
    found: dict[str, None] = {}
    for place in places:
        parts = place.folder.split("/") if place.folder else []
        if place.kind == "artist":
            while parts and name_key(parts[-1]) != name_key(place.title):
                parts.pop()
            if parts:
                found[join(place.root, *parts)] = None
            continue
        if not parts or not place.is_alone:
            continue
        found[join(place.root, *parts)] = None
        if disc_of_folder(parts[-1]) is not None and len(parts) > 1:
            found[join(place.root, *parts[:-1])] = None
    return list(found)
