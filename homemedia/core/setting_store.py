"""What administrators set at run time: texts by key in the table `setting`; whose key it is knows what they mean."""

from homemedia.core.db import Reader, Write

SETTING = "SELECT value FROM setting WHERE key = :key"
PUT = """
    INSERT INTO setting (key, value, updated_at, updated_by) VALUES (:key, :value, :now, :by)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
        updated_by = excluded.updated_by
"""
DROP = "DELETE FROM setting WHERE key = :key"


async def setting(read: Reader, key: str) -> str | None:
    rows = await read(SETTING, {"key": key})
    return str(rows[0]["value"]) if rows else None


async def put_setting(tx: Write, key: str, value: str | None, *, by: str | None, now: int) -> None:
    """Keep a setting; None forgets it. `by` is the administrator's id, or None for whoever sits at the machine."""
    if value is None:
        await tx.run(DROP, {"key": key})
    else:
        await tx.run(PUT, {"key": key, "value": value, "now": now, "by": by})
