"""What a file is by its first bytes. Pure.

The threat: a playlist that calls itself a film. Whoever opens it next would go on to the files it names, which may be
anybody's on this machine. So what came over the net is looked at before any other program is.

Source:
    ISO/IEC 14496-12 4.3, Matroska (RFC 9559) 4, ISO/IEC 13818-1 2.4.3, RFC 3533, ID3v2.4, the FLV and RIFF documents.
"""

from homemedia.core.pictures import picture_type

HEAD_BYTES = 1024
TS_PACKET = 188
PICTURES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/avif": ".avif",
}
_BOXES = frozenset({b"ftyp", b"moov", b"moof", b"mdat", b"styp", b"sidx", b"free", b"skip", b"wide", b"pnot", b"emsg"})
_STARTS = (
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"OggS",
    b"fLaC",
    b"FLV\x01",
    b"ID3",
    b"0&\xb2u\x8ef\xcf\x11",  # ASF
)


def is_media(head: bytes) -> bool:
    """Whether this is the beginning of film or sound, and of nothing that refers to other files."""
    if head.startswith(_STARTS) or head[4:8] in _BOXES:
        return True
    if head.startswith(b"RIFF") and head[8:12] in {b"AVI ", b"WAVE"}:
        return True
    if len(head) > TS_PACKET and head[0] == head[TS_PACKET] == 0x47:
        return True
    # A frame of MPEG or AAC sound: eleven bits set.
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0


def picture_suffix(head: bytes) -> str | None:
    """The suffix of a picture with these first bytes, `.jpg` and so on; None for anything else, SVG included."""
    return PICTURES.get(picture_type(head) or "")
