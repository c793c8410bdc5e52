"""Statements on which downloader the household uses; nothing here decides."""

from homemedia.core.db import Reader, Write
from homemedia.core.setting_store import put_setting, setting

# Present while an administrator has agreed to it.
ENABLED = "clips.provider"
ACTIVE = "SELECT download_provider FROM household WHERE only = 1"
ACTIVATE = "UPDATE household SET download_provider = :provider WHERE only = 1"


async def enabled(read: Reader) -> str | None:
    return await setting(read, ENABLED)


async def active(read: Reader) -> str | None:
    rows = await read(ACTIVE, {})
    return rows[0]["download_provider"] if rows else None


async def enable(tx: Write, provider: str | None, *, by: str, now: int) -> None:
    await put_setting(tx, ENABLED, provider, by=by, now=now)


async def activate(tx: Write, provider: str | None) -> None:
    await tx.run(ACTIVATE, {"provider": provider})
