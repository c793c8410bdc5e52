"""The one switch, in the table of settings."""

from homemedia.core.db import Reader, Write
from homemedia.core.setting_store import put_setting, setting

KEY = "server.https"


async def is_on(read: Reader) -> bool:
    """Whether an administrator switched HTTPS on."""
    return await setting(read, KEY) == "on"


async def switch(tx: Write, *, is_on: bool, now: int, user_id: str) -> None:
    await put_setting(tx, KEY, "on" if is_on else "off", by=user_id, now=now)
