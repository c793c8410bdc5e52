"""Keeps the household's server known on the network while it runs, whatever the network does meanwhile.

Never the reason for anything to fail: what goes wrong is said once in the log and tried again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol, Self

from homemedia.core.threads import Lane
from homemedia.discovery import mdns
from homemedia.discovery.addresses import Address, Found, of_this_machine, reachable
from homemedia.discovery.mdns import Announcement, NoRecords, Records
from homemedia.discovery.names import host_label, numbered, service_label, text_record

_log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 10.0


class Publish(Protocol):
    """`mdns.publish`, or what a test puts in its place."""

    async def __call__(
        self,
        *,
        hosts: Iterator[str],
        services: Iterator[str],
        port: int,
        text: dict[str, str],
        addresses: Sequence[Address],
    ) -> Records: ...


class _Wanted(NamedTuple):
    """What the records are made from; another value means other records."""

    name: str
    addresses: tuple[Address, ...]


class Announcer:
    """Announces `_homemedia._tcp` and `_http._tcp` under a `.local` name; an async context manager.

    Entering returns at once: zeroconf is loaded and the names are claimed afterwards (about three seconds).

    Args:
        name: the household's name.
        server_id: the machine's id (TXT `id`).
        version: the program's version (TXT `v`).
        port: where the server answers.
        listening: addresses the server is bound to; `""` for all. With loopback alone nothing is ever announced.
        public_key: the server's identity key (TXT `pk`), when there is one.
        with_loopback: announce on loopback too; for tests.
        look_every_s: seconds between looks at the machine's addresses, and between tries.
    """

    def __init__(  # noqa: PLR0913 - what the records say, and two seams
        self,
        *,
        name: str,
        server_id: str,
        version: str,
        port: int,
        listening: Sequence[str] = ("",),
        public_key: str | None = None,
        with_loopback: bool = False,
        look_every_s: float = LOOK_EVERY_S,
        addresses: Callable[[], list[Found]] = of_this_machine,
        publish: Publish = mdns.publish,
    ) -> None:
        self._name = name
        self._server_id = server_id
        self._version = version
        self._port = port
        self._listening = tuple(listening)
        self._public_key = public_key
        self._with_loopback = with_loopback
        self._look_every_s = look_every_s
        self._addresses = addresses
        self._publish = publish
        self._lane = Lane("discovery", 1)
        self._look = asyncio.Event()
        self._settled = asyncio.Condition()
        self._records: Records | None = None
        self._shown: _Wanted | None = None
        self._trouble = ""
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="discovery")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._withdraw()
        await self._lane.close(limit_s=0.5)

    @property
    def announcement(self) -> Announcement | None:
        """What stands on the network now; None while nothing does."""
        return self._records.announcement if self._records else None

    def rename(self, name: str) -> None:
        """The household has another name."""
        self._name = name
        self._look.set()

    def look_again(self) -> None:
        """Look at the addresses now and not only at the next turn."""
        self._look.set()

    async def settled(self, is_it: Callable[[Announcement | None], bool]) -> Announcement | None:
        """Wait until what stands on the network satisfies `is_it`, and return it."""
        async with self._settled:
            await self._settled.wait_for(lambda: is_it(self.announcement))
            return self.announcement

    async def _run(self) -> None:
        while True:
            self._look.clear()
            try:
                await self._keep_up()
                self._recovered()
            except NoRecords as err:
                self._complain(f"the server cannot be announced on the network: {err}")
            except Exception:  # noqa: BLE001 - the edge of the loop: devices then find the server by its address only
                if not self._trouble:
                    _log.exception("announcing the server failed")
                self._trouble = "failed"
            async with self._settled:
                self._settled.notify_all()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._look_every_s):
                    await self._look.wait()

    async def _keep_up(self) -> None:
        """Have on the network what is true now: nothing is sent while nothing has changed."""
        found = await self._lane.run(self._addresses)
        wanted = _Wanted(self._name, tuple(reachable(found, self._listening, with_loopback=self._with_loopback)))
        if wanted == self._shown:
            return
        # Records are made anew rather than changed in place: sockets belong to addresses, and a claim to a new name
        # must begin with an empty memory of the old one.
        await self._withdraw()
        if wanted.addresses:
            await self._lane.run(mdns.load)
            self._records = await self._publish(
                hosts=numbered(host_label(wanted.name)),
                services=numbered(service_label(wanted.name)),
                port=self._port,
                text=text_record(
                    server_id=self._server_id, name=wanted.name, version=self._version, public_key=self._public_key
                ),
                addresses=wanted.addresses,
            )
            shown = self._records.announcement
            _log.info("announced as %r at http://%s:%d", shown.service, shown.host, self._port)
        self._shown = wanted

    async def _withdraw(self) -> None:
        self._shown = None
        if self._records is not None:
            await self._records.withdraw()
            self._records = None

    def _complain(self, text: str) -> None:
        if text != self._trouble:
            _log.warning("%s; trying again every %.0f s", text, self._look_every_s)
        self._trouble = text

    def _recovered(self) -> None:
        if self._trouble:
            _log.info("the server is announced on the network again")
        self._trouble = ""
