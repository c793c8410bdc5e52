"""What members are told of albums and partners: who let them in, what is new, what was said."""

from collections.abc import Iterable, Sequence

from homemedia.core.db import Write
from homemedia.core.notices import Notice, Withdrawal, notify, withdraw
from homemedia.photos.albums.activities_store import Activity
from homemedia.photos.albums.models import COLLECTION, Album
from homemedia.sharing.given_store import Grant

PHOTO, SHARE = "photo", "share"
PREVIEW_CHARS = 80
# Enough for a small row of pictures beside the sentence.
SHOWN = 4


async def let_in(tx: Write, album: Album, grants: Iterable[Grant], user_ids: Iterable[str], *, by: str) -> None:
    """Members were let into an album."""
    new = set(user_ids)
    for grant in grants:
        if grant.recipient_id in new:
            await _share(tx, "share_created", grant, by=by, title=album.name)


async def changed(tx: Write, album: Album, grant: Grant, *, by: str) -> None:
    """A member may do something else in an album than before."""
    await _share(tx, "share_updated", grant, by=by, title=album.name)


async def shown_all(tx: Write, grant: Grant, *, by: str) -> None:
    """A member sees all photos of another from now on."""
    await _share(tx, "share_created", grant, by=by, title=None)


async def added(tx: Write, album: Album, photo_ids: Sequence[str], user_ids: Iterable[str], *, by: str) -> None:
    """Photos came into an album."""
    await notify(
        tx,
        Notice(
            family=PHOTO,
            type="album_photos",
            to=tuple(user_ids),
            subject_id=album.album_id,
            actor_id=by,
            details=_of_album(album) | {"count": len(photo_ids), "photoIds": list(photo_ids[:SHOWN])},
            fold_key=f"{album.album_id}/{by}",
            grows=("photoIds",),
        ),
    )


async def said(tx: Write, album: Album, activity: Activity, user_ids: Iterable[str]) -> None:
    """Somebody wrote in an album, which all in it hear of, or likes it, which its owner hears of."""
    is_like = activity.comment is None
    shown = {} if activity.photo_id is None else {"photoIds": [activity.photo_id]}
    said_so = {} if activity.comment is None else {"commentPreview": activity.comment[:PREVIEW_CHARS]}
    await notify(
        tx,
        Notice(
            family=PHOTO,
            type="album_like" if is_like else "album_comment",
            to=(album.owner_id,) if is_like else tuple(user_ids),
            subject_id=activity.activity_id,
            actor_id=activity.user_id,
            details=_of_album(album) | shown | said_so | {"activityId": activity.activity_id},
            # Who likes forty photos in a row is one notice; every comment is one of its own.
            fold_key=f"{album.album_id}/{activity.user_id}" if is_like else None,
            grows=("photoIds",),
        ),
    )


async def taken_back(tx: Write, activity_id: str) -> None:
    """What somebody said is gone; a notice that others have folded into stays."""
    await withdraw(tx, Withdrawal(family=PHOTO, subject_id=activity_id, details={"activityId": activity_id}))


async def _share(tx: Write, type_: str, grant: Grant, *, by: str, title: str | None) -> None:
    if grant.recipient_id is None:
        return
    named = {"target_type": grant.target_type, "target_id": grant.target_id}
    await notify(
        tx,
        Notice(
            family=SHARE,
            type=type_,
            to=(grant.recipient_id,),
            share_id=grant.share_id,
            subject_id=grant.target_id,
            actor_id=by,
            details=named if title is None else named | {"target_title": title},
            fold_key=grant.share_id if type_ == "share_updated" else None,
        ),
    )


def _of_album(album: Album) -> dict[str, object]:
    return {"target_type": COLLECTION, "target_id": album.album_id, "target_title": album.name}
