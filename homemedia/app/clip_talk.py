"""Clips: what is said of them, what administrators decide for all, and what is done again and again."""

from typing import Any

from homemedia.accounts.family.group import GroupService
from homemedia.accounts.family.routes import ClipAuthRoutes
from homemedia.app.base import Base
from homemedia.clips.gifs import Gifs
from homemedia.clips.gifs_routes import GifKeyRoutes, GifRoutes
from homemedia.clips.group import ClipGroup
from homemedia.clips.group_routes import ClipGroupRoutes
from homemedia.clips.reminder import Reminder
from homemedia.clips.removal import Removal
from homemedia.clips.retention import Retention
from homemedia.clips.sweep import Sweep
from homemedia.clips.sweep_rounds import Round, Rounds
from homemedia.clips.talk import Talk
from homemedia.clips.talk_reactions import Reactions
from homemedia.clips.talk_routes import TalkRoutes
from homemedia.library.managed import Managed

TALK_ROUTES: tuple[Any, ...] = (TalkRoutes, ClipGroupRoutes, GifRoutes, GifKeyRoutes)
MINUTE_S = 60.0
HOUR_S = 60 * MINUTE_S


class ClipTalkParts:
    """What members say, and what keeps the feed.

    Attributes:
        gifs: moving pictures; pages may show them while they are on.
        retention, reminder, sweep: what the rounds call.
    """

    gifs: Gifs
    retention: Retention
    reminder: Reminder
    sweep: Sweep

    def __init__(self, base: Base, group: GroupService, removal: Removal, managed: Managed) -> None:
        self._base = base
        self._group = group
        self._removal = removal
        self._managed = managed

    async def start(self, auth: ClipAuthRoutes) -> list[object]:
        """Build it; its routes. `auth` is told whether there are moving pictures."""
        base, rules = self._base, self._base.settings.clips
        gifs = self.gifs = await base.stack.enter(
            "gifs", Gifs(base.db, url=rules.gif_url, rating=rules.gif_rating, fixed=rules.gif_key, clock=base.clock)
        )
        await gifs.load()
        auth.has_gifs = lambda: gifs.is_on
        self.retention = Retention(base.db, self._removal, base.clock, keeps_favorites=rules.keep_favorites)
        self.reminder = Reminder(base.db, base.clock)
        self.sweep = Sweep(base.db, self._managed, base.clock)
        rounds = (
            Round("retention", self.retention.sweep, MINUTE_S, HOUR_S),
            Round("reminder", self.reminder.remind, MINUTE_S, 5 * MINUTE_S),
            Round("sweep", self.sweep.sweep, 10 * MINUTE_S, 24 * HOUR_S),
        )
        await base.stack.enter("rounds of clips", Rounds(rounds))
        talk, reactions = Talk(base.db, base.clock), Reactions(base.db, base.clock)
        return [
            TalkRoutes(talk, reactions),
            ClipGroupRoutes(ClipGroup(base.db, self._group, self._removal), self._group),
            GifRoutes(gifs),
            GifKeyRoutes(gifs),
        ]
