"""Reads files whole during the scan, for folder heaps, in which a file is known by its bytes (design §7.43)."""

import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from homemedia.core.digests import Digests, digests_of
from homemedia.library.models import Library, Root
from homemedia.library.scan import results_store, store
from homemedia.library.scan.context import Work
from homemedia.library.scan.disks import Pulse

BATCH: Final = 200
# What was read is told of at least so often, so that it is seen as it comes.
TELL_EVERY_S: Final = 2.0

Told = Callable[[Library, Sequence[int]], Awaitable[None]]


async def read_whole(work: Work, tell: Told) -> None:
    """Take the hashes of every file that has none since it changed, and tell of those that were read."""
    total = 0
    for root in work.library.roots:
        total += (await work.db.read(store.COUNT_UNREAD_WHOLE, {"root_id": root.root_id}))[0]["files"]
    work.report.phase("probe", total)
    done = 0
    for root in work.library.roots:
        done = await _read_root(work, root, tell, done)


async def _read_root(work: Work, root: Root, tell: Told, done: int) -> int:
    after, told_s = "", time.monotonic()
    found: list[tuple[int, int, Digests]] = []
    while rows := await work.db.read(store.UNREAD_WHOLE, {"root_id": root.root_id, "after": after, "limit": BATCH}):
        after = rows[-1]["path"]
        for row in rows:
            digests = await _digests(work, root, row["path"])
            if digests is None:
                await _note(work, row["file_id"], f"{root.path}/{row['path']}")
            else:
                found.append((row["file_id"], row["mtime_ns"], digests))
                work.report.read(digests.size_bytes)
            done += 1
            work.report.step(done, row["path"])
            if len(found) >= BATCH or time.monotonic() - told_s > TELL_EVERY_S:
                await _enter(work, found, tell)
                found, told_s = [], time.monotonic()
    await _enter(work, found, tell)
    return done


async def _digests(work: Work, root: Root, path: str) -> Digests | None:
    pulse = Pulse()
    try:
        return await work.disks.ask(root.path, _whole, f"{root.path}/{path}", pulse=pulse)
    except OSError:
        return None


async def _enter(work: Work, found: Sequence[tuple[int, int, Digests]], tell: Told) -> None:
    if not found:
        return
    async with work.db.write() as tx:
        await tx.many(
            store.SET_WHOLE,
            [
                {
                    "file_id": file_id,
                    "mtime_ns": mtime_ns,
                    "size_bytes": digests.size_bytes,
                    "sha1": digests.sha1.hex(),
                    "sha256": digests.sha256,
                    "quick_hash": digests.quick_hash,
                }
                for file_id, mtime_ns, digests in found
            ],
        )
    await tell(work.library, [file_id for file_id, _, _ in found])


async def _note(work: Work, file_id: int, path: str) -> None:
    work.tally.fail(file_id)
    problem = results_store.Noted(path=path, step="walk", code="unreadable", sentence="This file could not be read.")
    async with work.db.write() as tx:
        await results_store.note_problems(tx, work.library.library_id, work.scan_id, [problem])


def _whole(path: str, pulse: Pulse) -> Digests:
    def beat() -> bool:
        pulse.beat()
        return False

    return digests_of(Path(path), beat)
