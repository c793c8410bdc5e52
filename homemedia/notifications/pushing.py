"""Sends pushes to browsers by the services of their makers, in a lane of its own: a slow service holds up nobody.

A push is a job for each browser. What a service asks to be told later is told later, for as long as it is news; a
browser that is gone is forgotten.
"""

import email.utils
import logging
from collections.abc import Awaitable, Callable

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Reader, Write
from homemedia.core.http.outbound import Outbound
from homemedia.core.jobs import JobRun, Jobs, Retry
from homemedia.core.kept import kept
from homemedia.core.problems import AppError
from homemedia.core.threads import Lane
from homemedia.notifications import push_store, store
from homemedia.notifications.kinds import kind_of
from homemedia.notifications.models import NO_WISHES, Kept, Person, Subscription, Wishes
from homemedia.notifications.quiet import is_pushed, quiet_for_ms
from homemedia.notifications.sealing import MAX_TEXT_BYTES, sealed
from homemedia.notifications.vapid import Vapid
from homemedia.notifications.words import Pushed, message, pushed

_log = logging.getLogger(__name__)

CLIP = "clip"
KIND = "push"
AFTER_QUIET = "push-after-quiet"
LANE = "push"
AT_ONCE = 4
DAY_S = 24 * 3600
# How long a service keeps a push for a browser that is not running.
TTL_S = {"security": 7 * DAY_S}
USUAL_TTL_S = 2 * DAY_S
# Waits between tries where a service names none.
WAITS_S = (30, 120, 600, 1800, 3600)
LONGEST_WAIT_S = 6 * 3600
MAX_TRIES = 10
GONE = {404, 410}
TOO_LARGE = 413
BUSY = 429


class PushJob(msgspec.Struct, frozen=True, kw_only=True):
    """One push to one browser. `until`: in ms, when it is no news any more."""

    subscription_id: str
    text: str
    topic: str
    ttl_s: int
    is_urgent: bool
    until: int


class QuietJob(msgspec.Struct, frozen=True, kw_only=True):
    """What came in a member's quiet hours, told in one push when they are over. `since` in ms."""

    user_id: str
    since: int


class Pushing:
    """Makes and sends pushes.

    Attributes:
        house: asked for the household's name.
        origin: the public address, or None.
        waiting: how many clips a member has still to watch: the number at the program's icon, with clips.
    """

    def __init__(self, db: Database, vapid: Vapid, door: Outbound, lane: Lane, clock: Clock) -> None:
        self._db = db
        self._vapid = vapid
        self._door = door
        self._lane = lane
        self._clock = clock
        self.house: Callable[[], str] = lambda: "HomeMedia"
        self.origin: Callable[[], str | None] = lambda: None
        self.waiting: Callable[[Reader, str], Awaitable[int]] = _nothing

    def register(self, jobs: Jobs) -> None:
        jobs.lane(LANE, AT_ONCE)
        jobs.register(KIND, LANE, self.send)
        jobs.register(AFTER_QUIET, LANE, self.after_quiet)

    async def push(self, tx: Write, person: Person, wishes: Wishes, told: Kept, unread: int) -> None:
        """Leave a notice for every browser of a member; in his quiet hours for their end."""
        now = self._clock.now_ms()
        quiet_ms = quiet_for_ms(wishes.quiet, now)
        if quiet_ms:
            await tx.enqueue(
                AFTER_QUIET, person.user_id, QuietJob(user_id=person.user_id, since=now), run_after_ms=quiet_ms
            )
            return
        kind = kind_of(told.family, told.type).name
        badge = await self.waiting(tx.rows, person.user_id) if told.family == CLIP else unread
        shown = pushed(told, self.house(), self.origin(), badge)
        await self._leave(tx, person.subscriptions, shown, key=told.told_by, kind=kind)

    async def test(self, user_id: str, *, after_ms: int = 0) -> int:
        """Push a word to every browser of a member, whatever he wishes and whatever the hour; how many there are.

        Args:
            user_id: the member.
            after_ms: not before so long from now, so that he can lock his phone first.
        """
        now = self._clock.now_ms()
        shown = Pushed(title=self.house(), body=message("test", {}), url="/settings/notices", tag="test")
        async with self._db.write() as tx:
            found = await push_store.of_member(tx.rows, user_id, now=now)
            ids = tuple(one.push_subscription_id for one in found)
            await self._leave(tx, ids, shown, key=f"test-{now}", kind="security", after_ms=after_ms)
        return len(ids)

    async def _leave(
        self, tx: Write, ids: tuple[str, ...], shown: Pushed, *, key: str, kind: str, after_ms: int = 0
    ) -> None:
        ttl_s = TTL_S.get(kind, USUAL_TTL_S)
        job = PushJob(
            subscription_id="",
            text=fitting(shown),
            topic=shown.tag,
            ttl_s=ttl_s,
            is_urgent=kind == "security",
            until=self._clock.now_ms() + ttl_s * 1000,
        )
        for one in ids:
            to_one = msgspec.structs.replace(job, subscription_id=one)
            await tx.enqueue(KIND, f"{key}/{one}", to_one, run_after_ms=after_ms)

    async def after_quiet(self, run: JobRun) -> None:
        """Tell in one push what came while a member slept."""
        job = run.payload(QuietJob)
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            people = await store.people(tx.rows, (job.user_id,), actor_id=None, share_id=None, now=now)
            if not people or not people[0].subscriptions:
                return
            wishes = kept(people[0].wishes, Wishes, NO_WISHES)
            if left_ms := quiet_for_ms(wishes.quiet, now):
                raise Retry(left_ms, "the quiet hours were made longer")
            missed = [
                one
                for one in await store.unread_since(tx.rows, job.user_id, since=job.since - 1, limit=100)
                if is_pushed(wishes, kind_of(one.family, one.type))
            ]
            if not missed:
                return
            unread = sum((await store.unread(tx.rows, job.user_id)).values())
            house, origin = self.house(), self.origin()
            if len(missed) == 1:
                shown = pushed(missed[0], house, origin, unread)
            else:
                body = message("missed", {"count": len(missed)})
                shown = Pushed(title=house, body=body, url="/inbox", tag="missed", badge_count=unread)
            await self._leave(tx, people[0].subscriptions, shown, key=f"quiet-{now}", kind="")

    async def send(self, run: JobRun) -> None:
        """Send one push.

        Raises:
            Retry: the service wants to be asked later, or does not answer.
        """
        job = run.payload(PushJob)
        now = self._clock.now_ms()
        to = await push_store.one(self._db.read, job.subscription_id, now=now)
        if to is None or now >= job.until:
            return
        try:
            body = await self._lane.run(sealed, job.text.encode(), to.p256dh, to.auth)
        except ValueError:
            await self._forget(to, "its key is none")
            return
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, min(job.ttl_s, (job.until - now) // 1000))),
            "Urgency": "high" if job.is_urgent else "normal",
            "Authorization": await self._lane.run(self._vapid.header, to.endpoint),
        }
        if topic := topic_of(job.topic):
            headers["Topic"] = topic
        try:
            status, answered = await self._door.post(to.endpoint, body, headers)
        except AppError as err:
            self._later(run, err.message, None)
            return
        await self._settle(run, to, status, answered.get("Retry-After"))

    async def _settle(self, run: JobRun, to: Subscription, status: int, retry_after: str | None) -> None:
        if status in GONE:
            await self._forget(to, f"the service answers {status}")
        elif status == BUSY or status >= 500:
            self._later(run, f"the push service answers {status}", retry_after)
        elif status >= 300:
            _log.warning("a push was refused with %d by %s", status, _host(to.endpoint))
        else:
            async with self._db.write() as tx:
                await push_store.used(tx, to.push_subscription_id, now=self._clock.now_ms())

    def _later(self, run: JobRun, why: str, retry_after: str | None) -> None:
        if run.tries >= MAX_TRIES:
            _log.warning("a push was given up after %d tries: %s", run.tries, why)
            return
        usual_s = WAITS_S[min(run.tries - 1, len(WAITS_S) - 1)]
        wait_s = wait_of(retry_after, usual_s, self._clock.now_ms() // 1000)
        raise Retry(wait_s * 1000, why)

    async def _forget(self, to: Subscription, why: str) -> None:
        _log.info("a browser of a member is pushed to no more: %s", why)
        async with self._db.write() as tx:
            await push_store.remove(tx, to.push_subscription_id)


def wait_of(retry_after: str | None, usual_s: int, now_s: int) -> int:
    """How long to wait in s, by a header that names seconds or a date (RFC 9110, 10.2.3); pure."""
    if not retry_after:
        return usual_s
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        wait_s = int(text[:9])
    else:
        try:
            wait_s = int(email.utils.parsedate_to_datetime(text).timestamp()) - now_s
        except (ValueError, OverflowError):
            return usual_s
    return max(1, min(wait_s, LONGEST_WAIT_S))


def topic_of(tag: str) -> str:
    """A tag as RFC 8030, 5.4 takes it: a push that waits is replaced by the next of its topic; "" for none."""
    safe = "".join(letter for letter in tag if letter.isascii() and (letter.isalnum() or letter in "-_"))
    # 32 letters at most: the end of an id tells things apart, the beginning of the tag kinds.
    return safe if len(safe) <= 32 else safe[:8] + safe[-24:]


def fitting(shown: Pushed) -> str:
    """What is encrypted, shortened to what one push may carry."""
    text = msgspec.json.encode(shown)
    while len(text) > MAX_TEXT_BYTES:
        if len(shown.body) <= 40:
            shown = msgspec.structs.replace(shown, title=shown.title[:80], icon=None, image=None, url=shown.url[:500])
            return msgspec.json.encode(shown).decode()
        shown = msgspec.structs.replace(shown, body=shown.body[: len(shown.body) // 2])
        text = msgspec.json.encode(shown)
    return text.decode()


def _host(endpoint: str) -> str:
    """Where an address lies; the rest of it is a secret."""
    return endpoint.split("/")[2] if endpoint.count("/") >= 2 else "?"


async def _nothing(_read: Reader, _user_id: str) -> int:
    return 0
