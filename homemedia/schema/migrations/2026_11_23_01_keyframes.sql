-- Keyframes: where films can be cut without making their pictures anew, once looked for.

-- `state`: whole (all of it was read), part (it took too long; the end is known), failed (nothing to be had of this file).
-- `body` is msgpack of media.hls.index.KeyframeIndex. It holds for a file of this size and time alone.
CREATE TABLE keyframe_index (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    size_bytes INTEGER NOT NULL,
    mtime_ns   INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('whole', 'part', 'failed')),
    body       BLOB,
    made_at    INTEGER NOT NULL
) STRICT;
