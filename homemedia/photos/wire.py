"""What the photo API calls an asset (photos §5.2, 5.3), and the small things in it. Times as ISO text."""

import sqlite3
from binascii import b2a_base64
from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, UnsetType

from homemedia.accounts.photo_account.wire import PublicUser
from homemedia.accounts.wire import iso
from homemedia.core.http.wire import Wire
from homemedia.photos.kinds import mime_of

Visible = Literal["timeline", "archive", "hidden", "locked"]
AssetType = Literal["IMAGE", "VIDEO", "AUDIO", "OTHER"]


class Exif(Wire, frozen=True, kw_only=True):
    """What a camera wrote down. Every key is there; null where nothing is known."""

    make: str | None = None
    model: str | None = None
    lens_model: str | None = None
    exif_image_width: int | None = None
    exif_image_height: int | None = None
    file_size_in_byte: int | None = None
    orientation: str | None = None
    date_time_original: str | None = None
    modify_date: str | None = None
    time_zone: str | None = None
    f_number: float | None = None
    focal_length: float | None = None
    iso: int | None = None
    exposure_time: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    description: str = ""
    projection_type: str | None = None
    rating: int | None = None


class StackMark(Wire, frozen=True, kw_only=True):
    """That an asset lies in a stack."""

    id: str
    primary_asset_id: str
    asset_count: int


class TagCard(Wire, frozen=True, kw_only=True):
    """`value` is the whole path, "Places/Rome", `name` its last part."""

    id: str
    name: str
    value: str
    parent_id: str | UnsetType = UNSET
    color: str | UnsetType = UNSET
    created_at: str
    updated_at: str


class PersonCard(Wire, frozen=True, kw_only=True):
    """`thumbnailPath` is "" for a person without a face; clients only look whether it is."""

    id: str
    name: str
    birth_date: str | None
    thumbnail_path: str
    is_hidden: bool
    is_favorite: bool
    color: str | UnsetType = UNSET
    updated_at: str


class Asset(Wire, frozen=True, kw_only=True):
    """One picture or video. `duration` in ms, null for stills; `owner` only where one asset is asked for."""

    id: str
    owner_id: str
    owner: PublicUser | UnsetType = UNSET
    type: AssetType
    original_file_name: str
    original_mime_type: str
    original_path: str
    library_id: str | None
    checksum: str
    thumbhash: str | None
    file_created_at: str
    file_modified_at: str
    local_date_time: str
    created_at: str
    updated_at: str
    duration: int | None
    width: int | None
    height: int | None
    is_favorite: bool
    is_archived: bool
    is_trashed: bool
    is_offline: bool
    is_edited: bool
    visibility: Visible
    has_metadata: bool
    resized: bool
    duplicate_id: str | None
    live_photo_video_id: str | None
    stack: StackMark | None
    people: Sequence[PersonCard]
    tags: Sequence[TagCard]
    exif_info: Exif
    device_asset_id: str
    device_id: str


class BareAsset(Wire, frozen=True, kw_only=True):
    """What visitors of a link without metadata are shown."""

    id: str
    type: AssetType
    original_mime_type: str
    thumbhash: str | None
    local_date_time: str
    duration: int | None
    live_photo_video_id: str | None
    has_metadata: bool
    width: int | None
    height: int | None


def asset(
    row: sqlite3.Row,
    *,
    is_own: bool,
    stack: StackMark | None = None,
    people: Sequence[PersonCard] = (),
    tags: Sequence[TagCard] = (),
    owner: PublicUser | UnsetType = UNSET,
) -> Asset:
    """A row of `store.SHOWN` as an answer.

    Args:
        row: of the photo.
        is_own: whether the caller owns it; favourites, duplicates and devices are nobody else's.
        stack: the one it lies in.
        people: who is on it.
        tags: what it is tagged with.
        owner: whose it is.
    """
    name: str = row["original_name"]
    visibility = row["visibility"]
    return Asset(
        id=row["photo_id"],
        owner_id=row["owner_id"],
        owner=owner,
        type=row["kind"],
        original_file_name=name,
        original_mime_type=mime_of(name),
        original_path=row["original_path"],
        library_id=row["library_id"],
        checksum=base64_of(row["checksum"]),
        thumbhash=maybe_base64(row["thumbhash"]),
        file_created_at=iso(row["taken_at"]),
        file_modified_at=iso(row["modified_at"]),
        local_date_time=iso(row["local_taken_at"]),
        created_at=iso(row["created_at"]),
        updated_at=iso(row["updated_at"]),
        duration=row["duration_ms"],
        width=row["width"] or None,
        height=row["height"] or None,
        is_favorite=is_own and bool(row["is_favorite"]),
        is_archived=visibility == "archive",
        is_trashed=row["deleted_at"] is not None,
        is_offline=bool(row["is_offline"]),
        is_edited=False,
        visibility=visibility,
        has_metadata=True,
        resized=row["thumbhash"] is not None,
        duplicate_id=row["duplicate_id"] if is_own else None,
        live_photo_video_id=row["live_video_id"],
        stack=stack,
        people=people,
        tags=tags,
        exif_info=exif(row),
        device_asset_id=row["device_asset_id"] if is_own else "",
        device_id=row["device_id"] if is_own else "",
    )


def bare_asset(row: sqlite3.Row) -> BareAsset:
    """A row of `store.SHOWN` for a visitor who is told nothing of it."""
    return BareAsset(
        id=row["photo_id"],
        type=row["kind"],
        original_mime_type=mime_of(row["original_name"]),
        thumbhash=maybe_base64(row["thumbhash"]),
        local_date_time=iso(row["local_taken_at"]),
        duration=row["duration_ms"],
        live_photo_video_id=row["live_video_id"],
        has_metadata=False,
        width=row["width"] or None,
        height=row["height"] or None,
    )


def exif(row: sqlite3.Row) -> Exif:
    """The part of a row of `store.SHOWN` that the camera wrote."""
    return Exif(
        make=row["make"],
        model=row["model"],
        lens_model=row["lens_model"],
        exif_image_width=row["exif_width"],
        exif_image_height=row["exif_height"],
        file_size_in_byte=row["size_bytes"],
        orientation=row["orientation"],
        date_time_original=_maybe_iso(row["date_time_original"]),
        modify_date=_maybe_iso(row["modify_date"]),
        time_zone=row["time_zone"],
        f_number=row["f_number"],
        focal_length=row["focal_length"],
        iso=row["iso"],
        exposure_time=row["exposure_time"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        city=row["city"],
        state=row["state"],
        country=row["country"],
        description=row["description"] or "",
        projection_type=row["projection_type"],
        rating=row["rating"] or None,
    )


def stack_mark(row: sqlite3.Row) -> StackMark:
    return StackMark(id=row["stack_id"], primary_asset_id=row["primary_photo_id"], asset_count=row["photos"])


def tag_card(row: sqlite3.Row) -> TagCard:
    """A row of table `tag` as an answer."""
    return TagCard(
        id=row["tag_id"],
        name=row["value"].rpartition("/")[2],
        value=row["value"],
        parent_id=row["parent_id"] or UNSET,
        color=row["color"] or UNSET,
        created_at=iso(row["created_at"]),
        updated_at=iso(row["updated_at"]),
    )


def person_card(row: sqlite3.Row) -> PersonCard:
    """A row of table `person` as an answer."""
    return PersonCard(
        id=row["person_id"],
        name=row["name"],
        birth_date=row["birth_date"],
        thumbnail_path=f"people/{row['person_id']}.jpeg" if row["face_id"] else "",
        is_hidden=bool(row["is_hidden"]),
        is_favorite=bool(row["is_favorite"]),
        color=row["color"] or UNSET,
        updated_at=iso(row["updated_at"]),
    )


def base64_of(data: bytes) -> str:
    return b2a_base64(data, newline=False).decode("ascii")


def maybe_base64(data: bytes | None) -> str | None:
    return None if data is None else base64_of(data)


def _maybe_iso(at: int | None) -> str | None:
    return None if at is None else iso(at)
