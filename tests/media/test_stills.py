"""Stills and covers."""

from pathlib import Path
from typing import Any

import ffmpeg
import pytest
from PIL import Image, ImageStat

from homemedia.core.problems import AppError
from homemedia.media import stills
from homemedia.media.models import CoverRequest, ImageFacts, StillRequest
from homemedia.media.stills import cover, still
from tests.support.samples import a_film, a_film_with_cover, a_long_film, damaged, run_ffmpeg


def grab(source: Path, **words: Any) -> tuple[ImageFacts, Image.Image]:
    target = source.parent / "art" / "still.jpg"
    facts = still(StillRequest(source=str(source), target=str(target), **words))
    assert [path.name for path in target.parent.iterdir()] == ["still.jpg"]
    picture = Image.open(target)
    picture.load()
    return facts, picture


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.mp4", {}),
        ("a.mkv", {"codec": "hevc"}),
        ("a.webm", {"codec": "vp9", "audio": "opus"}),
        ("a.avi", {"codec": "mpeg4", "audio": "mp3"}),
        ("a.ts", {"seconds": 3, "options": {"g": 999}}),
        ("a.flv", {}),
    ],
)
def test_a_still_is_taken_from_any_container(tmp_path: Path, name: str, words: dict[str, Any]) -> None:
    facts, picture = grab(a_film(tmp_path / name, **words))

    assert (facts.width, facts.height, facts.format) == (*picture.size, "jpeg") == (320, 180, "jpeg")
    assert picture.format == "JPEG"
    assert facts.tone.startswith("#")


def test_a_large_film_gives_a_still_of_the_wished_width(tmp_path: Path) -> None:
    facts, _ = grab(a_film(tmp_path / "a.mp4", size="640x360"), max_width=320)

    assert (facts.width, facts.height) == (320, 180)


def test_the_frame_with_variety_is_taken_not_the_black_one(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    dark = ffmpeg.input("color=black:size=320x180:rate=4:duration=7", f="lavfi")
    film = ffmpeg.concat(dark, ffmpeg.input("testsrc2=size=320x180:rate=4:duration=13", f="lavfi"))
    run_ffmpeg(ffmpeg.output(film, str(path), vcodec="libx264", preset="ultrafast", g=4), path)

    _, picture = grab(path)

    assert ImageStat.Stat(picture.convert("L")).mean[0] > 25


def test_a_film_that_is_black_all_through_still_has_a_still(tmp_path: Path) -> None:
    _, picture = grab(a_film(tmp_path / "a.mkv", picture="color=black"))

    assert ImageStat.Stat(picture.convert("L")).mean[0] < 5


@pytest.mark.parametrize(("turned", "size"), [(90, (180, 320)), (180, (320, 180)), (270, (180, 320))])
def test_a_film_on_its_side_gives_an_upright_still(tmp_path: Path, turned: int, size: tuple[int, int]) -> None:
    plain, path = a_film(tmp_path / "plain.mp4", picture="smptebars"), tmp_path / "a.mp4"
    run_ffmpeg(ffmpeg.input(str(plain), display_rotation=turned).output(str(path), c="copy"), path)
    reference = tmp_path / "reference.png"
    run_ffmpeg(ffmpeg.input(str(path)).output(str(reference), vframes=1), reference)

    _, picture = grab(path)

    assert picture.size == size
    with Image.open(reference) as expected:
        for place in ((20, 20), (size[0] - 20, 20), (20, size[1] - 20)):
            assert picture.getpixel(place) == pytest.approx(expected.getpixel(place), abs=24)


@pytest.mark.parametrize(("ratio", "size"), [("4/3", (426, 180)), ("1/2", (320, 360))])
def test_pixels_that_are_not_square_are_stretched(tmp_path: Path, ratio: str, size: tuple[int, int]) -> None:
    facts, _ = grab(a_film(tmp_path / "a.mkv", options={"vf": f"setsar={ratio}"}))

    assert (facts.width, facts.height) == size


def test_an_hdr_film_is_tone_mapped_and_plainly_converted_without_ffmpeg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_film(tmp_path / "a.mkv", codec="hdr10", audio=None)
    _, mapped = grab(path)
    monkeypatch.setattr(stills, "_program", lambda: None)
    _, plain = grab(path)

    assert mapped.size == plain.size == (320, 180)
    assert mapped.tobytes() != plain.tobytes()


def test_a_long_film_is_entered_in_the_middle(tmp_path: Path) -> None:
    assert grab(a_long_film(tmp_path / "long.mkv"))[0].width == 64


def test_a_still_replaces_an_older_one(tmp_path: Path) -> None:
    first, _ = grab(a_film(tmp_path / "a.mkv"))
    second, _ = grab(a_film(tmp_path / "b.mkv", picture="smptebars"))

    assert first.content_hash != second.content_hash


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mp3", "a.m4a"])
def test_an_embedded_cover_is_saved_as_it_is(tmp_path: Path, name: str) -> None:
    source = a_film_with_cover(tmp_path / name, codec="h264" if name in {"a.mp4", "a.mkv"} else None)
    target = tmp_path / "art" / "cover"

    facts = cover(CoverRequest(source=str(source), target=str(target)))

    assert (facts.format, facts.width, facts.height) == ("jpeg", 400, 600)
    assert target.read_bytes().startswith(b"\xff\xd8\xff")


def code_of(call: Any, *args: Any) -> str:
    with pytest.raises(AppError) as refused:
        call(*args)
    return refused.value.code


def test_refusals_have_their_codes(tmp_path: Path) -> None:
    film, song = a_film(tmp_path / "a.mkv"), a_film(tmp_path / "a.mp3", codec=None, audio="mp3")
    text = damaged(film, tmp_path / "text.mkv", "text")
    target = str(tmp_path / "art" / "x.jpg")

    assert code_of(still, StillRequest(source=str(song), target=target)) == "no_video"
    assert code_of(still, StillRequest(source=str(text), target=target)) == "not_media"
    assert code_of(still, StillRequest(source=str(tmp_path / "gone.mkv"), target=target)) == "file_missing"
    assert code_of(still, StillRequest(source=str(film), target=str(film / "x.jpg"))) == "not_written"
    assert code_of(cover, CoverRequest(source=str(film), target=target)) == "no_cover"
    assert not Path(target).exists()


@pytest.mark.parametrize("kind", ["flipped", "hole", "cut"])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_a_damaged_film_gives_a_still_or_a_reason(tmp_path: Path, name: str, kind: str) -> None:
    source = damaged(a_film(tmp_path / "whole" / name), tmp_path / name, kind, seed=5)
    target = tmp_path / "art" / "x.jpg"
    try:
        still(StillRequest(source=str(source), target=str(target)))
    except AppError as err:
        assert err.code in {"still_failed", "probe_failed", "not_media", "no_video"}  # noqa: PT017 - either is right
    else:
        assert target.exists()
