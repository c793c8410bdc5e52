"""Bodies and answers of shared links, as the photo API has them (photos §6.7, 9.9). Times as ISO text."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.core.http.wire import Query, Wire
from homemedia.photos.albums.wire import AlbumAnswer
from homemedia.photos.wire import Asset

# Stands for a password, which nobody is told; coming back it means that nothing changes.
MASK: Final = "********"
LinkType = Literal["ALBUM", "INDIVIDUAL"]
Fault = Literal["duplicate", "no_permission", "not_found"]
Text = Annotated[str, msgspec.Meta(max_length=2000)]
Ids = Annotated[list[str], msgspec.Meta(max_length=65_536)]


class SharedLink(Wire, frozen=True, kw_only=True):
    """A link. `album` only of an album's, without its photos; `assets` only of others."""

    id: str
    key: str
    slug: str | None
    url: str
    type: LinkType
    user_id: str
    description: str | None
    password: str | None
    created_at: str
    expires_at: str | None
    allow_upload: bool
    allow_download: bool
    show_metadata: bool
    album: AlbumAnswer | UnsetType = UNSET
    assets: Sequence[Asset]


class NewLinkBody(Wire, frozen=True, kw_only=True):
    type: LinkType
    album_id: str | None = None
    asset_ids: Ids | None = None
    description: Text | None = None
    password: str | None = None
    slug: str | None = None
    expires_at: str | None = None
    allow_upload: bool | None = None
    allow_download: bool | None = None
    show_metadata: bool | None = None


class LinkBody(Wire, frozen=True, kw_only=True):
    """What to change; what is left out stays, null and "" clear. `changeExpiryTime` without an end clears it too."""

    description: Text | UnsetType | None = UNSET
    password: str | UnsetType | None = UNSET
    slug: str | UnsetType | None = UNSET
    expires_at: str | UnsetType | None = UNSET
    change_expiry_time: bool = False
    allow_upload: bool | UnsetType | None = UNSET
    allow_download: bool | UnsetType | None = UNSET
    show_metadata: bool | UnsetType | None = UNSET


class LinkAssetsBody(Wire, frozen=True, kw_only=True):
    asset_ids: Ids


class LoginBody(Wire, frozen=True, kw_only=True):
    password: str


class LinksQuery(Query, frozen=True, kw_only=True):
    album_id: str | None = None
    id: str | None = None


class OneLinkQuery(Query, frozen=True, kw_only=True):
    """Which link: by its key or its slug."""

    key: str | None = None
    slug: str | None = None
    password: str | None = None
    token: str | None = None


class AssetResult(Wire, frozen=True, kw_only=True):
    """What became of one asset."""

    asset_id: str
    success: bool
    error: Fault | UnsetType = UNSET
