"""Titles keep what a household did to them, whatever happens to their files."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.app import House
from tests.support.keepsakes import a_copy, count, leave_traces, titles, traces


def _shows(folder: Path) -> Path:
    shows = folder / "Shows"
    for season in (1, 2):
        for number in (1, 2):
            name = f"Tidewater S{season:02}E{number:02}.mp4"
            a_copy(shows / "Tidewater" / f"Season {season}" / name, season * 10 + number)
    return shows


async def _episodes(house: House, show: str) -> dict[str, str]:
    found = (await house.get(f"/api/media/{show}/episodes"))["items"]
    return {f"{item['parentIndex']}x{item['index']}": item["id"] for item in found}


async def _missing(house: House) -> int:
    rows = await house.server.db.read("SELECT count(*) AS n FROM file WHERE missing_since_at IS NOT NULL")
    return int(rows[0]["n"])


@pytest.mark.parametrize("way", ["folder", "files", "both", "both and deeper"])
async def test_renamed_series_keeps_everything(claimed: House, way: str) -> None:
    shows = _shows(claimed.media)
    library = await claimed.add_library("Shows", "show", shows)
    (show,) = (await titles(claimed, library)).values()
    episodes = await _episodes(claimed, show)
    await claimed.send("POST", f"/api/mark-watched/{episodes['1x1']}")
    before = {key: await leave_traces(claimed, key) for key in (show, episodes["1x2"], episodes["2x1"])}
    seen = await traces(claimed, episodes["1x1"])

    home = shows / "Tidewater"
    if way != "folder":
        for file in sorted(home.rglob("*.mp4")):
            file.rename(file.with_name(file.name.replace("Tidewater", "High Water")))
    if way != "files":
        home = home.rename(shows / "High Water (2019)")
    if way == "both and deeper":
        for folder in sorted(home.iterdir()):
            folder.rename(home / folder.name.replace("Season ", "Staffel 0"))
    await claimed.scan(library["id"])

    assert await titles(claimed, library) == {"Tidewater" if way == "files" else "High Water": show}
    assert await _episodes(claimed, show) == episodes
    assert {key: await traces(claimed, key) for key in before} == before
    assert await traces(claimed, episodes["1x1"]) == seen
    assert seen["watched"] is True
    assert await _missing(claimed) == 0


BETTER: dict[str, dict[str, Any]] = {
    "same name": {"to": "Harbour Lights (2011).mp4"},
    "other extension": {"to": "Harbour Lights (2011).m4v"},
    "other name": {"to": "Harbour.Lights.2011.2160p.BluRay.x265-GRP.mp4"},
    "own folder": {"to": "Harbour Lights (2011) [2160p]/Harbour Lights (2011).mp4"},
}


@pytest.mark.parametrize("way", BETTER)
async def test_better_copy_in_place_of_the_old_keeps_everything(claimed: House, way: str) -> None:
    films = claimed.media / "Films"
    old = a_copy(films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", 1, days_old=3)
    library = await claimed.add_library("Films", "movie", films)
    (key,) = (await titles(claimed, library)).values()
    before = await leave_traces(claimed, key)

    old.unlink()
    home = films if way == "own folder" else old.parent
    new = a_copy(home / BETTER[way]["to"], 2, seconds=2, size="640x360")
    await claimed.scan(library["id"])

    assert await titles(claimed, library) == {"Harbour Lights": key}
    assert await traces(claimed, key) == before
    detail = await claimed.get(f"/api/media/{key}")
    assert [file["size"] for file in detail["files"] if file["available"]] == [new.stat().st_size]
    assert detail["available"] is True


@pytest.mark.parametrize("place", ["beside", "own folder"])
async def test_two_versions_for_a_while_and_then_the_new_one_alone(claimed: House, place: str) -> None:
    films = claimed.media / "Films"
    old = a_copy(films / "Harbour Lights (2011)" / "Harbour Lights (2011) - 720p.mp4", 1, days_old=3)
    library = await claimed.add_library("Films", "movie", films)
    (key,) = (await titles(claimed, library)).values()
    before = await leave_traces(claimed, key)

    home = old.parent if place == "beside" else films / "Harbour Lights (2011) 4K"
    new = a_copy(home / "Harbour Lights (2011) - 2160p.mp4", 2, seconds=2, size="640x360")
    await claimed.scan(library["id"])
    both = await claimed.get(f"/api/media/{key}")
    with_both = await traces(claimed, key)
    old.unlink()
    await claimed.scan(library["id"])

    assert len(both["files"]) == 2
    assert with_both == before
    assert await titles(claimed, library) == {"Harbour Lights": key}
    assert await traces(claimed, key) == before
    detail = await claimed.get(f"/api/media/{key}")
    assert [file["size"] for file in detail["files"] if file["available"]] == [new.stat().st_size]


async def test_film_renamed_to_what_it_really_is_keeps_everything(claimed: House) -> None:
    films = claimed.media / "Films"
    old = a_copy(films / "hl.final.v2.mp4", 1)
    library = await claimed.add_library("Films", "movie", films)
    (key,) = (await titles(claimed, library)).values()
    before = await leave_traces(claimed, key, watched=True)

    home = films / "Harbour Lights (2011)"
    home.mkdir()
    old.rename(home / "Harbour Lights (2011).mp4")
    await claimed.scan(library["id"])

    assert await titles(claimed, library) == {"Harbour Lights": key}
    assert await traces(claimed, key) == before


async def test_film_moved_between_the_folders_of_a_library_keeps_everything(claimed: House) -> None:
    one, other = claimed.media / "One", claimed.media / "Other"
    other.mkdir()
    a_copy(one / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", 1)
    library = await claimed.add_library("Films", "movie", one, other)
    (key,) = (await titles(claimed, library)).values()
    before = await leave_traces(claimed, key)
    a_copy(one / "Salt Road (2015)" / "Salt Road (2015).mp4", 2)

    (one / "Harbour Lights (2011)").rename(other / "Harbour Lights (2011)")
    await claimed.scan(library["id"])

    assert (await titles(claimed, library))["Harbour Lights"] == key
    assert await traces(claimed, key) == before
    assert await _missing(claimed) == 0


async def test_removed_library_comes_back_with_everything(claimed: House) -> None:
    shows, films = _shows(claimed.media), claimed.media / "Films"
    a_copy(films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", 1)
    a_copy(films / "Salt Road (2015)" / "Salt Road (2015).mp4", 2)
    film_library = await claimed.add_library("Films", "movie", films)
    show_library = await claimed.add_library("Shows", "show", shows)
    keys = await titles(claimed, film_library)
    (show,) = (await titles(claimed, show_library)).values()
    episodes = await _episodes(claimed, show)
    before = {key: await leave_traces(claimed, key) for key in (keys["Salt Road"], show, episodes["2x2"])}
    seen = await leave_traces(claimed, keys["Harbour Lights"], watched=True)

    for library in (film_library, show_library):
        await claimed.send("DELETE", f"/api/libraries/{library['id']}")
    between = await count(claimed, "item")
    film_library = await claimed.add_library("Films again", "movie", films)
    show_library = await claimed.add_library("Shows again", "show", shows)

    assert between == 0
    assert await titles(claimed, film_library) == keys
    assert await _episodes(claimed, show) == episodes
    assert {key: await traces(claimed, key) for key in before} == before
    assert await traces(claimed, keys["Harbour Lights"]) == seen
    assert await count(claimed, "memory_edit") == 0


async def test_edits_by_hand_come_back_with_a_removed_library(claimed: House) -> None:
    films = claimed.media / "Films"
    a_copy(films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", 1)
    library = await claimed.add_library("Films", "movie", films)
    (key,) = (await titles(claimed, library)).values()
    edits = {"title": '"The Light of the Harbour"', "genres": '["Drama", "Sea"]', "year": "1999"}
    async with claimed.server.db.write() as tx:
        for field, value in edits.items():
            await tx.run(
                "INSERT INTO item_field (item_id, field, source, value, is_locked)"
                " SELECT item_id, :field, 'manual', :value, 1 FROM item",
                {"field": field, "value": value},
            )

    await claimed.send("DELETE", f"/api/libraries/{library['id']}")
    await claimed.add_library("Films", "movie", films)
    found = await claimed.get(f"/api/media/{key}")

    assert (found["title"], found["year"], found["genres"]) == ("The Light of the Harbour", 1999, ["Drama", "Sea"])


async def test_library_removed_and_added_at_another_place_keeps_everything(claimed: House) -> None:
    films = claimed.media / "Films"
    a_copy(films / "Harbour Lights (2011)" / "Harbour Lights (2011).mp4", 1)
    library = await claimed.add_library("Films", "movie", films)
    keys = await titles(claimed, library)
    before = await leave_traces(claimed, keys["Harbour Lights"])

    await claimed.send("DELETE", f"/api/libraries/{library['id']}")
    elsewhere = claimed.media / "elsewhere" / "films"
    shutil.copytree(films, elsewhere)
    shutil.rmtree(films)
    for file in elsewhere.rglob("*.mp4"):
        a_copy(file, 1)
    library = await claimed.add_library("Films", "movie", elsewhere)

    assert await titles(claimed, library) == keys
    assert await traces(claimed, keys["Harbour Lights"]) == before
