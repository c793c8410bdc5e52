"""Continue watching, next up, recommendations and the home page."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.problems import NotFound
from homemedia.library.browse import Browse
from homemedia.library.watched import EpisodeSeen
from homemedia.playback import WATCH_SQL, Hubs, ProgressService
from homemedia.playback.hubs import offer_of
from homemedia.playback.wire import ProgressBody
from tests.support.builders import DAY_MS, HOUR_MS, NEW_YEAR, Builders, a_database
from tests.support.fakes import FakeClock

HALF = {"offset_ms": 3_600_000, "duration_ms": 7_200_000}
HALF_EPISODE = {"offset_ms": 1_300_000, "duration_ms": 2_700_000}


class House(Builders):
    clock: FakeClock
    hubs: Hubs
    progress: ProgressService


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    async with a_database(folder) as db:
        house = House(db)
        house.clock = FakeClock(house.at_ms)
        house.progress = ProgressService(db, house.clock)
        house.hubs = Hubs(db, Browse(db, WATCH_SQL, house.clock), house.progress, house.clock)
        async with house.progress:
            yield house


def titles(items: Any) -> list[str]:
    return [item.title for item in items]


def episodes(text: str, **facts: Any) -> list[EpisodeSeen]:
    """One letter an episode; s before it is a special.

    w watched, W watched last, - not, x no file, h dismissed untouched, d begun after the last watched and dismissed.
    """
    found: list[EpisodeSeen] = []
    season = 1
    for letter in text:
        if letter == "s":
            season = 0
            continue
        found.append(
            EpisodeSeen(
                item_id=len(found),
                key=str(len(found)),
                season=season,
                is_watched=letter in "wW",
                is_started=False,
                is_hidden=letter in "hd",
                is_available=letter != "x",
                last_viewed_at={"w": NEW_YEAR - 2 * DAY_MS, "W": NEW_YEAR - DAY_MS, "d": NEW_YEAR - 1}.get(letter),
                added_at=facts.get("added_at", 0),
            )
        )
    return found


@pytest.mark.parametrize(
    ("seen", "offered", "reason"),
    [
        ("----", None, None),
        ("W---", 1, "next"),
        ("wW--", 2, "next"),
        ("w-W-", 3, "next"),
        ("Wxx-", 3, "next"),
        ("wwwW", None, None),
        ("wwWs-", None, None),
        ("wwwsW-", 4, "next"),
        ("Www-", 1, "rewatch"),
        ("W-w-", 1, "next"),
        ("Wh--", None, None),
        ("W-d-", None, None),
    ],
    ids=[
        "nothing watched",
        "first",
        "in order",
        "skipping a hole behind",
        "files gone",
        "all watched",
        "specials not offered",
        "specials after a special",
        "seen again",
        "went back",
        "dismissed",
        "dismissed by the one that was begun",
    ],
)
def test_next_episode_follows_the_one_watched_last(seen: str, offered: int | None, reason: str | None) -> None:
    offer = offer_of(episodes(seen), NEW_YEAR)

    assert (offer and offer.item_id, offer and offer.reason) == (offered, reason)


def test_show_left_for_a_year_comes_back_with_a_new_episode() -> None:
    later = NEW_YEAR + 400 * DAY_MS

    assert offer_of(episodes("W-"), later) is None
    back = offer_of(episodes("W-", added_at=later - DAY_MS), later)
    assert back is not None
    assert (back.reason, back.at) == ("new", later - DAY_MS)


async def test_continue_lists_what_was_begun_and_a_show_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films, shows = await house.a_library(), await house.a_library("Shows", kind="show")
        heat, up, old, clip = [await house.a_film(films, title) for title in ("Heat", "Up", "Old", "Clip")]
        _, fargo = await house.a_series(shows, "Fargo", {1: 4})
        _, lost = await house.a_series(shows, "Lost", {1: 2})
        now = house.at_ms
        await house.a_watch_state(alice, heat, **HALF, last_viewed_at=now - 3)
        await house.a_watch_state(alice, up, **HALF, last_viewed_at=now - 1, is_hidden=1)
        await house.a_watch_state(alice, old, **HALF, last_viewed_at=now - 181 * DAY_MS)
        await house.a_watch_state(alice, clip, offset_ms=60_000, duration_ms=120_000, last_viewed_at=now)
        await house.a_watch_state(alice, fargo[0], is_watched=1, last_viewed_at=now - 9)
        await house.a_watch_state(alice, fargo[1], **HALF_EPISODE, last_viewed_at=now - 5)
        await house.a_watch_state(alice, fargo[2], **HALF_EPISODE, last_viewed_at=now - 2)
        await house.a_watch_state(alice, lost[0], is_watched=1, last_viewed_at=now - 4)

        answer = await house.hubs.continue_watching(alice, 20)

        assert [item.id for item in answer.items] == [fargo[2].key, heat.key]
        assert answer.items[1].percent == 50.0
        assert [(item.id, item.reason) for item in answer.next_up] == [(lost[1].key, "next")]


async def test_same_film_in_two_libraries_is_listed_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        one, two = await house.a_library(), await house.a_library("More")
        heat = await house.a_film(one, "Heat")
        await house.a_film(two, "Heat")
        await house.a_watch_state(alice, heat, **HALF)

        assert len((await house.hubs.continue_watching(alice, 20)).items) == 1


async def test_dismissed_entry_stays_away_until_it_is_played_again(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        shown = []

        for body in (
            ProgressBody(rating_key=heat.key, offset=3_600_000),
            ProgressBody(rating_key=heat.key, offset=0, hidden=True),
            ProgressBody(rating_key=heat.key, offset=3_660_000),
        ):
            await house.progress.report(alice, body)
            shown.append([item.view_offset for item in (await house.hubs.continue_watching(alice, 20)).items])

        assert shown == [[3_600_000], [], [3_660_000]]


async def test_dismissed_next_episode_stays_away(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        _, fargo = await house.a_series(shows, "Fargo", {1: 3})
        await house.a_watch_state(alice, fargo[0], is_watched=1)

        await house.progress.report(alice, ProgressBody(rating_key=fargo[1].key, offset=0, hidden=True))
        hidden = await house.hubs.continue_watching(alice, 20)
        await house.progress.mark(alice, fargo[1].key, is_watched=True)
        later = await house.hubs.continue_watching(alice, 20)

        assert hidden.next_up == []
        assert [item.id for item in later.next_up] == [fargo[2].key]


async def test_next_episodes_are_looked_for_again_only_when_something_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        shows = await house.a_library("Shows", kind="show")
        _, (first, second, third) = await house.a_series(shows, "Dark", {1: 3})
        browse = Browse(house.db, WATCH_SQL, house.clock)
        hubs = Hubs(house.db, browse, house.progress, house.clock, is_told=True)
        asked: list[int] = []
        look = browse.episodes_seen

        async def counted(*args: Any) -> Any:
            asked.append(1)
            return await look(*args)

        monkeypatch.setattr(browse, "episodes_seen", counted)

        async def offered() -> list[str]:
            return [card.id for card in (await hubs.continue_watching(alice, 20)).next_up]

        await house.progress.mark(alice, first.key, is_watched=True)
        assert await offered() == await offered() == [second.key]
        await house.progress.mark(alice, second.key, is_watched=True)
        hubs.forget("somebody else")
        assert await offered() == [second.key]
        hubs.forget(alice.user_id)
        assert await offered() == [third.key]
        house.clock.pass_ms(DAY_MS)
        assert await offered() == [third.key]
        hubs.forget_all()
        assert await offered() == [third.key]
        assert len(asked) == 4


async def test_fresh_library_recommends_what_is_new(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for number in range(5):
            await house.a_film(films, f"Film {number}", rating=6 + number)

        answer = await house.hubs.recommended(alice, films.library_id, 20)

        assert [hub.id for hub in answer.hubs] == ["new", "topRated", "random"]
        assert titles(answer.hubs[0].items) == ["Film 4", "Film 3", "Film 2", "Film 1", "Film 0"]
        assert titles(answer.hubs[1].items) == ["Film 4", "Film 3", "Film 2", "Film 1"]
        assert sorted(titles(answer.items)) == [f"Film {number}" for number in range(5)]
        assert {item.reason for item in answer.items} == {"new"}


async def test_what_was_watched_leads_to_what_is_like_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        seen = await house.a_film(
            films, "Heat", genres=["Crime"], directors=["Mann"], cast=["Pacino"], collection="City", labels=["loud"]
        )
        await house.a_film(films, "Same genre", genres=["Crime"])
        await house.a_film(films, "Same actor", cast=["Pacino"])
        await house.a_film(films, "Same director", directors=["Mann"])
        await house.a_film(films, "Same collection", collection="City")
        await house.a_film(films, "Same label", labels=["loud"])
        await house.a_film(films, "Nothing alike", rating=9.9)
        twin = await house.a_film(films, "Watched too", genres=["Crime"], directors=["Mann"])
        for item in (seen, twin):
            await house.a_watch_state(alice, item, is_watched=1, view_count=1)

        answer = await house.hubs.recommended(alice, films.library_id, 20)

        because = next(hub for hub in answer.hubs if hub.id == f"because:{seen.key}")
        assert because.title == "Because you watched Heat"
        assert titles(because.items) == ["Same collection", "Same director", "Same genre", "Same actor", "Same label"]


async def test_show_begun_is_not_offered_as_new(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        for name in ("A", "B", "C", "D"):
            _, made = await house.a_series(shows, name, {1: 2})
        await house.a_watch_state(alice, made[0], is_watched=1)

        answer = await house.hubs.recommended(alice, shows.library_id, 20)

        assert [titles(hub.items) for hub in answer.hubs if hub.id == "new"] == [["C", "B", "A"]]


async def test_long_seen_favourites_are_rediscovered(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for number in range(3):
            film = await house.a_film(films, f"Old {number}")
            await house.a_watch_state(alice, film, is_watched=1, last_viewed_at=house.at_ms - 400 * DAY_MS)

        answer = await house.hubs.recommended(alice, films.library_id, 20)

        assert [hub.id for hub in answer.hubs] == ["rediscover"]


async def test_recommendations_are_kept_until_something_changes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        for _ in range(3):
            await house.a_film(films)
        first = await house.hubs.recommended(alice, films.library_id, 20)
        await house.a_film(films, "New")

        kept = await house.hubs.recommended(alice, films.library_id, 20)
        house.hubs.forget(alice.user_id)
        fresh = await house.hubs.recommended(alice, films.library_id, 20)

        assert kept is first
        assert "New" in titles(fresh.items)


async def test_recommendations_of_an_unknown_library_do_not_exist(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()

        with pytest.raises(NotFound):
            await house.hubs.recommended(alice, "nonsense", 20)


async def test_home_shows_everything_in_one_answer(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        films, shows = await house.a_library("Films"), await house.a_library("Shows", kind="show")
        await house.a_library("Empty", kind="video")
        heat = await house.a_film(films, "Heat", added_at=house.at_ms - 2 * DAY_MS)
        await house.a_film(films, "Up", added_at=house.at_ms + HOUR_MS)
        _, fargo = await house.a_series(shows, "Fargo", {1: 3})
        await house.a_watch_state(alice, heat, **HALF)
        await house.a_watch_state(alice, fargo[0], is_watched=1)

        home = await house.hubs.home(alice)

        assert titles(home.continue_watching) == ["Heat"]
        assert [item.id for item in home.next_up] == [fargo[1].key]
        assert titles(home.recent) == ["Up", "Season 1", "Heat"]
        assert [(one.library.name, titles(one.items)) for one in home.libraries] == [
            ("Films", ["Up", "Heat"]),
            ("Shows", ["Season 1"]),
            ("Empty", []),
        ]


async def test_home_asks_as_often_for_many_libraries_as_for_one(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()
        counts = []

        for number in (1, 8):
            for _ in range(number):
                library = await house.a_library(f"Films {next(house._numbers)}")
                await house.a_film(library)
            said: list[str] = []
            for reader in house.db._readers:
                await reader.set_trace_callback(said.append)
            await house.hubs.home(alice)
            counts.append(len(said))

        assert counts[0] == counts[1] <= 8
