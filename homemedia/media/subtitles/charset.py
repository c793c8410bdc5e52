"""In which characters a text file is written. Pure.

Source:
    Watch contract 10.1; the order is its.
"""

import codecs
import re
from types import MappingProxyType
from typing import Final

from homemedia.media.subtitles.cues import MAX_BYTES, UnreadableSubtitle

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Where two stand, the second is the first with what programs have added to it.
PAGES: Final = MappingProxyType(
    {
        **dict.fromkeys(("el",), ("cp1253",)),
        **dict.fromkeys(("ru", "uk", "bg", "sr", "mk"), ("cp1251",)),
        **dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sl", "ro", "sq"), ("cp1250",)),
        **dict.fromkeys(("tr",), ("cp1254",)),
        **dict.fromkeys(("he",), ("cp1255",)),
        **dict.fromkeys(("ar", "fa"), ("cp1256",)),
        **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
        **dict.fromkeys(("vi",), ("cp1258",)),
        **dict.fromkeys(("th",), ("cp874",)),
        **dict.fromkeys(("ja",), ("shift_jis", "cp932")),
        **dict.fromkeys(("ko",), ("cp949",)),
        **dict.fromkeys(("zh-Hans", "zh-CN", "zh-SG"), ("gb18030",)),
        **dict.fromkeys(("zh-Hant", "zh-TW", "zh-HK", "zh-MO"), ("big5", "cp950")),
    }
)
_BAD = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_SAMPLE: Final = 4096


def decoded(raw: bytes, language: str | None = None) -> str:
    """The text of a file, whatever it is written in; without a byte order mark.

    Args:
        raw: the whole file.
        language: BCP 47, when it is known.

    Raises:
        UnreadableSubtitle: the file is too large, or no text at all.
    """
    if len(raw) > MAX_BYTES:
        raise UnreadableSubtitle("This file is too large for subtitles.")
    from homemedia.media.subtitles.letters import likeliest, mended  # noqa: PLC0415 - tables of all alphabets

    for mark, name in _MARKS:
        if raw.startswith(mark):
            # A mark is a promise: what does not keep it is damaged, not something else.
            body = raw[len(mark) :]
            return (mended(body) if name == "utf-8" else body.decode(name, errors="ignore")).rstrip("\x1a")
    # The last byte of files of old systems.
    raw = raw.rstrip(b"\x1a")
    text = _utf8(raw)
    if text is not None:
        return text
    if (wide := _wide(raw)) is not None:
        return raw.decode(wide, errors="ignore").rstrip("\x1a")
    raw = raw.rstrip(b"\x00")
    if raw.count(0) > len(raw) // 100:
        raise UnreadableSubtitle("This file is no text.")
    for page in _pages(language):
        if (text := _page(raw, page)) is not None:
            return text
    return likeliest(raw.replace(b"\x00", b""))


def _utf8(raw: bytes) -> str | None:
    # Text of two bytes a character is valid UTF-8 too where it is English: the zeros tell.
    if b"\x00" in raw.rstrip(b"\x00"):
        return None
    # ISO 2022 (Japanese e-mail) is ASCII with escapes in between.
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return None
    try:
        return raw.rstrip(b"\x00").decode("utf-8")
    except UnicodeDecodeError:
        return None


def _wide(raw: bytes) -> str | None:
    """UTF-16 without a mark: blanks, digits and line ends have a zero byte on one side, always the same."""
    sample = raw[:_SAMPLE]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    pairs = max(1, len(sample) // 2)
    if high > pairs * 0.1 and low <= high * 0.1:
        return "utf-16-le"
    if low > pairs * 0.1 and high <= low * 0.1:
        return "utf-16-be"
    return None


def _pages(language: str | None) -> tuple[str, ...]:
    """The code pages of a language: of the whole tag, else of its first part (`sr-Latn` is no `sr`)."""
    if not language:
        return ()
    if language in PAGES:
        return PAGES[language]
    first, _, rest = language.partition("-")
    if first == "zh":
        return next((PAGES[f"zh-{part}"] for part in rest.split("-") if f"zh-{part}" in PAGES), ())
    if rest.startswith("Latn"):
        return ("cp1250",) if first in {"sr", "mk"} else ()
    return PAGES.get(first, ())


def _page(raw: bytes, name: str) -> str | None:
    try:
        text = raw.decode(name)
    except UnicodeDecodeError:
        return None
    return None if _BAD.search(text) else text
