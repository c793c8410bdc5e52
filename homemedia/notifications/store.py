"""Every statement on notices; nothing here decides."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json
from homemedia.notifications.models import Kept, Person

_COLUMNS = """
    notification.notification_id, notification.user_id, notification.family, notification.type,
    notification.share_id, notification.subject_id, notification.actor_id, notification.details,
    notification.fold_key, notification.told_by, notification.created_at, notification.updated_at,
    notification.read_at
"""
# Who may be told at all, with what he wishes and the browsers he is signed in with.
_PERSON = """
    user.user_id,
    (SELECT preference.document FROM preference
      WHERE preference.user_id = user.user_id AND preference.area = 'notifications') AS wishes,
    (SELECT json_group_array(push_subscription.push_subscription_id) FROM push_subscription
      WHERE push_subscription.user_id = user.user_id) AS subscriptions
"""
_IS_TOLD = """
    user.state = 'active' AND (user.expires_at IS NULL OR user.expires_at > :now)
    AND user.user_id IS NOT :actor_id
    AND NOT EXISTS (SELECT 1 FROM share_member_state
                     WHERE share_member_state.share_id = :share_id AND share_member_state.user_id = user.user_id
                       AND share_member_state.hidden = 1)
"""
HOUSEHOLD = f"SELECT {_PERSON} FROM user WHERE {_IS_TOLD} ORDER BY user.user_id"  # noqa: S608 - columns of our own
ADMINS = f"SELECT {_PERSON} FROM user WHERE user.is_admin = 1 AND {_IS_TOLD} ORDER BY user.user_id"  # noqa: S608 - columns of our own
NAMED = f"""
    SELECT {_PERSON} FROM user
     WHERE user.user_id IN (SELECT value FROM json_each(:user_ids)) AND {_IS_TOLD}
     ORDER BY user.user_id
"""  # noqa: S608 - columns of our own
NAME_OF = "SELECT display_name FROM user WHERE user_id = :user_id"
IS_SHARE = "SELECT 1 FROM share WHERE share_id = :share_id"
UNREAD_FOLD = f"""
    SELECT {_COLUMNS} FROM notification
     WHERE notification.user_id = :user_id AND notification.family = :family AND notification.type = :type
       AND notification.fold_key = :fold_key AND notification.read_at IS NULL
"""  # noqa: S608 - columns of our own
ADD = """
    INSERT INTO notification (notification_id, user_id, family, type, share_id, subject_id, actor_id, details,
                              fold_key, told_by, created_at, updated_at)
    VALUES (:notification_id, :user_id, :family, :type, :share_id, :subject_id, :actor_id, :details,
            :fold_key, :told_by, :now, :now)
    ON CONFLICT (notification_id) DO NOTHING
"""
REFRESH = """
    UPDATE notification SET details = :details, actor_id = :actor_id, share_id = :share_id, told_by = :told_by,
           updated_at = :now
     WHERE notification_id = :notification_id
"""
ONE = f"SELECT {_COLUMNS} FROM notification WHERE notification.notification_id = :notification_id"  # noqa: S608 - columns of our own
KEPT = "SELECT kept FROM notification_count WHERE user_id = :user_id AND family = :family"
DROP_OLDEST = """
    DELETE FROM notification WHERE notification_id IN (
        SELECT notification_id FROM notification WHERE user_id = :user_id AND family = :family
         ORDER BY created_at, notification_id LIMIT :surplus)
"""
UNREAD = "SELECT family, unread FROM notification_count WHERE user_id = :user_id AND unread > 0"
PAGE = f"""
    SELECT {_COLUMNS} FROM notification
     WHERE notification.user_id = :user_id
       AND (notification.updated_at, notification.notification_id) < (:before_at, :before_id)
     ORDER BY notification.updated_at DESC, notification.notification_id DESC
     LIMIT :limit
"""  # noqa: S608 - columns of our own
FAMILY_PAGE = f"""
    SELECT {_COLUMNS} FROM notification
     WHERE notification.user_id = :user_id AND notification.family = :family
     ORDER BY notification.created_at DESC, notification.notification_id DESC
     LIMIT :limit OFFSET :offset
"""  # noqa: S608 - columns of our own
FAMILY_UNREAD = f"""
    SELECT {_COLUMNS} FROM notification
     WHERE notification.user_id = :user_id AND notification.family = :family AND notification.read_at IS NULL
     ORDER BY notification.created_at DESC, notification.notification_id DESC
     LIMIT :limit OFFSET :offset
"""  # noqa: S608 - columns of our own
READ_ALL = (
    "UPDATE notification SET read_at = :now WHERE user_id = :user_id AND read_at IS NULL AND updated_at <= :until"
)
READ_FAMILY = """
    UPDATE notification SET read_at = :now WHERE user_id = :user_id AND family = :family AND read_at IS NULL
"""
READ_SOME = """
    UPDATE notification SET read_at = :now
     WHERE notification_id IN (SELECT value FROM json_each(:ids)) AND user_id = :user_id AND read_at IS NULL
       AND (:family IS NULL OR family = :family)
"""
UNREAD_SOME = """
    UPDATE OR IGNORE notification SET read_at = NULL
     WHERE notification_id IN (SELECT value FROM json_each(:ids)) AND user_id = :user_id AND read_at IS NOT NULL
       AND (fold_key IS NULL OR NOT EXISTS (
            SELECT 1 FROM notification AS newer
             WHERE newer.user_id = notification.user_id AND newer.family = notification.family
               AND newer.type = notification.type AND newer.fold_key = notification.fold_key
               AND newer.read_at IS NULL))
"""
READ_SUBJECT = """
    UPDATE notification SET read_at = :now
     WHERE family = :family AND subject_id = :subject_id AND type = :type AND user_id = :user_id AND read_at IS NULL
"""
DELETE_ONE = """
    DELETE FROM notification
     WHERE notification_id = :notification_id AND user_id = :user_id AND (:family IS NULL OR family = :family)
"""
DELETE_READ = "DELETE FROM notification WHERE user_id = :user_id AND read_at IS NOT NULL"
WITHDRAWN = f"""
    SELECT {_COLUMNS} FROM notification
     WHERE notification.family = :family AND notification.subject_id = :subject_id
       AND (:any_type OR notification.type IN (SELECT value FROM json_each(:types)))
       AND (:actor_id IS NULL OR notification.actor_id = :actor_id)
       AND (:of_user IS NULL OR notification.user_id = :of_user)
"""  # noqa: S608 - columns of our own
DELETE_SOME = "DELETE FROM notification WHERE notification_id IN (SELECT value FROM json_each(:ids))"
FORGET = "DELETE FROM notification WHERE user_id = :user_id"
FORGET_COUNTS = "DELETE FROM notification_count WHERE user_id = :user_id"
SWEEP_READ = "DELETE FROM notification WHERE read_at < :before AND read_at IS NOT NULL"
SWEEP_UNREAD = "DELETE FROM notification WHERE updated_at < :before AND read_at IS NULL"
ON_THE_WAY = "SELECT max(job_id) AS newest FROM job WHERE kind = 'notify' AND state IN ('queued', 'running')"
BETWEEN = f"""
    SELECT {_COLUMNS} FROM notification
     WHERE notification.user_id = :user_id AND notification.updated_at > :since AND notification.read_at IS NULL
     ORDER BY notification.updated_at DESC, notification.notification_id DESC
     LIMIT :limit
"""  # noqa: S608 - columns of our own


async def people(
    read: Reader, to: Sequence[str] | str, *, actor_id: str | None, share_id: str | None, now: int
) -> list[Person]:
    """Those of the named who may be told, without who did it and who hid the share."""
    args: dict[str, object] = {"actor_id": actor_id, "share_id": share_id, "now": now}
    if to == "household":
        rows = await read(HOUSEHOLD, args)
    elif to == "admins":
        rows = await read(ADMINS, args)
    else:
        rows = await read(NAMED, args | {"user_ids": as_json(to)})
    return [
        Person(
            user_id=row["user_id"],
            wishes=row["wishes"],
            subscriptions=tuple(msgspec.json.decode(row["subscriptions"], type=list[str])),
        )
        for row in rows
    ]


async def name_of(read: Reader, user_id: str) -> str | None:
    rows = await read(NAME_OF, {"user_id": user_id})
    return rows[0]["display_name"] if rows else None


async def is_share(read: Reader, share_id: str) -> bool:
    return bool(await read(IS_SHARE, {"share_id": share_id}))


async def unread_fold(read: Reader, user_id: str, family: str, type_: str, fold_key: str) -> Kept | None:
    """The unread notice that repeats fold into."""
    args = {"user_id": user_id, "family": family, "type": type_, "fold_key": fold_key}
    rows = await read(UNREAD_FOLD, args)
    return _kept(rows[0]) if rows else None


async def add(tx: Write, notice: Kept) -> bool:
    """Whether it was not there yet."""
    args = msgspec.structs.asdict(notice) | {"details": _details(notice), "now": notice.created_at}
    return await tx.run(ADD, args) > 0


async def refresh(tx: Write, notice: Kept) -> None:
    args = msgspec.structs.asdict(notice) | {"details": _details(notice), "now": notice.updated_at}
    await tx.run(REFRESH, args)


async def trim(tx: Write, user_id: str, family: str, limit: int) -> None:
    """Drop the oldest beyond `limit`."""
    rows = await tx.rows(KEPT, {"user_id": user_id, "family": family})
    surplus = rows[0]["kept"] - limit if rows else 0
    if surplus > 0:
        await tx.run(DROP_OLDEST, {"user_id": user_id, "family": family, "surplus": surplus})


async def unread(read: Reader, user_id: str) -> dict[str, int]:
    """How many are unread, by family."""
    return {row["family"]: row["unread"] for row in await read(UNREAD, {"user_id": user_id})}


async def one(read: Reader, notification_id: str) -> Kept | None:
    rows = await read(ONE, {"notification_id": notification_id})
    return _kept(rows[0]) if rows else None


async def page(read: Reader, user_id: str, *, before_at: int, before_id: str, limit: int) -> list[Kept]:
    """Of all families, what changed last first, beginning behind a notice."""
    args = {"user_id": user_id, "before_at": before_at, "before_id": before_id, "limit": limit}
    return [_kept(row) for row in await read(PAGE, args)]


async def of_family(
    read: Reader, user_id: str, family: str, *, limit: int, offset: int, only_unread: bool
) -> list[Kept]:
    """Of one family, newest first."""
    args = {"user_id": user_id, "family": family, "limit": limit, "offset": offset}
    return [_kept(row) for row in await read(FAMILY_UNREAD if only_unread else FAMILY_PAGE, args)]


async def read_all(tx: Write, user_id: str, *, until: int, now: int) -> int:
    return await tx.run(READ_ALL, {"user_id": user_id, "until": until, "now": now})


async def read_family(tx: Write, user_id: str, family: str, *, now: int) -> int:
    return await tx.run(READ_FAMILY, {"user_id": user_id, "family": family, "now": now})


async def read_some(tx: Write, user_id: str, ids: Iterable[str], *, family: str | None, now: int) -> int:
    return await tx.run(READ_SOME, {"user_id": user_id, "ids": as_json(ids), "family": family, "now": now})


async def unread_some(tx: Write, user_id: str, ids: Iterable[str]) -> int:
    """Count as unread again, but for what a newer one of its fold has taken the place of."""
    return await tx.run(UNREAD_SOME, {"user_id": user_id, "ids": as_json(ids)})


async def read_subject(tx: Write, user_id: str, family: str, subject_id: str, type_: str, *, now: int) -> int:
    args = {"user_id": user_id, "family": family, "subject_id": subject_id, "type": type_, "now": now}
    return await tx.run(READ_SUBJECT, args)


async def delete(tx: Write, user_id: str, notification_id: str, *, family: str | None) -> int:
    args = {"user_id": user_id, "notification_id": notification_id, "family": family}
    return await tx.run(DELETE_ONE, args)


async def delete_read(tx: Write, user_id: str) -> int:
    return await tx.run(DELETE_READ, {"user_id": user_id})


async def withdrawn(
    read: Reader, family: str, subject_id: str, *, types: Sequence[str], actor_id: str | None, of_user: str | None
) -> list[Kept]:
    """The notices that a withdrawal names, so far as columns tell."""
    args = {
        "family": family,
        "subject_id": subject_id,
        "types": as_json(types),
        "any_type": not types,
        "actor_id": actor_id,
        "of_user": of_user,
    }
    return [_kept(row) for row in await read(WITHDRAWN, args)]


async def delete_some(tx: Write, ids: Iterable[str]) -> int:
    return await tx.run(DELETE_SOME, {"ids": as_json(ids)})


async def forget(tx: Write, user_id: str) -> None:
    await tx.run(FORGET, {"user_id": user_id})
    await tx.run(FORGET_COUNTS, {"user_id": user_id})


async def sweep(tx: Write, *, read_before: int, unread_before: int) -> int:
    gone = await tx.run(SWEEP_READ, {"before": read_before})
    return gone + await tx.run(SWEEP_UNREAD, {"before": unread_before})


async def on_the_way(read: Reader) -> int:
    """The newest job that has not told its notice yet; 0 when there is none."""
    return int((await read(ON_THE_WAY, {}))[0]["newest"] or 0)


async def unread_since(read: Reader, user_id: str, *, since: int, limit: int) -> list[Kept]:
    """Unread ones that came or changed after a time, newest first."""
    return [_kept(row) for row in await read(BETWEEN, {"user_id": user_id, "since": since, "limit": limit})]


def _kept(row: sqlite3.Row) -> Kept:
    facts = dict(row)
    facts["details"] = msgspec.json.decode(row["details"])
    return Kept(**facts)


def _details(notice: Kept) -> str:
    return msgspec.json.encode(notice.details).decode()
