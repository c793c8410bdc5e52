"""Looks at the disk for what lies beside items: NFO files, pictures, portraits. Blocking; runs in a lane.

Only names, sizes and times are read, and NFO files that changed: no picture is opened.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from homemedia.library.artwork import local
from homemedia.library.artwork.beside import Home, Listings, PlacedFile, ShowPlace, homes, join, show_place
from homemedia.library.artwork.local import Pictures
from homemedia.library.artwork.models import Marked, marked
from homemedia.library.metadata import facts as nfo_facts
from homemedia.library.metadata.models import Facts, Problem
from homemedia.library.metadata.nfo import MAX_BYTES, BrokenNfo, parse
from homemedia.library.metadata.store import FileRow, ItemRow
from homemedia.library.naming.normal import same_name

# Counted up when files are to be read anew because we understand more of them.
READER_VERSION = 2
PORTRAITS = ".actors"


class NfoReading(msgspec.Struct, frozen=True, kw_only=True):
    """An NFO file that is new, changed, or gone.

    Attributes:
        mark: what stands for its content; None when there is no file any more.
        facts: what it says; None when it is broken, so that what was read before stays.
        portraits: pictures of actors beside it, by name.
    """

    mark: str | None
    facts: Facts | None
    problem: Problem | None = None
    portraits: Mapping[str, str] = {}


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What lies beside one item.

    Attributes:
        nfo: None when nothing changed since it was last read.
        thumb: path and mark of its poster or still; None when there is none.
        art: of its background, likewise.
    """

    item_id: int
    nfo: NfoReading | None
    thumb: Marked
    art: Marked


class Place(msgspec.Struct, frozen=True):
    """Where one item lives, and what was read about it before."""

    item: ItemRow
    files: Sequence[FileRow]
    show: ShowPlace
    nfo_mark: str | None


def place_of(
    item: ItemRow, files: Sequence[FileRow], show: Sequence[tuple[int | None, str, str]], nfo_mark: str | None
) -> Place:
    """A place from rows; `show` are season, root and path of all files of its show."""
    return Place(
        item, files, show_place((season, PlacedFile(root=root, path=path)) for season, root, path in show), nfo_mark
    )


def look(places: Sequence[Place]) -> list[Seen]:
    """What lies beside these items; those whose folders cannot be read are left out, so that nothing is forgotten."""
    listings = _Folders()
    return [seen for place in places if (seen := _look_at(place, listings)) is not None]


class _Names(dict[str, str]):
    """What a folder holds; asked for by names in any case and with accents of any system."""

    def get(self, name: str, default: object = None) -> str | None:  # type: ignore[override]  # noqa: ARG002 - as dict
        return super().get(same_name(name))


class _Folders(dict[str, Mapping[str, str]]):
    """Listings of folders, read when first asked for; empty for one that is not there."""

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: set[str] = set()

    def get(self, folder: str, default: object = None) -> Mapping[str, str]:  # noqa: ARG002 - the signature of dict
        if folder not in self:
            try:
                self[folder] = _Names((same_name(name), name) for name in os.listdir(folder))  # noqa: PTH208 - names alone
            except OSError:
                self[folder] = {}
                self.unreadable.add(folder)
        return self[folder]


def _look_at(place: Place, listings: _Folders) -> Seen | None:
    item = place.item
    own = homes(PlacedFile(root=file.root, path=file.path, is_alone=file.is_alone) for file in place.files)
    folders = [home.folder for home in own] if own else list(place.show.folders)
    for folder in folders:
        listings.get(folder)
    if not folders or any(folder in listings.unreadable for folder in folders):
        return None
    pictures = _pictures(place, own, listings)
    return Seen(
        item_id=item.item_id,
        nfo=_nfo(place, own, listings),
        thumb=marked(pictures.thumb),
        art=marked(pictures.art),
    )


def _pictures(place: Place, own: Sequence[Home], listings: Listings) -> Pictures:
    match place.item.kind:
        case "movie":
            return local.of_movie(own, listings)
        case "show":
            return local.of_show(place.show, listings)
        case "season":
            return local.of_season(place.item.columns["number"], place.show, listings)
        case "episode":
            return local.of_episode(own, listings)
    return local.of_video(own, listings)


def nfo_path(place: Place, own: Sequence[Home], listings: Listings) -> str | None:
    """The NFO file of an item, None when there is none or when it may not have one."""
    kind = place.item.kind
    if place.item.metadata_source == "none" or kind == "extra":
        return None
    wanted: list[tuple[str, str]] = []
    if kind == "show":
        wanted = [(folder, "tvshow.nfo") for folder in place.show.folders]
    elif kind == "season":
        folders = place.show.seasons.get(place.item.columns["number"], ())
        wanted = [(folder, "season.nfo") for folder in folders]
    else:
        for home in own:
            wanted += [(home.folder, f"{stem}.nfo") for stem in home.stems]
            if home.disc is not None:
                inside = join(home.folder, home.disc)
                wanted += [(inside, "VIDEO_TS.nfo"), (inside, "index.nfo"), (home.folder, "VIDEO_TS.nfo")]
            if kind == "movie" and home.is_alone:
                wanted.append((home.folder, "movie.nfo"))
    for folder, name in wanted:
        written = (listings.get(folder) or {}).get(name.lower())
        if written is not None:
            return join(folder, written)
    return None


def _nfo(place: Place, own: Sequence[Home], listings: Listings) -> NfoReading | None:
    path = nfo_path(place, own, listings)
    read = marked(path)
    if path is None or read is None:
        return NfoReading(mark=None, facts={}) if place.nfo_mark is not None else None
    mark = f"{READER_VERSION}-{place.item.country}-{read[1]}"
    if mark == place.nfo_mark:
        return None
    try:
        nfos = parse(_bytes_of(path))
    except BrokenNfo as err:
        return NfoReading(mark=mark, facts=None, problem=Problem(path=path, code="nfo_broken", error=str(err)))
    except OSError as err:
        # Not marked as read: a disk that is away is not a broken file.
        sentence = f"The file cannot be read: {err.strerror or err}."
        return NfoReading(mark=None, facts=None, problem=Problem(path=path, code="nfo_unreadable", error=sentence))
    item = place.item
    facts = nfo_facts.facts_of(item.kind, nfos, item.country, season=item.columns["parent_number"])
    return NfoReading(mark=mark, facts=facts, portraits=_portraits(path, facts, listings))


def _bytes_of(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _portraits(nfo: str, facts: Facts, listings: Listings) -> dict[str, str]:
    """Pictures of the cast in `.actors` beside the NFO, where Kodi keeps them: blanks become underscores."""
    folder = join(nfo.rpartition("/")[0], PORTRAITS)
    listing = listings.get(folder) or {}
    found: dict[str, str] = {}
    if not listing:
        return found
    for actor in facts.get("actors", ()):
        for extension in local.EXTENSIONS:
            written = listing.get(f"{actor['name'].replace(' ', '_')}.{extension}".lower())
            if written is not None:
                found.setdefault(actor["name"], join(folder, written))
    return found
