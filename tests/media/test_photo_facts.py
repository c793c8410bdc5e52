"""What pictures and films say of the moment they were taken, and what nonsense they may say."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from homemedia.media.exif import Moment, Tags, content_id, exposure, gps_moment, lens, moment, on_globe, position, text
from homemedia.media.film_facts import position as film_position
from homemedia.media.film_facts import taken as film_taken
from homemedia.media.jpegxl import is_jxl, jxl_size
from homemedia.media.moving import duration_of, find_motion
from homemedia.media.photo_facts import collect, offset_by
from homemedia.media.photo_models import Motion, PhotoFacts
from homemedia.media.xmp import Piece, Xmp, parse
from homemedia.media.xmp import motion as xmp_motion

NOON = 1_685_620_800_000  # 2023-06-01 12:00
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "stArea": "http://ns.adobe.com/xmp/sType/Area#",
    "Container": "http://ns.google.com/photos/1.0/container/",
    "Item": "http://ns.google.com/photos/1.0/container/item/",
    "GPano": "http://ns.google.com/photos/1.0/panorama/",
}


def xmp(attributes: str = "", body: str = "") -> Xmp:
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in NAMESPACES.items())
    return parse(
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces} {attributes}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )


def bag(name: str, *values: str) -> str:
    return f"<{name}><rdf:Bag>{''.join(f'<rdf:li>{value}</rdf:li>' for value in values)}</rdf:Bag></{name}>"


def facts(camera: dict[int, Any] | None = None, **more: Any) -> PhotoFacts:
    tags = Tags(main=more.get("main", {}), camera=camera or {}, gps=more.get("gps", {}), iptc=more.get("iptc", {}))
    return collect(tags, more.get("inside", Xmp()), more.get("beside", Xmp()))


@pytest.mark.parametrize(
    ("value", "more", "found"),
    [
        ("2023:06:01 12:00:00", {}, Moment(NOON)),
        ("2023-06-01T12:00:00", {}, Moment(NOON)),
        ("2023:06:01 12:00:00", {"subsec": "5"}, Moment(NOON + 500)),
        ("2023:06:01 12:00:00", {"subsec": "348000"}, Moment(NOON + 348)),
        ("2023:06:01 12:00:00.25+02:00", {}, Moment(NOON + 250, 120)),
        ("2023:06:01 12:00:00Z", {}, Moment(NOON, 0)),
        ("2023:06:01 12:00:00", {"offset": "-07:00"}, Moment(NOON, -420)),
        ("2023:06:01", {}, Moment(NOON - 43_200_000)),
        ("0000:00:00 00:00:00", {}, None),
        ("2023:13:45 12:00:00", {}, None),
        ("9999:12:31 23:59:59", {}, None),
        ("0001:01:01 00:00:00", {}, None),
        ("    :  :     :  :  ", {}, None),
        ("yesterday", {}, None),
        (b"\xff\xfe\x00", {}, None),
        (12, {}, None),
        (None, {}, None),
    ],
)
def test_clocks_of_cameras(value: object, more: dict[str, Any], found: Moment | None) -> None:
    assert moment(value, **more) == found


def test_a_date_with_a_fraction_goes_before_one_without() -> None:
    assert facts({0x9003: "2023:06:01 12:00:00"}).clock_ms == NOON
    plain_original = {0x9003: "2023:06:01 12:00:00", 0x9004: "2022:06:01 12:00:00", 0x9292: "10"}
    assert facts(plain_original).clock_ms == NOON - 365 * 86_400_000 + 100


def test_what_lies_beside_a_picture_goes_before_what_it_says() -> None:
    beside = xmp('exif:DateTimeOriginal="2010-05-01T00:00:00+01:00" xmp:Rating="5"', bag("dc:description", "Ours"))
    found = facts({0x9003: "2023:06:01 12:00:00"}, main={0x010E: "Theirs", 0x4746: 2}, beside=beside)
    assert (found.clock_ms, found.offset_min) == (1_272_672_000_000, 60)
    assert (found.rating, found.description) == (5, "Ours")


def test_positions_are_of_this_globe() -> None:
    assert position(Tags(gps={1: "S", 2: (33.0, 52.0, 30.0), 3: "E", 4: (151.0, 12.0, 36.0)})) == (-33.875, 151.21)
    assert position(Tags(gps={1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)})) is None
    assert position(Tags(gps={1: "N", 2: (200.0, 0.0, 0.0), 3: "E", 4: (10.0, 0.0, 0.0)})) is None
    assert position(Tags(gps={1: "N", 2: "north", 3: "E", 4: (10.0,)})) is None
    assert on_globe(91, 0) is None
    assert facts(beside=xmp('exif:GPSLatitude="41,13.218N" exif:GPSLongitude="96,4.2975W"')).longitude == -96.071625


def test_satellites_tell_how_far_a_clock_is_from_utc() -> None:
    gps = {7: (10.0, 0.0, 20.0), 29: "2023:06:01"}
    assert gps_moment(Tags(gps=gps)) == Moment(NOON - 7_180_000, 0, is_utc=True)
    assert facts({0x9003: "2023:06:01 12:00:00"}, gps=gps).gps_offset_min == 120
    assert offset_by(Moment(NOON), Moment(NOON + 17 * 60_000, 0, is_utc=True)) is None
    assert offset_by(Moment(NOON + 345 * 60_000), Moment(NOON, 0, is_utc=True)) == 345
    assert offset_by(Moment(NOON, 60), Moment(NOON, 0, is_utc=True)) is None
    assert gps_moment(Tags(gps={7: (25.0, 99.0, 0.0), 29: "2023:06:01"})) is None


@pytest.mark.parametrize(
    ("seconds", "shown"), [(1 / 160, "1/160"), (0.001127, "1/887"), (1.3, "1.3"), (30, "30"), (0, None), ("x", None)]
)
def test_how_long_the_shutter_was_open(seconds: object, shown: str | None) -> None:
    assert exposure(Tags(camera={0x829A: seconds})) == shown


def test_lenses_have_names_or_ranges() -> None:
    assert lens(Tags(camera={0xA434: "RF 50mm"})) == "RF 50mm"
    assert lens(Tags(camera={0xA434: "----", 0xA432: (24.0, 70.0, 2.8, 2.8)})) == "24-70mm f/2.8"
    assert lens(Tags(camera={0xA434: "Unknown (00)"})) is None


def test_texts_lose_what_pads_them() -> None:
    assert text("Acme\0\0rest") == "Acme"
    assert text("MÃ¼ller") == "Müller"
    assert text(b"  \0") is None
    assert text("a\x07b") == "ab"


def test_apple_marks_both_halves_of_a_live_photo() -> None:
    mark = b"8C0A-11\0"
    note = b"Apple iOS\0\0\1MM" + struct.pack(">H", 1) + struct.pack(">HHII", 0x11, 2, len(mark), 30) + b"\0\0" + mark
    assert content_id(Tags(camera={0x927C: note})) == "8C0A-11"
    assert content_id(Tags(camera={0x927C: note[:20]})) is None
    assert content_id(Tags(camera={0x927C: b"Nikon"})) is None


def test_keywords_are_paths_without_their_ends_again() -> None:
    body = bag("lr:hierarchicalSubject", "People|Ann", "Sea") + bag("dc:subject", "Ann", "Sea", "Summer")
    assert facts(inside=xmp("", body)).keywords == ("People/Ann", "Sea", "Summer")
    assert facts(iptc={(2, 25): [b"One", b"Two"]}).keywords == ("One", "Two")


def test_faces_turn_with_their_picture() -> None:
    face = (
        '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description '
        'mwg-rs:Name="Ann" mwg-rs:Type="Face"><mwg-rs:Area stArea:x="0.25" stArea:y="0.4" stArea:w="0.1" '
        'stArea:h="0.2" stArea:unit="normalized"/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList>'
        "</mwg-rs:Regions>"
    )
    (upright,) = facts(inside=xmp("", face)).faces
    assert (upright.name, upright.x, upright.y, upright.width, upright.height) == ("Ann", 0.25, 0.4, 0.1, 0.2)
    (turned,) = facts(inside=xmp("", face), main={0x0112: 6}).faces
    assert (turned.x, turned.y, turned.width, turned.height) == (0.6, 0.25, 0.2, 0.1)


def test_foreign_xmp_reads_no_files_and_no_nonsense() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    assert parse(bomb, "<a", b"\xff\xff", None, 7) == Xmp()
    assert facts(inside=xmp('xmp:Rating="0"')).rating is None
    assert facts(inside=xmp('xmp:Rating="-1"')).rating == -1
    assert facts(inside=xmp('xmp:Rating="99"')).rating is None
    assert facts(inside=xmp('GPano:ProjectionType="equirectangular"')).projection_type == "EQUIRECTANGULAR"


def test_google_counts_films_from_the_end() -> None:
    def item(what: str, length: int, padding: int = 0) -> str:
        return (
            f'<rdf:li><Container:Item Item:Mime="x/y" Item:Semantic="{what}" Item:Length="{length}" '
            f'Item:Padding="{padding}"/></rdf:li>'
        )

    items = item("Primary", 0, 8) + item("MotionPhoto", 5000) + item("GainMap", 300)
    body = f"<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>"
    assert xmp_motion(xmp("", body)) == Piece(5000, 300)


def test_films_inside_pictures_are_found_where_they_are(tmp_path: Path) -> None:
    film = struct.pack(">I", 24) + b"ftypmp42" + bytes(100)
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff" + bytes(50) + film)
    assert find_motion(str(path), Piece(len(film))) == Motion(53, len(film))
    assert find_motion(str(path), Piece(len(film) + 1)) is None
    assert find_motion(str(path), Piece(10**12)) is None

    name = b"MotionPhoto_Data"
    block = struct.pack("<HHI", 0, 0x0A30, len(name)) + name + film
    directory = b"SEFH" + struct.pack("<II", 107, 1) + struct.pack("<HHII", 0, 0x0A30, len(block), len(block))
    trailer = block + directory + struct.pack("<I", len(directory)) + b"SEFT"
    path.write_bytes(b"\xff\xd8\xff" + bytes(50) + trailer)
    assert find_motion(str(path), None) == Motion(53 + 8 + len(name), len(film))

    heic = struct.pack(">I", 16) + b"ftypheic\0\0\0\0" + struct.pack(">I", 8 + len(film)) + b"mpvd" + film
    path.write_bytes(heic)
    assert find_motion(str(path), None) == Motion(24, len(film))
    path.write_bytes(b"")
    assert find_motion(str(path), None) is None


@pytest.mark.parametrize(("kind", "ending"), [("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png")])
def test_animations_have_a_length_and_stills_have_none(tmp_path: Path, kind: str, ending: str) -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    path = tmp_path / f"a.{ending}"
    frames[0].save(path, kind, save_all=True, append_images=frames[1:], duration=200)
    assert duration_of(str(path), kind) == 600
    frames[0].save(path, kind)
    assert duration_of(str(path), kind) is None
    path.write_bytes(path.read_bytes()[:20])
    assert duration_of(str(path), kind) is None


def test_films_know_their_clock_and_place() -> None:
    apple = {"com.apple.quicktime.creationdate": "2023-06-01T12:00:00+0200", "creation_time": "2023-06-01T10:00:00Z"}
    assert film_taken(apple) == Moment(NOON, 120)
    assert film_taken({"creation_time": "2023-06-01T12:00:00.000000Z"}) == Moment(NOON, 0, is_utc=True)
    assert film_taken({"creation_time": "1904-01-01T00:00:00.000000Z"}) is None
    assert film_taken({"creation_time": "1970-01-01T00:00:00.000000Z"}) is None
    assert film_position({"location": "+41.2203-096.0716/"}) == (41.2203, -96.0716)
    assert film_position({"com.apple.quicktime.location.iso6709": "-33.8750+151.2100+020.1/"}) == (-33.875, 151.21)
    assert film_position({"location": "+00.0000+000.0000/"}) is None
    assert film_position({"location": "here"}) is None


@pytest.mark.parametrize("size", [(640, 480), (100, 37), (8, 8), (5000, 3)])
def test_jpeg_xl_tells_its_size_before_it_is_decoded(size: tuple[int, int]) -> None:
    import pillow_jxl  # noqa: F401, PLC0415 - as the worker does

    body = io.BytesIO()
    Image.new("RGB", size).save(body, "JXL")
    assert is_jxl(body.getvalue())
    assert jxl_size(body.getvalue()) == size
    assert jxl_size(body.getvalue()[:5]) is None
