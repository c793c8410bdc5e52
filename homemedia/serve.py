"""Starting the server for a person: one server a data folder, a free port, a page that opens, a clean end."""

import asyncio
import errno
import gc
import ipaddress
import logging
import os
import signal
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import msgspec
from aiohttp import web

from homemedia import __version__
from homemedia.app import Server
from homemedia.core.fs import DataLock
from homemedia.core.http.connections import Listener, raise_file_limit
from homemedia.core.lifecycle import Stack, stop_signals
from homemedia.core.log import Logging
from homemedia.core.places import Places
from homemedia.core.problems import StartRefused
from homemedia.desktop.again import start_again
from homemedia.desktop.already import household_at
from homemedia.desktop.keeper import Tray
from homemedia.schema import DamagedDatabase, migrate
from homemedia.server.desktop.door import Door, Ending
from homemedia.settings import Settings

_log = logging.getLogger(__name__)
BACKLOG = 1024
SWITCH_S = 0.001
PORTS_TRIED = 50
# aiohttp waits this long for open requests at stop; films being streamed are cut then.
DRAIN_S = 2.0
TRAY_STOP_S = 6.0


# What `_serve` answers when it shall begin anew.
RESTART = -1
# Somebody who clicks twice starts the second while the first is not open yet.
PATIENCE_S, LOOK_EVERY_S = 20.0, 0.1


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How it was started: `start` is what a person does, and does not mind that it runs already."""

    is_start: bool = False
    opens_browser: bool = False
    shows_tray: bool = False


class PortTaken(StartRefused):
    """Another program listens there."""


def run(settings: Settings, places: Places, *, config_file: Path | None, way: Way) -> int:
    """Serve until told to stop.

    Raises:
        StartRefused: the data folder is in use, cannot be written, holds a damaged database, or the port is taken.
    """
    if sys.platform != "win32":
        # Means "begin anew" (`_serve`). Unheard it would end us, in the middle of a migration perhaps.
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    lock = prepare(places, patience_s=PATIENCE_S if way.is_start else 0.0)
    if isinstance(lock, str):
        return _already_running(f"HomeMedia is already running: {lock}", lock, way)
    try:
        try:
            sockets = bind(settings.server.host, settings.server.port)
        except PortTaken as err:
            return _taken(settings, err, way)
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
            status = asyncio.run(_serve(settings, places, sockets, lock, config_file, way))
        finally:
            logs.close()
            places.door.unlink(missing_ok=True)
    finally:
        lock.release()
    if status == RESTART:
        start_again()
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


def prepare(places: Places, *, patience_s: float = 0.0) -> DataLock | str:
    """Make the data folder and take its lock; the address of the server that holds it already, if one does.

    `patience_s`: how long one that has not opened its address yet is waited for.
    """
    try:
        places.make()
    except OSError as err:
        raise StartRefused(
            f"The data folder {places.data_dir} cannot be used: {err.strerror}. Choose another with --data-dir."
        ) from err
    until = time.monotonic() + patience_s
    while True:
        lock = DataLock(places.lock)
        holder = lock.acquire()
        if holder is None:
            return lock
        if holder.url:
            return holder.url
        if time.monotonic() >= until:
            raise StartRefused(f"Another HomeMedia (process {holder.pid}) is using the data folder {places.data_dir}.")
        time.sleep(LOOK_EVERY_S)


def _taken(settings: Settings, refused: PortTaken, way: Way) -> int:
    """The port is held by another program: perhaps by a HomeMedia, as the system's service is."""
    server = settings.server
    host = f"[{server.host}]" if ":" in server.host else server.host or "127.0.0.1"
    url = f"http://{host}:{server.port}"
    name = household_at(url)
    if name is None:
        raise refused
    page = url if server.host else f"http://localhost:{server.port}"
    return _already_running(f"HomeMedia ({name}) is already running on this machine: {page}", page, way)


def _already_running(words: str, url: str, way: Way) -> int:
    if not way.is_start:
        raise StartRefused(words)
    sys.stdout.write(f"{words}\n")
    if way.opens_browser:
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
            raise PortTaken(f"Port {port} is taken by another program.{offer}") from err
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
    way: Way,
) -> int:
    started = time.monotonic()
    stack, anew = Stack(), asyncio.Event()
    async with stop_signals() as stop:

        def end(ending: Ending) -> None:
            _log.info("asked to %s", ending)
            (anew if ending == "restart" else stop).set()

        if sys.platform != "win32":
            # A package that puts a newer program in the place of ours says so: what is loaded from now on would be read
            # from that one.
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, end, "restart")
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
            _open_door(server.desktop.door, places, sockets, urls[0], end)
            if way.shows_tray:
                tray = await stack.enter(
                    "tray", Tray(places.data_dir, urls[0], config_file=config_file), stop_s=TRAY_STOP_S
                )
                # What a person started on a desktop ends with it, also where the desktop does not say so.
                tray.on_session_over = stop.set
            # Switched off by the command line. What stands by now stays to the end: no collection looks through it.
            gc.freeze()
            gc.enable()
            if way.opens_browser and not server.is_claimed:
                _open(urls[0])
            await _either(stop, anew)
            _log.info("stopping")
        finally:
            # A second signal does not shorten it, so that nothing is left half written.
            await stack.close()
        # Who says "end" while we close to begin anew means it: systemd says it once, and kills who goes on.
        return RESTART if anew.is_set() and not stop.is_set() else 0


async def _either(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


def _open_door(
    door: Door, places: Places, sockets: list[socket.socket], page: str, end: Callable[[Ending], None]
) -> None:
    door.on_end = end
    try:
        door.open(places.door, url=door_url(sockets), page=page)
    except OSError as err:
        _log.warning("the icon beside the clock cannot be told where to ask: %s", err.strerror)


def _open(url: str) -> None:
    if not webbrowser.open(url):
        _log.info("no browser could be opened; the page is %s", url)
