"""Matching by hand: looking, saying, asking again, and the key."""

import msgspec
import pytest

from homemedia.accounts import Member
from homemedia.core.problems import AppError, BadRequest, Conflict, NotFound
from homemedia.library.tmdb.keys import KeyRing
from homemedia.library.tmdb.problems import NotConfigured, NotThere, RateLimited, Unreachable
from homemedia.library.tmdb.service import SearchWish
from tests.library.tmdb.conftest import Desk
from tests.support.tmdb import KEY, TOKEN

IDENTITIES = "SELECT identity_key FROM item_identity WHERE item_id = :id ORDER BY identity_key"
PICTURES = "SELECT origin FROM artwork WHERE item_id = :id AND source = 'download' ORDER BY kind"
NOBODY = SearchWish()


@pytest.fixture
async def admin(desk: Desk) -> Member:
    return await desk.house.a_member("admin", is_admin=True)


async def test_search_takes_title_and_year_of_the_item_and_scores_what_it_finds(desk: Desk) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)

    found = await desk.service.search(film.key, NOBODY)

    assert (found.title, found.year) == ("Thorn", 1999)
    assert [(one.tmdb_id, one.kind, one.year, one.score) for one in found.results] == [
        (910006, "movie", 1999, 1.0),
        (910007, "movie", 2017, 0.55),
    ]
    assert found.results[0].poster == "t-p.poster-910006-0.jpg"


@pytest.mark.parametrize(
    ("wish", "numbers"),
    [
        pytest.param(SearchWish(title="the keeper"), [910008, 910009], id="title"),
        pytest.param(SearchWish(title="the keeper", year=1984), [910009, 910008], id="title and year"),
        pytest.param(SearchWish(tmdb_id=910020), [910020], id="number"),
        pytest.param(SearchWish(imdb_id="tt9100004"), [910004], id="imdb"),
        pytest.param(SearchWish(tmdb_id=5), [], id="unknown number"),
        pytest.param(SearchWish(imdb_id="tt0000001"), [], id="unknown imdb"),
        pytest.param(SearchWish(title="nothing at all"), [], id="nothing"),
    ],
)
async def test_search_for_something_else(desk: Desk, wish: SearchWish, numbers: list[int]) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)

    found = await desk.service.search(film.key, wish)

    assert [one.tmdb_id for one in found.results] == numbers


async def test_search_in_another_language(desk: Desk) -> None:
    film = await desk.a_film(await desk.a_library(), "The High Pass", 2022)

    found = await desk.service.search(film.key, SearchWish(language="de"))

    assert (found.results[0].title, found.results[0].original_title) == ("Der hohe Pass", "The High Pass")


async def test_seasons_and_episodes_look_for_their_show(desk: Desk) -> None:
    show, below = await desk.a_show(await desk.a_library("show"), "Late Show", {2: 1})

    found = [await desk.service.search(one.key, NOBODY) for one in (show, *below)]

    assert {one.results[0].tmdb_id for one in found} == {920002}
    assert {one.results[0].kind for one in found} == {"show"}


async def test_what_is_no_film_and_no_show_is_not_matchable(desk: Desk, admin: Member) -> None:
    videos = await desk.house.a_library("Videos", kind="video")
    video = await desk.house.an_item(videos)
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    extra = await desk.house.an_item(films, kind="extra", parent=film)

    for item in (video, extra):
        with pytest.raises(BadRequest) as caught:
            await desk.service.search(item.key, NOBODY)
        assert caught.value.code == "not_matchable"
        with pytest.raises(BadRequest):
            await desk.service.apply(item.key, 910006, force=False, actor=admin)
    with pytest.raises(NotFound):
        await desk.service.search("unknown", NOBODY)


async def test_wrong_match_is_put_right_and_the_item_stays_the_same_one(desk: Desk, admin: Member) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.house.a_watch_state(admin, film, is_watched=1, view_count=3)
    await desk.read(film)
    await desk.match_all(films)

    edit_id = await desk.service.apply(film.key, 910009, force=False, actor=admin)

    row, match = await desk.item(film), await desk.match(film)
    assert (row["title"], row["year"], row["tmdb_id"], row["imdb_id"]) == ("The Keeper", 1984, 910009, "tt9100009")
    assert (row["rating_key"], row["identity_key"]) == (film.key, film.identity_key)
    assert (match["state"], match["tmdb_id"], match["retry_at"]) == ("manual", 910009, None)
    assert await desk.column(IDENTITIES, film) == [
        "movie/imdb/tt9100009",
        "movie/name/thorn/1999",
        "movie/tmdb/910009",
    ]
    assert await desk.column(PICTURES, film) == ["t-b.backdrop-910009-0.jpg", "t-p.poster-910009-0.jpg"]
    assert edit_id


async def test_no_scan_changes_what_a_person_said(desk: Desk, admin: Member) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.service.apply(film.key, 910009, force=False, actor=admin)
    before = await desk.item(film)

    await desk.read(film)
    await desk.match_all(films)

    after = await desk.item(film)
    assert {name for name in before if before[name] != after[name]} <= {"stamp", "updated_at"}
    assert (await desk.match(film))["state"] == "manual"


async def test_id_in_the_name_does_not_stand_above_a_person(desk: Desk, admin: Member) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999, path="Thorn (1999) [tmdbid-910006]/Thorn.mkv")
    await desk.db_run("INSERT INTO item_identity VALUES ('movie/tmdb/910006', :id, 'movie')", film)
    await desk.read(film)
    await desk.match_all(films)

    await desk.service.apply(film.key, 910009, force=False, actor=admin)
    await desk.read(film)
    await desk.match_all(films)

    assert (await desk.item(film))["tmdb_id"] == 910009
    # The next scan finds the item by what its name says; a second number would look like another film.
    tmdb = [key for key in await desk.column(IDENTITIES, film) if key.startswith("movie/tmdb/")]
    assert tmdb == ["movie/tmdb/910006"]


async def test_nfo_of_another_film_is_not_believed_once_a_person_said_what_it_is(desk: Desk, admin: Member) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.put(film, "tmdb_id", 910006, "nfo")
    await desk.put(film, "title", "Thorn, the wrong one", "nfo")

    await desk.service.apply(film.key, 910009, force=False, actor=admin)

    row = await desk.item(film)
    assert (row["title"], row["tmdb_id"]) == ("The Keeper", 910009)


@pytest.mark.parametrize(("force", "title"), [(False, "My Own Title"), (True, "The Keeper")])
async def test_locked_fields_stay_unless_forced(desk: Desk, admin: Member, *, force: bool, title: str) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)
    await desk.put(film, "title", "My Own Title", "manual", is_locked=1)
    await desk.put(film, "labels", ["kids"], "manual", is_locked=1)

    await desk.service.apply(film.key, 910009, force=force, actor=admin)

    assert (await desk.item(film))["title"] == title
    assert (await desk.said(film, "manual"))["labels"] == ["kids"]


async def test_match_of_an_episode_is_that_of_its_show(desk: Desk, admin: Member) -> None:
    shows = await desk.a_library("show")
    show, (season, episode) = await desk.a_show(shows, "Lumen Street", {1: 1})

    await desk.service.apply(episode.key, 920005, force=False, actor=admin)

    assert ((await desk.item(show))["tmdb_id"], (await desk.item(show))["year"]) == (920005, 2004)
    assert (await desk.item(episode))["title"] == "Chapter 1"
    assert (await desk.item(episode))["air_date"] == "2004-01-01"
    assert [job.key for job in await desk.jobs.open("match")] == [shows.library_id]
    await desk.match_all(shows)
    assert await desk.column(PICTURES, episode) == ["t-s.still-920005-s1e1.jpg"]
    assert await desk.column(PICTURES, season) == ["t-p.poster-920005-s1.jpg"]


async def test_other_show_takes_the_words_of_the_first_away(desk: Desk, admin: Member) -> None:
    shows = await desk.a_library("show")
    show, below = await desk.a_show(shows, "Harbour Lights", {2: 1})
    await desk.service.apply(show.key, 920001, force=False, actor=admin)

    await desk.service.apply(show.key, 920006, force=False, actor=admin)
    await desk.match_all(shows)

    assert (await desk.item(show))["title"] == "Northern Platform"
    assert [(await desk.item(one))["title"] for one in below] == ["Season 2", "Episode 1"]
    assert await desk.said(below[1]) == {}
    assert await desk.column(PICTURES, below[1]) == []
    assert not any("920001" in key for key in await desk.column(IDENTITIES, below[1]))


async def test_two_items_of_one_film_stay_two(desk: Desk, admin: Member) -> None:
    films = await desk.a_library()
    one, other = await desk.a_film(films, "Thorn", 1999), await desk.a_film(films, "Thron", 1999)

    for film in (one, other):
        await desk.service.apply(film.key, 910006, force=False, actor=admin)

    assert {(await desk.item(film))["rating_key"] for film in (one, other)} == {one.key, other.key}
    assert {(await desk.item(film))["title"] for film in (one, other)} == {"Thorn"}


async def test_unknown_number_changes_nothing(desk: Desk, admin: Member) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)

    with pytest.raises(NotThere):
        await desk.service.apply(film.key, 5, force=False, actor=admin)

    assert await desk.match(film) == {}


async def test_pictures_that_fail_are_left_to_the_job(desk: Desk, admin: Member) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    desk.standin.fault("broken", only="/t/p/")

    await desk.service.apply(film.key, 910006, force=False, actor=admin)

    assert (await desk.item(film))["tmdb_id"] == 910006
    assert (await desk.match(film))["retry_at"] == 0
    desk.standin.fault("none")
    await desk.match_all(films)
    assert len(await desk.column(PICTURES, film)) == 2
    assert (await desk.match(film))["state"] == "manual"


async def test_refresh_tells_what_differs(desk: Desk, admin: Member) -> None:
    films = await desk.a_library()
    film = await desk.a_film(films, "Thorn", 1999)
    await desk.read(film)
    await desk.match_all(films)
    known = desk.standin._films[910006]
    desk.standin.add(msgspec.structs.replace(known, overview="She tells it.", tagline="At last."))

    updated = await desk.service.refresh(film.key, force=False, actor=admin)

    assert updated == ["summary", "tagline"]
    assert (await desk.item(film))["summary"] == "She tells it."
    assert await desk.service.refresh(film.key, force=False, actor=admin) == []
    assert (await desk.match(film))["state"] == "auto"


async def test_refresh_of_what_is_not_matched_is_refused(desk: Desk, admin: Member) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)

    with pytest.raises(Conflict) as caught:
        await desk.service.refresh(film.key, force=False, actor=admin)

    assert caught.value.code == "not_matched"


@pytest.mark.parametrize(
    ("fault", "kind"), [("broken", Unreachable), ("limit", RateLimited), ("refuse", NotConfigured)]
)
async def test_faults_of_tmdb_have_names(desk: Desk, admin: Member, fault: str, kind: type[AppError]) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)
    desk.standin.fault(fault)  # type: ignore[arg-type]

    with pytest.raises(kind):
        await desk.service.search(film.key, NOBODY)
    with pytest.raises(kind):
        await desk.service.apply(film.key, 910006, force=False, actor=admin)


async def test_without_a_key_nothing_is_looked_for(desk: Desk, admin: Member) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)
    desk.use_key("")

    assert not desk.service.is_configured
    with pytest.raises(NotConfigured):
        await desk.service.search(film.key, NOBODY)
    with pytest.raises(NotConfigured):
        await desk.service.apply(film.key, 910006, force=False, actor=admin)
    assert await desk.service.candidates(film.item_id) == []


async def test_candidates_are_posters_and_backgrounds_of_the_match(desk: Desk, admin: Member) -> None:
    film = await desk.a_film(await desk.a_library(), "Thorn", 1999)
    assert await desk.service.candidates(film.item_id) == []
    await desk.service.apply(film.key, 910006, force=False, actor=admin)

    found = await desk.service.candidates(film.item_id)

    assert [(one.id, one.kind, one.width, one.height, one.language) for one in found] == [
        ("t-p.poster-910006-0.jpg", "thumb", 1000, 1500, "en"),
        ("t-p.poster-910006-2.jpg", "thumb", 1000, 1500, None),
        ("t-b.backdrop-910006-0.jpg", "art", 1920, 1080, None),
        ("t-b.backdrop-910006-1.jpg", "art", 1920, 1080, None),
    ]


async def test_picture_on_offer_is_fetched_once_and_only_by_a_name_of_ours(desk: Desk) -> None:
    first = await desk.pictures.picture_of("t-p.poster-910006-1.jpg")
    again = await desk.pictures.picture_of("t-p.poster-910006-1.jpg")
    whole = await desk.pictures.picture_of("t-p.poster-910006-1.jpg", whole=True)

    assert first == again != whole
    assert desk.standin.requests["/t/p/w342/poster-910006-1.jpg"] == 1
    for odd in ("t-x.poster-910006-1.jpg", "t-p.../../x.jpg", "t-p.", "t-", "t-p.no-such-1.jpg"):
        assert await desk.pictures.picture_of(odd) is None
    assert await desk.pictures.found("p.poster-910006-1.jpg") is not None


# The key


async def test_key_is_tried_kept_and_forgotten(desk: Desk, admin: Member) -> None:
    desk.use_key("")
    await desk.a_film(await desk.a_library(), "Thorn", 1999)

    await desk.service.enter_key(f" {TOKEN}\n", admin)

    assert desk.keys.secret == TOKEN
    assert (desk.keys.state.is_configured, desk.keys.state.is_ok) == (True, True)
    assert await desk.matcher.waiting() == 1
    other = KeyRing(desk.db, desk.clock)
    await other.load()
    assert other.secret == TOKEN
    await desk.service.enter_key(None, admin)
    assert not desk.service.is_configured


@pytest.mark.parametrize("text", ["", "short", "f" * 32, "x" * 32, "a.b", "f" * 5000, f"{KEY} {KEY}"])
async def test_key_that_is_none_is_refused_and_the_old_one_stays(desk: Desk, admin: Member, text: str) -> None:
    desk.use_key(KEY)

    with pytest.raises(BadRequest) as caught:
        await desk.service.enter_key(text, admin)

    assert caught.value.code == "tmdb_key_refused"
    assert desk.keys.secret == KEY
    assert text == "" or text not in caught.value.message


async def test_key_is_not_kept_when_it_cannot_be_tried(desk: Desk, admin: Member) -> None:
    desk.use_key("")
    desk.standin.fault("broken")

    with pytest.raises(Unreachable):
        await desk.service.enter_key(KEY, admin)

    assert not desk.service.is_configured


async def test_key_from_outside_cannot_be_changed(desk: Desk, admin: Member) -> None:
    for text in (TOKEN, None):
        with pytest.raises(Conflict):
            await desk.service.enter_key(text, admin)

    assert desk.keys.state.is_fixed
    assert KEY not in repr(desk.keys)
