"""HTTP of albums, what lies in them and who is let in."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from aiohttp import web
from msgspec import UNSET

from homemedia.accounts.models import Anybody, Caller, Guest, Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import NOT_VALID, checked_uuid
from homemedia.core.http.routes import Routes, json_response
from homemedia.core.problems import BadRequest
from homemedia.photos import reading
from homemedia.photos.albums import contents_store
from homemedia.photos.albums.contents import Contents, shown
from homemedia.photos.albums.members import Members
from homemedia.photos.albums.models import Album, Invited, Role
from homemedia.photos.albums.service import AlbumChange, Albums, NewAlbum, Wanted
from homemedia.photos.albums.telling import Teller, bare_album
from homemedia.photos.albums.wire import (
    AlbumAnswer,
    AlbumBody,
    AlbumCounts,
    AlbumQuery,
    AlbumsAssetsAnswer,
    AlbumsAssetsBody,
    AlbumsQuery,
    Marker,
    MemberBody,
    MembersBody,
    NewAlbumBody,
    RoleBody,
)
from homemedia.photos.bulk import BODY_BYTES, BulkResult, IdsBody
from homemedia.photos.ids import checked_uuids, maybe_uuid
from homemedia.photos.streamed import send_list
from homemedia.photos.visible import knows_facts, untold

CREATED = 201
NO_CONTENT = 204
ME = "me"


class AlbumRoutes:
    """Albums, as all clients of the photo API know them."""

    routes = Routes("photos", prefix="/api/albums", family=Family.PHOTOS)

    def __init__(
        self, db: Database, albums: Albums, contents: Contents, members: Members, teller: Teller, clock: Clock
    ) -> None:
        self._db = db
        self._albums = albums
        self._contents = contents
        self._members = members
        self._teller = teller
        self._clock = clock

    @routes.get("", permission="album.read")
    async def list_all(self, actor: Caller, query: AlbumsQuery) -> list[AlbumAnswer]:
        """List the albums the caller may open, newest first."""
        wanted = Wanted(
            album_id=maybe_uuid(query.id, "id"),
            name=query.name,
            photo_id=maybe_uuid(query.asset_id, "assetId"),
            is_owned=query.is_owned,
            is_shared=_asked_shared(query),
        )
        return await self._teller.tell(self._db.read, actor.user_id, await self._albums.listed(actor, wanted))

    @routes.post("", status=CREATED, permission="album.create", max_body=BODY_BYTES)
    async def create(self, actor: Caller, body: NewAlbumBody, request: web.Request) -> web.StreamResponse:
        """Make an album."""
        editors = checked_uuids(body.shared_with_user_ids, "sharedWithUserIds")
        new = NewAlbum(
            name=body.album_name,
            description=body.description or "",
            photo_ids=checked_uuids(body.asset_ids, "assetIds"),
            invited=[*_invited(body.album_users, "albumUsers"), *(Invited(one) for one in editors)],
        )
        album = await self._albums.create(actor, new)
        answer = await self._teller.tell_one(self._db.read, actor.user_id, album)
        return await self._send(request, actor, album, answer, status=CREATED)

    @routes.get("/statistics", permission="album.statistics")
    async def statistics(self, actor: Caller) -> AlbumCounts:
        """Count the caller's albums."""
        counts = await self._albums.counts(actor)
        return AlbumCounts(owned=counts.owned, shared=counts.shared, not_shared=counts.not_shared)

    @routes.put("/assets", permission="albumAsset.create", max_body=BODY_BYTES)
    async def add_to_many(self, actor: Caller, body: AlbumsAssetsBody) -> AlbumsAssetsAnswer:
        """Put photos into several albums."""
        album_ids, photo_ids = checked_uuids(body.album_ids, "albumIds"), checked_uuids(body.asset_ids, "assetIds")
        fault = await self._contents.add_to_many(actor, album_ids, photo_ids)
        return AlbumsAssetsAnswer(success=fault is None, error=UNSET if fault is None else fault)

    @routes.get("/{id}", permission="album.read")
    async def get(self, actor: Anybody, id: str, query: AlbumQuery, request: web.Request) -> web.StreamResponse:
        """Show an album with its photos."""
        album = await self._albums.get(actor, checked_uuid(id))
        told = await self._teller.tell_one(self._db.read, actor.user_id, album)
        answer = (
            bare_album(told) if isinstance(actor, Guest) else await self._teller.with_contributors(self._db.read, told)
        )
        if query.without_assets:
            return json_response(msgspec.json.encode(answer))
        return await self._send(request, actor, album, answer)

    @routes.patch("/{id}", permission="album.update")
    async def change(self, actor: Caller, id: str, body: AlbumBody) -> AlbumAnswer:
        """Change what is said of an album."""
        cover = body.album_thumbnail_asset_id
        is_enabled = body.activity_enabled if body.is_activity_enabled is UNSET else body.is_activity_enabled
        change = AlbumChange(
            name=body.album_name,
            description="" if body.description is None else body.description,
            is_activity_enabled=is_enabled,
            sort_order=body.order,
            cover_photo_id=checked_uuid(cover, "albumThumbnailAssetId") if isinstance(cover, str) else UNSET,
        )
        album = await self._albums.change(actor, checked_uuid(id), change)
        return await self._teller.tell_one(self._db.read, actor.user_id, album)

    @routes.delete("/{id}", status=NO_CONTENT, permission="album.delete")
    async def delete(self, actor: Caller, id: str) -> web.Response:
        """Remove an album; its photos stay."""
        await self._albums.delete(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)

    @routes.put("/{id}/assets", permission="albumAsset.create", max_body=BODY_BYTES)
    async def add(self, actor: Caller, id: str, body: IdsBody) -> list[BulkResult]:
        """Put photos into an album."""
        return await self._contents.add(actor, checked_uuid(id), checked_uuids(body.ids))

    @routes.delete("/{id}/assets", permission="albumAsset.delete", max_body=BODY_BYTES)
    async def remove(self, actor: Caller, id: str, body: IdsBody) -> list[BulkResult]:
        """Take photos out of an album."""
        return await self._contents.remove(actor, checked_uuid(id), checked_uuids(body.ids))

    @routes.put("/{id}/users", permission="albumUser.create")
    async def add_members(self, actor: Caller, id: str, body: MembersBody) -> AlbumAnswer:
        """Let members into an album."""
        album = await self._members.add(actor, checked_uuid(id), _asked_members(body))
        return await self._teller.tell_one(self._db.read, actor.user_id, album)

    @routes.put("/{id}/user/{userId}", status=NO_CONTENT, permission="albumUser.update")
    async def set_role(
        self,
        actor: Caller,
        id: str,
        userId: str,  # noqa: N803 - a name of the contract
        body: RoleBody,
    ) -> web.Response:
        """Make a member of an album its editor or a viewer."""
        await self._members.set_role(actor, checked_uuid(id), checked_uuid(userId, "userId"), Role(body.role))
        return web.Response(status=NO_CONTENT)

    @routes.delete("/{id}/user/{userId}", status=NO_CONTENT, permission="albumUser.delete")
    async def remove_member(
        self,
        actor: Caller,
        id: str,
        userId: str,  # noqa: N803 - a name of the contract
    ) -> web.Response:
        """Let a member out of an album; "me" leaves it."""
        user_id = actor.user_id if userId == ME else checked_uuid(userId, "userId")
        await self._members.remove(actor, checked_uuid(id), user_id)
        return web.Response(status=NO_CONTENT)

    @routes.get("/{id}/map-markers", permission="album.read")
    async def markers(self, actor: Anybody, id: str) -> list[Marker]:
        """Say where the photos of an album were taken."""
        album = await self._albums.get(actor, checked_uuid(id))
        if not knows_facts(actor):
            return []
        now = self._clock.now_ms()
        rows = await contents_store.places(self._db.read, album.album_id, now=now)
        if isinstance(actor, Member):
            hidden = await untold(self._db.read, actor, now, [row["photo_id"] for row in rows])
            rows = [row for row in rows if row["photo_id"] not in hidden]
        return [
            Marker(
                id=row["photo_id"],
                lat=row["latitude"],
                lon=row["longitude"],
                city=row["city"],
                state=row["state"],
                country=row["country"],
            )
            for row in rows
        ]

    async def _send(
        self, request: web.Request, actor: Anybody, album: Album, answer: AlbumAnswer, *, status: int = 200
    ) -> web.StreamResponse:
        """An album with its photos, sent while they are read: there may be many."""
        now = self._clock.now_ms()
        photo_ids = await shown(self._db.read, album, now=now)
        batches = reading.batches_for(self._db.read, photo_ids, actor, at_ms=now)
        before = msgspec.json.encode(answer)[:-1] + b',"assets":['
        return await send_list(request, batches, before=before, after=b"]}", status=status)


def _asked_shared(query: AlbumsQuery) -> bool | None:
    return query.shared if query.is_shared is None else query.is_shared


def _invited(members: Iterable[MemberBody], field: str) -> Iterator[Invited]:
    for number, one in enumerate(members):
        yield Invited(checked_uuid(one.user_id, f"{field}[{number}].userId"), Role(one.role))


def _asked_members(body: MembersBody) -> Sequence[Invited]:
    """Who is to be let in, of all three forms; the roles of one form count in the others.

    Raises:
        BadRequest: nobody is named.
    """
    if body.album_users is None and body.shared_user_ids is None and body.album_user_roles is None:
        reason = "Invalid input: expected array, received undefined"
        raise BadRequest(NOT_VALID, field="albumUsers", reason=reason)
    if body.album_users == []:
        reason = "Too small: expected array to have >=1 items"
        raise BadRequest(NOT_VALID, field="albumUsers", reason=reason)
    asked = {one: Invited(one) for one in checked_uuids(body.shared_user_ids or (), "sharedUserIds")}
    for one in (
        *_invited(body.album_user_roles or (), "albumUserRoles"),
        *_invited(body.album_users or (), "albumUsers"),
    ):
        asked[one.user_id] = one
    return list(asked.values())
