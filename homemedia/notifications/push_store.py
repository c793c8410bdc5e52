"""Statements on browsers that are pushed to, and on when digests went out."""

import sqlite3

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.notifications.models import Subscription

_COLUMNS = """
    push_subscription.push_subscription_id, push_subscription.user_id, push_subscription.session_id,
    push_subscription.endpoint, push_subscription.p256dh, push_subscription.auth, push_subscription.device,
    push_subscription.created_at, push_subscription.used_at
"""
# A subscription is worth something while its sign-in lasts and its member may come in.
_LIVES = """
    EXISTS (SELECT 1 FROM user WHERE user.user_id = push_subscription.user_id AND user.state = 'active')
    AND (push_subscription.session_id IS NULL OR EXISTS (
         SELECT 1 FROM session WHERE session.session_id = push_subscription.session_id
            AND session.revoked_at IS NULL AND (session.expires_at IS NULL OR session.expires_at > :now)))
"""
ONE = f"""
    SELECT {_COLUMNS} FROM push_subscription
     WHERE push_subscription.push_subscription_id = :push_subscription_id AND {_LIVES}
"""  # noqa: S608 - columns of our own
OF_MEMBER = f"""
    SELECT {_COLUMNS} FROM push_subscription
     WHERE push_subscription.user_id = :user_id AND {_LIVES}
     ORDER BY push_subscription.created_at DESC, push_subscription.push_subscription_id
"""  # noqa: S608 - columns of our own
AT = f"SELECT {_COLUMNS} FROM push_subscription WHERE push_subscription.endpoint = :endpoint"  # noqa: S608 - columns of our own
ADD = """
    INSERT INTO push_subscription
           (push_subscription_id, user_id, session_id, endpoint, p256dh, auth, device, created_at)
    VALUES (:push_subscription_id, :user_id, :session_id, :endpoint, :p256dh, :auth, :device, :created_at)
    ON CONFLICT (endpoint) DO UPDATE
       SET user_id = excluded.user_id, session_id = excluded.session_id, p256dh = excluded.p256dh,
           auth = excluded.auth, device = excluded.device
"""
REMOVE = "DELETE FROM push_subscription WHERE push_subscription_id = :push_subscription_id"
REMOVE_OWN = "DELETE FROM push_subscription WHERE user_id = :user_id AND push_subscription_id = :push_subscription_id"
REMOVE_AT = "DELETE FROM push_subscription WHERE user_id = :user_id AND endpoint = :endpoint"
REMOVE_OLD = """
    DELETE FROM push_subscription WHERE push_subscription_id IN (
        SELECT push_subscription_id FROM push_subscription WHERE user_id = :user_id
         ORDER BY created_at DESC, push_subscription_id LIMIT -1 OFFSET :kept)
"""
REMOVE_ALL = "DELETE FROM push_subscription WHERE user_id = :user_id"
REMOVE_GONE = """
    DELETE FROM push_subscription
     WHERE user_id = :user_id
       AND NOT EXISTS (SELECT 1 FROM user WHERE user.user_id = push_subscription.user_id AND user.state <> 'removed')
"""
REMOVE_DEAD = f"DELETE FROM push_subscription WHERE NOT ({_LIVES})"  # noqa: S608 - columns of our own
USED = "UPDATE push_subscription SET used_at = :now WHERE push_subscription_id = :push_subscription_id"
WANTING_DIGESTS = """
    SELECT preference.user_id, preference.document, user.email, user.display_name, digest.sent_at
      FROM preference
      JOIN user ON user.user_id = preference.user_id
      LEFT JOIN digest ON digest.user_id = preference.user_id
     WHERE preference.area = 'notifications' AND json_extract(preference.document, '$.digest') IN ('daily', 'weekly')
       AND user.state = 'active' AND user.email IS NOT NULL AND (:user_id IS NULL OR preference.user_id = :user_id)
"""
SENT = """
    INSERT INTO digest (user_id, sent_at) VALUES (:user_id, :now)
    ON CONFLICT (user_id) DO UPDATE SET sent_at = excluded.sent_at
"""


class WantsDigest(msgspec.Struct, frozen=True, kw_only=True):
    """A member who wants to be written to. `sent_at` in ms, None before the first letter."""

    user_id: str
    document: str
    email: str
    display_name: str
    sent_at: int | None


async def one(read: Reader, push_subscription_id: str, *, now: int) -> Subscription | None:
    """A subscription that still may be pushed to."""
    rows = await read(ONE, {"push_subscription_id": push_subscription_id, "now": now})
    return _subscription(rows[0]) if rows else None


async def of_member(read: Reader, user_id: str, *, now: int) -> list[Subscription]:
    """A member's browsers, the newest first."""
    return [_subscription(row) for row in await read(OF_MEMBER, {"user_id": user_id, "now": now})]


async def at(read: Reader, endpoint: str) -> Subscription | None:
    """Whose browser is reached at an address."""
    rows = await read(AT, {"endpoint": endpoint})
    return _subscription(rows[0]) if rows else None


async def put(tx: Write, subscription: Subscription) -> None:
    """Keep a subscription; one at the same address becomes this member's."""
    await tx.run(ADD, msgspec.structs.asdict(subscription))


async def remove(tx: Write, push_subscription_id: str) -> int:
    return await tx.run(REMOVE, {"push_subscription_id": push_subscription_id})


async def remove_own(tx: Write, user_id: str, push_subscription_id: str) -> int:
    return await tx.run(REMOVE_OWN, {"user_id": user_id, "push_subscription_id": push_subscription_id})


async def remove_at(tx: Write, user_id: str, endpoint: str) -> int:
    return await tx.run(REMOVE_AT, {"user_id": user_id, "endpoint": endpoint})


async def keep_newest(tx: Write, user_id: str, kept: int) -> None:
    await tx.run(REMOVE_OLD, {"user_id": user_id, "kept": kept})


async def remove_all(tx: Write, user_id: str) -> int:
    return await tx.run(REMOVE_ALL, {"user_id": user_id})


async def remove_of_gone(tx: Write, user_id: str) -> int:
    """Drop a member's browsers if he was removed."""
    return await tx.run(REMOVE_GONE, {"user_id": user_id})


async def remove_dead(tx: Write, *, now: int) -> int:
    return await tx.run(REMOVE_DEAD, {"now": now})


async def used(tx: Write, push_subscription_id: str, *, now: int) -> None:
    await tx.run(USED, {"push_subscription_id": push_subscription_id, "now": now})


async def wanting_digests(read: Reader, user_id: str | None = None) -> list[WantsDigest]:
    """Who wants to be written to; one member alone when he is named."""
    return [WantsDigest(**dict(row)) for row in await read(WANTING_DIGESTS, {"user_id": user_id})]


async def sent(tx: Write, user_id: str, *, now: int) -> None:
    await tx.run(SENT, {"user_id": user_id, "now": now})


def _subscription(row: sqlite3.Row) -> Subscription:
    return Subscription(**dict(row))
