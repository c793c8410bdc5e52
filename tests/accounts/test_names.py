import pytest

from homemedia.accounts.names import check_password, checked_username, name_key
from homemedia.core.problems import BadRequest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "aNN"),
        (" ann ", "ann"),
        ("ﬁn", "FIN"),
        ("Straße", "STRASSE"),
        ("\uff21\uff4e\uff4e", "ann"),
        ("é", "e\u0301"),
        ("ΣΑΣ", "σας"),
        ("\u3000ann", "ann"),
    ],
)
def test_equal_names_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "ann",
        "Ånn Müller",
        "李雷",
        "анна",
        "👩‍👧",
        "a.b_c-d",
        "x" * 64,
        "O'Neil",
        "❤️ ann",
        "анна_pro",
        "anna и bob",
        "Tomo太郎",
        "می‌خواهم",
        "क्‍ष",
        "Ωμέγα 3",
        "µ-ann2",
        "Nguyễn",
        "José María",
    ],
)
def test_names_of_real_people_are_kept(text: str) -> None:
    assert checked_username(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u3000",
        "x" * 65,
        "a/b",
        "a\\b",
        "a:b",
        "a?b",
        "a#b",
        "a\0b",
        "a\nb",
        "a\x7fb",
        "a\u2028b",
        "a\u202eb",
        "a\ud800",
        "\u0430dmin",  # Cyrillic a
        "adm\u0456n",
        "r\u03bfot",  # Greek omicron
        "ad\u200bmin",  # nothing that is seen
        "ad\u00admin",
        "admin\u200d",
        "ad\u200cmin",
        "admin\ufe0f",
        "\ufeffadmin",
        "admin\U000e0041",
        "admin\U000e0100",
        "ad\u034fmin",
        "\u3164",
        "admin\u2800",
    ],
)
def test_names_nobody_can_have_are_refused(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        checked_username(text)

    assert refused.value.details[0]["field"] == "username"


@pytest.mark.parametrize(
    ("text", "is_admin"),
    [("1234", False), ("ää", False), ("123456", True), ("🐴🐴", True), ("x" * 1024, True), ("a\0bc", False)],
)
def test_good_passwords_pass(text: str, is_admin: bool) -> None:  # noqa: FBT001 - a table
    check_password(text, is_admin=is_admin)


@pytest.mark.parametrize(
    ("text", "is_admin"), [("", False), ("123", False), ("12345", True), ("x" * 1025, False), ("ä" * 513, True)]
)
def test_weak_and_endless_passwords_do_not(text: str, is_admin: bool) -> None:  # noqa: FBT001 - a table
    with pytest.raises(BadRequest):
        check_password(text, is_admin=is_admin)
