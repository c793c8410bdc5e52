"""What this slice thinks in: libraries, their folders, and how a scan of one is going. No SQL, no HTTP."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType


class LibraryKind(StrEnum):
    """What a library holds. `folder` belongs to folder heaps and is not made by the watch API."""

    MOVIE = "movie"
    SHOW = "show"
    VIDEO = "video"
    MUSIC = "music"
    PHOTO = "photo"
    FOLDER = "folder"


# What people make libraries of; folder heaps make the others.
SCANNED_KINDS = frozenset(
    {LibraryKind.MOVIE, LibraryKind.SHOW, LibraryKind.VIDEO, LibraryKind.MUSIC, LibraryKind.PHOTO}
)

# What belongs to a member, and is nobody else's by itself; its files become something else than items.
OWNED_KINDS = frozenset({LibraryKind.PHOTO, LibraryKind.FOLDER})

Country = Annotated[str, Meta(pattern="^[A-Za-z]{2}$")]
Pattern = Annotated[str, Meta(min_length=1, max_length=200)]
Hours = Annotated[int, Meta(ge=0, le=720)]
MetadataSource = Literal["auto", "local", "none"]


class LibraryOptions(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How one library is read.

    `scan_interval_hours` 0 means never by the clock. `scrub_previews`: films get small pictures to look for a scene by.
    `ignore` is in git-ignore syntax. `owner_id` is the member whose photos a library of them holds.
    """

    metadata_source: MetadataSource = "auto"
    country: Country = "US"
    watch_folders: bool = True
    scan_interval_hours: Hours = 12
    save_nfo: bool = False
    extract_thumbs: bool = True
    scrub_previews: bool = True
    ignore: Annotated[tuple[Pattern, ...], Meta(max_length=200)] = ()
    owner_id: str | None = None


class OptionChanges(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Options as a caller gives them: what is left out stays."""

    metadata_source: MetadataSource | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    watch_folders: bool | UnsetType = UNSET
    scan_interval_hours: Hours | UnsetType = UNSET
    save_nfo: bool | UnsetType = UNSET
    extract_thumbs: bool | UnsetType = UNSET
    scrub_previews: bool | UnsetType = UNSET
    ignore: Annotated[tuple[Pattern, ...], Meta(max_length=200)] | UnsetType = UNSET
    owner_id: Annotated[str, Meta(min_length=1, max_length=64)] | UnsetType | None = UNSET

    def over(self, options: LibraryOptions) -> LibraryOptions:
        """The options with these changes."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if getattr(self, name) is not UNSET}
        return msgspec.structs.replace(options, **given)


class Root(msgspec.Struct, frozen=True, kw_only=True):
    """One folder of a library. `device` is the file system it lay on at the last good scan."""

    root_id: int
    library_id: str
    path: str
    position: int
    device: int | None
    watching: str
    watching_why: str | None


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """A named set of folders. Times are ms since 1970 UTC."""

    library_id: str
    kind: LibraryKind
    name: str
    owner_id: str | None
    language: str
    position: int
    options: LibraryOptions
    is_available: bool
    created_at: int
    last_scan_at: int | None
    roots: tuple[Root, ...] = ()


Phase = Literal["discover", "probe", "match", "artwork", "cleanup"]
Outcome = Literal["ok", "cancelled", "failed", "unavailable"]


class Counts(msgspec.Struct, kw_only=True):
    """In which state the files of a scan ended: each in exactly one of the first eight, which add up to `total`.

    A folder that could not be read, or was ignored as a whole, counts as one. `removed` are files known before that
    are gone, `skipped` are items whose online sources could not be asked.
    """

    added: int = 0
    unchanged: int = 0
    updated: int = 0
    moved: int = 0
    duplicate: int = 0
    ignored: int = 0
    failed: int = 0
    deferred: int = 0
    removed: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return (
            self.added
            + self.unchanged
            + self.updated
            + self.moved
            + self.duplicate
            + self.ignored
            + self.failed
            + self.deferred
        )


class ScanResult(msgspec.Struct, frozen=True, kw_only=True):
    """How the last scan or refresh of a library ended. Times are ms."""

    library_id: str
    kind: Literal["scan", "refresh"]
    scan_id: int
    result: Outcome
    started_at: int
    finished_at: int
    counts: Counts
    why: str | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be listed or read: absolute path, stable code, a sentence for a person."""

    path: str
    code: str
    sentence: str
