"""Every statement on single grants, as the share routes know them; nothing here decides."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.sharing.models import MemberState, ShareRow
from homemedia.sharing.rights import HOUSE_SQL, STANDING_SQL, Right

# What the view says of what has no end.
NO_END = 1 << 62
_SHARE = """share.share_id, share.origin, share.owner_id, share.created_by, share.parent_share_id, share.target_type,
           share.target_id, share.recipient_type, share.recipient_id, share.permissions, share.inherit_to_children,
           share.token, share.slug, share.password_hash, share.require_login, share.max_accesses, share.note,
           share.label, share.notify_on_access, share.expires_at, share.expiry_stage, share.access_count,
           share.last_accessed_at, share.epoch, share.created_at, share.updated_at, share.last_title"""

BY_IDS = f"""
    SELECT {_SHARE}
      FROM json_each(:share_ids) AS wanted
     CROSS JOIN share ON share.share_id = wanted.value
     WHERE share.revoked_at IS NULL
"""  # noqa: S608 - constants of our own
BY_TOKEN = f"SELECT {_SHARE} FROM share WHERE share.token = :token AND share.revoked_at IS NULL"  # noqa: S608
BY_SLUG = f"SELECT {_SHARE} FROM share WHERE share.slug = :slug AND share.revoked_at IS NULL"  # noqa: S608
OF_TARGET = f"""
    SELECT {_SHARE} FROM share
     WHERE share.target_type = :target_type AND share.target_id = :target_id AND share.revoked_at IS NULL
"""  # noqa: S608 - constants of our own
# Two questions, since one with OR would walk the table.
_TO_ME = """share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :now)
            AND share.created_by <> :user_id AND share.owner_id <> :user_id AND share.origin <> 'system'
            AND (:target_type IS NULL OR share.target_type = :target_type)
            AND (:created_by IS NULL OR share.created_by = :created_by)
            AND (:origin IS NULL OR share.origin = :origin)
            AND (:with_hidden OR NOT coalesce((SELECT chosen.hidden FROM share_member_state AS chosen
                                                WHERE chosen.share_id = share.share_id
                                                  AND chosen.user_id = :user_id), 0))"""
_INCOMING = f"""
      SELECT share.share_id, share.created_at FROM share
       WHERE share.recipient_type = 'user' AND share.recipient_id = :user_id AND {_TO_ME}
       UNION ALL
      SELECT share.share_id, share.created_at FROM share
       WHERE share.recipient_type = 'group' AND share.recipient_id = {HOUSE_SQL} AND {_TO_ME}
         AND (share.target_type <> 'library' OR :in_household)
"""  # noqa: S608 - constants of our own
COUNT_INCOMING = f"SELECT count(*) AS total FROM ({_INCOMING})"  # noqa: S608 - a constant of our own
INCOMING = f"""
    SELECT {_SHARE}
      FROM (SELECT share_id FROM ({_INCOMING})
             ORDER BY created_at DESC, share_id DESC LIMIT :limit OFFSET :offset) AS page
     CROSS JOIN share ON share.share_id = page.share_id
     ORDER BY share.created_at DESC, share.share_id DESC
"""  # noqa: S608 - constants of our own
_FROM_ME = """share.revoked_at IS NULL AND share.origin <> 'system'
       AND (:target_type IS NULL OR share.target_type = :target_type)
       AND (:target_id IS NULL OR share.target_id = :target_id)
       AND (:recipient_type IS NULL OR share.recipient_type = :recipient_type)
       AND (:origin IS NULL OR share.origin = :origin)"""
OUTGOING = f"""
    SELECT {_SHARE} FROM share WHERE share.created_by = :user_id AND {_FROM_ME}
     ORDER BY share.created_at DESC, share.share_id DESC
"""  # noqa: S608 - constants of our own
# What others made of somebody's things stems from grants of his own.
RESHARES = f"""
    WITH RECURSIVE made (share_id) AS (
        SELECT share.share_id FROM share WHERE share.created_by = :user_id AND share.revoked_at IS NULL
         UNION
        SELECT child.share_id FROM made JOIN share AS child ON child.parent_share_id = made.share_id)
    SELECT {_SHARE}
      FROM made CROSS JOIN share ON share.share_id = made.share_id
     WHERE share.created_by <> :user_id AND share.owner_id = :user_id AND {_FROM_ME}
"""  # noqa: S608 - constants of our own
COUNT_OF = """
    SELECT count(*) AS total FROM share
     WHERE share.created_by = :user_id AND share.revoked_at IS NULL
       AND (share.expires_at IS NULL OR share.expires_at > :now)
"""
STANDING = f"""
    SELECT share.share_id, share.bits
      FROM json_each(:share_ids) AS wanted
     CROSS JOIN share_standing AS share ON share.share_id = wanted.value
     WHERE {STANDING_SQL}
"""  # noqa: S608 - constants of our own
# Grants that cover a thing, by the things that cover it.
_COVERING = """share.share_id, share.origin, share.created_by, share.ends_at, share.target_type, share.target_id,
           share.bits"""
_TO_HIM = f"""(share.recipient_id = :user_id
            OR (share.recipient_type = 'group' AND share.recipient_id = {HOUSE_SQL}
                AND (share.target_type <> 'library' OR :in_household)))"""
COVERING = f"""
    SELECT {_COVERING}
      FROM json_each(:covers) AS wanted
     CROSS JOIN share_standing AS share ON share.target_type = json_extract(wanted.value, '$.target_type')
                                       AND share.target_id = json_extract(wanted.value, '$.target_id')
     WHERE (share.inherit_to_children OR json_extract(wanted.value, '$.is_direct')) AND {_TO_HIM} AND {STANDING_SQL}
     UNION ALL
    SELECT {_COVERING}
      FROM share_item
     CROSS JOIN share_standing AS share ON share.share_id = share_item.share_id
     WHERE share_item.media_id = :media_id AND share.target_type = 'media_set' AND {_TO_HIM} AND {STANDING_SQL}
"""  # noqa: S608 - constants of our own
DEPTH = """
    WITH RECURSIVE above (share_id, parent_share_id, depth) AS (
        SELECT share.share_id, share.parent_share_id, 1 FROM share WHERE share.share_id = :share_id
         UNION ALL
        SELECT share.share_id, share.parent_share_id, above.depth + 1
          FROM above JOIN share ON share.share_id = above.parent_share_id)
    SELECT max(depth) AS depth FROM above
"""
SAME = """
    SELECT share.share_id FROM share
     WHERE share.created_by = :created_by AND share.target_type = :target_type AND share.target_id = :target_id
       AND share.recipient_type = :recipient_type AND share.recipient_id = :recipient_id AND share.revoked_at IS NULL
"""
SLUG_TAKEN = "SELECT share.share_id FROM share WHERE share.slug = :slug"
STATES = """
    SELECT share_member_state.share_id, share_member_state.hidden, share_member_state.in_timeline,
           share_member_state.seen_at
      FROM json_each(:share_ids) AS wanted
     CROSS JOIN share_member_state ON share_member_state.share_id = wanted.value
     WHERE share_member_state.user_id = :user_id
"""
NAMES = """
    SELECT user.user_id, user.display_name, user.state, user.is_admin
      FROM json_each(:user_ids) AS wanted
     CROSS JOIN user ON user.user_id = wanted.value
"""
HOUSE = "SELECT household.household_id, household.name FROM household WHERE household.only = 1"
ITEMS = "SELECT share_item.media_id FROM share_item WHERE share_item.share_id = :share_id ORDER BY share_item.position"
ITEM_COUNTS = """
    SELECT share_item.share_id, count(*) AS items
      FROM json_each(:share_ids) AS wanted
     CROSS JOIN share_item ON share_item.share_id = wanted.value
     GROUP BY share_item.share_id
"""

ADD = """
    INSERT INTO share (share_id, origin, owner_id, created_by, parent_share_id, target_type, target_id, recipient_type,
                       recipient_id, permissions, inherit_to_children, token, slug, password_hash, require_login,
                       max_accesses, note, label, notify_on_access, expires_at, create_id, update_id, created_at,
                       updated_at, last_title)
    VALUES (:share_id, :origin, :owner_id, :created_by, :parent_share_id, :target_type, :target_id, :recipient_type,
            :recipient_id, :permissions, :inherit_to_children, :token, :slug, :password_hash, :require_login,
            :max_accesses, :note, :label, :notify_on_access, :expires_at, :update_id, :update_id, :now, :now,
            :last_title)
"""
ADD_ITEM = "INSERT INTO share_item (share_id, media_id, position) VALUES (:share_id, :media_id, :position)"
PUT_ITEM = """
    INSERT INTO share_item (share_id, media_id, position)
    SELECT :share_id, :media_id, coalesce(max(share_item.position), -1) + 1
      FROM share_item WHERE share_item.share_id = :share_id
    ON CONFLICT DO NOTHING
"""
DROP_ITEMS = "DELETE FROM share_item WHERE share_id = :share_id"
DROP_ITEM = "DELETE FROM share_item WHERE share_id = :share_id AND media_id = :media_id"
CHANGE = """
    UPDATE share SET permissions = :permissions, expires_at = :expires_at, password_hash = :password_hash,
                     slug = :slug, max_accesses = :max_accesses, require_login = :require_login, note = :note,
                     label = :label, notify_on_access = :notify_on_access, inherit_to_children = :inherit_to_children,
                     token = :token, expiry_stage = :expiry_stage, epoch = :epoch, update_id = :update_id,
                     updated_at = :now
     WHERE share_id = :share_id AND revoked_at IS NULL
"""
# One that has expired still stands in the way of a new one with its name.
END_EXPIRED = """
    UPDATE share SET revoked_at = :now, updated_at = :now, revoke_reason = 'expired', epoch = epoch + 1
     WHERE target_type = :target_type AND target_id = :target_id AND recipient_id = :recipient_id
       AND created_by = :created_by AND revoked_at IS NULL AND expires_at <= :now
"""
DESCENDANTS = f"""
    WITH RECURSIVE below (share_id) AS (
        SELECT share.share_id FROM json_each(:share_ids) AS wanted CROSS JOIN share ON share.share_id = wanted.value
         UNION
        SELECT child.share_id FROM below JOIN share AS child ON child.parent_share_id = below.share_id)
    SELECT {_SHARE}
      FROM below CROSS JOIN share ON share.share_id = below.share_id
     WHERE share.revoked_at IS NULL
"""  # noqa: S608 - constants of our own
REVOKE = """
    UPDATE share SET revoked_at = :now, updated_at = :now, revoked_by = :by, epoch = epoch + 1,
                     revoke_reason = CASE WHEN share_id IN (SELECT value FROM json_each(:named)) THEN :reason
                                          ELSE 'parent_revoked' END
     WHERE share_id IN (SELECT value FROM json_each(:share_ids)) AND revoked_at IS NULL
"""
CHOOSE = """
    INSERT INTO share_member_state (share_id, user_id, hidden, in_timeline)
    VALUES (:share_id, :user_id, coalesce(:hidden, 0), coalesce(:in_timeline, 0))
    ON CONFLICT DO UPDATE SET hidden = coalesce(:hidden, hidden), in_timeline = coalesce(:in_timeline, in_timeline)
"""
TOUCH = "UPDATE share SET updated_at = :now, update_id = :update_id WHERE share_id = :share_id"
SEEN = """
    INSERT INTO share_member_state (share_id, user_id, seen_at)
    SELECT wanted.value, :user_id, :now FROM json_each(:share_ids) AS wanted WHERE true
    ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at WHERE share_member_state.seen_at IS NULL
"""

# What was the household's before a member was in it, and he has not been told of; who is told has a row of his own.
FOR_NEWCOMER = f"""
    SELECT {_SHARE}
      FROM user
     CROSS JOIN share ON share.recipient_type = 'group' AND share.recipient_id = {HOUSE_SQL}
     WHERE user.user_id = :user_id AND user.state = 'active' AND share.created_at <= user.created_at
       AND share.revoked_at IS NULL AND (share.expires_at IS NULL OR share.expires_at > :now)
       AND share.origin = 'share' AND share.created_by <> :user_id
       AND (share.target_type <> 'library' OR user.sees_all_libraries)
       AND NOT EXISTS (SELECT 1 FROM share_member_state AS chosen
                        WHERE chosen.share_id = share.share_id AND chosen.user_id = :user_id)
     ORDER BY share.created_at DESC, share.share_id DESC
"""  # noqa: S608 - constants of our own

# What comes by itself.
OVER = f"""
    SELECT {_SHARE} FROM share
     WHERE share.revoked_at IS NULL AND share.expires_at IS NOT NULL AND share.expires_at <= :now
       AND share.expiry_stage < 2
     LIMIT 500
"""  # noqa: S608 - constants of our own
ENDING = f"""
    SELECT {_SHARE} FROM share
     WHERE share.revoked_at IS NULL AND share.expires_at IS NOT NULL
       AND share.expires_at > :now AND share.expires_at <= :soon
       AND share.expiry_stage = 0 AND share.expires_at - share.created_at > :least
     LIMIT 500
"""  # noqa: S608 - constants of our own
STAGE = """
    UPDATE share SET expiry_stage = :stage, epoch = epoch + :more_epoch
     WHERE share_id IN (SELECT value FROM json_each(:share_ids))
"""
# Those whose things may go to the trash or be gone; a page at a time, in order of their ids.
WATCHED = f"""
    SELECT {_SHARE}, share.is_suspended FROM share
     WHERE share.share_id > :after AND share.revoked_at IS NULL AND share.origin <> 'system'
     ORDER BY share.share_id LIMIT :limit
"""  # noqa: S608 - constants of our own
SUSPEND = """
    UPDATE share SET is_suspended = :is_suspended, epoch = epoch + :is_suspended
     WHERE share_id IN (SELECT value FROM json_each(:share_ids))
"""
CALL = "UPDATE share SET last_title = :title WHERE share_id = :share_id"
# In memory of who looks after it, a revoked grant is kept for a while.
FORGET = "DELETE FROM share WHERE revoked_at <= :until"
ACCESSED = """
    UPDATE share SET access_count = access_count + :times, last_accessed_at = max(coalesce(last_accessed_at, 0), :at)
     WHERE share_id = :share_id
"""


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """A member as far as sharing knows him."""

    user_id: str
    display_name: str
    is_active: bool
    is_admin: bool


class Covering(msgspec.Struct, frozen=True, kw_only=True):
    """A grant that stands and covers a thing, and what it gives."""

    share_id: str
    origin: str
    created_by: str
    expires_at: int | None
    rights: Right
    target_type: str
    target_id: str


async def by_ids(read: Reader, share_ids: Iterable[str]) -> dict[str, ShareRow]:
    """Those that were not revoked."""
    return {row["share_id"]: share_of(row) for row in await read(BY_IDS, {"share_ids": as_json(share_ids)})}


async def by_token(read: Reader, word: str) -> ShareRow | None:
    """A link by its token or slug."""
    rows = await read(BY_TOKEN, {"token": word}) or await read(BY_SLUG, {"slug": word})
    return share_of(rows[0]) if rows else None


async def of_target(read: Reader, target_type: str, target_id: str) -> list[ShareRow]:
    args = {"target_type": target_type, "target_id": target_id}
    return [share_of(row) for row in await read(OF_TARGET, args)]


async def incoming(read: Reader, args: Mapping[str, object]) -> tuple[list[ShareRow], int]:
    """A page of what a member was given, and how much that is in all."""
    total = (await read(COUNT_INCOMING, args))[0]["total"]
    return [share_of(row) for row in await read(INCOMING, args)], int(total)


async def outgoing(read: Reader, args: Mapping[str, object], *, with_reshares: bool) -> list[ShareRow]:
    """All that a member gave, newest first."""
    rows = list(await read(OUTGOING, args))
    if with_reshares:
        rows += await read(RESHARES, args)
    found = [share_of(row) for row in rows]
    return sorted(found, key=lambda share: (share.created_at, share.share_id), reverse=True)


async def count_of(read: Reader, user_id: str, *, now: int) -> int:
    return int((await read(COUNT_OF, {"user_id": user_id, "now": now}))[0]["total"])


async def standing(read: Reader, share_ids: Iterable[str], *, now: int) -> dict[str, Right]:
    """What those grants give that stand just now."""
    args = {"share_ids": as_json(share_ids), "granted_at": now, "right": int(Right.VIEW)}
    return {row["share_id"]: Right(row["bits"]) for row in await read(STANDING, args)}


async def covering(read: Reader, args: Mapping[str, object]) -> list[Covering]:
    """Grants that cover a thing for a member."""
    return [
        Covering(
            share_id=row["share_id"],
            origin=row["origin"],
            created_by=row["created_by"],
            expires_at=row["ends_at"] if row["ends_at"] < NO_END else None,
            rights=Right(row["bits"]),
            target_type=row["target_type"],
            target_id=row["target_id"],
        )
        for row in await read(COVERING, args)
    ]


async def depth(read: Reader, share_id: str) -> int:
    """How many grants a grant stems from, itself counted."""
    return int((await read(DEPTH, {"share_id": share_id}))[0]["depth"] or 0)


async def same(read: Reader, args: Mapping[str, object]) -> str | None:
    rows = await read(SAME, args)
    return str(rows[0]["share_id"]) if rows else None


async def slug_of(read: Reader, slug: str) -> str | None:
    """The link that has a slug, revoked or not."""
    rows = await read(SLUG_TAKEN, {"slug": slug})
    return str(rows[0]["share_id"]) if rows else None


async def states(read: Reader, user_id: str, share_ids: Iterable[str]) -> dict[str, MemberState]:
    rows = await read(STATES, {"user_id": user_id, "share_ids": as_json(share_ids)})
    return {
        row["share_id"]: MemberState(
            hidden=bool(row["hidden"]), in_timeline=bool(row["in_timeline"]), seen_at=row["seen_at"]
        )
        for row in rows
    }


async def people(read: Reader, user_ids: Iterable[str]) -> dict[str, Recipient]:
    return {
        row["user_id"]: Recipient(
            user_id=row["user_id"],
            display_name=row["display_name"],
            is_active=row["state"] == "active",
            is_admin=bool(row["is_admin"]),
        )
        for row in await read(NAMES, {"user_ids": as_json(user_ids)})
    }


async def house(read: Reader) -> tuple[str, str]:
    """Id and name of the household."""
    row = (await read(HOUSE, {}))[0]
    return str(row["household_id"]), str(row["name"])


async def items(read: Reader, share_id: str) -> list[str]:
    """The things of a set, in order."""
    return [row["media_id"] for row in await read(ITEMS, {"share_id": share_id})]


async def item_counts(read: Reader, share_ids: Iterable[str]) -> dict[str, int]:
    return {row["share_id"]: row["items"] for row in await read(ITEM_COUNTS, {"share_ids": as_json(share_ids)})}


async def add(tx: Write, args: Mapping[str, object], media_ids: Sequence[str] = ()) -> None:
    await tx.run(ADD, args)
    await _put_items(tx, str(args["share_id"]), media_ids)


async def end_expired(tx: Write, args: Mapping[str, object]) -> None:
    await tx.run(END_EXPIRED, args)


async def replace_items(tx: Write, share_id: str, media_ids: Sequence[str]) -> None:
    await tx.run(DROP_ITEMS, {"share_id": share_id})
    await _put_items(tx, share_id, media_ids)


async def put_item(tx: Write, share_id: str, media_id: str) -> None:
    """Put a thing behind those of a set; one that is in it stays where it is."""
    await tx.run(PUT_ITEM, {"share_id": share_id, "media_id": media_id})


async def drop_item(tx: Write, share_id: str, media_id: str) -> None:
    await tx.run(DROP_ITEM, {"share_id": share_id, "media_id": media_id})


async def change(tx: Write, args: Mapping[str, object]) -> None:
    await tx.run(CHANGE, args)


async def descendants(read: Reader, share_ids: Iterable[str]) -> list[ShareRow]:
    """Grants and all that was made from them."""
    return [share_of(row) for row in await read(DESCENDANTS, {"share_ids": as_json(share_ids)})]


async def revoke(
    tx: Write, share_ids: Iterable[str], *, named: Iterable[str], by: str | None, reason: str, now: int
) -> None:
    """End grants; those not `named` because what they were made from has ended."""
    args = {"share_ids": as_json(share_ids), "named": as_json(named), "by": by, "reason": reason, "now": now}
    await tx.run(REVOKE, args)


async def choose(tx: Write, share_id: str, user_id: str, *, hidden: bool | None, in_timeline: bool | None) -> None:
    """Write down what a recipient decided; None leaves what he decided before."""
    await tx.run(
        CHOOSE,
        {
            "share_id": share_id,
            "user_id": user_id,
            "hidden": None if hidden is None else int(hidden),
            "in_timeline": None if in_timeline is None else int(in_timeline),
        },
    )


async def touch(tx: Write, share_id: str, *, update_id: str, now: int) -> None:
    await tx.run(TOUCH, {"share_id": share_id, "update_id": update_id, "now": now})


async def see(tx: Write, user_id: str, share_ids: Iterable[str], *, now: int) -> None:
    await tx.run(SEEN, {"user_id": user_id, "share_ids": as_json(share_ids), "now": now})


async def for_newcomer(read: Reader, user_id: str, *, now: int) -> list[ShareRow]:
    """What the household was given before a member came, and he has not been told of; the newest first."""
    return [share_of(row) for row in await read(FOR_NEWCOMER, {"user_id": user_id, "now": now})]


async def over(read: Reader, *, now: int) -> list[ShareRow]:
    """Those whose end has come and was not handled."""
    return [share_of(row) for row in await read(OVER, {"now": now})]


async def ending(read: Reader, *, now: int, soon: int, least: int) -> list[ShareRow]:
    """Those that end soon, were to live for longer than `least`, and of which nobody was warned."""
    return [share_of(row) for row in await read(ENDING, {"now": now, "soon": soon, "least": least})]


async def stage(tx: Write, share_ids: Iterable[str], stage: int, *, is_over: bool) -> None:
    await tx.run(STAGE, {"share_ids": as_json(share_ids), "stage": stage, "more_epoch": int(is_over)})


async def watched(read: Reader, after: str, limit: int) -> list[tuple[ShareRow, bool]]:
    """Some grants after one, and whether each was suspended when it was looked at last."""
    rows = await read(WATCHED, {"after": after, "limit": limit})
    return [(share_of(row), bool(row["is_suspended"])) for row in rows]


async def suspend(tx: Write, share_ids: Iterable[str], *, is_suspended: bool) -> None:
    await tx.run(SUSPEND, {"share_ids": as_json(share_ids), "is_suspended": int(is_suspended)})


async def call(tx: Write, titles: Mapping[str, str]) -> None:
    """Remember what things are called, by the grants' ids."""
    await tx.many(CALL, ({"share_id": share_id, "title": title} for share_id, title in titles.items()))


async def forget(tx: Write, *, until: int) -> int:
    return await tx.run(FORGET, {"until": until})


async def accessed(tx: Write, share_id: str, *, at: int, times: int = 1) -> None:
    await tx.run(ACCESSED, {"share_id": share_id, "at": at, "times": times})


async def _put_items(tx: Write, share_id: str, media_ids: Sequence[str]) -> None:
    await tx.many(
        ADD_ITEM,
        (
            {"share_id": share_id, "media_id": media_id, "position": position}
            for position, media_id in enumerate(media_ids)
        ),
    )


def share_of(row: sqlite3.Row) -> ShareRow:
    return ShareRow(
        share_id=row["share_id"],
        origin=row["origin"],
        owner_id=row["owner_id"],
        created_by=row["created_by"],
        parent_share_id=row["parent_share_id"],
        target_type=row["target_type"],
        target_id=row["target_id"],
        recipient_type=row["recipient_type"],
        recipient_id=row["recipient_id"],
        rights=Right(row["permissions"]),
        inherit_to_children=bool(row["inherit_to_children"]),
        token=row["token"],
        slug=row["slug"],
        password_hash=row["password_hash"],
        require_login=bool(row["require_login"]),
        max_accesses=row["max_accesses"],
        note=row["note"],
        label=row["label"],
        notify_on_access=bool(row["notify_on_access"]),
        expires_at=row["expires_at"],
        expiry_stage=row["expiry_stage"],
        access_count=row["access_count"],
        last_accessed_at=row["last_accessed_at"],
        epoch=row["epoch"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        last_title=row["last_title"],
    )
