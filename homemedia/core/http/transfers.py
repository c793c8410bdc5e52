"""What is being sent for longer than a moment: cut within 5 s when who gets it may not have it any more (shares §8.3).

Every request asks for the right when it begins. A film, an archive and a socket go on long after that, so they are
written down here with the question that was asked, which is asked again: at once when rights change, and every few
seconds, since an end can come by itself. Who has the right by any other way goes on.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Self

from aiohttp import web

from homemedia.core.problems import AppError

_log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0
Still = Callable[[], Awaitable[bool]]
# What an answer showed, as sharing names it (kind, id), where the route's own path does not say it.
THING: web.RequestKey[tuple[str, str]] = web.RequestKey("thing", tuple)


class _Transfer:
    def __init__(self, whose: str, still: Still, cut: Callable[[], object]) -> None:
        self.whose = whose
        self.still = still
        self.cut = cut


class Transfers:
    """Everything that is open. An async context manager: leaving it stops looking and cuts nothing."""

    def __init__(self, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._open: set[_Transfer] = set()
        self._every_s = look_every_s
        self._task: asyncio.Task[None] | None = None
        self._some = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_looking(), name="transfers")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    @property
    def count(self) -> int:
        return len(self._open)

    @contextlib.contextmanager
    def open(self, request: web.Request, *, whose: str, still: Still) -> Iterator[None]:
        """Entered while bytes are sent.

        Args:
            request: its connection is broken off when `still` says no; a player does not take that for the end.
            whose: a member's id, or `share:<share id>` of who holds a link.
            still: whether he still may have it, by whatever way. A problem it raises means no.
        """

        def cut() -> None:
            if request.transport is not None:
                request.transport.abort()

        with self.watch(whose=whose, still=still, cut=cut):
            yield

    @contextlib.contextmanager
    def watch(self, *, whose: str, still: Still, cut: Callable[[], object]) -> Iterator[None]:
        """As `open`, for what ends in another way: a socket that is closed, a session that is ended."""
        transfer = _Transfer(whose, still, cut)
        self._open.add(transfer)
        self._some.set()
        try:
            yield
        finally:
            self._open.discard(transfer)

    async def look_again(self, whose: str | None = None) -> None:
        """Ask again for everything that is open, or for what is sent to one; cut what is refused."""
        for transfer in tuple(self._open):
            if whose is not None and transfer.whose != whose:
                continue
            if not await _may_go_on(transfer) and transfer in self._open:
                self._open.discard(transfer)
                transfer.cut()

    async def _keep_looking(self) -> None:
        while True:
            self._some.clear()
            if not self._open:
                await self._some.wait()
            await asyncio.sleep(self._every_s)
            try:
                await self.look_again()
            except Exception:  # noqa: BLE001 - the edge of a task
                # Whatever it was, the next look must come: else nothing would ever be cut again.
                _log.exception("what is open could not be looked at")


async def _may_go_on(transfer: _Transfer) -> bool:
    try:
        return await transfer.still()
    except AppError as err:
        # A house that cannot answer just now cuts nobody off.
        return err.status >= web.HTTPInternalServerError.status_code
