"""SQL of small pictures that clients made."""

from collections.abc import Sequence

import msgspec

from homemedia.core.db import Reader, Write, as_json

COUNT = """
    SELECT count(*) AS pictures FROM client_thumbnail
     WHERE block_id = :block_id AND hash = :hash AND key <> :key
"""
PUT = """
    INSERT INTO client_thumbnail (block_id, hash, key, type, size, width, height, format, data, made_at)
    SELECT :block_id, :hash, :key, :type, :size, :width, :height, :format, :data, :made_at
     WHERE EXISTS (SELECT 1 FROM block WHERE block.block_id = :block_id)
    ON CONFLICT (block_id, hash, key) DO UPDATE
       SET type = excluded.type, size = excluded.size, width = excluded.width, height = excluded.height,
           format = excluded.format, data = excluded.data, made_at = excluded.made_at
"""
GET = """
    SELECT block_id, hash, key, type, size, width, height, format, data, made_at FROM client_thumbnail
     WHERE block_id = :block_id AND hash = :hash AND size = :size AND type = coalesce(:type, nullif(type, 'animated'))
     ORDER BY made_at DESC LIMIT 1
"""
OF_BLOCKS = """
    SELECT drawn.block_id, drawn.hash, drawn.type, drawn.size, drawn.width, drawn.height, drawn.format
      FROM json_each(:block_ids) AS wanted JOIN client_thumbnail AS drawn ON drawn.block_id = wanted.value
     ORDER BY drawn.block_id, drawn.hash, drawn.made_at DESC
"""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """That there is a small picture of a client's."""

    type: str
    size: str
    width: int
    height: int
    format: str


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A small picture of a client's, as we wrote it anew."""

    block_id: str
    hash: str
    key: str
    type: str
    size: str
    width: int
    height: int
    format: str
    data: bytes
    made_at: int


async def of_blocks(read: Reader, block_ids: Sequence[str]) -> dict[str, dict[str, tuple[Known, ...]]]:
    """What clients drew, by block and hash; of each type and size the newest."""
    found: dict[str, dict[str, dict[tuple[str, str], Known]]] = {}
    for row in await read(OF_BLOCKS, {"block_ids": as_json(block_ids)}):
        fields = dict(row)
        of_block = found.setdefault(fields.pop("block_id"), {})
        of_block.setdefault(fields.pop("hash"), {}).setdefault((row["type"], row["size"]), Known(**fields))
    return {
        block_id: {digest: tuple(known.values()) for digest, known in of_block.items()}
        for block_id, of_block in found.items()
    }


async def others(read: Reader, block_id: str, digest: str, key: str) -> int:
    """How many other pictures of a file a block has."""
    (row,) = await read(COUNT, {"block_id": block_id, "hash": digest, "key": key})
    return int(row["pictures"])


async def put(tx: Write, drawn: Drawn) -> bool:
    """Keep a picture; False when the block has gone."""
    return await tx.run(PUT, msgspec.structs.asdict(drawn)) > 0


async def get(read: Reader, block_id: str, digest: str, size: str, kind: str | None) -> Drawn | None:
    """A picture of that size, and of that type where one is named; the newest."""
    rows = await read(GET, {"block_id": block_id, "hash": digest, "size": size, "type": kind})
    return Drawn(**dict(rows[0])) if rows else None
