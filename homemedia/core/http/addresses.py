"""Which addresses of the net lie outside of the house. Pure.

The threat: whoever may name an address that the server fetches could otherwise let it knock at the router, at another
device of the house, or at a service on this very machine, which all trust what comes from inside.

Source: RFC 6890 and its registries, as `ipaddress` knows them; RFC 6052 (NAT64), 3056 (6to4), 4193, 6598.
"""

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# All of IPv6 that is given out for the public net; everything else is special in some way.
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Told apart by hand, since Python's registry differs from release to release.
NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "3fff::/20"),
    )
)


def is_outside(text: str, own: Iterable[Network] = ()) -> bool:
    """Whether an address is one of the public net, and of no device in the house.

    Args:
        text: as a resolver gives it, with or without a scope; anything else is refused.
        own: networks this machine is part of: with IPv6 every device of the house has a public address.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(_is_public(one) and not any(one in network for network in own) for one in _meant(address))


def _meant(address: Address) -> list[Address]:
    """The address with those it stands for: IPv4 inside of IPv6 in its many clothes."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    return [address]


def _is_public(address: Address) -> bool:
    if address.is_multicast or address.is_unspecified or address.is_reserved or not address.is_global:
        return False
    if any(address in network for network in NEVER if network.version == address.version):
        return False
    return isinstance(address, ipaddress.IPv4Address) or address in PUBLIC_V6
