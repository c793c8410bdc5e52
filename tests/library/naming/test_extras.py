import pytest

from homemedia.library.naming.extras import ExtraKind, extra_of_path, owner_of
from homemedia.library.naming.ignore import is_video

EXTRAS = [
    ("X01", "Dream (2010)/trailers/one.mp4", "trailer", "Dream (2010)", "one"),
    ("X02", "Dream (2010)/Dream (2010)-trailer2.mp4", "trailer", "Dream (2010)", "Trailer 2"),
    ("X03-dash", "Dream (2010)/Dream - trailer.mp4", "trailer", "Dream (2010)", "Trailer"),
    ("X03-dot", "Dream (2010)/Dream.trailer.mp4", "trailer", "Dream (2010)", "Trailer"),
    ("X03-underscore", "Dream (2010)/Dream_trailer.mp4", "trailer", "Dream (2010)", "Trailer"),
    ("X04", "Dream (2010)/behind the scenes/w.mp4", "behindTheScenes", "Dream (2010)", "w"),
    ("X05", "Dream (2010)/Dream (2010)-scene2.mp4", "scene", "Dream (2010)", "Scene 2"),
    ("deleted", "Dream (2010)/Dream (2010)-deletedscene.mp4", "deletedScene", "Dream (2010)", "Deleted scene"),
    ("backdrops", "Dream (2010)/backdrops/loop.mp4", "themeVideo", "Dream (2010)", "loop"),
    ("special-features", "Dream (2010)/Special Features/How_it_began.mkv", "other", "Dream (2010)", "How it began"),
    ("folder-with-dashes", "Dream (2010)/Behind-The-Scenes/w.mp4", "behindTheScenes", "Dream (2010)", "w"),
    ("deep-below", "Dream (2010)/extras/disc 2/w.mp4", "other", "Dream (2010)", "w"),
    ("whole-name", "Dream (2010)/movie-trailer.mp4", "trailer", "Dream (2010)", "Trailer"),
    ("sample-folder", "Dream (2010)/Sample/dream.mkv", "sample", "Dream (2010)", "dream"),
]


@pytest.mark.parametrize(
    ("path", "kind", "owner", "title"), [row[1:] for row in EXTRAS], ids=[row[0] for row in EXTRAS]
)
def test_extra_is_told_by_folder_or_end_of_name(path: str, kind: str, owner: str, title: str) -> None:
    extra = extra_of_path(path)

    assert extra is not None
    assert (extra.kind, extra.owner_folder, extra.title) == (kind, owner, title)


@pytest.mark.parametrize(
    ("path", "root_name"),
    [
        pytest.param("x.mp4", "trailers", id="X06"),
        pytest.param("The Big Short/The Big Short.mp4", "", id="X07"),
        pytest.param("Not a Scene/x.mkv", "", id="X08"),
        pytest.param("Big-Short/Big-Short.mkv", "", id="M31"),
        pytest.param("The DNA Sample.mp4", "", id="M30-sample"),
        pytest.param("Life in a Trailer.mp4", "", id="M30-trailer"),
        pytest.param("The Interview (2014)/The Interview (2014).mkv", "", id="interview"),
        pytest.param("Trailer Park (2001)/Trailer Park (2001).mkv", "", id="trailer-in-front"),
        pytest.param("Dream Scene.mkv", "", id="no-dash"),
    ],
)
def test_film_is_no_extra(path: str, root_name: str) -> None:
    assert extra_of_path(path, root_name=root_name) is None


def test_x09_extra_of_a_season_hangs_on_it() -> None:
    extra = extra_of_path("Tidewater/Season 1/extras/bloopers.mkv", first_level=1)

    assert extra is not None
    assert (extra.kind, extra.owner_folder) == (ExtraKind.OTHER, "Tidewater/Season 1")


@pytest.mark.parametrize("name", ["Dream (2010)-theme.mp3", "theme.mp3"])
def test_x10_theme_music_is_no_video(name: str) -> None:
    assert not is_video(name)


def test_extra_hangs_on_the_longest_title_its_name_starts_with() -> None:
    titles = ["Aldor", "Aldor Returns", "Botan"]

    assert owner_of("Aldor Returns (2024)-trailer", titles) == 1
    assert owner_of("aldor-trailer", titles) == 0
    assert owner_of("Aldorian-trailer", titles) is None


def test_extra_hangs_on_the_only_film_whatever_its_name() -> None:
    assert owner_of("one", ["Aldor"]) == 0
