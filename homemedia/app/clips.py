"""Clips: the feed of what members found elsewhere."""

from typing import Any

from homemedia.app.accounts import Accounts
from homemedia.app.base import Base
from homemedia.app.entrance import Entrance
from homemedia.app.library import Library
from homemedia.app.photos import Photos
from homemedia.app.playback import Playback
from homemedia.app.sharing import Sharing
from homemedia.core.http.live import LiveChannel

ROUTES: tuple[Any, ...] = ()


class Clips:
    """What is handed to the slice; it adds what it is made of.

    From `base` the database, jobs, bus, clock, places, settings and the stack; from `entrance` the guard, the site and
    the sweeper; from `accounts` the members (and `purgers`), the group and preferences; from `sharing` targets, links
    and transfers; from `library` tools, `outbound` and `renditions` of pictures; from `playback` `means`, `is_played`
    and stillness; from `photos` `managed`, `kept` and `videos`.
    """

    def __init__(
        self,
        base: Base,
        entrance: Entrance,
        accounts: Accounts,
        sharing: Sharing,
        library: Library,
        playback: Playback,
        photos: Photos,
    ) -> None:
        self._base = base
        self._entrance = entrance
        self._accounts = accounts
        self._sharing = sharing
        self._library = library
        self._playback = playback
        self._photos = photos

    async def start(self) -> list[object]:
        """Build it; its routes."""
        return []

    def tell(self, live: LiveChannel) -> None:
        """What the live channel says of clips."""
