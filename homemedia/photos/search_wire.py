"""Bodies and answers of the search routes (photos §6.5, 10.2)."""

import base64
import binascii
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.wire import Query, Wire
from homemedia.photos.filters import Wanted
from homemedia.photos.models import PhotoKind, Visibility
from homemedia.photos.search import Found, Marker, Order
from homemedia.photos.structured import read_filter
from homemedia.photos.times import read_time
from homemedia.photos.whereabouts import Town
from homemedia.photos.wire import Asset

Size = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Page = Annotated[int, msgspec.Meta(ge=1, le=1 << 31)]
Needle = Annotated[str, msgspec.Meta(max_length=2000)]
Maybe = Needle | UnsetType | None
Direction = Literal["asc", "desc"]
Kind = Literal["country", "state", "city", "camera-make", "camera-model", "camera-lens-model"]
KINDS: tuple[Kind, ...] = ("country", "state", "city", "camera-make", "camera-model", "camera-lens-model")
USUAL_SIZE, USUAL_SMART_SIZE = 250, 100
HEX_LENGTH = 40
_IDS = Annotated[list[str], msgspec.Meta(max_length=1000)]


class FilterBody(Wire, frozen=True, kw_only=True):
    """What every search may ask for. Times ISO; null asks for photos without a value, where that can be."""

    id: str | None = None
    library_id: str | UnsetType | None = UNSET
    device_id: str | None = None
    checksum: str | None = None
    type: PhotoKind | None = None
    is_favorite: bool | None = None
    is_offline: bool | None = None
    is_encoded: bool | None = None
    is_motion: bool | None = None
    is_not_in_album: bool | None = None
    is_archived: bool | None = None
    visibility: Visibility | None = None
    created_before: str | None = None
    created_after: str | None = None
    updated_before: str | None = None
    updated_after: str | None = None
    taken_before: str | None = None
    taken_after: str | None = None
    trashed_before: str | None = None
    trashed_after: str | None = None
    with_deleted: bool | None = None
    city: Maybe = UNSET
    state: Maybe = UNSET
    country: Maybe = UNSET
    make: Maybe = UNSET
    model: Maybe = UNSET
    lens_model: Maybe = UNSET
    rating: Annotated[int, msgspec.Meta(ge=-1, le=5)] | UnsetType | None = UNSET
    original_file_name: Needle | None = None
    original_path: Needle | None = None
    description: Needle | None = None
    ocr: Needle | None = None
    person_ids: _IDS | None = None
    tag_ids: _IDS | UnsetType | None = UNSET
    album_ids: _IDS | None = None
    with_exif: bool | None = None
    with_people: bool | None = None
    with_stacked: bool | None = None
    filter: dict[str, object] | None = None

    @property
    def wanted(self) -> Wanted:
        """What is asked for.

        Raises:
            BadRequest: an id, a time or a filter that is none.
        """
        condition = read_filter(self.filter) if self.filter else None
        visibility = self.visibility
        if visibility is None and self.is_archived is not None:
            visibility = Visibility.ARCHIVE if self.is_archived else Visibility.TIMELINE
        return Wanted(
            photo_id=_id(self.id, "id"),
            library_id=_id(self.library_id, "libraryId") if isinstance(self.library_id, str) else self.library_id,
            checksum=_checksum(self.checksum),
            kind=UNSET if self.type is None else self.type,
            is_favorite=_set(self.is_favorite),
            is_offline=_set(self.is_offline),
            is_encoded=_set(self.is_encoded),
            is_motion=_set(self.is_motion),
            is_not_in_album=_set(self.is_not_in_album),
            visibility=UNSET if visibility is None else visibility,
            created_before=_time(self.created_before, "createdBefore"),
            created_after=_time(self.created_after, "createdAfter"),
            updated_before=_time(self.updated_before, "updatedBefore"),
            updated_after=_time(self.updated_after, "updatedAfter"),
            taken_before=_time(self.taken_before, "takenBefore"),
            taken_after=_time(self.taken_after, "takenAfter"),
            trashed_before=_time(self.trashed_before, "trashedBefore"),
            trashed_after=_time(self.trashed_after, "trashedAfter"),
            with_deleted=bool(self.with_deleted),
            city=_said(self.city),
            state=_said(self.state),
            country=_said(self.country),
            make=_said(self.make),
            model=_said(self.model),
            lens_model=_said(self.lens_model),
            rating=None if self.rating == 0 else self.rating,
            original_name=self.original_file_name or UNSET,
            original_path=self.original_path or UNSET,
            description=self.description or UNSET,
            ocr=self.ocr or UNSET,
            person_ids=_ids(self.person_ids, "personIds"),
            tag_ids=None if self.tag_ids is None else _ids(self.tag_ids, "tagIds"),
            album_ids=_ids(self.album_ids, "albumIds"),
            is_unstacked=self.with_stacked is False,
            more=() if condition is None else (condition,),
        )


class OrderBody(Wire, frozen=True, kw_only=True):
    field: Literal["fileCreatedAt", "localDateTime", "fileSizeInBytes", "rating"] = "fileCreatedAt"
    direction: Direction = "desc"


class MetadataSearchBody(FilterBody, frozen=True, kw_only=True):
    page: Page | None = None
    size: Size | None = None
    cursor: str | None = None
    order: Direction | None = None
    order_by: OrderBody | None = None

    @property
    def sorted(self) -> Order:
        if self.order_by is not None:
            return Order(self.order_by.field, self.order_by.direction)
        return Order(direction=self.order or "desc")


class SmartSearchBody(FilterBody, frozen=True, kw_only=True):
    query: Needle | None = None
    query_asset_id: str | None = None
    language: str | None = None
    page: Page | None = None
    size: Size | None = None
    cursor: str | None = None


class RandomSearchBody(FilterBody, frozen=True, kw_only=True):
    size: Size | None = None


class LargeQuery(Query, frozen=True, kw_only=True):
    min_file_size: Annotated[int, msgspec.Meta(ge=0, le=1 << 60)] = 0
    size: Size = USUAL_SIZE


class PlacesQuery(Query, frozen=True, kw_only=True):
    name: Needle


class NamedPlace(Wire, frozen=True, kw_only=True):
    """A town; `admin1name` is its state or region."""

    name: str
    latitude: float
    longitude: float
    admin1name: str | UnsetType = UNSET
    admin2name: str | UnsetType = UNSET


class SuggestionsQuery(Query, frozen=True, kw_only=True):
    type: Kind | None = None
    query: str | None = None
    country: str | None = None
    state: str | None = None
    make: str | None = None
    model: str | None = None
    lens_model: str | None = None
    include_null: bool = False

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            country=self.country or UNSET,
            state=self.state or UNSET,
            make=self.make or UNSET,
            model=self.model or UNSET,
            lens_model=self.lens_model or UNSET,
        )


class AlbumHits(Wire, frozen=True, kw_only=True):
    """Albums are never found by a search of photos."""

    total: int = 0
    count: int = 0
    items: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()


class AssetHits(Wire, frozen=True, kw_only=True):
    """`nextPage` and `nextCursor` are null at the end."""

    total: int
    count: int
    items: list[Asset]
    facets: tuple[str, ...] = ()
    next_page: str | None
    next_cursor: str | None


class SearchAnswer(Wire, frozen=True, kw_only=True):
    albums: AlbumHits
    assets: AssetHits


class TotalAnswer(Wire, frozen=True, kw_only=True):
    total: int


class Explored(Wire, frozen=True, kw_only=True):
    value: str
    data: Asset


class ExploreAnswer(Wire, frozen=True, kw_only=True):
    field_name: str
    items: list[Explored]


class MapMarker(Wire, frozen=True, kw_only=True):
    id: str
    lat: float
    lon: float
    city: str | None
    state: str | None
    country: str | None


def named_place(town: Town) -> NamedPlace:
    return NamedPlace(
        name=town.city, latitude=town.latitude, longitude=town.longitude, admin1name=town.state or town.country or UNSET
    )


def search_answer(found: Found, size: int) -> SearchAnswer:
    behind = found.behind
    return SearchAnswer(
        albums=AlbumHits(),
        assets=AssetHits(
            total=found.total,
            count=len(found.assets),
            items=found.assets,
            next_page=None if behind is None else str(behind // size + 1),
            next_cursor=None if behind is None else str(behind),
        ),
    )


def map_marker(marker: Marker) -> MapMarker:
    return MapMarker(
        id=marker.photo_id,
        lat=marker.latitude,
        lon=marker.longitude,
        city=marker.city,
        state=marker.state,
        country=marker.country,
    )


def _set(value: bool | None) -> bool | UnsetType:  # noqa: FBT001 - three-valued
    return UNSET if value is None else value


def _said(value: str | UnsetType | None) -> str | UnsetType | None:
    return None if value == "" else value


def _id(text: str | None, field: str) -> str | UnsetType:
    return UNSET if text is None else checked_uuid(text, field)


def _ids(ids: list[str] | UnsetType | None, field: str) -> list[str]:
    if ids is None or isinstance(ids, UnsetType):
        return []
    return [checked_uuid(one, f"{field}[{number}]") for number, one in enumerate(ids)]


def _time(text: str | None, field: str) -> int | UnsetType:
    return UNSET if text is None else read_time(text, field)


def _checksum(text: str | None) -> bytes | UnsetType:
    """A SHA-1 in hex or base64; what is neither matches nothing."""
    if text is None:
        return UNSET
    try:
        if len(text) == HEX_LENGTH:
            return bytes.fromhex(text)
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (ValueError, binascii.Error):
        return b""
