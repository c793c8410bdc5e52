"""Profile pictures: one per member, whoever's route brought it, and nothing of what came with it."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient
from PIL import Image

from homemedia.accounts import PictureChanged
from tests.support.app import House, a_house

Client = TestClient[Any, Any]
PHOTO, CLIP = "/api/users/profile-image", "/api/profile/avatar"
FIELDS = {PHOTO: "file", CLIP: "avatar"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **how: Any) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, (180, 40, 40)).save(body, kind, **how)
    return body.getvalue()


def with_place() -> bytes:
    """A picture that tells where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera of Ann", 6
    exif.get_ifd(0x8825)[1] = "N"
    return a_picture(exif=exif)


def a_bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 2.5 thousand million pixels."""
    whole = bytearray(a_picture("PNG", (8, 8)))
    whole[16:24] = (50_000).to_bytes(4, "big") * 2
    import zlib  # noqa: PLC0415 - here alone

    whole[29:33] = zlib.crc32(whole[12:29]).to_bytes(4, "big")
    return bytes(whole)


def form(path: str, body: bytes | io.BytesIO, name: str = "me.jpg", content_type: str = "image/jpeg") -> FormData:
    made = FormData()
    made.add_field(FIELDS[path], body, filename=name, content_type=content_type)
    return made


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as made:
        await made.claim()
        yield made


@pytest.fixture
async def ben(house: House) -> tuple[Client, str]:
    body = {"username": "ben", "password": "1234"}
    user_id = (await house.send("POST", "/api/users", body, 201))["user"]["id"]
    device = house.stranger()
    assert (await device.post("/api/auth/login", json=body)).status == 200
    return device, user_id


async def send(client: Client, path: str, data: Any, status: int, **more: Any) -> Any:
    answer = await client.post(path, data=data, **more)
    found = await answer.json()
    assert answer.status == status, found
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("path", [PHOTO, CLIP])
async def test_picture_is_made_small_and_shown_by_both_families(
    house: House, ben: tuple[Client, str], path: str, kind: str
) -> None:
    client, user_id = ben

    answer = await send(client, path, form(path, a_picture(kind)), 201 if path == PHOTO else 200)

    named = answer["profileImagePath"] if path == PHOTO else answer["avatarPath"]
    assert named == f"{user_id}.jpg"
    for shown in (f"/api/users/{user_id}/profile-image", f"/api/profile/avatar/{user_id}.jpg"):
        got = await house.client.get(shown)
        assert got.status == 200
        assert got.content_type == "image/jpeg"
        picture = Image.open(io.BytesIO(await got.read()))
        assert picture.format == "JPEG"
        assert picture.size == (512, 341)
    listed = {one["username"]: one for one in await house.get("/api/users")}
    assert listed["ben"]["profileImagePath"] == f"{user_id}.jpg"
    assert listed["admin"]["profileImagePath"] == ""


async def test_nothing_travels_with_a_picture_and_it_stands_upright(ben: tuple[Client, str]) -> None:
    client, user_id = ben

    await send(client, CLIP, form(CLIP, with_place()), 200)

    body = await (await client.get(f"/api/profile/avatar/{user_id}.jpg")).read()
    assert b"Camera" not in body
    picture = Image.open(io.BytesIO(body))
    assert not picture.getexif()
    assert picture.size == (341, 512)


async def test_small_picture_is_not_made_larger(ben: tuple[Client, str]) -> None:
    client, user_id = ben

    await send(client, CLIP, form(CLIP, a_picture("PNG", (40, 30))), 200)

    body = await (await client.get(f"/api/users/{user_id}/profile-image")).read()
    assert Image.open(io.BytesIO(body)).size == (40, 30)


@pytest.mark.parametrize("kind", ["AVIF", "HEIF", "TIFF"])
async def test_pictures_of_phones_and_cameras_are_taken_by_photos_alone(ben: tuple[Client, str], kind: str) -> None:
    if kind == "HEIF":
        pillow_heif = pytest.importorskip("pillow_heif")
        body = io.BytesIO()
        pillow_heif.from_pillow(Image.new("RGB", (64, 48))).save(body)
        picture = body.getvalue()
    else:
        picture = a_picture(kind, (64, 48))
    client, _ = ben

    await send(client, PHOTO, form(PHOTO, picture), 201)
    refused = await send(client, CLIP, form(CLIP, picture), 400)

    assert refused["code"] == "unsupported_picture"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(a_picture("GIF"), "unsupported_picture", id="gif"),
        pytest.param(SVG, "unsupported_picture", id="svg"),
        pytest.param(b"no picture at all", "unsupported_picture", id="text"),
        pytest.param(a_picture()[:40], "image_unreadable", id="cut off"),
        pytest.param(a_bomb(), "image_too_large", id="decompression bomb"),
        pytest.param(b"", "no_file", id="empty"),
    ],
)
@pytest.mark.parametrize("path", [PHOTO, CLIP])
async def test_what_is_no_picture_is_refused(ben: tuple[Client, str], path: str, body: bytes, code: str) -> None:
    client, user_id = ben

    refused = await send(client, path, form(path, body, "me.png", "image/png"), 400)

    assert refused["code"] == code
    assert (await client.get(f"/api/users/{user_id}/profile-image")).status == 404


@pytest.mark.parametrize(
    ("path", "status", "code"), [(PHOTO, 413, "payload_too_large"), (CLIP, 400, "picture_too_large")]
)
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_file_that_is_too_large_is_refused(
    ben: tuple[Client, str], monkeypatch: pytest.MonkeyPatch, path: str, status: int, code: str, *, is_chunked: bool
) -> None:
    monkeypatch.setattr("homemedia.accounts.avatars.routes.PHOTO_BYTES", 5 << 20)
    client, _ = ben
    body = b"\xff\xd8\xff" + bytes(6 << 20)
    data: Any = form(path, io.BytesIO(body))
    headers: dict[str, str] = {}
    if is_chunked:

        async def pieces() -> AsyncIterator[bytes]:
            whole = io.BytesIO(
                b"--x\r\nContent-Disposition: form-data; name=" + FIELDS[path].encode() + b"\r\n\r\n" + body
            )
            while piece := whole.read(64 << 10):
                yield piece

        data, headers = pieces(), {"Content-Type": "multipart/form-data; boundary=x"}

    refused = await send(client, path, data, status, headers=headers)

    assert refused["code"] == code


@pytest.mark.parametrize("path", [PHOTO, CLIP])
@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        pytest.param("application/json", b"{}", "not_a_form", id="json"),
        pytest.param("application/octet-stream", a_picture(), "not_a_form", id="bare"),
        pytest.param("multipart/form-data", b"", "not_a_form", id="without a boundary"),
        pytest.param("multipart/form-data; boundary=" + "x" * 90, b"", "not_a_form", id="long boundary"),
        pytest.param("multipart/form-data; boundary=x", b"", "not_a_form", id="nothing"),
        pytest.param("multipart/form-data; boundary=x", b"--x--\r\n", "no_file", id="no part"),
        pytest.param(
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nhello\r\n--x--\r\n',
            "no_file",
            id="another field",
        ),
        pytest.param(
            "multipart/form-data; boundary=x",
            b"--x\r\n" + b"A: b\r\n" * 500 + b"\r\n",
            "not_a_form",
            id="too many headers",
        ),
        pytest.param(
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n",
            "not_a_form",
            id="a form in a form",
        ),
    ],
)
async def test_what_is_no_form_is_refused(
    ben: tuple[Client, str], path: str, content_type: str, body: bytes, code: str
) -> None:
    client, _ = ben

    refused = await send(client, path, body, 400, headers={"Content-Type": content_type})

    assert refused["code"] == code
    assert (refused["error"] == refused["message"]) is (path == CLIP)
    assert ("correlationId" in refused) is (path == PHOTO)


async def test_fields_beside_the_file_are_read_past_within_a_limit(ben: tuple[Client, str]) -> None:
    client, _ = ben
    fine, heavy = FormData(), FormData()
    fine.add_field("note", "hello")
    heavy.add_field("note", "h" * (1 << 20))
    for one in (fine, heavy):
        one.add_field("avatar", a_picture(), filename="a.jpg")

    await send(client, CLIP, fine, 200)
    await send(client, CLIP, heavy, 400)


async def test_page_of_another_site_cannot_send_one(ben: tuple[Client, str]) -> None:
    client, _ = ben

    refused = await send(client, CLIP, form(CLIP, a_picture()), 403, headers={"Origin": "http://evil.example"})

    assert refused["code"] == "forbidden"


@pytest.mark.parametrize("path", [PHOTO, CLIP])
async def test_stranger_neither_sends_nor_sees_one(house: House, ben: tuple[Client, str], path: str) -> None:
    client, user_id = ben
    await send(client, CLIP, form(CLIP, a_picture()), 200)
    stranger = house.stranger()

    assert (await stranger.post(path, data=form(path, a_picture()))).status == 401
    assert (await stranger.delete(path)).status == 401
    assert (await stranger.get(f"/api/users/{user_id}/profile-image")).status == 401
    assert (await stranger.get(f"/api/profile/avatar/{user_id}.jpg")).status == 401


async def test_picture_is_dropped_and_its_file_with_it(house: House, ben: tuple[Client, str]) -> None:
    client, user_id = ben
    await send(client, PHOTO, form(PHOTO, a_picture()), 201)
    kept = house.folder / "data" / "avatars"
    assert [path.name for path in kept.iterdir()] == [f"{user_id}.jpg"]

    dropped = await client.delete(PHOTO)
    again = await client.delete(PHOTO)
    by_clips = await client.delete(CLIP)

    assert dropped.status == 204
    assert (again.status, (await again.json())["code"]) == (400, "no_picture")
    assert (by_clips.status, await by_clips.json()) == (200, {"ok": True})
    gone = await client.get(f"/api/users/{user_id}/profile-image")
    assert (gone.status, (await gone.json())["code"]) == (404, "no_picture")
    assert (await client.get(f"/api/profile/avatar/{user_id}.jpg")).status == 404
    await house.idle()
    assert not list(kept.iterdir())


async def test_picture_goes_with_its_member(house: House, ben: tuple[Client, str]) -> None:
    client, user_id = ben
    await send(client, PHOTO, form(PHOTO, a_picture()), 201)

    await house.send("DELETE", f"/api/users/{user_id}?force=true")
    await house.idle()

    assert (await house.client.get(f"/api/profile/avatar/{user_id}.jpg")).status == 404
    assert not list((house.folder / "data" / "avatars").iterdir())


async def test_who_is_shut_out_is_seen_by_administrators_alone(house: House, ben: tuple[Client, str]) -> None:
    client, user_id = ben
    await send(client, PHOTO, form(PHOTO, a_picture()), 201)
    await house.send("POST", "/api/users", {"username": "cal", "password": "1234"}, 201)
    cal = house.stranger()
    await cal.post("/api/auth/login", json={"username": "cal", "password": "1234"})
    shown = f"/api/users/{user_id}/profile-image"
    before = (await cal.get(shown)).status

    await house.send("PUT", f"/api/users/{user_id}", {"enabled": False})

    assert (before, (await cal.get(shown)).status, (await house.client.get(shown)).status) == (200, 400, 200)
    assert (await cal.get(f"/api/profile/avatar/{user_id}.jpg")).status == 404


@pytest.mark.parametrize(
    "name", ["..%2fhomemedia.db", "%2e%2e%5csecret", "a%00b.jpg", "..%2f..%2fkeys%2ftoken.jpg", "x..jpg"]
)
async def test_name_that_leads_elsewhere_is_forbidden(house: House, name: str) -> None:
    from yarl import URL  # noqa: PLC0415 - here alone

    answer = await house.client.get(URL(f"/api/profile/avatar/{name}", encoded=True))

    assert answer.status == 403


@pytest.mark.parametrize("name", ["nobody.jpg", "nobody", "nobody.png"])
async def test_name_nobody_has_is_not_found(house: House, name: str) -> None:
    answer = await house.client.get(f"/api/profile/avatar/{name}")

    assert answer.status == 404


async def test_unknown_member_is_said_as_the_photo_api_says_it(house: House) -> None:
    answer = await house.client.get("/api/users/nobody/profile-image")

    assert (answer.status, (await answer.json())["code"]) == (400, "not_found")


async def test_browser_need_not_fetch_the_same_picture_twice(ben: tuple[Client, str]) -> None:
    client, user_id = ben
    await send(client, PHOTO, form(PHOTO, a_picture()), 201)
    first = await client.get(f"/api/users/{user_id}/profile-image")
    kept = await client.get(f"/api/profile/avatar/{user_id}.jpg")

    again = await client.get(f"/api/users/{user_id}/profile-image", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status == 304
    assert first.headers["Cache-Control"] == "private, no-cache, no-transform"
    assert kept.headers["Cache-Control"] == "private, max-age=86400"


async def test_everybody_hears_of_another_picture(house: House, ben: tuple[Client, str]) -> None:
    client, user_id = ben
    heard: list[str] = []
    house.server.bus.subscribe(PictureChanged, lambda event: heard.append(event.user_id))

    first = await send(client, PHOTO, form(PHOTO, a_picture()), 201)
    second = await send(client, PHOTO, form(PHOTO, a_picture()), 201)

    assert heard == [user_id, user_id]
    assert first["profileChangedAt"] < second["profileChangedAt"]


async def test_guest_of_a_sign_in_link_changes_no_picture(house: House) -> None:
    user_id = (await house.send("POST", "/api/users", {"username": "tv", "password": "1234"}, 201))["user"]["id"]
    link = await house.get(f"/api/users/{user_id}/share-link")
    tv, by_link = house.stranger(), {"Authorization": f"Bearer {link['token']}"}

    for path in (PHOTO, CLIP):
        assert (await tv.post(path, data=form(path, a_picture()), headers=by_link)).status == 403
        assert (await tv.delete(path, headers=by_link)).status == 403


async def test_what_a_stopped_server_left_is_swept(tmp_path: Path) -> None:
    left = tmp_path / "data" / "avatars" / "1234.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")

    async with a_house(tmp_path):
        assert not left.exists()


async def test_one_picture_at_a_time_is_taken_from_each(house: House, ben: tuple[Client, str]) -> None:
    client, _ = ben
    has_begun, may_end = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="avatar"\r\n\r\n'
        has_begun.set()
        await may_end.wait()
        yield a_picture() + b"\r\n--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    first = asyncio.create_task(send(client, CLIP, slowly(), 200, headers=headers))
    await has_begun.wait()

    async def is_arriving() -> bool:
        return any((house.folder / "data" / "avatars").iterdir())

    await house.until(is_arriving)
    refused = await send(client, CLIP, form(CLIP, a_picture()), 429)
    of_another = await house.client.post(CLIP, data=form(CLIP, a_picture()))
    may_end.set()
    await first

    assert (refused["code"], of_another.status) == ("rate_limited", 200)
