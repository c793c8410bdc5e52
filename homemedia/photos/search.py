"""Members find photos: by what they are, by words, by likeness (photos §6.5, 10.2)."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec
from msgspec import UNSET

from homemedia.accounts import Guest, Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import BadRequest
from homemedia.library.naming.normal import fold
from homemedia.photos import likeness, reading, visible
from homemedia.photos import search_store as store
from homemedia.photos.assets import require_elevated
from homemedia.photos.filters import SAID, Chosen, Condition, Scope, Wanted, conditions
from homemedia.photos.index import PhotoIndex
from homemedia.photos.models import EPOCH, Visibility
from homemedia.photos.wire import Asset
from homemedia.photos.words import Asked, read_query
from homemedia.sharing.rights import Right

EXIF: Final = frozenset({"exif"})
NO_NEEDS: Final = frozenset[str]()
# What fewer photos have is looked for by its own index, what more have in the order asked for.
MANY: Final = 3000
PUBLIC_COLUMNS: Final = "{name description words} : "
EXPLORED_CITIES, PHOTOS_OF_A_CITY = 12, 5
COLLECTION: Final = "collection"
ALL: Final = 1 << 40


class Order(msgspec.Struct, frozen=True):
    """By what, and "asc" or "desc"."""

    by: str = "fileCreatedAt"
    direction: str = "desc"


class Slice(msgspec.Struct, frozen=True):
    """Which part of a long list: so many, behind so many."""

    size: int
    offset: int = 0


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A part of what was found, and how many there are in all; `behind` None where it is the last part."""

    assets: list[Asset]
    total: int
    behind: int | None


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """Where a photo was taken."""

    photo_id: str
    latitude: float
    longitude: float
    city: str | None
    state: str | None
    country: str | None


class Search:
    """Answers searches, each within what the member may see.

    Attributes:
        showing: among the photos meant, those that show what words say, the nearest first; set where there is a model.
        showing_same: likewise, those that show what another does; None where that is not known.
    """

    def __init__(self, db: Database, index: PhotoIndex, clock: Clock | None = None) -> None:
        self._db = db
        self._index = index
        self._clock = clock or Clock()
        self.showing: Callable[[str, Chosen], Awaitable[list[str]]] = _nothing
        self.showing_same: Callable[[str, Chosen], Awaitable[list[str] | None]] = _unknown

    async def by_facts(
        self,
        actor: Member | Guest,
        wanted: Wanted,
        part: Slice,
        *,
        order: Order | None = None,
        has_people: bool = False,
    ) -> Found:
        """Photos that are as wanted.

        Raises:
            BadRequest: who holds a link names no album.
            Unauthorized: what is locked is wanted, and his PIN does not open it.
            NotFound: an album is wanted that is not there, or not for him.
        """
        order = order or Order()
        if isinstance(actor, Guest):
            wanted, order = _for_guest(actor, wanted, order)
        await self._catch_up(wanted)
        needs = EXIF if order.by == "rating" else NO_NEEDS
        chosen = await self._chosen(actor, wanted, needs=needs)
        ids, total = await asyncio.gather(
            store.page(
                self._db.read,
                chosen,
                order=order.by,
                direction=order.direction,
                limit=part.size + 1,
                offset=part.offset,
            ),
            store.count(self._db.read, chosen),
        )
        return await self._found(actor, ids, total, part, has_people=has_people)

    async def _found(
        self, actor: Member | Guest, ids: list[str], total: int, part: Slice, *, has_people: bool
    ) -> Found:
        shape = reading.USUAL if has_people else reading.WITHOUT_PEOPLE
        made = await reading.for_actor(self._db.read, ids[: part.size], actor, at_ms=self._clock.now_ms(), shape=shape)
        behind = part.offset + part.size if len(ids) > part.size else None
        return Found(assets=made, total=total, behind=behind)

    async def count(self, actor: Member, wanted: Wanted) -> int:
        """How many photos are as wanted; errors as `by_facts`."""
        await self._catch_up(wanted)
        return await store.count(self._db.read, await self._chosen(actor, wanted))

    async def some(
        self, actor: Member, wanted: Wanted, size: int, *, order: Order, has_people: bool = False
    ) -> list[Asset]:
        """Some photos that are as wanted, in an order or in none; errors as `by_facts`."""
        await self._catch_up(wanted)
        chosen = await self._chosen(actor, wanted)
        ids = await store.page(self._db.read, chosen, order=order.by, direction=order.direction, limit=size, offset=0)
        shape = reading.USUAL if has_people else reading.WITHOUT_PEOPLE
        return await reading.for_actor(self._db.read, ids, actor, at_ms=self._clock.now_ms(), shape=shape)

    async def surprise(self, actor: Member, size: int) -> list[Asset]:
        """Some photos of his timeline, others every time."""
        return await self.some(actor, Wanted(visibility=Visibility.TIMELINE), size, order=Order("random"))

    async def largest(self, actor: Member, wanted: Wanted, min_size_bytes: int, size: int) -> list[Asset]:
        """The largest of what is wanted, the largest first; errors as `by_facts`."""
        wanted = msgspec.structs.replace(wanted, min_size_bytes=min_size_bytes)
        return await self.some(actor, wanted, size, order=Order("fileSizeInBytes"))

    async def newest(self, actor: Member, size: int) -> list[Asset]:
        """What came in last."""
        return await self.some(actor, Wanted(visibility=Visibility.TIMELINE), size, order=Order("createdAt"))

    # Words

    async def by_words(
        self, actor: Member, query: str, wanted: Wanted, part: Slice, *, has_people: bool = False
    ) -> Found:
        """Photos of which all the words are said, the best first; of which some are, where none has all.

        Errors as `by_facts`. Nothing but words that say nothing finds nothing.
        """
        await self._index.catch_up()
        asked = read_query(query, self._today())
        if asked.is_empty:
            return Found(assets=[], total=0, behind=None)
        wanted = _within(wanted, asked)
        if not asked.words:
            return await self.by_facts(actor, wanted, part, has_people=has_people)
        chosen = await self._chosen(actor, wanted)
        told = await self._chosen(actor, wanted, asks_facts=True)
        if shown := await self.showing(query, chosen):
            said, _ = await self._said(told, asked, Slice(ALL))
            return await self._part_of(actor, list(dict.fromkeys([*said, *shown])), part, has_people=has_people)
        ids, total = await self._said(told, asked, part)
        return await self._found(actor, ids, total, part, has_people=has_people)

    async def _said(self, chosen: Chosen, asked: Asked, part: Slice) -> tuple[list[str], int]:
        ids, total = await self._hits(chosen, asked, part, is_any=False)
        if not total and not part.offset and len(asked.words) > 1:
            ids, total = await self._hits(chosen, asked, part, is_any=True)
        return ids, total

    async def _hits(self, chosen: Chosen, asked: Asked, part: Slice, *, is_any: bool) -> tuple[list[str], int]:
        has_others = "partner_ids" in chosen.args or "album_ids" in chosen.args
        return await store.hits(
            self._db.read,
            chosen,
            words=asked.match(is_any=is_any),
            public_words=asked.match(is_any=is_any, columns=PUBLIC_COLUMNS) if has_others else None,
            limit=part.size + 1,
            offset=part.offset,
        )

    async def alike(
        self, actor: Member, photo_id: str, wanted: Wanted, part: Slice, *, has_people: bool = False
    ) -> Found:
        """Photos that look like another, the most alike first, itself left out; errors as `by_facts`.

        Raises:
            NotFound: that other is not there, or not for him.
        """
        await visible.require(self._db.read, visible.readable(actor, self._clock.now_ms()), [photo_id])
        chosen = await self._chosen(actor, wanted)
        shown = await self.showing_same(photo_id, chosen)
        if shown is not None:
            return await self._part_of(actor, shown, part, has_people=has_people)
        like = await store.thumbhash(self._db.read, photo_id)
        if like is None:
            return Found(assets=[], total=0, behind=None)
        hashes = await store.hashes(self._db.read, chosen)
        ids = await asyncio.shield(self._ranked(like, [one for one in hashes if one[0] != photo_id]))
        return await self._part_of(actor, ids, part, has_people=has_people)

    async def _part_of(self, actor: Member, ids: list[str], part: Slice, *, has_people: bool) -> Found:
        some = ids[part.offset : part.offset + part.size + 1]
        return await self._found(actor, some, len(ids), part, has_people=has_people)

    async def _ranked(self, like: bytes, hashes: list[tuple[str, bytes]]) -> list[str]:
        near: list[tuple[float, str]] = []
        for start in range(0, len(hashes), likeness.BATCH):
            near += likeness.near(like, hashes[start : start + likeness.BATCH])
            await asyncio.sleep(0)
        return [one for _, one in sorted(near)]

    # What there is

    async def values(
        self, actor: Member, kinds: Sequence[str], wanted: Wanted, *, query: str | None, has_null: bool
    ) -> list[str | None]:
        """What is said of photos in sight, sorted: countries, cities, cameras. What begins like `query` comes first."""
        chosen = await self._chosen(actor, wanted, needs=EXIF, asks_facts=True)
        found: set[str] = set()
        for kind in kinds:
            found |= set(await store.values(self._db.read, chosen, kind))
        listed: list[str | None] = [*sorted(found, key=lambda one: (fold(one), one))]
        if query:
            needle = fold(query.strip())
            begins = [one for one in listed if one and fold(one).startswith(needle)]
            holds = [one for one in listed if one and needle in fold(one) and one not in begins]
            return [*begins, *holds]
        if has_null and [kind for kind in kinds if await store.has_none(self._db.read, chosen, kind)]:
            listed.append(None)
        return listed

    async def cities(self, actor: Member, *, at_least: int = 1, limit: int = ALL) -> list[tuple[str, Asset]]:
        """Cities with the newest photo of each, those with most photos first."""
        chosen = await self._chosen(actor, Wanted(visibility=Visibility.TIMELINE), needs=EXIF)
        rows = await store.cities(self._db.read, chosen, at_least=at_least, limit=limit)
        photo_ids = [row["photo_id"] for row in rows]
        made = await reading.for_actor(self._db.read, photo_ids, actor, at_ms=self._clock.now_ms())
        city_of = {row["photo_id"]: row["city"] for row in rows}
        return [(city_of[one.id], one) for one in made]

    async def markers(
        self, actor: Member, wanted: Wanted, *, with_partners: bool, album_ids: Sequence[str] = ()
    ) -> list[Marker]:
        """Where photos were taken, the newest first."""
        chosen = await self._chosen(
            actor, wanted, needs=EXIF, asks_facts=True, with_partners=with_partners, album_ids=album_ids
        )
        rows = await store.markers(self._db.read, chosen)
        return [Marker(**dict(row)) for row in rows]

    # Whose photos

    async def _chosen(
        self,
        actor: Member | Guest,
        wanted: Wanted,
        *,
        needs: frozenset[str] = NO_NEEDS,
        asks_facts: bool = False,
        with_partners: bool = True,
        album_ids: Sequence[str] = (),
    ) -> Chosen:
        now = self._clock.now_ms()
        if wanted.visibility is Visibility.LOCKED:
            require_elevated(actor, now)
        if album_ids:
            wanted = msgspec.structs.replace(wanted, album_ids=album_ids)
        if wanted.album_ids:
            await self.check_albums(actor, wanted.album_ids)
            if not album_ids:
                # Who opens an album by its id sees it though he hid it; what he searches it is not in.
                wanted = msgspec.structs.replace(wanted, album_ids=await self._unhidden(actor, wanted.album_ids))
            told = visible.telling(actor, now) if isinstance(actor, Member) else None
            scope = Scope(viewer_id=actor.user_id, is_shared=True, at_ms=now, told=told)
        elif isinstance(actor, Guest):
            raise visible.refused("asset.read")
        elif with_partners:
            scope = Scope(viewer_id=actor.user_id, partner_ids=await self.partners(actor))
        else:
            scope = Scope(viewer_id=actor.user_id)
        is_few = await self._are_few(wanted)
        return conditions(wanted, scope, needs=needs, begins_with_exif=is_few, asks_facts=asks_facts)

    async def _are_few(self, wanted: Wanted) -> bool:
        said = {name: value for name in SAID if isinstance(value := getattr(wanted, name), str | int)}
        return bool(said) and await store.are_few(self._db.read, said, many=MANY)

    async def partners(self, actor: Member) -> list[str]:
        """Whose photos stand among a member's own."""
        return await store.partners(self._db.read, actor.user_id, now=self._clock.now_ms())

    async def check_albums(self, actor: Member | Guest, album_ids: Sequence[str]) -> None:
        """Let albums pass.

        Raises:
            NotFound: one is not there, or not for him.
        """
        if isinstance(actor, Guest):
            if actor.target_type != COLLECTION or set(album_ids) != {actor.target_id}:
                raise visible.refused("album.read")
            # By a link one sees what its maker shows in an album of his own.
            actor = actor.maker
        if set(album_ids) - await self._open_albums(actor, album_ids, with_hidden=True):
            raise visible.refused("album.read")

    async def _unhidden(self, actor: Member | Guest, album_ids: Sequence[str]) -> Sequence[str]:
        """Those of albums that somebody has not hidden from himself; an id that is none where none is left."""
        if isinstance(actor, Guest):
            return album_ids
        left = await self._open_albums(actor, album_ids, with_hidden=False)
        return [one for one in album_ids if one in left] or [""]

    async def _open_albums(self, actor: Member, album_ids: Sequence[str], *, with_hidden: bool) -> set[str]:
        args = {
            "viewer_id": actor.user_id,
            "granted_at": self._clock.now_ms(),
            "right": int(Right.VIEW),
            "with_hidden": int(with_hidden),
        }
        return await store.albums(self._db.read, list(album_ids), visible.ALBUMS_SQL, args)

    async def _catch_up(self, wanted: Wanted) -> None:
        if any(one is not UNSET for one in (wanted.original_name, wanted.original_path, wanted.description)) or any(
            "text" in one.needs for one in wanted.more
        ):
            await self._index.catch_up()

    def _today(self) -> dt.date:
        return (EPOCH + dt.timedelta(milliseconds=self._clock.now_ms())).date()


async def _nothing(_text: str, _chosen: Chosen) -> list[str]:
    await asyncio.sleep(0)
    return []


async def _unknown(_photo_id: str, _chosen: Chosen) -> list[str] | None:
    await asyncio.sleep(0)
    return None


def _for_guest(guest: Guest, wanted: Wanted, order: Order) -> tuple[Wanted, Order]:
    """What who holds a link may ask: of its album, and nothing that would tell what it does not show.

    Raises:
        BadRequest: no album is named.
    """
    if not wanted.album_ids:
        raise BadRequest("Shared link access is only allowed in combination with an albumIds filter")
    if visible.knows_facts(guest):
        return msgspec.structs.replace(wanted, original_path=UNSET), order
    by = order.by if order.by in {"fileCreatedAt", "localDateTime"} else "fileCreatedAt"
    return Wanted(album_ids=wanted.album_ids, kind=wanted.kind), Order(by, order.direction)


def _within(wanted: Wanted, asked: Asked) -> Wanted:
    if asked.local_from is None or asked.local_until is None:
        return wanted
    span = Condition(
        sql="photo.local_taken_at >= :local_from AND photo.local_taken_at < :local_until",
        args={"local_from": asked.local_from, "local_until": asked.local_until},
    )
    return msgspec.structs.replace(wanted, more=[*wanted.more, span])


def offset_of(page: int | None, cursor: str | None, size: int) -> int:
    """How far in a part begins.

    Raises:
        BadRequest: the cursor is none of ours.
    """
    if cursor is None:
        return ((page or 1) - 1) * size
    if not (cursor.isascii() and cursor.isdigit()) or len(cursor) > len(str(ALL)):
        raise BadRequest("Validation failed", field="cursor", reason="is no cursor")
    return int(cursor)
