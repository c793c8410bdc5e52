"""What phones send becomes photos: once for each member and bytes, whole or not at all."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from homemedia.core.ids import new_uuid
from tests.support.app import PASSWORD, House
from tests.support.uploads import MARCH_MS, base64_sum, hex_sum, sent, uploaded

JPEG = b"\xff\xd8\xff\xe0 not much of a picture"


def files(house: House) -> dict[str, bytes]:
    """Files below the managed root, but for the folders' names of owners."""
    root = house.server.places.media_dir
    found = sorted(path for path in root.rglob("*") if path.is_file())
    return {"/".join(path.relative_to(root).parts[2:]) or path.name: path.read_bytes() for path in found}


async def row(house: House, photo_id: str) -> dict[str, Any]:
    rows = await house.server.db.read("SELECT photo.*, file.path FROM photo JOIN file USING (file_id)")
    return next(dict(one) for one in rows if one["photo_id"] == photo_id)


async def used(house: House) -> int:
    rows = await house.server.db.read("SELECT used_bytes FROM user")
    return int(rows[0]["used_bytes"])


async def set_quota(house: House, quota_bytes: int) -> None:
    async with house.server.db.write() as tx:
        await tx.run("UPDATE user SET quota_bytes = :quota", {"quota": quota_bytes})


async def second_member(house: House) -> Any:
    """Another member's device."""
    body = {"username": "bob", "password": PASSWORD}
    await house.send("POST", "/api/users", body, 201)
    device = house.stranger()
    async with device.post("/api/auth/login", json=body) as answer:
        assert answer.status in {200, 201}, await answer.text()
    return device


@pytest.mark.parametrize("order", ["file first", "fields first"])
async def test_upload_is_kept_under_its_month_and_comes_back_as_it_was(claimed: House, order: str) -> None:
    photo_id = await uploaded(claimed.client, JPEG, "Straße 1.jpg", is_file_first=order == "file first")

    assert files(claimed) == {"2024/03/Straße 1.jpg": JPEG}
    found = await row(claimed, photo_id)
    assert found["checksum"] == hashlib.sha1(JPEG, usedforsecurity=False).digest()
    assert (found["original_name"], found["size_bytes"], found["modified_at"]) == ("Straße 1.jpg", len(JPEG), MARCH_MS)
    path = claimed.server.places.media_dir / found["path"]
    assert path.stat().st_mtime_ns == MARCH_MS * 1_000_000
    assert await used(claimed) == len(JPEG)
    async with claimed.client.get(f"/api/assets/{photo_id}/original") as answer:
        assert await answer.read() == JPEG
        assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''Stra%C3%9Fe%201.jpg"
        assert answer.headers["Cache-Control"] == "private, max-age=86400, no-transform"


async def test_hashes_of_an_upload_are_those_of_its_bytes(claimed: House) -> None:
    content = os.urandom(3 << 20)

    await uploaded(claimed.client, content)

    rows = await claimed.server.db.read("SELECT sha1, sha256, quick_hash, size_bytes FROM file WHERE kind = 'photo'")
    edges = content[: 64 << 10] + content[-(64 << 10) :]
    quick = hashlib.blake2b(str(len(content)).encode() + edges, digest_size=16).hexdigest()
    assert tuple(rows[0]) == (hex_sum(content), hashlib.sha256(content).hexdigest(), quick, len(content))


async def test_same_bytes_again_are_a_duplicate_also_in_the_trash_and_change_nothing(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG)
    async with claimed.client.delete("/api/assets", json={"ids": [photo_id]}) as answer:
        assert answer.status == 204

    status, body = await sent(claimed.client, JPEG, "other.jpg", isFavorite="true")

    assert (status, body) == (200, {"id": photo_id, "status": "duplicate", "duplicate": True})
    found = await row(claimed, photo_id)
    assert (found["original_name"], found["is_favorite"]) == ("IMG_1.jpg", 0)
    assert found["deleted_at"] is not None
    assert len(files(claimed)) == 1
    assert await used(claimed) == len(JPEG)


async def test_racing_uploads_of_one_file_make_one_photo(claimed: House) -> None:
    content = os.urandom(2 << 20)

    answers = await asyncio.gather(*(sent(claimed.client, content, f"{number}.jpg") for number in range(4)))

    assert sorted(status for status, _ in answers) == [200, 200, 200, 201]
    assert len({body["id"] for _, body in answers}) == 1
    assert list(files(claimed).values()) == [content]
    assert await used(claimed) == len(content)


async def test_members_each_have_their_own_copy(claimed: House) -> None:
    first = await uploaded(claimed.client, JPEG)
    device = await second_member(claimed)

    second = await uploaded(device, JPEG)

    assert first != second
    async with device.get(f"/api/assets/{first}/original") as answer:
        assert answer.status == 404
        assert (await answer.json())["message"] == "Asset media not found"


@pytest.mark.parametrize("how", [hex_sum, base64_sum], ids=["hex", "base64"])
async def test_duplicate_named_by_its_checksum_is_answered_before_the_body(claimed: House, how: Any) -> None:
    photo_id = await uploaded(claimed.client, JPEG)
    halted = asyncio.Event()

    async def body() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="assetData"; filename="a.jpg"\r\n\r\n'
        await halted.wait()
        yield JPEG + b"\r\n--x--\r\n"

    headers = {"x-immich-checksum": how(JPEG), "Content-Type": "multipart/form-data; boundary=x"}
    async with asyncio.timeout(10), claimed.client.post("/api/assets", data=body(), headers=headers) as answer:
        assert (answer.status, (await answer.json())["id"]) == (200, photo_id)
        halted.set()


async def test_wrong_checksum_in_the_header_keeps_nothing_out(claimed: House) -> None:
    for header in ("0" * 40, "zz", "A" * 28, "€" * 28):
        content = os.urandom(100)
        photo_id = await uploaded(claimed.client, content, headers={"x-immich-checksum": header})
        assert (await row(claimed, photo_id))["checksum"].hex() == hex_sum(content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a/b\\..\\../evil.jpg", "evil.jpg"),
        ("tab\tand bell.png", "taband bell.png"),
        ('quote"s and %41.heic', "quote_s and %41.heic"),
        ("con.jpg", "_con.jpg"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
    ],
)
async def test_names_stay_inside_the_folder(claimed: House, name: str, kept: str) -> None:
    raw = name.encode().replace(b'"', b"%22")
    disposition = b'Content-Disposition: form-data; name="assetData"; filename="' + raw.replace(b"\\", b"\\\\") + b'"'
    body = b"--x\r\n" + disposition + b"\r\n\r\n" + JPEG + b"\r\n--x--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with claimed.client.post("/api/assets", data=body, headers=headers) as answer:
        assert answer.status == 201, await answer.text()

    assert [path.rpartition("/")[2] for path in files(claimed)] == [kept]


async def test_same_name_twice_in_a_month_gets_a_number(claimed: House) -> None:
    await uploaded(claimed.client, JPEG + b"1", "a.jpg")
    await uploaded(claimed.client, JPEG + b"2", "a.jpg", sidecar=b"<x/>")
    await uploaded(claimed.client, JPEG + b"3", "a.jpg")

    assert list(files(claimed)) == ["2024/03/a+1.jpg", "2024/03/a+1.jpg.xmp", "2024/03/a+2.jpg", "2024/03/a.jpg"]


@pytest.mark.parametrize(
    ("fields", "column", "value"),
    [
        ({"isFavorite": "TRUE"}, "is_favorite", 1),
        ({"visibility": "locked", "isArchived": "true"}, "visibility", "locked"),
        ({"isArchived": "true"}, "visibility", "archive"),
        ({"isArchived": "true", "isVisible": "false"}, "visibility", "hidden"),
        ({"fileCreatedAt": "2024-03-05"}, "taken_at", 1_709_596_800_000),
        ({"fileCreatedAt": "2024-03-05T10:00:00.1234567+02:00"}, "taken_at", 1_709_625_600_123),
        ({"fileCreatedAt": ""}, "taken_at", MARCH_MS),
        ({"filename": "better.png"}, "original_name", "better.png"),
        ({"deviceId": "CLI"}, "device_id", "CLI"),
        ({"duration": "1000"}, "duration_ms", None),
        ({"fileSize": "7", "whatever": "x"}, "is_favorite", 0),
    ],
)
async def test_fields_of_an_upload_are_kept(claimed: House, fields: Any, column: str, value: Any) -> None:
    photo_id = await uploaded(claimed.client, JPEG, **fields)

    assert (await row(claimed, photo_id))[column] == value


@pytest.mark.parametrize(
    ("text", "ms"), [("1500", 1500), ("00:00:05.123000", 5123), ("0", None), ("1:02:03", 3_723_000)]
)
async def test_duration_of_a_video_is_a_hint(claimed: House, text: str, ms: int | None) -> None:
    photo_id = await uploaded(claimed.client, b"no video", "v.mp4", duration=text)

    assert (await row(claimed, photo_id))["duration_ms"] == ms


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"isFavorite": "yes"}, "isFavorite"),
        ({"visibility": "public"}, "visibility"),
        ({"fileCreatedAt": "yesterday"}, "fileCreatedAt"),
        ({"fileModifiedAt": "2024-13-01"}, "fileModifiedAt"),
        ({"duration": "-1"}, "duration"),
        ({"duration": "9" * 30}, "duration"),
        ({"livePhotoVideoId": "x"}, "livePhotoVideoId"),
        ({"metadata": "{"}, "metadata"),
        ({"metadata": '[{"key": 1, "value": {}}]'}, "metadata"),
    ],
)
async def test_field_that_is_none_is_named_and_nothing_stays(claimed: House, fields: Any, field: str) -> None:
    status, body = await sent(claimed.client, JPEG, **fields)

    assert (status, body["errors"][0]["path"]) == (400, [field])
    assert files(claimed) == {}
    assert await used(claimed) == 0


@pytest.mark.parametrize("name", ["page.html", "x.jpg.exe", "", "jpg", ".jpg", "a.svgz", "x.xmp"])
async def test_what_is_no_photo_by_its_name_is_refused(claimed: House, name: str) -> None:
    status, body = await sent(claimed.client, JPEG, name)

    assert status == 400
    assert body["message"].startswith(("Unsupported file type", "Validation failed"))
    assert files(claimed) == {}


async def test_empty_file_is_refused(claimed: House) -> None:
    status, body = await sent(claimed.client, b"")

    assert (status, body["code"]) == (400, "empty_file")
    assert files(claimed) == {}


async def test_svg_is_kept_and_cannot_run(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, b"<svg onload='alert(1)'/>", "x.svg")

    async with claimed.client.get(f"/api/assets/{photo_id}/original") as answer:
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b""),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="assetData"; filename="a.jpg"',
        ),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="assetData"\r\n\r\nabc'),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense\r\n\r\nabc\r\n--x--"),
    ],
)
async def test_body_that_is_no_form_is_refused(claimed: House, content_type: str, body: bytes) -> None:
    headers = {"Content-Type": content_type}
    async with claimed.client.post("/api/assets", data=body, headers=headers) as answer:
        assert answer.status == 400, await answer.text()

    assert files(claimed) == {}


async def test_quota_is_told_in_upstream_s_words_and_keeps_what_fits(claimed: House) -> None:
    await set_quota(claimed, 100)
    await uploaded(claimed.client, b"x" * 60)

    status, body = await sent(claimed.client, b"y" * 41)

    assert (status, body["message"]) == (400, "Quota has been exceeded!")
    await uploaded(claimed.client, b"z" * 40)
    status, body = await sent(claimed.client, b"w")
    assert (status, body["message"]) == (400, "Quota has been exceeded!")
    assert await used(claimed) == 100
    assert len(files(claimed)) == 2


async def test_racing_uploads_do_not_pass_the_quota_together(claimed: House) -> None:
    await set_quota(claimed, 150)

    answers = await asyncio.gather(*(sent(claimed.client, bytes([number]) * 60) for number in range(5)))

    assert sorted(status for status, _ in answers) == [201, 201, 400, 400, 400]
    assert await used(claimed) == 120
    assert len(files(claimed)) == 2


async def test_upload_that_breaks_off_leaves_nothing(claimed: House) -> None:
    began = asyncio.Event()

    async def body() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="assetData"; filename="a.jpg"\r\n\r\n' + os.urandom(3 << 20)
        began.set()
        await asyncio.Event().wait()

    async def send() -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        async with claimed.client.post("/api/assets", data=body(), headers=headers):
            pass

    sending = asyncio.create_task(send())
    await began.wait()
    staging = claimed.server.photos.managed.staging.folder

    async def is_there() -> bool:
        return any(staging.iterdir())

    await claimed.until(is_there)
    sending.cancel()
    await asyncio.wait([sending])

    async def is_gone() -> bool:
        return not any(staging.iterdir())

    await claimed.until(is_gone)
    assert await claimed.server.db.read("SELECT 1 FROM photo") == []


async def test_full_disk_in_mid_upload_is_told_and_leaves_nothing(
    claimed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def full(fd: int, data: Any) -> int:
        if len(data) > 100_000:
            raise OSError(28, "No space left on device")
        return real(fd, data)

    monkeypatch.setattr("homemedia.core.uploads.os.write", full)

    status, body = await sent(claimed.client, os.urandom(3 << 20))

    assert (status, body["code"]) == (507, "disk_full")
    assert files(claimed) == {}
    monkeypatch.undo()
    await uploaded(claimed.client, JPEG)


async def test_no_room_is_told_before_the_body_is_read(claimed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 64 << 20

    monkeypatch.setattr("homemedia.core.uploads.shutil.disk_usage", lambda _path: Usage)

    status, body = await sent(claimed.client, JPEG)

    assert (status, body["code"]) == (507, "disk_full")


async def test_live_photo_hides_its_video(claimed: House) -> None:
    video_id = await uploaded(claimed.client, b"moving", "IMG.MOV")

    photo_id = await uploaded(claimed.client, JPEG, "IMG.HEIC", livePhotoVideoId=video_id.upper())

    assert (await row(claimed, photo_id))["live_video_id"] == video_id
    assert (await row(claimed, video_id))["visibility"] == "hidden"


async def test_wrong_moving_parts_are_told_in_upstream_s_words(claimed: House) -> None:
    still = await uploaded(claimed.client, JPEG)
    device = await second_member(claimed)
    another_s = await uploaded(device, b"moving", "a.mov")

    for video_id, words in (
        (new_uuid(), "Live photo video not found"),
        (still, "Live photo video must be a video"),
        (another_s, "Live photo video does not belong to the user"),
    ):
        status, body = await sent(claimed.client, JPEG + b"2", livePhotoVideoId=video_id)
        assert (status, body["message"]) == (400, words)
    assert len(files(claimed)) == 2


async def test_sidecar_lies_beside_and_must_be_one(claimed: House) -> None:
    await uploaded(claimed.client, JPEG, "a.jpg", sidecar=b"<x:xmpmeta/>")

    assert files(claimed) == {"2024/03/a.jpg": JPEG, "2024/03/a.jpg.xmp": b"<x:xmpmeta/>"}
    form = FormData({"fileCreatedAt": "2024-01-01"})
    form.add_field("assetData", JPEG + b"2", filename="b.jpg")
    form.add_field("sidecarData", b"x", filename="b.txt")
    async with claimed.client.post("/api/assets", data=form) as answer:
        assert (answer.status, (await answer.json())["message"]) == (400, "Unsupported file type b.txt")


async def test_apps_metadata_is_kept_by_key(claimed: House) -> None:
    form = FormData({"fileCreatedAt": "2024-01-01"})
    form.add_field("metadata", '[{"key": "mobile-app", "value": {"iCloudId": "1"}}]')
    form.add_field("metadata", '{"key": "other", "value": {}}')
    form.add_field("assetData", JPEG, filename="b.jpg")

    async with claimed.client.post("/api/assets", data=form) as answer:
        assert answer.status == 201

    rows = await claimed.server.db.read("SELECT key, value FROM photo_metadata ORDER BY key")
    assert [tuple(one) for one in rows] == [("mobile-app", '{"iCloudId": "1"}'), ("other", "{}")]


async def test_bulk_check_answers_in_order_and_of_one_s_own_alone(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG)
    gone_id = await uploaded(claimed.client, b"gone")
    async with claimed.client.delete("/api/assets", json={"ids": [gone_id]}):
        pass
    device = await second_member(claimed)
    assets = [
        {"id": "/a", "checksum": hex_sum(b"new")},
        {"id": "/b", "checksum": hex_sum(JPEG).upper()},
        {"id": "/c", "checksum": base64_sum(b"gone")},
        {"id": "/d", "checksum": base64_sum(JPEG).translate(str.maketrans("+/", "-_"))},
        {"id": "/e", "checksum": "nonsense"},
    ]

    found = await claimed.send("POST", "/api/assets/bulk-upload-check", {"assets": assets})

    known = {"action": "reject", "reason": "duplicate", "assetId": photo_id, "isTrashed": False}
    assert found["results"] == [
        {"id": "/a", "action": "accept"},
        {"id": "/b", **known},
        {"id": "/c", "action": "reject", "reason": "duplicate", "assetId": gone_id, "isTrashed": True},
        {"id": "/d", **known},
        {"id": "/e", "action": "accept"},
    ]
    async with device.post("/api/assets/bulk-upload-check", json={"assets": assets}) as answer:
        assert {one["action"] for one in (await answer.json())["results"]} == {"accept"}
    await claimed.send("POST", "/api/assets/bulk-upload-check", {"assets": assets[:1] * 10_001}, 400)
    await claimed.send("POST", "/api/assets/bulk-upload-check", {}, 400)


async def test_devices_hear_which_of_their_ids_are_known(claimed: House) -> None:
    await uploaded(claimed.client, JPEG, deviceId="phone", deviceAssetId="1")
    await uploaded(claimed.client, JPEG + b"2", deviceId="tablet", deviceAssetId="2")

    body = {"deviceId": "phone", "deviceAssetIds": ["1", "2", "3"]}
    assert await claimed.send("POST", "/api/assets/exist", body) == {"existingIds": ["1"]}
    assert await claimed.get("/api/assets/device/tablet") == ["2"]


async def test_videos_are_played_in_parts_and_stills_are_none(claimed: House) -> None:
    video_id = await uploaded(claimed.client, b"0123456789", "v.mp4")
    still_id = await uploaded(claimed.client, JPEG)

    for asked, status, content in (
        ("bytes=0-0", 206, b"0"),
        ("bytes=-1", 206, b"9"),
        ("bytes=5-", 206, b"56789"),
        ("bytes=2-3,5-6", 200, b"0123456789"),
    ):
        async with claimed.client.get(f"/api/assets/{video_id}/video/playback", headers={"Range": asked}) as answer:
            assert (answer.status, await answer.read()) == (status, content)
    async with claimed.client.get(f"/api/assets/{video_id}/original", headers={"Range": "bytes=10-"}) as answer:
        assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */10")
    async with claimed.client.head(f"/api/assets/{video_id}/video/playback") as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, "10")
        tag = answer.headers["ETag"]
    async with claimed.client.get(f"/api/assets/{video_id}/original", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304
    async with claimed.client.get(f"/api/assets/{still_id}/video/playback") as answer:
        assert (answer.status, (await answer.json())["message"]) == (400, "Asset is not a video")
    async with claimed.client.get("/api/assets/nothing/original") as answer:
        assert (answer.status, (await answer.json())["message"]) == (400, "Invalid UUID")


async def test_missing_file_is_healed_by_the_same_bytes(claimed: House, tmp_path: Path) -> None:
    photo_id = await uploaded(claimed.client, JPEG)
    path = claimed.server.places.media_dir / (await row(claimed, photo_id))["path"]
    path.unlink()
    async with claimed.client.get(f"/api/assets/{photo_id}/original") as answer:
        assert answer.status == 404
    await claimed.server.photos.managed.look("photos", _pass_over)
    check = {"assets": [{"id": "a", "checksum": hex_sum(JPEG)}]}
    assert (await claimed.send("POST", "/api/assets/bulk-upload-check", check))["results"][0]["action"] == "accept"

    status, body = await sent(claimed.client, JPEG, "c.jpg")

    assert (status, body["id"]) == (200, photo_id)
    assert path.read_bytes() == JPEG
    assert (await claimed.send("POST", "/api/assets/bulk-upload-check", check))["results"][0]["action"] == "reject"


async def _pass_over(_spot: object) -> None:
    pass


async def test_bytes_are_sent_to_whom_their_address_names(claimed: House) -> None:
    photo_id = await uploaded(claimed.client, JPEG)
    stranger = claimed.stranger()

    async with stranger.get(f"/api/assets/{photo_id}/original") as answer:
        assert answer.status == 401
    async with stranger.get(f"/api/assets/{photo_id}/original?sessionKey={claimed.token}") as answer:
        assert await answer.read() == JPEG
    async with stranger.get(f"/api/assets/device/x?sessionKey={claimed.token}") as answer:
        assert answer.status == 401
