"""What happened to photos, told to the apps of whom it concerns in the words of the photo API (photos §11)."""

from collections.abc import Sequence

import msgspec

from homemedia.accounts import MemberChanged, SessionEnded
from homemedia.accounts.photo_account import store as accounts
from homemedia.core.db import Database
from homemedia.core.events import EventBus
from homemedia.photos import reading
from homemedia.photos.albums.events import AlbumChanged, AlbumGone
from homemedia.photos.events import (
    PhotoHidden,
    PhotosChanged,
    PhotosDeleted,
    PhotoSettingsChanged,
    PhotosReady,
    PhotosRestored,
    PhotosTrashed,
)
from homemedia.photos.live import store
from homemedia.photos.live.channel import AppChannel
from homemedia.photos.organise.events import PeopleChanged, StacksChanged
from homemedia.photos.sync import wire

SHOWN = frozenset({"timeline", "archive"})


class Uploaded(msgspec.Struct, frozen=True):
    """A photo as the app's own database has it: so it need not be asked for."""

    asset: wire.SyncAsset
    exif: wire.SyncExif


class News:
    """Hears what is announced and tells it."""

    def __init__(self, db: Database, channel: AppChannel, bus: EventBus) -> None:
        self._db = db
        self._channel = channel
        bus.subscribe(PhotosChanged, self._changed)
        bus.subscribe(PhotosReady, self._ready)
        bus.subscribe(PhotosTrashed, lambda event: self._ids("on_asset_trash", event.owner_id, event.photo_ids))
        bus.subscribe(PhotosRestored, lambda event: self._ids("on_asset_restore", event.owner_id, event.photo_ids))
        bus.subscribe(PhotosDeleted, self._deleted)
        bus.subscribe(PhotoHidden, lambda event: channel.tell([event.owner_id], "on_asset_hidden", event.photo_id))
        bus.subscribe(PhotoSettingsChanged, lambda _event: channel.tell(None, "on_config_update"))
        bus.subscribe(AlbumChanged, self._album_changed)
        bus.subscribe(AlbumGone, lambda event: channel.tell(event.user_ids, "on_album_update", event.album_id))
        bus.subscribe(StacksChanged, lambda event: channel.tell([event.owner_id], "on_asset_stack_update"))
        bus.subscribe(PeopleChanged, self._people_changed)
        bus.subscribe(SessionEnded, lambda event: channel.end(event.session_id, "on_session_delete", event.session_id))
        bus.subscribe(MemberChanged, self._member_changed)

    async def _changed(self, event: PhotosChanged) -> None:
        if event.is_new or not self._channel.listens(event.owner_id):
            return
        async for batch in reading.batches(self._db.read, event.photo_ids, viewer_id=event.owner_id):
            for asset in batch:
                await self._channel.tell([event.owner_id], "on_asset_update", asset)

    async def _ready(self, event: PhotosReady) -> None:
        if not self._channel.listens(event.owner_id):
            return
        rows = {row["photo_id"]: row for row in await store.ready(self._db.read, event.owner_id, event.photo_ids)}
        async for batch in reading.batches(self._db.read, event.photo_ids, viewer_id=event.owner_id):
            for asset in batch:
                row = rows.get(asset.id)
                if asset.visibility not in SHOWN or row is None:
                    continue
                await self._channel.tell([event.owner_id], "on_upload_success", asset)
                told = Uploaded(wire.own_asset(row), wire.exif(row))
                await self._channel.tell([event.owner_id], "AssetUploadReadyV2", told)

    async def _ids(self, name: str, owner_id: str, photo_ids: Sequence[str]) -> None:
        await self._channel.tell([owner_id], name, list(photo_ids))

    async def _deleted(self, event: PhotosDeleted) -> None:
        for photo_id in event.photo_ids:
            await self._channel.tell([event.owner_id], "on_asset_delete", photo_id)

    async def _album_changed(self, event: AlbumChanged) -> None:
        others = set(event.user_ids) - {event.actor_id}
        await self._channel.tell(others, "on_album_update", event.album_id)

    async def _people_changed(self, event: PeopleChanged) -> None:
        for person_id in event.faced:
            await self._channel.tell([event.owner_id], "on_person_thumbnail", person_id)

    async def _member_changed(self, event: MemberChanged) -> None:
        if not self._channel.count:
            return
        await self._channel.look_again(event.user_id)
        found = await accounts.account(self._db.read, event.user_id, with_removed=True)
        if found is None or found.removed_at is not None:
            await self._channel.tell(None, "on_user_delete", event.user_id)
