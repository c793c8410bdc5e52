"""Which of its pictures an item shows. Pure."""

from collections.abc import Iterable

from homemedia.library.artwork.models import RANK, Picture, PictureKind, Shown, ThumbKind

# Wider than this, a picture is a still and not a poster: 4 : 3 is the narrowest film there is.
STILL_SHAPE = 1.2
POSTER_SHAPE = 0.85
COVER_ITEMS = frozenset({"artist", "album", "track"})
STILL_ITEMS = frozenset({"episode", "video", "extra"})


def best(pictures: Iterable[Picture], kind: PictureKind) -> Picture | None:
    """The picture a person chose, else that of the highest source; only what can be decoded, the older of two equals.

    What a person gave and does not want any more is nobody's choice.
    """
    usable = [
        picture
        for picture in pictures
        if picture.kind == kind and not picture.is_broken and (picture.is_chosen or picture.source != "manual")
    ]
    return min(
        usable, key=lambda picture: (not picture.is_chosen, RANK[picture.source], picture.artwork_id), default=None
    )


def shape(item_kind: str, picture: Picture) -> ThumbKind:
    """How a client should lay the picture into a card.

    A film's own picture counts as a poster until its size is known; a wide one is a still. So is what an artist borrows
    of an album.
    """
    if picture.source == "grab":
        return "still"
    if item_kind in COVER_ITEMS:
        return "cover"
    if picture.width and picture.height:
        ratio = picture.width / picture.height
        if ratio >= STILL_SHAPE:
            return "still"
        return "poster" if ratio <= POSTER_SHAPE else "cover"
    if picture.source == "embedded":
        return "cover"
    return "still" if item_kind in STILL_ITEMS else "poster"


def shown(item_kind: str, pictures: Iterable[Picture], *, above: Shown | None = None) -> tuple[Shown, list[Picture]]:
    """Decide an item's picture columns.

    Args:
        item_kind: of the item.
        pictures: its own.
        above: what its season or show shows. A season takes that thumb when it has nothing better than a frame of its
            own and the show has a poster, or when it has nothing at all; seasons and episodes take that background.

    Returns:
        The columns, and the own pictures that were chosen.
    """
    own = list(pictures)
    thumb, art = best(own, "thumb"), best(own, "art")
    parents = above or Shown()
    if item_kind == "season" and parents.thumb_tag is not None:
        has_poster = parents.thumb_kind != "still"
        if thumb is None or (thumb.source == "grab" and has_poster and not thumb.is_chosen):
            thumb = None
    else:
        parents = Shown(art_tag=parents.art_tag)
    columns = Shown(
        thumb_tag=thumb.tag if thumb else parents.thumb_tag,
        thumb_kind=shape(item_kind, thumb) if thumb else parents.thumb_kind,
        thumb_tone=thumb.tone if thumb else parents.thumb_tone,
        thumb_point=thumb.point if thumb else parents.thumb_point,
        art_tag=art.tag if art else parents.art_tag,
    )
    return columns, [picture for picture in (thumb, art) if picture is not None]
