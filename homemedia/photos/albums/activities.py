"""What members say of albums and of photos in them, and what they like (photos §9.2)."""

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.photos.albums import activities_store as store
from homemedia.photos.albums import contents_store, told
from homemedia.photos.albums.access import AlbumAccess
from homemedia.photos.albums.activities_store import Activity, Asked
from homemedia.photos.albums.events import AlbumTalk
from homemedia.photos.visible import refused
from homemedia.sharing import Grants
from homemedia.sharing.rights import Right


class Activities:
    """What is said and liked in albums, by whoever is in them."""

    def __init__(self, db: Database, grants: Grants, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._access = AlbumAccess(grants, clock)

    async def listed(self, actor: Member, asked: Asked) -> list[Activity]:
        """Activities of an album, oldest first.

        Raises:
            NotFound: there is no such album, or not for him.
        """
        await self._access.require(self._db.read, actor, asked.album_id, Right.VIEW, "album.read")
        return await store.listed(self._db.read, asked, now=self._clock.now_ms())

    async def counts(self, actor: Member, album_id: str, photo_id: str | None) -> tuple[int, int]:
        """How many comments and likes an album or a photo in it has.

        Raises:
            NotFound: there is no such album, or not for him.
        """
        await self._access.require(self._db.read, actor, album_id, Right.VIEW, "activity.statistics")
        return await store.counts(self._db.read, album_id, photo_id, now=self._clock.now_ms())

    async def add(
        self, actor: Member, album_id: str, photo_id: str | None, comment: str | None
    ) -> tuple[Activity, bool]:
        """Say something, or like it when there is no comment; whether that is new.

        Raises:
            NotFound: there is no such album, he may not say anything in it, or the photo is not in it.
        """
        async with self._db.write() as tx:
            now = self._clock.now_ms()
            album = await self._access.require(tx.rows, actor, album_id, Right.COMMENT, "activity.create")
            is_there = photo_id is None or await contents_store.is_shown(tx.rows, album_id, photo_id, now=now)
            if not album.is_activity_enabled or not is_there:
                raise refused("activity.create")
            if comment is None and (liked := await store.like_of(tx.rows, actor.user_id, album_id, photo_id)):
                return liked, False
            activity = Activity(
                activity_id=new_uuid(),
                album_id=album_id,
                photo_id=photo_id,
                user_id=actor.user_id,
                user_name=actor.display_name,
                comment=comment,
                created_at=now,
            )
            await store.add(tx, activity)
            audience = await self._access.audience(tx.rows, album)
            await told.said(tx, album, activity, audience)
            tx.announce(AlbumTalk(album_id=album_id, user_ids=audience))
        return activity, True

    async def remove(self, actor: Member, activity_id: str) -> None:
        """Take something back: who said it, or the owner of the album.

        Raises:
            NotFound: there is no such thing, or it is neither his nor said in an album of his.
        """
        async with self._db.write() as tx:
            activity = await store.one(tx.rows, activity_id)
            if activity is None:
                raise refused("activity.delete")
            album = await self._access.require(tx.rows, actor, activity.album_id, Right.VIEW, "activity.delete")
            if actor.user_id not in {activity.user_id, album.owner_id}:
                raise refused("activity.delete")
            await store.drop(tx, activity_id)
            await told.taken_back(tx, activity_id)
            tx.announce(AlbumTalk(album_id=album.album_id, user_ids=await self._access.audience(tx.rows, album)))
