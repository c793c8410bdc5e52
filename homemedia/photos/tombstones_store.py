"""The statements on what is gone: who looked at it is told so at his next visit."""

from collections.abc import Mapping, Sequence

import msgspec

from homemedia.core.db import Write

BURY = """
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at) VALUES (:stamp, :kind, :user_id, :ids, :now)
"""
FORGET = "DELETE FROM photo_tombstone WHERE deleted_at < :before"


async def bury(tx: Write, kind: str, gone: Sequence[tuple[str, Mapping[str, str]]], *, now: int) -> None:
    """Remember what is gone.

    Args:
        tx: the transaction that removes it.
        kind: asset, album, album_user, album_asset, partner, stack, …
        gone: whom to tell, and what: its ids by the names that clients give them ("assetId").
        now: in ms.
    """
    if not gone:
        return
    stamps = await tx.stamps(len(gone))
    rows = [
        {"stamp": stamp, "kind": kind, "user_id": user_id, "ids": msgspec.json.encode(dict(ids)).decode(), "now": now}
        for stamp, (user_id, ids) in zip(stamps, gone, strict=True)
    ]
    await tx.many(BURY, rows)


async def forget(tx: Write, before: int) -> int:
    """Drop what was remembered for long enough; how many."""
    return await tx.run(FORGET, {"before": before})
