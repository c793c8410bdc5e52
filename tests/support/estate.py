"""A house whose films nobody was granted, with members who share with each other."""

import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from aiohttp.test_utils import TestClient

from homemedia.core.clock import Clock
from tests.support.app import House, a_house
from tests.support.photos import a_photo
from tests.support.samples import a_film

MEMBERS = ("ben", "cat", "dan", "eve")
SHARES = "/api/v1/shares"


class Estate:
    """`admin` looks after the films; the others have photos of their own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people: dict[str, TestClient[Any, Any]] = {"admin": house.client}
        self.ids: dict[str, str] = {}
        self.items: dict[str, str] = {}
        self.library_id = ""

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and body of an answer."""
        async with self.people[who].request(method, path, json=body, headers=headers) as answer:
            raw = await answer.read()
            is_json = answer.content_type == "application/json" and raw
            return answer.status, msgspec.json.decode(raw) if is_json else raw

    async def share(self, who: str, target_id: str | None, whom: str, **more: Any) -> dict[str, Any]:
        """A share that is made."""
        status, body = await self.wish(who, target_id, whom, **more)
        assert status == 200, body
        made: dict[str, Any] = body
        return made

    async def wish(self, who: str, target_id: str | None, whom: str, **more: Any) -> tuple[int, Any]:
        """What is said of a wish; `whom` is a member, `everyone` or `link`."""
        body: dict[str, Any] = {"target_type": "media", "target_id": target_id}
        if whom == "link":
            body["recipient_type"] = "public_link"
        elif whom == "everyone":
            body |= {"recipient_type": "group", "recipient_group_id": "everyone"}
        else:
            body |= {"recipient_type": "user", "recipient_user_id": self.ids.get(whom, whom)}
        return await self.ask(who, "POST", SHARES, body | more)

    async def refused(self, who: str, target_id: str | None, whom: str, **more: Any) -> str:
        """The code with which a wish is refused."""
        status, body = await self.wish(who, target_id, whom, **more)
        assert status == 400, body
        return str(body["code"])

    async def sees(self, who: str, item: str) -> bool:
        """Whether a member may open something of the library."""
        status, _ = await self.ask(who, "GET", f"/api/media/{self.items[item]}")
        assert status in {200, 404}, status
        return status == 200

    async def sees_photo(self, who: str, photo_id: str) -> bool:
        status, _ = await self.ask(who, "GET", f"/api/assets/{photo_id}")
        assert status in {200, 400}, status
        return status == 200

    async def photo(self, who: str, **facts: Any) -> str:
        """A photo of a member's."""
        return await a_photo(self.house.server.db, self.ids[who], **facts)

    async def album(self, who: str, *photo_ids: str, name: str = "Summer") -> str:
        status, body = await self.ask(who, "POST", "/api/albums", {"albumName": name, "assetIds": list(photo_ids)})
        assert status == 201, body
        return str(body["id"])

    async def file_of(self, item: str) -> int:
        return int((await self.house.get(f"/api/media/{self.items[item]}"))["files"][0]["id"])


@contextlib.asynccontextmanager
async def an_estate(folder: Path, *, clock: Clock | None = None) -> AsyncIterator[Estate]:
    """A running house with two films and a show of two episodes, and members who see none of it."""
    films, shows = folder / "films", folder / "shows"
    for path in (
        films / "Alpha (2001).mp4",
        films / "Winter" / "Beta (2002).mp4",
        shows / "Gamma (2003)" / "Season 01" / "Gamma (2003) - S01E01 - One.mp4",
        shows / "Gamma (2003)" / "Season 01" / "Gamma (2003) - S01E02 - Two.mp4",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.utime(a_film(path, seconds=2), (0, 0))
    async with a_house(folder, clock=clock) as house:
        await house.claim()
        house.server.entrance.grants.is_closed = True
        estate = Estate(house)
        estate.library_id = (await house.add_library("Films", "movie", films))["id"]
        series = (await house.add_library("Shows", "show", shows))["id"]
        for library_id in (estate.library_id, series):
            for item in (await house.get(f"/api/libraries/{library_id}/items"))["items"]:
                estate.items[item["title"]] = item["id"]
        seasons = (await house.get(f"/api/media/{estate.items['Gamma']}/children"))["items"]
        estate.items["Season 1"] = seasons[0]["id"]
        for episode in (await house.get(f"/api/media/{seasons[0]['id']}/children"))["items"]:
            estate.items[episode["title"]] = episode["id"]
        for name in MEMBERS:
            made = await house.send("POST", "/api/users", {"username": name, "password": "1234"}, 201)
            estate.ids[name] = made["user"]["id"]
            estate.people[name] = house.stranger()
            status, _ = await estate.ask(name, "POST", "/api/auth/login", {"username": name, "password": "1234"})
            assert status == 200
        status, me = await estate.ask("admin", "GET", "/api/auth/me")
        estate.ids["admin"] = me["user"]["id"] if "user" in me else me["id"]
        yield estate
