"""Whether there is a newer version: asked where an administrator wishes it, and of nobody before."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from homemedia import __version__
from homemedia.core.problems import Unavailable
from homemedia.server.updates.how import How, decided
from homemedia.server.updates.versions import is_newer, newest, release
from tests.support.app import House, a_house
from tests.support.fakes import FakeClock

ADDRESS = "/api/home/server/updates"
DAY_MS = 24 * 3600 * 1000


class Index:
    """An index of packages that answers as PyPI does."""

    def __init__(self) -> None:
        self.version = "9.1.0"
        self.status = 200
        self.text = ""
        self.asked: list[str] = []
        self.agents: list[str] = []

    @property
    def url(self) -> str:
        return str(self._server.make_url("/pypi/homemedia/json"))

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/pypi/homemedia/json", self._answer)
        app.router.add_get("/moved", self._moved)
        self._server = TestServer(app)
        await self._server.start_server()

    async def close(self) -> None:
        await self._server.close()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        self.agents.append(request.headers["User-Agent"])
        if self.text or self.status != 200:
            return web.Response(status=self.status, text=self.text)
        urls = {"Homepage": "https://example.org", "Changelog": f"https://example.org/changes/{self.version}"}
        info = {"version": self.version, "yanked": False, "project_urls": urls, "summary": None}
        return web.json_response({"info": info, "releases": {}, "urls": []})

    async def _moved(self, _request: web.Request) -> web.Response:
        raise web.HTTPFound("/pypi/homemedia/json")


@pytest.fixture
async def index() -> AsyncIterator[Index]:
    made = Index()
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def house(tmp_path: Path, index: Index) -> AsyncIterator[House]:
    async with a_house(tmp_path, clock=FakeClock(), updates_url=index.url) as made:
        await made.claim()
        yield made


async def swept(house: House, *, later_ms: int = 0) -> None:
    clock = house.server.clock
    assert isinstance(clock, FakeClock)
    clock.pass_ms(later_ms)
    await house.server.about.updates.sweep()


async def told(house: House) -> list[Any]:
    await house.idle()
    found = (await house.get("/api/home/notifications"))["notices"]
    return [one for one in found if one["type"] == "update_found"]


async def test_nobody_is_asked_before_somebody_wishes_it(house: House, index: Index) -> None:
    found = await house.get(ADDRESS)
    for _ in range(3):
        await swept(house, later_ms=DAY_MS)

    assert index.asked == []
    assert (found["isChecking"], found["version"]) == (False, __version__)
    assert [found[name] for name in ("latest", "checkedAt", "problem", "notes", "backup", "previous")] == [None] * 6


async def test_it_is_asked_once_a_day_and_told_once(house: House, index: Index) -> None:
    found = await house.send("PUT", ADDRESS, {"isChecking": True})
    assert (found["isChecking"], found["latest"], found["problem"]) == (True, "9.1.0", None)
    assert found["notes"] == "https://example.org/changes/9.1.0"
    assert found["checkedAt"] == house.server.clock.now_ms()

    await swept(house, later_ms=DAY_MS - 600_000)
    assert len(index.asked) == 1
    await swept(house, later_ms=1_200_000)
    assert len(index.asked) == 2
    assert len(await told(house)) == 1

    index.version = "9.2.0"
    await swept(house, later_ms=DAY_MS)
    (notice,) = await told(house)
    assert (notice["message"], notice["path"]) == ("HomeMedia 9.2.0 is there", "/admin/updates")
    assert house.server.about.updates.newer == "9.2.0"


async def test_whoever_asks_at_once_asks_once(house: House, index: Index) -> None:
    switched = asyncio.create_task(house.send("PUT", ADDRESS, {"isChecking": True}))
    while not switched.done():
        await swept(house)

    assert len(index.asked) == 1
    assert len(await told(house)) == 1


async def test_no_more_is_asked_once_it_is_switched_off(house: House, index: Index) -> None:
    await house.send("PUT", ADDRESS, {"isChecking": True})
    await house.send("PUT", ADDRESS, {"isChecking": False})

    await swept(house, later_ms=3 * DAY_MS)

    assert len(index.asked) == 1


async def test_only_the_program_s_name_and_version_are_told(house: House, index: Index) -> None:
    await house.send("PUT", ADDRESS, {"isChecking": True})

    assert (index.asked, index.agents) == (["/pypi/homemedia/json"], [f"HomeMedia/{__version__}"])


async def test_person_asks_once_by_hand(house: House, index: Index) -> None:
    found = await house.send("POST", f"{ADDRESS}/check")
    await swept(house, later_ms=2 * DAY_MS)

    assert (found["latest"], found["isChecking"], len(index.asked)) == ("9.1.0", False, 1)


async def test_version_that_is_no_news_is_told_to_nobody(house: House, index: Index) -> None:
    index.version = __version__

    found = await house.send("POST", f"{ADDRESS}/check")

    assert found["latest"] == __version__
    assert await told(house) == []
    assert house.server.about.updates.newer is None


@pytest.mark.parametrize(
    ("status", "text", "says"),
    [
        (500, "", "answers 500"),
        (200, "<html>sign in to this network</html>", "does not know of versions"),
        (200, '{"info": {"version": "9.1.0rc1"}}', "no version that is meant for everybody"),
        (200, '{"info": {"version": "9.1.0", "yanked": true}}', "no version that is meant for everybody"),
    ],
)
async def test_what_keeps_it_from_being_answered_is_said(
    house: House, index: Index, status: int, text: str, says: str
) -> None:
    await house.send("POST", f"{ADDRESS}/check")
    index.status, index.text = status, text

    found = await house.send("POST", f"{ADDRESS}/check")

    assert says in found["problem"]
    assert found["latest"] == "9.1.0", "what was known stays known"


async def test_address_that_moved_is_followed(tmp_path: Path, index: Index) -> None:
    async with a_house(tmp_path, updates_url=index.url.replace("/pypi/homemedia/json", "/moved")) as house:
        await house.claim()

        assert (await house.send("POST", f"{ADDRESS}/check"))["latest"] == "9.1.0"


async def test_what_was_learnt_and_wished_outlives_a_restart(tmp_path: Path, index: Index) -> None:
    async with a_house(tmp_path, updates_url=index.url) as house:
        await house.claim()
        before = await house.send("PUT", ADDRESS, {"isChecking": True})
        headers = {"Authorization": f"Bearer {house.token}"}
    async with (
        a_house(tmp_path, updates_url=index.url) as house,
        house.client.get(ADDRESS, headers=headers) as answer,
    ):
        assert await answer.json() == before
    assert len(index.asked) == 1


async def test_version_before_and_its_copy_are_told(house: House) -> None:
    folder = house.folder / "data" / "backups"
    (folder / "before-2026_11_30_03_updates-20260101T000000.db").write_bytes(b"copy")
    async with house.server.db.write() as tx:
        await tx.run("INSERT INTO program_version (version, began_at, copy) VALUES ('0.0.9', 1, NULL)")
        await tx.run(
            "INSERT INTO program_version (version, began_at, copy) VALUES (:version, 2, :copy) "
            "ON CONFLICT (version) DO UPDATE SET copy = excluded.copy",
            {"version": __version__, "copy": "before-2026_11_30_03_updates-20260101T000000.db"},
        )

    found = await house.get(ADDRESS)

    assert found["previous"] == "0.0.9"
    assert found["backup"]["name"] == "before-2026_11_30_03_updates-20260101T000000.db"
    assert found["backup"]["madeAt"] > 1_600_000_000_000


@pytest.mark.parametrize(
    ("version", "than", "is_so"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.10.0", "0.9.9", True),
        ("1.0", "1.0.0", False),
        ("1.0.1", "1.0", True),
        ("v1.2.0", "1.1", True),
        ("0.1.0", "0.2.0", False),
        ("2.0.0rc1", "1.0.0", False),
        ("2.0.dev3", "1.0.0", False),
        ("junk", "1.0.0", False),
        ("2.0.0", "1.0.0.dev1", False),
    ],
)
def test_only_a_later_release_is_newer(version: str, than: str, is_so: bool) -> None:  # noqa: FBT001 - a table
    assert is_newer(version, than) is is_so


@pytest.mark.parametrize("text", ["1.2.3.4.5.6.7", "1." + "9" * 40, "", "1..2", "-1", "1.0+local"])
def test_odd_numbers_are_no_release(text: str) -> None:
    assert release(text) is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org/", 'https://a.org/"><script>', ""])
def test_page_about_it_is_an_address_of_the_web(url: str) -> None:
    text = json.dumps({"info": {"version": "1.0", "project_urls": {"Changelog": url}, "release_url": url}})

    assert newest(text.encode()).notes is None


def test_answer_without_end_of_brackets_is_refused() -> None:
    with pytest.raises(Unavailable):
        newest(b"[" * 100_000)


@pytest.mark.parametrize(
    ("variable", "written", "is_frozen", "is_package", "how"),
    [
        ("container", "", False, True, "container"),
        ("", "deb\n", True, False, "deb"),
        ("macos", "tarball", True, False, "macos"),
        ("nonsense", "windows", True, False, "windows"),
        ("", "", True, False, "tarball"),
        ("", "", False, True, "pip"),
        ("", "", False, False, "source"),
    ],
)
def test_how_it_came_here_is_written_down_or_guessed(
    variable: str,
    written: str,
    is_frozen: bool,  # noqa: FBT001 - a table
    is_package: bool,  # noqa: FBT001 - likewise
    how: How | Literal[""],
) -> None:
    assert decided(variable, written, is_frozen=is_frozen, is_package=is_package) == how
