"""Which addresses the household's devices can reach us at."""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

# Bridges to containers and virtual machines: nobody in the house can reach what lies behind them.
_VIRTUAL: Final = ("docker", "br-", "veth", "virbr", "vboxnet", "vmnet", "cni", "podman", "lxcbr", "lxdbr", "vEthernet")


class Address(NamedTuple):
    """One address of this machine, with the number of its interface."""

    ip: str
    interface: int

    @property
    def is_v6(self) -> bool:
        return ":" in self.ip


class Found(NamedTuple):
    """One address as the system tells it."""

    interface: str
    number: int
    ip: str


def reachable(found: Iterable[Found], listening: Sequence[str], *, with_loopback: bool = False) -> list[Address]:
    """The addresses to announce, in a fixed order; empty when only this machine can reach us.

    Args:
        found: all addresses of this machine.
        listening: what the server is bound to: addresses, `0.0.0.0` for all of IPv4, `::` of IPv6, `""` for both.
        with_loopback: tests announce to themselves.
    """
    kept = set()
    for interface, number, ip in found:
        address = ipaddress.ip_address(ip)
        if address.is_loopback:
            if not with_loopback:
                continue
        elif address.is_link_local and address.version == 6:
            continue  # useless to most clients without the name of the interface; there is an IPv4 address beside it
        elif interface.startswith(_VIRTUAL):
            continue
        if any(_covers(host, address) for host in listening):
            kept.add(Address(ip, number))
    return sorted(kept)


def _covers(host: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if not host:
        return True
    try:
        bound = ipaddress.ip_address(host)
    except ValueError:
        return host != "localhost"
    return bound == address or (bound.is_unspecified and bound.version == address.version)


def of_this_machine() -> list[Found]:
    """Ask the system. Blocks for a moment; zeroconf brings `ifaddr` along."""
    import ifaddr  # noqa: PLC0415 - only where something is announced

    found = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            ip = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            found.append(Found(adapter.nice_name, adapter.index or 0, ip))
    return found
