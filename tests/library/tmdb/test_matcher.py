"""The job that matches: what it decides, what it writes, and when it comes again."""

import asyncio
from collections.abc import Awaitable

import pytest

from homemedia.library.tmdb.matcher import wait_ms
from tests.library.tmdb.conftest import Desk
from tests.support.builders import Library
from tests.support.tmdb_content import Film

MINUTE_MS, DAY_MS = 60_000, 86_400_000
PICTURES = "SELECT kind || ':' || source || ':' || coalesce(origin, '') FROM artwork WHERE item_id = :id ORDER BY 1"
PEOPLE = """
    SELECT job || ':' || name || ':' || role || ':' || coalesce(image, '')
      FROM credit JOIN performer USING (performer_id)
     WHERE item_id = :id ORDER BY position
"""
IDENTITIES = "SELECT identity_key FROM item_identity WHERE item_id = :id ORDER BY identity_key"


async def test_film_is_matched_and_gets_facts_people_pictures_and_identities(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)

    await desk.match_all(films)

    row, match = await desk.item(film), await desk.match(film)
    assert (match["state"], match["tmdb_id"], match["score"], match["retry_at"]) == ("auto", 910006, 1.0, None)
    assert (row["summary"], row["rating"], row["is_matched"]) == ("A gardener keeps a secret.", 7.0, 1)
    assert (row["tmdb_id"], row["imdb_id"], row["identity_key"]) == (910006, "tt9100006", film.identity_key)
    assert row["thumb_tag"] is not None
    assert await desk.column(PICTURES, film) == [
        "art:download:t-b.backdrop-910006-0.jpg",
        "thumb:download:t-p.poster-910006-0.jpg",
    ]
    assert (await desk.column(PEOPLE, film))[0] == "actor:Ada Winter:Mara:tmdb:f.profile-Ada_Winter.jpg"
    assert await desk.column(IDENTITIES, film) == [
        "movie/imdb/tt9100006",
        "movie/name/thorn/1999",
        "movie/tmdb/910006",
    ]


async def test_second_run_asks_nothing(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)
    await desk.match_all(films)
    before, asked = await desk.item(film), len(desk.standin.requests)
    desk.events.clear()

    await desk.match_all(films)
    await desk.read(film)
    await desk.match_all(films)

    assert len(desk.standin.requests) == asked
    assert await desk.item(film) == before
    assert desk.events == []


@pytest.mark.parametrize(
    ("title", "year"),
    [
        pytest.param("Thorn", None, id="no year"),
        pytest.param("Thorn", 2010, id="another year"),
        pytest.param("Brook", 2023, id="contained in the only one of that year"),
        pytest.param("Nothing Like It", 2020, id="unknown"),
    ],
)
async def test_what_is_not_sure_stays_as_its_name_says(desk: Desk, title: str, year: int | None) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, title, year)
    await desk.read(film)

    await desk.match_all(films)

    row, match = await desk.item(film), await desk.match(film)
    assert (match["state"], match["tmdb_id"], match["retry_at"]) == ("none", None, None)
    assert (row["title"], row["year"], row["is_matched"], row["summary"]) == (title, year, 0, None)
    assert await desk.said(film) == {}


@pytest.mark.parametrize(
    ("title", "year", "number"),
    [
        pytest.param("The Keeper", 1984, 910009, id="same title, other year"),
        pytest.param("Salt Road", 2015, 910015, id="a year off"),
        pytest.param("Tief im Tann", 2019, 910004, id="alternative title"),
        pytest.param("Der hohe Pass", 2022, 910001, id="title of a translation"),
        pytest.param("Hombres de El Torcal", 2011, 910013, id="original title"),
    ],
)
async def test_traps_are_seen_through(desk: Desk, title: str, year: int, number: int) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, title, year)
    await desk.read(film)

    await desk.match_all(films)

    assert (await desk.match(film))["tmdb_id"] == number


async def test_number_in_a_title_is_put_back_when_it_is_no_year(desk: Desk) -> None:
    desk.standin.add(Film(id=910090, title="Winter Queen 1986", date="2003-01-01", overview=""))
    films = await desk.a_library()
    film = await desk.a_film(films, "Winter Queen", 1986, path="Winter Queen 1986.mkv")
    await desk.read(film)

    await desk.match_all(films)

    assert (await desk.match(film))["tmdb_id"] == 910090


async def test_no_is_remembered_for_a_week(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Nothing Like It", 2020)
    await desk.read(film)
    await desk.match_all(films)
    asked = desk.standin.count()

    desk.clock.pass_ms(7 * DAY_MS - 1)
    await desk.read(film)
    await desk.match_all(films)
    assert desk.standin.count() == asked

    desk.clock.pass_ms(2)
    await desk.read(film)
    await desk.match_all(films)

    assert desk.standin.count() > asked


async def test_new_name_is_asked_about_though_the_old_one_was_not_found(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Nothing Like It", 1999)
    await desk.read(film)
    await desk.match_all(films)
    await desk.db_run("UPDATE item_field SET value = '\"Thorn\"' WHERE item_id = :id AND field = 'title'", film)

    await desk.read(film)
    await desk.match_all(films)

    assert (await desk.match(film))["tmdb_id"] == 910006


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("Thorn (1999) [tmdbid-910007]/Thorn.mkv", 910007),
        ("Thorn (1999) {imdb-tt9100009}/Thorn.mkv", 910009),
    ],
)
async def test_ids_of_names_decide_without_a_search(desk: Desk, path: str, number: int) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999, path=path)
    await desk.read(film)

    await desk.match_all(films)

    assert (await desk.match(film))["tmdb_id"] == number
    assert desk.standin.count("/3/search") == 0


async def test_ids_of_an_nfo_decide_and_its_words_stand_above_tmdb_s(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.put(film, "tmdb_id", 910009, "nfo")
    await desk.put(film, "title", "My Keeper", "nfo")
    await desk.put(film, "tagline", "Mine alone.", "manual", is_locked=1)
    await desk.read(film)

    await desk.match_all(films)

    row = await desk.item(film)
    assert (row["title"], row["summary"]) == ("My Keeper", "A goalkeeper who never wanted to be one.")
    assert row["tagline"] == "Mine alone."
    assert desk.standin.count("/3/search") == 0


async def test_id_that_tmdb_does_not_know_matches_nothing(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999, path="Thorn (1999) [tmdbid-5]/Thorn.mkv")
    await desk.read(film)

    await desk.match_all(films)

    match = await desk.match(film)
    assert (match["state"], match["problem"]) == ("none", "tmdb_not_found")


@pytest.mark.parametrize("source", ["local", "none"])
async def test_library_that_asks_nobody_is_left_alone(desk: Desk, source: str) -> None:
    films = await desk.a_library(options=f'{{"metadataSource": "{source}"}}')
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)

    await desk.match_all(films)

    assert desk.standin.count() == 0
    assert await desk.match(film) == {}


async def test_language_and_country_of_the_library_count(desk: Desk) -> None:
    films = await desk.a_library(language="de", options='{"country": "DE"}')
    film = await desk.a_film(films, "The High Pass", 2022)
    await desk.read(film)

    await desk.match_all(films)

    row = await desk.item(film)
    assert (row["title"], row["original_title"], row["content_rating"]) == ("Der hohe Pass", "The High Pass", "12")


async def test_picture_beside_the_film_spares_the_download(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.house.insert(
        "artwork",
        {
            "item_id": film.item_id,
            "kind": "thumb",
            "source": "local",
            "path": "/x/poster.jpg",
            "content_hash": "a" * 32,
        },
    )
    await desk.read(film)

    await desk.match_all(films)

    assert not any("poster" in path for path in desk.standin.requests)


async def test_film_without_pictures_is_no_failure(desk: Desk) -> None:
    desk.standin.add(Film(id=910091, title="Bare", date="2001-01-01", overview="Nothing.", posters=0, backdrops=0))
    films = await desk.a_library()
    film = await desk.a_film(films, "Bare", 2001)
    await desk.read(film)

    await desk.match_all(films)

    assert (await desk.match(film))["retry_at"] is None
    assert (await desk.item(film))["thumb_tag"] is None


# Shows


async def test_show_seasons_and_episodes_get_their_facts_by_one_request_a_season(desk: Desk) -> None:
    shows = await desk.a_library("show")
    show, (season, first, second) = await desk.a_show(shows, "Harbour Lights", {1: 2})
    await desk.read(show, season, first, second)

    await desk.match_all(shows)

    titles = [(await desk.item(one))["title"] for one in (show, season, first, second)]
    assert titles == ["Harbour Lights", "Season 1", "The Pilot", "Ebb"]
    assert (await desk.item(show))["status"] == "continuing"
    assert (await desk.item(first))["air_date"] == "2019-01-01"
    assert desk.standin.requests["/3/tv/920001/season/1"] == 1
    assert await desk.column(PICTURES, season) == ["thumb:download:t-p.poster-920001-s1.jpg"]
    assert await desk.column(PICTURES, second) == ["thumb:download:t-s.still-920001-s1e2.jpg"]
    assert await desk.column(IDENTITIES, second) == [
        "show/imdb/tt9200001/s1/e2",
        "show/name/harbour lights/-/s1/e2",
        "show/tmdb/920001/s1/e2",
        "show/tvdb/930001/s1/e2",
    ]


async def test_episode_that_comes_later_is_asked_for_alone(desk: Desk) -> None:
    shows = await desk.a_library("show")
    show, below = await desk.a_show(shows, "Harbour Lights", {1: 1})
    await desk.read(show, *below)
    await desk.match_all(shows)
    third = await desk.house.an_episode(shows, below[0], 3)
    await desk.named(third, title="Episode 3", number=3)

    await desk.read(third)
    await desk.match_all(shows)

    assert (await desk.item(third))["title"] == "A Ship Called Patience"
    assert desk.standin.requests["/3/tv/920001/season/1"] == 1


async def test_season_tmdb_does_not_have_keeps_its_names(desk: Desk) -> None:
    shows = await desk.a_library("show")
    show, below = await desk.a_show(shows, "Harbour Lights", {9: 1})
    await desk.read(show, *below)

    await desk.match_all(shows)

    assert [(await desk.item(one))["title"] for one in below] == ["Season 9", "Episode 1"]
    assert (await desk.match(below[0]))["retry_at"] is None


async def test_two_shows_of_one_title_are_not_guessed_between(desk: Desk) -> None:
    shows = await desk.a_library("show")
    show, below = await desk.a_show(shows, "Lumen Street", {1: 1})
    await desk.read(show, *below)

    await desk.match_all(shows)

    assert (await desk.match(show))["state"] == "none"
    assert (await desk.item(below[1]))["title"] == "Episode 1"


# Faults


@pytest.mark.parametrize(
    ("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (11, 1024), (12, 1440), (40, 1440), (10_000, 1440)]
)
def test_waits_double_up_to_a_day(tries: int, minutes: int) -> None:
    assert wait_ms(tries) == minutes * MINUTE_MS


async def test_unreachable_tmdb_is_asked_again_after_a_minute_then_two(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)
    await desk.standin.stop()

    assert await desk.retry_of(films) == MINUTE_MS
    assert (await desk.match(film))["problem"] == "tmdb_unreachable"
    # Too early: nobody is asked, and the wait stays the same.
    assert await desk.retry_of(films) == MINUTE_MS
    desk.clock.pass_ms(MINUTE_MS)
    assert await desk.retry_of(films) == 2 * MINUTE_MS

    await desk.standin.start()
    desk.clock.pass_ms(2 * MINUTE_MS)
    assert await desk.retry_of(films) is None
    match = await desk.match(film)
    assert (match["state"], match["retry_at"], match["tries"]) == ("auto", None, 0)


async def test_when_tmdb_is_away_not_all_are_tried(desk: Desk) -> None:
    films = await desk.a_library()
    made = [await desk.a_film(films, f"Film {number}", 2000) for number in range(30)]
    await desk.read(*made)
    desk.standin.fault("broken")

    assert await desk.retry_of(films) == MINUTE_MS

    assert desk.standin.count() <= 3 * 8
    assert sum([(await desk.match(film))["tries"] for film in made]) <= 8


async def test_one_item_that_fails_keeps_no_other_from_its_turn(desk: Desk) -> None:
    films = await desk.a_library()
    bad = await desk.a_film(films, "The High Pass", 2022)
    good = await desk.a_film(films, "Thorn", 1999)
    await desk.read(bad, good)
    desk.standin.fault("broken", only="/3/movie/910001")

    assert await desk.retry_of(films) == MINUTE_MS

    assert (await desk.match(good))["state"] == "auto"
    assert (await desk.match(bad))["tries"] == 1


async def test_facts_stand_though_the_pictures_cannot_be_had(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)
    desk.standin.fault("broken", only="/t/p/")

    assert await desk.retry_of(films) == MINUTE_MS
    assert (await desk.item(film))["summary"] == "A gardener keeps a secret."
    desk.standin.fault("none")
    desk.clock.pass_ms(MINUTE_MS)
    assert await desk.retry_of(films) is None

    assert (await desk.item(film))["thumb_tag"] is not None


async def test_picture_that_cannot_be_decoded_gives_way_to_the_next(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)
    calls: list[str] = []
    original = desk.imaging.call

    async def refuse_first(operation: str, argument: object, answer: type, *, limit_s: float) -> object:
        calls.append(operation)
        if len(calls) == 1:
            desk.imaging.fails[str(argument).rpartition("/")[2]] = "image_unreadable"
        return await original(operation, argument, answer, limit_s=limit_s)

    desk.imaging.call = refuse_first  # type: ignore[method-assign]
    await desk.match_all(films)

    assert "thumb:download:t-p.poster-910006-2.jpg" in await desk.column(PICTURES, film)


async def test_refused_key_ends_the_job_and_is_told(desk: Desk) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)
    desk.standin.fault("refuse")

    with pytest.raises(Exception, match="refuses the key"):
        await desk.match_all(films)

    assert desk.keys.state.is_ok is False
    assert (await desk.match(film))["retry_at"] == 0


async def test_without_a_key_nothing_is_owed_and_the_refresh_says_how_many(desk: Desk) -> None:
    desk.use_key("")
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)

    async with desk.db.write() as tx:
        skipped = await desk.matcher.wish(tx, films.library_id)

    assert skipped == 1
    assert await desk.match(film) == {}


async def test_key_entered_later_queues_everything_that_is_not_matched(desk: Desk) -> None:
    desk.use_key("")
    films, local = await desk.a_library(), await desk.house.a_library("Own", options='{"metadataSource": "local"}')
    film, other = await desk.a_film(films, "Thorn", 1999), await desk.a_film(local, "Thorn", 1999)
    await desk.read(film, other)
    desk.use_key("0123456789abcdef0123456789abcdef")

    await desk.matcher.wish_again()

    assert [job.key for job in await desk.jobs.open("match")] == [films.library_id]
    assert await desk.matcher.waiting() == 1
    await desk.match_all(films)
    assert (await desk.item(film))["tmdb_id"] == 910006
    assert (await desk.item(other))["tmdb_id"] is None


async def test_new_film_does_not_wait_for_the_retry_of_an_old_one(desk: Desk) -> None:
    films = await desk.a_library()
    old = await desk.a_film(films, "The High Pass", 2022)
    await desk.read(old)
    async with desk.db.write() as tx:
        await desk.matcher.wish(tx, films.library_id)
        await tx.run("UPDATE job SET run_after_at = :late", {"late": desk.clock.now_ms() + DAY_MS})
        await tx.run("UPDATE item_match SET tries = 9, retry_at = :late", {"late": desk.clock.now_ms() + DAY_MS})
    film = await desk.a_film(films, "Thorn", 1999)

    await desk.read(old, film)
    async with desk.db.write() as tx:
        await desk.matcher.wish(tx, films.library_id)

    rows = await desk.db.read("SELECT run_after_at FROM job")
    assert [row[0] for row in rows] == [0]
    await desk.retry_of(films)
    assert (await desk.match(film))["state"] == "auto"
    assert (await desk.match(old))["tries"] == 9


# What happens while TMDb is asked


async def while_asking(desk: Desk, library: Library, path: str, act: Awaitable[object]) -> None:
    """Run the job, and do something as soon as it waits for an answer from below a path."""
    desk.standin.fault("hang", times=1, only=path)
    before = desk.standin.count(path)
    job = asyncio.create_task(desk.match_all(library))
    while desk.standin.count(path) == before:
        await asyncio.sleep(0)
    await act
    desk.standin.fault("none")
    await job


@pytest.mark.parametrize("path", ["/3/search", "/3/movie/910006", "/t/p"])
async def test_what_a_person_says_meanwhile_stands(desk: Desk, path: str) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    admin = await desk.house.a_member(is_admin=True)
    await desk.read(film)

    await while_asking(desk, films, path, desk.service.apply(film.key, 910009, force=False, actor=admin))

    assert (await desk.match(film))["state"] == "manual"
    assert (await desk.match(film))["retry_at"] is None
    assert (await desk.item(film))["title"] == "The Keeper"
    assert (await desk.said(film))["tmdb_id"] == 910009
    assert await desk.column(PICTURES, film) == [
        "art:download:t-b.backdrop-910009-0.jpg",
        "thumb:download:t-p.poster-910009-0.jpg",
    ]


async def test_seasons_follow_the_show_that_a_person_names_meanwhile(desk: Desk) -> None:
    shows = await desk.a_library("show")
    show, (season, *_) = await desk.a_show(shows, "Harbour Lights", {1: 2})
    admin = await desk.house.a_member(is_admin=True)
    await desk.read(show, season)

    await while_asking(
        desk, shows, "/3/tv/920001/season", desk.service.apply(show.key, 920002, force=False, actor=admin)
    )

    known = await desk.client.season(920002, 1, language="en")
    assert (await desk.said(season)).get("summary") == known["overview"]
    assert (await desk.match(season))["retry_at"] is None


@pytest.mark.parametrize("path", ["/3/search", "/3/movie/910006", "/t/p"])
async def test_film_that_goes_meanwhile_keeps_no_other_from_its_turn(desk: Desk, path: str) -> None:
    films = await desk.a_library()
    gone = await desk.a_film(films, "Thorn", 1999)
    other = await desk.a_film(films, "Deep Fir", 2019)
    await desk.read(gone, other)

    await while_asking(desk, films, path, desk.db_run("DELETE FROM item WHERE item_id = :id", gone))

    assert (await desk.match(other))["state"] == "auto"
    assert await desk.match(gone) == {}
