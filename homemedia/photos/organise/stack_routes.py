"""HTTP of stacks."""

from collections.abc import Sequence

from aiohttp import web

from homemedia.accounts import Member
from homemedia.accounts.models import Caller
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.photos import reading
from homemedia.photos.bulk import BODY_BYTES, Ids, IdsBody
from homemedia.photos.ids import checked_uuids, maybe_uuid
from homemedia.photos.organise.stacks import Stack, Stacks
from homemedia.photos.wire import Asset

CREATED = 201
NO_CONTENT = 204


class StackAnswer(Wire, frozen=True, kw_only=True):
    """A stack, the photo that stands for it first."""

    id: str
    primary_asset_id: str
    assets: Sequence[Asset]


class StacksQuery(Query, frozen=True, kw_only=True):
    primary_asset_id: str | None = None


class NewStackBody(Wire, frozen=True, kw_only=True):
    """The first one leads."""

    asset_ids: Ids


class StackBody(Wire, frozen=True, kw_only=True):
    primary_asset_id: str | None = None


class StackRoutes:
    """Stacks, each member's own."""

    routes = Routes("photos", prefix="/api/stacks", family=Family.PHOTOS)

    def __init__(self, db: Database, stacks: Stacks) -> None:
        self._db = db
        self._stacks = stacks

    @routes.get("", permission="stack.read")
    async def listed(self, actor: Caller, query: StacksQuery) -> list[StackAnswer]:
        """List the caller's stacks."""
        primary_id = maybe_uuid(query.primary_asset_id, "primaryAssetId")
        return await self._told(actor, await self._stacks.listed(actor, primary_id))

    @routes.post("", status=CREATED, permission="stack.create", max_body=BODY_BYTES)
    async def create(self, actor: Caller, body: NewStackBody) -> StackAnswer:
        """Stack photos."""
        stack = await self._stacks.create(actor, checked_uuids(body.asset_ids, "assetIds"))
        return (await self._told(actor, [stack]))[0]

    @routes.delete("", status=NO_CONTENT, permission="stack.delete", max_body=BODY_BYTES)
    async def remove_all(self, actor: Caller, body: IdsBody) -> web.Response:
        """Dissolve stacks."""
        await self._stacks.remove(actor, checked_uuids(body.ids))
        return web.Response(status=NO_CONTENT)

    @routes.get("/{id}", permission="stack.read")
    async def get(self, actor: Caller, id: str) -> StackAnswer:
        """Show a stack."""
        return (await self._told(actor, [await self._stacks.get(actor, checked_uuid(id))]))[0]

    @routes.put("/{id}", permission="stack.update")
    async def lead(self, actor: Caller, id: str, body: StackBody) -> StackAnswer:
        """Let another photo stand for a stack."""
        primary_id = maybe_uuid(body.primary_asset_id, "primaryAssetId")
        return (await self._told(actor, [await self._stacks.lead(actor, checked_uuid(id), primary_id)]))[0]

    @routes.delete("/{id}", status=NO_CONTENT, permission="stack.delete")
    async def remove(self, actor: Caller, id: str) -> web.Response:
        """Dissolve a stack."""
        await self._stacks.remove(actor, [checked_uuid(id)])
        return web.Response(status=NO_CONTENT)

    @routes.delete("/{id}/assets/{assetId}", status=NO_CONTENT, permission="stack.update")
    async def take_out(
        self,
        actor: Caller,
        id: str,
        assetId: str,  # noqa: N803 - a name of the contract
    ) -> web.Response:
        """Take a photo out of a stack."""
        await self._stacks.take_out(actor, checked_uuid(id), checked_uuid(assetId, "assetId"))
        return web.Response(status=NO_CONTENT)

    async def _told(self, actor: Member, stacks: Sequence[Stack]) -> list[StackAnswer]:
        wanted = [photo_id for stack in stacks for photo_id in stack.photo_ids]
        made = {one.id: one for one in await reading.assets(self._db.read, wanted, viewer_id=actor.user_id)}
        return [
            StackAnswer(
                id=stack.stack_id,
                primary_asset_id=stack.primary_id,
                assets=[made[photo_id] for photo_id in stack.photo_ids if photo_id in made],
            )
            for stack in stacks
        ]
