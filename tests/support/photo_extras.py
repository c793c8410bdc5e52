"""The stand-in for photos, with what is put in order: the map, memories, photos that look alike, stacks."""

import uuid
from typing import Any

from aiohttp import web

from tests.support.photo_stand import PhotoStand, columns

# Where the stand's towns lie, and one on the other side of the world.
POSITIONS = {"Arezzo": (43.4628, 11.8807), "Furka Pass": (46.5727, 8.4153), "Wellington": (-41.2866, 174.7756)}


class PhotoExtras(PhotoStand):
    """Photos in memory, with memories, groups of duplicates and stacks.

    Attributes:
        memories: as they are answered.
        alike: groups of ids that look alike, by the id of the group.
        stacks: ids by the id of the stack, the first lies on top.
    """

    def __init__(self, owner: str, count: int = 0, **how: Any) -> None:
        super().__init__(owner, count, **how)
        self.memories: list[dict[str, Any]] = []
        self.alike: dict[str, list[str]] = {}
        self.stacks: dict[str, list[str]] = {}
        for one in self.assets:
            town = one["exifInfo"]["city"]
            if town:
                one["exifInfo"] |= dict(zip(("latitude", "longitude"), POSITIONS[town], strict=True))

    def remember(self, year: int, *numbers: int) -> dict[str, Any]:
        """A memory of that year, of the assets at these places."""
        made: dict[str, Any] = {
            "id": str(uuid.UUID(int=70_000 + len(self.memories))),
            "ownerId": self.owner,
            "type": "on_this_day",
            "data": {"year": year},
            "memoryAt": f"{year}-10-10T00:00:00.000Z",
            "showAt": "2026-10-10T00:00:00.000Z",
            "hideAt": "2026-10-10T23:59:59.999Z",
            "isSaved": False,
            "createdAt": "2026-10-10T00:00:00.000Z",
            "updatedAt": "2026-10-10T00:00:00.000Z",
            "assets": [self.assets[number] for number in numbers],
        }
        self.memories.append(made)
        return made

    def pair(self, *numbers: int) -> str:
        """Have the assets at these places look alike, the first the best of them."""
        group = str(uuid.UUID(int=80_000 + len(self.alike)))
        self.alike[group] = [self.assets[number]["id"] for number in numbers]
        return group

    def stack(self, *numbers: int) -> str:
        """Put the assets at these places on one another, the first on top."""
        return self._stacked([self.assets[number]["id"] for number in numbers])

    async def answer(self, request: web.Request) -> web.StreamResponse | None:
        """What the API says, or None where it is not the photos'."""
        path, method = request.path.removeprefix("/api/"), request.method
        if path.split("/")[0] not in {"map", "memories", "duplicates", "stacks", "timeline"}:
            return await super().answer(request)
        body: Any = await request.json() if method != "GET" and request.can_read_body else None
        if method != "GET":
            self.asked.append((method, path, body))
        refused = self.refuses(request)
        if refused is not None:
            return refused
        if path == "timeline/bucket":
            return self._bucket(request)
        if path.startswith("timeline"):
            return await super().answer(request)
        return web.json_response(self._more(method, path.split("/"), body, request.query))

    def _more(self, method: str, parts: list[str], body: Any, query: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - a table of routes
        match [method, *parts]:
            case ["GET", "map", "markers"]:
                return [marker(one) for one in self.shown(query) if one["exifInfo"]["latitude"] is not None]
            case ["GET", "memories"]:
                return [one for one in self.memories if "isSaved" not in query or one["isSaved"]]
            case ["POST", "memories"]:
                made = self.remember(body["data"]["year"])
                made["assets"] = [self.named(asset_id) for asset_id in body["assetIds"]]
                return made
            case ["PUT", "memories", memory_id]:
                found = next(one for one in self.memories if one["id"] == memory_id)
                found |= body
                return found
            case ["DELETE", "memories", memory_id]:
                self.memories = [one for one in self.memories if one["id"] != memory_id]
                return None
            case ["GET", "duplicates"]:
                return [self._group(group, ids) for group, ids in self.alike.items()]
            case ["DELETE", "duplicates"]:
                for group in body["ids"]:
                    del self.alike[group]
                return None
            case ["POST", "stacks"]:
                return self._stack(self._stacked(body["assetIds"]))
            case ["GET", "stacks", stack_id]:
                return self._stack(stack_id)
            case ["PUT", "stacks", stack_id]:
                ids = self.stacks[stack_id]
                ids.sort(key=lambda one: one != body["primaryAssetId"])
                return self._stack(stack_id)
            case ["DELETE", "stacks"]:
                for stack_id in body["ids"]:
                    del self.stacks[stack_id]
                return None
            case ["DELETE", "stacks", stack_id, "assets", asset_id]:
                self.stacks[stack_id].remove(asset_id)
                return None
        raise AssertionError((method, parts))

    def _stacked(self, ids: list[str]) -> str:
        stack_id = str(uuid.UUID(int=60_000 + len(self.stacks)))
        self.stacks[stack_id] = list(ids)
        return stack_id

    def _stack(self, stack_id: str) -> dict[str, Any]:
        ids = self.stacks[stack_id]
        return {"id": stack_id, "primaryAssetId": ids[0], "assets": [self.named(one) for one in ids]}

    def _group(self, group: str, ids: list[str]) -> dict[str, Any]:
        assets = [self.named(one) for one in ids]
        return {"duplicateId": group, "assets": assets, "suggestedKeepAssetIds": ids[:1]}

    def _bucket(self, request: web.Request) -> web.Response:
        """A month; of a stack only what lies on top."""
        month = request.query["timeBucket"][:7]
        beneath = {one for ids in self.stacks.values() for one in ids[1:]}
        inside = [one for one in self.shown(request.query) if one["localDateTime"].startswith(month)]
        shown = [one for one in inside if one["id"] not in beneath]
        tops = {ids[0]: [stack_id, str(len(ids))] for stack_id, ids in self.stacks.items()}
        return web.json_response(columns(shown) | {"stack": [tops.get(one["id"]) for one in shown]})


def marker(asset: dict[str, Any]) -> dict[str, Any]:
    """An asset as the map's route answers it."""
    known = asset["exifInfo"]
    return {
        "id": asset["id"],
        "lat": known["latitude"],
        "lon": known["longitude"],
        "city": known["city"],
        "state": None,
        "country": known["country"],
    }
