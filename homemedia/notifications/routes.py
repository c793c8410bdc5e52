"""HTTP of our own inbox, of preferences and of the caller's browsers."""

from homemedia.accounts import Caller
from homemedia.core.http.routes import Routes
from homemedia.core.problems import BadRequest
from homemedia.notifications.browsers import Browsers
from homemedia.notifications.digest import Digests
from homemedia.notifications.inbox import Inbox
from homemedia.notifications.preferences import NoticePreferences, WishChange
from homemedia.notifications.pushing import Pushing
from homemedia.notifications.wire import (
    Counts,
    Marked,
    NoticePage,
    PageQuery,
    Preferences,
    PreferencesBody,
    PushAnswer,
    ReadBody,
    Removed,
    TestAnswer,
    UnreadBody,
    browser,
    cursor_of,
    following_of,
    own_notice,
    preferences,
)


class InboxRoutes:
    """The inbox of whoever asks."""

    routes = Routes("notifications", prefix="/api/home/notifications")

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    @routes.get("")
    async def page(self, actor: Caller, query: PageQuery) -> NoticePage:
        """List the caller's notices of every family, what changed last first."""
        page = await self._inbox.page(actor.user_id, after=following_of(query.cursor), limit=query.limit)
        return NoticePage(
            notices=[own_notice(one) for one in page.notices], next=cursor_of(page.following), unread=page.unread
        )

    @routes.get("/count")
    async def count(self, actor: Caller) -> Counts:
        """Count the caller's unread notices."""
        families = await self._inbox.unread(actor.user_id)
        return Counts(unread=sum(families.values()), families=families)

    @routes.post("/read")
    async def read(self, actor: Caller, body: ReadBody) -> Marked:
        """Mark notices as read, some or all."""
        if body.all:
            return Marked(marked=await self._inbox.read_all(actor.user_id, until=body.until))
        if not body.ids:
            raise BadRequest("Say which: ids, or all.", field="ids")
        return Marked(marked=await self._inbox.read(actor.user_id, body.ids))

    @routes.post("/unread")
    async def unread(self, actor: Caller, body: UnreadBody) -> Marked:
        """Mark notices as unread again."""
        return Marked(marked=await self._inbox.unread_again(actor.user_id, body.ids))

    @routes.post("/{id}/read")
    async def read_one(self, actor: Caller, id: str) -> Marked:
        """Mark one notice as read; an unknown one changes nothing."""
        return Marked(marked=await self._inbox.read(actor.user_id, [id]))

    @routes.delete("/{id}")
    async def delete(self, actor: Caller, id: str) -> Removed:
        """Drop one notice; an unknown one changes nothing."""
        return Removed(removed=await self._inbox.delete(actor.user_id, id))

    @routes.delete("")
    async def delete_read(self, actor: Caller) -> Removed:
        """Drop every notice that was read."""
        return Removed(removed=await self._inbox.delete_read(actor.user_id))


class NoticePreferenceRoutes:
    """How whoever asks wants to hear of things, and on which browsers."""

    routes = Routes("notifications", prefix="/api/home/notifications")

    def __init__(
        self, wishes: NoticePreferences, digests: Digests, browsers: Browsers, pushing: Pushing, public_key: str
    ) -> None:
        self._wishes = wishes
        self._digests = digests
        self._browsers = browsers
        self._pushing = pushing
        self._public_key = public_key

    @routes.get("/preferences")
    async def get(self, actor: Caller) -> Preferences:
        """Tell what is pushed, mailed and when it is quiet."""
        wishes = await self._wishes.of(actor.user_id)
        return preferences(wishes, is_admin=actor.is_admin, can_mail=self._digests.is_possible, email=actor.email)

    @routes.patch("/preferences")
    async def change(self, actor: Caller, body: PreferencesBody) -> Preferences:
        """Change what is pushed, mailed and when it is quiet."""
        wishes = await self._wishes.change(
            actor.user_id, WishChange(push=body.push, mail=body.mail, quiet=body.quiet, digest=body.digest)
        )
        return preferences(wishes, is_admin=actor.is_admin, can_mail=self._digests.is_possible, email=actor.email)

    @routes.get("/push")
    async def push(self, actor: Caller) -> PushAnswer:
        """Tell the key that browsers subscribe with, and list the caller's browsers."""
        found = await self._browsers.of(actor)
        return PushAnswer(public_key=self._public_key, browsers=[browser(one) for one in found])

    @routes.delete("/push/{id}")
    async def remove(self, actor: Caller, id: str) -> Removed:
        """Push to one of the caller's browsers no more."""
        return Removed(removed=await self._browsers.remove(actor, id))

    @routes.post("/push/test")
    async def test(self, actor: Caller) -> TestAnswer:
        """Push a word to every browser of the caller."""
        sent = await self._pushing.test(actor.user_id)
        if not sent:
            raise BadRequest("No browser of yours takes pushes yet.", code="no_subscription")
        return TestAnswer(sent=sent)
