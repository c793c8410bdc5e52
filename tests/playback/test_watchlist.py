"""What members want to see: kept by identity, told in every list, dropped when watched."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.core.problems import NotFound
from homemedia.library.browse import Browse, Wish
from homemedia.library.visible import MISSING_STAYS_MS
from homemedia.playback import WATCH_SQL, Hubs, ProgressService, WatchlistChanged
from homemedia.playback.watchlist import WatchlistService
from homemedia.playback.wire import ProgressBody, Watchlist
from tests.support.app import House as WholeHouse
from tests.support.builders import HOUR_MS, Builders, a_database
from tests.support.fakes import FakeClock
from tests.support.keepsakes import a_copy


class House(Builders):
    clock: FakeClock
    browse: Browse
    hubs: Hubs
    progress: ProgressService
    watchlist: WatchlistService
    events: list[object]

    async def page(self, member: object, **how: object) -> Watchlist:
        return await self.watchlist.page(member, **({"kind": None, "offset": 0, "limit": 50} | how))  # type: ignore[arg-type]

    def told(self) -> list[WatchlistChanged]:
        return [event for event in self.events if isinstance(event, WatchlistChanged)]


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    async with a_database(folder) as db:
        house = House(db)
        house.events = []
        db.on_events = house.events.append
        house.clock = FakeClock(house.at_ms)
        house.browse = Browse(db, WATCH_SQL, house.clock)
        house.progress = ProgressService(db, house.clock)
        house.hubs = Hubs(db, house.browse, house.progress, house.clock)
        house.watchlist = WatchlistService(db, house.browse, house.clock)
        async with house.progress:
            yield house


async def test_newest_wish_stands_first_with_its_time(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat, ran = await house.a_film(films, "Heat"), await house.a_film(films, "Ran")
        await house.watchlist.put(alice, heat.key, is_listed=True)
        house.clock.pass_ms(5000)
        await house.watchlist.put(alice, ran.key, is_listed=True)

        page = await house.page(alice)

        assert [item.title for item in page.items] == ["Ran", "Heat"]
        assert [item.watchlisted_at for item in page.items] == [
            (house.at_ms + 5000) // 1000,
            house.at_ms // 1000,
        ]
        assert page.total_count == 2
        assert all(item.watchlisted for item in page.items)


async def test_wishing_again_changes_nothing_and_tells_nobody(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.watchlist.put(alice, heat.key, is_listed=True)
        house.clock.pass_ms(60_000)

        again = await house.watchlist.put(alice, heat.key, is_listed=True)

        assert (again.rating_key, again.watchlisted) == (heat.key, True)
        assert (await house.page(alice)).items[0].watchlisted_at == house.at_ms // 1000
        assert house.told() == [WatchlistChanged(alice.user_id, heat.key, is_listed=True)]


async def test_taking_off_what_was_never_there_is_fine(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")

        answer = await house.watchlist.put(alice, heat.key, is_listed=False)

        assert (answer.rating_key, answer.watchlisted) == (heat.key, False)
        assert house.told() == []


async def test_unknown_title_is_not_found(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice = await house.a_member()

        for is_listed in (True, False):
            with pytest.raises(NotFound):
                await house.watchlist.put(alice, "000000000000", is_listed=is_listed)


async def test_season_and_episode_stand_for_their_show(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        show = await house.a_show(shows, "Fargo")
        season = await house.a_season(shows, show, 1)
        episode = await house.an_episode(shows, season, 1)

        by_episode = await house.watchlist.put(alice, episode.key, is_listed=True)
        by_season = await house.watchlist.put(alice, season.key, is_listed=True)

        assert by_episode.rating_key == by_season.rating_key == show.key
        assert [item.id for item in (await house.page(alice)).items] == [show.key]
        off = await house.watchlist.put(alice, season.key, is_listed=False)
        assert (off.rating_key, (await house.page(alice)).items) == (show.key, [])


async def test_each_member_has_a_list_of_his_own(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, bob, films = await house.a_member(), await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.watchlist.put(alice, heat.key, is_listed=True)

        theirs = await house.page(bob)
        cards = [(await house.browse.detail(member, heat.key)).watchlisted for member in (alice, bob)]

        assert theirs.items == []
        assert cards == [True, False]


async def test_every_list_tells_what_is_wished_for(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat, ran = await house.a_film(films, "Heat"), await house.a_film(films, "Ran")
        await house.watchlist.put(alice, heat.key, is_listed=True)

        grid = await house.browse.page(alice, films.library_id, Wish())
        home = await house.hubs.home(alice)

        assert {item.id: item.watchlisted for item in grid.items} == {heat.key: True, ran.key: False}
        assert {item.id: item.watchlisted for item in home.recent} == {heat.key: True, ran.key: False}
        assert [item.id for item in home.watchlist] == [heat.key]


async def test_one_kind_is_asked_for_and_pages_add_up(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        shows = await house.a_library("Shows", kind="show")
        show, _ = await house.a_series(shows, "Fargo", {1: 1})
        keys = [(await house.a_film(films, f"Film {number}")).key for number in range(3)]
        for key in [show.key, *keys]:
            await house.watchlist.put(alice, key, is_listed=True)
            house.clock.pass_ms(1000)

        only = await house.page(alice, kind="show")
        second = await house.page(alice, offset=1, limit=2)

        assert ([item.id for item in only.items], only.total_count) == ([show.key], 1)
        assert [item.id for item in second.items] == [keys[1], keys[0]]
        assert (second.total_count, second.offset, second.limit) == (4, 1, 2)


async def test_what_went_missing_stays_and_can_be_taken_off(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.watchlist.put(alice, heat.key, is_listed=True)
        async with house.db.write() as tx:
            await tx.run("UPDATE item SET missing_since_at = :at", {"at": house.at_ms})
            await tx.run("UPDATE file SET missing_since_at = :at", {"at": house.at_ms})
        house.clock.pass_ms(MISSING_STAYS_MS + 1000)

        page = await house.page(alice)
        home = await house.hubs.home(alice)
        await house.watchlist.put(alice, heat.key, is_listed=False)

        assert [(item.id, item.available) for item in page.items] == [(heat.key, False)]
        assert home.watchlist == []
        assert (await house.page(alice)).items == []


async def test_title_in_two_libraries_stands_once_and_as_the_one_that_is_there(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films, more = await house.a_member(), await house.a_library(), await house.a_library("More")
        gone = await house.a_film(films, "Heat", identity_key="heat", missing_since_at=house.at_ms)
        there = await house.a_film(more, "Heat", identity_key="heat")
        await house.watchlist.put(alice, gone.key, is_listed=True)

        page = await house.page(alice)

        assert [item.id for item in page.items] == [there.key]
        assert page.total_count == 1


async def test_film_leaves_the_list_when_it_was_watched(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.watchlist.put(alice, heat.key, is_listed=True)

        await house.progress.report(alice, ProgressBody(rating_key=heat.key, offset=HOUR_MS, state="playing"))
        half = await house.page(alice)
        await house.progress.report(alice, ProgressBody(rating_key=heat.key, offset=2 * HOUR_MS, state="stopped"))

        assert len(half.items) == 1
        assert (await house.page(alice)).items == []
        assert house.told()[-1] == WatchlistChanged(alice.user_id, heat.key, is_listed=False)


async def test_show_leaves_the_list_only_when_nothing_of_it_is_unwatched(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        show, episodes = await house.a_series(shows, "Fargo", {1: 2, 2: 1})
        await house.watchlist.put(alice, show.key, is_listed=True)
        left = []

        for episode in episodes:
            await house.progress.mark(alice, episode.key, is_watched=True)
            left.append(len((await house.page(alice)).items))

        assert left == [1, 1, 0]


async def test_marking_a_show_as_watched_drops_it_and_marking_it_unwatched_leaves_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        show, _ = await house.a_series(shows, "Fargo", {1: 2})
        await house.watchlist.put(alice, show.key, is_listed=True)
        await house.progress.mark(alice, show.key, is_watched=False)
        before = len((await house.page(alice)).items)

        await house.progress.mark(alice, show.key, is_watched=True)

        assert (before, (await house.page(alice)).items) == (1, [])


async def test_watching_one_film_leaves_the_others_and_other_members_alone(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, bob, films = await house.a_member(), await house.a_member(), await house.a_library()
        heat, ran = await house.a_film(films, "Heat"), await house.a_film(films, "Ran")
        for member in (alice, bob):
            for film in (heat, ran):
                await house.watchlist.put(member, film.key, is_listed=True)

        await house.progress.mark(alice, heat.key, is_watched=True)

        assert [item.id for item in (await house.page(alice)).items] == [ran.key]
        assert {item.id for item in (await house.page(bob)).items} == {heat.key, ran.key}


async def test_routes_answer_as_the_contract_says(claimed: WholeHouse) -> None:
    a_copy(claimed.media / "films" / "Heat (1995).mkv")
    library = await claimed.add_library("Films", "movie", claimed.media / "films")
    key = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"][0]["id"]

    added = await claimed.send("POST", f"/api/watchlist/{key}")
    listed = await claimed.get("/api/watchlist?limit=900")
    removed = await claimed.send("DELETE", f"/api/watchlist/{key}")

    assert added == {"ratingKey": key, "watchlisted": True}
    assert removed == {"ratingKey": key, "watchlisted": False}
    assert (listed["totalCount"], listed["offset"], listed["limit"]) == (1, 0, 200)
    assert listed["items"][0]["id"] == key
    assert listed["items"][0]["watchlistedAt"] > 0
    assert (await claimed.get("/api/watchlist")) == {"items": [], "totalCount": 0, "offset": 0, "limit": 50}
    assert (await claimed.send("POST", "/api/watchlist/nothing", status=404))["code"] == "not_found"
    assert (await claimed.get("/api/watchlist?offset=-1", 400))["code"] == "invalid_request"
    assert (await claimed.get("/api/watchlist?type=opera", 400))["code"] == "invalid_request"
