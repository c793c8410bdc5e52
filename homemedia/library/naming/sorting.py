"""Where a title stands in a list: its sort title, and the letter it is found under."""

import re

from homemedia.library.naming.normal import fold

# `la` stands for Spanish and Italian too: a list that sorts "El laberinto" under L and "La casa" under C helps nobody.
ARTICLES: dict[str, tuple[str, ...]] = {
    "en": ("the", "a", "an"),
    "de": ("der", "die", "das", "ein", "eine"),
    "fr": ("le", "la", "les", "l'", "un", "une"),
    "es": ("el", "la", "los", "las"),
    "it": ("il", "la", "lo", "gli", "i"),
    "nl": ("de", "het", "een"),
    "da": ("den", "det", "en", "et"),
    "nb": ("den", "det", "en", "et"),
    "nn": ("den", "det", "en", "et"),
    "no": ("den", "det", "en", "et"),
    "sv": ("den", "det", "en", "et"),
}
LEADING_ARTICLES = frozenset(article for articles in ARTICLES.values() for article in articles)

NUMBER = re.compile(r"\d+")
NUMBER_WIDTH = 8


def sort_title(title: str, language: str) -> str:
    """The title as lists are ordered by it: lower case, no marks, no leading article, numbers padded to 8 digits.

    Signs before the first letter or digit do not count, so that `'Round Midnight` stands under R. Never empty unless
    the title is.

    Args:
        title: as shown.
        language: of the title, BCP 47; of a language without a list no article is dropped.

    Source:
        Watch contract 6.4.
    """
    text = " ".join(fold(title).replace("’", "'").split())  # noqa: RUF001 - the typographic apostrophe is meant
    text = _from_first_sign(text)
    for article in ARTICLES.get(language.replace("_", "-").partition("-")[0].lower(), ()):
        behind = text.removeprefix(article if article.endswith("'") else f"{article} ")
        if behind != text and _from_first_sign(behind, fallback=""):
            text = _from_first_sign(behind)
            break
    return NUMBER.sub(lambda match: match[0].zfill(NUMBER_WIDTH), text)


def letter(key: str) -> str:
    """`A` to `Z` for a sort title, `#` for everything else."""
    first = key[:1].upper()
    return first if "A" <= first <= "Z" and len(first) == 1 else "#"


def _from_first_sign(text: str, fallback: str | None = None) -> str:
    for position, char in enumerate(text):
        if char.isalnum():
            return text[position:]
    return text if fallback is None else fallback
