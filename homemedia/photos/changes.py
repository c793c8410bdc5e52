"""Members edit their photos: favourites, places, dates, words, and what apps keep with them (photos §6.3, 10.3)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec
from msgspec import UNSET

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest, NotFound
from homemedia.photos import changes_store as store
from homemedia.photos import visible
from homemedia.photos.changes_store import Line
from homemedia.photos.edits import Edit, edited
from homemedia.photos.events import PhotoHidden, PhotosChanged
from homemedia.photos.models import PhotoKind, Visibility
from homemedia.photos.whereabouts import Place

# So many are written at once: others wait no longer than a few hundredths of a second.
BATCH = 500


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What a photo is to take over from another."""

    albums: bool = True
    favorite: bool = True
    stack: bool = True
    sidecar: bool = True


async def _nowhere(_latitude: float, _longitude: float) -> Place | None:
    return None


async def _nothing(_tx: Write, _photo_ids: Sequence[str]) -> None:
    return None


async def _none_left(_tx: Write, _left: Sequence[tuple[str, str]]) -> None:
    return None


class Changes:
    """Edits photos, each member his own.

    Attributes:
        place_of: names the place of a position (latitude, longitude); None where nothing is known.
        after_edit: told, in the same transaction, of photos whose facts a person has entered: they belong into the file
            beside the original.
        after_leaving: told, in the same transaction, of (album, photo) pairs that came apart.
    """

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self.place_of: Callable[[float, float], Awaitable[Place | None]] = _nowhere
        self.after_edit: Callable[[Write, Sequence[str]], Awaitable[None]] = _nothing
        self.after_leaving: Callable[[Write, Sequence[tuple[str, str]]], Awaitable[None]] = _none_left

    async def edit(self, actor: Member, photo_ids: Iterable[str], edit: Edit) -> None:
        """Edit photos; all of them, or none when one is not his.

        Raises:
            NotFound: one is not there, or not his.
            BadRequest: a date or zone that is none; a live photo's video that cannot be.
        """
        wanted = list(dict.fromkeys(photo_ids))
        await visible.require(self._db.read, visible.own(actor, self._clock.now_ms()), wanted)
        place = await self._place(edit)
        if edit.live_video_id is not UNSET and await store.has_embedded(self._db.read, wanted):
            raise BadRequest("Cannot unlink Android motion photos")
        if isinstance(edit.live_video_id, str):
            await self._check_video(actor, edit.live_video_id, wanted)
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            async with self._db.write() as tx:
                await self._edit(tx, actor, some, edit, place)

    async def _place(self, edit: Edit) -> Place | None:
        return (
            None if isinstance(edit.position, msgspec.UnsetType) else (await self.place_of(*edit.position)) or Place()
        )

    async def _edit(self, tx: Write, actor: Member, photo_ids: Sequence[str], edit: Edit, place: Place | None) -> None:
        now = self._clock.now_ms()
        before = await store.known(tx.rows, photo_ids)
        after = {photo_id: edited(one, edit) for photo_id, one in before.items()}
        await store.keep(tx, after, now=now)
        if place is not None:
            await store.set_place(tx, after, city=place.city, state=place.state, country=place.country)
        if edit.visibility == Visibility.LOCKED.value:
            await self.after_leaving(tx, await store.leave_albums(tx, after))
        for photo_id, one in after.items():
            if one.live_video_id != (old := before[photo_id].live_video_id):
                await self._swap_video(tx, actor, old, one.live_video_id, one.visibility)
        if edit.is_of_facts:
            await self.after_edit(tx, list(after))
        tx.announce(PhotosChanged(owner_id=actor.user_id, photo_ids=tuple(after)))

    async def _swap_video(self, tx: Write, actor: Member, old: str | None, new: str | None, visibility: str) -> None:
        now = self._clock.now_ms()
        if old is not None:
            await store.set_visibility(tx, old, visibility, now=now)
        if new is not None:
            await store.set_visibility(tx, new, Visibility.HIDDEN.value, now=now)
            tx.announce(PhotoHidden(owner_id=actor.user_id, photo_id=new))

    async def _check_video(self, actor: Member, video_id: str, photo_ids: Sequence[str]) -> None:
        found = await store.live_video(self._db.read, video_id)
        if found is None:
            raise BadRequest("Live photo video not found")
        if found["kind"] != PhotoKind.VIDEO.value or video_id in photo_ids:
            raise BadRequest("Live photo video must be a video")
        if found["owner_id"] != actor.user_id:
            raise BadRequest("Live photo video does not belong to the user")

    async def copy(self, actor: Member, source_id: str, target_id: str, wish: Copied) -> None:
        """Give a photo what another has: when a better copy of a picture comes in.

        Raises:
            NotFound: one is not there, or not his.
            BadRequest: they are the same.
        """
        if source_id == target_id:
            raise BadRequest("Source and target asset must be different", field="targetId", reason="is the source")
        sight = visible.own(actor, self._clock.now_ms(), word="asset.copy")
        await visible.require(self._db.read, sight, [source_id, target_id])
        async with self._db.write() as tx:
            now = self._clock.now_ms()
            await store.copy(
                tx,
                source_id,
                target_id,
                albums=wish.albums,
                favorite=wish.favorite,
                stack=wish.stack,
                facts=wish.sidecar,
                now=now,
            )
            if wish.sidecar:
                await self.after_edit(tx, [target_id])
            tx.announce(PhotosChanged(owner_id=actor.user_id, photo_ids=(target_id,)))

    # What apps keep

    async def metadata(self, actor: Member, photo_id: str, key: str | None = None) -> list[Line]:
        """What apps keep with a photo, by key; or under one key.

        Raises:
            NotFound: the photo is not there or not his to see; nothing is kept under the key.
        """
        await visible.require(self._db.read, visible.readable(actor, self._clock.now_ms()), [photo_id])
        found = await store.metadata(self._db.read, photo_id, key)
        if key is not None and not found:
            raise NotFound(f'Metadata with key "{key}" not found for asset with id "{photo_id}"')
        return found

    async def set_metadata(self, actor: Member, lines: Sequence[tuple[str, str, bytes]]) -> list[Line]:
        """Keep (photo, key, JSON) for apps, over what stood there; all or nothing.

        Raises:
            NotFound: one of the photos is not there, or not his.
        """
        now = self._clock.now_ms()
        photo_ids = [photo_id for photo_id, _, _ in lines]
        await visible.require(self._db.read, visible.own(actor, now), photo_ids)
        kept = [Line(photo_id=one, key=key, value=value.decode(), updated_at=now) for one, key, value in lines]
        async with self._db.write() as tx:
            await store.set_metadata(tx, kept)
            tx.announce(PhotosChanged(owner_id=actor.user_id, photo_ids=tuple(dict.fromkeys(photo_ids))))
        return kept

    async def drop_metadata(self, actor: Member, keys: Sequence[tuple[str, str]]) -> None:
        """Forget what apps keep under (photo, key); what is not there is passed over.

        Raises:
            NotFound: one of the photos is not there, or not his.
        """
        now = self._clock.now_ms()
        await visible.require(self._db.read, visible.own(actor, now), [photo_id for photo_id, _ in keys])
        async with self._db.write() as tx:
            for photo_id, key in keys:
                await store.drop_metadata(tx, photo_id, key)


def has_both(latitude: object, longitude: object) -> bool:
    """Whether a position is said; one half of it is a mistake.

    Raises:
        BadRequest: one half is missing.
    """
    if (latitude is UNSET) != (longitude is UNSET):
        field = "latitude" if latitude is UNSET else "longitude"
        raise BadRequest("Latitude and longitude must both be provided", field=field, reason="is required")
    return latitude is not UNSET
