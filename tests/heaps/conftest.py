"""A house with a heap, and a small client that keeps documents as bytes."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pycrdt
import pytest

from homemedia.heaps import crdt
from tests.support.app import House, a_house

HEAP = "heap-of-tests"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Notes:
    """Talks to the sync routes as a client does that keeps no document but its bytes."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def push(self, block_id: str, update: bytes, **more: Any) -> dict[str, Any]:
        """What became of one block."""
        block = {"block_id": block_id, "workspace_id": HEAP, "update": b64(update), **more}
        answer = await self.house.send("POST", "/api/sync/push", {"blocks": [block]})
        result: dict[str, Any] = answer["results"][0]
        return result

    async def pull(self, block_id: str, vector: bytes = crdt.EMPTY_VECTOR, **more: Any) -> dict[str, Any]:
        """What one lacks of a block."""
        block = {"block_id": block_id, "state_vector": b64(vector), **more}
        answer = await self.house.send("POST", "/api/sync/pull", {"blocks": [block]})
        found: dict[str, Any] = answer["blocks"][0]
        return found

    async def delta(self, since: int = 0, **query: Any) -> dict[str, Any]:
        """What changed after a stamp."""
        words = "".join(f"&{name}={value}" for name, value in query.items())
        found: dict[str, Any] = await self.house.get(f"/api/sync/delta?workspace_id={HEAP}&since={since}{words}")
        return found

    async def note(self, block_id: str, title: str, text: str = "", **meta: Any) -> bytes:
        """Push a note; its document."""
        update = a_note(title, text, **meta)
        assert (await self.push(block_id, update))["status"] == "created"
        return update

    async def settle(self) -> None:
        """Wait until what was pushed has been looked into."""
        await self.house.server.heaps.facts.settled()


def a_note(
    title: str, text: str = "", *, tags: tuple[str, ...] = (), mentions: tuple[str, ...] = (), **meta: Any
) -> bytes:
    """A document as the web client makes one."""
    doc = pycrdt.Doc[Any]()
    fields = doc.get("meta", type=pycrdt.Map)
    told: list[bytes] = []
    doc.observe(lambda event: told.append(event.update))
    with doc.transaction():
        for name, value in {"title": title, **meta}.items():
            fields[name] = value
        for tag in tags:
            doc.get("tags", type=pycrdt.Map)[tag] = {"added_at": 5}
        if text or mentions:
            paragraph = doc.get("content", type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("paragraph"))
            paragraph.children.append(text)
            for mention in mentions:
                paragraph.children.append(pycrdt.XmlElement("mention", {"id": mention, "label": "@"}))
    return crdt.merged(told)


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncIterator[Notes]:
    async with a_house(tmp_path) as house:
        await house.claim()
        house.server.heaps.facts.rest_s = 0.0
        await house.send("POST", "/api/heap/add", {"id": HEAP, "title": "Family"}, 201)
        yield Notes(house)
