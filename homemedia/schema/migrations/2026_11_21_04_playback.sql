-- How far each member has watched what; keyed by identity, so that it outlives files, renames and removed libraries.
CREATE TABLE watch_state (
    user_id        TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    identity_key   TEXT    NOT NULL,
    offset_ms      INTEGER NOT NULL DEFAULT 0,
    duration_ms    INTEGER,
    is_watched     INTEGER NOT NULL DEFAULT 0,
    view_count     INTEGER NOT NULL DEFAULT 0,
    last_viewed_at INTEGER,
    is_hidden      INTEGER NOT NULL DEFAULT 0,
    is_past_end    INTEGER NOT NULL DEFAULT 0,         -- the last report lay behind the watched mark: this view is counted
    tracks         TEXT,                               -- JSON {audio, subtitle, forcedOnly}; of a show on its own identity
    PRIMARY KEY (user_id, identity_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_state_recent ON watch_state (user_id, last_viewed_at DESC);
