"""What is written about a picture in XMP: inside it, or in a file of its own beside it. Every failure reads as nothing.

Read with defusedxml: entities and documents elsewhere are refused.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from homemedia.media.exif import Moment, moment, number, on_globe, text
from homemedia.media.photo_models import Face
from homemedia.media.xmp_names import KEYWORD_FIELDS, RDF, short_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LIMIT_BYTES: Final = 8 << 20
COORDINATE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])", re.IGNORECASE)
# In the order of photos §8.2, as far as XMP has them.
DATES = ("exif:DateTimeOriginal", "exif:DateTimeDigitized", "xmp:CreateDate", "photoshop:DateCreated")


class Piece(NamedTuple):
    """A film that lies behind the picture: `length` bytes, ending `padding` bytes before the file's end."""

    length: int
    padding: int = 0


class Xmp(NamedTuple):
    """The simple fields by name ("dc:description"), and the document itself."""

    fields: Mapping[str, str] = MappingProxyType({})
    roots: "tuple[Element, ...]" = ()


def parse(*packets: object) -> Xmp:
    """Read XMP packets (bytes or text); what cannot be read is skipped."""
    roots = [root for packet in packets if (root := _root(packet)) is not None]
    fields: dict[str, str] = {}
    for root in roots:
        for description in root.iter(f"{RDF}Description"):
            for name, value in description.attrib.items():
                if short := short_of(name):
                    fields.setdefault(short, value)
            for child in description:
                short, value = short_of(child.tag), _value(child)
                if short and value:
                    fields.setdefault(short, value)
    return Xmp(fields, tuple(roots))


def _root(packet: object) -> "Element | None":
    if isinstance(packet, str):
        packet = packet.encode()
    if not isinstance(packet, bytes) or not packet or len(packet) > LIMIT_BYTES:
        return None
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - the server knows what is read here, and never reads

    from defusedxml import DefusedXmlException  # noqa: PLC0415 - likewise
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - likewise

    body = packet.strip(b"\0 \t\r\n")
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    return root


def _value(element: "Element") -> str:
    """The text of a field, or of the first entry of a list."""
    for entry in element.iter(f"{RDF}li"):
        return (entry.text or "").strip()
    return (element.text or "").strip()


def _lists(root: "Element", field: str) -> Iterator[str]:
    for element in root.iter():
        if short_of(element.tag) == field:
            entries = [(entry.text or "").strip() for entry in element.iter(f"{RDF}li")]
            yield from (entry for entry in entries or [(element.text or "").strip()] if entry)


def says(xmp: Xmp, names: Iterable[str]) -> bool:
    """Whether one of these fields is spoken of, if only to say that it is empty."""
    return any(_speaks(root, frozenset(names)) for root in xmp.roots)


def _speaks(root: "Element", names: frozenset[str]) -> bool:
    return any(
        short_of(name) in names
        for described in root.iter(f"{RDF}Description")
        for name in (*described.attrib, *(child.tag for child in described))
    )


def taken(xmp: Xmp) -> Moment | None:
    """When it was taken, by the first date that is one."""
    return next((found for field in DATES if (found := moment(xmp.fields.get(field)))), None)


def gps_moment(xmp: Xmp) -> Moment | None:
    """The satellites' clock, which is UTC."""
    found = moment(xmp.fields.get("exif:GPSTimeStamp"))
    return None if found is None else Moment(found.clock_ms - (found.offset_min or 0) * 60_000, 0, is_utc=True)


def modified(xmp: Xmp) -> Moment | None:
    return moment(xmp.fields.get("xmp:ModifyDate"))


def rating(xmp: Xmp) -> int | None:
    """-1 (rejected) to 5; None for 0, which means none."""
    found = number(xmp.fields.get("xmp:Rating"))
    if found is None:
        percent = number(xmp.fields.get("MicrosoftPhoto:Rating"))
        found = None if percent is None else {1: 1, 25: 2, 50: 3, 75: 4, 99: 5}.get(int(percent))
    return int(found) if found is not None and -1 <= found <= 5 and int(found) else None


def description(xmp: Xmp) -> str | None:
    return text(xmp.fields.get("dc:description")) or text(xmp.fields.get("tiff:ImageDescription"))


def position(xmp: Xmp) -> tuple[float, float] | None:
    """Degrees north and east, from "41,13.218N"."""
    north = _coordinate(xmp.fields.get("exif:GPSLatitude"))
    east = _coordinate(xmp.fields.get("exif:GPSLongitude"))
    return on_globe(north, east) if north is not None and east is not None else None


def _coordinate(value: str | None) -> float | None:
    found = COORDINATE.fullmatch((value or "").strip())
    if found is None:
        return number(value)
    degrees = float(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3600
    return -degrees if found[4].upper() in "SW" else degrees


def keywords(xmp: Xmp) -> tuple[str, ...]:
    """Tags, levels divided by '/', of the first packet that knows any; ends of whole paths are not repeated."""
    found: dict[str, None] = {}
    speaking = [root for root in xmp.roots if _speaks(root, frozenset(KEYWORD_FIELDS))]
    for root, field in itertools.product(speaking[:1], KEYWORD_FIELDS):
        for entry in _lists(root, field):
            clean = text(entry.replace("|", "/"))
            path = "/".join(part.strip() for part in (clean or "").split("/") if part.strip())
            if path and (field != "dc:subject" or not any(known.split("/")[-1] == path for known in found)):
                found.setdefault(path)
    return tuple(found)


def projection(xmp: Xmp) -> str | None:
    found = text(xmp.fields.get("GPano:ProjectionType"))
    return found.upper() if found else None


def camera(xmp: Xmp, field: str) -> str | None:
    return text(xmp.fields.get(field))


def faces(xmp: Xmp) -> tuple[Face, ...]:
    """People that somebody marked: as the Metadata Working Group writes them, else as Microsoft does."""
    found = [face for root in xmp.roots for element in root.iter() if (face := _marked(element))]
    if not found:
        found = [face for root in xmp.roots for element in root.iter() if (face := _microsoft(element))]
    # The same thing is described twice where it stands in an element of its own.
    return tuple(dict.fromkeys(found))


def _attributes(element: "Element") -> dict[str, str]:
    """What is said of a thing, whether as attributes or as elements below it."""
    values = {short: value for name, value in element.attrib.items() if (short := short_of(name))}
    for child in element:
        short = short_of(child.tag)
        if short and not len(child):
            values.setdefault(short, (child.text or "").strip())
        if child.tag == f"{RDF}Description":
            values = _attributes(child) | values
    return values


def _marked(element: "Element") -> Face | None:
    values = _attributes(element)
    name = text(values.get("mwg-rs:Name"))
    if name is None or values.get("mwg-rs:Type", "Face") not in {"Face", "Pet"}:
        return None
    area = next((child for child in element.iter() if short_of(child.tag) == "mwg-rs:Area"), None)
    if area is None:
        return None
    shares = _attributes(area)
    if shares.get("stArea:unit", "normalized") != "normalized":
        return None
    return _face(name, *(number(shares.get(f"stArea:{side}")) for side in "xywh"))


def _microsoft(element: "Element") -> Face | None:
    values = _attributes(element)
    name = text(values.get("MPReg:PersonDisplayName"))
    parts = [number(part) for part in values.get("MPReg:Rectangle", "").split(",")]
    if name is None or len(parts) != 4 or None in parts:
        return None
    left, top, width, height = (part or 0.0 for part in parts)
    return _face(name, left + width / 2, top + height / 2, width, height)


def _face(name: str, x: float | None, y: float | None, width: float | None, height: float | None) -> Face | None:
    if x is None or y is None or not width or not height or not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    if not (0 < width <= 1 and 0 < height <= 1):
        return None
    return Face(name=name, x=x, y=y, width=width, height=height)


def motion(xmp: Xmp) -> Piece | None:
    """Where Google's cameras say that a film lies behind the picture, counted from the end of the file."""
    behind = 0
    items = [_attributes(element) for root in xmp.roots for element in root.iter()]
    for item in reversed([item for item in items if "Item:Mime" in item or "Item:Semantic" in item]):
        length = int(number(item.get("Item:Length")) or 0)
        if item.get("Item:Semantic") == "MotionPhoto":
            return Piece(length, behind) if length > 0 else None
        behind += length + int(number(item.get("Item:Padding")) or 0)
    offset = number(xmp.fields.get("GCamera:MicroVideoOffset"))
    return Piece(int(offset)) if offset and offset > 0 else None
