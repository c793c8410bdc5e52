-- Files of blocks: whose bytes they are, how they come in, what is known of them.

-- The block may come after its file, so it is no reference; without one the link goes after a while.
CREATE TABLE block_file (
    block_id    TEXT    NOT NULL,
    hash        TEXT    NOT NULL,                                 -- SHA-256, hex
    heap_id     TEXT    NOT NULL,
    file_id     INTEGER NOT NULL REFERENCES file (file_id),
    user_id     TEXT    NOT NULL REFERENCES user (user_id),       -- against whose quota it counts, each hash once
    name        TEXT    NOT NULL,
    mime        TEXT    NOT NULL,                                 -- as its bytes say
    added_at    INTEGER NOT NULL,
    PRIMARY KEY (block_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX block_file_of_file ON block_file (file_id);

CREATE INDEX block_file_of_hash ON block_file (hash, user_id);

CREATE INDEX block_file_of_user ON block_file (user_id);

CREATE INDEX block_file_by_age ON block_file (added_at);

-- What was found inside a file; there as soon as it was looked into.
CREATE TABLE block_file_fact (
    file_id     INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    width       INTEGER,
    height      INTEGER,
    duration_ms INTEGER,
    has_picture INTEGER NOT NULL,                                 -- whether small pictures can be made of it
    failure     TEXT                                              -- why nothing is known
) STRICT;

CREATE TABLE upload (
    heap_id     TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    block_id    TEXT    NOT NULL,
    hash        TEXT    NOT NULL,
    user_id     TEXT    NOT NULL REFERENCES user (user_id),
    size_bytes  INTEGER NOT NULL,
    chunk_size  INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    modified_at INTEGER NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('uploading', 'verifying', 'failed')),
    part        TEXT    NOT NULL UNIQUE,                          -- its file in the staging folder
    error       TEXT,
    created_at  INTEGER NOT NULL,
    touched_at  INTEGER NOT NULL,
    PRIMARY KEY (heap_id, block_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_of_user ON upload (user_id, status);

CREATE INDEX upload_by_age ON upload (touched_at);

-- Chunks whose bytes are on the disk.
CREATE TABLE upload_chunk (
    part       TEXT    NOT NULL REFERENCES upload (part) ON DELETE CASCADE,
    idx        INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256     TEXT,                                              -- where the sender told it
    PRIMARY KEY (part, idx)
) STRICT, WITHOUT ROWID;

-- Small pictures that a client made; for the block alone that it was sent for.
CREATE TABLE client_thumbnail (
    block_id TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    hash     TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    type     TEXT    NOT NULL CHECK (type IN ('image', 'video', 'animated', 'audio', 'document')),
    size     TEXT    NOT NULL CHECK (size IN ('tiny', 'small', 'medium', 'large')),
    width    INTEGER NOT NULL,
    height   INTEGER NOT NULL,
    format   TEXT    NOT NULL CHECK (format IN ('webp', 'jpeg', 'png')),
    data     BLOB    NOT NULL,
    made_at  INTEGER NOT NULL,
    PRIMARY KEY (block_id, hash, key)
) STRICT;
