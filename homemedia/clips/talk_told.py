"""Whom what is said and done at clips is told, and when it is taken back (clips §8.2).

Everybody hears of one thing once: who is named in a comment is told that he was named, all others that there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from homemedia.accounts import Member
from homemedia.clips.models import shown_title
from homemedia.clips.talk_models import Comment
from homemedia.clips.talk_store import Spoken
from homemedia.clips.wire import file_name
from homemedia.core.db import Write
from homemedia.core.notices import HOUSEHOLD, Notice, Recipients, Withdrawal, notify, withdraw

FAMILY = "clip"
COMMENT_TYPES = ("comment", "reply", "mention")
MAX_PREVIEW = 80
NOTHING: Mapping[str, str] = MappingProxyType({})


class Teller(msgspec.Struct, frozen=True):
    """Who did what is told: his user name, and the name of his picture."""

    user_id: str
    username: str
    picture: str | None


def sender_of(spoken: Spoken) -> Teller:
    """Who sent a clip in."""
    return Teller(spoken.clip.added_by, spoken.owner_name, spoken.owner_picture)


def details_of(spoken: Spoken, teller: Teller) -> dict[str, Any]:
    """What a notice keeps of a clip and of who did something, so that it stays readable when they are gone."""
    clip = spoken.clip
    return {
        "clipOwnerId": clip.added_by,
        "clipOwnerUsername": spoken.owner_name,
        "clipThumbnail": file_name(spoken.thumbnail_path),
        "clipTitle": shown_title(clip),
        "clipContentType": clip.content_type,
        "actorUsername": teller.username,
        "actorAvatar": teller.picture,
    }


async def came(tx: Write, spoken: Spoken) -> None:
    """Tell everybody but who sent it in that there is a clip to watch. It is in no inbox: its place is the feed."""
    await _tell(tx, spoken, sender_of(spoken), "new_clip", HOUSEHOLD, is_kept=False)


async def named_with(tx: Write, spoken: Spoken, comment: Comment, named: Sequence[str]) -> None:
    """Tell members whom a clip's sender named in his first words that he did; that there are words, nobody."""
    by_name = tuple(user_id for user_id in named if user_id != spoken.clip.added_by)
    await _tell(tx, spoken, sender_of(spoken), "mention", by_name, _about(comment))


async def reacted(tx: Write, spoken: Spoken, actor: Member, emoji: str, to: Recipients = HOUSEHOLD) -> None:
    """Tell of a reaction; one that it replaces is withdrawn first."""
    await _tell(tx, spoken, _member(actor), "reaction", to, {"emoji": emoji})


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
    more, teller = _about(comment), _member(actor)
    others = tuple(user_id for user_id in members if user_id != actor.user_id and user_id not in named)
    by_name = tuple(user_id for user_id in named if user_id != actor.user_id)
    await _tell(tx, spoken, teller, "mention", by_name, more)
    await _tell(tx, spoken, teller, "comment" if comment.parent_id is None else "reply", others, more)


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


def _about(comment: Comment) -> dict[str, str]:
    return {"commentPreview": preview(comment), "commentId": comment.comment_id}


def _member(actor: Member) -> Teller:
    return Teller(actor.user_id, actor.username, actor.picture)


async def _tell(
    tx: Write,
    spoken: Spoken,
    teller: Teller,
    type_: str,
    to: Recipients,
    more: Mapping[str, str] = NOTHING,
    *,
    is_kept: bool = True,
) -> None:
    notice = Notice(
        family=FAMILY,
        type=type_,
        to=to,
        subject_id=spoken.clip.clip_id,
        actor_id=teller.user_id,
        details=details_of(spoken, teller) | dict(more),
        is_kept=is_kept,
    )
    await notify(tx, notice)
