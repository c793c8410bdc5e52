"""Decides at every request who is asking and whether that is enough (design, "token" to "levels").

Threat: this is the one door. Rights come from the database at each request, so what is taken away is gone at once;
other sites' pages cannot use the cookie; an address with a token in it opens only what the watch contract says.
"""

from collections.abc import Callable
from http import HTTPMethod

from aiohttp import web

from homemedia.accounts import store
from homemedia.accounts.cookies import TOKEN_COOKIE, WAY_COOKIE, cookie_headers, session_cookies
from homemedia.accounts.models import Member
from homemedia.accounts.sessions import DAY_MS, SHARE_WAY, SessionService, caller_of, is_current
from homemedia.accounts.site import Site
from homemedia.accounts.tokens import Tokens, TokenType
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.errors import WHO
from homemedia.core.http.routes import Needs
from homemedia.core.problems import Forbidden, Unauthorized

SAFE_METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS})
# The words after /api/ whose routes the watch contract protects: there `?token=` is read.
WATCH_WORDS = frozenset(
    {
        "artwork",
        "browse-fs",
        "cast",
        "continue-watching",
        "discover",
        "genres",
        "hardware",
        "invites",
        "libraries",
        "logs",
        "mark-unwatched",
        "mark-watched",
        "match",
        "media",
        "media-item",
        "progress",
        "scan-status",
        "search",
        "status",
        "stream",
        "transcode",
        "users",
        "watch-state",
        "watchlist",
    }
)
PEOPLE = frozenset({TokenType.ACCESS, TokenType.SHARE})
WITH_MEDIA = PEOPLE | {TokenType.MEDIA}
WATCH_PATHS = frozenset({"/api/auth/me", "/api/auth/change-password"})
STREAMS = "/api/transcode/"
RENEWED: web.RequestKey[str] = web.RequestKey("renewed_cookie", str)


class Guard:
    """Answers the member a request comes from, or refuses it. Called by the typed routes.

    Attributes:
        is_played: whether the playback session that a media token names still lives.
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

    async def __call__(self, request: web.Request, needs: Needs) -> Member:
        """Who asks.

        Raises:
            Unauthorized: `unauthorized`, `token_expired`, `session_revoked`.
            Forbidden: `admin_required`; the cookie came with another site's page.
        """
        token = _bearer(request)
        if token is None:
            token = self._cookie(request)
        if token is None and (needs is Needs.MEDIA or _is_watch(request.path)):
            token = request.query.get("token")
        member = await self._admit(request, token, needs)
        if needs is Needs.ADMIN and not member.is_admin:
            raise Forbidden("Only an administrator can do this.", code="admin_required")
        return member

    async def of_socket(self, request: web.Request, token: str | None = None) -> Member:
        """Who opens a socket; a cookie that comes with another site's page counts as none.

        Args:
            request: the handshake.
            token: what the client said in its first frame; it wins over what the handshake carried.

        Raises:
            Unauthorized: as above.
        """
        token = token or _bearer(request)
        if token is None and not self._site.is_cross_site(request):
            token = request.cookies.get(TOKEN_COOKIE)
        return await self._admit(request, token or request.query.get("token"))

    def _cookie(self, request: web.Request) -> str | None:
        token = request.cookies.get(TOKEN_COOKIE)
        if token is not None and request.method not in SAFE_METHODS and self._site.is_cross_site(request):
            raise Forbidden("This request comes from another site's page.")
        return token

    async def _admit(self, request: web.Request, token: str | None, needs: Needs = Needs.USER) -> Member:
        if not token:
            raise Unauthorized("Sign in first.")
        may_be_media = needs is Needs.MEDIA and request.method in SAFE_METHODS
        claims = self._tokens.read(token, WITH_MEDIA if may_be_media else PEOPLE)
        if claims.typ is TokenType.MEDIA:
            self._check_played(claims.res or "", request.path)
        asking = await store.asking(self._db.read, claims.sid)
        if asking is None or asking.revoked_at is not None:
            raise _ended()
        member = caller_of(asking)
        is_of_its_kind = claims.typ is TokenType.MEDIA or (claims.typ is TokenType.SHARE) == (asking.way == SHARE_WAY)
        if member.user_id != claims.sub or not asking.is_claimed or not is_of_its_kind:
            raise Unauthorized("Sign in first.")
        now = self._clock.now_ms()
        if not is_current(asking, now):
            raise Unauthorized("This sign-in has expired. Sign in again.", code="token_expired")
        if not member.may_enter(now):
            raise _ended()
        request[WHO] = member.user_id
        self._sessions.note_use(claims.sid, member.user_id, last_used_at=asking.last_used_at)
        if token == request.cookies.get(TOKEN_COOKIE) and _is_new_day(asking, now):
            request[RENEWED] = token
        return member

    def _check_played(self, resource: str, path: str) -> None:
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


def _bearer(request: web.Request) -> str | None:
    """The token of the Authorization header; None when there is none of this kind (a proxy's Basic is not ours)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _is_watch(path: str) -> bool:
    return path in WATCH_PATHS or path.removeprefix("/api/").partition("/")[0] in WATCH_WORDS


def _is_new_day(asking: store.Asking, now: int) -> bool:
    """Whether a day of this session's life has begun since it was last used."""
    began = asking.session_created_at
    return (now - began) // DAY_MS > (asking.last_used_at - began) // DAY_MS


def _ended() -> Unauthorized:
    return Unauthorized("This sign-in was ended. Sign in again.", code="session_revoked")
