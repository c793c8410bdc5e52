"""Sheets of small pictures, made of small films whose picture tells its second."""

from pathlib import Path
from typing import Any

import ffmpeg
import pytest
from PIL import Image

from homemedia.core.problems import NotFound, Unprocessable
from homemedia.media.probe import probe
from homemedia.media.sprites import make_sheet
from homemedia.media.tools import MediaTools
from homemedia.media.trickplay import Layout, SheetRequest, layout_of, sheet_request
from tests.support.samples import VIDEO, a_clock, a_film, run_ffmpeg


def requests_for(film: Path, folder: Path) -> list[SheetRequest]:
    found = probe(str(film), limit_s=30)
    layout, picture = layout_of(found), found.main_video
    assert layout is not None
    assert picture is not None
    assert found.duration_ms is not None
    return [
        sheet_request(str(film), str(folder / f"{n}.webp"), layout, n, picture=picture, duration_ms=found.duration_ms)
        for n in range(layout.sheets)
    ]


def tile(request: SheetRequest, number: int) -> Image.Image:
    layout = request.layout
    row, column = divmod(number - request.layout.tiles_of(request.sheet)[0], layout.columns)
    left, top = column * layout.width, row * layout.height
    with Image.open(request.target) as sheet:
        assert sheet.size == layout.size_of(request.sheet)
        return sheet.convert("RGB").crop((left, top, left + layout.width, top + layout.height))


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = picture.convert("RGB").crop((x, y, x + 1, y + 1)).tobytes()
    return red, green, blue


def second_of(picture: Image.Image) -> int:
    """What the eight columns of a clock film say."""
    columns = [pixel(picture, round((n + 0.5) * picture.width / 8), picture.height // 2)[1] > 128 for n in range(8)]
    return sum(is_light << n for n, is_light in enumerate(columns))


def moving(path: Path, *, keyframes_s: float, seconds: int, **more: Any) -> Path:
    """A clock with keyframes where a test wants them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bits = "if(mod(floor(T/pow(2,floor(X/8))),2),235,16)"
    picture = ffmpeg.input(f"color=s=64x36:r=8:d={seconds},geq=lum='{bits}':cb=128:cr=128,scale=128x72", f="lavfi")
    words = VIDEO["h264"] | {"g": round(8 * keyframes_s), "sc_threshold": 0} | more
    return run_ffmpeg(ffmpeg.output(picture, str(path), **words), path)


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4", "film.ts", "film.avi"])
def test_each_tile_shows_its_time(tmp_path: Path, name: str) -> None:
    film = a_clock(tmp_path / name, seconds=60, audio="mp3")

    (request,) = requests_for(film, tmp_path)
    made = make_sheet(request)

    assert made.pictures == request.layout.count
    assert made.size_bytes == Path(request.target).stat().st_size
    # A keyframe every two seconds, a tile each second: the picture is of the second itself or of a neighbour.
    seen = [second_of(tile(request, number)) for number in range(60)]
    assert all(abs(at - number) <= 1 for number, at in enumerate(seen)), seen


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4", "film.ts"])
def test_between_distant_keyframes_pictures_are_found_on_the_way(tmp_path: Path, name: str) -> None:
    film = moving(tmp_path / name, keyframes_s=30, seconds=60)

    (request,) = requests_for(film, tmp_path)
    make_sheet(request)

    seen = [second_of(tile(request, number)) for number in range(60)]
    assert all(abs(at - number) <= 1 for number, at in enumerate(seen)), seen


def test_second_sheet_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    film = moving(tmp_path / "film.mkv", keyframes_s=1, seconds=130)

    first, second = requests_for(film, tmp_path)
    make_sheet(second)

    assert not Path(first.target).exists()
    assert [second_of(tile(second, number)) for number in (100, 115, 129)] == [100, 115, 129]


def test_film_that_begins_late_is_right_all_the_same(tmp_path: Path) -> None:
    film = moving(tmp_path / "film.ts", keyframes_s=1, seconds=20, output_ts_offset=100)

    (request,) = requests_for(film, tmp_path)
    make_sheet(request)

    assert [second_of(tile(request, number)) for number in (1, 10, 18)] == [1, 10, 18]


def test_picture_is_upright(tmp_path: Path) -> None:
    lying = a_film(tmp_path / "lying.mp4", seconds=6, size="320x180", picture="color=red", audio=None)
    film = run_ffmpeg(
        ffmpeg.output(ffmpeg.input(str(lying), display_rotation=90), str(tmp_path / "turned.mp4"), c="copy"),
        tmp_path / "turned.mp4",
    )

    (request,) = requests_for(film, tmp_path)
    make_sheet(request)

    assert (request.layout.width, request.layout.height) == (180, 320)
    red, green, blue = pixel(tile(request, 5), 90, 300)
    assert (red > 200, green < 60, blue < 60) == (True, True, True)


@pytest.mark.parametrize("codec", ["hdr10", "hlg"])
def test_hdr_looks_as_on_an_ordinary_screen(tmp_path: Path, codec: str) -> None:
    film = a_film(tmp_path / "film.mkv", seconds=6, codec=codec, picture="smptehdbars", audio=None)

    (request,) = requests_for(film, tmp_path)
    make_sheet(request)

    green = pixel(tile(request, 0), 160, 60)
    assert green[1] > green[0] + 100
    assert green[1] > green[2] + 100


def test_damage_in_the_middle_leaves_the_picture_before(tmp_path: Path) -> None:
    film = moving(tmp_path / "film.mkv", keyframes_s=1, seconds=40)
    body = bytearray(film.read_bytes())
    start = len(body) * 2 // 5
    body[start : start + len(body) // 10] = bytes(len(body) // 10)
    film.write_bytes(body)

    (request,) = requests_for(film, tmp_path)
    made = make_sheet(request)

    assert made.pictures >= 20
    assert [second_of(tile(request, number)) for number in (2, 38)] == [2, 38]


def test_refusals_say_why(tmp_path: Path) -> None:
    layout = Layout(interval_ms=1000, width=64, height=36, count=3)
    sound = a_film(tmp_path / "sound.m4a", codec=None)
    text = tmp_path / "text.mkv"
    text.write_text("no film")

    def ask(source: Path) -> None:
        make_sheet(
            SheetRequest(
                source=str(source), target=str(tmp_path / "s.webp"), layout=layout, sheet=0, duration_ms=3000, track=0
            )
        )

    with pytest.raises(Unprocessable, match="picture") as none:
        ask(sound)
    with pytest.raises(Unprocessable) as wrong:
        ask(text)
    with pytest.raises(NotFound) as gone:
        ask(tmp_path / "gone.mkv")
    assert (none.value.code, wrong.value.code, gone.value.code) == ("no_video", "not_media", "file_missing")
    assert not (tmp_path / "s.webp").exists()


async def test_worker_makes_sheets(tmp_path: Path) -> None:
    film = a_clock(tmp_path / "film.mkv", seconds=10)
    (request,) = requests_for(film, tmp_path)

    async with MediaTools() as tools:
        made = await tools.sheet(request)

    assert made.pictures == 10
    assert second_of(tile(request, 9)) in {8, 9}
