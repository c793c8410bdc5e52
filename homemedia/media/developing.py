"""Makes all pictures of a photo from one decode: each smaller one from the next larger. Pillow, in the worker only.

Measured (12 megapixels, JPEG to 1440 and 250): Pillow 95 ms of processor, pyvips 102, simplejpeg with Pillow 106.
"""

import io
from collections.abc import Callable, Sequence
from types import MappingProxyType

import msgspec
from PIL import Image, ImageCms

from homemedia.core.problems import AppError
from homemedia.media.damage import DAMAGE
from homemedia.media.images import TYPES, is_turned, opened, plain, upright, written
from homemedia.media.models import StillRequest
from homemedia.media.photo_facts import facts_of
from homemedia.media.photo_models import Made, PhotoFacts, PhotoRequest, PhotoResult, Variant
from homemedia.media.thumbhash import LONGEST, thumbhash

# A JPEG is never decoded whole: its decoder shrinks it on the way. Phones of 200 megapixels write nothing else.
LIMITS = MappingProxyType({"": 108_000_000, "JPEG": 250_000_000, "MPO": 250_000_000})
# Those of phones and screens; what printers and scanners embed is as large as a thumbnail.
SMALL_PROFILE_BYTES = 4 << 10
# Lanczos is the sharpest, which small pictures need; on large ones Hamming looks the same in half the time.
LARGE_PIXELS = 1_000_000
WIDEST_FRAME = 3840
# WebP's own bound is 16,383: a strip of many pictures side by side may go beyond.
LONGEST_SIDE = 16_000
# Where a film is looked at, as shares of its length: what people film begins at once.
EARLY = (0.02, 0.1, 0.25, 0.5)


def photo(request: PhotoRequest) -> PhotoResult:
    """Look into a photo and make the pictures wanted of it; never raises over a bad file."""
    known: list[PhotoFacts] = []
    try:
        made = (film if request.is_film else still)(request, known.append)
    except AppError as err:
        made = PhotoResult(code=err.code, problem=err.message)
    return msgspec.structs.replace(made, facts=known[0] if known else None)


def still(request: PhotoRequest, tell: Callable[[PhotoFacts], None]) -> PhotoResult:
    """The pictures of a photo that stands still.

    Args:
        request: what is wanted.
        tell: gets the facts before the picture is decoded, over which much may go wrong.

    Raises:
        NotFound: `file_missing`.
        Unprocessable: `image_unreadable`, `image_unsupported`, `image_too_large`, `not_written`.
    """
    with opened(request.source, limits=LIMITS) as image:
        if request.wants_facts:
            tell(facts_of(image, request.source, request.edits, request.sidecar))
        turns = is_turned(image)
        size = image.size[::-1] if turns else image.size
        if not request.variants:
            return PhotoResult(width=size[0], height=size[1])
        most = _most(size, request.variants)
        if most is not None:
            image.draft(None, most[::-1] if turns else most)
        raw: tuple[int, int] | None = image.info.get("raw_size")
        made = _finished(_in_common_colors(upright(image), image), size, request.variants)
        if raw is None:
            return made
        return msgspec.structs.replace(made, width=raw[turns], height=raw[not turns])


def film(request: PhotoRequest, tell: Callable[[PhotoFacts], None]) -> PhotoResult:
    """As `still`, of one that moves: a frame near its beginning stands for it.

    Raises:
        NotFound, TimedOut, Unprocessable: as `media.stills.still`.
    """
    # PyAV takes 40 MB that photos have no use for.
    from homemedia.media.film_facts import film_facts  # noqa: PLC0415
    from homemedia.media.stills import telling_frame  # noqa: PLC0415

    facts = film_facts(request.source, request.edits, request.sidecar)
    tell(facts.facts)
    if not request.variants:
        return PhotoResult(width=facts.width, height=facts.height)
    wish = StillRequest(source=request.source, target="", max_width=WIDEST_FRAME)
    image = telling_frame(wish, EARLY)
    image.info = {}
    made = _finished(image, image.size, request.variants)
    return msgspec.structs.replace(made, width=facts.width, height=facts.height)


def _finished(ready: Image.Image, size: tuple[int, int], variants: Sequence[Variant]) -> PhotoResult:
    """Write every variant, the largest first.

    Args:
        ready: upright, in RGB or RGBA; may have been decoded smaller than it is.
        size: of the whole photo, upright.
        variants: what is wanted.
    """
    made = []
    for variant in sorted(variants, key=lambda one: -(one.short_edge or max(size))):
        ready = _shrunk(ready, fitted_by_short_edge(size, variant.short_edge))
        made.append(_saved(ready, variant))
    return PhotoResult(made=tuple(made), width=size[0], height=size[1], thumbhash=hash_of(ready))


def fitted_by_short_edge(size: tuple[int, int], short_edge: int | None) -> tuple[int, int]:
    """The size whose shorter side is `short_edge`, never larger than `size`, nor longer than pictures can be."""
    shrink = min(1.0, short_edge / min(size), LONGEST_SIDE / max(size)) if short_edge else 1.0
    return max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))


def hash_of(image: Image.Image) -> bytes:
    """The thumbhash of an RGB or RGBA picture."""
    small = image.copy()
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
    return thumbhash(small.convert("RGBA").tobytes(), *small.size)


def _most(size: tuple[int, int], variants: Sequence[Variant]) -> tuple[int, int] | None:
    """The largest size that is needed; None for the whole."""
    if any(variant.short_edge is None for variant in variants):
        return None
    return fitted_by_short_edge(size, max((variant.short_edge or 0 for variant in variants), default=LONGEST))


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    is_large = size[0] * size[1] >= LARGE_PIXELS
    kind = Image.Resampling.HAMMING if is_large else Image.Resampling.LANCZOS
    small = image.resize(size, kind, reducing_gap=2.0)
    small.info = image.info
    return small


def _in_common_colors(image: Image.Image, source: Image.Image) -> Image.Image:
    """RGB or RGBA; with its profile beside it where that is small, else in the colours of every screen."""
    profile = source.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        ready = plain(image, keeps_alpha=True)
        ready.info = {}
        return ready
    if len(profile) <= SMALL_PROFILE_BYTES and image.mode in {"RGB", "RGBA"}:
        ready = plain(image, keeps_alpha=True)
        ready.info = {"icc_profile": profile}
        return ready
    try:
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        screen = ImageCms.createProfile("sRGB")
        found = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), screen, outputMode=mode)
    except (ImageCms.PyCMSError, *DAMAGE):
        found = None
    ready = plain(found or image, keeps_alpha=True)
    ready.info = {}
    return ready


def _saved(image: Image.Image, variant: Variant) -> Made:
    """Write a picture beside its final name and rename it there, with nothing in it that tells of the owner."""
    words: dict[str, object] = {"quality": variant.quality}
    if profile := image.info.get("icc_profile"):
        words["icc_profile"] = profile
    if variant.format == "webp":
        words["method"] = 2
    body = io.BytesIO()
    shown = image if variant.format != "jpeg" else plain(image, keeps_alpha=False)
    shown.save(body, variant.format.upper(), exif=b"", **words)
    content = body.getvalue()
    written(content, variant.target)
    return Made(
        name=variant.name,
        mime=TYPES[variant.format],
        width=image.width,
        height=image.height,
        size_bytes=len(content),
    )
