"""Whom a text names: members of any name, whole names, and nobody by an e-mail address."""

import pytest

from homemedia.accounts.names import name_key
from homemedia.clips.mentions import mentioned

NAMES = ("ann", "ann.b", "Ann-Marie", "bob", "José", "李雷", "Straße", "mary_lou", "Big Al")
MEMBERS = {name_key(name): name for name in NAMES}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("nobody here", ()),
        ("@bob", ("bob",)),
        ("hello @BOB!", ("bob",)),
        ("@bob, @ann and @bob", ("bob", "ann")),
        ("@ann.b", ("ann.b",)),
        ("thanks @ann.", ("ann",)),
        ("@ann.c", ()),
        ("@ann...", ("ann",)),
        ("@ann-marie", ("Ann-Marie",)),
        ("@ann-", ("ann",)),
        ("@ann-louise", ()),
        ("@annika", ()),
        ("@ann_", ()),
        ("@mary_lou", ("mary_lou",)),
        ("(@josé)", ("José",)),
        ("@jose\u0301", ("José",)),
        ("@jose", ()),
        ("看 @李雷", ("李雷",)),
        ("@STRASSE", ("Straße",)),
        ("@big al is here", ("Big Al",)),
        ("me@bob.example", ()),
        ("@@bob", ("bob",)),
        ("@", ()),
        ("@ bob", ()),
        ("@bob@ann", ("bob",)),
        ("@bob @ann", ("bob", "ann")),
        ("@" * 500, ()),
    ],
)
def test_text_names_members(text: str, named: tuple[str, ...]) -> None:
    assert mentioned(text, MEMBERS) == named


def test_house_without_members_is_no_trouble() -> None:
    assert mentioned("@ann", {}) == ()
