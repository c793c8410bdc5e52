"""What to ask TMDb about an item, from the names of its files. Pure."""

from collections.abc import Sequence

import msgspec

from homemedia.library.naming.discs import disc_home
from homemedia.library.naming.movies import FolderListing, group_movies
from homemedia.library.naming.shows import parse_show
from homemedia.library.naming.titles import Ids, parse_title

# A title that was made of a file's name is cut off here: TMDb takes no longer questions.
LONGEST = 250


class Try(msgspec.Struct, frozen=True):
    """One question.

    Attributes:
        title: to search for.
        year: to score with, None when the name tells none.
        trusts_title: a sole exact title is enough without a year.
    """

    title: str
    year: int | None = None
    trusts_title: bool = False


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a match depends on; the same again would be answered alike.

    Attributes:
        ids: of names, NFO or people; any of them decides without a search.
        tries: in order; the first that finds something surely meant wins.
        language: of the library.
    """

    ids: Ids
    tries: tuple[Try, ...]
    language: str

    @property
    def mark(self) -> str:
        """What stands in the table, to know it again."""
        return msgspec.json.encode(self).decode()


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What names say: ids, and the title had a soft year been no year."""

    ids: Ids = Ids()
    year: int | None = None
    is_year_certain: bool = True
    title_with_year: str | None = None


def named(kind: str, title: str, paths: Sequence[str]) -> Named:
    """What the names of an item's files say beside the title that the scan took.

    Args:
        kind: `movie` or `show`.
        title: the scan's.
        paths: of its files below the library's folder, the first version first; of a show any of its episodes.
    """
    for path in paths:
        folders = path.split("/")[:-1]
        if kind == "show":
            show = parse_show(folders[0]) if folders else parse_show(path.rpartition(".")[0])
            is_same = show.title == title
            if folders or is_same:
                return Named(
                    ids=show.ids,
                    year=show.year,
                    is_year_certain=show.is_year_certain or not is_same,
                    title_with_year=show.title_with_year if is_same else None,
                )
            continue
        found = _film(path, title)
        if found is not None:
            return found
    return Named()


def _film(path: str, title: str) -> Named | None:
    folder, _, name = path.rpartition("/")
    if (disc := disc_home(folder)) is not None:
        parts = parse_title(disc[0].rpartition("/")[2])
        is_same = parts.title == title
        return Named(
            ids=parts.ids,
            year=parts.year,
            is_year_certain=parts.is_year_certain or not is_same,
            title_with_year=parts.title_with_year if is_same else None,
        )
    listing = FolderListing(name=folder.rpartition("/")[2], files=(name,), is_root=not folder, path=folder)
    for group in group_movies(listing).movies:
        is_same = group.title == title
        if is_same or group.ids:
            return Named(
                ids=group.ids,
                year=group.year,
                is_year_certain=group.is_year_certain or not is_same,
                title_with_year=group.title_with_year if is_same else None,
            )
    return None


def asking(
    kind: str, *, title: str, year: int | None, names: Named, stated: Ids, original: str | None, language: str
) -> Asking:
    """What to ask, in order.

    A soft year is tried with, then without the year, then with the year put back into the title.

    Args:
        kind: `movie` or `show`.
        title: of the item as names, NFO or people say.
        year: likewise.
        names: what the names say beside it.
        stated: ids of NFO or people; they stand above those of names.
        original: another title that a name or an NFO tells (`Title AKA Other`).
        language: of the library.
    """
    is_show = kind == "show"
    tries = [Try(title, year, trusts_title=is_show)]
    if original and original != title:
        tries.append(Try(original, year, trusts_title=is_show))
    if year is not None and not names.is_year_certain and names.year == year:
        tries.append(Try(title, None, trusts_title=is_show))
        if names.title_with_year:
            tries.append(Try(names.title_with_year, None, trusts_title=True))
    cut = (msgspec.structs.replace(one, title=one.title[:LONGEST]) for one in tries)
    return Asking(ids=stated.over(names.ids), tries=tuple(dict.fromkeys(cut)), language=language)
