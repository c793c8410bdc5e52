"""What photos announce after a commit: ids, never contents. Live channels and jobs hear them."""

import msgspec


class PhotosChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Photos came in, were edited, or are known better than before; `is_new`: they came in just now."""

    owner_id: str
    photo_ids: tuple[str, ...]
    is_new: bool = False


class PhotosReady(msgspec.Struct, frozen=True, kw_only=True):
    """Pictures of these photos exist since just now."""

    owner_id: str
    photo_ids: tuple[str, ...]


class PhotosTrashed(msgspec.Struct, frozen=True, kw_only=True):
    """Photos lie in the trash since just now."""

    owner_id: str
    photo_ids: tuple[str, ...]


class PhotosRestored(msgspec.Struct, frozen=True, kw_only=True):
    """Photos came back out of the trash."""

    owner_id: str
    photo_ids: tuple[str, ...]


class PhotosDeleted(msgspec.Struct, frozen=True, kw_only=True):
    """Photos are gone for good."""

    owner_id: str
    photo_ids: tuple[str, ...]


class PhotoHidden(msgspec.Struct, frozen=True, kw_only=True):
    """A video became the moving part of a live photo."""

    owner_id: str
    photo_id: str


class PhotoSettingsChanged(msgspec.Struct, frozen=True):
    """An administrator has changed the settings document of the photo API."""
