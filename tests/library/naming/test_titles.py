import pytest

from homemedia.library.naming.titles import is_unsure, parse_title, search_candidates
from homemedia.library.naming.versions import clean_label
from tests.library.naming.cases_titles import TITLES, Title


@pytest.mark.parametrize("case", TITLES, ids=[case.id for case in TITLES])
def test_name_is_taken_apart_by_the_rules(case: Title) -> None:
    parts = parse_title(case.stem)

    assert (parts.title, parts.year) == (case.title, case.year)
    assert parts.is_year_certain == (case.year is not None and not case.is_soft)
    assert parts.title_with_year == case.with_year
    assert parts.alternative == case.alternative
    assert (parts.ids.tmdb, parts.ids.imdb, parts.ids.tvdb) == (case.tmdb, case.imdb, case.tvdb)
    assert parts.edition == case.edition
    if case.label:
        assert clean_label(parts.rest) == case.label


def test_soft_year_is_searched_with_then_without_then_as_part_of_the_title() -> None:
    assert search_candidates(parse_title("Winter Queen 1986")) == [
        ("Winter Queen", 1986),
        ("Winter Queen", None),
        ("Winter Queen 1986", None),
    ]


def test_certain_year_is_searched_once() -> None:
    assert search_candidates(parse_title("Winter Queen (1986)")) == [("Winter Queen", 1986)]


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("Winter Queen (1986)", False),
        ("Winter.Queen.1080p.BluRay", False),
        ("Winter Queen [tmdbid-4]", False),
        ("Winter Queen", True),
        ("Winter Queen 1986", True),
    ],
)
def test_second_opinion_is_wanted_without_year_tag_and_id(stem: str, expected: bool) -> None:  # noqa: FBT001
    assert is_unsure(parse_title(stem)) is expected
