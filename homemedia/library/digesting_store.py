"""The statements on hashes of whole files."""

import sqlite3

from homemedia.core.db import Reader, Write
from homemedia.core.digests import Digests

# In the order of the paths: the disk lies so, and the index that answers it is there anyway.
UNDIGESTED = """
    SELECT file_id, path, mtime_ns FROM file
     WHERE root_id = :root_id AND path > :after AND sha1 IS NULL AND kind IN ('photo', 'video')
           AND missing_since_at IS NULL
     ORDER BY path LIMIT :limit
"""
# Not of a file that was written again while it was read.
ENTER = """
    UPDATE file SET sha1 = :sha1, sha256 = :sha256, quick_hash = :quick_hash
     WHERE file_id = :file_id AND mtime_ns = :mtime_ns AND size_bytes = :size_bytes
"""


async def undigested(read: Reader, root_id: int, after: str, limit: int) -> list[sqlite3.Row]:
    """Pictures and videos of a root that were not read whole, behind a path: file_id, path, mtime_ns."""
    return await read(UNDIGESTED, {"root_id": root_id, "after": after, "limit": limit})


async def enter(tx: Write, file_id: int, mtime_ns: int, digests: Digests) -> bool:
    """Write down a file's hashes; False when it is another by now."""
    args = {
        "file_id": file_id,
        "mtime_ns": mtime_ns,
        "size_bytes": digests.size_bytes,
        "sha1": digests.sha1.hex(),
        "sha256": digests.sha256,
        "quick_hash": digests.quick_hash,
    }
    return await tx.run(ENTER, args) > 0
