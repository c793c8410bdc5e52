"""The words of XMP: namespaces, and which fields mean the same. Imports nothing heavy: the server writes XMP too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "http://purl.org/dc/elements/1.1/": "dc",
        "http://ns.adobe.com/xap/1.0/": "xmp",
        "http://ns.adobe.com/exif/1.0/": "exif",
        "http://cipa.jp/exif/1.0/": "exifEX",
        "http://ns.adobe.com/exif/1.0/aux/": "aux",
        "http://ns.adobe.com/tiff/1.0/": "tiff",
        "http://ns.adobe.com/photoshop/1.0/": "photoshop",
        "http://ns.adobe.com/pdf/1.3/": "pdf",
        "http://ns.adobe.com/lightroom/1.0/": "lr",
        "http://www.digikam.org/ns/1.0/": "digiKam",
        "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
        "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
        "http://ns.microsoft.com/photo/1.2/": "MP",
        "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": "MPRI",
        "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
        "http://ns.acdsee.com/iptc/1.0/": "acdsee",
        "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
        "http://ns.adobe.com/xmp/sType/Area#": "stArea",
        "http://ns.adobe.com/xap/1.0/sType/Dimensions#": "stDim",
        "http://ns.google.com/photos/1.0/panorama/": "GPano",
        "http://ns.google.com/photos/1.0/camera/": "GCamera",
        "http://ns.google.com/photos/1.0/container/": "Container",
        "http://ns.google.com/photos/1.0/container/item/": "Item",
        "http://xmp.gettyimages.com/gift/1.0/": "Getty",
    }
)
KEYWORD_FIELDS: Final = ("digiKam:TagsList", "lr:hierarchicalSubject", "MicrosoftPhoto:LastKeywordXMP", "dc:subject")
DESCRIPTION_FIELDS: Final = ("dc:description", "tiff:ImageDescription")
RATING_FIELDS: Final = ("xmp:Rating", "MicrosoftPhoto:Rating")


def short_of(name: str) -> str | None:
    """A name in the form of ElementTree, "{space}local", as "dc:subject"; None where nobody knows the space."""
    space, closing, local = name[1:].partition("}") if name.startswith("{") else ("", "", "")
    prefix = NAMES.get(space)
    return f"{prefix}:{local}" if prefix and closing else None
