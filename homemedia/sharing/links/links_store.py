"""The statements of public links: counted openings, and the guesses at their passwords."""

from homemedia.core.db import Reader, Write
from homemedia.sharing.links.attempts import LINK_WINDOW_MS, Failure, History

# One statement, so that of two who come at once for the last opening one is refused.
COUNT = """
    UPDATE share SET access_count = access_count + 1, last_accessed_at = :now
     WHERE share_id = :share_id AND revoked_at IS NULL AND (max_accesses IS NULL OR access_count < max_accesses)
    RETURNING access_count
"""
FAILURES = """
    SELECT share_activity.happened_at, share_activity.ip_group = :ip_group AS is_here
      FROM share_activity
     WHERE share_activity.share_id = :share_id AND share_activity.action = 'password_failed'
       AND share_activity.happened_at > :since
     ORDER BY share_activity.happened_at, share_activity.share_activity_id
"""
LAST = """
    SELECT share.secret_changed_at,
           (SELECT max(share_activity.happened_at) FROM share_activity
             WHERE share_activity.share_id = share.share_id AND share_activity.action = 'locked_out') AS locked_at,
           (SELECT max(share_activity.happened_at) FROM share_activity
             WHERE share_activity.share_id = share.share_id AND share_activity.action = 'accessed'
               AND share_activity.ip_group = :ip_group) AS proven_at
      FROM share WHERE share.share_id = :share_id
"""


async def count(tx: Write, share_id: str, *, now: int) -> int | None:
    """Count an opening; how many there are now, None when there may be none more."""
    rows = await tx.rows(COUNT, {"share_id": share_id, "now": now})
    return int(rows[0]["access_count"]) if rows else None


async def history(read: Reader, share_id: str, ip_group: str, *, now: int) -> History:
    """What is known of guesses at a link, for one who comes from `ip_group`."""
    args = {"share_id": share_id, "ip_group": ip_group, "since": now - LINK_WINDOW_MS}
    rows = await read(FAILURES, args)
    last = (await read(LAST, args))[0]
    return History(
        failures=[Failure(row["happened_at"], bool(row["is_here"])) for row in rows],
        locked_at=last["locked_at"],
        proven_at=last["proven_at"],
        changed_at=last["secret_changed_at"],
    )
