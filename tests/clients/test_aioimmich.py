"""aioimmich, by which a home-automation program reads photos, against the whole server (photos §12.4)."""

import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession
from aioimmich import Immich
from PIL import Image

from tests.clients.conftest import a_picture
from tests.support.app import House
from tests.support.uploads import uploaded


@pytest.fixture
async def immich(house: House, key: str) -> AsyncIterator[Immich]:
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        address = urlsplit(house.url)
        immich = Immich(session, key, str(address.hostname), address.port or 0, use_ssl=False)
        await immich.async_setup()
        yield immich


async def test_it_reads_the_server(immich: Immich) -> None:
    about = await immich.server.async_get_about_info()
    storage = await immich.server.async_get_storage_info()
    statistics = await immich.server.async_get_server_statistics()
    check = await immich.server.async_get_version_check()

    assert about.version == "v3.2.2"
    assert storage.disk_size_raw > 0
    assert statistics.photos == 0
    assert check.release_version is None or check.release_version
    me = await immich.users.async_get_my_user()
    assert (me.name, me.is_admin) == ("admin", True)


async def test_it_reads_albums_people_tags_and_pictures(house: House, immich: Immich, tmp_path: Path) -> None:
    photos = [await uploaded(house.client, a_picture(number), f"{number}.jpg") for number in range(3)]
    await house.idle()
    album = await house.send("POST", "/api/albums", {"albumName": "Trip", "assetIds": photos[:2]}, 201)
    person = await house.send("POST", "/api/people", {"name": "Ann"}, 201)
    box = {"imageWidth": 100, "imageHeight": 100, "x": 1, "y": 1, "width": 9, "height": 9}
    async with house.client.post("/api/faces", json={"assetId": photos[0], "personId": person["id"], **box}) as answer:
        assert answer.status == 201
    tag = (await house.send("PUT", "/api/tags", {"tags": ["Sea"]}))[0]
    await house.send("PUT", f"/api/tags/{tag['id']}/assets", {"ids": photos[:1]})

    albums = await immich.albums.async_get_all_albums()
    assert [(one.album_id, one.album_name, one.asset_count) for one in albums] == [(album["id"], "Trip", 2)]
    assert [one.name for one in await immich.people.async_get_all_people()] == ["Ann"]
    assert await immich.people.async_get_person_thumbnail(person["id"])
    assert [one.name for one in await immich.tags.async_get_all_tags()] == ["Sea"]
    assert {one.asset_id for one in await immich.search.async_get_all()} == set(photos)
    by_person = await immich.search.async_get_all_by_person_ids([person["id"]])
    by_tag = await immich.search.async_get_all_by_tag_ids([tag["id"]])
    by_album = await immich.search.async_get_all_by_album_ids([album["id"]])
    assert {one.asset_id for one in by_person} == {one.asset_id for one in by_tag} == {photos[0]}
    assert {one.asset_id for one in by_album} == set(photos[:2])
    assert await immich.search.async_get_all_favorites() == []
    assert [one.name for one in await immich.search.async_search_persons("an")] == ["Ann"]
    assert await immich.search.async_smart_search("nothing is called so") == []
    small = await immich.assets.async_view_asset(photos[0], "thumbnail")
    assert Image.open(io.BytesIO(small)).format == "WEBP"

    new = tmp_path / "new.jpg"
    new.write_bytes(a_picture(99))
    made = await immich.assets.async_upload_asset(str(new))
    assert made.status == "created"
    assert len(await immich.search.async_get_all()) == 4
