"""Where a sign-in may come back to (photos §6.2). Pure.

Threat: whoever chooses the address gets the code. So an address is ours, of this very device, or one that an
administrator named; and the page a person is led to afterwards is one of ours.
"""

from collections.abc import Callable, Collection
from urllib.parse import SplitResult, urlsplit

from homemedia.core.problems import BadRequest

MOBILE_REDIRECT = "app.immich:///oauth-callback"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_CHARS = 1000


def checked_redirect(
    text: str, *, is_ours: Callable[[str], bool], listed: Collection[str], mobile_override: str = ""
) -> str:
    """The address to tell the provider.

    Args:
        text: what the client asks for.
        is_ours: whether an address begins with our own scheme, host and port.
        listed: further addresses, taken letter by letter.
        mobile_override: stands in for the mobile app's own address; "" for none.

    Raises:
        BadRequest: it is not one of those.
    """
    if text == MOBILE_REDIRECT:
        return mobile_override or text
    if text in listed:
        return text
    parts = _parts(text)
    if parts is not None and (is_ours(text) or parts.hostname in LOOPBACK):
        return text
    raise BadRequest("This sign-in may not lead back to that address.", field="redirectUri", reason="is not allowed")


def safe_next(text: str | None) -> str:
    """The address of one of our pages to go on to; "/" for everything that might be anything else."""
    if text is None or len(text) > MAX_CHARS or not text.startswith("/") or text.startswith(("//", "/\\")):
        return "/"
    return "/" if any(ord(char) <= 32 or ord(char) == 127 or char == "\\" for char in text) else text


def _parts(text: str) -> SplitResult | None:
    """An address of the web without anything that readers of addresses disagree about."""
    if len(text) > MAX_CHARS or any(ord(char) <= 32 or ord(char) >= 127 for char in text) or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.fragment:
        return None
    return parts
