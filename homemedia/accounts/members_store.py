"""Statements on the accounts of a household, as administrators keep them; nothing here decides."""

import msgspec

from homemedia.accounts.models import Member, Restrictions
from homemedia.accounts.store import MEMBER, member_of
from homemedia.core.db import Reader, Write

ACCOUNTS = f"""
    SELECT {MEMBER},
           (SELECT count(session.session_id)
              FROM session
             WHERE session.user_id = user.user_id AND session.revoked_at IS NULL AND session.last_used_at >= :used_since
               AND (session.expires_at IS NULL OR session.expires_at > :now)) AS active_sessions
      FROM user
     WHERE user.state <> 'removed' AND (:user_id IS NULL OR user.user_id = :user_id)
     ORDER BY user.username_key
"""  # noqa: S608 - a constant of our own
HAS_OTHER_ADMIN = """
    SELECT EXISTS (SELECT 1 FROM user
                    WHERE is_admin = 1 AND state = 'active' AND expires_at IS NULL AND user_id <> :user_id) AS is_there
"""
CHANGE = """
    UPDATE user SET username = :username, username_key = :username_key, email = :email, display_name = :display_name,
                    is_email_verified = CASE WHEN email IS :email THEN is_email_verified ELSE :is_by_admin END,
                    is_admin = :is_admin, state = :state, expires_at = :expires_at,
                    sees_all_libraries = :sees_all_libraries, updated_at = :now,
                    pending_for = CASE WHEN :state = 'pending' THEN pending_for END
     WHERE user_id = :user_id
"""
SET_EMAIL = "UPDATE user SET email = :email, is_email_verified = 1 WHERE user_id = :user_id"
# The oldest active administrator follows a host who is none any more.
FOLLOW_HOST = """
    UPDATE household
       SET host_id = (SELECT user.user_id FROM user WHERE user.is_admin = 1 AND user.state = 'active'
                       ORDER BY user.created_at, user.user_id LIMIT 1)
     WHERE only = 1 AND host_id = :user_id
"""
RESTRICT = """
    INSERT INTO restriction (user_id, max_age, allowed_ratings, blocked_ratings, blocks_unrated, allowed_labels,
                             blocked_labels, allows_transcode, allows_download, max_streams, max_bitrate, schedule)
    VALUES (:user_id, :max_age, :allowed_ratings, :blocked_ratings, :block_unrated, :allowed_labels, :blocked_labels,
            :allow_transcode, :allow_download, :max_streams, :max_bitrate, :schedule)
    ON CONFLICT (user_id) DO UPDATE
       SET max_age = excluded.max_age, allowed_ratings = excluded.allowed_ratings,
           blocked_ratings = excluded.blocked_ratings, blocks_unrated = excluded.blocks_unrated,
           allowed_labels = excluded.allowed_labels, blocked_labels = excluded.blocked_labels,
           allows_transcode = excluded.allows_transcode, allows_download = excluded.allows_download,
           max_streams = excluded.max_streams, max_bitrate = excluded.max_bitrate, schedule = excluded.schedule
"""
REMOVE = """
    UPDATE user SET state = 'removed', removed_at = :now, purge_at = :purge_at, updated_at = :now
     WHERE user_id = :user_id
"""
IS_DUE = """
    SELECT EXISTS (SELECT 1 FROM user
                    WHERE user_id = :user_id AND state = 'removed' AND purge_at <= :now) AS is_due
"""
IS_REMOVED = """
    SELECT EXISTS (SELECT 1 FROM user
                    WHERE user_id = :user_id AND state = 'removed' AND purged_at IS NULL) AS is_removed
"""
IS_NAME_TAKEN = """
    SELECT EXISTS (SELECT 1 FROM user WHERE username_key = :username_key AND state <> 'removed') AS is_taken
"""
# Either may be typed at sign-in, so nobody may have as the one what somebody else has as the other.
USED_OTHERWISE = """
    SELECT EXISTS (SELECT 1 FROM user WHERE state <> 'removed' AND user_id <> :user_id AND email = :username_key)
               AS name_is_address,
           EXISTS (SELECT 1 FROM user WHERE state <> 'removed' AND user_id <> :user_id AND username_key = :email_key)
               AS address_is_name
"""
# The row stays with the name he was shown by, so that what he wrote keeps its author.
PURGE = """
    UPDATE user SET email = NULL, is_email_verified = 0, phone = NULL, password_hash = NULL, pin_hash = NULL,
                    purge_at = NULL, is_admin = 0, avatar_changed_at = NULL, purged_at = :now, updated_at = :now
     WHERE user_id = :user_id
"""
DROP_RESTRICTION = "DELETE FROM restriction WHERE user_id = :user_id"
DROP_PREFERENCES = "DELETE FROM preference WHERE user_id = :user_id"
DROP_KEYS = "DELETE FROM user_key WHERE user_id = :user_id"
DROP_IDENTITIES = "DELETE FROM user_identity WHERE user_id = :user_id"
DROP_API_KEYS = "DELETE FROM api_key WHERE user_id = :user_id"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A member as lists of members show him. Times in ms."""

    member: Member
    active_sessions: int


async def accounts(read: Reader, *, used_since: int, now: int, user_id: str | None = None) -> list[Account]:
    """Every account that is not removed, by user name; or the one of `user_id`."""
    rows = await read(ACCOUNTS, {"used_since": used_since, "now": now, "user_id": user_id})
    return [Account(member=member_of(row, ""), active_sessions=row["active_sessions"]) for row in rows]


async def has_other_admin(read: Reader, user_id: str) -> bool:
    """Whether there is another administrator, active and without an end."""
    return bool((await read(HAS_OTHER_ADMIN, {"user_id": user_id}))[0]["is_there"])


async def change(tx: Write, member: Member, *, username_key: str, is_by_admin: bool, now: int) -> None:
    """Write down what a member is from now on; for an address that is another one only administrators vouch."""
    args = {
        "user_id": member.user_id,
        "username": member.username,
        "username_key": username_key,
        "email": member.email,
        "is_by_admin": int(is_by_admin),
        "display_name": member.display_name,
        "is_admin": int(member.is_admin),
        "state": member.state.value,
        "expires_at": member.expires_at,
        "sees_all_libraries": int(member.sees_all_libraries),
        "now": now,
    }
    await tx.run(CHANGE, args)


async def set_email(tx: Write, user_id: str, email: str) -> None:
    """Give a member an address that somebody vouches for. Raises sqlite3.IntegrityError when somebody has it."""
    await tx.run(SET_EMAIL, {"user_id": user_id, "email": email})


async def follow_host(tx: Write, user_id: str) -> None:
    """If this was the host, another one is."""
    await tx.run(FOLLOW_HOST, {"user_id": user_id})


async def restrict(tx: Write, user_id: str, restrictions: Restrictions) -> None:
    args: dict[str, object] = {"user_id": user_id}
    for name in Restrictions.__struct_fields__:
        value = getattr(restrictions, name)
        if isinstance(value, tuple):
            value = msgspec.json.encode(value).decode()
        args[name] = int(value) if isinstance(value, bool) else value
    await tx.run(RESTRICT, args)


async def remove(tx: Write, user_id: str, *, purge_at: int | None, now: int) -> None:
    await tx.run(REMOVE, {"user_id": user_id, "purge_at": purge_at, "now": now})


async def is_due(read: Reader, user_id: str, now: int) -> bool:
    """Whether what a removed member owned is to be dropped by now."""
    return bool((await read(IS_DUE, {"user_id": user_id, "now": now}))[0]["is_due"])


async def used_otherwise(
    read: Reader, user_id: str, *, username_key: str | None, email_key: str | None
) -> tuple[bool, bool]:
    """Whether somebody else has this name as his address, and this address as his name."""
    row = (await read(USED_OTHERWISE, {"user_id": user_id, "username_key": username_key, "email_key": email_key}))[0]
    return bool(row["name_is_address"]), bool(row["address_is_name"])


async def is_name_taken(read: Reader, username_key: str) -> bool:
    return bool((await read(IS_NAME_TAKEN, {"username_key": username_key}))[0]["is_taken"])


async def is_removed(read: Reader, user_id: str) -> bool:
    """Whether this was a member whose things are still there."""
    return bool((await read(IS_REMOVED, {"user_id": user_id}))[0]["is_removed"])


async def purge(tx: Write, user_id: str, *, now: int) -> None:
    """Drop what a removed member owned in this slice."""
    for statement in (DROP_RESTRICTION, DROP_PREFERENCES, DROP_KEYS, DROP_IDENTITIES, DROP_API_KEYS):
        await tx.run(statement, {"user_id": user_id})
    await tx.run(PURGE, {"user_id": user_id, "now": now})
