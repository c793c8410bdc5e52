"""Statements on grants, of libraries before all; nothing here decides. Those that members make are in `given_store`."""

from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json

ADD = """
    INSERT INTO share (share_id, origin, owner_id, created_by, target_type, target_id, recipient_type, recipient_id,
                       permissions, created_at, updated_at)
    VALUES (:share_id, :origin, :owner_id, :created_by, :target_type, :target_id, :recipient_type, :recipient_id,
            :permissions, :now, :now)
    ON CONFLICT DO NOTHING
"""
HOUSEHOLD = "SELECT household_id FROM household WHERE only = 1"
LIBRARIES = """
    SELECT share.recipient_id AS user_id, share.target_id AS library_id
      FROM share
     WHERE share.recipient_type = 'user' AND share.recipient_id IN (SELECT value FROM json_each(:user_ids))
       AND share.target_type = 'library' AND share.revoked_at IS NULL
       AND (share.expires_at IS NULL OR share.expires_at > :now)
     ORDER BY share.created_at, share.target_id
"""
OTHER_LIBRARIES = """
    SELECT share.share_id FROM share
     WHERE share.recipient_type = 'user' AND share.recipient_id = :user_id AND share.target_type = 'library'
       AND share.revoked_at IS NULL AND share.target_id NOT IN (SELECT value FROM json_each(:kept))
"""
OF_TARGET = """
    SELECT share.share_id FROM share
     WHERE share.target_type = :target_type AND share.target_id = :target_id AND share.revoked_at IS NULL
"""

# Why a member's libraries ended, who may come back to them.
RECIPIENT_GONE = "recipient_gone"
LOST_LIBRARIES = """
    SELECT DISTINCT target_id
      FROM share
     WHERE recipient_type = 'user' AND recipient_id = :user_id AND target_type = 'library'
       AND revoke_reason = 'recipient_gone' AND revoked_at >= :since
"""


class NewGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant to a member or to the household, as the table needs it."""

    share_id: str
    origin: str
    owner_id: str
    created_by: str
    target_type: str
    target_id: str
    recipient_type: str
    recipient_id: str
    permissions: int
    now: int


async def household_id(read: Reader) -> str:
    return str((await read(HOUSEHOLD, {}))[0]["household_id"])


async def add(tx: Write, grants: Iterable[NewGrant]) -> None:
    """Add grants; one that stands already stays as it is."""
    await tx.many(ADD, (msgspec.to_builtins(grant) for grant in grants))


async def libraries(read: Reader, user_ids: Iterable[str], *, now: int) -> dict[str, list[str]]:
    """The libraries that grants name each of these members for, oldest first."""
    wanted = list(user_ids)
    found: dict[str, list[str]] = {user_id: [] for user_id in wanted}
    rows = await read(LIBRARIES, {"user_ids": as_json(wanted), "now": now})
    for row in rows:
        if row["library_id"] not in found[row["user_id"]]:
            found[row["user_id"]].append(row["library_id"])
    return found


async def other_libraries(read: Reader, user_id: str, kept: Sequence[str] = ()) -> list[str]:
    """The grants that name a member for libraries but these."""
    rows = await read(OTHER_LIBRARIES, {"user_id": user_id, "kept": as_json(list(kept))})
    return [row["share_id"] for row in rows]


async def of_target(read: Reader, target_type: str, target_id: str) -> list[str]:
    """Every grant of a thing."""
    rows = await read(OF_TARGET, {"target_type": target_type, "target_id": target_id})
    return [row["share_id"] for row in rows]


async def lost_libraries(read: Reader, user_id: str, *, since: int) -> list[str]:
    """The libraries that were granted to a member until he went."""
    return [row["target_id"] for row in await read(LOST_LIBRARIES, {"user_id": user_id, "since": since})]
