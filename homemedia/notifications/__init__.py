"""Being told: one inbox for everything that concerns a member, and the ways it reaches him. Made in `app/`."""

from homemedia.notifications.events import InboxChanged, NoticeTold

__all__ = ["InboxChanged", "NoticeTold"]
