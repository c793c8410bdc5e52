"""Who may do what with which photo: conditions on table `photo`, the same for a list and for one (photos §4.1).

    sight = visible.readable(actor, now)
    await visible.require(db.read, sight, [photo_id])

Threat: what one may not see must not be told from what there is not, so every refusal has the same words.
"""

from collections.abc import Iterable, Mapping

import msgspec

from homemedia.accounts import Guest, Member
from homemedia.core.db import Reader
from homemedia.core.problems import NotFound
from homemedia.photos import store
from homemedia.sharing.rights import Right, granted_sql, targets_sql


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on a row of `photo`, the values it binds, and the word of the permission it stands for."""

    sql: str
    args: Mapping[str, object]
    word: str


ALBUMS_SQL = targets_sql("collection")
PEOPLE_SQL = targets_sql("user_library")
OWN_SQL = "(photo.owner_id = :viewer_id AND (photo.visibility <> 'locked' OR :is_elevated))"
# What of an album's rows there is to be seen in it, by anybody: a condition on `album_photo` and a photo, which binds
# `granted_at` (ms). Of others somebody gave what his partners showed him; it leaves when they stop (shares §3.1).
STANDING_SQL = f"""
    {{photo}}.deleted_at IS NULL AND {{photo}}.visibility IN ('timeline', 'archive')
    AND (album_photo.added_by = {{photo}}.owner_id OR album_photo.added_by IS NULL
         OR ({{photo}}.visibility = 'timeline' AND EXISTS (
                SELECT 1 FROM share
                 WHERE share.target_type = 'user_library' AND share.target_id = {{photo}}.owner_id
                   AND share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :granted_at)
                   AND share.permissions & {int(Right.RESHARE)}
                   AND (share.recipient_type = 'group' OR share.recipient_id = album_photo.added_by))))
"""  # noqa: S608 - constants of our own
SHARED_SQL = f"""
    {{photo}}.deleted_at IS NULL AND {{photo}}.visibility <> 'locked' AND EXISTS (
        SELECT 1 FROM album_photo JOIN album ON album.album_id = album_photo.album_id
          JOIN user ON user.user_id = album.owner_id
         WHERE album_photo.photo_id = {{photo}}.photo_id AND album.deleted_at IS NULL AND user.state = 'active'
           AND (album.owner_id = :viewer_id OR album.album_id IN {ALBUMS_SQL}) AND {STANDING_SQL})
"""  # noqa: S608 - constants of our own
PARTNERS_SQL = f"""
    {{photo}}.deleted_at IS NULL AND {{photo}}.visibility = 'timeline' AND {{photo}}.owner_id IN {PEOPLE_SQL}
    AND EXISTS (SELECT 1 FROM user WHERE user.user_id = {{photo}}.owner_id AND user.state = 'active')
"""  # noqa: S608 - constants of our own
# Single photos and sets of them. What was passed on lasts while who did so is shown the photo himself.
_PASSED_ON = """(share.parent_share_id IS NULL OR EXISTS (
        SELECT 1 FROM share AS shown_by
         WHERE shown_by.share_id = share.parent_share_id
           AND CASE shown_by.target_type
               WHEN 'collection' THEN EXISTS (
                   SELECT 1 FROM album_photo AS held
                    WHERE held.album_id = shown_by.target_id AND held.photo_id = share.target_id)
               WHEN 'user_library' THEN EXISTS (
                   SELECT 1 FROM photo AS held WHERE held.photo_id = share.target_id AND held.visibility = 'timeline')
               ELSE 1 END))"""
SINGLE_SQL = granted_sql("media", more=_PASSED_ON)
SETS_SQL = granted_sql(
    "media_set", "share_item.media_id", join=" JOIN share_item ON share_item.share_id = share.share_id"
)
GIVEN_SQL = f"""
    {{photo}}.deleted_at IS NULL AND {{photo}}.visibility <> 'locked'
    AND ({{photo}}.photo_id IN {SINGLE_SQL} OR {{photo}}.photo_id IN {SETS_SQL})
    AND EXISTS (SELECT 1 FROM user WHERE user.user_id = {{photo}}.owner_id AND user.state = 'active')
"""  # noqa: S608 - constants of our own


def _others(alias: str) -> str:
    parts = (SHARED_SQL, PARTNERS_SQL, GIVEN_SQL)
    return "(" + " OR ".join(f"({part.format(photo=alias)})" for part in parts) + ")"


# The moving part of a live photo is seen with its still.
READ_SQL = f"""({OWN_SQL} OR {_others("photo")} OR (photo.visibility = 'hidden' AND EXISTS (
    SELECT 1 FROM photo AS still WHERE still.live_video_id = photo.photo_id AND {_others("still")})))
"""  # noqa: S608 - constants of our own
# The same for one more right, so that both are asked of one photo: they may come from two grants.
TOLD_SQL = READ_SQL.replace(":right", ":right_to_know")
SHARE_SQL = f"""((photo.owner_id = :viewer_id AND photo.visibility <> 'locked')
    OR ({PARTNERS_SQL.format(photo="photo")}))
"""


# What a link leads to, as conditions on {photo}. Its maker must own a photo or have it from a partner who lets him pass
# it on, in an album as who put it in; `viewer_id` is he.
_LINKED_SET_SQL = f"""
    ({{photo}}.deleted_at IS NULL AND {{photo}}.visibility IN ('timeline', 'archive')
     AND {{inside}} AND ({{photo}}.owner_id = :viewer_id OR ({PARTNERS_SQL})))
"""
_LINKED_SQL: Mapping[str, str] = {
    "collection": f"""
        (EXISTS (SELECT 1 FROM album_photo JOIN album ON album.album_id = album_photo.album_id
                  WHERE album_photo.photo_id = {{photo}}.photo_id AND album.album_id = :link_target
                    AND album.owner_id = :viewer_id AND album.deleted_at IS NULL AND {STANDING_SQL}))
    """,  # noqa: S608 - constants of our own
    "media_set": _LINKED_SET_SQL.replace(
        "{inside}",
        "EXISTS (SELECT 1 FROM share_item WHERE share_item.share_id = :link_share"
        " AND share_item.media_id = {photo}.photo_id)",
    ),
    "media": _LINKED_SET_SQL.replace("{inside}", "{photo}.photo_id = :link_target"),
}


def _linked_sql(inside: str) -> str:
    """With the moving part of a live photo, which is seen with its still."""
    return f"""({inside.format(photo="photo")} OR (photo.visibility = 'hidden' AND photo.deleted_at IS NULL AND EXISTS (
        SELECT 1 FROM photo AS still WHERE still.live_video_id = photo.photo_id AND {inside.format(photo="still")})))
    """  # noqa: S608 - constants of our own


LINKED_SQL: Mapping[str, str] = {target_type: _linked_sql(sql) for target_type, sql in _LINKED_SQL.items()}
NOTHING_SQL = "0"


def readable(actor: Member | Guest, at_ms: int, *, word: str = "asset.read") -> Sight:
    """What somebody may look at: his own, what lies in albums he is in, what partners show him; what his link shows."""
    if isinstance(actor, Guest):
        return linked(actor, at_ms, word=word)
    return Sight(sql=READ_SQL, args=_args(actor, at_ms, Right.VIEW), word=word)


def downloadable(actor: Member | Guest, at_ms: int) -> Sight:
    """Of what somebody may look at, what he may take home as it is: with what its camera wrote into it."""
    if isinstance(actor, Guest):
        return linked(actor, at_ms, right=Right.DOWNLOAD, word="asset.download")
    args = {**_args(actor, at_ms, Right.DOWNLOAD), "right_to_know": int(Right.SEE_METADATA)}
    return Sight(sql=f"({READ_SQL} AND {TOLD_SQL})", args=args, word="asset.download")


def linked(guest: Guest, at_ms: int, *, right: Right = Right.VIEW, word: str = "asset.read") -> Sight:
    """What a link shows, to who has a right by it."""
    sql = LINKED_SQL.get(guest.target_type, NOTHING_SQL) if guest.rights & right else NOTHING_SQL
    return Sight(sql=sql, args=_link_args(guest, at_ms), word=word)


def telling(actor: Member, at_ms: int) -> Sight:
    """Of what a member may look at, what he may know all about: where it was taken, and by what."""
    return Sight(sql=READ_SQL, args=_args(actor, at_ms, Right.SEE_METADATA), word="asset.read")


def own(actor: Member, at_ms: int, *, word: str = "asset.update") -> Sight:
    """What a member may change and delete: his own; what is locked only while his PIN opens it."""
    return Sight(sql=OWN_SQL, args=_args(actor, at_ms, Right.VIEW), word=word)


def shareable(actor: Member, at_ms: int) -> Sight:
    """What a member may put into albums and links: his own that is not locked, and what partners show him."""
    return Sight(sql=SHARE_SQL, args=_args(actor, at_ms, Right.RESHARE), word="asset.share")


async def permitted(read: Reader, sight: Sight, photo_ids: Iterable[str]) -> set[str]:
    """Those of the photos that a member may see so."""
    return await store.permitted(read, photo_ids, sight.sql, sight.args)


async def untold(read: Reader, actor: Member, at_ms: int, photo_ids: Iterable[str]) -> set[str]:
    """Those of photos shown to a member of which he may not know where and by what they were taken."""
    wanted = set(photo_ids)
    return wanted - await permitted(read, telling(actor, at_ms), wanted) if wanted else wanted


async def require(read: Reader, sight: Sight, photo_ids: Iterable[str]) -> None:
    """Let photos pass.

    Raises:
        NotFound: one of them is not there, or not for him.
    """
    wanted = set(photo_ids)
    if wanted - await permitted(read, sight, wanted):
        raise refused(sight.word)


def refused(word: str) -> NotFound:
    """What is said of everything that is not there, or not for who asks."""
    return NotFound(f"Not found or no {word} access")


def knows_facts(actor: Member | Guest) -> bool:
    """Whether somebody may know where and by what a photo was taken, and what its file is called."""
    return not isinstance(actor, Guest) or bool(actor.rights & Right.SEE_METADATA)


def is_elevated(actor: Member | Guest, at_ms: int) -> bool:
    """Whether a member's PIN opens what is locked at a time in ms."""
    return isinstance(actor, Member) and actor.elevated_until_at is not None and actor.elevated_until_at > at_ms


def _link_args(guest: Guest, at_ms: int) -> dict[str, object]:
    # Its maker has what he was given to pass on.
    return {
        "viewer_id": guest.maker.user_id,
        "granted_at": at_ms,
        "with_hidden": 1,
        "right": int(Right.RESHARE),
        "link_target": guest.target_id,
        "link_share": guest.share_id,
    }


def _args(actor: Member, at_ms: int, right: Right) -> dict[str, object]:
    return {
        "viewer_id": actor.user_id,
        "is_elevated": int(is_elevated(actor, at_ms)),
        "granted_at": at_ms,
        "with_hidden": 1,
        "right": int(right),
    }
