"""Pictures that lie, break off or attack: each is kept as it came or refused in words, and nothing else suffers."""

import io
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.support.app import House
from tests.support.household import Person, a_household
from tests.support.uploads import hex_sum, sent

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="{0}" height="{0}">{1}</svg>'
)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;">]>'
)
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" {0}/>'
    "</rdf:RDF></x:xmpmeta>"
)
_shades = iter(range(1, 10_000))


def a_jpeg(size: tuple[int, int] = (40, 30), *, exif: bytes | Image.Exif = b"", **more: Any) -> bytes:
    out = io.BytesIO()
    number = next(_shades)
    Image.new("RGB", size, (90, 70, 50)).save(out, "JPEG", exif=exif, comment=str(number), **more)
    return out.getvalue()


def with_exif(fields: dict[int, Any], gps: dict[int, Any] | None = None) -> bytes:
    written = Image.Exif()
    written.update(fields)
    if gps:
        written.get_ifd(0x8825).update(gps)
    return a_jpeg(exif=written)


def with_raw_exif(entries: list[tuple[int, int, int, bytes]], *, rest: bytes = b"") -> bytes:
    """A JPEG whose EXIF says what no library would write: (tag, type, count, four bytes of value)."""
    table = struct.pack("<H", len(entries))
    for tag, kind, count, value in entries:
        table += struct.pack("<HHI", tag, kind, count) + value[:4].ljust(4, b"\0")
    return a_jpeg(exif=b"Exif\0\0II*\0\x08\0\0\0" + table + b"\0\0\0\0" + rest)


def a_png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that promises so many pixels, whatever it has."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def many_frames() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("P", (20, 20), number % 256) for number in range(400)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=0, loop=0)
    return out.getvalue()


def tiff() -> bytes:
    """A TIFF whose folder of tags follows itself."""
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x0100, 3, 1, 9) + struct.pack("<I", 8)


ODD: dict[str, tuple[str, Callable[[], bytes], bytes | None]] = {
    "date of zeroes": ("a.jpg", lambda: with_exif({0x9003: "0000:00:00 00:00:00"}), None),
    "date beyond the calendar": ("a.jpg", lambda: with_exif({0x9003: "9999:99:99 99:99:99"}), None),
    "date at the end of years": ("a.jpg", lambda: with_exif({0x9003: "9999:12:31 23:59:59", 0x9011: "-14:00"}), None),
    "date before years": ("a.jpg", lambda: with_exif({0x9003: "0001:01:01 00:00:00", 0x9011: "+14:00"}), None),
    "date in words": ("a.jpg", lambda: with_exif({0x9003: "yesterday evening"}), None),
    "date of digits elsewhere": (
        "a.jpg",
        lambda: with_exif({0x9003: "\u0662\u0660\u0662\u0664:\u0661\u0661:\u0661\u0661"}),
        None,
    ),
    "offset that is none": ("a.jpg", lambda: with_exif({0x9003: "2024:01:01 00:00:00", 0x9011: "+99:99"}), None),
    "place off the globe": (
        "a.jpg",
        lambda: with_exif({}, {1: "N", 2: (999.0, 99.0, 99.0), 3: "E", 4: (999.0, 0.0, 0.0)}),
        None,
    ),
    "place divided by nothing": (
        "a.jpg",
        lambda: with_raw_exif([(0x8825, 4, 1, struct.pack("<I", 8))], rest=b"\0" * 64),
        None,
    ),
    "satellites' clock of nothing": ("a.jpg", lambda: with_exif({}, {7: (99.0, 99.0, 99.0), 29: "0:0:0"}), None),
    "orientation of 99": ("a.jpg", lambda: with_exif({0x0112: 99}), None),
    "speed without end": ("a.jpg", lambda: with_exif({0x8827: 65535, 0x829D: 1e30, 0x829A: 0.0}), None),
    "billions of values": ("a.jpg", lambda: with_raw_exif([(0x010F, 2, 0xFFFFFFFF, b"\xff\xff\xff\x7f")]), None),
    "tags of no type": ("a.jpg", lambda: with_raw_exif([(0x9003, 77, 3, b"abc"), (0x0112, 2, 4, b"abc\0")]), None),
    "tables within themselves": ("a.jpg", lambda: with_raw_exif([(0x8769, 4, 1, b"\x08\0\0\0")]), None),
    "texts of no language": ("a.jpg", lambda: with_exif({0x010E: b"\xff\xfe\0\x01" * 50, 0x010F: b"\0\0\0"}), None),
    "sentence without end": ("a.jpg", lambda: with_exif({0x010E: "x" * 60_000}), None),
    "half a picture": ("a.jpg", lambda: a_jpeg((400, 300))[:700], None),
    "a few bytes": ("a.heic", lambda: b"\0\0\0\x18ftypheic" + bytes([next(_shades) % 256]), None),
    "box longer than the file": ("a.heic", lambda: b"\xff\xff\xff\xffftypheic" + b"\0" * next(_shades), None),
    "film without end": (
        "a.mp4",
        lambda: b"\0\0\0\x18ftypisom" + b"\0\0\0\x01mdat" + b"\xff" * (8 + next(_shades)),
        None,
    ),
    "picture too large": ("a.png", lambda: a_png(60_000, 60_000, b"\0" * next(_shades)), None),
    "picture larger than numbers": ("a.png", lambda: a_png(2**31 - 1, 2**31 - 1, b"\0" * next(_shades)), None),
    "picture of no width": ("a.png", lambda: a_png(0, 0, b"\0" * next(_shades)), None),
    "zeroes that unpack for long": ("a.png", lambda: a_png(100, 100, b"\0" * (20 << 20)), None),
    "hundreds of frames": ("a.gif", many_frames, None),
    "folder that follows itself": ("a.tiff", tiff, None),
    "page that poses as a picture": ("a.jpg", lambda: b"<html><script>alert(1)</script></html>", None),
    "drawing that runs": ("a.svg", lambda: SVG.format(50, "<script>alert(1)</script>").encode(), None),
    "drawing that reads": ("a.svg", lambda: SVG.format(50, '<image xlink:href="file:///etc/passwd"/>').encode(), None),
    "drawing that laughs": ("a.svg", (LAUGHS + SVG.format(50, "<text>&f;</text>")).encode, None),
    "drawing larger than all": ("a.svg", lambda: SVG.format(999_999_999, "<rect/>").encode(), None),
    "drawing within itself": ("a.svg", lambda: SVG.format(50, '<g id="a"><use xlink:href="#a"/></g>').encode(), None),
    "sidecar that laughs": ("a.jpg", a_jpeg, (LAUGHS + "<x>&f;</x>").encode()),
    "sidecar that is none": ("a.jpg", a_jpeg, b"\xff\xfe\0 not at all"),
    "sidecar of nonsense": (
        "a.jpg",
        a_jpeg,
        XMP.format(
            'xmp:Rating="99999999999" exif:GPSLatitude="91,0N" exif:DateTimeOriginal="2024-13-45T99:00"'
        ).encode(),
    ),
    "sidecar of no text": ("a.jpg", a_jpeg, XMP.format('xmp:Rating="NaN" exif:GPSLongitude="inf"').encode("utf-16")),
    "name in another direction": ("\u202egpj.exe\u202c.jpg", a_jpeg, None),
    "name of half a character": ("a\ud83d.jpg".encode("utf-8", "surrogatepass").decode("latin-1"), a_jpeg, None),
    "name with slashes": ("../../etc/pass\\wd/a.jpg", a_jpeg, None),
    "name of dots": ("...jpg", a_jpeg, None),
    "name of a device": ("AUX.jpg", a_jpeg, None),
    "name with a line": ("a\r\nX-Evil: 1.jpg", a_jpeg, None),
}


@pytest.fixture
async def people(claimed: House) -> dict[str, Person]:
    return await a_household(claimed, "ann", "ben")


async def test_each_odd_picture_is_kept_as_it_came(
    claimed: House, people: dict[str, Person], caplog: pytest.LogCaptureFixture
) -> None:
    ann = people["ann"]
    kept: dict[str, tuple[str, bytes]] = {}
    for what, (name, make, sidecar) in ODD.items():
        content = make()
        is_broken = "\n" in name
        sent_as, filename = ("a.jpg", name) if is_broken else (name, "")
        status, told = await sent(ann.device, content, sent_as, sidecar=sidecar, filename=filename)
        assert status == 201, (what, told)
        kept[what] = (told["id"], content)
    await claimed.idle()

    assert len({photo_id for photo_id, _ in kept.values()}) == len(ODD)
    assert await ann.counted() == len(ODD)
    for what, (photo_id, content) in kept.items():
        asset = await ann.get(f"/assets/{photo_id}")
        _is_sound(asset, what)
        async with ann.device.get(f"/api/assets/{photo_id}/original") as answer:
            assert await answer.read() == content, what
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "X-Evil" not in answer.headers
            if asset["originalFileName"].endswith(".svg"):
                assert "sandbox" in answer.headers["Content-Security-Policy"]
        for size in ("thumbnail", "preview", "fullsize"):
            async with ann.device.get(f"/api/assets/{photo_id}/thumbnail?size={size}") as answer:
                assert answer.status in {200, 404}, (what, size)
                await answer.read()
    for path in ("/timeline/buckets", "/search/explore", "/map/markers", "/search/suggestions?type=city"):
        await ann.get(path)
    for month in await ann.get("/timeline/buckets"):
        await ann.get(f"/timeline/bucket?timeBucket={month['timeBucket']}")
    assert len(await ann.found()) == len(ODD)
    faults = [record for record in caplog.records if record.exc_info or record.levelname in {"ERROR", "CRITICAL"}]
    assert faults == []


def _is_sound(asset: dict[str, Any], what: str) -> None:
    """Whether what is told of a photo can be: clients read it strictly."""
    for name in ("fileCreatedAt", "localDateTime", "fileModifiedAt"):
        assert len(asset[name]) == 24, (what, name, asset[name])
        assert asset[name].endswith("Z")
    told = asset["exifInfo"]
    assert told["latitude"] is None or -90 <= told["latitude"] <= 90, what
    assert told["longitude"] is None or -180 <= told["longitude"] <= 180, what
    assert told["rating"] is None or -1 <= told["rating"] <= 5, what
    assert told["orientation"] is None or told["orientation"] in set("12345678"), what
    assert asset["width"] is None or asset["width"] > 0, what
    assert "\0" not in asset["originalFileName"] + str(told)
    assert not set(asset["originalFileName"]) & set("/\\\r\n")


async def test_bytes_that_are_none_are_refused_and_wrong_sums_keep_nothing_out(
    claimed: House, people: dict[str, Person]
) -> None:
    ann, picture = people["ann"], a_jpeg()
    assert (await sent(ann.device, b"", "a.jpg"))[0] == 400
    assert (await sent(ann.device, picture, "a.exe"))[1]["message"] == "Unsupported file type a.exe"
    other = hex_sum(b"other bytes")
    for checksum in (other, b64encode(bytes.fromhex(other)).decode(), "x", "0" * 40):
        status, _ = await sent(ann.device, a_jpeg(), headers={"x-immich-checksum": checksum})
        assert status == 201, checksum
    assert (await sent(ann.device, picture, headers={"x-immich-checksum": hex_sum(picture)}))[0] == 201
    assert (await sent(ann.device, picture, headers={"x-immich-checksum": hex_sum(picture)}))[0] == 200
    assert await ann.counted() == 5


NOBODY = "00000000-0000-4000-8000-000000000000"
BAD_IDS = ("nonsense", "1", "%00", "..%2f..%2fetc", "0" * 36, f"{NOBODY}0", "' OR 1=1 --", "٣" * 36)


@pytest.mark.parametrize("path", ["/assets/{}", "/albums/{}", "/people/{}", "/tags/{}", "/stacks/{}", "/memories/{}"])
async def test_id_that_is_none_is_told_so(claimed: House, people: dict[str, Person], path: str) -> None:
    for wrong in BAD_IDS:
        status, told = await people["ann"].ask("GET", path.format(wrong))
        assert (status in {400, 404}, bool(told["message"])) == (True, True), wrong
        assert wrong.startswith("%") or "Invalid UUID" in str(told), (wrong, told)
    status, told = await people["ann"].ask("GET", path.format(NOBODY))
    assert status == 400
    assert told["message"].startswith("Not found or no "), told


async def test_album_of_somebody_else_is_as_if_there_were_none(claimed: House, people: dict[str, Person]) -> None:
    ann, ben = people["ann"], people["ben"]
    photo = await ann.upload(a_jpeg())
    album = (await ann.done("POST", "/albums", {"albumName": "Own", "assetIds": [photo]}))["id"]
    asked = [
        ("GET", "", None),
        ("PATCH", "", {"albumName": "Taken"}),
        ("DELETE", "", None),
        ("PUT", "/assets", {"ids": [photo]}),
        ("DELETE", "/assets", {"ids": [photo]}),
        ("PUT", "/users", {"sharedUserIds": [ben.id]}),
    ]
    for method, tail, body in asked:
        there = await ben.ask(method, f"/albums/{album}{tail}", body)
        nowhere = await ben.ask(method, f"/albums/{NOBODY}{tail}", body)
        assert there[0] == nowhere[0] == 400
        assert there[1]["message"] == nowhere[1]["message"], method
    assert (await ann.get(f"/albums/{album}"))["albumName"] == "Own"
    assert await ben.get("/albums") == []
