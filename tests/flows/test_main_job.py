"""The first thing a household does: point it at folders, see what is there, watch it from another device."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.app import House, a_house
from tests.support.samples import a_film, a_long_film

DAY_S = 86_400


def _aged(path: Path) -> Path:
    """A file that has lain there since yesterday, so that nobody waits for it to become steady."""
    then = time.time() - DAY_S
    os.utime(path, (then, then))
    return path


def _films(folder: Path) -> Path:
    films = folder / "Films"
    _aged(a_film(films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", seconds=2))
    _aged(a_long_film(films / "The Brook (2023)" / "The Brook (2023).mp4", minutes=6))
    nfo = films / "The Brook (2023)" / "movie.nfo"
    nfo.write_text("<movie><plot>Nobody answers.</plot><genre>Drama</genre></movie>", encoding="utf-8")
    return films


def _shows(folder: Path) -> Path:
    shows = folder / "Shows"
    for number in (1, 2):
        _aged(a_film(shows / "Tidewater" / "Season 1" / f"Tidewater S01E0{number}.mp4", seconds=1))
    return shows


async def _only(house: House, path: str) -> Any:
    (one,) = (await house.get(path))["items"]
    return one


async def test_films_appear_with_title_year_summary_and_picture(claimed: House) -> None:
    library = await claimed.add_library("Films", "movie", _films(claimed.media))

    page = await claimed.get(f"/api/libraries/{library['id']}/items")
    home = await claimed.get("/api/home/library/home")

    assert [(item["title"], item["year"]) for item in page["items"]] == [("The Brook", 2023), ("Harbour Lights", 2011)]
    brook = page["items"][0]
    assert brook["summary"] == "Nobody answers."
    assert len(home["recent"]) == 2
    async with claimed.client.get(brook["thumb"], params={"w": "320"}) as answer:
        assert answer.status == 200
        assert answer.content_type in {"image/jpeg", "image/webp"}


async def test_database_is_whole_by_its_own_check_after_a_scan(claimed: House) -> None:
    await claimed.add_library("Films", "movie", _films(claimed.media))
    await claimed.add_library("Shows", "show", _shows(claimed.media))

    rows = await claimed.server.db.read("PRAGMA integrity_check")

    assert [row[0] for row in rows] == ["ok"]


async def test_show_is_a_tree_and_plays_in_order(claimed: House) -> None:
    library = await claimed.add_library("Shows", "show", _shows(claimed.media))
    show = await _only(claimed, f"/api/libraries/{library['id']}/items")

    seasons = await claimed.get(f"/api/media/{show['id']}/children")
    episodes = await claimed.get(f"/api/media/{show['id']}/episodes")
    first = await claimed.get(f"/api/media/{episodes['items'][0]['id']}")

    assert [season["index"] for season in seasons["items"]] == [1]
    assert [episode["index"] for episode in episodes["items"]] == [1, 2]
    assert first["next"] == episodes["items"][1]["id"]


async def test_stream_is_the_file_byte_for_byte(claimed: House) -> None:
    films = _films(claimed.media)
    library = await claimed.add_library("Films", "movie", films)
    item = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"][1]
    detail = await claimed.get(f"/api/media/{item['id']}")
    content = (films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4").read_bytes()
    forms = {None: (200, content), "bytes=0-99": (206, content[:100]), "bytes=100-": (206, content[100:])}
    forms |= {"bytes=-50": (206, content[-50:]), "bytes=0-1,5-6": (200, content), "bytes=9-2": (200, content)}

    for header, expected in forms.items():
        headers = {"Range": header} if header else {}
        async with claimed.client.get(detail["files"][0]["streamUrl"], headers=headers) as answer:
            assert (answer.status, await answer.read()) == expected, header


async def test_what_was_begun_here_goes_on_there(claimed: House) -> None:
    library = await claimed.add_library("Films", "movie", _films(claimed.media))
    brook = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"][0]

    await claimed.send("POST", "/api/progress", {"ratingKey": brook["id"], "offset": 120_000, "state": "paused"})

    phone = claimed.stranger()
    async with phone.post("/api/auth/login", json={"username": "admin", "password": "correct horse"}) as answer:
        assert answer.status == 200
    async with phone.get("/api/continue-watching") as answer:
        (begun,) = (await answer.json())["items"]
    assert (begun["id"], begun["viewOffset"]) == (brook["id"], 120_000)


async def test_renamed_film_keeps_its_key_and_its_progress(claimed: House) -> None:
    films = _films(claimed.media)
    library = await claimed.add_library("Films", "movie", films)
    brook = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"][0]
    await claimed.send("POST", "/api/progress", {"ratingKey": brook["id"], "offset": 120_000, "state": "paused"})

    (films / "The Brook (2023)").rename(films / "A Brook (2023)")
    (films / "A Brook (2023)" / "The Brook (2023).mp4").rename(films / "A Brook (2023)" / "A Brook (2023).mp4")
    await claimed.scan(library["id"])

    page = await claimed.get(f"/api/libraries/{library['id']}/items")
    renamed = next(item for item in page["items"] if item["id"] == brook["id"])
    assert (renamed["title"], renamed["viewOffset"]) == ("A Brook", 120_000)
    assert page["totalCount"] == 2


async def test_removed_library_comes_back_with_what_was_watched(claimed: House) -> None:
    films = _films(claimed.media)
    library = await claimed.add_library("Films", "movie", films)
    brook = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"][0]
    await claimed.send("POST", f"/api/mark-watched/{brook['id']}")

    await claimed.send("DELETE", f"/api/libraries/{library['id']}")
    again = await claimed.add_library("Films", "movie", films)

    page = await claimed.get(f"/api/libraries/{again['id']}/items")
    assert [item["watched"] for item in page["items"]] == [True, False]


async def test_unplugged_disk_empties_nothing(claimed: House) -> None:
    films = _films(claimed.media)
    library = await claimed.add_library("Films", "movie", films)

    films.rename(claimed.media / "elsewhere")
    await claimed.scan(library["id"])

    status = await claimed.get("/api/scan-status")
    assert status["last"][0]["result"] == "unavailable"
    assert (await claimed.get(f"/api/libraries/{library['id']}/items"))["totalCount"] == 2
    (claimed.media / "elsewhere").rename(films)
    await claimed.scan(library["id"])
    assert (await claimed.get("/api/libraries"))["libraries"][0]["available"] is True


async def test_bad_files_are_listed_with_their_reasons_and_stop_nothing(claimed: House) -> None:
    films = _films(claimed.media)
    (films / "Broken (2001).mkv").write_bytes(b"not a film " * 1000)
    _aged(films / "Broken (2001).mkv")
    library = await claimed.add_library("Films", "movie", films)

    problems = await claimed.get(f"/api/home/library/{library['id']}/problems")
    page = await claimed.get(f"/api/libraries/{library['id']}/items")

    assert [Path(problem["path"]).name for problem in problems["problems"]] == ["Broken (2001).mkv"]
    assert problems["problems"][0]["error"]
    assert page["totalCount"] == 3


@pytest.fixture
async def watching(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, watch=True) as house:
        await house.claim()
        yield house


async def test_file_copied_in_while_running_is_listed_by_itself(watching: House) -> None:
    films = _films(watching.media)
    library = await watching.add_library("Films", "movie", films)

    async def listed() -> bool:
        page = await watching.get(f"/api/libraries/{library['id']}/items")
        return any(item["title"] == "Salt Road" for item in page["items"])

    a_film(films / "Salt Road (2015).mp4", seconds=1)

    await watching.until(listed, patience_s=15)


async def test_title_is_found_by_search_as_one_types(claimed: House) -> None:
    await claimed.add_library("Films", "movie", _films(claimed.media))

    for typed in ("harb", "lights", "harbor lights", "HARBOUR"):
        found = await claimed.get(f"/api/search?q={typed}")
        assert [result["title"] for result in found["results"]] == ["Harbour Lights"], typed
