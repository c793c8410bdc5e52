"""Takes, keeps and drops the members' pictures (design, "profile picture").

Threat: the bytes come from anybody who is a member and are shown to everybody else. They are decoded by a worker of
its own, and only what it writes anew is kept: no camera, no place, no script travels with a picture.
"""

import asyncio
import contextlib
import errno
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Self

from homemedia.accounts.avatars import store
from homemedia.accounts.events import PictureChanged
from homemedia.accounts.models import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_hex
from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.problems import BadRequest, Forbidden, NotFound, StorageFull, TimedOut, TooMany, Unavailable
from homemedia.core.threads import Lane
from homemedia.core.workers import OperationFailed, WorkerCrashed
from homemedia.media.models import RenderRequest
from homemedia.media.tools import MediaTools

SIDE = 512
TIDY_JOB = "avatar-tidy"
HEAD_BYTES = 32
PART = ".part"
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


class AvatarService:
    """Enter it, so that what a stopped server left half-received is swept."""

    def __init__(self, db: Database, tools: MediaTools, folder: Path, clock: Clock | None = None) -> None:
        self._db = db
        self._tools = tools
        self._folder = folder
        self._clock = clock or Clock()
        self._lane = Lane("avatars", 1)
        # A file is named by its member, so what is written and what the table says of it change together.
        self._keeping = asyncio.Lock()
        # One at a time from each: a hundred at once would be five gigabytes on the disk.
        self._taking: set[str] = set()

    def register(self, jobs: Jobs) -> None:
        jobs.register(TIDY_JOB, "upkeep", self._tidy)

    async def take(self, actor: Member, chunks: AsyncIterator[bytes], kinds: frozenset[str]) -> int:
        """Show a member in another picture from now on.

        Args:
            actor: whose picture it is.
            chunks: a picture as it arrives.
            kinds: what may be sent, as `kind_of` calls it.

        Returns:
            Since when he has it, in ms.

        Raises:
            Forbidden: he came with a sign-in link.
            BadRequest: `unsupported_picture`: of no such kind; `image_unreadable`, `image_too_large`.
            StorageFull: the disk is.
            TooMany: another of his is still arriving.
        """
        if actor.is_by_link:
            raise Forbidden("An account cannot be changed by a sign-in link.")
        if actor.user_id in self._taking:
            raise TooMany("Your other picture is still on its way.", retry_after_s=5)
        self._taking.add(actor.user_id)
        staged = self._folder / f"{new_hex(8)}{PART}"
        try:
            kind = kind_of(await self._stage(staged, chunks))
            if kind not in kinds:
                raise BadRequest("This file is no picture of a kind that is taken here.", code="unsupported_picture")
            return await self._keep(actor.user_id, await self._made(staged))
        finally:
            self._taking.discard(actor.user_id)
            await self._lane.run(staged.unlink, missing_ok=True)

    async def drop(self, actor: Member) -> bool:
        """Show a member without a picture; whether he had one.

        Raises:
            Forbidden: he came with a sign-in link.
        """
        if actor.is_by_link:
            raise Forbidden("An account cannot be changed by a sign-in link.")
        async with self._db.write() as tx:
            had_one = await store.clear(tx, actor.user_id, self._clock.now_ms())
            await tx.enqueue(TIDY_JOB, actor.user_id)
            if had_one:
                tx.announce(PictureChanged(actor.user_id))
        return had_one

    async def forget(self, tx: Write, user_id: str) -> None:
        """A member is purged: what drops his row's word of a picture has the file go as well."""
        await tx.enqueue(TIDY_JOB, user_id)

    async def of(self, actor: Member, user_id: str) -> Path:
        """The file of somebody's picture.

        Raises:
            NotFound: there is no such member for who asks; `no_picture`: he has none.
        """
        found = await store.find(self._db.read, user_id)
        # Who waits or is shut out stands in administrators' lists alone.
        if found is None or not (found.is_active or actor.is_admin or actor.user_id == user_id):
            raise NotFound("There is no such member.")
        if found.changed_at is None:
            raise NotFound("This member has no picture.", code="no_picture")
        return self._path(user_id)

    async def __aenter__(self) -> Self:
        await self._lane.run(self._sweep)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    def _path(self, user_id: str) -> Path:
        return self._folder / f"{user_id}.jpg"

    async def _stage(self, path: Path, chunks: AsyncIterator[bytes]) -> bytes:
        """Write what arrives to a file; its first bytes."""
        head = b""
        with _told():
            file = await self._lane.run(path.open, "wb")
        try:
            async for chunk in chunks:
                if len(head) < HEAD_BYTES:
                    head = (head + chunk)[:HEAD_BYTES]
                with _told():
                    await self._lane.run(file.write, chunk)
        finally:
            with _told():
                await self._lane.run(file.close)
        return head

    async def _made(self, path: Path) -> bytes:
        try:
            rendering = await self._tools.render(RenderRequest(source=str(path), width=SIDE, height=SIDE, quality=88))
        except OperationFailed as err:
            raise BadRequest(err.message, code=err.code) from err
        except (WorkerCrashed, TimedOut) as err:
            raise BadRequest("This picture cannot be read.", code="image_unreadable") from err
        return rendering.body

    async def _keep(self, user_id: str, body: bytes) -> int:
        async with self._keeping:
            with _told():
                await self._lane.run(self._write, self._path(user_id), body)
            async with self._db.write() as tx:
                changed_at = await store.set_changed(tx, user_id, self._clock.now_ms())
                if changed_at is None:
                    await tx.enqueue(TIDY_JOB, user_id)
                else:
                    tx.announce(PictureChanged(user_id))
        if changed_at is None:
            raise NotFound("There is no such member.")
        return changed_at

    def _write(self, path: Path, body: bytes) -> None:
        fresh = path.with_name(f"{new_hex(8)}{PART}")
        try:
            with fresh.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    async def _tidy(self, run: JobRun) -> None:
        """Delete the file of a member who has no picture any more."""
        async with self._keeping:
            if not await store.has(self._db.read, run.key):
                await self._lane.run(self._path(run.key).unlink, missing_ok=True)

    def _sweep(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._folder.glob(f"*{PART}"):
            path.unlink(missing_ok=True)


def kind_of(head: bytes) -> str:
    """What a picture's first bytes say it is: jpeg, png, webp, avif, heif, tiff (a DNG is one); "" for all else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heif" if head[8:12] in HEIF_BRANDS and b"avif" not in head[16:] else "avif"
    if head[:4] in {b"II*\0", b"MM\0*"}:
        return "tiff"
    return ""


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What a disk refuses, in words."""
    try:
        yield
    except OSError as err:
        if err.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull("There is no room left on the server's disk.") from err
        raise Unavailable("The picture could not be kept.", code="storage_unavailable") from err
