"""Archives that are sent while they are read: as others read them, and as long as they say."""

import io
import zipfile
from pathlib import Path

import pytest

from homemedia.core import zipped
from homemedia.core.problems import Gone
from homemedia.core.threads import Lane
from homemedia.core.zipped import Entry, archive, length, unlike

AT = 1_705_318_200_000  # 2024-01-15 11:30:00


async def packed(entries: list[Entry]) -> bytes:
    lane = Lane("zip", 1)
    try:
        return b"".join([chunk async for chunk in archive(entries, lane)])
    finally:
        await lane.close()


def entry(path: Path, name: str, data: bytes) -> Entry:
    path.write_bytes(data)
    return Entry(name=name, path=path, size_bytes=len(data), changed_at=AT)


async def test_archive_is_read_by_others(tmp_path: Path) -> None:
    files = {"Straße 1.jpg": b"a" * 3_000_000, "empty.txt": b"", "b.jpg": bytes(range(256))}
    entries = [entry(tmp_path / str(number), name, data) for number, (name, data) in enumerate(files.items())]

    made = await packed(entries)

    assert len(made) == length(entries)
    with zipfile.ZipFile(io.BytesIO(made)) as read:
        assert read.testzip() is None
        assert {name: read.read(name) for name in read.namelist()} == files
        assert read.getinfo("b.jpg").date_time == (2024, 1, 15, 11, 30, 0)


async def test_large_archive_is_read_by_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "_LARGE", 1000)
    monkeypatch.setattr(zipped, "_MANY", 3)
    entries = [entry(tmp_path / str(number), f"{number}.bin", b"x" * 700 * number) for number in range(5)]

    made = await packed(entries)

    assert len(made) == length(entries)
    assert made.count(b"PK\6\6") == 1


async def test_sparse_file_beyond_four_gibibytes_has_its_length(tmp_path: Path) -> None:
    big = Entry(name="big", path=tmp_path / "big", size_bytes=5 << 30, changed_at=AT)
    small = Entry(name="small", path=tmp_path / "small", size_bytes=1, changed_at=-(1 << 60))

    assert length([big, small]) > 5 << 30


async def test_file_that_shrinks_ends_the_archive(tmp_path: Path) -> None:
    short = entry(tmp_path / "a", "a", b"123")
    (tmp_path / "a").write_bytes(b"1")

    with pytest.raises(Gone):
        await packed([short])


async def test_file_that_is_away_ends_the_archive(tmp_path: Path) -> None:
    with pytest.raises(Gone):
        await packed([Entry(name="a", path=tmp_path / "no", size_bytes=1, changed_at=AT)])


def test_names_that_are_there_already_get_a_number() -> None:
    names = ["a.jpg", "A.jpg", "a.jpg", "b", "b", "../x/y.jpg", ".hidden", "", "a+1.jpg"]

    made = unlike(names)

    assert made == ["a.jpg", "A+1.jpg", "a+2.jpg", "b", "b+1", "_x_y.jpg", "hidden", "file", "a+1+1.jpg"]
