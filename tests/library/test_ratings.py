"""Every row of the table of ages, and every form in which a rating is written."""

import pytest

from homemedia.library.ratings import AGES, age_of, fold

# (country, its ratings with their ages), as the contract has them.
TABLE = [
    ("US", "G TV-Y TV-G", 0),
    ("US", "TV-Y7", 7),
    ("US", "PG TV-PG", 10),
    ("US", "PG-13", 13),
    ("US", "TV-14", 14),
    ("US", "R", 17),
    ("US", "NC-17 TV-MA", 17),
    ("US", "X", 18),
    ("GB", "U", 0),
    ("GB", "PG", 8),
    ("GB", "12A 12", 12),
    ("GB", "15", 15),
    ("GB", "18", 18),
    ("GB", "R18", 21),
    ("DE", "0", 0),
    ("DE", "6", 6),
    ("DE", "12", 12),
    ("DE", "16", 16),
    ("DE", "18", 18),
    ("FR", "U TP", 0),
    ("FR", "10", 10),
    ("FR", "12", 12),
    ("FR", "16", 16),
    ("FR", "18", 18),
    ("NL", "AL", 0),
    ("NL", "6", 6),
    ("NL", "9", 9),
    ("NL", "12", 12),
    ("NL", "14", 14),
    ("NL", "16", 16),
    ("NL", "18", 18),
    ("SE", "Btl", 0),
    ("SE", "7", 7),
    ("SE", "11", 11),
    ("SE", "15", 15),
    ("NO", "A", 0),
    ("NO", "6", 6),
    ("NO", "9", 9),
    ("NO", "12", 12),
    ("NO", "15", 15),
    ("NO", "18", 18),
    ("DK", "A", 0),
    ("DK", "7", 7),
    ("DK", "11", 11),
    ("DK", "15", 15),
    ("FI", "S", 0),
    ("FI", "K7", 7),
    ("FI", "K12", 12),
    ("FI", "K16", 16),
    ("FI", "K18", 18),
    ("IE", "G", 4),
    ("IE", "PG", 12),
    ("IE", "12A", 12),
    ("IE", "15A", 15),
    ("IE", "16", 16),
    ("IE", "18", 18),
    ("IT", "T", 0),
    ("IT", "6+", 6),
    ("IT", "14+", 14),
    ("IT", "18+", 18),
    ("ES", "A", 0),
    ("ES", "7", 7),
    ("ES", "12", 12),
    ("ES", "16", 16),
    ("ES", "18", 18),
    ("AU", "G", 0),
    ("AU", "PG M MA15+", 15),
    ("AU", "R18+", 18),
    ("CA", "C G", 0),
    ("CA", "C8 PG", 8),
    ("CA", "14A", 14),
    ("CA", "18A", 18),
    ("BR", "L", 0),
    ("BR", "10", 10),
    ("BR", "12", 12),
    ("BR", "14", 14),
    ("BR", "16", 16),
    ("BR", "18", 18),
    ("JP", "G", 0),
    ("JP", "PG12", 12),
    ("JP", "R15+", 15),
    ("JP", "R18+", 18),
]
ROWS = [(country, rating, age) for country, ratings, age in TABLE for rating in ratings.split()]


@pytest.mark.parametrize(("country", "rating", "age"), ROWS)
@pytest.mark.parametrize("form", ["{c}:{r}", "{l}/{r}", "{c}: {r}", "Rated {r}", "{r}", "  {l}:{r} "])
def test_rating_of_a_country_is_an_age(country: str, rating: str, age: int, form: str) -> None:
    written = form.format(c=country, l=country.lower(), r=rating)

    assert age_of(written, country) == age
    assert age_of(written.casefold(), country.lower()) == age
    if "c}" in form or "l}" in form:
        assert age_of(written, "XX") == age, "the rating names its country itself"


def test_no_country_of_the_table_is_without_rows() -> None:
    assert {country.lower() for country, _, _ in TABLE} == set(AGES)


@pytest.mark.parametrize(
    ("written", "country", "age"),
    [
        ("DE:16", "US", 16),
        ("de/16", "US", 16),
        ("Rated R", "DE", 17),
        ("Rated PG-13 for violence and language", "DE", 13),
        ("FSK-16", "US", 16),
        ("FSK 12", "US", 12),
        ("fsk6", "US", 6),
        ("DE:FSK 16", "US", 16),
        ("UK:15", "US", 15),
        ("USA:TV-MA", "DE", 17),
        ("16 / R", "US", 16),
        ("unheard of / R", "US", 17),
        ("NR / R", "US", 17),
        ("DE:unheard of / US:R", "US", 17),
        ("US:PG-13 / DE:FSK 12", "DE", 13),
        ("PG13", "US", 13),
        ("PG 13", "US", 13),
        ("TV MA", "US", 17),
        ("NC 17", "US", 17),
        ("7", "US", 7),
        ("7+", "US", 7),
        ("99", "US", 99),
        ("-12", "FR", 12),
        ("6+", "IT", 6),
        ("PG", "US", 10),
        ("PG", "GB", 8),
        ("PG", "UK", 8),
        ("PG", "DE", 10),
        ("M", "US", 15),
        ("R18", "US", 21),
        ("K16", "BR", 16),
        ("TV-PG", "JP", 10),
    ],
)
def test_forms_that_people_write_are_understood(written: str, country: str, age: int) -> None:
    assert age_of(written, country) == age


@pytest.mark.parametrize(
    "written",
    [None, "", "  ", "NR", "nr", "Unrated", "Not Rated", "not rated", "N/A", "US:NR", "Rated NR", "unheard of", "1995"],
)
def test_what_says_nothing_is_no_rating(written: str | None) -> None:
    assert age_of(written, "US") is None


def test_bare_rating_is_read_at_home_then_in_the_us_then_anywhere() -> None:
    assert age_of("G", "IE") == 4
    assert age_of("G", "DE") == 0, "the US know a G"
    assert age_of("15A", "DE") == 15, "only Ireland does"


@pytest.mark.parametrize("text", ["PG-13", " pg-13", "Pg-13  "])
def test_ratings_are_compared_without_case_and_blanks(text: str) -> None:
    assert fold(text) == "pg-13"
