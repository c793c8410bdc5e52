"""Films of one folder: which files are one film, which of them versions, which parts.

Looks at one folder's name and its file names only. Sub-folders are visited as folders of their own; DVD and Blu-ray
structures stand in `discs.py`.
"""

import re
from collections.abc import Sequence

import msgspec

from homemedia.library.naming.extras import Extra, ExtraKind, extra_of_stem, owner_of
from homemedia.library.naming.normal import normalise
from homemedia.library.naming.stacks import PART_WORD, Unit, split_name, stack
from homemedia.library.naming.tags import is_tags
from homemedia.library.naming.titles import Ids, NameParts, is_unsure, parse_title, take_ids, turn_dots
from homemedia.library.naming.versions import Version, arrange, clean_label


class FolderListing(msgspec.Struct, frozen=True, kw_only=True):
    """What a decider sees of a folder."""

    name: str
    files: tuple[str, ...]
    """Names of its video files, without folders."""
    is_root: bool = False
    """Whether it is a library root, whose name says nothing of a film."""
    path: str = ""
    """Below the library root, '' for the root."""


class MovieGroup(msgspec.Struct, frozen=True, kw_only=True):
    """One film."""

    title: str
    year: int | None
    is_year_certain: bool
    title_with_year: str | None
    alternative: str | None
    ids: Ids
    versions: tuple[Version, ...]
    """Never empty, the default first."""
    extras: tuple[Extra, ...] = ()
    is_unsure: bool = False
    """Whether a second opinion on title and year is worth having."""


class FolderMovies(msgspec.Struct, frozen=True, kw_only=True):
    """Every file of the folder is in exactly one of these."""

    movies: tuple[MovieGroup, ...]
    extras: tuple[Extra, ...]
    """Those no film of this folder owns."""
    samples: tuple[str, ...]


class _Recording(msgspec.Struct, frozen=True):
    unit: Unit
    parts: NameParts
    label: str | None


SAYS_NOTHING = re.compile(
    r"(?:main )?(?:movie|film|video|feature|main)|title(?: ?t)? ?\d{1,4}|vts \d\d \d|\d{5,}", re.IGNORECASE
)
REMAINDER_STARTS = ("-", "_", ".", "[", "(", "{")


def group_movies(folder: FolderListing) -> FolderMovies:
    """Sort the video files of one folder into films, versions, parts, extras and samples.

    Returns:
        Films in natural order of their first file.

    Source:
        Watch contract 5.2.
    """
    extras: list[Extra] = []
    samples: list[str] = []
    videos: list[str] = []
    for file in folder.files:
        told = extra_of_stem(split_name(file)[0], "" if folder.is_root else folder.name)
        if told is None:
            videos.append(file)
        elif told[0] is ExtraKind.SAMPLE:
            samples.append(file)
        else:
            extras.append(Extra(file, told[0], told[1], folder.path))
    groups = _groups(folder, stack(videos))
    owned: list[list[Extra]] = [[] for _ in groups]
    loose: list[Extra] = []
    titles = [group.title for group in groups]
    for extra in extras:
        owner = owner_of(split_name(extra.file)[0], titles)
        (loose if owner is None else owned[owner]).append(extra)
    return FolderMovies(
        movies=tuple(
            msgspec.structs.replace(group, extras=tuple(of_it)) if of_it else group
            for group, of_it in zip(groups, owned, strict=True)
        ),
        extras=tuple(loose),
        samples=tuple(samples),
    )


def says_nothing(title: str) -> bool:
    """Whether a file's title is one that programs give (`movie`, `title_t00`, `00012`), not a person."""
    return SAYS_NOTHING.fullmatch(normalise(title)) is not None


def _groups(folder: FolderListing, units: Sequence[Unit]) -> list[MovieGroup]:
    of_folder = None if folder.is_root else parse_title(folder.name)
    folder_key = None
    keyed: dict[tuple[str, int | None], list[_Recording]] = {}
    for unit in units:
        parts = parse_title(unit.stem)
        remainder = None
        if of_folder is not None and len(folder.name) > 1:
            remainder = _remainder(unit.stem, parts, folder.name, of_folder)
        if of_folder is not None and remainder is not None:
            key = folder_key = _key(of_folder)
        else:
            key, remainder = _key(parts), parts.rest
        label = " ".join(filter(None, (parts.edition, clean_label(remainder)))) or None
        keyed.setdefault(key, []).append(_Recording(unit, parts, label))
    is_alone = len(keyed) == 1
    return [
        _movie(recordings, of_folder, is_folder_movie=key == folder_key, is_alone=is_alone)
        for key, recordings in keyed.items()
    ]


def _movie(
    recordings: Sequence[_Recording], of_folder: NameParts | None, *, is_folder_movie: bool, is_alone: bool
) -> MovieGroup:
    # A certain year beats a soft one, a plain name beats a labelled one; else the first.
    named = min(recordings, key=lambda recording: (not recording.parts.is_year_certain, recording.label is not None))
    parts = named.parts
    ids = Ids()
    for recording in recordings:
        ids = ids.over(recording.parts.ids)
    if of_folder is not None:
        takes_folder = is_folder_movie or (
            is_alone and parts.year is None and (of_folder.year is not None or says_nothing(parts.title))
        )
        if is_alone or is_folder_movie:
            ids = ids.over(of_folder.ids)
        if takes_folder:
            parts = of_folder
    return MovieGroup(
        title=parts.title,
        year=parts.year,
        is_year_certain=parts.is_year_certain,
        title_with_year=parts.title_with_year,
        alternative=parts.alternative,
        ids=ids,
        versions=arrange((recording.label, recording.unit.files) for recording in recordings),
        is_unsure=not ids and is_unsure(parts),
    )


def _remainder(stem: str, parts: NameParts, folder: str, of_folder: NameParts) -> str | None:
    """What follows the folder's name in a stem of the folder's film; None when the stem is of another film.

    Source:
        Watch contract 5.2, rule 2.
    """
    if parts.year is not None and parts.year != of_folder.year:
        return None
    bare_stem, bare_folder = take_ids(stem)[0], take_ids(folder)[0]
    starts = [bare_folder]
    if of_folder.year is not None:
        starts += [f"{of_folder.title} ({of_folder.year})", f"{of_folder.title} {of_folder.year}"]
    starts.append(of_folder.title)
    for text in (bare_stem, turn_dots(bare_stem)) if " " not in bare_stem else (bare_stem,):
        for start in starts:
            # Casefolding may change the length, so the same number of letters is compared as lower case.
            if start and text[: len(start)].lower() == start.lower():
                remainder = text[len(start) :]
                if _is_remainder(remainder):
                    return remainder
    return None


def _is_remainder(text: str) -> bool:
    bare = text.strip()
    if not bare or bare.startswith(REMAINDER_STARTS):
        return True
    return text != bare and text[0] == " " and (is_tags(bare) or PART_WORD.fullmatch(bare) is not None)


def _key(parts: NameParts) -> tuple[str, int | None]:
    return normalise(parts.title) or parts.title, parts.year
