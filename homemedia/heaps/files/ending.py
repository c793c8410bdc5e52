"""The end of an upload: hash what was not hashed yet, keep the file, write down what goes wrong (heaps §9.3)."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.parts import Parts
from homemedia.core.problems import AppError, StorageFull, Unprocessable
from homemedia.heaps.files import uploads_store as rows
from homemedia.heaps.files.chunks import moved
from homemedia.heaps.files.keeping import Keeper
from homemedia.heaps.files.models import Link, Upload, Wish
from homemedia.heaps.files.states import mismatch


class Endings:
    """Uploads that are just being checked.

    Args:
        db: where uploads stand.
        parts: the half-received files.
        keeper: where whole ones go.
        forget: lets go of an upload that is over.
        clock: the time.
    """

    def __init__(
        self, db: Database, parts: Parts, keeper: Keeper, forget: Callable[[Upload], Awaitable[None]], clock: Clock
    ) -> None:
        self._db = db
        self._parts = parts
        self._keeper = keeper
        self._forget = forget
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[Link]] = {}

    @property
    def tasks(self) -> Collection[asyncio.Task[Link]]:
        return tuple(self._tasks.values())

    def of(self, part: str) -> asyncio.Task[Link] | None:
        """What is under way for an upload."""
        return self._tasks.get(part)

    def begin(self, upload: Upload) -> asyncio.Task[Link]:
        """Hash and keep a file of which all chunks are here."""
        task = asyncio.create_task(self._ended(upload), name=f"upload-{upload.part}")
        self._tasks[upload.part] = task
        task.add_done_callback(lambda done: self._has_ended(upload.part, done))
        return task

    def _has_ended(self, part: str, task: asyncio.Task[Link]) -> None:
        self._tasks.pop(part, None)
        if not task.cancelled():
            task.exception()  # whoever waited was told; whoever did not asks for the status

    async def _ended(self, upload: Upload) -> Link:
        """Hash the rest, keep the file; what goes wrong is written down."""
        try:
            await self._parts.whole(upload.part, upload.size_bytes)
            digests = await self._parts.digests(upload.part, upload.size_bytes)
            if digests.sha256 != upload.hash:
                raise mismatch(digests.sha256)
            wish = Wish(
                heap_id=upload.heap_id,
                block_id=upload.block_id,
                hash=upload.hash,
                user_id=upload.user_id,
                name=upload.name,
                modified_at=upload.modified_at,
            )
            link = await self._keeper.keep(wish, self._parts.path(upload.part), digests)
        except AppError as err:
            await self._fail(upload, err)
            raise
        await self._forget(upload)
        return link

    async def _fail(self, upload: Upload, err: AppError) -> None:
        """Only what can never end well has failed; what the disk refuses for now may be tried again."""
        is_over = isinstance(err, Unprocessable | StorageFull)
        async with self._db.write() as tx:
            now = self._clock.now_ms()
            if is_over:
                await rows.stand(tx, upload.part, "failed", now=now, error=err.code)
                tx.announce(moved(upload, "failed", upload.size_bytes, err.code))
            else:
                await rows.stand(tx, upload.part, "uploading", now=now)
