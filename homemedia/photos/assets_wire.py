"""Bodies of the routes that list and edit photos (photos §6.3, 10.3)."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.wire import Query, Wire
from homemedia.core.problems import BadRequest
from homemedia.photos.assets import EARLIEST, LATEST, Span
from homemedia.photos.changes import Copied, has_both
from homemedia.photos.changes_store import Line
from homemedia.photos.edits import Edit, read_taken
from homemedia.photos.models import Visibility
from homemedia.photos.times import iso, read_time

MOST_AT_ONCE = 10_000
Rating = Annotated[int, msgspec.Meta(ge=-1, le=5)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ListQuery(Query, frozen=True, kw_only=True):
    """Times as ISO text or in ms."""

    updated_after: str | None = None
    updated_before: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_AT_ONCE)] | None = None
    offset: Annotated[int, msgspec.Meta(ge=0, le=1 << 40)] = 0

    @property
    def span(self) -> Span:
        return Span(
            after=_time(self.updated_after, "updatedAfter", EARLIEST),
            before=_time(self.updated_before, "updatedBefore", LATEST),
            limit=self.limit,
            offset=self.offset,
        )


class StatisticsQuery(Query, frozen=True, kw_only=True):
    is_favorite: bool | None = None
    is_trashed: bool = False
    visibility: Visibility | None = None


class RandomQuery(Query, frozen=True, kw_only=True):
    count: Count = 1


class _Facts(Wire, frozen=True, kw_only=True):
    is_favorite: bool | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET
    visibility: Visibility | UnsetType = UNSET
    description: Text | UnsetType | None = UNSET
    date_time_original: str | UnsetType = UNSET
    latitude: Latitude | UnsetType = UNSET
    longitude: Longitude | UnsetType = UNSET
    rating: Rating | UnsetType | None = UNSET

    @property
    def facts(self) -> Edit:
        """What both forms change.

        Raises:
            BadRequest: half a position; a date that is none.
        """
        visibility: str | UnsetType = UNSET
        if not isinstance(self.visibility, UnsetType):
            visibility = self.visibility.value
        position: tuple[float, float] | UnsetType = UNSET
        if has_both(self.latitude, self.longitude):
            position = (float(self.latitude), float(self.longitude))  # type: ignore[arg-type]
        return Edit(
            is_favorite=self.is_favorite,
            visibility=visibility,
            description=UNSET if isinstance(self.description, UnsetType) else (self.description or "").strip(),
            rating=self.rating,
            taken=UNSET if isinstance(self.date_time_original, UnsetType) else read_taken(self.date_time_original),
            position=position,
            archives=self.is_archived,
        )


class AssetBody(_Facts, frozen=True, kw_only=True):
    """What to change of one photo; a field that is left out stays."""

    live_photo_video_id: str | UnsetType | None = UNSET

    @property
    def edit(self) -> Edit:
        video = self.live_photo_video_id
        if isinstance(video, str):
            video = checked_uuid(video, "livePhotoVideoId")
        return msgspec.structs.replace(self.facts, live_video_id=video)


class AssetsBody(_Facts, frozen=True, kw_only=True):
    """What to change of many photos; `dateTimeRelative` in minutes."""

    ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=100_000)]
    date_time_relative: Annotated[int, msgspec.Meta(ge=-(1 << 40), le=1 << 40)] | UnsetType = UNSET
    time_zone: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    duplicate_id: str | UnsetType | None = UNSET

    @property
    def edit(self) -> Edit:
        duplicate = self.duplicate_id
        if isinstance(duplicate, str):
            duplicate = checked_uuid(duplicate, "duplicateId")
        return msgspec.structs.replace(
            self.facts, shift_min=self.date_time_relative, zone=self.time_zone, duplicate_id=duplicate
        )


class CopyBody(Wire, frozen=True, kw_only=True):
    source_id: str
    target_id: str
    albums: bool = True
    favorite: bool = True
    shared_links: bool = True
    sidecar: bool = True
    stack: bool = True

    @property
    def wish(self) -> Copied:
        return Copied(albums=self.albums, favorite=self.favorite, stack=self.stack, sidecar=self.sidecar)


class MetadataItem(Wire, frozen=True, kw_only=True):
    key: Key
    value: msgspec.Raw


class MetadataBody(Wire, frozen=True, kw_only=True):
    items: Annotated[list[MetadataItem], msgspec.Meta(max_length=MOST_AT_ONCE)]


class MetadataOfOne(MetadataItem, frozen=True, kw_only=True):
    asset_id: str


class ManyMetadataBody(Wire, frozen=True, kw_only=True):
    items: Annotated[list[MetadataOfOne], msgspec.Meta(max_length=MOST_AT_ONCE)]


class MetadataKey(Wire, frozen=True, kw_only=True):
    asset_id: str
    key: Key


class MetadataKeysBody(Wire, frozen=True, kw_only=True):
    items: Annotated[list[MetadataKey], msgspec.Meta(max_length=MOST_AT_ONCE)]


class MetadataCard(Wire, frozen=True, kw_only=True):
    key: str
    value: msgspec.Raw
    updated_at: str


class MetadataOfOneCard(MetadataCard, frozen=True, kw_only=True):
    asset_id: str


class StatisticsAnswer(Wire, frozen=True, kw_only=True):
    images: int
    videos: int
    total: int


class Edits(Wire, frozen=True, kw_only=True):
    """No picture is ever edited here: the list is empty."""

    asset_id: str
    edits: tuple[str, ...] = ()


def checked_ids(ids: list[str], field: str = "ids") -> list[str]:
    """Ids as they are kept.

    Raises:
        BadRequest: one is none; its place is named.
    """
    return [checked_uuid(one, f"{field}[{number}]") for number, one in enumerate(ids)]


def metadata_card(line: Line) -> MetadataCard:
    return MetadataCard(key=line.key, value=msgspec.Raw(line.value.encode()), updated_at=iso(line.updated_at))


def metadata_of_one(line: Line) -> MetadataOfOneCard:
    return MetadataOfOneCard(
        asset_id=line.photo_id, key=line.key, value=msgspec.Raw(line.value.encode()), updated_at=iso(line.updated_at)
    )


def checked_value(item: MetadataItem) -> bytes:
    """The JSON object an app wants kept.

    Raises:
        BadRequest: it is no object.
    """
    value = bytes(item.value)
    if not value.lstrip().startswith(b"{"):
        raise BadRequest("Validation failed", field="value", reason="Invalid input: expected object")
    return value


def _time(text: str | None, field: str, default: int) -> int:
    if text is None:
        return default
    bare = text.removeprefix("-")
    return (
        max(EARLIEST, min(LATEST, int(text)))
        if bare.isascii() and bare.isdigit() and len(bare) > len("2024")
        else read_time(text, field)
    )
