"""Editing over HTTP: every field and every refusal of the contract, on items made by hand."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from homemedia.core.http.outbound import Outbound
from homemedia.library.metadata import store as facts_store
from tests.support.app import House
from tests.support.builders import Builders, Item, Library


def a_picture(colour: str = "red", size: tuple[int, int] = (40, 60)) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, colour).save(body, "PNG")
    return body.getvalue()


@pytest.fixture
def make(claimed: House) -> Builders:
    return Builders(claimed.server.db)


@pytest.fixture
async def films(make: Builders) -> Library:
    return await make.a_library("Films")


@pytest.fixture
async def heat(make: Builders, films: Library) -> Item:
    return await make.an_item(films, title="Heat", year=1995, genres=["Crime"], tmdb_id=949)


def address(item: Item) -> str:
    return f"/api/media-item/{item.key}"


async def say(house: House, item: Item, **facts: Any) -> None:
    """What the name of its file says of an item, as a scan writes it down."""
    async with house.server.db.write() as tx:
        await tx.call(lambda connection: facts_store.replace_fields(connection, item.item_id, "filename", facts))


async def test_item_tells_fields_sources_ids_and_paths(
    claimed: House, make: Builders, films: Library, heat: Item
) -> None:
    await make.a_file(films, heat, path="Heat (1995).mkv")

    found = await claimed.get(address(heat))

    assert found["ratingKey"] == heat.key
    assert found["type"] == "movie"
    assert set(found) == {
        *("ratingKey", "type", "fields", "locked", "sources", "ids", "matchState", "matchScore", "paths", "artwork"),
    }
    assert set(found["fields"]) == {
        *("title", "sortTitle", "originalTitle", "year", "releaseDate", "summary", "tagline", "contentRating"),
        *("rating", "studio", "genres", "labels", "directors", "writers", "collection"),
    }
    assert found["fields"]["genres"] == ["Crime"]
    assert found["ids"] == {"tmdb": 949, "imdb": None, "tvdb": None}
    assert found["paths"] == [f"{films.root}/Heat (1995).mkv"]
    assert found["artwork"] == {"thumb": [], "art": []}


FIELDS: dict[str, Any] = {
    "title": "The Heat",
    "sortTitle": "heat 1",
    "originalTitle": "Chaleur",
    "year": 1996,
    "releaseDate": "1996-01-02",
    "summary": "Two men.\n\nOne town.",
    "tagline": "A saga.",
    "contentRating": "R",
    "rating": 8.3,
    "studio": "Forward Pass",
    "genres": ["Crime", "Drama"],
    "labels": ["evening"],
    "directors": ["Michael Mann"],
    "writers": ["M. Mann"],
    "collection": "Mann",
}


async def test_every_field_of_a_film_is_changed_locked_and_shown(claimed: House, heat: Item) -> None:
    edited = await claimed.send("PUT", address(heat), FIELDS)
    detail = await claimed.get(f"/api/media/{heat.key}")

    assert edited["fields"] == FIELDS
    assert set(edited["locked"]) == set(FIELDS)
    assert set(edited["sources"].values()) == {"manual"}
    assert edited["editId"]
    for field in FIELDS.keys() - {"sortTitle"}:
        assert detail[field] == FIELDS[field], field
    assert detail["sortTitle"] == "heat 00000001"


async def test_nothing_changed_is_no_edit(claimed: House, heat: Item) -> None:
    before = await claimed.get(address(heat))

    answer = await claimed.send("PUT", address(heat), {"fields": before["fields"], "ids": before["ids"]})

    assert answer == before | {"editId": None}
    assert (await claimed.get("/api/home/library/edits"))["edits"] == []


async def test_emptied_field_stays_empty_until_it_is_unlocked(claimed: House, make: Builders, heat: Item) -> None:
    await say(claimed, heat, year=1995)
    emptied = await claimed.send("PUT", address(heat), {"year": None, "genres": []})
    unlocked = await claimed.send("PUT", address(heat), {"unlock": ["year"]})

    assert (emptied["fields"]["year"], emptied["fields"]["genres"]) == (None, [])
    assert (emptied["sources"]["year"], emptied["locked"]) == ("manual", ["year", "genres"])
    assert (unlocked["fields"]["year"], unlocked["sources"]["year"], unlocked["locked"]) == (
        1995,
        "filename",
        ["genres"],
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": 7}, "title"),
        ({"fields": {"title": None}}, "fields.title"),
        ({"summary": "x" * 20_001}, "summary"),
        ({"genres": ["x"] * 101}, "genres"),
        ({"genres": ["x" * 101]}, "genres[0]"),
        ({"genres": "Drama"}, "genres"),
        ({"labels": [1]}, "labels[0]"),
        ({"year": 1869}, "year"),
        ({"year": 2101}, "year"),
        ({"year": "1999"}, "year"),
        ({"rating": 10.5}, "rating"),
        ({"rating": -1}, "rating"),
        ({"releaseDate": "02/03/1999"}, "releaseDate"),
        ({"releaseDate": "1999-02-30"}, "releaseDate"),
        ({"ids": {"imdb": "nm123"}}, "ids.imdb"),
        ({"ids": {"tmdb": 0}}, "ids.tmdb"),
        ({"ids": {"tmdb": "abc"}}, "ids.tmdb"),
        ({"ids": []}, "ids"),
        ({"locked": "title"}, "locked"),
        ({"unlock": ["colour"]}, "unlock[0]"),
        ({"thumb": 5}, "thumb"),
        ({"thumb": "local:nothing.jpg"}, "thumb"),
        ({"art": {"url": ""}}, "art.url"),
        ({"thumb": {}}, "thumb.url"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_what_cannot_be_is_refused_with_its_field(
    claimed: House, heat: Item, body: dict[str, Any], field: str
) -> None:
    refused = await claimed.send("PUT", address(heat), body, 400)

    assert refused["code"] == "invalid_request"
    assert refused["details"][0]["field"] == field
    assert (await claimed.get(address(heat)))["fields"]["title"] == "Heat"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://host/p.jpg", "url_invalid"),
        ("http://127.0.0.1:1/p.jpg", "url_forbidden"),
        ("http://[::1]/p.jpg", "url_forbidden"),
        ("http://169.254.169.254/latest", "url_forbidden"),
        ("http://10.0.0.1/p.jpg", "url_forbidden"),
        ("http://localhost/p.jpg", "url_forbidden"),
        ("http://2130706433/p.jpg", "url_invalid"),
    ],
)
async def test_picture_from_inside_of_the_house_is_not_fetched(claimed: House, heat: Item, url: str, code: str) -> None:
    refused = await claimed.send("PUT", address(heat), {"title": "Changed", "thumb": {"url": url}}, 400)

    assert refused["code"] == code
    assert refused["details"][0]["field"] == "thumb"
    assert (await claimed.get(address(heat)))["fields"]["title"] == "Heat"


@pytest.mark.parametrize("path", ["/api/media-item/aaaaaaaaaaaa", "/api/media-item/%00", "/api/media-item/x'"])
async def test_unknown_item_is_not_found(claimed: House, path: str) -> None:
    assert (await claimed.get(path, 404))["code"] == "not_found"
    assert (await claimed.send("PUT", path, {"title": "New"}, 404))["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/media-item/{key}"),
        ("PUT", "/api/media-item/{key}"),
        ("POST", "/api/home/library/artwork/{key}/thumb"),
        ("POST", "/api/home/library/edits"),
        ("GET", "/api/home/library/edits"),
        ("POST", "/api/home/library/edits/1/undo"),
    ],
)
async def test_editing_is_for_administrators(
    claimed: House, make: Builders, heat: Item, method: str, path: str
) -> None:
    async with claimed.stranger().request(method, path.format(key=heat.key), json={}) as answer:
        assert answer.status == 401


async def test_ids_are_named_by_hand_and_the_match_with_them(claimed: House, heat: Item) -> None:
    named = await claimed.send("PUT", address(heat), {"ids": {"tmdb": "603", "imdb": "tt0133093", "tvdb": 7}})
    cleared = await claimed.send("PUT", address(heat), {"ids": {"tmdb": None}})
    await claimed.send("POST", f"/api/home/library/edits/{cleared['editId']}/undo")
    await claimed.send("POST", f"/api/home/library/edits/{named['editId']}/undo")
    restored = await claimed.get(address(heat))

    assert (named["ids"], named["matchState"]) == ({"tmdb": 603, "imdb": "tt0133093", "tvdb": 7}, "manual")
    assert cleared["ids"] == {"tmdb": None, "imdb": "tt0133093", "tvdb": 7}
    assert (restored["ids"], restored["matchState"]) == ({"tmdb": 949, "imdb": None, "tvdb": None}, "none")


# Pictures


@pytest.fixture
async def gallery(claimed: House) -> AsyncIterator[str]:
    """A site outside of the house, as far as the server knows."""

    async def picture(request: web.Request) -> web.Response:
        return web.Response(body=a_picture(request.match_info["colour"]), content_type="image/png")

    app = web.Application()
    app.router.add_get("/{colour}.png", picture)
    site = TestServer(app)
    await site.start_server()
    outbound: Outbound = claimed.server.library.outbound
    outbound._trusted = frozenset({"127.0.0.1"})
    yield f"http://127.0.0.1:{site.port}"
    await site.close()


def chosen(item: dict[str, Any], kind: str = "thumb") -> list[str]:
    return [one["id"] for one in item["artwork"][kind] if one["selected"]]


async def test_picture_is_fetched_from_an_address_and_shown(claimed: House, heat: Item, gallery: str) -> None:
    edited = await claimed.send("PUT", address(heat), {"thumb": {"url": f"{gallery}/blue.png"}})

    (offer,) = edited["artwork"]["thumb"]
    assert (offer["selected"], offer["manual"], offer["source"]) == (True, True, "manual")
    assert (offer["width"], offer["height"]) == (40, 60)
    assert edited["sources"]["thumb"] == "manual"
    async with claimed.client.get(offer["url"]) as small, claimed.client.get(f"/api/artwork/{heat.key}/thumb") as shown:
        assert (small.status, shown.status) == (200, 200)
    async with claimed.stranger().get(offer["url"]) as answer:
        assert answer.status == 401


async def test_pictures_given_before_can_be_chosen_again(claimed: House, heat: Item, gallery: str) -> None:
    red = await claimed.send("PUT", address(heat), {"thumb": {"url": f"{gallery}/red.png"}})
    blue = await claimed.send("PUT", address(heat), {"thumb": {"url": f"{gallery}/blue.png"}})

    again = await claimed.send("PUT", address(heat), {"thumb": chosen(red)[0]})
    automatic = await claimed.send("PUT", address(heat), {"thumb": None})
    undone = await claimed.send("POST", f"/api/home/library/edits/{automatic['editId']}/undo")
    restored = await claimed.get(address(heat))

    assert len(blue["artwork"]["thumb"]) == 2
    assert chosen(again) == chosen(red)
    assert chosen(automatic) == []
    assert undone == {"restored": 1}
    assert chosen(restored) == chosen(red)


async def test_picture_beside_a_film_is_chosen_by_its_name(
    claimed: House, make: Builders, films: Library, heat: Item, tmp_path: Path
) -> None:
    poster = tmp_path / "poster.png"
    poster.write_bytes(a_picture("green"))
    row = {"item_id": heat.item_id, "path": str(poster)}
    async with claimed.server.db.write() as tx:
        await tx.run(
            "INSERT INTO artwork (item_id, kind, source, path, content_hash)"
            " VALUES (:item_id, 'thumb', 'local', :path, 'x')",
            row,
        )

    pinned = await claimed.send("PUT", address(heat), {"thumb": "local:poster.png"})
    poster.unlink()

    assert [(one["id"], one["selected"], one["manual"]) for one in pinned["artwork"]["thumb"]] == [
        ("local:poster.png", True, True)
    ]
    async with claimed.client.get(f"/api/artwork/{heat.key}/thumb") as shown:
        assert shown.status == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_a_picture"),
        (b"no picture at all", 400, "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), 400, "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "not_a_picture"),
        (b"\xff\xd8\xff" + bytes(20 << 20), 413, "payload_too_large"),
    ],
    ids=["empty", "text", "damaged", "svg", "large"],
)
async def test_what_is_sent_as_a_picture_and_is_none_is_refused(
    claimed: House, heat: Item, body: bytes, status: int, code: str
) -> None:
    async with claimed.client.post(f"/api/home/library/artwork/{heat.key}/thumb", data=io.BytesIO(body)) as answer:
        assert answer.status == status
        assert (await answer.json())["code"] == code

    assert (await claimed.get(address(heat)))["artwork"]["thumb"] == []
    making = claimed.server.places.artwork_dir / "making"
    assert not making.exists() or not list(making.iterdir())


async def test_there_are_no_other_pictures_than_thumb_and_art(claimed: House, heat: Item) -> None:
    async with claimed.client.post(f"/api/home/library/artwork/{heat.key}/logo", data=a_picture()) as answer:
        assert answer.status == 404


# Many, the list, undo


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid_request"),
        ({"ratingKeys": []}, 400, "invalid_request"),
        ({"ratingKeys": ["x"] * 501}, 400, "invalid_request"),
        ({"ratingKeys": ["a", "b"], "set": {"index": 1}}, 400, "invalid_request"),
        ({"ratingKeys": ["a"], "set": {"title": ""}}, 400, "invalid_request"),
        ({"ratingKeys": ["a"], "lock": ["colour"]}, 400, "invalid_request"),
        ({"ratingKeys": ["aaaaaaaaaaaa"], "set": {"year": 2000}}, 404, "not_found"),
    ],
)
async def test_edit_of_many_is_refused(claimed: House, body: dict[str, Any], status: int, code: str) -> None:
    assert (await claimed.send("POST", "/api/home/library/edits", body, status))["code"] == code


async def test_undo_leaves_what_was_changed_again_since(claimed: House, heat: Item) -> None:
    first = await claimed.send("PUT", address(heat), {"title": "One", "tagline": "First."})
    second = await claimed.send("PUT", address(heat), {"title": "Two"})

    await claimed.send("POST", f"/api/home/library/edits/{first['editId']}/undo")
    kept = await claimed.get(address(heat))
    await claimed.send("POST", f"/api/home/library/edits/{second['editId']}/undo")
    edits = (await claimed.get("/api/home/library/edits?limit=1"))["edits"]

    assert (kept["fields"]["title"], kept["fields"]["tagline"]) == ("Two", None)
    assert (await claimed.get(address(heat)))["fields"]["title"] == "One"
    assert [(edit["id"], edit["undone"], edit["title"], edit["by"]) for edit in edits] == [
        (second["editId"], True, "One", "admin")
    ]


async def test_undo_of_an_undo_between_two_edits_changes_nothing_else(claimed: House, heat: Item) -> None:
    await say(claimed, heat, title="Heat")
    first = await claimed.send("PUT", address(heat), {"title": "One"})
    second = await claimed.send("PUT", address(heat), {"tagline": "Second."})

    await claimed.send("POST", f"/api/home/library/edits/{first['editId']}/undo")
    await claimed.send("POST", f"/api/home/library/edits/{second['editId']}/undo")
    restored = await claimed.get(address(heat))

    assert (restored["fields"]["title"], restored["fields"]["tagline"], restored["locked"]) == ("Heat", None, [])


@pytest.mark.parametrize("edit_id", ["1", "999999", "x", "-1", "1" * 30])
async def test_unknown_edit_is_not_found(claimed: House, edit_id: str) -> None:
    assert (await claimed.send("POST", f"/api/home/library/edits/{edit_id}/undo", status=404))["code"] == "not_found"


async def test_rating_and_labels_of_a_show_reach_its_episodes(claimed: House, make: Builders) -> None:
    shows = await make.a_library("Shows", kind="show")
    show = await make.an_item(shows, kind="show", title="Tidewater")
    season = await make.an_item(shows, kind="season", title="Season 1", parent=show, number=1)
    episode = await make.an_item(shows, kind="episode", title="Pilot", parent=season, number=1, parent_number=1)

    await claimed.send("PUT", address(show), {"contentRating": "TV-MA", "labels": ["late"]})

    rows = await claimed.server.db.read(
        "SELECT audience.age, audience.labels FROM item JOIN audience USING (audience_id) WHERE item_id = :id",
        {"id": episode.item_id},
    )
    assert [tuple(row) for row in rows] == [(17, '["late"]')]


@pytest.mark.parametrize("kind", ["artist", "album", "track"])
async def test_music_is_edited_too(claimed: House, make: Builders, kind: str) -> None:
    music = await make.a_library("Music", kind="music")
    item = await make.an_item(music, kind=kind, title="Old")

    edited = await claimed.send(
        "PUT", address(item), {"title": "The New", "sortTitle": "", "genres": ["Jazz"], "year": 1959}
    )
    found = await claimed.get("/api/search?q=new")

    assert edited["fields"]["title"] == "The New"
    assert edited["fields"]["genres"] == ["Jazz"]
    assert edited["fields"]["year"] == 1959
    assert [hit["id"] for hit in found["results"]] == [item.key]
