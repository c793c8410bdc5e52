"""What an NFO file and what tags say, in the fields of an item."""

from typing import Any

import pytest

from homemedia.library.metadata import embedded
from homemedia.library.metadata.facts import content_rating, facts_of
from homemedia.library.metadata.labels import genre_key, label_key
from homemedia.library.metadata.nfo import Actor, Ids, Nfo
from homemedia.media import Tags


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("PG-13", "US", "PG-13"),
        ("Rated PG-13", "US", "PG-13"),
        ("Rated R for strong language", "US", "R"),
        ("US:PG-13 / DE:FSK 12", "DE", "FSK 12"),
        ("US:PG-13 / DE:FSK 12", "FR", "PG-13"),
        ("Germany:16 / USA:R", "US", "R"),
        ("USA:TV-MA|UK:18", "GB", "18"),
        ("", "US", None),
        (None, "US", None),
        ("US:", "US", None),
    ],
)
def test_content_rating(text: str | None, country: str, expected: str | None) -> None:
    assert content_rating(text, country) == expected


def test_film_says_its_fields_and_nothing_it_does_not_know() -> None:
    nfo = Nfo(
        kind="movie",
        title="Heat",
        original_title="Heat",
        premiered="1995-12-15",
        runtime_min=170,
        ids=Ids(tmdb=949),
        actors=(Actor(name="Di Rust", role="Neil", order=0),),
    )

    assert facts_of("movie", [nfo], "US") == {
        "title": "Heat",
        "year": 1995,
        "release_date": "1995-12-15",
        "duration_ms": 10_200_000,
        "tmdb_id": 949,
        "actors": [{"name": "Di Rust", "role": "Neil"}],
    }


def test_several_episodes_of_one_file_become_one() -> None:
    nfos = [
        Nfo(kind="episode", title="One", season=1, episode=1, plot="First.", directors=("A",), runtime_min=20),
        Nfo(kind="episode", title="Two", season=1, episode=2, plot="Second.", directors=("A", "B"), runtime_min=22),
    ]

    facts = facts_of("episode", nfos, "US", season=1)

    assert facts["title"] == "One / Two"
    assert (facts["number"], facts["number_end"]) == (1, 2)
    assert facts["summary"] == "First.\n\nSecond."
    assert facts["directors"] == ["A", "B"]
    assert facts["duration_ms"] == 42 * 60_000


def test_episode_of_another_season_keeps_the_number_of_its_name() -> None:
    facts = facts_of("episode", [Nfo(kind="episode", title="A", season=3, episode=7)], "US", season=2)

    assert facts == {"title": "A"}


@pytest.mark.parametrize(
    ("item_kind", "root"), [("movie", "episode"), ("show", "movie"), ("season", "show"), ("episode", "show")]
)
def test_description_of_another_kind_of_thing_is_left_alone(item_kind: str, root: Any) -> None:
    assert facts_of(item_kind, [Nfo(kind=root, title="A")], "US") == {}


def test_spellings_of_a_genre_are_one() -> None:
    assert {genre_key(name) for name in ("Sci-Fi", "SciFi", "Science Fiction", "science-fiction")} == {
        "science fiction"
    }
    assert genre_key("Drama") != genre_key("Comedy")
    assert label_key(" Rainy  Day ") == "rainy day"
    assert label_key("???") == "???"


@pytest.mark.parametrize(
    ("tags", "facts"),
    [
        pytest.param(Tags(), {}, id="silent"),
        pytest.param(
            Tags(title="Anna's birthday", artist="Mum; Dad", description="Cake.", date="2015-06-07"),
            {
                "title": "Anna's birthday",
                "summary": "Cake.",
                "release_date": "2015-06-07",
                "year": 2015,
                "directors": ["Mum", "Dad"],
            },
            id="all",
        ),
        pytest.param(Tags(title="MVI_0001.MOV"), {}, id="a file's name"),
        pytest.param(Tags(title="C:\\video\\x"), {}, id="a path"),
        pytest.param(Tags(created_at=1_433_678_400_000), {"release_date": "2015-06-07", "year": 2015}, id="camera"),
        pytest.param(Tags(created_at=-2_082_844_800_000), {}, id="camera without a clock"),
        pytest.param(Tags(created_at=10**17), {}, id="beyond the calendar"),
        pytest.param(Tags(date="2015"), {"year": 2015}, id="year alone"),
        pytest.param(Tags(date="20150607"), {"release_date": "2015-06-07", "year": 2015}, id="date without dashes"),
        pytest.param(Tags(date="2015-13-45"), {"year": 2015}, id="no such day"),
    ],
)
def test_tags_of_home_videos(tags: Tags, facts: dict[str, Any]) -> None:
    assert embedded.facts_of("video", tags) == facts


def test_tags_of_films_and_shows_do_not_count() -> None:
    tags = Tags(title="Heat.1995.1080p-GRP", artist="Someone")

    assert embedded.facts_of("movie", tags) == {}
    assert embedded.facts_of("show", tags) == {}
