import pytest

from homemedia.library.naming.episode_groups import EpisodeGroup, group_episodes


def labels(group: EpisodeGroup) -> list[tuple[str | None, list[str]]]:
    return [(version.label, [file.rpartition("/")[2] for file in version.files]) for version in group.versions]


def test_files_of_one_number_are_versions_of_one_episode() -> None:
    found = group_episodes(
        [
            "Tidewater/Season 1/Tidewater - S01E01 - Pilot [720p x264].mkv",
            "Tidewater/Season 1/Tidewater - S01E01 - Pilot [1080p x264].mkv",
            "Tidewater/Season 1/Tidewater - S01E02 - Flood [1080p x264].mkv",
        ]
    )

    assert [(group.index, group.title) for group in found.episodes] == [(1, "Pilot"), (2, "Flood")]
    assert labels(found.episodes[0]) == [
        ("1080p", ["Tidewater - S01E01 - Pilot [1080p x264].mkv"]),
        ("720p", ["Tidewater - S01E01 - Pilot [720p x264].mkv"]),
    ]
    assert labels(found.episodes[1]) == [(None, ["Tidewater - S01E02 - Flood [1080p x264].mkv"])]


def test_versions_may_lie_in_different_folders() -> None:
    found = group_episodes(
        ["Tidewater/Season 1/Tidewater S01E01.mkv", "Tidewater.S01.2160p.WEB-DL/Tidewater.S01E01.2160p.mkv"]
    )

    assert [labels(group) for group in found.episodes] == [
        [(None, ["Tidewater S01E01.mkv"]), ("2160p", ["Tidewater.S01E01.2160p.mkv"])]
    ]


def test_words_behind_the_common_title_are_the_label() -> None:
    found = group_episodes(
        ["Tidewater/Tidewater - S01E01 - Pilot.mkv", "Tidewater/Tidewater - S01E01 - Pilot - Extended.mkv"]
    )

    assert found.episodes[0].title == "Pilot"
    assert [label for label, _ in labels(found.episodes[0])] == [None, "Extended"]


def test_parts_of_one_episode_are_one_version() -> None:
    found = group_episodes(["Tidewater/Tidewater S01E01 part2.mkv", "Tidewater/Tidewater S01E01 part1.mkv"])

    assert labels(found.episodes[0]) == [(None, ["Tidewater S01E01 part1.mkv", "Tidewater S01E01 part2.mkv"])]


def test_parts_that_nothing_else_numbers_are_episodes() -> None:
    found = group_episodes([f"Planet/Planet Part {number}.mkv" for number in (1, 2, 3)])

    assert [group.index for group in found.episodes] == [1, 2, 3]


def test_unnumbered_file_is_never_lost() -> None:
    found = group_episodes(["Tidewater/Specials/Making of Christmas.mkv", "Tidewater/Specials/Bloopers.mkv"])

    assert [(group.season, group.index, group.title) for group in found.episodes] == [
        (0, None, "Bloopers"),
        (0, None, "Making of Christmas"),
    ]


def test_extras_hang_on_their_season_and_samples_are_left_out() -> None:
    found = group_episodes(
        [
            "Tidewater/Season 1/extras/bloopers.mkv",
            "Tidewater/trailers/one.mp4",
            "Tidewater/Season 1/Tidewater S01E01.mkv",
            "Tidewater/Season 1/Tidewater S01E01-sample.mkv",
        ]
    )

    assert [(extra.kind, extra.owner_folder) for extra in found.extras] == [
        ("other", "Tidewater/Season 1"),
        ("trailer", "Tidewater"),
    ]
    assert found.samples == ("Tidewater/Season 1/Tidewater S01E01-sample.mkv",)
    assert len(found.episodes) == 1


def test_show_may_be_called_like_a_folder_for_extras() -> None:
    found = group_episodes(["Extras/Season 1/Extras S01E01.mkv"])

    assert [group.show.title for group in found.episodes] == ["Extras"]


@pytest.mark.parametrize("order", [1, -1])
def test_order_of_the_paths_does_not_matter(order: int) -> None:
    paths = [
        "Tidewater/Tidewater S01E10.mkv",
        "Tidewater/Tidewater S01E02.mkv",
        "Tidewater/Tidewater S01E02 720p.mkv",
        "Harbor/Harbor 2015-01-15.mkv",
        "Tidewater/Specials/Bloopers.mkv",
    ]

    found = group_episodes(paths[::order])

    assert [(group.show.title, group.season, group.index) for group in found.episodes] == [
        ("Harbor", 2015, None),
        ("Tidewater", 0, None),
        ("Tidewater", 1, 2),
        ("Tidewater", 1, 10),
    ]
    assert [label for label, _ in labels(found.episodes[2])] == [None, "720p"]
