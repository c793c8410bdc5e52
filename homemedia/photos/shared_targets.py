"""What members share of their photos: single ones, albums, all they have (shares §2.1)."""

import sqlite3
from collections.abc import Mapping, Sequence

import msgspec

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.photos import shared_targets_store as store
from homemedia.photos import visible
from homemedia.photos.albums import store as albums
from homemedia.sharing.rights import Right
from homemedia.sharing.targets import Cover, Thing, ThingState

MEDIA, COLLECTION, USER_LIBRARY = "media", "collection", "user_library"
WORDS = {"IMAGE": "image", "VIDEO": "video", "AUDIO": "audio"}


class PhotoTargets:
    """Implements `sharing.targets.Target`."""

    kinds = frozenset({MEDIA, COLLECTION, USER_LIBRARY})

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def look(self, read: Reader, target_type: str, target_ids: Sequence[str]) -> Mapping[str, Thing]:
        match target_type:
            case "media":
                return {row["photo_id"]: _photo(row) for row in await store.photos(read, target_ids)}
            case "collection":
                return {row["album_id"]: _album(row) for row in await store.albums(read, target_ids)}
            case _:
                return {row["user_id"]: _all_of(row) for row in await store.people(read, target_ids)}

    async def seen(self, read: Reader, member: Member, target_type: str, target_ids: Sequence[str]) -> set[str]:
        now = self._clock.now_ms()
        match target_type:
            case "media":
                return await visible.permitted(read, visible.readable(member, now), target_ids)
            case "collection":
                return set(await albums.allowed(read, member.user_id, target_ids, Right.VIEW, now=now))
            case _:
                return {member.user_id} & set(target_ids)


def _photo(row: sqlite3.Row) -> Thing:
    photo_id, owner_id = row["photo_id"], row["owner_id"]
    shown = (Cover(USER_LIBRARY, owner_id),) if row["visibility"] == "timeline" else ()
    state: ThingState = "there"
    if row["deleted_at"] is not None or row["visibility"] == "locked":
        state = "trashed"
    elif row["is_offline"]:
        state = "offline"
    held = msgspec.json.decode(row["albums"], type=list[str])
    return Thing(
        target_type=MEDIA,
        target_id=photo_id,
        title=row["original_name"],
        kind=WORDS.get(row["kind"], "file"),
        owner_id=owner_id,
        state=state,
        count=1,
        covers=(Cover(MEDIA, photo_id), *(Cover(COLLECTION, album_id) for album_id in held), *shown),
    )


def _album(row: sqlite3.Row) -> Thing:
    return Thing(
        target_type=COLLECTION,
        target_id=row["album_id"],
        title=row["name"],
        kind="album",
        owner_id=row["owner_id"],
        state="there" if row["deleted_at"] is None else "trashed",
        count=row["photos"],
        covers=(Cover(COLLECTION, row["album_id"]),),
    )


def _all_of(row: sqlite3.Row) -> Thing:
    return Thing(
        target_type=USER_LIBRARY,
        target_id=row["user_id"],
        title=row["display_name"],
        kind=USER_LIBRARY,
        owner_id=row["user_id"],
        covers=(Cover(USER_LIBRARY, row["user_id"]),),
    )
