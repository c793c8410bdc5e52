"""What the inbox announces after a commit."""

import msgspec

from homemedia.notifications.models import Kept


class InboxChanged(msgspec.Struct, frozen=True):
    """A member's inbox holds something else, or something in it was read.

    Attributes:
        unread: how many are unread by now, of all families.
    """

    user_id: str
    unread: int


class NoticeTold(msgspec.Struct, frozen=True):
    """A notice came in, or was refreshed."""

    notice: Kept
