"""What the photo API's clients expect of words and ids in refusals (photos §1.4, §3). Pure.

Their scripts look for the sentences of the library that upstream checks its input with; ours finds the same faults and
says them in its own words, which are told anew here.
"""

import re
from typing import Any

from msgspec import inspect

from homemedia.core.problems import BadRequest

NOT_VALID = "Validation failed"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WORDS = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "array": "array", "object": "object"}
_KINDS: tuple[tuple[type[inspect.Type], str], ...] = (
    (inspect.StrType, "string"),
    (inspect.IntType, "number"),
    (inspect.FloatType, "number"),
    (inspect.BoolType, "boolean"),
    (inspect.CollectionType, "array"),
    (inspect.StructType, "object"),
    (inspect.DictType, "object"),
    (inspect.LiteralType, "string"),
)
_GOT = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<got>[^`]+)`")
_SIZE = re.compile(r"Expected `(?P<wanted>\w+)`(?P<length> of length)? (?P<sign>>=|<=|>|<) (?P<limit>[\d.]+)")


def checked_uuid(text: str, field: str = "id") -> str:
    """An id of the photo API as it is kept: lower case.

    Raises:
        BadRequest: it is none.
    """
    if _UUID.fullmatch(text) is None:
        raise BadRequest("Invalid UUID", field=field, reason="Invalid UUID")
    return text.lower()


def invalid(field: str | None, reason: str, kind: Any) -> BadRequest:  # noqa: ANN401
    """What was found in a body or an address, as the photo API's clients look for it.

    Args:
        field: where, as "ids[0].name"; None for all of it.
        reason: what, in msgspec's words or as "is required".
        kind: the type it was to be.
    """
    if field is None:
        return BadRequest(NOT_VALID, details=[{"reason": _told(reason, None)}])
    return BadRequest(NOT_VALID, field=field, reason=_told(reason, _found(inspect.type_info(kind), _steps(field))))


def _told(reason: str, wanted: inspect.Type | None) -> str:
    if reason == "is required":
        return f"Invalid input: expected {_word_of(wanted)}, received undefined"
    if (match := _GOT.match(reason)) is not None:
        return f"Invalid input: expected {_word(match['wanted'])}, received {_word(match['got'])}"
    if (match := _SIZE.match(reason)) is not None:
        what = _word(match["wanted"])
        too = "small" if match["sign"].startswith(">") else "big"
        unit = {"string": " characters", "array": " items"}.get(what, "") if match["length"] else ""
        to = "to have " if match["length"] else "to be "
        return f"Too {too}: expected {what} {to}{match['sign']}{match['limit']}{unit}"
    if reason.startswith("Invalid enum value") and (options := _options(wanted)):
        return f"Invalid option: expected one of {'|'.join(options)}"
    return reason


def _word(name: str) -> str:
    """A type's name as JavaScript has it: "str | null" is a string that may be left out."""
    first = name.partition(" | ")[0]
    return _WORDS.get(first, first)


def _word_of(wanted: inspect.Type | None) -> str:
    plain = _plain(wanted)
    return next((word for kind, word in _KINDS if isinstance(plain, kind)), "nonoptional")


def _options(wanted: inspect.Type | None) -> list[str]:
    plain = _plain(wanted)
    if isinstance(plain, inspect.LiteralType):
        return [f'"{value}"' for value in plain.values]
    if isinstance(plain, inspect.EnumType):
        return [f'"{member.value}"' for member in plain.cls]
    return []


def _plain(wanted: inspect.Type | None) -> inspect.Type | None:
    """Without what only says that it may be absent or null."""
    if isinstance(wanted, inspect.Metadata):
        return _plain(wanted.type)
    if isinstance(wanted, inspect.UnionType):
        return next((one for one in wanted.types if not isinstance(one, inspect.NoneType)), None)
    return wanted


def _found(wanted: inspect.Type, steps: list[str]) -> inspect.Type | None:
    """The type of a field, however deep; None where there is none."""
    found: inspect.Type | None = wanted
    for step in steps:
        plain = _plain(found)
        if isinstance(plain, inspect.StructType):
            found = next((field.type for field in plain.fields if field.encode_name == step), None)
        elif isinstance(plain, inspect.CollectionType):
            found = plain.item_type
        else:
            return None
    return found


def _steps(field: str) -> list[str]:
    return [part for part in field.replace("[", ".").replace("]", "").split(".") if part]
