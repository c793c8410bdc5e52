"""HTTP of the outside sign-in: our own pages' routes and the watch contract's (3.2)."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from homemedia.accounts.cookies import session_cookies
from homemedia.accounts.device import device_of
from homemedia.accounts.guard import Guard
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.invites import InviteService
from homemedia.accounts.invites_store import Invite
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Admin, Caller, Device
from homemedia.accounts.names import checked_title
from homemedia.accounts.oidc.desk import Desk
from homemedia.accounts.oidc.flow import Flow, Proven, Start, Started, ready
from homemedia.accounts.oidc.people import People
from homemedia.accounts.oidc.problems import NotFinished
from homemedia.accounts.oidc.redirects import safe_next
from homemedia.accounts.oidc.wire import (
    AccountsAnswer,
    AuthorizeAnswer,
    BeginBody,
    BeginSetupBody,
    CheckAnswer,
    CloudAnswer,
    CloudBody,
    CloudServer,
    CloudSetupAnswer,
    CloudSetupBody,
    FinishAnswer,
    FinishBody,
    OfferAnswer,
    OidcBody,
    OidcCard,
    account_card,
    changes_of,
    offer_answer,
    oidc_card,
)
from homemedia.accounts.routes import cookies_for
from homemedia.accounts.sessions import SignedIn
from homemedia.accounts.site import Site
from homemedia.accounts.wire import user
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Cookie, Later, Reply

NO_CONTENT = 204
STATE_COOKIE = "immich_oauth_state"
VERIFIER_COOKIE = "immich_oauth_code_verifier"
COOKIE_LIFE_S = 600
RETURN = "/sign-in/return"


class CloudRoutes:
    """The watch contract's "cloud": an ID token that a client brings."""

    routes = Routes("accounts", prefix="/api/auth")

    def __init__(
        self,
        flow: Flow,
        people: People,
        desk: Desk,
        invites: InviteService,
        members: MemberService,
        household: HouseholdService,
        site: Site,
    ) -> None:
        self._flow = flow
        self._people = people
        self._desk = desk
        self._invites = invites
        self._members = members
        self._household = household
        self._site = site

    @routes.post("/cloud-login", public=True)
    async def cloud_login(self, request: web.Request, body: Later[CloudBody]) -> Reply[CloudAnswer]:
        """Sign in with an ID token of the household's provider."""
        ready(self._desk.config)
        told = await body.read()
        device = _device(self._site, request)
        who = await self._flow.identity_of(told.token, address=device.address)
        invited = partial(self._invites.hold, told.invite_token, device.address) if told.invite_token else None
        signed_in = await self._people.sign_in(who, device, invited=invited)
        member = signed_in.member
        libraries = (await self._members.libraries_of(member))[member.user_id]
        answer = CloudAnswer(token=signed_in.token, user=user(member, libraries), linked=True)
        return Reply(answer, cookies=oauth_session_cookies(self._site, request, signed_in))

    @routes.post("/setup-from-cloud", public=True)
    async def set_up_from_cloud(self, request: web.Request, body: Later[CloudSetupBody]) -> Reply[CloudSetupAnswer]:
        """Claim a new server with an ID token: its owner becomes the first administrator, without a password."""
        ready(self._desk.config)
        told = await body.read()
        device = _device(self._site, request)
        await self._people.check_open()
        who = await self._flow.identity_of(told.token, address=device.address)
        signed_in = await self._people.set_up(
            who,
            device,
            household_name=told.server_name,
            code=told.setup_code,
            is_at_home=self._site.is_at_home(request),
        )
        household = await self._household.read()
        answer = CloudSetupAnswer(
            token=signed_in.token,
            user=user(signed_in.member, "all"),
            server=CloudServer(name=household.name, machine_id=household.machine_id),
        )
        return Reply(answer, cookies=oauth_session_cookies(self._site, request, signed_in))


class OidcRoutes:
    """What our own pages ask: beginning and finishing, own accounts at the provider, the administrator's settings."""

    routes = Routes("accounts", prefix="/api/home/accounts/oidc")

    def __init__(
        self, flow: Flow, people: People, desk: Desk, invites: InviteService, site: Site, guard: Guard
    ) -> None:
        self._flow = flow
        self._people = people
        self._desk = desk
        self._invites = invites
        self._site = site
        self._guard = guard

    @routes.get("/offer", public=True)
    async def get_offer(self) -> OfferAnswer:
        """Say what the sign-in and join pages offer beside a password."""
        return offer_answer(self._desk.config.current)

    @routes.post("/begin", public=True)
    async def begin(self, request: web.Request, body: BeginBody) -> Reply[AuthorizeAnswer]:
        """Begin a sign-in at the provider; the answer says where to go."""
        ready(self._desk.config)
        leads_to = safe_next(body.next)
        address = self._site.address(request)
        public = self._site.url(request)
        if public != self._site.origin(request):
            # The provider knows one address of ours, and what is kept in this browser is kept for another one.
            page = f"/join/{body.invite_token}" if body.invite_token else "/sign-in"
            return Reply(AuthorizeAnswer(url=public + safe_next(page)))
        invite_id = (await self._invites.hold(body.invite_token, address)).invite_id if body.invite_token else ""
        start = Start(redirect_uri=public + RETURN, invite_id=invite_id, leads_to=leads_to)
        return self._begun(request, await self._flow.begin(start, address))

    @routes.post("/setup", public=True)
    async def begin_setup(self, request: web.Request, body: BeginSetupBody) -> Reply[AuthorizeAnswer]:
        """Begin to claim a new server with an account at the provider, as its first administrator."""
        ready(self._desk.config)
        address = self._site.address(request)
        await self._people.check_claim(body.setup_code, address, is_at_home=self._site.is_at_home(request))
        name = "" if body.server_name is None else checked_title(body.server_name, "serverName")
        start = Start(
            redirect_uri=self._site.origin(request) + RETURN,
            purpose="setup",
            household_name=name,
            leads_to=safe_next(body.next),
        )
        return self._begun(request, await self._flow.begin(start, address))

    @routes.post("/link")
    async def begin_link(self, actor: Caller, request: web.Request, body: BeginBody) -> Reply[AuthorizeAnswer]:
        """Begin to link an account at the provider to the caller's own."""
        ready(self._desk.config)
        await self._people.refuse_lesser(actor)
        start = Start(
            redirect_uri=self._site.origin(request) + RETURN,
            purpose="link",
            user_id=actor.user_id,
            session_id=actor.session_id,
            leads_to=safe_next(body.next),
        )
        return self._begun(request, await self._flow.begin(start, self._site.address(request)))

    @routes.post("/finish", public=True)
    async def finish(self, request: web.Request, body: FinishBody) -> Reply[FinishAnswer]:
        """Finish what was begun in this browser: a sign-in, or linking an account."""
        device = _device(self._site, request)
        state, verifier = kept(self._site, request)
        if state is None or verifier is None:
            raise NotFinished("nothing was begun in this browser")
        proven = await self._flow.finish(body.url, state=state, verifier=verifier, address=device.address)
        begun = proven.begun
        if begun.purpose == "link":
            member = await self._guard.member(request)
            if (member.user_id, member.session_id) != (begun.user_id, begun.session_id):
                raise NotFinished("another member began to link")
            await self._people.link(member, proven.identity)
            return Reply(FinishAnswer(did="linked", next=begun.leads_to), cookies=forgotten())
        if begun.purpose == "setup":
            # Where he stands and his code were looked at when he began, in this same browser.
            signed_in = await self._people.set_up(
                proven.identity, device, household_name=begun.household_name or None, code=None, is_at_home=True
            )
            answer = FinishAnswer(did="set-up", next=begun.leads_to)
        else:
            invited = invited_by(proven, self._invites)
            signed_in = await self._people.sign_in(proven.identity, device, invited=invited)
            answer = FinishAnswer(did="signed-in", next=begun.leads_to)
        return Reply(answer, cookies=[*forgotten(), *oauth_session_cookies(self._site, request, signed_in)])

    @routes.get("/accounts")
    async def list_accounts(self, actor: Caller) -> AccountsAnswer:
        """List the caller's accounts at the provider."""
        config = self._desk.config.current
        found = await self._people.accounts_of(actor.user_id)
        return AccountsAnswer(
            name=config.name if config.is_ready else None,
            accounts=[account_card(one) for one in found],
            can_unlink=await self._people.has_other_way(actor.user_id),
        )

    @routes.delete("/accounts", status=NO_CONTENT)
    async def unlink(self, actor: Caller) -> web.Response:
        """Let the caller come in by the provider no more."""
        await self._people.unlink(actor, needs_other_way=True)
        return web.Response(status=NO_CONTENT)

    @routes.get("")
    async def get_settings(self, actor: Admin, request: web.Request) -> OidcCard:  # noqa: ARG002 - any administrator may
        """Show what is set of the provider, without its secret."""
        return oidc_card(self._desk.config, self._site.url(request))

    @routes.put("")
    async def put_settings(self, actor: Admin, request: web.Request, body: OidcBody) -> OidcCard:
        """Change what is set of the provider; switching it on asks it first."""
        await self._desk.change(changes_of(body), by=actor.user_id)
        return oidc_card(self._desk.config, self._site.url(request))

    @routes.post("/check")
    async def check(self, actor: Admin) -> CheckAnswer:  # noqa: ARG002 - any administrator may
        """Ask the provider now whether it answers as one."""
        problem = await self._desk.problem()
        return CheckAnswer(ok=problem is None, problem=problem)

    def _begun(self, request: web.Request, started: Started) -> Reply[AuthorizeAnswer]:
        return Reply(AuthorizeAnswer(url=started.url), cookies=remembered(self._site, request, started))


def remembered(site: Site, request: web.Request, started: Started) -> list[Cookie]:
    """What a browser keeps until it comes back; what the client keeps itself is not kept twice."""
    if site.is_cross_site(request):
        return []
    is_secure = site.is_https(request)
    cookies = [Cookie(name=STATE_COOKIE, value=started.state, max_age_s=COOKIE_LIFE_S, is_secure=is_secure)]
    if started.verifier is not None:
        cookies.append(
            Cookie(name=VERIFIER_COOKIE, value=started.verifier, max_age_s=COOKIE_LIFE_S, is_secure=is_secure)
        )
    return cookies


def kept(site: Site, request: web.Request) -> tuple[str | None, str | None]:
    """State and verifier that a browser kept; nothing when another site's page sends it here."""
    if site.is_cross_site(request):
        return None, None
    return request.cookies.get(STATE_COOKIE) or None, request.cookies.get(VERIFIER_COOKIE) or None


def forgotten() -> list[Cookie]:
    """What makes a browser forget both."""
    return [Cookie(name=STATE_COOKIE, value=None), Cookie(name=VERIFIER_COOKIE, value=None)]


def oauth_session_cookies(site: Site, request: web.Request, signed_in: SignedIn) -> list[Cookie]:
    """The cookies of a sign-in by the provider; none for another site's page."""
    if not cookies_for(site, request, signed_in.token):
        return []
    return session_cookies(signed_in.token, is_secure=site.is_https(request), way="oauth")


def invited_by(proven: Proven, invites: InviteService) -> Callable[[], Awaitable[Invite]] | None:
    """What answers the invite somebody began with."""
    return partial(invites.held, proven.begun.invite_id) if proven.begun.invite_id else None


def _device(site: Site, request: web.Request) -> Device:
    return device_of(request.headers, site.address(request))
