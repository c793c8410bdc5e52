"""Members of a whole house, each with a device of his own, who ask over HTTP alone.

people = await a_household(house, "ann", "ben")
photo_id = await people["ann"].upload(b"...")
"""

from typing import Any

from aiohttp.test_utils import TestClient

from tests.support.app import PASSWORD, House
from tests.support.uploads import uploaded

Answer = tuple[int, Any]


class Person:
    """A member who is signed in."""

    def __init__(self, name: str, user_id: str, device: TestClient[Any, Any]) -> None:
        self.name = name
        self.id = user_id
        self.device = device

    async def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """Status and JSON; None of an answer without one."""
        async with self.device.request(method, f"/api{path}", json=body) as answer:
            raw = await answer.read()
            is_json = bool(raw) and answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else None

    async def get(self, path: str) -> Any:
        return await self.done("GET", path)

    async def done(self, method: str, path: str, body: Any = None) -> Any:
        """What a request answers that is to go well."""
        status, answer = await self.ask(method, path, body)
        assert status < 300, f"{self.name} {method} {path}: {status} {answer}"
        return answer

    async def upload(self, content: bytes, name: str = "IMG_1.jpg", **more: Any) -> str:
        """The id of a new photo."""
        return await uploaded(self.device, content, name, **more)

    async def counted(self, query: str = "") -> int:
        """How many photos a timeline holds."""
        return sum(month["count"] for month in await self.get(f"/timeline/buckets?{query}"))

    async def found(self, **wanted: Any) -> set[str]:
        """The ids of the photos that a search by facts finds."""
        answer = await self.done("POST", "/search/metadata", {"size": 1000, **wanted})
        return {one["id"] for one in answer["assets"]["items"]}

    async def used(self) -> int:
        """The bytes that count for his quota."""
        return int((await self.get("/users/me"))["quotaUsageInBytes"])


async def a_household(house: House, *names: str) -> dict[str, Person]:
    """Members of these names; the house has an administrator already, who makes them."""
    people = {}
    for name in names:
        body = {"email": f"{name}@example.org", "password": PASSWORD, "name": name.title()}
        made = await house.send("POST", "/api/admin/users", body, 201)
        device = house.stranger()
        async with device.post("/api/auth/login", json=body) as answer:
            assert answer.status == 201, await answer.text()
        people[name] = Person(name, made["id"], device)
    return people
