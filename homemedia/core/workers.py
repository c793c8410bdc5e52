"""A pool of workers of our own: child processes that do what is heavy on processor or memory.

They start on demand, answer several requests in turn, and end when idle. A worker that crashes, hangs or is killed for
memory costs its own request only.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Self, TypeVar

import msgspec

from homemedia.core.problems import TimedOut, Unavailable, Unprocessable
from homemedia.core.process import Child, start, worker_command
from homemedia.core.worker_child import FRAME_LIMIT_BYTES, HEADER, Answer, Request

log = logging.getLogger(__name__)

T = TypeVar("T")


class OperationFailed(Unprocessable):
    """The worker looked at it and refused; `code` says why."""

    default_code = "operation_failed"


class WorkerCrashed(Unprocessable):
    """The worker died over this request."""

    default_code = "worker_crashed"


class _Asking:
    """How far one request is. A child that is being started must not be interrupted, one that works may be."""

    is_served = False
    is_dropped = False


class WorkerPool:
    """At most `limit` children of one kind.

    Args:
        name: as in `homemedia worker NAME`.
        limit: how many children, and so requests, at a time; more wait in order.
        idle_s: a child without work for so long is ended.
        command: the command line, where it is not the program's own.
        drops_cancelled: work nobody waits for any more is broken off, and its child ended.
    """

    def __init__(
        self,
        name: str,
        *,
        limit: int = 2,
        idle_s: float = 60.0,
        command: Sequence[str] | None = None,
        drops_cancelled: bool = False,
    ) -> None:
        self.name = name
        self._command = list(command) if command is not None else worker_command(name)
        self._idle_s = idle_s
        self._drops_cancelled = drops_cancelled
        self._places = asyncio.Semaphore(limit)
        self._idle: list[tuple[Child, asyncio.TimerHandle]] = []
        self._busy: set[Child] = set()
        self._tasks: set[asyncio.Task[object]] = set()
        self._is_closed = False

    @property
    def children(self) -> int:
        """How many children live at this moment."""
        return len(self._idle) + len(self._busy)

    async def call(self, operation: str, argument: object, answer: type[T], *, limit_s: float) -> T:
        """Have a worker do something.

        A caller who is cancelled while waiting for a free worker is forgotten; later, the worker finishes within
        `limit_s` all the same and serves the next (unless the pool drops what is cancelled).

        Args:
            operation: name in the worker's table.
            argument: anything msgspec can write as msgpack.
            answer: type the result is read as.
            limit_s: seconds the work may take, waiting for a free worker not counted.

        Raises:
            OperationFailed: the worker's own refusal, with its code and sentence.
            TimedOut: `timeout`: the work took too long; that worker was killed.
            WorkerCrashed: the worker died over it.
            Unavailable: the pool is closed, or a worker cannot be started.
        """
        body = msgspec.msgpack.encode(Request(operation, msgspec.Raw(msgspec.msgpack.encode(argument))))
        await self._places.acquire()
        asking = _Asking()
        turn = self._keep(self._turn(body, limit_s, asking))
        try:
            reply = await asyncio.shield(turn)
        except asyncio.CancelledError:
            asking.is_dropped = self._drops_cancelled
            if asking.is_dropped and asking.is_served:
                turn.cancel()
            raise
        if reply.code:
            raise OperationFailed(reply.message, code=reply.code)
        return msgspec.msgpack.decode(reply.result, type=answer)

    async def close(self) -> None:
        """End all children, 8 s at most; requests under way answer `stopping`."""
        self._is_closed = True
        for worker, timer in self._idle:
            timer.cancel()
            self._keep(worker.end_now())
        self._idle.clear()
        for worker in self._busy:
            worker.kill()
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=8.0)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _keep(self, work: "asyncio._CoroutineLike[T]") -> asyncio.Task[T]:
        task = asyncio.create_task(work, name=f"worker-{self.name}")
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # raised in the caller too; one who was cancelled does not want it logged

    async def _turn(self, body: bytes, limit_s: float, asking: "_Asking") -> Answer:
        try:
            worker = await self._take()
            if asking.is_dropped:
                await self._give_back(worker)
                raise asyncio.CancelledError
            asking.is_served = True
            self._busy.add(worker)
            try:
                reply = await self._served(worker, body, limit_s)
            except BaseException:
                # Whatever it was: an answer may be on its way that the next request would take for its own.
                await worker.end_now()
                raise
            finally:
                self._busy.discard(worker)
            await self._give_back(worker)
            return reply
        finally:
            self._places.release()

    async def _served(self, worker: Child, body: bytes, limit_s: float) -> Answer:
        try:
            async with asyncio.timeout(limit_s):
                return await _exchange(worker, body)
        except TimeoutError as err:
            raise TimedOut("The file took too long to work on.", code="timeout") from err
        except (asyncio.IncompleteReadError, OSError, msgspec.DecodeError) as err:
            self._refuse_when_closed()
            await worker.end_now()
            log.warning("worker %s died (status %s): %s", self.name, worker.returncode, worker.last_words)
            raise WorkerCrashed("The file could not be worked on.") from err

    async def _take(self) -> Child:
        self._refuse_when_closed()
        while self._idle:
            worker, timer = self._idle.pop()
            timer.cancel()
            if worker.returncode is None:
                return worker
            await worker.end_now()
        worker = await start(self._command, stdin=True, nice=0)
        if self._is_closed:
            await worker.end_now()
            self._refuse_when_closed()
        return worker

    async def _give_back(self, worker: Child) -> None:
        if self._is_closed:
            await worker.end_now()
            return
        loop = asyncio.get_running_loop()
        self._idle.append((worker, loop.call_later(self._idle_s, self._retire, worker)))

    def _retire(self, worker: Child) -> None:
        self._idle = [entry for entry in self._idle if entry[0] is not worker]
        self._keep(worker.end_now())

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            raise Unavailable("The server is stopping.", code="stopping")


async def _exchange(worker: Child, body: bytes) -> Answer:
    worker.stdin.write(HEADER.pack(len(body)) + body)
    await worker.stdin.drain()
    (length,) = HEADER.unpack(await worker.stdout.readexactly(HEADER.size))
    if length > FRAME_LIMIT_BYTES:
        raise OSError("a frame beyond the limit")
    return msgspec.msgpack.decode(await worker.stdout.readexactly(length), type=Answer)
