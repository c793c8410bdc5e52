"""Tells administrators that a disk is almost full, before something cannot be written any more."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from homemedia.core.db import Database
from homemedia.core.notices import ADMINS, Notice, Withdrawal, notify, withdraw
from homemedia.core.threads import Lane

FAMILY, ALMOST_FULL = "server", "disk_full"
# With less a copy of the database, a film that is converted or an upload may not fit any more.
LEAST_FREE_BYTES: Final = 2 << 30
# It is told again only when there was so much once more.
ENOUGH_BYTES: Final = 3 << 30


class Space(msgspec.Struct, frozen=True):
    """What is free where a folder lies. `device` tells disks apart."""

    device: int
    free_bytes: int


def space_of(folder: Path) -> Space | None:
    """None for what cannot be asked just now. Blocking."""
    try:
        return Space(folder.stat().st_dev, shutil.disk_usage(folder).free)
    except OSError:
        return None


class Room:
    """Looks at the disks this server writes to.

    Args:
        db: where notices are left.
        folders: those that are written to, by what a person calls them.
        lane: threads for disks, which may hang.
        space: what is free at a folder.
    """

    def __init__(
        self, db: Database, folders: Mapping[str, Path], lane: Lane, space: Callable[[Path], Space | None] = space_of
    ) -> None:
        self._db = db
        self._folders = folders
        self._lane = lane
        self._space = space
        self._told: set[str] = set()
        self._is_settled = False

    @property
    def tight(self) -> list[str]:
        """What is written to a disk that is almost full, as the last look found it."""
        return sorted(self._told)

    async def look(self) -> None:
        """Tell of each disk once, until it has room again; then what was told is no news any more.

        The first look tells nothing: what a start leaves behind is swept in the hour after it.
        """
        if not self._is_settled:
            self._is_settled = True
            return
        seen: set[int] = set()
        for name, folder in self._folders.items():
            found = await self._lane.run(self._space, folder)
            if found is None or found.device in seen:
                continue
            seen.add(found.device)
            if found.free_bytes < LEAST_FREE_BYTES and name not in self._told:
                await self._tell(name, found)
                self._told.add(name)
            elif found.free_bytes >= ENOUGH_BYTES and name in self._told:
                async with self._db.write() as tx:
                    await withdraw(tx, Withdrawal(family=FAMILY, subject_id=name, types=(ALMOST_FULL,)))
                self._told.discard(name)

    async def _tell(self, name: str, found: Space) -> None:
        details = {"target_title": name, "freeBytes": found.free_bytes, "path": "/admin"}
        async with self._db.write() as tx:
            await notify(
                tx,
                Notice(family=FAMILY, type=ALMOST_FULL, to=ADMINS, subject_id=name, details=details, fold_key=name),
            )
