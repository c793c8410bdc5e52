"""HTTP of shared links (photos §6.7, 9.9)."""

from collections.abc import Callable, Sequence

import msgspec
from aiohttp import web
from msgspec import UNSET

from homemedia.accounts import Anybody, Caller, Guest, Member
from homemedia.accounts.credentials import Credential, Kind
from homemedia.accounts.site import Site
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes, json_response
from homemedia.core.http.wire import Cookie, Reply
from homemedia.core.problems import BadRequest, Unauthorized
from homemedia.photos import reading
from homemedia.photos.albums import store as albums
from homemedia.photos.albums.telling import Teller, bare_album
from homemedia.photos.albums.wire import AlbumAnswer
from homemedia.photos.assets_wire import checked_ids
from homemedia.photos.shared_links import ALBUM, Flags, LinkChange, NewLink, SharedLinks, flags_of, kind_of
from homemedia.photos.shared_links_wire import (
    MASK,
    AssetResult,
    LinkAssetsBody,
    LinkBody,
    LinksQuery,
    LoginBody,
    NewLinkBody,
    OneLinkQuery,
    SharedLink,
)
from homemedia.photos.times import iso, read_time
from homemedia.sharing.links.desk import Links, guest_of
from homemedia.sharing.links.door import COOKIE, INVALID, Door, kept_access
from homemedia.sharing.models import ShareRow, Visit

CREATED, NO_CONTENT = 201, 204
BODY_BYTES = 32 << 20


class SharedLinkRoutes:
    """A member's links, and the one that a visitor holds."""

    routes = Routes("photos", prefix="/api/shared-links", family=Family.PHOTOS)

    def __init__(
        self,
        db: Database,
        shared: SharedLinks,
        links: Links,
        door: Door,
        teller: Teller,
        site: Site,
        visit: Callable[[web.Request], Visit],
    ) -> None:
        self._db = db
        self._shared = shared
        self._links = links
        self._door = door
        self._teller = teller
        self._site = site
        self._visit = visit

    @routes.get("", permission="sharedLink.read")
    async def list_all(self, actor: Caller, query: LinksQuery, request: web.Request) -> list[SharedLink]:
        """List the caller's links, newest first."""
        rows = await self._shared.listed(
            actor,
            album_id=None if query.album_id is None else checked_uuid(query.album_id, "albumId"),
            link_id=None if query.id is None else checked_uuid(query.id),
        )
        return await self._answers(request, rows, actor)

    @routes.post("", status=CREATED, permission="sharedLink.create", max_body=BODY_BYTES)
    async def create(self, actor: Caller, body: NewLinkBody, request: web.Request) -> SharedLink:
        """Make a link to an album or to photos."""
        metadata = body.show_metadata is not False
        new = NewLink(
            kind=body.type,
            album_id=checked_uuid(body.album_id, "albumId") if body.album_id else None,
            photo_ids=checked_ids(body.asset_ids or [], "assetIds"),
            flags=Flags(
                upload=body.allow_upload is not False, download=body.allow_download is not False, metadata=metadata
            ),
            description=body.description or None,
            password=body.password or None,
            slug=body.slug or None,
            expires_at=read_time(body.expires_at, "expiresAt") if body.expires_at else None,
        )
        row = await self._shared.create(actor, new, self._visit(request))
        return (await self._answers(request, [row], actor))[0]

    @routes.get("/me", permission="sharedLink.read")
    async def me(self, actor: Anybody, request: web.Request) -> web.Response:
        """Show the link a visitor holds; to a member, list his own."""
        if isinstance(actor, Guest):
            row, _, _ = await self._links.current(actor.share_id)
            return json_response(msgspec.json.encode((await self._answers(request, [row], actor))[0]))
        rows = await self._shared.listed(actor)
        return json_response(msgspec.json.encode(await self._answers(request, rows, actor)))

    @routes.post("/login", public=True, status=CREATED)
    async def login(self, query: OneLinkQuery, body: LoginBody, request: web.Request) -> Reply[SharedLink]:
        """Open a link that wants a password; the cookie says so from then on."""
        found = _named(request, query)
        row, maker, rights, _ = await self._door.known(request, found)
        if row.password_hash is None:
            raise BadRequest("Shared link is not password protected")
        access = await self._door.prove(request, row, body.password)
        guest = guest_of(row, maker, rights)
        life_s = max(1, (access.expires_at - self._links.now_ms()) // 1000)
        cookie = Cookie(
            name=COOKIE, value=kept_access(request, access), max_age_s=life_s, is_secure=self._site.is_https(request)
        )
        return Reply((await self._answers(request, [row], guest))[0], cookies=[cookie])

    @routes.get("/{id}", permission="sharedLink.read")
    async def get(self, actor: Caller, id: str, request: web.Request) -> SharedLink:
        """Show one of the caller's links."""
        row = await self._shared.one(actor, checked_uuid(id))
        return (await self._answers(request, [row], actor))[0]

    @routes.patch("/{id}", permission="sharedLink.update")
    async def change(self, actor: Caller, id: str, body: LinkBody, request: web.Request) -> SharedLink:
        """Change a link; what is left out stays."""
        expires_at = read_time(body.expires_at, "expiresAt") if isinstance(body.expires_at, str) else body.expires_at
        if expires_at is UNSET and body.change_expiry_time:
            expires_at = None
        change = LinkChange(
            description=body.description or None if body.description is not UNSET else UNSET,
            password=body.password or None if body.password is not UNSET else UNSET,
            slug=body.slug or None if body.slug is not UNSET else UNSET,
            expires_at=expires_at,
            upload=UNSET if body.allow_upload is None else body.allow_upload,
            download=UNSET if body.allow_download is None else body.allow_download,
            metadata=UNSET if body.show_metadata is None else body.show_metadata,
        )
        row = await self._shared.change(actor, checked_uuid(id), change, self._visit(request))
        return (await self._answers(request, [row], actor))[0]

    @routes.delete("/{id}", status=NO_CONTENT, permission="sharedLink.delete")
    async def end(self, actor: Caller, id: str, request: web.Request) -> web.Response:
        """End a link at once."""
        await self._shared.end(actor, checked_uuid(id), self._visit(request))
        return web.Response(status=NO_CONTENT)

    @routes.put("/{id}/assets", permission="sharedLink.update", max_body=BODY_BYTES)
    async def add(self, actor: Caller, id: str, body: LinkAssetsBody, request: web.Request) -> list[AssetResult]:
        """Put photos into a link."""
        photo_ids = checked_ids(body.asset_ids, "assetIds")
        return await self._shared.add(actor, checked_uuid(id), photo_ids, self._visit(request))

    @routes.delete("/{id}/assets", permission="sharedLink.update", max_body=BODY_BYTES)
    async def remove(self, actor: Caller, id: str, body: LinkAssetsBody, request: web.Request) -> list[AssetResult]:
        """Take photos out of a link."""
        photo_ids = checked_ids(body.asset_ids, "assetIds")
        return await self._shared.remove(actor, checked_uuid(id), photo_ids, self._visit(request))

    async def _answers(self, request: web.Request, rows: Sequence[ShareRow], actor: Member | Guest) -> list[SharedLink]:
        """Links as answers; those to albums that are gone are left out."""
        told: dict[str, AlbumAnswer] = {}
        for album_id in {row.target_id for row in rows if row.target_type == ALBUM}:
            if (album := await albums.one(self._db.read, album_id)) is not None:
                answers = await self._teller.tell(self._db.read, actor.user_id, [album])
                told |= {one.id: bare_album(one) if isinstance(actor, Guest) else one for one in answers}
        found: list[SharedLink] = []
        now = self._shared.clock.now_ms()
        for row in rows:
            if row.target_type == ALBUM and row.target_id not in told:
                continue
            photo_ids = await self._shared.photos_of(row, actor.maker if isinstance(actor, Guest) else actor)
            assets = await reading.for_actor(self._db.read, photo_ids, actor, at_ms=now, shape=reading.WITHOUT_PEOPLE)
            base = self._site.url(request)
            flags = flags_of(row)
            found.append(
                SharedLink(
                    id=row.share_id,
                    key=row.token or "",
                    slug=row.slug,
                    url=f"{base}/s/{row.slug}" if row.slug else f"{base}/share/{row.token}",
                    type=kind_of(row),
                    user_id=row.created_by,
                    description=row.note,
                    password=None if row.password_hash is None else MASK,
                    created_at=iso(row.created_at),
                    expires_at=None if row.expires_at is None else iso(row.expires_at),
                    allow_upload=flags.upload,
                    allow_download=flags.download,
                    show_metadata=flags.metadata,
                    album=told[row.target_id] if row.target_type == ALBUM else UNSET,
                    assets=assets,
                )
            )
        return found


def _named(request: web.Request, query: OneLinkQuery) -> Credential:
    """The link that a request names.

    Raises:
        Unauthorized: it names none.
    """
    if key := request.headers.get("x-immich-share-key") or query.key:
        return Credential(Kind.LINK_KEY, key)
    if slug := request.headers.get("x-immich-share-slug") or query.slug:
        return Credential(Kind.LINK_SLUG, slug)
    raise Unauthorized(INVALID[Kind.LINK_KEY])
