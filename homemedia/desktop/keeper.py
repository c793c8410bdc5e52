"""Keeps the icon beside the clock for as long as the server runs: starts it, starts it again, ends it.

The icon never outlives the server: it watches its stdin, which closes with us however we end. And the server never
ends with the icon: what goes wrong there is one line in the log.
"""

import asyncio
import contextlib
import logging
import os
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from homemedia.core.problems import Unavailable
from homemedia.core.process import Child, start
from homemedia.desktop import session
from homemedia.desktop.launch import ENDED, NO_PLACE, NO_TOOLKIT, tray_commands
from homemedia.places import CONFIG

_log = logging.getLogger(__name__)

STARTED_AGAIN = 3
AGAIN_AFTER_S = 2.0
# The icon takes itself away within this time once its stdin is closed.
GRACE_S = 2.0
# Where no place was found for it, it is tried again: a panel may be slow at login, or be switched on hours later. One
# try is half a second of work; the last of these goes on for ever.
LATER_S = (10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 900.0)
# How often it is looked whether the desktop is gone, whether there is an icon or not.
LOOK_S = 30.0


class Tray:
    """An async context manager.

    Args:
        data_dir: where the icon reads how to speak to us.
        page: what a person opens where no icon can be shown.
        config_file: the settings that the server has, for what the icon starts of our command line; None: none.
        commands: command lines of the icon, the best first.
        later_s: how long after a try that found no place there is another; the last goes on, none at all ends it.
        look_s: how often it is looked whether the session is over.
        is_session_over: looks whether the desktop that it was shown on is gone.

    Attributes:
        on_session_over: told once it is.
    """

    def __init__(
        self,
        data_dir: Path,
        page: str,
        *,
        config_file: Path | None = None,
        commands: Callable[[Path], Sequence[list[str]]] = tray_commands,
        again_after_s: float = AGAIN_AFTER_S,
        later_s: Sequence[float] = LATER_S,
        look_s: float = LOOK_S,
        is_session_over: Callable[[], bool] = lambda: session.is_over(os.environ),
    ) -> None:
        self._left = deque(commands(data_dir))
        self._page = page
        self._surroundings = None if config_file is None else {CONFIG: str(config_file.absolute())}
        self._again_after_s = again_after_s
        self._later_s = later_s
        self._look_s = look_s
        self._is_session_over = is_session_over
        self.on_session_over: Callable[[], None] = lambda: None
        self._child: Child | None = None
        self._task: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # A display that was never there says nothing.
        is_in_session = not self._is_session_over()
        self._task = asyncio.create_task(self._keep(is_in_session=is_in_session), name="tray")
        if is_in_session:
            self._watch = asyncio.create_task(self._watch_session(), name="session")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._task is not None:
            self._task.cancel()
            await self.over()
        if self._child is not None:
            await self._end(self._child)

    async def over(self) -> None:
        """Wait until no icon is shown, and none is tried any more."""
        if self._task is not None:
            await asyncio.wait([self._task])

    @property
    def pid(self) -> int | None:
        """The icon's process, while there is one."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def _keep(self, *, is_in_session: bool) -> None:
        crashes = tries = 0
        while self._left:
            status, words = await self._show(self._left[0])
            if status == NO_PLACE:
                if not tries:
                    _log.info("no place for an icon on this desktop; the page is %s", self._page)
                if not self._later_s:
                    return
                await asyncio.sleep(self._later_s[min(tries, len(self._later_s) - 1)])
                tries += 1
                continue
            if status == NO_TOOLKIT:
                self._left.popleft()
                continue
            # A display that goes takes its programs along, and is not gone at once.
            await asyncio.sleep(self._again_after_s)
            if is_in_session and self._is_session_over():
                self._say_over()
                return
            if status == ENDED:
                return
            crashes += 1
            _log.warning("the icon beside the clock ended with %d: %s", status, words or "it said nothing")
            if crashes > STARTED_AGAIN:
                _log.warning("it is not started again; the page is %s", self._page)
                return
        _log.info("nothing here can show an icon beside the clock; the page is %s", self._page)

    async def _watch_session(self) -> None:
        """Not every session tells its programs that it ends, and without an icon nothing else would notice."""
        while True:
            await asyncio.sleep(self._look_s)
            if self._is_session_over():
                self._say_over()
                return

    def _say_over(self) -> None:
        _log.info("the session of the desktop is over")
        self.on_session_over()

    async def _show(self, command: list[str]) -> tuple[int, str]:
        """Run it to its end; the exit status, and the last line it said."""
        try:
            self._child = child = await start(
                command, stdin=True, stdout=False, env=self._surroundings, nice=0, grace_s=GRACE_S
            )
        except Unavailable:
            return NO_TOOLKIT, ""
        status = await child.wait()
        said = child.last_words.rpartition("\n")[2]
        # Its pipes are closed only here.
        await child.end_now()
        self._child = None
        return status, said

    async def _end(self, child: Child) -> None:
        child.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await child.wait()
        await child.stop()
