"""The one maker of pictures: renditions for screens, and what is known of a picture. Pillow, in the worker only.

SVG is refused: from strangers it is code, not a picture. Nothing is ever made larger than its source.
"""

import hashlib
import io
import mmap
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

# Each named, or Pillow would load all its plug-ins (some 40, of decades) at the first file it does not know.
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageOps,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PsdImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from homemedia.core.problems import AppError, NotFound, Unprocessable
from homemedia.media.damage import DAMAGE
from homemedia.media.jpegxl import is_jxl, jxl_size
from homemedia.media.models import ImageFacts, Rendering, RenderRequest
from homemedia.media.pure import fitted
from homemedia.media.raw import is_raw, opened_preview
from homemedia.media.tones import dark_tone, focus_point

PIXEL_LIMIT = 64_000_000
ORIGINAL_WIDTH = 1920
PROFILE_LIMIT_BYTES = 64 << 10
SMALL = (64, 64)  # what tone and focus are read from
PLUGINS = (
    *(AvifImagePlugin, BmpImagePlugin, GifImagePlugin, Jpeg2KImagePlugin, JpegImagePlugin, MpoImagePlugin),
    *(PngImagePlugin, PsdImagePlugin, TiffImagePlugin, WebPImagePlugin),
)
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "JPEG2000", "PSD")
JXL_HEAD_BYTES = 64 << 10
HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"8BPS")
ORIENTATION = 0x0112
NAMES = MappingProxyType({"MPO": "jpeg"})
TYPES = MappingProxyType({"jpeg": "image/jpeg", "webp": "image/webp", "png": "image/png"})

# Checked by `opened` against our own limit before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def render(request: RenderRequest) -> Rendering:
    """Make a rendition: upright, within the wished size, never larger than the source.

    Raises:
        NotFound: `file_missing`.
        Unprocessable: `image_unreadable` (damaged), `image_unsupported`, `image_too_large`.
    """
    width, height = request.width, request.height
    if width is None and height is None:
        width = ORIGINAL_WIDTH
    with opened(request.source) as image:
        turns = is_turned(image)
        shown = image.size[::-1] if turns else image.size
        region = _region(shown, request.box)
        size, part = fitted(region[2:], width, height, crops=request.fit == "cover")
        # The decoder itself may shrink a JPEG to 1/2, 1/4 or 1/8: asked for the whole picture's size after the crop.
        whole = (max(1, round(shown[0] * size[0] / part[0])), max(1, round(shown[1] * size[1] / part[1])))
        image.draft(None, whole[::-1] if turns else whole)
        ready = upright(image)
        scale = ready.width / shown[0], ready.height / shown[1]
        box = _crop(region, part, (request.focus_x, request.focus_y))
        place = (box[0] * scale[0], box[1] * scale[1], box[2] * scale[0], box[3] * scale[1])
        ready = plain(ready, keeps_alpha=request.format != "jpeg")
        if ready.size != size:
            # Lanczos is the sharpest, which small posters need; on large ones Hamming looks the same in half the time.
            is_small = size[0] * size[1] < 1_000_000
            kind = Image.Resampling.LANCZOS if is_small else Image.Resampling.HAMMING
            ready = ready.resize(size, kind, box=place, reducing_gap=2.0)
        profile = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA", "L"} else None
        body = encoded(ready, request.format, request.quality, profile)
    return Rendering(body=body, content_type=TYPES[request.format], width=size[0], height=size[1])


def image_facts(path: str) -> ImageFacts:
    """Size as shown, format, dominant dark tone, point of interest and content hash of a picture.

    Raises:
        As `render`.
    """
    with opened(path) as image:
        width, height = image.size[::-1] if is_turned(image) else image.size
        kind = NAMES.get(image.format or "", (image.format or "").lower())
        # Four times as large as needed: the decoder's own shrinking is coarse.
        image.draft(None, (SMALL[0] * 4, SMALL[1] * 4))
        tone, focus = look_of(plain(upright(image), keeps_alpha=False))
        digest = file_hash(path)
    return ImageFacts(
        width=width, height=height, format=kind, tone=tone, focus_x=focus[0], focus_y=focus[1], content_hash=digest
    )


def look_of(image: Image.Image) -> tuple[str, tuple[float, float]]:
    """Dominant dark tone and point of interest of an RGB picture."""
    small = image.copy()
    small.thumbnail(SMALL, Image.Resampling.BOX)
    counted = small.quantize(12, Image.Quantize.MEDIANCUT).convert("RGB").getcolors(256) or []
    colors = [(count, rgb) for count, rgb in counted if isinstance(rgb, tuple)]
    return dark_tone([(count, (rgb[0], rgb[1], rgb[2])) for count, rgb in colors]), focus_point(
        small.convert("L").tobytes(), *small.size
    )


def file_hash(path: str) -> str:
    """Hash of a file's bytes, 32 hex characters; tells whether a picture has changed, no proof against forgers."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def saved(image: Image.Image, target: str, *, quality: int = 88) -> None:
    """Write a JPEG beside its final name and rename it there, so that nobody reads half a picture.

    Raises:
        Unprocessable: `not_written`: the folder cannot be written to, or the disk is full.
    """
    body = io.BytesIO()
    image.save(body, "JPEG", quality=quality)
    written(body.getvalue(), target)


def written(body: bytes, target: str) -> None:
    """As `saved`, for bytes that are a picture already."""
    path = Path(target)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(body)
        part.replace(path)
    except OSError as err:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise Unprocessable("The picture could not be saved.", code="not_written") from err


@contextmanager
def opened(path: str, *, limits: Mapping[str, int] | None = None) -> Iterator[Image.Image]:
    """Open a picture without decoding it; whatever is raised in the block becomes one of ours.

    Args:
        path: the file.
        limits: pixels by format, "" for all others; by default 64 million.

    Raises:
        As `render`.
    """
    try:
        with Path(path).open("rb") as file, warnings.catch_warnings():
            # Pillow warns of what it mends (odd EXIF, a short TIFF); what it cannot mend it raises.
            warnings.simplefilter("ignore")
            head = file.read(16)
            file.seek(0)
            with _image_in(file, path, head, limits) as image:
                _check(image.format or "", image.size, limits)
                yield image
    except AppError:
        raise
    except (FileNotFoundError, NotADirectoryError) as err:
        raise NotFound("The picture is not there any more.", code="file_missing") from err
    except UnidentifiedImageError as err:
        if head.startswith(MAGIC) or head[4:8] == b"ftyp":
            raise unreadable() from err
        raise Unprocessable("This is not a kind of picture we show.", code="image_unsupported") from err
    except DAMAGE as err:
        raise unreadable() from err


@contextmanager
def _image_in(file: BinaryIO, path: str, head: bytes, limits: Mapping[str, int] | None) -> Iterator[Image.Image]:
    if is_raw(path, head):
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, opened_preview(data) as image:
            yield image
        return
    if is_jxl(head):
        # Its decoder begins with everything at once.
        size = jxl_size(file.read(JXL_HEAD_BYTES))
        file.seek(0)
        if size is None:
            raise unreadable()
        _check("JXL", size, limits)
    with Image.open(file, formats=_formats(head)) as image:
        yield image


def _check(kind: str, size: tuple[int, int], limits: Mapping[str, int] | None) -> None:
    known = limits or {"": PIXEL_LIMIT}
    most = known.get(kind, known[""])
    if size[0] * size[1] > most:
        raise Unprocessable(f"This picture has more than {most // 1_000_000} million pixels.", code="image_too_large")


def unreadable() -> Unprocessable:
    return Unprocessable("This picture is damaged.", code="image_unreadable")


def _formats(head: bytes) -> tuple[str, ...]:
    if is_jxl(head):
        import pillow_jxl  # noqa: F401, PLC0415 - 31 ms and 7 MB, for few pictures

        return ("JXL",)
    if head[4:8] != b"ftyp" or head[8:12] not in HEIF_BRANDS:
        return FORMATS
    import pillow_heif  # noqa: PLC0415 - 26 ms and a decoder that few pictures need

    pillow_heif.register_heif_opener(thumbnails=False)
    return ("HEIF", *FORMATS)


def is_turned(image: Image.Image) -> bool:
    """Tell whether EXIF lays the picture on its side; broken EXIF turns nothing."""
    try:
        return image.getexif().get(ORIENTATION) in {5, 6, 7, 8}
    except DAMAGE:
        return False


def upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image) or image
    except DAMAGE:
        return image


def plain(image: Image.Image, *, keeps_alpha: bool) -> Image.Image:
    """Turn any mode into RGB, or RGBA where there is transparency and it may stay; else it lies on white."""
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        # 16-bit grey: Pillow's own conversion clips at 255 instead of scaling.
        image = image.convert("F").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        if keeps_alpha:
            return clear
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _region(full: tuple[int, int], box: tuple[float, float, float, float] | None) -> tuple[int, int, int, int]:
    """Left, top, width and height in pixels of what is shown; a pixel at least."""
    if box is None:
        return 0, 0, *full
    left, right = sorted(min(max(round(edge * full[0]), 0), full[0]) for edge in box[::2])
    top, bottom = sorted(min(max(round(edge * full[1]), 0), full[1]) for edge in box[1::2])
    left, top = min(left, full[0] - 1), min(top, full[1] - 1)
    return left, top, max(1, right - left), max(1, bottom - top)


def _crop(
    region: tuple[int, int, int, int], part: tuple[int, int], focus: tuple[float, float]
) -> tuple[int, int, int, int]:
    """The part around a point of interest, moved inwards where it would jut out."""
    left, top = (
        start + min(max(round(point * whole - piece / 2), 0), whole - piece)
        for start, whole, piece, point in zip(region[:2], region[2:], part, focus, strict=True)
    )
    return left, top, left + part[0], top + part[1]


def encoded(image: Image.Image, kind: str, quality: int, profile: bytes | None) -> bytes:
    words: dict[str, object] = {}
    if profile and len(profile) <= PROFILE_LIMIT_BYTES:
        words["icc_profile"] = profile
    if kind != "png":
        words["quality"] = min(max(quality, 1), 95)
    if kind == "webp":
        words["method"] = 2  # 56 ms for a 1440 picture; 4 takes 228 for 2 % less
    body = io.BytesIO()
    image.save(body, kind.upper(), **words)
    return body.getvalue()
