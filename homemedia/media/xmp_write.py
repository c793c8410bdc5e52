"""Writes what a person says of a photo into an XMP file, and leaves everything else it says. Pure.

Of each thing one field is written that most programs read; others that mean the same and would speak against it go.

Source: photos §8.2; XMP specification part 1 (ISO 16684-1), 7.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, indent
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from msgspec import UnsetType

from homemedia.media.xmp_names import DESCRIPTION_FIELDS, KEYWORD_FIELDS, NAMES, RATING_FIELDS, RDF, short_of
from homemedia.media.xmp_words import MOST_BYTES, BrokenXmp, Words

META: Final = "{adobe:ns:meta/}"
SPACES: Final[Mapping[str, str]] = {prefix: space for space, prefix in reversed(list(NAMES.items()))} | {
    "rdf": RDF[1:-1],
    "x": META[1:-1],
}
XML_SPACE: Final = "http://www.w3.org/XML/1998/namespace"
DATE_FIELDS: Final = ("exif:DateTimeOriginal", "photoshop:DateCreated")
POSITION_FIELDS: Final = ("exif:GPSLatitude", "exif:GPSLongitude")
HEAD: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
TAIL: Final = '\n<?xpacket end="w"?>\n'
_DECLARED: Final = re.compile(r"""xmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# No XML can hold these.
_UNSPEAKABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def changed(raw: bytes | None, words: Words) -> bytes:
    """An XMP file that says these words.

    Args:
        raw: the file as it is; None where there is none.
        words: what it shall say.

    Raises:
        BrokenXmp: the file cannot be read.
    """
    try:
        return _changed(raw, words)
    except RecursionError as err:
        raise BrokenXmp("This XMP file is deeper than any that means well.") from err


def _changed(raw: bytes | None, words: Words) -> bytes:
    root, prefixes = (_new(), {}) if raw is None else _read(raw)
    descriptions = [one for rdf in _rdf(root) for one in rdf if one.tag == f"{RDF}Description"]
    if not descriptions:
        descriptions = [SubElement(_rdf(root)[0], f"{RDF}Description", {f"{RDF}about": ""})]
    before = _said(descriptions)
    for names, fields in _fields(words):
        _drop(descriptions, names)
        descriptions[0].extend(fields)
    if raw is None:
        indent(root, " ")
    elif _said(descriptions) == before:
        return raw
    return (HEAD + "".join(_written(root, prefixes)) + TAIL).encode()


def _new() -> Element:
    root = Element(f"{META}xmpmeta", {f"{META}xmptk": "HomeMedia"})
    SubElement(root, f"{RDF}RDF")
    return root


def _read(raw: bytes) -> tuple[Element, dict[str, str]]:
    """The document, and the prefixes of its namespaces."""
    if len(raw) > MOST_BYTES:
        raise BrokenXmp("This XMP file is larger than any that means well.")
    try:
        root: Element = fromstring(raw.strip(b"\0 \t\r\n"))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as err:
        raise BrokenXmp("This XMP file is damaged.") from err
    if not _rdf(root):
        raise BrokenXmp("This file is no XMP.")
    declared = _DECLARED.finditer(raw.decode("utf-8", "replace"))
    return root, {found[2] or found[3] or "": found[1] for found in declared}


def _rdf(root: Element) -> list[Element]:
    return list(root.iter(f"{RDF}RDF"))


def _fields(words: Words) -> Iterator[tuple[tuple[str, ...], list[Element]]]:
    """What goes, and what stands there instead."""
    if not isinstance(words.description, UnsetType):
        yield DESCRIPTION_FIELDS, [_list("dc:description", "Alt", [words.description])]
    if not isinstance(words.rating, UnsetType):
        yield RATING_FIELDS, [_text("xmp:Rating", str(words.rating or 0))]
    if not isinstance(words.taken, UnsetType):
        yield DATE_FIELDS, [_text(name, words.taken) for name in DATE_FIELDS]
    if not isinstance(words.position, UnsetType):
        sides = zip(POSITION_FIELDS, words.position or (), ("NS", "EW"), strict=False)
        yield POSITION_FIELDS, [_text(name, coordinate(degrees, signs)) for name, degrees, signs in sides]
    if not isinstance(words.tags, UnsetType):
        tags = words.tags
        lists = [
            _list("digiKam:TagsList", "Seq", tags),
            _list("lr:hierarchicalSubject", "Bag", [tag.replace("/", "|") for tag in tags]),
            _list("dc:subject", "Bag", dict.fromkeys(tag.rpartition("/")[2] for tag in tags)),
        ]
        # An empty list is enough to say that there are none.
        yield KEYWORD_FIELDS, lists if tags else lists[:1]


def coordinate(degrees: float, signs: str) -> str:
    """A latitude or longitude as XMP writes it: "41,13.21800000N"."""
    whole, minutes = divmod(round(abs(degrees) * 60, 8), 60)
    return f"{int(whole)},{minutes:.8f}{signs[degrees < 0]}"


def _name(short: str) -> str:
    prefix, _, local = short.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _text(short: str, value: str) -> Element:
    element = Element(_name(short))
    element.text = _clean(value)
    return element


def _list(short: str, kind: str, values: Iterable[str]) -> Element:
    element = Element(_name(short))
    entries = SubElement(element, f"{RDF}{kind}")
    for value in values:
        entry = SubElement(entries, f"{RDF}li", {f"{{{XML_SPACE}}}lang": "x-default"} if kind == "Alt" else {})
        entry.text = _clean(value)
    return element


def _clean(value: str) -> str:
    return _UNSPEAKABLE.sub("", value)


def _drop(descriptions: Iterable[Element], names: tuple[str, ...]) -> None:
    for one in descriptions:
        for attribute in [name for name in one.attrib if short_of(name) in names]:
            del one.attrib[attribute]
        for child in [child for child in one if short_of(child.tag) in names]:
            one.remove(child)


def _said(descriptions: Iterable[Element]) -> list[str]:
    """Everything the file says, in an order that does not matter."""
    return sorted(
        repr((name, value))
        for one in descriptions
        for name, value in (*one.attrib.items(), *((child.tag, _whole(child)) for child in one))
    )


def _whole(element: Element) -> object:
    return (
        element.tag,
        sorted(element.attrib.items()),
        (element.text or "").strip(),
        [_whole(child) for child in element],
    )


def _written(root: Element, prefixes: Mapping[str, str]) -> Iterator[str]:
    """XML of an element and all below it, every namespace declared once, at the top."""
    spaces: dict[str, None] = {}
    for element in root.iter():
        for name in (element.tag, *element.attrib):
            if name.startswith("{"):
                spaces.setdefault(name[1:].partition("}")[0])
    own = {space: prefix for prefix, space in SPACES.items()}
    chosen: dict[str, str] = {XML_SPACE: "xml"}
    for number, space in enumerate(spaces):
        wish = prefixes.get(space) or own.get(space) or f"ns{number}"
        chosen.setdefault(space, wish if wish not in chosen.values() else f"ns{number}x")
    declared = "".join(f" xmlns:{chosen[space]}={quoteattr(space)}" for space in spaces if space != XML_SPACE)
    yield from _lines(root, chosen, declared)


def _lines(element: Element, chosen: Mapping[str, str], declared: str = "") -> Iterator[str]:
    def named(name: str) -> str:
        space, closing, local = name[1:].partition("}") if name.startswith("{") else ("", "", "")
        return f"{chosen[space]}:{local}" if closing else name

    attributes = "".join(f" {named(name)}={quoteattr(value)}" for name, value in element.attrib.items())
    start = f"<{named(element.tag)}{declared}{attributes}"
    if not len(element) and not element.text:
        yield f"{start}/>"
    else:
        yield f"{start}>{escape(element.text or '')}"
        for child in element:
            yield from _lines(child, chosen)
        yield f"</{named(element.tag)}>"
    yield escape(element.tail or "")
