"""Which code page makes the most of bytes whose language nobody knows. Pure.

No table of any language's statistics: it is enough to know which letters a language has, that words are made of one
script, and that large letters do not follow small ones.
"""
# ruff: noqa: RUF001 - letters of all scripts are what this is about

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Final

import msgspec

_BAD = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")
_SAMPLE: Final = 1 << 16
_USUAL: Final = frozenset("“”‘’„«»–—…¿¡♪♫°·•ªº§©®™€£、。「」『』！？，：；～・ー（）《》【】\u3000\xa0“”")


# What it costs that a letter of ASCII touches one of another script: words are of one.
_SEAM: Final = 1.5


class _Page(msgspec.Struct, frozen=True):
    """A code page and the letters beyond ASCII it is for; `is_latin`: they stand among plain letters."""

    name: str
    letters: frozenset[str]
    is_latin: bool = False
    prior: float = 0.0


def _both(small: str) -> frozenset[str]:
    return frozenset(small) | frozenset(small.upper())


_CYRILLIC = _both("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћџђѓќѕ")
_GREEK = _both("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ")
_HEBREW = frozenset(map(chr, range(0x5B0, 0x5EB)))
_ARABIC = frozenset(map(chr, range(0x60C, 0x6D4)))
_THAI = frozenset(map(chr, range(0xE01, 0xE5C)))

# By language, not by page: letters of Polish and Czech in one text mean that the page is wrong.
_WESTERN: Final = (
    "àâæçèéêëîïôœùûü",
    "äöüßéèà",
    "áéíñóúü",
    "àáâãçéêíóôõúü",
    "àèéìòùí",
    "åäöéæøàëáð",
    "áðéíóúýþæö",
    "àçèéëïíòóúü",
)
_CENTRAL: Final = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "çë")
_BALTIC: Final = ("ąčęėįšųūž", "āčēģīķļņšūž", "õäöüšž")
_LATIN: Final = (
    ("cp1252", 0.03, _WESTERN),
    ("cp1250", 0.0, _CENTRAL),
    ("cp1254", -0.01, ("çğıöşüâîû",)),
    ("cp1257", -0.01, _BALTIC),
    ("cp1258", -0.02, ("àâăđêôơưèéìíòóùúý\u0300\u0301\u0303\u0309\u0323",)),
    ("iso8859_2", -0.02, _CENTRAL),
    ("cp850", -0.05, _WESTERN),
    ("cp852", -0.05, _CENTRAL),
    ("mac_roman", -0.06, _WESTERN),
)
_PAGES: Final = (
    *(
        _Page(name, _both(letters) | ({"İ"} if name == "cp1254" else set()), is_latin=True, prior=prior)
        for name, prior, languages in _LATIN
        for letters in languages
    ),
    _Page("cp1251", _CYRILLIC, prior=0.01),
    _Page("koi8_u", _CYRILLIC),
    _Page("iso8859_5", _CYRILLIC),
    _Page("cp866", _CYRILLIC),
    _Page("mac_cyrillic", _CYRILLIC, prior=-0.02),
    _Page("cp1253", _GREEK, prior=0.01),
    _Page("iso8859_7", _GREEK),
    _Page("cp1255", _HEBREW),
    _Page("cp1256", _ARABIC),
    _Page("cp874", _THAI),
)
# Letters that make up most of a running text: a page that reads them where others read rare ones is right.
_FREQUENT: Final = frozenset("оеаинтсрвлОЕАИНТαοειτνσςהויאלםרתانليمرتوกานรอเงมยลวดสต")


def likeliest(raw: bytes) -> str:
    """The text of bytes that are neither UTF-8 nor of a known language.

    The page whose reading looks most like words; Windows-1252 where none does. No character is ever replaced.
    """
    found = _readings(raw)
    if found:
        score, text = max(found, key=lambda pair: pair[0])
        if score > 0:
            return text
    return _western(raw)


def _readings(raw: bytes) -> list[tuple[float, str]]:
    readings: list[tuple[float, str]] = []
    if _is_nearly_utf8(raw):
        return [(2.0, mended(raw))]
    if b"\x1b" in raw and (text := _strict(raw, "iso2022_jp_2")) is not None:
        return [(2.0, text)]
    texts = {name: _strict(raw, name) for name in dict.fromkeys(page.name for page in _PAGES)}
    for page in _PAGES:
        text = texts[page.name]
        if text is not None:
            readings.append((_fit(text[:_SAMPLE], page), text))
    for name, rate in _WIDE:
        text = _strict(raw, name)
        if text is not None:
            readings.append((_wide_fit(text[:_SAMPLE], rate), text))
    return readings


def _strict(raw: bytes, name: str) -> str | None:
    try:
        text = raw.decode(name)
    except UnicodeDecodeError:
        return None
    return None if _BAD.search(text) else text


def _western(raw: bytes) -> str:
    """Windows-1252; the five bytes it does not know are left out, as are control characters."""
    return _BAD.sub("", raw.decode("cp1252", errors="ignore"))


_UTF8_PIECE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _is_nearly_utf8(raw: bytes) -> bool:
    high = sum(byte >= 0x80 for byte in raw[: 4 * _SAMPLE])
    good = sum(len(piece) for piece in _UTF8_PIECE.findall(raw[: 4 * _SAMPLE]))
    return high >= 12 and high - good <= max(2, high // 20)


def mended(raw: bytes) -> str:
    """UTF-8 with damaged places, those read as Windows-1252."""
    return _BAD.sub("", raw.decode("utf-8", errors="windows-1252 instead"))


def _instead(err: UnicodeError) -> tuple[str, int]:
    if not isinstance(err, UnicodeDecodeError):
        raise err
    return err.object[err.start : err.end].decode("cp1252", errors="ignore"), err.end


codecs.register_error("windows-1252 instead", _instead)


def _fit(text: str, page: _Page) -> float:
    """How well a reading fits its page: about 1 for words, below 0 for nonsense."""
    points = 0.0
    seen = 0
    before = ""
    run = 0
    for letter in text:
        if letter < "\x80":
            if not page.is_latin and letter.isalpha() and before >= "\x80" and before.isalpha():
                points -= _SEAM
            run = 0
            before = letter
            continue
        seen += 1
        run += 1
        points += _worth(letter, page)
        if before.isalpha() and letter.isalpha():
            if not page.is_latin and before < "\x80":
                points -= _SEAM
            if letter.isupper() and before.islower():
                points -= 1.5
        if page.is_latin and run > 2 and letter.isalpha():
            points -= 1.0
        before = letter
    return points / seen + page.prior if seen else 0.0


def _worth(letter: str, page: _Page) -> float:
    if letter in page.letters:
        return 1.0 if page.is_latin or letter in _FREQUENT else 0.75
    if letter in _USUAL:
        return 0.5
    if letter.isalpha():
        return -0.3
    return -1.0 if unicodedata.category(letter)[0] == "S" else -0.5


def _is_kana(letter: str) -> bool:
    return "\u3041" <= letter <= "\u30fa"


def _is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7a3"


_HANS: Final = frozenset("的我你是了不在他们这有个说吗好就那要到来会没么她什知道为对可以过能都去还人想看得们时候当让给")
_HANT: Final = frozenset("的我你是了不在他們這有個說嗎好就那要到來會沒麼她什知道為對可以過能都去還人想看得們時候當讓給")
_KANJI: Final = frozenset("人日私何言今行見来思気大事時一出分手前何者彼本子生")


def _japanese(counts: "Counter[str]", seen: int) -> float:
    kana = sum(count for letter, count in counts.items() if _is_kana(letter))
    half = sum(count for letter, count in counts.items() if "\uff61" <= letter <= "\uff9f")
    known = sum(count for letter, count in counts.items() if letter in _KANJI)
    return (1.6 * kana + known - 2.0 * half) / seen


def _korean(counts: "Counter[str]", seen: int) -> float:
    usual = sum(count for letter, count in counts.items() if _is_hangul(letter) and _encodes(letter, "euc_kr"))
    rare = sum(count for letter, count in counts.items() if _is_hangul(letter)) - usual
    return (1.15 * usual - rare) / seen


def _chinese(frequent: frozenset[str], page: str, lead: range) -> Callable[["Counter[str]", int], float]:
    def rate(counts: "Counter[str]", seen: int) -> float:
        known = usual = 0
        for letter, count in counts.items():
            if letter in frequent:
                known += count
            elif "\u4e00" <= letter <= "\u9fff" and _encodes(letter, page) and letter.encode(page)[0] in lead:
                usual += count
        return (3.0 * known + 0.6 * usual) / seen

    return rate


def _encodes(letter: str, page: str) -> bool:
    try:
        letter.encode(page)
    except UnicodeEncodeError:
        return False
    return True


_WIDE: Final[tuple[tuple[str, Callable[["Counter[str]", int], float]], ...]] = (
    ("cp932", _japanese),
    ("euc_jp", _japanese),
    ("cp949", _korean),
    ("gb18030", _chinese(_HANS, "gb2312", range(0xB0, 0xD8))),
    ("cp950", _chinese(_HANT, "big5", range(0xA4, 0xC7))),
)


def _wide_fit(text: str, rate: Callable[["Counter[str]", int], float]) -> float:
    counts = Counter(letter for letter in text if letter >= "\x80" and letter not in _USUAL)
    seen = sum(counts.values())
    if not seen:
        return 0.0
    # A sign that swallowed the letter behind it stands in the midst of a word: accents read as Chinese.
    glued = len(re.findall(r"[a-z][\u3400-\u9fff\uac00-\ud7a3]|[\u3400-\u9fff\uac00-\ud7a3][a-z]", text))
    odd = sum(count for letter, count in counts.items() if unicodedata.category(letter) in {"Co", "Cn"})
    return min(1.2, rate(counts, seen)) - (1.5 * glued + 2 * odd) / seen
