"""Matches films and shows in the background: a durable job for each library, in a lane of its own.

What is owed stands in `item_match`, so a job that is killed goes on where it was. What cannot be asked now waits a
minute, then two, up to a day; the scan that found it has long gone on.
"""

import asyncio
import logging
from collections.abc import Sequence

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.problems import AppError
from homemedia.library import libraries_store
from homemedia.library.models import LibraryKind
from homemedia.library.tmdb import store
from homemedia.library.tmdb.client import TmdbClient
from homemedia.library.tmdb.decide import decide
from homemedia.library.tmdb.keys import KeyRing
from homemedia.library.tmdb.pace import AT_ONCE
from homemedia.library.tmdb.problems import KeyRefused, NotConfigured, RateLimited, Unreachable
from homemedia.library.tmdb.store import Match, Owed, State
from homemedia.library.tmdb.titles import Before, load, row_of
from homemedia.library.tmdb.writing import Scribe

_log = logging.getLogger(__name__)

KIND, LANE = "match", "online"
FIRST_WAIT_MS = 60 * 1000
LONGEST_WAIT_MS = 24 * 3600 * 1000
BATCH = 40
OWE_BATCH = 2000
ONLINE_KINDS = {LibraryKind.MOVIE: ("movie",), LibraryKind.SHOW: ("show", "season")}


def wait_ms(tries: int) -> int:
    """How long to wait after so many failures in a row: a minute, doubling, a day at most."""
    return min(FIRST_WAIT_MS << min(tries - 1, 30), LONGEST_WAIT_MS)


class Overtaken(Exception):  # noqa: N818 - nothing is wrong
    """While TMDb was asked, somebody said what the item is."""


class Matcher:
    """Call `register` before jobs start; the lane `online` must be declared."""

    def __init__(
        self, db: Database, jobs: Jobs, client: TmdbClient, scribe: Scribe, keys: KeyRing, clock: Clock
    ) -> None:
        self._db = db
        self._jobs = jobs
        self._client = client
        self._scribe = scribe
        self._keys = keys
        self._clock = clock

    def register(self) -> None:
        """Tell the queue who does jobs of kind `match`."""
        self._jobs.register(KIND, LANE, self._work)

    async def owe(self, tx: Write, item_ids: Sequence[int]) -> None:
        """Note that these items were named or described anew. Without a key there is nothing to note."""
        if self._keys.secret is not None:
            await store.owe(tx, item_ids)

    async def wish(self, tx: Write, library_id: str) -> int:
        """Have what is owed in this library asked for; how many films or shows cannot be, for want of a key."""
        library = await libraries_store.library(tx.rows, library_id)
        if library is None or library.kind not in ONLINE_KINDS or library.options.metadata_source != "auto":
            return 0
        if self._keys.secret is None:
            kind = ONLINE_KINDS[library.kind][0]
            return int((await tx.rows(store.COUNT_TOPS, {"library_id": library_id, "kind": kind}))[0]["items"])
        due = (await tx.rows(store.NEXT_DUE, {"library_id": library_id}))[0]["due"]
        if due is not None:
            await tx.enqueue(KIND, library_id)
            if due <= self._clock.now_ms():
                await tx.run(store.HASTEN, {"library_id": library_id})
        return 0

    async def wish_all(self) -> None:
        """Have everything that nobody asked about asked for: a library may ask online since a moment ago."""
        if self._keys.secret is None:
            return
        for row in await self._db.read(store.ONLINE_LIBRARIES):
            library_id = row["library_id"]
            for kind in ONLINE_KINDS[LibraryKind(row["kind"])]:
                await self._owe_new(library_id, kind)
            async with self._db.write() as tx:
                await self.wish(tx, library_id)

    async def wish_again(self) -> None:
        """The same, and what nothing was found for; called when a key was entered."""
        async with self._db.write() as tx:
            await tx.run(store.OWE_UNMATCHED)
        await self.wish_all()

    async def _owe_new(self, library_id: str, kind: str) -> None:
        args = {"library_id": library_id, "kind": kind, "limit": OWE_BATCH}
        while rows := await self._db.read(store.UNASKED, args):
            async with self._db.write() as tx:
                if not await store.owe(tx, [row["item_id"] for row in rows]):
                    return

    async def waiting(self) -> int:
        """How many items something is owed for."""
        return int((await self._db.read(store.WAITING))[0]["items"])

    # The job

    async def _work(self, run: JobRun) -> None:
        library = await libraries_store.library(self._db.read, run.key)
        if library is None or library.options.metadata_source != "auto" or self._keys.secret is None:
            return
        run.progress(phase="match", done=0, total=await self._left(run.key))
        failed_in_a_row = 0
        while batch := await store.owed(self._db.read, run.key, self._clock.now_ms(), BATCH):
            for start in range(0, len(batch), AT_ONCE):
                some = batch[start : start + AT_ONCE]
                run.progress(current=some[0].title)
                failures = await self._try_all(some)
                run.progress(done=run.state["done"] + len(some) - failures)
                failed_in_a_row = failed_in_a_row + failures if failures == len(some) else 0
                if failed_in_a_row >= AT_ONCE or (failures and failures == len(some) == len(batch)):
                    # TMDb is away: no use to try all others as well.
                    await self._put_off(run.key)
        await self._put_off(run.key)

    async def _try_all(self, some: Sequence[Owed]) -> int:
        """Do a few items at once; how many failed. What ends the job is raised when all of them have ended."""
        outcomes = await asyncio.gather(*(self._try(owed) for owed in some), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return sum(outcome is True for outcome in outcomes)

    async def _left(self, library_id: str) -> int:
        return int((await self._db.read(store.NEXT_DUE, {"library_id": library_id}))[0]["items"])

    async def _put_off(self, library_id: str) -> None:
        """Come again when the first of what failed is due, if anything did.

        Raises:
            Retry: so it is.
        """
        failed = await self._db.read(store.NEXT_FAILED, {"library_id": library_id})
        if failed[0]["due"] is not None:
            raise Retry(max(1000, failed[0]["due"] - self._clock.now_ms()), "TMDb cannot be reached")

    async def _try(self, owed: Owed) -> bool:
        """Do one item; whether it failed and waits for another time.

        Raises:
            AppError: it makes no sense to go on now.
        """
        try:
            said = await (self._season(owed.item_id) if owed.kind == "season" else self._title(owed.item_id))
        except Overtaken:
            return False  # still owed, or gone
        except Unreachable as err:
            _log.info("TMDb cannot be asked about %s: %s", owed.title, err.message)
            self._keys.note(err, is_ok=self._keys.state.is_ok)
            await self._fail(owed.item_id, err.code)
            return True
        except RateLimited as err:
            raise Retry((err.retry_after_s or 1) * 1000, err.message) from None
        except KeyRefused as err:
            self._keys.note(err, is_ok=False)
            raise
        except NotConfigured:
            raise  # taken away meanwhile
        except AppError as err:
            # A picture that the media worker chokes on, a full disk: this item alone waits.
            _log.warning("matching %s failed: %s", owed.title, err.message)
            await self._fail(owed.item_id, err.code)
            return True
        self._keys.note(None, is_ok=True)
        if said is not None:
            values = {"item_id": owed.item_id, "of": said.item_id, "state": said.state, "tmdb_id": said.tmdb_id}
            async with self._db.write() as tx:
                await tx.run(store.DONE_AS, values)
        return False

    async def _fail(self, item_id: int, problem: str) -> None:
        tries = (await store.match(self._db.read, item_id)).tries + 1
        values = {"item_id": item_id, "retry_at": self._clock.now_ms() + wait_ms(tries), "problem": problem}
        async with self._db.write() as tx:
            await tx.run(store.FAILED, values)

    async def _title(self, item_id: int) -> Match | None:
        """Match a film or show; what it is matched with now, None when it is gone."""
        title = await load(self._db.read, item_id)
        if title is None:
            return None
        decision = await decide(
            self._client,
            title.item.kind,
            title.asking,
            title.match,
            by_hand=title.by_hand,
            now_ms=self._clock.now_ms(),
        )
        if decision.is_old:
            return title.match
        is_manual = title.match.state == "manual"
        if decision.problem is not None and is_manual:
            return title.match  # what a person said stays, also when TMDb has lost it
        state: State = "manual" if is_manual else "auto" if decision.tmdb_id is not None else "none"
        await self._scribe.title(title, decision, state, before=_unless_overtaken(title.match))
        await self._scribe.title_pictures(title.item, decision.answer)
        return Match(item_id=item_id, state=state, tmdb_id=decision.tmdb_id)

    async def _season(self, item_id: int) -> Match | None:
        """Describe a season; the match of its show, None when it is gone."""
        item = await row_of(self._db.read, item_id)
        if item is None or item.parent_id is None:
            return None
        of_show = await store.match(self._db.read, item.parent_id)
        answer, _ = await self._scribe.season(item_id, of_show.tmdb_id, before=_unless_overtaken(of_show))
        await self._scribe.season_pictures(item_id, answer)
        return of_show


def _unless_overtaken(known: Match) -> Before:
    """Refuses to write what was decided when another match stands by now."""

    async def look(tx: Write, _item_ids: Sequence[int]) -> None:
        now = await store.match(tx.rows, known.item_id)
        if (now.state, now.tmdb_id) != (known.state, known.tmdb_id):
            raise Overtaken

    return look
