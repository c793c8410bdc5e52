"""Files of a show library put together: versions and parts of one episode, extras, samples."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.library.naming.episodes import EpisodeName, parse_parts
from homemedia.library.naming.extras import Extra, ExtraKind, extra_of_path
from homemedia.library.naming.normal import normalise
from homemedia.library.naming.shows import ShowName
from homemedia.library.naming.stacks import Unit, natural, split_name, stack
from homemedia.library.naming.versions import Version, arrange, clean_label


class EpisodeGroup(msgspec.Struct, frozen=True, kw_only=True):
    """One episode with its files."""

    show: ShowName
    season: int
    index: int | None
    index_end: int | None
    air_date: str | None
    is_absolute: bool
    title: str | None
    is_certain: bool
    versions: tuple[Version, ...]
    """Never empty, the default first; files are paths below the library root."""


class ShowFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Every path given is in exactly one of these."""

    episodes: tuple[EpisodeGroup, ...]
    extras: tuple[Extra, ...]
    """`owner_folder` is the show's folder or a season's."""
    samples: tuple[str, ...]


def group_episodes(paths: Iterable[str]) -> ShowFiles:
    """Sort video files of a show library into episodes with versions and parts, extras and samples.

    Files of one show with the same season and numbers are versions of one episode, wherever they lie.

    Args:
        paths: below the library root; of one show, or of many.

    Returns:
        Episodes by show, season, number, date and title.

    Source:
        Watch contract 5.3, 5.4.
    """
    extras: list[Extra] = []
    samples: list[str] = []
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        extra = extra_of_path(path, first_level=1)
        if extra is None:
            by_folder[path.rpartition("/")[0]].append(path)
        elif extra.kind is ExtraKind.SAMPLE:
            samples.append(path)
        else:
            extras.append(extra)
    found: dict[tuple[object, ...], list[tuple[Unit, EpisodeName]]] = defaultdict(list)
    for folder, files in by_folder.items():
        folders = folder.split("/") if folder else []
        for unit in stack(files):
            for single, name in _named(folders, unit):
                found[_key(name)].append((single, name))
    episodes = [_episode(entries) for entries in found.values()]
    episodes.sort(key=_place)
    return ShowFiles(episodes=tuple(episodes), extras=tuple(extras), samples=tuple(samples))


def show_key(show: ShowName) -> tuple[str, int | None]:
    """What two names of one show have in common."""
    return normalise(show.title) or show.title, show.year


def _named(folders: list[str], unit: Unit) -> list[tuple[Unit, EpisodeName]]:
    name = parse_parts(folders, unit.stem)
    if len(unit.files) == 1 or name.is_numbered:
        return [(unit, name)]
    # `Planet Part 1`, `Planet Part 2` are episodes, for nothing but the part tells them apart.
    singles = [Unit(split_name(file)[0], (file,)) for file in unit.files]
    return [(single, parse_parts(folders, single.stem)) for single in singles]


def _key(name: EpisodeName) -> tuple[object, ...]:
    if name.is_numbered:
        return *show_key(name.show), name.season, name.index, name.index_end, name.air_date
    title = name.title or ""
    return *show_key(name.show), name.season, normalise(title) or title


def _episode(entries: Sequence[tuple[Unit, EpisodeName]]) -> EpisodeGroup:
    first = entries[0][1]
    title = _common_title([name.title for _, name in entries if name.title])
    words = [_label_words(name, title) for _, name in entries]
    if len(words) > 1:
        words = _without_common(words)
        labels = [" ".join(found) or None for found in words]
    else:
        labels = [None]
    return EpisodeGroup(
        show=first.show,
        season=first.season,
        index=first.index,
        index_end=first.index_end,
        air_date=first.air_date,
        is_absolute=all(name.is_absolute for _, name in entries),
        title=title,
        is_certain=any(name.is_certain for _, name in entries),
        versions=arrange((label, unit.files) for label, (unit, _) in zip(labels, entries, strict=True)),
    )


def _common_title(titles: Sequence[str]) -> str | None:
    """The first title, or the shortest when all others go on from it: `Pilot` of `Pilot` and `Pilot Extended`."""
    if not titles:
        return None
    shortest = min(titles, key=len)
    return shortest if all(_goes_on(title, shortest) for title in titles) else titles[0]


def _goes_on(title: str, start: str) -> bool:
    words, first = title.casefold().split(), start.casefold().split()
    return words[: len(first)] == first


def _label_words(name: EpisodeName, title: str | None) -> list[str]:
    rest = (clean_label(name.rest) or "").split()
    if not name.title or not title or normalise(name.title) == normalise(title):
        return rest
    if _goes_on(name.title, title):
        return (clean_label(" ".join(name.title.split()[len(title.split()) :])) or "").split() + rest
    return rest or name.title.split()


def _without_common(labels: Sequence[Sequence[str]]) -> list[list[str]]:
    """The words of each label minus those that all begin and end with."""
    shortest = min(len(words) for words in labels)
    head = 0
    while head < shortest and len({words[head].casefold() for words in labels}) == 1:
        head += 1
    tail = 0
    while tail < shortest - head and len({words[-1 - tail].casefold() for words in labels}) == 1:
        tail += 1
    return [list(words[head : len(words) - tail]) for words in labels]


def _place(episode: EpisodeGroup) -> tuple[str, int, bool, int, str, list[tuple[int, str]]]:
    # Numbered before dated before unnumbered.
    return (
        normalise(episode.show.title),
        episode.season,
        episode.index is None and episode.air_date is None,
        episode.index or 0,
        episode.air_date or "",
        natural(episode.title or ""),
    )
