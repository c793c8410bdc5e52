"""What a TypeScript library declares its answers to be, read from its `.d.ts`, and whether an answer is so.

Knows as much of the language as generated API clients use: objects, lists, unions, literals, enums, names.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Type = tuple[Any, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|\w+|\S')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FUNCTION = re.compile(r"export declare function (\w+)\(.*?\): Promise<(.*?)>;", re.DOTALL)
_TYPE = re.compile(r"export type (\w+) = ")
_ENUM = re.compile(r"export declare enum (\w+) \{(.*?)\}", re.DOTALL)
_PLAIN: Mapping[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "boolean": (bool,)}


class Declared:
    """A library's declarations.

    Attributes:
        answers: what each of its functions answers.
    """

    def __init__(self, file: Path) -> None:
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        self._enums = {
            name: frozenset(re.findall(r'= "((?:[^"\\]|\\.)*)"', body)) for name, body in _ENUM.findall(text)
        }
        self._types = {found[1]: _Reader(text[found.end() :]).type() for found in _TYPE.finditer(text)}
        self.answers: dict[str, Type] = {name: _Reader(answer).type() for name, answer in _FUNCTION.findall(text)}

    def faults(self, function: str, answer: Any) -> list[str]:
        """Where an answer is not as declared, and how."""
        return list(self._faults(self.answers[function], answer, function))

    def faults_of(self, name: str, value: Any) -> list[str]:
        """Where a value is not as a type of this name is declared."""
        return list(self._faults(("name", name), value, name))

    def _faults(self, wanted: Type, value: Any, place: str) -> Iterator[str]:
        match wanted:
            case ("literal", text):
                if value != text:
                    yield f"{place} is {value!r}, not {text!r}"
            case ("list", of):
                yield from self._list_faults(of, value, place)
            case ("union", options):
                found = [list(self._faults(option, value, place)) for option in options]
                if all(found):
                    yield from min(found, key=len)
            case ("object", fields, others):
                yield from self._object_faults(fields, others, value, place)
            case ("name", name):
                yield from self._named_faults(name, value, place)

    def _list_faults(self, of: Type, value: Any, place: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place} is no list: {value!r}"
            return
        for number, one in enumerate(value):
            yield from self._faults(of, one, f"{place}[{number}]")

    def _named_faults(self, name: str, value: Any, place: str) -> Iterator[str]:
        if name in ("any", "unknown", "object", "Blob"):
            return
        if name == "never":
            if value:
                yield f"{place} is {value!r}, nothing was promised"
        elif name == "null":
            if value is not None:
                yield f"{place} is {value!r}, not null"
        elif name in _PLAIN:
            is_bool = isinstance(value, bool)
            if not isinstance(value, _PLAIN[name]) or is_bool != (name == "boolean"):
                yield f"{place} is {value!r}, no {name}"
        elif name in self._enums:
            if value not in self._enums[name]:
                yield f"{place} is {value!r}, none of {name}"
        else:
            yield from self._faults(self._types[name], value, place)

    def _object_faults(
        self, fields: Mapping[str, tuple[bool, Type]], others: Type | None, value: Any, place: str
    ) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place} is no object: {value!r}"
            return
        for name, (is_optional, of) in fields.items():
            if name in value:
                yield from self._faults(of, value[name], f"{place}.{name}")
            elif not is_optional:
                yield f"{place}.{name} is missing"
        if others is not None:
            for name in value.keys() - fields.keys():
                yield from self._faults(others, value[name], f"{place}.{name}")


class _Reader:
    """Reads one type from the beginning of a text."""

    def __init__(self, text: str) -> None:
        self._tokens = (found[0] for found in _TOKEN.finditer(text))
        self._next = next(self._tokens, "")

    def type(self) -> Type:
        if self._next == "|":
            self._take()
        options = [self._suffixed()]
        while self._next in ("|", "&"):
            sign = self._take()
            option = self._suffixed()
            if sign == "&":
                option = _joined(options.pop(), option)
            options.append(option)
        return options[0] if len(options) == 1 else ("union", options)

    def _suffixed(self) -> Type:
        found = self._primary()
        while self._next == "[":
            self._take()
            self._take()
            found = ("list", found)
        return found

    def _primary(self) -> Type:
        token = self._take()
        if token == "(":
            found = self.type()
            self._take()
            return found
        if token == "{":
            return self._object()
        if token.startswith('"'):
            return ("literal", token[1:-1])
        if token.lstrip("-").replace(".", "", 1).isdigit():
            return ("literal", float(token))
        return ("name", token)

    def _object(self) -> Type:
        fields: dict[str, tuple[bool, Type]] = {}
        others: Type | None = None
        while self._next != "}":
            name = self._take()
            if name == "[":
                while self._take() != "]":
                    pass
                self._take()
                others = self.type()
            else:
                is_optional = self._next == "?"
                if is_optional:
                    self._take()
                self._take()
                fields[name.strip('"')] = (is_optional, self.type())
            if self._next in (";", ","):
                self._take()
        self._take()
        return ("object", fields, others)

    def _take(self) -> str:
        token, self._next = self._next, next(self._tokens, "")
        return token


def _joined(first: Type, second: Type) -> Type:
    if first[0] == second[0] == "object":
        return ("object", {**first[1], **second[1]}, first[2] or second[2])
    return ("any",)
