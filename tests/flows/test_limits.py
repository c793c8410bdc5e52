"""A child's limits hold on every route: what it may not see is in no list, no count, no picture and no stream."""

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient

from homemedia.app import declared_routes
from homemedia.core.http.routes import Needs
from tests.support.app import House, a_house
from tests.support.builders import Builders, Item, Library
from tests.support.samples import a_poster

CHILD = {"maxAge": 12, "blockUnrated": False, "blockedLabels": ["explicit"]}
HIDDEN_WORD = "Zombie"  # in every title, name and genre that must not be seen

# Every GET route of members that could tell of items, and how it is asked. {hidden} runs through what is hidden.
ASKED: dict[str, tuple[str, ...]] = {
    "/api/artwork/{}/art": ("/api/artwork/{hidden}/art",),
    "/api/artwork/{}/thumb": ("/api/artwork/{hidden}/thumb",),
    "/api/cast/{}": ("/api/cast/{hidden}", "/api/cast/{seen}"),
    "/api/continue-watching": ("/api/continue-watching?limit=50",),
    "/api/discover/recent": ("/api/discover/recent?limit=50",),
    "/api/home/library/collections": ("/api/home/library/collections?library={library}",),
    "/api/home/library/collection": (
        "/api/home/library/collection?library={library}&name=Everybody",
        "/api/home/library/collection?library={library}&name=Zombie+Collection",
    ),
    "/api/home/library/filters": ("/api/home/library/filters?library={library}",),
    "/api/home/library/people/{}": ("/api/home/library/people/{person}",),
    "/api/home/library/genres": ("/api/home/library/genres", "/api/home/library/genres?library={library}"),
    "/api/home/library/home": ("/api/home/library/home",),
    "/api/home/playback/mine": ("/api/home/playback/mine",),
    "/api/home/playback/trickplay/{}": ("/api/home/playback/trickplay/{hidden_file}",),
    "/api/home/playback/trickplay/{}/{}": ("/api/home/playback/trickplay/{hidden_file}/0",),
    "/api/libraries": ("/api/libraries",),
    "/api/libraries/{}/items": tuple(
        f"/api/libraries/{{library}}/items?{query}"
        for query in (
            "limit=200",
            "q=zombie",
            "letter=Z",
            "genre=Zombie+films",
            "sort=random",
            "sort=added",
            "sort=rating",
            "type=album",
            "type=track",
        )
    ),
    "/api/libraries/{}/recent": ("/api/libraries/{library}/recent?limit=50",),
    "/api/libraries/{}/recommended": ("/api/libraries/{library}/recommended",),
    "/api/media/{}": ("/api/media/{hidden}", "/api/media/{seen}"),
    "/api/media/{}/children": ("/api/media/{hidden}/children", "/api/media/{seen}/children"),
    "/api/media/{}/episodes": ("/api/media/{hidden}/episodes", "/api/media/{seen}/episodes"),
    "/api/media/{}/info": ("/api/media/{hidden_file}/info",),
    "/api/media/{}/playback-info": ("/api/media/{hidden_file}/playback-info",),
    "/api/media/{}/subtitle/{}": ("/api/media/{hidden_file}/subtitle/2",),
    "/api/search": ("/api/search?q=zombie", "/api/search?q=zombei", "/api/search?q=z"),
    "/api/stream/{}": ("/api/stream/{hidden_file}",),
    "/api/watchlist": ("/api/watchlist",),
    "/api/watch-state": ("/api/watch-state?keys={hidden}",),
}
# Routes of members that tell of no item.
OF_NO_ITEM = {
    "/api/auth/me",
    "/api/home/accounts/household",
    "/api/home/library/changes",  # opaque keys, also of what was hidden since
    "/api/home/library/playlists",  # of a library as a whole; its entries are items
    "/api/home/library/playlists/{}",
    "/api/home/library/sources",
    "/api/home/server/addresses",
    "/api/sessions",
    "/api/users",
    "/api/status",  # counts, asked below
    "/api/transcode/{}/stream.m3u8",  # of a session, which asked when it began
    "/api/transcode/{}/{}",
}


class Attic(Builders):
    """A house with things for everybody and things for grown-ups."""

    house: House
    libraries: dict[str, Library]
    hidden: list[Item]
    seen: list[Item]
    hidden_files: list[int]
    people: list[int]
    child: str  # by id
    boss: TestClient[Any, Any]

    async def restrict(self, **body: Any) -> None:
        """Take something away from the child, as administrators do."""
        async with self.boss.put(f"/api/users/{self.child}/restrictions", json=body) as answer:
            assert answer.status == 200, await answer.text()


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


async def _sign_in(attic: Attic) -> None:
    attic.boss = attic.house.client
    made = await attic.house.send("POST", "/api/users", {"username": "child", "password": "1234"}, 201)
    attic.child = made["user"]["id"]
    child = (await attic.house.server.members.get(attic.child)).member
    client = attic.house.stranger()
    async with client.post("/api/auth/login", json={"username": "child", "password": "1234"}) as answer:
        assert answer.status == 200, await answer.text()
    attic.house.client = client
    for item in (*attic.hidden, *attic.seen):
        if item.kind in {"movie", "episode", "video", "track"}:
            state = {"offset_ms": 600_000, "duration_ms": 2_700_000, "view_count": 1}
            await attic.a_watch_state(child, item, **state)


async def _furnish(attic: Attic) -> None:
    films = await attic.a_library("Films", root=attic.house.media)
    shows = await attic.a_library("Shows", kind="show")
    music = await attic.a_library("Music", kind="music")
    attic.libraries = {"films": films, "shows": shows, "music": music}
    shared: dict[str, Any] = {"genres": ["Drama"], "directors": ["Ann Other"], "collection": "Everybody"}
    mine: dict[str, Any] = {"genres": ["Drama", "Zombie films"], "cast": ["Zombie Actor"], "labels": ["Zombie label"]}
    heat = await attic.a_film(films, "Heat", content_rating="PG", rating=8.0, **shared)
    dawn = await attic.a_film(films, "Zombie Dawn", content_rating="R", rating=9.0, **{**shared, **mine})
    dusk = await attic.a_film(films, "Zombie Dusk", labels=["Explicit"], rating=9.0, collection="Zombie Collection")
    trailer = await attic.an_item(films, title="Zombie Trailer", kind="extra", parent=dawn, extra_kind="trailer")
    calm, calm_episodes = await attic.a_series(shows, "Calm", {1: 2})
    second = await attic.a_season(shows, calm, 2, title="Zombie Season")
    third = await attic.an_episode(shows, second, 1, season_number=2, title="Zombie Episode", content_rating="TV-MA")
    dead = await attic.a_show(shows, "Zombie Show", content_rating="TV-MA", rating=9.5)
    season = await attic.a_season(shows, dead, 1, title="Zombie Season")
    grave = await attic.an_episode(shows, season, 1, title="Zombie Grave")
    artist = await attic.an_item(music, kind="artist", title="Choir")
    album = await attic.an_item(music, kind="album", title="Hymns", parent=artist)
    track = await attic.an_item(music, kind="track", title="Psalm", parent=album, number=1)
    loud = await attic.an_item(music, kind="track", title="Zombie Song", parent=album, number=2, labels=["explicit"])
    band = await attic.an_item(music, kind="artist", title="Zombie Band", labels=["explicit"])
    record = await attic.an_item(music, kind="album", title="Zombie Record", parent=band)
    song = await attic.an_item(music, kind="track", title="Zombie Tune", parent=record)
    attic.hidden = [dawn, dusk, trailer, second, third, dead, season, grave, loud, band, record, song]
    attic.seen = [heat, calm, *calm_episodes, artist, album, track]
    poster = a_poster(attic.house.media / "poster.jpg", size=(40, 60))
    for item in (*attic.hidden, *attic.seen):
        for kind in ("thumb", "art"):
            await attic.insert(
                "artwork",
                {
                    "item_id": item.item_id,
                    "kind": kind,
                    "source": "local",
                    "path": str(poster),
                    "content_hash": "x",
                    "is_selected": 1,
                },
            )
    async with attic.db.write() as tx:
        await tx.run("UPDATE item SET thumb_tag = 'x', art_tag = 'x', thumb_kind = 'poster'")
    rows = await attic.db.read(
        "SELECT file_id FROM item_file WHERE item_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps([item.item_id for item in attic.hidden])},
    )
    attic.people = [row["performer_id"] for row in await attic.db.read("SELECT performer_id FROM performer")]
    attic.hidden_files = [row["file_id"] for row in rows]


@contextlib.asynccontextmanager
async def an_attic(folder: Path, limits: Mapping[str, Any] | None = CHILD) -> AsyncIterator[Attic]:
    async with a_house(folder) as house:
        await house.claim()
        attic = Attic(house.server.db)
        attic.house = house
        attic.at_ms = house.server.clock.now_ms()
        await _furnish(attic)
        await _sign_in(attic)
        if limits:
            await attic.restrict(**limits)
        yield attic


def _addresses(attic: Attic, template: str) -> list[str]:
    found = [template]
    for name, values in (
        ("{library}", [library.library_id for library in attic.libraries.values()]),
        ("{hidden}", [item.key for item in attic.hidden]),
        ("{seen}", [item.key for item in attic.seen]),
        ("{person}", [str(number) for number in attic.people]),
        ("{hidden_file}", [str(number) for number in attic.hidden_files]),
    ):
        found = [one.replace(name, value) for one in found for value in (values if name in one else [""])]
    return found


def test_every_route_of_members_is_asked_here() -> None:
    shapes = {
        _shape(route.path)
        for route in declared_routes()
        if route.method == "GET" and route.needs in (Needs.USER, Needs.MEDIA)
    }

    assert shapes - set(ASKED) - OF_NO_ITEM == set(), "say in ASKED how to ask it, or that it tells of no item"


async def test_no_answer_tells_of_what_is_hidden(tmp_path: Path) -> None:
    async with an_attic(tmp_path) as attic:
        told, found = [], 0
        for templates in ASKED.values():
            for address in (one for template in templates for one in _addresses(attic, template)):
                async with attic.house.client.get(address) as answer:
                    body = await answer.text(errors="replace")
                    found += answer.status == 200
                    assert answer.status < 500, f"{address}: {body}"
                    if answer.status == 404:
                        continue
                    if answer.status == 200 and any(item.key in address for item in attic.hidden):
                        if "watch-state" not in address:
                            told.append(f"{address} is found")
                        continue
                    echo = json.dumps(address.partition("?")[2])
                    if HIDDEN_WORD in body and "q=" not in echo:
                        told.append(f"{address}: {body[:500]}")
                    told += [f"{address}: {item.title}" for item in attic.hidden if item.key in body]

        assert told == []
        assert found > 40


async def test_counts_and_letters_are_of_what_is_seen(tmp_path: Path) -> None:
    async with an_attic(tmp_path) as attic:
        get = attic.house.get
        libraries = (await get("/api/libraries"))["libraries"]
        pages = {
            kind: await get(f"/api/libraries/{library.library_id}/items") for kind, library in attic.libraries.items()
        }
        search = await get("/api/search?q=zombie")
        show = await get(f"/api/media/{attic.seen[1].key}")
        status = await get("/api/status")

        assert [library["itemCount"] for library in libraries] == [1, 1, 1]
        assert {kind: page["totalCount"] for kind, page in pages.items()} == {"films": 1, "shows": 1, "music": 1}
        assert [page["letters"] for page in pages.values()] == [{"H": 1}, {"C": 1}, {"C": 1}]
        assert (search["results"], search["totalCount"]) == ([], 0)
        assert (show["seasonCount"], show["episodeCount"]) == (1, 2)
        assert "3" not in json.dumps(status.get("library", {})), status


async def test_nothing_can_be_done_to_what_is_hidden(tmp_path: Path) -> None:
    async with an_attic(tmp_path) as attic:
        for item in attic.hidden:
            for method, path, body in (
                ("POST", "/api/progress", {"ratingKey": item.key, "offset": 5, "duration": 100, "state": "playing"}),
                ("POST", f"/api/mark-watched/{item.key}", None),
                ("POST", f"/api/watchlist/{item.key}", None),
                ("POST", f"/api/mark-unwatched/{item.key}", None),
            ):
                async with attic.house.client.request(method, path, json=body) as answer:
                    assert answer.status == 404, f"{method} {path} {item.title}: {await answer.text()}"


async def test_nothing_hidden_is_played_or_stays_on_the_watchlist(tmp_path: Path) -> None:
    async with an_attic(tmp_path, None) as attic:
        for item in (attic.hidden[0], attic.seen[0]):
            async with attic.house.client.post(f"/api/watchlist/{item.key}") as answer:
                assert answer.status in {200, 201, 204}, await answer.text()
        await attic.restrict(**CHILD)

        kept = json.dumps(await attic.house.get("/api/watchlist"))
        statuses = set()
        for number in attic.hidden_files:
            async with attic.house.client.post(f"/api/transcode/{number}", json={}) as answer:
                statuses.add(answer.status)

        assert attic.seen[0].key in kept
        assert attic.hidden[0].key not in kept
        assert statuses == {404}


async def test_without_limits_a_member_sees_it_all(tmp_path: Path) -> None:
    async with an_attic(tmp_path, None) as attic:
        search = await attic.house.get("/api/search?q=zombie&limit=50")

        assert len(search["results"]) >= 8
        for item in attic.hidden[:2]:
            assert await attic.house.get(f"/api/media/{item.key}")


async def test_libraries_that_were_not_granted_do_not_exist(tmp_path: Path) -> None:
    async with an_attic(tmp_path, {"libraries": []}) as attic:
        libraries = (await attic.house.get("/api/libraries"))["libraries"]
        search = await attic.house.get("/api/search?q=heat")
        statuses = set()
        for item in (*attic.seen, *attic.hidden):
            async with attic.house.client.get(f"/api/media/{item.key}") as answer:
                statuses.add(answer.status)
        for library in attic.libraries.values():
            async with attic.house.client.get(f"/api/libraries/{library.library_id}/items") as answer:
                statuses.add(answer.status)
        await attic.restrict(libraries=[attic.libraries["films"].library_id])
        granted = (await attic.house.get("/api/libraries"))["libraries"]

        assert (libraries, search["results"], statuses) == ([], [], {404})
        assert [library["name"] for library in granted] == ["Films"]
