"""Makes the answers on albums from rows, for one viewer."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import UNSET

from homemedia.accounts.photo_account.wire import PublicUser
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.photos import people_of
from homemedia.photos.albums import store
from homemedia.photos.albums.models import COLLECTION, Album, Role, role_of
from homemedia.photos.albums.store import Facts
from homemedia.photos.albums.wire import AlbumAnswer, AlbumUser, Contributor
from homemedia.photos.times import iso
from homemedia.sharing import Grants
from homemedia.sharing.given_store import Grant
from homemedia.sharing.rights import Right

LINK = "public_link"


class Teller:
    """Says of albums what the photo API says of them."""

    def __init__(self, grants: Grants, clock: Clock) -> None:
        self._grants = grants
        self._clock = clock

    async def tell(self, read: Reader, viewer_id: str, albums: Sequence[Album]) -> list[AlbumAnswer]:
        """Albums as answers, in this order, without their photos. Who may see them is asked before."""
        now = self._clock.now_ms()
        ids = [album.album_id for album in albums]
        facts = await store.facts(read, ids, now=now)
        newest = await store.newest(read, [one for one, found in facts.items() if not found.has_cover], now=now)
        given = await self._grants.of(read, COLLECTION, ids)
        members = await people_of.members(read)
        return [
            _answer(
                album,
                viewer_id,
                facts.get(album.album_id),
                newest.get(album.album_id, album.cover_photo_id),
                given.get(album.album_id, ()),
                members,
            )
            for album in albums
            if album.owner_id in members
        ]

    async def tell_one(self, read: Reader, viewer_id: str, album: Album) -> AlbumAnswer:
        return (await self.tell(read, viewer_id, [album]))[0]

    async def with_contributors(self, read: Reader, answer: AlbumAnswer) -> AlbumAnswer:
        """Say of an album that others see too whose photos lie in it."""
        if not answer.shared:
            return answer
        found = await store.contributors(read, answer.id, now=self._clock.now_ms())
        counts = [Contributor(user_id=owner_id, asset_count=photos) for owner_id, photos in found]
        return msgspec.structs.replace(answer, contributor_counts=counts)


def bare_album(answer: AlbumAnswer) -> AlbumAnswer:
    """What who holds a link is told of an album: of its people none but whose it is, and of him no address."""
    owner = msgspec.structs.replace(answer.owner, email="")
    users = [AlbumUser(user=owner, role=Role.OWNER.value)]
    return msgspec.structs.replace(answer, owner=owner, album_users=users, contributor_counts=UNSET)


def _answer(
    album: Album, viewer_id: str, facts: Facts | None, cover: str | None, given: Sequence[Grant], known: people_of.Known
) -> AlbumAnswer:
    owner = known[album.owner_id]
    return AlbumAnswer(
        id=album.album_id,
        album_name=album.name,
        description=album.description,
        created_at=iso(album.created_at),
        updated_at=iso(album.updated_at),
        owner_id=album.owner_id,
        owner=owner,
        album_thumbnail_asset_id=None if facts is None else cover,
        asset_count=0 if facts is None else facts.photos,
        shared=any(one.recipient_type != "user" or one.recipient_id in known for one in given),
        has_shared_link=any(one.recipient_type == LINK for one in given),
        is_activity_enabled=album.is_activity_enabled,
        activity_enabled=album.is_activity_enabled,
        order="asc" if album.sort_order == "asc" else "desc",
        album_users=[AlbumUser(user=owner, role=Role.OWNER.value), *_users(viewer_id, given, known)],
        start_date=UNSET if facts is None else iso(facts.first_at),
        end_date=UNSET if facts is None else iso(facts.last_at),
        last_modified_asset_timestamp=UNSET if facts is None else iso(facts.changed_at),
    )


def _users(viewer_id: str, given: Iterable[Grant], known: people_of.Known) -> list[AlbumUser]:
    """Who was let in: the viewer first, then by name."""
    rights: dict[str, Right] = {}
    for one in given:
        if one.recipient_type == "user" and one.recipient_id in known:
            rights[one.recipient_id] = rights.get(one.recipient_id, Right(0)) | one.rights
    users = [AlbumUser(user=known[user_id], role=role_of(bits).value) for user_id, bits in rights.items()]
    return sorted(users, key=lambda one: _place(one.user, viewer_id))


def _place(user: PublicUser, viewer_id: str) -> tuple[bool, str, str]:
    return user.id != viewer_id, user.name.casefold(), user.id
