-- Folders, the files found in them, the items people browse, and what is known of each.
CREATE TABLE library (
    library_id   TEXT PRIMARY KEY,
    kind         TEXT    NOT NULL CHECK (kind IN ('movie', 'show', 'video', 'music', 'photo', 'folder')),
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL UNIQUE,
    owner_id     TEXT,
    language     TEXT    NOT NULL,
    position     INTEGER NOT NULL,
    options      TEXT    NOT NULL,                     -- JSON, the `options` object of the watch API
    is_available INTEGER NOT NULL DEFAULT 1 CHECK (is_available IN (0, 1)),
    created_at   INTEGER NOT NULL,
    last_scan_at INTEGER
) STRICT;

CREATE TABLE root (
    root_id    INTEGER PRIMARY KEY,
    library_id TEXT REFERENCES library (library_id) ON DELETE CASCADE,
    path       TEXT    NOT NULL UNIQUE,                -- absolute real path
    position   INTEGER NOT NULL DEFAULT 0,
    device     INTEGER,                                -- st_dev at the last good scan
    watching   TEXT    NOT NULL DEFAULT 'off',         -- off | on | polling (with the reason in watching_why)
    watching_why TEXT
) STRICT;
CREATE INDEX root_library ON root (library_id, position);

CREATE TABLE folder (
    folder_id     INTEGER PRIMARY KEY,
    root_id       INTEGER NOT NULL REFERENCES root (root_id) ON DELETE CASCADE,
    parent_id     INTEGER REFERENCES folder (folder_id) ON DELETE CASCADE,
    path          TEXT    NOT NULL,                    -- below the root, '/' between parts, '' for the root itself
    mtime_ns      INTEGER,
    children_hash TEXT,
    UNIQUE (root_id, path)
) STRICT;
CREATE INDEX folder_parent ON folder (parent_id);

CREATE TABLE file (
    file_id          INTEGER PRIMARY KEY AUTOINCREMENT,
    root_id          INTEGER NOT NULL REFERENCES root (root_id) ON DELETE CASCADE,
    folder_id        INTEGER NOT NULL REFERENCES folder (folder_id) ON DELETE CASCADE,
    path             TEXT    NOT NULL,                 -- below the root, '/' between parts
    size_bytes       INTEGER NOT NULL,
    mtime_ns         INTEGER NOT NULL,
    inode            INTEGER NOT NULL,
    quick_hash       TEXT,                             -- BLAKE2b of size, first and last 64 KiB
    sha1             TEXT,
    sha256           TEXT,
    mime             TEXT,
    kind             TEXT    NOT NULL,                 -- video | subtitle | nfo | image | audio | photo | sample
    container        TEXT,
    width            INTEGER,
    height           INTEGER,
    duration_ms      INTEGER,
    probe            BLOB,                             -- msgpack of media.probe.Probe, null until probed
    probe_code       TEXT,                             -- why it could not be read: empty_file, not_media, timeout …
    probe_error      TEXT,                             -- the same as a sentence
    probed_at        INTEGER,
    added_at         INTEGER NOT NULL,
    missing_since_at INTEGER,
    UNIQUE (root_id, path)
) STRICT;
CREATE INDEX file_folder ON file (folder_id);
CREATE INDEX file_quick_hash ON file (quick_hash) WHERE quick_hash IS NOT NULL;
CREATE INDEX file_size ON file (size_bytes) WHERE kind = 'video';
CREATE INDEX file_failed ON file (root_id, path) WHERE probe_error IS NOT NULL AND missing_since_at IS NULL;
CREATE INDEX file_sample ON file (root_id) WHERE kind = 'sample';
CREATE INDEX file_missing ON file (root_id, size_bytes) WHERE missing_since_at IS NOT NULL;
CREATE INDEX file_unprobed ON file (root_id, file_id) WHERE probed_at IS NULL AND kind = 'video' AND missing_since_at IS NULL;

CREATE TABLE sidecar (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    of_file_id INTEGER REFERENCES file (file_id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('subtitle', 'nfo', 'xmp', 'image')),
    language   TEXT,
    title      TEXT,
    flags      TEXT NOT NULL DEFAULT ''                -- forced default sdh, blank between
) STRICT;
CREATE INDEX sidecar_of ON sidecar (of_file_id);

CREATE TABLE item (
    item_id          INTEGER PRIMARY KEY AUTOINCREMENT,
    rating_key       TEXT    NOT NULL UNIQUE,
    library_id       TEXT    NOT NULL REFERENCES library (library_id) ON DELETE CASCADE,
    parent_id        INTEGER REFERENCES item (item_id) ON DELETE CASCADE,
    kind             TEXT    NOT NULL CHECK (kind IN ('movie', 'show', 'season', 'episode', 'video', 'extra', 'artist', 'album', 'track')),
    extra_kind       TEXT,                             -- trailer, scene, … for kind 'extra'
    identity_key     TEXT    NOT NULL,
    title            TEXT    NOT NULL,
    sort_title       TEXT    NOT NULL,
    letter           TEXT    NOT NULL,                 -- A–Z or #
    original_title   TEXT,
    year             INTEGER,
    number           INTEGER,                          -- season or episode number; null for dated and unnumbered episodes
    number_end       INTEGER,
    parent_number    INTEGER,                          -- season number of an episode
    air_date         TEXT,                             -- YYYY-MM-DD
    is_absolute      INTEGER NOT NULL DEFAULT 0,
    summary          TEXT,
    tagline          TEXT,
    studio           TEXT,
    content_rating   TEXT,
    rating           REAL,
    release_date     TEXT,
    duration_ms      INTEGER,
    status           TEXT,                             -- continuing | ended, of a show
    collection       TEXT,
    tmdb_id          INTEGER,
    imdb_id          TEXT,
    tvdb_id          INTEGER,
    is_matched       INTEGER NOT NULL DEFAULT 0,
    thumb_tag        TEXT,                             -- changes with the picture; null when there is none
    thumb_kind       TEXT,                             -- poster | still | cover
    thumb_tone       TEXT,                             -- dominant dark tone of a still, '#rrggbb'
    thumb_point      TEXT,                             -- point of interest, 'x,y', each 0 to 1 from left and top
    art_tag          TEXT,
    added_at         INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    missing_since_at INTEGER,
    todo             INTEGER NOT NULL DEFAULT 3,       -- what the scan still owes it: 1 search index, 2 NFO and tags
    stamp            INTEGER NOT NULL DEFAULT 0        -- change clock: what changed since a cursor
) STRICT;
CREATE INDEX item_by_identity ON item (identity_key, library_id);
CREATE INDEX item_parent ON item (parent_id, kind, parent_number, number, air_date, sort_title, item_id);
-- Each order a list offers has an index that also answers who may see it, so that counting and skipping touch no row.
CREATE INDEX item_by_title ON item (library_id, kind, sort_title, item_id, missing_since_at);
CREATE INDEX item_by_added ON item (library_id, kind, added_at, item_id, missing_since_at);
CREATE INDEX item_by_year ON item (library_id, kind, year, item_id, missing_since_at);
CREATE INDEX item_by_rating ON item (library_id, kind, rating, item_id, missing_since_at);
CREATE INDEX item_by_released ON item (library_id, kind, release_date, item_id, missing_since_at);
CREATE INDEX item_by_duration ON item (library_id, kind, duration_ms, item_id, missing_since_at);
CREATE INDEX item_by_letter ON item (library_id, kind, letter, missing_since_at);
CREATE INDEX item_missing ON item (library_id, missing_since_at) WHERE missing_since_at IS NOT NULL;
CREATE INDEX item_todo ON item (library_id, item_id) WHERE todo <> 0;
CREATE INDEX item_with_art ON item (library_id, item_id, missing_since_at) WHERE art_tag IS NOT NULL;
CREATE INDEX item_stamp ON item (library_id, stamp);

-- In tables WITHOUT ROWID the columns of the key stand first, in its order: integrity_check of SQLite 3.40 takes the
-- others for NULL when they do not.
-- Every identity an item has been known by: ids first, names after. The first one stays item.identity_key,
-- because watch state hangs on it.
CREATE TABLE item_identity (
    identity_key TEXT    NOT NULL,
    item_id      INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    library_kind TEXT    NOT NULL,
    PRIMARY KEY (identity_key, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_identity_by_item ON item_identity (item_id);

-- What removed items were called by, so that media that come back get their old key and their watch state.
CREATE TABLE item_memory (
    library_kind  TEXT    NOT NULL,
    known_as      TEXT    NOT NULL,                    -- any identity the item had
    identity_key  TEXT    NOT NULL,
    rating_key    TEXT    NOT NULL,
    added_at      INTEGER NOT NULL,
    remembered_at INTEGER NOT NULL,
    PRIMARY KEY (library_kind, known_as)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_file (
    item_id       INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    file_id       INTEGER NOT NULL REFERENCES file (file_id) ON DELETE CASCADE,
    version       TEXT,                                -- label, null for the unlabelled one
    version_index INTEGER NOT NULL DEFAULT 0,
    part          INTEGER NOT NULL DEFAULT 1,
    part_count    INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (item_id, file_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_file_file ON item_file (file_id);

CREATE TABLE item_field (
    item_id   INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    field     TEXT    NOT NULL,
    source    TEXT    NOT NULL CHECK (source IN ('manual', 'nfo', 'embedded', 'filename', 'tmdb')),
    value     TEXT    NOT NULL,                        -- JSON
    is_locked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, field, source)
) STRICT, WITHOUT ROWID;

-- What was last read about an item, so that no file is read twice, and a broken one is told of once.
CREATE TABLE item_source (
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL CHECK (kind IN ('nfo', 'embedded', 'still', 'cover', 'facts')),
    mark    TEXT    NOT NULL,                          -- of the files read: path, size, mtime
    problem TEXT,                                      -- why it failed; null when it was read well
    PRIMARY KEY (item_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_label (
    item_id   INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    kind      TEXT    NOT NULL CHECK (kind IN ('genre', 'label', 'collection')),
    value_key TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    position  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, kind, value_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_label_value ON item_label (kind, value_key, item_id);

CREATE TABLE performer (
    performer_id INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL UNIQUE,
    image        TEXT
) STRICT;
CREATE TABLE credit (
    item_id      INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    performer_id INTEGER NOT NULL REFERENCES performer (performer_id) ON DELETE CASCADE,
    job          TEXT    NOT NULL,                     -- actor | director | writer
    role         TEXT    NOT NULL DEFAULT '',
    position     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, performer_id, job, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_performer ON credit (performer_id);

CREATE TABLE artwork (
    artwork_id   INTEGER PRIMARY KEY,
    item_id      INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL CHECK (kind IN ('thumb', 'art')),
    source       TEXT    NOT NULL CHECK (source IN ('manual', 'local', 'download', 'embedded', 'grab')),
    path         TEXT    NOT NULL,                     -- absolute: beside the film, or in the data folder
    content_hash TEXT    NOT NULL,                     -- of the bytes; of path, size and mtime for pictures beside films
    width        INTEGER,
    height       INTEGER,
    tone         TEXT,                                 -- '#rrggbb', null until somebody looked into the picture
    point        TEXT,                                 -- point of interest, as item.thumb_point
    is_broken    INTEGER NOT NULL DEFAULT 0,           -- cannot be decoded; the next source takes its place
    is_selected  INTEGER NOT NULL DEFAULT 0,
    UNIQUE (item_id, kind, path)
) STRICT;

-- Words are written here already normalised; `other_titles` also holds neighbouring words joined ("spiderman").
-- They are parted at blanks alone, as `ascii` does it: `unicode61` knows fewer letters than Python and takes the vowel
-- signs of Thai and Hindi for gaps, which makes a phrase of a word, and phrases need `detail = full`.
CREATE VIRTUAL TABLE item_search USING fts5 (
    title, other_titles, people,
    tokenize = "ascii", prefix = '1', detail = column
);
CREATE TRIGGER item_search_forgets AFTER DELETE ON item BEGIN
    DELETE FROM item_search WHERE rowid = old.item_id;
END;

-- Whole titles without blanks, with and without their article: what a query is compared with first.
CREATE TABLE search_title (
    key     TEXT    NOT NULL,
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    PRIMARY KEY (key, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_title_item ON search_title (item_id);

-- Every word that was ever indexed, and its runs of three letters: how a misspelt word finds its neighbours.
CREATE TABLE search_word (
    word_id INTEGER PRIMARY KEY,
    word    TEXT    NOT NULL UNIQUE
) STRICT;
CREATE TABLE search_gram (
    gram    TEXT    NOT NULL,
    letters INTEGER NOT NULL,                          -- length of the word
    word_id INTEGER NOT NULL,
    PRIMARY KEY (gram, letters, word_id)
) STRICT, WITHOUT ROWID;

-- How the last scan and the last refresh of each library ended.
CREATE TABLE scan_result (
    library_id  TEXT    NOT NULL REFERENCES library (library_id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL CHECK (kind IN ('scan', 'refresh')),
    scan_id     INTEGER NOT NULL,
    result      TEXT    NOT NULL CHECK (result IN ('ok', 'cancelled', 'failed', 'unavailable')),
    started_at  INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    counts      TEXT    NOT NULL,                      -- JSON, how many files ended in which state
    why         TEXT,
    PRIMARY KEY (library_id, kind)
) STRICT, WITHOUT ROWID;

-- What could not be listed or read, beside the files whose probe failed (file.probe_error).
CREATE TABLE scan_problem (
    library_id TEXT    NOT NULL REFERENCES library (library_id) ON DELETE CASCADE,
    path       TEXT    NOT NULL,                       -- absolute, for a person to read
    step       TEXT    NOT NULL CHECK (step IN ('walk', 'match')),
    code       TEXT    NOT NULL,
    sentence   TEXT    NOT NULL,
    scan_id    INTEGER NOT NULL,
    PRIMARY KEY (library_id, path)
) STRICT, WITHOUT ROWID;
