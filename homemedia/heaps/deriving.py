"""What lists and search show of a document: title, words, relations, files (heaps §3.3, 4.6). In the worker only."""

import re
from typing import Any, Final

import msgspec
import pycrdt

from homemedia.heaps.building import built

MAX_TEXT_BYTES: Final = 200_000
MAX_XML_BYTES: Final = 1 << 20
MAX_TITLE: Final = 200
MAX_PREVIEW: Final = 280
MAX_NAME: Final = 255
MAX_RELATIONS: Final = 5000
MAX_DEPTH: Final = 200
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


class FileFact(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a block's file, as its document names it. `added_at` in ms."""

    hash: str
    name: str
    size: int
    mime: str
    added_at: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of itself.

    Attributes:
        title: its own, else its first line, else the name of its newest file, else "".
        tags, mentions: ids of other blocks → when (ms), or None.
        files: newest first.
    """

    title: str
    type: str | None
    icon: str | None
    pinned: bool
    created_at: int | None
    deleted_at: int | None
    deleted_by: str | None
    text: str
    preview: str
    has_content: bool
    tags: dict[str, int | None]
    mentions: dict[str, int | None]
    files: tuple[FileFact, ...]
    apps: dict[str, Any]
    attributes: dict[str, Any]


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
        apps=_map(doc, "apps"),
        attributes=_map(doc, "attributes"),
    )


def xml(update: bytes) -> str:
    """The document's `content` as XML, as ProseMirror's nodes are named.

    Raises:
        Unprocessable: `block_unreadable`.
    """
    return str(built(update).get("content", type=pycrdt.XmlFragment))[: MAX_XML_BYTES + 1]


def _map(doc: "pycrdt.Doc[Any]", name: str) -> dict[str, Any]:
    """A root that should be a map; what is of another kind says nothing."""
    found = doc.get(name, type=pycrdt.Map)
    plain = found.to_py()
    return _whole(plain) if isinstance(plain, dict) else {}


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever a document holds
    """Whole numbers come back as floats."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(name): _whole(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(one) for one in value]
    return value


def _text(value: object, limit: int) -> str:
    return " ".join(value.split())[:limit].strip() if isinstance(value, str) else ""


def _ms(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 53 else None


def _others(found: dict[str, Any]) -> dict[str, int | None]:
    """Ids of other blocks, each with its time where one stands there."""
    entries = list(found.items())[:MAX_RELATIONS]
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
    return tuple(sorted(facts, key=lambda one: (-one.added_at, one.hash)))


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
            if isinstance(target, str) and len(mentioned) < MAX_RELATIONS:
                mentioned[target] = None
            out.append(str(attributes.get("label") or ""))
        for child in node.children:
            walk(child, depth + 1)
        if tag in LINES:
            out.append("\n")

    walk(content, 0)
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(out))).strip(), mentioned
