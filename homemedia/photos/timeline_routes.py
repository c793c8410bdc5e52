"""HTTP of the timeline and the map (photos §10.1, 10.4)."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET

from homemedia.accounts.models import Anybody, Caller
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.core.problems import BadRequest
from homemedia.photos.filters import Wanted
from homemedia.photos.models import EPOCH, Visibility
from homemedia.photos.search import Search
from homemedia.photos.search_wire import MapMarker, map_marker
from homemedia.photos.timeline import Bucket, Timeline, View
from homemedia.photos.times import read_time
from homemedia.photos.whereabouts import Place

CORNERS = 4
NOT_VALID = "Validation failed"


class MonthsQuery(Query, frozen=True, kw_only=True):
    """Which photos: all filters together."""

    user_id: str | None = None
    album_id: str | None = None
    person_id: str | None = None
    tag_id: str | None = None
    is_favorite: bool | None = None
    is_trashed: bool = False
    visibility: Visibility | None = None
    with_partners: bool = False
    with_stacked: bool = False
    order_by: Literal["takenAt", "createdAt"] = "takenAt"
    order: Literal["asc", "desc"] = "desc"
    bbox: str | None = None

    @property
    def view(self) -> View:
        """What is to be shown.

        Raises:
            BadRequest: an id or a box that is none.
        """
        return View(
            user_id=_id(self.user_id, "userId"),
            album_id=_id(self.album_id, "albumId"),
            person_id=_id(self.person_id, "personId"),
            tag_id=_id(self.tag_id, "tagId"),
            is_favorite=self.is_favorite,
            is_trashed=self.is_trashed,
            visibility=self.visibility,
            with_partners=self.with_partners,
            is_stacked=self.with_stacked,
            by=self.order_by,
            direction=self.order,
            bounds=None if self.bbox is None else _bounds(self.bbox),
        )


class BucketQuery(MonthsQuery, frozen=True, kw_only=True):
    """One month: its first day, or any time in it, also with a sign before it."""

    time_bucket: str
    with_coordinates: bool = False

    @property
    def month(self) -> dt.date:
        at = read_time(self.time_bucket.strip().lstrip("+-"), "timeBucket")
        return (EPOCH + dt.timedelta(milliseconds=at)).date()


class MonthCard(Wire, frozen=True, kw_only=True):
    time_bucket: str
    count: int


class MarkersQuery(Query, frozen=True, kw_only=True):
    is_favorite: bool | None = None
    is_archived: bool | None = None
    file_created_after: str | None = None
    file_created_before: str | None = None
    with_partners: bool = False
    with_shared_albums: bool = False

    @property
    def wanted(self) -> Wanted:
        after, before = self.file_created_after, self.file_created_before
        visibility = UNSET if self.is_archived else Visibility.TIMELINE
        return Wanted(
            is_favorite=UNSET if self.is_favorite is None else self.is_favorite,
            visibility=visibility,
            taken_after=UNSET if after is None else read_time(after, "fileCreatedAfter"),
            taken_before=UNSET if before is None else read_time(before, "fileCreatedBefore"),
        )


class PositionQuery(Query, frozen=True, kw_only=True):
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class PlaceName(Wire, frozen=True, kw_only=True):
    city: str | None
    state: str | None
    country: str | None


class TimelineRoutes:
    """Months and what they hold."""

    routes = Routes("photos", prefix="/api/timeline", family=Family.PHOTOS)

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    @routes.get("/buckets", permission="asset.read")
    async def list_months(self, actor: Anybody, query: MonthsQuery) -> list[MonthCard]:
        """List the months that have photos, with how many."""
        found = await self._timeline.months(actor, query.view)
        return [MonthCard(time_bucket=month, count=count) for month, count in found]

    @routes.get("/bucket", permission="asset.read")
    async def get_month(self, actor: Anybody, query: BucketQuery) -> Bucket:
        """Show the photos of one month, in columns."""
        return await self._timeline.bucket(actor, query.view, query.month, with_coordinates=query.with_coordinates)


class MapRoutes:
    """Where photos were taken."""

    routes = Routes("photos", prefix="/api/map", family=Family.PHOTOS)

    def __init__(self, search: Search, place_of: Callable[[float, float], Awaitable[Place]]) -> None:
        self._search = search
        self._place_of = place_of

    @routes.get("/reverse-geocode", permission="map.search")
    async def reverse_geocode(self, actor: Caller, query: PositionQuery) -> list[PlaceName]:  # noqa: ARG002 - any may
        """Name the place at a position; nothing where none is known."""
        found = await self._place_of(query.lat, query.lon)
        named = PlaceName(city=found.city, state=found.state, country=found.country)
        return [named] if found.country or found.city else []

    @routes.get("/markers", permission="map.read")
    async def markers(self, actor: Caller, query: MarkersQuery) -> list[MapMarker]:
        """List where photos were taken, the newest first."""
        found = await self._search.markers(actor, query.wanted, with_partners=query.with_partners)
        return [map_marker(one) for one in found]


def _id(text: str | None, field: str) -> str | None:
    return None if text is None else checked_uuid(text, field)


def _bounds(text: str) -> tuple[float, float, float, float]:
    try:
        numbers = [float(one) for one in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != CORNERS:
        raise BadRequest(NOT_VALID, field="bbox", reason="is not west,south,east,north")
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadRequest(NOT_VALID, field="bbox", reason="is not on the globe")
    return west, south, east, north
