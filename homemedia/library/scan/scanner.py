"""One scan of one library from beginning to end: the steps in order, and how it ended. The README beside tells more."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.library import libraries_store, told
from homemedia.library.artwork.beside_music import MusicPictures
from homemedia.library.events import ItemsChanged, LibrariesChanged, ScanFinished, ScanProgressed, ScanStarted
from homemedia.library.following import Follower
from homemedia.library.models import OWNED_KINDS, Library, LibraryKind, Outcome, ScanResult
from homemedia.library.scan import results_store, roots, store, tidying
from homemedia.library.scan.context import Scope, Stopped, Work
from homemedia.library.scan.diff import FileReports
from homemedia.library.scan.discover import Discovery, Settling, is_mass_loss
from homemedia.library.scan.disks import Disks, DiskSilent
from homemedia.library.scan.following import FollowedFiles
from homemedia.library.scan.hashes import hash_all
from homemedia.library.scan.identify import unit_of
from homemedia.library.scan.playlists import read_playlists
from homemedia.library.scan.probing import Prober, probe_all
from homemedia.library.scan.reporting import Reporter
from homemedia.library.scan.settling import Settler
from homemedia.library.scan.tags import TagReader, link_guests
from homemedia.library.scan.tally import Tally
from homemedia.library.scan.whole import Told, read_whole

AGAIN_BATCH = 2000
LOSS_WINDOW_MS = 3600 * 1000


class ScanWish(msgspec.Struct, frozen=True):
    """What a scan job shall do; without scopes all of the library."""

    scopes: tuple[Scope, ...] = ()
    force: bool = False


class RefreshWish(msgspec.Struct, frozen=True):
    mode: Literal["all", "missing"] = "all"


class Artist(Protocol):
    """What the step `artwork` needs of `artwork.ArtworkMaker`."""

    async def wish(self, tx: Write, library_id: str) -> None: ...


class Online(Protocol):
    """What a scan needs of `tmdb.matcher.Matcher`: it leaves a wish, and goes on."""

    async def wish(self, tx: Write, library_id: str) -> int: ...


class Parts(msgspec.Struct, kw_only=True, eq=False):
    """What a scanner is made of."""

    db: Database
    clock: Clock
    lane: Lane
    disks: Disks = msgspec.field(default_factory=Disks)
    tools: Prober
    reader: tidying.Reader
    artist: Artist
    index_items: tidying.Indexer
    publish: Callable[[object], None]
    online: Online | None = None
    owned: tuple[Path, ...] = ()


class Scanner:
    """Bodies of the job kinds `scan` and `refresh`.

    Attributes:
        follower: who makes something of files that are no items.
        on_whole: told which files of a folder heap's library were read whole.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._db = parts.db
        self.reports = FileReports()
        self.links: dict[int, dict[str, str]] = {}
        self.follower: Follower | None = None
        self.on_whole: Told = _nobody
        self._confirmed_at: dict[str, int] = {}
        self.may_probe = asyncio.Event()
        self.may_probe.set()
        self.on_deferred: Callable[[str, Sequence[Scope]], None] = lambda _library_id, _scopes: None

    async def scan(self, run: JobRun, wish: ScanWish) -> None:
        """Do one scan of the library `run.key`. May be killed at any line and run again."""
        library = await libraries_store.library(self._db.read, run.key)
        if library is None:
            return
        work = self._work(run, library, force=wish.force)
        await self._watched(run, work, "scan", lambda: self._scan(work, wish))
        if work.deferred:
            self.on_deferred(library.library_id, work.deferred)

    async def refresh(self, run: JobRun, wish: RefreshWish) -> None:
        """Read NFO, tags and pictures of every item again."""
        library = await libraries_store.library(self._db.read, run.key)
        if library is None:
            return
        work = self._work(run, library, force=False)
        await self._watched(run, work, "refresh", lambda: self._refresh(work, wish))

    def tell(self, run: JobRun) -> None:
        """Something about this scan is otherwise than it was."""
        self._parts.publish(ScanProgressed(run.job_id, run.key))

    def _work(self, run: JobRun, library: Library, *, force: bool) -> Work:
        tally = Tally()
        started_at = self._parts.clock.now_ms()
        return Work(
            db=self._db,
            lane=self._parts.lane,
            disks=self._parts.disks,
            clock=self._parts.clock,
            library=library,
            scan_id=run.job_id,
            tally=tally,
            report=Reporter(run, library.library_id, tally, self._parts.publish, started_at),
            reports=self.reports,
            owned=self._parts.owned,
            publish=self._parts.publish,
            is_first=library.last_scan_at is None,
            force=force,
            links=self.links,
            deferred=[],
        )

    async def _watched(
        self, run: JobRun, work: Work, kind: Literal["scan", "refresh"], body: Callable[[], Awaitable[None]]
    ) -> None:
        """Run a body, and write down how it ended; only a stop of the server leaves nothing, since it goes on later."""
        library_id = work.library.library_id
        started_at = self._parts.clock.now_ms()
        self._parts.publish(ScanStarted(run.job_id, library_id))
        try:
            await body()
        except (Stopped, DiskSilent) as err:
            stop = err if isinstance(err, Stopped) else Stopped("disk_silent", err.disk, err.sentence)
            await self._note_stop(work, stop)
            await self._end(work, kind, "unavailable", started_at, stop.sentence)
        except asyncio.CancelledError:
            if run.cancelled:
                await asyncio.shield(self._end(work, kind, "cancelled", started_at, None))
            raise
        except AppError as err:
            await self._end(work, kind, "failed", started_at, err.message)
            raise
        except Exception:
            await self._end(work, kind, "failed", started_at, "Something went wrong inside. The log tells more.")
            raise
        else:
            await self._end(work, kind, "ok", started_at, None)

    async def _end(
        self, work: Work, kind: Literal["scan", "refresh"], result: Outcome, started_at: int, why: str | None
    ) -> None:
        library_id = work.library.library_id
        async with self._db.write() as tx:
            # A library removed meanwhile has no row to hang a result on.
            if await tx.rows(libraries_store.LIBRARY, {"library_id": library_id}):
                if result == "ok" and kind == "scan":
                    before = await results_store.failed_before(tx.rows, library_id)
                    await told.problems(tx, work.library, before=before, now=work.tally.counts().failed)
                await results_store.set_result(
                    tx,
                    ScanResult(
                        library_id=library_id,
                        kind=kind,
                        scan_id=work.scan_id,
                        result=result,
                        started_at=started_at,
                        finished_at=self._parts.clock.now_ms(),
                        counts=work.tally.counts(),
                        why=why,
                    ),
                )
            tx.announce(ScanFinished(work.scan_id, library_id))

    async def _note_stop(self, work: Work, stop: Stopped) -> None:
        library_id = work.library.library_id
        problem = results_store.Noted(path=stop.path, step="walk", code=stop.code, sentence=stop.sentence)
        async with self._db.write() as tx:
            await results_store.note_problems(tx, library_id, work.scan_id, [problem])
            if await tx.run(libraries_store.SET_AVAILABLE, {"library_id": library_id, "is_available": 0}):
                await told.lost(tx, work.library, stop.sentence)
                tx.announce(LibrariesChanged())

    # The scan

    async def _scan(self, work: Work, wish: ScanWish) -> None:
        states = await self._look_at_roots(work)
        known_on = {root.root_id: root.device for root in work.library.roots}
        work.relocated = frozenset(state.root_id for state in states if state.device != known_on[state.root_id])
        work.newest_file = await store.newest_file(self._db.read)
        if work.force:
            await self._forget_what_is_known(work, wish.scopes)
        elif not wish.scopes:
            async with self._db.write() as tx:
                await tx.run(store.TRY_AGAIN, {"library_id": work.library.library_id})
        scopes = await self._plan(work, wish.scopes)
        settler = self._settler(work)
        walks = [Discovery(work, settler, scope) for scope in scopes]
        for walk in walks:
            await walk.run()
            for other in walks:
                other.was_moved(file_id for file_id in other.missing if work.tally.is_moved(file_id))
        await self._confirm_losses(work, walks)
        if any(walk.missing for walk in walks):
            # A disk pulled out during the walk must not look like deleted files either.
            await self._look_at_roots(work)
        for walk in walks:
            await walk.finish()
        await settler.finish()
        await self._note_available(work, states)
        if work.library.kind in OWNED_KINDS:
            await self._follow(work, is_whole=not wish.scopes)
        else:
            await self._understand(work)
        work.report.phase("cleanup")
        await tidying.settle_presence(work)
        if not wish.scopes:
            await tidying.drop_expired(work, self.follower)
            async with self._db.write() as tx:
                now = self._parts.clock.now_ms()
                await tx.run(libraries_store.SET_SCANNED, {"library_id": work.library.library_id, "now": now})

    def _settler(self, work: Work) -> Settling:
        """Who makes something of what is found."""
        if work.library.kind in OWNED_KINDS:
            return FollowedFiles(work, self.follower)
        is_music = work.library.kind is LibraryKind.MUSIC
        return Settler(work, TagReader(work, self._parts.tools, self.may_probe) if is_music else None)

    async def _understand(self, work: Work) -> None:
        """What follows for items when all files are known."""
        await tidying.settle_presence(work)
        if work.library.kind is LibraryKind.MUSIC:
            await link_guests(work)
            await read_playlists(work)
        await tidying.index_all(work, self._parts.index_items)
        await probe_all(work, self._parts.tools, self.may_probe)
        await self._details(work)

    async def _follow(self, work: Work, *, is_whole: bool) -> None:
        """The same where files are no items: who follows them looks into them in his own time."""
        if work.library.kind is LibraryKind.FOLDER:
            await read_whole(work, self.on_whole)
        else:
            await hash_all(work)
            await probe_all(work, self._parts.tools, self.may_probe)
        if self.follower is not None:
            await self.follower.finish(work.library, is_whole=is_whole)

    async def _details(self, work: Work) -> None:
        await tidying.read_details(work, self._reader_of(work))
        work.report.phase("artwork")
        if work.library.options.extract_thumbs:
            async with self._db.write() as tx:
                await self._parts.artist.wish(tx, work.library.library_id)
        await self._ask_online(work)

    async def _ask_online(self, work: Work) -> int:
        """Have TMDb asked in the background; how many items it cannot be asked about."""
        if self._parts.online is None:
            return 0
        async with self._db.write() as tx:
            return await self._parts.online.wish(tx, work.library.library_id)

    def _reader_of(self, work: Work) -> tidying.Reader:
        """Who reads what lies beside the items: albums have pictures there, and no NFO files."""
        if work.library.kind is not LibraryKind.MUSIC:
            return self._parts.reader
        return MusicPictures(self._db, self._parts.clock, self._parts.disks, work.library.library_id)

    async def _look_at_roots(self, work: Work) -> list[roots.RootState]:
        """How the library's folders are.

        Raises:
            Stopped: one of them is not as it should be.
        """
        states = []
        for root in work.library.roots:
            held = (await self._db.read(store.HAS_FILES, {"root_id": root.root_id}))[0]["has_files"]
            some = await self._db.read(store.SOME_FILES, {"root_id": root.root_id})
            facts = roots.RootFacts(
                root_id=root.root_id,
                path=root.path,
                device=None if work.force else root.device,
                held_files=bool(held) and not work.force,
                some_files=tuple((row["path"], row["size_bytes"]) for row in some),
            )
            state = await work.disks.ask(root.path, roots.look_at, facts)
            if state.why is not None:
                raise Stopped(state.why, root.path, state.sentence)
            states.append(state)
        return states

    async def _plan(self, work: Work, scopes: Sequence[Scope]) -> list[Scope]:
        """The scopes to walk: all roots, or those asked for that are still of this library, none inside another."""
        own = {root.root_id for root in work.library.roots}
        if not scopes:
            return [Scope(root_id=root.root_id) for root in work.library.roots]
        is_film = work.library.kind is LibraryKind.MOVIE
        # A film's extras are settled with the film, so the walk begins at the film's folder.
        wished = {
            (scope.root_id, _film_folder(scope.path) if is_film and not scope.deep else scope.path, scope.deep)
            for scope in scopes
            if scope.root_id in own
        }
        return [
            Scope(root_id=root_id, path=path, deep=deep)
            for root_id, path, deep in sorted(wished)
            if not any(
                other != (root_id, path, deep)
                and other[0] == root_id
                and other[2]
                and (other[1] == path or not other[1] or path.startswith(f"{other[1]}/"))
                for other in wished
            )
        ]

    async def _confirm_losses(self, work: Work, walks: Sequence[Discovery]) -> None:
        library_id, now = work.library.library_id, self._parts.clock.now_ms()
        if work.force:
            self._confirmed_at[library_id] = now
            return
        missing = sum(walk.lost_media for walk in walks)
        if not missing:
            return
        # While folders are watched, what is deleted at once arrives in slices: a loss is that of an hour.
        since = max(now - LOSS_WINDOW_MS, self._confirmed_at.get(library_id, 0) + 1)
        lately = (await self._db.read(store.LOST_SINCE, {"library_id": library_id, "since": since}))[0]["files"]
        known = (await self._db.read(store.COUNT_FILES, {"library_id": library_id}))[0]["files"]
        if is_mass_loss(missing + lately, known + lately):
            before = f" {lately} of them within the last hour, and they are listed as missing." if lately else ""
            raise Stopped(
                "mass_loss",
                work.library.roots[0].path,
                f"{missing + lately} of {known + lately} files are gone, which is more than a household deletes at "
                f"once.{before} Nothing was removed. If they really are gone, scan with force.",
            )

    async def _note_available(self, work: Work, states: Sequence[roots.RootState]) -> None:
        library_id = work.library.library_id
        async with self._db.write() as tx:
            for state in states:
                await tx.run(libraries_store.SET_DEVICE, {"root_id": state.root_id, "device": state.device})
                await tx.run(
                    results_store.DROP_ROOT_PROBLEM,
                    {"library_id": library_id, "path": work.root(state.root_id).path, "scan_id": work.scan_id},
                )
            if await tx.run(libraries_store.SET_AVAILABLE, {"library_id": library_id, "is_available": 1}):
                await told.back(tx, work.library)
                tx.announce(LibrariesChanged())

    async def _forget_what_is_known(self, work: Work, scopes: Sequence[Scope]) -> None:
        """`force`: every file is probed again."""
        wanted = [(scope.root_id, scope.path) for scope in scopes] or [
            (root.root_id, "") for root in work.library.roots
        ]
        is_folder = work.library.kind is LibraryKind.FOLDER
        for root_id, path in wanted:
            args = {"root_id": root_id, "path": path, "limit": AGAIN_BATCH}
            changed = AGAIN_BATCH
            while changed == AGAIN_BATCH:
                async with self._db.write() as tx:
                    again = store.READ_WHOLE_AGAIN if is_folder else store.PROBE_AGAIN
                    changed = await tx.run(again, args)

    async def _refresh(self, work: Work, wish: RefreshWish) -> None:
        library_id = work.library.library_id
        if work.library.kind in OWNED_KINDS:
            if self.follower is not None:
                work.tally.count("updated", await self.follower.refresh(work.library))
            return
        async with self._db.write() as tx:
            await tx.run(results_store.OWE_DETAILS, {"library_id": library_id})
        work.tally.count("updated", await tidying.read_details(work, self._reader_of(work), mode=wish.mode))
        work.report.phase("artwork")
        work.tally.skipped += await self._ask_online(work)
        async with self._db.write() as tx:
            if work.library.options.extract_thumbs:
                await self._parts.artist.wish(tx, library_id)
            tx.announce(ItemsChanged(library_id, await tx.stamp()))


async def _nobody(_library: Library, _file_ids: Sequence[int]) -> None:
    return None


def _film_folder(path: str) -> str:
    return unit_of(LibraryKind.MOVIE, path)
