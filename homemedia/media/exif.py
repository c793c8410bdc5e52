"""What cameras write into pictures: EXIF, GPS, IPTC, and Apple's note of live photos. Pillow, in the worker only.

Each value is taken by itself: one that is nonsense (a date of the year 0, a GPS of 200 degrees, a fraction by zero)
leaves the others. The order of the dates is that of photos §8.2.
"""

import contextlib
import datetime as dt
import math
import re
import struct
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from PIL import Image, ImageFile, IptcImagePlugin

from homemedia.media.damage import DAMAGE

EXIF_IFD, GPS_IFD = 0x8769, 0x8825
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EARLIEST_YEAR, LATEST_YEAR = 1826, 9998  # the first photograph
# Main directory.
DESCRIPTION, MAKE, MODEL, ORIENTATION, DATE_TIME, RATING = 0x010E, 0x010F, 0x0110, 0x0112, 0x0132, 0x4746
# The camera's directory.
EXPOSURE, F_NUMBER, ISO, ORIGINAL, CREATED = 0x829A, 0x829D, 0x8827, 0x9003, 0x9004
OFFSET, OFFSET_ORIGINAL, OFFSET_CREATED = 0x9010, 0x9011, 0x9012
FOCAL_LENGTH, MAKER_NOTE, SUBSEC, SUBSEC_ORIGINAL, SUBSEC_CREATED = 0x920A, 0x927C, 0x9290, 0x9291, 0x9292
WIDTH, HEIGHT, LENS_SPEC, LENS_MODEL = 0xA002, 0xA003, 0xA432, 0xA434
# IPTC records (2:55 and so on).
IPTC_KEYWORDS, IPTC_DATE, IPTC_TIME, IPTC_CAPTION = (2, 25), (2, 55), (2, 60), (2, 120)
APPLE_NOTE, APPLE_CONTENT_ID = b"Apple iOS\x00", 0x0011
DATE = re.compile(
    r"(\d{4})[:\-/.](\d\d?)[:\-/.](\d\d?)(?:[ T]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(.*)", re.DOTALL
)
ZONE = re.compile(r"([+-])(\d\d?):?(\d\d)?|Z")
Values = Mapping[int, Any]
NOTHING: Values = MappingProxyType({})


class Moment(NamedTuple):
    """A clock that was read: ms since 1970 as if it were UTC, and its offset in minutes where it is known."""

    clock_ms: int
    offset_min: int | None = None
    is_utc: bool = False


class Tags(NamedTuple):
    """The directories of one picture, and its IPTC records."""

    main: Values = NOTHING
    camera: Values = NOTHING
    gps: Values = NOTHING
    iptc: Mapping[tuple[int, int], Any] = MappingProxyType({})


def tags_of(image: Image.Image) -> Tags:
    """All directories of an opened picture; those that are broken are empty."""
    try:
        exif = image.getexif()
    except DAMAGE:
        return Tags(iptc=_iptc(image))
    return Tags(_ifd(exif, None), _ifd(exif, EXIF_IFD), _ifd(exif, GPS_IFD), _iptc(image))


def tags_in(exif: Image.Exif) -> Tags:
    """As `tags_of`, for directories that were read by somebody else."""
    return Tags(_ifd(exif, None), _ifd(exif, EXIF_IFD), _ifd(exif, GPS_IFD))


def _ifd(exif: Image.Exif, which: int | None) -> Values:
    try:
        return dict(exif) if which is None else dict(exif.get_ifd(which))
    except DAMAGE:
        return NOTHING


def _iptc(image: Image.Image) -> Mapping[tuple[int, int], Any]:
    try:
        return (IptcImagePlugin.getiptcinfo(image) or {}) if isinstance(image, ImageFile.ImageFile) else {}
    except DAMAGE:
        return {}


def text(value: object) -> str | None:
    """A value as text without what cameras pad it with; None where nothing is left."""
    if isinstance(value, bytes):
        value = _decoded(value)
    if not isinstance(value, str):
        return None
    if any("\x80" <= sign <= "\xff" for sign in value):
        # Pillow reads ASCII fields as Latin-1; who writes other letters there writes UTF-8.
        with contextlib.suppress(UnicodeError):
            value = value.encode("latin-1").decode("utf-8")
    clean = "".join(sign for sign in value.split("\0", 1)[0] if sign.isprintable() or sign in "\n\t").strip()
    return clean or None


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def number(value: object) -> float | None:
    """A value, or the first of several, as a finite number."""
    if isinstance(value, tuple | list):
        value = value[0] if value else None
    if isinstance(value, bytes):
        value = _decoded(value)
    try:
        found = float(value)  # type: ignore[arg-type]  # whatever a file holds: what is no number raises
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def moment(value: object, *, subsec: object = None, offset: object = None) -> Moment | None:
    """Read a date as cameras write it ("2024:01:15 11:30:00", with or without fraction and zone).

    Args:
        value: the date.
        subsec: digits behind the second that stand in a field of their own.
        offset: a zone that stands in a field of its own ("+02:00").
    """
    found = DATE.fullmatch((text(value) or "").strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    digits = found[7] or (text(subsec) or "").strip()
    millis = int(f"{digits}000"[:3]) if digits.isdecimal() else 0
    # A clock may show 24:00 or a 60th second.
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or hour > 24 or minute > 59 or second > 60:
        return None
    try:
        midnight = dt.datetime(year, month, day, tzinfo=dt.UTC)
    except ValueError:
        return None
    clock_ms = round((midnight - EPOCH).total_seconds()) * 1000
    clock_ms += ((hour * 60 + minute) * 60 + second) * 1000 + millis
    zone = offset_minutes(found[8])
    return Moment(clock_ms, zone if zone is not None else offset_minutes(offset))


def offset_minutes(value: object) -> int | None:
    """Minutes from UTC of "+05:30", "-0700" or "Z"; None for everything else."""
    found = ZONE.fullmatch((text(value) or "").strip())
    if found is None:
        return None
    if found[1] is None:
        return 0
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > 14 * 60:
        return None
    return -minutes if found[1] == "-" else minutes


def original(tags: Tags) -> Moment | None:
    """When the shutter opened."""
    camera = tags.camera
    return moment(camera.get(ORIGINAL), subsec=camera.get(SUBSEC_ORIGINAL), offset=camera.get(OFFSET_ORIGINAL))


def created(tags: Tags) -> Moment | None:
    """When the picture was written; its zone is the shutter's where it names none."""
    camera = tags.camera
    offset = camera.get(OFFSET_CREATED) or camera.get(OFFSET_ORIGINAL)
    return moment(camera.get(CREATED), subsec=camera.get(SUBSEC_CREATED), offset=offset)


def has_subsec(tags: Tags, which: int) -> bool:
    return (text(tags.camera.get(which)) or "").strip().isdecimal()


def modified(tags: Tags) -> Moment | None:
    return moment(tags.main.get(DATE_TIME), subsec=tags.camera.get(SUBSEC), offset=tags.camera.get(OFFSET))


def iptc_created(tags: Tags) -> Moment | None:
    """DateCreated and TimeCreated of IPTC ("20240115", "113000+0100")."""
    date = text(_first(tags.iptc.get(IPTC_DATE))) or ""
    time = text(_first(tags.iptc.get(IPTC_TIME))) or ""
    if not re.fullmatch(r"\d{8}", date):
        return None
    clock = f"{time[:2]}:{time[2:4]}:{time[4:6]}" if re.match(r"\d{6}", time) else "00:00:00"
    return moment(f"{date[:4]}:{date[4:6]}:{date[6:]} {clock}", offset=time[6:] or None)


def iptc_texts(tags: Tags, which: tuple[int, int]) -> tuple[str, ...]:
    """All values of an IPTC record."""
    found = tags.iptc.get(which)
    values: Iterable[object] = found if isinstance(found, list) else [found]
    return tuple(clean for value in values if (clean := text(value)))


def gps_moment(tags: Tags) -> Moment | None:
    """The satellites' clock, which is UTC."""
    clock = tags.gps.get(7)
    day = text(tags.gps.get(29))
    if day is None or not isinstance(clock, tuple) or len(clock) != 3:
        return None
    parts = [number(part) for part in clock]
    if any(part is None or part < 0 for part in parts):
        return None
    hour, minute, second = (part or 0.0 for part in parts)
    found = moment(f"{day} 00:00:00")
    if found is None or hour >= 24 or minute >= 60 or second > 60:
        return None
    return Moment(found.clock_ms + round(((hour * 60 + minute) * 60 + second) * 1000), 0, is_utc=True)


def position(tags: Tags) -> tuple[float, float] | None:
    """Degrees north and east; None for 0/0, which cameras write that look for satellites still."""
    north = _degrees(tags.gps.get(2), tags.gps.get(1), "S")
    east = _degrees(tags.gps.get(4), tags.gps.get(3), "W")
    if north is None or east is None:
        return None
    return on_globe(north, east)


def on_globe(north: float, east: float) -> tuple[float, float] | None:
    """The same where it is a place; None for 0/0 and for what lies off the globe."""
    if abs(north) > 90 or abs(east) > 180 or (north == 0 and east == 0):
        return None
    return round(north, 7), round(east, 7)


def _degrees(parts: object, side: object, negative: str) -> float | None:
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        return None
    values = [number(part) for part in parts]
    if values[0] is None:
        return None
    # Seconds of 0/0 are common and mean none.
    degrees = sum((value or 0.0) / float(60**place) for place, value in enumerate(values))
    return -degrees if (text(side) or "").upper().startswith(negative) else degrees


def orientation(tags: Tags) -> int | None:
    found = number(tags.main.get(ORIENTATION))
    return int(found) if found is not None and 1 <= found <= 8 else None


def exposure(tags: Tags) -> str | None:
    """How long the shutter was open: "1/160", or "1.3" from a quarter of a second on."""
    seconds = number(tags.camera.get(EXPOSURE))
    if seconds is None or seconds <= 0:
        return None
    if seconds < 0.25001:
        return f"1/{round(1 / seconds)}"
    return f"{seconds:.1f}".removesuffix(".0")


def positive(values: Values, which: int, *, digits: int = 3) -> float | None:
    found = number(values.get(which))
    return round(found, digits) if found is not None and 0 < found < 1e9 else None


def lens(tags: Tags) -> str | None:
    """The lens by its name, else by its range ("24-70mm f/2.8")."""
    named = text(tags.camera.get(LENS_MODEL))
    if named is not None and not re.match(r"-{2,}|unknown", named, re.IGNORECASE):
        return named
    spec = tags.camera.get(LENS_SPEC)
    if not isinstance(spec, tuple) or len(spec) != 4:
        return None
    shortest, longest, wide, far = (number(part) or 0.0 for part in spec)
    if shortest <= 0:
        return None
    reach = f"{shortest:g}mm" if longest in {0.0, shortest} else f"{shortest:g}-{longest:g}mm"
    if wide <= 0:
        return reach
    return f"{reach} f/{wide:g}" if far in {0.0, wide} else f"{reach} f/{wide:g}-{far:g}"


def content_id(tags: Tags) -> str | None:
    """What Apple's cameras write into both files of a live photo."""
    note = tags.camera.get(MAKER_NOTE)
    if not isinstance(note, bytes) or not note.startswith(APPLE_NOTE) or len(note) < 16:
        return None
    order = ">" if note[12:14] == b"MM" else "<"
    try:
        (count,) = struct.unpack_from(f"{order}H", note, 14)
        for entry in range(min(count, 200)):
            tag, _, length, place = struct.unpack_from(f"{order}HHII", note, 16 + entry * 12)
            if tag == APPLE_CONTENT_ID and length <= 100:
                return text(note[place : place + length])
    except struct.error:
        return None
    return None


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value
