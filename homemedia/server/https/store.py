"""SQL of the one switch."""

from homemedia.core.db import Reader, Write

KEY = "server.https"
SWITCH = "SELECT value FROM setting WHERE key = :key"
PUT_SWITCH = """
    INSERT INTO setting (key, value, updated_at, updated_by) VALUES (:key, :value, :now, :user_id)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
                                    updated_by = excluded.updated_by
"""


async def is_on(read: Reader) -> bool:
    """Whether an administrator switched HTTPS on."""
    rows = await read(SWITCH, {"key": KEY})
    return bool(rows) and rows[0]["value"] == "on"


async def switch(tx: Write, *, is_on: bool, now: int, user_id: str) -> None:
    await tx.run(PUT_SWITCH, {"key": KEY, "value": "on" if is_on else "off", "now": now, "user_id": user_id})
