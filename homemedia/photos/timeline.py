"""The timeline: months with counts, and the photos of one month (photos §10.1).

A month's photos are made into columns, lists of one length, for tens of thousands go through a phone's hands.
"""

import datetime as dt
import sqlite3
from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Guest, Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.wire import Wire
from homemedia.core.problems import BadRequest
from homemedia.photos import search_store, visible
from homemedia.photos import timeline_store as store
from homemedia.photos.assets import require_elevated
from homemedia.photos.filters import Chosen, Condition, Scope, Wanted, conditions
from homemedia.photos.models import EPOCH, Visibility, month_of, month_text
from homemedia.photos.search import EXIF, Search
from homemedia.photos.wire import maybe_base64


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which photos a timeline shows, and how.

    Attributes:
        user_id: whose; None for one's own.
        visibility: None for what is in the timeline and in the archive.
        is_stacked: of a stack only the first.
        bounds: west, south, east, north in degrees.
    """

    user_id: str | None = None
    album_id: str | None = None
    person_id: str | None = None
    tag_id: str | None = None
    is_favorite: bool | None = None
    is_trashed: bool = False
    visibility: Visibility | None = None
    with_partners: bool = False
    is_stacked: bool = False
    by: Literal["takenAt", "createdAt"] = "takenAt"
    direction: Literal["asc", "desc"] = "desc"
    bounds: tuple[float, float, float, float] | None = None

    @property
    def visibilities(self) -> Sequence[str]:
        if self.visibility is not None:
            return (self.visibility.value,)
        if self.with_partners:
            return (Visibility.TIMELINE.value,)
        return (Visibility.TIMELINE.value, Visibility.ARCHIVE.value)

    @property
    def is_counted(self) -> bool:
        """Whether the table of months knows the numbers without counting."""
        return self.by == "takenAt" and self.is_simple

    @property
    def is_of_album(self) -> bool:
        """Whether an album is shown and nothing asked of its photos that only their owner says."""
        asked = (self.user_id, self.person_id, self.tag_id, self.is_favorite, self.visibility, self.bounds)
        return self.album_id is not None and not any(one is not None for one in asked) and not self.is_trashed

    @property
    def is_simple(self) -> bool:
        """Whether an index of photos alone says which are shown."""
        return all(one is None for one in (self.album_id, self.person_id, self.tag_id, self.bounds))


class Bucket(Wire, frozen=True, kw_only=True):
    """One month in columns: the first entries of all lists are the first photo's."""

    id: Sequence[str]
    owner_id: Sequence[str]
    ratio: Sequence[float]
    is_favorite: Sequence[bool]
    visibility: Sequence[str]
    is_trashed: Sequence[bool]
    is_image: Sequence[bool]
    thumbhash: Sequence[str | None]
    created_at: Sequence[str]
    file_created_at: Sequence[str]
    local_offset_hours: Sequence[float]
    duration: Sequence[int | None]
    live_photo_video_id: Sequence[str | None]
    projection_type: Sequence[str | None]
    city: Sequence[str | None]
    country: Sequence[str | None]
    latitude: Sequence[float | None] | UnsetType = UNSET
    longitude: Sequence[float | None] | UnsetType = UNSET
    stack: Sequence[tuple[str, str] | None] | UnsetType = UNSET


class Timeline:
    """Answers months and their photos."""

    def __init__(self, db: Database, search: Search, clock: Clock | None = None) -> None:
        self._db = db
        self._search = search
        self._clock = clock or Clock()

    async def months(self, actor: Member | Guest, view: View) -> list[tuple[str, int]]:
        """The first day of each month with how many photos it has, in the view's order.

        Raises:
            BadRequest: partners' photos are wanted of a kind that they do not show.
            NotFound: somebody's photos or an album is wanted that is not for him.
            Unauthorized: what is locked is wanted, and his PIN does not open it.
        """
        view = _of_one(actor, view)
        scope = await self._scope(actor, view)
        if view.is_counted:
            found = await store.months(
                self._db.read,
                [scope.viewer_id, *scope.partner_ids],
                view.visibilities,
                is_trashed=view.is_trashed,
                is_favorite=view.is_favorite,
                is_stacked=view.is_stacked,
            )
        elif view.by == "createdAt" and view.is_simple:
            found = await self._created(self._chosen(view, scope), scope)
        else:
            found = await store.counted(self._db.read, self._chosen(view, scope), view.by)
        return [(month_text(one), found[one]) for one in sorted(found, reverse=view.direction == "desc")]

    async def _created(self, chosen: Chosen, scope: Scope) -> dict[int, int]:
        span = await store.created_span(self._db.read, [scope.viewer_id, *scope.partner_ids])
        if span is None:
            return {}
        months = range(month_of(span[0]), month_of(span[1]) + 1)
        bounds = (_span(dt.date(month // 12, month % 12 + 1, 1)) for month in months)
        wanted = [(one["month"], one["month_from"], one["month_until"]) for one in bounds]
        return await store.created(self._db.read, chosen, wanted)

    async def bucket(
        self, actor: Member | Guest, view: View, month: dt.date, *, with_coordinates: bool = False
    ) -> Bucket:
        """The photos of one month; errors as `months`."""
        view = _of_one(actor, view)
        scope = await self._scope(actor, view)
        chosen = self._chosen(view, scope, needs=EXIF)
        rows = await store.bucket(self._db.read, chosen, view.by, view.direction, _span(month), shown_to=actor.user_id)
        columns = _columns(rows, untold=await self._untold(actor, rows))
        left_out = set() if with_coordinates else {"latitude", "longitude"}
        if view.is_stacked:
            columns["stack"] = await self._stacks(columns["stack"])
        else:
            left_out.add("stack")
        return Bucket(**{name: column for name, column in columns.items() if name not in left_out})  # type: ignore[arg-type]

    async def _untold(self, actor: Member | Guest, rows: Sequence[sqlite3.Row]) -> set[str]:
        """Those of which it may not be told where they were taken."""
        if isinstance(actor, Guest):
            return set() if visible.knows_facts(actor) else {row["photo_id"] for row in rows}
        others = [row["photo_id"] for row in rows if row["owner_id"] != actor.user_id]
        return await visible.untold(self._db.read, actor, self._clock.now_ms(), others)

    async def _stacks(self, stack_ids: Sequence[object]) -> list[tuple[str, str] | None]:
        """Of each photo its stack, and how many photos that holds, as text."""
        wanted = {str(one) for one in stack_ids if one is not None}
        found = await store.stacked(self._db.read, wanted) if wanted else {}
        return [(str(one), str(found[str(one)])) if one in found else None for one in stack_ids]

    def _chosen(self, view: View, scope: Scope, *, needs: frozenset[str] = frozenset()) -> Chosen:
        more: list[Condition] = []
        if view.is_trashed:
            more.append(Condition(sql="photo.deleted_at IS NOT NULL", args={}))
        if view.is_stacked:
            more.append(Condition(sql=store.ON_TOP, args={}))
        visibility = view.visibility
        if visibility is None and view.with_partners:
            visibility = Visibility.TIMELINE
        wanted = Wanted(
            visibility=UNSET if visibility is None else visibility,
            is_favorite=UNSET if view.is_favorite is None else view.is_favorite,
            with_deleted=view.is_trashed,
            person_ids=() if view.person_id is None else (view.person_id,),
            tag_ids=() if view.tag_id is None else (view.tag_id,),
            album_ids=() if view.album_id is None else (view.album_id,),
            bounds=UNSET if view.bounds is None else view.bounds,
            more=more,
        )
        return conditions(wanted, scope, needs=needs)

    async def _scope(self, actor: Member | Guest, view: View) -> Scope:
        """Whose photos are shown.

        Raises:
            As `months`.
        """
        if isinstance(actor, Guest):
            if not view.is_of_album:
                raise visible.refused("timeline.read")
            await self._search.check_albums(actor, [str(view.album_id)])
            return Scope(viewer_id=actor.user_id, is_shared=True, at_ms=self._clock.now_ms())
        if view.visibility is Visibility.LOCKED:
            require_elevated(actor, self._clock.now_ms())
        is_plain = view.visibility in {None, Visibility.TIMELINE} and not view.is_trashed and view.is_favorite is None
        if view.with_partners and not is_plain:
            raise BadRequest("withPartners is only supported for non-archived, non-trashed, non-favorited assets")
        if view.album_id is not None:
            await self._search.check_albums(actor, [view.album_id])
            now = self._clock.now_ms()
            told = visible.telling(actor, now)
            return Scope(viewer_id=actor.user_id, is_shared=True, at_ms=now, told=told)
        if view.user_id is not None and view.user_id != actor.user_id:
            return await self._of_partner(actor, view)
        partners = await self._search.partners(actor) if view.with_partners else []
        return Scope(viewer_id=actor.user_id, partner_ids=partners)

    async def _of_partner(self, actor: Member, view: View) -> Scope:
        now = self._clock.now_ms()
        partners = await search_store.partners(self._db.read, actor.user_id, now=now, all_of_them=True)
        is_open = view.visibility is Visibility.TIMELINE and not view.is_trashed and view.is_favorite is None
        if view.user_id not in partners or not is_open or view.person_id or view.tag_id:
            raise visible.refused("timeline.read")
        return Scope(viewer_id=str(view.user_id))


def _columns(rows: Sequence[sqlite3.Row], *, untold: set[str]) -> dict[str, Sequence[object]]:
    """Rows as columns; the columns of the statement are those of the answer, in its order."""
    if not rows:
        return {name: [] for name in Bucket.__struct_fields__}
    columns: dict[str, Sequence[object]] = dict(zip(Bucket.__struct_fields__, zip(*rows, strict=True), strict=True))
    for name in ("is_favorite", "is_trashed", "is_image"):
        columns[name] = [one == 1 for one in columns[name]]
    columns["thumbhash"] = [maybe_base64(one) for one in columns["thumbhash"]]  # type: ignore[arg-type]  # bytes
    if untold:
        is_told = [photo_id not in untold for photo_id in columns["id"]]
        for name in ("city", "country", "latitude", "longitude"):
            columns[name] = [one if told else None for one, told in zip(columns[name], is_told, strict=True)]
    return columns


def _of_one(actor: Member | Guest, view: View) -> View:
    """A view of a partner's photos is of his timeline, for nothing else is shown of them."""
    if view.user_id in {None, actor.user_id} or view.album_id is not None or view.visibility is not None:
        return view
    return msgspec.structs.replace(view, visibility=Visibility.TIMELINE)


def _span(month: dt.date) -> dict[str, int]:
    first = dt.datetime(month.year, month.month, 1, tzinfo=dt.UTC)
    until = (first + dt.timedelta(days=32)).replace(day=1) if (month.year, month.month) < (9999, 12) else None
    return {
        "month": month.year * 12 + month.month - 1,
        "month_from": (first - EPOCH) // dt.timedelta(milliseconds=1),
        "month_until": (1 << 62) if until is None else (until - EPOCH) // dt.timedelta(milliseconds=1),
    }
