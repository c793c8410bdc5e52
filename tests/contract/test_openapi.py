"""The committed document is the document of the code."""

from pathlib import Path

import msgspec

from homemedia.app import api_document

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_committed_document_is_current() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == api_document(), "run: homemedia openapi > docs/openapi.json"


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = msgspec.json.decode(api_document())
    wanted: set[str] = set()

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                wanted.add(node["$ref"].removeprefix("#/components/schemas/"))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)

    assert wanted <= set(document["components"]["schemas"])
