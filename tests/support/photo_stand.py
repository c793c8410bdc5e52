"""A stand-in for the photo API's answers: a made-up timeline, as long as a test wants it, before the client alone."""

import base64
import datetime as dt
import io
import random
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import web
from PIL import Image

Answer = Callable[[web.Request], Any]
RATIOS = (1.5, 1.333, 0.75, 0.667, 1.778, 1.0, 1.5, 1.333)
TOWNS = (("Arezzo", "Italy"), ("Furka Pass", "Switzerland"), (None, None))
HASHES = ("1QcSHQRnh493V4dIh4eXh1h4kJUI", "3OcRJYB4d3h/iIeHeEh3eIhw+j2w", "HBkSHYSIeHiPiHh8eJd4eTN0EEQG")
DAY = dt.timedelta(days=1)


class PhotoStand:
    """Photos in memory, answered in the shapes of the photo API.

    Attributes:
        assets: newest first; a test changes them.
        albums: by id.
        asked: every write, as (method, path, body).
    """

    def __init__(self, owner: str, count: int = 0, *, per_day: int = 7, newest: str = "2026-10-10T16:00:00") -> None:
        self.owner = owner
        self.asked: list[tuple[str, str, Any]] = []
        self.albums: dict[str, dict[str, Any]] = {}
        self.pictures: dict[float, bytes] = {}
        self.picture_of: Callable[[dict[str, Any]], bytes] = self._plain
        self.refuses: Callable[[web.Request], web.Response | None] = lambda _request: None
        dice = random.Random(7)  # noqa: S311 - the same photos each time
        at = dt.datetime.fromisoformat(newest)
        self.assets = []
        for number in range(count):
            if number and number % per_day == 0:
                at -= DAY * dice.choice((1, 1, 2, 6))
            self.assets.append(self.make(number, at - dt.timedelta(minutes=7 * (number % per_day))))

    def make(self, number: int, at: dt.datetime, **changes: Any) -> dict[str, Any]:
        """One more asset, not yet among them."""
        ratio = RATIOS[number * 5 % len(RATIOS)]
        town, country = TOWNS[(number // 7) % len(TOWNS)]
        taken = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        is_video = number % 11 == 5
        made: dict[str, Any] = {
            "id": str(uuid.UUID(int=number + 1)),
            "ownerId": self.owner,
            "type": "VIDEO" if is_video else "IMAGE",
            "originalFileName": f"IMG_{number:04d}.{'mp4' if is_video else 'jpg'}",
            "originalMimeType": "video/mp4" if is_video else "image/jpeg",
            "checksum": base64.b64encode(number.to_bytes(20, "big")).decode(),
            "thumbhash": HASHES[number % len(HASHES)],
            "fileCreatedAt": taken,
            "localDateTime": taken,
            "duration": 18_000 if is_video else None,
            "width": round(3000 * ratio),
            "height": 3000,
            "isFavorite": number % 17 == 3,
            "isTrashed": False,
            "visibility": "timeline",
            "livePhotoVideoId": None,
            "stack": None,
            "people": [],
            "tags": [],
            "exifInfo": {
                "make": "Apple",
                "model": "iPhone 15",
                "lensModel": "iPhone 15 back camera 5.96mm f/1.6",
                "fNumber": 1.6,
                "exposureTime": "1/887",
                "focalLength": 5.96,
                "iso": 80,
                "fileSizeInByte": 2_880_703,
                "city": town,
                "state": None,
                "country": country,
                "latitude": 43.46 if town else None,
                "longitude": 11.88 if town else None,
                "timeZone": "Europe/Rome",
                "description": "",
            },
        }
        return made | changes

    def named(self, asset_id: str) -> dict[str, Any]:
        """The asset of that id."""
        return next(one for one in self.assets if one["id"] == asset_id)

    def shown(self, query: Any) -> list[dict[str, Any]]:
        """What a timeline's filters leave."""
        album = self.albums.get(query.get("albumId", ""))
        return [
            one
            for one in self.assets
            if one["isTrashed"] == (query.get("isTrashed") == "true")
            and ("isFavorite" not in query or one["isFavorite"] == (query["isFavorite"] == "true"))
            and ("visibility" not in query or one["visibility"] == query["visibility"])
            and (album is None or one["id"] in album["ids"])
        ]

    async def answer(self, request: web.Request) -> web.StreamResponse | None:  # noqa: C901, PLR0911, PLR0912, PLR0915 - a table of routes
        """What the API says, or None where it is not the photos'."""
        path, method = request.path.removeprefix("/api/"), request.method
        parts = path.split("/")
        body: Any = await request.json() if method != "GET" and request.content_type == "application/json" else None
        if method != "GET":
            self.asked.append((method, path, body))
        refused = self.refuses(request)
        if refused is not None:
            return refused
        match [method, *parts]:
            case ["GET", "timeline", "buckets"]:
                counts: dict[str, int] = {}
                for one in self.shown(request.query):
                    month = one["localDateTime"][:7] + "-01"
                    counts[month] = counts.get(month, 0) + 1
                return web.json_response([{"timeBucket": month, "count": n} for month, n in counts.items()])
            case ["GET", "timeline", "bucket"]:
                month = request.query["timeBucket"][:7]
                return web.json_response(
                    columns([one for one in self.shown(request.query) if one["localDateTime"].startswith(month)])
                )
            case ["GET", "assets", asset_id]:
                return web.json_response(self.named(asset_id))
            case ["GET", "assets", asset_id, "thumbnail"]:
                return web.Response(body=self.picture_of(self.named(asset_id)), content_type="image/jpeg")
            case ["PUT", "assets"]:
                changes = {key: value for key, value in body.items() if key != "ids"}
                self._change(body["ids"], changes)
                return web.Response(status=204)
            case ["PUT", "assets", asset_id]:
                one = self.named(asset_id)
                one["exifInfo"] |= {key: value for key, value in body.items() if key in one["exifInfo"]}
                return web.json_response(one)
            case ["DELETE", "assets"]:
                if body.get("force"):
                    self.assets = [one for one in self.assets if one["id"] not in body["ids"]]
                self._change(body["ids"], {"isTrashed": True})
                return web.Response(status=204)
            case ["POST", "trash", "restore", "assets"]:
                self._change(body["ids"], {"isTrashed": False})
                return web.json_response({"count": len(body["ids"])})
            case ["POST", "trash", "empty"]:
                before = len(self.assets)
                self.assets = [one for one in self.assets if not one["isTrashed"]]
                return web.json_response({"count": before - len(self.assets)})
            case ["GET", "server", "media-types"]:
                return web.json_response({"image": [".jpg", ".png"], "video": [".mp4"], "sidecar": [".xmp"]})
            case ["POST", "assets", "bulk-upload-check"]:
                return web.json_response({"results": [self._checked(one) for one in body["assets"]]})
            case ["POST", "assets"]:
                return await self._uploaded(request)
            case ["POST", "search", ("metadata" | "smart")]:
                return web.json_response(self._found(body))
            case ["GET", "search", "suggestions"]:
                return web.json_response(sorted({one["exifInfo"]["city"] for one in self.assets} - {None}))
            case ["GET", "search", "explore"]:
                towns = {one["exifInfo"]["city"]: one for one in self.assets if one["exifInfo"]["city"]}
                items = [{"value": town, "data": one} for town, one in towns.items()]
                return web.json_response([{"fieldName": "exifInfo.city", "items": items}])
            case ["GET", "search", "cities"]:
                towns = {one["exifInfo"]["city"]: one for one in self.assets if one["exifInfo"]["city"]}
                return web.json_response(list(towns.values()))
            case ["GET", "people"]:
                return web.json_response({"people": [], "hasNextPage": False, "total": 0, "hidden": 0})
            case ["GET", "albums"]:
                wanted = request.query.get("assetId")
                return web.json_response(
                    [self.album(one) for one in self.albums.values() if wanted is None or wanted in one["ids"]]
                )
            case ["POST", "albums"]:
                made = self.add_album(body["albumName"], body.get("assetIds", []))
                return web.json_response(self.album(made), status=201)
            case ["GET", "albums", album_id] if album_id in self.albums:
                return web.json_response(self.album(self.albums[album_id]))
            case ["PATCH", "albums", album_id] if album_id in self.albums:
                self.albums[album_id] |= body
                return web.json_response(self.album(self.albums[album_id]))
            case ["DELETE", "albums", album_id]:
                del self.albums[album_id]
                return web.Response(status=204)
            case [("PUT" | "DELETE"), "albums", album_id, "assets"]:
                return web.json_response(self._membership(method, self.albums[album_id], body["ids"]))
        return None

    def add_album(self, name: str, ids: list[str]) -> dict[str, Any]:
        """A new album."""
        album_id = str(uuid.UUID(int=90_000 + len(self.albums)))
        made: dict[str, Any] = {"id": album_id, "albumName": name, "ids": list(ids)}
        self.albums[album_id] = made
        return made

    def album(self, made: dict[str, Any]) -> dict[str, Any]:
        """An album as it is answered."""
        inside = [one for one in self.assets if one["id"] in made["ids"] and not one["isTrashed"]]
        user = {"id": self.owner, "name": "Lina", "email": "lina@example.com", "profileImagePath": ""}
        times = sorted(one["localDateTime"] for one in inside)
        answer: dict[str, Any] = {
            "description": "",
            "order": "desc",
            "ownerId": self.owner,
            "albumThumbnailAssetId": inside[0]["id"] if inside else None,
            "assetCount": len(inside),
            "shared": False,
            "isActivityEnabled": True,
            "updatedAt": "2026-10-10T16:00:00.000Z",
            "albumUsers": [{"user": user, "role": "owner"}],
        }
        if times:
            answer |= {"startDate": times[0], "endDate": times[-1]}
        return answer | {key: value for key, value in made.items() if key != "ids"}

    def _change(self, ids: list[str], changes: dict[str, Any]) -> None:
        for one in self.assets:
            if one["id"] in ids:
                one["exifInfo"] |= {key: value for key, value in changes.items() if key in one["exifInfo"]}
                one.update({key: value for key, value in changes.items() if key not in one["exifInfo"]})

    def _membership(self, method: str, album: dict[str, Any], ids: list[str]) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = []
        for asset_id in ids:
            if method == "PUT" and asset_id in album["ids"]:
                results.append({"id": asset_id, "success": False, "error": "duplicate"})
                continue
            (album["ids"].append if method == "PUT" else album["ids"].remove)(asset_id)
            results.append({"id": asset_id, "success": True})
        return results

    def _checked(self, asked: dict[str, str]) -> dict[str, Any]:
        known = next((one for one in self.assets if one["checksum"] == asked["checksum"]), None)
        if known is None:
            return {"id": asked["id"], "action": "accept"}
        told = {"assetId": known["id"], "isTrashed": known["isTrashed"]}
        return {"id": asked["id"], "action": "reject", "reason": "duplicate"} | told

    async def _uploaded(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["assetData"]
        assert isinstance(file, web.FileField)
        name = file.filename
        made = self.make(5_000 + len(self.assets), dt.datetime(2026, 10, 11, 9, tzinfo=dt.UTC), originalFileName=name)
        made |= {"checksum": request.headers.get("x-immich-checksum", name)}
        self.assets.insert(0, made)
        return web.json_response({"id": made["id"], "status": "created", "duplicate": False}, status=201)

    def _found(self, body: dict[str, Any]) -> dict[str, Any]:
        words = body.get("query", "").lower()
        wanted = [
            one
            for one in self.assets
            if not one["isTrashed"]
            and (words in one["originalFileName"].lower() or words in (one["exifInfo"]["city"] or "").lower())
            and body.get("city") in (None, one["exifInfo"]["city"])
            and body.get("type") in (None, one["type"])
        ]
        size, page = body.get("size", 250), body.get("page", 1)
        items = wanted[(page - 1) * size : page * size]
        following = str(page + 1) if page * size < len(wanted) else None
        return {"assets": {"total": len(wanted), "count": len(items), "items": items, "nextPage": following}}

    def _plain(self, asset: dict[str, Any]) -> bytes:
        ratio = asset["width"] / asset["height"]
        if ratio not in self.pictures:
            made = io.BytesIO()
            Image.new("RGB", (round(240 * ratio), 240), (110, 130, 90)).save(made, "JPEG")
            self.pictures[ratio] = made.getvalue()
        return self.pictures[ratio]


def columns(assets: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """A month as the timeline's route answers it."""
    return {
        "id": [one["id"] for one in assets],
        "ownerId": [one["ownerId"] for one in assets],
        "ratio": [round(one["width"] / one["height"], 3) for one in assets],
        "isFavorite": [one["isFavorite"] for one in assets],
        "visibility": [one["visibility"] for one in assets],
        "isTrashed": [one["isTrashed"] for one in assets],
        "isImage": [one["type"] == "IMAGE" for one in assets],
        "thumbhash": [one["thumbhash"] for one in assets],
        "createdAt": [one["fileCreatedAt"].removesuffix("Z") for one in assets],
        "fileCreatedAt": [one["fileCreatedAt"].removesuffix("Z") for one in assets],
        "localOffsetHours": [0 for _ in assets],
        "duration": [one["duration"] for one in assets],
        "livePhotoVideoId": [one["livePhotoVideoId"] for one in assets],
        "projectionType": [None for _ in assets],
        "city": [one["exifInfo"]["city"] for one in assets],
        "country": [one["exifInfo"]["country"] for one in assets],
    }
