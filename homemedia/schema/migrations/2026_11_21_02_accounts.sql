-- One household, its members and their sessions.
CREATE TABLE household (
    only         INTEGER PRIMARY KEY CHECK (only = 1),
    household_id TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    accent       INTEGER,
    host_id      TEXT,
    machine_id   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE user (
    user_id            TEXT PRIMARY KEY,
    username           TEXT    NOT NULL,
    username_key       TEXT    NOT NULL,
    email              TEXT,
    display_name       TEXT    NOT NULL,
    password_hash      TEXT,
    is_admin           INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
    state              TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'pending', 'disabled', 'removed')),
    sees_all_libraries INTEGER NOT NULL DEFAULT 1 CHECK (sees_all_libraries IN (0, 1)),
    expires_at         INTEGER,
    created_at         INTEGER NOT NULL,
    last_seen_at       INTEGER
) STRICT;
CREATE UNIQUE INDEX user_username ON user (username_key) WHERE state <> 'removed';
CREATE UNIQUE INDEX user_email ON user (email) WHERE state <> 'removed' AND email IS NOT NULL;

CREATE TABLE session (
    session_id   TEXT PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES user (user_id),
    way          TEXT    NOT NULL,
    device_type  TEXT    NOT NULL DEFAULT '',
    device_os    TEXT    NOT NULL DEFAULT '',
    app_version  TEXT    NOT NULL DEFAULT '',
    address      TEXT    NOT NULL DEFAULT '',
    expires_at   INTEGER,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    revoked_at   INTEGER
) STRICT;
CREATE INDEX session_user ON session (user_id) WHERE revoked_at IS NULL;
