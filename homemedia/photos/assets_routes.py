"""HTTP of members' photos: seen, edited, counted (photos §6.3, 10.3)."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from homemedia.accounts.models import Anybody, Caller
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import FileName, Routes
from homemedia.core.http.wire import Wire
from homemedia.core.problems import BadRequest
from homemedia.photos.again import Again
from homemedia.photos.assets import Assets
from homemedia.photos.assets_wire import (
    AssetBody,
    AssetsBody,
    CopyBody,
    Edits,
    ListQuery,
    ManyMetadataBody,
    MetadataBody,
    MetadataCard,
    MetadataKeysBody,
    MetadataOfOneCard,
    RandomQuery,
    StatisticsAnswer,
    StatisticsQuery,
    checked_ids,
    checked_value,
    metadata_card,
    metadata_of_one,
)
from homemedia.photos.changes import Changes
from homemedia.photos.search import Search
from homemedia.photos.streamed import send_list
from homemedia.photos.wire import Asset

NO_CONTENT = 204
BODY_BYTES = 32 << 20


class JobsBody(Wire, frozen=True, kw_only=True):
    asset_ids: Annotated[list[str], msgspec.Meta(max_length=100_000)]
    name: Literal["refresh-faces", "refresh-metadata", "regenerate-thumbnail", "transcode-video"]


class EditsBody(Wire, frozen=True, kw_only=True):
    edits: tuple[dict[str, object], ...] = ()


class AssetRoutes:
    """What is known of photos, and its editing."""

    routes = Routes("photos", prefix="/api/assets", family=Family.PHOTOS)

    def __init__(self, assets: Assets, changes: Changes, search: Search, again: Again) -> None:
        self._assets = assets
        self._changes = changes
        self._search = search
        self._again = again

    @routes.get("", permission="asset.read")
    async def list_assets(self, actor: Caller, query: ListQuery, request: web.Request) -> web.StreamResponse:
        """List the caller's own photos, those in the trash included, by the time of their last change."""
        span = query.span
        total = await self._assets.count(actor, span)
        return await send_list(request, self._assets.all(actor, span), headers={"X-Total-Count": str(total)})

    @routes.get("/statistics", permission="asset.statistics")
    async def statistics(self, actor: Caller, query: StatisticsQuery) -> StatisticsAnswer:
        """Count the caller's own pictures and videos."""
        found = await self._assets.statistics(
            actor, visibility=query.visibility, is_favorite=query.is_favorite, is_trashed=query.is_trashed
        )
        return StatisticsAnswer(images=found.images, videos=found.videos, total=found.images + found.videos)

    @routes.get("/random", permission="asset.read")
    async def random(self, actor: Caller, query: RandomQuery) -> list[Asset]:
        """Pick some of the caller's photos, others every time."""
        return await self._search.surprise(actor, query.count)

    @routes.get("/{id}", permission="asset.read")
    async def get_asset(self, actor: Anybody, id: str) -> Asset:
        """Show a photo with all that is known of it."""
        return await self._assets.one(actor, checked_uuid(id))

    @routes.put("/{id}", permission="asset.update")
    async def put_asset(self, actor: Caller, id: str, body: AssetBody) -> Asset:
        """Edit a photo; fields that are left out stay."""
        photo_id = checked_uuid(id)
        await self._changes.edit(actor, [photo_id], body.edit)
        return await self._assets.own(actor, photo_id)

    @routes.put("", status=NO_CONTENT, permission="asset.update", max_body=BODY_BYTES)
    async def put_assets(self, actor: Caller, body: AssetsBody) -> web.Response:
        """Edit many photos alike."""
        await self._changes.edit(actor, checked_ids(body.ids), body.edit)
        return web.Response(status=NO_CONTENT)

    @routes.put("/copy", status=NO_CONTENT, permission="asset.copy")
    async def copy(self, actor: Caller, body: CopyBody) -> web.Response:
        """Give a photo what another has: albums, favourite, stack, what was entered by hand."""
        source, target = checked_uuid(body.source_id, "sourceId"), checked_uuid(body.target_id, "targetId")
        await self._changes.copy(actor, source, target, body.wish)
        return web.Response(status=NO_CONTENT)

    @routes.post("/jobs", status=NO_CONTENT, permission="job.create", max_body=BODY_BYTES)
    async def run_job(self, actor: Caller, body: JobsBody) -> web.Response:
        """Read photos anew, or make their pictures anew."""
        await self._again.wish(actor, checked_ids(body.asset_ids, "assetIds"), body.name)
        return web.Response(status=NO_CONTENT)

    @routes.get("/{id}/ocr", permission="asset.read")
    async def get_ocr(self, actor: Caller, id: str) -> list[str]:
        """List the words that were read in a photo: none are ever looked for."""
        await self._assets.one(actor, checked_uuid(id))
        return []

    @routes.get("/{id}/edits", permission="asset.edit.get")
    async def get_edits(self, actor: Caller, id: str) -> Edits:
        """List how a photo is cropped and turned: never."""
        return Edits(asset_id=(await self._assets.one(actor, checked_uuid(id))).id)

    @routes.put("/{id}/edits", permission="asset.edit.create")
    async def put_edits(self, actor: Caller, id: str, body: EditsBody) -> Edits:
        """Take no edits of a photo."""
        found = await self._assets.one(actor, checked_uuid(id))
        if body.edits:
            raise BadRequest("Pictures cannot be cropped or turned here.", field="edits", reason="is not supported")
        return Edits(asset_id=found.id)

    @routes.delete("/{id}/edits", status=NO_CONTENT, permission="asset.edit.delete")
    async def delete_edits(self, actor: Caller, id: str) -> web.Response:
        """Show a photo as it came: it always is."""
        await self._assets.one(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)


class MetadataRoutes:
    """What apps keep with photos."""

    routes = Routes("photos", prefix="/api/assets", family=Family.PHOTOS)

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    @routes.get("/{id}/metadata", permission="asset.read")
    async def get_metadata(self, actor: Caller, id: str) -> list[MetadataCard]:
        """List what apps keep with a photo."""
        return [metadata_card(line) for line in await self._changes.metadata(actor, checked_uuid(id))]

    @routes.put("/{id}/metadata", permission="asset.update")
    async def put_metadata(self, actor: Caller, id: str, body: MetadataBody) -> list[MetadataCard]:
        """Keep what apps want kept with a photo, over what stood under the same keys."""
        photo_id = checked_uuid(id)
        lines = [(photo_id, item.key, checked_value(item)) for item in body.items]
        return [metadata_card(line) for line in await self._changes.set_metadata(actor, lines)]

    @routes.get("/{id}/metadata/{key}", permission="asset.read")
    async def get_metadata_of_key(self, actor: Caller, id: str, key: FileName) -> MetadataCard:
        """Show what apps keep with a photo under one key."""
        return metadata_card((await self._changes.metadata(actor, checked_uuid(id), key))[0])

    @routes.delete("/{id}/metadata/{key}", status=NO_CONTENT, permission="asset.update")
    async def delete_metadata(self, actor: Caller, id: str, key: FileName) -> web.Response:
        """Forget what apps keep with a photo under one key."""
        await self._changes.drop_metadata(actor, [(checked_uuid(id), key)])
        return web.Response(status=NO_CONTENT)

    @routes.put("/metadata", permission="asset.update", max_body=BODY_BYTES)
    async def put_many(self, actor: Caller, body: ManyMetadataBody) -> list[MetadataOfOneCard]:
        """Keep what apps want kept with many photos."""
        lines = [(checked_uuid(item.asset_id, "assetId"), item.key, checked_value(item)) for item in body.items]
        return [metadata_of_one(line) for line in await self._changes.set_metadata(actor, lines)]

    @routes.delete("/metadata", status=NO_CONTENT, permission="asset.update", max_body=BODY_BYTES)
    async def delete_many(self, actor: Caller, body: MetadataKeysBody) -> web.Response:
        """Forget what apps keep with many photos."""
        await self._changes.drop_metadata(
            actor, [(checked_uuid(item.asset_id, "assetId"), item.key) for item in body.items]
        )
        return web.Response(status=NO_CONTENT)
