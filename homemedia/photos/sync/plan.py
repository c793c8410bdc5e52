"""What is served for each thing an app can ask for: what is gone, then what it was given late, then what changed."""

import sqlite3
from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from homemedia.photos.sync import store, wire
from homemedia.photos.sync.kinds import Entity, Request

Make = Callable[[sqlite3.Row], object]


class Gone(msgspec.Struct, frozen=True):
    """Tombstones of a kind."""

    entity: Entity
    kind: str
    sql: str = store.GONE


class Given(msgspec.Struct, frozen=True):
    """Rows older than what an app has, of an album or partner that it was given since.

    Attributes:
        of: the kind of line that such rows usually are; how far an app has those says which of them it lacks.
    """

    entity: Entity
    of: Entity
    givers: str
    sql: str
    make: Make


class Rows(msgspec.Struct, frozen=True):
    """Rows that changed.

    Attributes:
        is_open: also what changes while it is sent, since later lines refer to these: a row that moved on in the
            meantime would be missing.
        is_of_partners: nothing where nobody shows him his photos, which is not looked for then.
        sql_of_few: the same for a member who has few photos.
    """

    entity: Entity
    sql: str
    make: Make
    is_open: bool = False
    is_of_partners: bool = False
    sql_of_few: str | None = None


class Contents(msgspec.Struct, frozen=True):
    """What lies in albums: changes of what an app has already, then what is new in them."""

    created: Entity
    updated: Entity
    created_sql: str
    updated_sql: str
    make: Make


class Members(msgspec.Struct, frozen=True):
    """All members, or the one who asks."""

    entity: Entity
    is_own: bool = False


class OwnDocuments(msgspec.Struct, frozen=True):
    """What the member who asks has set for himself."""


Step = Gone | Given | Rows | Contents | Members | OwnDocuments

_ALBUM_GONE = Gone(Entity.ALBUM_DELETE, "album")

PLAN: Mapping[Request, tuple[Step, ...]] = MappingProxyType(
    {
        Request.AUTH_USERS: (Members(Entity.AUTH_USER, is_own=True),),
        Request.USERS: (Gone(Entity.USER_DELETE, "user"), Members(Entity.USER)),
        Request.PARTNERS: (
            Gone(Entity.PARTNER_DELETE, "partner"),
            Rows(Entity.PARTNER, store.PARTNERS, wire.partner),
        ),
        Request.ASSETS: (
            Gone(Entity.ASSET_DELETE, "asset"),
            Rows(Entity.ASSET, store.PHOTOS, wire.own_asset, is_open=True, sql_of_few=store.PHOTOS_OF_FEW),
        ),
        Request.STACKS: (
            Gone(Entity.STACK_DELETE, "stack"),
            Rows(Entity.STACK, store.STACKS, wire.stack, is_open=True),
        ),
        Request.PARTNER_ASSETS: (
            Gone(Entity.PARTNER_ASSET_DELETE, "asset", store.GONE_OF_PARTNERS),
            Given(
                Entity.PARTNER_ASSET_BACKFILL,
                Entity.PARTNER_ASSET,
                store.NEW_PARTNERS,
                store.ONE_PARTNER_PHOTOS,
                wire.partner_asset,
            ),
            Rows(Entity.PARTNER_ASSET, store.PARTNER_PHOTOS, wire.partner_asset, is_open=True, is_of_partners=True),
        ),
        Request.PARTNER_STACKS: (
            Gone(Entity.PARTNER_STACK_DELETE, "stack", store.GONE_OF_PARTNERS),
            Given(
                Entity.PARTNER_STACK_BACKFILL,
                Entity.PARTNER_STACK,
                store.NEW_PARTNERS,
                store.ONE_PARTNER_STACKS,
                wire.stack,
            ),
            Rows(Entity.PARTNER_STACK, store.PARTNER_STACKS, wire.stack, is_open=True),
        ),
        Request.ALBUM_ASSETS: (
            Given(
                Entity.ALBUM_ASSET_BACKFILL,
                Entity.ALBUM_ASSET_CREATE,
                store.NEW_ALBUMS,
                store.ONE_ALBUM_PHOTOS,
                wire.album_asset,
            ),
            Contents(
                Entity.ALBUM_ASSET_CREATE,
                Entity.ALBUM_ASSET_UPDATE,
                store.ALBUM_PHOTOS,
                store.ALBUM_PHOTO_CHANGES,
                wire.album_asset,
            ),
        ),
        Request.ALBUMS_WITH_OWNER: (
            _ALBUM_GONE,
            Rows(Entity.ALBUM_WITH_OWNER, store.ALBUMS, wire.album_with_owner, is_open=True),
        ),
        Request.ALBUMS: (_ALBUM_GONE, Rows(Entity.ALBUM, store.ALBUMS, wire.album, is_open=True)),
        Request.ALBUM_USERS: (
            Gone(Entity.ALBUM_USER_DELETE, "album_user", store.GONE_OF_ALBUMS),
            Given(
                Entity.ALBUM_USER_BACKFILL,
                Entity.ALBUM_USER,
                store.NEW_ALBUMS,
                store.ONE_ALBUM_MEMBERS,
                wire.album_user,
            ),
            Rows(Entity.ALBUM_USER, store.ALBUM_MEMBERS, wire.album_user),
        ),
        Request.ALBUM_TO_ASSETS: (
            Gone(Entity.ALBUM_TO_ASSET_DELETE, "album_asset", store.GONE_OF_ALBUMS),
            Given(
                Entity.ALBUM_TO_ASSET_BACKFILL,
                Entity.ALBUM_TO_ASSET,
                store.NEW_ALBUMS,
                store.ONE_ALBUM_CONTENTS,
                wire.album_to_asset,
            ),
            Rows(Entity.ALBUM_TO_ASSET, store.ALBUM_CONTENTS, wire.album_to_asset),
        ),
        Request.ASSET_EXIFS: (Rows(Entity.ASSET_EXIF, store.EXIFS, wire.exif, sql_of_few=store.EXIFS_OF_FEW),),
        Request.ALBUM_ASSET_EXIFS: (
            Given(
                Entity.ALBUM_ASSET_EXIF_BACKFILL,
                Entity.ALBUM_ASSET_EXIF_CREATE,
                store.NEW_ALBUMS,
                store.ONE_ALBUM_EXIFS,
                wire.exif,
            ),
            Contents(
                Entity.ALBUM_ASSET_EXIF_CREATE,
                Entity.ALBUM_ASSET_EXIF_UPDATE,
                store.ALBUM_EXIFS,
                store.ALBUM_EXIF_CHANGES,
                wire.exif,
            ),
        ),
        # No text is read off pictures, and none is edited: there is nothing to tell.
        Request.ASSET_OCR: (),
        Request.PARTNER_ASSET_EXIFS: (
            Given(
                Entity.PARTNER_ASSET_EXIF_BACKFILL,
                Entity.PARTNER_ASSET_EXIF,
                store.NEW_PARTNERS,
                store.ONE_PARTNER_EXIFS,
                wire.exif,
            ),
            Rows(Entity.PARTNER_ASSET_EXIF, store.PARTNER_EXIFS, wire.exif, is_of_partners=True),
        ),
        Request.MEMORIES: (
            Gone(Entity.MEMORY_DELETE, "memory"),
            Rows(Entity.MEMORY, store.MEMORIES, wire.memory, is_open=True),
        ),
        Request.MEMORY_TO_ASSETS: (
            Gone(Entity.MEMORY_TO_ASSET_DELETE, "memory_asset"),
            Rows(Entity.MEMORY_TO_ASSET, store.MEMORY_PHOTOS, wire.memory_to_asset),
        ),
        Request.PEOPLE: (
            Gone(Entity.PERSON_DELETE, "person"),
            Rows(Entity.PERSON, store.PEOPLE, wire.person, is_open=True),
        ),
        Request.ASSET_FACES: (
            Gone(Entity.ASSET_FACE_DELETE, "face"),
            Rows(Entity.ASSET_FACE, store.FACES, wire.face),
        ),
        Request.USER_METADATA: (OwnDocuments(),),
        Request.ASSET_METADATA: (
            Gone(Entity.ASSET_METADATA_DELETE, "asset_metadata"),
            Rows(Entity.ASSET_METADATA, store.METADATA, wire.asset_metadata),
        ),
        Request.ASSET_EDITS: (),
    }
)
