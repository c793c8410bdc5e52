"""What is done for files of scanned folders, decided from what lies there and what photos there are."""

import pytest

from homemedia.photos.models import Todo
from homemedia.photos.scanned import LATEST_MS, checksum_of_path, plan, sidecar_paths, written_at
from homemedia.photos.scanned_store import Seen

ROOT, PATH, OWNER, LIBRARY = "/disk/pictures", "2021/lake.jpg", "anna", "annas"
NS = 1_000_000
WHOLE = int(Todo.FACTS | Todo.PICTURES)


def a_file(**other: object) -> Seen:
    facts: dict[str, object] = {"file_id": 1, "root": ROOT, "path": PATH, "size_bytes": 5, "mtime_ns": 7 * NS}
    return Seen(**{"missing_since_at": None, **facts, **other})  # type: ignore[arg-type]


def a_photo(**other: object) -> Seen:
    facts: dict[str, object] = {
        "photo_id": "p1",
        "owner_id": OWNER,
        "library_id": LIBRARY,
        "checksum": checksum_of_path(ROOT, PATH),
        "known_bytes": 5,
        "modified_at": 7,
    }
    return a_file(**(facts | other))


def test_file_without_a_photo_becomes_one() -> None:
    (birth,) = plan([a_file()], LIBRARY, OWNER, frozenset()).births

    assert (birth["original_name"], birth["kind"], birth["modified_at"]) == ("lake.jpg", "IMAGE", 7)
    assert birth["checksum"] == checksum_of_path(ROOT, PATH)


@pytest.mark.parametrize(
    "file",
    [
        a_file(missing_since_at=3),
        a_file(is_dismissed=True),
        a_file(path="2021/lake.txt"),
        a_photo(),
        a_photo(missing_since_at=3, is_offline=True, deleted_at=4),
        a_photo(deleted_at=4),
    ],
    ids=["missing", "dismissed", "no picture", "as before", "still missing", "in the trash"],
)
def test_nothing_is_done(file: Seen) -> None:
    found = plan([file], LIBRARY, OWNER, frozenset())

    assert (found.births, found.changes, found.strangers) == ([], [], [])


@pytest.mark.parametrize(
    ("file", "told", "wanted"),
    [
        (a_photo(known_bytes=4), False, {"todo": WHOLE, "size_bytes": 5}),
        (a_photo(modified_at=6), False, {"todo": WHOLE, "modified_at": 7}),
        (a_photo(), True, {"todo": int(Todo.FACTS)}),
        (a_photo(path="b.jpg"), False, {"todo": 0, "original_name": "b.jpg"}),
        (a_photo(library_id="other"), False, {"library_id": LIBRARY}),
        (a_photo(missing_since_at=3), False, {"is_offline": 1, "trashed_before_at": None}),
        (a_photo(missing_since_at=3, deleted_at=2), False, {"is_offline": 1, "deleted_at": 2, "trashed_before_at": 2}),
        (a_photo(is_offline=True, deleted_at=4), False, {"is_offline": 0, "deleted_at": None}),
        (
            a_photo(is_offline=True, deleted_at=2, trashed_before_at=2),
            False,
            {"is_offline": 0, "deleted_at": 2, "trashed_before_at": None},
        ),
        (a_photo(is_offline=True, deleted_at=4, failure="cut short"), False, {"todo": WHOLE}),
    ],
    ids=[
        "larger",
        "later",
        "sidecar",
        "moved",
        "other library",
        "gone",
        "gone from the trash",
        "back",
        "back in the trash",
        "back, and was not read",
    ],
)
def test_photo_follows_its_file(file: Seen, told: bool, wanted: dict[str, object]) -> None:  # noqa: FBT001 - of a table
    (change,) = plan([file], LIBRARY, OWNER, frozenset({1} if told else ())).changes

    assert {name: change[name] for name in wanted} == wanted


def test_only_what_was_shown_is_told_to_go_and_to_come_back() -> None:
    files = [
        a_photo(photo_id="gone", missing_since_at=3),
        a_photo(photo_id="gone from the trash", missing_since_at=3, deleted_at=2),
        a_photo(photo_id="back", is_offline=True, deleted_at=4),
        a_photo(photo_id="back in the trash", is_offline=True, deleted_at=2, trashed_before_at=2),
    ]

    found = plan(files, LIBRARY, OWNER, frozenset())

    assert (found.lost, found.back) == ({"gone"}, {"back"})


def test_photo_of_another_member_is_not_touched_but_told() -> None:
    assert plan([a_photo(owner_id="lina")], LIBRARY, OWNER, frozenset()).strangers == ["p1"]


@pytest.mark.parametrize("seconds", [-(10**12), 10**12])
def test_absurd_times_of_files_stay_within_the_years_there_are(seconds: int) -> None:
    at = written_at(seconds * 1_000_000_000)

    assert -LATEST_MS < at <= LATEST_MS
    assert plan([a_file(mtime_ns=seconds * 1_000_000_000)], LIBRARY, OWNER, frozenset()).births[0]["modified_at"] == at


def test_sidecars_are_looked_for_by_the_whole_name_first() -> None:
    assert sidecar_paths("a/b.c.jpg") == ["a/b.c.jpg.xmp", "a/b.c.jpg.XMP", "a/b.c.xmp", "a/b.c.XMP"]
    assert sidecar_paths("x")[0] == "x.xmp"
