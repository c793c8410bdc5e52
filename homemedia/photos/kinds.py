"""Which files are photos, by the ending of their names alone (photos §8.1); nothing is looked into here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from homemedia.photos.models import PhotoKind

RAW: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".3fr": "image/x-hasselblad-3fr",
        ".ari": "image/x-arriflex-ari",
        ".arw": "image/x-sony-arw",
        ".cap": "image/x-phaseone-cap",
        ".cin": "image/x-phantom-cin",
        ".cr2": "image/x-canon-cr2",
        ".cr3": "image/x-canon-cr3",
        ".crw": "image/x-canon-crw",
        ".dcr": "image/x-kodak-dcr",
        ".dng": "image/x-adobe-dng",
        ".erf": "image/x-epson-erf",
        ".fff": "image/x-hasselblad-fff",
        ".iiq": "image/x-phaseone-iiq",
        ".k25": "image/x-kodak-k25",
        ".kdc": "image/x-kodak-kdc",
        ".mrw": "image/x-minolta-mrw",
        ".nef": "image/x-nikon-nef",
        ".nrw": "image/x-nikon-nrw",
        ".orf": "image/x-olympus-orf",
        ".ori": "image/x-olympus-ori",
        ".pef": "image/x-pentax-pef",
        ".psd": "image/vnd.adobe.photoshop",
        ".raf": "image/x-fuji-raf",
        ".raw": "image/x-panasonic-raw",
        ".rw2": "image/x-panasonic-rw2",
        ".rwl": "image/x-leica-rwl",
        ".sr2": "image/x-sony-sr2",
        ".srf": "image/x-sony-srf",
        ".srw": "image/x-samsung-srw",
        ".x3f": "image/x-sigma-x3f",
    }
)
IMAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".avif": "image/avif",
        ".bmp": "image/bmp",
        ".gif": "image/gif",
        ".heic": "image/heic",
        ".heif": "image/heif",
        ".hif": "image/hif",
        ".insp": "image/jpeg",
        ".jp2": "image/jp2",
        ".jpe": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".jpg": "image/jpeg",
        ".jxl": "image/jxl",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".tif": "image/tiff",
        ".tiff": "image/tiff",
        ".webp": "image/webp",
    }
)
VIDEOS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".3gp": "video/3gpp",
        ".3gpp": "video/3gpp",
        ".avi": "video/x-msvideo",
        ".flv": "video/x-flv",
        ".insv": "video/mp4",
        ".m2t": "video/mp2t",
        ".m2ts": "video/mp2t",
        ".m4v": "video/x-m4v",
        ".mkv": "video/x-matroska",
        ".mov": "video/quicktime",
        ".mp4": "video/mp4",
        ".mpe": "video/mpeg",
        ".mpeg": "video/mpeg",
        ".mpg": "video/mpeg",
        ".mts": "video/mp2t",
        ".mxf": "application/mxf",
        ".ts": "video/mp2t",
        ".vob": "video/mpeg",
        ".webm": "video/webm",
        ".wmv": "video/x-ms-wmv",
    }
)
SIDECAR: Final = ".xmp"
# What browsers show as it is: the original stands for its own full size.
WEB_IMAGES: Final = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
BYTES: Final = "application/octet-stream"


def ending_of(name: str) -> str:
    """The ending of a file's name with its dot, lower case; "" without one."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""


def kind_of(name: str) -> PhotoKind | None:
    """What a file is by its name; None for what is not taken."""
    ending = ending_of(name)
    if ending in IMAGES or ending in RAW:
        return PhotoKind.IMAGE
    return PhotoKind.VIDEO if ending in VIDEOS else None


def mime_of(name: str) -> str:
    """What a file's bytes are, by its name; `application/octet-stream` for what is unknown."""
    ending = ending_of(name)
    return IMAGES.get(ending) or RAW.get(ending) or VIDEOS.get(ending) or BYTES
