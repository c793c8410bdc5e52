"""What names and phone numbers the clip API takes, and its words for colours (clips §5.2, 6.3, 7.1). Pure rules."""

import re
import unicodedata

from homemedia.accounts.names import checked_username
from homemedia.core.problems import BadRequest

MAX_USERNAME = 30
MAX_GROUP_NAME = 50
PHONE = re.compile(r"\+[1-9]\d{1,14}", re.ASCII)
NATIONAL_DIGITS = 10
INTERNATIONAL_DIGITS = range(10, 16)
# Hues in OKLCH of the colours that the clip API's clients draw for these words.
HUES = {"coral": 39, "violet": 304, "cyan": 212, "rose": 13, "gold": 92, "mint": 163, "sky": 233, "lime": 121}
USUAL_ACCENT = "coral"


def clip_username(value: object) -> str:
    """A user name as the clip API takes it: letters and digits of any script, `.`, `_`, `-`; 1 to 30.

    Raises:
        BadRequest: it is none.
    """
    text = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""
    if not 1 <= len(text) <= MAX_USERNAME:
        raise _bad_username(f"must be 1-{MAX_USERNAME} characters")
    # Marks belong to the letters of many scripts, and never begin a name.
    is_fine = all(unicodedata.category(char)[0] in "LNM" or char in "._-" for char in text)
    if not is_fine or unicodedata.category(text[0])[0] == "M":
        raise _bad_username("may hold letters, digits, dots, hyphens and underscores only")
    return checked_username(text)


def _bad_username(reason: str) -> BadRequest:
    return BadRequest(f"Username {reason}.", field="username", reason=reason)


def is_phone(value: object) -> bool:
    """Whether this is a number as E.164 writes it: `+4915112345678`."""
    return isinstance(value, str) and PHONE.fullmatch(value) is not None


def clip_phone(value: object) -> str:
    """A phone number as E.164 writes it.

    Raises:
        BadRequest: it is none.
    """
    if value is None or value == "":
        raise BadRequest("Phone number required.", field="phone", reason="is required")
    if not isinstance(value, str) or not is_phone(value.strip()):
        raise BadRequest(
            "The phone number must be in E.164 format: + and country code first, as +15550000001.",
            field="phone",
            reason="must be in E.164 format",
        )
    return value.strip()


def loose_phone(value: object, country_code: str) -> str:
    """A phone number as people and phones write it, as E.164 writes it.

    Args:
        value: "(555) 000-0002", "+49 151 1234567".
        country_code: of numbers of ten digits, without `+`.

    Raises:
        BadRequest: nobody can say which number this is.
    """
    text = value.strip() if isinstance(value, str) else ""
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    found = ""
    if text.startswith("+"):
        found = f"+{digits}" if len(digits) in INTERNATIONAL_DIGITS else ""
    elif len(digits) == NATIONAL_DIGITS:
        found = f"+{country_code}{digits}"
    elif len(digits) == NATIONAL_DIGITS + 1 and digits.startswith("1"):
        found = f"+{digits}"
    if not is_phone(found):
        raise BadRequest("This is no phone number.", field="phone", reason="is no phone number")
    return found


def group_name(value: object) -> str:
    """A household's name as the clip API takes it.

    Raises:
        BadRequest: it is none.
    """
    text = value.strip() if isinstance(value, str) else ""
    if not 1 <= len(text) <= MAX_GROUP_NAME:
        raise BadRequest(f"The name must have 1-{MAX_GROUP_NAME} characters.", field="name")
    return text


def accent_word(hue: int | None, word: str | None) -> str:
    """The clip API's word for the household's colour.

    Args:
        hue: of the household in degrees; None for the program's own colour.
        word: the last one that was chosen; it holds as long as nobody chose another hue.
    """
    if hue is None:
        return USUAL_ACCENT
    if word is not None and HUES.get(word) == hue:
        return word
    return min(HUES, key=lambda name: min((HUES[name] - hue) % 360, (hue - HUES[name]) % 360))
