"""SQL of devices that wait to be let in: rows of kind 'pairing' in the table of challenges.

`challenge_hash` is the hash of the device's secret, `subject` that of the code on its screen.
"""

import sqlite3
from typing import Literal

import msgspec

from homemedia.core.db import Reader, Write

State = Literal["waiting", "confirmed", "refused"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a device that asks, as JSON in `data`.

    Attributes:
        by_session_id: the session of who confirmed; what it may not do, the device may not either.
        is_trusted: whether who confirmed, an administrator, gave the device his rights as one.
    """

    device_type: str
    device_os: str
    state: State = "waiting"
    by_session_id: str = ""
    is_trusted: bool = False


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A device that asks; times in ms since 1970 UTC."""

    address: str
    asked: Asked
    created_at: int
    expires_at: int


ADD = """
    INSERT INTO challenge (challenge_hash, kind, subject, address, data, created_at, expires_at)
    VALUES (:secret_hash, 'pairing', :code_hash, :address, :data, :now, :expires_at)
"""
# The rows of an address are few: each address may begin a few an hour, and they are swept with every new one.
COUNT_OPEN = """
    SELECT count(*) AS open, coalesce(max(subject = :code_hash), 0) AS is_taken
      FROM challenge
     WHERE kind = 'pairing' AND expires_at > :now
"""
SWEEP = "DELETE FROM challenge WHERE kind = 'pairing' AND expires_at <= :before"
BY_CODE = """
    SELECT address, data, created_at, expires_at
      FROM challenge
     WHERE kind = 'pairing' AND subject = :code_hash AND expires_at > :now
"""
FOR_DEVICE = """
    SELECT address, data, created_at, expires_at
      FROM challenge
     WHERE kind = 'pairing' AND challenge_hash = :secret_hash
"""
# Of two who decide at once, one wins.
DECIDE = """
    UPDATE challenge
       SET data = :data
     WHERE kind = 'pairing' AND subject = :code_hash AND expires_at > :now
       AND json_extract(data, '$.state') = 'waiting'
"""
TAKE = """
    DELETE FROM challenge
     WHERE kind = 'pairing' AND challenge_hash = :secret_hash
 RETURNING address, data, created_at, expires_at
"""


async def add(
    tx: Write, *, secret_hash: bytes, code_hash: str, address: str, asked: Asked, now: int, expires_at: int
) -> None:
    await tx.run(
        ADD,
        {
            "secret_hash": secret_hash,
            "code_hash": code_hash,
            "address": address,
            "data": msgspec.json.encode(asked).decode(),
            "now": now,
            "expires_at": expires_at,
        },
    )


async def count_open(tx: Write, code_hash: str, now: int) -> tuple[int, bool]:
    """How many devices wait, and whether one of them shows this code."""
    (row,) = await tx.rows(COUNT_OPEN, {"code_hash": code_hash, "now": now})
    return row["open"], bool(row["is_taken"])


async def sweep(tx: Write, before: int) -> None:
    await tx.run(SWEEP, {"before": before})


async def by_code(read: Reader, code_hash: str, now: int) -> Waiting | None:
    return _first(await read(BY_CODE, {"code_hash": code_hash, "now": now}))


async def by_secret(read: Reader, secret_hash: bytes) -> Waiting | None:
    return _first(await read(FOR_DEVICE, {"secret_hash": secret_hash}))


async def decide(tx: Write, code_hash: str, asked: Asked, now: int) -> bool:
    """Write down what was decided; False when somebody else was quicker, or its time is over."""
    data = msgspec.json.encode(asked).decode()
    return bool(await tx.run(DECIDE, {"code_hash": code_hash, "data": data, "now": now}))


async def take(tx: Write, secret_hash: bytes) -> Waiting | None:
    """The row, which is gone by then: what was decided is handed out once."""
    return _first(await tx.rows(TAKE, {"secret_hash": secret_hash}))


def _first(rows: list[sqlite3.Row]) -> Waiting | None:
    if not rows:
        return None
    row = rows[0]
    return Waiting(
        address=row["address"],
        asked=msgspec.json.decode(row["data"], type=Asked),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )
