"""Where a request comes from: from our own pages or another site's, from inside the house or from afar.

Threat: any page in a browser at home can send requests to this server. The cookie must not work for them, and a
household that nobody has claimed yet must not be theirs for the taking.
"""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web

from homemedia.core.http.limits import (
    UNKNOWN,
    Proxies,
    client_address,
    is_named_proxy,
    is_passed_on_by_stranger,
    parse_address,
)

HOME_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fe80::/10",
        "fc00::/7",
    )
)
# Endings that no name server of the internet answers for, so that no stranger can own a name below them.
HOME_SUFFIXES = (
    ".local",
    ".lan",
    ".home",
    ".internal",
    ".localdomain",
    ".home.arpa",
    ".localhost",
    ".box",
    ".intranet",
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Site:
    """How this server is reached.

    Args:
        proxies: networks whose X-Forwarded headers count (`server.trusted_proxies`).
        public_url: answers the configured public address or None; asked each time, it may change.

    Attributes:
        plain_port: answers where plain HTTP is spoken, while a certificate of our own making is what HTTPS shows.
    """

    def __init__(self, proxies: Proxies = (), public_url: Callable[[], str | None] = lambda: None) -> None:
        self._proxies = proxies
        self._public_url = public_url
        self.plain_port: Callable[[], int | None] = lambda: None

    def address(self, request: web.Request) -> str:
        """The address of who asks, as text; "unknown" where nobody tells."""
        return client_address(request, self._proxies)

    def is_https(self, request: web.Request) -> bool:
        """Whether the client spoke HTTPS, to us or to a named proxy."""
        if request.secure:
            return True
        if not is_named_proxy(request, self._proxies):
            return False
        return request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower() == "https"

    def url(self, request: web.Request) -> str:
        """Scheme and host under which others reach us, without a slash at the end.

        Those of the request, but for one case: who is new has not installed our certificate, so that the secure address
        would greet him with a warning; then it is the plain one beside it.
        """
        public = self._public_url()
        if public:
            return public.rstrip("/")
        plain = self.plain_port() if request.secure and not is_named_proxy(request, self._proxies) else None
        if plain is not None:
            host = _split_host(self._host(request))[0] or UNKNOWN
            return f"http://{f'[{host}]' if ':' in host else host}:{plain}"
        return f"{'https' if self.is_https(request) else 'http'}://{self._host(request)}"

    def origin(self, request: web.Request) -> str:
        """Scheme and host that this very request came to, whatever the public address is."""
        return f"{'https' if self.is_https(request) else 'http'}://{self._host(request)}"

    def owns(self, request: web.Request, address: str) -> bool:
        """Whether an address has our own scheme, host and port, or those of the public address."""
        return _origin(address) in self._own_origins(request)

    def is_cross_site(self, request: web.Request) -> bool:
        """Whether a page of another site sent this. Programs that are no browsers say nothing and are believed."""
        told = request.headers.get("Sec-Fetch-Site", "none").strip().lower()
        if told != "none":
            # The browser's own word, which no page can forge. It also holds behind a TLS proxy that nobody named,
            # where we see http and another host than the page does.
            return told != "same-origin"
        origin = request.headers.get("Origin")
        if origin is None:
            return False
        return _origin(origin) not in self._own_origins(request)

    def is_at_home(self, request: web.Request) -> bool:
        """Whether the request surely comes from inside the house, so that it may claim the household without a code.

        Names of the internet are refused too: a page may give its own name our address (DNS rebinding), and its
        requests then look like our own pages' from the next room.
        """
        address = parse_address(self.address(request))
        if address is None or is_passed_on_by_stranger(request, self._proxies) or self.is_cross_site(request):
            return False
        return is_home_address(str(address)) and self._is_home_name(request)

    def _is_home_name(self, request: web.Request) -> bool:
        host = _split_host(self._host(request))[0]
        if not host:
            return False
        public = self._public_url()
        if public is not None and host == (urlsplit(public).hostname or ""):
            return True
        if parse_address(f"[{host}]" if ":" in host else host) is not None:
            return True
        return "." not in host or host.endswith(HOME_SUFFIXES)

    def _host(self, request: web.Request) -> str:
        forwarded = request.headers.get("X-Forwarded-Host") if is_named_proxy(request, self._proxies) else None
        if forwarded:
            return forwarded.rpartition(",")[2].strip()
        return request.headers.get("Host", UNKNOWN)

    def _own_origins(self, request: web.Request) -> set[tuple[str, str, int]]:
        public = self._public_url()
        configured = _origin(public) if public else None
        return {self._own_origin(request), *([configured] if configured else [])}

    def _own_origin(self, request: web.Request) -> tuple[str, str, int]:
        scheme = "https" if self.is_https(request) else "http"
        host, port = _split_host(self._host(request))
        return scheme, host, port or _DEFAULT_PORTS[scheme]


def is_home_address(text: str) -> bool:
    """Whether an address is of a kind that only devices of one's own network have."""
    address = parse_address(text)
    return address is not None and any(
        address.version == network.version and address in network for network in HOME_NETWORKS
    )


def _origin(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None for "null" and everything that is none."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme]


def _split_host(text: str) -> tuple[str, int | None]:
    """A Host header as lower-case name without brackets, and port if it names one; nothing of what is no host."""
    if not set(text).isdisjoint("@/?#\\"):
        return "", None
    try:
        parts = urlsplit(f"//{text}")
        return (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "", None
