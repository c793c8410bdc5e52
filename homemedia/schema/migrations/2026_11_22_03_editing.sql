-- Editing: what people changed by hand, so that it can be taken back, and which picture somebody chose.

-- `what` is a word of library.editing.history: edit, bulk, artwork, match, refresh, undo.
CREATE TABLE edit (
    edit_id   INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at   INTEGER NOT NULL,
    made_by   TEXT    NOT NULL,                        -- user_id
    what      TEXT    NOT NULL,
    undone_at INTEGER
) STRICT;
CREATE INDEX edit_made ON edit (made_at);

-- `before` is msgpack of a flat map: what stood there before the edit, by the name of each thing that can be edited.
CREATE TABLE edit_item (
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    edit_id INTEGER NOT NULL REFERENCES edit (edit_id) ON DELETE CASCADE,
    before  BLOB    NOT NULL,
    PRIMARY KEY (item_id, edit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX edit_item_edit ON edit_item (edit_id);

-- Pictures of ours that an undo would need; they are not swept while they stand here.
CREATE TABLE edit_picture (
    path    TEXT    NOT NULL,
    edit_id INTEGER NOT NULL REFERENCES edit (edit_id) ON DELETE CASCADE,
    PRIMARY KEY (path, edit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX edit_picture_edit ON edit_picture (edit_id);

-- A person's choice stands above every source. `origin` is the offered id of a picture of which a copy was chosen.
ALTER TABLE artwork ADD COLUMN is_chosen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE artwork ADD COLUMN origin TEXT;
