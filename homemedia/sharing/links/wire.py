"""What a link answers (shares §6.2); nothing in it names an account, a path or a counter."""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from homemedia.accounts.wire import iso
from homemedia.core.http.wire import Query
from homemedia.sharing.links.desk import Entered
from homemedia.sharing.links.slices import LinkItem, LinkItems, LinkPage
from homemedia.sharing.links.visits import Access
from homemedia.sharing.rights import Right

BASE = "/api/v1/shared"
MOST = 200
USUAL = 50


class Permissions(msgspec.Struct, frozen=True, kw_only=True):
    can_view: bool
    can_download: bool
    can_add: bool
    can_edit: bool
    can_remove: bool
    can_comment: bool
    can_reshare: bool
    can_see_metadata: bool


class SharedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing. Containers have `item_count` and no addresses; open them with `parent`.

    `hls_url` is there where it may have to be converted; `thumbhash` is a picture of a few bytes, base64.
    """

    id: str
    type: str
    title: str
    mime_type: str | None
    size: int | None
    width: int | None
    height: int | None
    duration_ms: int | None
    taken_at: str | None
    metadata: dict[str, object] | None
    item_count: int | None
    thumbhash: str | None
    thumbnail_url: str | None
    preview_url: str | None
    stream_url: str | None
    hls_url: str | None
    download_url: str | None


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """An open link with a part of what lies in it.

    `archive_url` gives all of it in one file, where it may be taken home; `upload_url` takes more in.
    """

    target_type: str
    title: str
    owner_name: str
    note: str | None
    permissions: Permissions
    expires_at: str | None
    password_protected: bool
    access_token: str
    access_token_expires_at: str
    archive_url: str | None
    upload_url: str | None
    parent: str | None
    total: int
    offset: int
    limit: int
    items: Sequence[SharedItem]


class LinkQuery(Query, frozen=True, kw_only=True):
    """`password` and `access` are better sent as headers, which stay out of logs."""

    password: str | None = None
    access: str | None = None


class SharedQuery(LinkQuery, frozen=True, kw_only=True):
    offset: int = 0
    limit: int = USUAL
    parent: str | None = None
    sort: str | None = None

    @property
    def asked(self) -> LinkPage:
        """The part that is asked for, within what one answer holds; an order nobody knows is none."""
        sort = self.sort if self.sort in {"name", "taken_at", "added_at"} else None
        return LinkPage(
            parent=self.parent,
            offset=max(0, self.offset),
            limit=min(max(1, self.limit), MOST),
            sort=sort,  # type: ignore[arg-type]  # one of the three by now
        )


class PictureQuery(LinkQuery, frozen=True, kw_only=True):
    """`size=medium` is a picture of 720 pixels, for screens of many points."""

    size: str | None = None


class StreamQuery(LinkQuery, frozen=True, kw_only=True):
    """`format=hls` answers a list of segments, for a player described by `profile` as in the playback routes."""

    format: str | None = None
    profile: str | None = None


class ArchiveQuery(LinkQuery, frozen=True, kw_only=True):
    """`ids`, divided by commas, of what is wanted; without all of it."""

    ids: str | None = None
    parent: str | None = None


def permissions(rights: Right) -> Permissions:
    return Permissions(
        can_view=bool(rights & Right.VIEW),
        can_download=bool(rights & Right.DOWNLOAD),
        can_add=bool(rights & Right.ADD),
        can_edit=bool(rights & Right.EDIT),
        can_remove=bool(rights & Right.REMOVE),
        can_comment=bool(rights & Right.COMMENT),
        can_reshare=bool(rights & Right.RESHARE),
        can_see_metadata=bool(rights & Right.SEE_METADATA),
    )


def shared(entered: Entered, access: Access, asked: LinkPage, found: LinkItems, name: str) -> Shared:
    """An open link as an answer. `name` is what it was called by: token or slug."""
    share, rights = entered.share, Right(entered.guest.rights)
    at = f"{BASE}/{quote(name, safe='')}"
    archive = f"/api/home/sharing/shared/{quote(name, safe='')}/archive?access={access.token}"
    can_add = bool(rights & Right.ADD) and share.target_type in {"collection", "media_set"}
    return Shared(
        target_type=share.target_type,
        title=entered.thing.title,
        owner_name=entered.maker.display_name,
        note=share.note,
        permissions=permissions(rights),
        expires_at=None if share.expires_at is None else iso(share.expires_at),
        password_protected=share.password_hash is not None,
        access_token=access.token,
        access_token_expires_at=iso(access.expires_at),
        archive_url=archive if rights & Right.DOWNLOAD else None,
        upload_url=f"{at}/media?access={access.token}" if can_add else None,
        parent=asked.parent,
        total=found.total,
        offset=asked.offset,
        limit=asked.limit,
        items=[
            shared_item(one, at, access, rights, number)
            for number, one in enumerate(found.items, start=asked.offset + 1)
        ],
    )


def shared_item(item: LinkItem, at: str, access: Access, rights: Right, number: int) -> SharedItem:
    """A thing as an answer.

    Args:
        item: as its slice knows it.
        at: the address of its link.
        access: the visit, named in every address.
        rights: of the link.
        number: its place in the list, for a name where it may not have its own.
    """
    below, query = f"{at}/media/{quote(item.item_id, safe='')}", f"access={access.token}"
    has_bytes = not item.is_container
    may_download = bool(rights & Right.DOWNLOAD) and has_bytes
    return SharedItem(
        id=item.item_id,
        type=item.item_type,
        title=item.title or f"Item {number}",
        mime_type=item.mime_type,
        size=item.size_bytes if may_download else None,
        width=item.width,
        height=item.height,
        duration_ms=item.duration_ms,
        taken_at=iso(item.taken_at) if item.taken_at is not None and rights & Right.SEE_METADATA else None,
        metadata=item.metadata if rights & Right.SEE_METADATA else None,
        item_count=item.item_count,
        thumbhash=item.thumbhash,
        thumbnail_url=f"{below}/thumbnail?{query}" if item.has_picture else None,
        preview_url=f"{below}/preview?{query}" if item.has_picture else None,
        stream_url=f"{below}/stream?{query}" if has_bytes else None,
        hls_url=f"{below}/stream?format=hls&{query}" if item.streams and has_bytes else None,
        download_url=f"{below}/original?{query}" if may_download else None,
    )
