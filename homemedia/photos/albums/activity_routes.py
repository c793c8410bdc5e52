"""HTTP of comments and likes in albums."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from homemedia.accounts.models import NO_EMAIL_DOMAIN, Caller
from homemedia.accounts.photo_account.wire import PublicUser
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import NOT_VALID, checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Reply, Wire
from homemedia.core.problems import BadRequest
from homemedia.photos import people_of
from homemedia.photos.albums.activities import Activities
from homemedia.photos.albums.activities_store import Activity, Asked
from homemedia.photos.ids import maybe_uuid
from homemedia.photos.times import iso

CREATED = 201
OK = 200
NO_CONTENT = 204
LIKE = "like"
Type = Literal["comment", "like"]


class ActivityAnswer(Wire, frozen=True, kw_only=True):
    """`assetId`: null for what is said of the whole album."""

    id: str
    type: Type
    comment: str | None
    asset_id: str | None
    created_at: str
    user: PublicUser


class ActivitiesQuery(Query, frozen=True, kw_only=True):
    """`level` album: only what is said of the album as such."""

    album_id: str
    asset_id: str | None = None
    user_id: str | None = None
    type: Type | None = None
    level: Literal["album", "asset"] | None = None


class CountsQuery(Query, frozen=True, kw_only=True):
    album_id: str
    asset_id: str | None = None


class ActivityBody(Wire, frozen=True, kw_only=True):
    album_id: str
    asset_id: str | None = None
    type: Type
    comment: Annotated[str, msgspec.Meta(max_length=10_000)] | None = None


class ActivityCounts(Wire, frozen=True, kw_only=True):
    comments: int
    likes: int


class ActivityRoutes:
    """Comments and likes."""

    routes = Routes("photos", prefix="/api/activities", family=Family.PHOTOS)

    def __init__(self, db: Database, activities: Activities) -> None:
        self._db = db
        self._activities = activities

    @routes.get("", permission="activity.read")
    async def listed(self, actor: Caller, query: ActivitiesQuery) -> list[ActivityAnswer]:
        """List what was said and liked in an album, oldest first."""
        asked = Asked(
            album_id=checked_uuid(query.album_id, "albumId"),
            photo_id=maybe_uuid(query.asset_id, "assetId"),
            user_id=maybe_uuid(query.user_id, "userId"),
            is_like=None if query.type is None else query.type == LIKE,
            is_of_photo=False if query.level == "album" else None,
        )
        found = await self._activities.listed(actor, asked)
        known = await people_of.members(self._db.read)
        return [_answer(one, known) for one in found]

    @routes.post("", status=CREATED, also=(OK,), permission="activity.create")
    async def add(self, actor: Caller, body: ActivityBody) -> Reply[ActivityAnswer]:
        """Comment or like an album, or a photo in it."""
        comment = None if body.type == LIKE else (body.comment or "").strip()
        if comment == "":
            reason = "Too small: expected string to have >=1 characters"
            raise BadRequest(NOT_VALID, field="comment", reason=reason)
        album_id, photo_id = checked_uuid(body.album_id, "albumId"), maybe_uuid(body.asset_id, "assetId")
        activity, is_new = await self._activities.add(actor, album_id, photo_id, comment)
        answer = _answer(activity, await people_of.members(self._db.read))
        return Reply(answer, status=CREATED if is_new else OK)

    @routes.get("/statistics", permission="activity.statistics")
    async def counts(self, actor: Caller, query: CountsQuery) -> ActivityCounts:
        """Count comments and likes."""
        album_id, photo_id = checked_uuid(query.album_id, "albumId"), maybe_uuid(query.asset_id, "assetId")
        comments, likes = await self._activities.counts(actor, album_id, photo_id)
        return ActivityCounts(comments=comments, likes=likes)

    @routes.delete("/{id}", status=NO_CONTENT, permission="activity.delete")
    async def remove(self, actor: Caller, id: str) -> web.Response:
        """Take a comment or a like back."""
        await self._activities.remove(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)


def _answer(activity: Activity, known: people_of.Known) -> ActivityAnswer:
    return ActivityAnswer(
        id=activity.activity_id,
        type="like" if activity.comment is None else "comment",
        comment=activity.comment,
        asset_id=activity.photo_id,
        created_at=iso(activity.created_at),
        user=known.get(activity.user_id) or _gone(activity),
    )


def _gone(activity: Activity) -> PublicUser:
    """Who said something and is no member any more."""
    return PublicUser(
        id=activity.user_id,
        email=f"{activity.user_id}@{NO_EMAIL_DOMAIN}",
        name=activity.user_name,
        avatar_color="gray",
        profile_image_path="",
        profile_changed_at=iso(activity.created_at),
    )
