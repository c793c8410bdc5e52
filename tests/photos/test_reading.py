"""What an asset says of a photo, and to whom."""

from pathlib import Path

import msgspec

from homemedia.core.ids import new_uuid
from homemedia.photos import reading
from tests.support.builders import Builders, a_database
from tests.support.photos import NEW_YEAR, a_photo

FACTS = {
    "original_name": "Straße.HEIC",
    "taken_at": NEW_YEAR + 1,
    "local_taken_at": NEW_YEAR + 3_600_001,
    "thumbhash": b"\xd5\x07",
    "is_favorite": 1,
    "visibility": "archive",
    "device_asset_id": "7",
    "city": "Rome",
    "rating": 0,
    "checksum": bytes(20),
}


async def test_asset_has_the_contract_s_fields(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        ann = await Builders(db).a_member("ann")
        photo_id = await a_photo(db, ann.user_id, **FACTS)

        made = await reading.one_asset(db.read, photo_id, viewer_id=ann.user_id, shape=reading.FULL)

        shown = msgspec.json.decode(msgspec.json.encode(made))
        assert shown["owner"]["name"] == "Ann"
        assert shown["originalMimeType"] == "image/heic"
        assert shown["checksum"] == "AAAAAAAAAAAAAAAAAAAAAAAAAAA="
        assert shown["thumbhash"] == "1Qc="
        assert shown["fileCreatedAt"] == "2026-01-01T00:00:00.001Z"
        assert shown["localDateTime"] == "2026-01-01T01:00:00.001Z"
        assert (shown["isFavorite"], shown["isArchived"], shown["visibility"]) == (True, True, "archive")
        assert (shown["duration"], shown["stack"], shown["people"], shown["tags"]) == (None, None, [], [])
        assert shown["exifInfo"]["city"] == "Rome"
        assert shown["exifInfo"]["rating"] is None
        assert shown["exifInfo"]["description"] == ""
        assert not shown["originalPath"].startswith("/")


async def test_others_see_no_favourite_no_tag_and_no_device(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        ann, bob = await house.a_member("ann"), await house.a_member("bob")
        photo_id = await a_photo(db, ann.user_id, **FACTS)
        tag = {"tag_id": new_uuid(), "owner_id": ann.user_id, "value": "A/B", "created_at": 0, "updated_at": 0}
        await house.insert("tag", tag)
        await house.insert("photo_tag", {"tag_id": tag["tag_id"], "photo_id": photo_id})

        own = await reading.one_asset(db.read, photo_id, viewer_id=ann.user_id)
        shown = await reading.one_asset(db.read, photo_id, viewer_id=bob.user_id)

        assert own is not None
        assert shown is not None
        assert [tag.name for tag in own.tags] == ["B"]
        assert (shown.is_favorite, list(shown.tags), shown.device_asset_id) == (False, [], "")


async def test_assets_come_in_the_order_asked_for_and_those_unknown_are_left_out(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        ann = await Builders(db).a_member("ann")
        ids = [await a_photo(db, ann.user_id) for _ in range(3)]

        made = await reading.assets(db.read, [ids[2], new_uuid(), ids[0]], viewer_id=ann.user_id)

        assert [one.id for one in made] == [ids[2], ids[0]]
