"""Bodies and answers of comments and reactions, in the words of the clip contract (6.10, 6.11)."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts.wire import iso
from homemedia.clips.talk_models import Comment, Tally, Thread
from homemedia.core.http.wire import Query, Wire

# A text of a body, whatever came in its place: what is of the wrong kind is told in the contract's own words.
Text = Annotated[Any, msgspec.Meta(extra_json_schema={"type": "string"})]


class EmojiBody(Wire, frozen=True, kw_only=True):
    """One of ❤️ 👍 👎 😂 ‼️ ❓."""

    emoji: Text = None


class CommentBody(Wire, frozen=True, kw_only=True):
    """`text` has 500 characters at most and may be left out beside `gifUrl`, the address of a picture at GIPHY."""

    text: Text = None
    gif_url: Text = None
    parent_id: Text = None


class CommentChange(Wire, frozen=True, kw_only=True):
    comment_id: Text = None
    text: Text = None
    gif_url: Text = None


class CommentNamed(Wire, frozen=True, kw_only=True):
    comment_id: Text = None


class CommentQuery(Query, frozen=True, kw_only=True):
    """For who cannot send a body with DELETE."""

    comment_id: str | None = None


class ReactionCount(Wire, frozen=True, kw_only=True):
    count: int
    reacted: bool


class ReactionsAnswer(Wire, frozen=True, kw_only=True):
    reactions: dict[str, ReactionCount]


class ToggledAnswer(Wire, frozen=True, kw_only=True):
    """`toggled`: the reaction is set by now."""

    reactions: dict[str, ReactionCount]
    toggled: bool


class CommentWire(Wire, frozen=True, kw_only=True):
    """A comment; `replies` and their number stand at the top level alone. `heartUsers` are user names."""

    id: str
    text: str
    gif_url: str | None
    user_id: str
    username: str
    avatar_path: str | None
    parent_id: str | None
    heart_count: int
    hearted: bool
    heart_users: list[str]
    can_edit: bool
    created_at: str
    reply_count: int | UnsetType = UNSET
    replies: "list[CommentWire] | UnsetType" = UNSET


class ReactionEventWire(Wire, frozen=True, kw_only=True):
    emoji: str
    username: str
    created_at: str


class ThreadAnswer(Wire, frozen=True, kw_only=True):
    comments: list[CommentWire]
    reaction_events: list[ReactionEventWire]


class CommentAnswer(Wire, frozen=True, kw_only=True):
    comment: CommentWire


class ChangedComment(Wire, frozen=True, kw_only=True):
    id: str
    text: str
    gif_url: str | None


class ChangedAnswer(Wire, frozen=True, kw_only=True):
    comment: ChangedComment


class DeletedAnswer(Wire, frozen=True, kw_only=True):
    """`deletedIds`: the comment and the answers that went with it."""

    deleted: bool = True
    deleted_ids: list[str]


class HeartAnswer(Wire, frozen=True, kw_only=True):
    heart_count: int
    hearted: bool


class Done(Wire, frozen=True, kw_only=True):
    ok: bool = True


def reactions(found: Sequence[Tally]) -> dict[str, ReactionCount]:
    return {one.emoji: ReactionCount(count=one.count, reacted=one.is_mine) for one in found}


def comment_wire(one: Comment) -> CommentWire:
    """A comment as its readers get it; at the top level with what answers it."""
    is_top = one.parent_id is None
    return CommentWire(
        id=one.comment_id,
        text=one.text,
        gif_url=one.gif_url,
        user_id=one.user_id,
        username=one.username,
        avatar_path=one.picture,
        parent_id=one.parent_id,
        heart_count=len(one.heart_users),
        hearted=one.is_hearted,
        heart_users=list(one.heart_users),
        can_edit=one.can_edit,
        created_at=iso(one.created_at),
        reply_count=len(one.answers) if is_top else UNSET,
        replies=[comment_wire(answer) for answer in one.answers] if is_top else UNSET,
    )


def thread_answer(thread: Thread) -> ThreadAnswer:
    events = [
        ReactionEventWire(emoji=one.emoji, username=one.username, created_at=iso(one.created_at))
        for one in thread.reactions
    ]
    return ThreadAnswer(comments=[comment_wire(one) for one in thread.comments], reaction_events=events)
