"""Uploads beside a bare loop that hashes, writes and syncs; duplicates; many small files; memory under a large one.

python -m benchmarks uploads
"""

import hashlib
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.house import Remote, a_server
from benchmarks.table import Row, markdown

ROUNDS = 5
LARGE = 256 << 20
WHOLE = 1 << 30
MEDIUM = 12 << 20
SMALL = 20_000
SMALL_FILES = 1_000
AT_ONCE = 4
MIB = 1 << 20
HEAD = (
    b'--b\r\nContent-Disposition: form-data; name="fileCreatedAt"\r\n\r\n2024-03-05T10:00:00Z\r\n'
    b'--b\r\nContent-Disposition: form-data; name="assetData"; filename="%s"\r\n\r\n'
)
TAIL = b"\r\n--b--\r\n"


def content(size: int) -> Iterator[bytes]:
    """Bytes that nobody sent before, in pieces; made beforehand but for the first 16."""
    yield os.urandom(16)
    size -= 16
    while size > 0:
        yield NOISE[:size]
        size -= len(NOISE)


NOISE = os.urandom(MIB)


def send(remote: Remote, size: int, name: str, *, checksum: str = "") -> tuple[int, str]:
    """Upload new bytes; the status, and the SHA-1 of what was sent."""
    host, port = remote.url.removeprefix("http://").split(":")
    head = HEAD % name.encode()
    lines = [
        "POST /api/assets HTTP/1.1",
        f"Host: {host}",
        f"Authorization: Bearer {remote.token}",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {len(head) + size + len(TAIL)}",
        "Connection: close",
        *([f"x-immich-checksum: {checksum}"] if checksum else []),
    ]
    digest = hashlib.sha1(usedforsecurity=False)
    with socket.create_connection((host, int(port))) as sock:
        sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + head)
        if not checksum:
            for piece in content(size):
                sock.sendall(piece)
                if size <= MEDIUM:
                    digest.update(piece)
            sock.sendall(TAIL)
        status = int(sock.recv(4096).split(b" ", 2)[1])
    return status, digest.hexdigest()


def bare(folder: Path, size: int, kind: str = "sha1") -> float:
    """Seconds of a loop that takes bytes from a socket, hashes, writes and syncs them."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            connection, _ = listener.accept()
            digest, buffer = hashlib.new(kind, usedforsecurity=False), memoryview(bytearray(MIB))
            with connection, (folder / "bare").open("wb", buffering=0) as file:
                while count := connection.recv_into(buffer):
                    digest.update(buffer[:count])
                    file.write(buffer[:count])
                os.fsync(file.fileno())
                connection.sendall(b"x")

        taking = threading.Thread(target=take)
        taking.start()
        started = time.perf_counter()
        with socket.create_connection(listener.getsockname()) as sock:
            for piece in content(size):
                sock.sendall(piece)
            sock.shutdown(socket.SHUT_WR)
            sock.recv(1)
        seconds = time.perf_counter() - started
        taking.join()
    (folder / "bare").unlink()
    return seconds


def timed(remote: Remote, size: int, name: str, *, checksum: str = "") -> tuple[float, str]:
    started = time.perf_counter()
    status, digest = send(remote, size, name, checksum=checksum)
    seconds = time.perf_counter() - started
    assert status in {200, 201}, status
    return seconds, digest


def large(remote: Remote, folder: Path) -> Row:
    timed(remote, MEDIUM, "warm.mov")
    ours, theirs = [], []
    for number in range(ROUNDS):
        theirs.append(bare(folder, LARGE))
        ours.append(timed(remote, LARGE, f"large-{number}.mov")[0])
    ratio = statistics.median(theirs) / statistics.median(ours)
    figure = f"{LARGE / statistics.median(ours) / 1e6:.0f} MB/s, bare {LARGE / statistics.median(theirs) / 1e6:.0f}"
    return Row("upload of a large file", f"{figure}: {ratio:.2f}", "≥ 0.80 of bare", ratio >= 0.8)


def duplicates(remote: Remote) -> Row:
    sent = [timed(remote, MEDIUM, f"d{number}.mov") for number in range(ROUNDS)]
    again = [timed(remote, MEDIUM, "d.mov", checksum=digest)[0] for _, digest in sent]
    times = statistics.median(seconds for seconds, _ in sent) / statistics.median(again)
    figure = f"{statistics.median(again) * 1000:.1f} ms, {times:.0f} times as quick"
    return Row("12 MiB named by a checksum that is known", figure, "≥ 10 times", times >= 10)


def small(remote: Remote) -> list[Row]:
    waits: list[float] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.02):
            started = time.perf_counter()
            remote.ask("GET", "/api/server")
            waits.append((time.perf_counter() - started) * 1000)

    looking = threading.Thread(target=look)
    looking.start()
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(lambda number: send(remote, SMALL, f"s{number}.mov")[0], range(SMALL_FILES)))
    rate = SMALL_FILES / (time.perf_counter() - started)
    is_over.set()
    looking.join()
    assert set(done) == {201}
    p99 = sorted(waits)[int(len(waits) * 0.99)]
    return [
        Row("1,000 files of 20 kB, four at once", f"{rate:.0f}/s", "≥ 40/s", rate >= 40),
        Row("another answer meanwhile, p99", f"{p99:.0f} ms", "≤ 50 ms", p99 <= 50),
    ]


def whole(remote: Remote) -> Row:
    before, most = remote.memory_mib(), 0.0
    is_over = threading.Event()

    def look() -> None:
        nonlocal most
        while not is_over.wait(0.1):
            most = max(most, remote.memory_mib())

    looking = threading.Thread(target=look)
    looking.start()
    timed(remote, WHOLE, "whole.mov")
    is_over.set()
    looking.join()
    return Row("memory while 1 GiB arrives", f"+{most - before:.0f} MiB", "≤ 24 MiB", most - before <= 24)


def main() -> int:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        folder = Path(place)
        with a_server(folder / "data") as (remote, _):
            remote.claim()
            rows = [large(remote, folder), duplicates(remote), *small(remote), whole(remote)]
    print(markdown(rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
