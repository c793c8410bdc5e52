"""Links to photos and albums as the photo API knows them (photos §6.7, 9.9): the rows of the share API."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import AppError, BadRequest, Forbidden, NotFound
from homemedia.photos import visible
from homemedia.photos.albums.access import AlbumAccess
from homemedia.photos.shared_links_wire import MASK, AssetResult, LinkType
from homemedia.sharing.links.desk import guest_of
from homemedia.sharing.models import LINK, Change, ShareRow, Visit, Wish
from homemedia.sharing.rights import Right
from homemedia.sharing.shares import Asked, Shares

ALBUM, SET, ONE = "collection", "media_set", "media"
ALL: Final = 1 << 30
SLUG: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
MAX_PASSWORD: Final = 256
_PHOTO: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Flags(msgspec.Struct, frozen=True, kw_only=True):
    """What a link lets a visitor do; where nothing is said, what the photo API's clients expect."""

    upload: bool = True
    download: bool = True
    metadata: bool = True

    @property
    def rights(self) -> Right:
        """As bits. Without what is known of photos no file may be taken home, for it tells."""
        found = Right.VIEW
        if self.metadata:
            found |= Right.SEE_METADATA | (Right.DOWNLOAD if self.download else Right(0))
        return found | Right.ADD if self.upload else found


class NewLink(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be linked. `expires_at` in ms."""

    kind: LinkType
    album_id: str | None
    photo_ids: Sequence[str]
    flags: Flags
    description: str | None = None
    password: str | None = None
    slug: str | None = None
    expires_at: int | None = None


class LinkChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; what is UNSET stays, None empties."""

    description: str | UnsetType | None = UNSET
    password: str | UnsetType | None = UNSET
    slug: str | UnsetType | None = UNSET
    expires_at: int | UnsetType | None = UNSET
    upload: bool | UnsetType = UNSET
    download: bool | UnsetType = UNSET
    metadata: bool | UnsetType = UNSET


class SharedLinks:
    """Makes, lists and ends a member's links to his photos."""

    def __init__(self, db: Database, shares: Shares, access: AlbumAccess, clock: Clock) -> None:
        self._db = db
        self._shares = shares
        self._access = access
        self.clock = clock

    async def create(self, actor: Member, new: NewLink, visit: Visit) -> ShareRow:
        """Make a link.

        Raises:
            BadRequest: in the photo API's words.
            NotFound: what it is to lead to is not there, or not his to show.
        """
        check_slug(new.slug)
        check_password(new.password)
        if new.kind == "ALBUM":
            if not new.album_id:
                raise BadRequest("Invalid albumId", field="albumId", reason="Invalid albumId")
            await self._access.require_owner(self._db.read, actor, new.album_id, "album.share")
        else:
            if not new.photo_ids:
                raise BadRequest("Invalid assetIds", field="assetIds", reason="Invalid assetIds")
            await visible.require(self._db.read, visible.shareable(actor, self.clock.now_ms()), new.photo_ids)
        is_album = new.kind == "ALBUM"
        wish = Wish(
            target_type=ALBUM if is_album else SET,
            target_id=new.album_id if is_album else None,
            target_ids=() if is_album else tuple(dict.fromkeys(new.photo_ids)),
            recipient_type=LINK,
            rights=new.flags.rights,
            slug=new.slug,
            password=new.password,
            expires_at=new.expires_at,
            note=new.description,
            origin="photo_link",
        )
        try:
            return await self._shares.create(actor, wish, visit, is_strict=False)
        except BadRequest as err:
            raise _in_its_words(err) from None

    async def listed(self, actor: Member, *, album_id: str | None = None, link_id: str | None = None) -> list[ShareRow]:
        """A member's links to photos and albums, newest first, those included that are over."""
        asked = Asked(recipient_type=LINK, target_id=album_id, limit=ALL)
        page = await self._shares.outgoing(actor, asked)
        rows = [one.share for one in page.shares]
        return [one for one in rows if is_of_photos(one) and (link_id is None or one.share_id == link_id)]

    async def one(self, actor: Member, link_id: str) -> ShareRow:
        """A member's own link.

        Raises:
            BadRequest: `Shared link not found`.
        """
        found = (await self._shares.by_ids(self._db.read, [link_id])).get(link_id)
        if found is None or not found.is_link or found.created_by != actor.user_id or not is_of_photos(found):
            raise not_found()
        return found

    async def change(self, actor: Member, link_id: str, change: LinkChange, visit: Visit) -> ShareRow:
        """Change a link; errors as `one`, and BadRequest for what it cannot be."""
        link = await self.one(actor, link_id)
        password, slug = change.password, change.slug
        if isinstance(slug, str):
            check_slug(slug)
        if isinstance(password, str):
            check_password(password)
        had = flags_of(link)
        flags = Flags(
            upload=had.upload if change.upload is UNSET else change.upload,
            download=had.download if change.download is UNSET else change.download,
            metadata=had.metadata if change.metadata is UNSET else change.metadata,
        )
        rights = flags.rights | (link.rights & ~(Right.DOWNLOAD | Right.ADD | Right.SEE_METADATA))
        if flags == had:
            rights = link.rights
        wanted = Change(
            rights=UNSET if rights == link.rights else rights,
            note=change.description,
            password=UNSET if password == MASK else password,
            slug=UNSET if slug == link.slug else slug,
            expires_at=change.expires_at,
        )
        try:
            return await self._shares.change(actor, link_id, wanted, visit, is_strict=False)
        except BadRequest as err:
            raise _in_its_words(err) from None

    async def end(self, actor: Member, link_id: str, visit: Visit) -> None:
        """End a link at once; errors as `one`."""
        await self.one(actor, link_id)
        try:
            await self._shares.revoke(actor, link_id, visit)
        except Forbidden:
            raise not_found() from None

    async def photos_of(self, link: ShareRow, maker: Member) -> list[str]:
        """What is seen of photos by a link that is no album's, in order."""
        if link.target_type == ALBUM:
            return []
        is_set = link.target_type == SET
        ids = await self._shares.items_of(self._db.read, link.share_id) if is_set else [link.target_id]
        sight = visible.linked(guest_of(link, maker, link.rights), self.clock.now_ms())
        seen = await visible.permitted(self._db.read, sight, ids)
        return [one for one in ids if one in seen]

    async def add(self, actor: Member, link_id: str, photo_ids: Sequence[str], visit: Visit) -> list[AssetResult]:
        """Put photos into a link; errors as `one`, and BadRequest for an album's."""
        link = await self._individual(actor, link_id)
        held = await self._shares.items_of(self._db.read, link_id)
        allowed = await visible.permitted(
            self._db.read, visible.shareable(actor, self.clock.now_ms()), dict.fromkeys(photo_ids)
        )
        known, results = set(held), []
        for photo_id in photo_ids:
            if photo_id in known:
                results.append(AssetResult(asset_id=photo_id, success=False, error="duplicate"))
            elif photo_id not in allowed:
                results.append(AssetResult(asset_id=photo_id, success=False, error="no_permission"))
            else:
                known.add(photo_id)
                held.append(photo_id)
                results.append(AssetResult(asset_id=photo_id, success=True))
        if any(one.success for one in results):
            await self._shares.change(actor, link.share_id, Change(target_ids=tuple(held)), visit, is_strict=False)
        return results

    async def remove(self, actor: Member, link_id: str, photo_ids: Sequence[str], visit: Visit) -> list[AssetResult]:
        """Take photos out of a link; errors as `add`."""
        link = await self._individual(actor, link_id)
        held = await self._shares.items_of(self._db.read, link_id)
        left, results = list(held), []
        for photo_id in photo_ids:
            if photo_id in left:
                left.remove(photo_id)
                results.append(AssetResult(asset_id=photo_id, success=True))
            else:
                results.append(AssetResult(asset_id=photo_id, success=False, error="not_found"))
        if left and len(left) < len(held):
            await self._shares.change(actor, link.share_id, Change(target_ids=tuple(left)), visit, is_strict=False)
        elif not left and held:
            # A link to nothing is none.
            await self._shares.revoke(actor, link_id, visit)
        return results

    async def _individual(self, actor: Member, link_id: str) -> ShareRow:
        link = await self.one(actor, link_id)
        if link.target_type != SET:
            raise BadRequest("Invalid shared link type")
        return link


def is_of_photos(share: ShareRow) -> bool:
    """Whether the photo API knows what a link leads to."""
    return share.target_type in {ALBUM, SET} or (
        share.target_type == ONE and _PHOTO.fullmatch(share.target_id) is not None
    )


def kind_of(share: ShareRow) -> LinkType:
    return "ALBUM" if share.target_type == ALBUM else "INDIVIDUAL"


def flags_of(share: ShareRow) -> Flags:
    return Flags(
        upload=bool(share.rights & Right.ADD),
        download=bool(share.rights & Right.DOWNLOAD),
        metadata=bool(share.rights & Right.SEE_METADATA),
    )


def check_slug(slug: str | None) -> None:
    """Let a slug pass.

    Raises:
        BadRequest: it is none.
    """
    if slug is not None and SLUG.fullmatch(slug) is None:
        reason = "may have 1 to 64 letters, digits, - and _"
        raise BadRequest("Validation failed", field="slug", reason=reason)


def check_password(password: str | None) -> None:
    """Let a password pass.

    Raises:
        BadRequest: it is too long.
    """
    if password is not None and len(password) > MAX_PASSWORD:
        reason = f"Too big: expected string to have <={MAX_PASSWORD} characters"
        raise BadRequest("Validation failed", field="password", reason=reason)


def not_found() -> BadRequest:
    return BadRequest("Shared link not found")


def _in_its_words(err: BadRequest) -> AppError:
    if err.code == "slug_taken":
        return BadRequest("Shared link with this slug already exists", code=err.code)
    if err.code == "target_not_found":
        return NotFound("Not found or no asset.share access")
    return err
