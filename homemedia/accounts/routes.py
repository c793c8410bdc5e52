"""HTTP of the accounts: claim, sign in and out, own password, own devices, the household's facts."""

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from homemedia.accounts.claim import Claim, ClaimService
from homemedia.accounts.cookies import no_cookies, session_cookies
from homemedia.accounts.device import device_of
from homemedia.accounts.household import HouseholdChange, HouseholdService
from homemedia.accounts.links import LinkService
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Admin, Caller, Device
from homemedia.accounts.preferences import PreferenceService
from homemedia.accounts.sessions import OIDC_WAY, SessionService, SignedIn
from homemedia.accounts.sign_in import SignInService
from homemedia.accounts.site import Site
from homemedia.accounts.wire import (
    HouseholdBody,
    HouseholdCard,
    LoginAnswer,
    LoginBody,
    LogoutAnswer,
    Me,
    SessionCard,
    SetupAnswer,
    SetupBody,
    household_card,
    login_answer,
    me,
    session_card,
    user,
)
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes, json_response
from homemedia.core.http.wire import Cookie, Reply
from homemedia.core.problems import BadRequest, NotFound

CREATED = 201
NO_CONTENT = 204


class SignInRoutes:
    """The ways in."""

    routes = Routes("accounts", prefix="/api/auth")

    def __init__(
        self, claims: ClaimService, sign_in: SignInService, links: LinkService, members: MemberService, site: Site
    ) -> None:
        self._claims = claims
        self._sign_in = sign_in
        self._links = links
        self._members = members
        self._site = site

    @routes.post("/setup", public=True)
    async def set_up(self, request: web.Request, body: SetupBody) -> Reply[SetupAnswer]:
        """Claim a new server: make its first administrator and sign him in."""
        claim = Claim(
            username=body.username, password=body.password, household_name=body.server_name, code=body.setup_code
        )
        signed_in = await self._claims.claim(claim, self._device(request), is_at_home=self._site.is_at_home(request))
        answer = SetupAnswer(token=signed_in.token, user=user(signed_in.member, "all"))
        return Reply(answer, cookies=self._cookies(request, signed_in.token))

    @routes.post("/login", public=True, also=(CREATED,))
    async def login(self, request: web.Request, body: LoginBody) -> Reply[LoginAnswer]:
        """Sign in with a user name or an e-mail address; `email` in the body makes the answer a 201."""
        device = self._device(request)
        if body.share_token is not None and body.password is None:
            return await self._admitted(request, await self._links.exchange(body.share_token, device))
        if body.password is None:
            raise BadRequest("The field password is missing.", field="password", reason="is required")
        if body.email is not None:
            signed_in = await self._sign_in.login_by_email(body.email, body.password, device)
        elif body.username is not None:
            signed_in = await self._sign_in.login(body.username, body.password, device)
        else:
            raise BadRequest("The field username is missing.", field="username", reason="is required")
        status = CREATED if body.email is not None else None
        return await self._admitted(request, signed_in, status)

    async def _admitted(
        self, request: web.Request, signed_in: SignedIn, status: int | None = None
    ) -> Reply[LoginAnswer]:
        member = signed_in.member
        libraries = (await self._members.libraries_of(member))[member.user_id]
        answer = login_answer(signed_in, libraries)
        return Reply(answer, status=status, cookies=self._cookies(request, signed_in.token))

    def _device(self, request: web.Request) -> Device:
        return device_of(request.headers, self._site.address(request))

    def _cookies(self, request: web.Request, token: str) -> list[Cookie]:
        return cookies_for(self._site, request, token)


def cookies_for(site: Site, request: web.Request, token: str) -> list[Cookie]:
    """The cookies of a sign-in; none for another site's page, which could make a browser ours with its own name."""
    if site.is_cross_site(request):
        return []
    return session_cookies(token, is_secure=site.is_https(request))


class AccountRoutes:
    """What a member does about himself.

    Args:
        sessions, members, preferences: what is asked.
        end_session_url: answers where whoever came by the household's provider signs out there.
    """

    routes = Routes("accounts", prefix="/api")

    def __init__(
        self,
        sessions: SessionService,
        members: MemberService,
        preferences: PreferenceService,
        end_session_url: Callable[[], Awaitable[str | None]] | None = None,
    ) -> None:
        self._members = members
        self._preferences = preferences
        self._sessions = sessions
        self._end_session_url = end_session_url

    @routes.get("/auth/me")
    async def get_me(self, actor: Caller) -> Me:
        """Say who is asking."""
        libraries = (await self._members.libraries_of(actor))[actor.user_id]
        return me(actor, libraries, await self._preferences.of(actor.user_id))

    @routes.post("/auth/logout", also=(NO_CONTENT,), permission="", family=Family.PHOTOS)
    async def log_out(self, actor: Caller, request: web.Request) -> web.Response:
        """End the session the request comes with, whichever way in made it; an API key stays."""
        redirect_uri = None
        if not actor.is_by_key:
            if self._end_session_url is not None and await self._sessions.way_of(actor) == OIDC_WAY:
                redirect_uri = await self._end_session_url()
            await self._sessions.end(actor, actor.session_id)
        # The photo API's readers differ: who asks for exactly JSON gets a body, all others an empty answer.
        if request.headers.get("Accept") == "application/json":
            answer = LogoutAnswer(successful=True, redirect_uri=redirect_uri or "/auth/login?autoLaunch=0")
            return json_response(msgspec.json.encode(answer), cookies=no_cookies())
        return json_response(b"", NO_CONTENT, cookies=no_cookies())

    @routes.get("/sessions", permission="session.read", family=Family.PHOTOS)
    async def list_sessions(self, actor: Caller) -> list[SessionCard]:
        """List the caller's devices that are signed in, the one used last first."""
        return [session_card(session, current=actor.session_id) for session in await self._sessions.of(actor)]

    @routes.delete("/sessions", status=NO_CONTENT, permission="session.delete", family=Family.PHOTOS)
    async def end_other_sessions(self, actor: Caller) -> web.Response:
        """Sign out every device of the caller but this one."""
        await self._sessions.end_others(actor)
        return web.Response(status=NO_CONTENT)

    @routes.delete("/sessions/{id}", status=NO_CONTENT, permission="session.delete", family=Family.PHOTOS)
    async def end_session(self, actor: Caller, id: str) -> web.Response:
        """Sign out one of the caller's devices."""
        try:
            await self._sessions.end(actor, id)
        except NotFound:
            raise NotFound("Not found or no session.delete access") from None
        return web.Response(status=NO_CONTENT)


class HouseholdRoutes:
    """Name and colour of the house."""

    routes = Routes("accounts", prefix="/api/home/accounts")

    def __init__(self, household: HouseholdService) -> None:
        self._household = household

    @routes.get("/household")
    async def get_household(self, actor: Caller) -> HouseholdCard:  # noqa: ARG002 - any member may
        """Show the household's name and accent."""
        return household_card(await self._household.read())

    @routes.put("/household")
    async def put_household(self, actor: Admin, body: HouseholdBody) -> HouseholdCard:  # noqa: ARG002 - any administrator may
        """Change the household's name or accent; fields that are left out stay."""
        change = HouseholdChange(name=body.name, accent=body.accent)
        return household_card(await self._household.change(change))
