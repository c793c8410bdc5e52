"""What administrators are told of libraries: a disk that went, files that cannot be read."""

from homemedia.core.db import Write
from homemedia.core.notices import ADMINS, Notice, Withdrawal, notify, withdraw
from homemedia.library.models import Library

FAMILY = "server"
OFFLINE = "library_offline"


async def lost(tx: Write, library: Library, why: str) -> None:
    """A library's disk is not there."""
    await notify(tx, _notice(OFFLINE, library, {"why": why, "path": f"/admin/libraries/{library.library_id}/problems"}))


async def back(tx: Write, library: Library) -> None:
    """And there again: what was told of it is no news any more."""
    await withdraw(tx, Withdrawal(family=FAMILY, subject_id=library.library_id, types=(OFFLINE,)))


async def problems(tx: Write, library: Library, *, before: int, now: int) -> None:
    """A scan found files that cannot be read; those that were found before were told before."""
    if now > before:
        path = f"/admin/libraries/{library.library_id}/problems"
        await notify(tx, _notice("scan_problems", library, {"count": now - before, "path": path}))


def _notice(type_: str, library: Library, details: dict[str, object]) -> Notice:
    named = {"target_type": "library", "target_id": library.library_id, "target_title": library.name}
    return Notice(
        family=FAMILY,
        type=type_,
        to=ADMINS,
        subject_id=library.library_id,
        details=named | details,
        fold_key=library.library_id,
    )
