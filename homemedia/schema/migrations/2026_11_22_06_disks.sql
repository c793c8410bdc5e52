-- Disks: what people did to items that were removed waits for their return; what members want to see outlives it too.

-- `state` is msgpack of what was done by hand, in the words of library.editing.history_store.
CREATE TABLE memory_edit (
    rating_key    TEXT    PRIMARY KEY,
    state         BLOB    NOT NULL,
    remembered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_edit_age ON memory_edit (remembered_at);

-- Pictures of ours that such a state speaks of; they are not swept while they stand here.
CREATE TABLE memory_picture (
    path       TEXT NOT NULL,
    rating_key TEXT NOT NULL REFERENCES memory_edit (rating_key) ON DELETE CASCADE,
    PRIMARY KEY (path, rating_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_picture_of ON memory_picture (rating_key);

-- What members want to see; keyed by identity as watch_state is, so that it outlives the same things.
CREATE TABLE watchlist_entry (
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    identity_key TEXT    NOT NULL,
    added_at     INTEGER NOT NULL,
    PRIMARY KEY (user_id, identity_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX watchlist_newest ON watchlist_entry (user_id, added_at DESC);
