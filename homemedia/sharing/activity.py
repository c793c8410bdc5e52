"""The log of what happened to each grant (shares §9): who made and changed it, who looked and downloaded.

What happens often is gathered and written a moment later, and not twice: a look once per member and hour, a download
once per viewer, thing and ten minutes. Secrets never appear; addresses are cut to their network after a month.
"""

import asyncio
import contextlib
import ipaddress
import logging
from collections.abc import Mapping, Sequence
from typing import Final, Self

import msgspec

from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write, as_json
from homemedia.core.http.limits import limit_key, parse_address
from homemedia.core.notices import Notice, notify
from homemedia.core.problems import AppError
from homemedia.sharing import activity_store as store
from homemedia.sharing import shares_store
from homemedia.sharing.models import NOWHERE, ShareRow, Visit
from homemedia.sharing.rights import Right
from homemedia.sharing.rules import names_of

_log = logging.getLogger(__name__)

GATHER_S: Final = 1.0
MAX_GATHERED: Final = 2000
MAX_AGENT: Final = 256
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
ADDRESSES_STAY_MS: Final = 30 * DAY_MS
# How long the same is not told again.
QUIET_MS: Final = {"accessed": HOUR_MS, "downloaded": 10 * 60_000}
# What nobody signed in may do; the rest of what has no actor is the house's own doing.
OF_VISITORS: Final = frozenset({"accessed", "downloaded", "added", "password_failed"})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. Time in ms."""

    entry_id: int
    share_id: str
    action: str
    actor_id: str | None
    actor_name: str
    actor_ip: str | None
    user_agent: str | None
    details: dict[str, object]
    at: int


class _Noted(msgspec.Struct, frozen=True):
    action: str
    share_id: str
    actor_id: str | None
    visit: Visit
    details: dict[str, object]
    at: int


class Activity:
    """An async context manager: leaving it writes what was gathered."""

    def __init__(self, db: Database, clock: Clock | None = None, *, stays_days: int = 90) -> None:
        self._db = db
        self._clock = clock or Clock()
        self._stays_ms = stays_days * DAY_MS
        self._gathered: list[_Noted] = []
        self._some = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._keep_writing(), name="log of shares")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        with contextlib.suppress(AppError):
            await self.flush()

    def note(
        self,
        action: str,
        share_id: str,
        *,
        actor_id: str | None = None,
        visit: Visit = NOWHERE,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Have something written down that happens often; at most 2 s late."""
        if len(self._gathered) < MAX_GATHERED:
            now = self._clock.now_ms()
            self._gathered.append(_Noted(action, share_id, actor_id, visit, dict(details or {}), now))
            self._some.set()

    async def write(
        self,
        tx: Write,
        action: str,
        share_id: str,
        *,
        actor_id: str | None = None,
        visit: Visit = NOWHERE,
        details: Mapping[str, object] | None = None,
        at: int | None = None,
    ) -> None:
        """As `write_down`, now unless it says when."""
        happened_at = self._clock.now_ms() if at is None else at
        await write_down(tx, action, share_id, at=happened_at, actor_id=actor_id, visit=visit, details=details)

    async def page(
        self, share_id: str, *, actions: Sequence[str] | None, offset: int, limit: int
    ) -> tuple[list[Entry], int]:
        """Some lines of a grant's log, newest first, and how many there are."""
        await self.flush()
        args = {
            "share_id": share_id,
            "actions": None if actions is None else as_json(actions),
            "offset": offset,
            "limit": limit,
        }
        rows, total = await store.page(self._db.read, args)
        return [
            Entry(
                entry_id=row["share_activity_id"],
                share_id=row["share_id"],
                action=row["action"],
                actor_id=row["actor_id"],
                actor_name=_name(row["actor_id"], row["display_name"], row["action"]),
                actor_ip=row["actor_ip"],
                user_agent=row["user_agent"],
                details=msgspec.json.decode(row["details"], type=dict[str, object]),
                at=row["happened_at"],
            )
            for row in rows
        ], total

    async def flush(self) -> None:
        """Write what was gathered."""
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        async with self._db.write() as tx:
            shares = await shares_store.by_ids(tx.rows, {one.share_id for one in gathered})
            for one in gathered:
                if one.share_id in shares and not await store.is_known(tx.rows, _same(one)):
                    await self._put(tx, shares[one.share_id], one)

    async def sweep(self) -> None:
        """Forget what is older than it is kept for, and the exact addresses of what is a month old."""
        now = self._clock.now_ms()
        async with self._db.write() as tx:
            await store.forget(tx, until=now - self._stays_ms)
            uncut = await store.uncut(tx.rows, until=now - ADDRESSES_STAY_MS)
            await store.cut(tx, {key: network_of(address) for key, address in uncut})

    async def _put(self, tx: Write, share: ShareRow, one: _Noted) -> None:
        await self.write(
            tx, one.action, one.share_id, actor_id=one.actor_id, visit=one.visit, details=one.details, at=one.at
        )
        if one.action == "accessed":
            await shares_store.accessed(tx, one.share_id, at=one.at)
            await tell_access(tx, share, actor_id=one.actor_id)

    async def _keep_writing(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(GATHER_S)
            self._some.clear()
            try:
                await self.flush()
            except AppError as err:
                _log.warning("the log of shares cannot be written: %s", err.message)


async def write_down(
    tx: Write,
    action: str,
    share_id: str,
    *,
    at: int,
    actor_id: str | None = None,
    visit: Visit = NOWHERE,
    details: Mapping[str, object] | None = None,
) -> None:
    """Write something into a grant's log with what it happened by; `at` in ms."""
    await store.add(
        tx,
        {
            "share_id": share_id,
            "at": at,
            "action": action,
            "actor_id": actor_id,
            "actor_ip": visit.address or None,
            "ip_group": ip_group(visit.address),
            "user_agent": visit.user_agent[:MAX_AGENT] or None,
            "details": msgspec.json.encode(dict(details or {})).decode(),
        },
    )


def first_values(
    target_type: str,
    target_id: str,
    recipient_type: str,
    recipient_id: str | None,
    rights: Right,
    *,
    expires_at: int | None = None,
    has_password: bool = False,
) -> dict[str, object]:
    """What the log tells of a new grant; no secrets."""
    return {
        "target_type": target_type,
        "target_id": target_id,
        "recipient_type": recipient_type,
        "recipient_id": recipient_id,
        "permissions": names_of(rights),
        "expires_at": expires_at,
        "has_password": has_password,
    }


async def tell_access(tx: Write, share: ShareRow, *, actor_id: str | None, title: str | None = None) -> None:
    """Tell who made a grant that it was used, unless he used it himself or does not care."""
    if not share.notify_on_access or actor_id == share.created_by or share.origin == "system":
        return
    details: dict[str, object] = {"target_type": share.target_type, "target_id": share.target_id}
    if title or share.last_title:
        details["target_title"] = title or share.last_title
    await notify(
        tx,
        Notice(
            family="share",
            type="share_accessed",
            to=(share.created_by,),
            share_id=share.share_id,
            subject_id=share.target_id,
            actor_id=actor_id,
            details=details,
            fold_key=share.share_id,
        ),
    )


def ip_group(address: str) -> str | None:
    """What tries are counted by: an IPv4 address, the /64 of an IPv6 address; None where nobody knows."""
    return limit_key(address) if address else None


def network_of(address: str) -> str:
    """What is left of an address after a month: /24, or /48 of IPv6."""
    found = parse_address(address)
    if found is None:
        return "0.0.0.0/0"
    width = 24 if isinstance(found, ipaddress.IPv4Address) else 48
    return str(ipaddress.ip_network((found, width), strict=False))


def _same(one: _Noted) -> dict[str, object]:
    media_id = one.details.get("media_id") if one.action == "downloaded" else None
    return {
        "share_id": one.share_id,
        "action": one.action,
        "actor_id": one.actor_id,
        "ip_group": ip_group(one.visit.address),
        "since": one.at - QUIET_MS.get(one.action, 0),
        "media_id": media_id,
    }


def _name(actor_id: str | None, display_name: str | None, action: str) -> str:
    if actor_id is not None:
        return display_name or "former member"
    return "visitor" if action in OF_VISITORS else "system"
