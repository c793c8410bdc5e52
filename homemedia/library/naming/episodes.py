"""An episode from its path below the library root: show, season, number, date and title.

Looks at one path only; versions and parts of one episode are found in `episode_groups.py`.
"""

import re

import msgspec

from homemedia.library.naming.marks import FIRST_LOOSE_RULE, LAST_CERTAIN_RULE, Mark, find_mark
from homemedia.library.naming.seasons import season_of_folder
from homemedia.library.naming.shows import ShowName, after_name, compose, drop_group, parse_show
from homemedia.library.naming.stacks import split_name
from homemedia.library.naming.tags import STRONG, is_weak
from homemedia.library.naming.titles import has_word, parse_title, turn_dots


class EpisodeName(msgspec.Struct, frozen=True, kw_only=True):
    """What a path says of the episode in it."""

    show: ShowName
    season: int
    """0 is specials."""
    index: int | None = None
    """None for dated and unnumbered episodes."""
    index_end: int | None = None
    """Last of several episodes in one file, above `index`."""
    air_date: str | None = None
    """YYYY-MM-DD."""
    is_absolute: bool = False
    """Whether the number counts through the whole show."""
    title: str | None = None
    rest: str = ""
    """What follows the title: material for a version's label."""
    is_certain: bool = False
    """False where a second opinion is worth having."""

    @property
    def is_numbered(self) -> bool:
        """Whether number or date tell which episode it is."""
        return self.index is not None or self.air_date is not None


TIME_OF_DAY = re.compile(
    r"[ ._\-]{1,3}(?:[01]\d|2[0-3])[ ._\-:h]?[0-5]\d(?:[ ._\-:]?[0-5]\d)?(?![^\W_])", re.IGNORECASE
)
LEFTOVER = re.compile(r"v\d|\d{5}|(?-i:END)", re.IGNORECASE)
OF_HOW_MANY = re.compile(r"[ ._]{0,2}(?:of|von)[ ._]\d{1,3}(?![^\W_])", re.IGNORECASE)
TITLE_END = re.compile(r"[\[{]|\((?!(?:\d{1,2}|(?:part|pt|teil|partie|parte|del)\.? ?[\divx]{1,4})\))", re.IGNORECASE)
SEPARATORS = " ._-\u2013\u2014,;:~|)]}\t"
ENDS = " _-\u2013\u2014,;:~|\t"


def parse_episode(path: str) -> EpisodeName:
    """Read a path of a show library.

    The first folder names the show; a file in the root names its show by the text before its mark. A file without a
    mark becomes an unnumbered episode of its season, so every file has an answer.

    Args:
        path: below the library root, '/' between parts, with the file's extension.

    Source:
        Watch contract 5.3.
    """
    *folders, name = path.split("/")
    return parse_parts(folders, split_name(name)[0])


def parse_parts(folders: list[str], stem: str) -> EpisodeName:
    """The same for folders and a stem already taken apart."""
    stem = drop_group(compose(stem))
    show = parse_show(folders[0]) if folders else None
    mark = find_mark(stem, show.title if show else None)
    if show is None:
        show = _show_of_file(stem, mark)
    elif (lost := _season_without_show(folders)) is not None:
        if mark is not None and has_word(stem[: mark.start]):
            show = _show_of_file(stem, mark)
        show = msgspec.structs.replace(show, season=lost)
    known = _season_of_folders(folders[1:], show)
    season = show.season if known is None else known
    if mark is None:
        return _unmarked(stem, show, 1 if season is None else season)
    index, index_end, is_absolute = mark.index, mark.index_end, False
    if mark.season is not None:
        season = mark.season
    elif mark.air_date is not None:
        season = mark.air_date.year if season is None else season
    elif mark.rule >= FIRST_LOOSE_RULE:
        if season is None:
            is_absolute = True
        elif index is not None and season > 0 and mark.is_long and index // 100 == season and index % 100:
            index, index_end = index % 100, index_end % 100 if index_end else None
    title, rest = _title_after(stem, mark)
    return EpisodeName(
        show=show,
        season=1 if season is None else season,
        index=index,
        index_end=index_end,
        air_date=mark.air_date.isoformat() if mark.air_date else None,
        is_absolute=is_absolute,
        title=title,
        rest=rest,
        is_certain=mark.rule <= LAST_CERTAIN_RULE,
    )


def _season_without_show(folders: list[str]) -> int | None:
    """The season of a season folder that lies where a show should: `Season 1/Tidewater S01E02.mkv`.

    A plain number there is a show: 24, 1883.
    """
    return None if folders[0].isdigit() else season_of_folder(compose(folders[0]))


def _season_of_folders(folders: list[str], show: ShowName) -> int | None:
    """The season of the nearest season folder; other folders are passed through."""
    for folder in reversed(folders):
        name = compose(folder)
        behind = after_name(name, show.title)
        season = season_of_folder(name, None if behind is None else name[behind:])
        if season is not None:
            return season
    return None


def _show_of_file(stem: str, mark: Mark | None) -> ShowName:
    before = stem if mark is None else stem[: mark.start]
    if not has_word(before):
        before = stem
    parts = parse_title(before)
    return ShowName(
        title=parts.title or stem,
        year=parts.year,
        is_year_certain=parts.is_year_certain,
        title_with_year=parts.title_with_year,
        ids=parts.ids,
    )


def _unmarked(stem: str, show: ShowName, season: int) -> EpisodeName:
    behind = after_name(stem, show.title)
    text = stem if behind is None or not has_word(stem[behind:]) else stem[behind:].lstrip(SEPARATORS)
    parts = parse_title(text)
    return EpisodeName(show=show, season=season, title=parts.title or None, rest=parts.rest)


def _title_after(stem: str, mark: Mark) -> tuple[str | None, str]:
    """Title and rest: the text behind the mark up to a bracket or strong tag, and what follows."""
    tail = stem[mark.end :]
    if mark.air_date is not None:
        tail = TIME_OF_DAY.sub("", tail, count=1) if TIME_OF_DAY.match(tail) else tail
    elif many := OF_HOW_MANY.match(tail):
        tail = tail[many.end() :]
    is_dotted = " " not in stem
    if is_dotted:
        tail = turn_dots(tail)
    text = tail.lstrip(SEPARATORS)
    end = len(text)
    if bracket := TITLE_END.search(text):
        end = bracket.start()
    has_tag = False
    if tag := STRONG.search(text, 0, end):
        end, has_tag = tag.start(), True
    title = " ".join(text[:end].split()).strip(ENDS)
    if is_dotted and has_tag:
        title = _without_scene_words(title)
    if LEFTOVER.fullmatch(title):
        title = ""
    return title or None, text[end:]


def _without_scene_words(title: str) -> str:
    """A release's title without what stands before its first strong tag: `Le Titre FRENCH`, `German DL`.

    One word in mixed case stays, for it may be the title's own: `Going Dutch`.
    """
    words = title.split()
    kept = len(words)
    while kept and is_weak(words[kept - 1]):
        kept -= 1
    cut = words[kept:]
    is_scene = len(cut) > 1 or kept == 0 or any(word[1:].isupper() or word[:-1].isupper() for word in cut)
    return " ".join(words[:kept]) if is_scene else title
