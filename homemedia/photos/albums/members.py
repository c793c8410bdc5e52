"""Who is let into albums, and as what (photos §6.4, 10.4)."""

from collections.abc import Sequence

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.problems import BadRequest
from homemedia.photos import people_of
from homemedia.photos.albums import store, told
from homemedia.photos.albums.access import AlbumAccess
from homemedia.photos.albums.events import AlbumChanged, AlbumGone
from homemedia.photos.albums.models import COLLECTION, ORIGIN, RIGHTS, Album, Invited, Role, role_of
from homemedia.photos.visible import refused
from homemedia.sharing import Grants
from homemedia.sharing.given_store import Gift
from homemedia.sharing.rights import Right


class Members:
    """Lets members into albums and out of them."""

    def __init__(self, db: Database, grants: Grants, clock: Clock) -> None:
        self._db = db
        self._grants = grants
        self._clock = clock
        self._access = AlbumAccess(grants, clock)

    async def add(self, actor: Member, album_id: str, invited: Sequence[Invited]) -> Album:
        """Let others into one's album; who is in already stays what he is.

        Raises:
            NotFound: there is no such album, or it is another's.
            BadRequest: somebody is not there.
        """
        await self._access.require_owner(self._db.read, actor, album_id, "album.share")
        others = [one for one in invited if one.user_id != actor.user_id]
        await self.check(others)
        async with self._db.write(durable=True) as tx:
            album = await self._access.require_owner(tx.rows, actor, album_id, "album.share")
            new = await self.let_in(tx, album, others, by=actor.user_id)
            await self._touched(tx, album, actor.user_id, invited=new)
        return await self._access.require_owner(self._db.read, actor, album_id, "album.share")

    async def check(self, invited: Sequence[Invited]) -> None:
        """Let people pass who are members.

        Raises:
            BadRequest: `User not found`; there is one owner only.
        """
        if any(one.role is Role.OWNER for one in invited):
            raise BadRequest("Validation failed", field="albumUsers", reason=wrong_role())
        known = await people_of.members(self._db.read)
        if any(one.user_id not in known for one in invited):
            raise BadRequest("User not found")

    async def let_in(self, tx: Write, album: Album, invited: Sequence[Invited], *, by: str) -> tuple[str, ...]:
        """Grant an album to members; who was not in it before."""
        inside = {one.recipient_id for one in await self._access.members(tx.rows, album.album_id)}
        new = []
        for one in invited:
            gift = Gift(
                origin=ORIGIN,
                owner_id=album.owner_id,
                target_type=COLLECTION,
                target_id=album.album_id,
                recipient_id=one.user_id,
                rights=RIGHTS[one.role],
            )
            if one.user_id not in inside and await self._grants.grant(tx, gift, by=by):
                new.append(one.user_id)
        await told.let_in(tx, album, await self._access.members(tx.rows, album.album_id), new, by=by)
        return tuple(new)

    async def set_role(self, actor: Member, album_id: str, user_id: str, role: Role) -> None:
        """Make somebody editor or viewer of one's album.

        Raises:
            NotFound: there is no such album, or it is another's.
            BadRequest: he is not in it, or owns it.
        """
        async with self._db.write(durable=True) as tx:
            album = await self._access.require_owner(tx.rows, actor, album_id, "album.share")
            if role is Role.OWNER or user_id == album.owner_id:
                raise BadRequest("Cannot change the role of the album owner", field="role", reason=wrong_role())
            grants = [one for one in await self._access.members(tx.rows, album_id) if one.recipient_id == user_id]
            if not grants:
                raise BadRequest("Album not shared with user")
            for grant in grants:
                if role_of(grant.rights) is not role:
                    await self._grants.change(tx, grant, RIGHTS[role], by=actor.user_id)
                    await told.changed(tx, album, grant, by=actor.user_id)
            await self._touched(tx, album, actor.user_id)

    async def remove(self, actor: Member, album_id: str, user_id: str) -> None:
        """Let somebody out of an album: its owner anybody, everybody himself. His photos stay in it.

        Raises:
            NotFound: there is no such album, or he may not.
            BadRequest: the owner himself, or who is not in it.
        """
        async with self._db.write(durable=True) as tx:
            album = await self._access.require(tx.rows, actor, album_id, Right.VIEW, "album.share")
            if user_id == album.owner_id:
                raise BadRequest("Cannot remove album owner")
            if actor.user_id not in {album.owner_id, user_id}:
                raise refused("album.share")
            grants = [one for one in await self._access.members(tx.rows, album_id) if one.recipient_id == user_id]
            if not grants:
                raise BadRequest("Album not shared with user")
            await self._grants.revoke(tx, grants, by=actor.user_id)
            tx.announce(AlbumGone(album_id=album_id, user_ids=(user_id,)))
            await self._touched(tx, album, actor.user_id)

    async def _touched(self, tx: Write, album: Album, actor_id: str, *, invited: tuple[str, ...] = ()) -> None:
        await store.touch(tx, album.album_id, now=self._clock.now_ms())
        audience = await self._access.audience(tx.rows, album)
        tx.announce(AlbumChanged(album_id=album.album_id, user_ids=audience, actor_id=actor_id, invited=invited))


def wrong_role() -> str:
    return 'Invalid option: expected one of "editor"|"viewer"'
