"""SQL of the versions that used this database. Decides nothing."""

import msgspec

from homemedia.core.db import Reader

LAST_VERSIONS = """
    SELECT version, began_at, copy FROM program_version ORDER BY began_at DESC, version DESC LIMIT 2
"""


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """A version that used this database. `copy`: the one that was made before it changed the schema; time in ms."""

    version: str
    began_at: int
    copy: str | None


async def last_versions(read: Reader) -> list[Used]:
    """This version and the one before, where there was one."""
    return [Used(**dict(row)) for row in await read(LAST_VERSIONS, {})]
