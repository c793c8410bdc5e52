"""Blocks of scanned folders: one for each file and folder, as the files are; their documents are ours (heaps §9.2).

The scanner tells of folders, and of files that were read whole. What to do is decided by comparing each file with what
its block says, so it may tell as often as it likes. A moved file keeps its block, other bytes at its path are a new
version of it. A block whose file is missing goes into the trash a day later, and comes back with its file. What a
member purged is not made again (design §7.48).
"""

import asyncio
import contextlib
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.heaps import crdt
from homemedia.heaps import folders_store as store
from homemedia.heaps.documents import Author, Documents, Entry
from homemedia.heaps.events import BlocksDerived
from homemedia.heaps.files.keeping import LOOK_JOB
from homemedia.heaps.files.models import is_looked_into
from homemedia.heaps.files.sniffing import HEAD_BYTES, sniffed
from homemedia.heaps.folders_store import FolderHeap, FolderSeen, Seen
from homemedia.library.models import Library
from homemedia.library.scan.disks import Disks, Pulse

# Documents of one transaction.
BATCH: Final = 500
DAY_MS: Final = 24 * 3600 * 1000
SERVER: Final = "server"
BY_SERVER: Final = Author(user_id=None, device=SERVER)

Roots = dict[str, dict[str, Any]]


class FolderBlocks:
    """What a scanner is told to follow a folder heap's library with (`library.following.Follower`).

    Attributes:
        placing: root and path of files that are just put there for blocks of their own.
    """

    def __init__(self, db: Database, documents: Documents, disks: Disks, clock: Clock | None = None) -> None:
        self.placing: Container[tuple[int, str]] = frozenset()
        self._db = db
        self._disks = disks
        self._documents = documents
        self._clock = clock or Clock()

    async def settle(self, library: Library, folder_ids: Sequence[int], told: Collection[int]) -> None:
        """Have the blocks of some folders be as the files are; see `Follower`."""
        del told
        heap = await store.of_library(self._db.read, library.library_id)
        if heap is None:
            return
        seen = await store.in_folders(self._db.read, folder_ids)
        await self._settle(heap, seen)
        gone = [one.block_id for one in seen if one.block_id is not None and one.missing_since_at is not None]
        if gone:
            async with self._db.write() as tx:
                tx.announce(BlocksDerived(heap_id=heap.heap_id, block_ids=tuple(gone)))

    async def read_whole(self, library: Library, file_ids: Sequence[int]) -> None:
        """The hashes of these files are known now."""
        heap = await store.of_library(self._db.read, library.library_id)
        if heap is not None:
            await self._settle(heap, await store.of_files(self._db.read, file_ids))

    async def settle_files(self, heap: FolderHeap, file_ids: Sequence[int]) -> None:
        """Have the blocks of some files say what they are."""
        await self._settle(heap, await store.of_files(self._db.read, file_ids))

    async def finish(self, library: Library, *, is_whole: bool) -> None:
        """See to what was cut short, and, when all was looked at, to what is gone for good."""
        heap = await store.of_library(self._db.read, library.library_id)
        if heap is None:
            return
        after = ""
        while seen := await store.owed(self._db.read, heap.root_id, after, BATCH):
            after = seen[-1].path
            await self._settle(heap, seen)
        if not is_whole:
            return
        before = self._clock.now_ms() - DAY_MS
        while gone := await store.long_gone(self._db.read, heap.root_id, before, BATCH):
            await self._trash(heap, gone)
        while gone := await store.empty_folders(self._db.read, heap.heap_id, BATCH):
            await self._trash(heap, gone)

    async def refresh(self, library: Library) -> int:
        """Nothing is kept here that could be read again."""
        del library
        return 0

    async def forget(self, file_ids: Sequence[int]) -> None:
        """Let go of files whose rows go next."""
        async with self._db.write() as tx:
            await store.unlink(tx, file_ids)

    async def _settle(self, heap: FolderHeap, seen: Sequence[Seen]) -> None:
        due = [one for one in seen if is_due(one) and (heap.root_id, one.path) not in self.placing]
        for some in _batches(due):
            await asyncio.sleep(0)
            folders = await self._folders(heap, {one.folder_id for one in some})
            fresh = {one.file_id: new_uuid() for one in some if one.block_id is None}
            if fresh:
                async with self._db.write() as tx:
                    await store.add_files(tx, heap.heap_id, fresh)
            # Another run may have been quicker.
            now_seen = await store.of_files(self._db.read, [one.file_id for one in some])
            await self._write(heap, [one for one in now_seen if is_due(one)], folders)

    async def _write(self, heap: FolderHeap, seen: Sequence[Seen], folders: Mapping[int, str]) -> None:
        """Say in documents what the files are, and then that it is said."""
        left = {_folder(one.said_path) for one in seen if one.said_path is not None}
        before = {"": heap.block_id, **await store.folders_at(self._db.read, heap.root_id, left)}
        now = self._clock.now_ms()
        wishes: dict[str, Roots] = {}
        rows: dict[str, dict[str, object]] = {}
        mimes = await self._disks.ask(heap.path, _types, heap.path, [one.path for one in seen], pulse=Pulse())
        for one, mime in zip(seen, mimes, strict=True):
            if one.block_id is None or one.sha256 is None:
                continue
            parent = folders.get(one.folder_id, heap.block_id)
            old = before.get(_folder(one.said_path)) if one.said_path is not None else None
            wishes[one.block_id] = wish_of(one, mime=mime, parent=parent, old_parent=old, now=now)
            rows[one.block_id] = {
                "file_id": one.file_id,
                "block_id": one.block_id,
                "heap_id": heap.heap_id,
                "user_id": heap.owner_id,
                "hash": one.sha256,
                "path": one.path,
                "name": one.name,
                "mime": mime,
                "now": now,
                "is_other": one.hash is not None and one.hash != one.sha256,
            }
        said = await self._edit(heap, wishes)
        async with self._db.write() as tx:
            await store.said_files(tx, [rows[block_id] for block_id in said])
            for block_id in said:
                if is_looked_into(str(rows[block_id]["mime"])):
                    await tx.enqueue(LOOK_JOB, str(rows[block_id]["file_id"]))

    async def _folders(self, heap: FolderHeap, folder_ids: Collection[int]) -> dict[int, str]:
        """The blocks of folders, made where there are none."""
        chain = await store.chain(self._db.read, folder_ids)
        lacking = {one.folder_id: new_uuid() for one in chain if one.path and one.block_id is None}
        if lacking:
            async with self._db.write() as tx:
                await store.add_folders(tx, heap.heap_id, lacking)
            chain = await store.chain(self._db.read, folder_ids)
        blocks = {one.folder_id: one.block_id or heap.block_id for one in chain}
        due = {one.block_id: one for one in chain if one.block_id and (not one.is_written or one.is_trashed)}
        now = self._clock.now_ms()
        said = await self._edit(heap, {block_id: _folder_wish(one, blocks, now) for block_id, one in due.items()})
        if said:
            async with self._db.write() as tx:
                await store.said_folders(tx, [due[block_id].folder_id for block_id in said])
        return blocks

    async def _trash(self, heap: FolderHeap, block_ids: Sequence[str]) -> None:
        now = self._clock.now_ms()
        # Marked first: a document that cannot be edited must not be tried for ever.
        async with self._db.write() as tx:
            await store.trashed(tx, block_ids)
        await self._edit(heap, {block_id: {"meta": {"deleted_at": now}} for block_id in block_ids})

    async def _edit(self, heap: FolderHeap, wishes: Mapping[str, Roots]) -> list[str]:
        """Edit documents, new ones too, in one transaction; those whose edit stands in them now."""
        if not wishes:
            return []
        known = await self._documents.read(wishes)
        block_ids = list(wishes)
        asked = [
            {
                "update": known[block_id].update if block_id in known else crdt.EMPTY_UPDATE,
                "roots": wishes[block_id],
            }
            for block_id in block_ids
        ]
        edits = await self._documents.mill.call("edit_roots", asked, list[bytes])
        entries = [
            Entry(block_id=block_id, heap_id=heap.heap_id, data=edit, by=BY_SERVER)
            for block_id, edit in zip(block_ids, edits, strict=True)
            if edit
        ]
        taken = await self._documents.take(entries)
        return [
            entry.block_id
            for entry, one in zip(entries, taken, strict=True)
            if one.status in {"created", "applied", "unchanged", "pending"}
        ]


def is_due(file: Seen) -> bool:
    """Whether a block has to say something else, or has to be made. Pure."""
    if file.missing_since_at is not None or file.sha256 is None or file.is_dismissed:
        return False
    return file.block_id is None or file.is_trashed or (file.hash, file.said_path) != (file.sha256, file.path)


def wish_of(file: Seen, *, mime: str, parent: str, old_parent: str | None, now: int) -> Roots:
    """What a block's document shall say of its file. Pure; the name of the newest file is the block's title.

    Args:
        file: with its hash.
        mime: as its first bytes say.
        parent: block of the folder it lies in.
        old_parent: of the one that the document names by now.
        now: ms; the newest file of a block is its primary one.
    """
    meta: dict[str, Any] = {}
    if file.hash is None:
        meta = {"type": "file", "created_at": min(max(file.mtime_ns // 1_000_000, 1), now)}
    if file.is_trashed:
        meta["deleted_at"] = meta["deleted_by"] = None
    tags: dict[str, Any] = {}
    if file.said_path is None or old_parent != parent:
        tags[parent] = {"added_at": now}
        if old_parent is not None:
            tags[old_parent] = None
    entry = {"name": file.name, "size": file.size_bytes, "mime": mime, "added_at": now}
    return {"meta": meta, "files": {str(file.sha256): entry}, "tags": tags}


def _folder_wish(folder: FolderSeen, blocks: Mapping[int, str], now: int) -> Roots:
    meta: dict[str, Any] = {"deleted_at": None, "deleted_by": None}
    tags = {}
    if not folder.is_written:
        meta |= {"title": folder.path.rpartition("/")[2], "type": "folder", "created_at": now}
        if folder.parent_id is not None and folder.parent_id in blocks:
            tags[blocks[folder.parent_id]] = {"added_at": now}
    return {"meta": meta, "tags": tags}


def _types(root: str, paths: Sequence[str], pulse: Pulse) -> list[str]:
    """What files are by their first bytes; one that cannot be read is told by its name alone."""
    found = []
    for path in paths:
        head = b""
        with contextlib.suppress(OSError), Path(root, path).open("rb") as file:
            head = file.read(HEAD_BYTES)
        found.append(sniffed(head, path.rpartition("/")[2]))
        pulse.beat()
    return found


def _folder(path: str | None) -> str:
    return (path or "").rpartition("/")[0]


def _batches(seen: Sequence[Seen]) -> Iterator[Sequence[Seen]]:
    for at in range(0, len(seen), BATCH):
        yield seen[at : at + BATCH]
