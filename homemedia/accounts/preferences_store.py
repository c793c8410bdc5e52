"""Documents of preferences, one for each area."""

from homemedia.core.db import Reader, Write

DOCUMENT = "SELECT document FROM preference WHERE user_id = :user_id AND area = :area"
KEEP = """
    INSERT INTO preference (user_id, area, document) VALUES (:user_id, :area, :document)
    ON CONFLICT (user_id, area) DO UPDATE SET document = excluded.document
"""


async def document(read: Reader, user_id: str, area: str) -> str | None:
    rows = await read(DOCUMENT, {"user_id": user_id, "area": area})
    return rows[0]["document"] if rows else None


async def keep(tx: Write, user_id: str, area: str, text: str) -> None:
    await tx.run(KEEP, {"user_id": user_id, "area": area, "document": text})
