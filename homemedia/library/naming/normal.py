"""Text made comparable: one form for identity keys and for both sides of a search.

Decides nothing about names; see `titles.py`, `identity.py` and the library's search for who uses it.
"""

import re
import unicodedata

# Letters that carry a stroke or are two letters in one do not fall apart under NFKD.
SPECIAL_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "&": " and "})

# Canonical combining classes that are not diacritics: 0 holds the vowel signs of Indic scripts and Thai, 7 nukta,
# 8 the Japanese voicing marks, 9 virama. Without them different words would become equal (ハハ, ババ and パパ).
KEPT_MARKS = frozenset({0, 7, 8, 9})

ASCII_PUNCTUATION = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()} | {"&": " and "})
# Marks of writing direction. The joiners 200C and 200D stay: Persian words and emoji families are made with them.
TURNING = dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CJK_RUN = re.compile(f"[{CJK}]+")


def fold(text: str) -> str:
    """The text in lower case without diacritics; punctuation and blanks stay.

    Full-width forms become ASCII, `œ` becomes `oe`, `ß` becomes `ss`; Hangul stays in syllables.

    Source:
        Watch contract 13.4 and 6.4.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(char for char in apart if unicodedata.combining(char) in KEPT_MARKS)
    # Casefolding may bring forth a letter of the table only after the marks are gone, hence last.
    return unicodedata.normalize("NFC", bare.translate(SPECIAL_LETTERS))


def shown(text: str) -> str:
    """A name as people may see it: composed letters, no line breaks, nothing that turns the text around it.

    A Mac writes `é` as two characters, which other systems show apart; controls come from damaged or malicious names.
    """
    if text.isascii() and text.isprintable():
        return text
    whole = unicodedata.normalize("NFC", text)
    clean = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in whole)
    return " ".join(clean.translate(TURNING).split()) or text


def same_name(name: str) -> str:
    """One form for file names that differ in case, or in how their accents are written, alone."""
    return (
        name.lower() if name.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    )


def normalise(text: str) -> str:
    """The words of a text in comparable form, one blank between them; empty when it holds none.

    `&` counts as "and", every other punctuation as a blank.

    Source:
        Watch contract 6.3 and 13.4.
    """
    if text.isascii():
        return " ".join(text.lower().translate(ASCII_PUNCTUATION).split())
    folded = fold(text)
    spaced = "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in folded)
    return " ".join(spaced.split())


def squeeze(text: str) -> str:
    """The normalised text without any blank, so that `spider man`, `Spider-Man` and `spiderman` are one."""
    return normalise(text).replace(" ", "")


def bigrams(text: str) -> list[str]:
    """Overlapping pairs of the Chinese and Japanese characters of a text, in order; a lone one stands alone.

    Those scripts write no blanks between words, so pairs are what can be looked up.
    """
    pairs: list[str] = []
    for run in CJK_RUN.findall(normalise(text)):
        pairs.extend([run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)])
    return pairs


def edit_distance_at_most(left: str, right: str, limit: int) -> bool:
    """Whether at most `limit` letters inserted, left out or exchanged turn one text into the other."""
    if len(left) > len(right):
        left, right = right, left
    if len(right) - len(left) > limit:
        return False
    if left == right:
        return True
    # Only the diagonal band of width 2·limit+1 can stay within the limit.
    far = limit + 1
    previous = [j if j <= limit else far for j in range(len(right) + 1)]
    for i, letter in enumerate(left, start=1):
        low, high = max(1, i - limit), min(len(right), i + limit)
        row = [far] * (len(right) + 1)
        if i <= limit:
            row[0] = i
        for j in range(low, high + 1):
            row[j] = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != right[j - 1]))
        if min(row[low - 1 : high + 1]) > limit:
            return False
        previous = row
    return previous[len(right)] <= limit
