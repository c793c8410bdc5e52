"""HTTP of the key login, of what the heap routes tell of this server and of a member, and of a member's own keys."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from homemedia import __version__
from homemedia.accounts.credentials import Kind, bearer, of_headers
from homemedia.accounts.device import device_of
from homemedia.accounts.guard import Guard
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.key_login.pairs import ACCESS_S, Pairs
from homemedia.accounts.key_login.service import Carried, Entry, KeyLogin, Proof, checked_proof
from homemedia.accounts.key_login.usage import NO_LIMITS, AsksUse, no_use
from homemedia.accounts.key_login.wire import (
    ChallengeAnswer,
    ChallengeBody,
    HeapMe,
    Instance,
    KeyAnswer,
    KeysAnswer,
    License,
    RefreshAnswer,
    SessionAnswer,
    VerifyKeyBody,
    VerifySessionBody,
    Who,
    heap_me,
    keys_answer,
)
from homemedia.accounts.members import MemberService
from homemedia.accounts.models import Admin, Caller, Member
from homemedia.accounts.site import Site
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.problems import Forbidden, Unauthorized

NO_CONTENT = 204


class KeyLoginRoutes:
    """Signing in with a key, and the tokens that come of it. None of them sets a cookie.

    Attributes:
        use: says what somebody's heaps hold.
        limits: what they may hold.
    """

    routes = Routes("accounts", prefix="/api", family=Family.HEAPS)

    def __init__(
        self,
        login: KeyLogin,
        pairs: Pairs,
        household: HouseholdService,
        guard: Guard,
        site: Site,
        public_url: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._login = login
        self._pairs = pairs
        self._household = household
        self._guard = guard
        self._site = site
        self._public_url = public_url
        self.use: AsksUse = no_use
        self.limits = NO_LIMITS

    @routes.post("/auth/create_session", public=True)
    async def create_session(self, body: ChallengeBody, request: web.Request) -> ChallengeAnswer:
        """Give the owner of a key a text to sign."""
        made = await self._login.challenge(body.public_key, body.email, self._site.address(request))
        return ChallengeAnswer(
            challenge=made.text, expires_at=made.expires_at, server_public_key=self._login.server_key
        )

    @routes.post("/auth/verify_session", public=True)
    async def verify_session(self, body: VerifySessionBody, request: web.Request) -> SessionAnswer:
        """Sign in with a signed challenge; 403 while an administrator has to approve."""
        proof = checked_proof(
            body.public_key,
            body.message,
            body.signature,
            field="signature",
            server_challenge=body.server_challenge,
            email=body.email,
        )
        entry = await self._enter(proof, request)
        vouched = self._vouched(proof)
        if entry.pair is None:
            raise Forbidden(
                "An administrator has to let you in first.",
                code="approval_required",
                more={"approval_required": True} | vouched,
            )
        member = entry.member
        return SessionAnswer(
            access_token=entry.pair.access,
            refresh_token=entry.pair.refresh,
            expires_in=ACCESS_S,
            name=(await self._household.read()).name,
            version=__version__,
            public_url=self._public_url(),
            user=Who(id=member.user_id, name=member.display_name, is_admin=member.is_admin),
            **vouched,
        )

    @routes.post("/auth/verify_key", public=True)
    async def verify_key(self, body: VerifyKeyBody, request: web.Request) -> KeyAnswer:
        """Sign in with a signed challenge; without tokens while an administrator has to approve."""
        proof = checked_proof(
            body.public_key,
            body.message,
            body.signed_message,
            field="signed_message",
            server_challenge=body.server_challenge,
            email=body.email,
        )
        entry = await self._enter(proof, request)
        vouched = self._vouched(proof)
        if entry.pair is None:
            return KeyAnswer(approval_required=True, **vouched)
        return KeyAnswer(
            approval_required=False,
            access_token=entry.pair.access,
            refresh_token=entry.pair.refresh,
            expires_in=ACCESS_S,
            **vouched,
        )

    @routes.post("/auth/refresh_token", public=True)
    async def refresh(self, request: web.Request) -> RefreshAnswer:
        """Get the next pair of tokens for a refresh token, which comes as bearer token."""
        pair = await self._pairs.renew(bearer(request) or "", self._site.address(request))
        return RefreshAnswer(access_token=pair.access, refresh_token=pair.refresh, expires_in=ACCESS_S)

    @routes.post("/me")
    async def get_me(self, actor: Caller) -> HeapMe:
        """Say who is asking, what he keeps here and how much he may."""
        user_id = actor.user_id
        keys, account = await self._login.keys_of(user_id), await self._login.account(user_id)
        return heap_me(actor, keys, account, await self.use(user_id), self.limits)

    @routes.get("/", public=True)
    async def get_instance(self, request: web.Request) -> Instance:
        """Say which server this is; to members also whether they are administrators."""
        return await self._instance(await self._guard.maybe(request))

    @routes.get("", public=True)
    async def get_instance_too(self, request: web.Request) -> Instance:
        """Say the same without the slash at the end."""
        return await self._instance(await self._guard.maybe(request))

    async def _instance(self, member: Member | None) -> Instance:
        facts = Instance(
            version=__version__,
            public_key=self._login.server_key,
            name=(await self._household.read()).name,
            public_url=self._public_url(),
        )
        if member is None:
            return facts
        told = {name: getattr(facts, name) for name in ("version", "public_key", "name", "public_url")}
        return Instance(**told, is_admin=member.is_admin, license=License())

    async def _enter(self, proof: Proof, request: web.Request) -> Entry:
        device = device_of(request.headers, self._site.address(request))
        return await self._login.enter(
            proof, device, is_at_home=self._site.is_at_home(request), carried=self._carried(request)
        )

    def _vouched(self, proof: Proof) -> dict[str, Any]:
        """This server's name, and its signature where one was asked for."""
        named = {"server_public_key": self._login.server_key}
        text = proof.server_challenge
        if text is None:
            return named
        return named | {"server_challenge": text, "server_signature": self._login.vouch(text)}

    def _carried(self, request: web.Request) -> Carried:
        """Finds the member who adds a key: by a token that holds, or by the cookie of our own pages.

        A bearer token that does not hold is refused, lest the key of a member become a stranger who waits; a cookie
        that does not is one a browser sends without being asked.
        """

        async def carried() -> Member | None:
            found = of_headers(request)
            if found is None or found.kind is Kind.API_KEY:
                return None
            if found.kind is Kind.COOKIE and self._site.is_cross_site(request):
                return None
            try:
                return await self._guard.member(request)
            except Unauthorized:
                if found.kind is Kind.COOKIE:
                    return None
                raise

        return carried


class OwnKeyRoutes:
    """The keys members sign in with."""

    routes = Routes("accounts", prefix="/api/home/accounts")

    def __init__(self, login: KeyLogin, members: MemberService) -> None:
        self._login = login
        self._members = members

    @routes.get("/keys")
    async def list_keys(self, actor: Caller) -> KeysAnswer:
        """List the keys the caller signs in with, the oldest first."""
        return keys_answer(await self._login.keys_of(actor.user_id))

    @routes.delete("/keys/{key}", status=NO_CONTENT)
    async def remove_key(self, actor: Caller, key: str) -> web.Response:
        """Remove one of the caller's keys, and sign out what came in by a key, but for this device."""
        await self._login.forget(key, actor)
        return web.Response(status=NO_CONTENT)

    @routes.get("/members/{id}/keys")
    async def list_keys_of(self, actor: Admin, id: str) -> KeysAnswer:  # noqa: ARG002 - any administrator may
        """List the keys a member signs in with, so that one who waits can be told from a stranger."""
        return keys_answer(await self._login.keys_of((await self._members.get(id)).member.user_id))
