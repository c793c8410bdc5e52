"""Which of the things a request carries says who asks (photos §2.1; design, "where it is read").

Threat: of several credentials exactly one counts, the first of a fixed order, so that nobody can slip a second one
under the first; those that stand in an address open only what the contracts say.
"""

import enum

import msgspec
from aiohttp import web

from homemedia.accounts.cookies import TOKEN_COOKIE
from homemedia.core.http.families import ALL, FAMILY, PERMISSION, Family
from homemedia.core.http.routes import Needs

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
WATCH_PATHS = frozenset({"/api/auth/me", "/api/auth/change-password"})
# Of these two the photo API's clients send one; elsewhere they mean nothing.
TOKEN_HEADERS = ("x-immich-user-token", "x-immich-session-token")
KEY_HEADER = "x-api-key"


class Kind(enum.Enum):
    """What a credential is."""

    LINK_KEY = "share key"
    LINK_SLUG = "share slug"
    TOKEN = "token"  # noqa: S105 - a kind
    COOKIE = "cookie"
    API_KEY = "API key"


class Credential(msgspec.Struct, frozen=True):
    """The one thing by which a request says who asks."""

    kind: Kind
    text: str


def credential_of(request: web.Request, needs: Needs) -> Credential | None:
    """The first credential in the order of all routes; None when there is none."""
    is_photos = is_photo_route(request)
    found = _of_link(request) if is_photos else None
    if found is None and is_photos:
        found = _of_photo_client(request, needs)
    if found is None:
        found = of_headers(request)
    if found is None and is_photos and _is_bytes(request, needs) and (key := request.query.get("apiKey")):
        found = Credential(Kind.API_KEY, key)
    family = request.get(FAMILY)
    is_watch = family is not Family.HEAPS and _is_watch(request.path)
    if found is None and family is not Family.PHOTOS and (needs is Needs.MEDIA or is_watch):
        found = _named(Kind.TOKEN, request.query.get("token"))
    return found


def of_headers(request: web.Request) -> Credential | None:
    """What every route reads: bearer token, cookie, API key, in this order."""
    token = bearer(request)
    if token is not None:
        return Credential(Kind.TOKEN, token)
    return _named(Kind.COOKIE, request.cookies.get(TOKEN_COOKIE)) or _named(
        Kind.API_KEY, request.headers.get(KEY_HEADER)
    )


def bearer(request: web.Request) -> str | None:
    """The token of the Authorization header; None when there is none of this kind (a proxy's Basic is not ours)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def is_photo_route(request: web.Request) -> bool:
    """Whether a route stands in the photo API's document, alone or beside another: there it names a permission."""
    return request.get(FAMILY) is Family.PHOTOS or request.get(PERMISSION, ALL) != ALL


def _of_link(request: web.Request) -> Credential | None:
    key = request.headers.get("x-immich-share-key") or request.query.get("key")
    slug = request.headers.get("x-immich-share-slug") or request.query.get("slug")
    return _named(Kind.LINK_KEY, key) or _named(Kind.LINK_SLUG, slug)


def _of_photo_client(request: web.Request, needs: Needs) -> Credential | None:
    for name in TOKEN_HEADERS:
        if token := request.headers.get(name):
            return Credential(Kind.TOKEN, token)
    return _named(Kind.TOKEN, request.query.get("sessionKey")) if _is_bytes(request, needs) else None


def _named(kind: Kind, text: str | None) -> Credential | None:
    return Credential(kind, text) if text else None


def _is_bytes(request: web.Request, needs: Needs) -> bool:
    """Whether a photo route answers bytes that a tag in a page may fetch: only there an address may say who asks."""
    return needs is Needs.MEDIA and request.get(FAMILY) is Family.PHOTOS


def _is_watch(path: str) -> bool:
    return path in WATCH_PATHS or path.removeprefix("/api/").partition("/")[0] in WATCH_WORDS
