"""Every statement on comments and reactions; nothing here decides."""

import sqlite3

import msgspec

from homemedia.clips.models import CLIP_COLUMNS, ClipRow, clip_of
from homemedia.clips.talk_models import Comment, ReactionEvent, Tally
from homemedia.core.db import Reader, Write

CLIP = f"""
    SELECT {CLIP_COLUMNS},
           (SELECT user.username FROM user WHERE user.user_id = clip.added_by) AS owner_name,
           (SELECT user.avatar_changed_at FROM user WHERE user.user_id = clip.added_by) AS owner_pictured_at,
           (SELECT file.path FROM file WHERE file.file_id = clip.thumbnail_file_id) AS thumbnail_path
      FROM clip
     WHERE clip.clip_id = :clip_id
"""  # noqa: S608 - columns of our own
IS_CLIP = "SELECT 1 FROM clip WHERE clip_id = :clip_id"

TALLIES = """
    SELECT emoji, count(*) AS number, max(user_id = :user_id) AS is_mine
      FROM clip_reaction
     WHERE clip_id = :clip_id
     GROUP BY emoji
     ORDER BY min(created_at), emoji
"""
REACTION_OF = "SELECT emoji FROM clip_reaction WHERE clip_id = :clip_id AND user_id = :user_id"
PUT_REACTION = """
    INSERT INTO clip_reaction (clip_id, user_id, emoji, created_at) VALUES (:clip_id, :user_id, :emoji, :now)
    ON CONFLICT (clip_id, user_id) DO UPDATE SET emoji = excluded.emoji, created_at = excluded.created_at
"""
DROP_REACTION = "DELETE FROM clip_reaction WHERE clip_id = :clip_id AND user_id = :user_id"
REACTIONS = """
    SELECT clip_reaction.emoji, user.username, clip_reaction.created_at
      FROM clip_reaction JOIN user ON user.user_id = clip_reaction.user_id
     WHERE clip_reaction.clip_id = :clip_id
     ORDER BY clip_reaction.created_at, clip_reaction.user_id
"""

_COMMENT = """
    clip_comment.clip_comment_id, clip_comment.clip_id, clip_comment.user_id, user.username, user.avatar_changed_at,
    clip_comment.parent_id, clip_comment.text, clip_comment.gif_url, clip_comment.created_at,
    (SELECT json_group_array(json_array(hearted.user_id, hearted.username))
       FROM (SELECT clip_comment_heart.user_id, who.username
               FROM clip_comment_heart JOIN user AS who ON who.user_id = clip_comment_heart.user_id
              WHERE clip_comment_heart.clip_comment_id = clip_comment.clip_comment_id
              ORDER BY clip_comment_heart.created_at, clip_comment_heart.user_id) AS hearted) AS hearts
"""
COMMENTS = f"""
    SELECT {_COMMENT}
      FROM clip_comment JOIN user ON user.user_id = clip_comment.user_id
     WHERE clip_comment.clip_id = :clip_id
     ORDER BY clip_comment.created_at, clip_comment.rowid
"""  # noqa: S608 - columns of our own
COMMENT = f"""
    SELECT {_COMMENT}
      FROM clip_comment JOIN user ON user.user_id = clip_comment.user_id
     WHERE clip_comment.clip_comment_id = :comment_id AND clip_comment.clip_id = :clip_id
"""  # noqa: S608 - columns of our own
# What was sent in with it, at the same moment.
FIRST_WORDS = f"""
    SELECT {_COMMENT}
      FROM clip_comment
      JOIN clip ON clip.clip_id = clip_comment.clip_id
      JOIN user ON user.user_id = clip_comment.user_id
     WHERE clip_comment.clip_id = :clip_id AND clip_comment.created_at = clip.created_at
       AND clip_comment.user_id = clip.added_by
"""  # noqa: S608 - columns of our own
SEEN_BY_OTHERS = """
    SELECT max(viewed_at) AS seen_at FROM clip_comment_view WHERE clip_id = :clip_id AND user_id <> :user_id
"""
ADD_COMMENT = """
    INSERT INTO clip_comment (clip_comment_id, clip_id, user_id, parent_id, text, gif_url, created_at)
    VALUES (:comment_id, :clip_id, :user_id, :parent_id, :text, :gif_url, :now)
"""
CHANGE_COMMENT = "UPDATE clip_comment SET text = :text, gif_url = :gif_url WHERE clip_comment_id = :comment_id"
WITH_ANSWERS = """
    SELECT clip_comment_id FROM clip_comment WHERE clip_comment_id = :comment_id OR parent_id = :comment_id
     ORDER BY parent_id IS NOT NULL, created_at, rowid
"""
DROP_COMMENT = "DELETE FROM clip_comment WHERE clip_comment_id = :comment_id"
DROP_HEART = "DELETE FROM clip_comment_heart WHERE clip_comment_id = :comment_id AND user_id = :user_id"
ADD_HEART = """
    INSERT INTO clip_comment_heart (clip_comment_id, user_id, created_at) VALUES (:comment_id, :user_id, :now)
    ON CONFLICT (clip_comment_id, user_id) DO NOTHING
"""
HEARTS = "SELECT count(*) AS number FROM clip_comment_heart WHERE clip_comment_id = :comment_id"
VIEWED = """
    INSERT INTO clip_comment_view (clip_id, user_id, viewed_at) VALUES (:clip_id, :user_id, :now)
    ON CONFLICT (clip_id, user_id) DO UPDATE SET viewed_at = max(viewed_at, excluded.viewed_at)
"""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A clip that is spoken of, the user name and the picture's name of who sent it in, and where its picture lies."""

    clip: ClipRow
    owner_name: str
    owner_picture: str | None
    thumbnail_path: str | None


async def spoken(read: Reader, clip_id: str) -> Spoken | None:
    rows = await read(CLIP, {"clip_id": clip_id})
    if not rows:
        return None
    row = rows[0]
    clip = clip_of(row)
    return Spoken(
        clip=clip,
        owner_name=row["owner_name"],
        owner_picture=_picture(clip.added_by, row["owner_pictured_at"]),
        thumbnail_path=row["thumbnail_path"],
    )


async def is_clip(read: Reader, clip_id: str) -> bool:
    return bool(await read(IS_CLIP, {"clip_id": clip_id}))


async def tallies(read: Reader, clip_id: str, user_id: str) -> list[Tally]:
    """The reactions of a clip, what was set first first."""
    rows = await read(TALLIES, {"clip_id": clip_id, "user_id": user_id})
    return [Tally(emoji=row["emoji"], count=row["number"], is_mine=bool(row["is_mine"])) for row in rows]


async def reaction_of(read: Reader, clip_id: str, user_id: str) -> str | None:
    rows = await read(REACTION_OF, {"clip_id": clip_id, "user_id": user_id})
    return rows[0]["emoji"] if rows else None


async def put_reaction(tx: Write, clip_id: str, user_id: str, emoji: str, *, now: int) -> None:
    """A member's one reaction to a clip; it takes the place of another."""
    await tx.run(PUT_REACTION, {"clip_id": clip_id, "user_id": user_id, "emoji": emoji, "now": now})


async def drop_reaction(tx: Write, clip_id: str, user_id: str) -> None:
    await tx.run(DROP_REACTION, {"clip_id": clip_id, "user_id": user_id})


async def reactions(read: Reader, clip_id: str) -> list[ReactionEvent]:
    """Who reacted how, oldest first."""
    return [ReactionEvent(**dict(row)) for row in await read(REACTIONS, {"clip_id": clip_id})]


async def comments(read: Reader, clip_id: str, user_id: str) -> list[Comment]:
    """Comments and answers of a clip in one list, oldest first, as one member sees them."""
    seen_at = await seen_by_others(read, clip_id, user_id)
    return [_comment(row, user_id, seen_at) for row in await read(COMMENTS, {"clip_id": clip_id})]


async def comment(read: Reader, clip_id: str, comment_id: str, user_id: str) -> Comment | None:
    """One comment, if it is one of this clip."""
    rows = await read(COMMENT, {"clip_id": clip_id, "comment_id": comment_id})
    return _comment(rows[0], user_id, await seen_by_others(read, clip_id, user_id)) if rows else None


async def first_words(read: Reader, clip_id: str) -> list[Comment]:
    """What a clip's sender said as he sent it in."""
    return [_comment(row, "", None) for row in await read(FIRST_WORDS, {"clip_id": clip_id})]


async def seen_by_others(read: Reader, clip_id: str, user_id: str) -> int | None:
    """When another member last looked at the comments; None when nobody did."""
    seen_at: int | None = (await read(SEEN_BY_OTHERS, {"clip_id": clip_id, "user_id": user_id}))[0]["seen_at"]
    return seen_at


async def add_comment(tx: Write, new: Comment) -> None:
    args = {
        "comment_id": new.comment_id,
        "clip_id": new.clip_id,
        "user_id": new.user_id,
        "parent_id": new.parent_id,
        "text": new.text,
        "gif_url": new.gif_url,
        "now": new.created_at,
    }
    await tx.run(ADD_COMMENT, args)


async def change_comment(tx: Write, comment_id: str, *, text: str, gif_url: str | None) -> None:
    await tx.run(CHANGE_COMMENT, {"comment_id": comment_id, "text": text, "gif_url": gif_url})


async def drop_comment(tx: Write, comment_id: str) -> list[str]:
    """Delete a comment with all answers; the ids of what went, its own first."""
    gone = [row["clip_comment_id"] for row in await tx.rows(WITH_ANSWERS, {"comment_id": comment_id})]
    await tx.run(DROP_COMMENT, {"comment_id": comment_id})
    return gone


async def toggle_heart(tx: Write, comment_id: str, user_id: str, *, now: int) -> tuple[int, bool]:
    """How many hearts a comment has after the toggle, and whether one is this member's."""
    args = {"comment_id": comment_id, "user_id": user_id}
    is_taken_back = await tx.run(DROP_HEART, args) > 0
    if not is_taken_back:
        await tx.run(ADD_HEART, args | {"now": now})
    return (await tx.rows(HEARTS, {"comment_id": comment_id}))[0]["number"], not is_taken_back


async def viewed(tx: Write, clip_id: str, user_id: str, *, now: int) -> None:
    await tx.run(VIEWED, {"clip_id": clip_id, "user_id": user_id, "now": now})


def _comment(row: sqlite3.Row, user_id: str, seen_at: int | None) -> Comment:
    hearts = msgspec.json.decode(row["hearts"], type=list[tuple[str, str]])
    is_mine = row["user_id"] == user_id
    return Comment(
        comment_id=row["clip_comment_id"],
        clip_id=row["clip_id"],
        user_id=row["user_id"],
        username=row["username"],
        picture=_picture(row["user_id"], row["avatar_changed_at"]),
        parent_id=row["parent_id"],
        text=row["text"],
        gif_url=row["gif_url"],
        heart_users=tuple(name for _, name in hearts),
        is_hearted=any(who == user_id for who, _ in hearts),
        # A look in the very millisecond of writing counts: what others may have read stays.
        can_edit=is_mine and (seen_at is None or seen_at < row["created_at"]),
        created_at=row["created_at"],
    )


def _picture(user_id: str, changed_at: int | None) -> str | None:
    return None if changed_at is None else f"{user_id}.jpg"
