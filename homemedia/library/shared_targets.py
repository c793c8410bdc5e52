"""The library's things that can be shared: films, shows and what belongs to them, libraries, folders (shares §2.1)."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Reader
from homemedia.library import shared_targets_store as store
from homemedia.library.visible import visible_to
from homemedia.sharing.rights import granted_to
from homemedia.sharing.targets import Cover, Thing

MEDIA, LIBRARY, FOLDER = "media", "library", "folder"
MAX_FOLDER_DIGITS: Final = 18
CONTAINERS: Final = frozenset({"show", "artist"})


class LibraryTargets:
    """Implements `sharing.targets.Target`; all of it belongs to the house."""

    kinds = frozenset({MEDIA, LIBRARY, FOLDER})

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def look(self, read: Reader, target_type: str, target_ids: Sequence[str]) -> Mapping[str, Thing]:
        match target_type:
            case "media":
                return await _items(read, target_ids)
            case "library":
                return {row["library_id"]: _library(row) for row in await store.libraries(read, target_ids)}
            case _:
                return await _folders(read, _numbers(target_ids))

    async def seen(self, read: Reader, member: Member, target_type: str, target_ids: Sequence[str]) -> set[str]:
        now = self._clock.now_ms()
        visible = visible_to(member, now).opened
        match target_type:
            case "media":
                return await store.seen_items(read, visible, target_ids)
            case "library":
                # That something of it is shown to him makes no library his to see.
                seen = await store.seen_libraries(read, visible, target_ids)
                return seen & await self._whole(read, member, now, target_ids)
            case _:
                rows = await store.folders(read, _numbers(target_ids))
                whole = await self._whole(read, member, now, [row["library_id"] for row in rows])
                args = granted_to(member, now, is_opened=True)
                return await store.seen_folders(read, args, _numbers(target_ids), sorted(whole))

    async def _whole(self, read: Reader, member: Member, now: int, library_ids: Sequence[str]) -> set[str]:
        """Libraries that a member was granted as such."""
        if member.is_admin:
            return set(library_ids)
        granted = granted_to(member, now, is_opened=True)
        return await store.whole_libraries(read, granted) & set(library_ids)


async def _items(read: Reader, keys: Sequence[str]) -> dict[str, Thing]:
    rows = await store.items(read, keys)
    folders = await store.item_folders(read, [row["item_id"] for row in rows])
    return {row["rating_key"]: _item(row, folders.get(row["item_id"], ())) for row in rows}


def _item(row: sqlite3.Row, folders: Sequence[tuple[int, bool]]) -> Thing:
    above = [key for key in (row["parent_key"], row["grand_key"]) if key is not None]
    count = row["leaves"] if row["kind"] in CONTAINERS else row["children"]
    is_away = row["missing_since_at"] is not None or not row["is_available"]
    return Thing(
        target_type=MEDIA,
        target_id=row["rating_key"],
        title=_title(row),
        kind="film" if row["kind"] == "movie" else row["kind"],
        owner_id=None,
        state="offline" if is_away else "there",
        count=count if row["kind"] in {"show", "artist", "season", "album"} else 1,
        covers=(
            Cover(MEDIA, row["rating_key"]),
            *(Cover(MEDIA, key) for key in above),
            *(Cover(FOLDER, str(folder_id), is_direct) for folder_id, is_direct in folders),
            Cover(LIBRARY, row["library_id"]),
        ),
    )


def _title(row: sqlite3.Row) -> str:
    """A season and an episode say whose they are."""
    match row["kind"]:
        case "season":
            return f"{row['parent_title']}, {row['title']}"
        case "episode":
            return f"{row['grand_title'] or row['parent_title']}, {row['title']}"
        case _:
            return str(row["title"])


def _library(row: sqlite3.Row) -> Thing:
    return Thing(
        target_type=LIBRARY,
        target_id=row["library_id"],
        title=row["name"],
        kind=LIBRARY,
        owner_id=None,
        state="there" if row["is_available"] else "offline",
        covers=(Cover(LIBRARY, row["library_id"]),),
    )


async def _folders(read: Reader, ids: Sequence[str]) -> dict[str, Thing]:
    around = await store.around(read, ids)
    return {
        str(row["folder_id"]): _folder(row, around.get(row["folder_id"], ())) for row in await store.folders(read, ids)
    }


def _folder(row: sqlite3.Row, around: Sequence[int]) -> Thing:
    folder_id = str(row["folder_id"])
    # Never the path: who is shown a folder learns its own name.
    name = PurePath(row["path"]).name if row["path"] else row["name"]
    return Thing(
        target_type=FOLDER,
        target_id=folder_id,
        title=name,
        kind=FOLDER,
        owner_id=None,
        state="there" if row["is_available"] else "offline",
        covers=(
            Cover(FOLDER, folder_id),
            *(Cover(FOLDER, str(one), is_direct=False) for one in around),
            Cover(LIBRARY, row["library_id"]),
        ),
    )


def _numbers(target_ids: Sequence[str]) -> list[str]:
    """Those ids that can be a folder's."""
    return [one for one in target_ids if one.isascii() and one.isdigit() and len(one) <= MAX_FOLDER_DIGITS]
