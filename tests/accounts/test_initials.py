"""The letter that stands for a member without a picture: drawn for anybody, whatever name he asks for."""

from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from homemedia.accounts.avatars.initials import COLOURS, initial
from tests.support.app import House

TEXT = "{http://www.w3.org/2000/svg}text"


def letter(picture: str) -> str | None:
    root = ET.fromstring(picture)  # noqa: S314 - made by ourselves
    assert [one.tag.rpartition("}")[2] for one in root] == ["rect", "text"]
    return root.findtext(TEXT)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ann", "A"),
        ("7of9", "7"),
        ("..josé", "J"),
        ("éric", "É"),
        ("e\u0301ric", "É"),
        ("李雷", "李"),
        ("ßtraße", "S"),
        ("<script>alert(1)</script>", "S"),
        ('"><svg onload=x>', "S"),
        ("&amp;", "A"),
        ("", "?"),
        ("...", "?"),
        ("\u202e", "?"),
        ("\ud800x", "X"),
    ],
)
def test_first_letter_is_drawn_and_nothing_else(name: str, shown: str) -> None:
    assert letter(initial(name)) == shown


def test_name_keeps_its_colour() -> None:
    assert initial("ann") == initial("ann")
    assert {colour for colour in COLOURS for name in range(100) if colour in initial(f"a{name}")} == set(COLOURS)


@pytest.mark.parametrize("name", ["ann", "<b>", "a/b", "%00", "x" * 2000, "李雷"])
async def test_anybody_may_ask(claimed: House, name: str) -> None:
    async with claimed.stranger().get(f"/api/profile/avatar/initials/{quote(name, safe='')}") as answer:
        assert answer.status == 200, await answer.text()
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        letter(await answer.text())
