"""HTTP of scans (heaps §9.2)."""

from homemedia.accounts import Caller
from homemedia.core.clock import Clock
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import BadRequest, NotFound
from homemedia.heaps.reindexing import Reindexing
from homemedia.heaps.scans import Scans, ScanWish
from homemedia.heaps.scans_wire import (
    AbortAnswer,
    AbortBody,
    ActiveAnswer,
    RegenerateAnswer,
    RegenerateBody,
    ReindexBody,
    ScanBody,
    StartAnswer,
    scan_card,
)
from homemedia.heaps.wire import one_name

ACCEPTED, OK = 202, 200
MAX_DIGITS = 18


class ScanRoutes:
    """Scans of folders behind heaps."""

    routes = Routes("heaps", prefix="/api", family=Family.HEAPS)

    def __init__(self, scans: Scans, reindexing: Reindexing, clock: Clock) -> None:
        self._scans = scans
        self._reindexing = reindexing
        self._clock = clock

    @routes.post("/scan_folder", status=ACCEPTED, also=(OK,))
    async def start(self, actor: Caller, body: ScanBody) -> Reply[StartAnswer]:
        """Scan a heap's folder, or one inside it."""
        wish = ScanWish(
            heap_id=one_name(body.heap_id, body.workspace_id),
            path=body.path,
            recursive=body.recursive,
            force=body.force,
        )
        scan, is_old = await self._scans.start(actor, wish)
        answer = StartAnswer(scan_id=str(scan.scan_id), scan=scan_card(scan), already_running=is_old)
        return Reply(answer, status=OK if is_old else ACCEPTED)

    @routes.post("/abort_scan")
    async def abort(self, actor: Caller, body: AbortBody) -> AbortAnswer:
        """Stop a scan, or all of a heap; what was found so far stays."""
        aborted = await self._scans.abort(
            actor, scan_id=_number(body.scan_id), heap_id=one_name(body.heap_id, body.workspace_id)
        )
        return AbortAnswer(aborted=[str(one) for one in aborted])

    @routes.get("/active_scans")
    async def active(self, actor: Caller) -> ActiveAnswer:
        """List scans under way, and those that ended lately."""
        scans, recent = await self._scans.active(actor)
        return ActiveAnswer(
            scans=[scan_card(one) for one in scans],
            recent=[scan_card(one) for one in recent],
            server_time=self._clock.now_ms(),
        )

    @routes.post("/reindex_files", status=ACCEPTED, also=(OK,))
    async def reindex(self, actor: Caller, body: ReindexBody | None = None) -> Reply[StartAnswer]:
        """Read a heap's files or documents again, or those of all heaps; no block is deleted."""
        wish = body or ReindexBody()
        scan, is_old = await self._reindexing.start(actor, one_name(wish.heap_id, wish.workspace_id), wish.mode)
        answer = StartAnswer(scan_id=str(scan.scan_id), scan=scan_card(scan), already_running=is_old)
        return Reply(answer, status=OK if is_old else ACCEPTED)

    @routes.post("/regenerate_file", status=ACCEPTED)
    async def regenerate(self, actor: Caller, body: RegenerateBody) -> RegenerateAnswer:
        """Look into one file again."""
        key = body.key or body.block_id or (str(body.file_id) if body.file_id is not None else None)
        if key is None:
            raise BadRequest("Name a block or a file.", field="key")
        made = await self._reindexing.regenerate(actor, key, with_text="text" in body.what)
        return RegenerateAnswer(block_id=made.block_id, file_id=str(made.file_id), scan_id=str(made.job_id))


def _number(scan_id: str | int | None) -> int | None:
    """The number of a scan.

    Raises:
        NotFound: it is none that a scan could have.
    """
    if scan_id is None:
        return None
    text = str(scan_id)
    if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS:
        raise NotFound("There is no such scan.")
    return int(text)
