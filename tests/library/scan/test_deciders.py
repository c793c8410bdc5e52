"""The pure deciders of a scan, by tables."""

from pathlib import Path

import pytest

from homemedia.library.models import LibraryKind
from homemedia.library.scan.diff import Candidate, FileReports, Known, compare, moved_from, steady_by_time
from homemedia.library.scan.discover import is_mass_loss
from homemedia.library.scan.hashing import quick_hash
from homemedia.library.scan.identify import identify, unit_of
from homemedia.library.scan.kinds import is_artwork
from homemedia.library.scan.roots import check_choice, is_local, mount_of, overlaps
from homemedia.library.scan.settle import KnownItem, KnownItems, Link, match_items, rearranged
from homemedia.library.scan.tally import Tally
from homemedia.library.scan.walk import Entry
from homemedia.library.scan.wanted import FileRef, Wanted, WantedFile, contradict, merged

S = 1_000_000_000


def entry(name: str = "a.mkv", size: int = 10, mtime: int = 100, inode: int = 1) -> Entry:
    return Entry(name, size, mtime, inode, "video")


def known(
    file_id: int = 1, name: str = "a.mkv", size: int = 10, mtime: int = 100, inode: int = 1, **more: bool
) -> Known:
    return Known(1, name, size, mtime, inode, "video", more.get("is_missing", False), more.get("has_failed", False))


@pytest.mark.parametrize(
    ("now", "row", "is_steady", "state"),
    [
        pytest.param(entry(), None, True, "added", id="new"),
        pytest.param(entry(), None, False, "deferred", id="new and being written"),
        pytest.param(entry(size=0), None, True, "deferred", id="empty"),
        pytest.param(entry(), known(), False, "same", id="as it was, whatever the clock says"),
        pytest.param(entry(), known(has_failed=True), True, "failed", id="could not be read before"),
        pytest.param(entry(size=11), known(), True, "changed", id="other size"),
        pytest.param(entry(mtime=101), known(), True, "changed", id="other time"),
        pytest.param(entry(mtime=101), known(), False, "deferred", id="being overwritten"),
        pytest.param(entry(inode=2), known(), True, "renumbered", id="other inode"),
        pytest.param(entry(), known(is_missing=True), True, "returned", id="back"),
        pytest.param(None, known(), True, "gone", id="gone"),
        pytest.param(None, known(is_missing=True), True, "", id="gone before"),
    ],
)
def test_each_file_is_in_one_list(now: Entry | None, row: Known | None, is_steady: bool, state: str) -> None:  # noqa: FBT001
    diff = compare([now] if now else [], [row] if row else [], lambda _entry: is_steady)

    found = [name for name in diff.__struct_fields__ if getattr(diff, name)]
    assert found == ([state] if state else [])


@pytest.mark.parametrize(
    ("age_s", "is_closed", "is_busy", "is_steady"),
    [
        (10, False, False, True),
        (2, False, False, False),
        (2, True, False, True),
        (10, False, True, False),
        (-60, False, False, True),
    ],
)
def test_steady_by_age_or_by_word(age_s: int, is_closed: bool, is_busy: bool, is_steady: bool) -> None:  # noqa: FBT001
    class Told(FileReports):
        def is_closed(self, path: str, mtime_ns: int) -> bool:
            return is_closed

        def is_busy(self, path: str) -> bool:
            return is_busy

    now_ns = 1_000_000 * S

    assert steady_by_time(now_ns, "/films", Told())(entry(mtime=now_ns - age_s * S)) is is_steady


@pytest.mark.parametrize(
    ("candidates", "found"),
    [
        pytest.param([Candidate(7, "x.mkv", 1, 9, "h", is_there=False)], 7, id="same content, old path gone"),
        pytest.param([Candidate(7, "x.mkv", 1, 9, "h", is_there=True)], None, id="a copy"),
        pytest.param([Candidate(7, "x.mkv", 1, 9, "other", is_there=False)], None, id="same size only"),
        pytest.param([Candidate(7, "x.mkv", 100, 1, None, is_there=False)], 7, id="never hashed, same inode and time"),
        pytest.param([Candidate(7, "x.mkv", 99, 1, None, is_there=False)], None, id="never hashed, other time"),
        pytest.param(
            [Candidate(7, "x.mkv", 1, 9, "h", is_there=False), Candidate(8, "a.mkv", 1, 9, "h", is_there=False)],
            8,
            id="the one of the same name",
        ),
    ],
)
def test_moved_file_is_recognised(candidates: list[Candidate], found: int | None) -> None:
    moved = moved_from(entry(), "h", candidates)

    assert (moved.file_id if moved else None) == found


@pytest.mark.parametrize(
    ("missing", "known_files", "is_mass"),
    [(50, 60, False), (51, 170, False), (51, 169, True), (51, 51, True), (0, 0, False)],
)
def test_mass_loss_is_many_and_a_large_share(missing: int, known_files: int, is_mass: bool) -> None:  # noqa: FBT001
    assert is_mass_loss(missing, known_files) is is_mass


@pytest.mark.parametrize(
    ("kind", "folder", "unit"),
    [
        ("movie", "Dream (2010)", "Dream (2010)"),
        ("movie", "Dream (2010)/trailers", "Dream (2010)"),
        ("movie", "Dream (2010)/Subs/Dream", "Dream (2010)"),
        ("movie", "Dream (2010)/BDMV/STREAM", "Dream (2010)"),
        ("movie", "A-F/Dream (2010)", "A-F/Dream (2010)"),
        ("movie", "", ""),
        ("show", "Tidewater/Season 1/extras", "Tidewater"),
        ("show", "", ""),
        ("video", "2019/Lake", "2019/Lake"),
    ],
)
def test_unit_of_a_folder(kind: str, folder: str, unit: str) -> None:
    assert unit_of(LibraryKind(kind), folder) == unit


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("poster.jpg", True),
        ("Film.jpg", True),
        ("Film-fanart.png", True),
        ("FILM.JPG", True),
        ("IMG-1.jpg", False),
        ("season01-poster.jpg", True),
        ("IMG_1.jpg", False),
    ],
)
def test_pictures_of_films(name: str, is_ours: bool) -> None:  # noqa: FBT001
    assert is_artwork(name, {"film"}) is is_ours


def test_trailer_in_the_root_hangs_on_no_stranger() -> None:
    files = [
        FileRef(1, "Dream (2010).mkv", "video", 1),
        FileRef(2, "Fog (2011).mkv", "video", 1),
        FileRef(3, "trailers/Fog.mp4", "video", 1),
        FileRef(4, "trailers/Other.mp4", "video", 1),
    ]

    found = identify(LibraryKind.MOVIE, "", files, "films")

    assert [(item.kind, item.title, item.parent) for item in found.wanted] == [
        ("movie", "Dream", None),
        ("movie", "Fog", None),
        ("extra", "Fog", 1),
        ("movie", "Other", None),
    ]


# Which item is which


def want(key: str, *files: int, kind: str = "movie", parent: int | None = None, number: int | None = None) -> Wanted:
    links = tuple(WantedFile(file_id, None, 0, 1, 1) for file_id in files)
    return Wanted(kind=kind, keys=(key,), title=key, parent=parent, number=number, files=links)


def have(*items: KnownItem) -> KnownItems:
    by_key: dict[str, list[int]] = {}
    by_file: dict[int, list[int]] = {}
    children: dict[int, list[int]] = {}
    for item in items:
        for key in item.keys:
            by_key.setdefault(key, []).append(item.item_id)
        for file_id in item.links:
            by_file.setdefault(file_id, []).append(item.item_id)
        if item.parent_id is not None:
            children.setdefault(item.parent_id, []).append(item.item_id)
    return KnownItems(by_id={item.item_id: item for item in items}, by_key=by_key, by_file=by_file, children=children)


def one(
    item_id: int, key: str, *files: int, kind: str = "movie", parent: int | None = None, number: int | None = None
) -> KnownItem:
    return KnownItem(
        item_id=item_id,
        library_id="lib",
        kind=kind,
        parent_id=parent,
        number=number,
        number_end=None,
        air_date=None,
        keys=frozenset({key}),
        file_ids=frozenset(files),
        links=dict.fromkeys(files, (None, 1, 1)),
    )


def test_item_is_found_by_key_before_file() -> None:
    found = match_items([want("a", 2)], have(one(1, "a", 1), one(2, "b", 2)), "lib", frozenset({2}))

    assert found == [1]


def test_item_is_found_by_its_file_when_the_name_says_nothing() -> None:
    assert match_items([want("new", 2)], have(one(2, "b", 2)), "lib", frozenset({2})) == [2]


def test_item_that_keeps_another_file_is_not_taken_away() -> None:
    assert match_items([want("new", 2)], have(one(2, "b", 2, 3)), "lib", frozenset({2})) == [None]


def test_no_item_is_given_twice() -> None:
    wanted = [want("a", 1), want("c", 2)]

    assert match_items(wanted, have(one(1, "a", 1, 2)), "lib", frozenset({1, 2})) == [1, None]


def test_season_of_a_renamed_show_is_found_by_number_and_show_by_its_episodes() -> None:
    known_items = have(
        one(1, "show", 5, kind="show"),
        one(2, "s1", 5, kind="season", parent=1, number=1),
        one(3, "e1", 5, kind="episode", parent=2, number=1),
    )
    wanted = [
        want("show new", kind="show"),
        want("s1 new", kind="season", parent=0, number=1),
        want("e1 new", 5, kind="episode", parent=1, number=1),
    ]

    assert match_items(wanted, known_items, "lib", frozenset({5})) == [1, 2, 3]


@pytest.mark.parametrize(
    ("left", "right", "do"),
    [
        (["movie/tmdb/1", "movie/name/a/-"], ["movie/tmdb/2", "movie/name/a/-"], True),
        (["movie/tmdb/1"], ["movie/imdb/tt1"], False),
        (["movie/tmdb/1"], ["movie/tmdb/1"], False),
        (["movie/name/tmdb/-"], ["movie/name/tmdb/2001"], False),
    ],
)
def test_other_ids_mean_another_film(left: list[str], right: list[str], do: bool) -> None:  # noqa: FBT001
    assert contradict(left, right) is do


def test_units_with_a_key_in_common_are_one_item() -> None:
    first = [want("show", kind="show"), want("e1", 1, kind="episode", parent=0)]
    second = [want("show", kind="show"), want("e2", 2, kind="episode", parent=0)]

    found = merged([first, second])

    assert [(item.keys[0], item.parent) for item in found] == [("show", None), ("e1", 0), ("e2", 0)]


def link(file_id: int, version: str | None, index: int, height: int | None = None, part: int = 1, of: int = 1) -> Link:
    return Link(file_id=file_id, version=version, version_index=index, part=part, part_count=of, height=height)


def test_versions_of_two_folders_are_told_apart_and_parts_stay_together() -> None:
    changed = rearranged(
        [link(1, None, 0), link(2, None, 0), link(3, "4k", 1, 2160, 1, 2), link(4, "4k", 1, 2160, 2, 2)]
    )

    places = {one.file_id: (one.version, one.version_index) for one in changed}
    assert places[2] != (None, 0)
    assert 1 not in places
    assert places.get(3, ("4k", 1)) == places.get(4, ("4k", 1))


def test_states_of_a_tally_add_up_whatever_happens_to_a_file() -> None:
    tally = Tally()
    tally.count("unchanged", 5)
    tally.put(1, "added")
    tally.put(1, "duplicate")
    tally.fail(1)
    tally.fail(99)

    counts = tally.counts()
    assert (counts.unchanged, counts.failed, counts.added, counts.duplicate) == (4, 2, 0, 0)
    assert counts.total == 6


# Folders


@pytest.mark.parametrize(
    ("left", "right", "do"),
    [("/a", "/a", True), ("/a", "/a/b", True), ("/a/b", "/a", True), ("/a", "/ab", False), ("/", "/a", True)],
)
def test_folders_that_overlap(left: str, right: str, do: bool) -> None:  # noqa: FBT001
    assert overlaps(left, right) is do


MOUNTS = """/dev/sda1 / ext4 rw 0 0
nas:/films /mnt/nas nfs4 rw 0 0
//box/share /mnt/my\\040share cifs rw 0 0
/dev/sdb1 /mnt/usb ext4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "is_it"),
    [
        ("/films", True),
        ("/mnt/nas/films", False),
        ("/mnt/nas", False),
        ("/mnt/my share/a", False),
        ("/mnt/usb/x", True),
        ("/mnt/nasty", True),
    ],
)
def test_network_disks_tell_of_no_changes(path: str, is_it: bool) -> None:  # noqa: FBT001
    assert is_local(path, MOUNTS) is is_it


@pytest.mark.parametrize(
    ("path", "mount"),
    [
        ("/films", ("/", "ext4")),
        ("/mnt/nas/films", ("/mnt/nas", "nfs4")),
        ("/mnt/my share", ("/mnt/my share", "cifs")),
        ("/mnt/usb/x", ("/mnt/usb", "ext4")),
    ],
)
def test_disk_of_a_path_is_known_without_asking_it(path: str, mount: tuple[str, str]) -> None:
    assert mount_of(path, MOUNTS) == mount
    assert mount_of(path, "") == ("", "")


def test_chosen_folder_with_a_zero_byte_or_bad_name_is_refused(tmp_path: Path) -> None:
    assert check_choice("/a\0b", ()).code == "path_not_found"
    assert check_choice("relative", ()).code == "path_not_found"
    assert check_choice(str(tmp_path), (tmp_path,)).code == "path_forbidden"
    assert check_choice(str(tmp_path), ()).path == str(tmp_path.resolve())


def test_quick_hash_tells_size_begin_and_end(tmp_path: Path) -> None:
    big = b"a" * 200_000
    contents = [big, b"b" + big[1:], big[:-1] + b"b", big + b"a", b"", b"a"]
    hashes = []
    for number, content in enumerate(contents):
        path = tmp_path / str(number)
        path.write_bytes(content)
        hashes.append(quick_hash(str(path)))

    assert len(set(hashes)) == len(contents)
    assert all(len(one_hash) == 32 for one_hash in hashes)
