-- Folder heaps: files that came by upload, who asked for which scan, folders that administrators opened to members.

-- A further file of a block: an older or newer version, or one beside a note. No scan makes a block of its own of it.
CREATE TABLE file_beside (
    file_id  INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    block_id TEXT    NOT NULL,
    heap_id  TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX file_beside_of_block ON file_beside (block_id);

CREATE INDEX file_beside_of_heap ON file_beside (heap_id);

-- By the number of its job. It outlives the job, so that what just ended is told in full.
CREATE TABLE heap_scan (
    scan_id      INTEGER PRIMARY KEY,
    heap_id      TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    user_id      TEXT    NOT NULL,                                -- who asked for it
    kind         TEXT    NOT NULL CHECK (kind IN ('scan', 'reindex')),
    path         TEXT    NOT NULL,                                -- below the root
    is_recursive INTEGER NOT NULL CHECK (is_recursive IN (0, 1)),
    asked_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX heap_scan_of_heap ON heap_scan (heap_id);

CREATE INDEX heap_scan_by_age ON heap_scan (asked_at);

-- Inside of these a member may open heaps of his own.
CREATE TABLE opened_folder (
    user_id   TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    path      TEXT    NOT NULL,                                   -- absolute, real
    opened_by TEXT    NOT NULL,
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, path)
) STRICT, WITHOUT ROWID;
