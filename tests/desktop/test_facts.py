"""What the icon says of what the server tells."""

from typing import Any

import pytest

from homemedia.desktop.facts import LONGEST_TOOLTIP, STARTING, facts_of, picture_name, tooltip
from tests.support.desktop_door import a_state

ANNA = {"who": "Anna", "what": "Heat", "device": "Living room"}


@pytest.mark.parametrize(
    ("state", "changes", "said"),
    [
        ("starting", {}, "starting"),
        ("ready", {}, "ready"),
        ("ready", {"isScanningPaused": True}, "ready, scanning is paused"),
        ("ready", {"isClaimed": False}, "waits to be set up"),
        ("scanning", {}, "scanning Films, 42 %"),
        ("scanning", {"percent": None}, "scanning Films"),
        ("scanning", {"scans": [{"library": "Films"}, {"library": "Shows"}]}, "scanning 2 libraries, 42 %"),
        ("scanning", {"scans": []}, "scanning, 42 %"),
        ("streaming", {}, "2 are watching"),
        ("streaming", {"streams": 1, "watching": [ANNA]}, "Anna is watching Heat"),
        ("streaming", {"streams": 1, "watching": []}, "somebody is watching"),
        ("attention", {}, "The disk of Films is gone."),
        (
            "attention",
            {"attention": [{"message": "One.", "address": "/"}, {"message": "Two.", "address": "/"}]},
            "One. (and 1 more)",
        ),
        ("attention", {"attention": []}, "needs attention"),
    ],
)
def test_tooltip_says_what_goes_on(state: str, changes: dict[str, Any], said: str) -> None:
    facts = facts_of(a_state(state, **changes))

    assert tooltip(facts) == f"HomeMedia \N{EN DASH} {said}"


def test_tooltip_fits_into_what_windows_keeps() -> None:
    facts = facts_of(a_state("attention", attention=[{"message": "long\nwords " * 40, "address": "/"}]))

    said = tooltip(facts)

    assert len(said) <= LONGEST_TOOLTIP
    assert said.endswith("…")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("percent", "picture"),
    [
        (None, "scanning"),
        (0, "scanning-0"),
        (12, "scanning-0"),
        (13, "scanning-1"),
        (99, "scanning-7"),
        (100, "scanning-8"),
    ],
)
def test_picture_shows_how_much_of_a_scan_is_done(percent: int | None, picture: str) -> None:
    assert picture_name(facts_of(a_state("scanning", percent=percent))) == picture


@pytest.mark.parametrize("state", ["starting", "ready", "streaming", "attention"])
def test_picture_of_every_other_state_has_its_name(state: str) -> None:
    assert picture_name(facts_of(a_state(state))) == state


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"state": "a word of later", "percent": "much", "streams": -1, "watching": None, "update": "no"},
        {"scans": [None, 3, {"library": None}], "attention": {"message": "x"}, "notices": "none"},
    ],
    ids=["empty", "other types", "odd lists"],
)
def test_answer_of_another_version_is_read_as_far_as_it_goes(told: dict[str, Any]) -> None:
    facts = facts_of(told)

    assert facts.state == "ready"
    assert (facts.percent, facts.streams, facts.watching, facts.update) == (None, 0, (), None)
    assert tooltip(facts)


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:x", "", None])
def test_address_elsewhere_is_never_opened(address: str | None) -> None:
    facts = facts_of(a_state("attention", attention=[{"message": "Look.", "address": address}]))

    assert facts.attention[0].address == "/"


def test_before_any_answer_it_starts() -> None:
    assert picture_name(STARTING) == "starting"
    assert tooltip(STARTING).endswith("starting")
