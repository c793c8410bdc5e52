"""HTTP of shares: each route answers under `/api/v1` and under `/api` with the same handler (shares §1.1)."""

import uuid
from collections.abc import Callable
from typing import Any, Final, TypeVar

from aiohttp import web

from homemedia.accounts import Caller, Member
from homemedia.accounts.qr import svg_of
from homemedia.accounts.site import Site
from homemedia.core.clock import Clock
from homemedia.core.http.limits import RateLimit
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Later, Reply
from homemedia.core.problems import BadRequest, Forbidden, NotFound
from homemedia.sharing.shares import Asked, Page, Shares
from homemedia.sharing.wire import (
    MAX_BODY,
    OWN,
    ActivityQuery,
    ActivityWire,
    BatchDeleteAnswer,
    BatchDeleteBody,
    CreateShareBody,
    IncomingQuery,
    OutgoingQuery,
    PatchShareBody,
    QrAnswer,
    SharesQuery,
    ShareWire,
    activity_wire,
    batch_ids,
    change_of,
    read_object,
    share_wire,
    visit_of,
    wish_of,
)

# Of one member: by hand nobody comes near, and several at once are one.
CHANGES_IN_A_WINDOW: Final = 600
CHANGES_WINDOW_S: Final = 600.0
F = TypeVar("F", bound=Callable[..., Any])


def twice(routes: Routes, method: str, path: str, **options: Any) -> Callable[[F], F]:  # noqa: ANN401 - as Routes has them
    """Declare a handler under both of its addresses."""

    def declare(handler: F) -> F:
        for prefix in ("/api/v1", "/api"):
            getattr(routes, method)(prefix + path, **options)(handler)
        return handler

    return declare


class ShareRoutes:
    """Makes, lists, changes and ends shares."""

    routes = Routes("sharing")

    def __init__(self, shares: Shares, site: Site, clock: Clock) -> None:
        self._shares = shares
        self._site = site
        self._clock = clock
        self._changes = RateLimit(CHANGES_IN_A_WINDOW, CHANGES_WINDOW_S, clock=clock)

    @twice(routes, "post", "/shares", max_body=MAX_BODY)
    async def create(self, actor: Caller, body: Later[CreateShareBody], request: web.Request) -> ShareWire:
        """Create a share for a user, a group or a public link."""
        self._check_rate(actor)
        wish = wish_of(await read_object(request, body), self._clock.now_ms())
        share = await self._shares.create(actor, wish, visit_of(request, self._site))
        return await self._one(actor, share.share_id, request)

    @twice(routes, "post", "/shares/batch/delete", max_body=MAX_BODY)
    async def delete_several(
        self, actor: Caller, body: Later[BatchDeleteBody], request: web.Request
    ) -> BatchDeleteAnswer:
        """Revoke several shares, all or none."""
        self._check_rate(actor)
        ids = batch_ids(await read_object(request, body))
        ended = await self._shares.revoke_all(actor, ids, visit_of(request, self._site))
        missing = sorted(set(ids) - set(ended), key=ids.index)
        return BatchDeleteAnswer(deleted=len(ended), deleted_ids=ended, not_found=missing)

    @twice(routes, "get", "/shares/incoming")
    async def incoming(self, actor: Caller, query: IncomingQuery, request: web.Request) -> Reply[list[ShareWire]]:
        """List shares given to the caller."""
        asked = Asked(
            target_type=query.target_type,
            created_by=query.created_by,
            origin=query.origin,
            with_hidden=query.include_hidden,
            offset=query.first,
            limit=query.most,
        )
        return self._listed(await self._shares.incoming(actor, asked), query, request)

    @twice(routes, "get", "/shares/outgoing")
    async def outgoing(self, actor: Caller, query: OutgoingQuery, request: web.Request) -> Reply[list[ShareWire]]:
        """List shares the caller created."""
        asked = Asked(
            target_type=query.target_type,
            target_id=query.target_id,
            recipient_type=query.recipient_type,
            origin=query.origin,
            status=query.status,
            with_reshares=query.include_reshares,
            offset=query.first,
            limit=query.most,
        )
        return self._listed(await self._shares.outgoing(actor, asked), query, request)

    @twice(routes, "get", "/shares/{id}")
    async def one(self, actor: Caller, id: str, request: web.Request) -> ShareWire:
        """Read one share."""
        return await self._one(actor, checked(id), request)

    @twice(routes, "patch", "/shares/{id}", max_body=MAX_BODY)
    async def change(
        self,
        actor: Caller,
        id: str,
        body: Later[PatchShareBody],
        request: web.Request,
    ) -> ShareWire:
        """Change a share; a recipient changes how he sees it himself."""
        self._check_rate(actor)
        share_id = checked(id)
        share = await self._shares.require(actor, share_id)
        is_manager = await self._shares.manages(actor, share)
        try:
            said = await read_object(request, body)
        except BadRequest as err:
            if not is_manager and any(entry.get("field") not in OWN for entry in err.details):
                raise _not_yours() from None
            raise
        names = said.said()
        if not is_manager and names - OWN:
            raise _not_yours()
        visit = visit_of(request, self._site)
        if names - OWN:
            await self._shares.change(actor, share_id, change_of(said, share, self._clock.now_ms()), visit)
        await self._shares.choose(
            actor,
            share_id,
            hidden=said.hidden if isinstance(said.hidden, bool) else None,
            in_timeline=said.in_timeline if isinstance(said.in_timeline, bool) else None,
            visit=visit,
        )
        return await self._one(actor, share_id, request)

    @twice(routes, "delete", "/shares/{id}", status=204)
    async def delete(self, actor: Caller, id: str, request: web.Request) -> web.Response:
        """Revoke a share."""
        self._check_rate(actor)
        await self._shares.revoke(actor, checked(id), visit_of(request, self._site))
        return web.Response(status=204)

    @twice(routes, "get", "/shares/{id}/activity")
    async def activity(
        self,
        actor: Caller,
        id: str,
        query: ActivityQuery,
    ) -> Reply[list[ActivityWire]]:
        """Read a share's activity log."""
        actions = None if query.action is None else [word.strip() for word in query.action.split(",")]
        entries, total = await self._shares.activity(
            actor, checked(id), actions=actions, offset=query.first, limit=query.most
        )
        return Reply([activity_wire(entry) for entry in entries], headers=_counts(total, query))

    @routes.get("/api/home/sharing/shares/{id}/qr")
    async def qr(self, actor: Caller, id: str, request: web.Request) -> QrAnswer:
        """Draw a link's address as a QR code."""
        share = await self._one(actor, checked(id), request)
        if share.url is None:
            _refuse()
        return QrAnswer(svg=svg_of(share.url or ""))

    def _check_rate(self, actor: Member) -> None:
        """Let a change pass.

        Raises:
            TooMany: `rate_limited`: each writes a row, a line of the log and notices, so a member has so many.
        """
        self._changes.check(actor.user_id, "You changed very much of what you share. Wait a while.")

    async def _one(self, actor: Caller, share_id: str, request: web.Request) -> ShareWire:
        return share_wire(await self._shares.of(actor, share_id), self._site.url(request))

    def _listed(self, page: Page, query: SharesQuery, request: web.Request) -> Reply[list[ShareWire]]:
        base = self._site.url(request)
        return Reply([share_wire(one, base) for one in page.shares], headers=_counts(page.total, query))


def checked(share_id: str) -> str:
    """An id in its one form.

    Raises:
        NotFound: it is none.
    """
    try:
        return str(uuid.UUID(share_id)) if len(share_id) == len(str(uuid.UUID(int=0))) else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> str:
    raise NotFound("No share with that id.", code="share_not_found")


def _not_yours() -> Forbidden:
    return Forbidden("This share is not yours.")


def _counts(total: int, query: SharesQuery) -> dict[str, str]:
    return {"X-Total-Count": str(total), "X-Offset": str(query.first), "X-Limit": str(query.most)}
