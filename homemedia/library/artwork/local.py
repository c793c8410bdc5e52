"""Which picture beside a film or album is its poster or cover, and which its background. Pure: works on names alone.

Source: watch contract §7.1; the names are those of Kodi, Jellyfin and Plex.
"""

from collections.abc import Iterable, Sequence

import msgspec

from homemedia.library.artwork.beside import Home, Listings, ShowPlace, join

EXTENSIONS = ("jpg", "jpeg", "png", "webp", "avif")
POSTERS = ("poster", "folder", "cover", "default")
BACKGROUNDS = ("fanart", "backdrop", "background", "art")
COVERS = ("cover", "folder", "front")
PORTRAITS = ("artist", "folder")
MORE_BACKGROUNDS = "extrafanart"
EPISODE_PICTURES = "metadata"


class Pictures(msgspec.Struct, frozen=True):
    """Absolute paths, None where nothing lies there."""

    thumb: str | None = None
    art: str | None = None


def of_movie(places: Sequence[Home], listings: Listings) -> Pictures:
    """`<stem>-poster`, `<stem>`, and in a folder of its own `poster` and the like."""
    thumb = art = None
    for home in places:
        posters = [name for stem in home.stems for name in (f"{stem}-poster", stem)]
        backgrounds = [f"{stem}-fanart" for stem in home.stems]
        if home.is_own:
            posters += [*POSTERS, "movie"]
            backgrounds += [*BACKGROUNDS, "fanart-1"]
        thumb = thumb or _first(home.folder, posters, listings)
        art = art or _first(home.folder, backgrounds, listings)
        if home.is_own:
            art = art or _any(join(home.folder, MORE_BACKGROUNDS), listings)
    return Pictures(thumb, art)


def of_show(place: ShowPlace, listings: Listings) -> Pictures:
    """`poster` and the like in the show's folder."""
    return Pictures(
        _first_of(place.folders, (*POSTERS, "show"), listings),
        _first_of(place.folders, BACKGROUNDS, listings)
        or next((hit for folder in place.folders if (hit := _any(join(folder, MORE_BACKGROUNDS), listings))), None),
    )


def of_season(number: int | None, place: ShowPlace, listings: Listings) -> Pictures:
    """As a show in a folder of its own; in the show's folder `season01-poster`, for season 0 `season-specials-poster`.

    What is missing comes from the show, which is not decided here.
    """
    own = place.seasons.get(number, ())
    names = _season_names(number)
    return Pictures(
        _first_of(own, (*POSTERS, "show"), listings)
        or _first_of(place.folders, [f"{name}-poster" for name in (*names, "season-all")], listings),
        _first_of(place.folders, [f"{name}-fanart" for name in names], listings),
    )


def of_episode(places: Sequence[Home], listings: Listings) -> Pictures:
    """`<stem>-thumb`, `<stem>`, beside the file or in `metadata`; the background is the show's."""
    for home in places:
        names = [name for stem in home.stems for name in (f"{stem}-thumb", stem)]
        found = _first_of((home.folder, join(home.folder, EPISODE_PICTURES)), names, listings)
        if found:
            return Pictures(found)
    return Pictures()


def of_video(places: Sequence[Home], listings: Listings) -> Pictures:
    """`<stem>-poster`, `<stem>-thumb`, `<stem>`; home videos and extras have no background."""
    for home in places:
        names = [name for stem in home.stems for name in (f"{stem}-poster", f"{stem}-thumb", stem)]
        found = _first(home.folder, names, listings)
        if found:
            return Pictures(found)
    return Pictures()


def of_album(folders: Sequence[str], listings: Listings) -> Pictures:
    """`cover`, `folder`, `front` in the album's folder, or around those of its discs."""
    return Pictures(_first_of(folders, COVERS, listings), _first_of(folders, BACKGROUNDS, listings))


def of_artist(folders: Sequence[str], listings: Listings) -> Pictures:
    """`artist`, `folder` in the artist's folder."""
    return Pictures(_first_of(folders, PORTRAITS, listings), _first_of(folders, BACKGROUNDS, listings))


def _season_names(number: int | None) -> tuple[str, ...]:
    if number is None:
        return ()
    names = (f"season{number:02}", f"season{number}")
    return ("season-specials", *names) if number == 0 else names


def _first(folder: str, names: Iterable[str], listings: Listings) -> str | None:
    """The first of these names that lies in the folder with an extension of ours; names count before extensions."""
    listing = listings.get(folder)
    if not listing:
        return None
    for name in names:
        for extension in EXTENSIONS:
            found = listing.get(f"{name}.{extension}".lower())
            if found is not None:
                return join(folder, found)
    return None


def _first_of(folders: Iterable[str], names: Sequence[str], listings: Listings) -> str | None:
    return next((found for folder in folders if (found := _first(folder, names, listings))), None)


def _any(folder: str, listings: Listings) -> str | None:
    """The first picture of a folder by name."""
    for name, written in sorted(listings.get(folder, {}).items()):
        if name.rpartition(".")[2] in EXTENSIONS:
            return join(folder, written)
    return None
