"""Statements on invites; nothing here decides."""

import sqlite3
from typing import Any

import msgspec

from homemedia.accounts.restrictions import RestrictionsBody
from homemedia.core.db import Reader, Write

_INVITE = """
    invite.invite_id, invite.code, invite.is_standing, invite.label, invite.libraries, invite.restriction,
    invite.max_uses, invite.use_count, invite.created_by, invite.created_at, invite.expires_at,
    invite.account_expires_ms, invite.revoked_at,
    (SELECT user.display_name FROM user WHERE user.user_id = invite.created_by) AS invited_by,
    (SELECT max(invite_use.used_at) FROM invite_use WHERE invite_use.invite_id = invite.invite_id) AS last_used_at,
    (SELECT json_group_array(json_object('id', invite_use.user_id, 'username', coalesce(user.username, '')))
       FROM invite_use
       LEFT JOIN user ON user.user_id = invite_use.user_id
      WHERE invite_use.invite_id = invite.invite_id) AS accepted_by
"""
ADD = """
    INSERT INTO invite (invite_id, token_hash, code, is_standing, label, libraries, restriction, max_uses, created_by,
                        created_at, expires_at, account_expires_ms)
    VALUES (:invite_id, :token_hash, :code, :is_standing, :label, :libraries, :restriction, :max_uses, :created_by,
            :now, :expires_at, :account_expires_ms)
"""
BY_TOKEN = f"SELECT {_INVITE} FROM invite WHERE invite.token_hash = :token_hash"  # noqa: S608 - a constant of our own
BY_CODE = f"SELECT {_INVITE} FROM invite WHERE invite.code = :code"  # noqa: S608 - a constant of our own
BY_ID = f"SELECT {_INVITE} FROM invite WHERE invite.invite_id = :invite_id"  # noqa: S608 - a constant of our own
STANDING = f"""
    SELECT {_INVITE} FROM invite WHERE invite.is_standing = 1 AND invite.revoked_at IS NULL
"""  # noqa: S608 - a constant of our own
LISTED = f"""
    SELECT {_INVITE} FROM invite WHERE invite.is_standing = 0 ORDER BY invite.created_at DESC, invite.invite_id
"""  # noqa: S608 - a constant of our own
REVOKE = "UPDATE invite SET revoked_at = coalesce(revoked_at, :now) WHERE invite_id = :invite_id"
# The one statement that takes a use: of many at once exactly as many pass as there are uses left.
USE = """
    UPDATE invite SET use_count = use_count + 1
     WHERE invite_id = :invite_id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
       AND (max_uses IS NULL OR use_count < max_uses)
    RETURNING invite_id
"""
NOTE_USE = "INSERT INTO invite_use (invite_id, user_id, used_at) VALUES (:invite_id, :user_id, :now)"


class AcceptedBy(msgspec.Struct, frozen=True):
    id: str
    username: str


class Invite(msgspec.Struct, frozen=True, kw_only=True):
    """An invite without its secret. Times in ms; `libraries` "all" or ids."""

    invite_id: str
    code: str | None
    is_standing: bool
    label: str
    libraries: Any
    restrictions: RestrictionsBody | None
    max_uses: int | None
    use_count: int
    created_by: str | None
    created_at: int
    expires_at: int | None
    account_expires_ms: int | None
    revoked_at: int | None
    invited_by: str | None
    last_used_at: int | None
    accepted_by: list[AcceptedBy]


class NewRow(msgspec.Struct, frozen=True, kw_only=True):
    """An invite as the table needs it: with the hash of a token, or as the standing one with a readable code."""

    invite_id: str
    token_hash: bytes | None
    code: str | None
    is_standing: int
    label: str = ""
    libraries: str = '"all"'
    restriction: str | None = None
    max_uses: int | None = None
    created_by: str
    now: int
    expires_at: int | None = None
    account_expires_ms: int | None = None


async def add(tx: Write, row: NewRow) -> None:
    await tx.run(ADD, {name: getattr(row, name) for name in NewRow.__struct_fields__})


async def by_token(read: Reader, token_hash: bytes) -> Invite | None:
    return _one(await read(BY_TOKEN, {"token_hash": token_hash}))


async def by_code(read: Reader, code: str) -> Invite | None:
    return _one(await read(BY_CODE, {"code": code}))


async def by_id(read: Reader, invite_id: str) -> Invite | None:
    return _one(await read(BY_ID, {"invite_id": invite_id}))


async def standing(read: Reader) -> Invite | None:
    """The household's standing invite that holds; None before somebody asked for it."""
    return _one(await read(STANDING, {}))


async def listed(read: Reader) -> list[Invite]:
    """All but the standing ones, newest first."""
    return [_invite(row) for row in await read(LISTED, {})]


async def revoke(tx: Write, invite_id: str, *, now: int) -> None:
    """End an invite; one that was ended keeps its time."""
    await tx.run(REVOKE, {"invite_id": invite_id, "now": now})


async def use(tx: Write, invite_id: str, *, now: int) -> bool:
    """Take one use; False when none is left or the invite is over."""
    return bool(await tx.rows(USE, {"invite_id": invite_id, "now": now}))


async def note_use(tx: Write, invite_id: str, user_id: str, *, now: int) -> None:
    await tx.run(NOTE_USE, {"invite_id": invite_id, "user_id": user_id, "now": now})


def _one(rows: list[sqlite3.Row]) -> Invite | None:
    return _invite(rows[0]) if rows else None


def _invite(row: sqlite3.Row) -> Invite:
    text = row["restriction"]
    return Invite(
        invite_id=row["invite_id"],
        code=row["code"],
        is_standing=bool(row["is_standing"]),
        label=row["label"],
        libraries=msgspec.json.decode(row["libraries"]),
        restrictions=None if text is None else msgspec.json.decode(text, type=RestrictionsBody),
        max_uses=row["max_uses"],
        use_count=row["use_count"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        account_expires_ms=row["account_expires_ms"],
        revoked_at=row["revoked_at"],
        invited_by=row["invited_by"],
        last_used_at=row["last_used_at"],
        accepted_by=msgspec.json.decode(row["accepted_by"], type=list[AcceptedBy]),
    )
