"""Albums come, change and go (photos §6.4)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Guest, Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest
from homemedia.photos.albums import contents_store, store
from homemedia.photos.albums.access import AlbumAccess
from homemedia.photos.albums.contents import Contents
from homemedia.photos.albums.events import AlbumChanged, AlbumGone
from homemedia.photos.albums.members import Members
from homemedia.photos.albums.models import COLLECTION, Album, Invited
from homemedia.sharing import Grants
from homemedia.sharing.rights import Right
from homemedia.sharing.targets import Cover

Order = Literal["asc", "desc"]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which albums are asked for; None leaves a question open."""

    album_id: str | None = None
    name: str | None = None
    photo_id: str | None = None
    is_owned: bool | None = None
    is_shared: bool | None = None


class NewAlbum(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    description: str = ""
    photo_ids: Sequence[str] = ()
    invited: Sequence[Invited] = ()


class AlbumChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of an album; what is UNSET stays."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    is_activity_enabled: bool | UnsetType = UNSET
    sort_order: Order | UnsetType = UNSET
    cover_photo_id: str | UnsetType = UNSET


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    owned: int
    shared: int
    not_shared: int


class Albums:
    """Makes, changes and removes albums.

    Args:
        db: where they are kept.
        grants: who was let into which.
        contents: puts photos in.
        members: lets others in.
        usual_order: the order of new albums of a member.
        clock: the time.
    """

    def __init__(
        self,
        db: Database,
        grants: Grants,
        contents: Contents,
        members: Members,
        usual_order: Callable[[str], Awaitable[Order]],
        clock: Clock,
    ) -> None:
        self._db = db
        self._grants = grants
        self._contents = contents
        self._members = members
        self._usual_order = usual_order
        self._clock = clock
        self.access = AlbumAccess(grants, clock)

    async def listed(self, actor: Member, wanted: Wanted) -> list[Album]:
        """The albums a member may open and asks for, newest first."""
        found = await store.listed(
            self._db.read,
            actor.user_id,
            now=self._clock.now_ms(),
            album_id=wanted.album_id,
            name=wanted.name,
            photo_id=wanted.photo_id,
        )
        if wanted.photo_id is not None or (wanted.is_owned is None and wanted.is_shared is None):
            return found
        shared = await self._shared(found)
        return [
            album
            for album in found
            if is_wanted(
                is_own=album.owner_id == actor.user_id,
                is_shared=album.album_id in shared,
                wants_owned=wanted.is_owned,
                wants_shared=wanted.is_shared,
            )
        ]

    async def counts(self, actor: Member) -> Counts:
        """How many albums are a member's own, and how many are shared by or with him."""
        found = await self.listed(actor, Wanted())
        shared = await self._shared(found)
        own = [album for album in found if album.owner_id == actor.user_id]
        alone = sum(album.album_id not in shared for album in own)
        return Counts(owned=len(own), shared=len(found) - alone, not_shared=alone)

    async def create(self, actor: Member, new: NewAlbum) -> Album:
        """Make an album of whatever of the photos its maker may share.

        Raises:
            BadRequest: somebody who is to be let in is not there.
        """
        invited = [one for one in new.invited if one.user_id != actor.user_id]
        await self._members.check(invited)
        order = await self._usual_order(actor.user_id)
        now = self._clock.now_ms()
        album = Album(
            album_id=new_uuid(),
            owner_id=actor.user_id,
            name=new.name,
            description=new.description,
            cover_photo_id=None,
            is_activity_enabled=True,
            sort_order=order,
            created_at=now,
            updated_at=now,
        )
        async with self._db.write(durable=True) as tx:
            await store.add(tx, album)
            await self._members.let_in(tx, album, invited, by=actor.user_id)
            told = await self.access.audience(tx.rows, album)
            tx.announce(AlbumChanged(album_id=album.album_id, user_ids=told, actor_id=actor.user_id, invited=told[1:]))
        if new.photo_ids:
            await self._contents.add(actor, album.album_id, new.photo_ids)
        return await self.get(actor, album.album_id)

    async def get(self, actor: Member | Guest, album_id: str) -> Album:
        """An album somebody may open.

        Raises:
            NotFound: there is none, or not for him.
        """
        if isinstance(actor, Guest):
            return await self.access.linked(self._db.read, actor, album_id)
        return await self.access.require(self._db.read, actor, album_id, Right.VIEW, "album.read")

    async def change(self, actor: Member, album_id: str, change: AlbumChange) -> Album:
        """Change what is said of an album.

        Raises:
            NotFound: there is none, or he may not.
            BadRequest: the photo that is to stand for it does not lie in it.
        """
        async with self._db.write() as tx:
            now = self._clock.now_ms()
            album = await self.access.require(tx.rows, actor, album_id, Right.EDIT, "album.update")
            cover = change.cover_photo_id
            if isinstance(cover, str) and not await contents_store.is_shown(tx.rows, album_id, cover, now=now):
                raise BadRequest("Invalid album thumbnail", field="albumThumbnailAssetId", reason="is not in the album")
            given = {
                name: value for name in AlbumChange.__struct_fields__ if (value := getattr(change, name)) is not UNSET
            }
            after = msgspec.structs.replace(album, **given, updated_at=now)
            await store.change(tx, after, now=now)
            told = await self.access.audience(tx.rows, album)
            tx.announce(AlbumChanged(album_id=album_id, user_ids=told, actor_id=actor.user_id))
            if album.owner_id != actor.user_id:
                on = Cover(COLLECTION, album_id)
                await self._grants.note(tx, "edited", on, by=actor.user_id, ids=[album_id])
        return after

    async def delete(self, actor: Member, album_id: str) -> None:
        """Remove an album with its grants and links; the photos stay.

        Raises:
            NotFound: there is none, or it is another's.
        """
        async with self._db.write(durable=True) as tx:
            album = await self.access.require_owner(tx.rows, actor, album_id, "album.delete")
            await self._delete(tx, album, by=actor.user_id)

    async def forget(self, tx: Write, user_id: str) -> None:
        """Drop the albums of a member who is purged; call it before his grants are ended."""
        for album_id in await store.of_owner(tx.rows, user_id):
            album = await store.one(tx.rows, album_id)
            if album is not None:
                await self._delete(tx, album, by=user_id)

    async def _delete(self, tx: Write, album: Album, *, by: str) -> None:
        told = await self.access.audience(tx.rows, album)
        found = await self._grants.of(tx.rows, COLLECTION, [album.album_id])
        await self._grants.revoke(tx, found.get(album.album_id, ()), by=by, reason="target_deleted")
        await store.drop(tx, album.album_id)
        tx.announce(AlbumGone(album_id=album.album_id, user_ids=told))

    async def _shared(self, albums: Sequence[Album]) -> set[str]:
        """Those of the albums that somebody beside their owner may open."""
        return set(await self._grants.of(self._db.read, COLLECTION, [album.album_id for album in albums]))


def is_wanted(*, is_own: bool, is_shared: bool, wants_owned: bool | None, wants_shared: bool | None) -> bool:
    """Whether an album a member may open belongs into his list: the table of photos §6.4. Pure.

    Args:
        is_own: it is his; another's is shared, else he could not open it.
        is_shared: others may open it too.
        wants_owned: only his own, or only others'; None for either.
        wants_shared: only what is shared by or with him, or only what is not; None for either.
    """
    if wants_owned is not None and is_own is not wants_owned:
        return False
    return wants_shared is None or (is_shared or not is_own) is wants_shared
