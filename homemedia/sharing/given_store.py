"""Every statement on grants that members make of what is theirs; nothing here decides."""

import sqlite3
from collections.abc import Iterable

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.core.ids import new_uuid, uuid7_of
from homemedia.sharing.rights import Right

_GRANT = """share.share_id, share.origin, share.owner_id, share.created_by, share.target_type, share.target_id,
           share.recipient_type, share.recipient_id, share.permissions, share.created_at, share.updated_at,
           coalesce((SELECT share_member_state.in_timeline FROM share_member_state
                      WHERE share_member_state.share_id = share.share_id
                        AND share_member_state.user_id = share.recipient_id), 0) AS in_timeline"""
_ALIVE = "share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :now)"

ADD = """
    INSERT INTO share (share_id, origin, owner_id, created_by, target_type, target_id, recipient_type, recipient_id,
                       permissions, create_id, update_id, created_at, updated_at)
    VALUES (:share_id, :origin, :owner_id, :created_by, :target_type, :target_id, 'user', :recipient_id,
            :permissions, :update_id, :update_id, :now, :now)
    ON CONFLICT DO NOTHING
"""
# One that has expired still stands in the way of a new one with its name.
END_EXPIRED = """
    UPDATE share SET revoked_at = :now, updated_at = :now, revoke_reason = 'expired', epoch = epoch + 1
     WHERE target_type = :target_type AND target_id = :target_id AND recipient_id = :recipient_id
       AND created_by = :created_by AND revoked_at IS NULL AND expires_at <= :now
"""
OF_TARGETS = f"""
    SELECT {_GRANT}
      FROM json_each(:target_ids) AS wanted
     CROSS JOIN share ON share.target_type = :target_type AND share.target_id = wanted.value
     WHERE {_ALIVE}
     ORDER BY share.created_at, share.share_id
"""  # noqa: S608 - constants of our own
TO_MEMBER = f"""
    SELECT {_GRANT}
      FROM share
     WHERE share.recipient_type = 'user' AND share.recipient_id = :user_id AND share.target_type = :target_type
       AND {_ALIVE}
     ORDER BY share.created_at, share.share_id
"""  # noqa: S608 - constants of our own
CHANGE = """
    UPDATE share SET permissions = :permissions, updated_at = :now, update_id = :update_id, epoch = epoch + 1
     WHERE share_id = :share_id AND revoked_at IS NULL
"""
PLACE = """
    INSERT INTO share_member_state (share_id, user_id, in_timeline) VALUES (:share_id, :user_id, :in_timeline)
    ON CONFLICT DO UPDATE SET in_timeline = excluded.in_timeline
"""
TOUCH = "UPDATE share SET updated_at = :now, update_id = :update_id WHERE share_id = :share_id"
# Nobody is purged often: the table is walked. Which libraries the house gives whom outlives who said so.
OF_MEMBER = """
    SELECT share.share_id, coalesce(share.recipient_id = :user_id, 0) AS is_recipient
      FROM share
     WHERE (share.recipient_id = :user_id OR share.owner_id = :user_id OR share.created_by = :user_id)
       AND share.revoked_at IS NULL AND (share.target_type <> 'library' OR share.origin = 'share')
"""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant that stands. `recipient_id`: a member, the household, or None for a link; times in ms.

    Attributes:
        in_timeline: whether who was granted it wants it among his own.
    """

    share_id: str
    origin: str
    owner_id: str
    created_by: str
    target_type: str
    target_id: str
    recipient_type: str
    recipient_id: str | None
    rights: Right
    created_at: int
    updated_at: int
    in_timeline: bool


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """A grant to be made: what a member lets another do with something of his."""

    origin: str
    owner_id: str
    target_type: str
    target_id: str
    recipient_id: str
    rights: Right


async def add(tx: Write, gift: Gift, *, by: str, now: int) -> str | None:
    """Make a grant; its id, None when it stands already, which stays as it is."""
    args = msgspec.to_builtins(gift) | {
        "share_id": new_uuid(),
        "created_by": by,
        "permissions": int(gift.rights),
        "update_id": uuid7_of(await tx.stamp()),
        "now": now,
    }
    await tx.run(END_EXPIRED, args)
    return str(args["share_id"]) if await tx.run(ADD, args) else None


async def of_targets(read: Reader, target_type: str, target_ids: Iterable[str], *, now: int) -> list[Grant]:
    """Who was granted these things: members, the household, links; oldest first."""
    args = {"target_type": target_type, "target_ids": as_json(target_ids), "now": now}
    return [_grant(row) for row in await read(OF_TARGETS, args)]


async def to_member(read: Reader, user_id: str, target_type: str, *, now: int) -> list[Grant]:
    """What of one kind names a member, oldest first."""
    return [_grant(row) for row in await read(TO_MEMBER, {"user_id": user_id, "target_type": target_type, "now": now})]


async def change(tx: Write, share_id: str, rights: Right, *, now: int) -> bool:
    """Whether there is such a grant."""
    update_id = uuid7_of(await tx.stamp())
    args = {"share_id": share_id, "permissions": int(rights), "update_id": update_id, "now": now}
    return bool(await tx.run(CHANGE, args))


async def place(tx: Write, share_id: str, user_id: str, *, in_timeline: bool, now: int) -> None:
    """Write down whether a member wants what he was granted among his own."""
    await tx.run(PLACE, {"share_id": share_id, "user_id": user_id, "in_timeline": int(in_timeline)})
    await tx.run(TOUCH, {"share_id": share_id, "update_id": uuid7_of(await tx.stamp()), "now": now})


async def of_member(read: Reader, user_id: str) -> tuple[list[str], list[str]]:
    """The grants to a member, and those by him."""
    rows = await read(OF_MEMBER, {"user_id": user_id})
    return (
        [row["share_id"] for row in rows if row["is_recipient"]],
        [row["share_id"] for row in rows if not row["is_recipient"]],
    )


def _grant(row: sqlite3.Row) -> Grant:
    return Grant(
        share_id=row["share_id"],
        origin=row["origin"],
        owner_id=row["owner_id"],
        created_by=row["created_by"],
        target_type=row["target_type"],
        target_id=row["target_id"],
        recipient_type=row["recipient_type"],
        recipient_id=row["recipient_id"],
        rights=Right(row["permissions"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        in_timeline=bool(row["in_timeline"]),
    )
