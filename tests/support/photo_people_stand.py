"""A stand-in for what members put their photos in order by: tags, people, comments, partners, the locked folder."""

import uuid
from typing import Any

from aiohttp import web

from tests.support.photo_stand import PhotoStand

LATER = "2026-10-12T10:00:00.000Z"
MARA = {"id": str(uuid.UUID(int=70_000)), "name": "Mara", "email": "mara@example.com", "profileImagePath": ""}


class PeopleStand(PhotoStand):
    """Photos in memory, and what is said of them.

    Attributes:
        tags: by id; `bearing` the photos of each.
        people: by id; `faces` those on photos.
        activities: oldest first.
        pin: the PIN, or None; `is_open` whether it was entered.
        given, got: partners in both directions.
    """

    def __init__(self, owner: str, count: int = 0) -> None:
        super().__init__(owner, count)
        self.me = {"id": owner, "name": "Lina", "email": "lina@example.com", "profileImagePath": ""}
        self.tags: dict[str, dict[str, Any]] = {}
        self.bearing: dict[str, list[str]] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.faces: list[dict[str, Any]] = []
        self.activities: list[dict[str, Any]] = []
        self.pin: str | None = None
        self.is_open = False
        self.given: list[dict[str, Any]] = []
        self.got: list[dict[str, Any]] = []
        self._made = 80_000

    def new_id(self) -> str:
        """An id nobody has."""
        self._made += 1
        return str(uuid.UUID(int=self._made))

    def tag(self, value: str, ids: list[str] | None = None) -> dict[str, Any]:
        """A tag, with all above it, on these photos."""
        found = next((one for one in self.tags.values() if one["value"] == value), None)
        if found is None:
            above, _, name = value.rpartition("/")
            found = {"id": self.new_id(), "name": name, "value": value, "createdAt": LATER, "updatedAt": LATER}
            if above:
                found["parentId"] = self.tag(above)["id"]
            self.tags[found["id"]] = found
        self.bearing.setdefault(found["id"], []).extend(ids or [])
        return found

    def person(self, name: str) -> dict[str, Any]:
        """Somebody."""
        made: dict[str, Any] = {"id": self.new_id(), "name": name, "birthDate": None, "thumbnailPath": ""}
        made |= {"isHidden": False, "isFavorite": False, "updatedAt": LATER}
        self.people[made["id"]] = made
        return made

    def shown(self, query: Any) -> list[dict[str, Any]]:
        """What a timeline's filters leave."""
        found = super().shown(query)
        if tag_id := query.get("tagId"):
            value = self.tags[tag_id]["value"]
            wanted = {
                asset_id
                for one in self.tags.values()
                if f"{one['value']}/".startswith(f"{value}/")
                for asset_id in self.bearing.get(one["id"], [])
            }
            found = [one for one in found if one["id"] in wanted]
        if person_id := query.get("personId"):
            wanted = {one["assetId"] for one in self.faces if one["person"]["id"] == person_id}
            found = [one for one in found if one["id"] in wanted]
        return found

    async def answer(self, request: web.Request) -> web.StreamResponse | None:
        """What the API says, or None where it is not the photos'."""
        path, method = request.path.removeprefix("/api/"), request.method
        is_json = method != "GET" and request.content_type == "application/json"
        body: Any = await request.json() if is_json else {}
        query: Any = request.query
        for ask in (self._of_tags, self._of_people, self._of_talk, self._of_members):
            found = ask([method, *path.split("/")], body, query)
            if found is not None:
                if method != "GET":
                    self.asked.append((method, path, body))
                return found
        answer = await super().answer(request)
        if method == "GET" and path.startswith("assets/") and path.count("/") == 1:
            one = self.named(path.removeprefix("assets/"))
            tags = [tag for tag in self.tags.values() if one["id"] in self.bearing.get(tag["id"], [])]
            people = [face["person"] for face in self.faces if face["assetId"] == one["id"]]
            return web.json_response(one | {"tags": tags, "people": people})
        return answer

    def _of_tags(self, parts: list[str], body: Any, _query: Any) -> web.Response | None:  # noqa: PLR0911 - a table of routes
        match parts:
            case ["GET", "tags"]:
                return web.json_response(sorted(self.tags.values(), key=lambda one: one["value"]))
            case ["PUT", "tags"]:
                return web.json_response([self.tag(value) for value in body["tags"]])
            case ["GET", "tags", tag_id]:
                return web.json_response(self.tags[tag_id])
            case ["PUT", "tags", tag_id]:
                self._paint(self.tags[tag_id], body)
                return web.json_response(self.tags[tag_id])
            case ["DELETE", "tags", tag_id]:
                value = self.tags[tag_id]["value"]
                self.tags = {
                    key: one for key, one in self.tags.items() if not f"{one['value']}/".startswith(f"{value}/")
                }
                return web.Response(status=204)
            case [("PUT" | "DELETE") as method, "tags", tag_id, "assets"]:
                bearing = set(self.bearing.setdefault(tag_id, []))
                done = [(one in bearing) == (method == "DELETE") for one in body["ids"]]
                bearing = bearing | set(body["ids"]) if method == "PUT" else bearing - set(body["ids"])
                self.bearing[tag_id] = list(bearing)
                results = [{"id": one, "success": is_done} for one, is_done in zip(body["ids"], done, strict=True)]
                return web.json_response(results)
        return None

    def _paint(self, tag: dict[str, Any], body: Any) -> None:
        if "color" in body:
            tag["color"] = body["color"]
        if "name" not in body:
            return
        before = tag["value"]
        for one in self.tags.values():
            if f"{one['value']}/".startswith(f"{before}/"):
                one["value"] = body["name"] + one["value"][len(before) :]
                one["name"] = one["value"].rpartition("/")[2]

    def _of_people(self, parts: list[str], body: Any, query: Any) -> web.Response | None:  # noqa: C901, PLR0911, PLR0912 - a table of routes
        match parts:
            case ["GET", "people"]:
                there = [
                    one for one in self.people.values() if not one["isHidden"] or query.get("withHidden") == "true"
                ]
                hidden = sum(one["isHidden"] for one in self.people.values())
                return web.json_response({"people": there, "hasNextPage": False, "total": len(there), "hidden": hidden})
            case ["POST", "people"]:
                return web.json_response(self.person(body["name"]), status=201)
            case ["PUT", "people"]:
                for one in body["people"]:
                    self.people[one["id"]] |= one
                return web.json_response([{"id": one["id"], "success": True} for one in body["people"]])
            case ["GET", "people", person_id] if person_id in self.people:
                return web.json_response(self.people[person_id])
            case ["PUT", "people", person_id]:
                self.people[person_id] |= {key: value for key, value in body.items() if key in self.people[person_id]}
                return web.json_response(self.people[person_id])
            case ["GET", "people", person_id, "statistics"]:
                return web.json_response({"assets": sum(one["person"]["id"] == person_id for one in self.faces)})
            case ["POST", "people", person_id, "merge"]:
                for face in self.faces:
                    if face["person"]["id"] in body["ids"]:
                        face["person"] = self.people[person_id]
                self.people = {key: one for key, one in self.people.items() if key not in body["ids"]}
                return web.json_response([{"id": one, "success": True} for one in body["ids"]])
            case ["GET", "faces"]:
                return web.json_response([one for one in self.faces if one["assetId"] == query["id"]])
            case ["POST", "faces"]:
                x, y = body["x"], body["y"]
                box = {"boundingBoxX1": x, "boundingBoxY1": y}
                box |= {"boundingBoxX2": x + body["width"], "boundingBoxY2": y + body["height"]}
                size = {"imageWidth": body["imageWidth"], "imageHeight": body["imageHeight"]}
                person = self.people[body["personId"]]
                self.faces.append({"id": self.new_id(), "assetId": body["assetId"], "person": person} | size | box)
                return web.Response(status=201)
            case ["DELETE", "faces", face_id]:
                self.faces = [one for one in self.faces if one["id"] != face_id]
                return web.Response(status=204)
        return None

    def _of_talk(self, parts: list[str], body: Any, query: Any) -> web.Response | None:
        match parts:
            case ["GET", "activities"]:
                wanted = query.get("assetId")
                found = [one for one in self.activities if wanted in (None, one["assetId"])]
                return web.json_response(found)
            case ["GET", "activities", "statistics"]:
                likes = sum(one["type"] == "like" for one in self.activities)
                return web.json_response({"comments": len(self.activities) - likes, "likes": likes})
            case ["POST", "activities"]:
                return web.json_response(
                    self.said(self.me, **{k: v for k, v in body.items() if k != "albumId"}), status=201
                )
            case ["DELETE", "activities", activity_id]:
                self.activities = [one for one in self.activities if one["id"] != activity_id]
                return web.Response(status=204)
        return None

    def said(self, user: dict[str, Any], **what: Any) -> dict[str, Any]:
        """Somebody says or likes something."""
        made = {"id": self.new_id(), "type": "comment", "comment": None, "assetId": None, "createdAt": LATER}
        made |= {"user": user} | what
        self.activities.append(made)
        return made

    def _of_members(self, parts: list[str], body: Any, query: Any) -> web.Response | None:  # noqa: PLR0911 - a table of routes
        match parts:
            case ["GET", "users"]:
                return web.json_response([self.me, MARA])
            case ["GET", "partners"]:
                return web.json_response(self.given if query["direction"] == "shared-by" else self.got)
            case ["POST", "partners", _]:
                self.given.append(MARA | {"inTimeline": False})
                return web.json_response(self.given[-1], status=201)
            case ["PUT", "partners", _]:
                self.got[0] |= body
                return web.json_response(self.got[0])
            case ["DELETE", "partners", _]:
                self.given.clear()
                return web.Response(status=204)
            case ["GET", "auth", "status"]:
                return web.json_response(
                    {"pinCode": self.pin is not None, "password": True, "isElevated": self.is_open}
                )
            case ["POST", "auth", "pin-code"]:
                self.pin = body["pinCode"]
                return web.Response(status=204)
            case ["POST", "auth", "session", "unlock"]:
                self.is_open = body.get("pinCode") == self.pin
                wrong = {"message": "Wrong PIN code", "error": "Bad Request", "statusCode": 400}
                return web.Response(status=204) if self.is_open else web.json_response(wrong, status=400)
            case ["POST", "auth", "session", "lock"]:
                self.is_open = False
                return web.Response(status=204)
        return None
