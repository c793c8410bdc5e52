"""What a member sees, shown to who sets his limits: it is what he finds himself, whatever is tried."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from homemedia.library.audience_store import Audience
from homemedia.library.seen_by import Why, why_hidden
from homemedia.library.seen_by_store import Known
from homemedia.library.visible import Limits
from tests.support.app import House, a_house

Client = TestClient[Any, Any]
LIMITS: list[dict[str, Any]] = [
    {},
    {"maxAge": 12},
    {"maxAge": 12, "blockUnrated": False},
    {"maxAge": 6, "allowedRatings": ["R"]},
    {"blockedRatings": ["pg"]},
    {"allowedRatings": ["PG", "G"]},
    {"blockUnrated": True},
    {"blockedLabels": ["Scary"]},
    {"allowedLabels": ["kids"]},
    {"maxAge": 18, "blockedLabels": ["scary"], "libraries": "all"},
    {"libraries": []},
]
FILMS = {
    "Alpha": ("G", ["kids"]),
    "Bravo": ("PG", []),
    "Charlie": ("R", ["scary"]),
    "Delta": (None, []),
    "Echo": (None, ["Kids", "Scary"]),
    "Foxtrot": ("PG-13", []),
}
SHOWS = {"Golf": ("TV-Y", None), "Hotel": ("TV-MA", None), "India": (None, "TV-MA")}


class Home:
    house: House
    ben: Client
    ben_id: str
    libraries: dict[str, str]

    async def look(self, status: int = 200, **body: Any) -> Any:
        return await self.house.send("POST", "/api/home/library/seen-by", body, status)

    async def restrict(self, **body: Any) -> None:
        await self.house.send("PUT", f"/api/users/{self.ben_id}/restrictions", body)

    async def found_by_ben(self) -> dict[str, list[str]]:
        """Titles of each library, as he lists them himself."""
        found: dict[str, list[str]] = {}
        for library in (await (await self.ben.get("/api/libraries")).json())["libraries"]:
            page = await (await self.ben.get(f"/api/libraries/{library['id']}/items?limit=100")).json()
            found[library["name"]] = [item["title"] for item in page["items"]]
        return found


async def _put(house: House, library: str, kind: str, title: str, **columns: Any) -> int:
    row = {
        "rating_key": title,
        "library_id": library,
        "kind": kind,
        "identity_key": f"{kind}/{title}",
        "title": title,
        "sort_title": title.lower(),
        "letter": title[0],
        "added_at": 1,
        "updated_at": 1,
    } | columns
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    async with house.server.db.write() as tx:
        made = await tx.rows(f"INSERT INTO item ({names}) VALUES ({values}) RETURNING item_id", row)  # noqa: S608 - ours
        await tx.run("INSERT OR IGNORE INTO audience_due (item_id) VALUES (:item_id)", dict(made[0]))
        return int(made[0]["item_id"])


async def _label(house: House, item_id: int, label: str) -> None:
    async with house.server.db.write() as tx:
        await tx.run(
            "INSERT INTO item_label (item_id, kind, value, value_key, position)"
            " VALUES (:id, 'label', :v, lower(:v), 0)",
            {"id": item_id, "v": label},
        )


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    for name in ("films", "shows"):
        (tmp_path / "media" / name).mkdir(parents=True)
    async with a_house(tmp_path) as house:
        await house.claim()
        found = Home()
        found.house, found.libraries = house, {}
        for name, kind in (("Films", "movie"), ("Shows", "show")):
            folder = tmp_path / "media" / name.lower()
            found.libraries[name] = (await house.add_library(name, kind, folder))["id"]
        for title, (rating, labels) in FILMS.items():
            item_id = await _put(house, found.libraries["Films"], "movie", title, content_rating=rating)
            for label in labels:
                await _label(house, item_id, label)
        for title, (rating, of_episode) in SHOWS.items():
            library = found.libraries["Shows"]
            show = await _put(house, library, "show", title, content_rating=rating)
            season = await _put(house, library, "season", f"{title} 1", parent_id=show, number=1)
            await _put(house, library, "episode", f"{title} 1x1", parent_id=season, number=1, content_rating=of_episode)
        body = {"username": "ben", "password": "1234"}
        found.ben_id = (await house.send("POST", "/api/users", body, 201))["user"]["id"]
        found.ben = house.stranger()
        assert (await found.ben.post("/api/auth/login", json=body)).status == 200
        yield found


def titles(answer: Any) -> dict[str, list[str]]:
    return {one["name"]: [item["title"] for item in one["seen"]["items"]] for one in answer["libraries"] if one["open"]}


@pytest.mark.parametrize("limits", LIMITS, ids=[", ".join(one) or "none" for one in LIMITS])
async def test_what_is_shown_is_what_he_finds_and_what_is_tried_is_what_he_would_find(
    home: Home, limits: dict[str, Any]
) -> None:
    tried = await home.look(userId=home.ben_id, restrictions=limits)
    before = await home.look(userId=home.ben_id)
    await home.restrict(**limits)

    kept = await home.look(userId=home.ben_id)

    assert titles(kept) == titles(tried) == await home.found_by_ben()
    assert titles(before) == {"Films": list(FILMS), "Shows": list(SHOWS)}
    for one in tried["libraries"]:
        everything = FILMS if one["name"] == "Films" else SHOWS
        assert one["seen"]["count"] + one["hidden"]["count"] == len(everything)
        shown = [item["title"] for item in one["seen"]["items"]] + [
            each["item"]["title"] for each in one["hidden"]["items"]
        ]
        assert sorted(shown) == sorted(everything)


async def test_each_hidden_title_says_why(home: Home) -> None:
    limits = {"maxAge": 12, "blockedLabels": ["Scary"], "allowedRatings": ["R"], "blockUnrated": False}

    films, shows = (await home.look(userId=home.ben_id, restrictions=limits))["libraries"]

    why = {each["item"]["title"]: (each["why"], each["word"]) for each in films["hidden"]["items"]}
    assert why == {"Charlie": ("blockedLabel", "Scary"), "Echo": ("blockedLabel", "Scary"), "Foxtrot": ("age", "13")}
    why = {each["item"]["title"]: (each["why"], each["word"]) for each in shows["hidden"]["items"]}
    assert why == {"Hotel": ("age", "17"), "India": ("contents", None)}


async def test_library_he_is_not_let_into_is_hidden_whole(home: Home) -> None:
    films, shows = (await home.look(userId=home.ben_id, libraries=[home.libraries["Shows"]]))["libraries"]

    assert (films["open"], films["seen"], films["hidden"]["count"]) == (False, {"count": 0, "items": []}, len(FILMS))
    assert {each["why"] for each in films["hidden"]["items"]} == {"library"}
    assert (shows["open"], shows["seen"]["count"]) == (True, len(SHOWS))


async def test_who_is_held_to_a_list_is_tried_with_all_libraries(home: Home) -> None:
    await home.house.send("PUT", f"/api/users/{home.ben_id}", {"libraries": [home.libraries["Shows"]]})

    held = await home.look(userId=home.ben_id)
    tried = await home.look(userId=home.ben_id, libraries="all")

    assert [one["open"] for one in held["libraries"]] == [False, True]
    assert [one["open"] for one in tried["libraries"]] == [True, True]


async def test_somebody_yet_to_come_is_tried_as_well(home: Home) -> None:
    films, shows = (await home.look(restrictions={"maxAge": 0}, libraries=[home.libraries["Films"]]))["libraries"]

    assert [item["title"] for item in films["seen"]["items"]] == ["Alpha"]
    assert not shows["open"]


async def test_administrator_sees_everything_and_is_tried_with_no_limit(home: Home) -> None:
    users = await home.house.get("/api/users")
    admin = next(one["id"] for one in users if one["isAdmin"])

    answer = await home.look(userId=admin)
    refused = await home.look(409, userId=admin, restrictions={"maxAge": 6})

    assert titles(answer) == {"Films": list(FILMS), "Shows": list(SHOWS)}
    assert refused["code"] == "admin_unrestricted"


async def test_nothing_that_is_tried_is_kept(home: Home) -> None:
    before = await home.house.get(f"/api/users/{home.ben_id}/restrictions")

    await home.look(userId=home.ben_id, restrictions={"maxAge": 6, "blockedLabels": ["kids"]}, libraries=[])

    assert await home.house.get(f"/api/users/{home.ben_id}/restrictions") == before


async def test_as_many_titles_are_shown_as_were_asked_for(home: Home) -> None:
    films, _ = (await home.look(userId=home.ben_id, restrictions={"maxAge": 12}, cards=1))["libraries"]

    assert [len(films[side]["items"]) for side in ("seen", "hidden")] == [1, 1]
    assert (films["seen"]["count"], films["hidden"]["count"]) == (2, 4)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"userId": "nobody"}, 404, "not_found"),
        ({"libraries": ["gone"]}, 400, "unknown_library"),
        ({"restrictions": {"allowedRatings": ["Z-99"]}}, 400, "unknown_rating"),
        ({"restrictions": {"maxAge": -1}}, 400, "invalid_request"),
        ({"restrictions": {"schedule": [{"days": ["mon"], "from": "10:00", "to": "10:00"}]}}, 400, "invalid_request"),
        ({"cards": 25}, 400, "invalid_request"),
    ],
)
async def test_what_cannot_be_tried_is_refused(home: Home, body: dict[str, Any], status: int, code: str) -> None:
    assert (await home.look(status, **body))["code"] == code


async def test_members_do_not_look_with_others_eyes(home: Home) -> None:
    answer = await home.ben.post("/api/home/library/seen-by", json={"userId": home.ben_id})

    assert (answer.status, (await answer.json())["code"]) == (403, "admin_required")


@pytest.mark.parametrize(
    ("limits", "known", "why"),
    [
        (Limits(block_unrated=True), None, ("unrated", None)),
        (Limits(blocked_ratings=("PG",)), Known(Audience("us", "pg"), 10), ("blockedRating", "PG")),
        (
            Limits(blocked_ratings=("PG",), allowed_ratings=("pg",)),
            Known(Audience("us", "pg"), 10),
            ("blockedRating", "PG"),
        ),
        (Limits(allowed_ratings=("G",)), Known(Audience("us", "r"), 17), ("otherRating", None)),
        (Limits(max_age=12), Known(Audience("us", "r"), 17), ("age", "17")),
        (Limits(allowed_labels=("kids",)), None, ("otherLabel", None)),
        (Limits(max_age=12), None, ("contents", None)),
    ],
)
def test_why_a_title_is_hidden(limits: Limits, known: Known | None, why: tuple[Why, str | None]) -> None:
    assert why_hidden(limits, known) == why
