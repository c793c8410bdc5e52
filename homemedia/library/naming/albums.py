"""From sound files with their tags to albums: whose album it is, which disc, which files are one track. Pure.

Tags come first; where they are silent the names of files and folders speak.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

import msgspec

from homemedia.library.naming.music import (
    UNKNOWN_ALBUM,
    UNKNOWN_ARTIST,
    VARIOUS,
    AlbumName,
    Artists,
    TrackName,
    disc_of_folder,
    is_various,
    name_key,
    parse_album,
    parse_track,
    split_artists,
    split_disc,
)
from homemedia.library.naming.stacks import split_name
from homemedia.media import AudioTags

MOST_GENRES = 10
# Behind an artist's name these begin a second one: `Mira & Otto` is Mira's album when others on it are Mira's alone.
_TOGETHER = (" & ", " and ", " with ", ", ", " x ", " vs ", " vs. ", " + ", " und ", " et ", " y ")

V = TypeVar("V", bound=Hashable)


class SoundFile(msgspec.Struct, frozen=True):
    """A sound file: its path below the library's folder, and what it says of itself."""

    path: str
    tags: AudioTags = AudioTags()


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One piece; its `files` are copies of it, the better known format first. `disc` is 1 where nobody counts."""

    title: str
    disc: int = 1
    number: int | None = None
    artists: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    is_numbered_twice: bool = False
    """Another piece has the same disc and number, so that the title must tell them apart."""


class Album(msgspec.Struct, frozen=True, kw_only=True):
    """An album; `artist` is whom it hangs below, `artists` all it is by. Tracks stand in order of disc and number."""

    title: str
    artist: str
    artists: tuple[str, ...]
    year: int | None = None
    release_date: str | None = None
    genres: tuple[str, ...] = ()
    label: str | None = None
    tracks: tuple[Track, ...] = ()


class _Said(msgspec.Struct):
    """A file with what its tags and names say together."""

    file: SoundFile
    album: str
    folder: AlbumName
    folder_disc: int | None
    above: str | None
    name: TrackName
    artists: Artists
    album_artists: tuple[str, ...]

    @property
    def tags(self) -> AudioTags:
        return self.file.tags

    @property
    def first(self) -> str | None:
        """The artist who comes first on this track, by its tags alone."""
        return self.artists.main[0] if self.artists.main else None


def unit_of_sound(folder: str) -> str:
    """The folder whose files make albums together with those of `folder`: that around folders of single discs.

    `Lanterns/Hours/CD1` → `Lanterns/Hours`; `Lanterns/Hours (Disc 1)` → `Lanterns`, whose other discs lie there too.
    """
    parts = folder.split("/") if folder else []
    while parts and disc_of_folder(parts[-1]) is not None:
        parts.pop()
    if parts and parse_album(parts[-1]).disc is not None:
        parts.pop()
    return "/".join(parts)


def group_albums(files: Sequence[SoundFile]) -> list[Album]:
    """Sort the sound files of one unit into albums; every file is in exactly one track of one album.

    Args:
        files: of one unit (see `unit_of_sound`), in order of their paths.

    Returns:
        Albums in order of their first file.
    """
    in_folder = Counter(file.path.rpartition("/")[0] for file in files)
    albums: dict[str, list[_Said]] = {}
    for file in files:
        said = _said(file, in_folder[file.path.rpartition("/")[0]])
        albums.setdefault(name_key(said.album), []).append(said)
    return [_album(artist, group) for one in albums.values() for artist, group in _by_artist(one)]


def _said(file: SoundFile, siblings: int) -> _Said:
    tags = file.tags
    *folders, base = file.path.split("/")
    folder_disc = None
    while folders and (found := disc_of_folder(folders[-1])) is not None:
        folder_disc = found
        folders.pop()
    folder = parse_album(folders[-1]) if folders else AlbumName("")
    above = folders[-2] if len(folders) > 1 else None
    name = parse_track(split_name(base)[0], siblings=siblings)
    artists = split_artists(tags.artists, tags.title)
    album_artists = split_artists(tags.album_artists).all
    if tags.album and tags.album.strip():
        album, disc = split_disc(tags.album)
        folder_disc = folder_disc or disc or folder.disc
    else:
        own = {name_key(one) for one in (*artists.main, *album_artists)}
        # A song beside an artist's albums is of none of them.
        is_loose = not folder.title.strip() or name_key(folders[-1]) in own
        album, folder_disc = UNKNOWN_ALBUM if is_loose else folder.title, folder_disc or folder.disc
    return _Said(
        file=file,
        album=album,
        folder=folder,
        folder_disc=folder_disc,
        above=above,
        name=name,
        artists=artists,
        album_artists=album_artists,
    )


def _by_artist(files: list[_Said]) -> list[tuple[str, list[_Said]]]:
    """Whose albums these files of one title are: one artist's, or several that only share a title."""
    told: dict[str, str] = {}
    for said in files:
        if said.album_artists:
            told.setdefault(name_key(said.album_artists[0]), said.album_artists[0])
    if len(told) <= 1:
        silent = [said for said in files if not said.album_artists]
        if told and len(silent) < len(files):
            return [(_spelt(said.album_artists[0] for said in files if said.album_artists), files)]
        return _untold(files)
    groups: dict[str, list[_Said]] = {key: [] for key in told}
    counts = Counter(name_key(said.album_artists[0]) for said in files if said.album_artists)
    for said in files:
        own = name_key((said.album_artists or (said.first or "",))[0])
        groups[own if own in groups else counts.most_common(1)[0][0]].append(said)
    return [(told[key], group) for key, group in groups.items() if group]


def _untold(files: list[_Said]) -> list[tuple[str, list[_Said]]]:
    """The same where no tag names the album's artist."""
    firsts: dict[str, list[_Said]] = {}
    for said in files:
        if said.first is not None:
            firsts.setdefault(name_key(said.first), []).append(said)
    if not firsts:
        return [(_named_by_folders(files), files)]
    if len(firsts) == 1:
        return [(_spelt(said.first for said in files if said.first), files)]
    if not any(said.tags.is_compilation for said in files):
        owner = _owner(files, firsts)
        if owner is not None:
            return [(owner, files)]
        if len(files) == sum(len(group) for group in firsts.values()) and _count_anew(list(firsts.values())):
            return [(_spelt(said.first for said in group if said.first), group) for group in firsts.values()]
    return [(VARIOUS, files)]


def _owner(files: list[_Said], firsts: dict[str, list[_Said]]) -> str | None:
    """The one artist behind several names: whose folder it is, or whom all others only join."""
    for said in files:
        for folder in (said.above, said.folder.artist):
            if folder is not None and (group := firsts.get(name_key(folder))):
                return _spelt(one.first for one in group if one.first)
    names = [group[0].first or "" for group in firsts.values()]
    shortest = min(names, key=len).casefold()
    if all(
        name.casefold() == shortest or name.casefold().startswith(tuple(shortest + t for t in _TOGETHER))
        for name in names
    ):
        return min(names, key=len)
    return None


def _count_anew(groups: list[list[_Said]]) -> bool:
    """Whether two artists both have a first track, say: then they share no album, only its title."""
    seen: set[tuple[int, int]] = set()
    for group in groups:
        places = {(said.tags.disc or said.folder_disc or 1, said.tags.track) for said in group if said.tags.track}
        own = {(disc, track) for disc, track in places if track is not None}
        if seen & own:
            return True
        seen |= own
    return False


def _named_by_folders(files: list[_Said]) -> str:
    """The artist of files without any in their tags: from `Artist - Album`, the folder above, or the files' names."""
    said = files[0]
    names = {name_key(one.name.artist): one.name.artist for one in files if one.name.artist}
    everyone = all(one.name.artist for one in files)
    if said.folder.artist:
        return VARIOUS if is_various(said.folder.artist) else said.folder.artist
    if said.above is not None:
        above = parse_album(said.above).title.strip()
        return VARIOUS if is_various(above) else above or UNKNOWN_ARTIST
    if everyone and len(names) == 1:
        return next(iter(names.values()))
    return VARIOUS if everyone and said.folder.title else UNKNOWN_ARTIST


def _album(owner: str, files: list[_Said]) -> Album:
    artist = VARIOUS if is_various(owner) else owner
    title = _spelt(said.album for said in files)
    more = [name for said in files for name in said.album_artists if name_key(name) != name_key(owner)]
    years = Counter(said.tags.year for said in files if said.tags.year)
    year, agree = years.most_common(1)[0] if years else (None, 0)
    if year is not None and agree * 2 <= years.total():
        # Songs of many years make no year of the collection.
        year = None
    folder_years = [said.folder.year for said in files if said.folder.year]
    if year is None and folder_years:
        year = folder_years[0]
    dates = Counter(said.tags.date for said in files if said.tags.date and _is_day(said.tags.date))
    date = dates.most_common(1)[0][0][:10] if dates else None
    tracks = _tracks(artist, files)
    return Album(
        title=title,
        artist=artist,
        artists=(artist, *dict.fromkeys(name for name in more if not is_various(name))),
        year=year,
        release_date=date if date is not None and year is not None and date.startswith(str(year)) else None,
        genres=_most(genre for said in files for genre in said.tags.genres)[:MOST_GENRES],
        label=next(iter(_most(said.tags.label for said in files if said.tags.label)), None),
        tracks=tuple(tracks),
    )


def _tracks(owner: str, files: list[_Said]) -> list[Track]:
    discs = _discs(files)
    # A dash parts artist and title only where it stands in every name, or where it is the album's own artist.
    splits = all(said.name.artist for said in files)
    found: dict[tuple[int, int | None, str], list[tuple[_Said, tuple[str, ...]]]] = {}
    for said, disc in zip(files, discs, strict=True):
        title, artists = _title(said, owner, splits=splits)
        number = said.tags.track or said.name.number
        found.setdefault((disc, number, title), []).append((said, artists))
    # Two spellings of one title are one track.
    merged: dict[tuple[int, int | None, str], tuple[str, list[tuple[_Said, tuple[str, ...]]]]] = {}
    for (disc, number, title), group in found.items():
        merged.setdefault((disc, number, name_key(title)), (title, []))[1].extend(group)
    places: Counter[tuple[int, int | None]] = Counter((disc, number) for disc, number, _ in merged if number)
    first: set[tuple[int, int | None]] = set()
    tracks = []
    for (disc, number, _), (title, group) in merged.items():
        said, artists = group[0]
        is_second = places[disc, number] > 1 and (disc, number) in first
        first.add((disc, number))
        tracks.append(
            Track(
                title=title,
                disc=disc,
                number=number,
                artists=artists,
                composers=said.tags.composers,
                genres=said.tags.genres,
                files=tuple(one.file.path for one, _ in group),
                is_numbered_twice=is_second,
            )
        )
    return sorted(tracks, key=lambda track: (track.disc, track.number is None, track.number or 0))


def _discs(files: list[_Said]) -> list[int]:
    """The disc of each file: what its tag says, unless all tags say the same and the folders know better."""
    tagged = {said.tags.disc for said in files if said.tags.disc}
    folders = {said.folder_disc for said in files if said.folder_disc}
    prefers_folders = len(tagged) <= 1 and len(folders) > 1
    return [
        (prefers_folders and said.folder_disc)
        or said.tags.disc
        or said.folder_disc
        or (said.name.disc if said.tags.track is None else None)
        or 1
        for said in files
    ]


def _title(said: _Said, owner: str, *, splits: bool) -> tuple[str, tuple[str, ...]]:
    """Title and artists of a track."""
    artists = said.artists.all
    if said.tags.title and said.tags.title.strip():
        return said.tags.title, artists or _alone(owner)
    name = said.name
    if name.artist is None:
        return name.title, artists or _alone(owner)
    key = name_key(name.artist)
    is_artist = key in {name_key(owner), *map(name_key, artists)}
    if is_artist or (splits and not artists and (owner in {VARIOUS, UNKNOWN_ARTIST})):
        return name.title, artists or split_artists((name.artist,)).all
    return f"{name.artist} - {name.title}", artists or _alone(owner)


def _alone(owner: str) -> tuple[str, ...]:
    return () if owner in {VARIOUS, UNKNOWN_ARTIST} else (owner,)


def _is_day(date: str) -> bool:
    return len(date) >= 10 and date[4] == date[7] == "-" and (date[:4] + date[5:7] + date[8:10]).isdecimal()


def _spelt(names: Iterable[str | None]) -> str:
    """The commonest spelling; the first of equals."""
    return Counter(name for name in names if name).most_common(1)[0][0]


def _most(values: Iterable[V | None]) -> tuple[V, ...]:
    """Each once, the commonest first."""
    return tuple(value for value, _ in Counter(value for value in values if value is not None).most_common())
