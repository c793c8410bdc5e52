"""What library lists know of watching: pieces of SQL that playback hands in, and the choice of the next episode.

The library keeps no watch state itself; without playback nothing counts as watched.
"""

from collections.abc import Sequence

import msgspec


class WatchSql(msgspec.Struct, frozen=True):
    """How a statement on `item` learns what the member `:actor_id` has seen of the row.

    Attributes:
        join: a LEFT JOIN on `item`; at most one row.
        is_watched: 0 or 1.
        offset_ms: where to go on, 0 at the start.
        view_count: how often it was watched.
        last_viewed_at: ms, or NULL.
        is_started: 0 or 1, as continue watching counts it.
        is_hidden: 0 or 1, dismissed from continue watching.
        is_listed: 0 or 1, on the member's watchlist.
        watched_items: a FROM clause of all rows of `item` with `is_watched`, found by what the member watched.
    """

    join: str
    is_watched: str
    offset_ms: str
    view_count: str
    last_viewed_at: str
    is_started: str
    is_hidden: str
    is_listed: str
    watched_items: str


UNWATCHED = WatchSql(
    join="",
    is_watched="0",
    offset_ms="0",
    view_count="0",
    last_viewed_at="CAST(NULL AS INTEGER)",
    is_started="0",
    is_hidden="0",
    is_listed="0",
    watched_items="item CROSS JOIN (SELECT 1 WHERE 0) AS nothing",
)


class EpisodeSeen(msgspec.Struct, frozen=True):
    """One episode in the order of its show, with what a member has seen of it. `season` 0 holds the specials.

    A special may be placed: it is seen before episode `shown_number` of `shown_season`, after all of it when that is
    None.
    """

    item_id: int
    key: str
    season: int | None
    is_watched: bool
    is_started: bool
    is_hidden: bool
    is_available: bool
    last_viewed_at: int | None
    added_at: int
    number: int | None = None
    shown_season: int | None = None
    shown_number: int | None = None


def viewing_order(episodes: Sequence[EpisodeSeen]) -> list[int]:
    """Places in the list in the order in which they are seen: placed specials among the episodes, the others last.

    Args:
        episodes: of one show, ascending, specials last.
    """
    regular = [place for place, episode in enumerate(episodes) if episode.season != 0]
    before: dict[int, list[int]] = {}
    unplaced: list[int] = []
    for place, episode in enumerate(episodes):
        if episode.season != 0:
            continue
        if episode.shown_season is None:
            unplaced.append(place)
        else:
            before.setdefault(_slot(episodes, regular, episode), []).append(place)
    order: list[int] = []
    for slot, place in enumerate(regular):
        order += [*before.get(slot, []), place]
    return [*order, *before.get(len(regular), []), *unplaced]


def _slot(episodes: Sequence[EpisodeSeen], regular: Sequence[int], special: EpisodeSeen) -> int:
    """Before which of the regular episodes a special is seen."""
    season, number = special.shown_season or 0, special.shown_number
    for slot, place in enumerate(regular):
        episode = episodes[place]
        if episode.season is None:
            continue
        is_reached = episode.season == season and number is not None and (episode.number or 0) >= number
        if is_reached or episode.season > season:
            return slot
    return len(regular)


def next_up(episodes: Sequence[EpisodeSeen]) -> int | None:
    """The place in the list of the episode a member goes on with, after the one watched last.

    Specials are offered where they are placed among the episodes; others only when the last one watched was a special.
    Episodes without a file, and gaps in the numbers, hide nothing. What follows may have been watched before: then the
    show is being seen again.

    Args:
        episodes: of one show, ascending, specials last.

    Returns:
        None when no episode was watched, or none is left.

    Source:
        Watch contract 13.1.
    """
    last = last_watched(episodes)
    if last is None:
        return None
    specials = episodes[last].season == 0
    order = viewing_order(episodes)
    for place in order[order.index(last) + 1 :]:
        episode = episodes[place]
        if episode.is_available and (specials or episode.season != 0 or episode.shown_season is not None):
            return place
    return None


def to_play(episodes: Sequence[EpisodeSeen]) -> int | None:
    """What a show's own page offers: the episode begun last, else the next one, else the first of all.

    None when everything was watched, or nothing can be played.
    """
    started = [place for place, episode in enumerate(episodes) if episode.is_started and episode.is_available]
    if started:
        return max(started, key=lambda place: (episodes[place].last_viewed_at or 0, place))
    if last_watched(episodes) is not None:
        return next_up(episodes)
    playable = [place for place, episode in enumerate(episodes) if episode.is_available]
    regular = [place for place in playable if episodes[place].season != 0]
    return next(iter(regular or playable), None)


def last_watched(episodes: Sequence[EpisodeSeen]) -> int | None:
    """The place of the episode watched last; of several marked in one moment the last in order, specials behind."""
    watched = [place for place, one in enumerate(episodes) if one.is_watched and one.last_viewed_at is not None]
    if not watched:
        return None
    return max(watched, key=lambda place: (episodes[place].last_viewed_at or 0, episodes[place].season != 0, place))
