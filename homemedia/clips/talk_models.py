"""What is said of a clip, as the service thinks of it. Times in ms."""

import msgspec


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How often one reaction stands at a clip, and whether it is the asking member's."""

    emoji: str
    count: int
    is_mine: bool


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """Something said.

    Attributes:
        username: of who said it; `picture` the name of his picture, None when he has none.
        parent_id: what it answers; None at the top.
        heart_users: who hearted it, by user name, the first first.
        is_hearted: by the asking member.
        can_edit: it is his, and nobody else has looked at the comments since.
        answers: to it, oldest first; of an answer always empty.
    """

    comment_id: str
    clip_id: str
    user_id: str
    username: str
    picture: str | None
    parent_id: str | None
    text: str
    gif_url: str | None
    heart_users: tuple[str, ...] = ()
    is_hearted: bool = False
    can_edit: bool = False
    created_at: int
    answers: tuple["Comment", ...] = ()


class ReactionEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Who reacted how, and when."""

    emoji: str
    username: str
    created_at: int


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """All that was said of a clip: most hearts first, then oldest; reactions oldest first."""

    comments: tuple[Comment, ...]
    reactions: tuple[ReactionEvent, ...]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to say, checked. `text` may be empty beside a picture."""

    text: str
    gif_url: str | None
