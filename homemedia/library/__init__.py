"""Folders on disks, the files in them, and the items people browse. The services are made in `app/`."""

from homemedia.library.events import (
    ItemsChanged,
    LibrariesChanged,
    LibraryRemoved,
    ScanFinished,
    ScanProgressed,
    ScanStarted,
)
from homemedia.library.models import Library, LibraryKind, LibraryOptions, Root, ScanResult

__all__ = [
    "ItemsChanged",
    "LibrariesChanged",
    "Library",
    "LibraryKind",
    "LibraryOptions",
    "LibraryRemoved",
    "Root",
    "ScanFinished",
    "ScanProgressed",
    "ScanResult",
    "ScanStarted",
]
