import os
from pathlib import Path

import pytest

from homemedia.core.problems import BadRequest, Forbidden, NotFound
from homemedia.server.browse import MAX_ENTRIES, Walls, browse


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("media/Film 10", "media/Film 2", "media/.secret", "media/lost+found", "data/keys", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "media/b.mkv").write_bytes(b"x" * 7)
    (tmp_path / "media/notes.txt").write_text("x")
    return tmp_path


@pytest.fixture
def walls(tree: Path) -> Walls:
    return Walls([tree / "data"])


def names(path: Path | str, walls: Walls, *, with_files: bool = False, with_hidden: bool = False) -> list[str]:
    return [entry.name for entry in browse(str(path), walls, with_files=with_files, with_hidden=with_hidden).entries]


def test_folders_come_in_natural_order_without_files_and_hidden_ones(tree: Path, walls: Walls) -> None:
    listing = browse(str(tree / "media"), walls, with_files=False, with_hidden=False)

    assert [entry.name for entry in listing.entries] == ["Film 2", "Film 10"]
    assert (listing.path, listing.parent, listing.resolved) == (str(tree / "media"), str(tree), None)
    assert all(entry.is_dir and entry.is_readable for entry in listing.entries)


def test_files_are_playable_ones_with_their_size(tree: Path, walls: Walls) -> None:
    listing = browse(str(tree / "media"), walls, with_files=True, with_hidden=False)

    assert [(entry.name, entry.size_bytes) for entry in listing.entries] == [
        ("Film 2", None),
        ("Film 10", None),
        ("b.mkv", 7),
    ]


def test_hidden_folders_show_when_asked_for(tree: Path, walls: Walls) -> None:
    assert names(tree / "media", walls, with_hidden=True) == [".secret", "Film 2", "Film 10", "lost+found"]


def test_our_own_folders_have_no_entry_and_do_not_open(tree: Path, walls: Walls) -> None:
    assert names(tree, walls) == ["media", "other"]
    for path in ("data", "data/keys", "media/../data", "data/."):
        with pytest.raises(Forbidden) as refused:
            browse(f"{tree}/{path}", walls, with_files=False, with_hidden=False)
        assert refused.value.code == "path_forbidden"


@pytest.mark.parametrize(
    "path", ["/proc", "/proc/self", "/sys", "/dev", "/run", "/boot", "/etc", "/root", "/media/../etc", "//etc", "/etc/"]
)
def test_the_systems_folders_do_not_open(walls: Walls, path: str) -> None:
    with pytest.raises(Forbidden):
        browse(path, walls, with_files=False, with_hidden=False)


def test_the_systems_folders_have_no_entry(walls: Walls) -> None:
    assert not {"proc", "sys", "dev", "run", "boot", "etc", "root"} & set(names("/", walls))


def test_plugged_in_disks_are_not_the_systems(walls: Walls) -> None:
    assert walls.forbids("/run/user")
    assert not walls.forbids("/run/media/ann/Disk")
    assert walls.forbids("/run/mediation")


def test_links_into_closed_folders_are_closed_too(tree: Path, walls: Walls) -> None:
    (tree / "media/way").symlink_to(tree / "data")
    (tree / "media/system").symlink_to("/etc")
    (tree / "media/key.mkv").symlink_to(tree / "data/keys")

    assert names(tree / "media", walls, with_files=True) == ["Film 2", "Film 10", "b.mkv"]
    for name in ("way", "way/keys", "system"):
        with pytest.raises(Forbidden):
            browse(f"{tree}/media/{name}", walls, with_files=False, with_hidden=False)


def test_data_folder_behind_a_link_is_closed_by_both_names(tree: Path) -> None:
    (tree / "alias").symlink_to(tree / "data")
    walls = Walls([tree / "alias"])

    for name in ("alias", "data"):
        with pytest.raises(Forbidden):
            browse(f"{tree}/{name}", walls, with_files=False, with_hidden=False)
    assert names(tree, walls) == ["media", "other"]


def test_links_to_open_folders_say_where_they_lead(tree: Path, walls: Walls) -> None:
    (tree / "other/films").symlink_to(tree / "media")

    listing = browse(str(tree / "other/films"), walls, with_files=False, with_hidden=False)

    assert (listing.path, listing.resolved) == (str(tree / "other/films"), str(tree / "media"))
    assert names(tree / "other", walls) == ["films"]


def test_browsing_can_be_narrowed_to_trees(tree: Path) -> None:
    (tree / "media/out").symlink_to(tree / "other")
    walls = Walls([tree / "data"], [str(tree / "media")])

    top = browse("/", walls, with_files=False, with_hidden=False)
    inner = browse(str(tree / "media"), walls, with_files=False, with_hidden=False)

    assert [entry.path for entry in top.entries] == [str(tree / "media")]
    assert (inner.parent, [entry.name for entry in inner.entries]) == ("/", ["Film 2", "Film 10"])
    assert walls.roots == [str(tree / "media")]
    for path in (tree, tree / "other", tree / "media/out", tree / "media/.."):
        with pytest.raises(Forbidden):
            browse(str(path), walls, with_files=False, with_hidden=False)


@pytest.mark.parametrize("path", ["", "media", "./media", "/a\0b", "~"])
def test_only_absolute_paths_are_taken(walls: Walls, path: str) -> None:
    with pytest.raises(BadRequest) as refused:
        browse(path, walls, with_files=False, with_hidden=False)

    assert refused.value.code == "path_not_absolute"


def test_what_is_no_folder_is_not_found(tree: Path, walls: Walls) -> None:
    (tree / "loop").symlink_to(tree / "loop")
    (tree / "dead").symlink_to(tree / "nowhere")

    for name in ("nowhere", "media/b.mkv", "loop", "dead", "x" * 5000, "media/b.mkv/c"):
        with pytest.raises(NotFound) as refused:
            browse(f"{tree}/{name}", walls, with_files=False, with_hidden=False)
        assert refused.value.code == "path_not_found"
    assert names(tree, walls, with_files=True) == ["media", "other"]


def test_names_that_are_no_text_are_shown_and_cannot_be_chosen(tree: Path, walls: Walls) -> None:
    os.mkdir(os.fsencode(tree / "other") + b"/caf\xe9")  # noqa: PTH102 - a name of bytes

    entry = browse(str(tree / "other"), walls, with_files=False, with_hidden=False).entries[0]

    assert (entry.name, entry.is_readable) == ("caf\ufffd", False)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folders_are_listed_as_such(tree: Path, walls: Walls) -> None:
    (tree / "other").chmod(0)

    entry = next(
        one for one in browse(str(tree), walls, with_files=False, with_hidden=False).entries if one.name == "other"
    )

    assert not entry.is_readable
    with pytest.raises(Forbidden):
        browse(str(tree / "other"), walls, with_files=False, with_hidden=False)


def test_endless_folders_are_cut(tree: Path, walls: Walls) -> None:
    for number in range(MAX_ENTRIES + 1):
        (tree / "other" / f"f{number}.mkv").touch()

    listing = browse(str(tree / "other"), walls, with_files=True, with_hidden=False)

    assert (len(listing.entries), listing.is_truncated) == (MAX_ENTRIES, True)
    assert [entry.name for entry in listing.entries[:3]] == ["f0.mkv", "f1.mkv", "f2.mkv"]
