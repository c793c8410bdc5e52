"""What the clip API takes as a name, a number, a colour."""

import pytest

from homemedia.accounts.family.names import HUES, accent_word, clip_username, group_name, loose_phone
from homemedia.core.problems import BadRequest


@pytest.mark.parametrize("name", ["a", "x" * 30, "José", "Jose\u0301", "a.b-c_d", "Ольга", "नेहा", "李雷", "7"])
def test_name_of_any_script_is_taken(name: str) -> None:
    assert clip_username(f"  {name} ")


@pytest.mark.parametrize("name", ["", " ", "x" * 31, "a b", "a@b", "a!", "\u0301", "a\u0000", "😀", None, 5, ["a"]])
def test_name_with_anything_else_is_refused(name: object) -> None:
    with pytest.raises(BadRequest) as caught:
        clip_username(name)

    assert caught.value.details[0]["field"] == "username"


@pytest.mark.parametrize(("written", "read"), [
    ("+1 (555) 000-0001", "+15550000001"),
    ("+49 151 1234567", "+491511234567"),
    ("(555) 000-0002", "+495550000002"),
    ("15550000003", "+15550000003"),
    (" 555.000.0004 ", "+495550000004"),
])  # fmt: skip
def test_number_is_read_as_people_write_it(written: str, read: str) -> None:
    assert loose_phone(written, "49") == read


@pytest.mark.parametrize(
    "written",
    ["", "+", "123", "+123456789", "+1234567890123456", "25550000003", "555000000", None, 5550000001, "+0123456789"],
)
def test_number_nobody_can_read_is_refused(written: object) -> None:
    with pytest.raises(BadRequest):
        loose_phone(written, "49")


@pytest.mark.parametrize("name", ["", "   ", "x" * 51, 5, None, ["Attic"]])
def test_group_name_needs_one_to_fifty_characters(name: object) -> None:
    with pytest.raises(BadRequest, match="1-50"):
        group_name(name)

    assert group_name(f" {'x' * 50} ") == "x" * 50


@pytest.mark.parametrize(("hue", "word", "told"), [
    (None, "sky", "coral"),
    (HUES["sky"], "sky", "sky"),
    (HUES["sky"] + 1, "lime", "sky"),
    (359, None, "rose"),
    (0, None, "rose"),
    (200, "coral", "cyan"),
])  # fmt: skip
def test_colour_is_told_by_the_nearest_word(hue: int | None, word: str | None, told: str) -> None:
    assert accent_word(hue, word) == told
