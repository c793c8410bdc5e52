"""How a process starts and stops: parts entered in order, left in reverse, each with a bounded wait."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

_log = logging.getLogger(__name__)


class Stack:
    """Owners of everything that runs. What did not start is not stopped; nothing that started is forgotten."""

    def __init__(self) -> None:
        self._ends: list[tuple[str, float, Callable[[], Awaitable[Any]]]] = []

    async def enter(self, name: str, part: Any, *, stop_s: float = 3.0) -> Any:  # noqa: ANN401 - any async context manager
        """Start a part that is an async context manager."""
        entered = await part.__aenter__()
        self.push(name, lambda: part.__aexit__(None, None, None), stop_s=stop_s)
        return entered

    def push(self, name: str, end: Callable[[], Awaitable[Any]], *, stop_s: float = 3.0) -> None:
        """Remember how to end something already started."""
        self._ends.append((name, stop_s, end))

    async def close(self) -> None:
        """End all in reverse, each within its time; one that hangs or fails does not keep the others."""
        while self._ends:
            name, stop_s, end = self._ends.pop()
            try:
                async with asyncio.timeout(stop_s):
                    await end()
            except TimeoutError:
                _log.warning("%s did not stop within %s s and is left behind", name, stop_s)
            except Exception:  # noqa: BLE001 - one part that fails must not keep the others
                _log.exception("%s failed to stop", name)


@contextlib.asynccontextmanager
async def stop_signals() -> AsyncIterator[asyncio.Event]:
    """An event that is set by SIGTERM, SIGINT (Ctrl-C), SIGHUP; on Windows by Ctrl-Break and the session's end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":  # pragma: no cover - checked on Windows
        from homemedia.core.session_end import SessionEnd  # noqa: PLC0415 - Windows alone has it

        def told(*_: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed already
                loop.call_soon_threadsafe(stop.set)

        ends = SessionEnd(told)
        old = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGBREAK)}
        try:
            yield stop
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)
            ends.close()
        return
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        # The terminal is closed, or the session ends; who started us with `nohup` wishes that it means nothing.
        numbers.append(signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
