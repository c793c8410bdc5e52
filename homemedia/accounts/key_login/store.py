"""Statements on challenges to sign, keys of members and refresh tokens; nothing here decides."""

import msgspec

from homemedia.core.db import Reader, Write

# Challenges

DROP_EXPIRED = "DELETE FROM challenge WHERE kind = 'key' AND expires_at <= :now"
COUNT_OPEN = "SELECT count(*) AS open FROM challenge WHERE kind = 'key'"
KEEP_NEWEST = """
    DELETE FROM challenge
     WHERE kind = 'key' AND subject = :public_key AND challenge_hash NOT IN (
         SELECT newest.challenge_hash FROM challenge AS newest
          WHERE newest.kind = 'key' AND newest.subject = :public_key
          ORDER BY newest.created_at DESC
          LIMIT :kept)
"""
ADD_CHALLENGE = """
    INSERT INTO challenge (challenge_hash, kind, subject, address, data, created_at, expires_at)
    VALUES (:challenge_hash, 'key', :public_key, :address, :data, :now, :expires_at)
"""
# Gone before anybody looks at the signature: whatever comes with it a second time finds nothing.
CONSUME = """
    DELETE FROM challenge
     WHERE challenge_hash = :challenge_hash AND kind = 'key' AND subject = :public_key AND expires_at > :now
    RETURNING data
"""

# Keys of members

OWNER = "SELECT user_id FROM user_key WHERE public_key = :public_key"
ADD_KEY = """
    INSERT INTO user_key (public_key, user_id, label, created_at, last_used_at)
    VALUES (:public_key, :user_id, :label, :now, :now)
"""
USED_KEY = "UPDATE user_key SET last_used_at = :now WHERE public_key = :public_key"
KEYS_OF = """
    SELECT public_key, label, created_at, last_used_at
      FROM user_key
     WHERE user_id = :user_id
     ORDER BY created_at, public_key
"""
DROP_KEY = "DELETE FROM user_key WHERE public_key = :public_key AND user_id = :user_id RETURNING public_key"

# Members who wait

COUNT_WAITING = "SELECT count(*) AS waiting FROM user WHERE state = 'pending' AND pending_for = 'approval'"
ADD_WAITING = """
    INSERT INTO user (user_id, username, username_key, display_name, is_admin, state, pending_for, created_at,
                      updated_at)
    VALUES (:user_id, :username, :username_key, :display_name, 0, 'pending', 'approval', :now, :now)
"""

WAITING = """
    SELECT user.username, user.created_at,
           coalesce((SELECT user_key.label FROM user_key WHERE user_key.user_id = user.user_id LIMIT 1), '') AS label
      FROM user
     WHERE user.state = 'pending' AND user.pending_for = 'approval'
     ORDER BY user.created_at, user.username
"""
APPROVE = """
    UPDATE user SET state = 'active', pending_for = NULL, updated_at = :now
     WHERE username_key = :username_key AND state = 'pending' AND pending_for = 'approval'
    RETURNING user_id, username
"""

# Sessions and their refresh tokens

SESSIONS_BY_KEY = """
    SELECT session_id FROM session
     WHERE user_id = :user_id AND way = 'key' AND session_id <> :kept AND revoked_at IS NULL
"""
SLIDE_SESSION = """
    UPDATE session SET last_used_at = :now, expires_at = :expires_at WHERE session_id = :session_id
"""
ADD_REFRESH = """
    INSERT INTO refresh_token (jti_hash, session_id, issued_at, expires_at)
    VALUES (:jti_hash, :session_id, :now, :expires_at)
"""
REFRESH = """
    SELECT refresh_token.used_at, refresh_token.expires_at, refresh_token.successor,
           next.used_at IS NULL AND next.jti_hash IS NOT NULL AS has_fresh_successor
      FROM refresh_token
      LEFT JOIN refresh_token AS next ON next.jti_hash = refresh_token.successor
     WHERE refresh_token.jti_hash = :jti_hash AND refresh_token.session_id = :session_id
"""
USE_REFRESH = """
    UPDATE refresh_token SET used_at = coalesce(used_at, :now), successor = :successor WHERE jti_hash = :jti_hash
"""
DROP_OLD_REFRESH = "DELETE FROM refresh_token WHERE session_id = :session_id AND expires_at <= :now"

# What a member is told of himself

ACCOUNT = """
    SELECT user.quota_bytes, user.used_bytes,
           (SELECT max(session.created_at) FROM session WHERE session.user_id = user.user_id) AS last_login_at
      FROM user
     WHERE user.user_id = :user_id
"""


class OwnKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a member; `label` is the e-mail address its owner named, or "". Times in ms."""

    public_key: str
    label: str
    created_at: int
    last_used_at: int | None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who waits to be let in since `created_at` (ms); `label` as of his key."""

    username: str
    created_at: int
    label: str


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """A refresh token as the table knows it. `successor` is a hash; times in ms."""

    used_at: int | None
    expires_at: int
    successor: bytes | None
    has_fresh_successor: bool


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Room a member has and takes, in bytes (None for no limit); when he last signed in, in ms."""

    quota_bytes: int | None
    used_bytes: int
    last_login_at: int | None


async def add_challenge(
    tx: Write, challenge_hash: bytes, *, public_key: str, address: str, data: str, expires_at: int, now: int, kept: int
) -> None:
    """Add a challenge; of the older ones of this key only the newest `kept` stay open."""
    await tx.run(KEEP_NEWEST, {"public_key": public_key, "kept": kept})
    args = {"challenge_hash": challenge_hash, "public_key": public_key, "address": address, "data": data}
    await tx.run(ADD_CHALLENGE, args | {"now": now, "expires_at": expires_at})


async def open_challenges(tx: Write, now: int) -> int:
    """How many challenges wait to be signed; those past their end are dropped."""
    await tx.run(DROP_EXPIRED, {"now": now})
    return int((await tx.rows(COUNT_OPEN))[0]["open"])


async def consume(tx: Write, challenge_hash: bytes, *, public_key: str, now: int) -> str | None:
    """Take a challenge away for good; what was kept with it, or None when there is none for this key."""
    rows = await tx.rows(CONSUME, {"challenge_hash": challenge_hash, "public_key": public_key, "now": now})
    return str(rows[0]["data"]) if rows else None


async def owner(read: Reader, public_key: str) -> str | None:
    rows = await read(OWNER, {"public_key": public_key})
    return rows[0]["user_id"] if rows else None


async def add_key(tx: Write, public_key: str, user_id: str, *, label: str, now: int) -> None:
    await tx.run(ADD_KEY, {"public_key": public_key, "user_id": user_id, "label": label, "now": now})


async def note_key_use(tx: Write, public_key: str, *, now: int) -> None:
    await tx.run(USED_KEY, {"public_key": public_key, "now": now})


async def keys_of(read: Reader, user_id: str) -> list[OwnKey]:
    """The keys of a member, the oldest first."""
    return [msgspec.convert(dict(row), OwnKey) for row in await read(KEYS_OF, {"user_id": user_id})]


async def drop_key(tx: Write, public_key: str, user_id: str) -> bool:
    """Drop a member's key; whether he had it."""
    return bool(await tx.rows(DROP_KEY, {"public_key": public_key, "user_id": user_id}))


async def count_waiting(read: Reader) -> int:
    return int((await read(COUNT_WAITING, {}))[0]["waiting"])


async def add_waiting(tx: Write, *, user_id: str, username: str, username_key: str, now: int) -> None:
    args = {"user_id": user_id, "username": username, "username_key": username_key, "display_name": username}
    await tx.run(ADD_WAITING, args | {"now": now})


async def waiting(read: Reader) -> list[Waiting]:
    """Who waits for an approval, the first one first."""
    return [msgspec.convert(dict(row), Waiting) for row in await read(WAITING, {})]


async def approve(tx: Write, username_key: str, *, now: int) -> tuple[str, str] | None:
    """Let somebody in who waits; id and user name, or None when nobody of this name waits."""
    found = await tx.rows(APPROVE, {"username_key": username_key, "now": now})
    return (found[0]["user_id"], found[0]["username"]) if found else None


async def sessions_by_key(tx: Write, user_id: str, *, kept: str) -> list[str]:
    """The open sessions of a member that were made by a key, but for `kept`."""
    rows = await tx.rows(SESSIONS_BY_KEY, {"user_id": user_id, "kept": kept})
    return [row["session_id"] for row in rows]


async def slide_session(tx: Write, session_id: str, *, expires_at: int, now: int) -> None:
    """A session was renewed just now, and ends at `expires_at` unless it is renewed again."""
    await tx.run(SLIDE_SESSION, {"session_id": session_id, "expires_at": expires_at, "now": now})


async def add_refresh(tx: Write, jti_hash: bytes, session_id: str, *, expires_at: int, now: int) -> None:
    """Write down a refresh token that was issued; the session's expired ones are dropped."""
    await tx.run(DROP_OLD_REFRESH, {"session_id": session_id, "now": now})
    args = {"jti_hash": jti_hash, "session_id": session_id, "expires_at": expires_at, "now": now}
    await tx.run(ADD_REFRESH, args)


async def refresh(read: Reader, jti_hash: bytes, session_id: str) -> Refresh | None:
    rows = await read(REFRESH, {"jti_hash": jti_hash, "session_id": session_id})
    if not rows:
        return None
    row = rows[0]
    return Refresh(
        used_at=row["used_at"],
        expires_at=row["expires_at"],
        successor=row["successor"],
        has_fresh_successor=bool(row["has_fresh_successor"]),
    )


async def use_refresh(tx: Write, jti_hash: bytes, *, successor: bytes, now: int) -> None:
    """Mark a refresh token as used, the first time if it was before, and name what follows it now."""
    await tx.run(USE_REFRESH, {"jti_hash": jti_hash, "successor": successor, "now": now})


async def account(read: Reader, user_id: str) -> Account:
    return msgspec.convert(dict((await read(ACCOUNT, {"user_id": user_id}))[0]), Account)
