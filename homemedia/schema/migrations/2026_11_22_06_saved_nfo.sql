-- What an NFO file said before a person's word was written into it, so that an undo can write it back.

CREATE TABLE saved_nfo (
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    field   TEXT    NOT NULL,
    value   TEXT    NOT NULL,                          -- JSON; null where the file did not speak of it
    PRIMARY KEY (item_id, field)
) STRICT, WITHOUT ROWID;
