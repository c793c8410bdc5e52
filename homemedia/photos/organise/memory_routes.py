"""HTTP of memories."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from aiohttp import web
from msgspec import UNSET, UnsetType

from homemedia.accounts import Member
from homemedia.accounts.models import Caller
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.photos import reading
from homemedia.photos.bulk import BODY_BYTES, BulkResult, Ids, IdsBody
from homemedia.photos.ids import checked_uuids
from homemedia.photos.organise.memories import Memories
from homemedia.photos.organise.memories_store import Asked, Memory
from homemedia.photos.times import iso, read_time
from homemedia.photos.wire import Asset

CREATED = 201
NO_CONTENT = 204
Type = Literal["on_this_day"]
Year = Annotated[int, msgspec.Meta(ge=1, le=9999)]


class MemoryData(Wire, frozen=True, kw_only=True):
    year: Year


class MemoryAnswer(Wire, frozen=True, kw_only=True):
    """What happened on this day in an earlier year."""

    id: str
    owner_id: str
    type: Type
    data: MemoryData
    memory_at: str
    show_at: str | UnsetType = UNSET
    hide_at: str | UnsetType = UNSET
    seen_at: str | UnsetType = UNSET
    is_saved: bool
    created_at: str
    updated_at: str
    deleted_at: str | UnsetType = UNSET
    assets: Sequence[Asset]


class MemoriesQuery(Query, frozen=True, kw_only=True):
    """`for`: shown at this instant."""

    shown_at: str | None = msgspec.field(name="for", default=None)
    type: Type | None = None
    is_saved: bool | None = None
    is_trashed: bool = False
    order: Literal["asc", "desc", "random"] = "desc"
    size: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1000

    @property
    def asked(self) -> Asked:
        return Asked(
            shown_at=None if self.shown_at is None else read_time(self.shown_at, "for"),
            is_saved=self.is_saved,
            is_trashed=self.is_trashed,
            sort=self.order,
            limit=self.size,
        )


class NewMemoryBody(Wire, frozen=True, kw_only=True):
    type: Type
    data: MemoryData
    memory_at: str
    asset_ids: Ids = msgspec.field(default_factory=list)
    show_at: str | None = None
    hide_at: str | None = None
    seen_at: str | None = None
    is_saved: bool = False


class MemoryBody(Wire, frozen=True, kw_only=True):
    """What to change; what is left out stays."""

    is_saved: bool | UnsetType = UNSET
    memory_at: str | UnsetType = UNSET
    seen_at: str | UnsetType | None = UNSET


class MemoryCounts(Wire, frozen=True, kw_only=True):
    total: int


class MemoryRoutes:
    """Memories, each member's own."""

    routes = Routes("photos", prefix="/api/memories", family=Family.PHOTOS)

    def __init__(self, db: Database, memories: Memories, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._memories = memories

    @routes.get("", permission="memory.read")
    async def listed(self, actor: Caller, query: MemoriesQuery) -> list[MemoryAnswer]:
        """List what the caller is reminded of."""
        return await self._told(actor, await self._memories.listed(actor, query.asked))

    @routes.post("", status=CREATED, permission="memory.create", max_body=BODY_BYTES)
    async def create(self, actor: Caller, body: NewMemoryBody) -> MemoryAnswer:
        """Keep something to remember."""
        memory = self._memories.new(
            actor.user_id,
            body.data.year,
            read_time(body.memory_at, "memoryAt"),
            show_at=_maybe_time(body.show_at, "showAt"),
            hide_at=_maybe_time(body.hide_at, "hideAt"),
            seen_at=_maybe_time(body.seen_at, "seenAt"),
            is_saved=body.is_saved,
        )
        made = await self._memories.create(actor, memory, checked_uuids(body.asset_ids, "assetIds"))
        return (await self._told(actor, [made]))[0]

    @routes.get("/statistics", permission="memory.statistics")
    async def statistics(self, actor: Caller, query: MemoriesQuery) -> MemoryCounts:
        """Count what the caller is reminded of."""
        return MemoryCounts(total=await self._memories.count(actor, query.asked))

    @routes.get("/{id}", permission="memory.read")
    async def get(self, actor: Caller, id: str) -> MemoryAnswer:
        """Show a memory."""
        return (await self._told(actor, [await self._memories.get(actor, checked_uuid(id))]))[0]

    @routes.put("/{id}", permission="memory.update")
    async def change(self, actor: Caller, id: str, body: MemoryBody) -> MemoryAnswer:
        """Say that a memory was seen, or is to be kept."""
        fields: dict[str, object] = {}
        if body.is_saved is not UNSET:
            fields["is_saved"] = body.is_saved
        if isinstance(body.memory_at, str):
            fields["memory_at"] = read_time(body.memory_at, "memoryAt")
        if not isinstance(body.seen_at, UnsetType):
            fields["seen_at"] = _maybe_time(body.seen_at, "seenAt")
        return (await self._told(actor, [await self._memories.change(actor, checked_uuid(id), **fields)]))[0]

    @routes.delete("/{id}", status=NO_CONTENT, permission="memory.delete")
    async def remove(self, actor: Caller, id: str) -> web.Response:
        """Be reminded of something no more."""
        await self._memories.remove(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)

    @routes.put("/{id}/assets", permission="memoryAsset.create", max_body=BODY_BYTES)
    async def put(self, actor: Caller, id: str, body: IdsBody) -> list[BulkResult]:
        """Put photos into a memory."""
        return await self._memories.put(actor, checked_uuid(id), checked_uuids(body.ids))

    @routes.delete("/{id}/assets", permission="memoryAsset.delete", max_body=BODY_BYTES)
    async def take_out(self, actor: Caller, id: str, body: IdsBody) -> list[BulkResult]:
        """Take photos out of a memory."""
        return await self._memories.take_out(actor, checked_uuid(id), checked_uuids(body.ids))

    async def _told(self, actor: Member, memories: Sequence[tuple[Memory, list[str]]]) -> list[MemoryAnswer]:
        wanted = [photo_id for _memory, photo_ids in memories for photo_id in photo_ids]
        told = await reading.for_actor(self._db.read, wanted, actor, at_ms=self._clock.now_ms())
        made = {one.id: one for one in told}
        return [
            _answer(memory, [made[photo_id] for photo_id in photo_ids if photo_id in made])
            for memory, photo_ids in memories
        ]


def _maybe_time(text: str | None, field: str) -> int | None:
    return None if text is None else read_time(text, field)


def _maybe_iso(at: int | None) -> str | UnsetType:
    return UNSET if at is None else iso(at)


def _answer(memory: Memory, assets: Sequence[Asset]) -> MemoryAnswer:
    return MemoryAnswer(
        id=memory.memory_id,
        owner_id=memory.owner_id,
        type="on_this_day",
        data=MemoryData(year=memory.year),
        memory_at=iso(memory.memory_at),
        show_at=_maybe_iso(memory.show_at),
        hide_at=_maybe_iso(memory.hide_at),
        seen_at=_maybe_iso(memory.seen_at),
        is_saved=memory.is_saved,
        created_at=iso(memory.created_at),
        updated_at=iso(memory.updated_at),
        deleted_at=_maybe_iso(memory.deleted_at),
        assets=assets,
    )
