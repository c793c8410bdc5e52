"""Files into blocks beside a bare loop that hashes, writes and syncs: in chunks, one and four at a time, and at once.

python -m benchmarks block_uploads
"""

import hashlib
import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.house import Remote, a_server
from benchmarks.table import Row, markdown
from benchmarks.uploads import MIB, bare

ROUNDS = 5
SIZE = 512 * MIB
AT_ONCE_SIZE = 200 * MIB
CHUNK = 8 * MIB
STREAMS = 4
HEAP = "heap-of-the-benchmark"
AIM = 0.7
NOISE = os.urandom(CHUNK)
FORM = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="film.bin"\r\n\r\n'


class File:
    """Bytes that nobody sent before: what was made beforehand, but for the first of it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._first = os.urandom(64) + NOISE[64:]
        digest = hashlib.sha256()
        for index in range(self.count):
            digest.update(self.chunk(index))
        self.hash = digest.hexdigest()

    @property
    def count(self) -> int:
        return self.size // CHUNK

    def chunk(self, index: int) -> bytes:
        return NOISE if index else self._first


def in_chunks(remote: Remote, streams: int) -> Callable[[File], None]:
    """Begins an upload, sends its chunks by so many connections, and ends it."""

    def send(file: File) -> None:
        place = f"{HEAP}/block-{file.hash[:16]}"
        body = {"hash": file.hash, "size": file.size, "chunk_size": CHUNK, "name": "film.bin"}
        ask(remote, "POST", f"/api/upload/init/{place}", body)
        with ThreadPoolExecutor(streams) as pool:
            list(pool.map(lambda first: some(remote, f"{place}/{file.hash}", file, first, streams), range(streams)))
        ask(remote, "POST", f"/api/upload/complete/{place}/{file.hash}", {})

    return send


def some(remote: Remote, place: str, file: File, first: int, step: int) -> None:
    """Every `step`th chunk of a file, one after the other by one connection."""
    connection = http.client.HTTPConnection(remote.url.removeprefix("http://"), timeout=120)
    for index in range(first, file.count, step):
        head = {"Authorization": f"Bearer {remote.token}"}
        connection.request("PUT", f"/api/upload/chunk/{place}/{index}", file.chunk(index), head)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
    connection.close()


def at_once(remote: Remote) -> Callable[[File], None]:
    """Sends a file as a form."""

    def send(file: File) -> None:
        head = FORM % b"hash" + file.hash.encode() + b"\r\n" + FORM % b"file"
        tail = b"\r\n--b--\r\n"
        connection = http.client.HTTPConnection(remote.url.removeprefix("http://"), timeout=120)
        connection.putrequest("POST", f"/api/upload/file/{HEAP}/block-{file.hash[:16]}")
        connection.putheader("Authorization", f"Bearer {remote.token}")
        connection.putheader("Content-Type", "multipart/form-data; boundary=b")
        connection.putheader("Content-Length", str(len(head) + file.size + len(tail)))
        connection.endheaders()
        connection.send(head)
        for index in range(file.count):
            connection.send(file.chunk(index))
        connection.send(tail)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        connection.close()

    return send


def ask(remote: Remote, method: str, path: str, body: dict[str, object]) -> None:
    connection = http.client.HTTPConnection(remote.url.removeprefix("http://"), timeout=120)
    connection.request(method, path, json.dumps(body), {"Authorization": f"Bearer {remote.token}"})
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status in {200, 201}, said
    connection.close()


def measured(name: str, send: Callable[[File], None], folder: Path, size: int) -> Row:
    send(File(CHUNK))
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(bare(folder, size, "sha256"))
        file = File(size)
        started = time.perf_counter()
        send(file)
        ours.append(time.perf_counter() - started)
    ratio = statistics.median(theirs) / statistics.median(ours)
    figure = f"{size / statistics.median(ours) / 1e6:.0f} MB/s, bare {size / statistics.median(theirs) / 1e6:.0f}"
    return Row(name, f"{figure}: {ratio:.2f}", f"≥ {AIM:.2f} of bare", ratio >= AIM)


def main() -> int:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        folder = Path(place)
        with a_server(folder / "data") as (remote, _):
            remote.claim()
            ask(remote, "POST", "/api/heap/add", {"id": HEAP})
            rows = [
                measured("a file into a block, four chunks at a time", in_chunks(remote, STREAMS), folder, SIZE),
                measured("the same, one chunk after the other", in_chunks(remote, 1), folder, SIZE),
                measured("a file into a block at once", at_once(remote), folder, AT_ONCE_SIZE),
            ]
    print(markdown(rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
