"""What albums and partners announce after a commit: ids, never contents."""

import msgspec


class AlbumChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An album is new, has other words, photos or members.

    Attributes:
        user_ids: who may open it, who did it among them.
        actor_id: who did it; "" when nobody did.
        invited: who may open it since just now.
    """

    album_id: str
    user_ids: tuple[str, ...]
    actor_id: str = ""
    invited: tuple[str, ...] = ()


class AlbumGone(msgspec.Struct, frozen=True, kw_only=True):
    """An album is no more, or no more for these members."""

    album_id: str
    user_ids: tuple[str, ...]


class AlbumTalk(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody said or liked something in an album, or took it back."""

    album_id: str
    user_ids: tuple[str, ...]


class PartnersChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Who shows all his photos to whom, and whether they stand among the other's own."""

    shared_by_id: str
    shared_with_id: str
