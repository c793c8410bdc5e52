"""Genres and labels made comparable: what differs only in spelling is one. Pure."""

from types import MappingProxyType

from homemedia.library.naming.normal import normalise

# By normalised form, since Kodi, TMDb, IMDb and people each have their own habit.
SAME_GENRE = MappingProxyType(
    {
        "sci fi": "science fiction",
        "scifi": "science fiction",
        "sciencefiction": "science fiction",
        "sf": "science fiction",
        "sci fi and fantasy": "science fiction and fantasy",
        "animated": "animation",
        "biopic": "biography",
        "biographical": "biography",
        "docu": "documentary",
        "documentaries": "documentary",
        "historical": "history",
        "romantic": "romance",
        "rom com": "romantic comedy",
        "romcom": "romantic comedy",
        "sports": "sport",
        "thrillers": "thriller",
        "noir": "film noir",
        "tvmovie": "tv movie",
        "comedies": "comedy",
        "dramas": "drama",
        "musicals": "musical",
        "westerns": "western",
        "children s": "children",
        "childrens": "children",
        "kids": "children",
    }
)


def genre_key(value: str) -> str:
    """What a genre is looked up by; Sci-Fi and Science Fiction have one."""
    key = normalise(value) or value.strip().casefold()
    return SAME_GENRE.get(key, key)


def genre_spellings(value: str) -> list[str]:
    """Every key under which a genre may have been kept, its own first."""
    own = genre_key(value)
    return [own, *(spelling for spelling, key in SAME_GENRE.items() if key == own)]


def label_key(value: str) -> str:
    """What a label or a collection is looked up by."""
    return normalise(value) or value.strip().casefold()
