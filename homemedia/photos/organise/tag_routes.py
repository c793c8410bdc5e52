"""HTTP of tags."""

from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.photos.bulk import BODY_BYTES, BulkResult, Ids, IdsBody
from homemedia.photos.ids import checked_uuids, maybe_uuid
from homemedia.photos.organise.tags import Tags
from homemedia.photos.wire import TagCard, tag_card

CREATED = 201
NO_CONTENT = 204
MOST_AT_ONCE = 1000


class NewTagBody(Wire, frozen=True, kw_only=True):
    """`color` in hex, with or without "#"."""

    name: str
    parent_id: str | None = None
    color: str | None = None


class TagsBody(Wire, frozen=True, kw_only=True):
    """Whole names: "Places/Rome"."""

    tags: Annotated[list[str], msgspec.Meta(max_length=MOST_AT_ONCE)]


class TagBody(Wire, frozen=True, kw_only=True):
    """`name` is the whole one, "Places/Rome"; the contract knows the colour alone."""

    name: Annotated[str, msgspec.Meta(max_length=1000)] | UnsetType = UNSET
    color: str | UnsetType | None = UNSET


class TagAllBody(Wire, frozen=True, kw_only=True):
    tag_ids: Annotated[list[str], msgspec.Meta(max_length=MOST_AT_ONCE)]
    asset_ids: Ids


class TaggedAnswer(Wire, frozen=True, kw_only=True):
    """How many pairs are new."""

    count: int


class TagRoutes:
    """Tags, each member's own."""

    routes = Routes("photos", prefix="/api/tags", family=Family.PHOTOS)

    def __init__(self, tags: Tags) -> None:
        self._tags = tags

    @routes.get("", permission="tag.read")
    async def listed(self, actor: Caller) -> list[TagCard]:
        """List the caller's tags by name."""
        return [tag_card(row) for row in await self._tags.listed(actor)]

    @routes.post("", status=CREATED, permission="tag.create")
    async def create(self, actor: Caller, body: NewTagBody) -> TagCard:
        """Make a tag."""
        return tag_card(await self._tags.create(actor, body.name, maybe_uuid(body.parent_id, "parentId"), body.color))

    @routes.put("", permission="tag.create")
    async def upsert(self, actor: Caller, body: TagsBody) -> list[TagCard]:
        """Have these tags, made where they are not there."""
        return [tag_card(row) for row in await self._tags.upsert(actor, body.tags)]

    @routes.put("/assets", permission="tag.asset", max_body=BODY_BYTES)
    async def tag_all(self, actor: Caller, body: TagAllBody) -> TaggedAnswer:
        """Give photos several tags."""
        tag_ids, photo_ids = checked_uuids(body.tag_ids, "tagIds"), checked_uuids(body.asset_ids, "assetIds")
        return TaggedAnswer(count=await self._tags.tag_all(actor, tag_ids, photo_ids))

    @routes.get("/{id}", permission="tag.read")
    async def get(self, actor: Caller, id: str) -> TagCard:
        """Show a tag."""
        return tag_card(await self._tags.get(actor, checked_uuid(id)))

    @routes.put("/{id}", permission="tag.update")
    async def paint(self, actor: Caller, id: str, body: TagBody) -> TagCard:
        """Give a tag another name or another colour."""
        tag_id = checked_uuid(id)
        if isinstance(body.name, str):
            await self._tags.rename(actor, tag_id, body.name)
        if isinstance(body.color, UnsetType):
            return tag_card(await self._tags.get(actor, tag_id, "tag.update"))
        return tag_card(await self._tags.paint(actor, tag_id, body.color))

    @routes.delete("/{id}", status=NO_CONTENT, permission="tag.delete")
    async def remove(self, actor: Caller, id: str) -> web.Response:
        """Remove a tag and all below it."""
        await self._tags.remove(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)

    @routes.put("/{id}/assets", permission="tag.asset", max_body=BODY_BYTES)
    async def tag(self, actor: Caller, id: str, body: IdsBody) -> list[BulkResult]:
        """Tag photos."""
        return await self._tags.tag(actor, checked_uuid(id), checked_uuids(body.ids))

    @routes.delete("/{id}/assets", permission="tag.asset", max_body=BODY_BYTES)
    async def untag(self, actor: Caller, id: str, body: IdsBody) -> list[BulkResult]:
        """Take a tag off photos."""
        return await self._tags.untag(actor, checked_uuid(id), checked_uuids(body.ids))
