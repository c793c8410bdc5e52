"""HTTP of words that are looked for in all notes at once."""

from typing import Annotated

import msgspec

from homemedia.accounts import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.heaps.blocks_wire import BlockCard, block_card
from homemedia.heaps.finding import Finding
from homemedia.heaps.wire import HeapWire

MAX_QUERY = 200


class FoundQuery(Query, frozen=True, kw_only=True):
    q: Annotated[str, msgspec.Meta(max_length=MAX_QUERY)]
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 12


class FoundAnswer(HeapWire, frozen=True, kw_only=True):
    """`heaps`: titles by id."""

    blocks: list[BlockCard]
    heaps: dict[str, str]


class FindingRoutes:
    routes = Routes("heaps", prefix="/api/home/heaps", family=Family.HOUSE)

    def __init__(self, finding: Finding) -> None:
        self._finding = finding

    @routes.get("/found")
    async def found(self, actor: Caller, query: FoundQuery) -> FoundAnswer:
        """Find notes and files by words, in all heaps the caller may see."""
        rows, heaps = await self._finding.find(actor, query.q, limit=query.limit)
        return FoundAnswer(blocks=[block_card(row) for row in rows], heaps=heaps)
