"""Small pictures of blocks' files, and what is told of files beside their bytes."""

import io
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image

from homemedia.core.problems import Unavailable
from homemedia.heaps.files.looking import instant_of
from homemedia.heaps.files.pixels import size_in
from homemedia.media.photo_models import PhotoFacts
from tests.heaps.conftest import HEAP, Notes
from tests.heaps.test_uploads import BLOCK, a_file_note, sha

SIZES = ("tiny", "small", "medium", "large")


def a_photo() -> bytes:
    """Lies on its side, and was taken in Berlin's summer."""
    exif = Image.Exif()
    exif[0x0112] = 6
    camera = exif.get_ifd(0x8769)
    camera[0x9003], camera[0x9011] = "2024:07:01 12:00:00", "+02:00"
    body = io.BytesIO()
    Image.new("RGB", (800, 400), "teal").save(body, "JPEG", exif=exif)
    return body.getvalue()


def a_document() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (420, 594), "teal").save(body, "PDF", resolution=72)
    return body.getvalue()


def a_moving_picture(form: str = "GIF", size: tuple[int, int] = (60, 40)) -> bytes:
    body = io.BytesIO()
    frames = [Image.new("RGB", size, color) for color in ("red", "green", "blue")]
    frames[0].save(body, form, save_all=True, append_images=frames[1:], duration=100)
    return body.getvalue()


async def kept(notes: Notes, data: bytes, name: str, mime: str, block_id: str = BLOCK) -> dict[str, Any]:
    """A file of a block, looked into; as the block's page tells it."""
    form = FormData()
    form.add_field("hash", sha(data))
    form.add_field("file", data, filename=name)
    async with notes.house.client.post(f"/api/upload/file/{HEAP}/{block_id}", data=form) as answer:
        assert answer.status == 200, await answer.text()
    await notes.push(block_id, a_file_note(data, name, mime))
    await notes.settle()
    await notes.house.idle()
    return await told(notes, block_id)


async def told(notes: Notes, block_id: str = BLOCK) -> dict[str, Any]:
    page = await notes.house.send("POST", f"/api/block/{block_id}", {"include": ["file"]})
    assert page["thumbnails"] == page["file"]["thumbnails"]
    found: dict[str, Any] = page["file"]
    return found


async def asked(notes: Notes, path: str, status: int = 200) -> tuple[bytes, Any]:
    async with notes.house.client.get(path) as answer:
        assert answer.status == status, await answer.text()
        return await answer.read(), answer.headers


async def draw(notes: Notes, data: bytes, picture: bytes, kind: str, size: str, status: int = 200) -> Any:
    form = FormData()
    form.add_field("thumbnail", picture, filename="t")
    form.add_field("type", kind)
    form.add_field("size", size)
    path = f"/api/upload/thumbnail/{BLOCK}/{sha(data)}/{kind}_{size}"
    async with notes.house.client.post(path, data=form) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json()


async def test_photo_tells_when_it_was_taken_how_it_lies_and_which_small_pictures_there_are(notes: Notes) -> None:
    file = await kept(notes, a_photo(), "plums.jpg", "image/jpeg")

    assert (file["width"], file["height"], file["orientation"], file["taken_at"]) == (400, 800, 6, 1_719_828_000_000)
    assert [(one["size"], one["width"], one["height"]) for one in file["thumbnails"]] == [
        ("tiny", 32, 64),
        ("small", 128, 256),
        ("medium", 360, 720),
        ("large", 400, 800),
    ]
    assert {(one["type"], one["status"], one["format"]) for one in file["thumbnails"]} == {("image", "ready", "webp")}


@pytest.mark.parametrize(("name", "asked_for"), [("x.jpg", "small"), ("x.webp", "small"), ("x", "200")])
async def test_small_picture_says_how_large_it_is(notes: Notes, name: str, asked_for: str) -> None:
    await kept(notes, a_photo(), "plums.jpg", "image/jpeg")

    body, headers = await asked(notes, f"/api/file/{BLOCK}/thumbnail/{asked_for}/{name}")

    assert (headers["X-Thumbnail-Width"], headers["X-Thumbnail-Height"]) == ("128", "256")
    assert Image.open(io.BytesIO(body)).size == (128, 256)
    square, headers = await asked(notes, f"/api/file/{BLOCK}/thumbnail/{asked_for}/{name}?fit=cover")
    assert headers["X-Thumbnail-Width"] == headers["X-Thumbnail-Height"] == "256"
    assert Image.open(io.BytesIO(square)).size == (256, 256)


async def test_first_page_of_a_document_is_shown_small(notes: Notes) -> None:
    file = await kept(notes, a_document(), "letter.pdf", "application/pdf")

    body, headers = await asked(notes, f"/api/file/{BLOCK}/thumbnail/small/letter.webp")
    page = Image.open(io.BytesIO(body)).convert("RGB")

    assert (file["kind"], file["width"]) == ("document", None)
    assert [(one["type"], one["size"]) for one in file["thumbnails"]] == [("document", size) for size in SIZES]
    assert (page.size, headers["X-Thumbnail-Height"]) == ((181, 256), "256")
    assert page.getpixel((90, 128))[2] == pytest.approx(128, abs=6)  # type: ignore[index]
    await asked(notes, f"/api/download/thumbnail/{BLOCK}/{file['hash']}/document/small")


@pytest.mark.parametrize("data", [b"%PDF-1.7 and nothing more", a_document()[:400], b"%PDF-1.4\n" + bytes(3000)])
async def test_document_that_cannot_be_read_has_no_small_picture(notes: Notes, data: bytes) -> None:
    file = await kept(notes, data, "letter.pdf", "application/pdf")

    body, _ = await asked(notes, f"/api/file/{BLOCK}/thumbnail/small/x", 404)

    assert b"no_thumbnail" in body
    assert file["thumbnails"] == []
    assert await asked(notes, f"/api/file/{BLOCK}/raw/x")


async def test_client_draws_what_we_cannot(notes: Notes) -> None:
    data = b"\x00\x01 a drawing of some program"
    await kept(notes, data, "plan.dwg", "application/x-dwg")
    picture = io.BytesIO()
    Image.new("RGB", (256, 128), "red").save(picture, "PNG")

    await draw(notes, data, picture.getvalue(), "document", "small")
    file = await told(notes)
    _, headers = await asked(notes, f"/api/file/{BLOCK}/thumbnail/small/x")

    assert [(one["type"], one["size"], one["source"]) for one in file["thumbnails"]] == [
        ("document", "small", "client")
    ]
    assert (headers["X-Thumbnail-Width"], headers["X-Thumbnail-Height"]) == ("256", "128")
    await asked(notes, f"/api/file/{BLOCK}/thumbnail/tiny/x", 404)


async def test_client_draws_before_the_bytes_are_here(notes: Notes) -> None:
    data = a_photo()
    await notes.push(BLOCK, a_file_note(data, "plums.jpg", "image/jpeg"))
    await notes.settle()
    picture = io.BytesIO()
    Image.new("RGB", (32, 64), "red").save(picture, "PNG")

    await draw(notes, data, picture.getvalue(), "image", "tiny")
    file = await told(notes)

    assert (file["available"], [one["source"] for one in file["thumbnails"]]) == (False, ["client"])
    await asked(notes, f"/api/download/thumbnail/{BLOCK}/{sha(data)}/image/tiny")


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
async def test_moving_picture_of_a_client_goes_on_moving(notes: Notes, form: str) -> None:
    data = b"\x00\x01 a film of some program"
    await kept(notes, data, "play.bin", "application/octet-stream")

    stored = await draw(notes, data, a_moving_picture(form, (600, 300)), "animated", "medium")
    body, headers = await asked(notes, f"/api/download/thumbnail/{BLOCK}/{sha(data)}/animated/medium")
    again, _ = await asked(notes, f"/api/file/{BLOCK}/animated_thumbnail/medium/x")

    assert (stored["thumbnail"]["width"], stored["thumbnail"]["height"]) == (480, 240)
    assert getattr(Image.open(io.BytesIO(body)), "n_frames", 1) == 3
    assert (again == body, headers["X-Thumbnail-Width"]) == (True, "480")
    # It is no still picture.
    await asked(notes, f"/api/file/{BLOCK}/thumbnail/medium/x", 404)


async def test_moving_picture_that_stands_still_is_refused(notes: Notes) -> None:
    data = a_photo()
    await kept(notes, data, "plums.jpg", "image/jpeg")

    assert (await draw(notes, data, data, "animated", "small", 422))["code"] == "bad_image"
    assert (await draw(notes, data, b"no picture", "animated", "small", 422))["code"] == "bad_image"


async def test_moving_picture_is_kept_ready_for_first_syncs(notes: Notes) -> None:
    data = a_moving_picture()
    await kept(notes, data, "plums.gif", "image/gif")
    path = f"/api/download/thumbnail/{BLOCK}/{sha(data)}/animated/small"

    await asked(notes, path, 404)
    made, _ = await asked(notes, f"/api/file/{BLOCK}/animated_thumbnail/small/x")

    assert (await asked(notes, path))[0] == made


async def test_photos_are_sorted_by_when_they_were_taken(notes: Notes) -> None:
    await kept(notes, a_photo(), "old.jpg", "image/jpeg", "block-of-an-old-photo")
    await kept(notes, a_document(), "new.pdf", "application/pdf", "block-of-a-new-letter")

    page = await notes.house.send(
        "POST", "/api/heap", {"heap_id": HEAP, "filter": "files", "sort": "taken_at", "order": "desc"}
    )

    # A letter that was written at no known time counts from when it came.
    assert [one["file"]["name"] for one in page["blocks"]] == ["old.jpg", "new.pdf"]


@pytest.mark.parametrize(
    ("facts", "instant"),
    [
        (PhotoFacts(), None),
        (PhotoFacts(clock_ms=7_200_000, offset_min=120), 0),
        (PhotoFacts(clock_ms=7_200_000, gps_offset_min=60), 3_600_000),
        (PhotoFacts(clock_ms=7_200_000, is_utc=True, offset_min=120), 7_200_000),
        (PhotoFacts(clock_ms=7_200_000), 7_200_000),
    ],
)
def test_instant_is_of_the_clock_on_the_wall_and_its_offset(facts: PhotoFacts, instant: int | None) -> None:
    assert instant_of(facts) == instant


@pytest.mark.parametrize("form", ["WEBP", "JPEG", "GIF"])
def test_size_stands_in_the_first_bytes(form: str) -> None:
    body = io.BytesIO()
    Image.new("RGB", (333, 77), "red").save(body, form)

    assert size_in(body.getvalue()) == (333, 77)


@pytest.mark.parametrize(
    "head", [b"\xff\xd8", b"RIFF1234WEBPVP8X", b"RIFF1234WEBPVP8 ", b"RIFF1234WEBP????", b"GIF8", b""]
)
def test_size_of_what_is_cut_off_is_nothing(head: bytes) -> None:
    for length in range(len(head) + 1):
        assert size_in(head[:length]) in {(0, 0), (1, 1)}


async def test_what_nobody_looked_into_is_looked_into_at_the_next_start(notes: Notes) -> None:
    await kept(notes, a_photo(), "plums.jpg", "image/jpeg")
    house = notes.house
    async with house.server.db.write() as tx:
        await tx.run("DELETE FROM block_file_fact", {})
    assert [one["status"] for one in (await told(notes))["thumbnails"]] == ["pending"] * 4

    async with house.server.db.write() as tx:
        await tx.enqueue("block-files-owed", "start")
    await house.idle()

    assert [one["status"] for one in (await told(notes))["thumbnails"]] == ["ready"] * 4


async def test_what_cannot_be_read_is_not_read_again_for_a_day(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    await kept(notes, b"%PDF-1.7 and nothing more", "letter.pdf", "application/pdf")
    async with notes.house.server.db.write() as tx:
        await tx.run("UPDATE block_file_fact SET has_picture = 1", {})

    async def never(*_: object, **__: object) -> None:
        raise Unavailable("asked again")

    monkeypatch.setattr(type(notes.house.server.library.tools), "page", never)
    await asked(notes, f"/api/file/{BLOCK}/thumbnail/small/x", 404)


async def test_what_could_not_be_read_is_tried_at_once_when_pictures_are_made_again(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = notes.house
    await kept(notes, b"%PDF-1.7 and nothing more", "letter.pdf", "application/pdf")
    await asked(notes, f"/api/file/{BLOCK}/thumbnail/small/x", 404)

    async def page(_tools: object, _source: Path, target: Path, *, max_side: int) -> None:
        target.write_bytes(a_photo())  # noqa: ASYNC240 - a small file

    monkeypatch.setattr(type(house.server.library.tools), "page", page)
    await house.send("POST", "/api/reindex_files", {"heap_id": HEAP, "mode": "thumbnails"}, 202)
    await house.idle()

    await asked(notes, f"/api/file/{BLOCK}/thumbnail/small/x")


async def test_file_that_was_away_when_it_was_looked_into_is_looked_into_again(notes: Notes) -> None:
    house = notes.house
    await kept(notes, a_photo(), "plums.jpg", "image/jpeg")
    (row,) = await house.server.db.read(
        "SELECT root.path || '/' || file.path AS path, file.file_id FROM file JOIN root USING (root_id)", {}
    )
    lies = Path(row["path"])
    away = lies.rename(lies.with_suffix(".away"))  # noqa: ASYNC240 - a small folder
    async with house.server.db.write() as tx:
        await tx.run("DELETE FROM block_file_fact", {})
        await tx.enqueue("block-file-look", str(row["file_id"]))
    await house.idle()

    away.rename(lies)
    async with house.server.db.write() as tx:
        await tx.enqueue("block-files-owed", "start")
    await house.idle()

    assert [one["status"] for one in (await told(notes))["thumbnails"]] == ["ready"] * 4
