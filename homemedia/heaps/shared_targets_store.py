"""SQL of heaps as things that members share."""

import sqlite3
from collections.abc import Sequence

from homemedia.core.db import Reader, as_json

HEAPS = """
    SELECT heap.heap_id, heap.title, heap.deleted_at, heap.owner_id,
           (SELECT count(*) FROM block WHERE block.heap_id = heap.heap_id AND block.deleted_at IS NULL) AS blocks
      FROM json_each(:heap_ids) AS wanted JOIN heap ON heap.heap_id = wanted.value
"""


async def heaps(read: Reader, heap_ids: Sequence[str]) -> list[sqlite3.Row]:
    """Heaps that are there or in their grace, with how many blocks each has."""
    return await read(HEAPS, {"heap_ids": as_json(heap_ids)})
