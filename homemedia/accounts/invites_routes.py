"""HTTP of invites: made and taken back by administrators, accepted by whoever holds one."""

from aiohttp import web

from homemedia.accounts.device import device_of
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.invites import Acceptance, InviteService, NewInvite
from homemedia.accounts.invites_wire import (
    AcceptBody,
    InviteAnswer,
    InviteBody,
    InvitesAnswer,
    JoinedAnswer,
    OfferAnswer,
    RevokedAnswer,
    StandingAnswer,
    invite_card,
    offer_answer,
)
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Admin
from homemedia.accounts.qr import svg_of
from homemedia.accounts.routes import cookies_for
from homemedia.accounts.site import Site
from homemedia.accounts.wire import user
from homemedia.core.clock import Clock
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply

CREATED = 201


class InviteRoutes:
    """The watch contract's routes on invites."""

    routes = Routes("accounts", prefix="/api")

    def __init__(
        self,
        invites: InviteService,
        members: MemberService,
        household: HouseholdService,
        site: Site,
        clock: Clock | None = None,
    ) -> None:
        self._invites = invites
        self._members = members
        self._household = household
        self._site = site
        self._clock = clock or Clock()

    @routes.post("/invites", status=CREATED)
    async def make_invite(self, actor: Admin, request: web.Request, body: InviteBody = InviteBody()) -> InviteAnswer:  # noqa: B008 - frozen
        """Make an invite; its link is told this once."""
        new = NewInvite(
            libraries=body.libraries,
            expires_in_s=body.expires_in,
            max_uses=body.max_uses,
            label=body.label,
            account_expires_in_s=body.account_expires_in,
            restrictions=body.restrictions,
        )
        invite, token = await self._invites.make(new, by=actor)
        url = _join_url(self._site, request, token)
        return InviteAnswer(invite=invite_card(invite, self._clock.now_ms(), token=token, url=url, qr=svg_of(url)))

    @routes.get("/invites")
    async def list_invites(self, actor: Admin) -> InvitesAnswer:  # noqa: ARG002 - any administrator may
        """List invites, newest first, with who accepted; those that are over for 90 days more."""
        now = self._clock.now_ms()
        return InvitesAnswer(invites=[invite_card(one, now) for one in await self._invites.listed()])

    @routes.delete("/invites/{id}")
    async def revoke_invite(self, actor: Admin, id: str) -> RevokedAnswer:  # noqa: ARG002 - any administrator may
        """Take an invite back; accounts made by it stay."""
        await self._invites.revoke(id)
        return RevokedAnswer(revoked=True, id=id)

    @routes.post("/invites/{token}/accept", public=True, status=CREATED)
    async def accept(self, token: str, request: web.Request, body: AcceptBody) -> Reply[JoinedAnswer]:
        """Become a member by an invite or the standing code, and be signed in."""
        who = Acceptance(
            username=body.username,
            password=body.password,
            email=body.email or None,
            display_name=body.display_name or None,
        )
        device = device_of(request.headers, self._site.address(request))
        signed_in = await self._invites.accept(token, who, device)
        member = signed_in.member
        libraries = (await self._members.libraries_of(member))[member.user_id]
        answer = JoinedAnswer(token=signed_in.token, user=user(member, libraries))
        return Reply(answer, cookies=cookies_for(self._site, request, signed_in.token))

    @routes.get("/invite-info/{token}", public=True)
    async def show_invite(self, token: str, request: web.Request) -> OfferAnswer:
        """Show what an invite opens, to whoever holds it."""
        offer = await self._invites.look(token, self._site.address(request))
        return offer_answer(offer, (await self._household.read()).name)


class StandingInviteRoutes:
    """The household's standing code."""

    routes = Routes("accounts", prefix="/api/home/accounts/standing-invite")

    def __init__(self, invites: InviteService, site: Site) -> None:
        self._invites = invites
        self._site = site

    @routes.get("")
    async def get_standing(self, actor: Admin, request: web.Request) -> StandingAnswer:
        """Show the household's standing code."""
        return self._answer(request, await self._invites.standing_code(by=actor))

    @routes.post("/regenerate")
    async def regenerate(self, actor: Admin, request: web.Request) -> StandingAnswer:
        """Replace the household's standing code; the old one opens nothing any more."""
        return self._answer(request, await self._invites.standing_code(by=actor, anew=True))

    def _answer(self, request: web.Request, code: str) -> StandingAnswer:
        url = _join_url(self._site, request, code)
        return StandingAnswer(code=code, url=url, qr=svg_of(url))


def _join_url(site: Site, request: web.Request, token: str) -> str:
    return f"{site.url(request)}/join/{token}"
