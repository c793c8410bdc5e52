"""HTTP of what administrators decide for all (clips §7.1, 7.4); the settings that need no clip are `accounts`'."""

from aiohttp import web

from homemedia.accounts import Admin
from homemedia.accounts.family.group import GroupService
from homemedia.clips.group import ClipGroup
from homemedia.clips.group_wire import (
    PlatformsAnswer,
    PlatformsBody,
    RemoveBody,
    RemovedAnswer,
    StatsAnswer,
    StoredPage,
    stored_page,
    total_mb,
)
from homemedia.clips.models import MAX_PAGE
from homemedia.core.http.families import Family
from homemedia.core.http.numbers import page_of
from homemedia.core.http.routes import Routes

USUAL_PAGE = 30


class ClipGroupRoutes:
    routes = Routes("clips", prefix="/api/group", family=Family.CLIPS)

    def __init__(self, clips: ClipGroup, group: GroupService) -> None:
        self._clips = clips
        self._group = group

    @routes.patch("/platforms")
    async def filter_platforms(self, actor: Admin, body: PlatformsBody) -> PlatformsAnswer:  # noqa: ARG002 - any may
        """Say of which sites links are taken."""
        mode, listed = await self._clips.filter_platforms(body.mode, body.platforms)
        return PlatformsAnswer(platform_filter_mode=mode, platform_filter_list=listed)

    @routes.get("/clips")
    async def clips(self, actor: Admin, request: web.Request) -> StoredPage:  # noqa: ARG002 - any may
        """List clips with the room they take."""
        asked = request.query
        limit, offset = page_of(asked.get("limit"), asked.get("offset"), usual=USUAL_PAGE, most=MAX_PAGE)
        page = await self._clips.clips(newest_first=asked.get("sort") == "newest", limit=limit, offset=offset)
        return stored_page(page)

    @routes.delete("/clips")
    async def remove(self, actor: Admin, body: RemoveBody) -> RemovedAnswer:  # noqa: ARG002 - any may
        """Remove clips for good, with all that was said of them."""
        return RemovedAnswer(deleted=await self._clips.remove(body.clip_ids))

    @routes.get("/stats")
    async def stats(self, actor: Admin) -> StatsAnswer:
        """Count clips, members and the room that is taken."""
        totals = await self._clips.totals()
        return StatsAnswer(
            clip_count=totals.clips,
            member_count=len(await self._group.members()),
            storage_mb=total_mb(totals),
            max_storage_mb=(await self._group.read(by=actor)).row.max_storage_mb,
        )
