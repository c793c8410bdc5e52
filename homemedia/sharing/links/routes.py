"""HTTP of public links: the page of what lies in one, and the bytes (shares §6.2, 6.5)."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from urllib.parse import quote

from aiohttp import hdrs, web

from homemedia.accounts import Guest, Member
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import FileName, Routes
from homemedia.core.http.transfers import Transfers
from homemedia.core.problems import NotFound, Unauthorized
from homemedia.core.threads import Lane
from homemedia.core.zipped import ZIP, length, send_archive, there
from homemedia.sharing.links.contents import Contents
from homemedia.sharing.links.desk import WORDS, Asked, Entered, Links, PasswordWanted, gone, over
from homemedia.sharing.links.door import ACCESS_HEADER, given_access, given_password, player_of
from homemedia.sharing.links.slices import LinkStreams, Served, Size
from homemedia.sharing.links.visits import Access
from homemedia.sharing.links.wire import (
    BASE,
    ArchiveQuery,
    LinkQuery,
    PictureQuery,
    Shared,
    SharedItem,
    SharedQuery,
    StreamQuery,
    shared,
    shared_item,
)
from homemedia.sharing.models import Visit
from homemedia.sharing.rights import Right
from homemedia.sharing.routes import twice

IMAGE, BYTES = "image/*", "application/octet-stream"
PLAYLIST = "application/vnd.apple.mpegurl"
# What was opened once may be looked at again from the browser's own store, and from no other.
CACHE = "private, max-age=3600, no-transform"
NO_STORE = "no-store"


class SharedRoutes:
    """What the holder of a link may ask; no session is needed, and none opens a link that wants a password.

    Attributes:
        streams: converts what a player cannot play; without it nothing is converted.
    """

    routes = Routes("sharing")

    def __init__(
        self,
        links: Links,
        contents: Contents,
        transfers: Transfers,
        lane: Lane,
        visit: Callable[[web.Request], Visit],
        member: Callable[[web.Request], Awaitable[Member | None]],
    ) -> None:
        self._links = links
        self._contents = contents
        self._transfers = transfers
        self._lane = lane
        self._visit = visit
        self._member = member
        self.streams: LinkStreams | None = None

    @twice(routes, "get", "/shared/{token}", public=True)
    async def open(self, token: FileName, query: SharedQuery, request: web.Request) -> Shared:
        """Open a public link and list what lies in it."""
        entered = await self._enter(request, token)
        if request.method == hdrs.METH_HEAD:
            # Asking whether it opens is no visit.
            access = entered.access or self._links.visits.begin(entered.share)
        else:
            access = await self._links.open(entered, self._visit(request))
        found = await self._contents.page(entered.guest, query.asked)
        return shared(entered, access, query.asked, found, token)

    @twice(routes, "get", "/shared/{token}/media/{media_id}/thumbnail", public=True, produces=IMAGE)
    async def thumbnail(
        self, token: FileName, media_id: FileName, query: PictureQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send a small picture of a thing in a link."""
        return await self._picture(request, token, media_id, "medium" if query.size == "medium" else "small")

    @twice(routes, "get", "/shared/{token}/media/{media_id}/preview", public=True, produces=IMAGE)
    async def preview(
        self,
        token: FileName,
        media_id: FileName,
        query: LinkQuery,  # noqa: ARG002 - read from the request
        request: web.Request,
    ) -> web.StreamResponse:
        """Send a large picture of a thing in a link."""
        return await self._picture(request, token, media_id, "large")

    @twice(routes, "get", "/shared/{token}/media/{media_id}/stream", public=True, produces="video/*")
    async def stream(
        self, token: FileName, media_id: FileName, query: StreamQuery, request: web.Request
    ) -> web.StreamResponse:
        """Send what can be played of a thing in a link, or open a stream of segments."""
        entered = await self._let_in(request, token)
        if query.format == "hls":
            return await self._segments(request, entered, media_id)
        served = await self._contents.playable(entered.guest, media_id)
        return await self._send(request, entered.guest, served, cache=CACHE)

    @twice(routes, "get", "/shared/{token}/media/{media_id}/original", public=True, produces=BYTES)
    async def original(
        self,
        token: FileName,
        media_id: FileName,
        query: LinkQuery,  # noqa: ARG002 - read from the request
        request: web.Request,
    ) -> web.StreamResponse:
        """Send the file of a thing in a link that may be taken home."""
        entered = await self._let_in(request, token, Right.DOWNLOAD)
        served = await self._contents.original(entered.guest, media_id)
        if request.method != hdrs.METH_HEAD:
            self._links.note_download(entered.share.share_id, media_id, self._visit(request), actor_id=_id(entered))
        return await self._send(request, entered.guest, served, is_saved=True)

    @twice(routes, "post", "/shared/{token}/media", public=True)
    async def take(
        self,
        token: FileName,
        query: LinkQuery,  # noqa: ARG002 - read from the request
        request: web.Request,
    ) -> SharedItem:
        """Take a picture or video into the album of a link."""
        entered = await self._let_in(request, token, Right.ADD)
        item = await self._contents.take(entered.guest, request)
        self._links.note_added(entered.share.share_id, item.item_id, self._visit(request), actor_id=_id(entered))
        access = entered.access or self._links.visits.begin(entered.share)
        return shared_item(item, f"{BASE}/{token}", access, Right(entered.guest.rights), 1)

    @routes.get("/api/home/sharing/shared/{token}/archive", public=True, produces=ZIP)
    async def take_home(self, token: FileName, query: ArchiveQuery, request: web.Request) -> web.StreamResponse:
        """Send what lies in a link, or some of it, as one archive."""
        entered = await self._let_in(request, token, Right.DOWNLOAD)
        wanted = None if query.ids is None else [one for one in query.ids.split(",") if one]
        # What went from its disk since it was read in keeps nothing else from being sent.
        entries = await self._lane.run(there, await self._contents.entries(entered.guest, wanted))
        if not entries:
            raise gone()
        response = web.StreamResponse(headers={hdrs.CACHE_CONTROL: NO_STORE})
        response.headers[hdrs.CONTENT_DISPOSITION] = "attachment; filename*=UTF-8''" + _archive_name(entered)
        if request.method == hdrs.METH_HEAD:
            response.content_type, response.content_length = ZIP, length(entries)
            return response
        self._links.note_download(entered.share.share_id, "archive", self._visit(request), actor_id=_id(entered))
        with self._held(request, entered.guest):
            return await send_archive(request, response, entries, self._lane)

    # Who is let in

    async def _enter(self, request: web.Request, token: str) -> Entered:
        """As `Links.enter`."""

        async def member() -> Member | None:
            return await self._member(request)

        # Not by the photo API's cookie: that is sent with every request, and here the address says who asks.
        access = tuple(text for text in (request.headers.get(ACCESS_HEADER), request.query.get("access")) if text)
        return await self._links.enter(
            Asked(
                name=token,
                visit=self._visit(request),
                member=member,
                password=given_password(request),
                access=access or given_access(request),
            )
        )

    async def _let_in(self, request: web.Request, token: str, right: Right = Right.VIEW) -> Entered:
        """Who may ask for something inside of a link.

        Raises:
            NotFound: it is over, or does not give this right: nobody is there who could be forbidden something.
            Unauthorized: it wants more than its token, and no visit is under way.
        """
        entered = await self._enter(request, token)
        if entered.is_shut and entered.access is None:
            if entered.share.password_hash is not None:
                code = "password_required"
                raise PasswordWanted(WORDS[code], code=code, more={"has_password": True})
            if entered.share.require_login:
                raise Unauthorized("Open the link first.", code="authentication_required")
            raise over()
        if not entered.guest.rights & right:
            raise gone()
        return entered

    def _held(self, request: web.Request, guest: Guest) -> AbstractContextManager[None]:
        """While bytes are sent: they stop when the link is over."""

        async def still() -> bool:
            return await self._links.again(guest)

        return self._transfers.open(request, whose=guest.whose, still=still)

    # Sending

    async def _picture(self, request: web.Request, token: str, media_id: str, size: Size) -> web.StreamResponse:
        entered = await self._let_in(request, token)
        served = await self._contents.picture(entered.guest, media_id, size)
        return await self._send(request, entered.guest, served, cache=CACHE)

    async def _send(
        self, request: web.Request, guest: Guest, served: Served, *, is_saved: bool = False, cache: str = NO_STORE
    ) -> web.StreamResponse:
        with self._held(request, guest):
            return await send_file(
                request,
                served.path,
                content_type=served.content_type,
                disposition="attachment" if is_saved else "inline",
                filename=served.filename,
                cache_control=cache,
                admits=served.admits,
                is_timeless=not guest.rights & Right.SEE_METADATA,
            )

    async def _segments(self, request: web.Request, entered: Entered, media_id: str) -> web.StreamResponse:
        if self.streams is None:
            raise NotFound("Nothing is converted here.", code="share_not_found")
        file_id = await self._contents.file_of(entered.guest, media_id)
        if request.method == hdrs.METH_HEAD:
            return web.Response(content_type=PLAYLIST, headers={hdrs.CACHE_CONTROL: NO_STORE})
        access: Access = entered.access or self._links.visits.begin(entered.share)
        player = player_of(entered.maker, access.visit)
        text = await self.streams.open(
            player, file_id, profile=request.query.get("profile"), address=self._visit(request).address
        )
        return web.Response(body=text.encode(), headers={hdrs.CACHE_CONTROL: NO_STORE, hdrs.CONTENT_TYPE: PLAYLIST})


def _id(entered: Entered) -> str | None:
    return None if entered.member is None else entered.member.user_id


def _archive_name(entered: Entered) -> str:
    name = "".join(one if one.isprintable() and one not in '/\\:*?"<>|' else "_" for one in entered.thing.title)
    return quote((name.strip(" .")[:100] or "shared") + ".zip", safe="!#$&+^`|", errors="replace")
