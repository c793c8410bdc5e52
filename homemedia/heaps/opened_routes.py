"""HTTP of folders that administrators opened to members (heaps §8: `source` of `heap/add`)."""

from typing import Annotated

import msgspec

from homemedia.accounts import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query
from homemedia.heaps.folders import Folders
from homemedia.heaps.opened_store import Opened
from homemedia.heaps.wire import HeapWire

MAX_PATH = 4096


class OpenedCard(HeapWire, frozen=True, kw_only=True):
    """A folder in which a member may open heaps of his own. `opened_at` in ms."""

    user_id: str
    path: str
    opened_at: int


class OpenedAnswer(HeapWire, frozen=True, kw_only=True):
    folders: list[OpenedCard]


class OpenedBody(HeapWire, frozen=True, kw_only=True):
    user_id: str
    path: Annotated[str, msgspec.Meta(max_length=MAX_PATH)]


class OpenedQuery(Query, frozen=True, kw_only=True):
    user_id: str = msgspec.field(name="user_id")
    path: Annotated[str, msgspec.Meta(max_length=MAX_PATH)]


class OpenedRoutes:
    """Which folders are open to whom."""

    routes = Routes("heaps", prefix="/api/home/heaps", family=Family.HOUSE)

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    @routes.get("/folders")
    async def listed(self, actor: Caller) -> OpenedAnswer:
        """List the folders that are open to the caller; an administrator sees those of all."""
        return OpenedAnswer(folders=[_card(one) for one in await self._folders.opened(actor)])

    @routes.post("/folders", status=201)
    async def open(self, actor: Caller, body: OpenedBody) -> OpenedCard:
        """Let a member open heaps inside a folder."""
        return _card(await self._folders.open_to(actor, body.user_id, body.path))

    @routes.delete("/folders", status=204)
    async def shut(self, actor: Caller, query: OpenedQuery) -> None:
        """Take that back; heaps that he has opened there stay."""
        await self._folders.shut(actor, query.user_id, query.path)


def _card(one: Opened) -> OpenedCard:
    return OpenedCard(user_id=one.user_id, path=one.path, opened_at=one.opened_at)
