"""What a link must be to be taken, and the one way it is written down. Pure.

Threat: the text comes from anybody who holds the household's token, and is handed to a program that fetches what it
names. Of schemes, hosts and signs exactly those pass that a link of a listed site has.

Source:
    Clips contract 3.1.
"""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import quote, unquote_plus, urlsplit

import msgspec

from homemedia.clips.models import MAX_URL
from homemedia.clips.platforms import Platform, local_platform, platform_of

PORTS: Final = {"http": 80, "https": 443}
# Who sent it, and from where: two members' links to one clip differ in nothing else.
TRACKING: Final = frozenset(
    {
        "si",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
        "igshid",
        "igsh",
        "fbclid",
        "ref",
        "ref_src",
        "ref_url",
        "s",
        "context",
        "share_id",
        "t",
    }
)
_HOST: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NEVER: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
# Signs that stand in an address as they are; all others are written as percent and number.
_PATH: Final = "/:@!$&'()*+,;=~%-._"
_QUERY: Final = _PATH + "?[]|"


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link that is taken. `url` is the one way it is written; `host` is in lower case, without port."""

    url: str
    host: str
    platform: Platform


def read_link(text: str, private_hosts: Collection[str] = ()) -> Link | None:
    """A link of a site that the feed takes; None for anything else.

    Args:
        text: what somebody sent.
        private_hosts: `host:port` inside of the house that are taken as if they were sites.
    """
    text = text.strip(" \t\r\n")
    if len(text) > MAX_URL or _NEVER.search(text):
        return None
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    # Letters that only become those of a listed site in lower case are look-alikes too.
    if not parts.netloc.isascii() or "@" in parts.netloc or not _HOST.fullmatch(host) or parts.scheme not in PORTS:
        return None
    platform = _site(parts.scheme, host, port, private_hosts)
    if platform is None:
        return None
    shown_port = "" if port is None or port == PORTS[parts.scheme] else f":{port}"
    path = quote(parts.path, safe=_PATH) or "/"
    query = _kept(parts.query)
    url = f"{parts.scheme}://{host}{shown_port}{path}{'?' if query else ''}{query}"
    return Link(url=url, host=host, platform=platform) if len(url) <= MAX_URL else None


def site_of(url: str, private_hosts: Collection[str] = ()) -> Platform | None:
    """The site an address belongs to, as a link sent in would; None for a stranger's."""
    link = read_link(url, private_hosts)
    return None if link is None else link.platform


def _site(scheme: str, host: str, port: int | None, private_hosts: Collection[str]) -> Platform | None:
    named = f"{host}:{port or PORTS[scheme]}"
    if named in private_hosts:
        return local_platform(named)
    return platform_of(host.removeprefix("www."))


def _kept(query: str) -> str:
    """The parameters that say which clip it is, in their order."""
    pieces = [piece for piece in query.split("&") if piece and unquote_plus(piece.partition("=")[0]) not in TRACKING]
    return quote("&".join(pieces), safe=_QUERY)
