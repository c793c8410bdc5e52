"""Photos in folders that a library scans: they stand among their owner's own, and their files stay where they lie.

The scanner tells of folders (`library.following`); what to do is decided by comparing each file with its photo, so it
may tell as often as it likes. A photo whose file is missing lies in the trash as offline, and comes out of it with its
file. What a member deleted is not made again (design §7.48).
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.library.models import Library
from homemedia.photos import scanned_store as store
from homemedia.photos.events import PhotosChanged, PhotosRestored, PhotosTrashed
from homemedia.photos.kinds import kind_of
from homemedia.photos.models import Todo, month_of
from homemedia.photos.removal import Removal
from homemedia.photos.scanned_store import Seen

# About 20 ms of the one writer.
BATCH = 150
# So many files are compared at a time.
LOOK = 500
WHOLE = Todo.FACTS | Todo.PICTURES
# A file's time can be anything; these leave room for every zone within the years 1 to 9999.
EARLIEST_MS, LATEST_MS = -62_100_000_000_000, 253_370_000_000_000

Row = dict[str, object]


class Plan(msgspec.Struct, kw_only=True):
    """What to do so that photos are as the files are. Rows hold what a statement needs but time and stamp.

    Attributes:
        births: files without a photo.
        changes: photos whose file changed, moved, went or came back.
        strangers: photos of another member, whose file was moved here.
        lost, back: those of `changes` that go offline, and that come out of the trash again.
    """

    births: list[Row] = []
    changes: list[Row] = []
    strangers: list[str] = []
    lost: set[str] = set()
    back: set[str] = set()


class ScannedPhotos:
    """What a scanner is told to follow a library of photos with (`library.following.Follower`).

    Attributes:
        after: has photos looked into that are owed something, in the transaction that makes them owe it.
        digest: told, at the end of a scan, that files of a library may be read whole in an idle hour.
    """

    def __init__(self, db: Database, removal: Removal, clock: Clock | None = None) -> None:
        self._db = db
        self._removal = removal
        self._clock = clock or Clock()
        self.after: Callable[[Write], Awaitable[None]] | None = None
        self.digest: Callable[[Write, str], Awaitable[None]] | None = None

    async def settle(self, library: Library, folder_ids: Sequence[int], told: Collection[int]) -> None:
        """Have the photos of some folders be as the files are; see `Follower`."""
        owner_id = library.owner_id
        if owner_id is None or not await store.may_own(self._db.read, owner_id):
            return
        rows, sidecars = await store.in_folders(self._db.read, folder_ids), frozenset(told)
        for at in range(0, len(rows), LOOK):
            seen = [store.seen(row) for row in rows[at : at + LOOK]]
            await self._settle(seen, library.library_id, owner_id, sidecars)

    async def _settle(self, seen: Sequence[Seen], library_id: str, owner_id: str, told: frozenset[int]) -> None:
        await asyncio.sleep(0)  # a folder may hold a hundred thousand
        found = plan(seen, library_id, owner_id, told)
        if found.strangers:
            # Another member's file lies here now: his photo of it is no more, and a new one is this member's.
            await self._removal.remove(found.strangers, is_remembered=False)
            left = [
                msgspec.structs.replace(file, photo_id=None) if file.owner_id != owner_id else file for file in seen
            ]
            found = plan(left, library_id, owner_id, told)
        for at in range(0, len(found.births), BATCH):
            await self._add(owner_id, found.births[at : at + BATCH])
        for at in range(0, len(found.changes), BATCH):
            await self._change(owner_id, found, found.changes[at : at + BATCH])

    async def finish(self, library: Library, *, is_whole: bool = True) -> None:
        """See to what hashes tell, and to photos that waited for their disk."""
        del is_whole
        again = await store.reused(self._db.read, library.library_id)
        if again:
            async with self._db.write() as tx:
                await store.forgive(tx, again)
            await self.settle(library, list({row["folder_id"] for row in again}), ())
        is_owed = await store.is_owed(self._db.read, library.library_id)
        async with self._db.write() as tx:
            if is_owed and self.after is not None:
                await self.after(tx)
            if self.digest is not None:
                await self.digest(tx, library.library_id)

    async def refresh(self, library: Library) -> int:
        """Have every photo of a library looked into again; how many."""
        count = 0
        while page := await store.unowed(self._db.read, library.library_id, WHOLE, BATCH):
            async with self._db.write() as tx:
                await store.owe(tx, page, WHOLE)
                if self.after is not None:
                    await self.after(tx)
            count += len(page)
        return count

    async def forget(self, file_ids: Sequence[int]) -> None:
        """Remove the photos made of files whose rows go next."""
        photo_ids = await store.of_files(self._db.read, file_ids)
        if photo_ids:
            await self._removal.remove(photo_ids, is_remembered=False)

    async def counts(self, library_ids: Sequence[str]) -> Mapping[str, int]:
        """How many photos of these libraries are there and not in the trash."""
        return await store.counts(self._db.read, library_ids)

    async def _add(self, owner_id: str, births: Sequence[Row]) -> None:
        async with self._db.write() as tx:
            now, stamps = self._clock.now_ms(), await tx.stamps(len(births))
            rows = [
                birth | {"photo_id": new_uuid(), "now": now, "stamp": stamp}
                for birth, stamp in zip(births, stamps, strict=True)
            ]
            await store.add(tx, rows)
            if self.after is not None:
                await self.after(tx)
            ids = tuple(str(row["photo_id"]) for row in rows)
            tx.announce(PhotosChanged(owner_id=owner_id, photo_ids=ids, is_new=True))

    async def _change(self, owner_id: str, found: Plan, changes: Sequence[Row]) -> None:
        async with self._db.write() as tx:
            now, stamps = self._clock.now_ms(), await tx.stamps(len(changes))
            await store.change(
                tx,
                [
                    change
                    | {"now": now, "stamp": stamp}
                    | ({"deleted_at": now} if change["photo_id"] in found.lost and not change["deleted_at"] else {})
                    for change, stamp in zip(changes, stamps, strict=True)
                ],
            )
            if self.after is not None and any(change["todo"] for change in changes):
                await self.after(tx)
            ids = [str(change["photo_id"]) for change in changes]
            for event, some in (
                (PhotosTrashed, tuple(one for one in ids if one in found.lost)),
                (PhotosRestored, tuple(one for one in ids if one in found.back)),
                (PhotosChanged, tuple(one for one in ids if one not in found.lost)),
            ):
                if some:
                    tx.announce(event(owner_id=owner_id, photo_ids=some))


def plan(seen: Sequence[Seen], library_id: str, owner_id: str, told: frozenset[int]) -> Plan:
    """What to do for some files. Pure.

    Args:
        seen: files of whole folders, with their photos.
        library_id: where they lie now.
        owner_id: whose photos they are.
        told: files whose sidecars changed.
    """
    found = Plan(births=[], changes=[], strangers=[], lost=set(), back=set())
    for file in seen:
        if file.photo_id is None:
            birth = _born(file, library_id, owner_id)
            if birth is not None:
                found.births.append(birth)
        elif file.owner_id != owner_id:
            found.strangers.append(file.photo_id)
        else:
            _compare(found, file, file.photo_id, library_id, is_told=file.file_id in told)
    return found


def _born(file: Seen, library_id: str, owner_id: str) -> Row | None:
    name = file.path.rpartition("/")[2]
    kind = kind_of(name)
    if kind is None or file.missing_since_at is not None or file.is_dismissed:
        return None
    modified_at = written_at(file.mtime_ns)
    return {
        "owner_id": owner_id,
        "file_id": file.file_id,
        "library_id": library_id,
        "kind": kind.value,
        "checksum": checksum_of_path(file.root, file.path),
        "original_name": name,
        "size_bytes": file.size_bytes,
        "modified_at": modified_at,
        "month": month_of(modified_at),
    }


def _compare(found: Plan, file: Seen, photo_id: str, library_id: str, *, is_told: bool) -> None:
    checksum, modified_at = checksum_of_path(file.root, file.path), written_at(file.mtime_ns)
    is_gone = file.missing_since_at is not None
    is_back = file.is_offline and not is_gone
    is_other = (file.known_bytes, file.modified_at) != (file.size_bytes, modified_at)
    todo = Todo(0)
    if is_other or (is_back and file.failure is not None):
        todo = WHOLE
    elif is_told:
        todo = Todo.FACTS
    is_elsewhere = (file.checksum, file.library_id) != (checksum, library_id)
    if not (todo or is_elsewhere or is_gone != file.is_offline):
        return
    deleted_at, trashed_before_at = file.deleted_at, file.trashed_before_at
    if is_gone and not file.is_offline:
        trashed_before_at = file.deleted_at
        if file.deleted_at is None:
            found.lost.add(photo_id)
    elif is_back:
        deleted_at, trashed_before_at = file.trashed_before_at, None
        if deleted_at is None:
            found.back.add(photo_id)
    found.changes.append(
        {
            "photo_id": photo_id,
            "library_id": library_id,
            "checksum": checksum,
            "original_name": file.path.rpartition("/")[2],
            "size_bytes": file.size_bytes,
            "modified_at": modified_at,
            "is_offline": int(is_gone),
            "deleted_at": deleted_at,
            "trashed_before_at": trashed_before_at,
            "todo": int(todo),
        }
    )


def checksum_of_path(root: str, path: str) -> bytes:
    """What stands for a scanned file's checksum: SHA-1 of its path, since its bytes are not read at once (photos §5.2).

    Args:
        root: absolute.
        path: below it.
    """
    return hashlib.sha1(f"{root}/{path}".encode("utf-8", "surrogateescape"), usedforsecurity=False).digest()


def written_at(mtime_ns: int) -> int:
    """A file's time in ms, within the years that a photo can have."""
    return min(max(mtime_ns // 1_000_000, EARLIEST_MS), LATEST_MS)


def sidecar_paths(path: str) -> list[str]:
    """Where a file's sidecar may lie, the first that is there counts: `name.ext.xmp`, then `name.xmp` (photos §8.2)."""
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return [f"{folder}{slash}{one}{ending}" for one in (name, stem) for ending in (".xmp", ".XMP")]
