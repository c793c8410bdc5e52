"""What a folder holds, guessed from its name and the names in it. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

Kind = Literal["movie", "show", "video", "music"]

_WORDS: dict[Kind, str] = {
    "movie": "movies movie films film filme spielfilme kino kinofilme películas peliculas cine cinéma filmes filmy "
    "filmer elokuvat dvds blurays bluray фильмы кино 映画 电影",
    "show": "tv|tv shows|tvshows|shows|series|serien|tv series|tv serien|fernsehserien|séries|serie|séries tv|anime|"
    "animes|dokuserien|seriály|seriale|sarjat|tv serier|serier|сериалы|アニメ|电视剧",
    "video": "home videos|home movies|homevideos|family videos|family|familie|familienvideos|heimvideos|privatvideos|"
    "videos famille|famille|vídeos caseros|camcorder|camera|kamera|dcim|camera roll|gopro|handycam|urlaub|"
    "urlaubsvideos",
    "music": "music musik musique música musica muziek muzyka musiikki hudba müzik zene muzică mp3 mp3s flac alben "
    "albums songs музыка 音楽 音乐",
}
KIND_BY_NAME: dict[str, Kind] = {
    word: kind for kind, words in _WORDS.items() for word in (words.split("|") if "|" in words else words.split())
}
# Say that videos are in it, not which.
GENERIC_NAMES = frozenset(
    {
        "videos",
        "video",
        "vídeos",
        "vidéos",
        "filmpjes",
        "wideo",
        "видео",
        "media",
        "medien",
        "multimedia",
        "plex",
        "jellyfin",
    }
)
_EPISODE = re.compile(
    r"(?i)(?:^|[^a-z0-9])(?:s\d{1,2}[ ._-]?e\d{1,3}|\d{1,2}x\d{2,3}|season[ ._-]?\d|staffel[ ._-]?\d)"
)
_CAMERA = re.compile(
    r"(?i)^(?:img|vid|mvi|mov|dsc[fn_]?|gopr|gh\d{2}|gx\d{2}|pxl|p\d{7}|wp|dji|clip|video|whatsapp video)[ _-]?\d"
    r"|^\d{8}[_-]\d{6}"
)
_YEAR = re.compile(r"(?:^|[^0-9])(?:19[2-9]\d|20[0-4]\d)(?:[^0-9]|$)")
# A scan lists 8,000 names and probes about 1,000 files in a second.
FILES_A_SECOND = 900


def key_of(name: str) -> str:
    """A folder's name as the tables have it."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return " ".join(re.sub(r"[_.-]+", " ", folded).split())


def kind_by_name(name: str) -> Kind | None:
    """What a folder of this name holds, in the languages people name folders in; None for all others."""
    return KIND_BY_NAME.get(key_of(name))


def is_generic(name: str) -> bool:
    """Whether the name only says that there are videos."""
    return key_of(name) in GENERIC_NAMES


# With fewer videos than this share of the songs a folder holds music; soundtracks lie beside films, not the reverse.
_SOME_VIDEOS = 0.1


def is_music(videos: int, sounds: int) -> bool:
    """Whether a folder with so many files of each is one of music."""
    return sounds > 0 and videos <= sounds * _SOME_VIDEOS


def kind_by_content(paths: Sequence[str]) -> Kind:
    """What a sample of video paths below a folder looks like: the majority wins, home videos when nothing does."""
    episodes = cameras = years = 0
    for path in paths:
        base = path.rpartition("/")[2]
        if _EPISODE.search(path):
            episodes += 1
        elif _CAMERA.search(base):
            cameras += 1
        elif _YEAR.search(path):
            years += 1
    most = max(episodes, cameras, years)
    if not most:
        return "video"
    if episodes == most:
        return "show"
    return "movie" if years == most else "video"


def scan_seconds(files: int) -> int:
    """How long a first scan of so many videos may take, roughly; at least 1."""
    return max(1, round(files / FILES_A_SECOND))
