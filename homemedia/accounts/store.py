"""Every statement on household, members and sessions; nothing here decides."""

import sqlite3
from collections.abc import Iterable

import msgspec

from homemedia.accounts.models import (
    NO_RESTRICTIONS,
    Device,
    Household,
    Member,
    MemberState,
    Restrictions,
    Session,
)
from homemedia.core.db import Reader, Write, as_json

# Who comes with an API key has, in place of a session, this and the key's id.
KEY_PREFIX, KEY_WAY = "key:", "api_key"

HOUSEHOLD = """
    SELECT household.household_id, household.machine_id, household.name, household.accent,
           EXISTS (SELECT 1 FROM user WHERE user.is_admin = 1) AS is_claimed
      FROM household
     WHERE household.only = 1
"""
ADD_HOUSEHOLD = """
    INSERT INTO household (only, household_id, machine_id, name, created_at)
    VALUES (1, :household_id, :machine_id, :name, :now)
    ON CONFLICT (only) DO NOTHING
"""
NAME_HOUSEHOLD = "UPDATE household SET name = :name WHERE only = 1"
COLOUR_HOUSEHOLD = "UPDATE household SET accent = :accent WHERE only = 1"
SET_HOST = "UPDATE household SET host_id = :user_id WHERE only = 1"
IS_CLAIMED = "SELECT EXISTS (SELECT 1 FROM user WHERE user.is_admin = 1) AS is_claimed"

MEMBER = """
    user.user_id, user.username, user.display_name, user.email, user.is_admin, user.state, user.sees_all_libraries,
    user.created_at, user.last_seen_at, user.expires_at, user.password_hash IS NOT NULL AS has_password,
    user.avatar_color, user.avatar_changed_at, user.must_change_password, user.is_onboarded,
    (SELECT json_object(
        'maxAge', restriction.max_age, 'allowedRatings', json(restriction.allowed_ratings),
        'blockedRatings', json(restriction.blocked_ratings),
        'blockUnrated', json(iif(restriction.blocks_unrated, 'true', 'false')),
        'allowedLabels', json(restriction.allowed_labels), 'blockedLabels', json(restriction.blocked_labels),
        'allowTranscode', json(iif(restriction.allows_transcode, 'true', 'false')),
        'allowDownload', json(iif(restriction.allows_download, 'true', 'false')),
        'maxStreams', restriction.max_streams, 'maxBitrate', restriction.max_bitrate,
        'schedule', json(restriction.schedule))
       FROM restriction WHERE restriction.user_id = user.user_id AND NOT user.is_admin) AS restrictions
"""
# Everything a request needs to know of its caller, in one statement.
CALLER = f"""
    SELECT {MEMBER}, session.session_id, session.expires_at AS session_expires_at,
           session.created_at AS session_created_at, session.last_used_at, session.revoked_at, session.way,
           session.elevated_until_at, session.app_version,
           EXISTS (SELECT 1 FROM user AS claimant WHERE claimant.is_admin = 1) AS is_claimed
      FROM session
      JOIN user ON user.user_id = session.user_id
     WHERE session.session_id = :session_id
"""  # noqa: S608 - a constant of our own
_KEY_CALLER = f"""
    SELECT {MEMBER}, :prefix || api_key.api_key_id AS session_id, NULL AS session_expires_at,
           api_key.created_at AS session_created_at, coalesce(api_key.last_used_at, 0) AS last_used_at,
           NULL AS revoked_at, :way AS way, NULL AS elevated_until_at, '' AS app_version, api_key.permissions,
           EXISTS (SELECT 1 FROM user AS claimant WHERE claimant.is_admin = 1) AS is_claimed
      FROM api_key
      JOIN user ON user.user_id = api_key.user_id
"""  # noqa: S608 - a constant of our own
CALLER_BY_KEY = f"{_KEY_CALLER} WHERE api_key.secret_hash = :secret_hash"
CALLER_BY_KEY_ID = f"{_KEY_CALLER} WHERE api_key.api_key_id = :api_key_id"
# A user name may look like somebody else's address: then the address wins, so that nobody can lock its owner out.
BY_NAME = f"""
    SELECT {MEMBER}, user.password_hash
      FROM user
     WHERE user.state <> 'removed' AND (user.username_key = :name_key OR user.email = :email)
     ORDER BY CASE WHEN user.email = :email THEN 0 ELSE 1 END, user.user_id
     LIMIT 1
"""  # noqa: S608 - a constant of our own
BY_ID = f"""
    SELECT {MEMBER}, user.password_hash
      FROM user
     WHERE user.user_id = :user_id AND user.state <> 'removed'
"""  # noqa: S608 - a constant of our own
NAMES = """
    SELECT user_id, username
      FROM user
     WHERE user_id IN (SELECT value FROM json_each(:user_ids))
"""
COUNT_MEMBERS = "SELECT count(user_id) AS members FROM user WHERE state = 'active'"
ADD_MEMBER = """
    INSERT INTO user (user_id, username, username_key, email, is_email_verified, display_name, password_hash, is_admin,
                      sees_all_libraries, expires_at, created_at)
    VALUES (:user_id, :username, :username_key, :email, :is_email_verified, :display_name, :password_hash, :is_admin,
            :sees_all_libraries, :expires_at, :now)
"""
SET_PASSWORD = """
    UPDATE user SET password_hash = :password_hash, must_change_password = 0 WHERE user_id = :user_id
"""  # noqa: S105 - a statement
REPLACE_HASH = """
    UPDATE user SET password_hash = :password_hash WHERE user_id = :user_id AND password_hash = :old_hash
"""

ADD_SESSION = """
    INSERT INTO session (session_id, user_id, way, device_type, device_os, app_version, address, expires_at,
                         created_at, last_used_at)
    VALUES (:session_id, :user_id, :way, :device_type, :device_os, :app_version, :address, :expires_at, :now, :now)
"""
SESSIONS = """
    SELECT session_id, way, device_type, device_os, app_version, address, expires_at, created_at, last_used_at,
           needs_sync_reset
      FROM session
     WHERE user_id = :user_id AND revoked_at IS NULL AND last_used_at >= :used_since
       AND (expires_at IS NULL OR expires_at > :now)
     ORDER BY last_used_at DESC, session_id
"""
DEVICES_OF = "SELECT DISTINCT device_type, device_os FROM session WHERE user_id = :user_id AND revoked_at IS NULL"
# With a session end those that were made from it.
END_SESSION = """
    WITH RECURSIVE ending (session_id) AS (
        SELECT :session_id
         UNION
        SELECT session.session_id
          FROM session
          JOIN ending ON session.parent_session_id = ending.session_id)
    UPDATE session SET revoked_at = :now
     WHERE session_id IN (SELECT ending.session_id FROM ending) AND user_id = :user_id AND revoked_at IS NULL
    RETURNING session_id
"""
END_SESSIONS = """
    UPDATE session SET revoked_at = :now
     WHERE user_id = :user_id AND session_id <> :kept AND revoked_at IS NULL
    RETURNING session_id
"""
USED_SESSION = """
    UPDATE session SET last_used_at = :at WHERE session_id = :session_id AND last_used_at < :at
"""
UPDATE_APP = """
    UPDATE session SET app_version = :app_version, device_type = iif(:device_type = '', device_type, :device_type),
                       device_os = iif(:device_os = '', device_os, :device_os)
     WHERE session_id = :session_id
"""
USED_KEY = """
    UPDATE api_key SET last_used_at = :at
     WHERE api_key_id = :api_key_id AND (last_used_at IS NULL OR last_used_at < :at)
"""
ELEVATE = """
    UPDATE session SET elevated_until_at = :until WHERE session_id = :session_id AND revoked_at IS NULL
"""
SEEN_MEMBER = """
    UPDATE user SET last_seen_at = :at WHERE user_id = :user_id AND (last_seen_at IS NULL OR last_seen_at < :at)
"""
FORGET_SESSIONS = """
    DELETE FROM session
     WHERE revoked_at < :ended_before OR expires_at < :ended_before OR last_used_at < :unused_since
"""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the ways in need him: with the hash of his password."""

    member: Member
    password_hash: str | None


class NewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the table needs him."""

    user_id: str
    username: str
    username_key: str
    display_name: str
    email: str | None = None
    is_email_verified: int = 0
    password_hash: str | None = None
    is_admin: int = 0
    sees_all_libraries: int = 1
    expires_at: int | None = None
    now: int


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A session, or an API key in its place, and its member as one request finds them. Times in ms."""

    member: Member
    session_expires_at: int | None
    session_created_at: int
    last_used_at: int
    revoked_at: int | None
    way: str
    is_claimed: bool
    app_version: str


class Use(msgspec.Struct, frozen=True):
    """A session was used at `at` (ms)."""

    session_id: str
    user_id: str
    at: int


async def household(read: Reader) -> Household | None:
    """The household, or None before the first start has made it."""
    rows = await read(HOUSEHOLD, {})
    if not rows:
        return None
    row = rows[0]
    return Household(
        household_id=row["household_id"],
        machine_id=row["machine_id"],
        name=row["name"],
        accent=row["accent"],
        is_claimed=bool(row["is_claimed"]),
    )


async def add_household(tx: Write, *, household_id: str, machine_id: str, name: str, now: int) -> None:
    await tx.run(ADD_HOUSEHOLD, {"household_id": household_id, "machine_id": machine_id, "name": name, "now": now})


async def name_household(tx: Write, name: str) -> None:
    await tx.run(NAME_HOUSEHOLD, {"name": name})


async def colour_household(tx: Write, accent: int | None) -> None:
    await tx.run(COLOUR_HOUSEHOLD, {"accent": accent})


async def set_host(tx: Write, user_id: str) -> None:
    await tx.run(SET_HOST, {"user_id": user_id})


async def is_claimed(read: Reader) -> bool:
    return bool((await read(IS_CLAIMED, {}))[0]["is_claimed"])


async def asking(read: Reader, session_id: str) -> Asking | None:
    """Who comes with this session, or with the API key that stands in its place; None if it does not exist."""
    if session_id.startswith(KEY_PREFIX):
        key = {"api_key_id": session_id.removeprefix(KEY_PREFIX), "prefix": KEY_PREFIX, "way": KEY_WAY}
        return _asking(await read(CALLER_BY_KEY_ID, key))
    return _asking(await read(CALLER, {"session_id": session_id}))


async def asking_by_key(read: Reader, secret_hash: bytes) -> Asking | None:
    """Who comes with this API key; None if it does not exist."""
    return _asking(await read(CALLER_BY_KEY, {"secret_hash": secret_hash, "prefix": KEY_PREFIX, "way": KEY_WAY}))


def _asking(rows: list[sqlite3.Row]) -> Asking | None:
    if not rows:
        return None
    row = rows[0]
    member = member_of(row, row["session_id"])
    if row["way"] == KEY_WAY:
        words = msgspec.json.decode(row["permissions"], type=tuple[str, ...])
        member = msgspec.structs.replace(member, permissions=words)
    elif row["elevated_until_at"] is not None:
        member = msgspec.structs.replace(member, elevated_until_at=row["elevated_until_at"])
    return Asking(
        member=member,
        session_expires_at=row["session_expires_at"],
        session_created_at=row["session_created_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
        way=row["way"],
        is_claimed=bool(row["is_claimed"]),
        app_version=row["app_version"],
    )


async def known_by_name(read: Reader, *, name_key: str, email: str) -> Known | None:
    return _known(await read(BY_NAME, {"name_key": name_key, "email": email}))


async def known_by_id(read: Reader, user_id: str) -> Known | None:
    return _known(await read(BY_ID, {"user_id": user_id}))


async def names_of(read: Reader, user_ids: Iterable[str]) -> dict[str, str]:
    rows = await read(NAMES, {"user_ids": as_json(user_ids)})
    return {row["user_id"]: row["username"] for row in rows}


async def count_members(read: Reader) -> int:
    return int((await read(COUNT_MEMBERS, {}))[0]["members"])


async def add_member(tx: Write, row: NewRow) -> None:
    """Add a member. Raises sqlite3.IntegrityError when a name is taken."""
    await tx.run(ADD_MEMBER, msgspec.to_builtins(row))


async def set_password(tx: Write, user_id: str, password_hash: str) -> None:
    await tx.run(SET_PASSWORD, {"user_id": user_id, "password_hash": password_hash})


async def replace_hash(tx: Write, user_id: str, *, old_hash: str, password_hash: str) -> None:
    """Keep the same password under a newer hash, unless it was changed meanwhile."""
    await tx.run(REPLACE_HASH, {"user_id": user_id, "old_hash": old_hash, "password_hash": password_hash})


async def add_session(
    tx: Write, *, session_id: str, user_id: str, way: str, device: Device, expires_at: int | None, now: int
) -> None:
    args = {"session_id": session_id, "user_id": user_id, "way": way, "expires_at": expires_at, "now": now}
    await tx.run(ADD_SESSION, args | msgspec.to_builtins(device))


async def sessions(read: Reader, user_id: str, *, used_since: int, now: int) -> list[Session]:
    """The open sessions of a member, the one used last first."""
    rows = await read(SESSIONS, {"user_id": user_id, "used_since": used_since, "now": now})
    return [msgspec.convert(dict(row), Session, strict=False) for row in rows]


async def end_session(tx: Write, session_id: str, *, user_id: str, now: int) -> list[str]:
    """End a member's session and those made from it; the ids of those that ended."""
    rows = await tx.rows(END_SESSION, {"session_id": session_id, "user_id": user_id, "now": now})
    return [row["session_id"] for row in rows]


async def devices_of(read: Reader, user_id: str) -> set[tuple[str, str]]:
    """Kind and system of what a member is signed in with."""
    return {(row["device_type"], row["device_os"]) for row in await read(DEVICES_OF, {"user_id": user_id})}


async def end_sessions(tx: Write, user_id: str, *, kept: str, now: int) -> list[str]:
    """End a member's sessions but for `kept` ("" keeps none); the ids of those that ended."""
    rows = await tx.rows(END_SESSIONS, {"user_id": user_id, "kept": kept, "now": now})
    return [row["session_id"] for row in rows]


async def note_uses(tx: Write, uses: list[Use]) -> None:
    by_key = [use for use in uses if use.session_id.startswith(KEY_PREFIX)]
    await tx.many(USED_SESSION, ({"session_id": use.session_id, "at": use.at} for use in uses if use not in by_key))
    keys = ({"api_key_id": use.session_id.removeprefix(KEY_PREFIX), "at": use.at} for use in by_key)
    await tx.many(USED_KEY, keys)
    await tx.many(SEEN_MEMBER, ({"user_id": use.user_id, "at": use.at} for use in uses))


async def update_app(tx: Write, session_id: str, device: Device) -> None:
    """An app on the same device has another version; of the rest, what is known."""
    args = {"device_type": device.device_type, "device_os": device.device_os, "app_version": device.app_version}
    await tx.run(UPDATE_APP, args | {"session_id": session_id})


async def elevate(tx: Write, session_id: str, *, until: int | None) -> bool:
    """Say until when a session opens what is locked; whether there is such a session."""
    return bool(await tx.run(ELEVATE, {"session_id": session_id, "until": until}))


async def forget_sessions(tx: Write, *, ended_before: int, unused_since: int) -> int:
    """Drop sessions that ended before, or were last used before; how many."""
    return await tx.run(FORGET_SESSIONS, {"ended_before": ended_before, "unused_since": unused_since})


def _known(rows: list[sqlite3.Row]) -> Known | None:
    if not rows:
        return None
    return Known(member=member_of(rows[0], ""), password_hash=rows[0]["password_hash"])


def member_of(row: sqlite3.Row, session_id: str) -> Member:
    return Member(
        user_id=row["user_id"],
        username=row["username"],
        display_name=row["display_name"],
        email=row["email"],
        is_admin=bool(row["is_admin"]),
        state=MemberState(row["state"]),
        sees_all_libraries=bool(row["sees_all_libraries"]),
        session_id=session_id,
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        expires_at=row["expires_at"],
        has_password=bool(row["has_password"]),
        restrictions=_restrictions(row["restrictions"]),
        avatar_color=row["avatar_color"],
        avatar_changed_at=row["avatar_changed_at"],
        must_change_password=bool(row["must_change_password"]),
        is_onboarded=bool(row["is_onboarded"]),
    )


def _restrictions(text: str | None) -> Restrictions:
    return NO_RESTRICTIONS if text is None else msgspec.json.decode(text, type=Restrictions)
