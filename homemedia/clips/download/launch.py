"""Starting the child program, and hearing what it says. Nothing here decides."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import msgspec

from homemedia.clips.download.order import MAX_LINE_BYTES, Looked, Message, Order, Refused
from homemedia.core.process import Child, start, worker_command

LOOK_LIMIT_S = 60.0


@contextlib.asynccontextmanager
async def launched(order: Order, command: Sequence[str] | None = None) -> AsyncIterator[Child]:
    """A child at work on an order; ended with all it started when the block is left.

    Raises:
        Unavailable: `program_missing`.
    """
    child = await start(command or worker_command("clips"), stdin=True, nice=10)
    try:
        with contextlib.suppress(ConnectionError):
            child.stdin.write(msgspec.json.encode(order) + b"\n")
            await child.stdin.drain()
        yield child
    finally:
        await child.end_now()


async def messages(child: Child) -> AsyncIterator[Message]:
    """What the child says, in its order, until it ends. What cannot be read ends it too."""
    while True:
        try:
            line = await child.stdout.readuntil(b"\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return
        if len(line) > MAX_LINE_BYTES:
            return
        try:
            yield msgspec.json.decode(line, type=Message)
        except msgspec.DecodeError:
            return


async def look(copy: str | None, command: Sequence[str] | None = None) -> Looked | None:
    """The downloader that would run, from a folder or (None) the one that comes along; None when it does not run."""
    try:
        async with asyncio.timeout(LOOK_LIMIT_S), launched(Order(what="look", copy=copy), command) as child:
            async for message in messages(child):
                if isinstance(message, Looked):
                    return message
                if isinstance(message, Refused):
                    break
    except TimeoutError:
        return None
    return None
