"""First step: walk, compare, write what changed, and list it by name at once. Nothing is opened here but for moves.

One folder of files at a time goes through: listing → digest equal? then only counted → compared with what is known →
written → its unit settled into items. A folder's digest is written last, so that whatever is cut short is seen again.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from homemedia.core.db import as_json
from homemedia.library.models import LibraryKind, Root
from homemedia.library.scan import results_store, store
from homemedia.library.scan.context import ROOT_LOST, Scope, Stopped, Work
from homemedia.library.scan.diff import ANY_FILE, FolderDiff, Known, compare, steady_by_time
from homemedia.library.scan.disks import Pulse
from homemedia.library.scan.hashing import quick_hashes
from homemedia.library.scan.identify import unit_of
from homemedia.library.scan.moves import find_moves
from homemedia.library.scan.walk import SENTENCES, Entry, Listing, Rules, readable, take, walk

MASS_FILES, MASS_SHARE = 50, 0.3
MISSING_BATCH = 1000
TELLING = {"nfo", "image", "xmp"}
MOVABLE = {"video", "audio", "photo", "file"}
MEDIA = {"video", "audio", "photo", "sample", "file"}


class Settling(Protocol):
    """What is told of the folders that were walked: `settling.Settler`, `following.FollowedFiles`."""

    async def settle(
        self,
        root: Root,
        folder_ids: Sequence[int],
        digests: Mapping[int, str],
        beside: Mapping[str, Collection[str]],
    ) -> None: ...

    async def finish(self) -> None: ...


class Discovery:
    """The walk over one root or a part of it.

    Args:
        work: the run.
        settler: makes items of what is found.
        scope: what to visit.
    """

    def __init__(self, work: Work, settler: Settling, scope: Scope) -> None:
        self._work = work
        self._settler = settler
        self._scope = scope
        self._root = work.root(scope.root_id)
        self._kind = work.library.kind
        self._folders: dict[str, store.FolderRow] = {}
        self._unvisited: set[str] = set()
        self._troubled: dict[int, tuple[int, int]] = {}
        self._by_unit: dict[str, set[int]] | None = None
        self._open_units: dict[str, None] = {}
        self._late_units: dict[str, None] = {}
        self._digests: dict[str, str] = {}
        self._gone: dict[int, str] = {}
        self._beside: dict[str, set[str]] = {}
        self._links: dict[str, str] = {}
        self.problems: list[results_store.Noted] = []

    async def run(self) -> None:
        """Walk it all. What is gone is only gathered; see `missing` and `finish`."""
        read, scope = self._work.db.read, self._scope
        prefix = unit_of(self._kind, scope.path)
        self._folders = await store.folders_below(read, scope.root_id, prefix)
        self._unvisited = {path for path in self._folders if self._is_inside(path)}
        self._troubled = await store.troubled(read, scope.root_id) if self._folders else {}
        pulse = Pulse()
        rules = Rules(
            kind=self._kind.value,
            ignore=self._work.library.options.ignore,
            owned=frozenset(str(own) for own in self._work.owned),
            enters=None if scope.deep else self._is_inside,
            # Who may write in a heap's folder must not come by what lies elsewhere on this computer.
            stays=self._kind is LibraryKind.FOLDER,
            beat=pulse.beat,
            follows=self._links.__setitem__,
        )
        listings = walk(self._root.path, scope.path, rules)
        ahead = asyncio.ensure_future(self._take(listings, pulse))
        try:
            while batch := await ahead:
                # The disk is read on while this is written.
                ahead = asyncio.ensure_future(self._take(listings, pulse))
                await self._batch(batch)
                await self._settle(self._closed_units(batch[-1].path))
                self._work.report.step(self._work.tally.counts().total, self._where(batch[-1].path))
        finally:
            # The generator must be at rest before it is let go.
            await asyncio.gather(ahead, return_exceptions=True)
        await self._settle([unit for unit in self._open_units if unit not in self._late_units])
        await self._vanished()

    async def _take(self, listings: Iterator[Listing], pulse: Pulse) -> list[Listing]:
        return await self._work.disks.ask(self._root.path, _taken, listings, pulse=pulse)

    @property
    def missing(self) -> set[int]:
        """Known files that lie there no more and were found nowhere else."""
        return set(self._gone)

    @property
    def lost_media(self) -> int:
        """How many of the missing are films, recordings or pictures, and not what lies beside them."""
        return sum(kind in MEDIA for kind in self._gone.values())

    async def finish(self) -> None:
        """Call missing what is gone, and settle the folders it lay in."""
        gone = list(self._gone)
        for start in range(0, len(gone), MISSING_BATCH):
            ids = {"file_ids": as_json(gone[start : start + MISSING_BATCH])}
            async with self._work.db.write() as tx:
                await tx.run(store.LEFT_FOLDERS, ids)
                await tx.run(store.DROP_SIDECARS, ids)
                await tx.run(store.MARK_MISSING, ids | {"now": self._work.clock.now_ms()})
        if self._scope.deep:
            self._keep_links()
        if gone:
            self._work.changed_presence = True
            self._work.tally.removed += len(gone)
        self._gone = {}
        await self._settle(list(self._late_units))
        self._late_units = {}
        async with self._work.db.write() as tx:
            await results_store.note_problems(tx, self._work.library.library_id, self._work.scan_id, self.problems)
            where = self._root.path if not self._scope.path else f"{self._root.path}/{self._scope.path}"
            if self._scope.deep:
                await tx.run(
                    results_store.DROP_OLD_PROBLEMS,
                    {
                        "library_id": self._work.library.library_id,
                        "step": "walk",
                        "scan_id": self._work.scan_id,
                        "path": where,
                    },
                )

    def _keep_links(self) -> None:
        links = self._work.links.setdefault(self._root.root_id, {})
        for path in [path for path in links if self._is_inside(path)]:
            del links[path]
        links.update({path: target for path, target in self._links.items() if readable(target) == target})

    def was_moved(self, file_ids: Iterable[int]) -> None:
        """Another part of the walk found these files: they are not gone."""
        for file_id in file_ids:
            self._gone.pop(file_id, None)

    # One batch of listings

    async def _batch(self, batch: Sequence[Listing]) -> None:
        changed: list[Listing] = []
        tally = self._work.tally
        for listing in batch:
            row = self._folders.get(listing.path)
            if not listing.path and not listing.is_read:
                # Without its root nothing of the walk can be believed, least of all that all else is gone.
                raise Stopped("root_unreadable", self._root.path, ROOT_LOST.format(path=self._root.path))
            self._count_left_out(listing)
            if listing.is_gone:
                continue
            self._unvisited.discard(listing.path)
            if not listing.is_whole:
                above = f"{listing.path}/" if listing.path else ""
                self._unvisited -= {path for path in self._unvisited if path.startswith(above)}
            if row is not None and listing.is_whole and row.digest == listing.digest:
                failed, samples = self._troubled.get(row.folder_id, (0, 0))
                tally.count("unchanged", len(listing.entries) - failed - samples)
                tally.count("failed", failed)
                tally.count("ignored", samples)
            elif listing.entries or row is not None:
                changed.append(listing)
        if changed:
            await self._enter(changed)

    def _count_left_out(self, listing: Listing) -> None:
        self._work.tally.count("ignored", sum(listing.ignored.values()))
        self._work.tally.count("failed", len(listing.failed))
        for trouble in listing.failed:
            self.problems.append(
                results_store.Noted(
                    path=f"{self._root.path}/{trouble.path}".rstrip("/"),
                    step="walk",
                    code=trouble.code,
                    sentence=SENTENCES[trouble.code],
                )
            )

    async def _enter(self, listings: Sequence[Listing]) -> None:
        work = self._work
        rows = [self._folders[listing.path].folder_id for listing in listings if listing.path in self._folders]
        known = await store.files_in(work.db.read, rows)
        diffs: list[tuple[Listing, FolderDiff]] = []
        now_ns = work.clock.now_ms() * 1_000_000
        for listing in listings:
            row = self._folders.get(listing.path)
            base = f"{self._root.path}/{listing.path}" if listing.path else self._root.path
            steady = steady_by_time(now_ns, base, work.reports)
            diff = compare(listing.entries, known.get(row.folder_id, []) if row else [], steady)
            if not listing.is_whole:
                # What could not be seen is not gone.
                diff.gone = []
            diffs.append((listing, diff))
        await self._prove_renumbered(diffs)
        moved = await self._find_moved(diffs)
        changes = self._changes(diffs, moved)
        new_folders = [path for path in changes.folders if path not in self._folders]
        async with work.db.write() as tx:
            added = await tx.call(lambda connection: store.enter(connection, changes, self._folders))
        if self._by_unit is not None:
            for path in new_folders:
                self._by_unit.setdefault(unit_of(self._kind, path), set()).add(self._folders[path].folder_id)
        self._count(diffs, changes, added)
        of_folders = {}
        for listing, diff in diffs:
            if listing.entries or diff.gone:
                self._note_folder(listing, diff)
            elif listing.is_whole:
                # Folders alone lie in it: there is nothing to settle, least of all a whole show.
                of_folders[self._folders[listing.path].folder_id] = listing.digest
        if of_folders:
            async with work.db.write() as tx:
                settled = ({"folder_id": folder_id, "digest": digest} for folder_id, digest in of_folders.items())
                await tx.many(store.SET_DIGEST, settled)

    def _changes(
        self, diffs: Sequence[tuple[Listing, FolderDiff]], moved: dict[tuple[str, str], int]
    ) -> store.FolderChanges:
        now = self._work.clock.now_ms()
        changes = store.FolderChanges(
            root_id=self._root.root_id, folders=[], added=[], changed=[], returned=[], moved=[]
        )
        for listing, diff in diffs:
            if listing.entries or listing.path in self._folders:
                changes.folders.append(listing.path)
            for entry in diff.added:
                file_id = moved.get((listing.path, entry.name))
                if file_id is not None:
                    changes.moved.append((file_id, listing.path, entry))
                else:
                    # What a first scan finds is as old as its file, else a fresh server were one heap of news.
                    added_at = min(entry.mtime_ns // 1_000_000, now) if self._work.is_first else now
                    changes.added.append(store.NewFile(listing.path, entry, added_at))
            changes.changed += [(row.file_id, entry) for row, entry in diff.changed]
            changes.returned += [(row.file_id, entry) for row, entry in (*diff.returned, *diff.renumbered)]
        return changes

    def _count(
        self, diffs: Sequence[tuple[Listing, FolderDiff]], changes: store.FolderChanges, added: Sequence[int]
    ) -> None:
        tally = self._work.tally
        for file_id in added:
            tally.put(file_id, "added")
        for file_id, _ in changes.changed:
            tally.put(file_id, "updated")
        for file_id, _, _ in changes.moved:
            tally.put(file_id, "moved")
            self._gone.pop(file_id, None)
        self._work.changed_presence |= bool(changes.moved)
        for _, diff in diffs:
            for row, _ in diff.returned:
                tally.put(row.file_id, "updated")
            is_back = any(row.is_missing for row, _ in (*diff.returned, *diff.changed))
            self._work.changed_presence |= is_back
            tally.count("unchanged", len(diff.renumbered))
            states = Counter("ignored" if row.kind == "sample" else "unchanged" for row in diff.same)
            states.update("ignored" if row.kind == "sample" else "failed" for row in diff.failed)
            for state, files in states.items():
                tally.count(state, files)
            tally.count("deferred", len(diff.deferred))
            self._gone |= {row.file_id: row.kind for row in diff.gone if not tally.is_moved(row.file_id)}

    def _note_folder(self, listing: Listing, diff: FolderDiff) -> None:
        unit = unit_of(self._kind, listing.path)
        self._open_units[unit] = None
        if diff.gone:
            self._late_units[unit] = None
        entries = (*diff.added, *(entry for _, entry in (*diff.changed, *diff.returned)))
        beside = {entry.name for entry in entries if entry.kind in TELLING}
        beside |= {row.name for row in diff.gone if row.kind in TELLING}
        if beside:
            self._beside[listing.path] = beside
        if listing.is_whole and not diff.deferred:
            self._digests[listing.path] = listing.digest
        if any(entry.size_bytes or entry.kind == ANY_FILE for entry in diff.deferred):
            self._work.deferred.append(Scope(root_id=self._root.root_id, path=listing.path, deep=False))

    async def _prove_renumbered(self, diffs: Sequence[tuple[Listing, FolderDiff]]) -> None:
        """Look into what may be the same bytes as before.

        Files with a new inode only, and another quick hash than before, are changed after all. On another disk a file
        with a new time only, and the same quick hash, is a copy that lost its time: it is not read again.
        """
        doubtful = [(listing, diff, pair) for listing, diff in diffs for pair in diff.renumbered]
        if self._root.root_id in self._work.relocated:
            copied = [
                (listing, diff, pair) for listing, diff in diffs for pair in diff.changed if _is_of_same_size(pair)
            ]
            for _, diff, pair in copied:
                diff.changed.remove(pair)
                diff.renumbered.append(pair)
            doubtful += copied
        if not doubtful:
            return
        paths = [f"{self._root.path}/{store.joined(listing.path, entry.name)}" for listing, _, (_, entry) in doubtful]
        pulse = Pulse()
        hashes = await self._work.disks.ask(self._root.path, quick_hashes, paths, pulse=pulse)
        known = await store.hashes_of(self._work.db.read, [row.file_id for _, _, (row, _) in doubtful])
        for (_, diff, pair), quick_hash in zip(doubtful, hashes, strict=True):
            expected = known.get(pair[0].file_id, quick_hash if pair[0].mtime_ns == pair[1].mtime_ns else None)
            if quick_hash is None or expected != quick_hash:
                diff.renumbered.remove(pair)
                diff.changed.append(pair)

    async def _find_moved(self, diffs: Sequence[tuple[Listing, FolderDiff]]) -> dict[tuple[str, str], int]:
        new = [(listing.path, entry) for listing, diff in diffs for entry in diff.added if entry.kind in MOVABLE]
        if not new or not self._work.newest_file:
            return {}
        return await find_moves(self._work, self._root, new)

    # Units

    def _closed_units(self, at: str) -> list[str]:
        """Units the walk has left: none that holds the folder it is in."""
        here = unit_of(self._kind, at)
        return [
            unit
            for unit in self._open_units
            if unit not in self._late_units and unit and unit != here and not at.startswith(f"{unit}/")
        ]

    async def _settle(self, units: Sequence[str]) -> None:
        if not units:
            return
        if self._by_unit is None:
            self._by_unit = {}
            for path, row in self._folders.items():
                self._by_unit.setdefault(unit_of(self._kind, path), set()).add(row.folder_id)
        folder_ids = [folder_id for unit in units for folder_id in self._by_unit.get(unit, ())]
        chosen = set(units)
        digests = {
            self._folders[path].folder_id: digest
            for path, digest in self._digests.items()
            if unit_of(self._kind, path) in chosen
        }
        self._digests = {
            path: digest for path, digest in self._digests.items() if unit_of(self._kind, path) not in chosen
        }
        beside = {path: names for path, names in self._beside.items() if unit_of(self._kind, path) in chosen}
        self._beside = {path: names for path, names in self._beside.items() if path not in beside}
        await self._settler.settle(self._root, folder_ids, digests, beside)
        for unit in units:
            self._open_units.pop(unit, None)

    async def _vanished(self) -> None:
        """Folders that were known and are not there: all their files are gone."""
        lost = {path: self._folders[path] for path in self._unvisited}
        rows = await store.files_in(self._work.db.read, [row.folder_id for row in lost.values()])
        of_path = {row.folder_id: path for path, row in lost.items()}
        for folder_id, files in rows.items():
            gone = {
                row.file_id: row.kind
                for row in files
                if not row.is_missing and not self._work.tally.is_moved(row.file_id)
            }
            if gone:
                self._gone |= gone
                self._late_units[unit_of(self._kind, of_path[folder_id])] = None

    def _is_inside(self, path: str) -> bool:
        scope = self._scope
        if path == scope.path or (scope.deep and (not scope.path or path.startswith(f"{scope.path}/"))):
            return True
        # What belongs to the film of this folder is visited with it.
        below = f"{scope.path}/" if scope.path else ""
        return (
            self._kind is LibraryKind.MOVIE
            and path.startswith(below)
            and unit_of(self._kind, path) == unit_of(self._kind, scope.path)
        )

    def _where(self, path: str) -> str:
        return path or self._root.path.rpartition("/")[2]


def _is_of_same_size(pair: tuple[Known, Entry]) -> bool:
    known, entry = pair
    return known.size_bytes == entry.size_bytes and not known.is_missing


def _taken(listings: Iterator[Listing], pulse: Pulse) -> list[Listing]:
    pulse.beat()
    return take(listings)


def is_mass_loss(missing: int, known: int) -> bool:
    """Whether so many of the known files are gone that a person must confirm it.

    Source:
        Watch contract 4.4.
    """
    return missing > MASS_FILES and missing > known * MASS_SHARE
