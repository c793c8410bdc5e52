"""Every statement on the indexes of keyframes."""

import msgspec

from homemedia.core.db import Reader, Write
from homemedia.media.hls.index import KeyframeIndex

KNOWN = """
    SELECT state, body FROM keyframe_index
     WHERE file_id = :file_id AND size_bytes = :size_bytes AND mtime_ns = :mtime_ns
"""
# The file may have been forgotten meanwhile. What was read whole stays, whatever came of a hasty second look.
SAVE = """
    INSERT INTO keyframe_index (file_id, size_bytes, mtime_ns, state, body, made_at)
    SELECT file.file_id, :size_bytes, :mtime_ns, :state, :body, :made_at FROM file WHERE file.file_id = :file_id
        ON CONFLICT (file_id) DO UPDATE
       SET size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns, state = excluded.state,
           body = excluded.body, made_at = excluded.made_at
     WHERE excluded.state = 'whole' OR keyframe_index.state <> 'whole'
        OR (keyframe_index.size_bytes, keyframe_index.mtime_ns) <> (excluded.size_bytes, excluded.mtime_ns)
"""

_decoder = msgspec.msgpack.Decoder(KeyframeIndex)


class Stamp(msgspec.Struct, frozen=True):
    """Which file, and of which size and time: an index is good for no other."""

    file_id: int
    size_bytes: int
    mtime_ns: int


class Known(msgspec.Struct, frozen=True):
    """`state`: whole, part or failed; `index` is None when failed."""

    state: str
    index: KeyframeIndex | None


async def known(read: Reader, stamp: Stamp) -> Known | None:
    """What was found in this very file."""
    rows = await read(KNOWN, msgspec.structs.asdict(stamp))
    if not rows:
        return None
    try:
        index = None if rows[0]["body"] is None else _decoder.decode(rows[0]["body"])
    except msgspec.DecodeError:
        return None
    return Known(rows[0]["state"], index)


async def save(tx: Write, stamp: Stamp, index: KeyframeIndex | None, now_ms: int) -> None:
    """Keep what was found; None that nothing can be."""
    state = "failed" if index is None else "whole" if index.is_whole else "part"
    body = None if index is None else msgspec.msgpack.encode(index)
    await tx.run(SAVE, msgspec.structs.asdict(stamp) | {"state": state, "body": body, "made_at": now_ms})
