"""Fetches pictures and small documents from addresses that people or files name, and from nowhere inside the house.

Every name is resolved by us, its addresses are judged (`addresses.py`), and the connection goes to the very address
that was judged, at the first request as at every redirect. No cookies, no proxies of the environment, no passwords.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from homemedia.core.http.addresses import Network, is_outside
from homemedia.core.http.client import Client
from homemedia.core.pictures import HEAD_BYTES, picture_type
from homemedia.core.problems import AppError, BadRequest, Unavailable
from homemedia.core.threads import Lane

MAX_BYTES = 20 << 20
MAX_REDIRECTS = 5
MAX_ADDRESS = 2000
LIMIT_S = 30.0
CHUNK = 64 << 10
REDIRECTS = frozenset({301, 302, 303, 307, 308})

T = TypeVar("T")
# As `socket.getaddrinfo` answers: (family, type, proto, canonical name, socket address).
AddressInfo = tuple[Any, Any, int, str, tuple[Any, ...]]
LookUp = Callable[[str, int], Sequence[AddressInfo]]


class Outbound(Client):
    """An async context manager: one client for all that is fetched from outside.

    Args:
        trusted: addresses of numbers that are taken although they lie in the house: whoever runs it has named them.
        look_up: blocking resolver; for tests.
        limit_s: for one picture or document, redirects and all.
        max_bytes: of one picture or document.
    """

    def __init__(
        self,
        *,
        trusted: Collection[str] = (),
        look_up: LookUp | None = None,
        limit_s: float = LIMIT_S,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        # A name server that does not answer holds a thread for a while; the second one is for somebody else.
        super().__init__(Lane("names", 2))
        self._trusted = frozenset(trusted)
        self._look_up = look_up or _look_up
        self._limit_s = limit_s
        self._max_bytes = max_bytes
        self._own: tuple[Network, ...] = ()

    async def fetch_picture(self, url: str) -> tuple[bytes, str]:
        """The bytes of a picture and its type, by what its first bytes say (`image/jpeg`).

        Raises:
            BadRequest: `url_invalid` (no such address, or one with a password), `url_forbidden` (it lies in the house),
                `url_unreachable`, `url_too_large`, `url_not_picture`.
        """
        return await self._fetch(url, self._read)

    async def fetch_document(self, url: str) -> bytes:
        """The bytes of a document, whatever it is.

        Raises:
            BadRequest: `url_invalid`, `url_forbidden`, `url_unreachable`, `url_too_large`.
        """
        return await self._fetch(url, self._body)

    async def _fetch(self, url: str, read: Callable[[aiohttp.ClientResponse], Awaitable[T]]) -> T:
        at = parsed(url)
        try:
            async with asyncio.timeout(self._limit_s):
                for _ in range(MAX_REDIRECTS + 1):
                    found = await self._ask(at, read)
                    if not isinstance(found, URL):
                        return found
                    at = found
        except TimeoutError:
            raise _refused("url_unreachable", "The address does not answer in time.") from None
        raise _refused("url_unreachable", "The address sends one on and on.")

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str]]:
        """Send a few bytes; the status of the answer and its headers. What it says, and where it sends on, is not read.

        Raises:
            BadRequest: `url_invalid`, `url_forbidden`, `url_unreachable`.
        """
        at = parsed(url)
        try:
            async with (
                asyncio.timeout(self._limit_s),
                self._reaching(at),
                self.session.post(at, data=body, headers=dict(headers), allow_redirects=False) as answer,
            ):
                return answer.status, dict(answer.headers)
        except TimeoutError:
            raise _refused("url_unreachable", "The address does not answer in time.") from None

    async def _ask(self, at: URL, read: Callable[[aiohttp.ClientResponse], Awaitable[T]]) -> URL | T:
        """What is there, or where it lies instead."""
        async with self._reaching(at):
            try:
                async with self.session.get(at, allow_redirects=False) as answer:
                    if answer.status in REDIRECTS:
                        return self._next(at, answer.headers.get("Location", ""))
                    if answer.status != 200:
                        raise _refused("url_unreachable", f"The address answers {answer.status}.")
                    return await read(answer)
            except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as err:
                raise _refused("url_invalid", "This is not an address that can be fetched.") from err

    @contextlib.asynccontextmanager
    async def _reaching(self, at: URL) -> AsyncIterator[None]:
        """Whatever keeps one from an address is told in the words of this module."""
        # A literal address is not given to the resolver, so it is judged here.
        if _is_literal(at) and not self._may_connect(str(at.host), await self._networks()):
            raise _forbidden()
        try:
            yield
        except _ForbiddenAddressError:
            raise _forbidden() from None
        except aiohttp.ClientConnectorError as err:
            if isinstance(err.__cause__, _ForbiddenAddressError) or isinstance(err.os_error, _ForbiddenAddressError):
                raise _forbidden() from None
            raise _refused("url_unreachable", "The address cannot be reached.") from err
        except (aiohttp.ClientError, OSError, ValueError) as err:
            raise _refused("url_unreachable", "The address cannot be reached.") from err

    def _next(self, at: URL, location: str) -> URL:
        try:
            return parsed(str(at.join(URL(location))))
        except ValueError:
            raise _refused("url_unreachable", "The address sends one on to nowhere.") from None

    async def _read(self, answer: aiohttp.ClientResponse) -> tuple[bytes, str]:
        if not answer.headers.get("Content-Type", "").strip().lower().startswith("image/"):
            raise _not_picture()
        if answer.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            # Unpacked it could be a thousand times as large; pictures are packed already.
            raise _not_picture()
        body = await self._body(answer)
        kind = picture_type(body[:HEAD_BYTES])
        if kind is None:
            raise _not_picture()
        return body, kind

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        if (answer.content_length or 0) > self._max_bytes:
            raise self._too_large()
        body = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > self._max_bytes:
                raise self._too_large()
        return bytes(body)

    def _too_large(self) -> AppError:
        return _refused("url_too_large", f"What lies there is larger than {self._max_bytes >> 20} MiB.")

    def _options(self) -> dict[str, Any]:
        connector = aiohttp.TCPConnector(
            resolver=_Resolver(self._addresses),
            use_dns_cache=False,
            force_close=True,
            socket_factory=self._socket,
            limit=4,
        )
        headers = {"Accept": "image/*, application/json;q=0.5", "Accept-Encoding": "identity"}
        return {"connector": connector, "auto_decompress": False, "headers": headers}

    async def _addresses(self, host: str, port: int) -> list[ResolveResult]:
        """Addresses of a name, all of them outside of the house.

        One inside is enough to refuse: such a name is made to deceive, or is one of the house.
        """
        try:
            found = await self._lane.run(self._look_up, host, port)
        except (OSError, UnicodeError) as err:
            raise OSError(None, f"there is no host {host}") from err
        except Unavailable as err:
            raise OSError(None, "the server is stopping") from err
        networks = await self._networks()
        addresses = [(family, proto, str(address[0])) for family, _, proto, _, address in found]
        if not addresses:
            raise OSError(None, f"there is no host {host}")
        if not all(self._may_connect(address, networks) for _, _, address in addresses):
            raise _ForbiddenAddressError
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=family, proto=proto, flags=socket.AI_NUMERICHOST
            )
            for family, proto, address in addresses
        ]

    async def _networks(self) -> tuple[Network, ...]:
        # Asked each time: a laptop changes its network, and this is called once a picture.
        self._own = await self._lane.run(own_networks)
        return self._own

    def _may_connect(self, address: str, networks: Sequence[Network]) -> bool:
        return address in self._trusted or is_outside(address, networks)

    def _socket(self, info: AddressInfo) -> socket.socket:
        """The last door: whatever way an address came, the socket is made only for one outside."""
        family, kind, proto, _, address = info
        if not self._may_connect(str(address[0]), self._own):
            raise _ForbiddenAddressError
        made = socket.socket(family, kind, proto)
        made.setblocking(False)
        return made


class _ForbiddenAddressError(PermissionError):
    """An address in the house; an OSError, because that is what the client passes on unharmed."""


class _Resolver(AbstractResolver):
    def __init__(self, addresses: Callable[[str, int], Any]) -> None:
        self._addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - both kinds
    ) -> list[ResolveResult]:
        found: list[ResolveResult] = await self._addresses(host, port)
        return found

    async def close(self) -> None:
        """Nothing is held."""


def parsed(url: str) -> URL:
    """An address that may be asked for, as far as its text tells.

    Raises:
        BadRequest: `url_invalid`.
    """
    wanted = url.strip()
    if not wanted or len(wanted) > MAX_ADDRESS or any(ord(letter) <= 32 or ord(letter) == 127 for letter in wanted):
        raise _refused("url_invalid", "This is not an address that can be fetched.")
    try:
        at = URL(wanted)
        host, port = at.host, at.port
    except ValueError:
        raise _refused("url_invalid", "This is not an address that can be fetched.") from None
    if at.scheme not in {"http", "https"} or not host or not port:
        raise _refused("url_invalid", "Only addresses with http:// or https:// can be fetched.")
    if at.user is not None or at.password is not None:
        raise _refused("url_invalid", "An address with a name or password in it is not fetched.")
    return at.with_fragment(None)


def own_networks() -> tuple[Network, ...]:
    """The IPv6 networks this machine is part of, and its own addresses; blocking."""
    import ifaddr  # noqa: PLC0415 - only where something is fetched

    found: list[Network] = []
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            text = one.ip[0] if isinstance(one.ip, tuple) else one.ip
            with contextlib.suppress(ValueError):
                address = ipaddress.ip_address(text)
                # A provider's IPv4 network holds strangers, an IPv6 one only this household; /64 is the largest of one.
                length = max(one.network_prefix, 64) if address.version == 6 else 32
                found.append(ipaddress.ip_network((address, length), strict=False))
    return tuple(found)


def _look_up(host: str, port: int) -> Sequence[AddressInfo]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _is_literal(at: URL) -> bool:
    try:
        ipaddress.ip_address(str(at.host))
    except ValueError:
        return False
    return True


def _refused(code: str, sentence: str) -> BadRequest:
    return BadRequest(sentence, code=code, field="url")


def _forbidden() -> BadRequest:
    return _refused("url_forbidden", "Addresses inside of the house are not fetched.")


def _not_picture() -> BadRequest:
    return _refused("url_not_picture", "There is no picture at this address.")
