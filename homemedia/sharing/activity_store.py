"""The statements on what happened to grants."""

import sqlite3
from collections.abc import Mapping

from homemedia.core.db import Reader, Write

ADD = """
    INSERT INTO share_activity (share_id, happened_at, action, actor_id, actor_ip, ip_group, user_agent, details)
    SELECT share.share_id, :at, :action, :actor_id, :actor_ip, :ip_group, :user_agent, :details
      FROM share WHERE share.share_id = :share_id
"""
# Whether the same was written down since a time: by the same member, or the same address where nobody signed in.
IS_KNOWN = """
    SELECT EXISTS (
        SELECT 1 FROM share_activity
         WHERE share_id = :share_id AND action = :action AND happened_at > :since
           AND (actor_id = :actor_id OR (actor_id IS NULL AND :actor_id IS NULL AND ip_group IS :ip_group))
           AND (:media_id IS NULL OR json_extract(details, '$.media_id') IS :media_id)) AS is_known
"""
_WANTED = """share_activity.share_id = :share_id
       AND (:actions IS NULL OR share_activity.action IN (SELECT value FROM json_each(:actions)))"""
COUNT = f"SELECT count(*) AS total FROM share_activity WHERE {_WANTED}"  # noqa: S608 - a constant of our own
PAGE = f"""
    SELECT share_activity.share_activity_id, share_activity.share_id, share_activity.happened_at,
           share_activity.action, share_activity.actor_id, share_activity.actor_ip, share_activity.user_agent,
           share_activity.details, user.display_name
      FROM share_activity
      LEFT JOIN user ON user.user_id = share_activity.actor_id
     WHERE {_WANTED}
     ORDER BY share_activity.happened_at DESC, share_activity.share_activity_id DESC
     LIMIT :limit OFFSET :offset
"""  # noqa: S608 - a constant of our own
_PASSING = "('accessed', 'downloaded', 'added', 'removed', 'edited', 'password_failed', 'locked_out')"
FORGET = f"DELETE FROM share_activity WHERE action IN {_PASSING} AND happened_at <= :until"  # noqa: S608
TO_CUT = f"""
    SELECT share_activity_id, actor_ip FROM share_activity
     WHERE action IN {_PASSING} AND happened_at <= :until AND actor_ip IS NOT NULL AND actor_ip NOT LIKE '%/%'
     LIMIT 2000
"""  # noqa: S608 - a constant of our own
CUT = """
    UPDATE share_activity SET actor_ip = :network, ip_group = :network WHERE share_activity_id = :share_activity_id
"""


async def add(tx: Write, args: Mapping[str, object]) -> None:
    """Write an entry; of a grant that is no more, none."""
    await tx.run(ADD, args)


async def is_known(read: Reader, args: Mapping[str, object]) -> bool:
    return bool((await read(IS_KNOWN, args))[0]["is_known"])


async def page(read: Reader, args: Mapping[str, object]) -> tuple[list[sqlite3.Row], int]:
    total = (await read(COUNT, args))[0]["total"]
    return await read(PAGE, args), int(total)


async def forget(tx: Write, *, until: int) -> int:
    return await tx.run(FORGET, {"until": until})


async def uncut(read: Reader, *, until: int) -> list[tuple[int, str]]:
    return [(row["share_activity_id"], row["actor_ip"]) for row in await read(TO_CUT, {"until": until})]


async def cut(tx: Write, networks: Mapping[int, str]) -> None:
    await tx.many(CUT, ({"share_activity_id": key, "network": network} for key, network in networks.items()))
