"""What answers of TMDb say of items. The answers are the stand-in's, which have the real shape."""

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request

from homemedia.library.tmdb import facts
from homemedia.library.tmdb.client import APPENDED
from tests.support import tmdb as standin
from tests.support.tmdb_content import FILMS, SHOWS, Film, Show

HIGH_PASS = next(film for film in FILMS if film.title == "The High Pass")
HARBOUR = next(show for show in SHOWS if show.title == "Harbour Lights")


def film_answer(film: Film = HIGH_PASS, language: str = "en") -> dict[str, Any]:
    return standin._film(film, _request("movie", language))


def show_answer(show: Show = HARBOUR, language: str = "en") -> dict[str, Any]:
    return standin._show(show, _request("tv", language))


def _request(kind: str, language: str) -> Any:
    query = f"language={language}&append_to_response={APPENDED[kind]}&include_image_language={language},en,null"
    return make_mocked_request("GET", f"/3/{kind}/1?{query}")


def test_film_in_the_language_and_country_of_its_library() -> None:
    said = facts.film(film_answer(language="de"), language="de", country="DE")

    assert said["title"] == "Der hohe Pass"
    assert said["original_title"] == "The High Pass"
    assert said["summary"].startswith("Zwei Schwestern")
    assert said["content_rating"] == "12"
    assert said["release_date"] == "2022-03-04"
    assert said["genres"] == ["Abenteuer", "Drama"]


def test_film_says_all_its_fields() -> None:
    said = facts.film(film_answer(), language="en", country="US")

    assert said == {
        "title": "The High Pass",
        "year": 2022,
        "release_date": "2022-03-04",
        "summary": HIGH_PASS.overview,
        "tagline": "The only way is over.",
        "studio": "North Light Pictures",
        "content_rating": "PG-13",
        "rating": 7.9,
        "votes": 1204,
        "genres": ["Adventure", "Drama"],
        "directors": ["Ines Holm"],
        "writers": ["Paul Reiter"],
        "actors": [
            {"name": "Ada Winter", "role": "Lena"},
            {"name": "Noor Vale", "role": "Ida"},
            {"name": "Jon Alder", "role": "The Postman"},
        ],
        "tmdb_id": 910001,
        "imdb_id": "tt9100001",
    }


@pytest.mark.parametrize(
    ("country", "expected"), [("US", "PG-13"), ("DE", "12"), ("GB", "12A"), ("FR", "PG-13"), ("de", "12")]
)
def test_age_rating_is_the_country_s_else_american(country: str, expected: str) -> None:
    assert facts.certification(film_answer(), country) == expected


def test_no_age_rating_is_none_rather_than_somebody_else_s() -> None:
    avenue = next(film for film in FILMS if film.title == "An Avenue in Autumn")

    assert facts.certification(film_answer(avenue), "FR") is None


def test_text_that_has_no_translation_is_english() -> None:
    answer = film_answer(language="de") | {"overview": "", "tagline": ""}
    answer["translations"]["translations"] = [
        {"iso_639_1": "en", "data": {"overview": "In English.", "tagline": "", "title": "The High Pass"}}
    ]

    said = facts.film(answer, language="de", country="DE")

    assert said["summary"] == "In English."
    assert said["title"] == "The High Pass"


def test_fresh_entry_without_anything_says_its_title_alone() -> None:
    untold = next(film for film in FILMS if film.title == "Untold")

    said = facts.film(film_answer(untold), language="en", country="GB")

    assert {"summary", "rating", "votes", "year", "release_date", "actors"}.isdisjoint(said)
    assert said["title"] == "Untold"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": "x", "title": 5, "genres": "none", "credits": [], "release_dates": {"results": [None, {}]}},
        {"release_date": "soon", "vote_average": "high", "images": {"posters": [{"file_path": "../../etc/passwd"}]}},
        {"poster_path": "https://elsewhere.example/x.jpg", "credits": {"cast": [{"name": None}, "x"]}},
    ],
)
def test_answer_of_another_shape_is_silence(answer: dict[str, Any]) -> None:
    said = facts.film(answer, language="en", country="US")

    assert set(said) <= {"tmdb_id"}
    assert facts.show(answer, language="en", country="US").keys() <= {"tmdb_id"}
    assert facts.pictures(answer, "en") == facts.Pictures()
    assert facts.portraits("movie", answer) == {}
    assert facts.entry_of("movie", answer) is None


ODD: tuple[Any, ...] = (None, True, -1, 1e300, 1 << 70, "", "x" * 3000, [], [[]], {}, {"id": {}})


def spoilt(answer: Any, at: list[int], odd: object) -> Any:
    """The same answer with one of its values, counted from the first, replaced."""
    if isinstance(answer, dict):
        return {name: spoilt(value, at, odd) for name, value in answer.items()}
    if isinstance(answer, list) and answer:
        return [spoilt(value, at, odd) for value in answer]
    at[0] -= 1
    return odd if at[0] < 0 <= at[0] + 1 else answer


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_no_value_of_another_kind_is_stumbled_over(odd: object) -> None:
    for kind, say, whole in (("movie", facts.film, film_answer()), ("show", facts.show, show_answer())):
        places = [0]
        spoilt(whole, places, odd)
        for place in range(-places[0]):
            answer = spoilt(whole, [place], odd)

            said = say(answer, language="en", country="US")
            facts.entry_of(kind, answer)
            facts.pictures(answer, "en")
            facts.portraits(kind, answer)

            assert all(abs(said.get(field, 0)) < 1 << 31 for field in ("tmdb_id", "tvdb_id", "votes"))


def test_show_says_its_fields() -> None:
    said = facts.show(show_answer(), language="en", country="US")

    assert (said["title"], said["year"], said["status"]) == ("Harbour Lights", 2019, "continuing")
    assert (said["studio"], said["content_rating"]) == ("Channel Nine", "TV-PG")
    assert (said["tmdb_id"], said["imdb_id"], said["tvdb_id"]) == (920001, "tt9200001", 930001)
    assert said["writers"] == ["Paul Reiter"]
    assert said["actors"][0] == {"name": "Ada Winter", "role": "Keeper Ruth"}


@pytest.mark.parametrize(
    ("word", "status"), [("Ended", "ended"), ("Canceled", "ended"), ("In Production", "continuing")]
)
def test_status_of_a_show(word: str, status: str) -> None:
    assert facts.show(show_answer() | {"status": word}, language="en", country="US")["status"] == status


def a_season() -> dict[str, Any]:
    return standin._season(HARBOUR, 1, _request("tv", "en"))


def test_season_and_its_episodes() -> None:
    assert facts.season(a_season()) == {
        "title": "Season 1",
        "summary": "Season 1 of Harbour Lights.",
        "year": 2019,
        "release_date": "2019-01-01",
    }
    (second,) = facts.episodes_of(a_season(), number=2, number_end=None, air_date=None)
    said = facts.episode([second])
    assert (said["title"], said["air_date"], said["directors"]) == ("Ebb", "2019-01-08", ["Ines Holm"])
    assert said["actors"] == [{"name": "Tove Berg", "role": "A Guest"}]


def test_file_with_two_episodes_has_both_titles_and_keeps_its_numbers() -> None:
    both = facts.episodes_of(a_season(), number=1, number_end=2, air_date=None)

    said = facts.episode(both)

    assert said["title"] == "The Pilot / Ebb"
    assert "number" not in said


@pytest.mark.parametrize(
    ("number", "number_end", "air_date", "found"),
    [
        (3, None, None, [3]),
        (5, 7, None, [5, 6]),
        (99, None, None, []),
        (None, None, "2019-01-15", [3]),
        (None, None, "1999-01-01", []),
        (None, None, None, []),
    ],
)
def test_episodes_are_found_by_number_or_date(
    number: int | None, number_end: int | None, air_date: str | None, found: list[int]
) -> None:
    hits = facts.episodes_of(a_season(), number=number, number_end=number_end, air_date=air_date)

    assert [hit["episode_number"] for hit in hits] == found


def test_posters_of_the_language_come_first_and_backgrounds_without_words() -> None:
    english, german = facts.pictures(film_answer(), "en"), facts.pictures(film_answer(language="de"), "de")

    assert [one.language for one in english.thumbs] == ["en", None]
    assert german.thumbs[0].language == "de"
    assert {one.language for one in german.arts} == {None}


def test_people_s_pictures_are_named_for_the_first_of_the_cast_and_the_makers() -> None:
    assert facts.portraits("movie", film_answer()) == {
        "Ada Winter": "profile-Ada_Winter.jpg",
        "Noor Vale": "profile-Noor_Vale.jpg",
        "Jon Alder": "profile-Jon_Alder.jpg",
        "Ines Holm": "profile-Ines_Holm.jpg",
        "Paul Reiter": "profile-Paul_Reiter.jpg",
    }


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/kqjL17yufvn9OVLyXYpvtyrFfak.jpg", "kqjL17yufvn9OVLyXYpvtyrFfak.jpg"),
        ("/a.svg", None),
        ("/../a.jpg", None),
        ("a.jpg", None),
        ("//elsewhere/a.jpg", None),
        (None, None),
        (7, None),
    ],
)
def test_picture_name(path: object, name: str | None) -> None:
    assert facts.picture_name(path) == name
