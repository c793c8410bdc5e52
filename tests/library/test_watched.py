"""The choice of the next episode: specials among the episodes, gaps, and shows seen again."""

import pytest

from homemedia.library.watched import EpisodeSeen, last_watched, next_up, viewing_order

HOUR_MS = 3_600_000


def an_episode(name: str, **facts: object) -> EpisodeSeen:
    """`2x3` is an episode, `0x1` a special; `0x1@2x3` one seen before 2x3, `0x1@2` one seen after season 2."""
    own, _, place = name.partition("@")
    season, _, number = own.partition("x")
    shown_season, _, shown_number = place.partition("x")
    known: dict[str, object] = {
        "item_id": 0,
        "key": name,
        "season": int(season),
        "number": int(number),
        "is_watched": False,
        "is_started": False,
        "is_hidden": False,
        "is_available": True,
        "last_viewed_at": None,
        "added_at": 0,
        "shown_season": int(shown_season) if shown_season else None,
        "shown_number": int(shown_number) if shown_number else None,
    }
    return EpisodeSeen(**(known | facts))  # type: ignore[arg-type]


def a_show(names: str, *, watched: str = "", gone: str = "") -> list[EpisodeSeen]:
    """Episodes in their order; those of `watched` were seen one after the other, those of `gone` have no file."""
    seen = {name: number * HOUR_MS for number, name in enumerate(watched.split(), 1)}
    return [
        an_episode(
            name,
            is_watched=name in seen,
            last_viewed_at=seen.get(name),
            is_available=name not in gone.split(),
        )
        for name in names.split()
    ]


@pytest.mark.parametrize(
    ("names", "order"),
    [
        ("1x1 1x2 0x1", "1x1 1x2 0x1"),
        ("1x1 1x2 0x1@1x2", "1x1 0x1@1x2 1x2"),
        ("1x1 1x2 2x1 0x1@1", "1x1 1x2 0x1@1 2x1"),
        ("1x1 2x1 0x1@2x0", "1x1 0x1@2x0 2x1"),
        ("1x1 1x5 0x1@1x3", "1x1 0x1@1x3 1x5"),
        ("1x1 1x2 0x1@1x9", "1x1 1x2 0x1@1x9"),
        ("1x1 0x1@3x1", "1x1 0x1@3x1"),
        ("1x1 3x1 0x1@2x4", "1x1 0x1@2x4 3x1"),
        ("1x1 1x2 0x1@1x2 0x2@1x2 0x3", "1x1 0x1@1x2 0x2@1x2 1x2 0x3"),
    ],
    ids=[
        "a special without a place is seen last",
        "before an episode",
        "after a season",
        "before a season",
        "before the next one there is",
        "before an episode that is not there",
        "of a season that is not there",
        "of a season between others",
        "several at one place keep their order",
    ],
)
def test_specials_are_seen_where_they_belong(names: str, order: str) -> None:
    episodes = a_show(names)

    assert " ".join(episodes[place].key for place in viewing_order(episodes)) == order


@pytest.mark.parametrize(
    ("names", "watched", "following"),
    [
        ("1x1 1x2 0x1@1x2", "1x1", "0x1@1x2"),
        ("1x1 1x2 0x1@1x2", "1x1 0x1@1x2", "1x2"),
        ("1x1 1x2 2x1 0x1@1", "1x1 1x2", "0x1@1"),
        ("1x1 1x2 0x1", "1x1 1x2", None),
        ("1x1 1x2 0x1 0x2", "1x1 0x1", "0x2"),
        ("1x1 1x2", "", None),
    ],
    ids=[
        "a special comes where it is placed",
        "after it the episodes go on",
        "after the season",
        "others are not offered",
        "unless a special was watched last",
        "nothing watched",
    ],
)
def test_next_comes_what_is_seen_next(names: str, watched: str, following: str | None) -> None:
    episodes = a_show(names, watched=watched)

    place = next_up(episodes)

    assert (None if place is None else episodes[place].key) == following


def test_episode_that_came_after_all_were_marked_is_offered() -> None:
    marked = [an_episode(name, is_watched=True, last_viewed_at=HOUR_MS) for name in ("1x1", "1x2")]
    special = an_episode("0x1", is_watched=True, last_viewed_at=HOUR_MS)
    episodes = [*marked, an_episode("1x3"), special]

    assert last_watched(episodes) == 1
    assert next_up(episodes) == 2
