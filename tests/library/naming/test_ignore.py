import pytest

from homemedia.library.naming.ignore import (
    VIDEO_EXTENSIONS,
    Ignored,
    IgnoreRules,
    file_kind,
    ignored_name,
    is_closed,
    is_video,
)


@pytest.mark.parametrize(
    ("name", "library", "expected"),
    [
        ("Film.mkv", "movie", "video"),
        ("Film.MKV", "movie", "video"),
        ("Film.dvr-ms", "show", "video"),
        ("Film.en.srt", "movie", "subtitle"),
        ("movie.nfo", "movie", "nfo"),
        ("poster.jpg", "show", "image"),
        ("theme.mp3", "movie", None),
        ("Film.iso", "movie", None),
        ("Film.strm", "movie", None),
        ("Film", "movie", None),
        ("mkv", "movie", None),
        ("01 Song.flac", "music", "audio"),
        ("Film.mkv", "music", None),
        ("IMG_1.HEIC", "photo", "photo"),
        ("IMG_1.mov", "photo", "video"),
    ],
)
def test_extension_says_what_a_file_is_to_its_library(name: str, library: str, expected: str | None) -> None:
    assert file_kind(name, library) == expected


def test_all_video_extensions_of_the_contract_count() -> None:
    assert len(VIDEO_EXTENSIONS) == 33
    assert is_video("a.wtv")
    assert not is_video("a.strm")


@pytest.mark.parametrize(
    ("name", "is_folder", "expected"),
    [
        (".DS_Store", False, Ignored.HIDDEN),
        ("._Film.mkv", False, Ignored.HIDDEN),
        (".git", True, Ignored.HIDDEN),
        (".snapshots", True, Ignored.HIDDEN),
        ("@eaDir", True, Ignored.SYSTEM),
        ("$RECYCLE.BIN", True, Ignored.SYSTEM),
        ("System Volume Information", True, Ignored.SYSTEM),
        ("lost+found", True, Ignored.SYSTEM),
        ("Extrafanart", True, Ignored.SYSTEM),
        ("__MACOSX", True, Ignored.SYSTEM),
        ("Film.mkv.part", False, Ignored.UNFINISHED),
        ("Film.mkv.!qB", False, Ignored.UNFINISHED),
        ("Film.mkv.crdownload", False, Ignored.UNFINISHED),
        ("Film.mkv", False, None),
        ("Metadata (2020)", True, None),
        ("metadata.mkv", False, None),
        ("Season 1", True, None),
    ],
)
def test_name_is_passed_by_for_a_reason(name: str, is_folder: bool, expected: Ignored | None) -> None:  # noqa: FBT001
    assert ignored_name(name, is_folder=is_folder) is expected


@pytest.mark.parametrize(
    ("names", "texts", "expected"),
    [
        ([".nomedia", "a.mkv"], {}, True),
        ([".ignore"], {".ignore": ""}, True),
        ([".ignore"], {".ignore": " \n"}, True),
        ([".ignore"], {".ignore": "*.bak"}, False),
        ([".plexignore"], {".plexignore": ""}, False),
        (["a.mkv"], {}, False),
    ],
)
def test_folder_is_closed_by_nomedia_or_an_empty_ignore(
    names: list[str],
    texts: dict[str, str],
    expected: bool,  # noqa: FBT001
) -> None:
    assert is_closed(names, texts) is expected


def test_patterns_of_the_library_hold_everywhere() -> None:
    rules = IgnoreRules.of_library(["*.bak", "/private/"])

    assert rules.ignores("a/b/film.bak")
    assert rules.ignores("private", is_folder=True)
    assert not rules.ignores("a/private", is_folder=True)
    assert not rules.ignores("a/film.mkv")


def test_patterns_of_a_folder_hold_below_it_only() -> None:
    rules = IgnoreRules.of_library([]).within("a/b", ["*.mp4\n# a remark\n\n"])

    assert rules.ignores("a/b/c/film.mp4")
    assert not rules.ignores("a/film.mp4")
    assert not rules.ignores("a/bc/film.mp4")


def test_inner_folder_takes_back_what_an_outer_one_leaves_out() -> None:
    rules = IgnoreRules.of_library(["*.mp4"]).within("keep", ["!*.mp4"])

    assert rules.ignores("other/film.mp4")
    assert not rules.ignores("keep/film.mp4")


@pytest.mark.parametrize("bad", ["!", "\\", "a\\", "[z-a]"])
def test_broken_pattern_is_passed_over_and_the_others_hold(bad: str) -> None:
    rules = IgnoreRules.of_library([bad, "*.bak"])

    assert rules.ignores("film.bak")


def test_folder_without_patterns_adds_no_rules() -> None:
    rules = IgnoreRules.of_library(["*.bak"])

    assert rules.within("a", ["# nothing\n", ""]) is rules
