"""Before anybody has claimed the household no invite opens it."""

from typing import Any

from aiohttp.test_utils import TestClient


async def test_nobody_joins_before_the_claim(client: TestClient[Any, Any]) -> None:
    answer = await client.post("/api/invites/x/accept", json={"username": "gran", "password": "1234"})

    assert (answer.status, (await answer.json())["code"]) == (403, "setup_required")
