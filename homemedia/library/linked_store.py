"""The statements of titles behind links."""

from collections.abc import Iterable

from homemedia.core.db import Reader, as_json

IN_SET = """
    SELECT share_item.media_id
      FROM json_each(:keys) AS wanted
     CROSS JOIN share_item ON share_item.share_id = :share_id AND share_item.media_id = wanted.value
"""
OF_SET = "SELECT share_item.media_id FROM share_item WHERE share_item.share_id = :share_id ORDER BY share_item.position"


async def holds(read: Reader, share_id: str, keys: Iterable[str]) -> bool:
    """Whether a list that was put together by hand names one of these."""
    return bool(await read(IN_SET, {"share_id": share_id, "keys": as_json(keys)}))


async def of_set(read: Reader, share_id: str) -> list[str]:
    """What such a list names, in its order."""
    return [row["media_id"] for row in await read(OF_SET, {"share_id": share_id})]
