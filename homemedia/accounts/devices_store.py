"""Which devices sign-ins came from."""

from collections.abc import Iterable

from homemedia.accounts.models import Device
from homemedia.core.db import Reader, as_json

DEVICES = """
    SELECT session_id, device_type, device_os, app_version, address
      FROM session
     WHERE session_id IN (SELECT value FROM json_each(:ids))
"""


async def devices(read: Reader, ids: Iterable[str]) -> dict[str, Device]:
    """The devices of sign-ins by session id; those that are gone are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = await read(DEVICES, {"ids": as_json(wanted)})
    return {
        row["session_id"]: Device(
            device_type=row["device_type"],
            device_os=row["device_os"],
            app_version=row["app_version"],
            address=row["address"],
        )
        for row in rows
    }
