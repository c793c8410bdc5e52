"""HTTP of comments and reactions (clips §6.10, 6.11). What clip it is, is asked before what was sent."""

from typing import Any

from homemedia.accounts import Caller
from homemedia.clips.talk import Talk, checked
from homemedia.clips.talk_reactions import Reactions, checked_emoji
from homemedia.clips.talk_wire import (
    ChangedAnswer,
    ChangedComment,
    CommentAnswer,
    CommentBody,
    CommentChange,
    CommentNamed,
    CommentQuery,
    DeletedAnswer,
    Done,
    EmojiBody,
    HeartAnswer,
    ReactionsAnswer,
    ThreadAnswer,
    ToggledAnswer,
    comment_wire,
    reactions,
    thread_answer,
)
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Later

CREATED = 201
# A body that may be left out.
NONE: Any = None


class TalkRoutes:
    routes = Routes("clips", prefix="/api/clips", family=Family.CLIPS)

    def __init__(self, talk: Talk, reactions_: Reactions) -> None:
        self._talk = talk
        self._reactions = reactions_

    @routes.get("/{id}/reactions")
    async def get_reactions(self, actor: Caller, id: str) -> ReactionsAnswer:
        """Count the reactions of a clip."""
        return ReactionsAnswer(reactions=reactions(await self._reactions.of(actor, id)))

    @routes.post("/{id}/reactions")
    async def react(self, actor: Caller, id: str, body: Later[EmojiBody]) -> ToggledAnswer:
        """Set one's reaction to a clip, or take it back when it is set."""
        await self._talk.require(id)
        emoji = checked_emoji((await body.read()).emoji)
        found, is_set = await self._reactions.toggle(actor, id, emoji)
        return ToggledAnswer(reactions=reactions(found), toggled=is_set)

    @routes.get("/{id}/comments")
    async def get_comments(self, actor: Caller, id: str) -> ThreadAnswer:
        """List what was said of a clip, most hearts first, and its reactions."""
        return thread_answer(await self._talk.thread(actor, id))

    @routes.post("/{id}/comments", status=CREATED)
    async def say(self, actor: Caller, id: str, body: Later[CommentBody]) -> CommentAnswer:
        """Comment a clip, or answer a comment."""
        await self._talk.require(id)
        given = await body.read()
        comment = await self._talk.say(actor, id, checked(given.text, given.gif_url), given.parent_id)
        return CommentAnswer(comment=comment_wire(comment))

    @routes.patch("/{id}/comments")
    async def change(self, actor: Caller, id: str, body: Later[CommentChange]) -> ChangedAnswer:
        """Change one's own comment while nobody else has seen it."""
        await self._talk.require(id)
        given = await body.read()
        after = await self._talk.change(actor, id, given.comment_id, checked(given.text, given.gif_url))
        return ChangedAnswer(comment=ChangedComment(id=after.comment_id, text=after.text, gif_url=after.gif_url))

    @routes.delete("/{id}/comments")
    async def take_back(
        self, actor: Caller, id: str, query: CommentQuery, body: Later[CommentNamed] = NONE
    ) -> DeletedAnswer:
        """Delete one's own comment with its answers while nobody else has seen it."""
        await self._talk.require(id)
        given = await body.read()
        comment_id = query.comment_id if given is None or given.comment_id is None else given.comment_id
        return DeletedAnswer(deleted_ids=await self._talk.take_back(actor, id, comment_id))

    @routes.post("/{id}/comments/viewed")
    async def look(self, actor: Caller, id: str) -> Done:
        """Count all comments of a clip as seen; notices of them leave the inbox."""
        await self._talk.look(actor, id)
        return Done()

    @routes.post("/{id}/comments/{commentId}/heart")
    async def heart(self, actor: Caller, id: str, commentId: str) -> HeartAnswer:  # noqa: N803 - the document's name
        """Give another's comment a heart, or take it back."""
        count, is_hearted = await self._talk.heart(actor, id, commentId)
        return HeartAnswer(heart_count=count, hearted=is_hearted)
