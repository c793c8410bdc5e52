"""Short links: where they lead, found out without the downloader, which would follow them anywhere.

For the child program, behind its guard: every hop is judged like every other address.
"""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Final

from homemedia.clips.addresses import site_of
from homemedia.clips.download.reasons import refusal

MAX_HOPS: Final = 5
BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
HOP_LIMIT_S: Final = 15.0
MAX_ADDRESS: Final = 4096
# These hand on to another address, and some of them to any address there is.
SHORT: Final = frozenset(
    {
        "t.co",
        "vm.tiktok.com",
        "vt.tiktok.com",
        "youtu.be",
        "fb.watch",
        "pin.it",
        "dai.ly",
        "redd.it",
        "spotify.link",
        "on.soundcloud.com",
    }
)
# The next address, or None where there is none.
Ask = Callable[[str], str | None]


def is_short(url: str) -> bool:
    return (urllib.parse.urlsplit(url).hostname or "").removeprefix("www.") in SHORT


def followed(url: str, ask: Ask, is_readable: Callable[[str], bool]) -> str:
    """The address a link of a listed site means.

    A link is followed for as long as it is a short one, lies on no listed site, or is none of the forms that can be
    read: programs on phones share addresses that only lead to a clip (`reddit.com/r/cats/s/…`, `facebook.com/share/…`).

    Args:
        url: of a listed site.
        ask: where an address sends one.
        is_readable: whether the downloader knows this form of address.

    Raises:
        DownloadRefused: `unsupported`: it ends elsewhere, or never.
    """
    at = url
    for hops in range(MAX_HOPS + 1):
        is_listed = site_of(at) is not None
        if is_listed and not is_short(at) and is_readable(at):
            return at
        if hops == MAX_HOPS or (at == url and not is_listed):
            break
        if (location := ask(at)) is None:
            if is_listed:
                return at
            break
        at = _joined(at, location)
    raise refusal("unsupported")


def ask_for_next(url: str) -> str | None:
    """Where an address sends one, by its headers; its body is not read.

    Raises:
        OSError: it cannot be reached.
    """
    # Sites turn away what is no browser; t.co answers a browser with a page that goes on by itself.
    agent = "curl/8" if urllib.parse.urlsplit(url).hostname == "t.co" else BROWSER
    request = urllib.request.Request(url, headers={"User-Agent": agent, "Accept": "*/*"})  # noqa: S310 - http(s)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)
    try:
        with opener.open(request, timeout=HOP_LIMIT_S):
            return None
    except urllib.error.HTTPError as err:
        with err:
            return err.headers.get("Location") if err.code in {301, 302, 303, 307, 308} else None
    except http.client.HTTPException as err:
        raise OSError(None, "no answer one can read") from err


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _joined(at: str, location: str) -> str:
    """The next address.

    Raises:
        DownloadRefused: `unsupported`: it is none that a browser would open.
    """
    try:
        joined = urllib.parse.urljoin(at, location.strip())
        parts = urllib.parse.urlsplit(joined)
        is_plain = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        is_plain = False
    if not is_plain or len(joined) > MAX_ADDRESS or any(ord(char) <= 32 or ord(char) == 127 for char in joined):
        raise refusal("unsupported")
    return joined
