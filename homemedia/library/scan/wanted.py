"""What the names of files ask for: items with their keys and files, in one shape for all kinds of libraries."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from homemedia.library.naming.extras import Extra
from homemedia.library.naming.identity import extra_keys, movie_keys, show_keys
from homemedia.library.naming.music import name_key
from homemedia.library.naming.normal import shown
from homemedia.library.naming.stacks import split_name
from homemedia.library.naming.titles import Ids
from homemedia.library.naming.versions import Version

PROVIDERS = ("tmdb", "imdb", "tvdb")


class FileRef(NamedTuple):
    """A file of the folder that is looked at; `path` below the library root."""

    file_id: int
    path: str
    kind: str
    size_bytes: int


class WantedFile(NamedTuple):
    file_id: int
    version: str | None
    version_index: int
    part: int
    part_count: int


class Wanted(msgspec.Struct, kw_only=True):
    """An item as the names want it.

    `keys` are what it is known by, the surest first. `parent` is the position of its parent in the same list, which
    stands before it.
    """

    kind: str
    keys: tuple[str, ...]
    title: str
    parent: int | None = None
    year: int | None = None
    alternative: str | None = None
    ids: Ids = Ids()
    number: int | None = None
    number_end: int | None = None
    parent_number: int | None = None
    air_date: str | None = None
    release_date: str | None = None
    is_absolute: bool = False
    extra_kind: str | None = None
    labels: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    studio: str | None = None
    artists: tuple[str, ...] = ()
    album_artists: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    files: tuple[WantedFile, ...] = ()


class Identified(msgspec.Struct, kw_only=True):
    """What one unit holds: every video is a file of one item, or a sample."""

    wanted: list[Wanted]
    samples: list[int]


def merged(units: Iterable[Sequence[Wanted]]) -> list[Wanted]:
    """The items of several folders as one list, parents still first; those with a key in common are one item.

    So two seasons of a show in two folders are one show, and a film's two copies are two versions of it. Two tracks of
    one album with the same number and different titles stay two: nobody wrote down that they are of two discs.
    """
    result: list[Wanted] = []
    by_key: dict[str, int] = {}
    for unit in units:
        places: list[int] = []
        for item in unit:
            place = next((by_key[key] for key in item.keys if key in by_key), None)
            if place is not None and is_other_track(item, result[place].title):
                item = by_title(item)  # noqa: PLW2901 - the same item, called otherwise
                place = by_key.get(item.keys[0])
            if place is None or contradict(item.keys, result[place].keys):
                place = len(result)
                result.append(
                    msgspec.structs.replace(item, parent=None if item.parent is None else places[item.parent])
                )
            else:
                _join(result[place], item)
            for key in item.keys:
                by_key.setdefault(key, place)
            places.append(place)
    for item in result:
        item.title = shown(item.title)
        item.labels = tuple(shown(label) for label in item.labels)
    return result


def contradict(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether two sets of keys name other ids of one provider, or other years: an equal title is a coincidence."""
    keys = [tuple(left), tuple(right)]
    ids = [{key.split("/")[1]: key for key in some if _is_id(key)} for some in keys]
    if any(provider in ids[1] and ids[1][provider] != key for provider, key in ids[0].items()):
        return True
    # Two albums of one title and artist are told apart by their years.
    dated = [{key for key in some if _is_dated_album(key)} for some in keys]
    return bool(dated[0]) and bool(dated[1]) and dated[0].isdisjoint(dated[1])


def _is_id(key: str) -> bool:
    parts = key.split("/")
    return len(parts) == 3 and parts[0] in {"movie", "show"} and parts[1] in PROVIDERS


def _is_dated_album(key: str) -> bool:
    parts = key.split("/")
    return len(parts) == 6 and parts[0] == "music" and parts[3] == "album"


def is_other_track(item: Wanted, title: object) -> bool:
    """Whether a track of another title has this one's number."""
    return item.kind == "track" and isinstance(title, str) and name_key(title) != name_key(item.title)


def by_title(track: Wanted) -> Wanted:
    """The track known by its title, since its number is taken."""
    key, _, _ = track.keys[0].partition("/track/")
    return msgspec.structs.replace(track, keys=(f"{key.partition('/title/')[0]}/title/{name_key(track.title)}",))


def _join(item: Wanted, other: Wanted) -> None:
    index = max((file.version_index for file in item.files), default=-1) + 1
    item.files += tuple(file._replace(version_index=index + file.version_index) for file in other.files)
    item.keys += tuple(key for key in other.keys if key not in item.keys)
    item.ids = item.ids.over(other.ids)


def film_keys(ids: Ids, title: str, year: int | None, kind: str = "movie") -> tuple[str, ...]:
    """What a film, or a show where `kind` says so, is known by: ids first, title and year last."""
    return tuple((show_keys if kind == "show" else movie_keys)(ids, title, year))


def files_of(versions: Iterable[Version], file_id: Callable[[str], int]) -> tuple[WantedFile, ...]:
    return tuple(
        file
        for version in versions
        for file in parts_of([file_id(path) for path in version.files], version.label, version.index)
    )


def parts_of(file_ids: Sequence[int], label: str | None, index: int) -> tuple[WantedFile, ...]:
    return tuple(
        WantedFile(file_id, label, index, part, len(file_ids)) for part, file_id in enumerate(file_ids, start=1)
    )


def extra_of(extra: Extra, file: FileRef, parent: int, owner: Wanted) -> Wanted:
    """An extra hanging on the item at `parent` in the list."""
    return Wanted(
        kind="extra",
        keys=tuple(extra_keys(list(owner.keys), extra.kind.value, split_name(file.path)[0])),
        title=extra.title,
        parent=parent,
        extra_kind=extra.kind.value,
        files=parts_of([file.file_id], None, 0),
    )
