"""How well a film or show of TMDb fits what a name says, and whether that is sure enough. Pure.

A wrong match is worse than none: "Alien" must not become "Alien Warfare".

Source: watch contract §6.3.
"""

from collections.abc import Iterable, Sequence

import msgspec

from homemedia.library.naming.normal import normalise

TITLE_SHARE, YEAR_SHARE = 0.7, 0.3
SAME_YEAR, NEAR_YEAR, UNKNOWN_YEAR = 1.0, 0.6, 0.5
CONTAINED = 0.15
GOOD_ENOUGH, AHEAD = 0.88, 0.05
# Sums of sevenths and thirds must not fail a limit by the last bit.
DIGITS = 6


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A film or show as TMDb names it. `alternatives` are its other titles, translations among them."""

    tmdb_id: int
    title: str
    original_title: str = ""
    year: int | None = None
    alternatives: tuple[str, ...] = ()

    @property
    def titles(self) -> list[str]:
        """All its titles, each once, none empty."""
        return list(dict.fromkeys(filter(None, (self.title, self.original_title, *self.alternatives))))


class Rated(msgspec.Struct, frozen=True):
    """An entry with its score, from -0.15 to 1; `is_exact` when one of its titles is the very one asked for."""

    entry: Entry
    score: float
    is_exact: bool


def rate(title: str, year: int | None, entry: Entry) -> Rated:
    """How well an entry fits a title and a year; None where the name told none."""
    wanted = _plain(title)
    best, is_exact = 0.0, False
    for name in entry.titles:
        found = _plain(name)
        is_exact |= found == wanted
        best = max(best, TITLE_SHARE * similarity(wanted, found) - (CONTAINED if contains(wanted, found) else 0.0))
    return Rated(entry, round(best + YEAR_SHARE * year_fit(year, entry.year), DIGITS), is_exact)


def ranked(title: str, year: int | None, entries: Iterable[Entry]) -> list[Rated]:
    """Entries with their scores, best first; equals stay in the order given, which is TMDb's by popularity."""
    return sorted((rate(title, year, entry) for entry in entries), key=lambda rated: -rated.score)


def accepted(rated: Sequence[Rated], year: int | None, *, trusts_title: bool = False) -> Rated | None:
    """The one that is surely meant; None when none is, or when two could be.

    Args:
        rated: best first.
        year: that was asked for.
        trusts_title: without a year a sole exact title is enough: folders of shows seldom tell a year, and a title
            that holds a number as "Winter Queen 1986" does is not met twice.
    """
    if not rated:
        return None
    best = rated[0]
    runner_up = rated[1].score if len(rated) > 1 else 0.0
    if best.score >= GOOD_ENOUGH and round(best.score - runner_up, DIGITS) >= AHEAD:
        return best
    if year is None:
        exact = [one for one in rated if one.is_exact] if trusts_title else []
    else:
        exact = [one for one in rated if one.is_exact and one.entry.year == year]
    return exact[0] if len(exact) == 1 else None


def similarity(left: str, right: str) -> float:
    """Token-set ratio of two normalised titles, 0 to 1: the order of words and words too many count little."""
    import difflib  # noqa: PLC0415 - only who looks for titles needs it

    ours, theirs = set(left.split()), set(right.split())
    shared = " ".join(sorted(ours & theirs))
    one = f"{shared} {' '.join(sorted(ours - theirs))}".strip()
    other = f"{shared} {' '.join(sorted(theirs - ours))}".strip()
    pairs = [(one, other), (shared, one), (shared, other)] if shared else [(one, other)]
    return max(difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() for a, b in pairs)


def contains(left: str, right: str) -> bool:
    """Whether one normalised title is merely a part of the other, as text or in its words."""
    if left == right:
        return False
    ours, theirs = set(left.split()), set(right.split())
    return left in right or right in left or ours < theirs or theirs < ours


def year_fit(wanted: int | None, found: int | None) -> float:
    """How well two years agree, 0 to 1."""
    if wanted is None or found is None:
        return UNKNOWN_YEAR
    if wanted == found:
        return SAME_YEAR
    return NEAR_YEAR if abs(wanted - found) == 1 else 0.0


def _plain(title: str) -> str:
    # Of a title that is only signs ("???") the signs are all there is.
    return normalise(title) or title.strip().casefold()
