"""Whether a file lies where the library says; and where it does not, whether it is the file that is gone, or its disk.

The database knows what the last scan saw. Whoever opens a file finds out earlier.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from homemedia.core.problems import AppError, Unavailable
from homemedia.core.threads import Lane
from homemedia.library.files import PlaceOfFile, disk_away, file_gone

DISK_LIMIT_S: Final = 10.0  # watch §3.7
PER_ROOT: Final = 2  # looks at a time, so that one dead disk leaves the others their threads


class Presence:
    """Looks at the disk, with a bound in time.

    Args:
        lane: threads for looking.
    """

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._turns: dict[Path, asyncio.Semaphore] = {}

    async def see(self, place: PlaceOfFile) -> None:
        """Return when the library's own file lies there; a converter would open whatever lies at a path.

        Raises:
            NotFound: `file_missing`.
            Unavailable: `storage_unavailable`: the library's folder is gone, too, or the disk does not answer.
        """
        try:
            await self._ask(place, _look)
        except (FileNotFoundError, NotADirectoryError):
            raise await self.absence(place) from None
        except OSError as err:
            raise _silent() from err

    async def absence(self, place: PlaceOfFile) -> AppError:
        """What to tell whoever found nothing there: the file is gone, or the folder it lies in is."""
        try:
            has_root = await self._ask(place, _has_root)
        except OSError:
            return _silent()
        return file_gone() if has_root else disk_away()

    async def _ask(self, place: PlaceOfFile, question: Callable[[PlaceOfFile], bool]) -> bool:
        turn = self._turns.setdefault(place.root, asyncio.Semaphore(PER_ROOT))
        async with asyncio.timeout(DISK_LIMIT_S):
            await turn.acquire()
            call = asyncio.ensure_future(self._lane.run(question, place))
            # A thread that waits for a dead disk cannot be called back: its turn is over when it is.
            call.add_done_callback(lambda done: _over(turn, done))
            return await asyncio.shield(call)


def _over(turn: asyncio.Semaphore, done: "asyncio.Future[bool]") -> None:
    turn.release()
    if not done.cancelled():
        done.exception()  # heard of, also where nobody waits any more


def _look(place: PlaceOfFile) -> bool:
    if not place.admits(place.path.stat()):
        raise FileNotFoundError(place.path)
    return True


def _has_root(place: PlaceOfFile) -> bool:
    return place.root.is_dir()


def _silent() -> Unavailable:
    return Unavailable("The disk with this file does not answer.", code="storage_unavailable", retry_after_s=30)
