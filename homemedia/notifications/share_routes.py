"""HTTP of notices of shares (shares §7), the same under both prefixes of that contract."""

from aiohttp import web

from homemedia.accounts import Caller
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import BadRequest
from homemedia.notifications.inbox import Inbox
from homemedia.notifications.wire import Marked, MarkedOne, ShareNotice, share_notice

SHARE = "share"
MAX_LIMIT = 200
MAX_OFFSET = 1 << 31
HERE = "/notifications/shares"


class ShareNoticeRoutes:
    """Unread notices of shares, and marking them."""

    routes = Routes("notifications")

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    @routes.get(f"/api/v1{HERE}")
    @routes.get(f"/api{HERE}")
    async def unread(self, actor: Caller, request: web.Request) -> Reply[list[ShareNotice]]:
        """List the caller's unread notices of shares, newest first."""
        offset = _number(request, "offset", 0, MAX_OFFSET)
        limit = max(1, _number(request, "limit", MAX_LIMIT, MAX_LIMIT))
        total = (await self._inbox.unread(actor.user_id)).get(SHARE, 0)
        found = await self._inbox.of_family(actor.user_id, SHARE, limit=limit, offset=offset, only_unread=True)
        headers = {"X-Total-Count": str(total), "X-Offset": str(offset), "X-Limit": str(limit)}
        return Reply([share_notice(one) for one in found], headers=headers)

    @routes.post(f"/api/v1{HERE}/read-all")
    @routes.post(f"/api{HERE}/read-all")
    async def read_all(self, actor: Caller) -> Marked:
        """Mark every notice of a share as read."""
        return Marked(marked=await self._inbox.read_all(actor.user_id, family=SHARE))

    @routes.post(f"/api/v1{HERE}/{{id}}/read")
    @routes.post(f"/api{HERE}/{{id}}/read")
    async def read_one(self, actor: Caller, id: str) -> MarkedOne:
        """Mark one notice of a share as read; an unknown one changes nothing."""
        return MarkedOne(id=id, marked=await self._inbox.read(actor.user_id, [id], family=SHARE))


def _number(request: web.Request, name: str, usual: int, most: int) -> int:
    """A number of the address, brought into its bounds.

    Raises:
        BadRequest: it is no integer (shares §1.10).
    """
    text = request.query.get(name, "")
    if not text:
        return usual
    bare = text.removeprefix("-").removeprefix("+")
    if not bare.isascii() or not bare.isdigit():
        raise BadRequest(f"The field {name} is not a number.", field=name)
    return 0 if text.startswith("-") else min(int(bare[:18]), most)
