"""Statements on members as the photo API shows them."""

import sqlite3

import msgspec

from homemedia.accounts.models import Member
from homemedia.accounts.store import MEMBER, member_of
from homemedia.core.db import Reader, Write

ACCOUNTS = f"""
    SELECT {MEMBER}, user.storage_label, user.updated_at, user.removed_at, user.quota_bytes, user.used_bytes,
           user.pin_hash IS NOT NULL AS has_pin,
           coalesce((SELECT user_identity.subject FROM user_identity WHERE user_identity.user_id = user.user_id
                      ORDER BY user_identity.linked_at LIMIT 1), '') AS oauth_id
      FROM user
     WHERE (:user_id IS NULL OR user.user_id = :user_id) AND (:with_removed OR user.state <> 'removed')
       AND user.purged_at IS NULL
     ORDER BY user.created_at, user.user_id
"""  # noqa: S608 - a constant of our own
CHANGE = """
    UPDATE user SET quota_bytes = :quota_bytes, storage_label = :storage_label, avatar_color = :avatar_color,
                    must_change_password = :must_change_password, updated_at = :now
     WHERE user_id = :user_id
"""
HAS_LABEL = """
    SELECT EXISTS (SELECT 1 FROM user
                    WHERE storage_label = :label AND user_id <> :user_id AND state <> 'removed') AS is_taken
"""
SET_ONBOARDED = "UPDATE user SET is_onboarded = :is_onboarded, updated_at = :now WHERE user_id = :user_id"
PIN_HASH = "SELECT pin_hash FROM user WHERE user_id = :user_id"
SET_PIN = "UPDATE user SET pin_hash = :pin_hash, updated_at = :now WHERE user_id = :user_id"
LOCK_ALL = "UPDATE session SET elevated_until_at = NULL WHERE user_id = :user_id AND elevated_until_at IS NOT NULL"
RESTORE = """
    UPDATE user SET state = 'active', removed_at = NULL, purge_at = NULL, updated_at = :now
     WHERE user_id = :user_id AND state = 'removed' AND purged_at IS NULL
"""
SET_PARENT = "UPDATE session SET parent_session_id = :parent WHERE session_id = :session_id"
SET_SYNC_RESET = """
    UPDATE session SET needs_sync_reset = :needs_reset
     WHERE session_id = :session_id AND user_id = :user_id AND revoked_at IS NULL
"""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A member with what only the photo API shows. Times in ms, sizes in bytes.

    Attributes:
        quota_bytes: None for no limit.
        removed_at: None while he is a member.
        oauth_id: who he is to an outside provider; "" when he never came by one.
    """

    member: Member
    storage_label: str | None
    updated_at: int
    removed_at: int | None
    quota_bytes: int | None
    used_bytes: int
    has_pin: bool
    oauth_id: str


class Extras(msgspec.Struct, frozen=True, kw_only=True):
    """What of an account the photo API alone can change."""

    quota_bytes: int | None
    storage_label: str | None
    avatar_color: str | None
    must_change_password: bool


async def accounts(read: Reader, *, user_id: str | None = None, with_removed: bool = False) -> list[Account]:
    """The accounts, oldest first; or the one of `user_id`. Those that were purged are gone."""
    rows = await read(ACCOUNTS, {"user_id": user_id, "with_removed": int(with_removed)})
    return [_account(row) for row in rows]


async def account(read: Reader, user_id: str, *, with_removed: bool = False) -> Account | None:
    found = await accounts(read, user_id=user_id, with_removed=with_removed)
    return found[0] if found else None


async def change(tx: Write, user_id: str, extras: Extras, *, now: int) -> None:
    args = msgspec.to_builtins(extras) | {"user_id": user_id, "now": now}
    await tx.run(CHANGE, args | {"must_change_password": int(extras.must_change_password)})


async def is_label_taken(read: Reader, label: str, *, by_other_than: str) -> bool:
    return bool((await read(HAS_LABEL, {"label": label, "user_id": by_other_than}))[0]["is_taken"])


async def set_onboarded(tx: Write, user_id: str, *, is_onboarded: bool, now: int) -> None:
    await tx.run(SET_ONBOARDED, {"user_id": user_id, "is_onboarded": int(is_onboarded), "now": now})


async def pin_hash(read: Reader, user_id: str) -> str | None:
    rows = await read(PIN_HASH, {"user_id": user_id})
    return rows[0]["pin_hash"] if rows else None


async def set_pin(tx: Write, user_id: str, hashed: str | None, *, now: int) -> None:
    await tx.run(SET_PIN, {"user_id": user_id, "pin_hash": hashed, "now": now})


async def lock_all(tx: Write, user_id: str) -> None:
    """No session of the member opens what is locked any more."""
    await tx.run(LOCK_ALL, {"user_id": user_id})


async def restore(tx: Write, user_id: str, *, now: int) -> bool:
    """Take a removed member back; whether there was one. Raises sqlite3.IntegrityError when a name was taken since."""
    return bool(await tx.run(RESTORE, {"user_id": user_id, "now": now}))


async def set_parent(tx: Write, session_id: str, parent: str) -> None:
    """A session that ends with another one."""
    await tx.run(SET_PARENT, {"session_id": session_id, "parent": parent})


async def set_sync_reset(tx: Write, session_id: str, user_id: str, *, needs_reset: bool) -> bool:
    """Whether there is such a session."""
    args = {"session_id": session_id, "user_id": user_id, "needs_reset": int(needs_reset)}
    return bool(await tx.run(SET_SYNC_RESET, args))


def _account(row: sqlite3.Row) -> Account:
    return Account(
        member=member_of(row, ""),
        storage_label=row["storage_label"],
        updated_at=row["updated_at"] or row["created_at"],
        removed_at=row["removed_at"],
        quota_bytes=row["quota_bytes"],
        used_bytes=row["used_bytes"],
        has_pin=bool(row["has_pin"]),
        oauth_id=row["oauth_id"],
    )
