"""What this slice announces after a commit."""

import msgspec


class ItemsChanged(msgspec.Struct, frozen=True):
    """Items of a library were made, changed or went; `stamp` is the newest of the change clock."""

    library_id: str
    stamp: int


class LibrariesChanged(msgspec.Struct, frozen=True):
    """A library was made, changed or removed, or its disk came or went."""


class LibraryRemoved(msgspec.Struct, frozen=True):
    """A library and its items are gone: playback of them ends, its pictures can go."""

    library_id: str
    rating_keys: tuple[str, ...] = ()


class ScanStarted(msgspec.Struct, frozen=True):
    scan_id: int
    library_id: str


class ScanProgressed(msgspec.Struct, frozen=True):
    """A scan came further; at most four a second for each scan."""

    scan_id: int
    library_id: str


class ScanFinished(msgspec.Struct, frozen=True):
    scan_id: int
    library_id: str
