"""SQL of words that are looked for in several heaps."""

from collections.abc import Iterable

from homemedia.core.db import Reader, as_json

FOUND = """
    SELECT block.block_id, heap.heap_id, heap.title
      FROM block_search
      JOIN block_fact ON block_fact.block_fact_id = block_search.rowid
      JOIN block ON block.block_id = block_fact.block_id
      JOIN heap ON heap.heap_id = block.heap_id
     WHERE block_search MATCH :words AND block.deleted_at IS NULL AND heap.deleted_at IS NULL
       AND block.heap_id IN (SELECT value FROM json_each(:heap_ids))
     ORDER BY block.updated_at DESC, block.block_id LIMIT :limit
"""


async def found(read: Reader, words: str, heap_ids: Iterable[str], *, limit: int) -> dict[str, tuple[str, str]]:
    """By block, last changed first: its heap and that one's title."""
    rows = await read(FOUND, {"words": words, "heap_ids": as_json(heap_ids), "limit": limit})
    return {row["block_id"]: (row["heap_id"], row["title"]) for row in rows}
