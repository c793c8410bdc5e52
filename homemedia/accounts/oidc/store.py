"""Statements of the outside sign-in: whose account is whose, what was begun, what was used; nothing here decides."""

import sqlite3

import msgspec

from homemedia.accounts.models import Member
from homemedia.accounts.store import MEMBER, member_of
from homemedia.core.db import Reader, Write

BY_IDENTITY = f"""
    SELECT {MEMBER}
      FROM user_identity
      JOIN user ON user.user_id = user_identity.user_id
     WHERE user_identity.issuer = :issuer AND user_identity.subject = :subject AND user.state <> 'removed'
"""  # noqa: S608 - a constant of our own
BY_EMAIL = f"""
    SELECT {MEMBER} FROM user WHERE user.email = :email AND user.state <> 'removed'
"""  # noqa: S608 - a constant of our own
IS_EMAIL_VERIFIED = "SELECT is_email_verified FROM user WHERE user_id = :user_id"
IDENTITIES = """
    SELECT issuer, subject, email, linked_at, last_used_at
      FROM user_identity WHERE user_id = :user_id ORDER BY linked_at, issuer, subject
"""
# A removed member's account at the provider is free again.
LINK = """
    INSERT INTO user_identity (issuer, subject, user_id, email, linked_at, last_used_at)
    VALUES (:issuer, :subject, :user_id, :email, :now, NULL)
    ON CONFLICT (issuer, subject) DO UPDATE
       SET user_id = excluded.user_id, email = excluded.email, linked_at = excluded.linked_at, last_used_at = NULL
     WHERE (SELECT user.state FROM user WHERE user.user_id = user_identity.user_id) = 'removed'
        OR user_identity.user_id = excluded.user_id
    RETURNING user_id
"""
UNLINK = "DELETE FROM user_identity WHERE user_id = :user_id"
USED = """
    UPDATE user_identity SET last_used_at = :now, email = :email WHERE issuer = :issuer AND subject = :subject
"""
FURNISH = """
    UPDATE user SET quota_bytes = coalesce(:quota_bytes, quota_bytes), storage_label = :storage_label
     WHERE user_id = :user_id
"""

BEGIN = """
    INSERT INTO challenge (challenge_hash, kind, subject, data, created_at, expires_at)
    VALUES (:challenge_hash, 'oidc', 'state', :data, :now, :expires_at)
"""
# The one statement that takes a state: whoever comes second with it finds nothing.
TAKE = """
    DELETE FROM challenge
     WHERE challenge_hash = :challenge_hash AND kind = 'oidc' AND subject = 'state'
    RETURNING data, expires_at
"""
LOOK = """
    SELECT data, expires_at FROM challenge
     WHERE challenge_hash = :challenge_hash AND kind = 'oidc' AND subject = 'state'
"""
REMEMBER = """
    INSERT INTO challenge (challenge_hash, kind, subject, created_at, expires_at)
    VALUES (:challenge_hash, 'oidc', 'token', :now, :expires_at)
    ON CONFLICT (challenge_hash) DO NOTHING
    RETURNING challenge_hash
"""

NOTE_SID = "UPDATE session SET provider_sid = :provider_sid WHERE session_id = :session_id"
SESSIONS_OF = """
    SELECT session.session_id, session.user_id
      FROM user_identity
      JOIN session ON session.user_id = user_identity.user_id
     WHERE user_identity.issuer = :issuer AND user_identity.subject = :subject
       AND session.way = 'oidc' AND session.revoked_at IS NULL
"""
SESSIONS_BY_SID = """
    SELECT session_id, user_id FROM session
     WHERE provider_sid = :provider_sid AND way = 'oidc' AND revoked_at IS NULL
"""


class LinkedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account at a provider that belongs to a member. Times in ms."""

    issuer: str
    subject: str
    email: str | None
    linked_at: int
    last_used_at: int | None


class OpenSession(msgspec.Struct, frozen=True):
    session_id: str
    user_id: str


async def by_identity(read: Reader, issuer: str, subject: str) -> Member | None:
    return _member(await read(BY_IDENTITY, {"issuer": issuer, "subject": subject}))


async def by_email(read: Reader, email: str) -> Member | None:
    return _member(await read(BY_EMAIL, {"email": email}))


async def is_email_verified(read: Reader, user_id: str) -> bool:
    """Whether somebody other than a member vouches for his address."""
    rows = await read(IS_EMAIL_VERIFIED, {"user_id": user_id})
    return bool(rows) and bool(rows[0]["is_email_verified"])


async def linked_accounts(read: Reader, user_id: str) -> list[LinkedAccount]:
    return [LinkedAccount(**dict(row)) for row in await read(IDENTITIES, {"user_id": user_id})]


async def link(tx: Write, *, issuer: str, subject: str, user_id: str, email: str | None, now: int) -> bool:
    """Let an account at a provider be a member's; False when it is somebody else's."""
    args = {"issuer": issuer, "subject": subject, "user_id": user_id, "email": email, "now": now}
    return bool(await tx.rows(LINK, args))


async def unlink(tx: Write, user_id: str) -> None:
    await tx.run(UNLINK, {"user_id": user_id})


async def used(tx: Write, *, issuer: str, subject: str, email: str | None, now: int) -> None:
    await tx.run(USED, {"issuer": issuer, "subject": subject, "email": email, "now": now})


async def furnish(tx: Write, user_id: str, *, quota_bytes: int | None, storage_label: str | None) -> None:
    await tx.run(FURNISH, {"user_id": user_id, "quota_bytes": quota_bytes, "storage_label": storage_label})


async def begin(tx: Write, challenge_hash: bytes, data: str, *, now: int, expires_at: int) -> None:
    await tx.run(BEGIN, {"challenge_hash": challenge_hash, "data": data, "now": now, "expires_at": expires_at})


async def take(tx: Write, challenge_hash: bytes) -> tuple[str, int] | None:
    """What was begun under a state and until when it may be finished; it is gone afterwards."""
    return _begun(await tx.rows(TAKE, {"challenge_hash": challenge_hash}))


async def look(read: Reader, challenge_hash: bytes) -> tuple[str, int] | None:
    return _begun(await read(LOOK, {"challenge_hash": challenge_hash}))


async def remember(tx: Write, challenge_hash: bytes, *, now: int, expires_at: int) -> bool:
    """Remember a token until it expires; False when it was used before."""
    return bool(await tx.rows(REMEMBER, {"challenge_hash": challenge_hash, "now": now, "expires_at": expires_at}))


async def note_sid(tx: Write, session_id: str, provider_sid: str) -> None:
    await tx.run(NOTE_SID, {"session_id": session_id, "provider_sid": provider_sid})


async def sessions_of(read: Reader, issuer: str, subject: str) -> list[OpenSession]:
    """The open sessions that an account at the provider opened."""
    return [OpenSession(*row) for row in await read(SESSIONS_OF, {"issuer": issuer, "subject": subject})]


async def sessions_by_sid(read: Reader, provider_sid: str) -> list[OpenSession]:
    return [OpenSession(*row) for row in await read(SESSIONS_BY_SID, {"provider_sid": provider_sid})]


def _member(rows: list[sqlite3.Row]) -> Member | None:
    return member_of(rows[0], "") if rows else None


def _begun(rows: list[sqlite3.Row]) -> tuple[str, int] | None:
    return (str(rows[0]["data"]), int(rows[0]["expires_at"])) if rows else None
