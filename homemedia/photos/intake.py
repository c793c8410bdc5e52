"""How photos come in: bytes that arrived become a photo of a member, once for each member and bytes.

Threat: the bytes and every word about them come from outside. Nothing of them is looked into here; names are cleaned,
sizes counted against the quota in the transaction that adds the photo, and another's things are as if they were not.
"""

import asyncio
import binascii
import datetime as dt
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.digests import Digests
from homemedia.core.ids import new_uuid
from homemedia.core.problems import AppError, BadRequest
from homemedia.core.uploads import Received
from homemedia.library.managed import Beside, Managed
from homemedia.library.managed_store import Spot
from homemedia.photos import intake_store as store
from homemedia.photos.events import PhotoHidden, PhotosChanged
from homemedia.photos.intake_store import Held, NewPhoto
from homemedia.photos.kinds import SIDECAR, kind_of, mime_of
from homemedia.photos.models import EPOCH, PhotoKind, Visibility

PHOTOS = "photos"
SHA1_BYTES = 20
MAX_NAME = 255
QUOTA_WORDS = "Quota has been exceeded!"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a photo that comes in. Times in ms.

    Attributes:
        name: of its file, as its owner knows it.
        duration_ms: a hint; counts only for videos.
        live_video_id: the moving part of a live photo, uploaded before.
        metadata: JSON text by key, as apps send it.
        is_embedded: it did not come by itself, but inside a picture's file.
    """

    name: str
    taken_at: int
    modified_at: int
    is_favorite: bool = False
    visibility: Visibility = Visibility.TIMELINE
    duration_ms: int | None = None
    live_video_id: str | None = None
    device_asset_id: str = ""
    device_id: str = ""
    metadata: Mapping[str, str] = {}
    is_embedded: bool = False


class Kept(msgspec.Struct, frozen=True):
    """The photo that stands for some bytes now; `is_new`: since just now."""

    photo_id: str
    is_new: bool


class Checked(msgspec.Struct, frozen=True):
    """Whether bytes are held already: the photo, and whether it lies in the trash."""

    photo_id: str
    is_trashed: bool


class _Arrival(msgspec.Struct, frozen=True):
    """A file at its place."""

    spot: Spot
    digests: Digests
    name: str
    kind: PhotoKind


class _HeldAlready(Exception):  # noqa: N818 - ends a transaction, and is no fault
    pass


class Intake:
    """Takes photos in. An async context manager; leaving it waits for what is being committed.

    Attributes:
        after: told of each new photo inside its transaction: (tx, photo_id); sees to facts and pictures.
    """

    def __init__(self, db: Database, managed: Managed, clock: Clock | None = None) -> None:
        self._db = db
        self._managed = managed
        self._clock = clock or Clock()
        self._keeping: set[asyncio.Task[Kept]] = set()
        self.after: Callable[[Write, str], Awaitable[None]] = _nobody

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeping:
            await asyncio.wait(self._keeping)

    async def room(self, owner_id: str) -> int | None:
        """Bytes that still fit into a member's quota; None for any number.

        Raises:
            BadRequest: none do.
        """
        room = await store.room(self._db.read, owner_id)
        if room is not None and room <= 0:
            raise quota_exceeded()
        return room

    async def held(self, owner_id: str, checksums: Sequence[bytes]) -> dict[bytes, Checked]:
        """Which bytes need not be sent: those that a member uploaded and whose file is there."""
        found = await store.held(self._db.read, owner_id, checksums)
        return {
            checksum: Checked(one.photo_id, one.deleted_at is not None)
            for checksum, one in found.items()
            if one.missing_since_at is None
        }

    async def of_device(self, owner_id: str, device_id: str) -> list[str]:
        """A device's own ids of what it uploaded and is not in the trash."""
        return await store.of_device(self._db.read, owner_id, device_id)

    async def on_device(self, owner_id: str, device_id: str, ids: Sequence[str]) -> list[str]:
        """Which of a device's own ids are known."""
        return await store.on_device(self._db.read, owner_id, device_id, ids)

    async def check_live_video(self, owner_id: str, photo_id: str) -> None:
        """Let a video pass that may be the moving part of a photo.

        Raises:
            BadRequest: in the words that clients know.
        """
        row = await store.live_video(self._db.read, photo_id)
        if row is None:
            raise BadRequest("Live photo video not found")
        if row["kind"] != PhotoKind.VIDEO.value:
            raise BadRequest("Live photo video must be a video")
        if row["owner_id"] != owner_id:
            raise BadRequest("Live photo video does not belong to the user")

    async def keep(self, owner_id: str, received: Received, wish: Wish, sidecar: Received | None = None) -> Kept:
        """Make a photo of a received file, unless the owner has these bytes.

        Goes on to its end when the caller is cancelled.

        Args:
            owner_id: whose photo it will be.
            received: moved to its place when it is kept.
            wish: what is said of it; the ending of its name decides what it is.
            sidecar: an XMP file that goes with it.

        Raises:
            BadRequest: `Unsupported file type …`, an empty file, the quota, a wrong moving part.
            StorageFull, Unavailable: the disk refuses.
        """
        name = clean_name(wish.name)
        kind = kind_of(name)
        if kind is None:
            raise unsupported(name)
        if not received.digests.size_bytes:
            raise BadRequest("The file is empty.", code="empty_file", field="assetData", reason="is empty")
        if wish.live_video_id is not None:
            await self.check_live_video(owner_id, wish.live_video_id)
        task = asyncio.create_task(self._keep(owner_id, received, wish, name, kind, sidecar))
        self._keeping.add(task)
        task.add_done_callback(self._kept)
        return await asyncio.shield(task)

    def _kept(self, task: asyncio.Task[Kept]) -> None:
        self._keeping.discard(task)
        if not task.cancelled():
            task.exception()  # who left meanwhile hears of nothing, and nothing of it was kept

    async def _keep(
        self, owner_id: str, received: Received, wish: Wish, name: str, kind: PhotoKind, sidecar: Received | None
    ) -> Kept:
        found = await self.holding(owner_id, received.digests.sha1)
        if found is not None:
            return await self._again(found, received)
        beside = [Beside(sidecar.path, SIDECAR)] if sidecar is not None else []
        place = self._managed.placed(
            received.path,
            folder=folder_of(owner_id, wish.taken_at),
            name=name,
            modified_at=wish.modified_at,
            beside=beside,
        )
        try:
            async with place as spot:
                arrival = _Arrival(spot, received.digests, name, kind)
                return Kept(await self._enter(owner_id, arrival, wish), is_new=True)
        except _HeldAlready:
            # Another upload of the same bytes was quicker by a moment.
            found = await self.holding(owner_id, received.digests.sha1)
            if found is None:
                raise
            return Kept(found.photo_id, is_new=False)

    async def adopt(self, owner_id: str, spot: Spot, digests: Digests) -> str | None:
        """Make a photo of a file that lies at its place and has no row: what a killed server left.

        It is a member's already, so no quota refuses it.

        Returns:
            The photo; None when there is no such member, he has the bytes elsewhere, or it is no photo.
        """
        name = spot.path.rpartition("/")[2]
        kind = kind_of(name)
        if kind is None or not await store.may_own(self._db.read, owner_id):
            return None
        at = spot.mtime_ns // 1_000_000
        arrival = _Arrival(spot, digests, name, kind)
        try:
            wish = Wish(name=name, taken_at=at, modified_at=at)
            return await self._enter(owner_id, arrival, wish, must_fit=False)
        except _HeldAlready:
            return None

    async def _enter(self, owner_id: str, arrival: "_Arrival", wish: Wish, *, must_fit: bool = True) -> str:
        digests, name, kind = arrival.digests, arrival.name, arrival.kind
        photo_id = new_uuid()
        async with self._db.write(durable=True) as tx:
            now, stamp = self._clock.now_ms(), await tx.stamp()
            if await store.held(tx.rows, owner_id, [digests.sha1]):
                raise _HeldAlready
            if not await store.charge(tx, owner_id, digests.size_bytes, must_fit=must_fit):
                raise quota_exceeded()
            file_id = await self._managed.enter(tx, arrival.spot, digests, mime_of(name))
            photo = NewPhoto(
                photo_id=photo_id,
                owner_id=owner_id,
                file_id=file_id,
                kind=kind,
                checksum=digests.sha1,
                original_name=name,
                size_bytes=digests.size_bytes,
                taken_at=wish.taken_at,
                modified_at=wish.modified_at,
                duration_ms=wish.duration_ms if kind is PhotoKind.VIDEO else None,
                is_favorite=wish.is_favorite,
                visibility=wish.visibility,
                live_video_id=wish.live_video_id,
                device_asset_id=wish.device_asset_id,
                device_id=wish.device_id,
                is_embedded=wish.is_embedded,
            )
            await store.add(tx, photo, now=now, stamp=stamp)
            if wish.metadata:
                await store.set_metadata(tx, photo_id, wish.metadata, now=now, stamp=stamp)
            if wish.live_video_id is not None:
                await self.hide(tx, owner_id, wish.live_video_id)
            await self.after(tx, photo_id)
            tx.announce(PhotosChanged(owner_id=owner_id, photo_ids=(photo_id,), is_new=True))
        return photo_id

    async def hide(self, tx: Write, owner_id: str, photo_id: str) -> None:
        """Take a video out of the timeline: it is the moving part of a photo now."""
        if await store.hide(tx, photo_id, now=self._clock.now_ms(), stamp=await tx.stamp()):
            tx.announce(PhotoHidden(owner_id=owner_id, photo_id=photo_id))

    async def holding(self, owner_id: str, checksum: bytes) -> Held | None:
        """The photo that has these bytes, whether its file is there or missing."""
        return (await store.held(self._db.read, owner_id, [checksum])).get(checksum)

    async def _again(self, found: Held, received: Received) -> Kept:
        """The same bytes once more; they heal a photo whose file went missing."""
        if found.missing_since_at is not None:
            await self._managed.put_back(found.file_id, found.path, received.path)
        return Kept(found.photo_id, is_new=False)


def clean_name(name: str) -> str:
    """A file's name as it is shown: without folders and control characters, 255 characters at most."""
    last = _CONTROL.sub("", re.split(r"[/\\]", name)[-1]).strip()
    if len(last) <= MAX_NAME:
        return last
    stem, dot, ending = last.rpartition(".")
    return stem[: MAX_NAME - len(dot + ending)] + dot + ending if len(ending) < MAX_NAME // 2 else last[:MAX_NAME]


def folder_of(owner_id: str, taken_at: int) -> str:
    """Where a photo lies below the managed root: by owner, year and month."""
    moment = EPOCH + dt.timedelta(milliseconds=taken_at)
    return f"{PHOTOS}/{owner_id}/{moment.year:04d}/{moment.month:02d}"


def checksum_of(text: str) -> bytes | None:
    """A SHA-1 as clients write it: hex of 40 characters, base64 of 28; None for anything else."""
    try:
        raw = bytes.fromhex(text) if len(text) == 2 * SHA1_BYTES else _base64(text)
    except ValueError:
        return None
    return raw if raw is not None and len(raw) == SHA1_BYTES else None


def _base64(text: str) -> bytes | None:
    if len(text) != 28:
        return None
    try:
        return binascii.a2b_base64(text.translate(str.maketrans("-_", "+/")), strict_mode=True)
    except binascii.Error:
        return None


def unsupported(name: str) -> AppError:
    return BadRequest(f"Unsupported file type {name}", code="unsupported_file_type")


def quota_exceeded() -> AppError:
    # The mobile app stops its backup on these very words.
    return BadRequest(QUOTA_WORDS, code="quota_exceeded")


async def _nobody(_tx: Write, _photo_id: str) -> None:
    await asyncio.sleep(0)
