import pytest

from homemedia.library.naming.normal import bigrams, edit_distance_at_most, fold, normalise, same_name, shown, squeeze


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spider-Man", "spider man"),
        ("Amélie", "amelie"),
        ("AME\u0301LIE", "amelie"),
        ("Œuvre", "oeuvre"),
        ("Æon", "aeon"),
        ("Straße", "strasse"),
        ("Smørrebrød", "smorrebrod"),
        ("Łódź", "lodz"),
        ("Đorđe", "dorde"),
        ("Tom & Jerry", "tom and jerry"),
        ("Tom&Jerry", "tom and jerry"),
        ("Ｆｉｌｍ　２", "film 2"),  # noqa: RUF001 - full-width letters are the point
        ("  a.b_c  ", "a b c"),
        ("?!", ""),
        ("", ""),
        ("パパ", "パパ"),
        ("시즌", "시즌"),
        ("हिन्दी", "हिन्दी"),
        ("İstanbul", "istanbul"),
    ],
)
def test_text_is_brought_to_its_comparable_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_voicing_marks_keep_japanese_words_apart() -> None:
    assert len({normalise(text) for text in ("ハハ", "ババ", "パパ")}) == 3


def test_fold_keeps_punctuation() -> None:
    assert fold("Œuvre, l'Été") == "oeuvre, l'ete"


def test_blanks_and_dashes_do_not_count_when_squeezed() -> None:
    assert squeeze("Spider Man") == squeeze("Spider-Man") == squeeze("spiderman")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("千と夏の海", ["千と", "と夏", "夏の", "の海"]), ("海", ["海"]), ("film 海の旅", ["海の", "の旅"]), ("film", [])],
)
def test_cjk_text_falls_into_pairs(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


@pytest.mark.parametrize(
    ("left", "right", "limit", "expected"),
    [
        ("matrix", "matrix", 0, True),
        ("matrix", "matrx", 1, True),
        ("matrix", "mattrix", 1, True),
        ("matrix", "mavrix", 1, True),
        ("matrix", "mavrx", 1, False),
        ("matrix", "mavrx", 2, True),
        ("matrix", "mat", 2, False),
        ("", "ab", 2, True),
        ("", "abc", 2, False),
        ("kitten", "sitting", 2, False),
        ("kitten", "sitting", 3, True),
        ("abcdefgh", "bcdefghi", 2, True),
    ],
)
def test_words_within_the_distance_are_found(left: str, right: str, limit: int, expected: bool) -> None:  # noqa: FBT001
    assert edit_distance_at_most(left, right, limit) is expected
    assert edit_distance_at_most(right, left, limit) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Plain  Name", "Plain  Name"),
        ("Ame\u0301lie", "Am\u00e9lie"),
        ("Two\nLines", "Two Lines"),
        ("Red\x1b[31m", "Red [31m"),
        ("\u202eevitan\u202c", "evitan"),
        ("\u200f\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u202e", "\u202e"),
        ("Unit\x1fSeparator", "Unit Separator"),
    ],
)
def test_name_is_shown_without_what_disturbs_the_text_around_it(name: str, expected: str) -> None:
    assert shown(name) == expected
    assert shown(expected) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [("Film.MKV", "film.mkv"), ("\u00c9t\u00e9.nfo", "e\u0301te\u0301.nfo"), ("STRASSE", "stra\u00dfe")],
)
def test_names_that_some_disks_take_for_one_are_one(one: str, other: str) -> None:
    assert same_name(one) == same_name(other) == same_name(same_name(one))


def test_names_that_differ_stay_apart() -> None:
    assert same_name("\u00c9t\u00e9") != same_name("Ete")
