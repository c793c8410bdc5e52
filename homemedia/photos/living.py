"""The moving parts of photos (photos §8.6, 8.7): films inside a picture's file, and films beside it."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path, PurePath
from typing import BinaryIO, Final, Self

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.core.uploads import Staging
from homemedia.media.photo_models import Motion, PhotoFacts
from homemedia.photos import living_store as store
from homemedia.photos.events import PhotosChanged
from homemedia.photos.intake import Intake, Wish
from homemedia.photos.models import PhotoKind, Visibility
from homemedia.photos.settle_store import Owed

_log = logging.getLogger(__name__)

PIECE: Final = 1 << 20


class Living:
    """An async context manager; it owns a thread that reads.

    Attributes:
        remove: has photos go for good: moving parts whose picture holds another film now.
    """

    def __init__(self, db: Database, intake: Intake, staging: Staging, clock: Clock | None = None) -> None:
        self._db = db
        self._intake = intake
        self._staging = staging
        self._clock = clock or Clock()
        self._lane = Lane("moving parts", 1)
        self.remove: Callable[[Sequence[str]], Awaitable[object]] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._lane.close()

    async def pair(self, tx: Write, photo: Owed, facts: PhotoFacts) -> None:
        """Join a still and a video that carry the same mark of their camera, whichever came first."""
        if facts.content_id is None:
            return
        is_video = photo.kind == PhotoKind.VIDEO.value
        wanted = PhotoKind.IMAGE if is_video else PhotoKind.VIDEO
        other = await store.other_half(tx, photo.owner_id, facts.content_id, wanted.value)
        if other is None or other == photo.photo_id:
            return
        still, video = (other, photo.photo_id) if is_video else (photo.photo_id, other)
        await self._join(tx, photo.owner_id, still, video)

    async def take_out(self, photo: Owed, facts: PhotoFacts) -> None:
        """Make a hidden video of the film inside a picture's file; what fails leaves a photo that stands still.

        A scanned picture's film is cut out into the managed root as well: clients play moving parts by their own id.
        Its file may have changed since, and hold another film, or none.
        """
        was = photo.live_video_id
        if was is not None and (photo.library_id is None or not await store.is_embedded(self._db.read, was)):
            return  # what was uploaded never changes; what came by itself stays
        if facts.motion is None:
            if was is not None:
                await self._rejoin(photo, None, was)
            return
        kept = await self._cut(photo, facts.motion)
        if kept is None or kept == was:
            return
        if was is not None:
            await self._rejoin(photo, kept, was)
            return
        async with self._db.write() as tx:
            await self._join(tx, photo.owner_id, photo.photo_id, kept)

    async def _cut(self, photo: Owed, motion: Motion) -> str | None:
        """The video of the film in a picture's file; None where it cannot be kept."""
        wish = Wish(
            name=f"{PurePath(photo.original_name).stem}.mp4",
            taken_at=photo.taken_at,
            modified_at=photo.modified_at,
            visibility=Visibility.HIDDEN,
            is_embedded=True,
        )
        try:
            pieces = self._pieces(Path(photo.root, photo.path), motion)
            async with self._staging.receive(pieces) as received:
                return (await self._intake.keep(photo.owner_id, received, wish)).photo_id
        except (AppError, OSError) as err:
            _log.warning("the moving part of photo %s cannot be kept: %s", photo.photo_id, err)
            return None

    async def _rejoin(self, photo: Owed, video: str | None, was: str) -> None:
        async with self._db.write() as tx:
            args = {"now": self._clock.now_ms(), "stamp": await tx.stamp()}
            if not await store.rejoin(tx, photo.photo_id, video, was=was, **args):
                return
            if video is not None:
                await self._intake.hide(tx, photo.owner_id, video)
            told = (photo.photo_id,) if video is None else (photo.photo_id, video)
            tx.announce(PhotosChanged(owner_id=photo.owner_id, photo_ids=told))
        if self.remove is not None and not await store.is_used(self._db.read, was):
            await self.remove([was])

    async def _join(self, tx: Write, owner_id: str, still: str, video: str) -> None:
        if await store.join(tx, still, video, now=self._clock.now_ms(), stamp=await tx.stamp()):
            await self._intake.hide(tx, owner_id, video)
            tx.announce(PhotosChanged(owner_id=owner_id, photo_ids=(still, video)))

    async def _pieces(self, path: Path, motion: Motion) -> AsyncIterator[bytes]:
        file: BinaryIO = await self._lane.run(path.open, "rb")
        try:
            await self._lane.run(file.seek, motion.start)
            left = motion.length
            while left and (piece := await self._lane.run(file.read, min(PIECE, left))):
                left -= len(piece)
                yield piece
        finally:
            await self._lane.run(file.close)
