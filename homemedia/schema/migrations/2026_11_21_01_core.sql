-- The floor every slice stands on: the one job queue, settings changed at run time, the one change clock.
CREATE TABLE job (
    job_id       INTEGER PRIMARY KEY AUTOINCREMENT,
    lane         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    payload      BLOB    NOT NULL,
    state        TEXT    NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress     TEXT,
    tries        INTEGER NOT NULL DEFAULT 0,
    run_after_at INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    started_at   INTEGER,
    finished_at  INTEGER,
    error        TEXT
) STRICT;
-- The same key twice is one job, for as long as the first has not ended.
CREATE UNIQUE INDEX job_open_key ON job (kind, key) WHERE state IN ('queued', 'running');
CREATE INDEX job_next ON job (lane, run_after_at, job_id) WHERE state = 'queued';
CREATE INDEX job_ended ON job (finished_at) WHERE state IN ('done', 'failed', 'cancelled');

CREATE TABLE setting (
    key        TEXT PRIMARY KEY,
    value      TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE change_clock (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    last_stamp INTEGER NOT NULL,
    epoch      TEXT    NOT NULL
) STRICT;
INSERT INTO change_clock (only, last_stamp, epoch) VALUES (1, 0, lower(hex(randomblob(8))));
