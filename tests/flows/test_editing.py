"""An administrator corrects what the files say: it stays over scans, and it can be taken back."""

import io
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.app import House, a_house
from tests.support.samples import a_film
from tests.support.tmdb import KEY, StandIn

DAY_S = 86_400


def _aged(path: Path) -> Path:
    then = time.time() - DAY_S
    os.utime(path, (then, then))
    return path


def _films(folder: Path, *names: str) -> Path:
    for name in names:
        _aged(a_film(folder / name / f"{name}.mp4", seconds=1))
    return folder


def a_picture(colour: str = "red", size: tuple[int, int] = (400, 600)) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, colour).save(body, "PNG")
    return body.getvalue()


async def _items(house: House, library: Any) -> dict[str, Any]:
    page = await house.get(f"/api/libraries/{library['id']}/items")
    return {item["title"]: item for item in page["items"]}


async def _picture(house: House, url: str) -> tuple[int, int, int]:
    async with house.client.get(url, params={"format": "png"}) as answer:
        assert answer.status == 200, await answer.text()
        pixel = Image.open(io.BytesIO(await answer.read())).convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])


async def test_title_and_poster_are_edited_kept_over_a_scan_and_taken_back(claimed: House) -> None:
    folder = _films(claimed.media / "Films", "The Brook (2023)", "Harbour Lights (2011)")
    library = await claimed.add_library("Films", "movie", folder)
    brook = (await _items(claimed, library))["The Brook"]
    address = f"/api/media-item/{brook['id']}"

    before = await claimed.get(address)
    edited = await claimed.send("PUT", address, {"title": "The Stream", "fields": {"genres": ["Drama", "Quiet"]}})
    async with claimed.client.post(f"/api/home/library/artwork/{brook['id']}/thumb", data=a_picture()) as answer:
        assert answer.status == 200, await answer.text()
        pictured = await answer.json()

    assert before["fields"]["title"] == "The Brook"
    assert before["sources"]["title"] == "filename"
    assert edited["fields"]["title"] == "The Stream"
    assert edited["locked"] == ["title", "genres"]
    assert edited["sources"]["title"] == "manual"
    assert [one["selected"] for one in pictured["artwork"]["thumb"] if one["manual"]] == [True]
    assert (await _picture(claimed, brook["thumb"]))[0] > 200

    _aged(folder / "The Brook (2023)" / "The Brook (2023).mp4").rename(folder / "The Brook (2023)" / "The Brook.mp4")
    await claimed.scan(library["id"], force=True)
    after = (await _items(claimed, library))["The Stream"]
    found = await claimed.get("/api/search?q=stream")

    assert after["id"] == brook["id"]
    assert (await claimed.get(f"/api/media/{brook['id']}"))["genres"] == ["Drama", "Quiet"]
    assert [hit["id"] for hit in found["results"]] == [brook["id"]]
    assert (await _picture(claimed, after["thumb"]))[0] > 200

    edits = (await claimed.get("/api/home/library/edits"))["edits"]
    assert [(edit["what"], edit["count"], edit["undone"]) for edit in edits] == [
        ("artwork", 1, False),
        ("edit", 1, False),
    ]
    for edit in edits:
        assert await claimed.send("POST", f"/api/home/library/edits/{edit['id']}/undo") == {"restored": 1}
    restored = await claimed.get(address)

    assert restored["fields"] == before["fields"]
    assert restored["locked"] == []
    assert not [one for one in restored["artwork"]["thumb"] if one["selected"] and one["manual"]]
    assert "The Brook" in await _items(claimed, library)
    again = await claimed.send("POST", f"/api/home/library/edits/{edits[0]['id']}/undo", status=409)
    assert again["code"] == "already_undone"


async def test_labels_are_given_to_many_and_taken_back_at_once(claimed: House) -> None:
    folder = _films(claimed.media / "Films", *(f"Film {number} (2000)" for number in range(15)))
    library = await claimed.add_library("Films", "movie", folder)
    items = await _items(claimed, library)
    keys = [item["id"] for item in items.values()]

    done = await claimed.send(
        "POST",
        "/api/home/library/edits",
        {"ratingKeys": keys, "set": {"contentRating": "PG"}, "addLabels": ["kids", "Kids", "winter"]},
    )
    narrowed = await claimed.get(f"/api/libraries/{library['id']}/items?label=kids&limit=200")

    assert done["changed"] == 15
    assert narrowed["totalCount"] == 15
    assert {item["contentRating"] for item in narrowed["items"]} == {"PG"}

    undone = await claimed.send("POST", f"/api/home/library/edits/{done['editId']}/undo")

    assert undone == {"restored": 15}
    assert (await claimed.get(f"/api/libraries/{library['id']}/items?label=kids"))["totalCount"] == 0
    assert {item["contentRating"] for item in (await _items(claimed, library)).values()} == {None}


async def test_changes_are_saved_in_the_nfo_and_taken_out_again(claimed: House) -> None:
    folder = _films(claimed.media / "Films", "The Brook (2023)", "Harbour Lights (2011)")
    nfo = folder / "The Brook (2023)" / "movie.nfo"
    nfo.write_text("<movie>\n  <plot>Nobody answers.</plot>\n  <fileinfo><x/></fileinfo>\n</movie>\n", encoding="utf-8")
    _aged(nfo)
    library = await claimed.add_library("Films", "movie", folder, options={"saveNfo": True})
    items = await _items(claimed, library)
    brook, harbour = items["The Brook"], items["Harbour Lights"]

    body = {"title": "The Stream", "summary": "Somebody answers.", "genres": ["Drama"], "ids": {"imdb": "tt1234567"}}
    edited = await claimed.send("PUT", f"/api/media-item/{brook['id']}", body)
    other = await claimed.send("PUT", f"/api/media-item/{harbour['id']}", {"labels": ["sea"]})
    await claimed.idle()

    text = nfo.read_text(encoding="utf-8")
    assert "<title>The Stream</title>" in text
    assert "<plot>Somebody answers.</plot>" in text
    assert '<uniqueid type="imdb" default="true">tt1234567</uniqueid>' in text
    assert "<fileinfo><x/></fileinfo>" in text
    fresh = folder / "Harbour Lights (2011)" / "Harbour Lights (2011).nfo"
    assert "<tag>sea</tag>" in fresh.read_text(encoding="utf-8")

    written = nfo.stat().st_mtime_ns
    await claimed.scan(library["id"])
    assert nfo.stat().st_mtime_ns == written
    assert (await claimed.get(f"/api/media-item/{brook['id']}"))["sources"]["title"] == "manual"

    for edit in (edited["editId"], other["editId"]):
        await claimed.send("POST", f"/api/home/library/edits/{edit}/undo")
    await claimed.idle()
    restored = await claimed.get(f"/api/media-item/{brook['id']}")
    await claimed.scan(library["id"], force=True)

    assert nfo.read_text(encoding="utf-8") == (
        "<movie>\n  <plot>Nobody answers.</plot>\n  <fileinfo><x/></fileinfo>\n</movie>\n"
    )
    assert "<tag>" not in fresh.read_text(encoding="utf-8")
    assert restored["fields"]["title"] == "The Brook"
    assert restored["sources"]["summary"] == "nfo"
    assert (await claimed.get(f"/api/media-item/{brook['id']}"))["fields"] == restored["fields"]
    assert (await claimed.get(f"/api/media/{brook['id']}"))["ids"] == {"tmdb": None, "imdb": None, "tvdb": None}


async def test_labels_of_folders_come_back_when_a_person_lets_go(claimed: House) -> None:
    folder = claimed.media / "Videos" / "Summer"
    _aged(a_film(folder / "Beach.mp4", seconds=1))
    library = await claimed.add_library("Videos", "video", claimed.media / "Videos")
    beach = (await _items(claimed, library))["Beach"]
    address = f"/api/media-item/{beach['id']}"

    before = await claimed.get(address)
    edited = await claimed.send("PUT", address, {"labels": ["sea"]})
    _aged((folder / "Beach.mp4").rename(folder / "2019-07-04 Beach.mp4"))
    await claimed.scan(library["id"])
    scanned = await claimed.get(address)
    unlocked = await claimed.send("PUT", address, {"unlock": ["labels"]})

    assert (before["fields"]["labels"], before["sources"]["labels"]) == (["Summer"], "filename")
    assert edited["fields"]["labels"] == ["sea"]
    assert scanned["fields"]["labels"] == ["sea"]
    assert unlocked["fields"]["labels"] == ["Summer"]


@pytest.fixture
async def online(tmp_path: Path) -> AsyncIterator[House]:
    """A claimed house that asks a stand-in for TMDb."""
    async with StandIn() as standin:
        addresses = {"tmdb_url": standin.url, "tmdb_image_url": standin.image_url}
        async with a_house(tmp_path, library=addresses) as house:
            await house.claim()
            await house.send("PUT", "/api/home/library/tmdb", {"key": KEY})
            yield house


def _seen(item: dict[str, Any]) -> dict[str, Any]:
    """What an undo has to bring back."""
    offers = {kind: [one["id"] for one in item["artwork"][kind] if one["selected"]] for kind in ("thumb", "art")}
    return {name: item[name] for name in ("fields", "sources", "locked", "ids", "matchState")} | offers


async def test_pictures_of_tmdb_are_offered_and_one_is_chosen(online: House) -> None:
    library = await online.add_library("Films", "movie", _films(online.media / "Films", "The High Pass (2022)"))
    await online.idle()
    item = (await _items(online, library))["The High Pass"]
    address = f"/api/media-item/{item['id']}"

    before = await online.get(address)
    offered = [one for one in before["artwork"]["thumb"] if one["id"].startswith("tmdb:")]
    edited = await online.send("PUT", address, {"thumb": offered[0]["id"]})
    await online.send("POST", f"/api/match/{item['id']}/refresh", {"force": True})
    refreshed = await online.get(address)
    await online.send("POST", f"/api/home/library/edits/{edited['editId']}/undo")

    assert [one["source"] for one in before["artwork"]["thumb"] if one["selected"]] == ["download"]
    async with online.client.get(offered[0]["url"]) as answer:
        assert answer.status == 200
    assert [one["id"] for one in edited["artwork"]["thumb"] if one["selected"]] == [offered[0]["id"]]
    assert [one["id"] for one in refreshed["artwork"]["thumb"] if one["selected"]] == [offered[0]["id"]]
    assert _seen(await online.get(address)) == _seen(before)


async def test_match_made_by_hand_is_taken_back_with_all_it_brought(online: House) -> None:
    library = await online.add_library("Films", "movie", _films(online.media / "Films", "The Keeper (2024)"))
    await online.idle()
    item = (await _items(online, library))["The Keeper"]
    address = f"/api/media-item/{item['id']}"

    before = await online.get(address)
    results = (await online.send("POST", f"/api/match/{item['id']}/search", {}))["results"]
    other = next(one for one in results if one["year"] == 1984)
    applied = await online.send("POST", f"/api/match/{item['id']}/apply", {"tmdbId": other["tmdbId"]})
    await online.idle()
    changed = await online.get(address)
    await online.send("POST", f"/api/home/library/edits/{applied['editId']}/undo")
    await online.idle()
    restored = await online.get(address)
    await online.scan(library["id"], force=True)

    assert changed["ids"]["tmdb"] == other["tmdbId"]
    assert _seen(restored) == _seen(before)
    assert _seen(await online.get(address)) == _seen(before)


async def test_id_given_by_hand_brings_what_tmdb_knows_of_it(online: House) -> None:
    library = await online.add_library("Films", "movie", _films(online.media / "Films", "Zzz Unknown"))
    await online.idle()
    item = next(iter((await _items(online, library)).values()))
    address = f"/api/media-item/{item['id']}"
    before = await online.get(address)

    edited = await online.send("PUT", address, {"ids": {"tmdb": 910001}})
    await online.idle()
    matched = await online.get(address)

    assert before["matchState"] == "none"
    assert edited["matchState"] == "manual"
    assert matched["fields"]["title"] == "The High Pass"
    assert matched["sources"]["summary"] == "tmdb"
