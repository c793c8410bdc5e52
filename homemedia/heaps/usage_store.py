"""SQL of what a member's heaps hold."""

from collections.abc import Iterable

from homemedia.accounts.key_login.usage import HeapUse
from homemedia.core.db import Reader, as_json

BLOCKS = """
    SELECT count(DISTINCT heap.heap_id) AS heaps, count(block.block_id) AS blocks,
           coalesce(sum(block_doc.size_bytes), 0) AS document_bytes
      FROM heap
      LEFT JOIN block ON block.heap_id = heap.heap_id
      LEFT JOIN block_doc ON block_doc.block_id = block.block_id
     WHERE heap.owner_id = :user_id AND heap.deleted_at IS NULL
"""
FILES = """
    SELECT count(*) AS files, coalesce(sum(CASE WHEN kept THEN 0 ELSE size_bytes END), 0) AS trash_bytes
      FROM (SELECT file.size_bytes, max(block.block_id IS NULL OR block.deleted_at IS NULL) AS kept
              FROM block_file
              JOIN file ON file.file_id = block_file.file_id
              LEFT JOIN block ON block.block_id = block_file.block_id
             WHERE block_file.user_id = :user_id GROUP BY block_file.hash)
"""
UPLOADS = "SELECT coalesce(sum(size_bytes), 0) AS bytes FROM upload WHERE user_id = :user_id AND status <> 'failed'"

# Only of owners who have a quota.
OWNERS = """
    SELECT heap.heap_id, heap.owner_id FROM json_each(:heap_ids) AS wanted
      JOIN heap ON heap.heap_id = wanted.value
      JOIN user ON user.user_id = heap.owner_id AND user.quota_bytes IS NOT NULL
"""
IS_FULL = """
    SELECT user.quota_bytes IS NOT NULL AND user.quota_bytes <= user.used_bytes + (
               SELECT coalesce(sum(block_doc.size_bytes), 0)
                 FROM heap JOIN block ON block.heap_id = heap.heap_id
                 JOIN block_doc ON block_doc.block_id = block.block_id
                WHERE heap.owner_id = user.user_id
           ) AS is_full
      FROM user WHERE user.user_id = :user_id
"""


async def owners(read: Reader, heap_ids: Iterable[str]) -> dict[str, str]:
    """Owners of heaps, where they have a quota."""
    return {row["heap_id"]: row["owner_id"] for row in await read(OWNERS, {"heap_ids": as_json(heap_ids)})}


async def is_full(read: Reader, user_id: str) -> bool:
    """Whether a member's files and documents reach his quota."""
    rows = await read(IS_FULL, {"user_id": user_id})
    return bool(rows and rows[0]["is_full"])


async def of(read: Reader, user_id: str) -> HeapUse:
    """What a member's heaps hold. Ask inside one snapshot."""
    args = {"user_id": user_id}
    (blocks,) = await read(BLOCKS, args)
    (files,) = await read(FILES, args)
    (uploads,) = await read(UPLOADS, args)
    return HeapUse(
        heaps=blocks["heaps"],
        blocks=blocks["blocks"],
        files=files["files"],
        trash_bytes=files["trash_bytes"],
        upload_reserved_bytes=uploads["bytes"],
        document_bytes=blocks["document_bytes"],
    )
