"""Notes: how fast they come in and go out, while others type too, and what sockets that wait cost.

    python benchmarks/heaps.py [--blocks 10000] [--sockets 1000]

A real server, asked over HTTP and `/ws` as its clients do; the merging alone in this process. The idle sockets are
those of our own client's channel: of documents a member may have 32 open at a time. Those who type while somebody
pushes are a process of their own, so that what he waits for is the server.
"""

import argparse
import asyncio
import base64
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
import pycrdt
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector, WSMsgType

from benchmarks.house import Remote, a_server
from benchmarks.line import percentile
from benchmarks.table import Row, markdown
from homemedia.core.http.connections import raise_file_limit
from homemedia.heaps import crdt, messages

HEAP = "heap-of-figures"
A_PUSH, A_PULL, A_DELTA = 500, 200, 5000
CLIENTS, EDITS, PUSHES, PAUSE_S = 20, 80, 150, 0.06
SMALL = 10_000
MIB = 1 << 20
ROUNDS = 3
TOKEN, READY = "HOMEMEDIA_BENCHMARK_TOKEN", b"ready\n"


def a_note(number: int) -> bytes:
    """A note of a few hundred bytes."""
    doc = pycrdt.Doc[Any]()
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        doc.get("meta", type=pycrdt.Map)["title"] = f"Note {number}"
        paragraph = doc.get("content", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("paragraph"))
        paragraph.children.append(f"What was to be said of number {number}. " * 5)
    return crdt.merged(told)


def typed(count: int) -> list[bytes]:
    """What somebody sends who types so many letters."""
    doc = pycrdt.Doc[Any]()
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    text = doc.get("t", type=pycrdt.Text)
    for _ in range(count):
        text += "a"
    return told


def sent(block_id: str, update: bytes) -> dict[str, Any]:
    return {"block_id": block_id, "workspace_id": HEAP, "update": base64.b64encode(update).decode()}


async def ask(client: ClientSession, method: str, path: str, body: Any = None) -> Any:
    async with client.request(method, path, json=body) as answer:
        found = await answer.json()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {found}")
        return found


async def in_bulk(client: ClientSession, blocks: int) -> list[Row]:
    notes = [sent(f"block-{number:06}", a_note(number)) for number in range(blocks)]
    began = time.perf_counter()
    for at in range(0, blocks, A_PUSH):
        await ask(client, "POST", "/api/sync/push", {"blocks": notes[at : at + A_PUSH]})
    pushed_s = time.perf_counter() - began
    while (await ask(client, "GET", "/sync/health"))["pending_derive"]:  # noqa: ASYNC110 - another process
        await asyncio.sleep(2)
    rounds = [await delta(client) for _ in range(ROUNDS)]
    delta_ms, pages = statistics.median(took_ms for took_ms, _ in rounds), rounds[0][1]
    began = time.perf_counter()
    for at in range(0, blocks, A_PULL):
        wanted = [{"block_id": one["block_id"]} for one in notes[at : at + A_PULL]]
        await ask(client, "POST", "/api/sync/pull", {"blocks": wanted})
    pulled_s = time.perf_counter() - began
    return [
        Row(f"push of {blocks:,} new blocks, 500 a request", f"{blocks / pushed_s:,.0f} blocks/s", "-", True),
        Row(f"delta of {blocks:,} blocks, {pages} pages", f"{delta_ms:.0f} ms", "≤ 100 ms", delta_ms <= 100),
        Row(f"pull of {blocks:,} whole blocks, 200 a request", f"{pulled_s:.1f} s", "-", True),
    ]


async def delta(client: ClientSession) -> tuple[float, int]:
    """How long the whole heap takes to be told, in ms until its bytes are there, and in how many pages."""
    since, has_more, pages, took_s = 0, True, 0, 0.0
    while has_more:
        began = time.perf_counter()
        async with client.get(f"/api/sync/delta?workspace_id={HEAP}&since={since}&limit={A_DELTA}") as answer:
            said = await answer.read()
        took_s += time.perf_counter() - began
        found = msgspec.json.decode(said)
        since, has_more, pages = found["server_time"], found["has_more"], pages + 1
    return took_s * 1000, pages


async def while_others_type(client: ClientSession, remote: Remote) -> Row:
    typists = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--type-at", remote.url, env={**os.environ, TOKEN: remote.token or ""},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    if typists.stdout is None or await typists.stdout.readline() != READY:
        raise RuntimeError("nobody types")
    took: list[float] = []
    for update in typed(PUSHES):
        began = time.perf_counter()
        await ask(client, "POST", "/api/sync/push", {"blocks": [sent("pushed-block", update)]})
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE_S)
    if await typists.wait():
        raise RuntimeError("those who typed were cut off")
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    return Row(f"push while {CLIENTS} others type", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", "p99 ≤ 5 ms", p99 <= 5)


async def type_at(url: str) -> None:
    """Twenty who type ten letters a second each, until all of it is on disk."""
    updates = typed(EDITS)

    async def type_on(socket: ClientWebSocketResponse) -> None:
        for update in updates:
            await socket.send_bytes(messages.update(update))
            await asyncio.sleep(0.1)
        await socket.send_bytes(messages.step_1(crdt.EMPTY_VECTOR))
        async for message in socket:
            if message.type is WSMsgType.BINARY and message.data[:2] == b"\x00\x01":
                return
        raise RuntimeError(f"closed with {socket.close_code}")

    headers = {"Authorization": f"Bearer {os.environ[TOKEN]}"}
    async with ClientSession(url, headers=headers, connector=TCPConnector(limit=0)) as client:
        sockets = [await client.ws_connect(f"/ws?block_id=typed-{at:04}&heap_id={HEAP}") for at in range(CLIENTS)]
        # Who pushes begins when all are there: it is their typing that is to be seen, not their coming.
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        await asyncio.gather(*(type_on(socket) for socket in sockets))


async def idle(client: ClientSession, remote: Remote, count: int) -> Row:
    before = remote.memory_mib()
    sockets = [await client.ws_connect("/ws") for _ in range(count)]
    for socket in sockets:
        await socket.send_json({"type": "hello"})
        await socket.receive()
    more = remote.memory_mib() - before
    for socket in sockets:
        await socket.close()
    return Row(f"{count:,} idle sockets", f"{more:.0f} MiB more", "≤ 60 MB", more * MIB <= 60e6)


def merging() -> Row:
    updates = typed(SMALL)
    began = time.perf_counter()
    crdt.merged(updates)
    took_ms = (time.perf_counter() - began) * 1000
    return Row(f"merge of {SMALL:,} small updates", f"{took_ms:.0f} ms", "-", True)


async def main(blocks: int, sockets: int) -> None:
    raise_file_limit()
    with tempfile.TemporaryDirectory() as folder, a_server(Path(folder)) as (remote, _):
        remote.claim()
        headers = {"Authorization": f"Bearer {remote.token}"}
        async with ClientSession(remote.url, headers=headers, connector=TCPConnector(limit=0)) as client:
            await ask(client, "POST", "/api/heap/add", {"id": HEAP, "title": "Figures"})
            rows = [await while_others_type(client, remote), await idle(client, remote, sockets)]
            rows += await in_bulk(client, blocks)
    print(markdown([*rows, merging()]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--blocks", type=int, default=10_000)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--type-at", metavar="URL", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    asyncio.run(type_at(chosen.type_at) if chosen.type_at else main(chosen.blocks, chosen.sockets))
