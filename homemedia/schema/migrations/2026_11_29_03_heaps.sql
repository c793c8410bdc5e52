-- Notes: workspaces of blocks, each block a document that several devices edit at once.

CREATE TABLE heap (
    heap_id          TEXT PRIMARY KEY,
    block_id         TEXT    NOT NULL,                            -- its index block
    owner_id         TEXT    NOT NULL REFERENCES user (user_id),
    type             TEXT    NOT NULL CHECK (type IN ('server', 'folder')),
    title            TEXT    NOT NULL,
    icon             TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    deleted_at       INTEGER,
    purge_at         INTEGER,
    forgotten_to     INTEGER NOT NULL DEFAULT 0,                  -- newest stamp of purged blocks that nothing is left of
    CHECK ((deleted_at IS NULL) = (purge_at IS NULL))
) STRICT;

CREATE INDEX heap_of_owner ON heap (owner_id, last_activity_at);

CREATE INDEX heap_to_purge ON heap (purge_at) WHERE purge_at IS NOT NULL;

-- What is known of a block: derived from its document, which is the authority.
CREATE TABLE block (
    block_id    TEXT PRIMARY KEY,
    heap_id     TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    type        TEXT    NOT NULL DEFAULT 'document',
    title       TEXT    NOT NULL DEFAULT '',
    icon        TEXT,
    preview     TEXT    NOT NULL DEFAULT '',
    pinned      INTEGER NOT NULL DEFAULT 0,
    has_content INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    created_by  TEXT,                                             -- NULL: made here
    updated_by  TEXT,
    deleted_at  INTEGER,
    deleted_by  TEXT,
    changed     INTEGER NOT NULL,                                 -- stamp of the change clock
    doc_error   TEXT
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX block_changed ON block (heap_id, changed);

CREATE INDEX block_list ON block (heap_id, deleted_at, updated_at);

-- A document is `state` and the updates that have not been folded into it.
CREATE TABLE block_doc (
    block_id     TEXT PRIMARY KEY REFERENCES block (block_id) ON DELETE CASCADE,
    sync_version INTEGER NOT NULL,
    fmt          INTEGER NOT NULL CHECK (fmt IN (0, 1)),          -- 1: zlib
    state        BLOB    NOT NULL,
    sv           BLOB    NOT NULL,                                -- state vector of all of it
    gap          INTEGER NOT NULL,                                -- whether predecessors are missing
    size_bytes   INTEGER NOT NULL,                                -- of all of it, merged
    tail_n       INTEGER NOT NULL,
    tail_bytes   INTEGER NOT NULL,
    tail_at      INTEGER NOT NULL,                                -- when the last update came
    last_update  INTEGER NOT NULL,                                -- its number
    derived_to   INTEGER NOT NULL DEFAULT 0                       -- number of the last update that the block's facts know
) STRICT, WITHOUT ROWID;

CREATE INDEX block_doc_tail ON block_doc (tail_n, tail_at) WHERE tail_n > 0;

CREATE INDEX block_doc_to_derive ON block_doc (block_id) WHERE derived_to < last_update;

CREATE TABLE block_update (
    block_update_id INTEGER PRIMARY KEY AUTOINCREMENT,
    block_id        TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    created_at      INTEGER NOT NULL,
    user_id         TEXT,
    device          TEXT,
    data            BLOB    NOT NULL
) STRICT;

CREATE INDEX block_update_of_block ON block_update (block_id, block_update_id);

CREATE TABLE block_history (
    block_history_id INTEGER PRIMARY KEY,                         -- of the last update folded in, so that both are one row of numbers
    block_id         TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    first_at         INTEGER NOT NULL,
    last_at          INTEGER NOT NULL,
    user_id          TEXT,
    device           TEXT,
    kind             TEXT    NOT NULL CHECK (kind IN ('update', 'window', 'base')),
    n                INTEGER NOT NULL,
    size_bytes       INTEGER NOT NULL,
    data             BLOB    NOT NULL                             -- zlib
) STRICT;

CREATE INDEX block_history_of_block ON block_history (block_id, block_history_id);

-- Also of trashed blocks: hidden in questions, so that they come back with the block.
CREATE TABLE block_relation (
    src      TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    dst      TEXT    NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('tag', 'mention')),
    added_at INTEGER,
    PRIMARY KEY (src, kind, dst)
) STRICT, WITHOUT ROWID;

CREATE INDEX block_relation_to ON block_relation (dst, kind);

CREATE TABLE block_tombstone (
    block_id     TEXT PRIMARY KEY,
    heap_id      TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    sync_version INTEGER NOT NULL,
    deleted_at   INTEGER NOT NULL,
    changed      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX block_tombstone_changed ON block_tombstone (heap_id, changed);

-- What else a document says, and its words for the search; there as soon as it was looked into.
CREATE TABLE block_fact (
    block_fact_id INTEGER PRIMARY KEY,
    block_id      TEXT    NOT NULL UNIQUE REFERENCES block (block_id) ON DELETE CASCADE,
    title         TEXT    NOT NULL,
    words         TEXT    NOT NULL,                               -- the plain text
    names         TEXT    NOT NULL,                               -- of its files
    files         TEXT    NOT NULL CHECK (json_valid(files)),     -- newest first: hash, name, size, mime, added_at
    apps          TEXT    NOT NULL CHECK (json_valid(apps)),
    attributes    TEXT    NOT NULL CHECK (json_valid(attributes))
) STRICT;

CREATE VIRTUAL TABLE block_search USING fts5 (
    title, words, names, content = 'block_fact', content_rowid = 'block_fact_id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TRIGGER block_fact_said AFTER INSERT ON block_fact BEGIN
    INSERT INTO block_search (rowid, title, words, names) VALUES (new.block_fact_id, new.title, new.words, new.names);
END;

CREATE TRIGGER block_fact_unsaid AFTER DELETE ON block_fact BEGIN
    INSERT INTO block_search (block_search, rowid, title, words, names)
    VALUES ('delete', old.block_fact_id, old.title, old.words, old.names);
END;

CREATE TRIGGER block_fact_resaid AFTER UPDATE OF title, words, names ON block_fact BEGIN
    INSERT INTO block_search (block_search, rowid, title, words, names)
    VALUES ('delete', old.block_fact_id, old.title, old.words, old.names);
    INSERT INTO block_search (rowid, title, words, names) VALUES (new.block_fact_id, new.title, new.words, new.names);
END;
