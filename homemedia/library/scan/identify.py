"""From the files of one folder to the items people browse: names in, wanted items out. Pure; asks no disk and no table.

The rules for names stand in `library.naming`; here their answers become one shape, with the keys an item is known by.
"""

import functools
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from homemedia.library.models import LibraryKind
from homemedia.library.naming.albums import unit_of_sound
from homemedia.library.naming.discs import DiscKind, disc_home, disc_movie, main_feature
from homemedia.library.naming.extras import Extra, ExtraKind, extra_of_path, owner_of
from homemedia.library.naming.identity import video_keys
from homemedia.library.naming.movies import FolderListing, MovieGroup, group_movies
from homemedia.library.naming.stacks import split_name
from homemedia.library.naming.titles import Ids
from homemedia.library.naming.videos import group_videos
from homemedia.library.scan.identify_music import identify_music
from homemedia.library.scan.identify_shows import identify_shows
from homemedia.library.scan.kinds import belongs_above
from homemedia.library.scan.wanted import FileRef, Identified, Wanted, extra_of, files_of, film_keys, parts_of
from homemedia.media import AudioTags


def unit_of(kind: LibraryKind, folder: str) -> str:
    """The folder whose files are looked at together with those of `folder`, both below the root.

    Films: the folder itself, or the one above where it holds extras, subtitles or a disc's structure. Shows: the
    first-level folder. Home videos, photos, files of folder heaps: the folder itself. Music: the folder, or that around
    folders of single discs.
    """
    if kind is LibraryKind.MUSIC:
        return _unit_of_sound(folder)
    if kind is LibraryKind.SHOW:
        return folder.partition("/")[0]
    if kind in {LibraryKind.VIDEO, LibraryKind.PHOTO, LibraryKind.FOLDER}:
        return folder
    parts = folder.split("/")
    for depth, part in enumerate(parts):
        if belongs_above(part):
            return "/".join(parts[:depth])
    return folder


NO_TAGS: Mapping[int, AudioTags] = MappingProxyType({})
# Asked many times for each folder of a scan, and music's folders are taken apart by their names.
_unit_of_sound = functools.lru_cache(maxsize=8192)(unit_of_sound)


def identify(
    kind: LibraryKind, unit: str, files: Sequence[FileRef], root_name: str, tags: Mapping[int, AudioTags] = NO_TAGS
) -> Identified:
    """Sort the videos or songs of one unit into items.

    Args:
        kind: of the library.
        unit: folder below the root, as `unit_of` answers.
        files: its videos or songs that are there, in order of their paths.
        root_name: name of the library root's own folder.
        tags: of songs, by file id.
    """
    if kind is LibraryKind.MUSIC:
        return identify_music(files, tags)
    if kind is LibraryKind.MOVIE:
        return _movies(unit, files, root_name)
    if kind is LibraryKind.SHOW:
        return identify_shows(unit, files)
    return _videos(files)


def _movies(unit: str, files: Sequence[FileRef], root_name: str) -> Identified:
    found = Identified(wanted=[], samples=[])
    by_path = {file.path: file for file in files}
    direct, discs, extras = _sorted(unit, files)
    prefix = f"{unit}/" if unit else ""
    groups: list[MovieGroup] = []
    folder_name = unit.rpartition("/")[2] or root_name
    if direct:
        movies = group_movies(FolderListing(name=folder_name, files=tuple(direct), is_root=not unit, path=unit))
        found.samples += [by_path[prefix + name].file_id for name in movies.samples]
        groups += [_with_paths(group, prefix) for group in movies.movies]
        extras += [msgspec.structs.replace(extra, file=prefix + extra.file) for extra in movies.extras]
    for disc, sizes in discs.items():
        feature = main_feature(disc, sizes)
        found.samples += [by_path[path].file_id for path in sizes if path not in feature]
        if feature:
            groups.append(disc_movie(folder_name, feature))
    for group in groups:
        found.wanted.append(
            Wanted(
                kind="movie",
                keys=film_keys(group.ids, group.title, group.year),
                title=group.title,
                year=group.year,
                alternative=group.alternative,
                ids=group.ids,
                files=files_of(group.versions, lambda path: by_path[path].file_id),
            )
        )
    for position, group in enumerate(groups):
        for extra in group.extras:
            found.wanted.append(extra_of(extra, by_path[extra.file], position, found.wanted[position]))
    _hang(found, extras, by_path, [group.title for group in groups], is_root=not unit)
    return found


def _sorted(unit: str, files: Sequence[FileRef]) -> tuple[list[str], dict[DiscKind, dict[str, int]], list[Extra]]:
    """The unit's own files by name, those of discs by path and size, and those in folders for extras."""
    direct: list[str] = []
    discs: dict[DiscKind, dict[str, int]] = {}
    extras: list[Extra] = []
    for file in files:
        folder, _, name = file.path.rpartition("/")
        if folder == unit:
            direct.append(name)
        elif home := disc_home(folder[len(unit) :].lstrip("/")):
            discs.setdefault(home[1], {})[file.path] = file.size_bytes
        else:
            # A video in a folder for subtitles is nothing else than an extra.
            loose = Extra(file.path, ExtraKind.OTHER, split_name(name)[0], unit)
            extras.append(extra_of_path(file.path) or loose)
    return direct, discs, extras


def _hang(
    found: Identified, extras: Sequence[Extra], by_path: dict[str, FileRef], titles: Sequence[str], *, is_root: bool
) -> None:
    """Hang loose extras on the film whose title they begin with, else on the folder's first."""
    for extra in extras:
        file = by_path[extra.file]
        if extra.kind is ExtraKind.SAMPLE:
            found.samples.append(file.file_id)
            continue
        position = owner_of(split_name(extra.file)[0], titles)
        if position is None and titles and not is_root:
            position = 0
        if position is None:
            # Nothing here that it could hang on: better a film of its own than a lost file.
            found.wanted.append(_lonely(extra, file))
        else:
            found.wanted.append(extra_of(extra, file, position, found.wanted[position]))


def _videos(files: Sequence[FileRef]) -> Identified:
    by_path = {file.path: file for file in files}
    found = Identified(wanted=[], samples=[])
    taken: set[str] = set()
    for video in group_videos(by_path):
        keys = video_keys(video.title, video.labels)
        if keys[0] in taken:
            # Cameras give one name to different recordings: `IMG_1.mov` and `IMG_1.mp4` are two.
            keys = video_keys(f"{video.title} {split_name(video.files[0])[1]}", video.labels)
        taken.update(keys)
        found.wanted.append(
            Wanted(
                kind="video",
                keys=tuple(keys),
                title=video.title,
                labels=video.labels,
                release_date=video.date.when.date().isoformat() if video.date else None,
                files=parts_of([by_path[path].file_id for path in video.files], None, 0),
            )
        )
    return found


def _with_paths(group: MovieGroup, prefix: str) -> MovieGroup:
    """The group with paths below the root instead of names."""
    if not prefix:
        return group
    return msgspec.structs.replace(
        group,
        versions=tuple(
            msgspec.structs.replace(version, files=tuple(prefix + name for name in version.files))
            for version in group.versions
        ),
        extras=tuple(msgspec.structs.replace(extra, file=prefix + extra.file) for extra in group.extras),
    )


def _lonely(extra: Extra, file: FileRef) -> Wanted:
    title = extra.title or split_name(file.path)[0]
    return Wanted(
        kind="movie", keys=film_keys(Ids(), title, None), title=title, files=parts_of([file.file_id], None, 0)
    )
