"""HTTP of photos that look alike."""

from collections.abc import Sequence

from aiohttp import web

from homemedia.accounts.models import Caller
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Wire
from homemedia.photos import reading
from homemedia.photos.bulk import BODY_BYTES, IdsBody
from homemedia.photos.ids import checked_uuids
from homemedia.photos.organise.duplicates import Duplicates
from homemedia.photos.wire import Asset

NO_CONTENT = 204


class DuplicatesAnswer(Wire, frozen=True, kw_only=True):
    """Photos that look alike. Suggested to be kept is the largest file, then the one most is known of."""

    duplicate_id: str
    assets: Sequence[Asset]
    suggested_keep_asset_ids: Sequence[str]


class DuplicateRoutes:
    """What a member has twice."""

    routes = Routes("photos", prefix="/api/duplicates", family=Family.PHOTOS)

    def __init__(self, db: Database, duplicates: Duplicates) -> None:
        self._db = db
        self._duplicates = duplicates

    @routes.get("", permission="duplicate.read")
    async def listed(self, actor: Caller) -> list[DuplicatesAnswer]:
        """List the caller's photos that look alike."""
        groups = await self._duplicates.groups(actor)
        wanted = [photo_id for group in groups for photo_id in group.photo_ids]
        made = {one.id: one for one in await reading.assets(self._db.read, wanted, viewer_id=actor.user_id)}
        return [
            DuplicatesAnswer(
                duplicate_id=group.duplicate_id,
                assets=[made[photo_id] for photo_id in group.photo_ids if photo_id in made],
                suggested_keep_asset_ids=[group.keep],
            )
            for group in groups
        ]

    @routes.delete("", status=NO_CONTENT, permission="duplicate.delete", max_body=BODY_BYTES)
    async def clear(self, actor: Caller, body: IdsBody) -> web.Response:
        """Say of photos that they only look alike."""
        await self._duplicates.clear(actor, checked_uuids(body.ids))
        return web.Response(status=NO_CONTENT)
