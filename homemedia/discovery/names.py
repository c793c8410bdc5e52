"""Names on the network, made from the household's own: what may stand in a `.local` address and in a service's name."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_LABEL_MAX: Final = 63  # bytes, RFC 1035, 2.3.4
_ROOM_FOR_NUMBER: Final = 4  # "-99" and one to spare
_TEXT_MAX: Final = 255  # bytes of "key=value", RFC 6763, 6.1
_SPELLED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d"})
# Names that mean something else wherever they are typed.
_TAKEN: Final = {"localhost", "local", "wpad", "isatap"}


def host_label(household: str) -> str:
    """The first part of the `.local` name: lower-case ASCII letters, digits and inner hyphens; never empty."""
    spelled = unicodedata.normalize("NFC", household.casefold()).translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).replace("'", "").replace("\u2019", "")
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    label = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _LABEL_MAX - _ROOM_FOR_NUMBER].strip("-")
    # Digits alone would read as the end of an address, and letters of another script leave nothing.
    if not label or label.isdecimal() or label in _TAKEN:
        return f"homemedia-{label}".strip("-")
    return label


def numbered(label: str) -> Iterator[str]:
    """`attic`, `attic-2`, `attic-3`, … to try in turn."""
    yield label
    for number in range(2, 100):
        yield f"{label}-{number}"


def service_label(household: str) -> str:
    """What browsers of services show: the household's name without dots and control characters, at most 59 bytes.

    A dot would be taken for the end of a label by many programs, zeroconf among them.
    """
    text = " ".join("".join(" " if not part.isprintable() or part == "." else part for part in household).split())
    return _cut(text, _LABEL_MAX - _ROOM_FOR_NUMBER) or "HomeMedia"


def text_record(*, server_id: str, name: str, version: str, public_key: str | None = None) -> dict[str, str]:
    """The TXT record (design §7.57). `name` is cut to what fits, the others always fit."""
    record = {"id": server_id, "name": _cut(name, _TEXT_MAX - len("name=")), "v": version, "path": "/api"}
    if public_key:
        record["pk"] = public_key
    return record


def _cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, no character in halves, no blank at the end."""
    return text.encode(errors="replace")[:most].decode(errors="ignore").rstrip()
