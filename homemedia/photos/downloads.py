"""Many photos at once, as archives (photos §9.6)."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self

import msgspec
from msgspec import UnsetType

from homemedia.accounts import Guest, Member
from homemedia.accounts.photo_account.preferences import PhotoPreferences
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import BadRequest, NotFound
from homemedia.core.threads import Lane
from homemedia.core.zipped import Entry, unlike
from homemedia.photos import downloads_store as store
from homemedia.photos import search_store, visible
from homemedia.photos.search import Search
from homemedia.sharing.rights import Right

THREADS = 2
ARCHIVE_BYTES = 4 << 30


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """What a member has said of downloads."""

    archive_bytes: int = ARCHIVE_BYTES
    has_embedded: bool = False


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into one archive."""

    size_bytes: int
    photo_ids: Sequence[str]


class Downloads:
    """Divides what is wanted into archives, and finds the files of one. An async context manager.

    Attributes:
        preferences_of: what a member has said of the photo API's things.
        lane: threads that read the files.
    """

    def __init__(self, db: Database, search: Search, clock: Clock | None = None) -> None:
        self._db = db
        self._search = search
        self._clock = clock or Clock()
        self.preferences_of: Callable[[str], Awaitable[PhotoPreferences]] | None = None
        self.lane = Lane("downloads", THREADS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.lane.close()

    async def plan(
        self,
        actor: Member | Guest,
        *,
        photo_ids: Sequence[str] | None,
        album_id: str | None,
        user_id: str | None,
        archive_bytes: int | None,
    ) -> list[Part]:
        """What goes into which archive: a new one begins once one is large enough.

        Raises:
            BadRequest: nothing is named.
            NotFound: something is not there, or not for him.
        """
        habits = Habits() if isinstance(actor, Guest) else await self._habits(actor.user_id)
        wanted = await self._wanted(actor, photo_ids, album_id, user_id)
        limit = archive_bytes or habits.archive_bytes
        parts: list[Part] = []
        ids: list[str] = []
        size = 0
        for row in await store.sizes(self._db.read, wanted):
            ids.append(row["photo_id"])
            size += row["size_bytes"]
            if row["live_video_id"] and (habits.has_embedded or not row["is_embedded"]):
                ids.append(row["live_video_id"])
                size += row["video_bytes"] or 0
            if size > limit:
                parts.append(Part(size_bytes=size, photo_ids=ids))
                ids, size = [], 0
        if ids:
            parts.append(Part(size_bytes=size, photo_ids=ids))
        return parts

    async def _wanted(
        self, actor: Member | Guest, photo_ids: Sequence[str] | None, album_id: str | None, user_id: str | None
    ) -> Sequence[str]:
        if isinstance(actor, Guest) and not may_take(actor):
            raise visible.refused("asset.download")
        now = self._clock.now_ms()
        sight = visible.downloadable(actor, now)
        if photo_ids is not None:
            await visible.require(self._db.read, sight, photo_ids)
            return list(dict.fromkeys(photo_ids))
        if album_id is not None:
            try:
                await self._search.check_albums(actor, [album_id])
            except NotFound:
                raise visible.refused("album.download") from None
            return await store.of_album(self._db.read, album_id, sight.sql, sight.args)
        if user_id is not None and isinstance(actor, Guest):
            raise visible.refused("timeline.download")
        if user_id is not None:
            partners = await search_store.partners(self._db.read, actor.user_id, now=now, all_of_them=True)
            if user_id != actor.user_id and user_id not in partners:
                raise visible.refused("timeline.download")
            return await store.of_owner(self._db.read, user_id, sight.sql, sight.args)
        raise BadRequest("assetIds, albumId, or userId is required")

    async def _habits(self, user_id: str) -> Habits:
        said = None if self.preferences_of is None else (await self.preferences_of(user_id)).download
        if said is None or isinstance(said, UnsetType):
            return Habits()
        return Habits(
            archive_bytes=said.archive_size if isinstance(said.archive_size, int) else ARCHIVE_BYTES,
            has_embedded=said.include_embedded_videos is True,
        )

    async def entries(self, actor: Member | Guest, photo_ids: Sequence[str]) -> list[Entry]:
        """The files of photos, each with a name of its own.

        Raises:
            NotFound: one is not there, or not for him; a file is away.
        """
        wanted = list(dict.fromkeys(photo_ids))
        if isinstance(actor, Guest) and not may_take(actor):
            raise visible.refused("asset.download")
        await visible.require(self._db.read, visible.downloadable(actor, self._clock.now_ms()), wanted)
        rows = await store.files(self._db.read, wanted)
        paths = [Path(row["root"], row["path"]) for row in rows]
        sizes = await self.lane.run(_sizes, paths)
        names = unlike(row["original_name"] for row in rows)
        return [
            Entry(name=name, path=path, size_bytes=size, changed_at=row["local_taken_at"])
            for name, path, size, row in zip(names, paths, sizes, rows, strict=True)
        ]

    async def may_go_on(self, actor: Member, photo_ids: Sequence[str]) -> bool:
        """Whether a member may still take all of these home."""
        wanted = set(photo_ids)
        return wanted == await visible.permitted(
            self._db.read, visible.downloadable(actor, self._clock.now_ms()), wanted
        )

    async def of_others(self, actor: Member, photo_ids: Sequence[str]) -> list[str]:
        """Those of photos that are not a member's own, so that he may lose the right to them."""
        mine = await visible.permitted(self._db.read, visible.own(actor, self._clock.now_ms()), photo_ids)
        return [photo_id for photo_id in photo_ids if photo_id not in mine]


def may_take(guest: Guest) -> bool:
    """Whether who holds a link may have files as they are, with what cameras wrote into them."""
    return bool(guest.rights & Right.DOWNLOAD) and visible.knows_facts(guest)


def _sizes(paths: Sequence[Path]) -> list[int]:
    try:
        return [path.stat().st_size for path in paths]
    except OSError as err:
        raise NotFound("A file is away just now.", code="file_away") from err
