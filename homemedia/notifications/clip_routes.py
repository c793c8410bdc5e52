"""HTTP of the clip API's notifications, preferences and push (clips §8)."""

from typing import Any

from aiohttp import web

from homemedia.accounts import Caller
from homemedia.accounts.device import device_of
from homemedia.accounts.wire import iso
from homemedia.core.clock import Clock
from homemedia.core.http.families import Family
from homemedia.core.http.numbers import page_of
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Reply
from homemedia.core.problems import BadRequest
from homemedia.notifications.browsers import Browsers
from homemedia.notifications.inbox import Inbox
from homemedia.notifications.preferences import NoticePreferences
from homemedia.notifications.pushing import Pushing
from homemedia.notifications.wire import (
    ClipCount,
    ClipFeed,
    ClipSwitches,
    Done,
    SubscribeBody,
    Subscribed,
    TestedPush,
    UnsubscribeBody,
    Unsubscribed,
    clip_notice,
)

CLIP = "clip"
USUAL_LIMIT, MAX_LIMIT = 30, 50
CREATED, OK = 201, 200
TEST_AFTER_MS = 10_000


class ClipNoticeRoutes:
    """Notices of clips alone, as that API's clients know them."""

    routes = Routes("notifications", prefix="/api/notifications", family=Family.CLIPS)

    def __init__(self, inbox: Inbox, wishes: NoticePreferences) -> None:
        self._inbox = inbox
        self._wishes = wishes

    @routes.get("")
    async def feed(self, actor: Caller, request: web.Request) -> ClipFeed:
        """List the caller's notices of clips, newest first."""
        asked = request.query
        limit, offset = page_of(asked.get("limit"), asked.get("offset"), usual=USUAL_LIMIT, most=MAX_LIMIT)
        found = await self._inbox.of_family(actor.user_id, CLIP, limit=limit + 1, offset=offset)
        return ClipFeed(notifications=[clip_notice(one) for one in found[:limit]], has_more=len(found) > limit)

    @routes.post("/mark-read")
    async def mark_read(self, actor: Caller, body: dict[str, Any]) -> Done:
        """Mark all notices of clips as read, or those of one clip and type."""
        clip_id, type_ = body.get("clipId"), body.get("type")
        if body.get("all") is True:
            await self._inbox.read_all(actor.user_id, family=CLIP)
        elif isinstance(clip_id, str) and isinstance(type_, str) and clip_id and type_:
            await self._inbox.read_about(actor.user_id, CLIP, clip_id, type_)
        else:
            raise BadRequest("Say which: all, or clipId and type.")
        return Done()

    @routes.delete("/{id}")
    async def dismiss(self, actor: Caller, id: str) -> Done:
        """Drop one of the caller's notices of clips, also one that is gone already."""
        await self._inbox.delete(actor.user_id, id, family=CLIP)
        return Done()

    @routes.get("/unread-count")
    async def unread_count(self, actor: Caller) -> ClipCount:
        """Count the caller's unread notices of clips."""
        return ClipCount(count=(await self._inbox.unread(actor.user_id)).get(CLIP, 0))

    @routes.get("/preferences")
    async def preferences(self, actor: Caller) -> ClipSwitches:
        """Tell which pushes of clips the caller wants."""
        return _switches(await self._wishes.clips_of(actor.user_id))

    @routes.patch("/preferences")
    async def change_preferences(self, actor: Caller, body: dict[str, Any]) -> ClipSwitches:
        """Change which pushes of clips the caller wants."""
        return _switches(await self._wishes.change_clips(actor.user_id, body))


class PushRoutes:
    """Browsers that take pushes, as that API's clients know them."""

    routes = Routes("notifications", prefix="/api/push", family=Family.CLIPS)

    def __init__(self, browsers: Browsers, pushing: Pushing, clock: Clock) -> None:
        self._browsers = browsers
        self._pushing = pushing
        self._clock = clock

    @routes.post("/test")
    async def test(self, actor: Caller) -> TestedPush:
        """Push a word to every browser of the caller in ten seconds, by when a phone can be locked."""
        sent_at = self._clock.now_ms() + TEST_AFTER_MS
        sent = await self._pushing.test(actor.user_id, after_ms=TEST_AFTER_MS)
        if not sent:
            raise BadRequest("No browser of yours takes pushes yet.", code="no_subscription")
        return TestedPush(sent=sent, sent_at=iso(sent_at))

    @routes.post("/subscribe", status=CREATED, also=(OK,))
    async def subscribe(self, actor: Caller, body: SubscribeBody, request: web.Request) -> Reply[Subscribed]:
        """Push to this browser from now on; one that was known gets its new keys."""
        keys = body.keys
        if not body.endpoint or keys is None or not keys.p256dh or not keys.auth:
            raise BadRequest("A subscription needs endpoint, keys.p256dh and keys.auth.")
        device = device_of(request.headers, "")
        subscription_id, is_new = await self._browsers.subscribe(
            actor,
            endpoint=body.endpoint,
            p256dh=keys.p256dh,
            auth=keys.auth,
            device=" · ".join(part for part in (device.device_type, device.device_os) if part),
            replaces=body.old_endpoint,
        )
        return Reply(Subscribed(id=subscription_id), status=CREATED if is_new else OK)

    @routes.delete("/subscribe")
    async def unsubscribe(self, actor: Caller, body: UnsubscribeBody) -> Unsubscribed:
        """Push to this browser no more."""
        if not body.endpoint:
            raise BadRequest("Say which: endpoint.", field="endpoint")
        await self._browsers.unsubscribe(actor, body.endpoint)
        return Unsubscribed()


def _switches(found: dict[str, bool]) -> ClipSwitches:
    return ClipSwitches(
        new_adds=found["newAdds"],
        reactions=found["reactions"],
        comments=found["comments"],
        mentions=found["mentions"],
        daily_reminder=found["dailyReminder"],
    )
