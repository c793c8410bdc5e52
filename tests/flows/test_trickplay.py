"""A film is scanned, its small pictures are made by themselves, and who sees the film sees them."""

import io
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from multidict import CIMultiDict
from PIL import Image
from yarl import URL

from tests.support.app import House, a_house
from tests.support.samples import a_clock
from tests.support.streams import DAY_S, films, open_stream

BASE = "/api/home/playback/trickplay"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, playback={"previews": True}) as made:
        await made.claim()
        yield made


async def a_film(house: House, *, seconds: int = 12) -> int:
    """A scanned film whose pictures are made; its file."""
    a_clock(house.media / "Clock (2020).mkv", seconds=seconds)
    return (await films(house))["Clock"]


async def answer(house: House, path: str, **headers: str) -> tuple[int, CIMultiDict[str], bytes]:
    async with house.client.get(path, headers=headers) as found:
        return found.status, CIMultiDict(found.headers), await found.read()


async def test_scanned_film_gets_pictures_by_itself(house: House) -> None:
    film = await a_film(house)

    found = await house.get(f"{BASE}/{film}")
    shape = {name: found[name] for name in ("state", "interval", "width", "height", "columns", "rows", "count")}

    assert shape == {
        "state": "ready",
        "interval": 1000,
        "width": 256,
        "height": 144,
        "columns": 10,
        "rows": 10,
        "count": 12,
    }
    status, headers, body = await answer(house, found["sheets"][0])
    assert (status, headers["Content-Type"]) == (200, "image/webp")
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    with Image.open(io.BytesIO(body)) as sheet:
        assert sheet.size == (2560, 288)

    standing = await house.get(BASE)
    assert (standing["enabled"], standing["made"], standing["failed"], standing["waiting"]) == (True, 1, 0, 0)
    assert standing["size"] == len(body)


async def test_sheet_is_asked_for_once(house: House) -> None:
    film = await a_film(house)
    (address,) = (await house.get(f"{BASE}/{film}"))["sheets"]

    _, headers, _ = await answer(house, address)
    again, _, body = await answer(house, address, **{"If-None-Match": headers["ETag"]})
    without, plain, _ = await answer(house, address.partition("?")[0])

    assert (again, body) == (304, b"")
    assert (without, plain["Cache-Control"]) == (200, "private, no-cache")


async def test_there_is_nothing_for_who_may_not_see_the_film(house: House) -> None:
    film = await a_film(house)
    stranger = house.stranger()
    (address,) = (await house.get(f"{BASE}/{film}"))["sheets"]

    for path in (f"{BASE}/{film}", address):
        async with stranger.get(path) as refused:
            assert refused.status == 401
    for path in (f"{BASE}/999", f"{BASE}/999/0", f"{BASE}/{film}/1", f"{BASE}/{film}/{10**30}"):
        status, _, _ = await answer(house, path)
        assert status == 404, path


async def test_token_of_a_stream_opens_the_pictures_of_its_film_alone(house: House) -> None:
    film = await a_film(house)
    (address,) = (await house.get(f"{BASE}/{film}"))["sheets"]
    stream = await open_stream(house, film)
    token = URL(stream["playlistUrl"]).query["token"]
    stranger = house.stranger()

    async def status(path: str) -> int:
        async with stranger.get(path, params={"token": token}) as found:
            return found.status

    assert [await status(path) for path in (f"{BASE}/{film}", address.partition("?")[0])] == [200, 200]
    assert [await status(path) for path in (f"{BASE}/{film}0", f"{BASE}/{film}0/0", BASE)] == [401, 401, 401]


async def test_nothing_is_made_while_somebody_watches(house: House) -> None:
    film = await a_film(house)
    (library,) = (await house.get("/api/libraries"))["libraries"]
    (item,) = (await house.get(f"/api/libraries/{library['id']}/items"))["items"]

    async def report(state: str) -> None:
        body = {"ratingKey": item["id"], "fileId": film, "offset": 1000, "duration": 12_000, "state": state}
        await house.send("POST", "/api/progress", body)

    await report("playing")
    other = a_clock(house.media / "Other (2021).mkv", seconds=8)
    os.utime(other, (time.time() - DAY_S,) * 2)
    await house.send("POST", f"/api/libraries/{library['id']}/scan", {}, 202)
    await house.until(lambda: is_scanned(house, 2))
    await house.until(lambda: is_resting(house))
    made_meanwhile = (await house.get(BASE))["made"]
    await report("stopped")
    await house.idle()

    assert made_meanwhile == 1
    assert (await house.get(BASE))["made"] == 2


async def is_scanned(house: House, count: int) -> bool:
    rows = await house.server.db.read("SELECT count(*) AS n FROM file WHERE probe IS NOT NULL")
    return bool(rows[0]["n"] == count) and not (await house.get("/api/scan-status"))["scanning"]


async def is_resting(house: House) -> bool:
    return bool((await house.get(BASE))["resting"])


async def test_film_that_went_takes_its_pictures_along(house: House) -> None:
    await a_film(house)
    (library,) = (await house.get("/api/libraries"))["libraries"]

    async with house.client.delete(f"/api/libraries/{library['id']}") as removed:
        assert removed.status == 200
    await house.idle()

    assert (await house.get(BASE))["made"] == 0


async def test_switched_off_the_server_says_so(tmp_path: Path) -> None:
    async with a_house(tmp_path, playback={"previews": False}) as house:
        await house.claim()
        film = await a_film(house)

        found = await house.get(f"{BASE}/{film}")

        assert (found["state"], found["sheets"]) == ("off", [])
        assert not (tmp_path / "data" / "cache" / "trickplay").exists()


async def test_library_that_wants_none_has_none_until_it_wants_them_again(house: House) -> None:
    film = await a_film(house)
    (address,) = (await house.get(f"{BASE}/{film}"))["sheets"]
    (library,) = (await house.get("/api/libraries"))["libraries"]
    path = f"/api/libraries/{library['id']}"

    await house.send("PUT", path, {"options": {"scrubPreviews": False}})
    without, gone = await house.get(f"{BASE}/{film}"), (await answer(house, address))[0]
    await house.idle()
    made = (await house.get(BASE))["made"]
    await house.send("PUT", path, {"options": {"scrubPreviews": True}})
    await house.idle()

    assert (without["state"], without["sheets"], gone, made) == ("off", [], 404, 0)
    assert (await house.get(f"{BASE}/{film}"))["state"] == "ready"
