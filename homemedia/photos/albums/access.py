"""Who may do what with an album (photos §4.1), asked in one place.

Threat: who may not open an album must not learn that there is one, so every refusal has the same words.
"""

from collections.abc import Iterable, Mapping

from homemedia.accounts import Guest, Member
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.photos.albums import store
from homemedia.photos.albums.models import COLLECTION, Album
from homemedia.photos.visible import refused
from homemedia.sharing import Grants
from homemedia.sharing.given_store import Grant
from homemedia.sharing.rights import Right


class AlbumAccess:
    """Lets members pass to albums."""

    def __init__(self, grants: Grants, clock: Clock) -> None:
        self._grants = grants
        self._clock = clock

    async def require(self, read: Reader, actor: Member, album_id: str, right: Right, word: str) -> Album:
        """The album, for who has a right on it.

        Raises:
            NotFound: there is none, or not for him.
        """
        album = (await self.among(read, actor, [album_id], right)).get(album_id)
        if album is None:
            raise refused(word)
        return album

    async def linked(self, read: Reader, guest: Guest, album_id: str) -> Album:
        """The album that a link leads to, as its maker may open it.

        Raises:
            NotFound: it leads elsewhere.
        """
        if guest.target_type != COLLECTION or guest.target_id != album_id:
            raise refused("album.read")
        return await self.require_owner(read, guest.maker, album_id, "album.read")

    async def require_owner(self, read: Reader, actor: Member, album_id: str, word: str) -> Album:
        """The album, for its owner alone.

        Raises:
            NotFound: there is none, or it is another's.
        """
        album = await self.require(read, actor, album_id, Right.VIEW, word)
        if album.owner_id != actor.user_id:
            raise refused(word)
        return album

    async def among(self, read: Reader, actor: Member, album_ids: Iterable[str], right: Right) -> Mapping[str, Album]:
        """Those of the albums on which a member has a right."""
        return await store.allowed(read, actor.user_id, album_ids, right, now=self._clock.now_ms())

    async def members(self, read: Reader, album_id: str) -> list[Grant]:
        """The grants that name members for an album, oldest first."""
        found = await self._grants.of(read, COLLECTION, [album_id])
        return [one for one in found.get(album_id, ()) if one.recipient_type == "user"]

    async def audience(self, read: Reader, album: Album) -> tuple[str, ...]:
        """Who may open an album: its owner, then its members."""
        given = [one.recipient_id for one in await self.members(read, album.album_id) if one.recipient_id is not None]
        return tuple(dict.fromkeys([album.owner_id, *given]))
