"""What this machine is called, and the addresses devices at home reach it at: for certificates and pages."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from homemedia.discovery.addresses import Found, reachable

# What routers and systems put behind a machine's own name.
HOME_ENDINGS = ("local", "lan", "home", "home.arpa", "internal", "fritz.box")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+", re.ASCII)
_LOCAL_V6 = ipaddress.ip_network("fc00::/7")


class Machine(NamedTuple):
    """Names in lower case, the one to be told first; addresses as text, IPv4 before IPv6."""

    hosts: tuple[str, ...]
    addresses: tuple[str, ...]


def machine(node: str, announced: str | None, found: Iterable[Found], listening: Sequence[str]) -> Machine:
    """The names and addresses of a machine, but for its bare name: no certificate can be for one.

    Public IPv6 addresses are left out: they change with every day, and nobody types them.

    Args:
        node: its name as the system says it.
        announced: the `.local` name that stands on the network; None while none does.
        found: its addresses as the system tells them.
        listening: what the server is bound to, as in `reachable`.
    """
    own = node.strip().rstrip(".").lower()
    label = own.partition(".")[0]
    addresses = [ipaddress.ip_address(entry.ip) for entry in reachable(found, listening)]
    if not addresses and announced is None:
        return Machine((), ())
    told = [announced.rstrip(".").lower()] if announced else []
    told += [f"{label}.local", own, *(f"{label}.{ending}" for ending in HOME_ENDINGS)]
    kept = [one for one in addresses if one.version == 4 or one in _LOCAL_V6]
    kept.sort(key=lambda one: (one.version, int(one)))
    return Machine(
        tuple(dict.fromkeys(host for host in told if _HOST.fullmatch(host) and "localhost" not in host)),
        tuple(str(one) for one in kept),
    )
