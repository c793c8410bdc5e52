"""This server in the network: how it is announced, called and reached."""

import platform
import socket
from collections.abc import Sequence

from homemedia import __version__
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.core.lifecycle import Stack
from homemedia.discovery import Announcer
from homemedia.discovery.addresses import of_this_machine
from homemedia.discovery.machine import machine
from homemedia.server.https.authority import Names


class Network:
    """How others find this server.

    Attributes:
        plain_port: where plain HTTP is spoken, while HTTPS is too.
    """

    def __init__(self, base: Base, entrance: Entrance) -> None:
        self._base = base
        self._entrance = entrance
        self.plain_port: int | None = None
        self._announcer: Announcer | None = None
        self._urls: list[str] = []
        self._port = 0

    async def announce(self, stack: Stack, sockets: Sequence[socket.socket], urls: Sequence[str]) -> None:
        """Tell the network where we are, unless told not to; `urls` are the addresses that are known to work."""
        self._urls = [url for url in urls if not url.startswith("http://localhost")]
        if not self._base.settings.server.announce:
            return
        household = await self._entrance.household.read()
        bound = [listener.getsockname() for listener in sockets]
        self._port = int(bound[0][1])
        self._announcer = await stack.enter(
            "discovery",
            Announcer(
                name=household.name,
                server_id=household.machine_id,
                version=__version__,
                port=self._port,
                listening=[str(name[0]) for name in bound],
                public_key=self._entrance.keys.identity.public_text,
            ),
        )

    def rename(self, name: str) -> None:
        """The household is called otherwise."""
        if self._announcer is not None:
            self._announcer.rename(name)

    def names(self) -> Names:
        """What this machine is called; asks the system."""
        shown = self._announcer.announcement if self._announcer else None
        listening = [self._base.settings.server.host]
        return Names(*machine(platform.node(), shown.host if shown else None, of_this_machine(), listening))

    def addresses(self) -> list[str]:
        """What to type on another device, the name before the number."""
        shown = self._announcer.announcement if self._announcer else None
        return [*([f"http://{shown.host.rstrip('.')}:{self._port}"] if shown else []), *self._urls]
