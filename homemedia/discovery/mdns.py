"""Records on the network by zeroconf: the one module that knows that library, loaded when something is announced."""

import asyncio
import dataclasses
import functools
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from homemedia.discovery.addresses import Address

if TYPE_CHECKING:
    from zeroconf import ServiceInfo
    from zeroconf.asyncio import AsyncZeroconf

_log = logging.getLogger(__name__)
TYPES: Final = ("_homemedia._tcp.local.", "_http._tcp.local.")
_PROBE_MS: Final = 1500  # a second question after one second: answers to the first may be held back that long
_CLOSE_S: Final = 2.0


class NoRecords(Exception):  # noqa: N818 - it is a state that passes
    """The network does not take our records just now; the text says why."""


@dataclasses.dataclass(frozen=True)
class Announcement:
    """What stands on the network."""

    host: str
    service: str
    addresses: tuple[Address, ...]


class Records:
    """The records of one server on one set of addresses. Made by `publish`, ended by `withdraw`."""

    def __init__(self, network: "AsyncZeroconf", announcement: Announcement) -> None:
        self._network = network
        self.announcement = announcement

    async def withdraw(self) -> None:
        """Say goodbye and let go of the sockets; bounded in time."""
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._network.async_close()
        except (TimeoutError, OSError) as err:
            _log.info("the goodbye to the network was cut short: %s", err or "took too long")


def load() -> None:
    """Import zeroconf: 16 MB and a tenth of a second, so in a thread and not at the start."""
    import zeroconf.asyncio  # noqa: F401, PLC0415


async def publish(
    *, hosts: Iterator[str], services: Iterator[str], port: int, text: dict[str, str], addresses: Sequence[Address]
) -> Records:
    """Put the server's records on the network, under names nobody else has.

    Args:
        hosts: host names to try in turn, without `.local`.
        services: names of the service to try in turn.
        port: of the server.
        text: the TXT record.
        addresses: at least one.

    Raises:
        NoRecords: the port of mDNS is taken, there is no network, or no name is free.
    """
    # AddressResolver is imported there for programs like ours, but missing in its __all__.
    from zeroconf import AddressResolver, Error, ServiceInfo  # type: ignore[attr-defined]  # noqa: PLC0415 - see load()

    network = _open(addresses)
    try:
        await network.zeroconf.async_wait_for_start()
        host, name = await asyncio.gather(
            _free(network, hosts, lambda label: AddressResolver(f"{label}.local.")),
            _free(network, services, *(functools.partial(_service, kind) for kind in TYPES)),
        )
        infos = [
            ServiceInfo(
                kind,
                f"{name}.{kind}",
                port=port,
                properties=dict(text),
                server=f"{host}.local.",
                parsed_addresses=[address.ip for address in addresses],
            )
            for kind in TYPES
        ]
        sending = await asyncio.gather(
            *(network.async_register_service(info, allow_name_change=True, strict=False) for info in infos)
        )
        await asyncio.gather(*sending)
    except (Error, OSError) as err:
        await network.async_close()
        raise NoRecords(str(err) or type(err).__name__) from err
    except BaseException:
        await network.async_close()
        raise
    shown = infos[0].name.removesuffix("." + TYPES[0])
    return Records(network, Announcement(f"{host}.local", shown, tuple(addresses)))


def _service(kind: str, name: str) -> "ServiceInfo":
    from zeroconf import ServiceInfo  # noqa: PLC0415 - see load()

    return ServiceInfo(kind, f"{name}.{kind}")


def _open(addresses: Sequence[Address]) -> "AsyncZeroconf":
    """Sockets on the interfaces of `addresses`; on IPv4 alone where IPv6 does not work."""
    from zeroconf import Error, IPVersion  # noqa: PLC0415 - see load()
    from zeroconf.asyncio import AsyncZeroconf  # noqa: PLC0415 - see load()

    v4: list[str | int] = [address.ip for address in addresses if not address.is_v6]
    v6: list[str | int] = sorted({address.interface for address in addresses if address.is_v6})
    both = IPVersion.All if v4 and v6 else IPVersion.V6Only if v6 else IPVersion.V4Only
    for interfaces, version in ((v4 + v6, both), (v4, IPVersion.V4Only)):
        try:
            return AsyncZeroconf(interfaces=interfaces, ip_version=version)
        except (OSError, RuntimeError, Error) as err:
            if not v6 or not v4 or version is IPVersion.V4Only:
                raise NoRecords(str(err)) from err
            _log.info("mDNS on IPv6 does not work here (%s), IPv4 alone then", err)
    raise NoRecords("no address")


async def _free(network: "AsyncZeroconf", names: Iterator[str], *asks: Callable[[str], "ServiceInfo"]) -> str:
    """The first of `names` that nobody answers to, whichever of `asks` is put to the network.

    zeroconf looks for rivals of service names only, and asks for an answer to the asker alone: of two programs on one
    machine the wrong one may get it. Answering under another's host name would be worse than a quarrel: Avahi on
    this very machine, whose name the household may share, would then rename the machine.
    """
    from zeroconf import DNSQuestionType  # noqa: PLC0415 - see load()

    for name in names:
        taken = await asyncio.gather(
            *(ask(name).async_request(network.zeroconf, _PROBE_MS, DNSQuestionType.QM) for ask in asks)
        )
        if not any(taken):
            return name
        _log.info("the name %r is taken on this network", name)
    raise NoRecords("every name is taken")
