"""A library's folder at another place: what is recognised, and by what."""

from pathlib import Path

import pytest

from homemedia.library.scan.relocate import Relocation, Shift, assign, befores, find_shift, nested, shifted


@pytest.mark.parametrize(
    ("old", "new", "shift"),
    [
        ("/m/films", "/m/films/all", Shift(before="all")),
        ("/m/films", "/m/films/a/b", Shift(before="a/b")),
        ("/m/films", "/m", Shift(after="films")),
        ("/m/films", "/", Shift(after="m/films")),
        ("/m/films", "/m/films2", None),
        ("/m/films", "/n/films", None),
    ],
)
def test_folders_inside_one_another(old: str, new: str, shift: Shift | None) -> None:
    assert nested(old, new) == shift


@pytest.mark.parametrize(
    ("path", "shift", "there"),
    [
        ("a/x.mkv", Shift(), "a/x.mkv"),
        ("a/x.mkv", Shift(before="a"), "x.mkv"),
        ("a", Shift(before="a"), ""),
        ("ab/x.mkv", Shift(before="a"), None),
        ("a/x.mkv", Shift(after="b/c"), "b/c/a/x.mkv"),
        ("", Shift(after="b"), "b"),
    ],
)
def test_path_below_the_new_place(path: str, shift: Shift, there: str | None) -> None:
    assert shifted(path, shift) == there


def test_each_root_and_each_place_is_given_once_and_unchanged_paths_count_more() -> None:
    found = {(1, "/a"): Shift(after="x"), (1, "/b"): Shift(), (2, "/b"): Shift(), (2, "/a"): Shift(before="y")}

    assert assign(found) == {1: Relocation("/b", Shift()), 2: Relocation("/a", Shift(before="y"))}


def test_folders_that_files_may_have_lain_in() -> None:
    assert befores(["a/b/c/d/x.mkv", "e/y.mkv", "z.mkv"]) == ["a", "e", "a/b", "a/b/c"]


def _lay(root: Path, *files: str) -> list[tuple[str, int]]:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(file.rpartition("/")[2].encode())
    return [(file, len(file.rpartition("/")[2])) for file in files]


@pytest.mark.parametrize(
    ("known", "there", "shift"),
    [
        (["A/a.mkv", "B/b.mkv"], ["A/a.mkv", "B/b.mkv"], Shift()),
        (["A/a.mkv", "B/b.mkv"], ["A/a.mkv", "new.mkv"], Shift()),
        (["A/a.mkv", "B/b.mkv", "C/c.mkv"], ["A/a.mkv"], None),
        (["A/a.mkv", "B/b.mkv"], ["films/A/a.mkv", "films/B/b.mkv"], Shift(after="films")),
        (["F/A/a.mkv", "F/B/b.mkv", "S/c.mkv"], ["A/a.mkv", "B/b.mkv"], Shift(before="F")),
        (["A/a.mkv"], ["A/b.mkv"], None),
        ([], ["A/a.mkv"], None),
    ],
)
def test_known_files_are_found_at_the_new_place(
    tmp_path: Path, known: list[str], there: list[str], shift: Shift | None
) -> None:
    some = _lay(tmp_path / "old", *known)
    _lay(tmp_path / "new", *there)

    assert find_shift(str(tmp_path / "new"), some) == shift


def test_files_of_another_size_are_others(tmp_path: Path) -> None:
    _lay(tmp_path, "A/a.mkv")

    assert find_shift(str(tmp_path), [("A/a.mkv", 999)]) is None
