import pytest

from homemedia.library.naming.sorting import letter, sort_title


@pytest.mark.parametrize(
    ("title", "language", "expected", "initial"),
    [
        ("Movie Title", "en", "movie title", "M"),
        ("The Letter", "en", "letter", "L"),
        ("A Letter", "en-GB", "letter", "L"),
        ("An Hour", "en_US", "hour", "H"),
        ("The Letter", "de", "the letter", "T"),
        ("Das Boot", "de", "boot", "B"),
        ("Die Küste", "de", "kuste", "K"),
        ("Die Hard", "en", "die hard", "D"),
        ("L'Été", "fr", "ete", "E"),
        ("L\u2019Été", "fr", "ete", "E"),
        ("Les Marées", "fr", "marees", "M"),
        ("El Faro", "es", "faro", "F"),
        ("La Casa", "es", "casa", "C"),
        ("Gli Anni", "it", "anni", "A"),
        ("Het Huis", "nl", "huis", "H"),
        ("Det Hus", "da", "hus", "H"),
        ("Œuvre", "fr", "oeuvre", "O"),
        ("Ärger", "de", "arger", "A"),
        ("Ødegård", "nb", "odegard", "O"),
        ("2 Boats", "en", "00000002 boats", "#"),
        ("Boat 10", "en", "boat 00000010", "B"),
        ("'Round Noon", "en", "round noon", "R"),
        ("(360) Ways", "en", "00000360) ways", "#"),
        ("The", "en", "the", "T"),
        ("A", "en", "a", "A"),
        ("???", "en", "???", "#"),
        ("千と夏", "ja", "千と夏", "#"),
        ("Солнце", "ru", "солнце", "#"),
        ("The The", "en", "the", "T"),
        ("", "en", "", "#"),
    ],
)
def test_title_sorts_without_article_and_marks(title: str, language: str, expected: str, initial: str) -> None:
    key = sort_title(title, language)

    assert key == expected
    assert letter(key) == initial


def test_numbers_sort_by_value() -> None:
    titles = ["Boat 10", "Boat 2", "Boat 1"]

    assert sorted(titles, key=lambda title: sort_title(title, "en")) == ["Boat 1", "Boat 2", "Boat 10"]
