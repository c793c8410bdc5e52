"""Starting the server for a person: one server a data folder, a free port, a page that opens, a clean end."""

import asyncio
import errno
import gc
import ipaddress
import logging
import os
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from aiohttp import web

from homemedia import __version__
from homemedia.app import Server
from homemedia.core.fs import DataLock
from homemedia.core.http.connections import Listener, raise_file_limit
from homemedia.core.lifecycle import Stack, stop_signals
from homemedia.core.log import Logging
from homemedia.core.places import Places
from homemedia.core.problems import StartRefused
from homemedia.schema import DamagedDatabase, migrate
from homemedia.settings import Settings

_log = logging.getLogger(__name__)
BACKLOG = 1024
SWITCH_S = 0.001
PORTS_TRIED = 50
# aiohttp waits this long for open requests at stop; films being streamed are cut then.
DRAIN_S = 2.0


def run(settings: Settings, places: Places, *, config_file: Path | None, opens_browser: bool) -> int:
    """Serve until told to stop.

    Raises:
        StartRefused: the data folder is in use, cannot be written, holds a damaged database, or the port is taken.
    """
    lock = prepare(places)
    if isinstance(lock, str):
        return _already_running(lock, opens_browser=opens_browser)
    try:
        sockets = bind(settings.server.host, settings.server.port)
        try:
            migrate(places.database, places.backup_dir)
        except DamagedDatabase as err:
            raise StartRefused(str(err)) from err
        except OSError as err:
            raise StartRefused(f"The data folder {places.data_dir} cannot be written: {err.strerror}.") from err
        logs = Logging(settings.server.log_level, places.log_dir)
        try:
            raise_file_limit()
            # A scan names files in a thread of its own: at Python's 5 ms the event loop would wait as long for each of
            # the dozen turns that a page takes.
            sys.setswitchinterval(SWITCH_S)
            status = asyncio.run(_serve(settings, places, sockets, lock, config_file, opens_browser=opens_browser))
        finally:
            logs.close()
            places.door.unlink(missing_ok=True)
    finally:
        lock.release()
    _leave_stuck_threads(status)
    return status


def _leave_stuck_threads(status: int) -> None:
    """End the process although a thread hangs in the kernel, as one that reads a dead network disk does.

    Python would wait for it for ever; everything of ours is closed by now.
    """
    stuck = [thread for thread in threading.enumerate() if thread is not threading.main_thread() and not thread.daemon]
    if stuck:
        sys.stderr.write(f"homemedia: left behind: {', '.join(thread.name for thread in stuck)}\n")
        sys.stderr.flush()
        os._exit(status)


def prepare(places: Places) -> DataLock | str:
    """Make the data folder and take its lock; the address of the server that holds it already, if one does."""
    try:
        places.make()
    except OSError as err:
        raise StartRefused(
            f"The data folder {places.data_dir} cannot be used: {err.strerror}. Choose another with --data-dir."
        ) from err
    lock = DataLock(places.lock)
    holder = lock.acquire()
    if holder is None:
        return lock
    if not holder.url:
        raise StartRefused(f"Another HomeMedia (process {holder.pid}) is using the data folder {places.data_dir}.")
    return holder.url


def _already_running(url: str, *, opens_browser: bool) -> int:
    if not opens_browser:
        raise StartRefused(f"HomeMedia is already running for this data folder, at {url}")
    print(f"HomeMedia is already running: {url}")  # noqa: T201 - said to the person who started it
    webbrowser.open(url)
    return 0


def bind(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen on `host` (empty: every interface, IPv4 and IPv6) and `port`.

    Raises:
        StartRefused: the port is taken (names the next free one), not allowed, or the host is not ours.
    """
    try:
        return _bind(host, port)
    except OSError as err:
        if err.errno == errno.EADDRINUSE:
            free = next(
                (other for other in range(port + 1, min(port + PORTS_TRIED, 65535)) if _is_free(host, other)), None
            )
            offer = f" The next free one is {free}: homemedia serve --port {free}" if free else ""
            raise StartRefused(f"Port {port} is taken by another program.{offer}") from err
        if err.errno in (errno.EACCES, errno.EPERM):
            raise StartRefused(f"This user may not listen on port {port}. Ports from 1024 on are free to use.") from err
        raise StartRefused(f"Cannot listen on {host or 'any interface'}, port {port}: {err.strerror or err}.") from err


def _bind(host: str, port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for family, address in _addresses(host):
            listener = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(listener)
            if sys.platform != "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((address, port))
            # Port 0 means any: the second family takes what the first was given.
            port = port or listener.getsockname()[1]
            listener.listen(BACKLOG)
            listener.setblocking(False)
    except OSError:
        for listener in sockets:
            listener.close()
        raise
    return sockets


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    if host:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        except socket.gaierror as err:
            raise StartRefused(f"{host} is not an address of this machine: {err.strerror}.") from err
        return list({(entry[0], str(entry[4][0])): None for entry in found})
    every: list[tuple[socket.AddressFamily, str]] = [(socket.AF_INET, "0.0.0.0")]  # noqa: S104 - the LAN is the point
    if socket.has_ipv6 and _has_ipv6():
        every.append((socket.AF_INET6, "::"))
    return every


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _is_free(host: str, port: int) -> bool:
    try:
        sockets = _bind(host, port)
    except OSError:
        return False
    for listener in sockets:
        listener.close()
    return True


def addresses_for_people(sockets: list[socket.socket]) -> list[str]:
    """Addresses to type into a browser: this machine's first, then those in the LAN."""
    port = sockets[0].getsockname()[1]
    bound = {ipaddress.ip_address(listener.getsockname()[0].split("%")[0]) for listener in sockets}
    if any(address.is_unspecified for address in bound):
        lan = _lan_address()
        return [f"http://localhost:{port}", *([f"http://{lan}:{port}"] if lan else [])]
    return [f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}" for address in bound]


def door_url(sockets: list[socket.socket]) -> str:
    """Where programs of this machine reach us."""
    host, port = sockets[0].getsockname()[:2]
    address = ipaddress.ip_address(host.split("%")[0])
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}"


def _lan_address() -> str | None:
    # Connecting a datagram socket sends nothing; it only asks the routing table which address would be ours.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if found.startswith("127.") else found


async def _serve(
    settings: Settings,
    places: Places,
    sockets: list[socket.socket],
    lock: DataLock,
    config_file: Path | None,
    *,
    opens_browser: bool,
) -> int:
    started = time.monotonic()
    stack = Stack()
    async with stop_signals() as stop:
        try:
            server = await stack.enter("server", Server(settings, places))
            urls = addresses_for_people(sockets)
            runner = web.AppRunner(server.http, access_log=None, handle_signals=False, shutdown_timeout=DRAIN_S)
            await runner.setup()
            stack.push("http", runner.cleanup, stop_s=DRAIN_S + 2)
            for listener in sockets:
                await Listener(runner, listener).start()
            await server.serve_https(stack, runner, sockets, bind)
            lock.note(urls[0])
            _log.info(
                "HomeMedia %s answers at %s (%.2f s)", __version__, " and ".join(urls), time.monotonic() - started
            )
            if config_file is not None:
                _log.info("settings from %s", config_file)
            if not server.is_claimed:
                _log.info(
                    "open the page to set up the household; from outside the LAN the code is %s", server.setup_code
                )
            await server.announce(stack, sockets, urls)
            server.desktop.door.open(places.door, url=door_url(sockets), page=urls[0])
            # Switched off by the command line. What stands by now stays to the end: no collection looks through it.
            gc.freeze()
            gc.enable()
            if opens_browser and not server.is_claimed:
                _open(urls[0])
            await stop.wait()
            _log.info("stopping")
        finally:
            # A second signal does not shorten it, so that nothing is left half written.
            await stack.close()
    return 0


def _open(url: str) -> None:
    if not webbrowser.open(url):
        _log.info("no browser could be opened; the page is %s", url)
