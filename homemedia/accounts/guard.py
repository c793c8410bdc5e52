"""Decides at every request who is asking and whether that is enough (design, "token" to "levels").

Threat: this is the one door. Rights come from the database at each request, so what is taken away is gone at once;
other sites' pages cannot use the cookie; an address with a token in it opens only what the contracts say; an API key
opens only what its words say.
"""

import hashlib
from collections.abc import Callable
from http import HTTPMethod

from aiohttp import web

from homemedia.accounts import store
from homemedia.accounts.cookies import TOKEN_COOKIE, WAY_COOKIE, cookie_headers, session_cookies
from homemedia.accounts.credentials import Credential, Kind, bearer, credential_of, of_headers
from homemedia.accounts.device import updated_app
from homemedia.accounts.models import Guest, Member
from homemedia.accounts.protocols import LinkDoor
from homemedia.accounts.sessions import DAY_MS, SHARE_WAY, SessionService, caller_of, is_current
from homemedia.accounts.site import Site
from homemedia.accounts.tokens import Tokens, TokenType
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.errors import WHO
from homemedia.core.http.families import ADMITS_GUEST, ALL, FAMILY, PERMISSION, Family
from homemedia.core.http.routes import Needs
from homemedia.core.problems import Forbidden, Unauthorized

SAFE_METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS})
PEOPLE = frozenset({TokenType.ACCESS, TokenType.SHARE})
WITH_MEDIA = PEOPLE | {TokenType.MEDIA}
STREAMS = "/api/transcode/"
BLOCK = "block:"
# What the session of a media token begins with when nobody signed in for it: a visit to a link.
VISIT = "visit:"
RENEWED: web.RequestKey[str] = web.RequestKey("renewed_cookie", str)
# The clip API calls whoever runs the house its host; its clients look for the words.
ADMINS_ONLY = {Family.PHOTOS: "Forbidden", Family.CLIPS: "Only the host can do this."}
LINKS = frozenset({Kind.LINK_KEY, Kind.LINK_SLUG})
# The words of the photo API, whose clients show them and whose scripts look for them.
NOTHING_SENT = "Authentication required"
REFUSALS = {
    Kind.LINK_KEY: "Invalid share key",
    Kind.LINK_SLUG: "Invalid share slug",
    Kind.TOKEN: "Invalid user token",
    Kind.COOKIE: "Invalid user token",
    Kind.API_KEY: "Invalid API key",
}


class Guard:
    """Answers the member a request comes from, or refuses it. Called by the typed routes.

    Attributes:
        is_played: whether the playback session that a media token names still lives.
        links: lets in who holds a link; nobody does without.
    """

    def __init__(
        self, db: Database, tokens: Tokens, sessions: SessionService, site: Site, clock: Clock | None = None
    ) -> None:
        self._db = db
        self._tokens = tokens
        self._sessions = sessions
        self._site = site
        self._clock = clock or Clock()
        self.is_played: Callable[[str], bool] = lambda _session_id: True
        self.links: LinkDoor | None = None

    async def __call__(self, request: web.Request, needs: Needs) -> Member | Guest:
        """Who asks; somebody with a link only where the route admits guests.

        Raises:
            Unauthorized: `unauthorized`, `token_expired`, `session_revoked`.
            Forbidden: `admin_required`; an API key lacks the route's word; the cookie came with another site's page.
        """
        found = credential_of(request, needs)
        if found is not None and found.kind in LINKS and self.links is not None:
            guest = await self.links.enter(request, found)
            if not request.get(ADMITS_GUEST, False):
                raise Forbidden(ADMINS_ONLY[Family.PHOTOS])
            return guest
        return await self._enter(request, needs)

    async def member(self, request: web.Request) -> Member:
        """Who asks; no link opens anything here.

        Raises:
            As `__call__`.
        """
        return await self._enter(request, Needs.USER)

    async def maybe(self, request: web.Request) -> Member | None:
        """Who asks, on a public route that knows more of a member; None for whoever the guard would not let in."""
        try:
            return await self._enter(request, Needs.USER)
        except (Unauthorized, Forbidden):
            return None

    async def beside(self, request: web.Request) -> Member | None:
        """Who asks beside a link that the request names; None for nobody the guard would let in."""
        found = of_headers(request)
        if found is None or (found.kind is Kind.COOKIE and self._site.is_cross_site(request)):
            return None
        try:
            return await self._admit(request, found)
        except (Unauthorized, Forbidden):
            return None

    async def pending(self, request: web.Request) -> Member:
        """Who asks, also a member who waits for his onboarding or an approval.

        Raises:
            As `__call__`.
        """
        return await self._enter(request, Needs.USER, admits_pending=True)

    async def of_socket(self, request: web.Request, token: str | None = None) -> Member:
        """Who opens a socket; a cookie that comes with another site's page counts as none.

        Args:
            request: the handshake.
            token: what the client said in its first frame; it wins over what the handshake carried.

        Raises:
            Unauthorized: as above.
            Forbidden: an API key that may not do everything.
        """
        token = token or bearer(request)
        found = Credential(Kind.TOKEN, token) if token else of_headers(request)
        if found is not None and found.kind is Kind.COOKIE and self._site.is_cross_site(request):
            found = None
        if found is None and (named := request.query.get("token")):
            found = Credential(Kind.TOKEN, named)
        member = await self._admit(request, found)
        _check_words(member, ALL)
        return member

    async def of_app_socket(self, request: web.Request) -> Member:
        """Who opens a socket of the photo API, by any credential of that API; of a cookie as above.

        Raises:
            Unauthorized, Forbidden: as above, in that API's words.
        """
        request[FAMILY] = Family.PHOTOS
        found = credential_of(request, Needs.MEDIA)
        if found is not None and found.kind is Kind.COOKIE and self._site.is_cross_site(request):
            found = None
        try:
            member = await self._admit(request, found)
        except Unauthorized as err:
            raise _in_words_of(Family.PHOTOS, err, found) from None
        _check_words(member, ALL)
        return member

    async def _enter(self, request: web.Request, needs: Needs, *, admits_pending: bool = False) -> Member:
        family = request.get(FAMILY)
        found = credential_of(request, needs)
        if found is not None and found.kind is Kind.COOKIE:
            self._check_site(request)
        try:
            member = await self._admit(request, found, needs, admits_pending=admits_pending)
        except Unauthorized as err:
            raise _in_words_of(family, err, found) from None
        if needs is Needs.ADMIN and not member.is_admin:
            raise Forbidden(
                ADMINS_ONLY.get(family or Family.HOUSE, "Only an administrator can do this."), code="admin_required"
            )
        _check_words(member, request.get(PERMISSION, ALL))
        await self._sessions.keep_elevated(member)
        return member

    def _check_site(self, request: web.Request) -> None:
        if request.method not in SAFE_METHODS and self._site.is_cross_site(request):
            text = (
                "Forbidden" if request.get(FAMILY) is Family.PHOTOS else "This request comes from another site's page."
            )
            raise Forbidden(text)

    async def _admit(
        self,
        request: web.Request,
        found: Credential | None,
        needs: Needs = Needs.USER,
        *,
        admits_pending: bool = False,
    ) -> Member:
        if found is None:
            raise Unauthorized("Sign in first.")
        if (player := await self._player(request, found, needs)) is not None:
            return player
        asking = await self._asking(request, found, needs)
        member = caller_of(asking)
        now = self._clock.now_ms()
        if not is_current(asking, now):
            raise Unauthorized("This sign-in has expired. Sign in again.", code="token_expired")
        if not (member.may_enter(now) or (admits_pending and member.is_waiting(now))):
            raise _ended()
        request[WHO] = member.user_id
        self._sessions.note_use(member.session_id, member.user_id, last_used_at=asking.last_used_at)
        if not member.is_by_key and (device := updated_app(request.headers, asking.app_version)) is not None:
            await self._sessions.note_app(member.session_id, device)
        if found.text == request.cookies.get(TOKEN_COOKIE) and _is_new_day(asking, now):
            request[RENEWED] = found.text
        return member

    async def _asking(self, request: web.Request, found: Credential, needs: Needs) -> store.Asking:
        """The session or API key that a credential names, as the database has it."""
        if found.kind in {Kind.LINK_KEY, Kind.LINK_SLUG}:
            raise Unauthorized("This link does not open anything.")
        if found.kind is Kind.API_KEY:
            asking = await store.asking_by_key(self._db.read, secret_hash(found.text))
            if asking is None or not asking.is_claimed:
                raise Unauthorized("There is no such API key.")
            return asking
        may_be_media = needs is Needs.MEDIA and request.method in SAFE_METHODS
        claims = self._tokens.read(found.text, WITH_MEDIA if may_be_media else PEOPLE)
        if claims.typ is TokenType.MEDIA:
            self._check_played(claims.res or "", request.path)
        asking = await store.asking(self._db.read, claims.sid)
        if asking is None or asking.revoked_at is not None:
            raise _ended()
        if asking.member.user_id != claims.sub or not asking.is_claimed or not _is_of_its_kind(claims.typ, asking.way):
            raise Unauthorized("Sign in first.")
        return asking

    async def _player(self, request: web.Request, found: Credential, needs: Needs) -> Member | None:
        """Whose stream it is that somebody plays by a link; None where the credential is a member's."""
        if self.links is None or found.kind is not Kind.TOKEN or needs is not Needs.MEDIA:
            return None
        if request.method not in SAFE_METHODS:
            return None
        try:
            claims = self._tokens.read(found.text, {TokenType.MEDIA})
        except Unauthorized:
            return None
        if not claims.sid.startswith(VISIT):
            return None
        if not opens(claims.res or "", request.path):
            raise Unauthorized("Sign in first.")
        return await self.links.player(claims.sub, claims.sid)

    def _check_played(self, resource: str, path: str) -> None:
        if opens_block(resource, path):
            return
        if not opens(resource, path):
            raise Unauthorized("Sign in first.")
        # Who asks for a stream that has ended hears that from the stream itself.
        if not path.startswith(STREAMS) and not self.is_played(resource.partition("/")[0]):
            raise Unauthorized("This playback has ended.")

    async def renew_cookie(self, request: web.Request, response: web.StreamResponse) -> None:
        """Signal `on_response_prepare`: once a day a browser that comes back keeps its cookies for longer."""
        token = request.get(RENEWED)
        # Never on what a cache may keep for others, and never over what the answer itself says of the cookie.
        if token is None or TOKEN_COOKIE in response.cookies or response.headers.get("Cache-Control") != "no-store":
            return
        way = "oauth" if request.cookies.get(WAY_COOKIE) == "oauth" else "password"
        # The answer's own cookies are in its headers by now, so these must be put there by hand.
        for line in cookie_headers(session_cookies(token, is_secure=self._site.is_https(request), way=way)):
            response.headers.add("Set-Cookie", line)


def played(session_id: str, file_id: int) -> str:
    """What the media token of a playback session opens, as its claim `res` says it."""
    return f"{session_id}/{file_id}"


def opens(resource: str, path: str) -> bool:
    """Whether a media token for `resource` opens an address: its session, its file, what goes with it."""
    session_id, _, file_id = resource.partition("/")
    if not session_id or not file_id:
        return False
    previews = f"/api/home/playback/trickplay/{file_id}"
    below = (f"{STREAMS}{session_id}/", f"/api/media/{file_id}/subtitle/", f"{previews}/")
    return path in {f"/api/stream/{file_id}", previews} or path.startswith(below)


def block_file(block_id: str) -> str:
    """What the media token of a block's file opens, as its claim `res` says it."""
    return f"{BLOCK}{block_id}"


def opens_block(resource: str, path: str) -> bool:
    """Whether a media token for `resource` opens an address: the file of its block. Who may see it is asked there."""
    block_id = resource.removeprefix(BLOCK)
    if not resource.startswith(BLOCK) or not block_id:
        return False
    return path.startswith((f"/api/file/{block_id}/", f"/api/stream/{block_id}/"))


def secret_hash(secret: str) -> bytes:
    """What is kept of an API key: 32 random bytes need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _in_words_of(family: Family | None, err: Unauthorized, found: Credential | None) -> Unauthorized:
    """A refusal in the words that a family's clients know."""
    match family:
        case Family.PHOTOS:
            return Unauthorized(REFUSALS[found.kind] if found else NOTHING_SENT, code=err.code)
        case Family.CLIPS:
            return Unauthorized(f"Not authenticated. {err.message}", code=err.code)
        case _:
            return err


def _check_words(member: Member, word: str) -> None:
    """Refuse an API key that does not carry the word a route asks for."""
    if member.permissions is None or not word or ALL in member.permissions or word in member.permissions:
        return
    raise Forbidden(f"Missing required permission: {word}")


def _is_of_its_kind(typ: TokenType, way: str) -> bool:
    """Whether a type of token fits the way its session was made; only media tokens stand for an API key."""
    if typ is TokenType.MEDIA:
        return True
    return way != store.KEY_WAY and (typ is TokenType.SHARE) == (way == SHARE_WAY)


def _is_new_day(asking: store.Asking, now: int) -> bool:
    """Whether a day of this session's life has begun since it was last used."""
    began = asking.session_created_at
    return (now - began) // DAY_MS > (asking.last_used_at - began) // DAY_MS


def _ended() -> Unauthorized:
    return Unauthorized("This sign-in was ended. Sign in again.", code="session_revoked")
