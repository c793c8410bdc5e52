"""From the files of a show's folder to show, seasons, episodes and extras. Pure."""

from collections.abc import Sequence

from homemedia.library.naming.episode_groups import EpisodeGroup, group_episodes, show_key
from homemedia.library.naming.extras import Extra
from homemedia.library.naming.identity import episode_keys, season_keys
from homemedia.library.naming.shows import ShowName, parse_show
from homemedia.library.naming.stacks import split_name
from homemedia.library.scan.wanted import FileRef, Identified, Wanted, extra_of, files_of, film_keys


def identify_shows(unit: str, files: Sequence[FileRef]) -> Identified:
    """Sort the videos of a first-level folder, or of the root itself, into shows with their seasons and episodes.

    A folder that holds nothing but extras makes its show all the same, so that they hang somewhere.
    """
    by_path = {file.path: file for file in files}
    grouped = group_episodes(by_path)
    found = Identified(wanted=[], samples=[by_path[path].file_id for path in grouped.samples])
    shows: dict[tuple[str, int | None], int] = {}
    seasons: dict[tuple[int, int], int] = {}
    season_of_folder: dict[str, int] = {}
    for episode in grouped.episodes:
        key = show_key(episode.show)
        if key not in shows:
            shows[key] = len(found.wanted)
            found.wanted.append(_named_show(episode.show))
        show = shows[key]
        if (show, episode.season) not in seasons:
            seasons[show, episode.season] = len(found.wanted)
            found.wanted.append(_season(found.wanted[show], show, episode.season))
        season = seasons[show, episode.season]
        for version in episode.versions:
            season_of_folder.setdefault(version.files[0].rpartition("/")[0], season)
        found.wanted.append(_episode(found.wanted[show], season, episode, by_path))
    for extra in grouped.extras:
        _hang(found, extra, by_path[extra.file], unit, season_of_folder)
    return found


def _named_show(show: ShowName) -> Wanted:
    return Wanted(
        kind="show",
        keys=film_keys(show.ids, show.title, show.year, "show"),
        title=show.title,
        year=show.year,
        ids=show.ids,
    )


def _season(show: Wanted, position: int, number: int) -> Wanted:
    return Wanted(
        kind="season",
        keys=tuple(season_keys(list(show.keys), number)),
        title="Specials" if number == 0 else f"Season {number}",
        parent=position,
        number=number,
    )


def _episode(show: Wanted, season: int, episode: EpisodeGroup, by_path: dict[str, FileRef]) -> Wanted:
    title = episode.title
    if title is None and episode.index is not None:
        title = f"Episode {episode.index}" + (f"–{episode.index_end}" if episode.index_end else "")  # noqa: RUF001 - a range
    title = title or episode.air_date or split_name(episode.versions[0].files[0])[0]
    keys = episode_keys(
        list(show.keys),
        episode.season,
        index=episode.index,
        index_end=episode.index_end,
        air_date=episode.air_date,
        title=title,
    )
    return Wanted(
        kind="episode",
        keys=tuple(keys),
        title=title,
        parent=season,
        number=episode.index,
        number_end=episode.index_end,
        parent_number=episode.season,
        air_date=episode.air_date,
        is_absolute=episode.is_absolute,
        files=files_of(episode.versions, lambda path: by_path[path].file_id),
    )


def _hang(found: Identified, extra: Extra, file: FileRef, unit: str, season_of_folder: dict[str, int]) -> None:
    """Hang an extra on the season of its folder, else on the show."""
    season = season_of_folder.get(extra.owner_folder)
    if season is not None and extra.owner_folder not in {"", unit}:
        found.wanted.append(extra_of(extra, file, season, found.wanted[season]))
        return
    shows = [position for position, item in enumerate(found.wanted) if item.kind == "show"]
    if not shows:
        shows = [len(found.wanted)]
        found.wanted.append(_named_show(parse_show(unit or split_name(file.path)[0])))
    found.wanted.append(extra_of(extra, file, shows[0], found.wanted[shows[0]]))
