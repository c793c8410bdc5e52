"""The stream that keeps apps up to date: what comes in which order, once, and to whom (photos §9.14)."""

import uuid
from typing import Any

import pytest

from homemedia.accounts.models import Device
from homemedia.accounts.photo_account.preferences import PhotoPreferenceService
from homemedia.accounts.photo_account.store import accounts
from homemedia.core.ids import new_uuid, uuid7_of
from homemedia.photos.sync import stream
from homemedia.photos.sync.cursor import cursor_of, end_of, update_id
from homemedia.photos.sync.kinds import Request
from homemedia.photos.sync.plan import PLAN
from homemedia.photos.sync.routes import SyncRoutes
from homemedia.photos.sync.service import Sync
from tests.photos.gallery import Gallery
from tests.support.phone import TYPES, Phone

DAY_MS = 24 * 3600 * 1000


@pytest.fixture
async def house(unopened: Gallery) -> Gallery:
    porch = unopened.porch
    porch.more_owners.append(
        SyncRoutes(Sync(unopened.db, PhotoPreferenceService(unopened.db, porch.preferences), unopened.clock))
    )
    await unopened.open()
    return unopened


async def phone(house: Gallery, who: str, types: tuple[str, ...] = TYPES) -> Phone:
    """An app of somebody's, with a session of its own."""
    member = (await accounts(house.db.read, user_id=house.ids[who]))[0].member
    async with house.db.write() as tx:
        signed_in = await house.porch.sessions.open(tx, member, way="test", device=Device())
    return Phone(house.porch.device(), types, token=signed_in.token)


async def ask(app: Phone, method: str, path: str, body: Any = None, *, status: int = 204) -> Any:
    async with app.client.request(method, f"/api/sync/{path}", json=body, headers=app.headers) as answer:
        assert answer.status == status, await answer.text()
        return None if status == 204 else await answer.json()


async def refused(app: Phone, path: str, body: Any) -> str:
    return str((await ask(app, "POST", path, body, status=400))["message"])


def test_names_of_rows_stand_in_the_order_of_stamps_and_ids() -> None:
    ids = sorted(new_uuid() for _ in range(50))
    names = [update_id(stamp, one) for stamp in (5, 6, 1 << 40) for one in ids]

    assert names == sorted(names)
    assert len(set(names)) == len(names)
    assert {uuid.UUID(one).version for one in names} == {7}
    for stamp in (5, 6):
        assert names[50 * (stamp - 5)] < end_of(stamp).text
        assert uuid7_of(stamp) <= names[50 * (stamp - 5)]


def test_who_has_a_row_s_state_has_all_up_to_it() -> None:
    ids = sorted(new_uuid() for _ in range(50))
    cursor = cursor_of(update_id(7, ids[20]))

    assert cursor is not None
    assert cursor.stamp == 7
    assert [one for one in ids if one > cursor.key] == ids[21:]
    assert cursor_of("nonsense") is None
    assert cursor_of(new_uuid()) is None


def test_every_request_is_served() -> None:
    assert list(PLAN) == list(Request)


async def test_new_app_gets_everything_parents_first_and_then_nothing_more(house: Gallery) -> None:
    first, second = await house.photo("ann", city="Rome"), await house.photo("ann")
    album = await house.album("ann", first, second, ed="editor")
    app = await phone(house, "ann")

    kinds = await app.sync()

    order = list(dict.fromkeys(kinds))
    assert order.index("UserV1") < order.index("AssetV2") < order.index("AlbumV2") < order.index("AlbumToAssetV1")
    assert app.ids("users") == set(house.ids.values()) | app.ids("me")
    assert app.ids("me") == {house.ids["ann"]}
    assert app.ids("assets") == {first, second}
    assert app.row("exifs", first)["city"] == "Rome"
    roles = {(row["userId"], row["role"]) for row in app.tables["album_users"].values()}
    assert roles == {(house.ids["ann"], "owner"), (house.ids["ed"], "editor")}
    assert set(app.tables["album_assets"]) == {(album, first), (album, second)}
    assert {row["key"] for row in app.tables["settings"].values()} == {"preferences", "onboarding"}

    assert await app.sync() == []


async def test_last_line_is_newer_than_all_others(house: Gallery) -> None:
    await house.photos("ann", 3)
    app = await phone(house, "ann")

    lines = await app.ask()

    ids = [line["ack"].split("|")[1] for line in lines]
    assert lines[-1] == {"type": "SyncCompleteV1", "data": {}, "ack": f"SyncCompleteV1|{max(ids)}"}
    assert all(uuid.UUID(one).version == 7 for one in ids)


async def test_what_was_not_acknowledged_comes_again(house: Gallery) -> None:
    photos = await house.photos("ann", 4)
    app = await phone(house, "ann", ("AssetsV2",))
    lines = await app.ask()
    await app.acknowledge(lines[:2])

    again = await app.ask()

    assert [line["data"]["id"] for line in lines[:-1]] == photos
    assert [line["data"]["id"] for line in again[:-1]] == photos[2:]


async def test_pages_lose_and_repeat_nothing(house: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PAGE", 3)
    photos = await house.photos("ann", 10)
    # All of one moment, as one statement may leave them.
    async with house.db.write() as tx:
        await tx.run("UPDATE photo SET stamp = 77")
        await tx.run("UPDATE photo_exif SET stamp = 77")
        for key in "abc":
            await tx.run(
                "INSERT INTO photo_metadata (photo_id, key, value, updated_at, stamp) VALUES (:id, :key, '{}', 1, 77)",
                {"id": photos[0], "key": key},
            )
    app = await phone(house, "ann")

    lines = await app.ask()

    told = [line["data"]["id"] for line in lines if line["type"] == "AssetV2"]
    assert told == sorted(photos)
    assert [line["data"]["assetId"] for line in lines if line["type"] == "AssetExifV1"] == sorted(photos)
    assert [line["data"]["key"] for line in lines if line["type"] == "AssetMetadataV1"] == ["a", "b", "c"]


async def test_changes_and_deletions_come_once(house: Gallery) -> None:
    keep, drop = await house.photo("ann"), await house.photo("ann")
    album = await house.album("ann", keep, drop)
    app = await phone(house, "ann")
    await app.sync()

    await house.done("ann", "PATCH", f"/albums/{album}", {"albumName": "Rome"})
    async with house.db.write() as tx:
        await tx.run("DELETE FROM photo WHERE photo_id = :id", {"id": drop})
    kinds = await app.sync()

    assert {"AssetDeleteV1", "AlbumV2"} <= set(kinds)
    assert app.row("albums", album)["name"] == "Rome"
    assert app.ids("assets") == {keep}
    assert set(app.tables["album_assets"]) == {(album, keep)}
    assert await app.sync() == []


async def test_album_given_later_comes_whole(house: Gallery) -> None:
    """Its rows are older than what the app has, so they come as such that it was given late."""
    photo = await house.photo("ann", city="Rome")
    album = await house.album("ann", photo, ed="editor")
    first = await house.album("ann", photo, vic="viewer")
    app = await phone(house, "vic")
    await app.sync()
    assert app.ids("albums") == {first}

    await house.done("ann", "PUT", f"/albums/{album}/users", {"albumUsers": [{"userId": house.ids["vic"]}]})
    kinds = await app.sync()

    assert {"AlbumAssetBackfillV2", "AlbumToAssetBackfillV1", "AlbumUserBackfillV1", "SyncAckV1"} <= set(kinds)
    assert app.ids("albums") == {first, album}
    assert (album, photo) in app.tables["album_assets"]
    assert app.row("exifs", photo)["city"] == "Rome"
    assert app.row("album_users", album, house.ids["ann"])["role"] == "owner"
    assert app.row("album_users", album, house.ids["ed"])["role"] == "editor"
    assert await app.sync() == []


async def test_album_of_another_is_gone_with_the_right(house: Gallery) -> None:
    album = await house.album("ann", await house.photo("ann"), vic="viewer")
    owner, guest = await phone(house, "ann"), await phone(house, "vic")
    await owner.sync()
    await guest.sync()
    assert guest.ids("albums") == {album}

    await house.done("ann", "DELETE", f"/albums/{album}/user/{house.ids['vic']}", status=204)
    await owner.sync()
    kinds = await guest.sync()

    assert "AlbumDeleteV1" in kinds
    assert (guest.ids("albums"), guest.tables["album_users"], guest.tables["album_assets"]) == (set(), {}, {})
    assert {key[1] for key in owner.tables["album_users"]} == {house.ids["ann"]}
    assert await guest.sync() == []


async def test_deleted_album_is_gone_for_all_its_members(house: Gallery) -> None:
    album = await house.album("ann", await house.photo("ann"), vic="viewer", ed="editor")
    apps = [await phone(house, who) for who in ("ann", "vic", "ed")]
    for app in apps:
        await app.sync()
        assert app.ids("albums") == {album}

    await house.done("ann", "DELETE", f"/albums/{album}", status=204)

    for app in apps:
        await app.sync()
        assert app.ids("albums") == set()
        assert app.tables["album_assets"] == {}


async def test_changed_role_and_photo_taken_out_arrive(house: Gallery) -> None:
    stays, goes = await house.photo("ann"), await house.photo("ann")
    album = await house.album("ann", stays, goes, vic="viewer")
    app = await phone(house, "vic")
    await app.sync()

    await house.done("ann", "PUT", f"/albums/{album}/user/{house.ids['vic']}", {"role": "editor"}, status=204)
    await house.done("ann", "DELETE", f"/albums/{album}/assets", {"ids": [goes]})
    await app.sync()

    assert app.row("album_users", album, house.ids["vic"])["role"] == "editor"
    assert set(app.tables["album_assets"]) == {(album, stays)}


async def test_changed_photo_of_an_album_reaches_its_members(house: Gallery) -> None:
    photo = await house.photo("ann")
    await house.album("ann", photo, vic="viewer")
    app = await phone(house, "vic")
    await app.sync()

    async with house.db.write() as tx:
        args = {"id": photo, "stamp": await tx.stamp()}
        await tx.run("UPDATE photo SET original_name = 'new.jpg', is_favorite = 1, stamp = :stamp", args)
        await tx.run("UPDATE photo_exif SET city = 'Oslo', stamp = :stamp", args)
    kinds = await app.sync()

    assert kinds == ["AlbumAssetUpdateV2", "AlbumAssetExifUpdateV1"]
    assert app.row("assets", photo)["originalFileName"] == "new.jpg"
    assert app.row("assets", photo)["isFavorite"] is False
    assert app.row("exifs", photo)["city"] == "Oslo"


async def begun_anew(app: Phone) -> Phone:
    """An app that was told to forget all it knows, and is up to date again."""
    lines = await app.ask()
    assert [line["type"] for line in lines] == ["SyncResetV1"]
    await app.acknowledge(lines)
    fresh = Phone(app.client, app.types, token=app.token)
    await fresh.sync()
    return fresh


async def test_of_an_album_shown_without_its_facts_none_are_sent(house: Gallery) -> None:
    photo = await house.photo("ann", city="Rome")
    app = await phone(house, "vic")
    await app.sync()
    await house.album("ann", photo, vic="viewer")
    await app.sync()
    assert app.row("assets", photo)["originalFileName"]

    async with house.db.write() as tx:
        await tx.run("UPDATE share SET permissions = permissions & ~128 WHERE target_type = 'collection'")
    app = await begun_anew(app)
    async with house.db.write() as tx:
        await tx.run("UPDATE photo_exif SET city = 'Oslo', stamp = :stamp", {"stamp": await tx.stamp()})
    await app.sync()

    assert app.row("assets", photo)["originalFileName"] == ""
    assert (photo,) not in app.tables["exifs"]


async def test_what_is_hidden_leaves_the_app_and_comes_back(house: Gallery) -> None:
    photo = await house.photo("ann")
    album = await house.album("ann", photo, vic="viewer")
    app = await phone(house, "vic")
    await app.sync()
    assert app.ids("albums") == {album}
    hide = """
        INSERT INTO share_member_state (share_id, user_id, hidden)
        SELECT share_id, recipient_id, :hidden FROM share WHERE target_type = 'collection'
        ON CONFLICT DO UPDATE SET hidden = excluded.hidden
    """

    async with house.db.write() as tx:
        await tx.run(hide, {"hidden": 1})
    app = await begun_anew(app)
    assert (app.ids("albums"), photo in app.ids("assets")) == (set(), False)

    async with house.db.write() as tx:
        await tx.run(hide, {"hidden": 0})
    app = await begun_anew(app)
    assert (app.ids("albums"), photo in app.ids("assets")) == ({album}, True)


async def test_partner_who_tells_no_facts_has_none_sent(house: Gallery) -> None:
    photo = await house.photo("ann", city="Rome")
    await house.partner("ann", "vic")
    async with house.db.write() as tx:
        await tx.run("UPDATE share SET permissions = permissions & ~128 WHERE target_type = 'user_library'")
    app = await phone(house, "vic")

    await app.sync()

    assert app.row("assets", photo)["originalFileName"] == ""
    assert (photo,) not in app.tables["exifs"]


async def test_partner_s_photos_come_and_go(house: Gallery) -> None:
    mine = await house.photo("pat")
    shown, hidden = await house.photo("ann", city="Rome"), await house.photo("ann", visibility="locked", city="Home")
    app = await phone(house, "pat")
    await app.sync()
    # An app that has partners' photos already gets a new partner's as such that it was given late.
    await house.photo("sam")
    await house.partner("sam", "pat")
    await app.sync()

    await house.partner("ann", "pat")
    kinds = await app.sync()

    assert {"PartnerAssetBackfillV2", "PartnerAssetExifBackfillV1"} <= set(kinds)
    assert app.ids("assets") >= {mine, shown, hidden}
    assert app.row("exifs", shown)["city"] == "Rome"
    assert (app.row("assets", hidden)["originalFileName"], app.row("assets", hidden)["thumbhash"]) == ("", None)
    assert (hidden,) not in app.tables["exifs"]
    assert app.row("partners", house.ids["ann"], house.ids["pat"])["inTimeline"] is False

    await house.done("pat", "PUT", f"/partners/{house.ids['ann']}", {"inTimeline": True})
    assert await app.sync() == ["PartnerV1"]
    assert app.row("partners", house.ids["ann"], house.ids["pat"])["inTimeline"] is True

    await house.done("ann", "DELETE", f"/partners/{house.ids['pat']}", status=204)
    assert await app.sync() == ["PartnerDeleteV1"]
    assert (house.ids["ann"], house.ids["pat"]) not in app.tables["partners"]


async def test_partner_s_photo_that_is_shown_at_last_comes_with_its_facts(house: Gallery) -> None:
    photo = await house.photo("ann", visibility="locked", city="Home")
    await house.partner("ann", "pat")
    app = await phone(house, "pat")
    await app.sync()
    assert app.tables["exifs"] == {}

    async with house.db.write() as tx:
        await tx.run("UPDATE photo SET visibility = 'timeline', stamp = :stamp", {"stamp": await tx.stamp()})
    await app.sync()

    assert app.row("assets", photo)["visibility"] == "timeline"
    assert app.row("exifs", photo)["city"] == "Home"


async def test_others_see_nothing_of_one_s_photos(house: Gallery) -> None:
    await house.album("ann", await house.photo("ann", city="Rome"), vic="viewer")
    app = await phone(house, "sam")

    await app.sync()

    empty = {"assets", "exifs", "albums", "album_users", "album_assets", "partners"}
    assert all(app.tables[name] == {} for name in empty)


async def test_changed_member_comes_again(house: Gallery) -> None:
    app = await phone(house, "ann")
    await app.sync()

    await house.done("ed", "PUT", "/users/me", {"name": "Edward"})
    assert await app.sync() == ["UserV1"]
    assert app.row("users", house.ids["ed"])["name"] == "Edward"

    await house.done("ann", "PUT", "/users/me/preferences", {"tags": {"enabled": True}})
    assert await app.sync() == ["UserMetadataV1"]
    assert app.row("settings", house.ids["ann"], "preferences")["value"]["tags"]["enabled"] is True


async def test_session_flagged_for_it_begins_anew(house: Gallery) -> None:
    photo = await house.photo("ann")
    app = await phone(house, "ann")
    await app.sync()
    async with house.db.write() as tx:
        await tx.run("UPDATE session SET needs_sync_reset = 1")

    lines = await app.ask()

    assert lines == [{"type": "SyncResetV1", "data": {}, "ack": "SyncResetV1|reset"}]
    assert await app.ask() == lines
    await app.acknowledge(lines)
    app = Phone(app.client, token=app.token)
    await app.sync()
    assert app.ids("assets") == {photo}


async def test_app_that_was_away_for_long_begins_anew(house: Gallery) -> None:
    app = await phone(house, "ann")
    await app.sync()
    house.clock.pass_ms(29 * DAY_MS)
    assert await app.sync() == []
    house.clock.pass_ms(31 * DAY_MS)

    assert [line["type"] for line in await app.ask()] == ["SyncResetV1"]


async def test_member_who_goes_makes_the_others_apps_begin_anew(house: Gallery) -> None:
    await house.album("ann", await house.photo("ann"), vic="viewer")
    app, other = await phone(house, "vic"), await phone(house, "sam")
    await app.sync()
    await other.sync()
    async with house.db.write() as tx:
        await tx.run("UPDATE user SET state = 'removed' WHERE user_id = :id", {"id": house.ids["ann"]})

    assert [line["type"] for line in await app.ask()] == ["SyncResetV1"]
    assert [line["type"] for line in await other.ask()] == ["UserV1", "SyncCompleteV1"]


async def test_app_may_ask_to_begin_anew(house: Gallery) -> None:
    photo = await house.photo("ann")
    app = await phone(house, "ann", ("AssetsV2",))
    await app.acknowledge(await app.ask())

    lines = await app.ask(reset=True)

    assert [line["data"].get("id") for line in lines] == [photo, None]


async def test_acknowledgements_can_be_read_and_dropped(house: Gallery) -> None:
    await house.photo("ann")
    app = await phone(house, "ann", ("AssetsV2", "UsersV1"))
    await app.acknowledge(await app.ask())

    acks = await ask(app, "GET", "ack", status=200)
    assert [one["type"] for one in acks] == ["AssetV2", "SyncCompleteV1", "UserV1"]
    assert all(one["ack"].startswith(f"{one['type']}|") for one in acks)

    await ask(app, "DELETE", "ack", {"types": ["AssetV2"]})
    assert [line["type"] for line in await app.ask()] == ["AssetV2", "SyncCompleteV1"]
    await ask(app, "DELETE", "ack")
    assert await ask(app, "GET", "ack", status=200) == []


async def test_each_session_has_its_own(house: Gallery) -> None:
    photo = await house.photo("ann")
    first, second = await phone(house, "ann"), await phone(house, "ann")
    await first.sync()
    await second.sync()

    assert first.ids("assets") == second.ids("assets") == {photo}


@pytest.mark.parametrize("kind", ["AssetsV1", "PartnerAssetsV1", "AlbumAssetsV1", "AssetFacesV1", "Nonsense"])
async def test_what_no_app_of_today_asks_for_is_refused(house: Gallery, kind: str) -> None:
    assert await refused(await phone(house, "ann"), "stream", {"types": [kind]})


async def test_wrong_acknowledgements_are_refused(house: Gallery) -> None:
    app = await phone(house, "ann")
    good = f"AssetV2|{uuid7_of(5)}"

    assert await refused(app, "ack", {"acks": ["X|1"]}) == "Invalid ack type: X"
    assert await refused(app, "ack", {"acks": [good, ""]}) == "Invalid ack type: "
    assert await refused(app, "ack", {"acks": ["AssetV2"]}) == "Invalid ack: AssetV2"
    assert await refused(app, "ack", {"acks": ["AssetV2|nope"]}) == "Invalid ack: AssetV2|nope"
    assert await refused(app, "ack", {"acks": [good] * 1001})
    assert await ask(app, "GET", "ack", status=200) == []


async def test_keys_have_no_database_to_keep_up_to_date(house: Gallery) -> None:
    made = await house.done("ann", "POST", "/api-keys", {"permissions": ["all"]}, status=201)
    headers = {"x-api-key": made["secret"]}
    stranger = house.porch.device()

    for method, path, body in (
        ("POST", "/api/sync/stream", {"types": []}),
        ("POST", "/api/sync/ack", {"acks": []}),
        ("GET", "/api/sync/ack", None),
        ("DELETE", "/api/sync/ack", None),
    ):
        async with stranger.request(method, path, json=body, headers=headers) as answer:
            assert answer.status == 403, path
            assert (await answer.json())["message"] == "Sync endpoints cannot be used with API keys"
