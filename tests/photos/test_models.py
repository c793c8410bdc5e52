"""Months of pictures."""

import pytest

from homemedia.photos.models import month_of, month_text


@pytest.mark.parametrize(
    ("local_taken_at", "text"),
    [
        (0, "1970-01-01"),
        (-1, "1969-12-01"),
        (1_706_745_599_999, "2024-01-01"),
        (1_706_745_600_000, "2024-02-01"),
        (-62_135_596_800_000, "0001-01-01"),
        (253_402_300_799_999, "9999-12-01"),
    ],
)
def test_month_is_the_calendar_s(local_taken_at: int, text: str) -> None:
    assert month_text(month_of(local_taken_at)) == text
