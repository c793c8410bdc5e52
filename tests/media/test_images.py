"""The picture maker: sizes, shapes, turns, formats, and what is no picture."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from homemedia.core.problems import AppError
from homemedia.media import images
from homemedia.media.images import image_facts, render
from homemedia.media.models import Fit, Format, Rendering, RenderRequest
from tests.support.samples import a_poster, damaged

FORMATS = ["jpg", "png", "webp", "avif", "heic", "gif", "tiff", "bmp"]


def made(path: Path, **words: object) -> tuple[Rendering, Image.Image]:
    result = render(RenderRequest(source=str(path), **words))  # type: ignore[arg-type]  # one test, one wish
    return result, Image.open(io.BytesIO(result.body))


def refusal(path: Path) -> str:
    codes = set()
    for call in (lambda: render(RenderRequest(source=str(path), width=100)), lambda: image_facts(str(path))):
        with pytest.raises(AppError) as refused:
            call()
        assert str(path.parent) not in refused.value.message
        codes.add(refused.value.code)
    return codes.pop() if len(codes) == 1 else str(codes)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("kind", ["jpeg", "webp", "png"])
def test_every_kind_of_picture_becomes_every_kind_of_rendition(tmp_path: Path, suffix: str, kind: Format) -> None:
    result, picture = made(a_poster(tmp_path / f"a.{suffix}"), width=120, format=kind)

    assert (result.width, result.height) == picture.size == (120, 180)
    assert result.content_type == f"image/{kind}"
    assert picture.format == kind.upper()
    red, green, blue = picture.convert("RGB").getpixel((10, 90))  # type: ignore[misc]  # RGB is three numbers
    assert (abs(red - 0x7A), abs(green - 0x3B), abs(blue - 0x2E)) < (10, 10, 10)


@pytest.mark.parametrize("suffix", FORMATS)
def test_facts_of_every_kind_of_picture(tmp_path: Path, suffix: str) -> None:
    facts = image_facts(str(a_poster(tmp_path / f"a.{suffix}")))

    assert (facts.width, facts.height) == (400, 600)
    assert facts.format == {"jpg": "jpeg", "heic": "heif"}.get(suffix, suffix)
    assert facts.tone.startswith("#7")
    assert facts.focus_x > 0.6
    assert facts.focus_y < 0.4
    assert len(facts.content_hash) == 32


@pytest.mark.parametrize(
    ("fit", "width", "height", "size"),
    [
        ("contain", 200, None, (200, 300)),
        ("contain", None, 300, (200, 300)),
        ("contain", 300, 300, (200, 300)),
        ("cover", 300, 300, (300, 300)),
        ("cover", 400, 100, (400, 100)),
        ("contain", 3840, None, (400, 600)),
        ("cover", 3840, 3840, (400, 400)),
        ("contain", None, None, (400, 600)),
    ],
)
def test_the_size_is_the_wished_one_but_never_above_the_source(
    tmp_path: Path, fit: Fit, width: int | None, height: int | None, size: tuple[int, int]
) -> None:
    result, picture = made(a_poster(tmp_path / "a.jpg"), fit=fit, width=width, height=height)

    assert picture.size == (result.width, result.height) == size


def test_without_a_size_a_picture_is_at_most_1920_wide(tmp_path: Path) -> None:
    _, picture = made(a_poster(tmp_path / "a.jpg", size=(2400, 600)))

    assert picture.size == (1920, 480)


@pytest.mark.parametrize("suffix", ["jpg", "png"])
@pytest.mark.parametrize(("focus", "left"), [(0.5, "green"), (0.0, "red"), (1.0, "blue")])
def test_a_crop_is_centred_or_around_the_point_of_interest(
    tmp_path: Path, suffix: str, focus: float, left: str
) -> None:
    stripes = Image.new("RGB", (900, 300), "red")
    draw = ImageDraw.Draw(stripes)
    draw.rectangle((300, 0, 599, 300), fill="green")
    draw.rectangle((600, 0, 899, 300), fill="blue")
    stripes.save(tmp_path / f"a.{suffix}")

    _, picture = made(tmp_path / f"a.{suffix}", fit="cover", width=120, height=120, focus_x=focus, format="png")

    middle = picture.convert("RGB").getpixel((60, 60))
    expected = Image.new("RGB", (1, 1), left).getpixel((0, 0))
    assert middle == pytest.approx(expected, abs=6)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_held_on_its_side_gives_an_upright_picture(tmp_path: Path, orientation: int) -> None:
    upright = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 149, 99), fill="red")
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = upright
    for step in undo.get(orientation, []):
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)

    facts = image_facts(str(tmp_path / "a.jpg"))
    _, picture = made(tmp_path / "a.jpg", width=150)

    assert (facts.width, facts.height) == (300, 200)
    assert picture.size == (150, 100)
    assert picture.getpixel((20, 20)) == pytest.approx((254, 0, 0), abs=12)
    assert picture.getpixel((130, 80)) == pytest.approx((255, 255, 255), abs=12)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F"])
def test_any_mode_of_pixels_becomes_a_plain_picture(tmp_path: Path, mode: str) -> None:
    grey = Image.new("L", (64, 64), 128)
    picture = Image.new(mode, (64, 64), 128 * 257) if mode in {"I;16", "I", "F"} else grey.convert(mode)
    path = tmp_path / "a.tiff"
    picture.save(path)

    _, result = made(path, width=32, format="png")

    assert result.convert("L").getpixel((16, 16)) == pytest.approx(
        255 if mode == "1" else 128, abs=130 if mode == "1" else 3
    )


def test_transparency_stays_in_png_and_webp_and_lies_on_white_in_jpeg(tmp_path: Path) -> None:
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(tmp_path / "logo.png")

    assert made(tmp_path / "logo.png", width=32, format="webp")[1].convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]
    assert made(tmp_path / "logo.png", width=32, format="jpeg")[1].getpixel((5, 5)) == (255, 255, 255)


def test_quality_changes_the_weight(tmp_path: Path) -> None:
    noise = Image.effect_noise((400, 400), 60)
    noise.save(tmp_path / "a.png")

    assert len(made(tmp_path / "a.png", quality=30)[0].body) < len(made(tmp_path / "a.png", quality=90)[0].body)


def test_the_hash_follows_the_bytes(tmp_path: Path) -> None:
    first, second = a_poster(tmp_path / "a.jpg"), a_poster(tmp_path / "b.jpg", color="#123456")

    assert image_facts(str(first)).content_hash == image_facts(str(a_poster(tmp_path / "c.jpg"))).content_hash
    assert image_facts(str(first)).content_hash != image_facts(str(second)).content_hash


def test_a_drawing_with_code_in_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')

    assert refusal(path) == "image_unsupported"


def test_more_pixels_than_allowed_are_refused_before_decoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "PIXEL_LIMIT", 400 * 600 - 1)

    assert refusal(a_poster(tmp_path / "a.png")) == "image_too_large"


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("kind", ["head", "cut"])
def test_a_damaged_picture_is_said_to_be_damaged(tmp_path: Path, suffix: str, kind: str) -> None:
    path = damaged(a_poster(tmp_path / f"whole.{suffix}"), tmp_path / f"a.{suffix}", kind, seed=3)

    assert refusal(path) == "image_unreadable"


@pytest.mark.parametrize(
    ("kind", "code"),
    [("text", "image_unsupported"), ("zeros", "image_unsupported"), ("empty", "image_unsupported")],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, kind: str, code: str) -> None:
    assert refusal(damaged(a_poster(tmp_path / "whole.jpg"), tmp_path / "a.jpg", kind)) == code


def test_a_picture_that_is_gone_is_said_so(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.jpg") == "file_missing"


def test_broken_exif_turns_nothing(tmp_path: Path) -> None:
    a_poster(tmp_path / "a.jpg", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff" + bytes(range(200)))

    assert image_facts(str(tmp_path / "a.jpg")).width == 400


@pytest.mark.long
def test_hundreds_of_damaged_pictures_are_answered_never_raised(tmp_path: Path) -> None:
    outcomes: dict[str, int] = {}
    for suffix in FORMATS:
        whole = a_poster(tmp_path / f"whole.{suffix}")
        for kind in ("cut", "random", "flipped", "hole"):
            for seed in range(12):
                path = damaged(whole, tmp_path / f"{kind}{seed}.{suffix}", kind, seed=seed)
                try:
                    render(RenderRequest(source=str(path), width=120))
                    image_facts(str(path))
                    code = "ok"
                except AppError as err:
                    code = err.code
                outcomes[code] = outcomes.get(code, 0) + 1

    assert set(outcomes) <= {"ok", "image_unreadable", "image_unsupported", "image_too_large"}
    assert sum(outcomes.values()) == len(FORMATS) * 48
