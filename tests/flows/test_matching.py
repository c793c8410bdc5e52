"""Films and shows find what TMDb knows of them, and a person puts right what was mistaken."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.app import House, a_house
from tests.support.samples import a_film
from tests.support.tmdb import KEY, StandIn

DAY_S = 86_400
NO_KEY = 503


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn() as opened:
        yield opened


@pytest.fixture
async def home(tmp_path: Path, standin: StandIn) -> AsyncIterator[House]:
    """A claimed house that asks the stand-in."""
    addresses = {"tmdb_url": standin.url, "tmdb_image_url": standin.image_url}
    async with a_house(tmp_path, library=addresses) as house:
        await house.claim()
        yield house


def _film(folder: Path, name: str) -> Path:
    path = a_film(folder / name / f"{name}.mp4", seconds=1)
    then = time.time() - DAY_S
    os.utime(path, (then, then))
    return path


async def _items(house: House, library: Any) -> dict[str, Any]:
    page = await house.get(f"/api/libraries/{library['id']}/items")
    return {item["title"]: item for item in page["items"]}


async def _enter(house: House) -> Any:
    return await house.send("PUT", "/api/home/library/tmdb", {"key": KEY})


async def _is_picture(house: House, address: str) -> bool:
    async with house.client.get(address, params={"w": "180"}) as answer:
        return answer.status == 200 and answer.content_type.startswith("image/")


async def test_films_are_matched_when_a_key_is_entered(home: House) -> None:
    films = home.media / "Films"
    _film(films, "The High Pass (2022)")
    _film(films, "Thorn (1999)")
    library = await home.add_library("Films", "movie", films)
    assert not any(item["matched"] for item in (await _items(home, library)).values())
    assert await home.get("/api/home/library/sources") == {"tmdb": False}

    assert (await _enter(home))["waiting"] == 2
    await home.idle()

    found = await _items(home, library)
    state = await home.get("/api/home/library/tmdb")
    assert state == {"configured": True, "fixed": False, "ok": True, "problem": None, "code": None, "waiting": 0}
    assert await home.get("/api/home/library/sources") == {"tmdb": True}
    assert {title: item["matched"] for title, item in found.items()} == {"The High Pass": True, "Thorn": True}
    high = found["The High Pass"]
    assert (high["rating"], high["contentRating"], high["thumbKind"]) == (7.9, "PG-13", "poster")
    assert await _is_picture(home, high["thumb"])
    cast = await home.get(f"/api/cast/{high['id']}")
    assert cast["cast"][0]["name"] == "Ada Winter"
    assert await _is_picture(home, cast["cast"][0]["thumb"])


async def test_wrong_match_is_put_right_and_stays_so(home: House) -> None:
    films = home.media / "Films"
    _film(films, "The Keeper (2024)")
    library = await home.add_library("Films", "movie", films)
    await _enter(home)
    await home.idle()
    item = (await _items(home, library))["The Keeper"]
    await home.send("POST", f"/api/mark-watched/{item['id']}")

    results = (await home.send("POST", f"/api/match/{item['id']}/search", {}))["results"]
    other = next(one for one in results if one["year"] == 1984)
    assert await _is_picture(home, other["poster"])
    answer = await home.send("POST", f"/api/match/{item['id']}/apply", {"tmdbId": other["tmdbId"]})
    await home.scan(library["id"])
    await home.scan(library["id"], force=True)

    after = await home.get(f"/api/media/{item['id']}")
    assert answer["item"]["year"] == after["year"] == 1984
    assert answer["editId"]
    assert after["summary"] == "A goalkeeper who never wanted to be one."
    assert (after["watched"], after["viewCount"]) == (True, 1)
    assert after["thumbTag"] != item["thumbTag"]
    edit = await home.get(f"/api/media-item/{item['id']}")
    assert (edit["matchState"], edit["ids"]["tmdb"]) == ("manual", other["tmdbId"])


async def test_show_gets_names_of_its_episodes_and_their_stills(home: House) -> None:
    folder = home.media / "Shows"
    for number in (1, 2):
        path = a_film(folder / "Harbour Lights" / "Season 1" / f"Harbour Lights S01E0{number}.mp4", seconds=1)
        then = time.time() - DAY_S
        os.utime(path, (then, then))
    await _enter(home)
    library = await home.add_library("Shows", "show", folder)
    await home.idle()

    show = (await _items(home, library))["Harbour Lights"]
    episodes = (await home.get(f"/api/media/{show['id']}/episodes"))["items"]
    assert show["year"] == 2019
    assert [episode["title"] for episode in episodes] == ["The Pilot", "Ebb"]
    assert await _is_picture(home, episodes[1]["thumb"])


async def test_scan_goes_on_without_tmdb_and_catches_up(home: House, standin: StandIn) -> None:
    films = home.media / "Films"
    _film(films, "Thorn (1999)")
    await _enter(home)
    await standin.stop()
    body = {"name": "Films", "type": "movie", "paths": [str(films)]}
    library = (await home.send("POST", "/api/libraries", body, 201))["library"]

    async def is_put_off() -> bool:
        jobs = await home.server.jobs.open("match")
        state = await _state(home)
        # It waits before it is tried for the first time too.
        return bool(jobs) and jobs[0].state == "queued" and state["waiting"] == 1 and state["code"] is not None

    await home.until(is_put_off)
    assert "Thorn" in await _items(home, library)
    state = await _state(home)
    assert (state["problem"], state["code"]) == ("TMDb cannot be reached.", "tmdb_unreachable")

    await standin.start()
    async with home.server.db.write() as tx:
        await tx.run("UPDATE item_match SET retry_at = 0")
    await home.send("POST", f"/api/libraries/{library['id']}/scan", {}, 202)
    await home.idle()

    assert (await _items(home, library))["Thorn"]["matched"]
    assert (await _state(home))["code"] is None


async def _state(house: House) -> Any:
    return await house.get("/api/home/library/tmdb")


async def test_refresh_without_a_key_tells_what_it_could_not_ask(home: House) -> None:
    films = home.media / "Films"
    _film(films, "Thorn (1999)")
    library = await home.add_library("Films", "movie", films)

    await home.send("POST", f"/api/libraries/{library['id']}/refresh", None, 202)
    await home.idle()

    last = (await home.get("/api/scan-status"))["last"]
    assert [one["skipped"] for one in last if one["kind"] == "refresh"] == [1]


async def test_errors_of_matching(home: House, standin: StandIn) -> None:
    films, videos = home.media / "Films", home.media / "Videos"
    _film(films, "Thorn (1999)")
    a_film(videos / "Lake.mp4", seconds=1)
    os.utime(videos / "Lake.mp4", (time.time() - DAY_S,) * 2)
    library = await home.add_library("Films", "movie", films)
    own = await home.add_library("Videos", "video", videos)
    film, video = (await _items(home, library))["Thorn"], (await _items(home, own))["Lake"]

    async def refused(method: str, path: str, body: Any, status: int) -> str:
        return str((await home.send(method, path, body, status))["code"])

    match = f"/api/match/{film['id']}"
    assert await refused("POST", f"{match}/search", {}, NO_KEY) == "tmdb_not_configured"
    assert await refused("POST", f"{match}/apply", {"tmdbId": 910006}, NO_KEY) == "tmdb_not_configured"
    assert await refused("POST", f"{match}/refresh", {}, 409) == "not_matched"
    assert await refused("PUT", "/api/home/library/tmdb", {"key": "nonsense"}, 400) == "tmdb_key_refused"
    await _enter(home)
    await home.idle()
    assert await refused("POST", f"{match}/apply", {"tmdbId": 5}, 404) == "tmdb_not_found"
    assert await refused("POST", f"{match}/apply", {}, 400) == "invalid_request"
    assert await refused("POST", f"{match}/apply", {"tmdbId": "x"}, 400) == "invalid_request"
    assert await refused("POST", f"{match}/search", {"year": 3}, 400) == "invalid_request"
    assert await refused("POST", "/api/match/nobodyhere00/search", {}, 404) == "not_found"
    for step, body in (("search", {}), ("apply", {"tmdbId": 910006}), ("refresh", {})):
        assert await refused("POST", f"/api/match/{video['id']}/{step}", body, 400) == "not_matchable"
    standin.retry_after_s = 9
    standin.fault("limit")
    async with home.client.post(f"{match}/search", json={"title": "Deep"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "9")
        assert (await answer.json())["code"] == "tmdb_rate_limited"
    await standin.stop()


async def test_unreachable_tmdb_is_told_as_such(home: House, standin: StandIn) -> None:
    films = home.media / "Films"
    _film(films, "Thorn (1999)")
    library = await home.add_library("Films", "movie", films)
    await _enter(home)
    await home.idle()
    film = (await _items(home, library))["Thorn"]
    await standin.stop()

    found = await home.send("POST", f"/api/match/{film['id']}/search", {"title": "Deep Fir"}, 502)
    refresh = await home.send("POST", f"/api/match/{film['id']}/refresh", {}, 502)

    assert found["code"] == refresh["code"] == "tmdb_unreachable"
    assert KEY not in str(found)


async def test_members_who_are_no_administrators_match_nothing(home: House) -> None:
    stranger = home.stranger()
    for path in ("/api/match/x/search", "/api/match/x/apply", "/api/match/x/refresh"):
        async with stranger.post(path, json={"tmdbId": 1}) as answer:
            assert answer.status == 401
