"""Documents that nobody's client makes: what can be said of them is said, and the rest costs nothing but itself."""

from collections.abc import Callable
from typing import Any

import msgspec
import pycrdt
import pytest

from homemedia.heaps import crdt, deriving
from homemedia.heaps.models import Facts

Make = Callable[["pycrdt.Doc[Any]"], None]


def made(make: Make) -> bytes:
    doc = pycrdt.Doc[Any]()
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        doc.get("meta", type=pycrdt.Map)["title"] = "Trip"
        make(doc)
    return crdt.merged(told)


def attribute(value: Any) -> Make:
    def make(doc: "pycrdt.Doc[Any]") -> None:
        attributes = doc.get("attributes", type=pycrdt.Map)
        attributes["good"], attributes["odd"] = 3, value

    return make


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1e300, {"good": 3, "odd": 1e300}),
        (float("inf"), {"good": 3, "odd": None}),
        (2.0, {"good": 3, "odd": 2}),
        (-2.5, {"good": 3, "odd": -2.5}),
        (b"\x00\xff", {"good": 3, "odd": "AP8="}),
        (nested(900), {"good": 3}),
        ("x" * deriving.MAX_JSON_BYTES, {"good": 3}),
    ],
)
def test_attribute_that_cannot_be_told_leaves_the_others(value: Any, said: dict[str, Any]) -> None:
    facts = deriving.derive(made(attribute(value)))

    assert facts.title == "Trip"
    assert {name: one for name, one in facts.attributes.items() if name in said} == said
    assert len(msgspec.json.encode(facts.attributes)) <= deriving.MAX_JSON_BYTES
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=Facts) == facts


@pytest.mark.parametrize("kind", [pycrdt.Map, pycrdt.Array, pycrdt.Text])
def test_content_of_another_kind_says_nothing_and_hides_nothing(kind: Any) -> None:
    def make(doc: "pycrdt.Doc[Any]") -> None:
        root = doc.get("content", type=kind)
        if isinstance(root, pycrdt.Map):
            root["a"] = 1
        elif isinstance(root, pycrdt.Array):
            root.append(1)
        else:
            root.insert(0, "x")

    facts = deriving.derive(made(make))

    assert (facts.title, facts.text) == ("Trip", "")


@pytest.mark.parametrize("depth", [50, 1000])
def test_nodes_that_lie_too_deep_are_not_written_down(depth: int) -> None:
    def make(doc: "pycrdt.Doc[Any]") -> None:
        node: Any = doc.get("content", type=pycrdt.XmlFragment)
        for _ in range(depth):
            node = node.children.append(pycrdt.XmlElement("bulletList"))
        node.children.append("deep")

    update = made(make)

    is_told = depth < deriving.MAX_DEPTH
    assert bool(deriving.derive(update).text) is is_told
    assert bool(deriving.xml(update)) is is_told


def test_relations_are_to_what_can_be_a_block() -> None:
    def make(doc: "pycrdt.Doc[Any]") -> None:
        tags = doc.get("tags", type=pycrdt.Map)
        tags["block-of-travel"] = {"added_at": 5}
        tags["x" * 100_000] = {"added_at": 5}
        paragraph = doc.get("content", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("paragraph"))
        paragraph.children.append(pycrdt.XmlElement("mention", {"id": "no id", "label": "nobody"}))

    facts = deriving.derive(made(make))

    assert (facts.tags, facts.mentions) == ({"block-of-travel": 5}, {})


def test_text_in_nested_lists_keeps_its_lines() -> None:
    def make(doc: "pycrdt.Doc[Any]") -> None:
        outer = doc.get("content", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("bulletList"))
        for word in ("one", "two"):
            item = outer.children.append(pycrdt.XmlElement("listItem"))
            item.children.append(pycrdt.XmlElement("paragraph")).children.append(word)
            inner = item.children.append(pycrdt.XmlElement("bulletList"))
            below = inner.children.append(pycrdt.XmlElement("listItem"))
            below.children.append(pycrdt.XmlElement("paragraph")).children.append(f"below {word}")

    assert deriving.derive(made(make)).text == "one\nbelow one\ntwo\nbelow two"
