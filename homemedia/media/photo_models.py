"""What is known of a photo, and which pictures are wanted of it: plain structs between the worker and the server."""

import msgspec

from homemedia.media.models import Format

PHOTO_LIMIT_S = 60.0


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A picture to be made: `target` is its file, `short_edge` in pixels (None: as large as the source)."""

    name: str
    target: str
    format: Format
    short_edge: int | None
    quality: int = 80


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that lies in its place."""

    name: str
    mime: str
    width: int
    height: int
    size_bytes: int


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a picture, as its file says: middle and size as shares of the upright picture, 0 to 1."""

    name: str
    x: float
    y: float
    width: float
    height: float


class Motion(msgspec.Struct, frozen=True):
    """A film inside a picture's file: where it begins, and how many bytes it has."""

    start: int
    length: int


class PhotoFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of the moment it was taken. None, or empty, where it says nothing.

    Attributes:
        width: as stored, before `orientation` (an EXIF number, 1 to 8) turns it upright; so is `height`.
        clock_ms: the clock on the wall at the place, ms since 1970 as if it were UTC.
        offset_min: of that clock from UTC; None where the file does not say.
        is_utc: the clock is no wall's but UTC itself (films, GPS).
        gps_offset_min: the same, told by the satellites' clock.
        zone: IANA name of the zone that holds the position.
        modified_ms: UTC, or of a clock whose offset nobody knows.
        exposure_time: "1/160", or decimal seconds "1.3".
        duration_ms: of films and moving pictures.
        content_id: pairs the two files of a live photo.
        keywords: tags, levels divided by '/'.
    """

    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    clock_ms: int | None = None
    offset_min: int | None = None
    is_utc: bool = False
    gps_offset_min: int | None = None
    zone: str | None = None
    modified_ms: int | None = None
    make: str | None = None
    model: str | None = None
    lens_model: str | None = None
    f_number: float | None = None
    focal_length: float | None = None
    iso: int | None = None
    exposure_time: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    projection_type: str | None = None
    description: str = ""
    rating: int | None = None
    fps: float | None = None
    profile_description: str | None = None
    content_id: str | None = None
    duration_ms: int | None = None
    keywords: tuple[str, ...] = ()
    faces: tuple[Face, ...] = ()
    motion: Motion | None = None


class PhotoRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Look into a photo and make pictures of it, in one go.

    Attributes:
        is_film: it moves.
        sidecar: an XMP file that belongs to it; what that says goes before what the photo says.
        edits: another one, of ours, where we may not write beside the photo; it goes before the sidecar.
        variants: none, to look only.
    """

    source: str
    is_film: bool = False
    sidecar: str | None = None
    edits: str | None = None
    wants_facts: bool = True
    variants: tuple[Variant, ...] = ()


class PhotoResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it; facts and pictures fail apart from each other.

    Attributes:
        width: upright, as `height`; of what was decoded.
        thumbhash: 5 to 25 bytes that hold a blurred picture.
        code: why there are no pictures: `image_unreadable`, `image_unsupported`, `image_too_large`, `file_missing`,
            `not_written`, `no_video`, `not_media`, …; None when all were made.
        problem: the same as a sentence.
    """

    facts: PhotoFacts | None = None
    made: tuple[Made, ...] = ()
    width: int | None = None
    height: int | None = None
    thumbhash: bytes | None = None
    code: str | None = None
    problem: str | None = None
