from homemedia.library.naming.identity import (
    episode_keys,
    extra_keys,
    movie_keys,
    season_keys,
    show_keys,
    video_keys,
)
from homemedia.library.naming.titles import Ids


def test_ids_come_before_the_name() -> None:
    assert movie_keys(Ids(tmdb=603, imdb="tt9900002"), "The Grid", 1999) == [
        "movie/tmdb/603",
        "movie/imdb/tt9900002",
        "movie/name/the grid/1999",
    ]


def test_spelling_does_not_change_the_key() -> None:
    assert movie_keys(Ids(), "Spider-Man: Été", None) == movie_keys(Ids(), "spider man ete", None)


def test_year_tells_films_of_one_name_apart() -> None:
    assert movie_keys(Ids(), "Dunes", 1984) != movie_keys(Ids(), "Dunes", 2021)


def test_film_and_show_of_one_name_have_different_keys() -> None:
    assert not set(movie_keys(Ids(tmdb=1), "Fjord", 2016)) & set(show_keys(Ids(tmdb=1), "Fjord", 2016))


def test_season_and_episode_keys_follow_their_show() -> None:
    show = show_keys(Ids(tvdb=5), "Fjord", 2016)

    assert season_keys(show, 2) == ["show/tvdb/5/s2", "show/name/fjord/2016/s2"]
    assert episode_keys(show, 2, index=3)[0] == "show/tvdb/5/s2/e3"
    assert episode_keys(show, 2, index=3, index_end=4)[0] == "show/tvdb/5/s2/e3-4"
    assert episode_keys(show, 2015, air_date="2015-01-15")[0] == "show/tvdb/5/d2015-01-15"
    assert episode_keys(show, 0, title="Making Of")[0] == "show/tvdb/5/s0/t:making of"


def test_title_of_signs_only_still_makes_a_key() -> None:
    assert movie_keys(Ids(), "???", None) == ["movie/name/???/-"]


def test_cameras_equal_names_in_different_folders_are_different_videos() -> None:
    assert video_keys("IMG_1234", ("2019", "Italy")) != video_keys("IMG_1234", ("2020", "Spain"))


def test_extra_key_follows_its_owner() -> None:
    assert extra_keys(["movie/tmdb/603"], "trailer", "The Grid-trailer") == [
        "movie/tmdb/603/x:trailer:the grid trailer"
    ]
