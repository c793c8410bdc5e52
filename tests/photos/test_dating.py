"""When a photo was taken: clocks, offsets, zones."""

import pytest

from homemedia.media.photo_models import PhotoFacts
from homemedia.photos.dating import Dated, dated, offset_name

NOON = 1_685_620_800_000  # 2023-06-01 12:00
HOUR = 3_600_000
UPLOADED, MODIFIED = NOON + 5 * HOUR, NOON + 4 * HOUR


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (PhotoFacts(), Dated(MODIFIED, MODIFIED, None)),
        (PhotoFacts(clock_ms=NOON), Dated(NOON, NOON, None)),
        (PhotoFacts(clock_ms=NOON, offset_min=-420), Dated(NOON + 7 * HOUR, NOON, "UTC-7")),
        (PhotoFacts(clock_ms=NOON, zone="America/Chicago"), Dated(NOON + 5 * HOUR, NOON, "America/Chicago")),
        (
            PhotoFacts(clock_ms=NOON, offset_min=-300, zone="America/Chicago"),
            Dated(NOON + 5 * HOUR, NOON, "America/Chicago"),
        ),
        (PhotoFacts(clock_ms=NOON, offset_min=60, zone="America/Chicago"), Dated(NOON - HOUR, NOON, "UTC+1")),
        (PhotoFacts(clock_ms=NOON, gps_offset_min=120), Dated(NOON - 2 * HOUR, NOON, "UTC+2")),
        (PhotoFacts(clock_ms=NOON, zone="Nowhere/None"), Dated(NOON, NOON, None)),
        (PhotoFacts(clock_ms=NOON, is_utc=True, offset_min=0), Dated(NOON, NOON, None)),
        (
            PhotoFacts(clock_ms=NOON, is_utc=True, offset_min=0, zone="Europe/Rome"),
            Dated(NOON, NOON + 2 * HOUR, "Europe/Rome"),
        ),
    ],
)
def test_when_a_photo_was_taken(facts: PhotoFacts, found: Dated) -> None:
    assert dated(facts, uploaded_at=UPLOADED, modified_at=MODIFIED) == found


@pytest.mark.parametrize(("minutes", "name"), [(0, "UTC+0"), (120, "UTC+2"), (-420, "UTC-7"), (330, "UTC+5:30")])
def test_offsets_have_names(minutes: int, name: str) -> None:
    assert offset_name(minutes) == name
