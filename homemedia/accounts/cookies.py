"""The one sign-in cookie and the two that go with it (design, "cookie"; photos §2.2)."""

from collections.abc import Iterable

from homemedia.core.http.routes import json_response
from homemedia.core.http.wire import Cookie

TOKEN_COOKIE = "immich_access_token"  # noqa: S105 - the name that real clients insist on
WAY_COOKIE = "immich_auth_type"
FLAG_COOKIE = "immich_is_authenticated"
LIFETIME_S = 400 * 86_400


def session_cookies(token: str, *, is_secure: bool, way: str = "password") -> list[Cookie]:
    """The cookies of a sign-in; `is_secure` exactly when the request came over HTTPS."""
    return [
        Cookie(name=TOKEN_COOKIE, value=token, max_age_s=LIFETIME_S, is_secure=is_secure),
        Cookie(name=WAY_COOKIE, value=way, max_age_s=LIFETIME_S, is_secure=is_secure),
        Cookie(name=FLAG_COOKIE, value="true", max_age_s=LIFETIME_S, is_http_only=False, is_secure=is_secure),
    ]


def no_cookies() -> list[Cookie]:
    """What clears them at logout."""
    return [
        Cookie(name=TOKEN_COOKIE, value=None),
        Cookie(name=WAY_COOKIE, value=None),
        Cookie(name=FLAG_COOKIE, value=None, is_http_only=False),
    ]


def cookie_headers(cookies: Iterable[Cookie]) -> list[str]:
    """Cookies as values of Set-Cookie headers."""
    return [morsel.OutputString() for morsel in json_response(b"", cookies=cookies).cookies.values()]
