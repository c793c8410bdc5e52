"""What all steps of one scan share: the library, where things are written and told, and what was found so far."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.threads import Lane
from homemedia.library.models import Library, Root
from homemedia.library.scan.diff import FileReports
from homemedia.library.scan.disks import Disks
from homemedia.library.scan.reporting import Reporter
from homemedia.library.scan.roots import can_be_read
from homemedia.library.scan.tally import Tally


class Stopped(Exception):  # noqa: N818 - a way a scan ends, not a fault
    """The scan ends early and removes nothing; the text says why."""

    def __init__(self, code: str, path: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.path, self.sentence = code, path, sentence


ROOT_LOST = (
    "The folder {path} could not be read to its end. Nothing was removed. "
    "Look whether its disk is connected, and scan again."
)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """A folder to visit: `path` below its root, '' for all of it; `deep` with everything below."""

    root_id: int
    path: str = ""
    deep: bool = True


class Work(msgspec.Struct, kw_only=True, eq=False):
    """One run."""

    db: Database
    lane: Lane
    disks: Disks
    clock: Clock
    library: Library
    scan_id: int
    tally: Tally
    report: Reporter
    reports: FileReports
    owned: tuple[Path, ...]
    publish: Callable[[object], None]
    is_first: bool
    """Whether the library was never scanned to the end: what it holds is not new to the household."""
    links: dict[int, dict[str, str]]
    """By root, the links to folders outside that were followed: path below the root, real target."""
    deferred: list[Scope]
    """Folders in which something waits until it is steady."""
    force: bool = False
    relocated: frozenset[int] = frozenset()
    """Roots that lie on another disk than at the last good scan: what has the same bytes there is the same file."""
    newest_file: int = 0
    """The highest id of a file when it began: those beyond were seen in this run, so none of them has gone anywhere."""
    changed_presence: bool = False
    """Whether files went or came back, so that items may have to follow."""

    def root(self, root_id: int) -> Root:
        return next(root for root in self.library.roots if root.root_id == root_id)

    async def refuse_lost(self, root_path: str) -> None:
        """Go on only while a root can be read.

        Raises:
            Stopped: it cannot any more.
            DiskSilent: it does not answer.
        """
        if not await self.disks.ask(root_path, can_be_read, root_path):
            raise Stopped("root_unreadable", root_path, ROOT_LOST.format(path=root_path))
