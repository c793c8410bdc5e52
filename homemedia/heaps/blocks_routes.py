"""HTTP of block lists, of one block, of its history and of the trash (heaps §8)."""

from collections.abc import Sequence

import msgspec
from aiohttp import web

from homemedia.accounts import Caller, Member
from homemedia.core.clock import Clock
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.core.problems import BadRequest, NotFound
from homemedia.heaps.blocks import BlockPage, BlockRow, Blocks, Filter
from homemedia.heaps.blocks_wire import (
    MAX_WORDS_CHARS,
    BlockAnswer,
    BlockBody,
    ChangedAnswer,
    ChangedBody,
    Content,
    CountAnswer,
    Counts,
    DeletedCard,
    Failure,
    FileCard,
    FilterBody,
    PageAnswer,
    PageBody,
    PurgeAnswer,
    Relations,
    RestoreAnswer,
    RestoreBody,
    StatsAnswer,
    TrashAnswer,
    TrashBody,
    TrashedAnswer,
    UpdatesAnswer,
    UpdatesBody,
    block_card,
    file_card,
    relation_cards,
    update_card,
)
from homemedia.heaps.crdt import vector_of
from homemedia.heaps.documents import Documents
from homemedia.heaps.files.cards import Signed, addresses
from homemedia.heaps.history import History
from homemedia.heaps.models import BLOCK_TYPES
from homemedia.heaps.trash import Restored, Trash
from homemedia.heaps.wire import clamped, encoded, heap_card, one_name, stamp_of

MAX_PAGE, MAX_CHANGED, MAX_PURGED_IDS = 500, 1000, 1000
EVERYTHING = frozenset({"relations", "apps", "file", "content", "attributes"})
KINDS = ("image", "video", "audio", "document", "archive", "other")


class TrashQuery(Query, frozen=True, kw_only=True):
    limit: int = 100
    offset: int = 0


class BlockRoutes:
    """Blocks of a heap, and one by itself.

    Attributes:
        sign: makes the token that stands in the addresses of a block's file.
    """

    routes = Routes("heaps", prefix="/api", family=Family.HEAPS)

    def __init__(self, blocks: Blocks, documents: Documents, history: History, clock: Clock) -> None:
        self._blocks = blocks
        self._documents = documents
        self._history = history
        self._clock = clock
        self.sign: Signed = lambda _member, _block_id: ""

    @routes.post("/heap")
    async def page(self, actor: Caller, body: PageBody) -> PageAnswer:
        """List blocks of a heap, by filters and words."""
        limit, offset = clamped(body.limit, 1, MAX_PAGE), clamped(body.offset, 0)
        heap, rows, total = await self._blocks.page(
            actor,
            _heap_id(body),
            _filter(body),
            sort=body.sort,
            is_up=body.order == "asc",
            limit=limit,
            offset=offset,
        )
        return PageAnswer(
            heap=heap_card(heap, is_admin=actor.is_admin),
            blocks=[block_card(row) for row in rows],
            total=total,
            limit=limit,
            offset=offset,
            has_more=offset + len(rows) < total,
            server_time=self._clock.now_ms(),
        )

    @routes.post("/heap_count")
    async def count(self, actor: Caller, body: FilterBody) -> CountAnswer:
        """Count blocks of a heap, by the same filters."""
        heap_id = _heap_id(body)
        count, by_type, unlinked, trashed = await self._blocks.counts(actor, heap_id, _filter(body))
        return CountAnswer(
            heap_id=heap_id,
            workspace_id=heap_id,
            count=count,
            total=sum(by_type.values()),
            by_type=_all_types(by_type),
            unlinked=unlinked,
            trashed=trashed,
        )

    @routes.get("/heap/stats/{id}")
    async def stats(self, actor: Caller, id: str) -> StatsAnswer:
        """Tell a heap in figures."""
        heap, found = await self._blocks.figures(actor, id)
        files = found.files.values()
        return StatsAnswer(
            heap_id=id,
            workspace_id=id,
            blocks={
                "total": sum(found.by_type.values()),
                "by_type": _all_types(found.by_type),
                "unlinked": found.unlinked,
                "created_last_7d": found.fresh,
            },
            relations={"tags": found.relations.get("tag", 0), "mentions": found.relations.get("mention", 0)},
            files={
                "count": sum(count for count, _, _ in files),
                "bytes": sum(size for _, size, _ in files),
                "unique_bytes": found.held.unique_bytes,
                "duplicates": sum(count - contents for count, _, contents in files),
                "by_kind": {kind: found.files.get(kind, (0, 0, 0))[0] for kind in KINDS},
                "missing": found.held.missing,
            },
            documents={
                "bytes": found.document_bytes,
                "updates_uncompacted": found.tail,
                "history_bytes": found.history_bytes,
                "unreadable": found.unreadable,
            },
            thumbnails={"ready": found.held.pictures, "pending": found.held.waiting, "failed": found.held.failed},
            trash={"count": found.trashed, "bytes": found.trashed_bytes},
            uploads={"active": found.held.uploads, "reserved_bytes": found.held.reserved_bytes},
            scan=None,
            last_activity_at=heap.last_activity_at,
        )

    @routes.post("/heap/changed_blocks")
    async def changed(self, actor: Caller, body: ChangedBody) -> ChangedAnswer:
        """Tell which blocks changed after a marker."""
        heap_id = _heap_id(body)
        rows, found = await self._blocks.changed(
            actor,
            heap_id,
            since=_stamp(body),
            limit=clamped(body.limit, 1, MAX_CHANGED),
            epoch=body.epoch,
        )
        gone = [
            DeletedCard(block_id=one.block_id, deleted_at=one.deleted_at, permanent=one.is_purged)
            for one in found.changes
            if one.deleted_at is not None
        ]
        return ChangedAnswer(
            heap_id=heap_id,
            workspace_id=heap_id,
            blocks=[block_card(row) for row in rows],
            deleted=gone if body.include_deleted else [],
            marker=str(found.next_since),
            has_more=found.has_more,
            server_time=found.next_since,
            reset=found.is_reset,
            epoch=found.epoch,
        )

    @routes.post("/block/{blockKey}")
    async def one(self, actor: Caller, blockKey: str, body: BlockBody | None = None) -> BlockAnswer:  # noqa: N803
        """Show one block with its relations, files and words."""
        wish = body or BlockBody()
        wanted = EVERYTHING if wish.include is None else frozenset(wish.include)
        page = await self._blocks.one(
            actor,
            blockKey,
            limit=clamped(wish.limit, 1, MAX_PAGE),
            offset=clamped(wish.offset, 0),
            with_document="ydoc" in wanted,
            with_content="content" in wanted,
        )
        row = page.row
        answer = BlockAnswer(
            block=block_card(row, with_vector=True),
            sync_version=row.sync_version,
            state_vector=encoded(row.vector),
            server_time=self._clock.now_ms(),
        )
        more: dict[str, object] = {}
        if "relations" in wanted:
            more["relations"] = _relations(page)
        if "apps" in wanted:
            more["apps"] = [{**(one if isinstance(one, dict) else {}), "id": name} for name, one in page.apps.items()]
        if "attributes" in wanted:
            more["attributes"] = page.attributes
        if "file" in wanted:
            cards = [self._file(actor, row, number) for number in range(len(row.files))]
            more |= {
                "file": cards[0] if cards else None,
                "files": cards[1:],
                "thumbnails": cards[0].thumbnails if cards else [],
            }
        if "content" in wanted:
            more["content"] = _content(page)
        if page.document is not None:
            more["ydoc"] = encoded(page.document.update)
        return msgspec.structs.replace(answer, **more)

    def _file(self, actor: Member, row: BlockRow, number: int) -> FileCard:
        """A version of a block's file with its addresses, where its bytes are here."""
        card, link = file_card(row, number), row.links.get(row.files[number].hash)
        if link is None or not link.is_there:
            return card
        return msgspec.structs.replace(
            card, urls=addresses(link, self.sign(actor, row.block_id), is_version=number > 0)
        )

    @routes.post("/block_updates/{blockKey}")
    async def updates(self, actor: Caller, blockKey: str, body: UpdatesBody | None = None) -> UpdatesAnswer:  # noqa: N803
        """Tell what was done to a block, and its document by now or as it was."""
        wish = body or UpdatesBody()
        heap = await self._blocks.require(actor, blockKey)
        found, has_more = await self._history.entries(
            blockKey,
            before=None if wish.before is None else clamped(wish.before, 0),
            limit=clamped(wish.limit, 1, MAX_PAGE),
            with_data=wish.include_updates,
        )
        document = await self._documents.one(blockKey)
        if document is None:
            raise NotFound("There is no such block.")
        update = document.update if wish.as_of is None else await self._history.as_of(blockKey, clamped(wish.as_of, 0))
        return UpdatesAnswer(
            block_id=blockKey,
            workspace_id=heap.heap_id,
            sync_version=document.sync_version,
            state_vector=encoded(document.vector if wish.as_of is None else vector_of(update)),
            ydoc=encoded(update),
            as_of=wish.as_of,
            updates=[update_card(entry) for entry in found],
            has_more=has_more,
            next_before=found[-1].id if has_more else None,
            server_time=self._clock.now_ms(),
        )


class TrashRoutes:
    """The trash of a heap."""

    routes = Routes("heaps", prefix="/api", family=Family.HEAPS)

    def __init__(self, trash: Trash, clock: Clock) -> None:
        self._trash = trash
        self._clock = clock

    @routes.get("/trash/{heapId}")
    async def page(self, actor: Caller, heapId: str, query: TrashQuery) -> TrashAnswer:  # noqa: N803
        """List what lies in a heap's trash, the newest first."""
        limit, offset = clamped(query.limit, 1, MAX_PAGE), clamped(query.offset, 0)
        found, total, size_bytes = await self._trash.page(actor, heapId, limit=limit, offset=offset)
        cards = [
            msgspec.structs.replace(block_card(one.row), affected={"mentions": one.mentions, "children": one.children})
            for one in found
        ]
        return TrashAnswer(
            heap_id=heapId,
            workspace_id=heapId,
            blocks=cards,
            total=total,
            bytes=size_bytes,
            has_more=offset + len(cards) < total,
        )

    @routes.delete("/trash/{heapId}")
    async def empty(self, actor: Caller, heapId: str, request: web.Request) -> PurgeAnswer:  # noqa: N803
        """Erase what lies in a heap's trash, or the blocks of it that are named (`block_id`, as often as needed)."""
        named = request.query.getall("block_id", [])
        if len(named) > MAX_PAGE:
            raise BadRequest("At most 500 blocks at once.", field="block_id")
        gone, freed = await self._trash.empty(actor, heapId, named or None)
        return PurgeAnswer(
            purged=len(gone),
            block_ids=gone[:MAX_PURGED_IDS],
            freed_bytes=freed,
            server_time=self._clock.now_ms(),
        )

    @routes.post("/trash/{heapId}/restore")
    async def restore(self, actor: Caller, heapId: str, body: RestoreBody) -> RestoreAnswer:  # noqa: N803
        """Bring blocks back from the trash."""
        named: Sequence[str] | None = body.block_ids or ([body.block_id] if body.block_id else None)
        if named is None and not body.all:
            raise BadRequest("Say which blocks: block_ids, or all.", field="block_ids")
        made = await self._trash.restore(actor, heapId, None if body.all else named)
        return RestoreAnswer(
            restored=made.restored,
            not_found=made.not_found,
            failed=_failures(made),
            server_time=self._clock.now_ms(),
        )

    @routes.post("/home/heaps/{heapId}/trash")
    async def trash(self, actor: Caller, heapId: str, body: TrashBody) -> TrashedAnswer:  # noqa: N803
        """Move blocks into the trash, as an edit of their documents."""
        made = await self._trash.trash(actor, heapId, body.block_ids)
        return TrashedAnswer(
            trashed=made.restored,
            not_found=made.not_found,
            failed=_failures(made),
            server_time=self._clock.now_ms(),
        )


def _heap_id(body: FilterBody | ChangedBody) -> str:
    heap_id = one_name(body.heap_id, body.workspace_id, body.id)
    if heap_id is None:
        raise BadRequest("Name a heap.", field="heap_id")
    return heap_id


def _all_types(counts: dict[str, int]) -> dict[str, int]:
    return {kind: counts.get(kind, 0) for kind in BLOCK_TYPES}


def _filter(body: FilterBody) -> Filter:
    return Filter(
        filter=body.filter,
        types=_words(body.type),
        kinds=_words(body.kind),
        tag=body.tag,
        nested=body.nested,
        query=body.query,
        since=None if body.since is None else clamped(body.since, 0),
        until=None if body.until is None else clamped(body.until, 0),
    )


def _words(said: str | list[str] | None) -> tuple[str, ...] | None:
    if said is None:
        return None
    return (said,) if isinstance(said, str) else tuple(said)


def _stamp(body: ChangedBody) -> int:
    return stamp_of(body.marker, clamped(body.since or 0, 0))


def _relations(page: BlockPage) -> Relations:
    around = page.around
    return Relations(
        tags=relation_cards(around.tags[0]),
        children=relation_cards(around.children[0]),
        mentions=relation_cards(around.mentions[0]),
        backlinks=relation_cards(around.backlinks[0]),
        totals=Counts(
            tags=around.tags[1],
            children=around.children[1],
            mentions=around.mentions[1],
            backlinks=around.backlinks[1],
        ),
    )


def _content(page: BlockPage) -> Content | None:
    if page.words is None or page.row.doc_error is not None:
        return None
    return Content(
        text=page.words[:MAX_WORDS_CHARS], xml=page.xml[:MAX_WORDS_CHARS], truncated=len(page.xml) > MAX_WORDS_CHARS
    )


def _failures(made: Restored) -> list[Failure]:
    return [Failure(block_id=block_id, error="block_unreadable") for block_id in made.unreadable]
