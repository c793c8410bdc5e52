"""Files on their way to a place in a folder: what disks do meanwhile, and what stays of it."""

import os
from pathlib import Path

import pytest

from homemedia.core.problems import Unavailable
from homemedia.heaps import folder_placing
from homemedia.heaps.folder_placing import Holds, Placing, Wanted, take_away
from homemedia.library.scan.disks import Pulse
from homemedia.library.scan.roots import RootFacts

ROOT_ID = 7


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    return folder


def wanted(root: Path, name: str = "Plums.txt", *, held: bool = False, device: int | None = None) -> Wanted:
    source = root.parent / "sent"
    source.write_bytes(b"plums")
    facts = RootFacts(root_id=ROOT_ID, path=str(root), device=device, held_files=held)
    return Wanted(root=facts, below="", name=name, source=source, modified_at=5000, known=())


def test_file_lies_at_its_place_and_is_held_until_its_row_is_there(root: Path) -> None:
    holds = Holds()
    placing = Placing(wanted(root), holds)

    spot = placing.put(pulse=Pulse())

    assert [path.name for path in root.iterdir()] == ["Plums.txt"]
    assert (spot.path, spot.size_bytes, spot.mtime_ns) == ("Plums.txt", 5, 5_000_000_000)
    assert (ROOT_ID, "Plums.txt") in holds
    placing.end()
    assert (ROOT_ID, "Plums.txt") not in holds


def test_nothing_stays_of_what_was_called_off_before_it_was_there(root: Path) -> None:
    holds = Holds()
    placing = Placing(wanted(root), holds)

    assert placing.call_off() is None
    with pytest.raises(InterruptedError):
        placing.put(pulse=Pulse())

    assert list(root.iterdir()) == []
    assert (ROOT_ID, "Plums.txt") not in holds


def test_who_calls_off_what_is_there_is_told_what_to_take_away(root: Path) -> None:
    placing = Placing(wanted(root), Holds())
    spot = placing.put(pulse=Pulse())

    left = placing.call_off()

    assert left == spot
    take_away(str(root), spot)
    assert list(root.iterdir()) == []


def test_disk_that_fails_after_the_name_was_given_keeps_neither_name_nor_hold(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_folder: Path) -> None:
        raise OSError("the disk has gone")

    monkeypatch.setattr(folder_placing, "sync_folder", fails)
    holds = Holds()

    with pytest.raises(OSError, match="gone"):
        Placing(wanted(root), holds).put(pulse=Pulse())

    assert list(root.iterdir()) == []
    assert (ROOT_ID, "Plums.txt") not in holds


def test_two_at_once_do_not_take_each_others_name(root: Path) -> None:
    holds = Holds()
    assert holds.take((ROOT_ID, "Plums.txt"))

    spot = Placing(wanted(root), holds).put(pulse=Pulse())

    assert spot.path == "Plums (2).txt"
    assert (ROOT_ID, "Plums.txt") in holds


def test_disk_without_links_has_it_all_the_same_and_replaces_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlinked(_source: object, _target: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", unlinked)

    first = Placing(wanted(root), Holds()).put(pulse=Pulse())
    second = Placing(wanted(root), Holds()).put(pulse=Pulse())

    assert (first.path, second.path) == ("Plums.txt", "Plums (2).txt")


def test_empty_mount_point_is_not_taken_for_the_disk_that_lay_there(root: Path) -> None:
    with pytest.raises(Unavailable):
        Placing(wanted(root, held=True), Holds()).put(pulse=Pulse())

    assert list(root.iterdir()) == []


def test_other_disk_at_the_same_place_is_not_written_to(root: Path) -> None:
    (root / "stranger.txt").write_bytes(b"x")

    with pytest.raises(Unavailable):
        Placing(wanted(root, held=True, device=1), Holds()).put(pulse=Pulse())


def test_what_a_killed_server_left_half_written_goes_with_the_next_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / ".0123456789abcdef.part").write_bytes(b"half")
    (root / ".mine.part").write_bytes(b"a person's own")

    Placing(wanted(root), Holds()).put(pulse=Pulse())
    assert (root / ".0123456789abcdef.part").exists()
    monkeypatch.setattr(folder_placing, "LEFT_S", -60.0)
    Placing(wanted(root), Holds()).put(pulse=Pulse())

    assert sorted(path.name for path in root.iterdir()) == [".mine.part", "Plums (2).txt", "Plums.txt"]
