from pathlib import Path

import pytest

from homemedia.server.browse import Walls
from homemedia.server.guesses import kind_by_content, kind_by_name, scan_seconds
from homemedia.server.mounts import Mount, parse_mounts
from homemedia.server.suggest import Search, Suggestion, children, shared_places


def fill(folder: Path, *names: str, size: int = 10) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * size)


def search(home: Path, *starts: Path, walls: Walls | None = None, budget_s: float = 30.0) -> list[Suggestion]:
    named = [str(start) for start in starts]
    return Search(home, walls or Walls(trees=[]), budget_s=budget_s, starts=named, remote=frozenset()).run()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Movies", "movie"),
        ("FILME", "movie"),
        ("Películas", "movie"),
        ("Peli\u0301culas", "movie"),
        ("TV_Shows", "show"),
        ("Serien", "show"),
        ("tv-serier", "show"),
        ("Home-Videos", "video"),
        ("DCIM", "video"),
        ("Musik", "music"),
        ("MP3s", "music"),
        ("Videos", None),
        ("Backups", None),
    ],
)
def test_names_tell_in_many_languages(name: str, kind: str | None) -> None:
    assert kind_by_name(name) == kind


@pytest.mark.parametrize(
    ("paths", "kind"),
    [
        (["Heat (1995)/Heat.mkv", "Ran.1985.mkv", "x.mkv"], "movie"),
        (["Dark/Dark.S01E01.mkv", "Dark/Dark 1x02.mkv", "Heat (1995).mkv"], "show"),
        (["Show/Season 1/01.mkv"], "show"),
        (["VID_20240101_120000.mp4", "IMG_1234.MOV", "GOPR0001.MP4"], "video"),
        (["20240101_120000.mp4"], "video"),
        (["birthday.mp4"], "video"),
        ([], "video"),
    ],
)
def test_content_tells_where_the_name_does_not(paths: list[str], kind: str) -> None:
    assert kind_by_content(paths) == kind


def test_folders_are_found_with_kind_count_and_size(tmp_path: Path) -> None:
    fill(tmp_path / "disk/Big/Filme", "Heat (1995)/Heat.mkv", "Heat (1995)/poster.jpg", "Ran.mkv")
    fill(tmp_path / "disk/Big/Serien", "Dark/S01E01.mkv")
    fill(tmp_path / "disk/Big/Scans", "a.pdf")
    fill(tmp_path / "home/Videos", "IMG_0001.MOV", ".cache/x.mkv")

    found = search(tmp_path / "home", tmp_path / "disk")

    assert [(one.name, one.kind, one.files, one.size_bytes, one.is_complete) for one in found] == [
        ("Videos", "video", 1, 10, True),
        ("Filme", "movie", 2, 20, True),
        ("Serien", "show", 1, 10, True),
    ]


def test_music_is_found_by_the_name_of_its_folder_and_told_by_what_lies_in_others(tmp_path: Path) -> None:
    fill(tmp_path / "home/Music", "Nils Frahm/Felt/01 Keep.mp3", "Nils Frahm/Felt/cover.jpg", "mix.m3u", "clip.mp4")
    fill(tmp_path / "home/Klänge", "a.flac", "b.mp3")
    (tmp_path / "home/.config").mkdir()
    (tmp_path / "home/.config/user-dirs.dirs").write_text('XDG_MUSIC_DIR="$HOME/Klänge"\n')
    fill(tmp_path / "disk/Stuff/A", *(f"{n:02}.flac" for n in range(12)), "making of.mp4")
    fill(tmp_path / "disk/Stuff/B", "Heat (1995).mkv", *(f"{n:02}.mp3" for n in range(5)))

    found = search(tmp_path / "home")
    inside = children(str(tmp_path / "disk/Stuff"), Walls(trees=[]), budget_s=30.0)

    assert [(one.name, one.kind, one.files) for one in found] == [("Klänge", "music", 2), ("Music", "music", 1)]
    assert [(one.name, one.kind, one.files, one.size_bytes) for one in inside] == [
        ("A", "music", 12, 120),
        ("B", "movie", 1, 10),
    ]


def test_inner_folders_are_suggested_instead_of_the_one_around_them(tmp_path: Path) -> None:
    fill(tmp_path / "Videos", "loose.mkv", "Filme/Ran (1985).mkv", "Camera/1.mp4")

    assert [(one.name, one.kind) for one in search(tmp_path)] == [("Camera", "video"), ("Filme", "movie")]


def test_desktops_word_for_videos_is_known(tmp_path: Path) -> None:
    fill(tmp_path, "Moje filmy/a.mkv")
    fill(tmp_path / ".config", "user-dirs.dirs")
    (tmp_path / ".config/user-dirs.dirs").write_text('XDG_MUSIC_DIR="$HOME/M"\nXDG_VIDEOS_DIR="$HOME/Moje filmy"\n')

    assert [one.name for one in search(tmp_path)] == ["Moje filmy"]


def test_empty_and_closed_folders_are_not_suggested(tmp_path: Path) -> None:
    (tmp_path / "disk/Movies").mkdir(parents=True)
    fill(tmp_path / "disk/data", "x.mkv")
    (tmp_path / "disk/Films").symlink_to(tmp_path / "disk/data")

    assert search(tmp_path, tmp_path / "disk", walls=Walls([tmp_path / "disk/data"], trees=[])) == []


def test_the_same_folder_by_two_ways_is_one_suggestion(tmp_path: Path) -> None:
    fill(tmp_path / "disk/Movies", "a.mkv")
    (tmp_path / "Movies").symlink_to(tmp_path / "disk/Movies")

    assert len(search(tmp_path, tmp_path / "disk")) == 1


def test_search_without_time_says_it_is_not_complete(tmp_path: Path) -> None:
    fill(tmp_path / "Movies", "a.mkv")
    walls = Walls(trees=[])

    assert search(tmp_path, budget_s=0.0) == []
    found = children(str(tmp_path), walls, budget_s=0.0)

    assert [(one.kind, one.is_complete) for one in found] == [("movie", False)]


def test_children_show_what_each_folder_holds(tmp_path: Path) -> None:
    fill(tmp_path, "Films/a.mkv", "Backups/x.zip", "Odd/Dark S01E01.mkv", "Odd/b/Dark S01E02.mkv")

    found = children(str(tmp_path), Walls(trees=[]), budget_s=30.0)

    assert [(one.name, one.kind, one.files) for one in found] == [
        ("Backups", None, 0),
        ("Films", "movie", 1),
        ("Odd", "show", 2),
    ]


@pytest.mark.parametrize(("files", "seconds"), [(0, 1), (900, 1), (90_000, 100)])
def test_scan_time_grows_with_the_files(files: int, seconds: int) -> None:
    assert scan_seconds(files) == seconds


TABLE = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 8:1 / / rw - ext4 /dev/sda1 rw
40 27 8:17 / /mnt/Big\040Disk rw shared:1 - ext4 /dev/sdb1 rw
41 27 0:50 / /mnt/nas rw - nfs4 nas:/films rw
42 27 8:33 / /data2 rw - xfs /dev/sdc1 rw
broken line
"""


def test_mount_table_is_read_without_touching_the_disks() -> None:
    found = parse_mounts(TABLE)

    assert found[2:] == [Mount("/mnt/Big Disk", "ext4"), Mount("/mnt/nas", "nfs4"), Mount("/data2", "xfs")]
    assert [mount.is_remote for mount in found] == [False, False, False, True, False]
    places = shared_places(found)
    assert "/data2" in places
    assert not {"/", "/proc", "/mnt/nas"} & set(places)
