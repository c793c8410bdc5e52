"""Headers read by ourselves: rotation and Dolby Vision."""

import io
import struct
from pathlib import Path

import pytest

from homemedia.media.boxes import Dolby, dolby_record, matroska_dolby, mp4_tracks, rotation_of
from tests.support.samples import a_film

UNIT = 0x10000


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def record(profile: int, compatibility: int) -> bytes:
    return bytes([1, 0]) + (profile << 9 | 6 << 3 | 5).to_bytes(2, "big") + bytes([compatibility << 4]) + bytes(19)


def an_mp4(*, matrix: tuple[int, int] = (UNIT, 0), entry: bytes = b"", version: int = 0) -> bytes:
    times = bytes(8 if version == 0 else 16)
    header = bytes([version, 0, 0, 3]) + times + (7).to_bytes(4, "big") + bytes(8 if version == 0 else 12) + bytes(16)
    tkhd = box(b"tkhd", header, struct.pack(">2i", *matrix), bytes(28), bytes(8))
    stsd = box(b"stsd", bytes(8), box(b"hvc1", bytes(78), entry))
    media = box(b"mdia", box(b"mdhd", bytes(24)), box(b"minf", box(b"stbl", stsd)))
    return (
        box(b"ftyp", b"isom")
        + box(b"mdat", bytes(100))
        + box(b"moov", box(b"mvhd", bytes(100)), box(b"trak", tkhd, media))
    )


@pytest.mark.parametrize(
    ("matrix", "turn"),
    [((UNIT, 0), 0), ((0, UNIT), 90), ((-UNIT, 0), 180), ((0, -UNIT), 270), ((0, 0), 0), ((65000, 3000), 0)],
)
@pytest.mark.parametrize("version", [0, 1])
def test_a_turned_track_is_known_before_any_decoding(matrix: tuple[int, int], turn: int, version: int) -> None:
    assert rotation_of(matrix) == turn
    assert mp4_tracks(io.BytesIO(an_mp4(matrix=matrix, version=version)))[7].rotation == turn


@pytest.mark.parametrize(("name", "profile", "compatibility"), [(b"dvcC", 5, 0), (b"dvcC", 7, 6), (b"dvvC", 8, 1)])
def test_dolby_vision_is_read_from_the_sample_entry(name: bytes, profile: int, compatibility: int) -> None:
    body = an_mp4(entry=box(b"hvcC", bytes(30)) + box(name, record(profile, compatibility)))

    assert mp4_tracks(io.BytesIO(body))[7].dolby == Dolby(profile, compatibility)


def test_dolby_vision_is_read_from_matroska() -> None:
    head = b"\x1a\x45\xdf\xa3" + bytes(60) + b"\x41\xe7\x84dvvC\x41\xed\x98" + record(8, 4) + bytes(100)

    assert matroska_dolby(io.BytesIO(head)) == Dolby(8, 4)


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00" * 100, b"\xff" * 100, an_mp4()[:200], an_mp4()[:-60], b"\x00\x00\x00\x01moov" + b"\xff" * 8],
    ids=["empty", "zeros", "ones", "cut in moov", "cut at the end", "endless box"],
)
def test_damaged_headers_mean_not_known(body: bytes) -> None:
    assert all(track.dolby is None for track in mp4_tracks(io.BytesIO(body)).values())
    assert matroska_dolby(io.BytesIO(body)) is None


def test_what_is_no_record_is_not_taken_for_one() -> None:
    assert dolby_record(b"") is None
    assert dolby_record(b"\x00" * 24) is None


def test_a_box_in_a_box_without_end_is_left_after_a_while() -> None:
    assert mp4_tracks(io.BytesIO(box(b"free") * 100_000)) == {}


def test_an_ordinary_film_is_upright(tmp_path: Path) -> None:
    with a_film(tmp_path / "film.mp4").open("rb") as file:
        tracks = mp4_tracks(file)

    assert [track.rotation for track in tracks.values()] == [0, 0]
