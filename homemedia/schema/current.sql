-- Generated: python -m homemedia.schema.current. The history that makes it lies in migrations/.

CREATE TABLE album (
    album_id            TEXT PRIMARY KEY,
    owner_id            TEXT    NOT NULL REFERENCES user (user_id),
    name                TEXT    NOT NULL,
    description         TEXT    NOT NULL DEFAULT '',
    cover_photo_id      TEXT REFERENCES photo (photo_id) ON DELETE SET NULL,
    is_activity_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_activity_enabled IN (0, 1)),
    sort_order          TEXT    NOT NULL DEFAULT 'desc' CHECK (sort_order IN ('asc', 'desc')),
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    deleted_at          INTEGER,
    stamp               INTEGER NOT NULL
) STRICT;

CREATE TABLE album_activity (
    album_activity_id TEXT PRIMARY KEY,
    album_id          TEXT    NOT NULL REFERENCES album (album_id) ON DELETE CASCADE,
    photo_id          TEXT REFERENCES photo (photo_id) ON DELETE CASCADE,
    user_id           TEXT    NOT NULL REFERENCES user (user_id),
    is_like           INTEGER NOT NULL CHECK (is_like IN (0, 1)),
    comment           TEXT,
    created_at        INTEGER NOT NULL,
    CHECK ((comment IS NULL) = (is_like = 1))
) STRICT;

CREATE INDEX album_activity_album ON album_activity (album_id, created_at);

CREATE UNIQUE INDEX album_activity_like ON album_activity (album_id, user_id, ifnull(photo_id, '')) WHERE is_like = 1;

CREATE TRIGGER album_deleted_told AFTER UPDATE OF deleted_at ON album
WHEN new.deleted_at IS NOT NULL AND old.deleted_at IS NULL BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'album', old.owner_id, json_object('albumId', old.album_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER album_given_told AFTER INSERT ON share WHEN new.target_type = 'collection' BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE album SET stamp = (SELECT last_stamp FROM change_clock) WHERE album_id = new.target_id;
END;

CREATE TRIGGER album_gone_told AFTER DELETE ON album WHEN old.deleted_at IS NULL BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'album', old.owner_id, json_object('albumId', old.album_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE INDEX album_owner ON album (owner_id, created_at DESC) WHERE deleted_at IS NULL;

CREATE TABLE album_photo (
    album_id     TEXT    NOT NULL REFERENCES album (album_id) ON DELETE CASCADE,
    photo_id     TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    added_by     TEXT,
    added_at     INTEGER NOT NULL,
    stamp        INTEGER NOT NULL,
    PRIMARY KEY (album_id, photo_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER album_photo_gone_told AFTER DELETE ON album_photo
WHEN EXISTS (SELECT 1 FROM album WHERE album.album_id = old.album_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'album_asset', old.album_id, json_object('albumId', old.album_id, 'assetId', old.photo_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE INDEX album_photo_photo ON album_photo (photo_id, album_id);

CREATE TRIGGER album_photo_said AFTER INSERT ON album_photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE INDEX album_photo_stamp ON album_photo (stamp, photo_id, album_id);

CREATE TRIGGER album_photo_unsaid AFTER DELETE ON album_photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (old.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER album_resaid AFTER UPDATE OF name, deleted_at ON album BEGIN
    INSERT INTO photo_unindexed (photo_id)
    SELECT album_photo.photo_id FROM album_photo WHERE album_photo.album_id = new.album_id
        ON CONFLICT DO NOTHING;
END;

CREATE TABLE api_key (
    api_key_id   TEXT PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    secret_hash  BLOB    NOT NULL UNIQUE,                         -- SHA-256: the secret is 32 random bytes
    permissions  TEXT    NOT NULL CHECK (json_valid(permissions)),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

CREATE INDEX api_key_user ON api_key (user_id, created_at);

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
    is_selected  INTEGER NOT NULL DEFAULT 0, is_chosen INTEGER NOT NULL DEFAULT 0, origin TEXT,
    UNIQUE (item_id, kind, path)
) STRICT;

CREATE TABLE audience (
    audience_id INTEGER PRIMARY KEY,
    country     TEXT NOT NULL,                         -- of the library; '' without a rating
    rating      TEXT NOT NULL,
    labels      TEXT NOT NULL,                         -- JSON, sorted
    age         INTEGER,
    UNIQUE (country, rating, labels)
) STRICT;

CREATE TABLE audience_due (item_id INTEGER PRIMARY KEY) STRICT;

CREATE TABLE audience_label (
    audience_id INTEGER NOT NULL REFERENCES audience (audience_id) ON DELETE CASCADE,
    label       TEXT    NOT NULL,
    PRIMARY KEY (audience_id, label)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audience_of_changed_item AFTER UPDATE OF content_rating, parent_id, library_id ON item
    WHEN OLD.content_rating IS NOT NEW.content_rating OR OLD.parent_id IS NOT NEW.parent_id
      OR OLD.library_id IS NOT NEW.library_id
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (NEW.item_id);
END;

CREATE TRIGGER audience_of_changed_label AFTER UPDATE ON item_label WHEN NEW.kind = 'label' OR OLD.kind = 'label'
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (OLD.item_id);
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (NEW.item_id);
END;

CREATE TRIGGER audience_of_country AFTER UPDATE OF options ON library
    WHEN json_extract(OLD.options, '$.country') IS NOT json_extract(NEW.options, '$.country')
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id)
        SELECT item_id FROM item WHERE library_id = NEW.library_id AND content_rating IS NOT NULL;
END;

CREATE TRIGGER audience_of_lost_label AFTER DELETE ON item_label WHEN OLD.kind = 'label'
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (OLD.item_id);
END;

CREATE TRIGGER audience_of_new_label AFTER INSERT ON item_label WHEN NEW.kind = 'label'
BEGIN
    INSERT OR IGNORE INTO audience_due (item_id) VALUES (NEW.item_id);
END;

CREATE TABLE audio_tags (
    file_id   INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    has_cover INTEGER NOT NULL DEFAULT 0 CHECK (has_cover IN (0, 1)),
    tags      BLOB    NOT NULL
) STRICT;

CREATE TABLE block (
    block_id    TEXT PRIMARY KEY,
    heap_id     TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    type        TEXT    NOT NULL DEFAULT 'document',
    title       TEXT    NOT NULL DEFAULT '',
    icon        TEXT,
    preview     TEXT    NOT NULL DEFAULT '',
    pinned      INTEGER NOT NULL DEFAULT 0,
    has_content INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    created_by  TEXT,                                             -- NULL: made here
    updated_by  TEXT,
    deleted_at  INTEGER,
    deleted_by  TEXT,
    changed     INTEGER NOT NULL,                                 -- stamp of the change clock
    doc_error   TEXT
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX block_changed ON block (heap_id, changed);

CREATE TABLE block_doc (
    block_id     TEXT PRIMARY KEY REFERENCES block (block_id) ON DELETE CASCADE,
    sync_version INTEGER NOT NULL,
    fmt          INTEGER NOT NULL CHECK (fmt IN (0, 1)),          -- 1: zlib
    state        BLOB    NOT NULL,
    sv           BLOB    NOT NULL,                                -- state vector of all of it
    gap          INTEGER NOT NULL,                                -- whether predecessors are missing
    size_bytes   INTEGER NOT NULL,                                -- of all of it, merged
    tail_n       INTEGER NOT NULL,
    tail_bytes   INTEGER NOT NULL,
    tail_at      INTEGER NOT NULL,                                -- when the last update came
    last_update  INTEGER NOT NULL,                                -- its number
    derived_to   INTEGER NOT NULL DEFAULT 0                       -- number of the last update that the block's facts know
) STRICT, WITHOUT ROWID;

CREATE INDEX block_doc_tail ON block_doc (tail_n, tail_at) WHERE tail_n > 0;

CREATE INDEX block_doc_to_derive ON block_doc (block_id) WHERE derived_to < last_update;

CREATE TABLE block_fact (
    block_fact_id INTEGER PRIMARY KEY,
    block_id      TEXT    NOT NULL UNIQUE REFERENCES block (block_id) ON DELETE CASCADE,
    title         TEXT    NOT NULL,
    words         TEXT    NOT NULL,                               -- the plain text
    names         TEXT    NOT NULL,                               -- of its files
    files         TEXT    NOT NULL CHECK (json_valid(files)),     -- newest first: hash, name, size, mime, added_at
    apps          TEXT    NOT NULL CHECK (json_valid(apps)),
    attributes    TEXT    NOT NULL CHECK (json_valid(attributes))
) STRICT;

CREATE TRIGGER block_fact_resaid AFTER UPDATE OF title, words, names ON block_fact BEGIN
    INSERT INTO block_search (block_search, rowid, title, words, names)
    VALUES ('delete', old.block_fact_id, old.title, old.words, old.names);
    INSERT INTO block_search (rowid, title, words, names) VALUES (new.block_fact_id, new.title, new.words, new.names);
END;

CREATE TRIGGER block_fact_said AFTER INSERT ON block_fact BEGIN
    INSERT INTO block_search (rowid, title, words, names) VALUES (new.block_fact_id, new.title, new.words, new.names);
END;

CREATE TRIGGER block_fact_unsaid AFTER DELETE ON block_fact BEGIN
    INSERT INTO block_search (block_search, rowid, title, words, names)
    VALUES ('delete', old.block_fact_id, old.title, old.words, old.names);
END;

CREATE TABLE block_file (
    block_id    TEXT    NOT NULL,
    hash        TEXT    NOT NULL,                                 -- SHA-256, hex
    heap_id     TEXT    NOT NULL,
    file_id     INTEGER NOT NULL REFERENCES file (file_id),
    user_id     TEXT    NOT NULL REFERENCES user (user_id),       -- against whose quota it counts, each hash once
    name        TEXT    NOT NULL,
    mime        TEXT    NOT NULL,                                 -- as its bytes say
    added_at    INTEGER NOT NULL,
    PRIMARY KEY (block_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX block_file_by_age ON block_file (added_at);

CREATE TABLE block_file_fact (
    file_id     INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    width       INTEGER,
    height      INTEGER,
    duration_ms INTEGER,
    has_picture INTEGER NOT NULL,                                 -- whether small pictures can be made of it
    failure     TEXT                                              -- why nothing is known
, orientation INTEGER, taken_at INTEGER) STRICT;

CREATE INDEX block_file_of_file ON block_file (file_id);

CREATE INDEX block_file_of_hash ON block_file (hash, user_id);

CREATE INDEX block_file_of_user ON block_file (user_id);

CREATE TABLE block_history (
    block_history_id INTEGER PRIMARY KEY,                         -- of the last update folded in, so that both are one row of numbers
    block_id         TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    first_at         INTEGER NOT NULL,
    last_at          INTEGER NOT NULL,
    user_id          TEXT,
    device           TEXT,
    kind             TEXT    NOT NULL CHECK (kind IN ('update', 'window', 'base')),
    n                INTEGER NOT NULL,
    size_bytes       INTEGER NOT NULL,
    data             BLOB    NOT NULL                             -- zlib
) STRICT;

CREATE INDEX block_history_of_block ON block_history (block_id, block_history_id);

CREATE INDEX block_list ON block (heap_id, deleted_at, updated_at);

CREATE TABLE block_of_file (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    block_id   TEXT    NOT NULL UNIQUE,
    heap_id    TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    hash       TEXT,                                              -- SHA-256 as the document says; NULL: it says nothing yet
    path       TEXT,                                              -- below the root, as the document says
    is_trashed INTEGER NOT NULL DEFAULT 0 CHECK (is_trashed IN (0, 1)) -- by a scan: comes back with its file
) STRICT;

CREATE INDEX block_of_file_of_heap ON block_of_file (heap_id);

CREATE TABLE block_of_folder (
    folder_id  INTEGER PRIMARY KEY REFERENCES folder (folder_id) ON DELETE CASCADE,
    block_id   TEXT    NOT NULL UNIQUE,
    heap_id    TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    is_written INTEGER NOT NULL DEFAULT 0 CHECK (is_written IN (0, 1)),
    is_trashed INTEGER NOT NULL DEFAULT 0 CHECK (is_trashed IN (0, 1))
) STRICT;

CREATE INDEX block_of_folder_of_heap ON block_of_folder (heap_id);

CREATE TABLE block_relation (
    src      TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    dst      TEXT    NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('tag', 'mention')),
    added_at INTEGER,
    PRIMARY KEY (src, kind, dst)
) STRICT, WITHOUT ROWID;

CREATE INDEX block_relation_to ON block_relation (dst, kind);

CREATE VIRTUAL TABLE block_search USING fts5 (
    title, words, names, content = 'block_fact', content_rowid = 'block_fact_id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TABLE block_tombstone (
    block_id     TEXT PRIMARY KEY,
    heap_id      TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    sync_version INTEGER NOT NULL,
    deleted_at   INTEGER NOT NULL,
    changed      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX block_tombstone_changed ON block_tombstone (heap_id, changed);

CREATE TABLE block_update (
    block_update_id INTEGER PRIMARY KEY AUTOINCREMENT,
    block_id        TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    created_at      INTEGER NOT NULL,
    user_id         TEXT,
    device          TEXT,
    data            BLOB    NOT NULL
) STRICT;

CREATE INDEX block_update_of_block ON block_update (block_id, block_update_id);

CREATE TABLE challenge (
    challenge_hash BLOB PRIMARY KEY,                              -- SHA-256; of a short code, keyed with the subject
    kind           TEXT    NOT NULL CHECK (kind IN ('code', 'key', 'oidc', 'pairing')),
    subject        TEXT    NOT NULL,                              -- phone, public key, state, …
    address        TEXT    NOT NULL DEFAULT '',
    data           TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(data)),
    tries          INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_expiry ON challenge (expires_at);

CREATE INDEX challenge_subject ON challenge (kind, subject, created_at);

CREATE TABLE change_clock (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    last_stamp INTEGER NOT NULL,
    epoch      TEXT    NOT NULL
) STRICT;

CREATE TABLE client_thumbnail (
    block_id TEXT    NOT NULL REFERENCES block (block_id) ON DELETE CASCADE,
    hash     TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    type     TEXT    NOT NULL CHECK (type IN ('image', 'video', 'animated', 'audio', 'document')),
    size     TEXT    NOT NULL CHECK (size IN ('tiny', 'small', 'medium', 'large')),
    width    INTEGER NOT NULL,
    height   INTEGER NOT NULL,
    format   TEXT    NOT NULL CHECK (format IN ('webp', 'jpeg', 'png')),
    data     BLOB    NOT NULL,
    made_at  INTEGER NOT NULL,
    PRIMARY KEY (block_id, hash, key)
) STRICT;

CREATE TABLE clip (
    clip_id           TEXT PRIMARY KEY,
    added_by          TEXT    NOT NULL REFERENCES user (user_id),
    original_url      TEXT    NOT NULL UNIQUE,                    -- normalised; kept for ever
    platform          TEXT    NOT NULL,                           -- key of the table of platforms
    content_type      TEXT    NOT NULL CHECK (content_type IN ('video', 'music')),
    status            TEXT    NOT NULL CHECK (status IN ('downloading', 'ready', 'failed', 'deleted')),
    caption           TEXT,                                       -- the member's own words
    source_title      TEXT,                                       -- the source's
    video_file_id     INTEGER REFERENCES file (file_id) ON DELETE SET NULL,
    audio_file_id     INTEGER REFERENCES file (file_id) ON DELETE SET NULL,
    thumbnail_file_id INTEGER REFERENCES file (file_id) ON DELETE SET NULL,
    width             INTEGER,
    height            INTEGER,
    duration_ms       INTEGER,
    size_bytes        INTEGER,                                    -- of all its files
    artist            TEXT,
    album_art_url     TEXT,
    spotify_url       TEXT,
    apple_music_url   TEXT,
    youtube_music_url TEXT,
    creator_name      TEXT,
    creator_url       TEXT,
    source_view_count INTEGER,
    failure_code      TEXT,                                       -- too_large, unavailable, timed_out, …
    failure_reason    TEXT,                                       -- the sentence that goes with it
    starts            INTEGER NOT NULL DEFAULT 0,                 -- how often its download was begun
    heat              INTEGER NOT NULL DEFAULT 0,                 -- reactions, comments and views; kept by triggers
    created_at        INTEGER NOT NULL,
    ready_at          INTEGER,
    CHECK ((status = 'failed') = (failure_code IS NOT NULL))
) STRICT;

CREATE INDEX clip_audio_file ON clip (audio_file_id) WHERE audio_file_id IS NOT NULL;

CREATE TRIGGER clip_became_ready AFTER UPDATE OF status ON clip
WHEN new.status = 'ready' AND old.status <> 'ready' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT user.user_id, new.created_at, new.clip_id, new.added_by
      FROM user
     WHERE user.state = 'active'
       AND NOT EXISTS (SELECT 1 FROM clip_watch
                        WHERE clip_watch.clip_id = new.clip_id AND clip_watch.user_id = user.user_id)
       AND NOT EXISTS (SELECT 1 FROM clip_dismissal
                        WHERE clip_dismissal.clip_id = new.clip_id AND clip_dismissal.user_id = user.user_id)
        ON CONFLICT DO NOTHING;
END;

CREATE INDEX clip_by_size ON clip (size_bytes) WHERE size_bytes IS NOT NULL;

CREATE INDEX clip_by_status ON clip (status, created_at, clip_id);

CREATE TRIGGER clip_came_ready AFTER INSERT ON clip WHEN new.status = 'ready' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT user.user_id, new.created_at, new.clip_id, new.added_by FROM user WHERE user.state = 'active';
END;

CREATE TABLE clip_comment (
    clip_comment_id TEXT PRIMARY KEY,
    clip_id         TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id         TEXT    NOT NULL REFERENCES user (user_id),
    parent_id       TEXT REFERENCES clip_comment (clip_comment_id) ON DELETE CASCADE,
    text            TEXT    NOT NULL,
    gif_url         TEXT,
    created_at      INTEGER NOT NULL,
    CHECK (text <> '' OR gif_url IS NOT NULL)
) STRICT;

CREATE INDEX clip_comment_answers ON clip_comment (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE clip_comment_heart (
    clip_comment_id TEXT    NOT NULL REFERENCES clip_comment (clip_comment_id) ON DELETE CASCADE,
    user_id         TEXT    NOT NULL REFERENCES user (user_id),
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (clip_comment_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_comment_of_clip ON clip_comment (clip_id, created_at, user_id);

CREATE TABLE clip_comment_view (
    clip_id   TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id   TEXT    NOT NULL REFERENCES user (user_id),
    viewed_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER clip_cooled_by_comment AFTER DELETE ON clip_comment BEGIN
    UPDATE clip SET heat = heat - 1 WHERE clip_id = old.clip_id;
END;

CREATE TRIGGER clip_cooled_by_reaction AFTER DELETE ON clip_reaction BEGIN
    UPDATE clip SET heat = heat - 1 WHERE clip_id = old.clip_id;
END;

CREATE TABLE clip_dismissal (
    clip_id      TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id      TEXT    NOT NULL REFERENCES user (user_id),
    dismissed_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_dismissal_of_member ON clip_dismissal (user_id, dismissed_at, clip_id);

CREATE TABLE clip_favorite (
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL REFERENCES user (user_id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_favorite_of_member ON clip_favorite (user_id, created_at, clip_id);

CREATE INDEX clip_hottest ON clip (heat, source_view_count, created_at, clip_id) WHERE status <> 'deleted';

CREATE INDEX clip_largest ON clip (size_bytes, clip_id) WHERE status <> 'deleted';

CREATE INDEX clip_listed ON clip (created_at, clip_id) WHERE status <> 'deleted';

CREATE INDEX clip_newest ON clip (created_at, clip_id);

CREATE INDEX clip_of_member ON clip (added_by, created_at, clip_id) WHERE status <> 'deleted';

CREATE TABLE clip_reaction (
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL REFERENCES user (user_id),
    emoji      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE clip_share_token (
    user_id    TEXT PRIMARY KEY REFERENCES user (user_id) ON DELETE CASCADE,
    token_hash TEXT    NOT NULL UNIQUE,                           -- SHA-256, hex
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_thumbnail_file ON clip (thumbnail_file_id) WHERE thumbnail_file_id IS NOT NULL;

CREATE TABLE clip_unwatched (
    user_id    TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,                                  -- the clip's, as `added_by`
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    added_by   TEXT    NOT NULL,
    PRIMARY KEY (user_id, created_at, clip_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_unwatched_in_turn ON clip_unwatched (user_id, added_by, created_at, clip_id);

CREATE INDEX clip_unwatched_of_clip ON clip_unwatched (clip_id, user_id);

CREATE INDEX clip_video_file ON clip (video_file_id) WHERE video_file_id IS NOT NULL;

CREATE TRIGGER clip_warmed_by_comment AFTER INSERT ON clip_comment BEGIN
    UPDATE clip SET heat = heat + 1 WHERE clip_id = new.clip_id;
END;

CREATE TRIGGER clip_warmed_by_reaction AFTER INSERT ON clip_reaction BEGIN
    UPDATE clip SET heat = heat + 1 WHERE clip_id = new.clip_id;
END;

CREATE TRIGGER clip_was_dismissed AFTER INSERT ON clip_dismissal BEGIN
    DELETE FROM clip_unwatched WHERE clip_id = new.clip_id AND user_id = new.user_id;
END;

CREATE TRIGGER clip_was_ready AFTER UPDATE OF status ON clip WHEN new.status <> 'ready' AND old.status = 'ready' BEGIN
    DELETE FROM clip_unwatched WHERE clip_id = new.clip_id;
END;

CREATE TRIGGER clip_was_restored AFTER DELETE ON clip_dismissal BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT old.user_id, clip.created_at, clip.clip_id, clip.added_by
      FROM clip
     WHERE clip.clip_id = old.clip_id AND clip.status = 'ready'
       AND EXISTS (SELECT 1 FROM user WHERE user.user_id = old.user_id AND user.state = 'active')
       AND NOT EXISTS (SELECT 1 FROM clip_watch
                        WHERE clip_watch.clip_id = old.clip_id AND clip_watch.user_id = old.user_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER clip_was_unwatched AFTER DELETE ON clip_watch BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT old.user_id, clip.created_at, clip.clip_id, clip.added_by
      FROM clip
     WHERE clip.clip_id = old.clip_id AND clip.status = 'ready'
       AND EXISTS (SELECT 1 FROM user WHERE user.user_id = old.user_id AND user.state = 'active')
       AND NOT EXISTS (SELECT 1 FROM clip_dismissal
                        WHERE clip_dismissal.clip_id = old.clip_id AND clip_dismissal.user_id = old.user_id)
        ON CONFLICT DO NOTHING;
    UPDATE clip SET heat = heat - 1 WHERE clip_id = old.clip_id;
END;

CREATE TRIGGER clip_was_watched AFTER INSERT ON clip_watch BEGIN
    DELETE FROM clip_unwatched WHERE clip_id = new.clip_id AND user_id = new.user_id;
    UPDATE clip SET heat = heat + 1 WHERE clip_id = new.clip_id;
END;

CREATE TABLE clip_watch (
    clip_id    TEXT    NOT NULL REFERENCES clip (clip_id) ON DELETE CASCADE,
    user_id    TEXT    NOT NULL REFERENCES user (user_id),
    percent    INTEGER CHECK (percent BETWEEN 0 AND 100),         -- only rises; NULL: nobody said how far
    watched_at INTEGER NOT NULL,                                  -- the first time
    PRIMARY KEY (clip_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX clip_watch_of_member ON clip_watch (user_id, watched_at, clip_id);

CREATE TRIGGER clip_watcher_came AFTER UPDATE OF state ON user WHEN new.state = 'active' AND old.state <> 'active' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT new.user_id, clip.created_at, clip.clip_id, clip.added_by
      FROM clip
     WHERE clip.status = 'ready'
       AND NOT EXISTS (SELECT 1 FROM clip_watch
                        WHERE clip_watch.clip_id = clip.clip_id AND clip_watch.user_id = new.user_id)
       AND NOT EXISTS (SELECT 1 FROM clip_dismissal
                        WHERE clip_dismissal.clip_id = clip.clip_id AND clip_dismissal.user_id = new.user_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER clip_watcher_left AFTER UPDATE OF state ON user WHEN new.state = 'removed' BEGIN
    DELETE FROM clip_unwatched WHERE user_id = new.user_id;
END;

CREATE TRIGGER clip_watcher_made AFTER INSERT ON user WHEN new.state = 'active' BEGIN
    INSERT INTO clip_unwatched (user_id, created_at, clip_id, added_by)
    SELECT new.user_id, clip.created_at, clip.clip_id, clip.added_by FROM clip WHERE clip.status = 'ready';
END;

CREATE TABLE credit (
    item_id      INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    performer_id INTEGER NOT NULL REFERENCES performer (performer_id) ON DELETE CASCADE,
    job          TEXT    NOT NULL,                     -- actor | director | writer
    role         TEXT    NOT NULL DEFAULT '',
    position     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, performer_id, job, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX credit_performer ON credit (performer_id);

CREATE TABLE digest (
    user_id TEXT    PRIMARY KEY REFERENCES user (user_id) ON DELETE CASCADE,
    sent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dismissed_file (
    root_id      INTEGER NOT NULL REFERENCES root (root_id) ON DELETE CASCADE,
    path         TEXT    NOT NULL,
    slice        TEXT    NOT NULL,
    quick_hash   TEXT,
    dismissed_at INTEGER NOT NULL,
    PRIMARY KEY (root_id, path, slice)
) STRICT, WITHOUT ROWID;

CREATE TABLE edit (
    edit_id   INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at   INTEGER NOT NULL,
    made_by   TEXT    NOT NULL,                        -- user_id
    what      TEXT    NOT NULL,
    undone_at INTEGER
) STRICT;

CREATE TABLE edit_item (
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    edit_id INTEGER NOT NULL REFERENCES edit (edit_id) ON DELETE CASCADE,
    before  BLOB    NOT NULL,
    PRIMARY KEY (item_id, edit_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX edit_item_edit ON edit_item (edit_id);

CREATE INDEX edit_made ON edit (made_at);

CREATE TABLE edit_picture (
    path    TEXT    NOT NULL,
    edit_id INTEGER NOT NULL REFERENCES edit (edit_id) ON DELETE CASCADE,
    PRIMARY KEY (path, edit_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX edit_picture_edit ON edit_picture (edit_id);

CREATE TABLE encoder_trial (
    device         TEXT    NOT NULL,                   -- 'vaapi:/dev/dri/renderD128'; 'software' for the processor
    ffmpeg         TEXT    NOT NULL,                   -- path of the program
    ffmpeg_version TEXT    NOT NULL,
    encoder        TEXT    NOT NULL,                   -- the one for H.264
    is_ok          INTEGER NOT NULL CHECK (is_ok IN (0, 1)),
    fps            REAL,                               -- software: of 1080 lines, else of 720
    error          TEXT,
    found          BLOB    NOT NULL,                   -- msgpack of everything that was found out
    tried_at       INTEGER NOT NULL,
    PRIMARY KEY (device, ffmpeg)
) STRICT, WITHOUT ROWID;

CREATE TABLE face (
    face_id      TEXT PRIMARY KEY,
    photo_id     TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    person_id    TEXT REFERENCES person (person_id) ON DELETE SET NULL,
    image_width  INTEGER NOT NULL,
    image_height INTEGER NOT NULL,
    x1           INTEGER NOT NULL,
    y1           INTEGER NOT NULL,
    x2           INTEGER NOT NULL,
    y2           INTEGER NOT NULL,
    source       TEXT    NOT NULL,                                -- manual, exif, machine-learning
    stamp        INTEGER NOT NULL
) STRICT;

CREATE TRIGGER face_gone_told AFTER DELETE ON face
WHEN EXISTS (SELECT 1 FROM photo WHERE photo.photo_id = old.photo_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT change_clock.last_stamp, 'face', photo.owner_id, json_object('assetFaceId', old.face_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock JOIN photo ON photo.photo_id = old.photo_id;
END;

CREATE INDEX face_person ON face (person_id) WHERE person_id IS NOT NULL;

CREATE INDEX face_photo ON face (photo_id);

CREATE TRIGGER face_resaid AFTER UPDATE OF person_id ON face BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER face_said AFTER INSERT ON face BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE INDEX face_stamp ON face (stamp, face_id);

CREATE TRIGGER face_unsaid AFTER DELETE ON face BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (old.photo_id) ON CONFLICT DO NOTHING;
END;

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

CREATE INDEX file_any_size ON file (size_bytes) WHERE kind = 'file';

CREATE TABLE file_beside (
    file_id  INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    block_id TEXT    NOT NULL,
    heap_id  TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE
) STRICT;

CREATE INDEX file_beside_of_block ON file_beside (block_id);

CREATE INDEX file_beside_of_heap ON file_beside (heap_id);

CREATE INDEX file_failed ON file (root_id, path) WHERE probe_error IS NOT NULL AND missing_since_at IS NULL;

CREATE INDEX file_folder ON file (folder_id);

CREATE INDEX file_missing ON file (root_id, size_bytes) WHERE missing_since_at IS NOT NULL;

CREATE INDEX file_not_whole ON file (root_id, path) WHERE kind = 'file' AND sha256 IS NULL AND missing_since_at IS NULL;

CREATE INDEX file_picture_size ON file (size_bytes) WHERE kind = 'photo';

CREATE INDEX file_playlist ON file (root_id) WHERE kind = 'playlist';

CREATE INDEX file_quick_hash ON file (quick_hash) WHERE quick_hash IS NOT NULL;

CREATE INDEX file_sample ON file (root_id) WHERE kind = 'sample';

CREATE INDEX file_size ON file (size_bytes) WHERE kind = 'video';

CREATE INDEX file_sound_size ON file (size_bytes) WHERE kind = 'audio';

CREATE INDEX file_unhashed ON file (root_id, file_id)
    WHERE quick_hash IS NULL AND kind = 'photo' AND missing_since_at IS NULL;

CREATE INDEX file_unprobed ON file (root_id, file_id) WHERE probed_at IS NULL AND kind = 'video' AND missing_since_at IS NULL;

CREATE INDEX file_unread ON file (root_id, file_id) WHERE probed_at IS NULL AND kind = 'audio' AND missing_since_at IS NULL;

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

CREATE TABLE heap (
    heap_id          TEXT PRIMARY KEY,
    block_id         TEXT    NOT NULL,                            -- its index block
    owner_id         TEXT    NOT NULL REFERENCES user (user_id),
    type             TEXT    NOT NULL CHECK (type IN ('server', 'folder')),
    title            TEXT    NOT NULL,
    icon             TEXT,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    deleted_at       INTEGER,
    purge_at         INTEGER,
    forgotten_to     INTEGER NOT NULL DEFAULT 0, library_id TEXT REFERENCES library (library_id) ON DELETE SET NULL, read_only INTEGER NOT NULL DEFAULT 0 CHECK (read_only IN (0, 1)), delete_originals INTEGER NOT NULL DEFAULT 0 CHECK (delete_originals IN (0, 1)),                  -- newest stamp of purged blocks that nothing is left of
    CHECK ((deleted_at IS NULL) = (purge_at IS NULL))
) STRICT;

CREATE UNIQUE INDEX heap_of_library ON heap (library_id) WHERE library_id IS NOT NULL;

CREATE INDEX heap_of_owner ON heap (owner_id, last_activity_at);

CREATE TABLE heap_scan (
    scan_id      INTEGER PRIMARY KEY,
    heap_id      TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    user_id      TEXT    NOT NULL,                                -- who asked for it
    kind         TEXT    NOT NULL CHECK (kind IN ('scan', 'reindex')),
    path         TEXT    NOT NULL,                                -- below the root
    is_recursive INTEGER NOT NULL CHECK (is_recursive IN (0, 1)),
    asked_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX heap_scan_by_age ON heap_scan (asked_at);

CREATE INDEX heap_scan_of_heap ON heap_scan (heap_id);

CREATE INDEX heap_to_purge ON heap (purge_at) WHERE purge_at IS NOT NULL;

CREATE TABLE household (
    only         INTEGER PRIMARY KEY CHECK (only = 1),
    household_id TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    accent       INTEGER,
    host_id      TEXT,
    machine_id   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL
, accent_name TEXT, retention_days INTEGER, max_file_mb INTEGER DEFAULT 500, max_storage_mb INTEGER, platform_mode TEXT NOT NULL DEFAULT 'all' CHECK (platform_mode IN ('all', 'allow', 'block')), platform_list TEXT CHECK (platform_list IS NULL OR json_valid(platform_list)), download_provider TEXT, shortcut_token TEXT, shortcut_url TEXT) STRICT;

CREATE TABLE invite (
    invite_id          TEXT PRIMARY KEY,
    token_hash         BLOB UNIQUE,                               -- NULL for the standing one
    code               TEXT UNIQUE,                               -- readable: the standing one alone
    is_standing        INTEGER NOT NULL DEFAULT 0 CHECK (is_standing IN (0, 1)),
    label              TEXT    NOT NULL DEFAULT '',
    libraries          TEXT    NOT NULL DEFAULT '"all"' CHECK (json_valid(libraries)),
    restriction        TEXT CHECK (restriction IS NULL OR json_valid(restriction)),
    max_uses           INTEGER,                                   -- NULL for the standing one
    use_count          INTEGER NOT NULL DEFAULT 0,
    created_by         TEXT,
    created_at         INTEGER NOT NULL,
    expires_at         INTEGER,
    account_expires_ms INTEGER,
    revoked_at         INTEGER,
    CHECK ((token_hash IS NULL) = (is_standing = 1)),
    CHECK ((code IS NOT NULL) = (is_standing = 1))
) STRICT;

CREATE INDEX invite_newest ON invite (created_at);

CREATE UNIQUE INDEX invite_standing ON invite (is_standing) WHERE is_standing = 1 AND revoked_at IS NULL;

CREATE TABLE invite_use (
    invite_id TEXT    NOT NULL REFERENCES invite (invite_id) ON DELETE CASCADE,
    user_id   TEXT    NOT NULL,
    used_at   INTEGER NOT NULL,
    PRIMARY KEY (invite_id, user_id)
) STRICT, WITHOUT ROWID;

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
, audience_id INTEGER NOT NULL DEFAULT 0, votes INTEGER, shown_season INTEGER, shown_number INTEGER) STRICT;

CREATE TABLE item_artist (
    artist_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    item_id   INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    position  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (artist_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_artist_item ON item_artist (item_id, position);

CREATE INDEX item_by_added ON item (library_id, kind, added_at, item_id, missing_since_at, audience_id);

CREATE INDEX item_by_duration ON item (library_id, kind, duration_ms, item_id, missing_since_at, audience_id);

CREATE INDEX item_by_identity ON item (identity_key, library_id, kind);

CREATE INDEX item_by_letter ON item (library_id, kind, letter, missing_since_at, audience_id);

CREATE INDEX item_by_rating ON item (library_id, kind, rating, item_id, missing_since_at, audience_id);

CREATE INDEX item_by_released ON item (library_id, kind, release_date, item_id, missing_since_at, audience_id);

CREATE INDEX item_by_title ON item (library_id, kind, sort_title, item_id, missing_since_at, audience_id);

CREATE INDEX item_by_year ON item (library_id, kind, year, item_id, missing_since_at, audience_id);

CREATE TABLE item_field (
    item_id   INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    field     TEXT    NOT NULL,
    source    TEXT    NOT NULL CHECK (source IN ('manual', 'nfo', 'embedded', 'filename', 'tmdb')),
    value     TEXT    NOT NULL,                        -- JSON
    is_locked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, field, source)
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

CREATE TABLE item_identity (
    identity_key TEXT    NOT NULL,
    item_id      INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    library_kind TEXT    NOT NULL,
    PRIMARY KEY (identity_key, item_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_identity_by_item ON item_identity (item_id);

CREATE TABLE item_label (
    item_id   INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    kind      TEXT    NOT NULL CHECK (kind IN ('genre', 'label', 'collection')),
    value_key TEXT    NOT NULL,
    value     TEXT    NOT NULL,
    position  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (item_id, kind, value_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_label_value ON item_label (kind, value_key, item_id);

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

CREATE TABLE item_memory (
    library_kind  TEXT    NOT NULL,
    known_as      TEXT    NOT NULL,                    -- any identity the item had
    identity_key  TEXT    NOT NULL,
    rating_key    TEXT    NOT NULL,
    added_at      INTEGER NOT NULL,
    remembered_at INTEGER NOT NULL,
    PRIMARY KEY (library_kind, known_as)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_missing ON item (library_id, missing_since_at) WHERE missing_since_at IS NOT NULL;

CREATE INDEX item_parent ON item
    (parent_id, kind, parent_number, number, air_date, sort_title, item_id, missing_since_at, audience_id)
    WHERE parent_id IS NOT NULL;

CREATE VIRTUAL TABLE "item_search" USING fts5 (
    title, other_titles, people,
    tokenize = "ascii", prefix = '1 2 3', detail = column
);

CREATE TABLE item_source (
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL CHECK (kind IN ('nfo', 'embedded', 'still', 'cover', 'facts')),
    mark    TEXT    NOT NULL,                          -- of the files read: path, size, mtime
    problem TEXT,                                      -- why it failed; null when it was read well
    PRIMARY KEY (item_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX item_stamp ON item (library_id, stamp);

CREATE INDEX item_todo ON item (library_id, item_id) WHERE todo <> 0;

CREATE INDEX item_with_art ON item (library_id, item_id, missing_since_at, audience_id) WHERE art_tag IS NOT NULL;

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

CREATE INDEX job_ended ON job (finished_at) WHERE state IN ('done', 'failed', 'cancelled');

CREATE INDEX job_next ON job (lane, run_after_at, job_id) WHERE state = 'queued';

CREATE UNIQUE INDEX job_open_key ON job (kind, key) WHERE state IN ('queued', 'running');

CREATE TABLE keyframe_index (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    size_bytes INTEGER NOT NULL,
    mtime_ns   INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('whole', 'part', 'failed')),
    body       BLOB,
    made_at    INTEGER NOT NULL
) STRICT;

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

CREATE TABLE memory (
    memory_id  TEXT PRIMARY KEY,
    owner_id   TEXT    NOT NULL REFERENCES user (user_id),
    year       INTEGER NOT NULL,
    memory_at  INTEGER NOT NULL,
    show_at    INTEGER,
    hide_at    INTEGER,
    seen_at    INTEGER,
    is_saved   INTEGER NOT NULL DEFAULT 0 CHECK (is_saved IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    stamp      INTEGER NOT NULL
) STRICT;

CREATE TABLE memory_edit (
    rating_key    TEXT    PRIMARY KEY,
    state         BLOB    NOT NULL,
    remembered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX memory_edit_age ON memory_edit (remembered_at);

CREATE TRIGGER memory_gone_told AFTER DELETE ON memory BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'memory', old.owner_id, json_object('memoryId', old.memory_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE INDEX memory_owner ON memory (owner_id, memory_at);

CREATE TABLE memory_photo (
    memory_id TEXT    NOT NULL REFERENCES memory (memory_id) ON DELETE CASCADE,
    photo_id  TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    stamp     INTEGER NOT NULL,
    PRIMARY KEY (memory_id, photo_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER memory_photo_gone_told AFTER DELETE ON memory_photo
WHEN EXISTS (SELECT 1 FROM memory WHERE memory.memory_id = old.memory_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT change_clock.last_stamp, 'memory_asset', memory.owner_id,
           json_object('memoryId', old.memory_id, 'assetId', old.photo_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock JOIN memory ON memory.memory_id = old.memory_id;
END;

CREATE INDEX memory_photo_photo ON memory_photo (photo_id);

CREATE INDEX memory_photo_stamp ON memory_photo (stamp, photo_id);

CREATE TABLE memory_picture (
    path       TEXT NOT NULL,
    rating_key TEXT NOT NULL REFERENCES memory_edit (rating_key) ON DELETE CASCADE,
    PRIMARY KEY (path, rating_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX memory_picture_of ON memory_picture (rating_key);

CREATE TABLE notification (
    notification_id TEXT PRIMARY KEY,
    user_id         TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    family          TEXT    NOT NULL,                             -- share, clip, photo, member, server
    type            TEXT    NOT NULL,
    share_id        TEXT REFERENCES share (share_id) ON DELETE SET NULL,
    subject_id      TEXT,
    actor_id        TEXT,
    details         TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(details)),
    fold_key        TEXT,                                         -- repeats fold into the one unread row of this key
    told_by         TEXT    NOT NULL,                             -- key of the job that wrote it last: it may run twice
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    read_at         INTEGER
) STRICT;

CREATE TRIGGER notification_added_counted AFTER INSERT ON notification BEGIN
    INSERT INTO notification_count (user_id, family, unread, kept)
    VALUES (new.user_id, new.family, new.read_at IS NULL, 1)
    ON CONFLICT (user_id, family) DO UPDATE SET unread = unread + excluded.unread, kept = kept + 1;
END;

CREATE TABLE notification_count (
    user_id TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    family  TEXT    NOT NULL,
    unread  INTEGER NOT NULL DEFAULT 0,
    kept    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, family)
) STRICT, WITHOUT ROWID;

CREATE INDEX notification_end ON notification (updated_at) WHERE read_at IS NULL;

CREATE INDEX notification_family ON notification (user_id, family, created_at DESC, notification_id DESC);

CREATE UNIQUE INDEX notification_fold ON notification (user_id, family, type, fold_key)
    WHERE read_at IS NULL AND fold_key IS NOT NULL;

CREATE TRIGGER notification_gone_counted AFTER DELETE ON notification BEGIN
    UPDATE notification_count SET unread = unread - (old.read_at IS NULL), kept = kept - 1
     WHERE user_id = old.user_id AND family = old.family;
END;

CREATE INDEX notification_inbox ON notification (user_id, updated_at DESC, notification_id DESC);

CREATE TRIGGER notification_read_counted AFTER UPDATE OF read_at ON notification
WHEN (old.read_at IS NULL) <> (new.read_at IS NULL) BEGIN
    UPDATE notification_count SET unread = unread + (new.read_at IS NULL) - (old.read_at IS NULL)
     WHERE user_id = new.user_id AND family = new.family;
END;

CREATE INDEX notification_read_end ON notification (read_at) WHERE read_at IS NOT NULL;

CREATE INDEX notification_share ON notification (share_id) WHERE share_id IS NOT NULL;

CREATE INDEX notification_subject ON notification (family, subject_id) WHERE subject_id IS NOT NULL;

CREATE INDEX notification_unread ON notification (user_id, family, created_at DESC, notification_id DESC)
    WHERE read_at IS NULL;

CREATE TABLE opened_folder (
    user_id   TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    path      TEXT    NOT NULL,                                   -- absolute, real
    opened_by TEXT    NOT NULL,
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE performer (
    performer_id INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL UNIQUE,
    image        TEXT
) STRICT;

CREATE TABLE person (
    person_id   TEXT PRIMARY KEY,
    owner_id    TEXT    NOT NULL REFERENCES user (user_id),
    name        TEXT    NOT NULL DEFAULT '',
    birth_date  TEXT,                                             -- YYYY-MM-DD
    color       TEXT,
    is_hidden   INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)),
    is_favorite INTEGER NOT NULL DEFAULT 0 CHECK (is_favorite IN (0, 1)),
    face_id     TEXT,                                             -- whose picture stands for him
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    stamp       INTEGER NOT NULL
) STRICT;

CREATE TRIGGER person_gone_told AFTER DELETE ON person BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'person', old.owner_id, json_object('personId', old.person_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE INDEX person_owner ON person (owner_id, name);

CREATE TRIGGER person_resaid AFTER UPDATE OF name ON person BEGIN
    INSERT INTO photo_unindexed (photo_id)
    SELECT face.photo_id FROM face WHERE face.person_id = new.person_id
        ON CONFLICT DO NOTHING;
END;

CREATE TABLE photo (
    photo_id        TEXT PRIMARY KEY,                             -- UUID
    owner_id        TEXT    NOT NULL REFERENCES user (user_id),
    file_id         INTEGER NOT NULL UNIQUE REFERENCES file (file_id),
    library_id      TEXT REFERENCES library (library_id) ON DELETE CASCADE,  -- null: uploaded
    kind            TEXT    NOT NULL CHECK (kind IN ('IMAGE', 'VIDEO', 'AUDIO', 'OTHER')),
    checksum        BLOB    NOT NULL,                             -- SHA-1 of the bytes; of a scanned file, of its path
    original_name   TEXT    NOT NULL,
    size_bytes      INTEGER NOT NULL,
    taken_at        INTEGER NOT NULL,                             -- the instant, ms UTC
    local_taken_at  INTEGER NOT NULL,                             -- the clock on the wall, written as if UTC
    modified_at     INTEGER NOT NULL,                             -- of the file, as its device said
    month           INTEGER NOT NULL,                             -- of local_taken_at: year * 12 + month - 1
    duration_ms     INTEGER,                                      -- null for stills
    width           INTEGER,                                      -- upright
    height          INTEGER,
    thumbhash       BLOB,
    is_favorite     INTEGER NOT NULL DEFAULT 0 CHECK (is_favorite IN (0, 1)),
    visibility      TEXT    NOT NULL DEFAULT 'timeline' CHECK (visibility IN ('timeline', 'archive', 'hidden', 'locked')),
    live_video_id   TEXT REFERENCES photo (photo_id) ON DELETE SET NULL,
    stack_id        TEXT,
    duplicate_id    TEXT,
    device_asset_id TEXT    NOT NULL DEFAULT '',
    device_id       TEXT    NOT NULL DEFAULT '',
    is_offline      INTEGER NOT NULL DEFAULT 0 CHECK (is_offline IN (0, 1)),
    todo            INTEGER NOT NULL DEFAULT 3,                   -- still owed: 1 facts, 2 pictures, 4 playable rendition
    failure         TEXT,                                         -- why there are no pictures of it
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER,                                      -- in the trash since
    stamp           INTEGER NOT NULL
, trashed_before_at INTEGER, is_embedded INTEGER NOT NULL DEFAULT 0 CHECK (is_embedded IN (0, 1))) STRICT;

CREATE UNIQUE INDEX photo_checksum ON photo (owner_id, checksum) WHERE library_id IS NULL;

CREATE TRIGGER photo_counted AFTER INSERT ON photo BEGIN
    INSERT INTO photo_month (owner_id, month, visibility, is_favorite, is_trashed, kind, photos)
    VALUES (new.owner_id, new.month, new.visibility, new.is_favorite, new.deleted_at IS NOT NULL, new.kind, 1)
    ON CONFLICT DO UPDATE SET photos = photos + 1;
END;

CREATE INDEX photo_created ON photo (owner_id, created_at DESC, photo_id, visibility, deleted_at, kind, is_favorite, stack_id);

CREATE INDEX photo_duplicate ON photo (owner_id, duplicate_id) WHERE duplicate_id IS NOT NULL;

CREATE TABLE photo_exif (
    photo_id            TEXT PRIMARY KEY REFERENCES photo (photo_id) ON DELETE CASCADE,
    make                TEXT,
    model               TEXT,
    lens_model          TEXT,
    exif_width          INTEGER,                                  -- as stored, before it is turned upright
    exif_height         INTEGER,
    orientation         TEXT,                                     -- the EXIF number as text
    date_time_original  INTEGER,                                  -- ms UTC
    modify_date         INTEGER,
    time_zone           TEXT,                                     -- IANA name, else UTC+2
    f_number            REAL,
    focal_length        REAL,
    iso                 INTEGER,
    exposure_time       TEXT,
    latitude            REAL,
    longitude           REAL,
    projection_type     TEXT,
    city                TEXT,
    state               TEXT,
    country             TEXT,
    description         TEXT    NOT NULL DEFAULT '',
    rating              INTEGER,
    fps                 REAL,
    profile_description TEXT,
    content_id          TEXT,                                     -- pairs the two files of a live photo
    locked              TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(locked)),  -- edited by hand: never overwritten
    stamp               INTEGER NOT NULL
) STRICT;

CREATE INDEX photo_exif_city ON photo_exif (city, photo_id) WHERE city IS NOT NULL;

CREATE INDEX photo_exif_content ON photo_exif (content_id) WHERE content_id IS NOT NULL;

CREATE INDEX photo_exif_country ON photo_exif (country, state, city, photo_id) WHERE country IS NOT NULL;

CREATE INDEX photo_exif_lens ON photo_exif (lens_model, photo_id) WHERE lens_model IS NOT NULL;

CREATE INDEX photo_exif_make ON photo_exif (make, model, lens_model, photo_id) WHERE make IS NOT NULL;

CREATE INDEX photo_exif_model ON photo_exif (model, photo_id) WHERE model IS NOT NULL;

CREATE INDEX photo_exif_position ON photo_exif (latitude, longitude, photo_id) WHERE latitude IS NOT NULL;

CREATE INDEX photo_exif_rating ON photo_exif (rating, photo_id) WHERE rating IS NOT NULL;

CREATE TRIGGER photo_exif_resaid AFTER UPDATE OF description, city, state, country, make, model, lens_model,
    projection_type ON photo_exif BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER photo_exif_said AFTER INSERT ON photo_exif BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE INDEX photo_exif_stamp ON photo_exif (stamp, photo_id);

CREATE INDEX photo_exif_state ON photo_exif (state, photo_id) WHERE state IS NOT NULL;

CREATE TRIGGER photo_gone_told AFTER DELETE ON photo BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'asset', old.owner_id, json_object('assetId', old.photo_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE INDEX photo_library ON photo (library_id, deleted_at) WHERE library_id IS NOT NULL;

CREATE INDEX photo_live ON photo (live_video_id) WHERE live_video_id IS NOT NULL;

CREATE INDEX photo_look ON photo (owner_id, hex(substr(thumbhash, 1, 3))) WHERE thumbhash IS NOT NULL;

CREATE TABLE photo_meaning (
    photo_id TEXT PRIMARY KEY REFERENCES photo (photo_id) ON DELETE CASCADE,
    model    TEXT NOT NULL,
    slot     INTEGER                                              -- null: its picture cannot be read
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX photo_meaning_slot ON photo_meaning (model, slot) WHERE slot IS NOT NULL;

CREATE TABLE photo_metadata (                                     -- free, of the apps that sent them
    photo_id   TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    value      TEXT    NOT NULL CHECK (json_valid(value)),
    updated_at INTEGER NOT NULL,
    stamp      INTEGER NOT NULL,
    PRIMARY KEY (photo_id, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER photo_metadata_gone_told AFTER DELETE ON photo_metadata
WHEN EXISTS (SELECT 1 FROM photo WHERE photo.photo_id = old.photo_id) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT change_clock.last_stamp, 'asset_metadata', photo.owner_id,
           json_object('assetId', old.photo_id, 'key', old.key),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock JOIN photo ON photo.photo_id = old.photo_id;
END;

CREATE INDEX photo_metadata_stamp ON photo_metadata (stamp, photo_id);

CREATE TABLE photo_month (
    owner_id    TEXT    NOT NULL,
    month       INTEGER NOT NULL,
    visibility  TEXT    NOT NULL,
    is_favorite INTEGER NOT NULL,
    is_trashed  INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    photos      INTEGER NOT NULL,
    PRIMARY KEY (owner_id, month, visibility, is_favorite, is_trashed, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER photo_recounted AFTER UPDATE OF owner_id, month, visibility, is_favorite, deleted_at, kind ON photo
WHEN (new.owner_id, new.month, new.visibility, new.is_favorite, new.deleted_at IS NULL, new.kind)
  <> (old.owner_id, old.month, old.visibility, old.is_favorite, old.deleted_at IS NULL, old.kind)
BEGIN
    UPDATE photo_month SET photos = photos - 1
    WHERE owner_id = old.owner_id AND month = old.month AND visibility = old.visibility AND is_favorite = old.is_favorite
      AND is_trashed = (old.deleted_at IS NOT NULL) AND kind = old.kind;
    INSERT INTO photo_month (owner_id, month, visibility, is_favorite, is_trashed, kind, photos)
    VALUES (new.owner_id, new.month, new.visibility, new.is_favorite, new.deleted_at IS NOT NULL, new.kind, 1)
    ON CONFLICT DO UPDATE SET photos = photos + 1;
END;

CREATE TRIGGER photo_resaid AFTER UPDATE OF original_name, file_id, kind, local_taken_at, width, height, thumbhash,
    live_video_id ON photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER photo_said AFTER INSERT ON photo BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE VIRTUAL TABLE photo_search USING fts5 (
    name, description, words, own_words,
    content = 'photo_text', content_rowid = 'text_id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

CREATE TRIGGER photo_shown_again AFTER UPDATE OF visibility, deleted_at ON photo
WHEN (new.visibility, new.deleted_at IS NULL) <> (old.visibility, old.deleted_at IS NULL) BEGIN
    UPDATE photo_exif SET stamp = new.stamp WHERE photo_id = new.photo_id;
END;

CREATE TABLE photo_sidecar_due (
    photo_id TEXT PRIMARY KEY REFERENCES photo (photo_id) ON DELETE CASCADE,
    stamp    INTEGER NOT NULL                                     -- of the last word
) STRICT, WITHOUT ROWID;

CREATE INDEX photo_sidecar_due_stamp ON photo_sidecar_due (stamp);

CREATE INDEX photo_stack ON photo (stack_id) WHERE stack_id IS NOT NULL;

CREATE INDEX photo_stamp ON photo (stamp, photo_id, owner_id);

CREATE TABLE photo_tag (
    photo_id TEXT NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    tag_id   TEXT NOT NULL REFERENCES tag (tag_id) ON DELETE CASCADE,
    PRIMARY KEY (photo_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER photo_tag_said AFTER INSERT ON photo_tag BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (new.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE INDEX photo_tag_tag ON photo_tag (tag_id, photo_id);

CREATE TRIGGER photo_tag_unsaid AFTER DELETE ON photo_tag BEGIN
    INSERT INTO photo_unindexed (photo_id) VALUES (old.photo_id) ON CONFLICT DO NOTHING;
END;

CREATE INDEX photo_taken ON photo (owner_id, taken_at DESC, photo_id, visibility, deleted_at, kind, is_favorite, stack_id);

CREATE TABLE photo_text (
    text_id     INTEGER PRIMARY KEY,
    photo_id    TEXT NOT NULL UNIQUE REFERENCES photo (photo_id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    path        TEXT NOT NULL,
    description TEXT NOT NULL,
    words       TEXT NOT NULL,                                    -- place, camera, date, kind, colour
    own_words   TEXT NOT NULL
) STRICT;

CREATE TRIGGER photo_text_added AFTER INSERT ON photo_text BEGIN
    INSERT INTO photo_search (rowid, name, description, words, own_words)
    VALUES (new.text_id, new.name, new.description, new.words, new.own_words);
END;

CREATE TRIGGER photo_text_changed AFTER UPDATE ON photo_text BEGIN
    INSERT INTO photo_search (photo_search, rowid, name, description, words, own_words)
    VALUES ('delete', old.text_id, old.name, old.description, old.words, old.own_words);
    INSERT INTO photo_search (rowid, name, description, words, own_words)
    VALUES (new.text_id, new.name, new.description, new.words, new.own_words);
END;

CREATE TRIGGER photo_text_gone AFTER DELETE ON photo_text BEGIN
    INSERT INTO photo_search (photo_search, rowid, name, description, words, own_words)
    VALUES ('delete', old.text_id, old.name, old.description, old.words, old.own_words);
END;

CREATE INDEX photo_timeline ON photo (owner_id, month, taken_at DESC, photo_id) WHERE deleted_at IS NULL;

CREATE INDEX photo_todo ON photo (todo, created_at) WHERE todo <> 0;

CREATE TABLE photo_tombstone (                                    -- what is gone, for 31 days
    stamp      INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,                                  -- asset, album, album_user, album_asset, partner, stack, …
    user_id    TEXT    NOT NULL,                                  -- who is to be told; of what lies in an album, its id
    ids        TEXT    NOT NULL CHECK (json_valid(ids)),
    deleted_at INTEGER NOT NULL
) STRICT;

CREATE INDEX photo_tombstone_age ON photo_tombstone (deleted_at);

CREATE INDEX photo_tombstone_user ON photo_tombstone (user_id, kind, stamp);

CREATE INDEX photo_trash ON photo (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TRIGGER photo_uncounted AFTER DELETE ON photo BEGIN
    UPDATE photo_month SET photos = photos - 1
    WHERE owner_id = old.owner_id AND month = old.month AND visibility = old.visibility AND is_favorite = old.is_favorite
      AND is_trashed = (old.deleted_at IS NOT NULL) AND kind = old.kind;
END;

CREATE TABLE photo_unindexed (
    photo_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER photo_unsaid AFTER DELETE ON photo BEGIN
    DELETE FROM photo_unindexed WHERE photo_id = old.photo_id;
END;

CREATE INDEX photo_updated ON photo (owner_id, updated_at, photo_id);

CREATE TABLE playlist (
    playlist_id INTEGER PRIMARY KEY,
    library_id  TEXT    NOT NULL REFERENCES library (library_id) ON DELETE CASCADE,
    file_id     INTEGER NOT NULL UNIQUE REFERENCES file (file_id) ON DELETE CASCADE,
    title       TEXT    NOT NULL,
    sort_title  TEXT    NOT NULL,
    mark        TEXT    NOT NULL,                      -- size and mtime of what was read
    updated_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE playlist_entry (
    playlist_id INTEGER NOT NULL REFERENCES playlist (playlist_id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    path        TEXT    NOT NULL,
    title       TEXT,                                  -- of #EXTINF
    duration_ms INTEGER,
    root_id     INTEGER REFERENCES root (root_id) ON DELETE SET NULL,
    PRIMARY KEY (playlist_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX playlist_entry_path ON playlist_entry (root_id, path);

CREATE INDEX playlist_library ON playlist (library_id, sort_title, playlist_id);

CREATE TABLE preference (
    user_id  TEXT NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    area     TEXT NOT NULL CHECK (area IN ('playback', 'photos', 'clips', 'notifications')),
    document TEXT NOT NULL CHECK (json_valid(document)),
    PRIMARY KEY (user_id, area)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER preference_added_marked AFTER INSERT ON preference WHEN new.area IN ('photos', 'playback') BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'preferences';
END;

CREATE TRIGGER preference_changed_marked AFTER UPDATE ON preference WHEN new.area IN ('photos', 'playback') BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'preferences';
END;

CREATE TABLE program_version (
    version TEXT PRIMARY KEY,
    began_at INTEGER NOT NULL,
    copy TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE push_subscription (
    push_subscription_id TEXT PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    session_id TEXT,
    endpoint   TEXT    NOT NULL UNIQUE,
    p256dh     TEXT    NOT NULL,
    auth       TEXT    NOT NULL,
    device     TEXT    NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;

CREATE INDEX push_subscription_user ON push_subscription (user_id, created_at);

CREATE TABLE refresh_token (
    jti_hash   BLOB PRIMARY KEY,                                  -- SHA-256
    session_id TEXT    NOT NULL REFERENCES session (session_id) ON DELETE CASCADE,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    successor  BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_token_session ON refresh_token (session_id);

CREATE TABLE rendition (
    file_id    INTEGER NOT NULL REFERENCES file (file_id) ON DELETE CASCADE,
    variant    TEXT    NOT NULL,                                  -- thumbnail, preview, fullsize, video, …
    pipeline   INTEGER NOT NULL,                                  -- version of the maker: older ones are made anew
    path       TEXT    NOT NULL,                                  -- below the folder of renditions
    mime       TEXT    NOT NULL,
    width      INTEGER,
    height     INTEGER,
    size_bytes INTEGER NOT NULL,
    made_at    INTEGER NOT NULL,
    PRIMARY KEY (file_id, variant)
) STRICT, WITHOUT ROWID;

CREATE TABLE restriction (
    user_id          TEXT PRIMARY KEY REFERENCES user (user_id) ON DELETE CASCADE,
    max_age          INTEGER,
    allowed_ratings  TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(allowed_ratings)),
    blocked_ratings  TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(blocked_ratings)),
    blocks_unrated   INTEGER NOT NULL DEFAULT 0 CHECK (blocks_unrated IN (0, 1)),
    allowed_labels   TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(allowed_labels)),
    blocked_labels   TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(blocked_labels)),
    allows_transcode INTEGER NOT NULL DEFAULT 1 CHECK (allows_transcode IN (0, 1)),
    allows_download  INTEGER NOT NULL DEFAULT 1 CHECK (allows_download IN (0, 1)),
    max_streams      INTEGER,
    max_bitrate      INTEGER,                                     -- bits/s
    schedule         TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(schedule))
) STRICT, WITHOUT ROWID;

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

CREATE TABLE saved_nfo (
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    field   TEXT    NOT NULL,
    value   TEXT    NOT NULL,                          -- JSON; null where the file did not speak of it
    PRIMARY KEY (item_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_problem (
    library_id TEXT    NOT NULL REFERENCES library (library_id) ON DELETE CASCADE,
    path       TEXT    NOT NULL,                       -- absolute, for a person to read
    step       TEXT    NOT NULL CHECK (step IN ('walk', 'match')),
    code       TEXT    NOT NULL,
    sentence   TEXT    NOT NULL,
    scan_id    INTEGER NOT NULL,
    PRIMARY KEY (library_id, path)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE search_gram (
    gram    TEXT    NOT NULL,
    letters INTEGER NOT NULL,                          -- length of the word
    word_id INTEGER NOT NULL,
    PRIMARY KEY (gram, letters, word_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_title (
    key     TEXT    NOT NULL,
    item_id INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
    PRIMARY KEY (key, item_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX search_title_item ON search_title (item_id);

CREATE TABLE search_word (
    word_id INTEGER PRIMARY KEY,
    word    TEXT    NOT NULL UNIQUE
) STRICT;

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
, parent_session_id TEXT, elevated_until_at INTEGER, needs_sync_reset INTEGER NOT NULL DEFAULT 0, provider_sid TEXT) STRICT;

CREATE INDEX session_parent ON session (parent_session_id) WHERE parent_session_id IS NOT NULL;

CREATE INDEX session_provider ON session (provider_sid) WHERE provider_sid IS NOT NULL;

CREATE INDEX session_user ON session (user_id) WHERE revoked_at IS NULL;

CREATE TABLE setting (
    key        TEXT PRIMARY KEY,
    value      TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE share (
    share_id            TEXT PRIMARY KEY,
    origin              TEXT    NOT NULL DEFAULT 'share' CHECK (origin IN
        ('share', 'photo_link', 'album_user', 'partner', 'library_access', 'invite', 'system')),
    owner_id            TEXT    NOT NULL,
    created_by          TEXT    NOT NULL,
    parent_share_id     TEXT REFERENCES share (share_id) ON DELETE CASCADE,
    target_type         TEXT    NOT NULL CHECK (target_type IN
        ('media', 'media_set', 'collection', 'folder', 'library', 'tag', 'saved_search', 'clip', 'heap', 'block',
         'user_library')),
    target_id           TEXT    NOT NULL,                         -- media_set: own id; user_library: the owner's user id
    recipient_type      TEXT    NOT NULL CHECK (recipient_type IN ('user', 'group', 'public_link')),
    recipient_id        TEXT,                                     -- user id; the household's id for 'group'
    permissions         INTEGER NOT NULL CHECK (permissions BETWEEN 1 AND 255 AND permissions & 1),
    inherit_to_children INTEGER NOT NULL DEFAULT 1,
    token               TEXT UNIQUE,
    slug                TEXT COLLATE NOCASE UNIQUE,
    password_hash       TEXT,
    require_login       INTEGER NOT NULL DEFAULT 0,
    max_accesses        INTEGER CHECK (max_accesses IS NULL OR max_accesses > 0),
    note                TEXT,
    label               TEXT,
    notify_on_access    INTEGER NOT NULL DEFAULT 1,
    expires_at          INTEGER,                                  -- all times: ms since 1970 UTC
    expiry_stage        INTEGER NOT NULL DEFAULT 0,               -- 0 none, 1 warned, 2 expiry handled
    access_count        INTEGER NOT NULL DEFAULT 0,
    last_accessed_at    INTEGER,
    epoch               INTEGER NOT NULL DEFAULT 1,               -- bumped by anything that must end open sessions
    create_id           TEXT,                                     -- UUIDv7 for photo sync: album members, partners
    update_id           TEXT,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    revoked_at          INTEGER,
    revoked_by          TEXT,
    revoke_reason       TEXT, is_suspended INTEGER NOT NULL DEFAULT 0, secret_changed_at INTEGER, last_title TEXT,
    CHECK ((recipient_type = 'public_link') = (recipient_id IS NULL)),
    CHECK ((recipient_type = 'public_link') = (token IS NOT NULL)),
    CHECK (recipient_type = 'public_link' OR
        (slug IS NULL AND password_hash IS NULL AND max_accesses IS NULL AND require_login = 0))
) STRICT;

CREATE TABLE share_activity (
    share_activity_id INTEGER PRIMARY KEY AUTOINCREMENT,
    share_id          TEXT    NOT NULL REFERENCES share (share_id) ON DELETE CASCADE,
    happened_at       INTEGER NOT NULL,
    action            TEXT    NOT NULL,
    actor_id          TEXT,
    actor_ip          TEXT,
    ip_group          TEXT,                                       -- IPv4 address, or the /64 of an IPv6 address
    user_agent        TEXT,
    details           TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(details))
) STRICT;

CREATE INDEX share_activity_age ON share_activity (action, happened_at);

CREATE INDEX share_activity_list ON share_activity (share_id, happened_at DESC, share_activity_id DESC);

CREATE INDEX share_activity_throttle ON share_activity (share_id, action, ip_group, happened_at);

CREATE INDEX share_by_creator ON share (created_by, created_at DESC) WHERE revoked_at IS NULL;

CREATE INDEX share_by_expiry ON share (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL;

CREATE INDEX share_by_parent ON share (parent_share_id) WHERE parent_share_id IS NOT NULL;

CREATE INDEX share_by_recipient ON share (recipient_type, recipient_id, target_type) WHERE revoked_at IS NULL;

CREATE INDEX share_by_target ON share (target_type, target_id) WHERE revoked_at IS NULL;

CREATE TRIGGER share_ended_told AFTER UPDATE OF revoked_at ON share
WHEN new.revoked_at IS NOT NULL AND old.revoked_at IS NULL AND new.recipient_type = 'user'
 AND new.target_type IN ('collection', 'user_library')
 AND NOT EXISTS (SELECT 1 FROM share
                  WHERE share.target_type = new.target_type AND share.target_id = new.target_id
                    AND share.recipient_id = new.recipient_id AND share.revoked_at IS NULL) BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 2 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp - 1, 'album', new.recipient_id, json_object('albumId', new.target_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'collection'
     UNION ALL
    SELECT last_stamp, 'album_user', new.target_id, json_object('albumId', new.target_id, 'userId', new.recipient_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'collection'
     UNION ALL
    SELECT last_stamp - 1, 'partner', new.recipient_id,
           json_object('sharedById', new.target_id, 'sharedWithId', new.recipient_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'user_library'
     UNION ALL
    SELECT last_stamp, 'partner', new.target_id,
           json_object('sharedById', new.target_id, 'sharedWithId', new.recipient_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock WHERE new.target_type = 'user_library';
END;

CREATE TRIGGER share_hidden_first_reset AFTER INSERT ON share_member_state WHEN new.hidden BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND user_id = new.user_id
       AND EXISTS (SELECT 1 FROM share
                    WHERE share.share_id = new.share_id AND share.target_type IN ('collection', 'user_library'));
END;

CREATE TRIGGER share_hidden_reset AFTER UPDATE OF hidden ON share_member_state WHEN new.hidden <> old.hidden BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND user_id = new.user_id
       AND EXISTS (SELECT 1 FROM share
                    WHERE share.share_id = new.share_id AND share.target_type IN ('collection', 'user_library'));
END;

CREATE TABLE share_item (                                         -- media_set only
    share_id TEXT    NOT NULL REFERENCES share (share_id) ON DELETE CASCADE,
    media_id TEXT    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (share_id, media_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX share_item_media ON share_item (media_id);

CREATE TABLE share_member_state (                                 -- what one recipient decided for himself
    share_id    TEXT    NOT NULL REFERENCES share (share_id) ON DELETE CASCADE,
    user_id     TEXT    NOT NULL,
    hidden      INTEGER NOT NULL DEFAULT 0,
    in_timeline INTEGER NOT NULL DEFAULT 0,
    seen_at     INTEGER,
    PRIMARY KEY (share_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX share_one_grant ON share (created_by, target_type, target_id, recipient_type, recipient_id)
 WHERE revoked_at IS NULL AND recipient_id IS NOT NULL;

CREATE INDEX share_revoked ON share (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TRIGGER share_secret_changed AFTER UPDATE OF password_hash, token ON share
WHEN OLD.password_hash IS NOT NEW.password_hash OR OLD.token IS NOT NEW.token
BEGIN
    UPDATE share SET secret_changed_at = NEW.updated_at WHERE share_id = NEW.share_id;
END;

CREATE VIEW share_standing AS
SELECT share.share_id, share.origin, share.owner_id, share.created_by, share.parent_share_id, share.target_type,
       share.target_id, share.recipient_type, share.recipient_id, share.inherit_to_children, share.expires_at,
       min(coalesce(share.expires_at, 1 << 62), coalesce(giver.expires_at, 1 << 62),
           coalesce(first.expires_at, 1 << 62)) AS ends_at,
       share.permissions & CASE
           WHEN share.parent_share_id IS NULL THEN
               CASE WHEN share.origin IN ('system', 'library_access', 'invite')
                      OR (maker.state = 'active'
                          AND (share.created_by = share.owner_id
                               OR (maker.is_admin AND share.owner_id = (SELECT household_id FROM household))))
                    THEN 255 ELSE 0 END
           WHEN maker.state IS NOT 'active' OR giver.revoked_at IS NOT NULL OR NOT giver.permissions & 64 THEN 0
           WHEN giver.parent_share_id IS NULL THEN giver.permissions &
               CASE WHEN giver.origin IN ('system', 'library_access', 'invite')
                      OR (passer.state = 'active'
                          AND (giver.created_by = giver.owner_id
                               OR (passer.is_admin AND giver.owner_id = (SELECT household_id FROM household))))
                    THEN 255 ELSE 0 END
           WHEN passer.state IS NOT 'active' OR first.revoked_at IS NOT NULL OR NOT first.permissions & 64
                OR first.parent_share_id IS NOT NULL THEN 0
           ELSE giver.permissions & first.permissions &
               CASE WHEN first.origin IN ('system', 'library_access', 'invite')
                      OR (beginner.state = 'active'
                          AND (first.created_by = first.owner_id
                               OR (beginner.is_admin AND first.owner_id = (SELECT household_id FROM household))))
                    THEN 255 ELSE 0 END
           END AS bits
  FROM share
  LEFT JOIN share AS giver ON giver.share_id = share.parent_share_id
  LEFT JOIN share AS first ON first.share_id = giver.parent_share_id
  LEFT JOIN user AS maker ON maker.user_id = share.created_by
  LEFT JOIN user AS passer ON passer.user_id = giver.created_by
  LEFT JOIN user AS beginner ON beginner.user_id = first.created_by
 WHERE share.revoked_at IS NULL;

CREATE TRIGGER share_told_reset AFTER UPDATE OF permissions, expiry_stage ON share
WHEN new.recipient_type <> 'public_link' AND new.target_type IN ('collection', 'user_library')
 AND ((new.permissions & 128) <> (old.permissions & 128) OR (new.expiry_stage = 2) <> (old.expiry_stage = 2)) BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND (new.recipient_type = 'group' OR user_id = new.recipient_id);
END;

CREATE TABLE sidecar (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    of_file_id INTEGER REFERENCES file (file_id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('subtitle', 'nfo', 'xmp', 'image')),
    language   TEXT,
    title      TEXT,
    flags      TEXT NOT NULL DEFAULT ''                -- forced default sdh, blank between
) STRICT;

CREATE INDEX sidecar_of ON sidecar (of_file_id);

CREATE TABLE sitting (
    sitting_id   INTEGER PRIMARY KEY,
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    identity_key TEXT    NOT NULL,
    title        TEXT    NOT NULL,                     -- what is said when the title is gone
    device_type  TEXT    NOT NULL,                     -- of the sign-in that began it; '' when nobody knows
    device_os    TEXT    NOT NULL,
    started_at   INTEGER NOT NULL,
    told_at      INTEGER NOT NULL,                     -- when the player reported last
    is_playing   INTEGER NOT NULL,                     -- by that report
    watched_ms   INTEGER NOT NULL DEFAULT 0,           -- how long it played, by the clock
    offset_ms    INTEGER NOT NULL,                     -- how far it came
    duration_ms  INTEGER,
    is_finished  INTEGER NOT NULL DEFAULT 0            -- it came to what counts as the end
) STRICT;

CREATE INDEX sitting_of ON sitting (user_id, identity_key, told_at);

CREATE INDEX sitting_told ON sitting (told_at);

CREATE TABLE sqlite_sequence(name,seq);

CREATE TABLE stack (
    stack_id         TEXT PRIMARY KEY,
    owner_id         TEXT    NOT NULL REFERENCES user (user_id),
    primary_photo_id TEXT    NOT NULL REFERENCES photo (photo_id) ON DELETE CASCADE,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    stamp            INTEGER NOT NULL
) STRICT;

CREATE TRIGGER stack_gone_told AFTER DELETE ON stack BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'stack', old.owner_id, json_object('stackId', old.stack_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TABLE sync_ack (
    session_id TEXT NOT NULL REFERENCES session (session_id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,                                     -- of entity, as the photo API names them
    ack        TEXT NOT NULL,
    acked_at   INTEGER NOT NULL,
    PRIMARY KEY (session_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
    tag_id     TEXT PRIMARY KEY,
    owner_id   TEXT    NOT NULL REFERENCES user (user_id),
    value      TEXT    NOT NULL,                                  -- whole: "Places/Rome"
    parent_id  TEXT REFERENCES tag (tag_id) ON DELETE CASCADE,
    color      TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (owner_id, value)
) STRICT;

CREATE INDEX tag_parent ON tag (parent_id) WHERE parent_id IS NOT NULL;

CREATE TRIGGER tag_resaid AFTER UPDATE OF value ON tag BEGIN
    INSERT INTO photo_unindexed (photo_id)
    SELECT photo_tag.photo_id FROM photo_tag WHERE photo_tag.tag_id = new.tag_id
        ON CONFLICT DO NOTHING;
END;

CREATE TABLE trickplay (
    file_id     INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    size_bytes  INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    form        INTEGER NOT NULL,                      -- of the sheets; what was made in an older one is made anew
    state       TEXT    NOT NULL CHECK (state IN ('wanted', 'made', 'failed', 'dropped')),
    layout      BLOB,                                  -- msgpack of media.trickplay.Layout, when made
    sheet_bytes INTEGER NOT NULL DEFAULT 0,            -- of all sheets together
    problem     TEXT,                                  -- why it failed: a code
    sentence    TEXT,                                  -- the same for people
    made_at     INTEGER NOT NULL,
    used_at     INTEGER NOT NULL,
    wanted_at   INTEGER                                -- when somebody asked for them in vain
) STRICT;

CREATE INDEX trickplay_used ON trickplay (used_at) WHERE state = 'made';

CREATE INDEX trickplay_wanted ON trickplay (wanted_at) WHERE wanted_at IS NOT NULL;

CREATE TABLE upload (
    heap_id     TEXT    NOT NULL REFERENCES heap (heap_id) ON DELETE CASCADE,
    block_id    TEXT    NOT NULL,
    hash        TEXT    NOT NULL,
    user_id     TEXT    NOT NULL REFERENCES user (user_id),
    size_bytes  INTEGER NOT NULL,
    chunk_size  INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    modified_at INTEGER NOT NULL,
    status      TEXT    NOT NULL CHECK (status IN ('uploading', 'verifying', 'failed')),
    part        TEXT    NOT NULL UNIQUE,                          -- its file in the staging folder
    error       TEXT,
    created_at  INTEGER NOT NULL,
    touched_at  INTEGER NOT NULL,
    PRIMARY KEY (heap_id, block_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_by_age ON upload (touched_at);

CREATE TABLE upload_chunk (
    part       TEXT    NOT NULL REFERENCES upload (part) ON DELETE CASCADE,
    idx        INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256     TEXT,                                              -- where the sender told it
    PRIMARY KEY (part, idx)
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_of_user ON upload (user_id, status);

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
, phone TEXT, pin_hash TEXT, pending_for TEXT, quota_bytes INTEGER, used_bytes INTEGER NOT NULL DEFAULT 0, storage_label TEXT, avatar_color TEXT, avatar_changed_at INTEGER, must_change_password INTEGER NOT NULL DEFAULT 0, is_onboarded INTEGER NOT NULL DEFAULT 0, updated_at INTEGER, removed_at INTEGER, purge_at INTEGER, purged_at INTEGER, is_email_verified INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TRIGGER user_account_marked
AFTER UPDATE OF is_admin, pin_hash, storage_label, quota_bytes, used_bytes ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'account';
END;

CREATE UNIQUE INDEX user_email ON user (email) WHERE state <> 'removed' AND email IS NOT NULL;

CREATE TABLE user_identity (
    issuer    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    user_id   TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    linked_at INTEGER NOT NULL, email TEXT, last_used_at INTEGER,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_identity_user ON user_identity (user_id);

CREATE TABLE user_key (
    public_key   TEXT PRIMARY KEY,                                -- base58
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    label        TEXT    NOT NULL DEFAULT '',                     -- the e-mail address its owner named, a hint alone
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX user_key_user ON user_key (user_id);

CREATE TABLE user_mark (
    user_id TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    kind    TEXT    NOT NULL CHECK (kind IN ('public', 'account', 'preferences', 'onboarding')),
    stamp   INTEGER NOT NULL,
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER user_marked AFTER INSERT ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO user_mark (user_id, kind, stamp)
    SELECT new.user_id, kinds.value, change_clock.last_stamp
      FROM json_each('["public", "account", "preferences", "onboarding"]') AS kinds, change_clock;
END;

CREATE TRIGGER user_onboarding_marked AFTER UPDATE OF is_onboarded ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind = 'onboarding';
END;

CREATE UNIQUE INDEX user_phone ON user (phone) WHERE state <> 'removed' AND phone IS NOT NULL;

CREATE TRIGGER user_public_marked
AFTER UPDATE OF username, email, display_name, avatar_color, avatar_changed_at, state, removed_at ON user BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    UPDATE user_mark SET stamp = (SELECT last_stamp FROM change_clock)
     WHERE user_id = new.user_id AND kind IN ('public', 'account');
END;

CREATE INDEX user_purge ON user (purge_at) WHERE purge_at IS NOT NULL;

CREATE TRIGGER user_purged_told AFTER UPDATE OF purged_at ON user
WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    UPDATE change_clock SET last_stamp = last_stamp + 1 WHERE only = 1;
    INSERT INTO photo_tombstone (stamp, kind, user_id, ids, deleted_at)
    SELECT last_stamp, 'user', '', json_object('userId', new.user_id),
           CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
      FROM change_clock;
END;

CREATE TRIGGER user_shared_reset AFTER UPDATE OF state ON user WHEN new.state <> old.state BEGIN
    UPDATE session SET needs_sync_reset = 1
     WHERE revoked_at IS NULL AND user_id IN (
        SELECT share.recipient_id FROM share
         WHERE share.owner_id = new.user_id AND share.recipient_type = 'user' AND share.revoked_at IS NULL);
END;

CREATE UNIQUE INDEX user_username ON user (username_key) WHERE state <> 'removed';

CREATE TABLE video_look (
    file_id    INTEGER PRIMARY KEY REFERENCES file (file_id) ON DELETE CASCADE,
    size_bytes INTEGER NOT NULL,                                  -- of the file, as mtime_ns
    mtime_ns   INTEGER NOT NULL,
    pipeline   INTEGER NOT NULL,                                  -- version of the maker: older ones are looked at anew
    outcome    TEXT    NOT NULL CHECK (outcome IN ('as_is', 'made', 'failed')),
    code       TEXT,                                              -- of what failed, why
    problem    TEXT,                                              -- the same as a sentence
    looked_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX video_look_failed ON video_look (file_id) WHERE outcome = 'failed';

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
    tracks         TEXT, version TEXT,                               -- JSON {audio, subtitle, forcedOnly}; of a show on its own identity
    PRIMARY KEY (user_id, identity_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX watch_state_recent ON watch_state (user_id, last_viewed_at DESC);

CREATE TABLE watchlist_entry (
    user_id      TEXT    NOT NULL REFERENCES user (user_id) ON DELETE CASCADE,
    identity_key TEXT    NOT NULL,
    added_at     INTEGER NOT NULL,
    PRIMARY KEY (user_id, identity_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX watchlist_newest ON watchlist_entry (user_id, added_at DESC);
