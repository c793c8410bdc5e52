"""Browsers that take pushes: who has which (clips §8.3).

Threat: a subscription names an address that this server will send to. So it must be one outside of the house, judged
here by its text and at every push by what its name resolves to.
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.http.addresses import is_outside
from homemedia.core.http.outbound import parsed
from homemedia.core.ids import new_uuid
from homemedia.core.problems import AppError, BadRequest
from homemedia.notifications import push_store as store
from homemedia.notifications.models import Subscription
from homemedia.notifications.sealing import is_browser_key

MAX_BROWSERS = 30
# Push services listen nowhere else, and a member must not have this server knock at any door he names.
HTTPS_PORT = 443
# Names that only a house knows.
INNER_NAMES = (".local", ".localhost", ".lan", ".home", ".internal", ".home.arpa", ".localdomain")


class Browsers:
    """Subscriptions of members.

    Args:
        db: the database.
        trusted: addresses inside of the house that may be named all the same.
        clock: the time.
    """

    def __init__(self, db: Database, trusted: Collection[str], clock: Clock) -> None:
        self._db = db
        self._trusted = frozenset(trusted)
        self._clock = clock

    async def subscribe(
        self, actor: Member, *, endpoint: str, p256dh: str, auth: str, device: str = "", replaces: str | None = None
    ) -> tuple[str, bool]:
        """Push to a browser from now on; its id, and whether it is new to this member.

        Raises:
            BadRequest: the address is none outside of the house, or the keys are none.
        """
        self._check(endpoint)
        if not is_browser_key(p256dh, auth):
            raise BadRequest("The keys of this subscription are not valid.", field="keys")
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            if replaces and replaces != endpoint:
                await store.remove_at(tx, actor.user_id, replaces)
            before = await store.at(tx.rows, endpoint)
            wanted = Subscription(
                push_subscription_id=before.push_subscription_id if before else new_uuid(),
                user_id=actor.user_id,
                session_id=None if actor.is_by_key else actor.session_id or None,
                endpoint=endpoint,
                p256dh=p256dh,
                auth=auth,
                device=device,
                created_at=before.created_at if before else now,
                used_at=None,
            )
            await store.put(tx, wanted)
            await store.keep_newest(tx, actor.user_id, MAX_BROWSERS)
        return wanted.push_subscription_id, before is None or before.user_id != actor.user_id

    async def unsubscribe(self, actor: Member, endpoint: str) -> None:
        """Push to one of the caller's browsers no more; an unknown one is none already."""
        async with self._db.write() as tx:
            await store.remove_at(tx, actor.user_id, endpoint)

    async def of(self, actor: Member) -> list[Subscription]:
        """The caller's browsers, the newest first."""
        return await store.of_member(self._db.read, actor.user_id, now=self._clock.now_ms())

    async def remove(self, actor: Member, subscription_id: str) -> int:
        """Push to a browser no more, by its id; how many it were."""
        async with self._db.write() as tx:
            return await store.remove_own(tx, actor.user_id, subscription_id)

    def _check(self, endpoint: str) -> None:
        try:
            at = parsed(endpoint)
            host = at.host or ""
        except AppError:
            raise _refused() from None
        is_open = host in self._trusted or (at.port == HTTPS_PORT and is_public(at.scheme, host))
        if urlsplit(endpoint).fragment or not is_open:
            raise _refused()


def is_public(scheme: str, host: str) -> bool:
    """Whether an address can be one of a push service, so far as its text tells; pure."""
    if scheme != "https":
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".").lower()
        # A number that is no address to us may be one to a resolver: 2130706433, 0x7f.1.
        is_name = "." in name and not name.rpartition(".")[2].isdigit() and "0x" not in name.rpartition(".")[2]
        return is_name and not name.endswith(INNER_NAMES)
    return is_outside(host)


def _refused() -> BadRequest:
    return BadRequest(
        "The endpoint must be an https address (port 443) of a push service outside of the house.",
        code="endpoint_forbidden",
        field="endpoint",
    )
