"""The door for the icon beside the clock: who is let in, what is told, and that waiting costs nothing."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.jobs import JobRun, Jobs
from homemedia.core.notices import ADMINS, Notice, notify
from homemedia.server.desktop.door import CALM_S, Ending, doing, overall
from homemedia.server.desktop.wire import Note, Scanned
from tests.support.app import House, a_house
from tests.support.samples import a_film

STATE = "/api/home/desktop/state"
WAIT_S = 25


class Icon:
    """The program beside the clock, as far as the server knows it."""

    def __init__(self, house: House) -> None:
        self._client = house.stranger()
        door = house.folder / "data" / "desktop.json"
        house.server.desktop.door.open(door, url=house.url, page="http://localhost:8420")
        self.found = json.loads(door.read_text(encoding="utf-8"))
        self.mode = door.stat().st_mode & 0o777

    async def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.found['token']}"} | (headers or {})
        async with self._client.request(method, path, headers=headers, **options) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None

    async def state(self, seen: str = "", wait_s: float = 0) -> Any:
        status, found = await self.ask("GET", STATE, params={"seen": seen, "waitS": str(wait_s)})
        assert status == 200, found
        return found

    async def pause(self, *, paused: bool) -> None:
        assert await self.ask("POST", "/api/home/desktop/scanning", json={"paused": paused}) == (204, None)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as made:
        await made.claim()
        yield made


@pytest.fixture
async def icon(house: House) -> Icon:
    return Icon(house)


async def test_file_in_the_data_folder_tells_where_to_ask_and_is_for_its_owner_alone(house: House, icon: Icon) -> None:
    assert icon.found["url"] == house.url
    assert len(icon.found["token"]) >= 32
    assert icon.mode == 0o600


async def test_state_tells_the_household(icon: Icon) -> None:
    found = await icon.state()

    assert (found["name"], found["isClaimed"], found["url"]) == ("Attic", True, "http://localhost:8420")
    assert (found["state"], found["percent"], found["streams"]) == ("ready", None, 0)
    assert (found["watching"], found["scans"], found["attention"], found["notices"]) == ([], [], [], [])
    assert (found["isScanningPaused"], found["update"]) == (False, None)


@pytest.mark.parametrize("word", ["", "Bearer", "Bearer wrong", "Basic {token}", "{token}", "Bearer {token}x"])
async def test_nobody_is_let_in_without_the_word(icon: Icon, word: str) -> None:
    said = word.format(token=icon.found["token"])
    for method, path in (("GET", STATE), *(("POST", f"/api/home/desktop/{what}") for what in ("stop", "restart"))):
        status, found = await icon.ask(method, path, headers={"Authorization": said})
        assert (status, found["code"]) == (401, "unauthorized")


async def test_administrator_s_token_is_not_the_word(house: House, icon: Icon) -> None:
    status, _ = await icon.ask("POST", "/api/home/desktop/stop", headers={"Authorization": f"Bearer {house.token}"})

    assert status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"Origin": "http://127.0.0.1:8420"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
    ids=lambda headers: next(iter(headers)),
)
async def test_there_is_no_door_for_pages_and_for_what_is_passed_on(icon: Icon, headers: dict[str, str]) -> None:
    status, found = await icon.ask("GET", STATE, headers=headers)

    assert (status, found["code"]) == (404, "route_not_found")


async def test_there_is_no_door_for_other_machines(icon: Icon, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(transport: Any, name: str, default: Any = None) -> Any:
        return {"peername": ("192.168.1.9", 50000), "sockname": ("192.168.1.2", 8420)}.get(name, default)

    monkeypatch.setattr("asyncio.selector_events._SelectorTransport.get_extra_info", elsewhere)

    assert (await icon.ask("GET", STATE))[0] == 404


async def test_who_waits_is_answered_when_something_happens(house: House, icon: Icon) -> None:
    seen = (await icon.state())["revision"]
    waiting = asyncio.create_task(icon.state(seen, 25))
    await asyncio.sleep(0)
    assert not waiting.done()

    await house.send("PUT", "/api/home/accounts/household", {"name": "Cellar"})

    async with asyncio.timeout(10):
        found = await waiting
    assert found["name"] == "Cellar"
    assert found["revision"] != seen


async def test_answer_comes_after_the_time_where_nothing_happens(icon: Icon) -> None:
    seen = (await icon.state())["revision"]

    assert (await icon.state(seen, 0.05))["revision"] == seen


async def test_who_knows_an_old_state_is_answered_at_once(icon: Icon) -> None:
    async with asyncio.timeout(5):
        assert (await icon.state("long ago", 25))["name"] == "Attic"


async def test_stop_waits_for_nobody_who_waits(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        icon = Icon(house)
        waiting = asyncio.create_task(icon.state((await icon.state())["revision"], 25))
        await asyncio.sleep(0.05)
        began = asyncio.get_running_loop().time()
        await house.server.desktop.door.close()
        await waiting
        assert asyncio.get_running_loop().time() - began < 1


async def test_asking_without_end_fills_no_log(house: House, icon: Icon) -> None:
    before = (await house.get("/api/logs?limit=1000&path=/api/home/desktop"))["total"]
    for _ in range(3):
        await icon.state()
    await icon.ask("POST", "/api/home/desktop/stop", headers={"Authorization": "Bearer wrong"})

    found = await house.get("/api/logs?limit=1000&path=/api/home/desktop")
    assert found["total"] == before + 1, "what was refused alone is written down"
    assert found["logs"][0]["status"] == 401


@pytest.mark.parametrize("ending", ["stop", "restart"])
async def test_wish_to_end_is_handed_on(house: House, icon: Icon, ending: Ending) -> None:
    heard: list[Ending] = []
    house.server.desktop.door.on_end = heard.append

    assert await icon.ask("POST", f"/api/home/desktop/{ending}") == (204, None)
    assert heard == [ending]


async def test_paused_scans_wait_until_they_may_go_on(house: House, icon: Icon) -> None:
    films = house.media / "films"
    films.mkdir()
    library = await house.add_library("Films", "movie", films)
    await icon.pause(paused=True)
    a_film(films / "Harbour (2001).mkv", seconds=1)

    await house.send("POST", f"/api/libraries/{library['id']}/scan", {}, 202)

    status = await house.get("/api/scan-status")
    assert (status["paused"], status["scanning"], [scan["state"] for scan in status["scans"]]) == (
        True,
        False,
        ["queued"],
    )
    found = await icon.state()
    assert (found["isScanningPaused"], found["state"]) == (True, "ready")

    await icon.pause(paused=False)
    await house.idle()
    assert (await house.get("/api/scan-status"))["paused"] is False
    assert (await icon.state())["isScanningPaused"] is False


async def test_scan_that_runs_stops_where_it_is_and_goes_on_later(house: House, icon: Icon) -> None:
    films = house.media / "films"
    films.mkdir()
    for number in range(3):
        a_film(films / f"Harbour {number} (200{number}).mkv", seconds=1)
    # Held in the midst of it: files are known, and none was looked into.
    house.server.library.scanner.may_probe.clear()
    body = {"name": "Films", "type": "movie", "paths": [str(films)]}
    await house.send("POST", "/api/libraries", body, 201)

    async def is_probing() -> bool:
        scans = (await house.get("/api/scan-status"))["scans"]
        return bool(scans and scans[0]["phase"] == "probe")

    await house.until(is_probing)
    assert (await icon.state())["state"] == "scanning"

    await icon.pause(paused=True)
    house.server.library.scanner.may_probe.set()

    (scan,) = (await house.get("/api/scan-status"))["scans"]
    assert scan["state"] == "queued"
    rows = await house.server.db.read("SELECT count(*) AS files, count(probe) AS probed FROM file")
    assert (rows[0]["files"], rows[0]["probed"]) == (3, 0)

    await icon.pause(paused=False)
    await house.idle()
    rows = await house.server.db.read("SELECT count(*) AS files, count(probe) AS probed FROM file")
    assert (rows[0]["files"], rows[0]["probed"]) == (3, 3)
    (last,) = [one for one in (await house.get("/api/scan-status"))["last"] if one["kind"] == "scan"]
    assert (last["result"], last["scanId"]) == ("ok", scan["scanId"])


async def test_end_of_a_scan_is_told_to_whoever_waits(
    house: House, icon: Icon, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = Jobs._note

    async def late(jobs: Jobs, run: JobRun, *rest: Any) -> None:
        await asyncio.sleep(2 * CALM_S)  # the writer is busy: long after the scan has said that it ended
        await note(jobs, run, *rest)

    monkeypatch.setattr(Jobs, "_note", late)
    films = house.media / "films"
    films.mkdir()
    a_film(films / "Harbour (2001).mkv", seconds=1)
    house.server.library.scanner.may_probe.clear()
    await house.send("POST", "/api/libraries", {"name": "Films", "type": "movie", "paths": [str(films)]}, 201)
    seen = ""
    async with asyncio.timeout(WAIT_S):
        while (found := await icon.state(seen, WAIT_S))["state"] != "scanning":
            seen = found["revision"]
        house.server.library.scanner.may_probe.set()
        # Less than one waiting takes by itself: something must wake it.
        while found["state"] != "ready":
            found = await icon.state(found["revision"], WAIT_S)

    assert found["scans"] == []


async def test_pause_outlives_a_restart(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.claim()
        await Icon(house).pause(paused=True)
    async with a_house(tmp_path) as house:
        assert (await Icon(house).state())["isScanningPaused"] is True


async def test_administrators_hold_the_same_scans(house: House, icon: Icon) -> None:
    await icon.pause(paused=True)

    assert (await house.get("/api/jobs"))["library"]["queueStatus"]["isPaused"] is True
    await house.send("PUT", "/api/jobs/library", {"command": "resume", "force": False})
    assert (await icon.state())["isScanningPaused"] is False


async def test_each_notice_is_told_once(house: House, icon: Icon) -> None:
    await icon.state()
    seen = (await icon.state())["revision"]
    details = {"target_title": "Films", "path": "/admin/libraries/1/problems"}
    async with house.server.db.write() as tx:
        await notify(tx, Notice(family="server", type="library_offline", to=ADMINS, subject_id="1", details=details))
        await notify(tx, Notice(family="server", type="scan_problems", to=(), subject_id="1", details=details))

    async with asyncio.timeout(10):
        found = await icon.state(seen, 25)

    (notice,) = found["notices"]
    assert notice["body"] == 'The library "Films" cannot be reached'
    assert notice["address"] == "/admin/libraries/1/problems"
    assert notice["title"] == "Attic"
    # Whoever did not get the answer asks with what he knew before, and gets it again.
    assert [one["id"] for one in (await icon.state("", 0))["notices"]] == [notice["id"]]
    assert (await icon.state(found["revision"], 0))["notices"] == []


async def test_library_that_was_looked_through_for_the_first_time_is_told(house: House, icon: Icon) -> None:
    films = house.media / "films"
    films.mkdir()
    library = await house.add_library("Films", "movie", films)
    await house.scan(library["id"])

    async def is_told() -> bool:
        return bool((await icon.state())["notices"])

    await house.until(is_told)
    assert [one["body"] for one in (await icon.state())["notices"]] == [
        '"Films" is ready: everything in it was looked at'
    ]


async def test_lost_disk_comes_before_all_else(house: House, icon: Icon) -> None:
    films = house.media / "films"
    films.mkdir()
    a_film(films / "Harbour (2001).mkv", seconds=1)
    library = await house.add_library("Films", "movie", films)
    films.rename(house.media / "elsewhere")

    with contextlib.suppress(AssertionError):
        await house.scan(library["id"])

    found = await icon.state()
    assert found["state"] == "attention"
    (trouble,) = found["attention"]
    assert trouble["code"] == "library_offline"
    assert trouble["address"] == f"/admin/libraries/{library['id']}/problems"
    assert "Films" in trouble["message"]


async def test_sick_database_is_said_and_does_not_end_the_telling(house: House, icon: Icon) -> None:
    await house.server.db.close()

    found = await icon.state()

    assert (found["state"], [one["code"] for one in found["attention"]]) == ("attention", ["database"])


async def test_few_notes_are_kept_for_whoever_never_comes(house: House) -> None:
    door = house.server.desktop.door
    for number in range(200):
        door.note(Note(id=str(number), title="", body="", address="/"))

    found = await door.state("", 0)

    assert [found.notices[0].id, found.notices[-1].id] == ["150", "199"]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"is_open": False, "troubles": 1, "streams": 1, "scans": 1}, "starting"),
        ({"is_open": True, "troubles": 1, "streams": 1, "scans": 1}, "attention"),
        ({"is_open": True, "troubles": 0, "streams": 1, "scans": 1}, "streaming"),
        ({"is_open": True, "troubles": 0, "streams": 0, "scans": 1}, "scanning"),
        ({"is_open": True, "troubles": 0, "streams": 0, "scans": 0}, "ready"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_word_is_shown_for_all_of_it(facts: dict[str, Any], state: str) -> None:
    assert doing(**facts) == state


@pytest.mark.parametrize(("percents", "all_of_it"), [([], None), ([None], None), ([40, None, 60], 50)])
def test_scans_together_are_as_far_as_those_that_know(percents: list[int | None], all_of_it: int | None) -> None:
    scans = [Scanned(library="", phase="probe", percent=percent) for percent in percents]

    assert overall(scans) == all_of_it
