"""Whom what is said and done at clips is told, and when it is taken back (clips §8.2).

Everybody hears of one thing once: who is named in a comment is told that he was named, all others that there is one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from homemedia.accounts import Member
from homemedia.clips import talk_store as store
from homemedia.clips.models import ContentType, shown_title
from homemedia.clips.talk_models import Comment
from homemedia.clips.talk_store import Spoken
from homemedia.clips.wire import file_name
from homemedia.core.db import Write
from homemedia.core.notices import HOUSEHOLD, Notice, Recipients, Withdrawal, notify, withdraw

FAMILY = "clip"
COMMENT_TYPES = ("comment", "reply", "mention")
MAX_PREVIEW = 80


def details_of(spoken: Spoken, username: str, picture: str | None) -> dict[str, Any]:
    """What a notice keeps of a clip and of who did something, so that it stays readable when they are gone."""
    clip = spoken.clip
    content_type: ContentType = clip.content_type
    return {
        "clipOwnerId": clip.added_by,
        "clipOwnerUsername": spoken.owner_name,
        "clipThumbnail": file_name(spoken.thumbnail_path),
        "clipTitle": shown_title(clip),
        "clipContentType": content_type,
        "actorUsername": username,
        "actorAvatar": picture,
    }


async def came(tx: Write, clip_id: str) -> None:
    """Tell everybody but who sent it in that there is a clip to watch; its row in the inbox is the feed itself."""
    spoken = await store.spoken(tx.rows, clip_id)
    if spoken is None:
        return
    notice = Notice(
        family=FAMILY,
        type="new_clip",
        to=HOUSEHOLD,
        subject_id=clip_id,
        actor_id=spoken.clip.added_by,
        details=details_of(spoken, spoken.owner_name, spoken.owner_picture),
        is_kept=False,
    )
    await notify(tx, notice)


async def reacted(tx: Write, spoken: Spoken, actor: Member, emoji: str, to: Recipients = HOUSEHOLD) -> None:
    """Tell of a reaction; one that it replaces is withdrawn first."""
    await _tell(tx, spoken, actor, "reaction", to, emoji=emoji)


async def reaction_gone(tx: Write, clip_id: str, user_id: str) -> None:
    """A reaction was taken back, or another has taken its place."""
    await withdraw(tx, Withdrawal(family=FAMILY, subject_id=clip_id, types=("reaction",), actor_id=user_id))


async def said(
    tx: Write, spoken: Spoken, actor: Member, comment: Comment, named: Sequence[str], members: Iterable[str]
) -> None:
    """Tell of a comment or an answer.

    Args:
        tx: the transaction that wrote it.
        spoken: the clip.
        actor: who said it.
        comment: what was said.
        named: ids of members whom it names.
        members: ids of all active members.
    """
    more = {"commentPreview": preview(comment), "commentId": comment.comment_id}
    others = tuple(user_id for user_id in members if user_id != actor.user_id and user_id not in named)
    by_name = tuple(user_id for user_id in named if user_id != actor.user_id)
    await _tell(tx, spoken, actor, "mention", by_name, **more)
    await _tell(tx, spoken, actor, "comment" if comment.parent_id is None else "reply", others, **more)


async def unsaid(tx: Write, clip_id: str, comment_ids: Iterable[str]) -> None:
    """Comments are gone."""
    for comment_id in comment_ids:
        about = {"commentId": comment_id}
        await withdraw(tx, Withdrawal(family=FAMILY, subject_id=clip_id, types=COMMENT_TYPES, details=about))


async def read(tx: Write, clip_id: str, user_id: str) -> None:
    """A member has looked at the comments of a clip."""
    await withdraw(tx, Withdrawal(family=FAMILY, subject_id=clip_id, types=COMMENT_TYPES, of_user=user_id))


def preview(comment: Comment) -> str:
    """The beginning of what was said, on one line; of a picture alone that it is one."""
    return " ".join(comment.text.split())[:MAX_PREVIEW] or "[GIF]"


async def _tell(tx: Write, spoken: Spoken, actor: Member, type_: str, to: Recipients, **more: str) -> None:
    notice = Notice(
        family=FAMILY,
        type=type_,
        to=to,
        subject_id=spoken.clip.clip_id,
        actor_id=actor.user_id,
        details=details_of(spoken, actor.username, actor.picture) | more,
    )
    await notify(tx, notice)
