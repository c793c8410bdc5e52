"""Statements on API keys; what the guard asks of them stands in `accounts.store`."""

import sqlite3

import msgspec

from homemedia.core.db import Reader, Write

_COLUMNS = "api_key_id, user_id, name, permissions, created_at, updated_at, last_used_at"
KEYS = f"SELECT {_COLUMNS} FROM api_key WHERE user_id = :user_id ORDER BY created_at DESC, api_key_id"  # noqa: S608
KEY = f"SELECT {_COLUMNS} FROM api_key WHERE api_key_id = :api_key_id AND user_id = :user_id"  # noqa: S608
COUNT = "SELECT count(api_key_id) AS keys FROM api_key WHERE user_id = :user_id"
ADD = """
    INSERT INTO api_key (api_key_id, user_id, name, secret_hash, permissions, created_at, updated_at)
    VALUES (:api_key_id, :user_id, :name, :secret_hash, :permissions, :now, :now)
"""
CHANGE = """
    UPDATE api_key SET name = :name, permissions = :permissions, updated_at = :now
     WHERE api_key_id = :api_key_id AND user_id = :user_id
"""
ROTATE = """
    UPDATE api_key SET secret_hash = :secret_hash, updated_at = :now, last_used_at = NULL
     WHERE api_key_id = :api_key_id AND user_id = :user_id
"""
REMOVE = "DELETE FROM api_key WHERE api_key_id = :api_key_id AND user_id = :user_id"


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key without its secret. Times in ms."""

    api_key_id: str
    user_id: str
    name: str
    permissions: tuple[str, ...]
    created_at: int
    updated_at: int
    last_used_at: int | None


async def keys(read: Reader, user_id: str) -> list[ApiKey]:
    """A member's keys, the newest first."""
    return [_key(row) for row in await read(KEYS, {"user_id": user_id})]


async def key(read: Reader, api_key_id: str, user_id: str) -> ApiKey | None:
    rows = await read(KEY, {"api_key_id": api_key_id, "user_id": user_id})
    return _key(rows[0]) if rows else None


async def count(read: Reader, user_id: str) -> int:
    return int((await read(COUNT, {"user_id": user_id}))[0]["keys"])


async def add(tx: Write, one: ApiKey, secret_hash: bytes) -> None:
    await tx.run(
        ADD,
        {
            "api_key_id": one.api_key_id,
            "user_id": one.user_id,
            "name": one.name,
            "secret_hash": secret_hash,
            "permissions": _words(one),
            "now": one.created_at,
        },
    )


async def change(tx: Write, one: ApiKey) -> None:
    """Write down name and words as they are from now on."""
    args = {"api_key_id": one.api_key_id, "user_id": one.user_id, "name": one.name, "now": one.updated_at}
    await tx.run(CHANGE, args | {"permissions": _words(one)})


async def rotate(tx: Write, one: ApiKey, secret_hash: bytes) -> None:
    args = {"api_key_id": one.api_key_id, "user_id": one.user_id, "now": one.updated_at}
    await tx.run(ROTATE, args | {"secret_hash": secret_hash})


async def remove(tx: Write, api_key_id: str, user_id: str) -> bool:
    """Drop a key; whether there was one."""
    return bool(await tx.run(REMOVE, {"api_key_id": api_key_id, "user_id": user_id}))


def _words(one: ApiKey) -> str:
    return msgspec.json.encode(one.permissions).decode()


def _key(row: sqlite3.Row) -> ApiKey:
    found = dict(row)
    found["permissions"] = msgspec.json.decode(found["permissions"])
    return msgspec.convert(found, ApiKey)
