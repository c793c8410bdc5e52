"""Photos go into albums and leave them (photos §6.4).

Threat: an album hands photos to others, so only what somebody may share goes in, and an editor takes out his own alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.photos import visible
from homemedia.photos.albums import contents_store, store, told
from homemedia.photos.albums.access import AlbumAccess
from homemedia.photos.albums.events import AlbumChanged
from homemedia.photos.albums.models import COLLECTION, Album
from homemedia.photos.bulk import BulkResult, Fault, batches, results
from homemedia.sharing import Grants
from homemedia.sharing.rights import Right
from homemedia.sharing.targets import Cover

# About 30 ms of the one writer.
BATCH = 1000


class Contents:
    """Puts photos into albums and takes them out."""

    def __init__(self, db: Database, grants: Grants, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._grants = grants
        self._access = AlbumAccess(grants, clock)

    async def add(self, actor: Member, album_id: str, photo_ids: Sequence[str]) -> list[BulkResult]:
        """Put photos into an album; what became of each.

        Raises:
            NotFound: there is no such album, or he may not.
        """
        album = await self._access.require(self._db.read, actor, album_id, Right.ADD, "albumAsset.create")
        held = await contents_store.held(self._db.read, album_id, photo_ids)
        new = [one for one in dict.fromkeys(photo_ids) if one not in held]
        allowed = await self._shareable(actor, new)
        taken = [one for one in new if one in allowed]
        await self._put(actor, album, taken)
        faults: dict[str, Fault] = dict.fromkeys(held, "duplicate")
        faults |= {one: "no_permission" for one in new if one not in allowed}
        return results(photo_ids, faults, done=set(taken))

    async def add_to_many(self, actor: Member, album_ids: Sequence[str], photo_ids: Sequence[str]) -> Fault | None:
        """Put photos into several albums; why nothing was put anywhere, or None."""
        albums = await self._access.among(self._db.read, actor, album_ids, Right.ADD)
        allowed = await self._shareable(actor, photo_ids)
        if not albums or not allowed:
            return "no_permission"
        has_put = False
        for album in albums.values():
            held = await contents_store.held(self._db.read, album.album_id, allowed)
            new = [one for one in dict.fromkeys(photo_ids) if one in allowed and one not in held]
            has_put = has_put or bool(new)
            await self._put(actor, album, new)
        return None if has_put else "duplicate"

    async def remove(self, actor: Member, album_id: str, photo_ids: Sequence[str]) -> list[BulkResult]:
        """Take photos out of an album; what became of each.

        Raises:
            NotFound: there is no such album, or he may not.
        """
        album = await self._access.require(self._db.read, actor, album_id, Right.REMOVE, "albumAsset.delete")
        held = await contents_store.held(self._db.read, album_id, photo_ids)
        is_owner = album.owner_id == actor.user_id
        going = [one for one, owner_id in held.items() if is_owner or owner_id == actor.user_id]
        for some in batches(going, BATCH):
            async with self._db.write() as tx:
                await contents_store.remove(tx, album_id, some)
                await store.uncover(tx, album_id, some)
                await self._touched(tx, album, actor.user_id)
                if not is_owner:
                    cover = Cover(COLLECTION, album_id)
                    await self._grants.note(tx, "removed", cover, by=actor.user_id, ids=some)
        return results(photo_ids, dict.fromkeys(held, "no_permission"), done=set(going))

    async def left(self, tx: Write, pairs: Sequence[tuple[str, str]]) -> None:
        """Photos were taken out of albums by who locked them: (album, photo). What was said of them there goes."""
        of_album: dict[str, list[str]] = defaultdict(list)
        for album_id, photo_id in pairs:
            of_album[album_id].append(photo_id)
        for album_id, photo_ids in of_album.items():
            await contents_store.silence(tx, album_id, photo_ids)
            await store.uncover(tx, album_id, photo_ids)
            album = await store.one(tx.rows, album_id)
            if album is not None:
                await self._touched(tx, album, "")

    async def leaving(self, tx: Write, photo_ids: Iterable[str]) -> None:
        """Photos go for good: whoever looks at an album they lie in is told."""
        await self.left(tx, await contents_store.holding(tx.rows, photo_ids))

    async def _shareable(self, actor: Member, photo_ids: Iterable[str]) -> set[str]:
        sight = visible.shareable(actor, self._clock.now_ms())
        return await visible.permitted(self._db.read, sight, photo_ids)

    async def _put(self, actor: Member, album: Album, photo_ids: Sequence[str]) -> None:
        for some in batches(photo_ids, BATCH):
            async with self._db.write() as tx:
                now = self._clock.now_ms()
                await contents_store.add(tx, album.album_id, some, by=actor.user_id, now=now)
                await store.cover(tx, album.album_id, some[0])
                audience = await self._touched(tx, album, actor.user_id)
                if len(audience) > 1:
                    await told.added(tx, album, some, audience, by=actor.user_id)
                if album.owner_id != actor.user_id:
                    cover = Cover(COLLECTION, album.album_id)
                    await self._grants.note(tx, "added", cover, by=actor.user_id, ids=some)

    async def _touched(self, tx: Write, album: Album, actor_id: str) -> tuple[str, ...]:
        """Who may open it, after they were told that it changed."""
        await store.touch(tx, album.album_id, now=self._clock.now_ms())
        audience = await self._access.audience(tx.rows, album)
        tx.announce(AlbumChanged(album_id=album.album_id, user_ids=audience, actor_id=actor_id))
        return audience


async def shown(read: Reader, album: Album, *, now: int) -> list[str]:
    """The photos of an album in its own order. Who may see them is asked before."""
    return await contents_store.photos(read, album.album_id, is_descending=album.sort_order == "desc", now=now)
