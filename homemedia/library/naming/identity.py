"""Identity keys: what an item is known by over renames, moves and removed libraries.

Watch state hangs on them, so their form never changes: fields split by '/', in each only normalised words or numbers.
"""

from homemedia.library.naming.normal import normalise
from homemedia.library.naming.titles import Ids


def movie_keys(ids: Ids, title: str, year: int | None) -> list[str]:
    """Keys of a film, strongest first, never empty.

    Source:
        Watch contract 4.4.
    """
    return _keys("movie", ids, title, year)


def show_keys(ids: Ids, title: str, year: int | None) -> list[str]:
    """Keys of a show, strongest first, never empty."""
    return _keys("show", ids, title, year)


def season_keys(shows: list[str], season: int) -> list[str]:
    """Keys of a season from its show's."""
    return [f"{key}/s{season}" for key in shows]


def episode_keys(
    shows: list[str],
    season: int,
    *,
    index: int | None = None,
    index_end: int | None = None,
    air_date: str | None = None,
    title: str | None = None,
) -> list[str]:
    """Keys of an episode from its show's: by date, else by number, else by title within its season.

    Args:
        shows: the show's keys, strongest first.
        season: 0 for specials. A date says enough without it.
        index: number, None for dated and unnumbered episodes.
        index_end: last of several in one file.
        air_date: YYYY-MM-DD.
        title: tells unnumbered episodes apart.
    """
    if index is not None:
        last = f"-{index_end}" if index_end is not None and index_end > index else ""
        return [f"{key}/s{season}/e{index}{last}" for key in shows]
    if air_date is not None:
        return [f"{key}/d{air_date}" for key in shows]
    return [f"{key}/s{season}/t:{_words(title or '')}" for key in shows]


def video_keys(title: str, labels: tuple[str, ...]) -> list[str]:
    """The key of a home video: its name and the folders it lies in, for cameras give the same names over and over."""
    return ["/".join(["video", "name", *(_words(label) for label in labels), _words(title)])]


def extra_keys(owners: list[str], kind: str, stem: str) -> list[str]:
    """Keys of an extra from those of the film, show or season it hangs on."""
    return [f"{key}/x:{kind}:{_words(stem)}" for key in owners]


def _keys(kind: str, ids: Ids, title: str, year: int | None) -> list[str]:
    keys = []
    if ids.tmdb is not None:
        keys.append(f"{kind}/tmdb/{ids.tmdb}")
    if ids.imdb is not None:
        keys.append(f"{kind}/imdb/{ids.imdb}")
    if ids.tvdb is not None:
        keys.append(f"{kind}/tvdb/{ids.tvdb}")
    keys.append(f"{kind}/name/{_words(title)}/{'-' if year is None else year}")
    return keys


def _words(text: str) -> str:
    # Of a title that is only signs ("???") the signs are all there is.
    return normalise(text) or text.strip().replace("/", " ")
