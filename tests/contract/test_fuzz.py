"""Every route of the document, asked with what fits it and with what does not, by the real server.

Nothing may end in a fault of the server, every refusal has the one body, and every answer is what the document says.
The plain run asks each route a few questions, the same ones each time; `pytest -n 0 -m long
tests/contract/test_fuzz.py` asks thousands of others.
"""

import asyncio
import base64
import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
import pytest
import requests
import schemathesis
from aiohttp import FormData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from homemedia.app import api_document, server
from homemedia.core.http.connections import Listener
from homemedia.serve import bind
from tests.support.app import House, a_house
from tests.support.clips import a_clip
from tests.support.samples import a_film, a_poster

SCHEMA = schemathesis.openapi.from_dict(msgspec.json.decode(api_document()))
OPERATIONS: list["Operation"] = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
LABELS = [operation.label for operation in OPERATIONS]
ERROR_KEYS = {"error", "message", "statusCode", "code", "details"}
# They would end the session all others ask with, or use up the tries of an address; tests/accounts asks them.
LEFT_OUT = {"POST /api/auth/logout", "DELETE /api/sessions"}
# "Not now" is an answer: no ffmpeg, a disk that is away, a queue that is full, TMDb out of reach.
NOT_NOW = {502, 503}
PAGES = {"GET /share/{key}", "GET /s/{slug}"}
COLLECTION = "Harbours"
HEAP = "heap-of-fuzz"
WORDS = b"words of a file"
HASH = hashlib.sha256(WORDS).hexdigest()
NFO = f"""<movie><title>Harbour Lights</title><set><name>{COLLECTION}</name></set>
<actor><name>A. Keeper</name><role>The keeper</role></actor></movie>"""
Operation = APIOperation[Any, Any, Any, Any]
Question = Case[Any]
FEW, MANY = 4, int(os.environ.get("HOMEMEDIA_FUZZ_EXAMPLES", "400"))


class Target:
    """A house in a thread of its own, and things in it that requests may name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.token = ""
        self.known: dict[str, list[str]] = {}
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="house")

    def open(self) -> None:
        self._thread.start()
        self._ready.result(60)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._live())

    async def _live(self) -> None:
        try:
            # Who asks all routes one after the other asks those of one family too often.
            with mock.patch.object(server, "CLIPS_A_MINUTE", 1_000_000):
                async with a_house(self.folder, playback={"previews": True}) as house:
                    await self._show(house)
        except BaseException as err:
            if self._ready.done():
                raise
            self._ready.set_exception(err)

    async def _show(self, house: House) -> None:
        await self._furnish(house)
        await self._listen(house)
        self._ready.set_result(None)
        await self._stop.wait()

    async def _listen(self, house: House) -> None:
        """Take connections as the real server does, also those that are no HTTP."""
        runner = house._test_server.runner
        assert runner is not None
        (listening,) = bind("127.0.0.1", 0)
        await Listener(runner, listening).start()
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    async def _furnish(self, house: House) -> None:
        films, shows = house.media / "films", house.media / "shows"
        a_film(films / "Harbour Lights (2011).mp4", seconds=6)
        a_poster(films / "Harbour Lights (2011)-poster.jpg")
        (films / "Harbour Lights (2011).nfo").write_text(NFO, encoding="utf-8")
        (films / "Harbour Lights (2011).en.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
        a_film(shows / "Late Show" / "Season 01" / "Late Show - S01E01.mp4", seconds=1)
        for file in house.media.rglob("*.*"):
            os.utime(file, (0, 0))  # long there, so that a scan takes it at once
        await house.claim()
        self.token = house.token
        libraries = [
            await house.add_library("Films", "movie", films),
            await house.add_library("Shows", "show", shows),
        ]
        keys, files = [], []
        for library in libraries:
            for item in (await house.get(f"/api/libraries/{library['id']}/items"))["items"]:
                below = (await house.get(f"/api/media/{item['id']}/episodes"))["items"]
                for one in [item, *below]:
                    keys.append(one["id"])
                    detail = await house.get(f"/api/media/{one['id']}")
                    files += [str(file["id"]) for file in detail["files"]]
        ids = [str(library["id"]) for library in libraries]
        cast = (await house.get(f"/api/cast/{keys[0]}"))["cast"]
        people = [str(one["id"]) for one in cast]
        heap = (await house.send("POST", "/api/heap/add", {"title": "Fuzz", "id": HEAP}, 201))["heap"]
        block_id = heap["block_id"]
        form = FormData()
        form.add_field("hash", HASH)
        form.add_field("file", WORDS, filename="words.txt", content_type="text/plain")
        async with house.client.post(f"/api/upload/file/{HEAP}/{block_id}", data=form) as answer:
            assert answer.status == 200, await answer.text()
        self.known = {
            "heapId": [HEAP],
            "heap_id": [HEAP],
            "blockKey": [block_id],
            "block_id": [block_id],
            "hash": [HASH],
            "file_hash": [HASH],
            "slug": ["words.txt"],
            "size": ["small"],
            "position": ["0"],
            "key": keys,
            "rating_key": keys,
            "file_id": files,
            "library_id": ids,
            "id": ids,
            "performer_id": people,
            "index": ["0"],
            "segment": ["master.m3u8"],
            "sheet": ["0"],
            "username": ["admin"],
            "clip_id": [await a_clip(house.server.db, (await house.get("/api/auth/me"))["id"])],
        }


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    opened = Target(tmp_path_factory.mktemp("fuzz"))
    opened.open()
    yield opened
    opened.close()


def _tamed(value: Any, folder: Path) -> Any:
    """The same body, but no folder of this machine becomes a library."""
    if isinstance(value, dict):
        return {name: _tamed(inner, folder) for name, inner in value.items()}
    if isinstance(value, list):
        return [_tamed(inner, folder) for inner in value]
    return f"{folder}/nowhere{value}" if isinstance(value, str) and value.startswith(("/", "~")) else value


def _aim(case: Question, target: Target, data: st.DataObject) -> None:
    """Half of the time name things that exist; a library that is there is never removed."""
    is_removal = case.method.upper() == "DELETE" and case.operation.path.startswith("/api/libraries")
    for name in case.path_parameters or {}:
        known = target.known.get(name)
        if known and not is_removal and data.draw(st.booleans(), label="names what exists"):
            case.path_parameters[name] = data.draw(st.sampled_from(known))
    body: Any = case.body
    if case.operation.path.startswith("/api/libraries"):
        case.body = _tamed(body, target.folder)
    elif isinstance(body, dict) and "ratingKey" in body and data.draw(st.booleans(), label="names a title"):
        case.body = body | {"ratingKey": data.draw(st.sampled_from(target.known["key"]))}


def _check(case: Question, target: Target) -> None:
    response = case.call(
        base_url=target.url, headers={"Authorization": f"Bearer {target.token}"}, allow_redirects=False, timeout=20
    )
    status = response.status_code
    told = f"{case.as_curl_command()}\n{status} {response.content[:500]!r}"
    assert status < 500 or status in NOT_NOW, told
    if case.operation.label in PAGES:
        # Whoever holds a link that is over is told so by a page.
        assert response.headers["content-type"] == ["text/html; charset=utf-8"], told
        assert status in {200, 404}, told
    elif status >= 400:
        body = msgspec.json.decode(response.content)
        assert set(body) >= ERROR_KEYS, told
        assert body["statusCode"] == status, told
        assert body["code"], told
        assert body["message"], told
    elif str(status) in case.operation.definition.raw["responses"]:
        case.operation.validate_response(response)
    else:
        # Signing in by e-mail is "created" for the photo API's sake; the body is the same.
        assert (case.operation.label, status) == ("POST /api/auth/login", 201), told
    if "json" in (response.headers.get("content-type") or [""])[0] and case.operation.path != "/api/openapi.json":
        assert response.headers["cache-control"] == ["no-store"], told


def _hunt(label: str, target: Target, examples: int, *, is_plain: bool) -> None:
    operation = OPERATIONS[LABELS.index(label)]

    def ask(mode: GenerationMode) -> Callable[[], None]:
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=is_plain,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def question(case: Question, data: st.DataObject) -> None:
            _aim(case, target, data)
            _check(case, target)

        return question

    ask(GenerationMode.POSITIVE)()
    if operation.body or any(True for _ in operation.iter_parameters()):
        # Where all there is is a word in the address, none can be wrong.
        with contextlib.suppress(Unsatisfiable):
            ask(GenerationMode.NEGATIVE)()


def _a_stream(target: Target) -> str:
    """A new stream of the first film; questions asked before may have ended any older one."""
    made = requests.post(
        f"{target.url}/api/transcode/{target.known['file_id'][0]}",
        json={"force": "remux"},
        headers={"Authorization": f"Bearer {target.token}"},
        timeout=20,
    )
    assert made.status_code == 201, made.text
    return str(made.json()["sessionId"])


def _a_member_and_invite(target: Target) -> tuple[str, str]:
    """The id of the administrator, and the token of a new invite."""
    headers = {"Authorization": f"Bearer {target.token}"}
    members = requests.get(f"{target.url}/api/users", headers=headers, timeout=20).json()
    made = requests.post(f"{target.url}/api/invites", headers=headers, json={}, timeout=20)
    assert made.status_code == 201, made.text
    return str(next(one["id"] for one in members if one["isAdmin"])), str(made.json()["invite"]["token"])


# A picture of four green points.
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGNkaGBgYGBgYmBgYGBgAAAGKgCE5tEtPAAAAABJRU5ErkJggg=="
MADE_IN_S = 20.0


def _a_photo(target: Target, path: str) -> str:
    """The id of a picture with its small ones made, or of a video where the path plays one."""
    name, content = ("v.mp4", b"no video") if "video" in path else ("p.png", base64.b64decode(DOT))
    headers = {"Authorization": f"Bearer {target.token}"}
    body = {"deviceId": "phone"}
    made = requests.post(
        f"{target.url}/api/assets", headers=headers, data=body, files={"assetData": (name, content)}, timeout=20
    )
    assert made.status_code in {200, 201}, made.text
    photo_id = str(made.json()["id"])
    ends_at = time.monotonic() + MADE_IN_S
    while "thumbnail" in path and time.monotonic() < ends_at:
        if requests.get(f"{target.url}{path.replace('{id}', photo_id)}", headers=headers, timeout=20).ok:
            break
        time.sleep(0.05)
    return photo_id


# What the house of this file has none of (albums, API keys, pictures of members, …): HEAD says of it what GET says.
NOT_THERE = {
    # Of a file of words there are no pictures, and it came in one piece.
    "GET /api/download/thumbnail/{block_id}/{file_hash}/{thumbnail_type}/{thumbnail_size}",
    "GET /api/file/{key}/animated_thumbnail/{size}/{slug}",
    "GET /api/file/{key}/thumbnail/{size}/{slug}",
    "GET /api/file/{key}/video_thumbnail/{size}/{position}",
    "GET /api/upload/status/{heap_id}/{block_id}/{hash}",
    "GET /api/activities",
    "GET /api/activities/statistics",
    "GET /api/admin/users/{id}",
    "GET /api/admin/users/{id}/preferences",
    "GET /api/admin/users/{id}/sessions",
    "GET /api/admin/users/{id}/statistics",
    "GET /api/albums/{id}",
    "GET /api/albums/{id}/map-markers",
    "GET /api/api-keys/me",
    "GET /api/api-keys/{id}",
    "GET /api/assets/{id}/metadata/{key}",
    "GET /api/auth",
    "GET /api/faces",
    "GET /api/gifs/search",
    "GET /api/group/members",
    "GET /api/home/accounts/pairing",
    "GET /api/home/library/playlists/{playlist_id}",
    "GET /api/home/server/https/authority.crt",
    "GET /api/map/reverse-geocode",
    "GET /api/memories/{id}",
    "GET /api/oauth/mobile-redirect",
    "GET /api/partners",
    "GET /api/people/{id}",
    "GET /api/people/{id}/statistics",
    "GET /api/people/{id}/thumbnail",
    "GET /api/profile/avatar/{filename}",
    "GET /api/search/suggestions",
    "GET /api/server/license",
    "GET /api/stacks/{id}",
    "GET /api/tags/{id}",
    "GET /api/thumbnails/{filename}",
    "GET /api/timeline/bucket",
    "GET /api/users/me/license",
    "GET /api/users/{id}/profile-image",
    "GET /api/videos/{filename}",
    "GET /api/home/sharing/shared/{token}/archive",
    "GET /api/home/sharing/shares/{id}/qr",
    "GET /api/shared-links/{id}",
    "GET /api/shared/{token}",
    "GET /api/shared/{token}/media/{media_id}/original",
    "GET /api/shared/{token}/media/{media_id}/preview",
    "GET /api/shared/{token}/media/{media_id}/stream",
    "GET /api/shared/{token}/media/{media_id}/thumbnail",
    "GET /api/shares/{id}",
    "GET /api/shares/{id}/activity",
    "GET /api/v1/shared/{token}",
    "GET /api/v1/shared/{token}/media/{media_id}/original",
    "GET /api/v1/shared/{token}/media/{media_id}/preview",
    "GET /api/v1/shared/{token}/media/{media_id}/stream",
    "GET /api/v1/shared/{token}/media/{media_id}/thumbnail",
    "GET /api/v1/shares/{id}",
    "GET /api/v1/shares/{id}/activity",
    "GET /s/{slug}",
    "GET /share/{key}",
}
# Asking makes or takes something away, so there is no asking without the thing.
WITHOUT_HEAD = {"GET /api/users/{id}/share-link", "GET /api/home/desktop/state"}
ASKED = [label for label in LABELS if label not in LEFT_OUT]


@pytest.mark.parametrize("label", ASKED)
def test_route_answers_as_documented(label: str, target: Target) -> None:
    _hunt(label, target, FEW, is_plain=True)


@pytest.mark.long
@pytest.mark.parametrize("label", ASKED)
def test_route_answers_as_documented_thousands_of_times(label: str, target: Target) -> None:
    _hunt(label, target, MANY, is_plain=False)


@pytest.mark.parametrize(
    "operation",
    [one for one in OPERATIONS if one.method.upper() == "GET" and one.label not in WITHOUT_HEAD],
    ids=lambda one: one.label,
)
def test_head_answers_as_get_without_a_body(operation: Operation, target: Target) -> None:
    path = operation.path
    if path.startswith(("/api/users/", "/api/home/accounts/members/", "/api/invite-info/")):
        member, token = _a_member_and_invite(target)
        path = path.replace("{id}", member).replace("{token}", token)
    if path.startswith("/api/assets/"):
        path = path.replace("{id}", _a_photo(target, path)).replace("{deviceId}", "phone")
    if path.startswith("/api/clips/"):
        path = path.replace("{id}", target.known["clip_id"][0])
    if path.startswith("/api/heap/"):
        path = path.replace("{id}", HEAP)
    if path.startswith("/api/file/") or path == "/api/stream/{key}/{slug}":
        path = path.replace("{key}", target.known["block_id"][0])
    for name, known in target.known.items():
        path = path.replace(f"{{{name}}}", known[0])
    if "{session_id}" in path:
        path = path.replace("{session_id}", _a_stream(target))
    query = {
        "q": "harbour",
        "workspace_id": HEAP,
        "library": target.known["id"][0],
        "keys": target.known["key"][0],
        "path": str(target.folder),
        "name": COLLECTION,
    }
    headers = {"Authorization": f"Bearer {target.token}"}

    options: dict[str, Any] = {"params": query, "headers": headers, "allow_redirects": False}
    asked = requests.get(target.url + path, timeout=20, **options)
    told = requests.head(target.url + path, timeout=20, **options)

    assert (told.status_code, told.content) == (asked.status_code, b"")
    assert asked.status_code == 200 or operation.label in NOT_THERE
    assert told.headers.get("Content-Type") == asked.headers.get("Content-Type")
    assert told.headers.get("Cache-Control") == asked.headers.get("Cache-Control")
