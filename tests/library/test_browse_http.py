"""The library's and playback's routes over HTTP, with everything between request and database as it is."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from homemedia.accounts import Member
from homemedia.core.http.errors import dress, edge
from homemedia.core.http.ranges import keep_open_files
from homemedia.core.http.routes import Needs, mount
from homemedia.library.browse import Browse
from homemedia.library.browse_routes import BrowseRoutes
from homemedia.library.files import FileService
from homemedia.library.files_routes import FileRoutes
from homemedia.library.shelf import Shelf
from homemedia.library.shelf_routes import ShelfRoutes
from homemedia.playback import WATCH_SQL, Hubs, ProgressService
from homemedia.playback.routes import HubRoutes, ProgressRoutes
from tests.support.builders import Builders, a_database, a_probe
from tests.support.fakes import FakeClock


class House(Builders):
    client: TestClient[Any, Any]
    member: Member

    async def get(self, path: str, status: int = 200) -> Any:
        async with self.client.get(path) as answer:
            body = await answer.json()
            assert answer.status == status, body
            return body

    async def send(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        async with self.client.request(method, path, json=body) as answer:
            found = await answer.json()
            assert answer.status == status, found
            return found


@contextlib.asynccontextmanager
async def a_house(folder: Path, *, is_admin: bool = False) -> AsyncIterator[House]:
    async with a_database(folder) as db:
        house = House(db)
        clock = FakeClock(house.at_ms)
        house.member = await house.a_member("alice", is_admin=is_admin)
        browse = Browse(db, WATCH_SQL, clock)
        async with ProgressService(db, clock) as progress:
            browse.track_choice = progress.track_choice
            hubs = Hubs(db, browse, progress, clock)
            app = web.Application(middlewares=[edge])
            app.on_response_prepare.append(dress)
            app.cleanup_ctx.append(keep_open_files)

            async def guard(_request: web.Request, _needs: Needs) -> Member:
                return house.member

            owners = (
                BrowseRoutes(browse),
                ShelfRoutes(Shelf(db, browse)),
                FileRoutes(FileService(db)),
                ProgressRoutes(progress),
                HubRoutes(hubs),
            )
            mount(app, owners, guard)
            async with TestClient(TestServer(app)) as house.client:
                yield house


async def test_items_answer_as_the_contract_shows(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        films = await house.a_library()
        for title in ("Alien", "Heat", "Up"):
            await house.a_film(films, title)

        page = await house.get(f"/api/libraries/{films.library_id}/items?limit=2")
        rest = await house.get(f"/api/libraries/{films.library_id}/items?limit=2&offset=2")
        beyond = await house.get(f"/api/libraries/{films.library_id}/items?offset=99")

        assert page["library"] == {"id": films.library_id, "name": "Films", "type": "movie"}
        assert [item["title"] for item in page["items"]] == ["Alien", "Heat"]
        assert (page["totalCount"], page["offset"], page["limit"]) == (3, 0, 2)
        assert page["letters"] == {"A": 1, "H": 1, "U": 1}
        assert [item["title"] for item in rest["items"]] == ["Up"]
        assert "letters" not in rest
        assert (beyond["items"], beyond["totalCount"]) == ([], 3)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("offset=-1", "offset"),
        ("limit=x", "limit"),
        ("limit=0", "limit"),
        ("sort=colour", "sort"),
        ("order=up", "order"),
        ("year=19", "year"),
        ("year=1990-", "year"),
        ("letter=aa", "letter"),
        ("unwatched=2", "unwatched"),
        ("resolution=8k", "resolution"),
    ],
)
async def test_bad_query_names_its_field(tmp_path: Path, query: str, field: str) -> None:
    async with a_house(tmp_path) as house:
        films = await house.a_library()

        refusal = await house.get(f"/api/libraries/{films.library_id}/items?{query}", 400)

        assert (refusal["code"], refusal["details"][0]["field"]) == ("invalid_request", field)


async def test_too_large_a_limit_is_reduced_and_told(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        films = await house.a_library()

        assert (await house.get(f"/api/libraries/{films.library_id}/items?limit=100000"))["limit"] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/libraries/nonsense/items",
        "/api/libraries/nonsense/recent",
        "/api/libraries/nonsense/recommended",
        "/api/media/nonsense",
        "/api/media/nonsense/children",
        "/api/media/nonsense/episodes",
        "/api/cast/nonsense",
        "/api/stream/99",
        "/api/stream/nonsense",
        "/api/media/99/info",
        "/api/media/99999999999999999999/info",
        "/api/home/library/changes?library=nonsense",
        "/api/home/library/filters?library=nonsense",
        "/api/home/library/collections?library=nonsense",
        "/api/home/library/collection?name=nonsense",
        "/api/home/library/collection?name=nonsense&library=nonsense",
        "/api/home/library/people/99",
        "/api/home/library/people/nonsense",
        "/api/home/library/people/99999999999999999999",
    ],
)
async def test_what_is_not_there_is_not_found(tmp_path: Path, path: str) -> None:
    async with a_house(tmp_path) as house:
        refusal = await house.get(path, 404)

        assert refusal["code"] == "not_found"


async def test_every_list_answers_in_its_own_words(tmp_path: Path) -> None:
    async with a_house(tmp_path, is_admin=True) as house:
        shows = await house.a_library("Shows", kind="show")
        fargo, episodes = await house.a_series(shows, "Fargo", {1: 2})
        keys = {}

        for path in (
            "/api/libraries",
            f"/api/libraries/{shows.library_id}/recent",
            f"/api/libraries/{shows.library_id}/recommended",
            f"/api/media/{fargo.key}",
            f"/api/media/{fargo.key}/children",
            f"/api/media/{fargo.key}/episodes",
            f"/api/cast/{fargo.key}",
            "/api/search?q=fargo",
            "/api/discover/recent?type=episode",
            "/api/genres",
            "/api/home/library/genres",
            "/api/home/library/home",
            f"/api/home/library/changes?library={shows.library_id}&since=0",
            "/api/continue-watching",
            f"/api/watch-state?keys={fargo.key},{episodes[0].key},nonsense",
        ):
            keys[path.split("?")[0].rsplit("/", 1)[-1]] = set(await house.get(path))

        assert keys["libraries"] == {"libraries"}
        assert keys["recent"] == {"items"}
        assert keys["recommended"] == {"library", "items", "hubs"}
        assert keys["children"] == keys["episodes"] == {"parent", "items", "totalCount"}
        assert keys[fargo.key] == {"cast", "crew"}
        assert keys["search"] == {"query", "results", "totalCount"}
        assert keys["genres"] == {"genres"}
        assert keys["home"] == {"continueWatching", "nextUp", "watchlist", "recent", "libraries"}
        assert keys["changes"] == {"cursor", "changed", "reset"}
        assert keys["continue-watching"] == {"items", "nextUp"}
        assert keys["watch-state"] == {"states"}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("filters", "library"),
        ("collection", "name"),
        ("collection?name=", "name"),
        (f"collection?name={'x' * 201}", "name"),
    ],
)
async def test_shelf_says_what_it_needs_to_know(tmp_path: Path, path: str, field: str) -> None:
    async with a_house(tmp_path) as house:
        refusal = await house.get(f"/api/home/library/{path}", 400)

        assert refusal["details"][0]["field"] == field


async def test_filters_narrow_over_http_and_together(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        films = await house.a_library()
        for title, genre, collection in (("A", "Drama", "Saga"), ("B", "Sci-Fi", "Saga"), ("C", "Drama", None)):
            await house.a_film(films, title, genres=[genre], collection=collection, year=1999, content_rating="PG")
        base = f"/api/libraries/{films.library_id}/items"

        both = await house.get(f"{base}?genre=Drama&collection=saga&resolution=1080&contentRating=pg&year=1990-1999")
        none = await house.get(f"{base}?collection=Saga&resolution=4k")
        page = await house.get("/api/home/library/collection?name=Saga")
        filters = await house.get(f"/api/home/library/filters?library={films.library_id}")

        assert ([item["title"] for item in both["items"]], both["letters"]) == (["A"], {"A": 1})
        assert (none["items"], none["totalCount"]) == ([], 0)
        assert (page["count"], page["watched"], page["years"]) == (2, 0, [1999, 1999])
        assert filters["resolutions"] == [{"name": "1080", "count": 3}]
        assert filters["decades"] == [{"first": 1990, "count": 3}]


@pytest.mark.parametrize("query", ["", "q=", "q=%20%20", f"q={'x' * 201}"])
async def test_search_needs_words(tmp_path: Path, query: str) -> None:
    async with a_house(tmp_path) as house:
        assert (await house.get(f"/api/search?{query}", 400))["code"] == "invalid_request"


async def test_search_result_is_a_summary_with_a_score(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        films = await house.a_library()
        await house.a_film(films, "Spider-Man")

        answer = await house.get("/api/search?q=spiderman&type=movie")

        assert [(found["title"], found["score"]) for found in answer["results"]] == [("Spider-Man", 100)]


async def test_bytes_of_a_film_arrive_whole_and_in_part(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        folder = tmp_path / "films"
        folder.mkdir()
        content = bytes(range(256)) * 40
        (folder / "Été 1.mkv").write_bytes(content)
        films = await house.a_library(root=folder)
        file = await house.a_file(films, await house.an_item(films), path="Été 1.mkv", probe=a_probe())

        async with house.client.get(f"/api/stream/{file.file_id}") as whole:
            assert await whole.read() == content
            assert whole.headers["Content-Type"] == "video/x-matroska"
            assert whole.headers["Accept-Ranges"] == "bytes"
            assert whole.headers["Content-Disposition"] == "inline; filename*=UTF-8''%C3%89t%C3%A9%201.mkv"
            assert whole.headers["Cache-Control"] == "private, no-transform"
        async with house.client.get(f"/api/stream/{file.file_id}", headers={"Range": "bytes=100-199"}) as part:
            assert part.status == 206
            assert await part.read() == content[100:200]
        async with house.client.get(f"/api/stream/{file.file_id}?download=1") as saved:
            assert saved.headers["Content-Disposition"].startswith("attachment;")
        (folder / "Été 1.mkv").unlink()
        async with house.client.head(f"/api/stream/{file.file_id}") as head:
            assert head.status in {200, 404}


async def test_file_gone_from_the_disk_is_missing(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        films = await house.a_library(root=tmp_path)
        file = await house.a_file(films, await house.an_item(films), path="gone.mkv")

        assert (await house.get(f"/api/stream/{file.file_id}", 404))["code"] == "file_missing"


async def test_progress_is_told_everywhere(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        films = await house.a_library()
        heat = await house.a_film(films, "Heat")

        answer = await house.send("POST", "/api/progress", {"ratingKey": heat.key, "offset": 3_600_000})

        assert answer == {
            "ratingKey": heat.key,
            "offset": 3_600_000,
            "duration": 7_200_000,
            "percent": 50.0,
            "watched": False,
            "viewCount": 0,
        }
        assert (await house.get(f"/api/media/{heat.key}"))["viewOffset"] == 3_600_000
        assert (await house.get("/api/continue-watching"))["items"][0]["percent"] == 50.0
        states = (await house.get(f"/api/watch-state?keys={heat.key}"))["states"]
        assert states[heat.key]["offset"] == 3_600_000


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"offset": 1}, "ratingKey"),
        ({"ratingKey": "x"}, "offset"),
        ({"ratingKey": "x", "offset": -1}, "offset"),
        ({"ratingKey": "x", "offset": "1"}, "offset"),
        ({"ratingKey": "x", "offset": 1, "state": "dancing"}, "state"),
        ({"ratingKey": "x", "offset": 2**60}, "offset"),
    ],
)
async def test_bad_report_names_its_field(tmp_path: Path, body: Any, field: str) -> None:
    async with a_house(tmp_path) as house:
        refusal = await house.send("POST", "/api/progress", body, 400)

        assert refusal["details"][0]["field"] == field


async def test_marks_answer_with_how_many_changed(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        shows = await house.a_library("Shows", kind="show")
        fargo, _ = await house.a_series(shows, "Fargo", {1: 3})

        assert await house.send("POST", f"/api/mark-watched/{fargo.key}") == {
            "ratingKey": fargo.key,
            "watched": True,
            "changed": 3,
        }
        assert (await house.send("POST", f"/api/mark-unwatched/{fargo.key}"))["changed"] == 3
        assert (await house.send("POST", "/api/progress/watched", {"ratingKey": fargo.key}))["changed"] == 3
        assert (await house.send("DELETE", f"/api/progress/{fargo.key}"))["watched"] is False
        assert (await house.send("POST", "/api/mark-watched/nonsense", status=404))["code"] == "not_found"


@pytest.mark.parametrize("query", ["", "keys=", "keys=" + ",".join("k" * 1 for _ in range(501))])
async def test_watch_state_takes_one_to_five_hundred_keys(tmp_path: Path, query: str) -> None:
    async with a_house(tmp_path) as house:
        assert (await house.get(f"/api/watch-state?{query}", 400))["code"] == "invalid_request"
