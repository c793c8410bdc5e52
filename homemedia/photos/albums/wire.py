"""Bodies and answers of the routes of albums (photos §5.4, 6.4). Times as ISO text."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.photo_account.wire import PublicUser
from homemedia.core.http.wire import Query, Wire
from homemedia.photos.bulk import Fault, Ids
from homemedia.photos.wire import Asset

AnyRole = Literal["owner", "editor", "viewer"]
GivenRole = Literal["editor", "viewer"]
Order = Literal["asc", "desc"]
Name = Annotated[str, msgspec.Meta(max_length=4096)]
Text = Annotated[str, msgspec.Meta(max_length=65_536)]


class AlbumUser(Wire, frozen=True, kw_only=True):
    user: PublicUser
    role: AnyRole


class Contributor(Wire, frozen=True, kw_only=True):
    user_id: str
    asset_count: int


class AlbumAnswer(Wire, frozen=True, kw_only=True):
    """An album. `assets` only where one is asked for or made, `contributorCounts` where one is that others see too."""

    id: str
    album_name: str
    description: str
    created_at: str
    updated_at: str
    owner_id: str
    owner: PublicUser
    album_thumbnail_asset_id: str | None
    asset_count: int
    shared: bool
    has_shared_link: bool
    is_activity_enabled: bool
    activity_enabled: bool
    order: Order
    album_users: Sequence[AlbumUser]
    start_date: str | UnsetType = UNSET
    end_date: str | UnsetType = UNSET
    last_modified_asset_timestamp: str | UnsetType = UNSET
    contributor_counts: Sequence[Contributor] | UnsetType = UNSET
    assets: Sequence[Asset] | UnsetType = UNSET


class AlbumsQuery(Query, frozen=True, kw_only=True):
    """`shared` is the older name of `isShared`."""

    asset_id: str | None = None
    id: str | None = None
    name: str | None = None
    is_owned: bool | None = None
    is_shared: bool | None = None
    shared: bool | None = None


class AlbumQuery(Query, frozen=True, kw_only=True):
    without_assets: bool = False


class MemberBody(Wire, frozen=True, kw_only=True):
    user_id: str
    role: AnyRole = "editor"


class NewAlbumBody(Wire, frozen=True, kw_only=True):
    """`sharedWithUserIds` become editors."""

    album_name: Name
    description: Text | None = None
    asset_ids: Ids = msgspec.field(default_factory=list)
    album_users: list[MemberBody] = msgspec.field(default_factory=list)
    shared_with_user_ids: list[str] = msgspec.field(default_factory=list)


class AlbumBody(Wire, frozen=True, kw_only=True):
    """What to change; what is left out stays. `isActivityEnabled` wins over its older name."""

    album_name: Name | UnsetType = UNSET
    description: Text | UnsetType | None = UNSET
    is_activity_enabled: bool | UnsetType = UNSET
    activity_enabled: bool | UnsetType = UNSET
    order: Order | UnsetType = UNSET
    album_thumbnail_asset_id: str | UnsetType = UNSET


class MembersBody(Wire, frozen=True, kw_only=True):
    """Three forms, which may come together."""

    album_users: list[MemberBody] | None = None
    shared_user_ids: list[str] | None = None
    album_user_roles: list[MemberBody] | None = None


class RoleBody(Wire, frozen=True, kw_only=True):
    role: AnyRole


class AlbumsAssetsBody(Wire, frozen=True, kw_only=True):
    album_ids: Ids
    asset_ids: Ids


class AlbumsAssetsAnswer(Wire, frozen=True, kw_only=True):
    success: bool
    error: Fault | UnsetType = UNSET


class AlbumCounts(Wire, frozen=True, kw_only=True):
    owned: int
    shared: int
    not_shared: int


class Marker(Wire, frozen=True, kw_only=True):
    """Where a photo was taken."""

    id: str
    lat: float
    lon: float
    city: str | None
    state: str | None
    country: str | None
