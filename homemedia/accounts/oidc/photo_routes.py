"""The photo contract's OAuth routes (6.2, 9.7); its clients keep state and verifier themselves, browsers as cookies."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from urllib.parse import parse_qs

from aiohttp import web

from homemedia.accounts.device import device_of
from homemedia.accounts.invites import InviteService
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Caller
from homemedia.accounts.oidc.desk import Desk
from homemedia.accounts.oidc.flow import Flow, Proven, Start, ready
from homemedia.accounts.oidc.people import People
from homemedia.accounts.oidc.problems import (
    AccountConflict,
    CloudDisabled,
    NotFinished,
    ProviderAway,
    StateMissing,
    TokenInvalid,
    UserUnknown,
    VerifierMissing,
)
from homemedia.accounts.oidc.redirects import MOBILE_REDIRECT, checked_redirect
from homemedia.accounts.oidc.routes import forgotten, invited_by, kept, oauth_session_cookies, remembered
from homemedia.accounts.oidc.wire import (
    AuthorizeAnswer,
    AuthorizeBody,
    CallbackBody,
    OauthConfig,
    oauth_config,
)
from homemedia.accounts.photo_account.store import Account
from homemedia.accounts.photo_account.wire import UserAdmin, user_admin
from homemedia.accounts.site import Site
from homemedia.accounts.wire import LoginAnswer, login_answer
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import AppError, BadRequest

CREATED = 201
MAX_FORM_BYTES = 16 << 10
FORM_LIMIT_S = 5.0
NO_EMAIL = "OAuth profile does not have an email address"
ELSEWHERE = "This OAuth account has already been linked to another user."


class OauthRoutes:
    """Beginning, finishing, linking.

    Args:
        shown: answers a member as the photo API shows him.
    """

    routes = Routes("accounts", prefix="/api/oauth", family=Family.PHOTOS)

    def __init__(
        self,
        flow: Flow,
        people: People,
        desk: Desk,
        invites: InviteService,
        members: MemberService,
        site: Site,
        shown: Callable[[str], Awaitable[Account]],
    ) -> None:
        self._flow = flow
        self._people = people
        self._desk = desk
        self._invites = invites
        self._members = members
        self._site = site
        self._shown = shown

    @routes.get("/config", public=True)
    async def get_config(self) -> OauthConfig:
        """Say whether there is a provider and what its button says."""
        return oauth_config(self._desk.config.current, has_passwords=self._people.takes_passwords())

    @routes.post("/authorize", public=True, status=CREATED)
    async def authorize(self, request: web.Request, body: AuthorizeBody) -> Reply[AuthorizeAnswer]:
        """Begin a sign-in at the provider; the answer says where to go."""
        async with _in_photo_words():
            config = ready(self._desk.config)
            if body.code_challenge_method not in {None, "S256"}:
                reason = 'Invalid option: expected "S256"'
                raise BadRequest("Validation failed", field="codeChallengeMethod", reason=reason)
            redirect_uri = checked_redirect(
                body.redirect_uri,
                is_ours=partial(self._site.owns, request),
                listed=config.redirect_uris,
                mobile_override=config.mobile_redirect_uri,
            )
            start = Start(redirect_uri=redirect_uri, state=body.state or None, challenge=body.code_challenge or None)
            started = await self._flow.begin(start, self._site.address(request))
        # Who brings both keeps both; a browser that brings nothing gets both as cookies.
        cookies = [] if body.state and body.code_challenge else remembered(self._site, request, started)
        return Reply(AuthorizeAnswer(url=started.url), cookies=cookies)

    @routes.post("/callback", public=True, status=CREATED)
    async def callback(self, request: web.Request, body: CallbackBody) -> Reply[LoginAnswer]:
        """Finish a sign-in with the address the provider led back to."""
        device = device_of(request.headers, self._site.address(request))
        async with _in_photo_words():
            proven = await self._proven(request, body)
            if proven.begun.purpose != "any":
                raise NotFinished("it was begun for something else")
            if proven.identity.email is None:
                raise BadRequest(NO_EMAIL, code="oauth_no_email")
            invited = (
                partial(self._invites.hold, body.invite_token, device.address)
                if body.invite_token
                else invited_by(proven, self._invites)
            )
            signed_in = await self._people.sign_in(proven.identity, device, invited=invited)
        member = signed_in.member
        libraries = (await self._members.libraries_of(member))[member.user_id]
        cookies = [*forgotten(), *oauth_session_cookies(self._site, request, signed_in)]
        return Reply(login_answer(signed_in, libraries), cookies=cookies)

    @routes.post("/link")
    async def link(self, actor: Caller, request: web.Request, body: CallbackBody) -> Reply[UserAdmin]:
        """Link the account that came back from the provider to the caller's own."""
        async with _in_photo_words():
            await self._people.refuse_lesser(actor)
            proven = await self._proven(request, body)
            if proven.begun.purpose != "any" and proven.begun.user_id != actor.user_id:
                raise NotFinished("another member began to link")
            try:
                await self._people.link(actor, proven.identity)
            except AccountConflict:
                raise BadRequest(ELSEWHERE, code="oauth_linked") from None
        return Reply(user_admin(await self._shown(actor.user_id)), cookies=forgotten())

    @routes.post("/unlink")
    async def unlink(self, actor: Caller) -> UserAdmin:
        """Let the caller come in by the provider no more."""
        await self._people.unlink(actor, needs_other_way=False)
        return user_admin(await self._shown(actor.user_id))

    @routes.get("/mobile-redirect", public=True, status=307)
    async def mobile_redirect(self, request: web.Request) -> web.Response:
        """Pass what the provider answers on to the mobile app, for providers that know https addresses only."""
        # As it came: what is encoded anew may not be the same to its reader.
        query = request.raw_path.partition("?")[2]
        location = f"{MOBILE_REDIRECT}?{query}" if query and query.isascii() else MOBILE_REDIRECT
        return web.Response(status=307, headers={"Location": location, "Cache-Control": "no-store"})

    @routes.post("/backchannel-logout", public=True)
    async def log_out_behind(self, request: web.Request) -> web.Response:
        """End the sessions of an account that was signed out at the provider, which says so itself."""
        token = await _form_field(request, "logout_token")
        try:
            ended = await self._flow.ended_by(token, address=self._site.address(request))
            await self._people.log_out(ended)
        except CloudDisabled:
            raise BadRequest("OAuth is not enabled", code="oauth_disabled") from None
        except TokenInvalid:
            raise BadRequest("This is no logout token.", field="logout_token") from None
        return web.Response(status=200, headers={"Cache-Control": "no-store"})

    async def _proven(self, request: web.Request, body: CallbackBody) -> Proven:
        state, verifier = kept(self._site, request)
        return await self._flow.finish(
            body.url,
            state=body.state or state,
            verifier=body.code_verifier or verifier,
            address=self._site.address(request),
        )


@contextlib.asynccontextmanager
async def _in_photo_words() -> AsyncIterator[None]:
    """What goes wrong, with the statuses and sentences its clients know."""
    try:
        yield
    except CloudDisabled:
        raise BadRequest("OAuth is not enabled", code="oauth_disabled") from None
    except StateMissing:
        raise BadRequest("OAuth state is missing", code="oauth_state_missing") from None
    except VerifierMissing:
        raise BadRequest("OAuth code verifier is missing", code="oauth_verifier_missing") from None
    except (UserUnknown, AccountConflict) as err:
        raise BadRequest("OAuth authentication failed", code=err.code) from err
    except (NotFinished, TokenInvalid, ProviderAway) as err:
        raise AppError("Failed to finish oauth", code="oauth_failed") from err


async def _form_field(request: web.Request, name: str) -> str:
    """One field of a small form; "" when it is not there once."""
    raw = bytearray()
    try:
        async with asyncio.timeout(FORM_LIMIT_S):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > MAX_FORM_BYTES:
                    raise BadRequest("The form is too large.")
    except (TimeoutError, web.RequestPayloadError):
        raise BadRequest("The form did not arrive.") from None
    try:
        found = parse_qs(raw.decode("ascii"), max_num_fields=10).get(name, [])
    except (UnicodeDecodeError, ValueError):
        found = []
    return found[0] if len(found) == 1 else ""
