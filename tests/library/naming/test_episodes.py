import pytest

from homemedia.library.naming.episodes import parse_episode
from homemedia.library.naming.seasons import season_of_folder
from homemedia.library.naming.shows import after_name, compose, parse_show
from tests.library.naming.cases_episodes import EPISODES, SEASON_FOLDERS, Episode


@pytest.mark.parametrize("case", EPISODES, ids=[case.id for case in EPISODES])
def test_path_says_show_season_number_and_title(case: Episode) -> None:
    name = parse_episode(case.path)

    assert (name.show.title, name.show.year) == (case.show, case.year)
    assert name.show.ids.tvdb == case.tvdb
    assert (name.season, name.index, name.index_end, name.air_date) == (
        case.season,
        case.number,
        case.number_end,
        case.air_date,
    )
    assert name.is_absolute is case.is_absolute
    assert name.title == case.title


@pytest.mark.parametrize(("folder", "show", "season"), SEASON_FOLDERS, ids=str)
def test_folder_is_a_season_or_not(folder: str, show: str, season: int | None) -> None:
    name = compose(folder)
    behind = after_name(name, show)

    assert season_of_folder(name, None if behind is None else name[behind:]) == season


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Tidewater/Tidewater S01E02.mkv", True),
        ("Kaze/[Rel] Kaze - 05.mkv", True),
        ("Tidewater/Ore Zoku 11 - Fence.mkv", False),
        ("Tidewater/Bloopers.mkv", False),
    ],
)
def test_second_opinion_is_wanted_where_the_mark_is_weak(path: str, expected: bool) -> None:  # noqa: FBT001
    assert parse_episode(path).is_certain is expected


@pytest.mark.parametrize(
    ("folder", "title", "year", "season"),
    [
        ("Tidewater", "Tidewater", None, None),
        ("Tidewater Season 2", "Tidewater", None, 2),
        ("[Group] Tidewater", "Tidewater", None, None),
        ("[loud]", "[loud]", None, None),
        ("Tidewater.S02.1080p.WEB-DL", "Tidewater", None, 2),
        ("Tidewater (2010) S01-S05", "Tidewater", 2010, None),
        ("Kite Makers, The (2010)", "The Kite Makers", 2010, None),
        ("World Series", "World Series", None, None),
        ("1883", "1883", None, None),
    ],
)
def test_show_folder_says_title_year_and_season(folder: str, title: str, year: int | None, season: int | None) -> None:
    show = parse_show(folder)

    assert (show.title, show.year, show.season) == (title, year, season)
