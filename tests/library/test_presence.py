"""What is told of a file that is not there: it is gone, or its disk is."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.library import presence as presence_module
from homemedia.library.files import PlaceOfFile
from homemedia.library.presence import PER_ROOT, Presence


@pytest.fixture
async def presence() -> AsyncIterator[Presence]:
    async with Lane("looks", 4) as lane:
        yield Presence(lane)


@pytest.fixture
def film(tmp_path: Path) -> PlaceOfFile:
    root = tmp_path / "films"
    root.mkdir()
    (root / "Heat.mkv").write_bytes(b"film")
    return PlaceOfFile(root=root, path=root / "Heat.mkv", content_type="")


async def _told(presence: Presence, place: PlaceOfFile) -> tuple[int, str]:
    with pytest.raises(AppError) as refused:
        await presence.see(place)
    return refused.value.status, refused.value.code


async def test_file_that_lies_there_is_seen(presence: Presence, film: PlaceOfFile) -> None:
    await presence.see(film)


async def test_gone_file_is_missing(presence: Presence, film: PlaceOfFile) -> None:
    film.path.unlink()

    assert await _told(presence, film) == (404, "file_missing")


async def test_gone_folder_of_the_library_is_a_disk_away(presence: Presence, film: PlaceOfFile, tmp_path: Path) -> None:
    film.root.rename(tmp_path / "unplugged")

    assert await _told(presence, film) == (503, "storage_unavailable")


async def test_link_out_of_the_library_is_no_film(presence: Presence, film: PlaceOfFile, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"key")
    film.path.unlink()
    film.path.symlink_to(tmp_path / "secret")

    assert await _told(presence, film) == (404, "file_missing")


async def test_dead_disk_is_told_and_leaves_the_others_theirs(
    presence: Presence, film: PlaceOfFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    dead = PlaceOfFile(root=tmp_path / "dead", path=tmp_path / "dead" / "film.mkv", content_type="")
    look = presence_module._look

    def waits(place: PlaceOfFile) -> bool:
        return answers.wait() if place is dead else look(place)

    monkeypatch.setattr(presence_module, "_look", waits)
    monkeypatch.setattr(presence_module, "DISK_LIMIT_S", 0.05)

    told = await asyncio.gather(*(_told(presence, dead) for _ in range(2 * PER_ROOT)))
    monkeypatch.setattr(presence_module, "DISK_LIMIT_S", 10.0)
    await presence.see(film)
    answers.set()

    assert set(told) == {(503, "storage_unavailable")}
