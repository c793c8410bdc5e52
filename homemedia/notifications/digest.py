"""What a member missed, by e-mail once a day or once a week, by the mail server that sends one-time codes."""

import datetime as dt
import logging
from collections.abc import Awaitable, Callable

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.kept import kept
from homemedia.notifications import push_store, store
from homemedia.notifications.kinds import kind_of
from homemedia.notifications.models import NO_WISHES, Kept, Wishes
from homemedia.notifications.push_store import WantsDigest
from homemedia.notifications.quiet import is_mailed, zone_of
from homemedia.notifications.words import message

_log = logging.getLogger(__name__)

KIND = "digest"
LANE = "digest"
HOUR_MS = 3600 * 1000
# Some hours less than a day and a week: the hour of the letter would move on otherwise, an hour each time.
EVERY_MS = {"daily": 20 * HOUR_MS, "weekly": (7 * 24 - 4) * HOUR_MS}
# Of the member's own clock: letters lie there in the evening.
FROM_HOUR = 17
MAX_LINES = 30
TRIES = 4
AGAIN_MS = HOUR_MS // 2

# (to, subject, text) -> "" when it went out, else a sentence that says why not.
SendMail = Callable[[str, str, str], Awaitable[str]]


class DigestJob(msgspec.Struct, frozen=True, kw_only=True):
    user_id: str


class Digests:
    """Writes to members who asked for it.

    Args:
        db: the database.
        clock: the time.

    Attributes:
        send: the mail server; None while none is set up.
        house: asked for the household's name.
        address: asked for where the program is reached; None where nobody entered it.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.send: Callable[[], SendMail | None] = lambda: None
        self.house: Callable[[], str] = lambda: "HomeMedia"
        self.address: Callable[[], str | None] = lambda: None

    def register(self, jobs: Jobs) -> None:
        jobs.lane(LANE, 1)
        jobs.register(KIND, LANE, self.run)

    @property
    def is_possible(self) -> bool:
        """Whether letters can go out at all."""
        return self.send() is not None

    async def sweep(self) -> None:
        """Leave a job for everybody whose letter is due; called every hour."""
        if not self.is_possible:
            return
        now = self._clock.now_ms()
        due = [one for one in await push_store.wanting_digests(self._db.read) if is_due(one, now)]
        if due:
            async with self._db.write() as tx:
                for one in due:
                    await tx.enqueue(KIND, one.user_id, DigestJob(user_id=one.user_id))

    async def run(self, run: JobRun) -> None:
        """Write one letter.

        Raises:
            Retry: the mail server did not take it.
        """
        send = self.send()
        now = self._clock.now_ms()
        wanting = await push_store.wanting_digests(self._db.read, run.payload(DigestJob).user_id)
        if send is None or not wanting or not is_due(wanting[0], now):
            return
        member = wanting[0]
        wishes = kept(member.document, Wishes, NO_WISHES)
        # Before the first letter: what came in the time that one letter tells of.
        since = member.sent_at if member.sent_at is not None else now - 7 * 24 * HOUR_MS
        found = await store.unread_since(self._db.read, member.user_id, since=since, limit=500)
        told = [one for one in found if is_mailed(wishes, kind_of(one.family, one.type))]
        if told:
            subject, text = letter(told, member.display_name, self.house(), self.address())
            if problem := await send(member.email, subject, text):
                if run.tries >= TRIES:
                    _log.warning("a digest was given up after %d tries: %s", run.tries, problem)
                else:
                    raise Retry(AGAIN_MS, problem)
        async with self._db.write() as tx:
            await push_store.sent(tx, member.user_id, now=now)


def is_due(member: WantsDigest, now: int) -> bool:
    """Whether it is time for a member's letter; pure."""
    wishes = kept(member.document, Wishes, NO_WISHES)
    every_ms = EVERY_MS.get(wishes.digest)
    if every_ms is None:
        return False
    zone = zone_of(wishes.quiet.time_zone) if wishes.quiet else None
    hour = dt.datetime.fromtimestamp(now / 1000, tz=dt.UTC).astimezone(zone).hour
    return hour >= FROM_HOUR and (member.sent_at is None or now - member.sent_at >= every_ms)


def letter(told: list[Kept], name: str, house: str, address: str | None) -> tuple[str, str]:
    """Subject and text; pure."""
    count = len(told)
    many = "1 notice" if count == 1 else f"{count} notices"
    lines = [f"- {message(one.type, one.details)}" for one in told[:MAX_LINES]]
    if count > MAX_LINES:
        lines.append(f"- and {count - MAX_LINES} more")
    text = f"Hello {name},\n\nthis waits for you in {house}:\n\n" + "\n".join(lines) + "\n"
    if address:
        text += f"\nThey are here: {address}/inbox\nHow often you are written to: {address}/settings/notices\n"
    return f"{many} for you in {house}", text
