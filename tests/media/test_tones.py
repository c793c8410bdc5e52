"""The dark tone of a still, and where people look."""

import colorsys

import pytest

from homemedia.media.tones import CHROMA_LIMIT, LIGHTNESS, Rgb, dark_tone, focus_point, from_oklch, to_oklch

ROUNDING = 0.006  # what eight bits a channel cost in OKLCH


def rgb(tone: str) -> Rgb:
    return int(tone[1:3], 16), int(tone[3:5], 16), int(tone[5:7], 16)


COLORS = [
    (round(r * 255), round(g * 255), round(b * 255))
    for hue in range(0, 360, 20)
    for light in (0.02, 0.2, 0.5, 0.8, 0.99)
    for r, g, b in [colorsys.hls_to_rgb(hue / 360, light, 1.0)]
]


@pytest.mark.parametrize("color", [*COLORS, (0, 0, 0), (255, 255, 255), (128, 128, 128)], ids=str)
def test_any_picture_gives_a_tone_white_words_can_stand_on(color: Rgb) -> None:
    lightness, chroma, _ = to_oklch(rgb(dark_tone([(10, color)])))

    assert LIGHTNESS[0] - ROUNDING <= lightness <= LIGHTNESS[1] + ROUNDING
    assert chroma <= CHROMA_LIMIT + ROUNDING


def test_a_colour_survives_the_way_there_and_back() -> None:
    assert from_oklch(*to_oklch((122, 59, 46))) == (122, 59, 46)


def test_a_large_coloured_area_wins_over_grey_and_a_small_one_does_not() -> None:
    _, _, hue = to_oklch((60, 70, 140))
    large = dark_tone([(500, (90, 90, 90)), (400, (60, 70, 140))])
    small = dark_tone([(950, (90, 90, 90)), (20, (60, 70, 140))])

    assert abs(to_oklch(rgb(large))[2] - hue) < 0.2
    assert to_oklch(rgb(small))[1] < 0.02


def test_no_colours_at_all_give_a_neutral_tone() -> None:
    assert dark_tone([]).startswith("#")


@pytest.mark.parametrize(
    ("box", "x", "y"),
    [((40, 6, 52, 14), 46 / 63, 10 / 35), ((8, 20, 18, 30), 13 / 63, 25 / 35), ((26, 12, 38, 24), 0.5, 0.5)],
)
def test_the_point_of_interest_is_where_the_detail_is(box: tuple[int, int, int, int], x: float, y: float) -> None:
    left, top, right, bottom = box
    grey = bytes(
        240 if left <= column < right and top <= row < bottom and (column + row) % 2 else 40
        for row in range(36)
        for column in range(64)
    )

    found = focus_point(grey, 64, 36)

    assert found == pytest.approx((x, y), abs=0.06)


def test_a_flat_picture_is_looked_at_in_its_middle() -> None:
    assert focus_point(bytes(64 * 36), 64, 36) == (0.5, 0.5)
    assert focus_point(b"", 0, 0) == (0.5, 0.5)
