"""Notices: the inbox, and the ways what is told reaches members."""

from typing import Any

from homemedia.accounts import MemberChanged
from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.clips import feed_store
from homemedia.core.http.outbound import Outbound
from homemedia.core.threads import Lane
from homemedia.notifications import vapid as push_keys
from homemedia.notifications.browsers import Browsers
from homemedia.notifications.clip_routes import ClipNoticeRoutes, PushRoutes
from homemedia.notifications.deliver import Deliverer
from homemedia.notifications.digest import Digests
from homemedia.notifications.inbox import Inbox
from homemedia.notifications.preferences import NoticePreferences
from homemedia.notifications.pushing import Pushing
from homemedia.notifications.routes import InboxRoutes, NoticePreferenceRoutes
from homemedia.notifications.share_routes import ShareNoticeRoutes

ROUTES: tuple[Any, ...] = (
    InboxRoutes,
    NoticePreferenceRoutes,
    ShareNoticeRoutes,
    ClipNoticeRoutes,
    PushRoutes,
)
# A push service that does not take a push in this time is asked again later.
PUSH_LIMIT_S = 15.0


class Notices:
    """What members are told."""

    def __init__(self, base: Base, entrance: Entrance, accounts: Accounts) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts

    async def start(self) -> list[object]:
        """Build it; its routes."""
        base, entrance, accounts = self._base, self._entrance, self._accounts
        settings, public_url = base.settings.notifications, base.settings.server.public_url or None
        key = push_keys.load(base.places.keys_dir / "push.key")
        accounts.clip_auth.push_key = key.public_text
        door = await base.stack.enter("push door", Outbound(trusted=settings.push_hosts, limit_s=PUSH_LIMIT_S))
        lane = await base.stack.enter("push", Lane("push", 1))
        subject = settings.push_subject or public_url or ""
        pushing = Pushing(base.db, push_keys.Vapid(key, subject, base.clock), door, lane, base.clock)
        pushing.house, pushing.origin = lambda: entrance.house_name, entrance.public_url
        pushing.waiting = feed_store.unwatched
        pushing.register(base.jobs)
        deliverer = Deliverer(base.db, pushing)
        deliverer.register(base.jobs)
        digests = Digests(base.db, base.clock)
        digests.send, digests.house, digests.address = (
            accounts.mailing,
            lambda: entrance.house_name,
            lambda: public_url,
        )
        digests.register(base.jobs)
        inbox = Inbox(base.db, deliverer.settle, base.clock)
        browsers = Browsers(base.db, settings.push_hosts, base.clock)
        wishes = NoticePreferences(base.db)
        accounts.members.purgers.append(inbox.forget)
        entrance.sweeper.more.extend((inbox.sweep, digests.sweep))
        base.bus.subscribe(MemberChanged, lambda event: inbox.leave(event.user_id))
        return [
            InboxRoutes(inbox),
            NoticePreferenceRoutes(wishes, digests, browsers, pushing, key.public_text),
            ShareNoticeRoutes(inbox),
            ClipNoticeRoutes(inbox, wishes),
            PushRoutes(browsers, pushing, base.clock),
        ]
