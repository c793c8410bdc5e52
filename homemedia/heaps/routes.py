"""HTTP of heaps and of syncing them (heaps §7.4-7.6, 8)."""

from typing import TypeVar

import msgspec
from aiohttp import web
from msgspec import UNSET

from homemedia.accounts import Caller
from homemedia.accounts.device import device_of
from homemedia.core.clock import Clock
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Reply
from homemedia.core.problems import BadRequest
from homemedia.heaps import crdt
from homemedia.heaps.documents import WRITTEN, Author
from homemedia.heaps.folders import Folders, FolderWish
from homemedia.heaps.heaps import Heaps, HeapWish
from homemedia.heaps.models import is_id
from homemedia.heaps.sync import Pulled, PullOf, Pushed, Sync
from homemedia.heaps.wire import (
    AddAnswer,
    AddBody,
    ChangedBlock,
    DeletedBlock,
    DeltaAnswer,
    HeapsAnswer,
    HeapsBody,
    PullAnswer,
    PullBody,
    PulledBlock,
    PullWish,
    PushAnswer,
    PushBody,
    PushResult,
    RemoveAnswer,
    clamped,
    decoded,
    encoded,
    heap_card,
    one_name,
    stamp_of,
)

W = TypeVar("W", bound=msgspec.Struct)

CREATED, OK = 201, 200
MAX_PUSH_BYTES = 64 << 20
USUAL_DELTA, MAX_DELTA = 1000, 5000
MAX_PAGE = 500
MAX_SESSION_ID = 64


class RemoveQuery(Query, frozen=True, kw_only=True):
    permanent: bool = False


class HeapRoutes:
    """Heaps of the caller."""

    routes = Routes("heaps", prefix="/api", family=Family.HEAPS)

    def __init__(self, heaps: Heaps, folders: Folders, clock: Clock) -> None:
        self._heaps = heaps
        self._folders = folders
        self._clock = clock

    @routes.post("/heaps")
    async def list_heaps(self, actor: Caller, body: HeapsBody | None = None) -> HeapsAnswer:
        """List the caller's heaps, last used first."""
        wish = body or HeapsBody()
        limit, offset = clamped(wish.limit, 1, MAX_PAGE), clamped(wish.offset, 0)
        heaps, total = await self._heaps.page(actor, with_shared=wish.include_shared, limit=limit, offset=offset)
        cards = [heap_card(heap, is_admin=actor.is_admin) for heap in heaps]
        return HeapsAnswer(
            heaps=cards,
            workspaces=cards,
            total=total,
            has_more=offset + len(cards) < total,
            server_time=self._clock.now_ms(),
        )

    @routes.post("/workspaces")
    async def list_workspaces(self, actor: Caller, body: HeapsBody | None = None) -> HeapsAnswer:
        """List the caller's heaps, by their other name."""
        return await self.list_heaps(actor, body)

    @routes.post("/heap/add", status=CREATED, also=(OK,))
    async def add(self, actor: Caller, body: AddBody) -> Reply[AddAnswer]:
        """Make a heap with its index block; the caller's own that is there already is answered as it is."""
        if (body.type == "folder") != (body.source is not None):
            raise BadRequest("A heap of a folder names it as its source, and no other has one.", field="source")
        wish = HeapWish(
            heap_id=one_name(body.id, body.heap_id, body.workspace_id),
            title=body.title,
            icon=body.icon,
            block_id=body.block_id,
            update=None if body.update is None else _update(body.update),
        )
        if body.source is None:
            heap, is_new = await self._heaps.add(actor, wish)
        else:
            heap, is_new = await self._folders.add(
                actor,
                wish,
                FolderWish(
                    path=body.source.path,
                    read_only=body.source.read_only,
                    delete_originals=body.source.delete_originals,
                ),
            )
        card = heap_card(heap, is_admin=actor.is_admin)
        answer = AddAnswer(heap=card, workspace=card, block_id=heap.block_id, server_time=self._clock.now_ms())
        return Reply(answer, status=CREATED if is_new else OK)

    @routes.delete("/heap/{id}")
    async def remove(self, actor: Caller, id: str, query: RemoveQuery) -> RemoveAnswer:
        """Delete a heap: hidden at once, gone after seven days, or at once where that is asked for."""
        purge_at = await self._heaps.remove(actor, id, at_once=query.permanent)
        return RemoveAnswer(heap_id=id, purge_at=purge_at)


class SyncRoutes:
    """What changed, what came, what is lacked."""

    routes = Routes("heaps", prefix="/api/sync", family=Family.HEAPS)

    def __init__(self, sync: Sync) -> None:
        self._sync = sync

    @routes.get("/delta")
    async def delta(self, actor: Caller, request: web.Request) -> DeltaAnswer:
        """Tell what changed in a heap after a stamp."""
        asked = request.query
        heap_id = one_name(asked.get("workspace_id"), asked.get("heap_id"))
        if heap_id is None:
            raise BadRequest("Name a heap.", field="workspace_id")
        limit = clamped(_limit(asked.get("limit")), 1, MAX_DELTA)
        delta = await self._sync.delta(
            actor, heap_id, since=stamp_of(asked.get("since"), 0), epoch=asked.get("epoch"), limit=limit
        )
        found = delta.found
        return DeltaAnswer(
            workspace_id=heap_id,
            changed_blocks=[
                ChangedBlock(
                    block_id=one.block_id,
                    workspace_id=heap_id,
                    type=one.type,
                    title=one.title,
                    sync_version=one.sync_version,
                    state_vector=encoded(one.vector),
                    size=one.size_bytes,
                    updated_at=one.changed,
                    file_hash=one.file_hash,
                )
                for one in found.changes
                if one.deleted_at is None
            ],
            deleted_blocks=[
                DeletedBlock(
                    block_id=one.block_id,
                    workspace_id=heap_id,
                    sync_version=one.sync_version,
                    deleted_at=one.deleted_at,
                    permanent=one.is_purged,
                    updated_at=one.changed,
                )
                for one in found.changes
                if one.deleted_at is not None
            ],
            server_time=found.next_since,
            has_more=found.has_more,
            total_changed=delta.total_changed,
            total_deleted=delta.total_deleted,
            reset=found.is_reset,
            epoch=found.epoch,
        )

    @routes.post("/push", max_body=MAX_PUSH_BYTES)
    async def push(self, actor: Caller, body: PushBody, request: web.Request) -> PushAnswer:
        """Take in updates of blocks; each is answered by itself."""
        device = device_of(request.headers, "").device_type or None
        session_id = request.headers.get("X-Session-Id", "")[:MAX_SESSION_ID] or None
        by = Author(user_id=actor.user_id, device=device, session_id=session_id)
        results = await self._sync.push(actor, body.blocks, by)
        return PushAnswer(server_time=await self._sync.now(), results=[_result(one) for one in results])

    @routes.post("/pull")
    async def pull(self, actor: Caller, body: PullBody) -> PullAnswer:
        """Give out what the caller lacks of blocks."""
        wishes = [_wish(one) for one in body.blocks]
        pulled, has_more = await self._sync.pull(actor, wishes)
        return PullAnswer(
            server_time=await self._sync.now(), has_more=has_more, blocks=[_pulled(one) for one in pulled]
        )


def _wish(sent: PullWish) -> PullOf:
    if not is_id(sent.block_id):
        raise BadRequest("A block's id has 8 to 64 letters, digits, - and _.", field="blocks")
    vector = decoded(sent.state_vector) if sent.state_vector else crdt.EMPTY_VECTOR
    try:
        crdt.checked_vector(vector)
    except crdt.InvalidVectorError as err:
        raise BadRequest("This is not a state vector.", code="invalid_encoding", field="blocks") from err
    return PullOf(block_id=sent.block_id, vector=vector, sync_version=sent.sync_version)


def _result(one: Pushed) -> PushResult:
    document, grave = one.document, one.grave
    made = PushResult(block_id=one.block_id, workspace_id=one.heap_id, status=one.status, success=one.status in WRITTEN)
    if grave is not None:
        return _with(made, sync_version=grave.sync_version)
    if document is None:
        return made
    made = _with(made, sync_version=document.sync_version, state_vector=encoded(document.vector))
    data = UNSET if one.data is None else encoded(one.data)
    if one.status == "version_mismatch":
        return _with(made, full_state=data)
    return _with(made, updated_at=document.changed, update=data)


def _pulled(one: Pulled) -> PulledBlock:
    made = PulledBlock(block_id=one.block_id, status=one.status)
    if one.grave is not None:
        return _with(
            made,
            workspace_id=one.grave.heap_id,
            permanent=True,
            deleted_at=one.grave.deleted_at,
            sync_version=one.grave.sync_version,
        )
    document = one.document
    if document is None:
        return made
    made = _with(
        made,
        workspace_id=document.heap_id,
        sync_version=document.sync_version,
        state_vector=encoded(document.vector),
        updated_at=document.changed,
    )
    if document.deleted_at is not None:
        made = _with(made, permanent=False, deleted_at=document.deleted_at)
    if one.data is None or one.status == "up_to_date":
        return made
    data = encoded(one.data)
    return _with(made, full_state=data) if one.is_whole else _with(made, update=data)


def _with(made: W, **fields: object) -> W:
    return msgspec.structs.replace(made, **fields)


def _update(text: str) -> bytes:
    try:
        return crdt.checked_update(decoded(text))
    except crdt.InvalidUpdateError as err:
        raise BadRequest("This is not an update.", code="invalid_update", field="update") from err


def _limit(text: str | None) -> int:
    try:
        return USUAL_DELTA if text is None else int(text[:20])
    except ValueError as err:
        raise BadRequest("A limit is a number.", field="limit") from err
