"""What lists and search show of a document: title, words, relations, files (heaps §3.3, 4.6). In the worker only."""

import base64
import math
import re
from typing import Any, Final

import msgspec
import pycrdt

from homemedia.heaps.building import built
from homemedia.heaps.models import Facts, FileFact, is_id

MAX_TEXT_BYTES: Final = 200_000
MAX_XML_BYTES: Final = 1 << 20
MAX_TITLE: Final = 200
MAX_PREVIEW: Final = 280
MAX_NAME: Final = 255
MAX_RELATIONS: Final = 5000
MAX_VERSIONS: Final = 1000
MAX_JSON_BYTES: Final = 256 << 10
MAX_DEPTH: Final = 200
# What a double holds exactly.
MAX_INT: Final = (1 << 53) - 1
# Each of these nodes ends a line of the plain text.
LINES: Final = frozenset(
    {
        "paragraph",
        "heading",
        "codeBlock",
        "listItem",
        "taskItem",
        "blockquote",
        "tableRow",
        "hardBreak",
        "horizontalRule",
    }
)
HASH: Final = re.compile(r"[0-9a-f]{64}")
_SPACES: Final = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES: Final = re.compile(r"\n\s*\n+")


class UnsayableError(ValueError):
    """A value that JSON has no words for."""


def derive(update: bytes) -> Facts:
    """What all of a document's updates say.

    Raises:
        Unprocessable: `block_unreadable`.
    """
    doc = built(update)
    meta = _map(doc, "meta")
    text, mentioned = _words(doc)
    files = _files(_map(doc, "files"))
    title = _text(meta.get("title"), MAX_TITLE)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return Facts(
        title=title or first[:MAX_TITLE] or (files[0].name if files else ""),
        type=_text(meta.get("type"), 32) or None,
        icon=_text(meta.get("icon"), 16) or None,
        pinned=meta.get("pinned") is True,
        created_at=_ms(meta.get("created_at")),
        deleted_at=_ms(meta.get("deleted_at")),
        deleted_by=_text(meta.get("deleted_by"), 64) or None,
        text=text,
        preview=" ".join(text.split())[:MAX_PREVIEW],
        has_content=bool(first),
        tags=_others(_map(doc, "tags")),
        mentions={**mentioned, **_others(_map(doc, "mentions"))},
        files=files,
        apps=_short(_map(doc, "apps")),
        attributes=_short(_map(doc, "attributes")),
    )


def xml(update: bytes) -> str:
    """The document's `content` as XML, as ProseMirror's nodes are named.

    Raises:
        Unprocessable: `block_unreadable`.
    """
    content = built(update).get("content", type=pycrdt.XmlFragment)
    return "" if _is_deep(content) else str(content)[: MAX_XML_BYTES + 1]


def _is_deep(content: Any) -> bool:  # noqa: ANN401 - a fragment
    """Whether nodes lie in each other so deep that writing them down would take all of the stack."""
    level = [content]
    for _ in range(MAX_DEPTH):
        level = [child for node in level if not isinstance(node, pycrdt.XmlText) for child in node.children]
        if not level:
            return False
    return True


def _map(doc: "pycrdt.Doc[Any]", name: str) -> dict[str, Any]:
    """A root that should be a map; what is of another kind says nothing, and so does an entry nobody can write down."""
    found = doc.get(name, type=pycrdt.Map)
    plain: dict[str, Any] = {}
    for key in found:
        try:
            plain[key] = _plain(found[key], 0)
        except UnsayableError:
            continue
    return plain


def _plain(value: Any, depth: int) -> Any:  # noqa: ANN401 - whatever a document holds
    """As JSON has it. Whole numbers come back as floats.

    Raises:
        UnsayableError: it holds something that JSON does not, or too deep.
    """
    if depth > MAX_DEPTH:
        raise UnsayableError("too deep")
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, pycrdt.Text | bytes | bytearray):
        return str(value) if isinstance(value, pycrdt.Text) else base64.b64encode(value).decode()
    if isinstance(value, dict | pycrdt.Map):
        return {str(key): _plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple | pycrdt.Array):
        return [_plain(one, depth + 1) for one in value]
    raise UnsayableError(type(value).__name__)


def _number(value: float) -> float | None:
    """Whole where it is; what is none is nothing, as in JavaScript's JSON."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    is_exact = abs(value) <= MAX_INT
    return int(value) if is_exact and value == int(value) else float(value)


def _short(found: dict[str, Any]) -> dict[str, Any]:
    """As many entries as lists and pages can bear; the document keeps all of them."""
    left = MAX_JSON_BYTES
    kept: dict[str, Any] = {}
    # A map has no order of its own.
    for key, value in sorted(found.items()):
        size = len(key) + len(msgspec.json.encode(value))
        if size <= left:
            left -= size
            kept[key] = value
    return kept


def _text(value: object, limit: int) -> str:
    return " ".join(value.split())[:limit].strip() if isinstance(value, str) else ""


def _ms(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 53 else None


def _others(found: dict[str, Any]) -> dict[str, int | None]:
    """Ids of other blocks, each with its time where one stands there."""
    entries = [(name, value) for name, value in found.items() if is_id(name)][:MAX_RELATIONS]
    return {name: _ms(value.get("added_at")) if isinstance(value, dict) else None for name, value in entries}


def _files(found: dict[str, Any]) -> tuple[FileFact, ...]:
    facts = [
        FileFact(
            hash=name,
            name=_text(value.get("name"), MAX_NAME) or name[:12],
            size=_ms(value.get("size")) or 0,
            mime=_text(value.get("mime"), 128) or "application/octet-stream",
            added_at=_ms(value.get("added_at")) or 0,
        )
        for name, value in found.items()
        if HASH.fullmatch(name) and isinstance(value, dict)
    ]
    return tuple(sorted(facts, key=lambda one: (-one.added_at, one.hash))[:MAX_VERSIONS])


def _words(doc: "pycrdt.Doc[Any]") -> tuple[str, dict[str, int | None]]:
    """The plain text of `content`, and the blocks that its nodes mention."""
    out: list[str] = []
    mentioned: dict[str, int | None] = {}
    content = doc.get("content", type=pycrdt.XmlFragment)
    left = MAX_TEXT_BYTES

    def walk(node: Any, depth: int) -> None:  # noqa: ANN401 - an element, a fragment or a text
        nonlocal left
        if left <= 0 or depth > MAX_DEPTH:
            return
        if isinstance(node, pycrdt.XmlText):
            words = "".join(one for one, _ in node.diff() if isinstance(one, str))
            out.append(words[:left])
            left -= len(words)
            return
        tag = node.tag if isinstance(node, pycrdt.XmlElement) else None
        if tag == "mention":
            attributes = dict(node.attributes)
            target = attributes.get("id")
            if isinstance(target, str) and is_id(target) and len(mentioned) < MAX_RELATIONS:
                mentioned[target] = None
            out.append(_text(attributes.get("label"), MAX_TITLE))
        for child in node.children:
            walk(child, depth + 1)
        if tag in LINES:
            out.append("\n")

    walk(content, 0)
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(out))).strip(), mentioned
