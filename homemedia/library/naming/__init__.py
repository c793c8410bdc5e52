"""What names of files and folders say. Pure: no disk, no database; every function has an answer for every text."""

from homemedia.library.naming.discs import DiscKind, disc_home, disc_movie, main_feature
from homemedia.library.naming.episode_groups import EpisodeGroup, ShowFiles, group_episodes, show_key
from homemedia.library.naming.episodes import EpisodeName, parse_episode
from homemedia.library.naming.extras import Extra, ExtraKind, extra_of_path, owner_of
from homemedia.library.naming.identity import (
    episode_keys,
    extra_keys,
    movie_keys,
    season_keys,
    show_keys,
    video_keys,
)
from homemedia.library.naming.ignore import (
    PATTERN_FILES,
    FileKind,
    Ignored,
    IgnoreRules,
    file_kind,
    ignored_name,
    is_closed,
    is_video,
)
from homemedia.library.naming.languages import language_of
from homemedia.library.naming.movies import FolderListing, FolderMovies, MovieGroup, group_movies
from homemedia.library.naming.normal import bigrams, edit_distance_at_most, fold, normalise, squeeze
from homemedia.library.naming.shows import ShowName, parse_show
from homemedia.library.naming.sidecars import Subtitle, find_subtitles
from homemedia.library.naming.sorting import letter, sort_title
from homemedia.library.naming.stacks import natural, split_name
from homemedia.library.naming.titles import Ids, NameParts, is_unsure, parse_title, search_candidates
from homemedia.library.naming.versions import Version, arrange
from homemedia.library.naming.videos import HomeVideo, NameDate, date_in_name, group_videos

__all__ = [
    "PATTERN_FILES",
    "DiscKind",
    "EpisodeGroup",
    "EpisodeName",
    "Extra",
    "ExtraKind",
    "FileKind",
    "FolderListing",
    "FolderMovies",
    "HomeVideo",
    "Ids",
    "IgnoreRules",
    "Ignored",
    "MovieGroup",
    "NameDate",
    "NameParts",
    "ShowFiles",
    "ShowName",
    "Subtitle",
    "Version",
    "arrange",
    "bigrams",
    "date_in_name",
    "disc_home",
    "disc_movie",
    "edit_distance_at_most",
    "episode_keys",
    "extra_keys",
    "extra_of_path",
    "file_kind",
    "find_subtitles",
    "fold",
    "group_episodes",
    "group_movies",
    "group_videos",
    "ignored_name",
    "is_closed",
    "is_unsure",
    "is_video",
    "language_of",
    "letter",
    "main_feature",
    "movie_keys",
    "natural",
    "normalise",
    "owner_of",
    "parse_episode",
    "parse_show",
    "parse_title",
    "search_candidates",
    "season_keys",
    "show_key",
    "show_keys",
    "sort_title",
    "split_name",
    "squeeze",
    "video_keys",
]
