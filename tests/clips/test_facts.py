"""What a source says of a clip, as it is kept."""

from typing import Any

import pytest

from homemedia.clips.download.models import Facts
from homemedia.clips.facts import duration_ms, kept_facts
from homemedia.clips.reasons import REASONS, reason_of


@pytest.mark.parametrize(
    ("facts", "is_music", "title"),
    [
        (Facts(title="Title", description="Said"), False, "Said"),
        (Facts(title="Title", description="Said"), True, "Title"),
        (Facts(title=" Title ", description="  "), False, "Title"),
        (Facts(), False, None),
        (Facts(description="a" * 501), False, "a" * 500 + "…"),
        (Facts(description="a" * 500), False, "a" * 500),
        (Facts(description="<script>\0\x07x"), False, "<script>x"),
    ],
)
def test_title_is_what_the_maker_says(facts: Facts, *, is_music: bool, title: str | None) -> None:
    assert kept_facts(facts, is_music=is_music)["source_title"] == title


@pytest.mark.parametrize(
    ("name", "value", "column", "kept"),
    [
        ("creator_name", "@ann", "creator_name", "ann"),
        ("creator_name", "@", "creator_name", None),
        ("creator_url", "https://x.com/ann", "creator_url", "https://x.com/ann"),
        ("creator_url", "javascript:alert(1)", "creator_url", None),
        ("album_art_url", 'https://i.example/a.jpg" onload="x', "album_art_url", None),
        ("view_count", 3, "source_view_count", 3),
        ("view_count", -1, "source_view_count", None),
        ("view_count", 10**30, "source_view_count", None),
    ],
)
def test_facts_are_kept_where_they_can_be_shown(name: str, value: Any, column: str, kept: Any) -> None:
    assert kept_facts(Facts(**{name: value}), is_music=False)[column] == kept


@pytest.mark.parametrize(
    ("told_s", "found_ms", "kept"),
    [
        (12.6, None, 12_600),
        (12.6, 5_000, 5_000),
        (None, None, None),
        (float("nan"), None, None),
        (float("inf"), 0, None),
        (-3.0, None, None),
    ],
)
def test_duration_is_the_files(told_s: float | None, found_ms: int | None, kept: int | None) -> None:
    assert duration_ms(told_s, found_ms) == kept


def test_every_failure_has_a_sentence() -> None:
    assert reason_of("too_large", 500 << 20) == "Exceeds 500 MB limit"
    assert reason_of("too_long", 25 << 20) == "Exceeds 25 MB limit"
    assert reason_of("nobody knows", None) == REASONS["other"]
    assert all(reason_of(code, None) for code in REASONS)
