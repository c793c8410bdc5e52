"""Pictures over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.core.db import Database
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.ranges import keep_open_files
from homemedia.core.http.routes import Needs, mount
from homemedia.library.artwork import ArtworkRoutes, Renditions
from tests.library.artwork.fake_imaging import FakeImaging
from tests.support.builders import Builders, Item, a_database


class Wall:
    """A small server of pictures."""

    def __init__(self, db: Database, client: TestClient[Any, Any], imaging: FakeImaging) -> None:
        self.house = Builders(db)
        self.client = client
        self.imaging = imaging

    async def hang(self, item: Item, kind: str = "thumb", content_hash: str = "a1b2c3d4" * 4, **more: Any) -> None:
        """Give an item a picture that is selected."""
        facts = {
            "item_id": item.item_id,
            "kind": kind,
            "source": "local",
            "path": f"/films/{kind}.jpg",
            "content_hash": content_hash,
            "is_selected": 1,
        }
        await self.house.insert("artwork", facts | more)


@pytest.fixture
async def wall(tmp_path: Path) -> AsyncIterator[Wall]:
    imaging = FakeImaging()
    async with a_database(tmp_path) as db, Renditions(tmp_path / "images", imaging.tools()) as renditions:
        member = await Builders(db).a_member("alice")

        async def guard(_request: web.Request, needs: Needs) -> object:
            assert needs is Needs.MEDIA
            return member

        app = web.Application(middlewares=[edge])
        app.on_response_prepare.append(dress)
        app.cleanup_ctx.append(keep_open_files)
        mount(app, [ArtworkRoutes(db, renditions)], guard)
        async with TestClient(TestServer(app)) as client:
            yield Wall(db, client, imaging)


async def a_film(wall: Wall) -> Item:
    return await wall.house.a_film(await wall.house.a_library(), "Heat")


async def test_thumb_comes_in_the_wished_size_and_with_an_etag(wall: Wall) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)

    async with wall.client.get(f"/api/artwork/{heat.key}/thumb?w=150&h=225") as answer:
        assert answer.status == 200
        assert await answer.text() == "thumb.jpg 180x240 cover jpeg"
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == "private, max-age=86400"
        assert answer.headers["Vary"] == "Accept"
        etag = answer.headers["ETag"]
    assert etag == '"a1b2c3d4a1b2c3d4-180x240-cover.jpeg"'


async def test_second_request_is_served_from_the_cache(wall: Wall) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)
    address = f"/api/artwork/{heat.key}/thumb?w=320"

    bodies = []
    for _ in range(2):
        async with wall.client.get(address) as answer:
            assert answer.headers["ETag"] == '"a1b2c3d4a1b2c3d4-320x0-contain.jpeg"'
            bodies.append(await answer.read())

    assert bodies[0] == bodies[1]
    assert wall.imaging.asked == [("render", "thumb.jpg")]


async def test_known_picture_is_answered_with_304_and_without_work(wall: Wall) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)
    headers = {"If-None-Match": '"other", W/"a1b2c3d4a1b2c3d4-320x0-contain.jpeg"'}

    async with wall.client.get(f"/api/artwork/{heat.key}/thumb?w=300", headers=headers) as answer:
        assert answer.status == 304
        assert await answer.read() == b""

    assert wall.imaging.asked == []


async def test_matching_tag_makes_the_address_last(wall: Wall) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)

    for tag, cache in (("a1b2c3d4", "private, max-age=31536000, immutable"), ("old", "private, max-age=86400")):
        async with wall.client.get(f"/api/artwork/{heat.key}/thumb?w=320&v={tag}") as answer:
            assert answer.headers["Cache-Control"] == cache


@pytest.mark.parametrize(
    ("accept", "query", "kind"),
    [
        ("image/avif,image/webp,*/*", "", "image/webp"),
        ("image/webp;q=0,*/*", "", "image/jpeg"),
        ("*/*", "", "image/jpeg"),
        ("image/webp", "&format=jpeg", "image/jpeg"),
        ("*/*", "&format=png", "image/png"),
    ],
)
async def test_format_follows_the_wish_and_then_what_the_client_takes(
    wall: Wall, accept: str, query: str, kind: str
) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)

    async with wall.client.get(f"/api/artwork/{heat.key}/thumb?w=320{query}", headers={"Accept": accept}) as answer:
        assert answer.headers["Content-Type"] == kind
        assert ("Vary" in answer.headers) == (query == "")


@pytest.mark.parametrize("query", ["w=0", "w=3841", "h=-1", "w=abc", "fit=stretch", "format=gif", "w=1.5"])
async def test_bad_sizes_are_refused(wall: Wall, query: str) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)

    async with wall.client.get(f"/api/artwork/{heat.key}/thumb?{query}") as answer:
        assert answer.status == 400
        body = await answer.json()
    assert body["code"] == "invalid_request"
    assert body["details"][0]["field"] == query.partition("=")[0]


async def test_item_without_a_picture_and_no_item_at_all_are_told_apart(wall: Wall) -> None:
    heat = await a_film(wall)

    for key, code in ((heat.key, "no_artwork"), ("unknown12345", "not_found")):
        async with wall.client.get(f"/api/artwork/{key}/art") as answer:
            assert answer.status == 404
            assert (await answer.json())["code"] == code


async def test_item_that_may_not_be_seen_has_no_picture_even_for_one_who_knows_its_tag(wall: Wall) -> None:
    films = await wall.house.a_library()
    gone = await wall.house.a_film(films, "Gone", missing_since_at=1)
    await wall.hang(gone)
    headers = {"If-None-Match": '"a1b2c3d4a1b2c3d4-320x0-contain.jpeg"'}

    async with wall.client.get(f"/api/artwork/{gone.key}/thumb?w=320", headers=headers) as answer:
        assert answer.status == 404
        assert (await answer.json())["code"] == "not_found"


async def test_episode_shows_the_background_of_its_show(wall: Wall) -> None:
    shows = await wall.house.a_library("Shows", kind="show")
    show, episodes = await wall.house.a_series(shows, "Harbor", {1: 1})
    await wall.hang(show, "art")

    async with wall.client.get(f"/api/artwork/{episodes[0].key}/art?w=640") as answer:
        assert await answer.text() == "art.jpg 640xNone contain jpeg"


@pytest.mark.parametrize(("source", "focus"), [("grab", (0.25, 0.75)), ("local", (0.5, 0.5))])
async def test_frame_is_cropped_around_its_point_of_interest_and_a_poster_around_its_centre(
    wall: Wall, source: str, focus: tuple[float, float]
) -> None:
    heat = await a_film(wall)
    await wall.hang(heat, point="0.250,0.750", source=source)

    async with wall.client.get(f"/api/artwork/{heat.key}/thumb?w=120&h=180") as answer:
        assert answer.status == 200

    assert (wall.imaging.requests[0]["focus_x"], wall.imaging.requests[0]["focus_y"]) == focus


async def test_picture_that_cannot_be_decoded_is_no_picture(wall: Wall) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)
    wall.imaging.fails["thumb.jpg"] = "image_unreadable"

    async with wall.client.get(f"/api/artwork/{heat.key}/thumb") as answer:
        assert answer.status == 404
        assert (await answer.json())["code"] == "no_artwork"


async def test_head_tells_of_a_picture_without_making_it(wall: Wall) -> None:
    heat = await a_film(wall)
    await wall.hang(heat)
    address = f"/api/artwork/{heat.key}/thumb?w=320"

    async with wall.client.head(address) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert "Content-Length" not in answer.headers
    assert wall.imaging.asked == []

    async with wall.client.get(address) as answer:
        length = len(await answer.read())
    async with wall.client.head(address) as answer:
        assert answer.headers["Content-Length"] == str(length)


async def test_portrait_of_a_person_in_a_film_is_shown(wall: Wall, tmp_path: Path) -> None:
    films = await wall.house.a_library()
    heat = await wall.house.an_item(films, title="Heat", cast=["Ann Ode", "Bo Poe"])
    rows = await wall.house.db.read("SELECT performer_id FROM performer ORDER BY name", {})
    portrait = tmp_path / "Ann_Ode.jpg"
    portrait.write_bytes(b"x")
    async with wall.house.db.write() as tx:
        await tx.run("UPDATE performer SET image = :path WHERE name = 'Ann Ode'", {"path": str(portrait)})
    assert heat.key

    statuses = []
    for number in (rows[0]["performer_id"], rows[1]["performer_id"], "999", "x"):
        async with wall.client.get(f"/api/artwork/p-{number}/thumb?w=120") as answer:
            statuses.append(answer.status)

    assert statuses == [200, 404, 404, 404]
