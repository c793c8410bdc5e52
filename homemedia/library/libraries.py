"""The rules for libraries: which folders they may have, what follows when they change or go."""

import contextlib
import functools
import sqlite3
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.ids import new_uuid
from homemedia.core.places import Places
from homemedia.core.problems import BadRequest, Conflict, NotFound
from homemedia.library import libraries_store as store
from homemedia.library.events import LibrariesChanged, LibraryRemoved
from homemedia.library.following import Follower
from homemedia.library.jobs import ScanDesk
from homemedia.library.models import (
    OWNED_KINDS,
    SCANNED_KINDS,
    Library,
    LibraryKind,
    LibraryOptions,
    OptionChanges,
    Problem,
    Root,
)
from homemedia.library.scan import relocate_store, results_store
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.library.scan.relocate import Relocation, Shift, assign, find_shift, nested
from homemedia.library.scan.roots import PathAnswer, check_choice, overlaps
from homemedia.library.scan.tidying import PARENTS
from homemedia.sharing import Grants

LOOK_LIMIT_S = 10.0
REMOVE_BATCH = 300
# Files by which a folder is recognised at another place.
SAMPLE = 60


class LibraryService:
    """Makes, changes and removes libraries.

    Args:
        db: where they stand.
        desk: who scans them.
        places: our own folders, which no library may hold.
        disks: who looks at folders.
        grants: who may see a library.
        clock: the time.
        language, country: what a library gets when nothing is said.

    Attributes:
        follower: who makes things of files beside items, and is told before files are forgotten.
    """

    def __init__(
        self,
        db: Database,
        desk: ScanDesk,
        places: Places,
        disks: Disks,
        grants: Grants,
        clock: Clock,
        *,
        language: str = "en",
        country: str = "US",
    ) -> None:
        self._db = db
        self._desk = desk
        self._owned = (places.data_dir, places.transcode_dir)
        self._disks = disks
        self._grants = grants
        self._clock = clock
        self._language = language
        self._country = country
        self.follower: Follower | None = None

    async def get(self, library_id: str) -> Library:
        """One library with its folders.

        Raises:
            NotFound: there is none.
        """
        found = await store.library(self._db.read, library_id)
        if found is None:
            raise NotFound("There is no such library.")
        return found

    async def listed(self, library_id: str) -> Library:
        """As `get`, of those that people look after; a folder heap's is looked after by its heap.

        Raises:
            NotFound: there is none.
        """
        found = await self.get(library_id)
        if found.kind is LibraryKind.FOLDER:
            raise NotFound("There is no such library.")
        return found

    async def all(self) -> list[Library]:
        """Every library in the administrators' order."""
        return await store.libraries(self._db.read)

    async def create(
        self,
        actor: Member,
        *,
        name: str,
        kind: LibraryKind,
        paths: Sequence[str],
        language: str | None = None,
        options: OptionChanges | None = None,
    ) -> Library:
        """Make a library and begin to scan it.

        Raises:
            BadRequest: a folder cannot be used (`path_…`), or libraries of this kind cannot be read yet.
            Conflict: `name_taken`, `path_overlap`.
        """
        if kind not in SCANNED_KINDS:
            raise BadRequest(
                "A library holds films, shows, home videos, music or photos.", field="type", reason="is made elsewhere"
            )
        if not paths:
            raise BadRequest("A library needs a folder.", field="paths", reason="is required")
        return await self._create(actor, name=name, kind=kind, paths=paths, language=language, options=options)

    async def open_folder(
        self, actor: Member, *, name: str, path: str, after: Callable[[Write, Library], Awaitable[None]]
    ) -> Library:
        """Make the library behind a folder heap, and begin to scan it.

        Args:
            actor: whose it is.
            name: may be that of another library.
            path: of the folder.
            after: writes down whose it is, in the same transaction.

        Raises:
            BadRequest: the folder cannot be used (`path_…`).
            Conflict: `path_overlap`.
        """
        return await self._create(actor, name=name, kind=LibraryKind.FOLDER, paths=[path], after=after)

    async def real_path(self, path: str) -> str:
        """Where a folder lies that somebody chose, links resolved.

        Raises:
            BadRequest: it cannot be used (`path_…`).
        """
        return (await self._checked([path]))[0]

    async def _create(
        self,
        actor: Member,
        *,
        name: str,
        kind: LibraryKind,
        paths: Sequence[str],
        language: str | None = None,
        options: OptionChanges | None = None,
        after: Callable[[Write, Library], Awaitable[None]] | None = None,
    ) -> Library:
        real = await self._checked(paths)
        name = _clean(name)
        given = (options or OptionChanges()).over(LibraryOptions(country=self._country))
        owner_id = await self._owner(kind, given.owner_id) or actor.user_id
        library = Library(
            library_id=new_uuid(),
            kind=kind,
            name=name,
            owner_id=owner_id,
            language=language or self._language,
            position=0,
            options=msgspec.structs.replace(given, owner_id=owner_id if kind in OWNED_KINDS else None),
            is_available=True,
            created_at=self._clock.now_ms(),
            last_scan_at=None,
        )
        async with self._db.write(durable=True) as tx:
            await self._refuse_taken(await tx.rows(store.NAME_TAKEN, _name_args(library)))
            _refuse_overlap(real, [row["path"] for row in await tx.rows(store.ROOTS, {"library_id": None})])
            position = (await tx.rows(store.NEXT_POSITION))[0]["position"]
            library = msgspec.structs.replace(library, position=position)
            await store.insert(tx, library, _key_of(library), real)
            if kind not in OWNED_KINDS:
                await self._grants.open_library(tx, library.library_id)
            if after is not None:
                await after(tx, library)
            tx.announce(LibrariesChanged())
        await self._desk.scan(library.library_id)
        return await self.get(library.library_id)

    async def change(
        self,
        library_id: str,
        *,
        name: str | None = None,
        kind: LibraryKind | None = None,
        paths: Sequence[str] | None = None,
        language: str | None = None,
        options: OptionChanges | None = None,
        position: int | None = None,
    ) -> Library:
        """Change what is given. New folders are scanned; what was found in dropped ones goes, and is known again later.

        A dropped folder whose files lie in a new one was moved: then its items stay, with all that is known of them.

        Raises:
            Conflict: `type_immutable`, and as `create`.
        """
        before = await self.listed(library_id)
        if kind is not None and kind is not before.kind:
            raise Conflict("The type of a library cannot be changed. Make a new one.", code="type_immutable")
        if options is not None:
            options = _of_same_owner(options, before)
        real = None if paths is None else await self._checked(paths)
        after = msgspec.structs.replace(
            before,
            name=before.name if name is None else _clean(name),
            language=language or before.language,
            options=(options or OptionChanges()).over(before.options),
            position=before.position if position is None else position,
        )
        # Asked before anything is dropped: what is refused must change nothing.
        await self._refuse_taken(await self._db.read(store.NAME_TAKEN, _name_args(after)))
        folders = await self._new_folders(before, real)
        if folders.dropped:
            await self._desk.stop(library_id)
        for root_id in folders.dropped:
            if root_id not in folders.moved:
                await self._drop_files(root_id)
            elif kept := folders.moved[root_id].shift.before:
                await self._let_go_outside(root_id, kept)
        async with self._db.write(durable=True) as tx:
            await self._refuse_taken(await tx.rows(store.NAME_TAKEN, _name_args(after)))
            await store.update(tx, after, name_key(after.name))
            await self._place(tx, library_id, folders)
            tx.announce(LibrariesChanged())
        if folders.dropped:
            await self._forget_left_over(library_id)
        if folders.dropped or folders.added or after.options.ignore != before.options.ignore:
            await self._desk.scan(library_id)
        return await self.get(library_id)

    async def _new_folders(self, before: Library, real: Sequence[str] | None) -> "_Folders":
        """What becomes of a library's folders when it shall have these; None leaves them.

        Raises:
            Conflict: `path_overlap`.
        """
        if real is None:
            return _Folders()
        _refuse_overlap(real, await self._taken(self._db.read, before.library_id))
        kept = {root.path: root.root_id for root in before.roots if root.path in real}
        dropped = [root for root in before.roots if root.path not in kept]
        added = [path for path in real if path not in kept]
        return _Folders(
            wanted=tuple(real),
            kept=kept,
            dropped={root.root_id: root.path for root in dropped},
            added=tuple(added),
            moved=await self._moved(dropped, added),
        )

    async def _place(self, tx: Write, library_id: str, folders: "_Folders") -> None:
        if not folders.wanted:
            return
        _refuse_overlap(folders.wanted, await self._taken(tx.rows, library_id))
        kept = dict(folders.kept)
        for root_id, path in folders.dropped.items():
            await tx.run(results_store.DROP_PROBLEMS_BELOW, {"library_id": library_id, "path": path})
            if root_id not in folders.moved:
                await tx.run(store.DROP_ROOT, {"root_id": root_id})
        for root_id, to in folders.moved.items():
            await tx.call(functools.partial(relocate_store.relocate, root_id=root_id, to=to))
            kept[to.path] = root_id
        if folders.moved:
            # Pictures and NFO files are known by their whole paths; names may say more where they lie deeper.
            await tx.run(results_store.OWE_DETAILS, {"library_id": library_id})
        for at, path in enumerate(folders.wanted):
            if path in kept:
                await tx.run(store.PLACE_ROOT, {"root_id": kept[path], "position": at})
            else:
                await tx.run(store.INSERT_ROOT, {"library_id": library_id, "path": path, "position": at})

    async def _taken(self, read: Reader, library_id: str) -> list[str]:
        """The folders of all other libraries."""
        return [row["path"] for row in await read(store.ROOTS, {"library_id": None}) if row["library_id"] != library_id]

    async def remove(self, actor: Member, library_id: str) -> None:
        """Remove a library and its items. Media files stay; watch state waits under the items' identities.

        Raises:
            NotFound: there is none.
        """
        await self.listed(library_id)
        await self.drop(library_id, actor.user_id)

    async def drop(self, library_id: str, by: str) -> None:
        """As `remove`, in the name of somebody who may not be there any more."""
        await self.get(library_id)
        await self._desk.stop(library_id)
        keys = tuple(row["rating_key"] for row in await self._db.read(store.RATING_KEYS, {"library_id": library_id}))
        while True:
            rows = await self._db.read(store.ITEMS, {"library_id": library_id, "limit": REMOVE_BATCH})
            if not rows:
                break
            await self._forget([row["item_id"] for row in rows])
        for root in (await self.get(library_id)).roots:
            await self._drop_files(root.root_id)
        async with self._db.write(durable=True) as tx:
            await self._grants.close_library(tx, library_id, by=by)
            await tx.run(store.DROP_LIBRARY, {"library_id": library_id})
            tx.announce(LibraryRemoved(library_id, keys))
            tx.announce(LibrariesChanged())

    async def problems(self, library_id: str, *, offset: int, limit: int) -> tuple[list[Problem], int]:
        """What could not be listed or read in the last scan, by path, and how many there are."""
        await self.get(library_id)
        found = await results_store.problems(self._db.read, library_id, offset=offset, limit=limit)
        return found, await results_store.count_problems(self._db.read, library_id)

    async def _forget(self, item_ids: list[int]) -> None:
        now = self._clock.now_ms()

        def work(connection: sqlite3.Connection) -> None:
            results_store.forget_items(connection, item_ids, now)

        async with self._db.write() as tx:
            await tx.call(work)

    async def _moved(self, dropped: Sequence[Root], added: Sequence[str]) -> dict[int, Relocation]:
        """Which of the dropped folders are among the new ones, by what lies there."""
        found: dict[tuple[int, str], Shift] = {}
        for root in dropped:
            rows = await self._db.read(relocate_store.SOME_OF, {"root_id": root.root_id, "limit": SAMPLE})
            some = [(row["path"], row["size_bytes"]) for row in rows]
            for path in added:
                shift = nested(root.path, path)
                if shift is None and some:
                    with contextlib.suppress(DiskSilent):
                        shift = await self._disks.ask_within(LOOK_LIMIT_S, path, find_shift, path, some)
                if shift is not None:
                    found[root.root_id, path] = shift
        return assign(found)

    async def _forget_left_over(self, library_id: str) -> None:
        """Forget the items that have no files any more."""
        while True:
            rows = await self._db.read(results_store.LEFT_OVER, {"library_id": library_id})
            for kind in PARENTS:
                rows += await self._db.read(results_store.EMPTY_PARENTS, {"library_id": library_id, "kind": kind})
            if not rows:
                return
            await self._forget([row["item_id"] for row in rows[:REMOVE_BATCH]])

    async def _owner(self, kind: LibraryKind, owner_id: str | None) -> str | None:
        """Whose a library shall be, where that is said.

        Raises:
            BadRequest: there is no such member.
        """
        if kind not in OWNED_KINDS or owner_id is None:
            return None
        if not await self._db.read(store.MAY_OWN, {"owner_id": owner_id}):
            raise BadRequest("There is no such member.", field="options.ownerId", reason="is nobody's")
        return owner_id

    async def _let_go_outside(self, root_id: int, kept: str) -> None:
        """What is followed in a root goes that lies outside the folder which is kept of it."""
        if self.follower is None:
            return
        rows = await self._db.read(store.FILES_OUTSIDE, {"root_id": root_id, "kept": kept})
        await self.follower.forget([row["file_id"] for row in rows])

    async def _drop_files(self, root_id: int) -> None:
        while True:
            rows = await self._db.read(store.FILES_OF_ROOT, {"root_id": root_id, "limit": REMOVE_BATCH})
            if not rows:
                return
            if self.follower is not None:
                await self.follower.forget([row["file_id"] for row in rows])
            async with self._db.write() as tx:
                ids = msgspec.json.encode([row["file_id"] for row in rows]).decode()
                await tx.run(results_store.DROP_FILES, {"file_ids": ids})

    async def _checked(self, paths: Sequence[str]) -> list[str]:
        """The real paths of chosen folders."""
        real: list[str] = []
        for at, path in enumerate(paths):
            try:
                answer = await self._disks.ask_within(LOOK_LIMIT_S, path, check_choice, path, self._owned)
            except DiskSilent:
                answer = PathAnswer(
                    path=path, code="path_not_readable", sentence="The disk of this folder does not answer."
                )
            if answer.code is not None:
                raise BadRequest(answer.sentence, code=answer.code, field=f"paths[{at}]")
            if any(overlaps(answer.path, other) for other in real):
                raise Conflict("One of these folders lies inside another.", code="path_overlap", field=f"paths[{at}]")
            real.append(answer.path)
        return real

    async def _refuse_taken(self, rows: Sequence[object]) -> None:
        if rows:
            raise Conflict("There is a library of this name already.", code="name_taken", field="name")


class _Folders(msgspec.Struct, frozen=True, kw_only=True):
    """A library's folders when they are changed; `wanted` is empty when they are not.

    `kept` are root ids by path, `dropped` paths by root id; `moved` are those of them that lie in an added folder now.
    """

    wanted: tuple[str, ...] = ()
    kept: dict[str, int] = {}
    dropped: dict[int, str] = {}
    added: tuple[str, ...] = ()
    moved: dict[int, Relocation] = {}


def name_key(name: str) -> str:
    """Names are equal when they differ in case only."""
    return name.casefold()


def _key_of(library: Library) -> str:
    """What no two libraries have alike; those of folder heaps stand in no list, and may be called as others are."""
    return f"/{library.library_id}" if library.kind is LibraryKind.FOLDER else name_key(library.name)


def _name_args(library: Library) -> dict[str, object]:
    return {"name_key": _key_of(library), "library_id": library.library_id}


def _of_same_owner(options: OptionChanges, library: Library) -> OptionChanges:
    """The changes without whose it is, which stays.

    Raises:
        Conflict: `owner_immutable`.
    """
    if library.kind in OWNED_KINDS and options.owner_id not in {msgspec.UNSET, None, library.owner_id}:
        raise Conflict(
            "These are the photos of the member the library was made for. Make a new one for somebody else.",
            code="owner_immutable",
            field="options.ownerId",
        )
    return msgspec.structs.replace(options, owner_id=msgspec.UNSET)


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadRequest("A library needs a name.", field="name", reason="is required")
    return name


def _refuse_overlap(paths: Sequence[str], taken: Sequence[str]) -> None:
    for at, path in enumerate(paths):
        if any(overlaps(path, other) for other in taken):
            raise Conflict(
                "This folder is, holds or lies in a folder of another library.",
                code="path_overlap",
                field=f"paths[{at}]",
            )
