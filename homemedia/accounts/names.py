"""What names and passwords may look like. Pure rules (watch §15.1, design "names", "passwords").

Threat: who holds an invite chooses his name, and chooses one that looks like the administrator's. So a user name holds
nothing that is not seen, and no word of it is spelled with letters of two alphabets that share their shapes.
"""

import unicodedata

from homemedia.core.problems import BadRequest

MAX_NAME = 64
# Of somebody who has not said yet who he is, before his id. No real name holds a colon.
NAMELESS = "pending:"
MAX_EMAIL = 254
MIN_PASSWORD_BYTES = 4
MIN_ADMIN_PASSWORD_BYTES = 6
MAX_PASSWORD_BYTES = 1024
_FORBIDDEN = frozenset("/\\:?#")
# Characters that turn the direction of a line: with them one name can be made to look like another.
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Characters without a shape of their own, beside those of category Cf.
_SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# They join or shape what stands before them: emoji, and letters of scripts that are written joined.
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")
# Alphabets with letters that look alike: a, e, o, p, c, x, y are all three of the first.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})


def name_key(text: str) -> str:
    """What two user names are compared by: trimmed, NFKC, case folded."""
    # Case folding may leave a text that is not NFKC any more, so it is made so once again.
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def email_key(text: str) -> str:
    return text.strip().lower()


def checked_username(text: str) -> str:
    """A user name as it is kept.

    Raises:
        BadRequest: it is empty, too long or holds what no name may hold.
    """
    name = unicodedata.normalize("NFC", text).strip()
    reason = _fault_of_name(name, _FORBIDDEN)
    if reason is None and not name_key(name):
        reason = "must not be empty"
    if reason is None:
        reason = _disguise(name)
    if reason is not None:
        raise BadRequest(f"The user name {reason}.", field="username", reason=reason)
    return name


def checked_title(text: str, field: str) -> str:
    """The name of a household or a person's display name: free text on one line.

    Raises:
        BadRequest: it is empty, too long or holds control characters; `field` is the one at fault.
    """
    name = unicodedata.normalize("NFC", text).strip()
    reason = _fault_of_name(name, frozenset())
    if reason is not None:
        raise BadRequest(f"The name {reason}.", field=field, reason=reason)
    return name


def checked_email(text: str) -> str:
    """An e-mail address as it is kept: lower-cased. Whether somebody reads it, only a letter could tell.

    Raises:
        BadRequest: it cannot be an address.
    """
    address = email_key(unicodedata.normalize("NFC", text))
    name, _, domain = address.rpartition("@")
    has_odd = any(char.isspace() or unicodedata.category(char) in _UNSEEN or char in _TURNING for char in address)
    if not name or not domain or has_odd or len(address) > MAX_EMAIL:
        raise BadRequest("This is no e-mail address.", field="email", reason="is no e-mail address")
    return address


def _fault_of_name(name: str, forbidden: frozenset[str]) -> str | None:
    if not name:
        return "must not be empty"
    if len(name) > MAX_NAME:
        return f"may have {MAX_NAME} characters at most"
    if any(unicodedata.category(char) in _UNSEEN or char in _TURNING for char in name):
        return "must not hold control characters"
    found = sorted(set(name) & forbidden)
    if found:
        return f"must not hold {' '.join(found)}"
    return None


def _disguise(name: str) -> str | None:
    """What makes a name look like another one."""
    before, word = "", ""
    for char in name:
        if char in _JOINERS:
            # After a letter of ours it would be nothing but invisible.
            if not before or before.isascii() or _alphabet(before) in _ALIKE:
                return "must not hold characters that cannot be seen"
        elif char in _SHAPELESS or unicodedata.category(char) == "Cf" or "\U000e0100" <= char <= "\U000e01ef":
            return "must not hold characters that cannot be seen"
        elif char.isalpha():
            alphabet = _alphabet(char)
            if alphabet in _ALIKE and word and word != alphabet:
                return "must not mix letters of two alphabets in one word"
            word = alphabet if alphabet in _ALIKE else word
        elif not unicodedata.combining(char):
            word = ""
        before = char
    return None


def _alphabet(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def check_password(text: str, *, is_admin: bool, field: str = "password") -> None:
    """Let a password pass, or say why not. Length counts in bytes of UTF-8; every character is welcome.

    Raises:
        BadRequest: too short or too long.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    least = MIN_ADMIN_PASSWORD_BYTES if is_admin else MIN_PASSWORD_BYTES
    if size < least:
        reason = f"must have at least {least} characters"
        raise BadRequest(f"The password {reason}.", field=field, reason=reason)
    if size > MAX_PASSWORD_BYTES:
        reason = f"may have {MAX_PASSWORD_BYTES} bytes at most"
        raise BadRequest(f"The password {reason}.", field=field, reason=reason)
