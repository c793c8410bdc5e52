-- Which film or show of TMDb an item is, how sure that is, and what still has to be asked.

-- Films, shows and seasons; a season has no match of its own but owes the facts of its episodes.
-- wanted: nobody asked yet; auto: found by us; manual: a person's word, which no scan changes; none: nothing fits.
CREATE TABLE item_match (
    item_id  INTEGER PRIMARY KEY REFERENCES item (item_id) ON DELETE CASCADE,
    state    TEXT    NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'auto', 'manual', 'none')),
    tmdb_id  INTEGER,
    asked    TEXT,                                     -- JSON of what was searched for, so that a no is not asked again
    score    REAL,                                     -- of the match, or of the best that was not good enough
    tried_at INTEGER,
    retry_at INTEGER,                                  -- when to ask; 0 at once, null when nothing is owed
    tries    INTEGER NOT NULL DEFAULT 0,               -- failures in a row
    problem  TEXT                                      -- code of the last failure
) STRICT;
CREATE INDEX item_match_owed ON item_match (retry_at, item_id) WHERE retry_at IS NOT NULL;
