"""Names read by guessit."""

import pytest

from homemedia.media.guess import guess_names
from homemedia.media.models import Guess


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        (
            "The.Matrix.1999.1080p.BluRay.x264-GRP.mkv",
            Guess(kind="movie", title="The Matrix", year=1999, resolution="1080p", release_group="GRP"),
        ),
        (
            "The Show S02E03-E04 The Well.mkv",
            Guess(kind="episode", title="The Show", season=2, episodes=(3, 4), episode_title="The Well"),
        ),
        ("The Late Talk 2024-03-01.mkv", Guess(kind="episode", title="The Late Talk", air_date="2024-03-01")),
        (
            "Blade Runner (1982) Director's Cut.mkv",
            Guess(kind="movie", title="Blade Runner", year=1982, edition="Director's Cut"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names_are_read(name: str, guess: Guess) -> None:
    [found] = guess_names([name])

    assert (found.title, found.year, found.season, found.episodes, found.air_date, found.edition) == (
        *(guess.title, guess.year, guess.season, guess.episodes, guess.air_date, guess.edition),
    )


def test_nonsense_is_answered_too() -> None:
    assert len(guess_names(["", ".", "????", "x" * 300, "\u202eabc.mkv"])) == 5
