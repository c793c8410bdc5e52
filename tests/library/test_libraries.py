"""Libraries over HTTP: made, changed, scanned, removed; every refusal with its code."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.accounts import Member, MemberState
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.events import EventBus
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.routes import Needs, mount
from homemedia.core.jobs import Jobs
from homemedia.core.places import Places
from homemedia.core.problems import Forbidden
from homemedia.core.threads import Lane
from homemedia.library.browse import Browse
from homemedia.library.events import LibrariesChanged, LibraryRemoved, ScanFinished
from homemedia.library.jobs import ScanDesk
from homemedia.library.libraries import LibraryService
from homemedia.library.libraries_routes import LibraryAdminRoutes
from homemedia.library.scan.disks import Disks
from homemedia.library.scan.scanner import Parts, Scanner
from homemedia.library.watched import UNWATCHED
from homemedia.sharing import Grants
from tests.library.scan.conftest import LONG_AGO_S, FakeArtist, FakeReader, FakeTools
from tests.support.builders import A_HOUSEHOLD
from tests.support.ready import migrated


class Desk:
    """Routes, service, desk and scanner of one household."""

    def __init__(self, db: Database, jobs: Jobs, lane: Lane, places: Places, bus: EventBus, disk: Path) -> None:
        self.db, self.bus, self.disk, self.jobs = db, bus, disk, jobs
        self.events: list[object] = []
        self.tools = FakeTools()
        self.is_admin = True
        parts = Parts(
            db=db,
            clock=Clock(),
            lane=lane,
            tools=self.tools,
            reader=FakeReader(),
            artist=FakeArtist(),
            index_items=self._index,
            publish=self._publish,
            owned=(places.data_dir,),
        )
        self.scanner = Scanner(parts)
        self.desk = ScanDesk(db, jobs, self.scanner, Clock(), looks_by_itself=False)
        self.service = LibraryService(db, self.desk, places, Disks(), Grants(db), Clock())
        self.client: TestClient[Any, Any] | None = None

    async def _index(self, tx: Write, item_ids: object) -> None:
        _ = tx, item_ids

    def _publish(self, event: object) -> None:
        self.events.append(event)
        self.bus.publish(event)

    async def guard(self, _request: web.Request, needs: Needs) -> Member:
        if needs is Needs.ADMIN and not self.is_admin:
            raise Forbidden("Only administrators.", code="admin_required")
        return Member(
            user_id="u",
            username="admin",
            display_name="Admin",
            email=None,
            is_admin=self.is_admin,
            state=MemberState.ACTIVE,
            sees_all_libraries=True,
            session_id="",
            created_at=0,
            last_seen_at=None,
            expires_at=None,
            has_password=True,
        )

    async def send(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        assert self.client is not None
        async with self.client.request(method, path, json=body) as answer:
            found = await answer.json()
            assert answer.status == status, found
            return found

    async def make(self, name: str = "Films", *folders: str, kind: str = "movie", status: int = 201) -> Any:
        paths = [str(self.disk / folder) for folder in folders or ("films",)]
        answer = await self.send("POST", "/api/libraries", {"name": name, "type": kind, "paths": paths}, status)
        return answer.get("library", answer)

    def film(self, path: str, content: bytes = b"film") -> Path:
        target = self.disk / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        os.utime(target, (LONG_AGO_S, LONG_AGO_S))
        return target

    async def idle(self) -> None:
        async with asyncio.timeout(10):
            while await self.desk.open():
                await asyncio.sleep(0.005)

    async def last(self, kind: str = "scan") -> Any:
        await self.idle()
        status = await self.send("GET", "/api/scan-status")
        return next(one for one in status["last"] if one["kind"] == kind)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Desk]:
    disk = tmp_path / "disk"
    (disk / "films").mkdir(parents=True)
    places = Places(data_dir=tmp_path / "data", transcode_dir=tmp_path / "data" / "transcode")
    places.make()
    migrated(places.database)
    db = await Database.open(places.database)
    async with db.write() as tx:
        await tx.run(A_HOUSEHOLD)
    bus = EventBus()
    jobs = Jobs(db)
    jobs.lane("scan", 2)
    db.on_events = bus.publish
    db.on_jobs = jobs.wake
    async with Lane("scan", 2) as lane:
        desk = Desk(db, jobs, lane, places, bus, disk)
        desk.desk.register()
        for kind in (LibrariesChanged, LibraryRemoved, ScanFinished):
            bus.subscribe(kind, desk.events.append)
        async with desk.desk, jobs:
            app = web.Application(middlewares=[edge])
            app.on_response_prepare.append(dress)
            browse = Browse(db, UNWATCHED, Clock())
            mount(app, [LibraryAdminRoutes(desk.service, desk.desk, browse)], desk.guard)
            async with TestClient(TestServer(app)) as client:
                desk.client = client
                yield desk
    await db.close()


async def test_new_library_is_scanned_at_once(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")

    made = await house.make()
    last = await house.last()

    assert made["name"] == "Films"
    assert made["uuid"] == made["id"]
    assert made["paths"] == [str(house.disk / "films")]
    assert made["options"]["scanIntervalHours"] == 12
    assert (last["result"], last["added"], last["errors"]) == ("ok", 1, [])
    assert last["states"]["total"] == 1
    assert (await house.service.get(made["id"])).last_scan_at is not None


async def test_folder_reached_by_a_link_is_stored_as_what_it_is(house: Desk) -> None:
    (house.disk / "link").symlink_to(house.disk / "films")

    made = await house.make("Films", "link")

    assert made["paths"] == [str(house.disk / "films")]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("{disk}/nowhere", "path_not_found"),
        ("films", "path_not_found"),
        ("{disk}/file.txt", "path_not_directory"),
        ("{data}/media", "path_forbidden"),
        ("/proc/self", "path_forbidden"),
        ("/sys", "path_forbidden"),
    ],
)
async def test_folders_that_cannot_be_used(house: Desk, path: str, code: str) -> None:
    (house.disk / "file.txt").touch()
    data = house.disk.parent / "data"
    (data / "media").mkdir()
    body = {"name": "x", "type": "movie", "paths": [path.format(disk=house.disk, data=data)]}

    answer = await house.send("POST", "/api/libraries", body, 400)

    assert answer["code"] == code
    assert answer["details"][0]["field"] == "paths[0]"


async def test_folder_that_may_not_be_read_is_refused(house: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("homemedia.library.scan.roots.os.scandir", refuse)

    assert (await house.make(status=400))["code"] == "path_not_readable"


async def test_names_and_folders_are_used_once(house: Desk) -> None:
    (house.disk / "films/below").mkdir()
    (house.disk / "other").mkdir()
    await house.make()

    assert (await house.make("FILMS", "other", status=409))["code"] == "name_taken"
    assert (await house.make("b", "films", status=409))["code"] == "path_overlap"
    assert (await house.make("b", "films/below", status=409))["code"] == "path_overlap"
    assert (await house.make("b", ".", status=409))["code"] == "path_overlap"
    assert (await house.make("b", "other", "other", status=409))["code"] == "path_overlap"


async def test_kinds_that_are_made_elsewhere_are_refused_with_a_sentence(house: Desk) -> None:
    answer = await house.make(kind="folder", status=400)

    assert answer["message"] == "A library holds films, shows, home videos, music or photos."
    assert answer["details"][0]["field"] == "type"


@pytest.mark.parametrize(
    "body",
    [
        {"type": "movie", "paths": ["/a"]},
        {"name": "", "type": "movie", "paths": ["/a"]},
        {"name": "   ", "type": "movie", "paths": ["{films}"]},
        {"name": "x" * 101, "type": "movie", "paths": ["/a"]},
        {"name": "x", "type": "wrong", "paths": ["/a"]},
        {"name": "x", "type": "movie", "paths": []},
        {"name": "x", "type": "movie"},
        {"name": "x", "type": "movie", "paths": ["/a"] * 33},
        {"name": "x", "type": "movie", "paths": ["/a"], "options": {"scanIntervalHours": -1}},
        {"name": "x", "type": "movie", "paths": ["/a"], "language": "no language"},
    ],
)
async def test_bodies_that_make_no_sense_are_refused(house: Desk, body: dict[str, Any]) -> None:
    body = {key: [str(house.disk / "films")] if value == ["{films}"] else value for key, value in body.items()}

    answer = await house.send("POST", "/api/libraries", body, 400)

    assert answer["code"] == "invalid_request"
    assert answer["details"]


async def test_options_are_merged_key_by_key(house: Desk) -> None:
    made = await house.make()
    path = f"/api/libraries/{made['id']}"

    await house.send("PUT", path, {"options": {"ignore": ["*.bak"], "watchFolders": False}})
    changed = await house.send(
        "PUT", path, {"options": {"country": "DE"}, "name": "Kino", "language": "de", "position": 9}
    )

    options = changed["library"]["options"]
    assert (options["ignore"], options["watchFolders"], options["country"]) == (["*.bak"], False, "DE")
    assert (changed["library"]["name"], changed["library"]["language"]) == ("Kino", "de")
    assert (await house.send("PUT", path, {"type": "show"}, 409))["code"] == "type_immutable"


async def test_dropped_folder_takes_its_films_and_brings_them_back_as_they_were(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    house.film("more/Other (2011).mkv", b"other")
    made = await house.make("Films", "films", "more")
    await house.idle()
    before = await house.db.read("SELECT rating_key FROM item WHERE title = 'Other'")
    path = f"/api/libraries/{made['id']}"

    await house.send("PUT", path, {"paths": [str(house.disk / "films")]})
    await house.idle()
    dropped = await house.db.read("SELECT title FROM item")
    await house.send("PUT", path, {"paths": [str(house.disk / "films"), str(house.disk / "more")]})
    await house.idle()

    assert [row["title"] for row in dropped] == ["Dream"]
    assert await house.db.read("SELECT rating_key FROM item WHERE title = 'Other'") == before


async def test_refused_change_of_folders_drops_none(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    for folder in ("more", "kids"):
        (house.disk / folder).mkdir()
    made = await house.make("Films", "films")
    await house.make("Kids", "kids")
    await house.idle()
    path = f"/api/libraries/{made['id']}"

    taken = await house.send("PUT", path, {"paths": [str(house.disk / "more")], "name": "Kids"}, 409)
    overlap = await house.send("PUT", path, {"paths": [str(house.disk / "kids")]}, 409)
    await house.idle()

    assert (taken["code"], overlap["code"]) == ("name_taken", "path_overlap")
    assert [row["title"] for row in await house.db.read("SELECT title FROM item")] == ["Dream"]
    roots = await house.db.read("SELECT path FROM root ORDER BY path")
    assert [row["path"] for row in roots] == [str(house.disk / "films"), str(house.disk / "kids")]


async def test_removed_library_leaves_files_and_comes_back_with_its_keys(house: Desk) -> None:
    film = house.film("films/Dream (2010).mkv")
    made = await house.make()
    await house.idle()
    before = [tuple(row) for row in await house.db.read("SELECT rating_key, identity_key, added_at FROM item")]

    answer = await house.send("DELETE", f"/api/libraries/{made['id']}")
    left = await house.db.read("SELECT (SELECT count(*) FROM item) + (SELECT count(*) FROM file) AS n")
    await house.make()
    await house.idle()

    assert answer == {"id": made["id"], "deleted": True}
    assert film.exists()
    assert left[0]["n"] == 0
    assert [tuple(row) for row in await house.db.read("SELECT rating_key, identity_key, added_at FROM item")] == before
    removed = [event for event in house.events if isinstance(event, LibraryRemoved)]
    assert removed == [LibraryRemoved(made["id"], (before[0][0],))]


async def test_second_wish_joins_the_running_scan(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    may_end = asyncio.Event()
    has_begun = asyncio.Event()

    async def hold() -> None:
        has_begun.set()
        await may_end.wait()

    house.tools.before = hold
    made = await house.make()
    await has_begun.wait()
    path = f"/api/libraries/{made['id']}"

    joined = await house.send("POST", f"{path}/scan", None, 202)
    status = await house.send("GET", "/api/scan-status")
    may_end.set()
    last = await house.last()

    assert joined["status"] == "running"
    assert joined["scanId"] == last["scanId"]
    scan = status["scans"][0]
    assert (status["scanning"], scan["phase"], scan["state"], scan["added"]) == (True, "probe", "running", 1)
    assert (scan["total"], scan["name"], scan["kind"]) == (1, "Films", "scan")


async def test_wish_for_a_folder_during_a_scan_is_done_after_it(house: Desk) -> None:
    house.film("films/Dream (2010)/Dream (2010).mkv")
    may_end, has_begun = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        has_begun.set()
        await may_end.wait()

    house.tools.before = hold
    made = await house.make()
    await has_begun.wait()
    house.film("films/Late (2011)/Late (2011).mkv", b"late")
    folder = str(house.disk / "films" / "Late (2011)")
    await house.send("POST", f"/api/libraries/{made['id']}/scan", {"path": folder}, 202)
    may_end.set()
    await house.idle()

    titles = [row["title"] for row in await house.db.read("SELECT title FROM item ORDER BY title")]
    assert titles == ["Dream", "Late"]


async def test_third_library_waits_for_its_turn(house: Desk) -> None:
    may_end = asyncio.Event()

    async def hold() -> None:
        await may_end.wait()

    house.tools.before = hold
    for name in ("a", "b", "c"):
        house.film(f"{name}/Film (2001).mkv", name.encode())
        await house.make(name, name)
    async with asyncio.timeout(5):
        while sum(row.state == "running" for row in await house.desk.open()) < 2:
            await asyncio.sleep(0.005)
    third = next(row for row in await house.desk.open() if row.state == "queued")
    waiting = await house.send("POST", f"/api/libraries/{third.key}/scan", None, 202)
    may_end.set()
    await house.idle()

    assert waiting == {"status": "queued", "scanId": str(third.job_id)}
    assert len(await house.desk.last()) == 3


async def test_cancelled_scan_says_so_and_keeps_what_it_found(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    has_begun = asyncio.Event()

    async def hang() -> None:
        has_begun.set()
        await asyncio.Event().wait()

    house.tools.before = hang
    await house.make()
    await has_begun.wait()
    scan = (await house.desk.open())[0]

    await house.send("DELETE", f"/api/home/library/scans/{scan.job_id}")
    last = await house.last()

    assert last["result"] == "cancelled"
    assert [row["title"] for row in await house.db.read("SELECT title FROM item")] == ["Dream"]
    await house.send("DELETE", f"/api/home/library/scans/{scan.job_id}", status=404)


async def test_library_can_be_removed_in_the_middle_of_its_scan(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    has_begun = asyncio.Event()

    async def hang() -> None:
        has_begun.set()
        await asyncio.Event().wait()

    house.tools.before = hang
    made = await house.make()
    await has_begun.wait()

    await house.send("DELETE", f"/api/libraries/{made['id']}")

    assert await house.desk.open() == []
    assert await house.db.read("SELECT 1 FROM item") == []


async def test_refresh_is_a_job_of_its_own(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    made = await house.make()
    await house.idle()

    ticket = await house.send("POST", f"/api/libraries/{made['id']}/refresh", {"mode": "missing"}, 202)
    last = await house.last("refresh")

    assert ticket["status"] == "started"
    assert (last["scanId"], last["result"], last["updated"]) == (ticket["scanId"], "ok", 1)


async def test_all_problems_are_kept_and_paged(house: Desk) -> None:
    for number in range(60):
        house.film(f"films/{number:02} (2001).mkv", b"bad")
    made = await house.make()
    last = await house.last()

    page = await house.send("GET", f"/api/home/library/{made['id']}/problems?offset=50&limit=5")

    assert len(last["errors"]) == 50
    assert last["failed"] == 60
    assert (page["totalCount"], page["offset"], page["limit"], len(page["problems"])) == (60, 50, 5, 5)
    assert page["problems"][0] == {
        "path": str(house.disk / "films/50 (2001).mkv"),
        "code": "not_media",
        "error": "This is no video.",
    }


async def test_unknown_libraries_and_foreign_folders(house: Desk) -> None:
    made = await house.make()
    path = f"/api/libraries/{made['id']}/scan"

    assert (await house.send("POST", "/api/libraries/none/scan", None, 404))["code"] == "not_found"
    assert (await house.send("DELETE", "/api/libraries/none", None, 404))["code"] == "not_found"
    assert (await house.send("PUT", "/api/libraries/none", {}, 404))["code"] == "not_found"
    assert (await house.send("POST", path, {"path": "/etc"}, 400))["code"] == "path_not_found"
    escape = f"{house.disk}/films/../../data"
    assert (await house.send("POST", path, {"path": escape}, 400))["code"] == "path_not_found"


async def test_only_administrators_may(house: Desk) -> None:
    made = await house.make()
    house.is_admin = False

    for method, path in (
        ("POST", "/api/libraries"),
        ("PUT", f"/api/libraries/{made['id']}"),
        ("DELETE", f"/api/libraries/{made['id']}"),
        ("POST", f"/api/libraries/{made['id']}/scan"),
        ("POST", f"/api/libraries/{made['id']}/refresh"),
        ("GET", "/api/scan-status"),
        ("GET", f"/api/home/library/{made['id']}/problems"),
    ):
        assert (await house.send(method, path, {}, 403))["code"] == "admin_required"


async def test_wish_in_the_moment_a_scan_ends_is_not_lost(house: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await house.make()
    await house.idle()
    late: list[asyncio.Task[Any]] = []
    real = house.scanner.scan

    async def scan(run: Any, wish: Any) -> None:
        await real(run, wish)
        if not late:
            house.film("films/Late (2011).mkv")
            # Comes after the body took its last look for wishes, before the queue closed the job.
            asyncio.get_running_loop().call_soon(
                lambda: late.append(asyncio.ensure_future(house.desk.scan(made["id"])))
            )

    monkeypatch.setattr(house.scanner, "scan", scan)
    await house.desk.scan(made["id"])
    await house.idle()
    await asyncio.gather(*late)
    await house.idle()

    assert [row["title"] for row in await house.db.read("SELECT title FROM item")] == ["Late"]


async def test_files_that_wait_are_looked_at_again(house: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homemedia.library.jobs.AGAIN_AFTER_S", 0.02)
    film = house.film("films/Film (2011).mkv")
    os.utime(film)
    await house.make()
    first = await house.last()
    os.utime(film, (LONG_AGO_S, LONG_AGO_S))
    async with asyncio.timeout(10):
        while not await house.db.read("SELECT 1 FROM item"):
            await asyncio.sleep(0.01)
    await house.idle()

    assert first["states"]["deferred"] == 1
    assert [row["title"] for row in await house.db.read("SELECT title FROM item")] == ["Film"]


async def test_library_is_answered_as_the_list_shows_it(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    made = await house.make()
    await house.idle()

    changed = (await house.send("PUT", f"/api/libraries/{made['id']}", {"name": "Movies"}))["library"]

    assert made["scanning"] is True
    assert changed.keys() == made.keys()
    assert {name: changed[name] for name in ("name", "itemCount", "scanning", "paths", "available", "watching")} == {
        "name": "Movies",
        "itemCount": 1,
        "scanning": False,
        "paths": [str(house.disk / "films")],
        "available": True,
        "watching": [],
    }


async def test_wish_that_waited_for_a_scan_that_broke_down_is_done_all_the_same(house: Desk) -> None:
    house.film("films/Dream (2010).mkv")
    begun = asyncio.Event()
    go_on = asyncio.Event()

    async def break_down() -> None:
        begun.set()
        await go_on.wait()
        house.tools.before = None
        raise RuntimeError("the worker is gone")

    house.tools.before = break_down
    made = await house.make()
    await begun.wait()
    folder = house.film("films/Heat (1995)/Heat (1995).mkv").parent
    waiting = await house.send("POST", f"/api/libraries/{made['id']}/scan", {"path": str(folder)}, 202)
    go_on.set()
    async with asyncio.timeout(10):
        while (await house.last())["result"] != "ok":
            await asyncio.sleep(0.01)

    assert waiting["status"] == "running"
    found = await house.db.read("SELECT title FROM item ORDER BY title")
    assert [row["title"] for row in found] == ["Dream", "Heat"]
