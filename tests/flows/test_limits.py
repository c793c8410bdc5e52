"""A child's limits hold on every route: what it may not see is in no list, no count, no picture and no stream.

One house for the whole file; each test says first what is taken away from the child.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient

from homemedia.app import declared_routes
from homemedia.core.http.routes import Needs
from homemedia.library.events import ItemsChanged
from tests.support.app import House, a_house
from tests.support.builders import Builders, Item, Library
from tests.support.samples import a_poster

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHILD: dict[str, Any] = {"maxAge": 12, "blockUnrated": False, "blockedLabels": ["explicit"]}
LATER = 10**15  # a place on the change clock that nothing else has
HIDDEN_WORD = "Zombie"  # in every title, name and genre that must not be seen

# How GET routes of members are asked that could tell of items; those with nothing to fill in are asked in any case.
# {hidden} runs through what is hidden.
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
    "/api/home/library/changes": ("/api/home/library/changes?library={library}",),
    "/api/home/library/filters": ("/api/home/library/filters?library={library}",),
    "/api/home/library/people/{}": ("/api/home/library/people/{person}",),
    "/api/home/library/genres": ("/api/home/library/genres", "/api/home/library/genres?library={library}"),
    "/api/home/library/home": ("/api/home/library/home",),
    "/api/home/library/playlists": (
        "/api/home/library/playlists",
        "/api/home/library/playlists?libraryId={library}",
    ),
    "/api/home/library/playlists/{}": ("/api/home/library/playlists/{playlist}",),
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
# Those with something to fill in that tell of no item.
OF_NO_ITEM = {
    "/api/transcode/{}/stream.m3u8",  # of a session, which asked when it began
    "/api/transcode/{}/{}",
}
# What members do to things; each is tried on what is hidden.
DONE: dict[str, tuple[str, dict[str, Any] | None]] = {
    "DELETE /api/progress/{}": ("/api/progress/{hidden}", None),
    "DELETE /api/watchlist/{}": ("/api/watchlist/{hidden}", None),
    "POST /api/home/playback/links": ("/api/home/playback/links", {"fileId": "{hidden_file}"}),
    "POST /api/mark-unwatched/{}": ("/api/mark-unwatched/{hidden}", None),
    "POST /api/mark-watched/{}": ("/api/mark-watched/{hidden}", None),
    "POST /api/progress": (
        "/api/progress",
        {"ratingKey": "{hidden}", "offset": 5, "duration": 100, "state": "playing"},
    ),
    "POST /api/progress/watched": ("/api/progress/watched", {"ratingKey": "{hidden}"}),
    "POST /api/transcode/{}": ("/api/transcode/{hidden_file}", {}),
    "POST /api/watchlist/{}": ("/api/watchlist/{hidden}", None),
}
TO_NO_ITEM = {
    "DELETE /api/home/playback/activity/{}",  # ends what is played
    "DELETE /api/transcode/{}",
}


class Attic(Builders):
    """A house with things for everybody and things for grown-ups."""

    house: House
    libraries: dict[str, Library]
    hidden: list[Item]
    seen: list[Item]
    hidden_files: list[int]
    hidden_playlist: int
    playlists: list[int]
    people: list[int]
    child: str  # by id
    child_client: TestClient[Any, Any]
    boss: TestClient[Any, Any]

    async def restrict(self, **body: Any) -> None:
        """Take this away from the child and nothing else, as administrators do."""
        for change in ({"restrictions": None, "libraries": "all"}, {"restrictions": body}):
            async with self.boss.put(f"/api/users/{self.child}", json=change) as answer:
                assert answer.status == 200, await answer.text()

    async def statuses(self, paths: Iterable[str], method: str = "GET", **options: Any) -> set[int]:
        """How all of these answer the child."""
        found = set()
        for path in paths:
            async with self.house.client.request(method, path, **options) as answer:
                found.add(answer.status)
        return found


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


async def _sign_in(attic: Attic) -> None:
    attic.boss = attic.house.client
    made = await attic.house.send("POST", "/api/users", {"username": "child", "password": "1234"}, 201)
    attic.child = made["user"]["id"]
    child = (await attic.house.server.accounts.members.get(attic.child)).member
    client = attic.house.stranger()
    async with client.post("/api/auth/login", json={"username": "child", "password": "1234"}) as answer:
        assert answer.status == 200, await answer.text()
    attic.house.client = attic.child_client = client
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
    for one in (track, loud, song):
        await attic.a_file(music, one, path=f"{one.key}.mp3")
    attic.playlists = [
        await _playlist(attic, music, "Sundays", [track, loud, song]),
        await _playlist(attic, music, "Zombie Hits", [loud, song]),
    ]
    attic.hidden_playlist = attic.playlists[1]
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


async def _playlist(attic: Attic, library: Library, title: str, tracks: list[Item]) -> int:
    lying = await attic.a_file(library, path=f"{title}.m3u", kind="playlist")
    facts = {"library_id": library.library_id, "title": title, "sort_title": title.casefold(), "mark": "x"}
    number = await attic.insert("playlist", {**facts, "file_id": lying.file_id, "updated_at": attic.at_ms})
    for position, one in enumerate(tracks):
        path, title = f"{one.key}.mp3", one.title
        entry = {"position": position, "path": path, "title": title, "root_id": library.root_id}
        async with attic.db.write() as tx:
            await tx.run(
                "INSERT INTO playlist_entry (playlist_id, position, path, title, root_id)"
                " VALUES (:playlist_id, :position, :path, :title, :root_id)",
                {"playlist_id": number, **entry},
            )
    return number


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def attic(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Attic]:
    async with a_house(tmp_path_factory.mktemp("attic")) as house:
        await house.claim()
        found = Attic(house.server.db)
        found.house = house
        found.at_ms = house.server.clock.now_ms()
        await _furnish(found)
        await _sign_in(found)
        yield found


def _addresses(attic: Attic, template: str) -> list[str]:
    found = [template]
    for name, values in (
        ("{library}", [library.library_id for library in attic.libraries.values()]),
        ("{hidden}", [item.key for item in attic.hidden]),
        ("{seen}", [item.key for item in attic.seen]),
        ("{person}", [str(number) for number in attic.people]),
        ("{playlist}", [str(number) for number in attic.playlists]),
        ("{hidden_file}", [str(number) for number in attic.hidden_files]),
    ):
        found = [one.replace(name, value) for one in found for value in (values if name in one else [""])]
    return found


def _asked(attic: Attic) -> list[str]:
    """Every address a member may ask for, those named above and all that have nothing to fill in."""
    plain = {
        route.path
        for route in declared_routes()
        if route.method == "GET" and route.needs in (Needs.USER, Needs.MEDIA) and "{" not in route.path
    }
    named = {one for templates in ASKED.values() for template in templates for one in _addresses(attic, template)}
    return sorted(plain | named)


async def _told(attic: Attic, tells: Callable[[str, str], list[str]]) -> list[str]:
    """What the answers to every address tell, as `tells` finds it in (address, body)."""
    told, found = [], 0
    for address in _asked(attic):
        async with attic.house.client.get(address) as answer:
            body = await answer.text(errors="replace")
            status = answer.status
        assert status < 500 or "_not_configured" in body, f"{address}: {body}"
        found += status == 200
        if status != 404:
            told += tells(address, body) if status == 200 else []
        async with attic.house.client.head(address) as answer:
            if answer.status != status and (status, answer.status) != (200, 206):
                told.append(f"HEAD {address}: {answer.status}, not {status}")

    assert found > 20
    return told


async def test_every_route_of_members_is_asked_here() -> None:
    shapes = {
        _shape(route.path)
        for route in declared_routes()
        if route.method == "GET" and route.needs in (Needs.USER, Needs.MEDIA) and "{" in route.path
        if route.slice in {"library", "playback"}
    }
    done = {
        f"{route.method} {_shape(route.path)}"
        for route in declared_routes()
        if route.method != "GET" and route.needs is Needs.USER and route.slice in {"library", "playback"}
    }

    assert shapes - set(ASKED) - OF_NO_ITEM == set(), "say in ASKED how to ask it, or that it tells of no item"
    assert done - set(DONE) - TO_NO_ITEM == set(), "say in DONE how to do it, or that it is done to no item"


async def test_no_answer_tells_of_what_is_hidden(attic: Attic) -> None:
    await attic.restrict(**CHILD)

    def tells(address: str, body: str) -> list[str]:
        is_hidden = any(item.key in address for item in attic.hidden)
        if is_hidden and "watch-state" not in address:
            return [f"{address} is found"]
        told = [f"{address}: {item.title}" for item in attic.hidden if item.key in body and not is_hidden]
        told += [f"{address}: file {number}" for number in attic.hidden_files if f"/api/stream/{number}" in body]
        if HIDDEN_WORD in body and "q=" not in address:
            told.append(f"{address}: {body[:500]}")
        return told

    assert await _told(attic, tells) == []
    assert await attic.statuses([f"/api/home/library/playlists/{attic.hidden_playlist}"]) == {404}


async def test_no_answer_tells_of_a_library_that_was_not_granted(attic: Attic) -> None:
    films, shows, music = (attic.libraries[name] for name in ("films", "shows", "music"))
    await attic.restrict(libraries=[films.library_id])
    kept = [item for item in (*attic.seen, *attic.hidden) if item.library_id != films.library_id]

    def tells(address: str, body: str) -> list[str]:
        told = [f"{address}: {item.title}" for item in kept if item.key in body and item.key not in address]
        told += [f"{address} is found" for item in kept if item.key in address and "watch-state" not in address]
        return told + [f"{address}: {one.name}" for one in (shows, music) if one.library_id in body]

    assert await _told(attic, tells) == []


async def test_watch_state_of_what_is_hidden_is_that_of_nothing(attic: Attic) -> None:
    await attic.restrict(**CHILD)
    keys = ",".join(item.key for item in attic.hidden)

    hidden = (await attic.house.get(f"/api/watch-state?keys={keys}"))["states"]
    nothing = (await attic.house.get("/api/watch-state?keys=nothing1"))["states"]

    assert list(hidden.values()) == [] or set(map(str, hidden.values())) == set(map(str, nothing.values()))


async def test_changes_tell_that_something_is_gone_and_not_what(attic: Attic) -> None:
    await attic.restrict()
    library = attic.libraries["films"].library_id
    everything = await attic.house.get(f"/api/home/library/changes?library={library}")
    await attic.restrict(**CHILD)
    left = await attic.house.get(f"/api/home/library/changes?library={library}")
    after = await attic.house.get(f"/api/home/library/changes?library={library}&since={left['cursor']}")

    assert (len(everything["changed"]), everything["reset"]) == (4, False)
    assert (left["changed"], left["reset"]) == ([], True)
    assert (after["changed"], after["reset"]) == ([], False)


async def test_counts_and_letters_are_of_what_is_seen(attic: Attic) -> None:
    await attic.restrict(**CHILD)
    get = attic.house.get
    libraries = (await get("/api/libraries"))["libraries"]
    pages = {kind: await get(f"/api/libraries/{library.library_id}/items") for kind, library in attic.libraries.items()}
    search = await get("/api/search?q=zombie")
    show = await get(f"/api/media/{attic.seen[1].key}")
    status = await get("/api/status")
    playlists = (await get("/api/home/library/playlists"))["playlists"]

    assert [library["itemCount"] for library in libraries] == [1, 1, 1]
    assert {kind: page["totalCount"] for kind, page in pages.items()} == {"films": 1, "shows": 1, "music": 1}
    assert [page["letters"] for page in pages.values()] == [{"H": 1}, {"C": 1}, {"C": 1}]
    assert (search["results"], search["totalCount"]) == ([], 0)
    assert (show["seasonCount"], show["episodeCount"]) == (1, 2)
    assert "3" not in json.dumps(status.get("library", {})), status
    assert [(one["title"], one["trackCount"]) for one in playlists] == [("Sundays", 1)]


async def test_nothing_can_be_done_to_what_is_hidden(attic: Attic) -> None:
    await attic.restrict(**CHILD)
    done = []
    for name, (template, body) in DONE.items():
        text = json.dumps(body).replace('"{hidden_file}"', "{hidden_file}")
        for filled in _addresses(attic, f"{template} {text}"):
            path, _, text = filled.partition(" ")
            async with attic.house.client.request(name.split()[0], path, json=json.loads(text)) as answer:
                if answer.status != 404:
                    done.append(f"{filled}: {answer.status} {await answer.text()}")

    assert done == []


async def test_nothing_hidden_is_played_or_stays_on_the_watchlist(attic: Attic) -> None:
    await attic.restrict()
    assert await attic.statuses([f"/api/watchlist/{one.key}" for one in (attic.hidden[0], attic.seen[0])], "POST") <= {
        200,
        201,
    }
    await attic.restrict(**CHILD)

    kept = json.dumps(await attic.house.get("/api/watchlist"))

    assert attic.seen[0].key in kept
    assert attic.hidden[0].key not in kept


async def test_without_limits_a_member_sees_it_all(attic: Attic) -> None:
    await attic.restrict()
    search = await attic.house.get("/api/search?q=zombie&limit=50")

    assert len(search["results"]) >= 8
    assert await attic.statuses([f"/api/media/{item.key}" for item in attic.hidden]) == {200}


async def test_libraries_that_were_not_granted_do_not_exist(attic: Attic) -> None:
    await attic.restrict(libraries=[])
    libraries = (await attic.house.get("/api/libraries"))["libraries"]
    search = await attic.house.get("/api/search?q=heat")
    items = [f"/api/media/{item.key}" for item in (*attic.seen, *attic.hidden)]
    lists = [f"/api/libraries/{library.library_id}/items" for library in attic.libraries.values()]
    statuses = await attic.statuses([*items, *lists])
    await attic.restrict(libraries=[attic.libraries["films"].library_id])
    granted = (await attic.house.get("/api/libraries"))["libraries"]

    assert (libraries, search["results"], statuses) == ([], [], {404})
    assert [library["name"] for library in granted] == ["Films"]


async def _heard(attic: Attic, *events: object) -> list[dict[str, Any]]:
    """What the child's open page hears of events, up to one that everybody hears."""
    heard = []
    async with attic.child_client.ws_connect("/ws") as socket:
        await socket.send_json({"type": "hello"})
        assert (await socket.receive_json())["type"] == "ready"
        for event in events:
            attic.house.server.bus.publish(event)
        await socket.send_json({"type": "ping", "id": "last"})
        while (frame := await socket.receive_json())["type"] != "pong":
            heard.append(frame)
    return heard


async def test_live_events_tell_of_granted_libraries_alone(attic: Attic) -> None:
    films, shows = attic.libraries["films"].library_id, attic.libraries["shows"].library_id
    await attic.restrict(libraries=[films])

    heard = await _heard(attic, ItemsChanged(shows, 7), ItemsChanged(films, 8))

    assert [one["library_id"] for one in heard] == [films]
    assert shows not in json.dumps(heard)


async def test_open_page_hears_nothing_more_of_what_is_taken_away(attic: Attic) -> None:
    films = attic.libraries["films"].library_id
    await attic.restrict()
    async with attic.child_client.ws_connect("/ws") as socket:
        await socket.send_json({"type": "hello", "events": ["library"]})
        await socket.receive_json()
        await attic.restrict(libraries=[])
        await attic.house.server.bus.settle()
        attic.house.server.bus.publish(ItemsChanged(films, LATER))
        await socket.send_json({"type": "ping", "id": "last"})
        heard = []
        # What was told before, of pictures made after the scan, may still be on its way.
        while (frame := await socket.receive_json())["type"] != "pong":
            heard.append(frame.get("cursor"))

        assert LATER not in heard
