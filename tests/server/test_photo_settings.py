"""What administrators set in the photo API's document, and what follows from it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.problems import BadRequest
from homemedia.photos.template import Placed, read_template
from homemedia.server.photo.document import check
from tests.flows.test_scanned_photos import a_picture, shown
from tests.photos.test_settle import a_jpeg, picture, upload
from tests.support.app import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as running:
        await running.claim()
        yield running


async def put(house: House, **sections: Any) -> Any:
    return await house.send("PUT", "/api/system-config", sections)


async def a_member(house: House, name: str = "Ben") -> str:
    body = {"email": f"{name.lower()}@example.org", "password": "a fine password", "name": name}
    return str((await house.send("POST", "/api/admin/users", body, 201))["id"])


async def test_members_see_each_other_only_where_that_is_wanted(house: House) -> None:
    await a_member(house)
    await a_member(house, "Cleo")
    admins, ben = house.client, house.stranger()
    house.client = ben
    await house.send("POST", "/api/auth/login", {"username": "ben", "password": "a fine password"})
    assert len(await house.get("/api/users")) == 3

    house.client = admins
    await put(house, server={"publicUsers": False})
    house.client = ben
    assert [one["name"] for one in await house.get("/api/users")] == ["Ben"]
    assert (await house.get("/api/server/config"))["publicUsers"] is False
    house.client = admins
    assert len(await house.get("/api/users")) == 3


async def test_what_a_removed_member_had_waits_as_long_as_is_set(house: House) -> None:
    ben = await a_member(house)
    await put(house, user={"deleteDelay": 30})

    await house.send("DELETE", f"/api/admin/users/{ben}", {})

    (row,) = await house.server.db.read(
        "SELECT purge_at - removed_at AS wait FROM user WHERE user_id = :ben", {"ben": ben}
    )
    assert row["wait"] == 30 * 86_400_000
    assert (await house.get("/api/server/config"))["userDeleteDelay"] == 30


async def test_a_members_own_library_goes_with_him_and_its_files_stay(house: House) -> None:
    ben = await a_member(house)
    folder = house.media / "Ben"
    kept = a_picture(folder / "cat.jpg")
    library = await house.add_library("Ben's", "photo", folder, options={"ownerId": ben})
    assert await house.server.db.read("SELECT 1 FROM photo WHERE owner_id = :ben", {"ben": ben})

    await house.send("DELETE", f"/api/admin/users/{ben}", {"force": True})
    await house.idle()

    assert not await house.server.db.read("SELECT 1 FROM photo")
    assert library["id"] not in {one["id"] for one in (await house.get("/api/libraries"))["libraries"]}
    assert not await house.server.db.read("SELECT 1 FROM library WHERE owner_id = :ben", {"ben": ben})
    assert kept.exists()
    # Whoever wants them makes a library of his own.
    await house.add_library("Mine", "photo", folder)
    assert sorted(await shown(house)) == ["cat.jpg"]


async def test_pictures_are_made_as_is_set(house: House) -> None:
    preview = {"format": "webp", "size": 900, "quality": 30}
    await put(house, image={"thumbnail": {"format": "jpeg", "size": 120}, "preview": preview})

    photo_id = await upload(house, a_jpeg((3000, 2000)))
    await house.idle()

    small, large = await picture(house, photo_id), await picture(house, photo_id, "preview")
    assert (small.format, small.size) == ("JPEG", (180, 120))
    assert (large.format, large.size) == ("WEBP", (1350, 900))
    config = (await house.get("/api/config"))["image"]
    assert (config["thumbnail"]["size"], config["preview"]["size"]) == (120, 900)


async def test_our_address_is_the_one_that_is_set(house: House) -> None:
    await put(house, server={"externalDomain": "https://photos.example.org/"})

    assert (await house.get("/api/server/config"))["externalDomain"] == "https://photos.example.org/"
    told = str(await house.send("POST", "/api/invites", {}, 201))
    assert "https://photos.example.org/join/" in told


async def test_places_have_no_names_where_none_are_wanted(house: House) -> None:
    await put(house, reverseGeocoding={"enabled": False})

    assert await house.get("/api/map/reverse-geocode?lat=48.85&lon=2.35") == []
    assert (await house.get("/api/server/features"))["reverseGeocoding"] is False


async def test_without_a_trash_photos_are_gone_at_once(house: House) -> None:
    await put(house, trash={"enabled": False})
    photo_id = await upload(house, a_jpeg())
    await house.idle()

    async with house.client.delete("/api/assets", json={"ids": [photo_id]}) as answer:
        assert answer.status == 204
    await house.idle()

    assert not await house.server.db.read("SELECT 1 FROM photo")


@pytest.mark.parametrize(
    "document",
    [
        {"image": {"preview": {"quality": 0}}},
        {"image": {"preview": {"format": "bmp"}}},
        {"image": {"thumbnail": {"size": "large"}}},
        {"image": {"colorspace": "cmyk"}},
        {"server": {"externalDomain": "photos.example.org"}},
        {"server": {"externalDomain": "https://user:secret@photos.example.org"}},
        {"server": {"externalDomain": "https://photos.example.org/below"}},
        {"server": {"publicUsers": "yes"}},
        {"user": {"deleteDelay": 0}},
        {"trash": {"days": -1}},
        {"ffmpeg": {"crf": 99}},
        {"ffmpeg": {"targetVideoCodec": "divx"}},
        {"backup": {"database": {"cronExpression": "* * * * *"}}},
        {"backup": {"database": {"keepLastAmount": 0}}},
        {"storageTemplate": {"template": "{{y}}"}},
        {"storageTemplate": {"template": "{{nonsense}}/{{filename}}"}},
        {"storageTemplate": {"template": "{{#if album}}{{filename}}"}},
        {"storageTemplate": {"template": "{{filename}}{{/if}}"}},
        {"newVersionCheck": {"channel": "nightly"}},
    ],
    ids=str,
)
def test_settings_that_cannot_be_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        check(document)


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ("{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}", ("2024/2024-03-09", "IMG_1.jpg")),
        ("{{filename}}", ("", "IMG_1.jpg")),
        ("../../{{assetIdShort}}", ("", "0000000000ab.jpg")),
        ("{{yy}}{{M}}{{d}}/{{MMMM}}/{{HH}}{{h}}{{mm}}{{ss}}{{SSS}}{{filename}}", ("2439/March", "1644007000IMG_1.jpg")),
        ("{{#if album}}{{album}}{{else}}loose/{{filetype}}{{/if}}/{{filename}}", ("Sun_Sea", "IMG_1.jpg")),
        ("{{#if model}}{{model}}{{else}}unknown{{/if}}/{{ filename }}", ("unknown", "IMG_1.jpg")),
        ("{{WW}}///{{filename}}.{{ext}}", ("10", "IMG_1.jpg.jpg")),
    ],
)  # fmt: skip
def test_templates_say_where_files_lie(template: str, place: tuple[str, str]) -> None:
    photo = Placed(
        photo_id="00000000-0000-4000-8000-0000000000ab",
        owner_id="x",
        name="IMG_1.jpg",
        kind="IMAGE",
        local_taken_at=1_710_002_407_000,
        album="Sun/Sea",
    )
    assert read_template(template).place(photo) == place
