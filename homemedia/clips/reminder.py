"""The daily word on what waits to be watched, at nine in the morning (clips §8.2, 10).

Left for everybody for whom something waits; who did not ask for it is told nothing, as of every kind.
"""

import datetime as dt

from homemedia.clips import reminder_store as store
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.notices import Notice, notify
from homemedia.core.setting_store import put_setting, setting

HOUR = 9
# The day of the last one, kept so that a server that starts at half past nine tells nobody twice.
LAST_DAY = "clips.reminded_on"


class Reminder:
    """Asked every few minutes.

    Attributes:
        zone: whose nine o'clock; None for the machine's.
    """

    def __init__(self, db: Database, clock: Clock | None = None) -> None:
        self._db = db
        self._clock = clock or Clock()
        self.zone: dt.tzinfo | None = None

    async def remind(self) -> int:
        """Tell members once a day what waits, from nine to ten; how many something waits for."""
        now = self._clock.now_ms()
        local = dt.datetime.fromtimestamp(now / 1000, tz=dt.UTC).astimezone(self.zone)
        if local.hour != HOUR:
            return 0
        today = local.date().isoformat()
        if await setting(self._db.read, LAST_DAY) == today:
            return 0
        async with self._db.write() as tx:
            waiting = await store.waiting(tx.rows)
            await put_setting(tx, LAST_DAY, today, by=None, now=now)
            for user_id, count in waiting:
                await notify(
                    tx,
                    Notice(
                        family="clip", type="daily_reminder", to=(user_id,), details={"count": count}, is_kept=False
                    ),
                )
        return len(waiting)
