"""HTTP of one's own account, as the photo API's clients ask for it."""

import msgspec
from aiohttp import web

from homemedia.accounts.cookies import session_cookies
from homemedia.accounts.device import device_of
from homemedia.accounts.models import Caller
from homemedia.accounts.photo_account.accounts import NewAccount, PhotoAccountService
from homemedia.accounts.photo_account.further import FurtherSessions
from homemedia.accounts.photo_account.pin import PinService
from homemedia.accounts.photo_account.preferences import (
    PhotoPreferencesAnswer,
    PhotoPreferencesBody,
    PhotoPreferenceService,
)
from homemedia.accounts.photo_account.wire import (
    AccountAnswer,
    AuthStatus,
    Endpoint,
    NewPinBody,
    NewSessionAnswer,
    NewSessionBody,
    Onboarding,
    OwnAccountBody,
    PinBody,
    ProofBody,
    PublicUser,
    SessionBody,
    SignUpBody,
    TokenAnswer,
    UserAdmin,
    WellKnown,
    account_answer,
    auth_status,
    new_session_answer,
    own_change,
    public_user,
    user_admin,
)
from homemedia.accounts.sign_in import SignInService
from homemedia.accounts.site import Site
from homemedia.accounts.wire import ChangePasswordBody, SessionCard, session_card
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import BadRequest, NotFound

CREATED = 201
NO_CONTENT = 204


class WellKnownRoutes:
    """The first thing a client asks of a host."""

    routes = Routes("accounts", prefix="/.well-known", family=Family.PHOTOS)

    @routes.get("/immich", public=True)
    async def get_endpoint(self) -> WellKnown:
        """Say below which address the API lies."""
        return WellKnown(api=Endpoint(endpoint="/api"))


class PhotoUserRoutes:
    """Who one is, and who the others are."""

    routes = Routes("accounts", prefix="/api/users", family=Family.PHOTOS)

    def __init__(self, accounts: PhotoAccountService, preferences: PhotoPreferenceService) -> None:
        self._accounts = accounts
        self._preferences = preferences

    @routes.get("/me", permission="user.read")
    async def get_me(self, actor: Caller) -> UserAdmin:
        """Show the caller's own account."""
        return user_admin(await self._accounts.get(actor.user_id))

    @routes.put("/me", permission="user.update")
    async def put_me(self, actor: Caller, body: OwnAccountBody) -> UserAdmin:
        """Change the caller's own account; fields that are left out stay."""
        return user_admin(await self._accounts.change_own(actor, own_change(body)))

    @routes.get("/me/preferences", permission="userPreference.read")
    async def get_preferences(self, actor: Caller) -> PhotoPreferencesAnswer:
        """Show the caller's preferences, all of them."""
        return await self._preferences.of(actor.user_id)

    @routes.put("/me/preferences", permission="userPreference.update")
    async def put_preferences(self, actor: Caller, body: PhotoPreferencesBody) -> PhotoPreferencesAnswer:
        """Change the caller's preferences, however deep; what is left out stays."""
        return await self._preferences.change(actor.user_id, body)

    @routes.get("/me/onboarding", permission="userOnboarding.read")
    async def get_onboarding(self, actor: Caller) -> Onboarding:
        """Say whether the caller has seen what newcomers are told."""
        return Onboarding(is_onboarded=actor.is_onboarded)

    @routes.put("/me/onboarding", permission="userOnboarding.update")
    async def put_onboarding(self, actor: Caller, body: Onboarding) -> Onboarding:
        """Keep whether the caller has seen what newcomers are told."""
        return Onboarding(is_onboarded=await self._accounts.set_onboarded(actor, is_onboarded=body.is_onboarded))

    @routes.delete("/me/onboarding", status=NO_CONTENT, permission="userOnboarding.delete")
    async def delete_onboarding(self, actor: Caller) -> web.Response:
        """Tell the caller once more what newcomers are told."""
        await self._accounts.set_onboarded(actor, is_onboarded=False)
        return web.Response(status=NO_CONTENT)

    @routes.get("/me/license", permission="userLicense.read")
    async def get_license(self, actor: Caller) -> None:  # noqa: ARG002 - any member may
        """Say that nobody needs a licence."""
        raise NotFound("There is no licence: this program is free.", code="no_licence")

    @routes.get("/{id}", permission="user.read")
    async def get_user(self, actor: Caller, id: str) -> PublicUser:
        """Show a member of the household."""
        return public_user(await self._accounts.shown_to(actor, checked_uuid(id)))


class PhotoAuthRoutes:
    """Claim, check, password and PIN."""

    routes = Routes("accounts", prefix="/api/auth", family=Family.PHOTOS)

    def __init__(self, accounts: PhotoAccountService, sign_in: SignInService, pins: PinService, site: Site) -> None:
        self._accounts = accounts
        self._sign_in = sign_in
        self._pins = pins
        self._site = site

    @routes.post("/admin-sign-up", public=True, status=CREATED)
    async def sign_up(self, request: web.Request, body: SignUpBody) -> UserAdmin:
        """Claim a new server: make its first administrator, who signs in next."""
        new = NewAccount(email=body.email, password=body.password, name=body.name, is_admin=True)
        device = device_of(request.headers, self._site.address(request))
        made = await self._accounts.sign_up(new, body.setup_code, device, is_at_home=self._site.is_at_home(request))
        return user_admin(made)

    @routes.post("/validateToken")
    async def validate_token(self, actor: Caller) -> TokenAnswer:  # noqa: ARG002 - who gets here is somebody
        """Say that the credential is good."""
        return TokenAnswer(auth_status=True)

    # Watch's route as well, so its errors are those of the house.
    @routes.post("/change-password", permission="auth.changePassword", family=Family.HOUSE)
    async def change_password(
        self, actor: Caller, request: web.Request, body: ChangePasswordBody
    ) -> Reply[AccountAnswer]:
        """Set the caller's own password; his other devices have to sign in again."""
        try:
            token = await self._sign_in.change_password(
                actor,
                body.current,
                body.new_password,
                keeps_others=not body.invalidate_sessions,
                address=self._site.address(request),
            )
        except BadRequest as err:
            if err.code != "wrong_password" or body.password is None:
                raise
            # Who names it as the photo API does hears its words.
            raise BadRequest("Wrong password", code=err.code, field="password") from err
        account = await self._accounts.get(actor.user_id)
        if actor.is_by_key:
            return Reply(account_answer(account, ""))
        cookies = session_cookies(token, is_secure=self._site.is_https(request))
        return Reply(account_answer(account, token), cookies=cookies)

    @routes.get("/status")
    async def get_status(self, actor: Caller) -> AuthStatus:
        """Say how the session stands: until when, with a PIN or without, whether it opens what is locked."""
        return auth_status(await self._pins.state(actor))

    @routes.post("/pin-code", status=NO_CONTENT, permission="pinCode.create")
    async def set_pin(self, actor: Caller, body: PinBody) -> web.Response:
        """Choose a PIN."""
        await self._pins.set_up(actor, body.pin_code)
        return web.Response(status=NO_CONTENT)

    @routes.put("/pin-code", status=NO_CONTENT, permission="pinCode.update")
    async def change_pin(self, actor: Caller, body: NewPinBody) -> web.Response:
        """Choose another PIN."""
        await self._pins.change(actor, body.proof, body.new_pin_code)
        return web.Response(status=NO_CONTENT)

    @routes.delete("/pin-code", status=NO_CONTENT, permission="pinCode.delete")
    async def drop_pin(self, actor: Caller, body: ProofBody) -> web.Response:
        """Have no PIN any more."""
        await self._pins.drop(actor, body.proof)
        return web.Response(status=NO_CONTENT)

    @routes.post("/session/unlock", status=NO_CONTENT)
    async def unlock(self, actor: Caller, body: ProofBody) -> web.Response:
        """Let this session open what is locked, for a quarter of an hour."""
        await self._pins.unlock(actor, body.proof)
        return web.Response(status=NO_CONTENT)

    @routes.post("/session/lock", status=NO_CONTENT)
    async def lock(self, actor: Caller) -> web.Response:
        """Let this session open nothing that is locked any more."""
        await self._pins.lock(actor)
        return web.Response(status=NO_CONTENT)


class FurtherSessionRoutes:
    """Sessions made from a session."""

    routes = Routes("accounts", prefix="/api/sessions", family=Family.PHOTOS)

    def __init__(self, further: FurtherSessions, pins: PinService, site: Site) -> None:
        self._further = further
        self._pins = pins
        self._site = site

    @routes.post("", status=CREATED, permission="session.create")
    async def open_session(self, actor: Caller, request: web.Request, body: NewSessionBody) -> NewSessionAnswer:
        """Open a further session, which ends with this one; its token is told this once."""
        device = device_of(request.headers, self._site.address(request))
        named = {"device_type": body.device_type, "device_os": body.device_os}
        device = msgspec.structs.replace(device, **{name: text for name, text in named.items() if text})
        lasts_ms = None if body.duration is None else body.duration * 1000
        signed_in, session = await self._further.open(actor, device, lasts_ms=lasts_ms)
        return new_session_answer(session, signed_in.token)

    @routes.put("/{id}", permission="session.update")
    async def change_session(self, actor: Caller, id: str, body: SessionBody) -> SessionCard:
        """Let a device begin its synchronisation anew."""
        session = await self._further.ask_for_reset(actor, checked_uuid(id), needs_reset=body.is_pending_sync_reset)
        return session_card(session, current=actor.session_id)

    @routes.post("/{id}/lock", status=NO_CONTENT, permission="session.lock")
    async def lock_session(self, actor: Caller, id: str) -> web.Response:
        """Let a device open nothing that is locked any more."""
        await self._pins.lock_session(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)
