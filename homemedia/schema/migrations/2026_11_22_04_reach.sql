-- Who an item is for: its rating and labels with those it inherits, interned, so that a limit is one number in an index.

-- `rating` and `labels` as inherited and folded, '' and '[]' where nothing is said; `age` null for no or an unknown rating.
CREATE TABLE audience (
    audience_id INTEGER PRIMARY KEY,
    country     TEXT NOT NULL,                         -- of the library; '' without a rating
    rating      TEXT NOT NULL,
    labels      TEXT NOT NULL,                         -- JSON, sorted
    age         INTEGER,
    UNIQUE (country, rating, labels)
) STRICT;
CREATE TABLE audience_label (
    audience_id INTEGER NOT NULL REFERENCES audience (audience_id) ON DELETE CASCADE,
    label       TEXT    NOT NULL,
    PRIMARY KEY (audience_id, label)
) STRICT, WITHOUT ROWID;
INSERT INTO audience (audience_id, country, rating, labels) VALUES (0, '', '', '[]');

ALTER TABLE item ADD COLUMN audience_id INTEGER NOT NULL DEFAULT 0;

-- Items whose rating, labels or place changed in this transaction; settled before it is committed.
CREATE TABLE audience_due (item_id INTEGER PRIMARY KEY) STRICT;
INSERT INTO audience_due
    SELECT item_id FROM item WHERE content_rating IS NOT NULL
     UNION SELECT item_id FROM item_label WHERE kind = 'label';

-- None for new items: a trigger there makes every insert a quarter slower. Who makes items notes those with a rating, and
-- those below a parent that has an audience.
CREATE TRIGGER audience_of_changed_item AFTER UPDATE OF content_rating, parent_id, library_id ON item
    WHEN OLD.content_rating IS NOT NEW.content_rating OR OLD.parent_id IS NOT NEW.parent_id
      OR OLD.library_id IS NOT NEW.library_id
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (NEW.item_id);
END;
CREATE TRIGGER audience_of_new_label AFTER INSERT ON item_label WHEN NEW.kind = 'label'
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (NEW.item_id);
END;
CREATE TRIGGER audience_of_changed_label AFTER UPDATE ON item_label WHEN NEW.kind = 'label' OR OLD.kind = 'label'
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (OLD.item_id);
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (NEW.item_id);
END;
CREATE TRIGGER audience_of_lost_label AFTER DELETE ON item_label WHEN OLD.kind = 'label'
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (OLD.item_id);
END;
CREATE TRIGGER audience_of_country AFTER UPDATE OF options ON library
    WHEN json_extract(OLD.options, '$.country') IS NOT json_extract(NEW.options, '$.country')
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id)
        SELECT item_id FROM item WHERE library_id = NEW.library_id AND content_rating IS NOT NULL;
END;

-- Whom an item is for stands in every index that a list walks, beside whether it is there.
DROP INDEX item_by_added;
DROP INDEX item_by_duration;
DROP INDEX item_by_identity;
DROP INDEX item_by_letter;
DROP INDEX item_by_rating;
DROP INDEX item_by_released;
DROP INDEX item_by_title;
DROP INDEX item_by_year;
DROP INDEX item_parent;
DROP INDEX item_with_art;
CREATE INDEX item_by_added ON item (library_id, kind, added_at, item_id, missing_since_at, audience_id);
CREATE INDEX item_by_duration ON item (library_id, kind, duration_ms, item_id, missing_since_at, audience_id);
CREATE INDEX item_by_letter ON item (library_id, kind, letter, missing_since_at, audience_id);
CREATE INDEX item_by_rating ON item (library_id, kind, rating, item_id, missing_since_at, audience_id);
CREATE INDEX item_by_released ON item (library_id, kind, release_date, item_id, missing_since_at, audience_id);
CREATE INDEX item_by_title ON item (library_id, kind, sort_title, item_id, missing_since_at, audience_id);
CREATE INDEX item_by_year ON item (library_id, kind, year, item_id, missing_since_at, audience_id);
CREATE INDEX item_parent ON item
    (parent_id, kind, parent_number, number, air_date, sort_title, item_id, missing_since_at, audience_id)
    WHERE parent_id IS NOT NULL;
CREATE INDEX item_with_art ON item (library_id, item_id, missing_since_at, audience_id) WHERE art_tag IS NOT NULL;
-- With the kind, so that no other index fits as well what is looked up by what somebody watched.
CREATE INDEX item_by_identity ON item (identity_key, library_id, kind);

-- The search keeps lists for beginnings of two and three letters too: "the" is in every fifth title, and its list need
-- not be put together for each key press.
DROP TRIGGER item_search_forgets;
CREATE VIRTUAL TABLE item_search_anew USING fts5 (
    title, other_titles, people,
    tokenize = "ascii", prefix = '1 2 3', detail = column
);
INSERT INTO item_search_anew (rowid, title, other_titles, people)
    SELECT rowid, title, other_titles, people FROM item_search;
DROP TABLE item_search;
ALTER TABLE item_search_anew RENAME TO item_search;
CREATE TRIGGER item_search_forgets AFTER DELETE ON item BEGIN
    DELETE FROM item_search WHERE rowid = OLD.item_id;
END;
