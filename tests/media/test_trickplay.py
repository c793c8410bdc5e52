"""How small pictures of a film are laid out: steps of time, size of tiles, sheets."""

from typing import Any

import pytest

from homemedia.media.hdr import HLG, PQ, pq_table, to_709
from homemedia.media.models import Probe, VideoStream
from homemedia.media.trickplay import Layout, Place, interval_of, layout_of, place_of, sheet_request, tile_size

S = 1000
HOUR = 3600 * S


@pytest.mark.parametrize(
    ("duration_ms", "interval_ms"),
    [
        (5 * S, 1 * S),
        (30 * S, 1 * S),
        (199 * S, 1 * S),
        (200 * S, 2 * S),
        (499 * S, 2 * S),
        (500 * S, 5 * S),
        (999 * S, 5 * S),
        (1000 * S, 10 * S),
        (2 * HOUR, 10 * S),
        (10_000 * S, 10 * S),
        (10_000 * S + 1, 15 * S),
        (15_000 * S, 15 * S),
        (5 * HOUR, 20 * S),
        (8 * HOUR, 30 * S),
        (16 * HOUR, 60 * S),
        (24 * HOUR, 87 * S),
    ],
)
def test_interval_follows_from_the_length(duration_ms: int, interval_ms: int) -> None:
    assert interval_of(duration_ms) == interval_ms
    assert -(-duration_ms // interval_ms) <= 1000


@pytest.mark.parametrize(
    ("coded", "shape", "tile"),
    [
        ((1920, 1080), {}, (320, 180)),
        ((3840, 1600), {}, (320, 134)),
        ((640, 480), {}, (320, 240)),
        ((720, 576), {"sar": "64:45"}, (320, 180)),
        ((720, 480), {"sar": "8:9"}, (320, 240)),
        ((1920, 1080), {"rotation": 90}, (180, 320)),
        ((1920, 1080), {"rotation": 180}, (320, 180)),
        ((1080, 1920), {}, (180, 320)),
        ((160, 120), {}, (160, 120)),
        ((161, 121), {}, (160, 120)),
        ((1920, 1080), {"sar": "0:1"}, (320, 180)),
        ((1920, 1080), {"sar": "nonsense"}, (320, 180)),
        ((65535, 2), {}, (320, 2)),
    ],
)
def test_tile_has_the_shape_people_see(coded: tuple[int, int], shape: dict[str, Any], tile: tuple[int, int]) -> None:
    assert tile_size(*coded, **shape) == tile


FILM = Layout(interval_ms=10 * S, width=320, height=180, count=213)


@pytest.mark.parametrize(
    ("at_ms", "place"),
    [
        (-5, Place(0, 0, 0)),
        (0, Place(0, 0, 0)),
        (9999, Place(0, 0, 0)),
        (10_000, Place(0, 1, 0)),
        (105 * S, Place(0, 0, 1)),
        (999 * S, Place(0, 9, 9)),
        (1000 * S, Place(1, 0, 0)),
        (2125 * S, Place(2, 2, 1)),
        (9 * HOUR, Place(2, 2, 1)),
    ],
)
def test_moment_has_its_place(at_ms: int, place: Place) -> None:
    assert place_of(FILM, at_ms) == place


def test_last_sheet_has_as_many_rows_as_it_needs() -> None:
    assert FILM.sheets == 3
    assert [FILM.tiles_of(sheet) for sheet in range(4)] == [
        range(100),
        range(100, 200),
        range(200, 213),
        range(213, 213),
    ]
    assert FILM.size_of(0) == (3200, 1800)
    assert FILM.size_of(2) == (3200, 360)


def a_probe(duration_ms: int | None = 65 * S, *, picture: bool = True) -> Probe:
    video = VideoStream(track=1, codec="hevc", width=3840, height=2160, hdr="hdr10", rotation=0)
    return Probe(
        container="mkv", duration_ms=duration_ms, bitrate=None, size_bytes=9, video=(video,) if picture else ()
    )


def test_layout_follows_from_what_is_known_of_a_film() -> None:
    assert layout_of(a_probe()) == Layout(interval_ms=1000, width=320, height=180, count=65)


@pytest.mark.parametrize("probe", [a_probe(None), a_probe(0), a_probe(4999), a_probe(picture=False)])
def test_nothing_is_laid_out_where_there_is_nothing_to_look_for(probe: Probe) -> None:
    assert layout_of(probe) is None


def test_request_names_the_picture_and_its_colours() -> None:
    probe = a_probe()
    picture = probe.main_video
    assert picture is not None

    request = sheet_request("/f.mkv", "/s.webp", FILM, 2, picture=picture, duration_ms=65 * S)

    assert (request.track, request.hdr, request.sheet) == (1, "hdr10", 2)


def test_hdr_becomes_brighter_in_the_middle_and_white_at_a_thousand_nits() -> None:
    table = pq_table()

    assert len(table) == 256
    assert list(table) == sorted(table)
    assert (table[0], table[255]) == (0, 255)
    # Of PQ, 0.508 is 100 nits and 0.751 is 1000.
    assert 145 < table[round(0.508 * 255)] < 165
    assert table[round(0.751 * 255)] >= 252


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_white_stays_white(transfer: int) -> None:
    matrix = to_709(transfer)

    assert len(matrix) == 12
    assert [round(sum(matrix[row * 4 : row * 4 + 4]), 2) for row in range(3)] == [1, 1, 1]
