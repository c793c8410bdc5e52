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
    """

    join: str
    is_watched: str
    offset_ms: str
    view_count: str
    last_viewed_at: str
    is_started: str
    is_hidden: str


UNWATCHED = WatchSql(
    join="",
    is_watched="0",
    offset_ms="0",
    view_count="0",
    last_viewed_at="CAST(NULL AS INTEGER)",
    is_started="0",
    is_hidden="0",
)


class EpisodeSeen(msgspec.Struct, frozen=True):
    """One episode in the order of its show, with what a member has seen of it. `season` 0 holds the specials."""

    item_id: int
    key: str
    season: int | None
    is_watched: bool
    is_started: bool
    is_hidden: bool
    is_available: bool
    last_viewed_at: int | None
    added_at: int


def next_up(episodes: Sequence[EpisodeSeen]) -> int | None:
    """The place in the list of the episode a member goes on with, after the one watched last.

    Specials are offered only when the last one watched was a special. Episodes without a file, and gaps in the
    numbers, hide nothing. What follows may have been watched before: then the show is being seen again.

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
    for place in range(last + 1, len(episodes)):
        if episodes[place].is_available and (specials or episodes[place].season != 0):
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
    """The place of the episode watched last; of several marked in one moment the last in order."""
    best: int | None = None
    for place, episode in enumerate(episodes):
        if not episode.is_watched or episode.last_viewed_at is None:
            continue
        if best is None or episode.last_viewed_at >= (episodes[best].last_viewed_at or 0):
            best = place
    return best
