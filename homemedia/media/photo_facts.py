"""Puts together what a picture's EXIF, IPTC and XMP say, in the order of photos §8.2. In the worker only."""

import io
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms

from homemedia.media import exif, xmp
from homemedia.media.damage import DAMAGE
from homemedia.media.exif import Moment, Tags
from homemedia.media.moving import duration_of, find_motion
from homemedia.media.photo_models import Face, PhotoFacts
from homemedia.media.xmp import Xmp
from homemedia.media.xmp_names import DESCRIPTION_FIELDS, KEYWORD_FIELDS, RATING_FIELDS

SIDECAR_LIMIT_BYTES: Final = 8 << 20
XMP_TAG: Final = 0x02BC
TOGETHER_S: Final = 60
QUARTERS: Final = (5 * 60 + 45, 8 * 60 + 45, 12 * 60 + 45, 13 * 60 + 45)  # Nepal, Eucla, Chatham
# What cameras and editors write where nobody said anything.
SAYS_NOTHING: Final = re.compile(r"(?:OLYMPUS|MINOLTA|SONY) (?:DIGITAL CAMERA|DSC)|<?untitled>?", re.IGNORECASE)


def facts_of(image: Image.Image, path: str, *sidecars: str | None) -> PhotoFacts:
    """What an opened picture says, and what the XMP files that belong to it say instead, the first before all."""
    raw: Tags | None = image.info.get("raw_tags")
    tags = exif.tags_of(image)
    return collect(
        tags if raw is None or not (raw.main or raw.camera) else raw,
        xmp.parse(image.info.get("xmp"), _in_tiff(image)),
        sidecar_of(*sidecars),
        size=image.info.get("raw_size") or image.size,
        path=path,
        profile=_profile(image),
        duration_ms=duration_of(path, image.format),
    )


def collect(
    tags: Tags,
    inside: Xmp,
    beside: Xmp,
    *,
    size: tuple[int, int] | None = None,
    path: str | None = None,
    profile: str | None = None,
    duration_ms: int | None = None,
) -> PhotoFacts:
    """All facts of a picture; `beside` wins."""
    place = xmp.position(beside) or exif.position(tags) or xmp.position(inside)
    moment = taken(tags, inside, beside)
    sky = exif.gps_moment(tags) or xmp.gps_moment(inside)
    changed = exif.modified(tags) or xmp.modified(inside)
    turn = exif.orientation(tags)
    iso = exif.positive(tags.camera, exif.ISO, digits=0)
    return PhotoFacts(
        width=size[0] if size else None,
        height=size[1] if size else None,
        orientation=turn,
        clock_ms=moment.clock_ms if moment else None,
        offset_min=moment.offset_min if moment else None,
        is_utc=moment.is_utc if moment else False,
        zone=zone_of(place),
        gps_offset_min=offset_by(moment, sky),
        modified_ms=changed.clock_ms - (changed.offset_min or 0) * 60_000 if changed else None,
        make=exif.text(tags.main.get(exif.MAKE)) or xmp.camera(inside, "tiff:Make"),
        model=exif.text(tags.main.get(exif.MODEL)) or xmp.camera(inside, "tiff:Model"),
        lens_model=exif.lens(tags) or xmp.camera(inside, "exifEX:LensModel") or xmp.camera(inside, "aux:Lens"),
        f_number=exif.positive(tags.camera, exif.F_NUMBER),
        focal_length=exif.positive(tags.camera, exif.FOCAL_LENGTH),
        iso=int(iso) if iso else None,
        exposure_time=exif.exposure(tags),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        projection_type=xmp.projection(inside),
        description=_description(tags, inside, beside),
        rating=_rating(tags, inside, beside),
        profile_description=profile,
        content_id=exif.content_id(tags),
        duration_ms=duration_ms,
        keywords=_keywords(tags, inside, beside),
        faces=tuple(_turned(face, turn) for face in xmp.faces(beside) or xmp.faces(inside)),
        motion=find_motion(path, xmp.motion(inside)) if path else None,
    )


def taken(tags: Tags, inside: Xmp, beside: Xmp) -> Moment | None:
    """When it was taken.

    Source:
        Photos §8.2: a date with a fraction of its second or a zone goes before one without.
    """
    original, created = exif.original(tags), exif.created(tags)
    exact = (
        found
        for found, has_fraction in (
            (original, exif.has_subsec(tags, exif.SUBSEC_ORIGINAL)),
            (created, exif.has_subsec(tags, exif.SUBSEC_CREATED)),
        )
        if found is not None and (has_fraction or found.offset_min is not None)
    )
    choices = (
        xmp.taken(beside),
        next(exact, None),
        original,
        exif.moment(inside.fields.get("exif:DateTimeOriginal")),
        # ExifTool takes these for the original's date where there is none.
        exif.iptc_created(tags),
        exif.moment(inside.fields.get("photoshop:DateCreated")),
        exif.moment(inside.fields.get("pdf:CreationDate")),
        created,
        xmp.taken(inside),
        exif.gps_moment(tags),
        xmp.gps_moment(inside),
    )
    return next((found for found in choices if found is not None), None)


def zone_of(place: tuple[float, float] | None) -> str | None:
    """The IANA name of a position's zone, where `tzfpy` is there to tell (70 ms and 34 MB, once)."""
    if place is None:
        return None
    try:
        from tzfpy import get_tz  # noqa: PLC0415 - see above
    except ImportError:
        return None
    return get_tz(place[1], place[0]) or None


def offset_by(wall: Moment | None, sky: Moment | None) -> int | None:
    """How far a wall's clock stands from the satellites', in minutes; None where they were not read together.

    Satellites may have been heard hours before. A zone differs from UTC by halves or quarters of an hour: by chance
    one in fifteen looks like that.
    """
    if wall is None or sky is None or wall.is_utc or wall.offset_min is not None:
        return None
    apart_s = (wall.clock_ms - sky.clock_ms) / 1000
    steps = round(apart_s / 1800) * 30, *QUARTERS
    found = next((minutes for minutes in steps if abs(apart_s - minutes * 60) <= TOGETHER_S), None)
    return found if found is not None and -12 * 60 <= found <= 14 * 60 else None


def sidecar_of(*paths: str | None) -> Xmp:
    """What XMP files beside a picture say, the first before all; nothing of those that cannot be read."""
    return xmp.parse(*(_packet(path) for path in paths if path is not None))


def _packet(path: str) -> bytes:
    with suppress(OSError), Path(path).open("rb") as file:
        return file.read(SIDECAR_LIMIT_BYTES)
    return b""


def _in_tiff(image: Image.Image) -> object:
    """TIFF keeps XMP in a field of its own."""
    with suppress(*DAMAGE):
        found = image.getexif().get(XMP_TAG)
        return bytes(found) if isinstance(found, tuple) else found
    return None


def _keywords(tags: Tags, inside: Xmp, beside: Xmp) -> tuple[str, ...]:
    if xmp.says(beside, KEYWORD_FIELDS):
        return xmp.keywords(beside)
    return xmp.keywords(inside) or exif.iptc_texts(tags, exif.IPTC_KEYWORDS)


def _description(tags: Tags, inside: Xmp, beside: Xmp) -> str:
    if xmp.says(beside, DESCRIPTION_FIELDS):
        return xmp.description(beside) or ""
    said = exif.text(tags.main.get(exif.DESCRIPTION))
    if said is not None and SAYS_NOTHING.fullmatch(said):
        said = None
    captions = exif.iptc_texts(tags, exif.IPTC_CAPTION)
    return said or xmp.description(inside) or (captions[0] if captions else "")


def _rating(tags: Tags, inside: Xmp, beside: Xmp) -> int | None:
    if xmp.says(beside, RATING_FIELDS):
        return xmp.rating(beside)
    said = exif.number(tags.main.get(exif.RATING))
    stars = int(said) if said is not None and 1 <= said <= 5 else None
    return xmp.rating(inside) or stars


def _turned(face: Face, turn: int | None) -> Face:
    """A face as the upright picture shows it: what is marked in XMP is marked in the picture as it is stored."""
    x, y, width, height = face.x, face.y, face.width, face.height
    places = {
        2: (1 - x, y),
        3: (1 - x, 1 - y),
        4: (x, 1 - y),
        5: (y, x),
        6: (1 - y, x),
        7: (1 - y, 1 - x),
        8: (y, 1 - x),
    }
    x, y = places.get(turn or 1, (x, y))
    if turn in {5, 6, 7, 8}:
        width, height = height, width
    return Face(name=face.name, x=x, y=y, width=width, height=height)


def _profile(image: Image.Image) -> str | None:
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    with suppress(ImageCms.PyCMSError, *DAMAGE):
        return exif.text(ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))))
    return None
