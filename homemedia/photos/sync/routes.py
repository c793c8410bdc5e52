"""HTTP of keeping apps up to date."""

from typing import Annotated

import msgspec
from aiohttp import web

from homemedia.accounts.models import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.photos.sync.kinds import Entity, Request
from homemedia.photos.sync.service import Sync, refuse_keys

NO_CONTENT = 204
JSON_LINES = "application/jsonlines+json"
MOST_ACKS = 1000


class StreamBody(Wire, frozen=True, kw_only=True):
    """`reset`: what was acknowledged before counts no more."""

    types: list[Request]
    reset: bool = False


class AckBody(Wire, frozen=True, kw_only=True):
    acks: Annotated[list[str], msgspec.Meta(max_length=MOST_ACKS)]


class ForgetBody(Wire, frozen=True, kw_only=True):
    types: list[Entity] | None = None


class AckCard(Wire, frozen=True, kw_only=True):
    type: str
    ack: str


class SyncRoutes:
    """What the phone app lives on."""

    routes = Routes("photos", prefix="/api/sync", family=Family.PHOTOS)

    def __init__(self, sync: Sync) -> None:
        self._sync = sync

    @routes.post("/stream", permission="sync.stream", produces=JSON_LINES)
    async def stream(self, actor: Caller, request: web.Request, body: StreamBody) -> web.StreamResponse:
        """Send what an app lacks, one JSON object on each line."""
        refuse_keys(actor)
        response = web.StreamResponse(headers={"Cache-Control": "no-store", "Content-Type": JSON_LINES})
        lines = self._sync.stream(actor, body.types, is_anew=body.reset)
        # Faults of the first page can still be told.
        first = await anext(lines, b"")
        await response.prepare(request)
        await response.write(first)
        async for more in lines:
            if more:
                await response.write(more)
        await response.write_eof()
        return response

    @routes.get("/ack", permission="syncCheckpoint.read")
    async def acks(self, actor: Caller) -> list[AckCard]:
        """List what the caller's app acknowledged."""
        return [AckCard(type=one.kind, ack=one.ack) for one in await self._sync.acks(actor)]

    @routes.post("/ack", status=NO_CONTENT, permission="syncCheckpoint.update")
    async def acknowledge(self, actor: Caller, body: AckBody) -> web.Response:
        """Write down what the caller's app has."""
        await self._sync.acknowledge(actor, body.acks)
        return web.Response(status=NO_CONTENT)

    @routes.delete("/ack", status=NO_CONTENT, permission="syncCheckpoint.delete")
    async def forget(self, actor: Caller, body: ForgetBody | None = None) -> web.Response:
        """Forget what the caller's app has."""
        await self._sync.forget(actor, None if body is None else body.types)
        return web.Response(status=NO_CONTENT)
