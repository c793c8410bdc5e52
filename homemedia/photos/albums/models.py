"""What albums are made of. No SQL, no HTTP; times in ms."""

import enum

import msgspec

from homemedia.sharing.rights import USUAL, Right


class Role(enum.Enum):
    """What a member is in an album, as the photo API names it."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


RIGHTS = {Role.VIEWER: USUAL, Role.EDITOR: USUAL | Right.ADD | Right.EDIT | Right.REMOVE}
COLLECTION = "collection"
ORIGIN = "album_user"


class Album(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table.

    Attributes:
        cover_photo_id: chosen, or the first one put in; the album may have lost it since.
        sort_order: asc or desc, by the time photos were taken.
    """

    album_id: str
    owner_id: str
    name: str
    description: str
    cover_photo_id: str | None
    is_activity_enabled: bool
    sort_order: str
    created_at: int
    updated_at: int


class Invited(msgspec.Struct, frozen=True):
    """Somebody who is to be let into an album."""

    user_id: str
    role: Role = Role.EDITOR


def role_of(rights: Right) -> Role:
    """What grants that give these rights make of a member."""
    return Role.EDITOR if rights & Right.EDIT else Role.VIEWER
