import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia import __version__
from homemedia.accounts import Member
from homemedia.core.places import Places
from homemedia.core.threads import Lane
from homemedia.library.scan.disks import Disks
from homemedia.server import ActiveSession, ItemCounts, NoLibrary, NoPlayback
from homemedia.server.browse import Walls
from homemedia.server.folders import FolderService
from homemedia.server.info import ServerInfo
from homemedia.server.routes import AddressRoutes, FolderRoutes, InfoRoutes
from tests.accounts.conftest import clock, porch
from tests.accounts.porch import PASSWORD, Porch

__all__ = ["clock", "porch"]

Client = TestClient[Any, Any]


class SomeLibrary(NoLibrary):
    def __init__(self) -> None:
        self.folders: dict[str, str] = {}

    async def count_libraries(self, actor: Member) -> int:
        return 2 if actor.is_admin else 1

    async def count_items(self, actor: Member) -> ItemCounts:
        return ItemCounts(movies=150, shows=12, episodes=640)

    async def is_scanning(self) -> bool:
        return True

    async def roots(self) -> Mapping[str, str]:
        return self.folders


class SomePlayback(NoPlayback):
    async def active_sessions(self) -> list[ActiveSession]:
        return [
            ActiveSession(
                session_id="ab",
                user_id="u",
                username="ann",
                file_id=42,
                title="Heat",
                method="direct",
                encoder=None,
                position_ms=1500,
                speed=None,
                client_name="Firefox",
                address="192.168.1.2",
                started_at=1_700_000_000_500,
                last_seen_at=1_700_000_001_000,
            )
        ]

    def transcodes(self) -> tuple[int, int]:
        return 1, 3

    def ffmpeg_version(self) -> str | None:
        return "9.0"


@pytest.fixture
def library() -> SomeLibrary:
    return SomeLibrary()


@pytest.fixture
async def client(porch: Porch, library: SomeLibrary, tmp_path: Path) -> AsyncIterator[Client]:
    home = tmp_path / "home"
    (home / "Movies").mkdir(parents=True)
    (home / "Movies/Heat (1995).mkv").write_bytes(b"xxxx")
    places = Places(data_dir=tmp_path / "data", transcode_dir=tmp_path / "data" / "cache")
    async with Lane("folder", 2) as lane:
        info = ServerInfo(porch.db, porch.household, library, SomePlayback(), places, lane, porch.clock)
        walls = Walls([places.data_dir])
        porch.more_owners = [
            InfoRoutes(info, porch.keys.identity.public_text, lambda: "https://media.example"),
            FolderRoutes(FolderService(walls, library, Disks(), home=home, limit_s=5.0)),
        ]
        yield await porch.open()


async def a_member(porch: Porch) -> Client:
    await porch.add_member("bob")
    bob = porch.device()
    await bob.post("/api/auth/login", json={"username": "bob", "password": PASSWORD})
    return bob


async def test_anybody_learns_which_server_this_is(porch: Porch, client: Client) -> None:
    before = await (await client.get("/api/server")).json()
    await porch.claim(client, serverName="Attic")
    after = await (await porch.device().get("/api/server")).json()

    assert before["setupRequired"] is True
    assert after == {
        "name": "Attic",
        "version": __version__,
        "platform": after["platform"],
        "machineId": before["machineId"],
        "apiVersion": 1,
        "setupRequired": False,
        "auth": {"password": True, "cloud": False, "cloudName": None},
    }
    assert after["platform"] in {"linux", "windows", "darwin", "freebsd"}


async def test_health_is_the_union_of_both_contracts(porch: Porch, client: Client) -> None:
    porch.clock.pass_ms(90_000)

    answer = await client.get("/api/health")

    body = await answer.json()
    assert answer.status == 200
    assert (body["status"], body["version"], body["uptime"], body["name"]) == ("ok", __version__, 90, "attic")
    assert body["server"] == {"status": "ok"}
    assert body["database"]["status"] == "ok"
    assert body["database"]["latency_ms"] >= 0
    assert body["public_key"] == porch.keys.identity.public_text
    assert body["public_url"] == "https://media.example"
    assert body["diagnostics"]["realtime"]["connections"] == 0


async def test_sick_database_is_told_with_the_same_body(
    porch: Porch,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    well = await (await client.get("/api/health")).json()

    async def broken(*_: object) -> list[sqlite3.Row]:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(porch.db, "read", broken)
    answer = await client.get("/api/health")

    body = await answer.json()
    assert answer.status == 503
    assert body == well | {"status": "error", "database": {"status": "error", "latency_ms": None}}


async def test_health_head_works_too(client: Client) -> None:
    answer = await client.head("/api/health")

    assert (answer.status, await answer.read()) == (200, b"")


async def test_status_tells_members_what_they_see(porch: Porch, client: Client) -> None:
    await porch.claim(client)
    bob = await a_member(porch)

    body = await (await bob.get("/api/status")).json()

    assert body == {
        "status": "ok",
        "name": "attic",
        "version": __version__,
        "platform": body["platform"],
        "uptime": 0,
        "libraries": 1,
        "users": 2,
        "sessions": 1,
        "items": {"movies": 150, "shows": 12, "episodes": 640, "videos": 0, "artists": 0, "albums": 0, "tracks": 0},
        "transcoding": {"active": 1, "max": 3},
        "scanning": True,
    }


async def test_status_tells_administrators_more(porch: Porch, client: Client) -> None:
    await porch.claim(client)

    body = await (await client.get("/api/status")).json()

    assert body["libraries"] == 2
    assert body["activeSessions"][0]["position"] == 1500
    assert body["activeSessions"][0]["startedAt"] == 1_700_000_000
    assert body["disk"]["data"]["total"] >= body["disk"]["data"]["free"] > 0
    assert body["ffmpeg"] == {"version": "9.0"}


async def test_picker_shows_folders_and_whose_they_are(
    porch: Porch,
    client: Client,
    library: SomeLibrary,
    tmp_path: Path,
) -> None:
    await porch.claim(client)
    (tmp_path / "media/films/new").mkdir(parents=True)
    (tmp_path / "media/free").mkdir()
    library.folders = {str(tmp_path / "media/films"): "lib-1"}

    body = await (await client.get("/api/browse-fs", params={"path": str(tmp_path / "media")})).json()

    assert body == {
        "path": str(tmp_path / "media"),
        "parent": str(tmp_path),
        "entries": [
            {
                "name": name,
                "path": str(tmp_path / "media" / name),
                "type": "dir",
                "readable": True,
                "inLibrary": library_id,
            }
            for name, library_id in (("films", "lib-1"), ("free", None))
        ],
        "truncated": False,
        "roots": body["roots"],
    }
    assert body["roots"][0] == "/"
    files = await (
        await client.get("/api/browse-fs", params={"path": str(tmp_path / "home/Movies"), "files": "1"})
    ).json()
    assert files["entries"][0]["size"] == 4


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("media", 400, "path_not_absolute"),
        ("/etc", 403, "path_forbidden"),
        ("/nowhere-at-all", 404, "path_not_found"),
    ],
)
async def test_picker_says_why_it_does_not_open(
    porch: Porch, client: Client, path: str, status: int, code: str
) -> None:
    await porch.claim(client)

    for route in ("/api/browse-fs", "/api/home/server/suggestions"):
        answer = await client.get(route, params={"path": path})
        assert (answer.status, (await answer.json())["code"]) == (status, code)


@pytest.mark.parametrize("route", ["/api/browse-fs", "/api/home/server/suggestions"])
async def test_folders_are_the_administrators_business(porch: Porch, client: Client, route: str) -> None:
    stranger = await client.get(route)
    await porch.claim(client)
    bob = await a_member(porch)

    answer = await bob.get(route)

    assert stranger.status == 401
    assert (answer.status, (await answer.json())["code"]) == (403, "admin_required")


async def test_wizard_gets_suggestions(porch: Porch, client: Client, tmp_path: Path) -> None:
    await porch.claim(client)

    body = await (await client.get("/api/home/server/suggestions")).json()

    assert {
        "path": str(tmp_path / "home/Movies"),
        "name": "Movies",
        "kind": "movie",
        "files": 1,
        "allFiles": 1,
        "bytes": 4,
        "isComplete": True,
        "inLibrary": None,
        "estimatedScanSeconds": 1,
    } in body["suggestions"]
    assert body["places"][0]["kind"] == "home"


async def test_wizard_gets_what_each_folder_holds(porch: Porch, client: Client, tmp_path: Path) -> None:
    await porch.claim(client)

    body = await (await client.get("/api/home/server/suggestions", params={"path": str(tmp_path / "home")})).json()

    assert [(one["name"], one["files"]) for one in body["suggestions"]] == [("Movies", 1)]


async def test_dead_disk_hangs_nobody(porch: Porch, library: SomeLibrary, tmp_path: Path) -> None:
    dead = threading.Event()

    class DeadWalls(Walls):
        def forbids(self, path: str) -> bool:
            dead.wait()
            return super().forbids(path)

        def shuts_out(self, resolved: str) -> bool:
            dead.wait()
            return super().shuts_out(resolved)

    (tmp_path / "home/Movies").mkdir(parents=True)
    folders = FolderService(DeadWalls([]), library, Disks(), home=tmp_path / "home", limit_s=0.05)
    porch.more_owners = [FolderRoutes(folders)]
    client = await porch.open()
    await porch.claim(client)

    for _ in range(2):  # at once the second time, without a further thread
        listed, suggested = await asyncio.gather(
            client.get("/api/browse-fs", params={"path": str(tmp_path)}), client.get("/api/home/server/suggestions")
        )
    stuck = [thread for thread in threading.enumerate() if thread.name.startswith("disk ")]
    dead.set()

    assert len(stuck) == 2
    assert (listed.status, (await listed.json())["code"]) == (504, "storage_timeout")
    assert await suggested.json() == {"suggestions": [], "places": [], "isComplete": False}


ATTIC = "http://attic.local:8420"
BY_NUMBER = "http://192.168.1.5:8420"


@pytest.mark.parametrize(
    ("addresses", "public_url", "expected"),
    [
        pytest.param([ATTIC, BY_NUMBER], None, [ATTIC, BY_NUMBER], id="the network's, in their order"),
        pytest.param([ATTIC], "https://media.example/", ["https://media.example", ATTIC], id="the public one leads"),
        pytest.param([ATTIC], ATTIC, [ATTIC], id="each once"),
        pytest.param([], None, [], id="nobody else can reach us"),
    ],
)
async def test_members_learn_how_other_devices_reach_the_server(
    porch: Porch, addresses: list[str], public_url: str | None, expected: list[str]
) -> None:
    porch.more_owners = [AddressRoutes(lambda: addresses, lambda: public_url)]
    client = await porch.open()
    await porch.claim(client)
    bob = await a_member(porch)

    answer = await bob.get("/api/home/server/addresses")

    assert (answer.status, await answer.json()) == (200, {"addresses": expected})


async def test_without_better_knowledge_the_address_one_came_by_is_told(porch: Porch) -> None:
    porch.more_owners = [AddressRoutes()]
    client = await porch.open()
    await porch.claim(client)

    answer = await client.get("/api/home/server/addresses", headers={"Host": "attic.local:8420"})

    assert await answer.json() == {"addresses": [ATTIC]}


async def test_strangers_learn_no_addresses(porch: Porch) -> None:
    porch.more_owners = [AddressRoutes(lambda: [ATTIC])]
    client = await porch.open()
    await porch.claim(client)

    answer = await porch.device().get("/api/home/server/addresses")

    assert answer.status == 401
