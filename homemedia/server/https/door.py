"""The second listener: HTTPS on a port of its own, beside plain HTTP, while it is wanted and can be had.

Nothing here keeps the server from answering plainly: a port that is taken or a certificate that cannot be made is a
sentence on the administrator's page and is tried again. Only files that the settings name and that cannot be used end
a start: whoever wrote them down wants to know at once.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Self

import msgspec
from aiohttp import web

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.connections import Listener
from homemedia.core.problems import AppError, Conflict, NotFound, StartRefused
from homemedia.core.threads import Lane
from homemedia.server.https import store
from homemedia.server.https.authority import Facts, Names, as_der, facts_of
from homemedia.server.https.certificates import DAY_MS, RENEWED_BEFORE_MS, CertificateError, Made, fresh_context, load

_log = logging.getLogger(__name__)
LOOK_EVERY_S = 60.0
# The name on the network is settled a few seconds after the start.
FIRST_LOOK_S = 6.0
WARNED_BEFORE_MS = 14 * DAY_MS
Bind = Callable[[str, int], list[socket.socket]]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How HTTPS stands.

    Attributes:
        is_wanted: switched on, or given by the settings.
        is_fixed: the settings name files: nothing can be switched here.
        port: where it answers; None while it does not.
        problem: why it does not, or why its certificate is an old one; a sentence.
        certificate: what devices are shown; None when there is none.
        authority: who signed it, where that was us.
        uncovered: names and addresses of this machine that the certificate made here is not for.
        urls: where devices find it, the best first.
    """

    is_wanted: bool
    is_fixed: bool
    port: int | None
    problem: str | None
    certificate: Facts | None
    authority: Facts | None
    uncovered: Names
    urls: tuple[str, ...]


class Https:
    """Serves HTTPS; an async context manager. From `attach` to `detach` it listens.

    Args:
        db: holds the switch.
        folder: where keys are kept.
        certificate: a file of the household's own; "" for the one made here.
        key: its key.
        port: where to listen; 0 takes any that is free.
        host: the interface, as for plain HTTP.
        names: answers the names and addresses of this machine; may block.
        house: answers what the household is called.
        clock: the time.
    """

    def __init__(  # noqa: PLR0913 - what a certificate is made from
        self,
        db: Database,
        folder: Path,
        *,
        certificate: str,
        key: str,
        port: int,
        host: str,
        names: Callable[[], Names],
        house: Callable[[], str],
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._made = Made(folder)
        self._own = (Path(certificate), Path(key)) if certificate else None
        self._wanted_port = port
        self._host = host
        self._names = names
        self._house = house
        self._clock = clock or Clock()
        self._lane = Lane("https", 1)
        self._lock = asyncio.Lock()
        self._attached: tuple[web.BaseRunner, Bind] | None = None
        self._context: ssl.SSLContext | None = None
        self._loaded: tuple[object, ...] = ()
        self._facts: tuple[Facts | None, Facts | None] = (None, None)
        self._listeners: list[Listener] = []
        self._port: int | None = None
        self._is_on = self._own is not None
        self._problem: str | None = None
        self._said = ""
        self._looker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._own is None:
            self._is_on = await store.is_on(self._db.read)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    @property
    def port(self) -> int | None:
        """Where HTTPS answers now."""
        return self._port

    @property
    def is_made_here(self) -> bool:
        """Whether devices must install our authority before they trust what they are shown."""
        return self._own is None

    async def attach(self, runner: web.BaseRunner, bind: Bind) -> None:
        """Listen from now on, where that is wanted.

        Raises:
            StartRefused: the settings name files that cannot be used, or their port is taken.
        """
        self._attached = runner, bind
        async with self._lock:
            try:
                await self._stand()
            except (CertificateError, AppError, StartRefused) as err:
                if self._own is not None:
                    raise StartRefused(f"HTTPS cannot be served: {err}") from err
                self._complain(str(err))
        self._looker = asyncio.create_task(self._keep_looking(), name="https")

    async def detach(self) -> None:
        """Listen no more; before the runner ends."""
        if self._looker is not None:
            self._looker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looker
            self._looker = None
        async with self._lock:
            self._attached = None
            await self._close()

    async def switch(self, *, is_on: bool, by: Member) -> Status:
        """Serve HTTPS with a certificate made here, or serve it no more.

        Raises:
            Conflict: `https_fixed`: the settings name files.
            Unavailable: `wrong_clock`, `https_not_kept`.
        """
        if self._own is not None:
            raise Conflict("HTTPS is set up in the settings file and cannot be changed here.", code="https_fixed")
        async with self._lock:
            if is_on:
                # Before it is written down: what cannot be had is not switched on.
                await self._certify()
            async with self._db.write(durable=True) as tx:
                await store.switch(tx, is_on=is_on, now=self._clock.now_ms(), user_id=by.user_id)
            self._is_on = is_on
            await self._try_to_stand()
        return await self.status()

    async def renew_authority(self) -> Status:
        """Make a new authority: every device has to install it again.

        Raises:
            Conflict: `https_fixed`, `https_off`.
            Unavailable: as at `switch`.
        """
        if self._own is not None:
            raise Conflict("HTTPS is set up in the settings file and cannot be changed here.", code="https_fixed")
        if not self._is_on:
            raise Conflict("HTTPS is switched off.", code="https_off")
        async with self._lock:
            names = await self._lane.run(self._names)
            await self._lane.run(self._made.renew_authority, self._house(), names, now=self._clock.now_ms())
            await self._try_to_stand()
        return await self.status()

    async def status(self) -> Status:
        """How it stands, with what this machine is called now."""
        names = await self._lane.run(self._names)
        certificate, authority = self._facts
        told = certificate.names if certificate is not None else Names((), ())
        uncovered = Names(
            tuple(host for host in names.hosts[:1] if not _is_for(host, told.hosts)),
            tuple(address for address in names.addresses if address not in told.addresses),
        )
        return Status(
            is_wanted=self._is_on,
            is_fixed=self._own is not None,
            port=self._port,
            problem=self._problem or self._ending(),
            certificate=certificate,
            authority=authority,
            uncovered=uncovered if certificate is not None and self._own is None else Names((), ()),
            urls=self._urls(names, told),
        )

    def brief(self) -> tuple[int | None, Facts | None]:
        """Where HTTPS answers, and the authority that devices have to install for it, if there is one."""
        return self._port, self._facts[1]

    async def authority(self) -> bytes:
        """The authority's certificate, as devices install it.

        Raises:
            NotFound: `no_authority`.
        """
        found = await self._lane.run(self._made.authority) if self._own is None and self._is_on else None
        if found is None:
            raise NotFound("This server has made no certificate of its own.", code="no_authority")
        return await self._lane.run(as_der, found)

    async def look(self) -> None:
        """Have what is wanted: after a change of names, of files, or when something did not work before."""
        async with self._lock:
            await self._try_to_stand()

    async def _keep_looking(self) -> None:
        wait_s = FIRST_LOOK_S
        while True:
            await asyncio.sleep(wait_s)
            wait_s = LOOK_EVERY_S
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - the edge of the loop: what stands goes on
                _log.exception("looking after HTTPS failed")

    async def _try_to_stand(self) -> None:
        try:
            await self._stand()
        except (CertificateError, AppError, StartRefused) as err:
            self._complain(str(err))
        else:
            self._problem = None
            self._said = ""

    async def _stand(self) -> None:
        if not self._is_on:
            await self._close()
            return
        certificate, key = await self._certify()
        await self._present(certificate, key)
        if self._attached is not None and not self._listeners:
            await self._open(*self._attached)

    async def _certify(self) -> tuple[Path, Path]:
        """The files to present; ours are made where they are missing or near their end."""
        if self._own is not None:
            return self._own
        names = await self._lane.run(self._names)
        if await self._lane.run(self._made.keep, self._house(), names, now=self._clock.now_ms()):
            _log.info("a certificate was made for this machine's names")
        return self._made.certificate, self._made.key

    async def _present(self, certificate: Path, key: Path) -> None:
        stamp = await self._lane.run(_stamp, certificate, key)
        if self._context is None:
            context = fresh_context()
            await self._lane.run(load, context, certificate, key)
            self._context = context
        elif stamp != self._loaded:
            # Connections that stand keep what they were shown.
            await self._lane.run(load, self._context, certificate, key)
            _log.info("HTTPS goes on with a new certificate")
        if stamp != self._loaded:
            self._facts = await self._lane.run(self._read_facts, certificate)
        self._loaded = stamp

    def _read_facts(self, certificate: Path) -> tuple[Facts | None, Facts | None]:
        authority = self._made.authority() if self._own is None else None
        try:
            return facts_of(certificate.read_bytes()), None if authority is None else facts_of(authority)
        except (OSError, ValueError):
            # OpenSSL takes forms that this reader does not; nothing can be told of them then.
            return None, None

    async def _open(self, runner: web.BaseRunner, bind: Bind) -> None:
        try:
            sockets = bind(self._host, self._wanted_port)
        except StartRefused as err:
            # What follows the first sentence is about plain HTTP.
            reason = str(err).partition(". ")[0].rstrip(".")
            raise StartRefused(f"{reason}. The setting server.tls_port names another one.") from err
        listeners = [Listener(runner, one, ssl_context=self._context) for one in sockets]
        for listener in listeners:
            await listener.start()
        self._listeners = listeners
        self._port = int(sockets[0].getsockname()[1])
        _log.info("HTTPS answers on port %d", self._port)

    async def _close(self) -> None:
        listeners, self._listeners, self._port = self._listeners, [], None
        self._context, self._loaded, self._facts = None, (), (None, None)
        for listener in listeners:
            await listener.stop()

    def _complain(self, text: str) -> None:
        self._problem = text
        if text != self._said:
            _log.warning("HTTPS: %s", text)
        self._said = text

    def _urls(self, names: Names, told: Names) -> tuple[str, ...]:
        if self._port is None:
            return ()
        if self._own is not None:
            hosts: list[str] = [host for host in told.hosts if not host.startswith("*")]
        else:
            hosts = [host for host in names.hosts[:1] if host in told.hosts]
            hosts += [f"[{one}]" if ":" in one else one for one in names.addresses if one in told.addresses]
        return tuple(f"https://{host}:{self._port}" for host in hosts)

    def _ending(self) -> str | None:
        certificate, authority = self._facts
        now = self._clock.now_ms()
        if certificate is not None and certificate.ends_at <= now:
            return "The certificate has ended. Devices take it no more."
        if certificate is not None and self._own is not None and certificate.ends_at - now < WARNED_BEFORE_MS:
            return "The certificate ends within two weeks. Put a newer one in its place."
        if authority is not None and authority.ends_at - now < RENEWED_BEFORE_MS:
            return "What devices have installed ends within two months. Make a new one, and install it on them."
        return None


def _stamp(*files: Path) -> tuple[object, ...]:
    """Changes when one of the files does."""
    found: list[object] = []
    for file in files:
        try:
            told = file.stat()
        except OSError:
            found.append(None)
        else:
            found.append((told.st_mtime_ns, told.st_size, told.st_ino))
    return tuple(found)


def _is_for(host: str, told: tuple[str, ...]) -> bool:
    """Whether a certificate with these names is for a host; "*.x" is for one label below x."""
    return host in told or f"*.{host.partition('.')[2]}" in told
