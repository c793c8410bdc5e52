"""The lines of a sync stream and what stands in them (photos §9.14). Times as ISO text; every key is there."""

import sqlite3
from typing import Any

import msgspec

from homemedia.accounts.photo_account.store import Account
from homemedia.accounts.wire import iso, photo_email
from homemedia.core.http.wire import Wire
from homemedia.photos.wire import AssetType, Visible, base64_of, maybe_base64


class Line(Wire, frozen=True):
    """One line. `ack` is what an app sends back once it has it."""

    type: str
    data: Any
    ack: str


class Nothing(Wire, frozen=True):
    """The data of lines that only say something."""


class User(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    email: str
    avatar_color: str | None
    deleted_at: str | None
    has_profile_image: bool
    profile_changed_at: str


class AuthUser(User, frozen=True, kw_only=True):
    """Oneself. `pinCode` says that there is one, never which."""

    is_admin: bool
    pin_code: str | None
    oauth_id: str
    storage_label: str | None
    quota_size_in_bytes: int | None
    quota_usage_in_bytes: int


class Partner(Wire, frozen=True, kw_only=True):
    shared_by_id: str
    shared_with_id: str
    in_timeline: bool


class SyncAsset(Wire, frozen=True, kw_only=True):
    """`duration` in ms; sizes upright."""

    id: str
    owner_id: str
    original_file_name: str
    checksum: str
    type: AssetType
    visibility: Visible
    is_favorite: bool
    is_edited: bool
    file_created_at: str | None
    file_modified_at: str | None
    local_date_time: str | None
    created_at: str | None
    deleted_at: str | None
    duration: int | None
    width: int | None
    height: int | None
    thumbhash: str | None
    live_photo_video_id: str | None
    stack_id: str | None
    library_id: str | None


class SyncExif(Wire, frozen=True, kw_only=True):
    """Sizes as stored; apps turn the picture by `orientation`."""

    asset_id: str
    description: str | None
    exif_image_width: int | None
    exif_image_height: int | None
    file_size_in_byte: int | None
    orientation: str | None
    date_time_original: str | None
    modify_date: str | None
    time_zone: str | None
    latitude: float | None
    longitude: float | None
    projection_type: str | None
    city: str | None
    state: str | None
    country: str | None
    make: str | None
    model: str | None
    lens_model: str | None
    f_number: float | None
    focal_length: float | None
    iso: int | None
    exposure_time: str | None
    profile_description: str | None
    rating: int | None
    fps: float | None


class SyncStack(Wire, frozen=True, kw_only=True):
    id: str
    created_at: str
    updated_at: str
    primary_asset_id: str
    owner_id: str


class SyncAlbum(Wire, frozen=True, kw_only=True):
    id: str
    name: str
    description: str
    created_at: str
    updated_at: str
    thumbnail_asset_id: str | None
    is_activity_enabled: bool
    order: str


class SyncAlbumWithOwner(SyncAlbum, frozen=True, kw_only=True):
    owner_id: str


class SyncAlbumUser(Wire, frozen=True, kw_only=True):
    album_id: str
    user_id: str
    role: str


class SyncAlbumAsset(Wire, frozen=True, kw_only=True):
    album_id: str
    asset_id: str


class MemoryData(Wire, frozen=True, kw_only=True):
    year: int


class SyncMemory(Wire, frozen=True, kw_only=True):
    id: str
    created_at: str
    updated_at: str
    deleted_at: str | None
    owner_id: str
    type: str
    data: MemoryData
    is_saved: bool
    memory_at: str
    seen_at: str | None
    show_at: str | None
    hide_at: str | None


class SyncMemoryAsset(Wire, frozen=True, kw_only=True):
    memory_id: str
    asset_id: str


class SyncPerson(Wire, frozen=True, kw_only=True):
    id: str
    created_at: str
    updated_at: str
    owner_id: str
    name: str
    birth_date: str | None
    is_hidden: bool
    is_favorite: bool
    color: str | None
    face_asset_id: str | None


class SyncFace(Wire, frozen=True, kw_only=True):
    id: str
    asset_id: str
    person_id: str | None
    image_width: int
    image_height: int
    bounding_box_x1: int = msgspec.field(name="boundingBoxX1")
    bounding_box_y1: int = msgspec.field(name="boundingBoxY1")
    bounding_box_x2: int = msgspec.field(name="boundingBoxX2")
    bounding_box_y2: int = msgspec.field(name="boundingBoxY2")
    source_type: str
    deleted_at: str | None
    is_visible: bool


class SyncUserMetadata(Wire, frozen=True, kw_only=True):
    user_id: str
    key: str
    value: Any


class SyncAssetMetadata(Wire, frozen=True, kw_only=True):
    asset_id: str
    key: str
    value: msgspec.Raw


class Onboarded(Wire, frozen=True, kw_only=True):
    is_onboarded: bool


def user(account: Account) -> User:
    member = account.member
    return User(
        id=member.user_id,
        name=member.display_name,
        email=photo_email(member),
        avatar_color=member.avatar_color,
        deleted_at=_maybe(account.removed_at),
        has_profile_image=member.picture is not None,
        profile_changed_at=iso(member.avatar_changed_at or member.created_at),
    )


def auth_user(account: Account) -> AuthUser:
    shown = user(account)
    return AuthUser(
        **{name: getattr(shown, name) for name in User.__struct_fields__},
        is_admin=account.member.is_admin,
        pin_code="set" if account.has_pin else None,
        oauth_id=account.oauth_id,
        storage_label=account.storage_label,
        quota_size_in_bytes=account.quota_bytes,
        quota_usage_in_bytes=account.used_bytes,
    )


def partner(row: sqlite3.Row) -> Partner:
    return Partner(
        shared_by_id=row["shared_by_id"], shared_with_id=row["shared_with_id"], in_timeline=bool(row["in_timeline"])
    )


def own_asset(row: sqlite3.Row) -> SyncAsset:
    return _asset(row, is_shown=True)


def partner_asset(row: sqlite3.Row) -> SyncAsset:
    """A photo of a partner. Of what he does not show no more is told than makes it disappear."""
    is_shown = row["visibility"] in {"timeline", "hidden"} and row["deleted_at"] is None
    return _asset(row, is_shown=is_shown, is_told=bool(row["is_told"]))


def album_asset(row: sqlite3.Row) -> SyncAsset:
    """A photo of an album. Of what its owner took back no more is told than makes it disappear."""
    is_there = row["visibility"] != "locked" and row["deleted_at"] is None
    return _asset(row, is_shown=bool(row["is_own"]) or is_there, is_told=bool(row["is_told"]))


def _asset(row: sqlite3.Row, *, is_shown: bool, is_told: bool = True) -> SyncAsset:
    return SyncAsset(
        id=row["photo_id"],
        owner_id=row["owner_id"],
        original_file_name=row["original_name"] if is_shown and is_told else "",
        checksum=base64_of(row["checksum"]),
        type=row["kind"],
        visibility=row["visibility"],
        is_favorite=bool(row["is_own"] and row["is_favorite"]),
        is_edited=False,
        file_created_at=iso(row["taken_at"]),
        file_modified_at=iso(row["modified_at"]),
        local_date_time=iso(row["local_taken_at"]),
        created_at=iso(row["created_at"]),
        deleted_at=_maybe(row["deleted_at"]),
        duration=row["duration_ms"],
        width=row["width"] or None,
        height=row["height"] or None,
        thumbhash=maybe_base64(row["thumbhash"]) if is_shown else None,
        live_photo_video_id=row["live_video_id"],
        stack_id=row["stack_id"],
        library_id=row["library_id"],
    )


def exif(row: sqlite3.Row) -> SyncExif:
    return SyncExif(
        asset_id=row["photo_id"],
        description=row["description"],
        exif_image_width=row["exif_width"],
        exif_image_height=row["exif_height"],
        file_size_in_byte=row["size_bytes"],
        orientation=row["orientation"],
        date_time_original=_maybe(row["date_time_original"]),
        modify_date=_maybe(row["modify_date"]),
        time_zone=row["time_zone"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        projection_type=row["projection_type"],
        city=row["city"],
        state=row["state"],
        country=row["country"],
        make=row["make"],
        model=row["model"],
        lens_model=row["lens_model"],
        f_number=row["f_number"],
        focal_length=row["focal_length"],
        iso=None if row["iso"] is None else round(row["iso"]),
        exposure_time=row["exposure_time"],
        profile_description=row["profile_description"],
        rating=row["rating"] or None,
        fps=row["fps"],
    )


def stack(row: sqlite3.Row) -> SyncStack:
    return SyncStack(
        id=row["stack_id"],
        created_at=iso(row["created_at"]),
        updated_at=iso(row["updated_at"]),
        primary_asset_id=row["primary_photo_id"],
        owner_id=row["owner_id"],
    )


def album(row: sqlite3.Row) -> SyncAlbum:
    return SyncAlbum(**_album(row))


def album_with_owner(row: sqlite3.Row) -> SyncAlbumWithOwner:
    return SyncAlbumWithOwner(owner_id=row["owner_id"], **_album(row))


def _album(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["album_id"],
        "name": row["name"],
        "description": row["description"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "thumbnail_asset_id": row["cover_photo_id"],
        "is_activity_enabled": bool(row["is_activity_enabled"]),
        "order": row["sort_order"],
    }


def album_user(row: sqlite3.Row) -> SyncAlbumUser:
    return SyncAlbumUser(album_id=row["album_id"], user_id=row["user_id"], role=row["role"])


def album_to_asset(row: sqlite3.Row) -> SyncAlbumAsset:
    return SyncAlbumAsset(album_id=row["album_id"], asset_id=row["photo_id"])


def memory(row: sqlite3.Row) -> SyncMemory:
    return SyncMemory(
        id=row["memory_id"],
        created_at=iso(row["created_at"]),
        updated_at=iso(row["updated_at"]),
        deleted_at=_maybe(row["deleted_at"]),
        owner_id=row["owner_id"],
        type="on_this_day",
        data=MemoryData(year=row["year"]),
        is_saved=bool(row["is_saved"]),
        memory_at=iso(row["memory_at"]),
        seen_at=_maybe(row["seen_at"]),
        show_at=_maybe(row["show_at"]),
        hide_at=_maybe(row["hide_at"]),
    )


def memory_to_asset(row: sqlite3.Row) -> SyncMemoryAsset:
    return SyncMemoryAsset(memory_id=row["memory_id"], asset_id=row["photo_id"])


def person(row: sqlite3.Row) -> SyncPerson:
    return SyncPerson(
        id=row["person_id"],
        created_at=iso(row["created_at"]),
        updated_at=iso(row["updated_at"]),
        owner_id=row["owner_id"],
        name=row["name"],
        birth_date=row["birth_date"],
        is_hidden=bool(row["is_hidden"]),
        is_favorite=bool(row["is_favorite"]),
        color=row["color"],
        face_asset_id=row["face_id"],
    )


def face(row: sqlite3.Row) -> SyncFace:
    return SyncFace(
        id=row["face_id"],
        asset_id=row["photo_id"],
        person_id=row["person_id"],
        image_width=row["image_width"],
        image_height=row["image_height"],
        bounding_box_x1=row["x1"],
        bounding_box_y1=row["y1"],
        bounding_box_x2=row["x2"],
        bounding_box_y2=row["y2"],
        source_type=row["source"],
        deleted_at=None,
        is_visible=True,
    )


def asset_metadata(row: sqlite3.Row) -> SyncAssetMetadata:
    return SyncAssetMetadata(asset_id=row["photo_id"], key=row["name"], value=msgspec.Raw(row["value"].encode()))


def gone(row: sqlite3.Row) -> msgspec.Raw:
    """What is gone, by the ids that its tombstone names."""
    return msgspec.Raw(row["ids"].encode())


def _maybe(at: int | None) -> str | None:
    return None if at is None else iso(at)
