"""Disks that take `film.mkv` and `Film.mkv` for one: which of the two lies there."""

import os
from pathlib import Path

import pytest

from homemedia.library.scan.moves import lies_there
from tests.library.scan.conftest import World, states


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that finds names whatever their case: every path is there as soon as one of its forms is."""
    real = os.path.lexists

    def lexists(path: str) -> bool:
        if real(path):
            return True
        folder, name = os.path.split(path)
        if len(folder) < 2 or not lexists(folder):
            return False
        parent = Path(folder)
        while not real(parent):
            parent = next(one for one in parent.parent.iterdir() if one.name.casefold() == parent.name.casefold())
        return any(other.name.casefold() == name.casefold() for other in parent.iterdir())

    monkeypatch.setattr(os.path, "lexists", lexists)


@pytest.mark.parametrize(
    ("path", "there"),
    [("Film/Film.mkv", True), ("Film/film.mkv", False), ("film/Film.mkv", False), ("Film/other.mkv", False)],
)
def test_name_is_there_as_its_folder_writes_it(tmp_path: Path, forgetful: None, path: str, there: bool) -> None:  # noqa: FBT001
    (tmp_path / "Film").mkdir()
    (tmp_path / "Film/Film.mkv").touch()

    assert lies_there(str(tmp_path), path, {}) is there


async def test_rename_of_case_on_such_a_disk_is_a_move(world: World, forgetful: None) -> None:
    old = world.file("films/harbour lights (2011)/harbour lights (2011).mkv")
    library = await world.library("movie", "films")
    await world.scan(library)
    before = await world.rows("SELECT file_id, probed_at FROM file")

    old.rename(old.with_name("Harbour Lights (2011).mkv"))
    old.parent.rename(world.disk / "films/Harbour Lights (2011)")
    result = await world.scan(library)

    assert states(result.counts) == {"moved": 1}
    assert await world.rows("SELECT file_id, probed_at FROM file") == before
    assert await world.titles() == ["Harbour Lights"]


async def test_hard_link_under_another_case_is_no_move(world: World) -> None:
    old = world.file("films/a.mkv")
    library = await world.library("movie", "films")
    await world.scan(library)

    (world.disk / "films/A.mkv").hardlink_to(old)
    result = await world.scan(library)

    assert result.counts.moved == 0
    assert result.counts.removed == 0
