"""What is new, as people say it: not forty episodes, but a season. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

TOGETHER_MS = 24 * 3600 * 1000


class Added(msgspec.Struct, frozen=True):
    """Something that was added at a time (ms); an episode with its season and its show."""

    item_id: int
    added_at: int
    season_id: int | None = None
    show_id: int | None = None


class Newest(msgspec.Struct, frozen=True):
    """What to show for one or several added things; `count` 1 is the thing itself."""

    item_id: int
    added_at: int
    count: int = 1


T = TypeVar("T", Added, Newest)


def collapse(added: Iterable[Added]) -> list[Newest]:
    """Put episodes that came together into their season, and seasons that came together into their show.

    Episodes of a season belong together while each came within 24 h of the next; so do such seasons of a show.

    Returns:
        The newest first, ties by id.

    Source:
        Watch contract 3.4, recent.
    """
    single: list[Newest] = []
    by_season: dict[int, list[Added]] = defaultdict(list)
    for one in added:
        if one.season_id is None:
            single.append(Newest(one.item_id, one.added_at))
        else:
            by_season[one.season_id].append(one)
    by_show: dict[int | None, list[Newest]] = defaultdict(list)
    for season_id, episodes in by_season.items():
        for run in _runs(episodes):
            if len(run) == 1:
                single.append(Newest(run[0].item_id, run[0].added_at))
            else:
                by_show[run[0].show_id].append(Newest(season_id, run[0].added_at, len(run)))
    for show_id, seasons in by_show.items():
        for together in _runs(seasons):
            if len({one.item_id for one in together}) == 1 or show_id is None:
                single.extend(together)
            else:
                single.append(Newest(show_id, together[0].added_at, sum(one.count for one in together)))
    # The same season or show a second time would be two cards for one thing.
    first: dict[int, Newest] = {}
    for newest in sorted(single, key=lambda found: (-found.added_at, -found.item_id)):
        first.setdefault(newest.item_id, newest)
    return list(first.values())


def _runs(things: Sequence[T]) -> list[list[T]]:
    """Newest first, cut wherever more than a day lies between two."""
    runs: list[list[T]] = []
    for one in sorted(things, key=lambda thing: (-thing.added_at, -thing.item_id)):
        if runs and runs[-1][-1].added_at - one.added_at <= TOGETHER_MS:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
