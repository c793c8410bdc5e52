"""Members find photos: by facts, by words, by likeness; each within what he may see."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.accounts import Member
from homemedia.core.db import Database
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest, NotFound, Unauthorized
from homemedia.photos.index import PhotoIndex
from homemedia.photos.search import Order, Search, Slice
from homemedia.photos.search_wire import MetadataSearchBody
from homemedia.photos.words import colour_word, date_words, read_query
from tests.support.builders import Builders, a_database
from tests.support.fakes import FakeClock
from tests.support.photos import NEW_YEAR, a_photo

DAY = 86_400_000
ALL = Slice(1000)


class Desk:
    """A search and what tests ask of it."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.house = Builders(db)
        self.clock = FakeClock()
        self.search = Search(db, PhotoIndex(db), self.clock)

    async def named(self, actor: Member, body: Mapping[str, Any]) -> list[str]:
        """The file names that a search by facts finds."""
        asked = msgspec.convert(body, MetadataSearchBody)
        found = await self.search.by_facts(actor, asked.wanted, ALL, order=asked.sorted)
        assert found.total == len(found.assets)
        return [one.original_file_name for one in found.assets]

    async def said(self, actor: Member, query: str) -> list[str]:
        """The file names that a search by words finds."""
        found = await self.search.by_words(actor, query, MetadataSearchBody().wanted, ALL)
        return [one.original_file_name for one in found.assets]

    async def shares_timeline(self, owner: Member, viewer: Member, *, in_timeline: bool = True) -> None:
        share_id = new_uuid()
        grant = {
            "share_id": share_id,
            "origin": "partner",
            "owner_id": owner.user_id,
            "created_by": owner.user_id,
            "target_type": "user_library",
            "target_id": owner.user_id,
            "recipient_type": "user",
            "recipient_id": viewer.user_id,
            "permissions": 1 | 2 | 64 | 128,
            "created_at": 0,
            "updated_at": 0,
        }
        await self.house.insert("share", grant)
        state = {"share_id": share_id, "user_id": viewer.user_id, "in_timeline": int(in_timeline)}
        await self.house.insert("share_member_state", state)

    async def an_album(self, owner: Member, *photo_ids: str, name: str = "Album") -> str:
        album_id = new_uuid()
        times = {"created_at": 0, "updated_at": 0, "stamp": 0}
        await self.house.insert("album", {"album_id": album_id, "owner_id": owner.user_id, "name": name, **times})
        for photo_id in photo_ids:
            row = {"album_id": album_id, "photo_id": photo_id, "added_at": 0, "stamp": 0}
            await self.house.insert("album_photo", row)
        return album_id

    async def tag(self, owner: Member, photo_id: str, value: str) -> str:
        tag = {"tag_id": new_uuid(), "owner_id": owner.user_id, "value": value, "created_at": 0, "updated_at": 0}
        await self.house.insert("tag", tag)
        await self.house.insert("photo_tag", {"tag_id": tag["tag_id"], "photo_id": photo_id})
        return str(tag["tag_id"])


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_database(tmp_path) as db:
        yield Desk(db)


@pytest.fixture
async def ann(desk: Desk) -> Member:
    return await desk.house.a_member("ann")


PHOTOS: tuple[Mapping[str, Any], ...] = (
    {"original_name": "Rome.jpg", "city": "Rome", "country": "Italy", "make": "Canon", "rating": 5, "size_bytes": 9},
    {"original_name": "Møn.JPG", "description": "Café am Meer", "taken_at": NEW_YEAR + DAY, "size_bytes": 5},
    {"original_name": "film.mp4", "kind": "VIDEO", "taken_at": NEW_YEAR + 2 * DAY, "is_favorite": 1, "size_bytes": 7},
    {"original_name": "old.jpg", "visibility": "archive", "taken_at": NEW_YEAR - DAY, "checksum": b"a" * 20},
    {"original_name": "gone.jpg", "deleted_at": NEW_YEAR + DAY, "taken_at": NEW_YEAR - 2 * DAY},
    {"original_name": "part.mp4", "kind": "VIDEO", "visibility": "hidden"},
    {"original_name": "secret.jpg", "visibility": "locked"},
)
LISTED = ["film.mp4", "Møn.JPG", "Rome.jpg", "old.jpg"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, LISTED),
        ({"order": "asc"}, LISTED[::-1]),
        ({"withDeleted": True}, [*LISTED, "gone.jpg"]),
        ({"trashedAfter": "0001-01-01T00:00:00.000Z"}, ["gone.jpg"]),
        ({"visibility": "archive"}, ["old.jpg"]),
        ({"isArchived": False}, LISTED[:3]),
        ({"visibility": "hidden"}, ["part.mp4"]),
        ({"type": "VIDEO"}, ["film.mp4"]),
        ({"isFavorite": True}, ["film.mp4"]),
        ({"isFavorite": False, "type": "IMAGE"}, ["Møn.JPG", "Rome.jpg", "old.jpg"]),
        ({"city": "Rome"}, ["Rome.jpg"]),
        ({"city": "Rome", "country": "Italy", "make": "Canon"}, ["Rome.jpg"]),
        ({"city": "rome"}, []),
        ({"city": None}, ["film.mp4", "Møn.JPG", "old.jpg"]),
        ({"city": ""}, ["film.mp4", "Møn.JPG", "old.jpg"]),
        ({"rating": 5}, ["Rome.jpg"]),
        ({"rating": None}, ["film.mp4", "Møn.JPG", "old.jpg"]),
        ({"takenAfter": "2026-01-02", "takenBefore": "2026-01-02T00:00:00.000Z"}, ["Møn.JPG"]),
        ({"originalFileName": "MON"}, ["Møn.JPG"]),
        ({"originalFileName": ".jp"}, ["Møn.JPG", "Rome.jpg", "old.jpg"]),
        ({"description": "cafe"}, ["Møn.JPG"]),
        ({"ocr": "cafe"}, []),
        ({"checksum": "61" * 20}, ["old.jpg"]),
        ({"checksum": "YWFhYWFhYWFhYWFhYWFhYWFhYWE="}, ["old.jpg"]),
        ({"checksum": "nonsense"}, []),
        ({"libraryId": None}, LISTED),
        ({"libraryId": "0f3a1a52-9d3b-4b53-8f0e-6d8f1b2a9e77"}, []),
        ({"isMotion": True}, []),
        ({"isEncoded": False, "isOffline": False, "isNotInAlbum": True}, [*LISTED, "gone.jpg"]),
        ({"tagIds": None}, LISTED),
        ({"orderBy": {"field": "fileSizeInBytes", "direction": "desc"}, "takenAfter": "2026-01-01"}, None),
        ({"orderBy": {"field": "rating"}, "takenAfter": "2026-01-01"}, ["Rome.jpg", "film.mp4", "Møn.JPG"]),
        ({"filter": {"city": {"in": ["Rome", "Oslo"]}}}, ["Rome.jpg"]),
        ({"filter": {"rating": {"gte": 4}, "type": {"ne": "VIDEO"}}}, ["Rome.jpg"]),
        ({"filter": {"or": [{"city": {"eq": "Rome"}}, {"isFavorite": {"eq": True}}]}}, ["film.mp4", "Rome.jpg"]),
        ({"filter": {"originalFileName": {"startsWith": "M"}}}, ["Møn.JPG"]),
        ({"filter": {"tagIds": {"any": ["x"]}}}, []),
        ({"filter": {"takenAt": {"lt": "2026-01-01"}}}, ["old.jpg"]),
    ],
)
async def test_photos_are_found_by_facts(
    desk: Desk, ann: Member, body: Mapping[str, Any], names: list[str] | None
) -> None:
    for facts in PHOTOS:
        await a_photo(desk.db, ann.user_id, **facts)

    found = await desk.named(ann, body)

    assert found == (["Rome.jpg", "film.mp4", "Møn.JPG"] if names is None else names)


@pytest.mark.parametrize(
    "document",
    [
        {"weather": {"eq": "sunny"}},
        {"city": "Rome"},
        {"city": {"resembles": "Rome"}},
        {"rating": {"eq": "5"}},
        {"rating": {"gt": True}},
        {"takenAt": {"gt": "soon"}},
        {"tagIds": {"any": "x"}},
        {"or": {}},
        {"or": [{"or": []}]},
        {"isFavorite": {"gt": True}},
    ],
)
def test_filter_that_makes_no_sense_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as refused:
        _ = MetadataSearchBody(filter=document).wanted

    assert refused.value.details[0]["field"].startswith("filter.")  # type: ignore[attr-defined]


async def test_what_is_locked_is_searched_only_while_the_pin_opens_it(desk: Desk, ann: Member) -> None:
    await a_photo(desk.db, ann.user_id, visibility="locked", original_name="secret.jpg")

    with pytest.raises(Unauthorized):
        await desk.named(ann, {"visibility": "locked"})

    ann = msgspec.structs.replace(ann, elevated_until_at=desk.clock.now_ms() + 1000)
    assert await desk.named(ann, {"visibility": "locked"}) == ["secret.jpg"]
    assert await desk.named(ann, {}) == []


async def test_pages_hold_each_photo_once(desk: Desk, ann: Member) -> None:
    for _ in range(7):
        await a_photo(desk.db, ann.user_id)
    wanted = MetadataSearchBody().wanted

    pages = [await desk.search.by_facts(ann, wanted, Slice(3, offset)) for offset in (0, 3, 6)]

    assert [page.behind for page in pages] == [3, 6, None]
    assert [page.total for page in pages] == [7, 7, 7]
    assert len({one.id for page in pages for one in page.assets}) == 7


async def test_partner_shows_his_timeline_and_nothing_else(desk: Desk, ann: Member) -> None:
    bob = await desk.house.a_member("bob")
    for facts in PHOTOS:
        await a_photo(desk.db, bob.user_id, **facts)
    tag_id = await desk.tag(bob, await a_photo(desk.db, bob.user_id, original_name="tagged.jpg"), "Trip")
    assert await desk.named(ann, {}) == []

    await desk.shares_timeline(bob, ann)

    assert set(await desk.named(ann, {})) == {"film.mp4", "Møn.JPG", "Rome.jpg", "tagged.jpg"}
    for body in ({"isFavorite": True}, {"isFavorite": False}, {"tagIds": [tag_id]}, {"visibility": "archive"}):
        assert await desk.named(ann, body) == []
    assert await desk.named(ann, {"trashedAfter": "2000-01-01"}) == []
    assert await desk.named(ann, {"filter": {"isFavorite": {"eq": False}}}) == []
    assert await desk.said(ann, "rome") == ["Rome.jpg"]
    assert await desk.said(ann, "trip") == []
    assert await desk.said(bob, "trip") == ["tagged.jpg"]


async def test_album_is_searched_by_whoever_may_look_into_it(desk: Desk, ann: Member) -> None:
    bob = await desk.house.a_member("bob")
    photo_id = await a_photo(desk.db, bob.user_id, original_name="ours.jpg", visibility="archive")
    locked = await a_photo(desk.db, bob.user_id, visibility="locked")
    album_id = await desk.an_album(bob, photo_id, locked)

    assert await desk.named(bob, {"albumIds": [album_id]}) == ["ours.jpg"]
    with pytest.raises(NotFound):
        await desk.named(ann, {"albumIds": [album_id]})


async def test_tag_stands_for_those_below_it(desk: Desk, ann: Member) -> None:
    top = await desk.tag(ann, await a_photo(desk.db, ann.user_id, original_name="a.jpg"), "Places")
    below = await desk.tag(ann, await a_photo(desk.db, ann.user_id, original_name="b.jpg"), "Places/Rome")
    await desk.tag(ann, await a_photo(desk.db, ann.user_id, original_name="c.jpg"), "PlacesElse")

    assert set(await desk.named(ann, {"tagIds": [top]})) == {"a.jpg", "b.jpg"}
    assert await desk.named(ann, {"tagIds": [below]}) == ["b.jpg"]
    assert await desk.named(ann, {"tagIds": [top, below]}) == ["b.jpg"]


async def test_photos_are_found_by_what_is_said_of_them(desk: Desk, ann: Member) -> None:
    await a_photo(
        desk.db,
        ann.user_id,
        original_name="a.jpg",
        description="Sunset at the beach",
        city="Zürich",
        make="Canon",
        taken_at=1_721_000_000_000,
        local_taken_at=1_721_000_000_000,
    )
    tagged = await a_photo(desk.db, ann.user_id, original_name="b.mp4", kind="VIDEO")
    await desk.tag(ann, tagged, "Family/Dogs")
    await desk.an_album(ann, tagged, name="Grandma's birthday")

    for query in ("beach sunset", "BEACHES", "zurich", "canon july", "summer 2024", "a.jpg", "photos of the beach"):
        assert await desk.said(ann, query) == ["a.jpg"], query
    for query in ("dog", "dogs", "family", "grandma", "videos", "birthday video", "january"):
        assert await desk.said(ann, query) == ["b.mp4"], query
    for query in ("submarine", "the of", "!!!"):
        assert await desk.said(ann, query) == [], query
    # Where none has all the words, those with some are found.
    assert await desk.said(ann, "beach submarine") == ["a.jpg"]


async def test_index_follows_whatever_changes(desk: Desk, ann: Member) -> None:
    photo_id = await a_photo(desk.db, ann.user_id, original_name="a.jpg", description="old words")
    assert await desk.said(ann, "old") == ["a.jpg"]

    async with desk.db.write() as tx:
        await tx.run("UPDATE photo_exif SET description = 'new words' WHERE photo_id = :id", {"id": photo_id})
    assert (await desk.said(ann, "new"), await desk.said(ann, "old")) == (["a.jpg"], [])

    async with desk.db.write() as tx:
        await tx.run("DELETE FROM photo WHERE photo_id = :id", {"id": photo_id})
    assert await desk.said(ann, "new") == []
    assert await desk.db.read("SELECT photo_id FROM photo_unindexed") == []


async def test_photos_that_look_alike_are_found(desk: Desk, ann: Member) -> None:
    like = bytes.fromhex("d507120d1e0d8788688787777888")
    first = await a_photo(desk.db, ann.user_id, thumbhash=like)
    await a_photo(desk.db, ann.user_id, thumbhash=like[:-1] + b"\x77", original_name="near.jpg")
    await a_photo(desk.db, ann.user_id, thumbhash=bytes(14), original_name="far.jpg")
    await a_photo(desk.db, ann.user_id, original_name="unknown.jpg")

    found = await desk.search.alike(ann, first, MetadataSearchBody().wanted, ALL)

    assert [one.original_file_name for one in found.assets] == ["near.jpg"]


async def test_suggestions_are_what_is_said_of_photos_in_sight(desk: Desk, ann: Member) -> None:
    bob = await desk.house.a_member("bob")
    for city, country in (("Oslo", "Norway"), ("Århus", "Denmark"), ("rome", "Italy"), (None, None)):
        await a_photo(desk.db, ann.user_id, city=city, country=country)
    await a_photo(desk.db, bob.user_id, city="Berlin")
    await a_photo(desk.db, ann.user_id, city="Gone", deleted_at=1)
    nothing = MetadataSearchBody().wanted

    async def values(*kinds: str, wanted: Any = nothing, query: str | None = None, has_null: bool = False) -> list[Any]:
        return await desk.search.values(ann, kinds, wanted, query=query, has_null=has_null)

    assert await values("city") == ["Århus", "Oslo", "rome"]
    assert await values("city", has_null=True) == ["Århus", "Oslo", "rome", None]
    assert await values("city", wanted=MetadataSearchBody(country="Norway").wanted) == ["Oslo"]
    assert await values("city", "country", query="AR") == ["Århus", "Denmark"]
    assert await values("camera-make") == []


async def test_cities_come_with_their_newest_photo(desk: Desk, ann: Member) -> None:
    for number in range(3):
        await a_photo(desk.db, ann.user_id, city="Rome", taken_at=NEW_YEAR + number, original_name=f"{number}.jpg")
    await a_photo(desk.db, ann.user_id, city="Oslo")

    assert [(city, one.original_file_name) for city, one in await desk.search.cities(ann, at_least=2)] == [
        ("Rome", "2.jpg")
    ]
    assert [city for city, _ in await desk.search.cities(ann)] == ["Rome", "Oslo"]


async def test_some_are_picked_others_every_time(desk: Desk, ann: Member) -> None:
    for _ in range(5):
        await a_photo(desk.db, ann.user_id)
    wanted = MetadataSearchBody().wanted

    picked = await desk.search.some(ann, wanted, 3, order=Order("random"))

    assert len({one.id for one in picked}) == 3


TODAY = dt.date(2026, 8, 2)


@pytest.mark.parametrize(
    ("text", "words", "since", "until"),
    [
        ("Beach sunset", ("beach", "sunset"), None, None),
        ("last summer", (), "2025-06-01", "2025-09-01"),
        ("this summer dogs", ("dogs",), "2026-06-01", "2026-09-01"),
        ("last spring", (), "2026-03-01", "2026-06-01"),
        ("last winter", (), "2025-12-01", "2026-03-01"),
        ("last year", (), "2025-01-01", "2026-01-01"),
        ("last month", (), "2026-07-01", "2026-08-01"),
        ("this week", (), "2026-07-27", "2026-08-03"),
        ("yesterday", (), "2026-08-01", "2026-08-02"),
        ("New Year's Eve", ("newyear",), None, None),
        ("xmas movies", ("christmas", "video"), None, None),
    ],
)
def test_query_is_read_as_people_mean_it(
    text: str, words: tuple[str, ...], since: str | None, until: str | None
) -> None:
    asked = read_query(text, TODAY)

    def ms(day: str | None) -> int | None:
        return None if day is None else int(dt.datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp() * 1000)

    assert (asked.words, asked.local_from, asked.local_until) == (words, ms(since), ms(until))


def test_dates_have_words() -> None:
    assert date_words(1_735_084_800_000) == "2024 december winter wednesday christmas"


@pytest.mark.parametrize(
    ("light", "yellow_blue", "red_green", "word"),
    [(0, 31, 31, "black"), (63, 31, 31, "white"), (31, 31, 31, "gray"), (20, 10, 31, "blue"), (20, 40, 55, "red")],
)
def test_picture_has_the_colour_that_most_of_it_has(light: int, yellow_blue: int, red_green: int, word: str) -> None:
    header = light | yellow_blue << 6 | red_green << 12

    assert colour_word(header.to_bytes(3, "little") + bytes(9)) == word
