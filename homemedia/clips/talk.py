"""Comments on clips, answers to them, hearts (clips §6.11)."""

import msgspec

from homemedia.accounts import Member
from homemedia.accounts.family import store as family
from homemedia.accounts.names import name_key
from homemedia.clips import talk_store as store
from homemedia.clips import talk_told as told
from homemedia.clips.events import ClipTalk
from homemedia.clips.gifs_addresses import is_gif
from homemedia.clips.mentions import mentioned
from homemedia.clips.models import MAX_COMMENT
from homemedia.clips.talk_models import Comment, Said, Thread
from homemedia.clips.talk_reactions import require
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest, Forbidden, NotFound

NOT_YOURS = "Comment not found or not yours."


class Talk:
    """What members say of clips."""

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()

    async def require(self, clip_id: str) -> None:
        """Raises NotFound where there is no such clip."""
        await require(self._db, clip_id)

    async def thread(self, actor: Member, clip_id: str) -> Thread:
        """Everything that was said of a clip.

        Raises:
            NotFound: there is no such clip.
        """
        await self.require(clip_id)
        async with self._db.snapshot() as read:
            found = await store.comments(read, clip_id, actor.user_id)
            return Thread(comments=threaded(found), reactions=tuple(await store.reactions(read, clip_id)))

    async def say(self, actor: Member, clip_id: str, said: Said, parent_id: object = None) -> Comment:
        """Say something, or answer what was said.

        Raises:
            NotFound: there is no such clip, or no such comment on it to answer.
            BadRequest: what is answered is an answer itself.
        """
        async with self._db.write() as tx:
            await self._check_parent(tx, clip_id, parent_id)
            comment = Comment(
                comment_id=new_uuid(),
                clip_id=clip_id,
                user_id=actor.user_id,
                username=actor.username,
                picture=actor.picture,
                parent_id=parent_id if isinstance(parent_id, str) else None,
                text=said.text,
                gif_url=said.gif_url,
                can_edit=True,
                created_at=self._clock.now_ms(),
            )
            await store.add_comment(tx, comment)
            await self._tell(tx, actor, comment)
            tx.announce(ClipTalk(clip_id=clip_id, what="comment", by=actor.user_id))
        return comment

    async def change(self, actor: Member, clip_id: str, comment_id: object, said: Said) -> Comment:
        """Say it otherwise, while nobody else has seen it.

        Raises:
            NotFound: there is no such comment of his on this clip.
            Forbidden: somebody has seen it.
        """
        async with self._db.write() as tx:
            before = await self._own(tx, actor, clip_id, comment_id)
            await store.change_comment(tx, before.comment_id, text=said.text, gif_url=said.gif_url)
            after = await store.comment(tx.rows, clip_id, before.comment_id, actor.user_id)
            assert after is not None  # noqa: S101 - changed in this very transaction
            # Nobody has looked yet, so all are told again: a push takes the place of the one before, by its tag.
            await told.unsaid(tx, clip_id, (before.comment_id,))
            await self._tell(tx, actor, after)
            tx.announce(ClipTalk(clip_id=clip_id, what="comment", by=actor.user_id))
        return after

    async def take_back(self, actor: Member, clip_id: str, comment_id: object) -> list[str]:
        """Delete one's own comment with all answers, while nobody else has seen it; the ids of what went.

        Raises:
            NotFound: there is no such comment of his on this clip.
            Forbidden: somebody has seen it.
        """
        async with self._db.write() as tx:
            comment = await self._own(tx, actor, clip_id, comment_id)
            gone = await store.drop_comment(tx, comment.comment_id)
            await told.unsaid(tx, clip_id, gone)
            tx.announce(ClipTalk(clip_id=clip_id, what="comment", by=actor.user_id))
        return gone

    async def heart(self, actor: Member, clip_id: str, comment_id: str) -> tuple[int, bool]:
        """Give a heart to another's comment, or take it back; how many it has, and whether one is his.

        Raises:
            NotFound: there is no such clip or comment.
            Forbidden: the comment is his own.
        """
        await self.require(clip_id)
        async with self._db.write() as tx:
            comment = await store.comment(tx.rows, clip_id, comment_id, actor.user_id)
            if comment is None:
                raise NotFound("Comment not found.")
            if comment.user_id == actor.user_id:
                raise Forbidden("You cannot heart your own comment.", code="own_comment")
            count, is_hearted = await store.toggle_heart(tx, comment_id, actor.user_id, now=self._clock.now_ms())
            tx.announce(ClipTalk(clip_id=clip_id, what="hearts", by=actor.user_id))
        return count, is_hearted

    async def look(self, actor: Member, clip_id: str) -> None:
        """Count all comments of a clip as seen by a member; he is told of them no more.

        Raises:
            NotFound: there is no such clip.
        """
        await self.require(clip_id)
        async with self._db.write() as tx:
            await store.viewed(tx, clip_id, actor.user_id, now=self._clock.now_ms())
            await told.read(tx, clip_id, actor.user_id)

    async def _check_parent(self, tx: Write, clip_id: str, parent_id: object) -> None:
        if parent_id is None:
            return
        parent = await store.comment(tx.rows, clip_id, parent_id, "") if isinstance(parent_id, str) else None
        if parent is None:
            raise NotFound("Parent comment not found.", field="parentId")
        if parent.parent_id is not None:
            raise BadRequest("Cannot reply to a reply.", field="parentId")

    async def _own(self, tx: Write, actor: Member, clip_id: str, comment_id: object) -> Comment:
        if not isinstance(comment_id, str) or not comment_id:
            raise BadRequest("Comment ID required.", field="commentId")
        comment = await store.comment(tx.rows, clip_id, comment_id, actor.user_id)
        if comment is None or comment.user_id != actor.user_id:
            raise NotFound(NOT_YOURS)
        if not comment.can_edit:
            raise Forbidden("It is too late: somebody has seen this comment.", code="comment_seen")
        return comment

    async def _tell(self, tx: Write, actor: Member, comment: Comment) -> None:
        spoken = await store.spoken(tx.rows, comment.clip_id)
        if spoken is None:
            raise NotFound("Clip not found.")
        members = await _members(tx, self._clock.now_ms())
        await told.said(tx, spoken, actor, comment, mentioned(comment.text, members), members.values())


async def came(tx: Write, clip_id: str, *, now: int) -> None:
    """Tell of a clip that can be watched since just now, and whom its sender named as he sent it in."""
    spoken = await store.spoken(tx.rows, clip_id)
    if spoken is None:
        return
    await told.came(tx, spoken)
    for comment in await store.first_words(tx.rows, clip_id):
        await told.named_with(tx, spoken, comment, mentioned(comment.text, await _members(tx, now)))


async def _members(tx: Write, now: int) -> dict[str, str]:
    """The ids of active members by what their user names are compared by."""
    return {name_key(one.username): one.user_id for one in await family.members(tx.rows, now)}


def checked(text: object, gif_url: object) -> Said:
    """What somebody wants to say: a text of 500 characters, or a picture, or both.

    Raises:
        BadRequest: it is neither.
    """
    if text is not None and not isinstance(text, str):
        raise BadRequest("The comment must be text.", field="text", reason="must be text")
    words = (text or "").strip()
    if len(words) > MAX_COMMENT:
        raise BadRequest(
            f"The comment is too long: {MAX_COMMENT} characters at most.", field="text", reason="is too long"
        )
    if gif_url is None or gif_url == "":
        if not words:
            raise BadRequest("Comment text or a GIF is required.", field="text", reason="is required")
        return Said(text=words, gif_url=None)
    if not isinstance(gif_url, str) or not is_gif(gif_url):
        raise BadRequest("Invalid GIF URL: only pictures of GIPHY can be shown.", field="gifUrl")
    return Said(text=words, gif_url=gif_url)


def threaded(found: list[Comment]) -> tuple[Comment, ...]:
    """Comments with their answers, most hearts first, then oldest; `found` holds all of them, oldest first."""
    answers: dict[str, list[Comment]] = {}
    for one in found:
        if one.parent_id is not None:
            answers.setdefault(one.parent_id, []).append(one)
    tops = sorted((one for one in found if one.parent_id is None), key=lambda one: -len(one.heart_users))
    return tuple(msgspec.structs.replace(top, answers=tuple(answers.get(top.comment_id, ()))) for top in tops)
