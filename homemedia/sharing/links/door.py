"""The guard's door for links, in the words of the photo API (photos §2.1, 2.4, 6.7)."""

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from aiohttp import web

from homemedia.accounts import Guest, Member
from homemedia.accounts.credentials import Credential, Kind
from homemedia.accounts.models import NO_RESTRICTIONS
from homemedia.core.problems import NotFound, TooMany, Unauthorized
from homemedia.sharing.links.desk import Links, PasswordWanted, gone, guest_of, is_shut
from homemedia.sharing.links.visits import Access, of_share, share_of
from homemedia.sharing.models import ShareRow, Visit
from homemedia.sharing.rights import Right

# In the place of a member, of whoever plays by a link.
VISITOR: Final = "visitor"
# Of the photo API's clients; holds the visits of its links.
COOKIE: Final = "immich_shared_link_token"
# A letter that no token has and no cookie need quote.
BETWEEN: Final = "~"
MOST_KEPT: Final = 5
ACCESS_HEADER: Final = "X-Share-Access"
PASSWORD_HEADER: Final = "X-Share-Password"  # noqa: S105 - a header's name
INVALID = {Kind.LINK_KEY: "Invalid share key", Kind.LINK_SLUG: "Invalid share slug"}
PASSWORD_REQUIRED, PASSWORD_WRONG = "Password required", "Invalid password"


class Door:
    """Lets in who names a link by its key or slug.

    Args:
        links: the desk.
        visit: where a request comes from.
        beside: who is signed in beside the link.
    """

    def __init__(
        self,
        links: Links,
        visit: Callable[[web.Request], Visit],
        beside: Callable[[web.Request], Awaitable[Member | None]],
    ) -> None:
        self._links = links
        self._visit = visit
        self._beside = beside

    async def enter(self, request: web.Request, found: Credential) -> Guest:
        """As `accounts.protocols.LinkDoor`."""
        share, maker, rights, access = await self.known(request, found)
        if access is None and share.password_hash is not None:
            await self.prove(request, share, given_password(request))
        elif access is None and is_shut(share):
            raise Unauthorized(INVALID[found.kind])
        return guest_of(share, maker, rights)

    async def known(self, request: web.Request, found: Credential) -> tuple[ShareRow, Member, Right, Access | None]:
        """The link that is named, who made it, and the visit under way that came along; no password is asked for.

        Raises:
            Unauthorized: it leads nowhere, or is only for members.
        """
        try:
            share, standing, maker = await self._links.find(
                found.text, self._visit(request).address, given_access(request)
            )
        except (NotFound, TooMany):
            raise Unauthorized(INVALID[found.kind]) from None
        access = self._links.access_of(share, given_access(request))
        if standing.status == "expired" or (standing.status == "exhausted" and access is None):
            raise Unauthorized(INVALID[found.kind])
        if self._links.wants_login(share) and await self._beside(request) is None:
            raise Unauthorized(INVALID[found.kind])
        return share, maker, standing.rights, access

    async def prove(self, request: web.Request, share: ShareRow, password: str | None) -> Access:
        """A visit for who knows the password.

        Raises:
            Unauthorized: he does not, or may not try just now.
        """
        _, standing, _ = await self._links.current(share.share_id)
        if standing.thing is None:
            raise Unauthorized(PASSWORD_WRONG)
        try:
            await self._links.prove(share, standing.thing, password, self._visit(request))
        except PasswordWanted as err:
            text = PASSWORD_REQUIRED if err.code == "password_required" else PASSWORD_WRONG
            raise Unauthorized(text, code=err.code) from None
        except TooMany as err:
            # Its clients know no 429 here.
            raise Unauthorized(PASSWORD_WRONG, code=err.code) from None
        return self._links.visits.begin(share)

    async def player(self, share_id: str, visit: str) -> Member:
        """As `accounts.protocols.LinkDoor`."""
        share, _, maker = await self._links.current(share_id)
        if not visit.startswith(f"{of_share(share_id)}{share.epoch}:"):
            raise gone()
        return player_of(maker, visit)


async def fresh_player(door: "Door", member: Member) -> Member | None:
    """As `MemberService.fresh`, for who plays by a link."""
    try:
        return await door.player(share_of(member.session_id), member.session_id)
    except NotFound:
        return None


def player_of(maker: Member, visit: str) -> Member:
    """Who plays by a link, where only members play: its maker with his limits, under the visit's name.

    Only media tokens lead here, and these open the one stream they were made for.
    """
    # Not his own name, so that his limits of streams are not used up by visitors, nor what he remembers changed.
    limits = msgspec.structs.replace(maker.restrictions, max_streams=None, schedule=NO_RESTRICTIONS.schedule)
    return msgspec.structs.replace(
        maker, user_id=VISITOR, session_id=visit, username="visitor", display_name="Visitor", restrictions=limits
    )


def given_access(request: web.Request) -> tuple[str, ...]:
    """Values that may name a visit under way: header, address, the photo API's cookie."""
    named = (request.headers.get(ACCESS_HEADER), request.query.get("access"))
    kept = request.cookies.get(COOKIE, "").split(BETWEEN)[:MOST_KEPT]
    return tuple(text for text in (*named, *kept) if text)


def given_password(request: web.Request) -> str | None:
    """The password that came along, in the header rather than in the address; "" is none."""
    return request.headers.get(PASSWORD_HEADER) or request.query.get("password") or None


def kept_access(request: web.Request, access: Access) -> str:
    """The cookie's value once a visit has begun: this one first, then what was there."""
    before = [text for text in request.cookies.get(COOKIE, "").split(BETWEEN) if text and text != access.token]
    return BETWEEN.join([access.token, *before][:MOST_KEPT])
