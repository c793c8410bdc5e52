"""Which pictures belong to films, and which folders hold nothing of their own. The rest stands in `naming.ignore`."""

from collections.abc import Collection

from homemedia.library.naming.extras import extra_of_folder
from homemedia.library.naming.normal import same_name
from homemedia.library.naming.sidecars import FOLDERS as SUBTITLE_FOLDERS

# Pictures that say by their name what they are; all others count only beside a video of the same name (watch 7.1).
ARTWORK_NAMES = frozenset(
    {"poster", "folder", "cover", "default", "movie", "show", "fanart", "backdrop", "background", "art"}
    | {"front", "artist", "album"}
)
DISC_FOLDERS = frozenset({"BDMV", "VIDEO_TS"})


def belongs_above(folder: str) -> bool:
    """Whether what lies in a folder of this name belongs to the film of the folder around it."""
    return (
        folder.casefold() in SUBTITLE_FOLDERS or folder.upper() in DISC_FOLDERS or extra_of_folder(folder) is not None
    )


def is_artwork(name: str, video_stems: Collection[str]) -> bool:
    """Whether a picture belongs to a film or show, by its name and the stems of the videos beside it.

    Args:
        name: of the picture.
        video_stems: in the form of `same_name`.
    """
    lower = same_name(name.rpartition(".")[0])
    if lower in ARTWORK_NAMES or lower.startswith(("season", "fanart", "backdrop")):
        return True
    bare, dash, _ = lower.rpartition("-")
    return lower in video_stems or (bool(dash) and bare in video_stems)
