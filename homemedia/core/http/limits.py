"""Who asks too often, and from where: rate limits in memory, the client's address behind proxies.

Limits are lost at a restart on purpose: they slow guessing down, they are no ban list.
"""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from aiohttp import web

from homemedia.core.clock import Clock
from homemedia.core.http.errors import WHO
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Route
from homemedia.core.problems import TooMany

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Proxies = tuple[Network, ...]

MAX_KEYS = 10_000
# Any of these says that somebody passes the request on for another one.
FORWARDING_HEADERS = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
)
UNKNOWN = "unknown"


class RateLimit:
    """Counts by key in fixed windows; the window of a key begins with its first count.

    Args:
        limit: how many a key may have in one window.
        window_s: length of the window.
        clock: source of monotonic time.
        max_keys: how many keys are remembered; beyond it the one that was begun longest ago is forgotten.
    """

    def __init__(self, limit: int, window_s: float, *, clock: Clock | None = None, max_keys: int = MAX_KEYS) -> None:
        self._limit = limit
        self._window_s = window_s
        self._clock = clock or Clock()
        self._max_keys = max_keys
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_s(self, key: str) -> int:
        """Whole seconds until `key` may come again, at least 1; 0 when it may now."""
        began, count = self._current(key)
        if count < self._limit:
            return 0
        return max(1, math.ceil(began + self._window_s - self._clock.monotonic_s()))

    def take(self, key: str) -> None:
        """Count one for `key`, whether it was still free or not."""
        began, count = self._current(key)
        self._counts[key] = (began, count + 1)
        while len(self._counts) > self._max_keys:
            self._counts.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Undo one `take`."""
        began, count = self._current(key)
        if count > 1:
            self._counts[key] = (began, count - 1)
        else:
            self._counts.pop(key, None)

    def clear(self, key: str) -> None:
        """Forget `key`."""
        self._counts.pop(key, None)

    def check(self, key: str, message: str = "Too many attempts. Wait a moment and try again.") -> None:
        """Count one, or refuse.

        Raises:
            TooMany: the limit is reached; nothing was counted.
        """
        if wait := self.wait_s(key):
            raise TooMany(message, retry_after_s=wait)
        self.take(key)

    def _current(self, key: str) -> tuple[float, int]:
        """Begin of the window and count in it; a window that has ended is a new one from now on."""
        now = self._clock.monotonic_s()
        found = self._counts.get(key)
        if found is None:
            return now, 0
        if now - found[0] >= self._window_s:
            del self._counts[key]
            return now, 0
        return found


class FamilyPace:
    """How often one login, or one address where nobody signed in, may ask the routes of a family.

    Answers that are no JSON are not counted: a page of pictures asks for a hundred at once.

    Args:
        limits: of the families that have one.
        address: of who asks.
    """

    def __init__(self, limits: Mapping[Family, RateLimit], address: Callable[[web.Request], str]) -> None:
        self._limits = limits
        self._address = address

    def __call__(self, request: web.Request, route: Route) -> None:
        """Count a request.

        Raises:
            TooMany: it is one too many.
        """
        limit = self._limits.get(route.family)
        if limit is not None and route.is_paced and route.produces == "application/json":
            who = request.get(WHO)
            limit.check(
                who if who is not None else limit_key(self._address(request)), "Too many requests. Wait a moment."
            )


def parse_proxies(texts: Iterable[str]) -> Proxies:
    """Addresses and networks ("192.168.1.2", "10.0.0.0/8") as networks.

    Raises:
        ValueError: one of them is neither.
    """
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts)


def parse_address(text: str) -> Address | None:
    """An address as sockets and headers write it: with port, brackets, zone, IPv4 inside IPv6; None if it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def client_address(request: web.Request, proxies: Proxies) -> str:
    """The address of who asks: the peer's, or the right-most foreign one that a named proxy saw.

    Returns:
        Text of an address, or "unknown" where the peer or its proxy names none.
    """
    peer = parse_address(request.remote or "")
    if peer is None:
        return UNKNOWN
    if not _is_in(peer, proxies):
        return str(peer)
    told = [
        entry for line in request.headers.getall("X-Forwarded-For", ()) for entry in line.split(",") if entry.strip()
    ]
    nearest = peer
    for entry in reversed(told):
        found = parse_address(entry)
        if found is None:
            return UNKNOWN
        nearest = found
        if not _is_in(found, proxies):
            break
    return str(nearest)


def is_passed_on_by_stranger(request: web.Request, proxies: Proxies) -> bool:
    """Whether the request comes through a proxy that was not named: then nobody knows whose it is."""
    peer = parse_address(request.remote or "")
    if peer is not None and _is_in(peer, proxies):
        return False
    return any(name in request.headers for name in FORWARDING_HEADERS)


def is_named_proxy(request: web.Request, proxies: Proxies) -> bool:
    """Whether the peer may speak for others, so that its X-Forwarded headers count."""
    peer = parse_address(request.remote or "")
    return peer is not None and _is_in(peer, proxies)


def limit_key(address: str) -> str:
    """What one household or host is counted by: an IPv4 address, or the /64 that one IPv6 line has for itself."""
    found = parse_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found) if found is not None else UNKNOWN


def _is_in(address: Address, networks: Proxies) -> bool:
    return any(address.version == network.version and address in network for network in networks)
