"""Which film or show of TMDb an item is: by ids where anybody tells them, else by a search. Asks and writes nothing."""

from typing import Any

import msgspec

from homemedia.library.naming.titles import Ids
from homemedia.library.tmdb import facts, score
from homemedia.library.tmdb.asking import Asking, Try
from homemedia.library.tmdb.client import ANSWERS_LAST_MS, Kind, TmdbClient
from homemedia.library.tmdb.problems import NotThere
from homemedia.library.tmdb.score import Entry, Rated
from homemedia.library.tmdb.store import Match

# A no is believed as long as TMDb's answers are: the same question in that time is not asked again.
NO_LASTS_MS = ANSWERS_LAST_MS
# So many likely ones are asked for their other titles before a search is given up.
LOOKED_INTO = 4
# A score that nothing of another year can come near to.
BEYOND_DOUBT = score.GOOD_ENOUGH + score.AHEAD


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        tmdb_id: None when nothing is surely meant.
        answer: the details of what was found.
        score: of a search; None where ids decided.
        problem: why an id led nowhere.
        is_old: the same was asked lately with no result, so nobody was asked.
    """

    tmdb_id: int | None = None
    answer: dict[str, Any] | None = None
    score: float | None = None
    problem: str | None = None
    is_old: bool = False


def kind_of(item_kind: str) -> Kind:
    """What TMDb calls films and shows."""
    return "movie" if item_kind == "movie" else "tv"


async def decide(
    client: TmdbClient,
    item_kind: str,
    asking: Asking,
    match: Match,
    *,
    by_hand: Ids,
    now_ms: int,
    is_fresh: bool = False,
) -> Decision:
    """Find out what an item is.

    A person's word stands above all, then ids of NFO and names, then what was found before for the same names.

    Args:
        client: whom to ask.
        item_kind: `movie` or `show`.
        asking: what is known of it here.
        match: what was decided before.
        by_hand: ids that a person gave.
        now_ms: the present.
        is_fresh: ask for details even when an answer is remembered.

    Raises:
        TmdbError: TMDb cannot be asked now.
    """
    kind = kind_of(item_kind)
    if (
        match.state == "none"
        and match.asked == asking.mark
        and match.tried_at is not None
        and 0 <= now_ms - match.tried_at < NO_LASTS_MS
    ):
        return Decision(score=match.score, is_old=True)
    found: Rated | None = None
    number = by_hand.tmdb or (match.tmdb_id if match.state == "manual" else None) or asking.ids.tmdb
    if number is None and match.state == "manual":
        return Decision()  # a person said that it is none of TMDb's
    if number is None and asking.ids:
        number = await _by_other_ids(client, kind, asking.ids)
        if number is None:
            return Decision(problem="id_unknown")
    if number is None and match.state == "auto" and match.asked == asking.mark:
        number = match.tmdb_id
    if number is None:
        found, best = await search(client, item_kind, asking)
        if found is None:
            return Decision(score=best)
        number = found.entry.tmdb_id
    try:
        answer = await client.details(kind, number, language=asking.language, is_fresh=is_fresh)
    except NotThere:
        return Decision(problem="tmdb_not_found")
    return Decision(tmdb_id=number, answer=answer, score=found.score if found else match.score)


async def search(client: TmdbClient, item_kind: str, asking: Asking) -> tuple[Rated | None, float | None]:
    """The one that is surely meant, and the best score there was; each None where there is none."""
    best: float | None = None
    for one in asking.tries:
        rated: list[Rated] = []
        found: dict[int, Entry] = {}
        for year in dict.fromkeys((one.year, None)):
            found |= await _entries(client, item_kind, one, year, asking.language)
            rated = score.ranked(one.title, one.year, found.values())
            hit = score.accepted(rated, one.year, trusts_title=one.trusts_title)
            if hit is not None and (year is None or hit.score >= BEYOND_DOUBT):
                return hit, hit.score
        rated = await _with_other_titles(client, item_kind, one, rated, asking.language)
        hit = score.accepted(rated, one.year, trusts_title=one.trusts_title)
        if hit is not None:
            return hit, hit.score
        best = max((score_ for score_ in (best, rated[0].score if rated else None) if score_ is not None), default=None)
    return None, best


async def _entries(client: TmdbClient, item_kind: str, one: Try, year: int | None, language: str) -> dict[int, Entry]:
    results = await client.search(kind_of(item_kind), one.title, year=year, language=language)
    entries = (facts.entry_of(item_kind, result) for result in results)
    return {entry.tmdb_id: entry for entry in entries if entry is not None}


async def _with_other_titles(
    client: TmdbClient, item_kind: str, one: Try, rated: list[Rated], language: str
) -> list[Rated]:
    """The same, the likely ones scored by their other titles as well, which a search does not tell."""
    likely = [
        entry.entry
        for entry in rated
        if not entry.is_exact and score.year_fit(one.year, entry.entry.year) >= score.UNKNOWN_YEAR
    ][:LOOKED_INTO]
    told: dict[int, Entry] = {}
    for entry in likely:
        try:
            answer = await client.details(kind_of(item_kind), entry.tmdb_id, language=language)
        except NotThere:
            continue
        if (more := facts.entry_of(item_kind, answer)) is not None:
            told[entry.tmdb_id] = more
    if not told:
        return rated
    return score.ranked(one.title, one.year, (told.get(each.entry.tmdb_id, each.entry) for each in rated))


async def _by_other_ids(client: TmdbClient, kind: Kind, ids: Ids) -> int | None:
    found = None
    if ids.imdb is not None:
        found = await client.find(kind, ids.imdb, source="imdb_id")
    if found is None and ids.tvdb is not None:
        found = await client.find(kind, str(ids.tvdb), source="tvdb_id")
    return found
