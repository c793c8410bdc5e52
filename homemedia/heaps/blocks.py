"""Blocks as lists and pages show them: rows derived from documents, which are the authority (heaps §8)."""

import contextlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader
from homemedia.core.problems import NotFound, Unprocessable
from homemedia.heaps import blocks_store as store
from homemedia.heaps import sync_store
from homemedia.heaps.blocks_store import Figures, Relation
from homemedia.heaps.documents import Documents
from homemedia.heaps.files import store as files_store
from homemedia.heaps.files import thumbnails_store
from homemedia.heaps.files.models import Link
from homemedia.heaps.files.thumbnails_store import Known
from homemedia.heaps.heaps import Heaps
from homemedia.heaps.models import Document, FileFact, Heap, is_id
from homemedia.heaps.sync_store import Changes

WEEK_MS = 7 * 24 * 3600 * 1000
LATEST = 1 << 62


class BlockRow(msgspec.Struct, frozen=True, kw_only=True):
    """A block as its row is. Times in ms; `changed` a stamp; `files` newest first, `links` and `drawn` by hash."""

    block_id: str
    heap_id: str
    type: str
    title: str
    icon: str | None
    preview: str
    pinned: bool
    has_content: bool
    created_at: int
    updated_at: int
    created_by: str | None
    updated_by: str | None
    deleted_at: int | None
    deleted_by: str | None
    changed: int
    doc_error: str | None
    sync_version: int
    vector: bytes
    size_bytes: int
    files: tuple[FileFact, ...]
    links: dict[str, Link]
    drawn: dict[str, tuple[Known, ...]]
    tags: int
    children: int
    mentions: int
    backlinks: int


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which blocks of a heap; what is left out does not matter."""

    filter: str = "all"
    types: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    tag: str | None = None
    nested: bool = False
    query: str | None = None
    since: int | None = None
    until: int | None = None


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What hangs on a block: by kind of relation its first ones, and how many there are."""

    tags: tuple[list[Relation], int]
    children: tuple[list[Relation], int]
    mentions: tuple[list[Relation], int]
    backlinks: tuple[list[Relation], int]


class BlockPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one block; `words`, `apps` and `attributes` are None where nobody could look into it."""

    heap: Heap
    row: BlockRow
    around: Around
    words: str | None
    xml: str
    apps: dict[str, Any]
    attributes: dict[str, Any]
    document: Document | None


class Blocks:
    """Reads blocks for members."""

    def __init__(self, db: Database, documents: Documents, heaps: Heaps, clock: Clock | None = None) -> None:
        self._db = db
        self._documents = documents
        self._heaps = heaps
        self._clock = clock or Clock()

    async def rows(self, read: Reader, block_ids: Sequence[str]) -> list[BlockRow]:
        """Blocks in the order of their ids; purged ones are left out."""
        links = await files_store.of_blocks(read, block_ids)
        drawn = await thumbnails_store.of_blocks(read, block_ids)
        return [
            _row(row, links.get(row["block_id"], {}), drawn.get(row["block_id"], {}))
            for row in await store.cards(read, block_ids)
        ]

    async def page(
        self, actor: Member, heap_id: str, wish: Filter, *, sort: str, is_up: bool, limit: int, offset: int
    ) -> tuple[Heap, list[BlockRow], int]:
        """A heap, wanted blocks of it, and how many there are.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`.
        """
        heap = await self._heaps.require(actor, heap_id, is_counted=True)
        args = _args(heap_id, wish)
        if args is None:
            return heap, [], 0
        async with self._db.snapshot() as read:
            order = {"sort": sort, "is_up": is_up, "limit": limit, "offset": offset}
            block_ids = await store.page(read, {**args, **order})
            total = await store.count(read, args)
            return heap, await self.rows(read, block_ids), total

    async def counts(self, actor: Member, heap_id: str, wish: Filter) -> tuple[int, dict[str, int], int, int]:
        """How many blocks are wanted; and of the whole heap: by type, without relations, in the trash.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`.
        """
        await self._heaps.require(actor, heap_id)
        args = _args(heap_id, wish)
        async with self._db.snapshot() as read:
            total = await store.count(read, args) if args is not None else 0
            types, _ = await store.by_type(read, heap_id, week_ago=0)
            gone, _ = await store.trashed(read, heap_id)
            return total, types, await store.unlinked(read, heap_id), gone

    async def figures(self, actor: Member, heap_id: str) -> tuple[Heap, Figures]:
        """A heap in figures.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`.
        """
        heap = await self._heaps.require(actor, heap_id)
        async with self._db.snapshot() as read:
            return heap, await store.figures(read, heap_id, week_ago=self._clock.now_ms() - WEEK_MS)

    async def changed(
        self, actor: Member, heap_id: str, *, since: int, limit: int, epoch: str | None
    ) -> tuple[list[BlockRow], Changes]:
        """What changed after a stamp, and the rows of the live blocks of it.

        Raises:
            BadRequest, NotFound, Gone: as `Heaps.require`.
        """
        await self._heaps.require(actor, heap_id)
        async with self._db.snapshot() as read:
            found = await sync_store.after(read, heap_id, since, epoch=epoch, limit=limit)
            rows = await self.rows(read, [one.block_id for one in found.changes if one.deleted_at is None])
        return rows, found

    async def require(self, actor: Member, block_id: str, *, to_write: bool = False) -> Heap:
        """The heap of a block that a member may see, or change.

        Raises:
            NotFound: there is none, or not for him.
            Forbidden: `read_only`.
        """
        heap_id = await store.heap_of(self._db.read, block_id) if is_id(block_id) else None
        if heap_id is None:
            raise NotFound("There is no such block.")
        try:
            return await self._heaps.require(actor, heap_id, to_write=to_write)
        except NotFound:
            raise NotFound("There is no such block.") from None

    async def one(
        self,
        actor: Member,
        block_id: str,
        *,
        limit: int,
        offset: int,
        with_document: bool,
        with_content: bool,
    ) -> BlockPage:
        """Everything of one block.

        Raises:
            NotFound, Gone: as `require`.
        """
        heap = await self.require(actor, block_id)
        async with self._db.snapshot() as read:
            rows = await self.rows(read, [block_id])
            if not rows:
                raise NotFound("There is no such block.")
            around = await _around(read, block_id, heap.heap_id, limit=limit, offset=offset)
            fact = await store.fact(read, block_id)
        document = await self._documents.one(block_id) if with_document or with_content else None
        xml = ""
        if with_content and document is not None and fact is not None:
            with contextlib.suppress(Unprocessable):  # told by `doc_error`
                xml = await self._documents.mill.call("xml", document.update, str)
        words, apps, attributes = fact if fact is not None else (None, {}, {})
        return BlockPage(
            heap=heap,
            row=rows[0],
            around=around,
            words=words,
            xml=xml,
            apps=apps,
            attributes=attributes,
            document=document if with_document else None,
        )


async def _around(read: Reader, block_id: str, heap_id: str, *, limit: int, offset: int) -> Around:
    async def ask(kind: str, *, is_back: bool) -> tuple[list[Relation], int]:
        return await store.related(read, block_id, heap_id, kind, is_back=is_back, limit=limit, offset=offset)

    return Around(
        tags=await ask("tag", is_back=False),
        children=await ask("tag", is_back=True),
        mentions=await ask("mention", is_back=False),
        backlinks=await ask("mention", is_back=True),
    )


def _args(heap_id: str, wish: Filter) -> Mapping[str, object] | None:
    """What the statements bind; None where words were asked for and none were said."""
    words = store.words_of(wish.query) if wish.query is not None and wish.query.strip() else None
    if wish.query is not None and wish.query.strip() and words is None:
        return None
    return {
        "heap_id": heap_id,
        "filter": wish.filter,
        "types": None if wish.types is None else json.dumps(wish.types),
        "kinds": None if wish.kinds is None else json.dumps(wish.kinds),
        "tag": wish.tag,
        "nested": wish.nested,
        "words": words,
        "since": wish.since if wish.since is not None else 0,
        "until": wish.until if wish.until is not None else LATEST,
    }


def _row(row: sqlite3.Row, links: dict[str, Link], drawn: dict[str, tuple[Known, ...]]) -> BlockRow:
    fields = dict(row)
    files = msgspec.json.decode(fields.pop("files"), type=tuple[FileFact, ...])
    pinned, has_content = bool(fields.pop("pinned")), bool(fields.pop("has_content"))
    return BlockRow(**fields, files=files, links=links, drawn=drawn, pinned=pinned, has_content=has_content)
