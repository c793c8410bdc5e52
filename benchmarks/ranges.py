"""How fast and how cheaply files are sent, beside nginx and beside a bare loop on `sendfile`.

    python benchmarks/ranges.py [--rounds 15] [--size-mib 1024] [--drop] [--json]

Each round takes every figure of all servers right after one another, so that whatever else runs on the machine meets
all of them; the table holds medians, and the ratios are medians of the ratios within a round. All servers are one
process on the loopback address, on one core; the readers have another; the file lies in the page cache. CPU is the
server process' own time (user and system) per GiB sent. Throughput and seeks need a machine with nothing else to do.
With --drop the readers have the kernel throw away what arrives (MSG_TRUNC): then no reader is ever the limit, and the
figures of one reader swing two to one with how often it falls asleep.
nginx is left out, with a word, when it is not installed.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MIB = 1024 * 1024
ALL_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
NGINX_CONF = """
daemon off; master_process off; worker_processes 1; pid {place}/nginx.pid; error_log {place}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type application/octet-stream;
  open_file_cache max=16 inactive=20s; open_file_cache_valid 1s;
  client_body_temp_path {place}/a; proxy_temp_path {place}/b; fastcgi_temp_path {place}/c;
  uwsgi_temp_path {place}/d; scgi_temp_path {place}/e;
  server {{ listen 127.0.0.1:{port}; location / {{ root {root}; }} }}
}}
"""


class Server(NamedTuple):
    name: str
    port: int
    pid: int


class Figures(NamedTuple):
    one_mib_s: float
    one_cpu: float  # CPU seconds per GiB
    many_mib_s: float
    many_cpu: float
    seek_p50_ms: float
    seek_p99_ms: float


AIMS = {"one_mib_s": ("≥", 0.95), "many_mib_s": ("≥", 0.95), "one_cpu": ("≤", 1.15), "many_cpu": ("≤", 1.15)}


# --- the servers, each in a process of its own


def serve_ours(file: Path, port: int) -> None:
    from aiohttp import web  # noqa: PLC0415 - only the server's process

    from homemedia.core.http.errors import dress, edge  # noqa: PLC0415
    from homemedia.core.http.ranges import keep_open_files, send_file  # noqa: PLC0415

    async def handle(request: web.Request) -> web.StreamResponse:
        return await send_file(request, file, content_type="video/mp4")

    app = web.Application(middlewares=[edge])
    app.on_response_prepare.append(dress)
    app.cleanup_ctx.append(keep_open_files)
    app.router.add_get("/{name}", handle)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


def serve_bare(file: Path, port: int) -> None:
    """The least that Python can do: no HTTP library, one descriptor for ever, `loop.sendfile`."""
    opened = file.open("rb")

    class Bare(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            first, last = data.split(b"bytes=", 1)[1].split(b"\r\n", 1)[0].split(b"-")
            self.task = asyncio.ensure_future(self.send(int(first), int(last) - int(first) + 1))

        async def send(self, start: int, count: int) -> None:
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.write(b"HTTP/1.1 206 Partial Content\r\nContent-Length: %d\r\n\r\n" % count)
            with contextlib.suppress(ConnectionError, RuntimeError):
                await asyncio.get_running_loop().sendfile(self.transport, opened, start, count)

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(main())


def serve_fileresponse(file: Path, port: int) -> None:
    from aiohttp import web  # noqa: PLC0415 - only the server's process

    async def handle(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(file)

    app = web.Application()
    app.router.add_get("/{name}", handle)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


SERVERS = {"homemedia": serve_ours, "bare": serve_bare, "aiohttp": serve_fileresponse}


# --- the readers


class Reader(socket.socket):
    """One connection that asks for parts of the file and drops them."""

    flags = 0

    def __init__(self, port: int, name: str) -> None:
        super().__init__()
        self.connect(("127.0.0.1", port))
        self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.path = name
        self.left = 0

    def ask(self, start: int, count: int) -> None:
        head = f"GET /{self.path} HTTP/1.1\r\nHost: localhost\r\nRange: bytes={start}-{start + count - 1}\r\n\r\n"
        self.sendall(head.encode())
        raw = b""
        while b"\r\n\r\n" not in raw:
            # One byte too many would be body; peeking finds the end of the headers first.
            seen = self.recv(4096, socket.MSG_PEEK)
            end = seen.find(b"\r\n\r\n")
            raw += self.recv(end + 4 if end >= 0 else len(seen))
        if b" 206 " not in raw.split(b"\r\n", 1)[0]:
            raise RuntimeError(raw.decode())
        self.left = count

    def drop(self, buffer: bytearray) -> None:
        got = self.recv_into(buffer, min(self.left, len(buffer)), self.flags)
        if not got:
            raise RuntimeError("the server closed the connection")
        self.left -= got


def cpu_s(pid: int) -> float:
    """CPU time of all threads of a process, to the nanosecond where the kernel keeps it."""
    try:
        return (
            sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9
        )
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stream(server: Server, name: str, readers: int, each: int, size: int) -> tuple[float, float]:
    """MiB per second and CPU seconds per GiB with so many readers of `each` bytes at the same time."""
    buffer = bytearray(4 * MIB)
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        open_readers = [stack.enter_context(Reader(server.port, name)) for _ in range(readers)]
        began_cpu, began = cpu_s(server.pid), time.perf_counter()
        for index, reader in enumerate(open_readers):
            reader.ask((index * each) % (size - each + 1), each)
            selector.register(reader, selectors.EVENT_READ)
        busy = len(open_readers)
        while busy:
            for key, _ in selector.select():
                reader = key.fileobj  # type: ignore[assignment]
                reader.drop(buffer)
                if not reader.left:
                    selector.unregister(reader)
                    busy -= 1
        took, cpu = time.perf_counter() - began, cpu_s(server.pid) - began_cpu
    total = readers * each
    return total / MIB / took, cpu / (total / MIB / 1024)


def seeks(server: Server, name: str, count: int, size: int) -> tuple[float, float]:
    """p50 and p99 in ms from asking for 1 MiB anywhere to its last byte."""
    chance, buffer, times = random.Random(7), bytearray(MIB), []
    with Reader(server.port, name) as reader:
        for _ in range(count):
            began = time.perf_counter()
            reader.ask(chance.randrange(size - MIB), MIB)
            while reader.left:
                reader.drop(buffer)
            times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99)]


# --- the round


def pin(pid: int, core: int) -> None:
    """Servers on one core, the readers on another: else the figures say most about who met whom."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(os.getpid()) if pid == 0 else ALL_CORES)
        if len(cores) > 1:
            os.sched_setaffinity(pid, {cores[core]})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextlib.contextmanager
def started(name: str, file: Path, place: Path) -> Iterator[Server]:
    port = free_port()
    if name == "nginx":
        conf = place / "nginx.conf"
        conf.write_text(NGINX_CONF.format(place=place, port=port, root=file.parent))
        binary = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        command = [str(binary), "-c", str(conf), "-e", str(place / "error.log")]
    else:
        command = [sys.executable, __file__, "--serve", name, str(file), str(port)]
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(command, env=env)
    pin(process.pid, 0)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def one_round(servers: list[Server], name: str, size: int, seek_count: int) -> dict[str, Figures]:
    """Every figure of every server, each figure of all servers right after one another."""
    each = max(size // 16, 8 * MIB)
    one = {server.name: stream(server, name, 1, size, size) for server in servers}
    many = {server.name: stream(server, name, 64, each, size) for server in servers}
    seek = {server.name: seeks(server, name, seek_count, size) for server in servers}
    return {server.name: Figures(*one[server.name], *many[server.name], *seek[server.name]) for server in servers}


def run(rounds: int, size: int, seek_count: int) -> dict[str, list[Figures]]:
    names = ["homemedia", "bare", "aiohttp"]
    if shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin"):
        names.insert(1, "nginx")
    else:
        print("nginx is not installed: its row and the ratios to it are left out (Debian: apt-get install nginx-light)")
    found: dict[str, list[Figures]] = {name: [] for name in names}
    pin(0, 1)
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homemedia-ranges-")))
        place.chmod(0o755)
        file = place / "film.mp4"
        block = random.Random(1).randbytes(MIB)
        with file.open("wb") as out:
            for _ in range(size // MIB):
                out.write(block)
        servers = [stack.enter_context(started(name, file, place)) for name in names]
        for server in servers:  # what is only paid once
            seeks(server, file.name, 50, size)
            stream(server, file.name, 4, 64 * MIB, size)
        for number in range(rounds):
            turned = servers[number % len(servers) :] + servers[: number % len(servers)]
            for name, figures in one_round(turned, file.name, size, seek_count).items():
                found[name].append(figures)
    return found


def show(found: dict[str, list[Figures]]) -> None:
    print(f"{'':10}{'1 reader':>18}{'CPU':>8}{'64 readers':>18}{'CPU':>8}{'seek p50':>10}{'p99':>8}")
    print(f"{'':10}{'MiB/s':>18}{'s/GiB':>8}{'MiB/s':>18}{'s/GiB':>8}{'ms':>10}{'ms':>8}")
    for name, rows in found.items():
        m = Figures(*(statistics.median(column) for column in zip(*rows, strict=True)))
        print(
            f"{name:10}{m.one_mib_s:18.0f}{m.one_cpu:8.3f}{m.many_mib_s:18.0f}{m.many_cpu:8.3f}"
            f"{m.seek_p50_ms:10.2f}{m.seek_p99_ms:8.2f}"
        )
    for other in [name for name in found if name != "homemedia"]:
        ratios = Figures(
            *(
                statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
                for ours, theirs in zip(
                    zip(*found["homemedia"], strict=True), zip(*found[other], strict=True), strict=True
                )
            )
        )
        print(
            f"{'ratio to ' + other:19}{ratios.one_mib_s:9.2f}{ratios.one_cpu:8.2f}{ratios.many_mib_s:18.2f}"
            f"{ratios.many_cpu:8.2f}{ratios.seek_p50_ms:10.2f}{ratios.seek_p99_ms:8.2f}"
        )
        if other == "nginx":
            for field, (sign, aim) in AIMS.items():
                value = getattr(ratios, field)
                is_met = value >= aim if sign == "≥" else value <= aim
                print(f"  {field}: {value:.2f} (aim {sign} {aim}) {'met' if is_met else 'MISSED'}")
    p99 = statistics.median(row.seek_p99_ms for row in found["homemedia"])
    print(f"  seek p99: {p99:.2f} ms (aim ≤ 2) {'met' if p99 <= 2 else 'MISSED'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--size-mib", type=int, default=1024)
    parser.add_argument("--seeks", type=int, default=300)
    parser.add_argument("--drop", action="store_true", help="let the kernel throw away what the readers receive")
    parser.add_argument("--json", action="store_true", help="figures of every round, for another program")
    parser.add_argument("--serve", nargs=3, metavar=("NAME", "FILE", "PORT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        name, file, port = given.serve
        SERVERS[name](Path(file), int(port))
        return
    Reader.flags = socket.MSG_TRUNC if given.drop else 0
    found = run(given.rounds, given.size_mib * MIB, given.seeks)
    if given.json:
        print(json.dumps({name: [row._asdict() for row in rows] for name, rows in found.items()}))
    else:
        show(found)


if __name__ == "__main__":
    main()
